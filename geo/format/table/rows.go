package table

import (
	"context"
	"errors"
	"iter"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// parcelSet holds the parcels of a list of boundary points; the limits bound it.
type parcelSet struct {
	schema  format.Schema
	records []format.Record
}

// Schema implements format.Dataset.
func (d *parcelSet) Schema() format.Schema { return d.schema }

// Records implements format.Dataset: one record per parcel, numbered from 1.
func (d *parcelSet) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for _, r := range d.records {
			if err := ctx.Err(); err != nil {
				yield(format.Record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Close implements format.Dataset; nothing is open.
func (d *parcelSet) Close() error { return nil }

// rowSet is a table with a geometry in every row; its rows are read anew by every range.
type rowSet struct {
	schema  format.Schema
	source  source
	columns columns
	head    int64
	limits  format.Limits
	attrs   []int // columns that are attributes, parallel to the schema's fields
}

// Schema implements format.Dataset.
func (d *rowSet) Schema() format.Schema { return d.schema }

// Close implements format.Dataset; the file is closed by who opened it.
func (d *rowSet) Close() error { return nil }

// Records implements format.Dataset. Rows are numbered behind the head of the columns, from 1.
func (d *rowSet) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		row := int64(0)
		err := d.source.each(ctx, func(n int64, cells []string) error {
			if n <= d.head {
				return nil
			}
			row++
			if !yield(d.record(row, cells), nil) {
				return errStop
			}
			return nil
		})
		if err != nil {
			yield(format.Record{}, err)
		}
	}
}

func (d *rowSet) record(row int64, cells []string) format.Record {
	r := format.Record{Row: row, Values: make([]any, len(d.attrs))}
	for k, at := range d.attrs {
		if at >= len(cells) {
			continue
		}
		text := trim(cells[at])
		if len(text) > d.limits.MaxText {
			r.Problem = geo.NewProblem("ingest.table.text-too-long", "field", d.schema.Fields[k].Name, "limit", d.limits.MaxText)
			continue
		}
		r.Values[k] = valueOf(text, d.schema.Fields[k].Kind)
	}
	g, problem := d.geometry(cells)
	if problem != nil && r.Problem == nil {
		r.Problem = problem
	}
	if r.Problem == nil {
		r.Geometry = g
	}
	return r
}

func (d *rowSet) geometry(cells []string) (orb.Geometry, *geo.Problem) {
	if d.columns.shape == wktRows {
		text := d.columns.cell(cells, "wkt")
		if text == "" {
			return nil, nil
		}
		return parseWKT(text, d.limits.MaxVertices)
	}
	north, east := d.columns.axes()
	a, b := d.columns.cell(cells, north), d.columns.cell(cells, east)
	if a == "" && b == "" {
		return nil, nil
	}
	va, okA := number(a)
	vb, okB := number(b)
	if !okA || !okB {
		return nil, geo.NewProblem("ingest.table.coordinate", "a", clip(a), "b", clip(b))
	}
	return orb.Point{vb, va}, nil
}

// survey goes through all rows once: how many there are, and what their columns hold.
func (d *rowSet) survey(ctx context.Context, notes *format.Notes) error {
	d.choose()
	found := make([]kinds, len(d.attrs))
	var t title
	codes := map[string]bool{}
	err := d.source.each(ctx, func(n int64, cells []string) error {
		switch {
		case n < d.head:
			t.take(cells)
			return nil
		case n == d.head:
			return nil
		case d.schema.Count >= d.limits.MaxRecords:
			return geo.NewProblem("ingest.table.too-many-rows", "limit", d.limits.MaxRecords)
		case len(cells) > maxColumns && !blank(cells[maxColumns:]):
			return geo.NewProblem("ingest.table.too-many-columns", "row", n, "limit", maxColumns)
		}
		d.schema.Count++
		for k, at := range d.attrs {
			if at < len(cells) {
				found[k].see(trim(cells[at]))
			}
		}
		if d.columns.shape == wktRows {
			d.look(d.columns.cell(cells, "wkt"), codes, notes)
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.source.tell(notes)
	for k := range d.attrs {
		d.schema.Fields[k].Kind = found[k].kind()
	}
	t.declareRows(&d.schema, codes, d.columns)
	d.schema.Notes = notes.Problems()
	return nil
}

// look notes what a WKT says besides its places.
func (d *rowSet) look(wkt string, codes map[string]bool, notes *format.Notes) {
	if len(codes) < 3 {
		codes[sridOf(wkt)] = true
	}
	if tall(wkt) {
		notes.Add(d.schema.Count, "ingest.wkt.heights")
	}
}

// declareRows enters the system of the title block, else the one that every WKT is prefixed with.
func (t *title) declareRows(s *format.Schema, codes map[string]bool, c columns) {
	delete(codes, "")
	switch {
	case len(codes) > 1:
		s.DeclaredProblem = geo.NewProblem("ingest.table.srids-differ")
	case len(codes) == 1 && !t.declared:
		for code := range codes {
			s.DeclaredText = "SRID=" + code
			s.Declare(crs.Parse(code))
		}
	case c.shape == wktRows:
		if t.declared {
			s.DeclaredText = clip(t.lines[0])
			s.Declare(t.datum, t.systemErr)
		}
	default:
		_, east := c.axes()
		t.declare(s, 0, east == "longitude")
	}
}

// choose takes the columns that are attributes: all but the geometry. A column without a name has the number of its
// place for one.
func (d *rowSet) choose() {
	skip := map[int]bool{}
	north, east := d.columns.axes()
	taken := []string{north, east}
	if d.columns.shape == wktRows {
		taken = []string{"wkt"}
	}
	for _, m := range taken {
		if at, ok := d.columns.at[m]; ok {
			skip[at] = true
		}
	}
	for i, name := range d.columns.names {
		if skip[i] {
			continue
		}
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		d.attrs = append(d.attrs, i)
		d.schema.Fields = append(d.schema.Fields, format.Field{Name: name})
	}
}

// firstRows collects the first rows of a table.
func firstRows(ctx context.Context, s source) (rows [][]string, numbers []int64, err error) {
	err = s.each(ctx, func(n int64, cells []string) error {
		var own []string
		for _, c := range cells[:min(len(cells), maxColumns)] {
			own = append(own, c[:min(len(c), maxHead)])
		}
		rows, numbers = append(rows, own), append(numbers, n)
		if len(rows) == headRows {
			return errStop
		}
		return nil
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return rows, numbers, err
}

// maxHead is how much of a cell is looked at for the head of a table.
const maxHead = 256
