package shapefile

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"greenshield/geo"
	"greenshield/geo/format"
)

// describeFields makes the schema's fields; their names are decoded and made different from one another.
func (d *dataset) describeFields() {
	taken := map[string]bool{}
	for i := range d.dbf.columns {
		c := &d.dbf.columns[i]
		name := c.shownName(d.dbf.text)
		if name == "" {
			name = fmt.Sprintf("field_%d", i+1)
		}
		kind, readable := kindOf(*c)
		c.field = -1
		if !readable {
			d.note("ingest.dbf.column-left-out", "column", name, "type", strconv.QuoteToASCII(string(rune(c.kind))))
			continue
		}
		unique := name
		for n := 2; taken[unique]; n++ {
			unique = fmt.Sprintf("%s_%d", name, n)
		}
		if unique != name {
			d.note("ingest.dbf.field-renamed", "column", name, "name", unique)
		}
		taken[unique] = true
		c.field = len(d.schema.Fields)
		d.schema.Fields = append(d.schema.Fields,
			format.Field{Name: unique, Kind: kind, Width: c.width, Decimals: c.decimals})
	}
}

// values reads the attributes of a row.
func (d *dataset) values(row int64) (values []any, p *geo.Problem, deleted bool, err error) {
	b, err := d.dbf.row(row)
	if err != nil {
		return nil, nil, false, err
	}
	values = make([]any, len(d.schema.Fields))
	if b[0] == deletedMark {
		return values, nil, true, nil
	}
	for _, c := range d.dbf.columns {
		if c.field < 0 {
			continue
		}
		name := d.schema.Fields[c.field].Name
		v, problem := d.value(c, name, b)
		if problem != nil && p == nil {
			p = problem
		}
		values[c.field] = v
	}
	return values, p, false, nil
}

// value reads one cell. Blank cells and those that a program filled with stars or an invalid number because the value
// did not fit are absent; anything else that cannot be read is the row's problem.
func (d *dataset) value(c dbfColumn, name string, b []byte) (any, *geo.Problem) {
	cell := b[c.offset : c.offset+c.width]
	switch c.kind {
	case 'I', '+', 'O', 'Y', '@', 'T':
		return binaryValue(c.kind, cell), nil
	case 'C':
		return d.textValue(c, name, b)
	}
	s := strings.Trim(string(cell), " \x00\t")
	var v any
	ok := false
	switch c.kind {
	case 'N', 'F':
		v, ok = number(s, d.schema.Fields[c.field].Kind)
	case 'L':
		v, ok = logical(s)
	case 'D':
		v, ok = date(s)
	}
	if !ok {
		return nil, badValue(name, s)
	}
	return v, nil
}

func badValue(name, s string) *geo.Problem {
	if r := []rune(strings.ToValidUTF8(s, "\uFFFD")); len(r) > 40 {
		s = string(r[:40]) + "…"
	} else {
		s = string(r)
	}
	return geo.NewProblem("ingest.field.bad-value", "field", name, "value", s)
}

// textValue decodes a text cell. A character cut in the middle where the field ends is dropped; Open has noted it.
func (d *dataset) textValue(c dbfColumn, name string, b []byte) (any, *geo.Problem) {
	cell, full := c.textOf(b)
	if len(cell) == 0 {
		return nil, nil
	}
	if len(cell) > d.limits.MaxText {
		return nil, geo.NewProblem("ingest.field.too-long", "field", name, "limit", d.limits.MaxText)
	}
	s, _, ok := d.dbf.text.decode(cell, full)
	if !ok {
		return nil, geo.NewProblem("ingest.dbf.text-undecodable", "field", name, "encoding", d.schema.Encoding)
	}
	if s == "" {
		return nil, nil
	}
	return s, nil
}

// number reads a decimal number. Windows programs write 1.#QNAN and the like for what is none.
func number(s string, k format.Kind) (any, bool) {
	if s == "" || strings.Trim(s, "*") == "" || strings.Contains(s, "#") {
		return nil, true
	}
	s = strings.TrimPrefix(s, "+")
	if k == format.Integer {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n, true
		}
	}
	// Some programs on German and French systems write a comma.
	f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	switch {
	case strings.Contains(strings.ToLower(s), "nan"):
		return nil, true
	case err != nil || math.IsInf(f, 0) || strings.ContainsAny(s, "xXpP_"):
		return nil, false
	case k == format.Integer && (f != math.Trunc(f) || math.Abs(f) > 1<<53):
		return nil, false
	case k == format.Integer:
		return int64(f), true
	}
	return f, true
}

func logical(s string) (any, bool) {
	switch s {
	case "", "?":
		return nil, true
	case "T", "t", "Y", "y", "1":
		return true, true
	case "F", "f", "N", "n", "0":
		return false, true
	}
	return nil, false
}

// date reads YYYYMMDD, or YYYY-MM-DD and YYYY/MM/DD where the field is wide enough; zeros are no date.
func date(s string) (any, bool) {
	if s == "" || strings.Trim(s, "0*-/ ") == "" {
		return nil, true
	}
	for _, layout := range []string{"20060102", "2006-01-02", "2006/01/02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return nil, false
}

// binaryValue reads the field types that Visual FoxPro writes in binary, little endian.
func binaryValue(kind byte, cell []byte) any {
	switch kind {
	case 'I', '+':
		return int64(int32(binary.LittleEndian.Uint32(cell)))
	case 'O':
		f := math.Float64frombits(binary.LittleEndian.Uint64(cell))
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
		return f
	case 'Y': // currency: ten-thousandths
		return float64(int64(binary.LittleEndian.Uint64(cell))) / 1e4
	}
	return moment(cell)
}

// moment reads a date and time: Julian day number and milliseconds of the day. Zero is none.
func moment(cell []byte) any {
	day, ms := int64(binary.LittleEndian.Uint32(cell)), int64(binary.LittleEndian.Uint32(cell[4:]))
	const unixDay = 2440588 // the Julian day number of 1970-01-01
	if day == 0 || day > 5373484 || ms >= 86_400_000 {
		return nil
	}
	return time.UnixMilli((day-unixDay)*86_400_000 + ms).UTC().Format(time.DateTime)
}
