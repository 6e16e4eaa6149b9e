package ingest

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
)

// examined is a row and what came of looking at its geometry.
type examined struct {
	kept
	bound   *orb.Bound
	problem *geo.Problem
	// stranger is set when the numbers cannot be in the system.
	stranger bool
}

// A batch ends after so many rows or vertices: enough that handing it over costs nothing beside the work in it, and few
// enough that all batches under way take little memory.
const (
	batchRows     = 256
	batchVertices = 1 << 16
)

// batch is a run of rows, examined by one worker. The error, of reading, comes after the rows.
type batch struct {
	rows []examined
	err  error
	done chan struct{} // closed when the rows are examined
}

// examined yields all rows in file order, examined. One goroutine reads, as many as there are processors examine,
// and the caller takes what is ready in the order in which it was read: so the result is that of doing one row
// after the other, whatever the number of workers, and an import is as quick as the slowest of the three. All have
// ended when the range has. No more batches are under way than workers and two.
func (r *reader) examined(ctx context.Context) iter.Seq2[examined, error] {
	return func(yield func(examined, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var all sync.WaitGroup
		defer all.Wait()
		defer cancel()
		workers := r.request.Workers
		if workers < 1 {
			workers = runtime.GOMAXPROCS(0)
		}
		inOrder, work := make(chan *batch, workers), make(chan *batch)
		all.Go(func() { r.readBatches(ctx, inOrder, work) })
		for range workers {
			all.Go(func() { r.work(work) })
		}
		for b := range inOrder {
			<-b.done
			for i := range b.rows {
				if !yield(b.rows[i], nil) {
					return
				}
			}
			if b.err != nil {
				yield(examined{}, b.err)
				return
			}
		}
		// A context that ended has stopped the reading as well, and what was not read must not look like the end.
		if err := ctx.Err(); err != nil {
			yield(examined{}, err)
		}
	}
}

// readBatches reads the rows until the file or the context ends. Every batch that is handed out in order is also worked
// on, so that nobody waits for one in vain.
func (r *reader) readBatches(ctx context.Context, inOrder, work chan<- *batch) {
	defer close(work)
	defer close(inOrder)
	send := func(b *batch) bool {
		select {
		case work <- b:
		case <-ctx.Done():
			return false
		}
		select {
		case inOrder <- b:
			return true
		case <-ctx.Done():
			return false
		}
	}
	b, held := newBatch(), 0
	for rec, err := range r.data.Records(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			b.err = err
			break
		}
		b.rows = append(b.rows, examined{kept: kept{row: rec.Row, record: rec}})
		held += corners(rec.Geometry)
		if len(b.rows) == batchRows || held > batchVertices {
			if !send(b) {
				return
			}
			b, held = newBatch(), 0
		}
	}
	send(b)
}

func newBatch() *batch {
	return &batch{rows: make([]examined, 0, batchRows), done: make(chan struct{})}
}

// corners counts the vertices of polygons and lines without looking at them.
func corners(g orb.Geometry) int {
	n := 0
	switch g := g.(type) {
	case orb.LineString:
		n = len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	case orb.Polygon:
		for _, ring := range g {
			n += len(ring)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += corners(p)
		}
	case orb.Collection:
		for _, m := range g {
			n += corners(m)
		}
	}
	return n
}

// work examines batches until there are no more.
func (r *reader) work(batches <-chan *batch) {
	var hasher *layers.Hasher
	if r.theme != codes.Parcel {
		hasher = layers.NewHasher(r.fields)
	}
	for b := range batches {
		for i := range b.rows {
			b.rows[i] = r.examine(b.rows[i].record)
			if k := &b.rows[i]; k.problem == nil && hasher != nil {
				k.hash = hasher.Feature(k.feature())
				if r.inPlane {
					k.legal = ellipsoid.MultiPolygonToPlane(k.geometry)
				}
			}
		}
		close(b.done)
	}
}

// examine takes one row through all that concerns its geometry. It changes nothing but what it returns.
func (r *reader) examine(rec format.Record) examined {
	e := examined{kept: kept{row: rec.Row, record: rec}}
	if rec.Problem != nil {
		e.bound, e.problem = r.place(rec.Geometry), rec.Problem
		return e
	}
	g, p := r.accepts.normal(rec.Geometry)
	if p != nil {
		e.bound, e.problem = r.place(rec.Geometry), p
		return e
	}
	if r.request.AxesExchanged {
		g = exchanged(g)
	}
	e.measured, e.bound, e.problem = measure(g, r.settled.of(g), r.request.Repair)
	e.stranger = e.problem != nil && e.bound == nil
	return e
}
