package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
)

// Feature is one row to write; its values are parallel to the fields and of the types that format.Record has.
type Feature struct {
	Geometry orb.Geometry
	Values   []any
}

// byteOrderMark makes spreadsheets read the file as UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV writes a table in UTF-8 with CR LF line ends (RFC 4180), the geometry as WKT in the last column and in full
// precision, in whatever system it is. Text that a spreadsheet would take for a formula is guarded. A value of a type
// that no field has, a coordinate that is not finite and a kind of geometry that WKT does not have are errors; then
// the file is incomplete.
func WriteCSV(w io.Writer, fields []format.Field, features iter.Seq2[Feature, error]) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	cells := make([]string, 0, len(fields)+1)
	for _, f := range fields {
		cells = append(cells, Guarded(f.Name))
	}
	if err := out.Write(append(cells, strings.ToUpper(word("column.wkt")))); err != nil {
		return err
	}
	row := 0
	for f, err := range features {
		if err != nil {
			return err
		}
		row++
		if cells, err = appendRow(cells[:0], len(fields), f); err != nil {
			return fmt.Errorf("write row %d: %w", row, err)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func appendRow(cells []string, fields int, f Feature) ([]string, error) {
	for i := range fields {
		var v any
		if i < len(f.Values) {
			v = f.Values[i]
		}
		text, err := cellText(v)
		if err != nil {
			return cells, err
		}
		cells = append(cells, text)
	}
	shape, err := appendWKT(nil, f.Geometry)
	return append(cells, string(shape)), err
}

func cellText(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return Guarded(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", fmt.Errorf("a value of type %T", v)
}

// formulaMarks begin what a spreadsheet takes for a formula or a command (OWASP, CSV injection).
const formulaMarks = "=+-@\t\r\n|"

// Guarded is text from a delivery as it may stand in a cell of a table or workbook: an apostrophe in front keeps it
// from being read as a formula, and numbers stay as they are. Text that has such an apostrophe gets another, so that
// reading gives back what was written. Bytes that are no UTF-8 become U+FFFD, and characters that XML 1.0 cannot hold
// are left out. Uploaded words are hostile.
func Guarded(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if s == "" {
		return s
	}
	_, isNumber := number(s)
	if strings.ContainsRune(formulaMarks, rune(s[0])) && !isNumber || guarded(s) {
		return "'" + s
	}
	return s
}

// guarded tells whether a text begins with an apostrophe, or several, that keeps it from being a formula.
func guarded(s string) bool {
	rest := strings.TrimLeft(s, "'")
	return rest != "" && len(rest) < len(s) && strings.ContainsRune(formulaMarks, rune(rest[0]))
}

// unguarded takes the apostrophe off again.
func unguarded(s string) string {
	if guarded(s) {
		return s[1:]
	}
	return s
}

// appendWKT writes a geometry as OGC 06-103r4, 7.2 says; nothing for none. Numbers are the shortest that are read as
// the same float64, without exponents.
func appendWKT(b []byte, g orb.Geometry) ([]byte, error) {
	switch g := g.(type) {
	case nil:
		return b, nil
	case orb.Point:
		return appendPoints(append(b, "POINT"...), []orb.Point{g})
	case orb.MultiPoint:
		return appendPoints(append(b, "MULTIPOINT"...), g)
	case orb.LineString:
		return appendPoints(append(b, "LINESTRING"...), g)
	case orb.MultiLineString:
		return appendList(append(b, "MULTILINESTRING"...), len(g), func(b []byte, i int) ([]byte, error) {
			return appendPoints(b, g[i])
		})
	case orb.Polygon:
		return appendRings(append(b, "POLYGON"...), g)
	case orb.MultiPolygon:
		return appendList(append(b, "MULTIPOLYGON"...), len(g), func(b []byte, i int) ([]byte, error) {
			return appendRings(b, g[i])
		})
	case orb.Collection:
		return appendList(append(b, "GEOMETRYCOLLECTION"...), len(g), func(b []byte, i int) ([]byte, error) {
			return appendWKT(b, g[i])
		})
	}
	return b, fmt.Errorf("no WKT for a %T", g)
}

// appendList writes n items between brackets, "EMPTY" for none.
func appendList(b []byte, n int, item func(b []byte, i int) ([]byte, error)) ([]byte, error) {
	if n == 0 {
		return append(b, " EMPTY"...), nil
	}
	b = append(b, '(')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = item(b, i); err != nil {
			return b, err
		}
	}
	return append(b, ')'), nil
}

func appendRings(b []byte, p orb.Polygon) ([]byte, error) {
	return appendList(b, len(p), func(b []byte, i int) ([]byte, error) { return appendPoints(b, p[i]) })
}

func appendPoints(b []byte, points []orb.Point) ([]byte, error) {
	return appendList(b, len(points), func(b []byte, i int) ([]byte, error) {
		p := points[i]
		if s := p[0] + p[1]; math.IsNaN(s) || math.IsInf(s, 0) {
			return b, fmt.Errorf("coordinate %v", p)
		}
		b = append(strconv.AppendFloat(b, p[0], 'f', -1, 64), ' ')
		return strconv.AppendFloat(b, p[1], 'f', -1, 64), nil
	})
}
