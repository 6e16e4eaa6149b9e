package filegdb

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"greenshield/geo"
	"greenshield/geo/format"
)

// split cuts a row into its cells without copying: first a bit for each nullable field that has no value, then the
// values in the order of the fields; FGDB Spec, section "Row description".
func (t *table) split(b []byte) ([][]byte, *geo.Problem) {
	c := &cursor{rest: b}
	null := c.take((t.nullable + 7) / 8)
	cells := make([][]byte, len(t.fields))
	bit := 0
	for i := range t.fields {
		f := &t.fields[i]
		absent := false
		if f.nullable {
			absent = !c.bad && null[bit/8]>>(bit%8)&1 != 0
			bit++
		}
		if !absent {
			cells[i] = f.cell(c)
		}
		if c.bad {
			return nil, rowDamaged(f.name)
		}
	}
	return cells, nil
}

func (f *field) cell(c *cursor) []byte {
	if n := fixed[f.kind]; n > 0 {
		return c.take(n)
	}
	if f.inRow > 0 {
		return c.take(f.inRow)
	}
	return c.take(int(min(c.varuint(), math.MaxInt32)))
}

// value is the value of a cell as its column's kind has it. Nothing is rounded or cut.
func (t *table) value(f *field, cell []byte, maxText int) (any, *geo.Problem) {
	if cell == nil {
		return nil, nil
	}
	switch f.kind {
	case typeInt16:
		return int64(int16(binary.LittleEndian.Uint16(cell))), nil
	case typeInt32:
		return int64(int32(binary.LittleEndian.Uint32(cell))), nil
	case typeInt64:
		return int64(binary.LittleEndian.Uint64(cell)), nil
	case typeFloat32:
		return f.number(float64(math.Float32frombits(binary.LittleEndian.Uint32(cell))))
	case typeFloat64:
		return f.number(float(cell))
	case typeGUID, typeGlobalID:
		return guid(cell), nil
	case typeText, typeXML:
		return t.text(f, cell, maxText)
	}
	return f.moment(cell)
}

func float(cell []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(cell)) }

func (f *field) bad(value string) *geo.Problem {
	return geo.NewProblem("ingest.field.bad-value", "field", f.name, "value", value)
}

func (f *field) number(v float64) (any, *geo.Problem) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, f.bad(fmt.Sprint(v))
	}
	return v, nil
}

// text decodes UTF-8, or UTF-16 where the layer says so.
func (t *table) text(f *field, cell []byte, most int) (any, *geo.Problem) {
	if len(cell) > 2*most || t.utf8 && len(cell) > most { // two bytes of UTF-16 make at least one of UTF-8
		return nil, tooLong(f, most)
	}
	if t.utf8 {
		if !utf8.Valid(cell) {
			return nil, f.bad(brief(string(cell)))
		}
		return string(cell), nil
	}
	s, err := decode16(cell)
	if err != nil {
		return nil, f.bad(brief(s))
	}
	if len(s) > most {
		return nil, tooLong(f, most)
	}
	return s, nil
}

func tooLong(f *field, most int) *geo.Problem {
	return geo.NewProblem("ingest.field.too-long", "field", f.name, "limit", most)
}

// brief shows a bad value in a sentence without letting it fill the page.
func brief(s string) string {
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return string(r)
}

// guid is the form in which Esri writes identifiers: the first three groups are little-endian.
func guid(b []byte) string {
	return fmt.Sprintf("{%08X-%04X-%04X-%04X-%012X}", binary.LittleEndian.Uint32(b),
		binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:16])
}

// epoch is day 0 of dates.
var epoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// moment writes a point in time, stored in days: "2006-01-02" at midnight, "2006-01-02 15:04:05" otherwise, with
// thousandths where there are any. Times of day are parts of a day.
func (f *field) moment(cell []byte) (any, *geo.Problem) {
	const firstDay, lastDay, dayMillis = -693_593, 2_958_466, 86_400_000 // of the years 1 and 10000
	days := float(cell)
	if !(days >= firstDay && days < lastDay) {
		return nil, f.bad(fmt.Sprint(days))
	}
	millis := int64(math.Round(days * dayMillis))
	at := epoch.AddDate(0, 0, int(floorDiv(millis, dayMillis))).
		Add(time.Duration(millis-floorDiv(millis, dayMillis)*dayMillis) * time.Millisecond)
	clock := "15:04:05"
	if millis%1000 != 0 {
		clock += ".000"
	}
	switch {
	case f.kind == typeTime:
		return at.Format(clock), nil
	case f.kind == typeDate || millis%dayMillis == 0:
		return at.Format(time.DateOnly), nil
	}
	return at.Format("2006-01-02 " + clock), nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// columns are the attribute columns, with the index of each one's field and a note for what is left out.
func (t *table) columns() (columns []format.Field, at []int, notes []*geo.Problem) {
	for i := range t.fields {
		column, kind, ok := t.fields[i].column()
		switch {
		case ok:
			columns, at = append(columns, column), append(at, i)
		case kind != "geometry":
			notes = append(notes, geo.NewProblem("ingest.filegdb.column-left-out", "column", column.Name, "type", kind))
		}
	}
	return columns, at, notes
}
