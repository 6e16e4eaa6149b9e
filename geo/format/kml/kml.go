// Package kml reads KML 2.0 to 2.3 and writes 2.2 (OGC 07-147r2 and 12-007r2): placemarks with points, lines, polygons
// and groups of them, their folders and their extended data. It reads placemark by placemark, coordinates straight
// from the bytes, so that memory does not grow with the file, and twice: once to learn the columns, once for the rows.
// It fetches nothing that a file refers to, knows no document types and no entities beyond those of XML, closes no rings and
// leaves out altitudes, tracks, models, overlays and styles; what is left out is a note.
package kml

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/charset"
)

// standard is what a schema shows as the source of the reference system: OGC 07-147r2 section 6.2 fixes WGS 84,
// longitude first.
const standard = "OGC 07-147r2 (KML): WGS 84"

// Options for opening a file; the zero value is right for nearly all.
type Options struct {
	// Encoding overrules what the file declares and what its bytes suggest ("UTF-8", "GBK"); empty means look.
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

var startTag = regexp.MustCompile(`<(?:[\w.-]+:)?kml[\s/>]`)

// Looks tells whether the beginning of a text, already decoded, is that of a KML document.
func Looks(head string) bool {
	return strings.HasPrefix(strings.TrimLeft(head, " \t\r\n"), "<") && startTag.MatchString(head)
}

// Open reads the file once, so that a file with broken XML is refused here, and is ready to yield its placemarks.
// Errors are problems "ingest.kml.…" and "ingest.file.encoding…"; the first unpacks no KMZ (see package open).
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	return format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		return Read(ctx, name, r, size, o)
	})
}

// Read is Open for a document of size bytes that is not a file. The name becomes the schema's.
func Read(ctx context.Context, name string, file io.ReaderAt, size int64, o Options) (format.Dataset, error) {
	d := &dataset{file: file, size: size, limits: o.Limits.WithDefaults(), columns: newColumns()}
	notes := &format.Notes{}
	var err error
	if d.encoding, err = encodingOf(ctx, file, size, o.Encoding); err != nil {
		return nil, err
	}
	if d.encoding != charset.UTF8 {
		notes.Add(0, "ingest.file.decoded", "encoding", string(d.encoding))
	}
	r := d.pass(ctx, notes)
	r.learn = true
	if err := r.document(); err != nil {
		return nil, err
	}
	d.schema = format.Schema{
		Format: "kml", Name: name, Encoding: string(d.encoding), DeclaredText: standard, Count: r.row,
		Fields: d.columns.close(notes), Notes: notes.Problems(),
	}
	d.schema.Declare(crs.FromEPSG(4326))
	return d, nil
}

func (d *dataset) pass(ctx context.Context, notes *format.Notes) *reader {
	// The limit of one piece of XML is above that of a value, so that a value that is too long spoils its row only.
	src := newSource(ctx, charset.Reader(d.file, d.size, d.encoding), maxRowText*int64(d.limits.MaxText)+chunk)
	r := &reader{source: src, limits: d.limits, columns: d.columns, notes: notes, dec: xml.NewDecoder(src)}
	// The text is UTF-8 by now, whatever the declaration says; encodingOf has compared them.
	r.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return r
}

// Schema implements format.Dataset.
func (d *dataset) Schema() format.Schema {
	s := d.schema
	s.Fields = append([]format.Field(nil), s.Fields...)
	s.Notes = append([]*geo.Problem(nil), s.Notes...)
	return s
}

// Records implements format.Dataset: one record per placemark, numbered from 1.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		r := d.pass(ctx, &format.Notes{})
		r.out = func(rec format.Record) bool { return yield(rec, nil) }
		if err := r.document(); err != nil && !errors.Is(err, errStopped) {
			yield(format.Record{}, err)
		}
	}
}

// Close implements format.Dataset; the file is closed by who opened it.
func (d *dataset) Close() error { return nil }
