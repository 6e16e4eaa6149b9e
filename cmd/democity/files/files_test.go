package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"greenshield/cmd/democity/city"
	"greenshield/cmd/democity/files"
	"greenshield/data"
	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/rule"
	"greenshield/layers/store/memory"
)

func part(t *testing.T, name string) fs.FS {
	t.Helper()
	sub, err := fs.Sub(data.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// demo is the city that all tests look at.
var demo = sync.OnceValues(func() (city.City, error) {
	raw, err := data.Files.ReadFile("demo/names.json")
	if err != nil {
		return city.City{}, err
	}
	names, err := city.ReadNames(raw)
	if err != nil {
		return city.City{}, err
	}
	return city.Make(names, city.Options{Scale: 1, Seed: 1}), nil
})

func makeCity(t *testing.T) city.City {
	t.Helper()
	made, err := demo()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func codeBook(t *testing.T) *codes.Book {
	t.Helper()
	book, err := codes.Load(part(t, "codes"))
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// importAll writes the city's layers and imports them into a store in memory, as the demo command does on disk.
func importAll(t *testing.T, made city.City, book *codes.Book) layers.Store {
	t.Helper()
	told := 0
	list, err := files.WriteLayers(t.Context(), t.TempDir(), made, func(done, total int64) { told = int(done) })
	if err != nil || told != len(made.Tables) || len(list) != len(made.Tables) {
		t.Fatalf("wrote %d files of %d, told of %d: %v", len(list), len(made.Tables), told, err)
	}
	store := memory.New()
	for k, d := range list {
		req := ingest.Request{Reading: ingest.Reading{Path: d.Path, Codes: book, Suspected: "none"}, Layer: d.Layer, Vintage: d.Vintage, SignedOff: "demo"}
		if d.System != (crs.System{}) {
			req.TreatAs = &d.System
		}
		req.Coverage, req.Regions = layers.CoverageRegions, layers.Ref{Layer: "region", Vintage: city.YearBefore, Revision: 1}
		if d.Layer.Theme == layers.Region {
			req.Coverage, req.Regions = layers.CoverageExtent, layers.Ref{}
		}
		r, err := ingest.Import(t.Context(), store, req)
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(d.Path), err)
		}
		if r.Kept != int64(len(made.Tables[k].Rows)) || len(r.Rejects) > 0 || r.Repaired > 0 {
			t.Errorf("%s: %d of %d rows kept, %d repaired", filepath.Base(d.Path), r.Kept, len(made.Tables[k].Rows), r.Repaired)
		}
		for _, i := range r.Issues {
			// Its red line crosses the border of the city in places, as delivered ones do.
			beyond := d.Layer.Theme == layers.Redline && i.Problem.Code == "ingest.regions.beyond"
			if i.Severity == layers.Warning && !beyond {
				t.Errorf("%s: the demo city earns a warning: %v", filepath.Base(d.Path), i.Problem)
			}
		}
	}
	return store
}

func TestSampleParcelsAreReadAndAnswered(t *testing.T) {
	if testing.Short() {
		t.Skip("makes the demo city, some seconds")
	}
	made, book := makeCity(t), codeBook(t)
	library := layers.NewLibrary(importAll(t, made, book))
	rules, err := rule.Load(part(t, "rules"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := files.WriteParcels(t.Context(), dir, made.Parcels); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(paths) != 8 {
		t.Fatalf("sample parcels: %v, %v", paths, err)
	}
	for _, path := range paths {
		key, _, _ := strings.Cut(filepath.Base(path), ".")
		t.Run(key, func(t *testing.T) { checkSample(t, library, rules, book, made, key, path) })
	}
}

func checkSample(t *testing.T, library *layers.Library, rules *rule.Book, book *codes.Book, made city.City, key, path string) {
	want := map[string]struct {
		verdict analysis.Verdict
		on      layers.Theme // of the worst finding
	}{
		"clear":     {analysis.Clear, layers.Urban},
		"redline":   {analysis.Prohibited, layers.Redline},
		"protected": {analysis.Prohibited, layers.Protected},
		"shoreline": {analysis.Prohibited, layers.River},
		"farmland":  {analysis.Prohibited, layers.Farmland},
		"south":     {analysis.Conditional, layers.Urban},
		"touching":  {analysis.Conditional, layers.Urban},
		"outside":   {analysis.Incomplete, ""},
	}[key]
	parcels, read, err := ingest.Parcels(t.Context(), path, ingest.ParcelRequest{Reading: ingest.Reading{Codes: book}})
	if err != nil {
		t.Fatal(err)
	}
	k := slices.IndexFunc(made.Parcels, func(p city.Parcel) bool { return p.Key == key })
	if k < 0 || len(parcels) != 1 || len(read.Rejects) > 0 || parcels[0].Name != made.Parcels[k].Name {
		t.Fatalf("read %+v with %d rejects", parcels, len(read.Rejects))
	}
	// Corners are written to a tenth of a millimetre, and straight edges of a Gauss plane bow in degrees.
	if drawn := ellipsoid.Area(made.Parcels[k].Geometry); math.Abs(float64(parcels[0].Area-drawn)) > 20+1e-5*float64(drawn) {
		t.Errorf("area %v m², drawn with %v", parcels[0].Area, drawn)
	}
	r, err := conflict.Check(t.Context(), library, rules, parcels, conflict.Options{Activity: "construction", Date: "2026-06-01"})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %v", filepath.Base(path), r.Verdict)
	got := r.Parcels[0]
	if r.Verdict != want.verdict {
		t.Errorf("verdict %v, want %v: %+v %+v", r.Verdict, want.verdict, got.Findings, got.Gaps)
	}
	worst := layers.Theme("")
	if len(got.Findings) > 0 {
		worst = got.Findings[0].Theme
	}
	if key == "protected" && worst == layers.Redline {
		worst = layers.Protected // the reserve lies in the red line, and both prohibit
	}
	if worst != want.on {
		t.Errorf("the worst finding is about %q, want %q", worst, want.on)
	}
	for _, c := range got.Checked {
		if key == "touching" && c.Theme == layers.Redline && (c.Overlaps != 0 || c.Touching != 1) {
			t.Errorf("the touching parcel has %d overlaps with the red line and touches %d", c.Overlaps, c.Touching)
		}
	}
	if key == "outside" {
		for _, g := range got.Gaps {
			if g.Problem.Code != "check.coverage.outside" {
				t.Errorf("incomplete because of %v", g.Problem)
			}
		}
	}
}

// The same city must give the same bytes, so that a demonstration can be repeated and a download compared.
func TestFilesAreTheSameEveryTime(t *testing.T) {
	made := makeCity(t)
	made.Tables = slices.DeleteFunc(slices.Clone(made.Tables), func(x city.Table) bool { return x.Layer.Theme == layers.Landuse })
	write := func() map[string][]byte {
		dir := t.TempDir()
		_, err := files.WriteLayers(t.Context(), dir, made, func(int64, int64) {})
		if err := errors.Join(err, files.WriteParcels(t.Context(), dir, made.Parcels)); err != nil {
			t.Fatal(err)
		}
		out := map[string][]byte{}
		paths, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if out[filepath.Base(path)], err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
		}
		return out
	}
	first, second := write(), write()
	for name, content := range first {
		if !bytes.Equal(content, second[name]) {
			t.Errorf("%s differs when it is written again", name)
		}
	}
	if len(first) < 10 || len(first) != len(second) {
		t.Errorf("wrote %d and %d files", len(first), len(second))
	}
}

// A folder that cannot be written, and a cancelled context, are errors and leave no half file.
func TestFailuresLeaveNoFile(t *testing.T) {
	made := makeCity(t)
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := files.WriteLayers(t.Context(), blocked, made, func(int64, int64) {}); err == nil {
		t.Error("wrote into a file")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	_, err := files.WriteLayers(ctx, dir, city.City{Tables: shapefiles(made)}, func(int64, int64) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v (%s)", err, geo.CodeOf(err))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.zip")); len(left) > 0 {
		t.Errorf("half files: %s", fmt.Sprint(left))
	}
}

func shapefiles(made city.City) []city.Table {
	return slices.DeleteFunc(slices.Clone(made.Tables), func(x city.Table) bool { return x.Layer.Theme != layers.Redline })
}
