package geojson_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/geojson"
)

const shared = "../../../../shared/data"

// files lists the files below a folder of the shared test data, and skips the test when it is absent.
func files(t *testing.T, folder string, suffixes ...string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(filepath.Join(shared, folder), func(path string, e os.DirEntry, err error) error {
		for _, s := range suffixes {
			if err == nil && strings.HasSuffix(path, s) {
				out = append(out, path)
			}
		}
		return err
	})
	if err != nil {
		t.Skipf("test data %s is not here: %v", folder, err)
	}
	return out
}

func readFile(t *testing.T, path string) outcome {
	t.Helper()
	ctx := context.Background()
	d, err := geojson.Open(ctx, path, geojson.Options{})
	if err != nil {
		return outcome{err: err}
	}
	defer d.Close()
	out := outcome{schema: d.Schema()}
	for rec, err := range d.Records(ctx) {
		if err != nil {
			out.err = err
			break
		}
		out.records = append(out.records, rec)
	}
	return out
}

func (o outcome) rowProblems() []*geo.Problem {
	var out []*geo.Problem
	for _, rec := range o.records {
		if rec.Problem != nil {
			out = append(out, rec.Problem)
		}
	}
	return out
}

// reported is true when an operator learns that something is wrong with the document.
func (o outcome) reported() bool {
	return o.err != nil || len(o.schema.Notes) > 0 || len(o.rowProblems()) > 0
}

// validMixed are collections of points, lines and polygons: valid GeoJSON, but no layer can hold them in one row.
var validMixed = map[string]bool{
	"geometrycollection/3d.json": true, "geometrycollection/basic.json": true, "geometrycollection/bbox.json": true,
	"good/good-geometrycollection.geojson": true,
}

func TestCorpusOfValidDocumentsIsRead(t *testing.T) {
	all := files(t, "fmt-geojson-schema/test/fixtures/valid", ".json")
	all = append(all, files(t, "fmt-geojson-hint/test/data/good", ".geojson")...)
	if len(all) != 30+18 {
		t.Errorf("%d files, expected 48", len(all))
	}
	for _, path := range all {
		got := readFile(t, path)
		short := filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path))
		problems := codes(got.rowProblems())
		if validMixed[short] && problems == "collection-mixed" {
			continue
		}
		if got.err != nil || problems != "" {
			t.Errorf("%s: error %v, rows %s", short, got.err, problems)
		}
		if got.schema.Count == 0 && short != "featurecollection/empty.json" {
			t.Errorf("%s: no rows", short)
		}
	}
}

// left to others: what is wrong in these is the shape of rings and lines, which this package hands on as delivered
// for geo/topo to judge, or a matter of taste.
var forTopology = map[string]bool{
	"bad-polygon-interiorring-rhr.geojson": true, "polygon_winding_order.geojson": true,
	"different-first-last.geojson": true, "short-line.geojson": true, "short-linearring.geojson": true,
	"short-multilinestring.geojson":         true,
	"excessive_precision_truncated.geojson": true, // geojsonhint reports nothing either
}

func TestCorpusOfInvalidDocumentsIsReported(t *testing.T) {
	all := files(t, "fmt-geojson-schema/test/fixtures/invalid", ".json")
	all = append(all, files(t, "fmt-geojson-hint/test/data/bad", ".geojson")...)
	if len(all) < 36+40 {
		t.Errorf("only %d files", len(all))
	}
	for _, path := range all {
		got := readFile(t, path)
		if name := filepath.Base(path); got.reported() == forTopology[name] {
			t.Errorf("%s: error %v, notes %s, rows %s", path, got.err, codes(got.schema.Notes), codes(got.rowProblems()))
		}
	}
}

func TestCorpusOfBadRows(t *testing.T) {
	all := files(t, "fmt-geojson-hint/test/data/bad", "multiple_problems.geojson")
	got := readFile(t, all[0])
	if got.err != nil || len(got.records) < 4 || codes(got.schema.Notes) != "id" {
		t.Fatalf("%d records, notes %s, error %v", len(got.records), codes(got.schema.Notes), got.err)
	}
	for i, want := range []string{"position-value", "", "feature-type", "coordinates"} {
		if p := got.records[i].Problem; strings.TrimPrefix(geo.CodeOf(problem(p)), "ingest.geojson.") != want {
			t.Errorf("row %d: %v, want %q", i+1, p, want)
		}
	}
}

// problem is p as an error, nil when p is nil.
func problem(p *geo.Problem) error {
	if p == nil {
		return nil
	}
	return p
}

func TestCorpusOfRealLayers(t *testing.T) {
	for path, want := range map[string]int64{
		"real-cn-datav-guigang": 0, // any number
		"real-fr-paris-urbanatlas/data/paris_districts_utm.geojson":                80,
		"geodesy-geographiclib/test_fixtures/countries.geojson":                    179,
		"real-us-nps-padus/public/data/geojson/us-national-parks-polygons.geojson": 62,
	} {
		for _, file := range present(t, path) {
			got := readFile(t, file)
			if got.err != nil || want != 0 && got.schema.Count != want {
				t.Errorf("%s: %d rows, error %v", file, got.schema.Count, got.err)
			}
		}
	}
}

func present(t *testing.T, path string) []string {
	info, err := os.Stat(filepath.Join(shared, path))
	switch {
	case err != nil:
		t.Logf("test data %s is not here", path)
		return nil
	case info.IsDir():
		return files(t, path, ".json", ".geojson")
	}
	return []string{filepath.Join(shared, path)}
}
