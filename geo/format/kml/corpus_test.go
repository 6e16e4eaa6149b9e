package kml_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"greenshield/geo"
)

// What GDAL's own test files give: rows, rows with a geometry, and the notes; or the code of the refusal.
func TestCorpusOfGDAL(t *testing.T) {
	want := map[string]string{
		"description_with_xml.kml":            "1 1 kml.markup",
		"duplicate_folder_name.kml":           "2 2 ",
		"emptylayers.kml":                     "1 0 ",
		"emptylayers_without_folder.kml":      "1 0 ",
		"folder_with_subfolder_placemark.kml": "1 0 ",
		"gx_track_without_when.kml":           "1 0 kml.track",
		"placemark_with_kml_prefix.kml":       "1 1 ",
		"several_schema_in_layer.kml":         "2 0 ",
		"several_schema_outside_layer.kml":    "2 0 ",
		"truncated.kml":                       "ingest.kml.truncated",
		"weird_empty_folders.kml":             "1 0 ",
		"geometries.kml":                      "25 12 ",
	}
	for _, path := range corpus(t, "fmt-kml-gdal") {
		name := filepath.Base(path)
		if got := summary(open(t, path)); got != want[name] {
			t.Errorf("%s: %q, want %q", name, got, want[name])
		}
	}
}

func summary(o outcome) string {
	if o.err != nil {
		return geo.CodeOf(o.err)
	}
	shapes := 0
	for _, r := range o.records {
		if r.Geometry != nil {
			shapes++
		}
	}
	return fmt.Sprintf("%d %d %s", len(o.records), shapes, o.notes())
}

// The geometries of Mapbox's pairs are those of the GeoJSON beside them, tracks apart.
func TestCorpusOfPairs(t *testing.T) {
	for _, path := range corpus(t, "fmt-kml-togeojson/data") {
		// The pair "selfclosing" makes the position 0,0 of an empty list; here it is no geometry.
		if strings.Contains(path, "track") || strings.Contains(path, "selfclosing") {
			continue
		}
		raw, err := os.ReadFile(path + ".geojson")
		if err != nil {
			t.Fatal(err)
		}
		all, err := geojson.UnmarshalFeatureCollection(raw)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, f := range all.Features {
			want = append(want, coordinatesOf(t, f.Geometry))
		}
		out := open(t, path)
		for _, r := range out.records {
			if r.Geometry != nil {
				got = append(got, coordinatesOf(t, r.Geometry))
			}
		}
		if out.code() != "" || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %s\n got %v\nwant %v", path, out.code(), got, want)
		}
	}
}

// coordinatesOf is the list of the positions of a geometry, whatever its type is called.
func coordinatesOf(t *testing.T, g orb.Geometry) string {
	t.Helper()
	if c, ok := g.(orb.Collection); ok {
		var parts []string
		for _, m := range c {
			parts = append(parts, coordinatesOf(t, m))
		}
		return strings.Join(parts, ",")
	}
	text, err := json.Marshal(geojson.NewGeometry(g).Coordinates)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("[", "", "]", "").Replace(string(text))
}

// What ogr2ogr writes as KML is read with the same attributes and the same places.
func TestAgainstGDAL(t *testing.T) {
	tool, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	const source = `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"DLMC":"旱地","DLBM":"0103","PDJB":2,"MJ":12.5},"geometry":{"type":"MultiPolygon","coordinates":
		[[[[110,23],[110.1,23],[110.1,23.1],[110,23]],[[110.05,23.01],[110.06,23.02],[110.06,23.01],[110.05,23.01]]],[[[111,23],[111.1,23],[111.1,23.1],[111,23]]]]}},
		{"type":"Feature","properties":{"DLMC":"河流&<岸>","DLBM":null,"PDJB":null,"MJ":0.1},"geometry":{"type":"Polygon","coordinates":
		[[[109.1234567,23.7654321],[110.1,23],[110.1,23.1],[109.1234567,23.7654321]]]}}]}`
	in := write(t, "a.geojson", source)
	want, err := geojson.UnmarshalFeatureCollection([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	for _, driver := range []string{"KML", "LIBKML"} {
		path := filepath.Join(t.TempDir(), "a.kml")
		var log bytes.Buffer
		cmd := exec.Command(tool, "-f", driver, path, in)
		if cmd.Stderr = &log; cmd.Run() != nil {
			t.Logf("%s: not available: %s", driver, log.String())
			continue
		}
		got := open(t, path)
		if got.code() != "" || len(got.records) != 2 {
			t.Errorf("%s: %d records, %v %s", driver, len(got.records), got.err, got.code())
			continue
		}
		for i, f := range want.Features {
			if g := got.records[i].Geometry; !near(g, f.Geometry) {
				t.Errorf("%s row %d: %s", driver, i+1, wktOf(g))
			}
			for _, field := range []string{"DLMC", "DLBM", "PDJB", "MJ"} {
				if v := got.value(i, field); fmt.Sprint(v) != fmt.Sprint(f.Properties[field]) {
					t.Errorf("%s row %d: %s is %v, want %v", driver, i+1, field, v, f.Properties[field])
				}
			}
		}
	}
}

// near compares to 1e-9 degrees, a tenth of a millimetre. The order of positions counts, except that the other
// engine may begin a hole elsewhere or turn it round, so the sums of the positions are compared.
func near(a, b orb.Geometry) bool {
	if a == nil || a.GeoJSONType() != b.GeoJSONType() {
		return false
	}
	x, y := sums(a), sums(b)
	for i := range x {
		if d := x[i] - y[i]; d > 1e-9 || d < -1e-9 {
			return false
		}
	}
	return true
}

func sums(g orb.Geometry) [3]float64 {
	var s [3]float64
	add := func(p orb.Polygon) {
		for _, ring := range p {
			for _, at := range ring[1:] { // the first is the last
				s[0], s[1], s[2] = s[0]+at[0], s[1]+at[1], s[2]+at[0]*at[1]
			}
		}
	}
	switch g := g.(type) {
	case orb.Polygon:
		add(g)
	case orb.MultiPolygon:
		for _, p := range g {
			add(p)
		}
	}
	return s
}
