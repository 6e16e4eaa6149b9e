package leads

import (
	"context"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/table"
	"greenshield/layers/analysis/place"
	"greenshield/layers/ingest/codes"
)

// ReadEarlier reads the ledger of an earlier inspection, as this program writes it and staff fill it in, or any list with
// a number, a longitude and a latitude in CGCS2000, in degrees or in degrees, minutes and seconds. Lines without a number
// are left out; a place that cannot be read is refused, "leads.list.place", and a missing column, "leads.list.column".
func ReadEarlier(lines []table.Line, file string, book *codes.Book) ([]Earlier, error) {
	columns, next, missing := book.Head("lead", lines, "id", "longitude", "latitude")
	if missing != "" {
		return nil, geo.NewProblem("leads.list.column", "file", file, "column", missing)
	}
	var out []Earlier
	for _, l := range lines[next:] {
		cell := func(part string) string {
			if i, ok := columns[part]; ok && i < len(l.Cells) {
				return l.Cells[i]
			}
			return ""
		}
		e := Earlier{ID: cell("id"), Batch: cell("batch"), Kind: cell("kind"), Status: cell("status")}
		if e.ID == "" || note(l) {
			continue
		}
		x, okX := degrees(cell("longitude"), 180)
		y, okY := degrees(cell("latitude"), 90)
		if !okX || !okY {
			return nil, geo.NewProblem("leads.list.place", "file", file, "row", l.Row)
		}
		e.Centre, e.Closed = orb.Point{x, y}, book.Closed(e.Status)
		out = append(out, e)
	}
	return out, nil
}

// note reports whether a line is one sentence, as stands below a table.
func note(l table.Line) bool {
	filled := 0
	for _, c := range l.Cells {
		if c != "" {
			filled++
		}
	}
	return filled == 1
}

// Signs of degrees, minutes and seconds: the proper ones, those on keyboards, and the Chinese words.
const signs = "°′″'\":\u5ea6\u5206\u79d2 "

// degrees reads "109.425", "109°25′30.00″" and what else signs allow, up to a limit.
func degrees(s string, limit float64) (float64, bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(signs, r) })
	if len(parts) == 0 || len(parts) > 3 || strings.Trim(strings.Join(parts, ""), "-.0123456789") != "" {
		return 0, false
	}
	value, unit := 0.0, 1.0
	for i, p := range parts {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil || i > 0 && (v < 0 || v >= 60) {
			return 0, false
		}
		value += v / unit
		unit *= 60
	}
	return value, value >= -limit && value <= limit
}

// ReadEarlierPlaces reads earlier leads with their outlines from a dataset in CGCS2000 degrees, such as the GeoJSON that
// this program writes. Problems are those of ReadEarlier.
func ReadEarlierPlaces(ctx context.Context, d format.Dataset, file string, book *codes.Book) ([]Earlier, error) {
	var heads []string
	for _, f := range d.Schema().Fields {
		heads = append(heads, f.Name)
	}
	id, ok := book.Column("lead", "id", heads)
	if !ok {
		return nil, geo.NewProblem("leads.list.column", "file", file, "column", "id")
	}
	var out []Earlier
	for r, err := range d.Records(ctx) {
		if err != nil {
			return nil, err
		}
		e := Earlier{ID: valueOf(r, id)}
		if e.ID == "" {
			continue
		}
		for part, into := range map[string]*string{"batch": &e.Batch, "kind": &e.Kind, "status": &e.Status} {
			if i, ok := book.Column("lead", part, heads); ok {
				*into = valueOf(r, i)
			}
		}
		e.Closed = book.Closed(e.Status)
		if !e.lie(r.Geometry) {
			return nil, geo.NewProblem("leads.list.place", "file", file, "row", r.Row)
		}
		out = append(out, e)
	}
	return out, nil
}

// lie takes the place of a lead from a polygon or a point in degrees; false for anything else.
func (e *Earlier) lie(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.Point:
		e.Centre = g
	case orb.Polygon:
		e.Outline = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		e.Outline = g
	default:
		return false
	}
	if e.Outline != nil {
		centre, ok := place.CentreOf(e.Outline)
		if !ok {
			return false
		}
		e.Centre = centre
	}
	return e.Centre[0] >= -180 && e.Centre[0] <= 180 && e.Centre[1] >= -90 && e.Centre[1] <= 90
}

func valueOf(r format.Record, i int) string {
	if i >= len(r.Values) || r.Values[i] == nil {
		return ""
	}
	switch v := r.Values[i].(type) {
	case string:
		return strings.TrimSpace(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
