package geojson

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
)

// decimals of degrees that are written: 1e-9° is about 0.1 mm, the grid of geo/overlay.
const decimals = 9

// Feature is one feature to write. Values are parallel to the fields of the collection; an ID is a string or an
// integer, nil for none.
type Feature struct {
	ID       any
	Geometry orb.Geometry
	Values   []any
}

// Write writes a FeatureCollection of RFC 7946 in UTF-8, feature by feature: longitude and latitude of CGCS2000 with
// nine decimals and no trailing zeros, exterior rings counter-clockwise, holes clockwise, properties in the order of
// fields. It stops at the first error of features.
func Write(w io.Writer, fields []format.Field, features iter.Seq2[Feature, error]) error {
	return WriteAbout(w, "", fields, features)
}

// WriteAbout is Write with a text about the collection in a member "description", which RFC 7946 section 6.1 allows;
// none when about is empty.
func WriteAbout(w io.Writer, about string, fields []format.Field, features iter.Seq2[Feature, error]) error {
	out := bufio.NewWriter(w)
	names := make([][]byte, len(fields))
	for i, f := range fields {
		names[i] = quoted(f.Name)
	}
	head := `{"type":"FeatureCollection",`
	if about != "" {
		head += `"description":` + string(quoted(about)) + ","
	}
	if _, err := out.WriteString(head + `"features":[`); err != nil {
		return err
	}
	var buf []byte
	row := 0
	for f, err := range features {
		if err != nil {
			return err
		}
		buf = append(buf[:0], '\n')
		if row++; row > 1 {
			buf = append(buf[:0], ",\n"...)
		}
		if buf, err = appendFeature(buf, names, f); err != nil {
			return fmt.Errorf("write feature %d: %w", row, err)
		}
		if _, err := out.Write(buf); err != nil {
			return err
		}
	}
	if _, err := out.WriteString("\n]}\n"); err != nil {
		return err
	}
	return out.Flush()
}

func appendFeature(b []byte, names [][]byte, f Feature) ([]byte, error) {
	b = append(b, `{"type":"Feature",`...)
	var err error
	if f.ID != nil {
		b = append(b, `"id":`...)
		if b, err = appendValue(b, f.ID); err != nil {
			return b, err
		}
		b = append(b, ',')
	}
	b = append(b, `"geometry":`...)
	if b, err = AppendGeometry(b, f.Geometry); err != nil {
		return b, err
	}
	b = append(b, `,"properties":{`...)
	for i, name := range names[:min(len(names), len(f.Values))] {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, name...), ':')
		if b, err = appendValue(b, f.Values[i]); err != nil {
			return b, err
		}
	}
	return append(b, "}}"...), nil
}

func quoted(text string) []byte {
	b, err := json.Marshal(text)
	if err != nil {
		panic("geojson: a string that JSON cannot hold: " + err.Error())
	}
	return b
}

// appendValue writes an attribute; NaN and infinity, which JSON lacks, become null.
func appendValue(b []byte, v any) ([]byte, error) {
	if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
		v = nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return b, err
	}
	return append(b, text...), nil
}

// AppendGeometry appends the GeoJSON text of a geometry, as Write writes it; null for none. A coordinate that is
// not finite, and a ring without points, are errors.
func AppendGeometry(b []byte, g orb.Geometry) ([]byte, error) {
	var err error
	switch g := g.(type) {
	case nil:
		return append(b, "null"...), nil
	case orb.Point:
		b, err = appendPoint(opening(b, "Point"), g)
	case orb.MultiPoint:
		b, err = appendPoints(opening(b, "MultiPoint"), g)
	case orb.LineString:
		b, err = appendPoints(opening(b, "LineString"), g)
	case orb.MultiLineString:
		b, err = appendList(opening(b, "MultiLineString"), g, appendLine)
	case orb.Polygon:
		b, err = appendPolygon(opening(b, "Polygon"), g)
	case orb.MultiPolygon:
		b, err = appendList(opening(b, "MultiPolygon"), g, appendPolygon)
	default:
		return b, fmt.Errorf("geojson: no place for a %T", g)
	}
	return append(b, '}'), err
}

func opening(b []byte, kind string) []byte {
	return append(append(append(b, `{"type":"`...), kind...), `","coordinates":`...)
}

func appendList[T any](b []byte, all []T, one func([]byte, T) ([]byte, error)) ([]byte, error) {
	b = append(b, '[')
	for i, v := range all {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = one(b, v); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendPoints(b []byte, points []orb.Point) ([]byte, error) {
	return appendList(b, points, appendPoint)
}

func appendLine(b []byte, l orb.LineString) ([]byte, error) { return appendPoints(b, l) }

func appendPoint(b []byte, p orb.Point) ([]byte, error) {
	b = append(b, '[')
	for i, v := range p {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return b, fmt.Errorf("geojson: coordinate %v", p)
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = appendNumber(b, v)
	}
	return append(b, ']'), nil
}

// appendNumber writes nine decimals and takes the zeros off the end.
func appendNumber(b []byte, v float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', decimals, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	if string(b[start:]) == "-0" {
		b = append(b[:start], '0')
	}
	return b
}

// appendPolygon turns and closes rings as RFC 7946 section 3.1.6 asks; p itself stays as it is.
func appendPolygon(b []byte, p orb.Polygon) ([]byte, error) {
	b = append(b, '[')
	for i, r := range p {
		if i > 0 {
			b = append(b, ',')
		}
		if len(r) == 0 {
			return b, errors.New("geojson: a ring without points")
		}
		want := orb.CCW
		if i > 0 {
			want = orb.CW
		}
		if o := r.Orientation(); o != 0 && o != want || r[0] != r[len(r)-1] {
			r = proper(r, want)
		}
		var err error
		if b, err = appendPoints(b, r); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func proper(r orb.Ring, want orb.Orientation) orb.Ring {
	r = slices.Clone(r)
	if r[0] != r[len(r)-1] {
		r = append(r, r[0])
	}
	if r.Orientation() != want {
		slices.Reverse(r)
	}
	return r
}
