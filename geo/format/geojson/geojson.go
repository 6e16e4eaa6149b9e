// Package geojson reads and writes GeoJSON: RFC 7946, the "crs" member of 2008, single features and geometries, and
// features one per line. It reads feature by feature through a small buffer, so that memory does not grow with the
// file, and twice: once to learn the columns, once for the rows. It knows JSON and geometry types; it refuses to
// transform, to close rings or to repair anything, and it refuses TopoJSON and Esri JSON, which only look alike.
package geojson

import (
	"context"
	"errors"
	"io"
	"iter"

	"greenshield/geo/format"
	"greenshield/geo/format/charset"
)

// Options for opening a file; the zero value is right for nearly all.
type Options struct {
	// Encoding overrules the character encoding that the bytes suggest ("UTF-8", "GBK"); empty means look.
	Encoding string
	Limits   format.Limits
}

// dataset is an opened file: where it is and what the first pass learnt.
type dataset struct {
	file     io.ReaderAt
	size     int64
	encoding charset.Encoding
	limits   format.Limits
	columns  *columns
	schema   format.Schema
}

// Open reads the file once, so that a file with broken JSON is refused here, and is ready to yield its features.
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	return format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		return Read(ctx, name, r, size, o)
	})
}

// Read is Open for a document of size bytes that is not a file. The name becomes the schema's.
func Read(ctx context.Context, name string, file io.ReaderAt, size int64, o Options) (format.Dataset, error) {
	d := &dataset{file: file, size: size, limits: o.Limits.WithDefaults(), columns: newColumns()}
	var err error
	if d.encoding, err = charset.Choose(ctx, file, size, o.Encoding); err != nil {
		return nil, err
	}
	notes := &format.Notes{}
	if d.encoding != charset.UTF8 {
		notes.Add(0, "ingest.file.decoded", "encoding", string(d.encoding))
	}
	r := d.pass(ctx, notes)
	r.learn = true
	if err := r.document(); err != nil {
		return nil, err
	}
	d.schema = format.Schema{Format: "geojson", Name: name, Encoding: string(d.encoding), Count: r.rows}
	d.schema.Fields = d.columns.close()
	d.schema.Notes = notes.Problems()
	r.system.describe(r.roots, &d.schema)
	return d, nil
}

func (d *dataset) pass(ctx context.Context, notes *format.Notes) *reader {
	text := charset.Reader(d.file, d.size, d.encoding)
	return &reader{scanner: newScanner(ctx, text), limits: d.limits, columns: d.columns, notes: notes}
}

// Schema implements format.Dataset.
func (d *dataset) Schema() format.Schema { return d.schema }

// Records implements format.Dataset: one record per feature, numbered from 1.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		r := d.pass(ctx, &format.Notes{})
		r.out = func(rec format.Record) bool { return yield(rec, nil) }
		d.columns.rewind()
		if err := r.document(); err != nil && !errors.Is(err, errStopped) {
			yield(format.Record{}, err)
		}
	}
}

// Close implements format.Dataset; the file is closed by who opened it.
func (d *dataset) Close() error { return nil }
