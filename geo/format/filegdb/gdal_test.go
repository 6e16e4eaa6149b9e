package filegdb_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"greenshield/geo/format"
	"greenshield/geo/format/filegdb"
	"greenshield/geo/format/rings"
)

func needGDAL(t *testing.T) {
	t.Helper()
	for _, program := range []string{"ogr2ogr", "ogrinfo"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s (Debian package gdal-bin) is not installed", program)
		}
	}
}

// feature is what GDAL reads: the object id, geometry and attributes.
type feature struct {
	ID         int64 `json:"id"`
	Geometry   *geojson.Geometry
	Properties map[string]any
}

// gdal reads a layer with GDAL.
func gdal(t *testing.T, dir, layer string) []feature {
	t.Helper()
	args := []string{
		"-f", "GeoJSON", "/vsistdout/", dir, layer, "-a_srs", "EPSG:4326", "-dim", "XY",
		"-lco", "COORDINATE_PRECISION=17", "-lco", "RFC7946=NO", "-lco", "SIGNIFICANT_FIGURES=17", "-preserve_fid",
	}
	out, err := exec.Command("ogr2ogr", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var fc struct{ Features []feature }
	if err := json.Unmarshal(out, &fc); err != nil {
		t.Fatal(err)
	}
	return fc.Features
}

// compare reads a layer with this package and with GDAL and compares row by row.
func compare(t *testing.T, dir, layer string, want []feature) {
	t.Helper()
	s, rows, err := read(t, dir, filegdb.Options{Layer: layer})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(want) || s.Count != int64(len(want)) {
		t.Fatalf("%d rows, count %d; GDAL has %d", len(rows), s.Count, len(want))
	}
	for i, r := range rows {
		if r.Problem != nil && r.Problem.Code == "ingest.filegdb.curve" {
			continue // GDAL makes lines of them
		}
		if r.Problem != nil || r.Row != want[i].ID {
			t.Errorf("row %d, GDAL's %d: %v", r.Row, want[i].ID, r.Problem)
			continue
		}
		for k, f := range s.Fields {
			if got, want := plain(r.Values[k]), plainGDAL(f, want[i].Properties[f.Name]); got != want {
				t.Errorf("row %d: %s is %#v, GDAL has %#v", r.Row, f.Name, got, want)
			}
		}
		var g orb.Geometry
		if want[i].Geometry != nil {
			g = want[i].Geometry.Geometry()
		}
		if a, b := measure(r.Geometry), measure(g); a != b {
			t.Errorf("row %d: geometry %+v, GDAL has %+v", r.Row, a, b)
		}
	}
}

func plain(v any) any {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v
}

// plainGDAL writes GDAL's dates as this package does.
func plainGDAL(f format.Field, v any) any {
	s, ok := v.(string)
	if !ok || f.Kind != format.Text || f.Width > 0 {
		return v
	}
	if len(s) >= 19 && s[4] == '/' && s[7] == '/' || len(s) >= 19 && s[10] == 'T' {
		s = strings.NewReplacer("/", "-", "T", " ").Replace(s)
		s = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(s, "Z"), "+00"), "+00:00")
		return strings.TrimSuffix(s, " 00:00:00")
	}
	return s
}

type sums struct {
	parts, vertices int
	area            float64
	bound           orb.Bound
}

// measure sums what both must agree in, whatever the order of rings and their starts; the area is planar, in the
// square of the file's units.
func measure(g orb.Geometry) sums {
	var m sums
	if g == nil {
		return m
	}
	m.bound = g.Bound()
	switch g := g.(type) {
	case orb.Point:
		m.parts, m.vertices = 1, 1
	case orb.MultiPoint:
		m.parts, m.vertices = 1, len(g)
	case orb.LineString:
		m.parts, m.vertices = 1, len(g)
	case orb.MultiLineString:
		for _, l := range g {
			m.parts, m.vertices = m.parts+1, m.vertices+len(l)
		}
	case orb.Polygon:
		return measure(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		for _, p := range g {
			for i, r := range p {
				m.parts, m.vertices = m.parts+1, m.vertices+len(r)
				if i == 0 {
					m.area += math.Abs(rings.SignedArea(r))
				} else {
					m.area -= math.Abs(rings.SignedArea(r))
				}
			}
		}
	}
	m.area = math.Round(m.area*1e6) / 1e6
	return m
}

// TestSharedGeodatabases compares the shared files with what GDAL reads in them.
func TestSharedGeodatabases(t *testing.T) {
	const shared = "../../../../shared/data/fmt-gdb-gdal"
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("test data %s is not here", shared)
	}
	golden := filepath.Join(shared, "polygon_golden.gdb")
	s, rows, err := read(t, golden, filegdb.Options{})
	if err != nil || len(rows) != 1 || s.Name != "OGRGeoJSON" || rows[0].Values[0] != "bar" || s.Declared.EPSG() != 4326 {
		t.Fatalf("%+v %v %v", s, rows, err)
	}
	needGDAL(t)
	compare(t, golden, "OGRGeoJSON", gdal(t, golden, "OGRGeoJSON"))
	dir := unzip(t, filepath.Join(shared, "geometry_testdata.gdb.zip"))
	_, rows, err = read(t, dir, filegdb.Options{}) // the tables of its topology are no question
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	curved := func(r format.Record) bool { return r.Problem != nil && r.Problem.Code == "ingest.filegdb.curve" }
	if n := len(slices.DeleteFunc(rows, curved)); n != 4 {
		t.Errorf("%d rows without curves, not 4", n)
	}
	compare(t, dir, "TEST_PL_FGDB", gdal(t, dir, "TEST_PL_FGDB"))
}

func unzip(t *testing.T, name string) string {
	t.Helper()
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.gdb"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return found[0]
}

// made is a geodatabase that GDAL writes from GeoJSON.
func made(t *testing.T, text string, args ...string) string {
	t.Helper()
	needGDAL(t)
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from.geojson"), filepath.Join(dir, "made.gdb")
	if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-f", "OpenFileGDB", to, from, "-nln", "layer"}, args...)
	if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
		t.Skipf("GDAL cannot write it: %v: %s", err, out)
	}
	return to
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func one(geometry, properties string) string {
	return `{"type":"Feature","geometry":` + geometry + `,"properties":` + properties + `}`
}

func TestGeodatabasesMadeByGDAL(t *testing.T) {
	properties := `{"名称":"青山地块𠮷<b>","面积":1.5,"数":-7,"日期":"2023/12/31","时刻":"2023/12/31 08:09:10","空":null,"乙":""}`
	outer := `[[109,23],[109.1,23],[109.1,23.1],[109,23.1],[109,23]]`
	hole := `[[109.02,23.02],[109.02,23.05],[109.05,23.05],[109.05,23.02],[109.02,23.02]]`
	island := `[[109.03,23.03],[109.04,23.03],[109.04,23.04],[109.03,23.04],[109.03,23.03]]`
	for name, c := range map[string]struct {
		text string
		args []string
	}{
		"polygon":       {collection(one(`{"type":"Polygon","coordinates":[`+outer+`,`+hole+`]}`, properties)), nil},
		"island":        {collection(one(`{"type":"MultiPolygon","coordinates":[[`+outer+`,`+hole+`],[`+island+`]]}`, properties)), nil},
		"no geometry":   {collection(one(`{"type":"Point","coordinates":[1,2]}`, properties), one(`null`, properties)), nil},
		"gauss zone":    {collection(one(`{"type":"Polygon","coordinates":[`+outer+`]}`, properties)), []string{"-t_srs", "EPSG:4525"}},
		"points":        {collection(one(`{"type":"Point","coordinates":[109,23]}`, properties)), nil},
		"points zm":     {collection(one(`{"type":"Point","coordinates":[109,23,5]}`, properties)), []string{"-dim", "XYZM"}},
		"multipoints":   {collection(one(`{"type":"MultiPoint","coordinates":[[109,23],[108,22],[-70,-20]]}`, properties)), nil},
		"multipoints z": {collection(one(`{"type":"MultiPoint","coordinates":[[109,23,1],[108,22,2]]}`, properties)), []string{"-dim", "XYZ"}},
		"lines":         {collection(one(`{"type":"LineString","coordinates":[[109,23],[108,22]]}`, properties)), nil},
		"lines m": {
			collection(one(`{"type":"MultiLineString","coordinates":[[[109,23],[108,22]],[[1,2],[3,4],[5,6]]]}`, properties)),
			[]string{"-dim", "XYM"},
		},
		"polygon zm": {collection(one(`{"type":"Polygon","coordinates":[`+outer+`,`+hole+`]}`, properties)), []string{"-dim", "XYZM"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := made(t, c.text, c.args...)
			want := gdal(t, dir, "layer")
			if len(want) == 0 {
				t.Fatal("GDAL reads nothing")
			}
			compare(t, dir, "layer", want)
		})
	}
}

// TestGapsBetweenIDs has rows far apart, so that blocks of offsets are left out.
func TestGapsBetweenIDs(t *testing.T) {
	ids := []int64{1, 3, 1024, 1025, 40_000, 40_961, 500_000}
	var features []string
	for _, id := range ids {
		features = append(features, fmt.Sprintf(
			`{"type":"Feature","id":%d,"geometry":{"type":"Point","coordinates":[109,23]},"properties":{"a":%d}}`, id, id))
	}
	dir := made(t, collection(features...), "-preserve_fid")
	s, rows, err := read(t, dir, filegdb.Options{})
	if err != nil || len(rows) != len(ids) || s.Count != int64(len(ids)) || len(s.Notes) != 0 {
		t.Fatalf("%d rows, count %d, %v, %v", len(rows), s.Count, s.Notes, err)
	}
	for i, r := range rows {
		if r.Row != ids[i] || r.Values[0] != ids[i] {
			t.Errorf("row %d is %d with %v", i, r.Row, r.Values)
		}
	}
	compare(t, dir, "layer", gdal(t, dir, "layer"))
}

// TestRealLayersThroughGDAL turns layers that nobody here drew into geodatabases and compares vertex counts, planar
// areas, bounds and attributes with what GDAL reads back.
func TestRealLayersThroughGDAL(t *testing.T) {
	needGDAL(t)
	for name, least := range map[string]int{
		"real-br-para-car-uc/cnuc.shp": 3, "real-cn-shapefiles/*/china.shp": 30,
		"real-za-qgis-training/*/projected_data/farms_33S.shp": 100,
		"real-za-qgis-training/*/shapefile/rivers.shp":         10, "real-in-goa-pa/*/*/goa_esz_villages.shp": 10,
	} {
		found, _ := filepath.Glob(filepath.Join("../../../../shared/data", name))
		if len(found) == 0 {
			t.Logf("test data %s is not here", name)
			continue
		}
		dir := filepath.Join(t.TempDir(), "x.gdb")
		out, err := exec.Command("ogr2ogr", "-f", "OpenFileGDB", dir, found[0], "-nln", "layer", "-nlt", "PROMOTE_TO_MULTI").CombinedOutput()
		if err != nil {
			t.Logf("GDAL cannot turn %s: %v: %s", name, err, out)
			continue
		}
		want := gdal(t, dir, "layer")
		if len(want) < least {
			t.Errorf("%s: GDAL reads %d rows", name, len(want))
		}
		compare(t, dir, "layer", want)
		t.Logf("%s: %d rows", name, len(want))
	}
}

func TestDeclaredSystems(t *testing.T) {
	square := collection(one(`{"type":"Polygon","coordinates":[[[109,23],[109.1,23],[109.1,23.1],[109,23]]]}`, `{}`))
	for _, code := range []string{"EPSG:4490", "EPSG:4525", "EPSG:4546", "EPSG:4326", "EPSG:4509"} {
		dir := made(t, square, "-t_srs", code)
		s, _, err := read(t, dir, filegdb.Options{})
		if err != nil || s.Declared == nil || s.Declared.String() != code {
			t.Errorf("%s: %v, %v, %s, %v", code, s.Declared, s.DeclaredProblem, s.DeclaredText, err)
		}
	}
	s, _, err := read(t, made(t, square, "-t_srs", "EPSG:2385"), filegdb.Options{})
	if err != nil || s.Declared != nil || s.DeclaredProblem == nil {
		t.Errorf("Xi'an 1980: %v, %v, %v", s.Declared, s.DeclaredProblem, err)
	}
}

func TestSeveralLayers(t *testing.T) {
	dir := made(t, collection(one(`{"type":"Point","coordinates":[1,2]}`, `{}`)))
	from := filepath.Join(filepath.Dir(dir), "from.geojson")
	if out, err := exec.Command("ogr2ogr", "-update", dir, from, "-nln", "红线").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, err := filegdb.Open(context.Background(), dir, filegdb.Options{})
	if code(err) != "ingest.file.several-layers" || !strings.Contains(err.Error(), "layer, 红线") {
		t.Error(err)
	}
	for _, layer := range []string{"layer", "红线"} {
		if s, rows, err := read(t, dir, filegdb.Options{Layer: layer}); err != nil || len(rows) != 1 || s.Name != layer {
			t.Errorf("%s: %v", layer, err)
		}
	}
	if _, err := filegdb.Open(context.Background(), dir, filegdb.Options{Layer: "x"}); code(err) != "ingest.file.layer-unknown" {
		t.Error(err)
	}
}
