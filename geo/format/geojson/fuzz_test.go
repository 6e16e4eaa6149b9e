package geojson_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
)

// FuzzRead holds that no input makes the reader panic, that every fatal error is a problem with a code, that the
// two passes agree, and that what is read can be written and read again.
func FuzzRead(f *testing.F) {
	for _, doc := range []string{
		"", "{}", "\xef\xbb\xbf{}", "null", `{"type":"Topology"}`,
		collection(feature(`{"a":1,"b":"x\u0041","c":[1,{"d":null}],"e":1e999}`), `{"type":"Feature","id":1,"geometry":null,"properties":null}`),
		bare("Point", `[1,2,3]`), bare("MultiPolygon", `[`+squareText+`,[]]`), bare("Point", `[[[[[[[1]]]]]]]`),
		`{"type":"GeometryCollection","geometries":[` + bare("Polygon", squareText) + `]}`,
		`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4524"}},"features":[]}`,
		"\x1e" + feature(`{"a":1}`) + "\n" + feature(`{"a":"\xb5\xd8"}`), wide(feature(`{"a":"z"}`)),
	} {
		f.Add([]byte(doc))
	}
	limits := format.Limits{MaxVertices: 1000, MaxRecords: 1000, MaxText: 1000}
	f.Fuzz(func(t *testing.T, doc []byte) {
		got := read(t, string(doc), geojson.Options{Limits: limits})
		if got.err != nil {
			if !strings.HasPrefix(geo.CodeOf(got.err), "ingest.") {
				t.Fatalf("an error without a code: %v", got.err)
			}
			return
		}
		var b bytes.Buffer
		var good []orb.Geometry
		err := geojson.Write(&b, got.schema.Fields, func(yield func(geojson.Feature, error) bool) {
			for _, rec := range got.records {
				if len(rec.Values) != len(got.schema.Fields) {
					t.Fatalf("row %d: %d values for %d fields", rec.Row, len(rec.Values), len(got.schema.Fields))
				}
				good = append(good, rec.Geometry)
				if !yield(geojson.Feature{Geometry: rec.Geometry, Values: rec.Values}, nil) {
					return
				}
			}
		})
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		back := read(t, b.String(), geojson.Options{Limits: format.Limits{MaxText: 1 << 20}})
		if back.err != nil || len(back.records) != len(good) {
			t.Fatalf("written %d rows, read back %d, error %v", len(good), len(back.records), back.err)
		}
		for i, rec := range back.records {
			if rec.Problem != nil || (rec.Geometry == nil) != (good[i] == nil) {
				t.Fatalf("row %d read back as %v, problem %v", rec.Row, rec.Geometry, rec.Problem)
			}
		}
	})
}
