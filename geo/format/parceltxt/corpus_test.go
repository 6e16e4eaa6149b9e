package parceltxt_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/geo/format/parceltxt"
)

const shared = "../../../../shared/data/txt-kcdj"

// declaredTolerance is the rounding of the stated area: four decimals of a hectare, where one file cuts.
const declaredTolerance = 0.0001

// corpus is what is known of each real file: its zone, its parcels, and how many of them state an area.
var corpus = map[string]struct {
	system            string
	parcels, declared int
	notes             string
}{
	"44120000072.txt":                  {"EPSG:4526", 1, 1, ""},
	"44120000105.txt":                  {"EPSG:4526", 1, 1, ""},
	"44120000120.derived-gbk-crlf.txt": {"EPSG:4526", 1, 1, ""},
	"44120000120.txt":                  {"EPSG:4526", 1, 1, ""},
	"44120000326.txt":                  {"EPSG:4526", 1, 1, ""},
	"44120000567.txt":                  {"EPSG:4526", 1, 1, ""},
	"44120001048.txt":                  {"EPSG:4526", 1, 1, ""},
	"44120001111.txt":                  {"EPSG:4526", 1, 1, ""},
	"hanzhong_zone36_from_comment.txt": {"EPSG:4524", 3, 3, "count-differs number-repeated"},
	"longjie_testfile_zone35.txt":      {"EPSG:4523", 1, 0, "ring-open"},
	"plot_000.txt":                     {"EPSG:4526", 1, 0, ""},
	"plot_001.txt":                     {"EPSG:4526", 1, 0, ""},
	"plot_002.txt":                     {"EPSG:4526", 1, 0, ""},
}

func TestCorpus(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(shared, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Skipf("test data %s is not here", shared)
	}
	if len(paths) != len(corpus) {
		t.Errorf("%d files, %d are known", len(paths), len(corpus))
	}
	rounded, cut := 0, 0
	for _, path := range paths {
		name := filepath.Base(path)
		want, known := corpus[name]
		if !known {
			t.Errorf("%s is not known", name)
			continue
		}
		got := openFile(t, path)
		if got.schema.Declared == nil || got.schema.Declared.String() != want.system {
			t.Errorf("%s: system %v (%v)", name, got.schema.Declared, got.schema.DeclaredProblem)
		}
		if notes := codes(got.schema.Notes); notes != want.notes {
			t.Errorf("%s: notes %q, want %q", name, notes, want.notes)
		}
		declared := 0
		for _, rec := range got.records {
			if rec.Problem != nil {
				t.Errorf("%s row %d: %v", name, rec.Row, rec.Problem)
				continue
			}
			stated := rec.Parcel.DeclaredHectares
			if math.IsNaN(stated) {
				continue
			}
			declared++
			real := ellipsoid.PlaneArea(rec.Geometry) / 1e4
			if math.Abs(stated-real) > declaredTolerance {
				t.Errorf("%s row %d: states %.4f ha, is %.8f", name, rec.Row, stated, real)
			}
			if math.Round(real*1e4) == math.Round(stated*1e4) {
				rounded++
			} else {
				cut++
			}
		}
		if len(got.records) != want.parcels || declared != want.declared {
			t.Errorf("%s: %d parcels, %d state an area", name, len(got.records), declared)
		}
	}
	if rounded != 11 || cut != 0 {
		t.Errorf("%d parcels state their area rounded, %d cut; the files have 11 and 0", rounded, cut)
	}
}

func openFile(t *testing.T, path string) outcome {
	t.Helper()
	d, err := parceltxt.Open(context.Background(), path, parceltxt.Options{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return drain(t, d)
}

// outcome is everything that reading a file gives.
type outcome struct {
	schema  format.Schema
	records []format.Record
	err     error
}

func drain(t testing.TB, d format.Dataset) outcome {
	t.Helper()
	out := outcome{schema: d.Schema()}
	for rec, err := range d.Records(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		out.records = append(out.records, rec)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	return out
}

func TestGBKTwinIsTheSame(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("test data %s is not here", shared)
	}
	a := openFile(t, filepath.Join(shared, "44120000120.txt"))
	b := openFile(t, filepath.Join(shared, "44120000120.derived-gbk-crlf.txt"))
	if a.schema.Encoding != "UTF-8" || b.schema.Encoding != "GB18030" || a.schema.DeclaredText != b.schema.DeclaredText {
		t.Errorf("%s %q, %s %q", a.schema.Encoding, a.schema.DeclaredText, b.schema.Encoding, b.schema.DeclaredText)
	}
	if !strings.Contains(a.schema.DeclaredText, "带号=38") {
		t.Errorf("declared text %q", a.schema.DeclaredText)
	}
}
