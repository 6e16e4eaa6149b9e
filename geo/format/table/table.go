// Package table reads tables of geometries, CSV files and the sheets of XLSX workbooks, and writes CSV. It knows two
// shapes of table: a geometry in every row, as WKT or as a point, and the lists of boundary points that survey offices
// keep, northing before easting, whose rows together make parcels. It finds the head of the columns below a title block
// and tells numbers from codes. It refuses to guess a reference system, takes no axis for another because of its
// numbers, runs no macro, follows no link and computes no formula: a cell holds what was last saved in it. Lines reads a
// table that has no geometries, for those who know what its columns mean.
package table

import (
	"context"
	"io"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/charset"
)

// Options for opening a table; the zero value is right for nearly all.
type Options struct {
	// Encoding overrules the character encoding that the bytes of a CSV file suggest ("UTF-8", "GBK"); empty means
	// look.
	Encoding string
	// Layer picks a sheet of a workbook by its name; empty means the only one that holds geometries.
	Layer  string
	Limits format.Limits
}

// lookSize is how much of a CSV file is looked at for its delimiter.
const lookSize = 64 << 10

// Open reads the CSV file at path. A row that is wrong by itself is a record with a problem; errors are
// "ingest.table.no-geometry" (no column is known to hold coordinates), "ingest.table.empty",
// "ingest.table.too-many-rows", "-points" and "-columns", "-row-too-long", "ingest.csv.quote" and those of package charset.
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	return format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		return Read(ctx, name, r, size, o)
	})
}

// Read is Open for a CSV text of size bytes that is not a file. The name becomes the schema's; r is read until Close.
func Read(ctx context.Context, name string, r io.ReaderAt, size int64, o Options) (format.Dataset, error) {
	s, err := openText(ctx, r, size, o)
	if err != nil {
		return nil, err
	}
	notes := &format.Notes{}
	if s.encoding != charset.UTF8 {
		notes.Add(0, "ingest.file.decoded", "encoding", string(s.encoding))
	}
	return dataset(ctx, s, format.Schema{Format: "csv", Name: name, Encoding: string(s.encoding)}, o, notes)
}

// dataset reads the head of a table and then, by its shape, all of its points or the kinds of its columns.
func dataset(
	ctx context.Context, s source, schema format.Schema, o Options, notes *format.Notes,
) (format.Dataset, error) {
	rows, numbers, err := firstRows(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, geo.NewProblem("ingest.table.empty", "name", schema.Name)
	}
	c, i := findHead(rows)
	if c.shape == noShape {
		return nil, geo.NewProblem("ingest.table.no-geometry", "name", schema.Name, "found", clip(strings.Join(rows[0], " ")))
	}
	limits := o.Limits.WithDefaults()
	if c.shape == boundary {
		p := newPointList(c, limits, notes)
		if err := p.gather(ctx, s, numbers[i]); err != nil {
			return nil, err
		}
		if len(p.parcels) == 0 {
			return nil, geo.NewProblem("ingest.table.empty", "name", schema.Name)
		}
		s.tell(notes)
		return p.dataset(schema), nil
	}
	if c.shape == pointRow {
		notes.Add(0, "ingest.table.read-as-points")
	}
	d := &rowSet{schema: schema, source: s, columns: c, head: numbers[i], limits: limits}
	if err := d.survey(ctx, notes); err != nil {
		return nil, err
	}
	return d, nil
}
