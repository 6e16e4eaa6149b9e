// Package parceltxt reads and writes the coordinate exchange file of land-use approvals in China: a text of keys,
// and per parcel a header line and its boundary points, northing before easting. It knows the habits of the programs
// that write it: encodings, wrong counts, ring numbers that mean nothing, exchanged axes, bad closing points; what it
// decides is a note. It refuses to guess a datum or a zone, and transforms nothing.
package parceltxt

import (
	"context"
	"io"
	"iter"
	"math"
	"strconv"

	"greenshield/geo/format"
	"greenshield/geo/format/charset"
)

// Options for opening a file; the zero value is right for nearly all.
type Options struct {
	// Encoding overrules the character encoding that the bytes suggest ("UTF-8", "GBK"); empty means look.
	Encoding string
	Limits   format.Limits
}

// dataset holds the parcels; a file of them is small, and the limits bound it.
type dataset struct {
	schema  format.Schema
	parcels []parcel
}

// Open reads the file at path.
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	return format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		return Read(ctx, name, r, size, o)
	})
}

// Read is Open for a text of size bytes that is not a file. The name becomes the schema's. Nothing is read from r
// afterwards.
func Read(ctx context.Context, name string, r io.ReaderAt, size int64, o Options) (format.Dataset, error) {
	encoding, err := charset.Choose(ctx, r, size, o.Encoding)
	if err != nil {
		return nil, err
	}
	notes := &format.Notes{}
	if encoding == charset.UTF16LE || encoding == charset.UTF16BE {
		notes.Add(0, "ingest.file.decoded", "encoding", string(encoding))
	}
	p := &parser{words: loadWords(), limits: o.Limits.WithDefaults(), notes: notes}
	if err := p.read(ctx, charset.Reader(r, size, encoding)); err != nil {
		return nil, err
	}
	return p.dataset(format.Schema{Format: "parceltxt", Name: name, Encoding: string(encoding)}), nil
}

func (p *parser) dataset(s format.Schema) *dataset {
	d := &dataset{}
	numbers := map[string]bool{}
	extra := 0
	for i, draft := range p.drafts {
		row := int64(i + 1)
		o := p.finish(draft, row)
		d.parcels = append(d.parcels, o)
		extra = max(extra, len(o.header.values)-atExtra)
		if n := o.header.values[atNumber]; n != "" && numbers[n] {
			p.notes.Add(row, "ingest.txt.number-repeated", "number", clip(n))
		} else {
			numbers[n] = true
		}
		p.drafts[i] = nil
	}
	p.system(d.parcels, &s)
	s.Fields = p.words.fields(extra)
	s.Count = int64(len(d.parcels))
	s.Notes = p.notes.Problems()
	d.schema = s
	return d
}

// columns are the attributes of a parcel in the order of the fields, by their place in the header line.
func columns() []int { return []int{atNumber, atName, atSheet, atUse, atClass, atArea} }

func (w words) fields(extra int) []format.Field {
	fields := []format.Field{
		{Name: w.word("field.number")},
		{Name: w.word("field.name")},
		{Name: w.word("field.sheet")},
		{Name: w.word("field.use")},
		{Name: w.word("field.class")},
		{Name: w.word("field.area"), Kind: format.Real, Decimals: 4},
	}
	for i := range extra {
		fields = append(fields, format.Field{Name: w.word("field.extra") + strconv.Itoa(i+1)})
	}
	return fields
}

// value is the attribute of a field, nil when the header line leaves it empty.
func (h parcelHeader) value(field int) any {
	place := field - len(columns()) + atExtra
	if field < len(columns()) {
		place = columns()[field]
	}
	switch {
	case place == atArea && !math.IsNaN(h.hectares):
		return h.hectares
	case place == atArea || place >= len(h.values) || h.values[place] == "":
		return nil
	}
	return h.values[place]
}

// Schema implements format.Dataset.
func (d *dataset) Schema() format.Schema { return d.schema }

// Records implements format.Dataset: one record per parcel, numbered from 1.
func (d *dataset) Records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for i, o := range d.parcels {
			if err := ctx.Err(); err != nil {
				yield(format.Record{}, err)
				return
			}
			if !yield(o.record(int64(i+1), d.schema.Fields), nil) {
				return
			}
		}
	}
}

// Close implements format.Dataset; nothing is open.
func (d *dataset) Close() error { return nil }
