// Package flatgeobuf reads FlatGeobuf, version 3 of its specification (flatgeobuf.org): header, spatial index, which
// is passed over, and features one by one. It knows points, lines and polygons and their collections; curves and
// surfaces in space are refused row by row. It trusts no size, offset or count of a file before it has been compared
// with the bytes that are there. It transforms and repairs nothing.
package flatgeobuf

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"math"

	"greenshield/geo"
	"greenshield/geo/format"
)

// Sizes of the parts of a file (FlatGeobuf specification, "Specification" and packedrtree).
const (
	magicSize = 8
	sizeSize  = 4
	nodeSize  = 40 // four doubles and an offset
	version   = 3
	maxHeader = 16 << 20
)

// maxRowText bounds all text of one feature together, in units of the limit for one value.
const maxRowText = 16

// Options for opening a file; the zero value is right for nearly all.
type Options struct {
	Limits format.Limits
}

// dataset is an opened file.
type dataset struct {
	file    io.ReaderAt
	size    int64
	start   int64 // of the first feature
	limits  format.Limits
	kind    uint8
	columns []column
	schema  format.Schema
}

// Looks tells whether a file that begins with head is FlatGeobuf of any version.
func Looks(head []byte) bool {
	return len(head) >= magicSize && string(head[:3]) == "fgb" && head[3] < ' '
}

// Open reads the header of the file at path. Errors are problems "ingest.fgb.…".
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	return format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		return Read(ctx, name, r, size, o)
	})
}

// Read is Open for size bytes that are not a file. The name becomes the schema's.
func Read(ctx context.Context, name string, file io.ReaderAt, size int64, o Options) (format.Dataset, error) {
	d := &dataset{file: file, size: size, limits: o.Limits.WithDefaults()}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	head := make([]byte, magicSize+sizeSize)
	if size < int64(len(head)) {
		return nil, geo.NewProblem("ingest.fgb.truncated", "row", 0)
	}
	if _, err := file.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if !Looks(head) {
		return nil, geo.NewProblem("ingest.fgb.damaged")
	}
	if head[3] != version {
		return nil, geo.NewProblem("ingest.fgb.version", "version", int(head[3]))
	}
	length := int64(binary.LittleEndian.Uint32(head[magicSize:]))
	switch {
	case string(head[4:7]) != "fgb" || length == 0 || length > maxHeader:
		return nil, geo.NewProblem("ingest.fgb.damaged")
	case length > size-int64(len(head)):
		return nil, geo.NewProblem("ingest.fgb.truncated", "row", 0)
	}
	body := make([]byte, length)
	if _, err := file.ReadAt(body, int64(len(head))); err != nil {
		return nil, err
	}
	d.start = int64(len(head)) + length
	d.schema = format.Schema{Format: "flatgeobuf", Name: name, Encoding: "UTF-8", Count: -1}
	if err := d.header(root(body)); err != nil {
		return nil, err
	}
	return d, nil
}

// index is the size in bytes of the spatial index over n features (packedrtree: levels of nodes, each node's
// children filling it, up to a single root); -1 when it exceeds most.
func index(n uint64, perNode uint16, most int64) int64 {
	if perNode == 0 || n == 0 {
		return 0
	}
	width := uint64(max(perNode, 2))
	nodes := uint64(0)
	for level := n; ; level = (level + width - 1) / width {
		if nodes += level; nodes > uint64(most)/nodeSize {
			return -1
		}
		if level == 1 && nodes > 1 { // a single feature has a root above it all the same
			return int64(nodes) * nodeSize
		}
	}
}

// Schema implements format.Dataset.
func (d *dataset) Schema() format.Schema { return d.schema }

// Records implements format.Dataset: one record per feature in the order of the file, numbered from 1.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		f := &features{
			dataset: d, in: bufio.NewReaderSize(io.NewSectionReader(d.file, d.start, d.size-d.start), 256<<10),
			left: d.size - d.start,
		}
		for {
			rec, err := f.next(ctx)
			if errors.Is(err, io.EOF) || !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// features is one pass over the features.
type features struct {
	*dataset
	in   *bufio.Reader
	left int64 // bytes that the file still has
	row  int64
	buf  []byte
}

// next reads one feature; io.EOF is the end.
func (f *features) next(ctx context.Context) (format.Record, error) {
	if err := ctx.Err(); err != nil {
		return format.Record{}, err
	}
	switch {
	case f.row == f.schema.Count && f.left > 0:
		return format.Record{}, geo.NewProblem("ingest.fgb.after-end", "count", f.schema.Count)
	case f.row == f.schema.Count, f.left == 0 && f.schema.Count < 0:
		return format.Record{}, io.EOF
	case f.left < sizeSize:
		return format.Record{}, geo.NewProblem("ingest.fgb.truncated", "row", f.row+1)
	}
	if f.row++; f.row > f.limits.MaxRecords {
		return format.Record{}, geo.NewProblem("ingest.fgb.too-many-records", "limit", f.limits.MaxRecords)
	}
	var prefix [sizeSize]byte
	if _, err := io.ReadFull(f.in, prefix[:]); err != nil {
		return format.Record{}, shorter(err)
	}
	size := int64(binary.LittleEndian.Uint32(prefix[:]))
	if f.left -= sizeSize; size > f.left {
		return format.Record{}, geo.NewProblem("ingest.fgb.truncated", "row", f.row)
	}
	f.left -= size
	rec := format.Record{Row: f.row, Values: make([]any, len(f.columns))}
	if size > f.largest() {
		rec.Problem = geo.NewProblem("ingest.fgb.too-large", "limit", f.largest())
		_, err := io.CopyN(io.Discard, f.in, size)
		return rec, shorter(err)
	}
	if int64(cap(f.buf)) < size {
		f.buf = make([]byte, size)
	}
	f.buf = f.buf[:size]
	if _, err := io.ReadFull(f.in, f.buf); err != nil {
		return format.Record{}, shorter(err)
	}
	f.feature(root(f.buf), &rec)
	return rec, nil
}

// shorter is the error for a file that has become shorter than it was: it must not look like the end.
func shorter(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return geo.NewProblem("ingest.file.changed")
	}
	return err
}

// largest is the size of the largest feature that is read into memory: with height and measure, a vertex has 32 bytes.
func (f *features) largest() int64 {
	const perVertex, rest = 32, 64 << 10
	most := int64(math.MaxUint32)
	if f.limits.MaxVertices < most/perVertex {
		most = f.limits.MaxVertices * perVertex
	}
	return min(most+maxRowText*int64(f.limits.MaxText)+rest, math.MaxUint32)
}

// Close implements format.Dataset; the file is closed by who opened it.
func (d *dataset) Close() error { return nil }
