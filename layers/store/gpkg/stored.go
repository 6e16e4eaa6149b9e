package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"sync"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

// A whole vintage is read from the pages of its table: one goroutine walks over them, all processors take rows apart, and
// whoever asked gets the features in order. What is laid out in a way that geopackage.StoredTable does not know is read by
// SQL, from the row on where it was seen; so the answer is the same.

// snapshot calls f with a connection in a read transaction: all that f reads is of one moment, whatever others write.
func (s *Store) snapshot(ctx context.Context, f func(*sql.Conn) error) error {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return problem(ctx, s.path, err)
	}
	defer conn.Close()
	// Not BeginTx: the data source asks for IMMEDIATE, which is for writers.
	if _, err := conn.ExecContext(ctx, `BEGIN DEFERRED`); err != nil {
		return problem(ctx, s.path, err)
	}
	err = f(conn)
	if _, e := conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`); e != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // nobody else gets it with the transaction
	}
	return err
}

// settled is the file when it holds all that an open snapshot sees and will do so until that ends; nil when pages of it may
// be in the write-ahead log.
//
// The snapshot was begun before. So when all of the log has been copied into the file now, what the snapshot sees is in it;
// and a checkpoint copies nothing that is newer than what somebody reads (walCheckpoint in SQLite's wal.c: mxSafeFrame stops
// at the marks of readers, and one who reads no log at all keeps every checkpoint from the file). Without a log a reader
// keeps writers from the file.
func (s *Store) settled(ctx context.Context) io.ReaderAt {
	if s.readOnly {
		return nil
	}
	if _, all, err := s.foldLog(ctx); err != nil || !all {
		return nil
	}
	file, err := s.file.open()
	if err != nil || file == nil {
		return nil
	}
	return file
}

// batch is rows that follow each other, and the features that they are.
type batch struct {
	rows     []byte
	ends     []int // of each row in rows
	ids      []int64
	features []layers.Feature
	odd      error         // why there are fewer features than rows
	done     chan struct{} // closed when the features are there
}

// A batch is taken apart when it has so many rows or bytes.
const (
	batchRows  = 512
	batchBytes = 512 << 10
)

func (b *batch) reset() {
	b.rows, b.ends, b.ids, b.features = b.rows[:0], b.ends[:0], b.ids[:0], b.features[:0]
	b.odd, b.done = nil, make(chan struct{})
}

func (b *batch) full() bool { return len(b.ids) == batchRows || len(b.rows) >= batchBytes }

func (b *batch) add(id int64, record []byte) {
	b.rows = append(b.rows, record...)
	b.ends = append(b.ends, len(b.rows))
	b.ids = append(b.ids, id)
}

// takeApart fills in the features, up to the first row that SQL has to judge.
func (b *batch) takeApart(r *storedReader) {
	defer close(b.done)
	from := 0
	for i, id := range b.ids {
		f, err := r.read(id, b.rows[from:b.ends[i]])
		if err != nil {
			b.odd = err
			return
		}
		b.features = append(b.features, f)
		from = b.ends[i]
	}
}

// pipeline takes batches from the pages to the reader.
type pipeline struct {
	table   *geopackage.StoredTable
	todo    chan *batch // for whoever has time
	ordered chan *batch // the same, for the reader
	spare   chan *batch // done with
	failed  error       // why the pages ended early; there once ordered is closed
}

// eachStored yields the features of a vintage, and gives the number of the last; the least there is before any. The error wraps geopackage.ErrOdd when the
// rows after it have to be read by SQL, and is errLeft when nothing more may be yielded.
func (s *Store) eachStored(
	ctx context.Context, conn *sql.Conn, row vintageRow, yield func(layers.Feature, error) bool,
) (last int64, err error) {
	last = math.MinInt64
	query := "SELECT " + featureColumns(row) + " FROM " + geopackage.Quote(row.table) + " ORDER BY " + geopackage.IDColumn
	table, err := geopackage.OpenStored(ctx, conn, row.table, query, ownColumns+len(row.vintage.Fields), s.settled(ctx))
	if err != nil {
		return last, err
	}
	workers := runtime.GOMAXPROCS(0)
	p := pipeline{
		table: table, todo: make(chan *batch, 2*workers), ordered: make(chan *batch, 2*workers),
		spare: make(chan *batch, 4*workers),
	}
	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	running.Go(func() { p.walk(ctx) })
	for range workers {
		running.Go(func() {
			r := &storedReader{RowReader: table.Reader(), fields: row.vintage.Fields}
			for b := range p.todo {
				b.takeApart(r)
			}
		})
	}
	return p.deliver(ctx, last, yield)
}

// errLeft says that whoever ranges over the features has left.
var errLeft = errors.New("left by the reader")

// deliver yields the features of the batches in their order.
func (p *pipeline) deliver(
	ctx context.Context, last int64, yield func(layers.Feature, error) bool,
) (int64, error) {
	for b := range p.ordered {
		select {
		case <-b.done:
		case <-ctx.Done():
			return last, ctx.Err()
		}
		for i := range b.features {
			if err := ctx.Err(); err != nil {
				return last, err
			}
			if !yield(b.features[i], nil) {
				return last, errLeft
			}
			last = b.features[i].ID
		}
		if b.odd != nil {
			return last, b.odd
		}
		select {
		case p.spare <- b:
		default:
		}
	}
	return last, p.failed
}

// walk makes batches of the rows until there are no more or ctx ends.
func (p *pipeline) walk(ctx context.Context) {
	defer close(p.ordered)
	defer close(p.todo)
	b := p.fresh()
	p.failed = p.table.Each(ctx, func(id int64, record []byte) error {
		if b.add(id, record); !b.full() {
			return nil
		}
		full := b
		b = p.fresh()
		return p.hand(ctx, full)
	})
	if err := p.hand(ctx, b); p.failed == nil {
		p.failed = err
	}
}

func (p *pipeline) fresh() *batch {
	var b *batch
	select {
	case b = <-p.spare:
	default:
		b = new(batch)
	}
	b.reset()
	return b
}

// hand gives a batch to the workers and to the reader, who waits until it is done.
func (p *pipeline) hand(ctx context.Context, b *batch) error {
	for _, to := range [...]chan<- *batch{p.todo, p.ordered} {
		select {
		case to <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// storedReader makes features of rows as they are stored. It belongs to one goroutine.
type storedReader struct {
	*geopackage.RowReader
	fields []format.Field
}

// The places of our own columns among featureColumns; the delivered ones follow.
const (
	atGeometry = iota
	atArea
	atLength
	atHash
	atRoles
	ownColumns
)

// read wraps geopackage.ErrOdd for whatever is not as a draft writes it.
func (r *storedReader) read(id int64, record []byte) (layers.Feature, error) {
	f := layers.Feature{ID: id}
	if err := r.Use(record); err != nil {
		return f, err
	}
	blob := r.Bytes(atGeometry)
	area, isArea := r.Number(atArea)
	length, isLength := r.Number(atLength)
	hash := r.Bytes(atHash)
	if blob == nil || !isArea || !isLength || len(hash) != hex.EncodedLen(len(f.Hash)) {
		return f, fmt.Errorf("feature %d: %w", id, geopackage.ErrOdd)
	}
	var err error
	f.Area, f.Length = geo.Area(area), geo.Length(length)
	if f.Geometry, err = geopackage.DecodeGeometry(blob); err != nil {
		return f, fmt.Errorf("feature %d: %w: %w", id, geopackage.ErrOdd, err)
	}
	if _, err := hex.Decode(f.Hash[:], hash); err != nil {
		return f, fmt.Errorf("feature %d: %w: %w", id, geopackage.ErrOdd, err)
	}
	if f.Roles, err = readRoles(r.Bytes(atRoles), r.Text); err != nil {
		return f, fmt.Errorf("feature %d: %w: %w", id, geopackage.ErrOdd, err)
	}
	f.Values = make([]any, len(r.fields))
	for i := range f.Values {
		f.Values[i] = delivered(r.fields[i].Kind, r.Value(ownColumns+i))
	}
	return f, nil
}
