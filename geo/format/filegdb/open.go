package filegdb

import (
	"context"
	"errors"
	"iter"
	"slices"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// Options say how a file geodatabase is opened; the zero value takes the only feature class there is, with the
// default limits.
type Options struct {
	// Layer is the feature class to read; empty means the only one.
	Layer  string
	Limits format.Limits
	// Name is what the geodatabase is called in messages; empty means the name of its folder.
	Name string
}

// noSystem is what stands for a reference system where there is none.
const noSystem = "{B286C06B-0879-11D2-AACA-00C04FA33C20}"

// dataset is one feature class.
type dataset struct {
	table  *table
	limits format.Limits
	schema format.Schema
	shape  int   // index of the geometry among the fields
	at     []int // that of each attribute
	rows   format.Notes
}

// Open opens one feature class of the geodatabase whose folder is dir. It reads only, and takes no lock. Errors that
// a person can mend are "ingest.file.several-layers", "ingest.file.layer-unknown", "ingest.file.too-many-rows" and
// "ingest.filegdb.…".
func Open(ctx context.Context, dir string, o Options) (format.Dataset, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	if o.Name != "" {
		f.name = o.Name
	}
	c, err := f.choose(ctx, o.Layer)
	if err != nil {
		return nil, err
	}
	t, err := f.table(c.number, c.name)
	if err != nil {
		return nil, err
	}
	d := &dataset{table: t, limits: o.Limits.WithDefaults()}
	if err := d.describe(ctx); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return d, nil
}

// describe fills in the schema.
func (d *dataset) describe(ctx context.Context) error {
	t := d.table
	if t.version == 3 {
		return t.folder.problem("ingest.filegdb.version-9")
	}
	d.shape = slices.IndexFunc(t.fields, func(f field) bool { return f.kind == typeGeometry })
	if d.shape < 0 || !t.fields[d.shape].grid.valid() {
		return t.damaged("geometry column")
	}
	d.schema = format.Schema{Format: "filegdb", Name: t.name, Encoding: "UTF-16"}
	if t.utf8 {
		d.schema.Encoding = "UTF-8"
	}
	d.schema.Fields, d.at, d.schema.Notes = t.columns()
	if text := t.fields[d.shape].wkt; text != "" && text != noSystem {
		d.schema.DeclaredText = text
		d.schema.Declare(crs.FromWKT(text))
	}
	return d.count(ctx)
}

// count goes through the offsets, as they and not the stated number decide what is read.
func (d *dataset) count(ctx context.Context) error {
	n, err := d.table.count(ctx)
	if err != nil {
		return err
	}
	d.schema.Count = n
	if n > d.limits.MaxRecords {
		return d.table.folder.problem("ingest.file.too-many-rows", "rows", n, "limit", d.limits.MaxRecords)
	}
	if stated := d.table.stated; stated != n {
		d.schema.Notes = append(d.schema.Notes,
			geo.NewProblem("ingest.filegdb.count-differs", "stated", stated, "found", n))
	}
	return nil
}

// Schema says what the feature class is. A note about the winding of rings is in it only after the records were
// ranged over, because only then they are looked at.
func (d *dataset) Schema() format.Schema {
	s := d.schema
	s.Notes = append(slices.Clip(s.Notes), d.rows.Problems()...)
	return s
}

// Close releases the files.
func (d *dataset) Close() error { return d.table.close() }

// errStop ends a pass over the rows because nobody wants more.
var errStop = errors.New("stop")

// Records yields the rows in order of their object ids, which are the row numbers: deleted rows leave gaps in them,
// and it is by them that staff find a feature in their own program.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		d.rows = format.Notes{}
		most := d.longestRow()
		err := d.table.each(ctx, func(id, offset int64) error {
			cells, p, err := d.table.row(offset, most)
			if err != nil {
				return err
			}
			if !yield(d.record(id, cells, p), nil) {
				return errStop
			}
			return nil
		})
		if err != nil && err != errStop {
			yield(format.Record{}, err)
		}
	}
}

// longestRow is the size of a row that keeps all limits: a vertex has up to four numbers of ten bytes.
func (d *dataset) longestRow() int64 {
	const vertex, other = 40, 1 << 20
	row := int64(d.limits.MaxText)*2*int64(len(d.table.fields)) + other
	if d.limits.MaxVertices > (1<<31)/vertex {
		return 1 << 31
	}
	return min(row+vertex*d.limits.MaxVertices, 1<<31)
}

func (d *dataset) record(id int64, cells [][]byte, p *geo.Problem) format.Record {
	r := format.Record{Row: id, Values: make([]any, len(d.at)), Problem: p}
	if p != nil {
		return r
	}
	for i, k := range d.at {
		v, p := d.table.value(&d.table.fields[k], cells[k], d.limits.MaxText)
		if p != nil && r.Problem == nil {
			r.Problem = p
		}
		r.Values[i] = v
	}
	if cells[d.shape] == nil {
		return r
	}
	shape, turned, p := decodeGeometry(cells[d.shape], d.table.fields[d.shape].grid, d.limits.MaxVertices)
	if turned {
		d.rows.Add(id, "ingest.filegdb.ring-orientation")
	}
	r.Geometry = shape
	if p != nil {
		r.Problem = p
	}
	return r
}
