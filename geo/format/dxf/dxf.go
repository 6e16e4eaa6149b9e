// Package dxf reads drawings in ASCII DXF of AutoCAD R12 to 2018 (Autodesk, DXF Reference): closed polylines as
// polygons, open ones and single lines as lines, with layer, handle, colour, elevation and extended data. It reads
// entity by entity, twice: once to count and note, once for the rows. Blocks, texts, points, circles and all else are
// counted in a note and left out; rings are not sorted into holes, because a drawing does not say what is one. It knows
// no reference system, since DXF names none, and refuses binary DXF and DWG.
package dxf

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/charset"
)

// Options for opening a file; the zero value is right for nearly all.
type Options struct {
	// Encoding overrules what the drawing declares and what its bytes suggest ("UTF-8", "GBK"); empty means look.
	Encoding string
	Limits   format.Limits
}

// dataset is an opened file and what the first pass learnt.
type dataset struct {
	file     io.ReaderAt
	size     int64
	encoding charset.Encoding
	limits   format.Limits
	layers   map[string]layer
	schema   format.Schema
}

// The marks of the relatives of ASCII DXF.
const (
	binaryMark = "AutoCAD Binary DXF"
	dwgMark    = "AC10" // and two digits: the version of the drawing
)

// Looks tells whether the beginning of a file, as bytes, is that of a DXF or DWG drawing of any kind.
func Looks(head string) bool {
	return strings.HasPrefix(head, binaryMark) || isDWG(head) || isASCII(head)
}

func isDWG(head string) bool {
	return strings.HasPrefix(head, dwgMark) && len(head) > 6 && strings.ContainsRune(head[6:min(len(head), 32)], 0)
}

// isASCII tells whether the first pair that is no comment (group 999) opens a section.
func isASCII(head string) bool {
	rest := strings.TrimPrefix(head, "\ufeff")
	for {
		var code, value string
		code, rest, _ = strings.Cut(rest, "\n")
		value, rest, _ = strings.Cut(rest, "\n")
		switch code, value = strings.TrimSpace(code), strings.TrimSpace(value); {
		case code == "999":
		case code == "0":
			return value == "SECTION" || value == "EOF"
		default:
			return false
		}
	}
}

// Open reads the file once, so that a broken one is refused here, and is ready to yield its rows. Errors are problems
// "ingest.dxf.…" and "ingest.file.encoding…".
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	return format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		return Read(ctx, name, r, size, o)
	})
}

// Read is Open for a drawing of size bytes that is not a file. The name becomes the schema's.
func Read(ctx context.Context, name string, file io.ReaderAt, size int64, o Options) (format.Dataset, error) {
	if err := relatives(file, size); err != nil {
		return nil, err
	}
	d := &dataset{file: file, size: size, limits: o.Limits.WithDefaults(), layers: map[string]layer{}}
	head, err := d.header(ctx)
	if err != nil {
		return nil, err
	}
	if d.encoding, err = encodingOf(ctx, file, size, head, o.Encoding); err != nil {
		return nil, err
	}
	r := d.pass(ctx)
	r.learn = true
	if d.encoding != charset.UTF8 {
		r.notes.Add(0, "ingest.file.decoded", "encoding", string(d.encoding))
	}
	if head.units != "" && head.units != unitless && head.units != metres {
		r.notes.Add(0, "ingest.dxf.units", "units", clip(head.units))
	}
	if err := r.document(); err != nil {
		return nil, err
	}
	r.conclude()
	d.schema = format.Schema{
		Format: "dxf", Name: name, Encoding: string(d.encoding), Fields: fields(), Count: r.row, Notes: r.notes.Problems(),
	}
	return d, nil
}

// relatives refuses what is not text, with what to do about it.
func relatives(file io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 64))
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case strings.HasPrefix(string(head), binaryMark):
		return geo.NewProblem("ingest.dxf.binary")
	case isDWG(string(head)):
		return geo.NewProblem("ingest.dxf.dwg", "version", string(head[:6]))
	}
	return nil
}

func (d *dataset) pass(ctx context.Context) *reader {
	text := charset.Reader(d.file, d.size, d.encoding)
	return &reader{
		pairs: newPairs(ctx, text, d.limits.MaxText), limits: d.limits, layers: d.layers, notes: &format.Notes{},
		others: map[string]int64{}, bounds: map[string][]bound{},
	}
}

// Schema implements format.Dataset.
func (d *dataset) Schema() format.Schema { return d.schema }

// Records implements format.Dataset: one record per polyline or line, numbered from 1.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		r := d.pass(ctx)
		r.out = func(rec format.Record) bool { return yield(rec, nil) }
		if err := r.document(); err != nil && !errors.Is(err, errStopped) {
			yield(format.Record{}, err)
		}
	}
}

// Close implements format.Dataset; the file is closed by who opened it.
func (d *dataset) Close() error { return nil }
