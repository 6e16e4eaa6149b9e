package geopackage

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"unicode/utf8"

	"greenshield/geo"
	"greenshield/geo/format"
)

// column says where a value is in the rows of a table.
type column struct {
	at   int  // counted from 0, the row id included
	real bool // whole numbers, which SQLite stores short, are numbers with a fraction here
}

// rowReader makes records out of rows as they are stored, section 2.1.
type rowReader struct {
	dataset  *dataset
	columns  []column // geometry, then the fields
	defaults bool     // a value that a row has not got may be another than NULL
	spans    []span   // of the columns up to the last that is wanted
	texts    texts
}

// span is a value's serial type and where it is in the row.
type span struct {
	kind     uint64
	from, to int
}

func newRowReader(d *dataset, l layout) *rowReader {
	r := newLayoutReader(l)
	r.dataset = d
	return r
}

// newLayoutReader makes a reader that is only asked where values are and what they say.
func newLayoutReader(l layout) *rowReader {
	last := 0
	for _, c := range l.columns {
		last = max(last, c.at)
	}
	return &rowReader{
		columns: l.columns, defaults: l.defaults, spans: make([]span, last+1),
		texts: texts{seed: maphash.MakeSeed()},
	}
}

// record reads row number n.
func (r *rowReader) record(n int64, p *payload) (format.Record, error) {
	if err := r.locate(p); err != nil {
		return format.Record{}, err
	}
	fields := r.dataset.schema.Fields
	rec := format.Record{Row: n, Values: make([]any, len(fields))}
	c, err := r.cell(r.columns[0], p)
	if err != nil {
		return format.Record{}, err
	}
	rec.Geometry, rec.Problem = r.dataset.geometry(c)
	for i, f := range fields {
		c, err := r.cell(r.columns[i+1], p)
		if err != nil {
			return format.Record{}, err
		}
		v, ok := r.value(f.Kind, c)
		if ok {
			rec.Values[i] = v
		} else if rec.Problem == nil {
			rec.Problem = badValue(f, c.plain())
		}
	}
	return rec, nil
}

// locate finds the columns in a row: after the length of the row's header come the serial types, then the values in
// the same order. A row made before a column was added ends before it.
func (r *rowReader) locate(p *payload) error {
	if err := p.need(min(p.size, 9)); err != nil {
		return err
	}
	length, at := varint(p.have)
	if at == 0 || length > uint64(p.size) || length < uint64(at) {
		return errOdd
	}
	if err := p.need(int(length)); err != nil {
		return err
	}
	header, value, found := p.have[:length], int(length), 0
	for ; found < len(r.spans) && at < len(header); found++ {
		kind, n := varint(header[at:])
		size := serialSize(kind)
		if n == 0 || size > uint64(p.size-value) {
			return errOdd
		}
		r.spans[found] = span{kind: kind, from: value, to: value + int(size)}
		at, value = at+n, value+int(size)
	}
	if at == len(header) && value != p.size || found < len(r.spans) && r.defaults {
		return errOdd
	}
	clear(r.spans[found:]) // NULL
	return nil
}

// serialSize is the number of bytes of a value, the table of section 2.1; more than any row has for the two types
// that SQLite keeps to itself.
func serialSize(kind uint64) uint64 {
	sizes := [12]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, math.MaxUint64, math.MaxUint64}
	if kind < uint64(len(sizes)) {
		return sizes[kind]
	}
	return (kind - 12) / 2
}

// class is what kind of value a cell holds.
type class int

const (
	null class = iota
	whole
	fraction
	characters
	octets
)

// cell is a value of a row as SQLite hands it out. Its bytes are those of the page and not to be kept.
type cell struct {
	class class
	n     int64
	f     float64
	bytes []byte
}

// cell reads a column's value.
func (r *rowReader) cell(c column, p *payload) (cell, error) {
	s := r.spans[c.at]
	if err := p.need(s.to); err != nil {
		return cell{}, err
	}
	b := p.have[s.from:s.to]
	switch {
	case s.kind == 0:
		return cell{}, nil
	case s.kind == 7:
		f := math.Float64frombits(binary.BigEndian.Uint64(b))
		if f != f {
			return cell{}, nil // SQLite has no word for NaN but NULL
		}
		return cell{class: fraction, f: f}, nil
	case s.kind >= 12 && s.kind%2 == 0:
		return cell{class: octets, bytes: b}, nil
	case s.kind >= 12:
		return cell{class: characters, bytes: b}, nil
	}
	n := wholeNumber(s.kind, b)
	if c.real {
		return cell{class: fraction, f: float64(n)}, nil
	}
	return cell{class: whole, n: n}, nil
}

// wholeNumber reads a number in two's complement, its highest byte first; types 8 and 9 are 0 and 1 and have no bytes.
func wholeNumber(kind uint64, b []byte) int64 {
	if kind >= 8 {
		return int64(kind - 8)
	}
	n := int64(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int64(c)
	}
	return n
}

// cellOf makes a cell of a geometry column out of what the database driver gives; of numbers and text only that they
// are no blob.
func cellOf(v any) cell {
	switch v := v.(type) {
	case nil:
		return cell{}
	case []byte:
		return cell{class: octets, bytes: v}
	}
	return cell{class: characters}
}

// plain is the value as the database driver would give it.
func (c cell) plain() any {
	switch c.class {
	case whole:
		return c.n
	case fraction:
		return c.f
	case characters:
		return string(c.bytes)
	case octets:
		return append([]byte(nil), c.bytes...)
	}
	return nil
}

// value is what function value makes of a cell; what nearly all cells are takes no detour.
func (r *rowReader) value(k format.Kind, c cell) (any, bool) {
	switch {
	case c.class == null:
		return nil, true
	case c.class == characters && k == format.Text:
		if len(c.bytes) > r.dataset.limits.MaxText || !utf8.Valid(c.bytes) {
			return nil, false
		}
		return r.texts.of(c.bytes), true
	case c.class == characters && k == format.Date:
		return value(k, r.texts.of(c.bytes), 0)
	case c.class == whole && k == format.Integer:
		return c.n, true
	case c.class == fraction && k == format.Real:
		return c.f, !math.IsInf(c.f, 0) // NaN is NULL by now
	}
	return value(k, c.plain(), r.dataset.limits.MaxText)
}

func badValue(f format.Field, v any) *geo.Problem {
	return geo.NewProblem("ingest.field.bad-value", "field", f.Name, "value", brief(v))
}

// texts remembers short texts, because most columns say the same few words over and over (names of land uses, codes of
// districts), which then take no memory again.
type texts struct {
	seed  maphash.Seed
	known [1024]any // strings, each where its hash says; a new one takes the place of the old
}

func (t *texts) of(b []byte) any {
	const short = 64
	if len(b) > short {
		return string(b)
	}
	place := &t.known[maphash.Bytes(t.seed, b)%uint64(len(t.known))]
	if s, ok := (*place).(string); ok && s == string(b) {
		return *place
	}
	*place = string(b)
	return *place
}
