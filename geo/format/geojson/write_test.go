package geojson_test

import (
	"bytes"
	"errors"
	"iter"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
)

func each(features ...geojson.Feature) iter.Seq2[geojson.Feature, error] {
	return func(yield func(geojson.Feature, error) bool) {
		for _, f := range features {
			if !yield(f, nil) {
				return
			}
		}
	}
}

func TestAppendGeometry(t *testing.T) {
	clockwise := orb.Polygon{{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}}
	for name, tc := range map[string]struct {
		g    orb.Geometry
		want string
	}{
		"none":                {nil, `null`},
		"nine decimals":       {orb.Point{109.12345678949, -23.1}, `{"type":"Point","coordinates":[109.123456789,-23.1]}`},
		"no minus zero":       {orb.Point{-1e-12, 0}, `{"type":"Point","coordinates":[0,0]}`},
		"whole numbers":       {orb.Point{100, 20}, `{"type":"Point","coordinates":[100,20]}`},
		"line":                {orb.LineString{{1, 2}, {3, 4}}, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`},
		"points":              {orb.MultiPoint{{1, 2}}, `{"type":"MultiPoint","coordinates":[[1,2]]}`},
		"lines":               {orb.MultiLineString{{{1, 2}, {3, 4}}}, `{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}`},
		"polygon":             {square, bare("Polygon", squareText)},
		"clockwise turned":    {clockwise, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}`},
		"hole turned":         {orb.Polygon{square[0], square[0]}, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0,0],[0,1],[1,1],[1,0],[0,0]]]}`},
		"unclosed closed":     {orb.Polygon{square[0][:4]}, bare("Polygon", squareText)},
		"polygons":            {orb.MultiPolygon{square}, bare("MultiPolygon", `[`+squareText+`]`)},
		"empty multi part":    {orb.MultiPolygon{}, `{"type":"MultiPolygon","coordinates":[]}`},
		"degenerate as it is": {orb.Polygon{{{0, 0}, {1, 1}, {0, 0}}}, `{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}`},
	} {
		got, err := geojson.AppendGeometry(nil, tc.g)
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: %s, error %v; want %s", name, got, err, tc.want)
		}
	}
	if clockwise[0][1] != (orb.Point{0, 1}) {
		t.Error("the written polygon was changed")
	}
	for name, g := range map[string]orb.Geometry{
		"NaN": orb.Point{math.NaN(), 1}, "infinite": orb.Point{1, math.Inf(1)}, "no points": orb.Polygon{{}}, "bound": orb.Bound{},
	} {
		if got, err := geojson.AppendGeometry(nil, g); err == nil {
			t.Errorf("%s: written as %s", name, got)
		}
	}
}

func TestWriteIsReadBack(t *testing.T) {
	fields := []format.Field{
		{Name: "名称"}, {Name: "n", Kind: format.Integer}, {Name: "a", Kind: format.Real}, {Name: "b", Kind: format.Boolean},
	}
	var b bytes.Buffer
	err := geojson.Write(&b, fields, each(
		geojson.Feature{Geometry: square, Values: []any{"<script>\n\x00𠮷", int64(math.MaxInt64), 0.1, true}},
		geojson.Feature{Geometry: orb.MultiPolygon{square}, Values: []any{nil, int64(1), math.NaN(), false}},
		geojson.Feature{Values: []any{"z", nil, 2.5, nil}},
	))
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, b.String(), geojson.Options{})
	if got.err != nil || !reflect.DeepEqual(got.schema.Fields, fields) || len(got.schema.Notes) != 0 {
		t.Fatalf("fields %v, notes %v, error %v", got.schema.Fields, got.schema.Notes, got.err)
	}
	for i, want := range []format.Record{
		{Row: 1, Geometry: square, Values: []any{"<script>\n\x00𠮷", int64(math.MaxInt64), 0.1, true}},
		{Row: 2, Geometry: orb.MultiPolygon{square}, Values: []any{nil, int64(1), nil, false}},
		{Row: 3, Values: []any{"z", nil, 2.5, nil}},
	} {
		if !reflect.DeepEqual(got.records[i], want) {
			t.Errorf("row %d: %#v, want %#v", i+1, got.records[i], want)
		}
	}
}

func TestWriteNothing(t *testing.T) {
	var b bytes.Buffer
	if err := geojson.Write(&b, nil, each()); err != nil {
		t.Fatal(err)
	}
	if got := read(t, b.String(), geojson.Options{}); got.err != nil || len(got.records) != 0 {
		t.Errorf("%v, error %v", got.records, got.err)
	}
}

func TestWriteID(t *testing.T) {
	var b bytes.Buffer
	if err := geojson.Write(&b, nil, each(geojson.Feature{ID: int64(7)})); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `{"type":"Feature","id":7,"geometry":null,"properties":{}}`) {
		t.Error(b.String())
	}
}

func TestWriteStopsAtAnError(t *testing.T) {
	broken := errors.New("broken")
	err := geojson.Write(&bytes.Buffer{}, nil, func(yield func(geojson.Feature, error) bool) {
		yield(geojson.Feature{}, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("%v, want the error of the features", err)
	}
}
