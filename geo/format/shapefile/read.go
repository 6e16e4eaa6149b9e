package shapefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
)

// dataset is an open shapefile.
type dataset struct {
	file   string
	limits format.Limits
	files  []*os.File
	shp    *window
	header mainHeader
	end    int64   // of the records when they follow one another
	shx    *window // set when the records are found by the .shx instead
	dbf    *dbfTable
	schema format.Schema
	rows   format.Notes // what was decided about shapes while ranging
}

// Schema says what the shapefile is. A note about the winding of rings is in it only after the records were ranged
// over, because only then they are looked at.
func (d *dataset) Schema() format.Schema {
	s := d.schema
	s.Notes = append(s.Notes[:len(s.Notes):len(s.Notes)], d.rows.Problems()...)
	return s
}

// Close releases the files.
func (d *dataset) Close() error {
	var errs []error
	for _, f := range d.files {
		errs = append(errs, f.Close())
	}
	d.files = nil
	return errors.Join(errs...)
}

// Records yields the shapes with their attributes in file order; rows that the .dbf marks deleted are left out,
// as Open has noted.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		d.rows = format.Notes{}
		next := int64(mainHeaderSize)
		for row := int64(1); row <= d.schema.Count; row++ {
			if row%chunk == 1 && ctx.Err() != nil {
				yield(format.Record{}, ctx.Err())
				return
			}
			p, err := d.place(row, next)
			if err != nil {
				yield(format.Record{}, d.broken(row, next, err))
				return
			}
			next = p.offset + p.length
			r, deleted, err := d.record(row, p)
			if err != nil {
				yield(format.Record{}, d.broken(row, p.offset, err))
				return
			}
			if deleted {
				continue
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// place finds the record of a row; next is where the one before ended.
func (d *dataset) place(row, next int64) (place, error) {
	if d.shx != nil {
		return d.indexed(d.shx, row-1)
	}
	p, _, err := d.recordAt(next, d.end)
	return p, err
}

// broken is for a file that changed or failed under the reader: Open had found all records in place.
func (d *dataset) broken(row, offset int64, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return geo.NewProblem("ingest.shp.truncated", "file", d.file, "row", row, "offset", offset)
	}
	return fmt.Errorf("read %s row %d: %w", d.file, row, err)
}

func (d *dataset) record(row int64, p place) (r format.Record, deleted bool, err error) {
	r = format.Record{Row: row, Values: []any{}}
	if d.dbf != nil {
		r.Values, r.Problem, deleted, err = d.values(row)
		if err != nil || deleted {
			return r, deleted, err
		}
	}
	g, problem, err := d.geometry(row, p)
	if err != nil {
		return r, false, err
	}
	r.Geometry = g
	if problem != nil {
		r.Problem = problem
	}
	return r, false, nil
}

// geometry reads the shape of a row. What is wrong inside a record is the row's problem, because its length tells
// where the next one begins.
func (d *dataset) geometry(row int64, p place) (orb.Geometry, *geo.Problem, error) {
	// 16 bytes for x and y, up to 16 for z and m, at most 4 for a part of one vertex, and the head.
	if p.length/36 > d.limits.MaxVertices+2 {
		return nil, geo.NewProblem("ingest.geometry.too-many-vertices", "limit", d.limits.MaxVertices), nil
	}
	content, err := d.shp.at(p.offset, int(p.length))
	if err != nil {
		return nil, nil, err
	}
	g, turned, problem := decodeShape(content, d.limits.MaxVertices)
	if turned {
		d.rows.Add(row, "ingest.shp.ring-orientation")
	}
	return g, problem, nil
}
