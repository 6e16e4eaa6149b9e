package main

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/cmd/democity/city"
	"greenshield/cmd/democity/files"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
)

// delivered is one polygon as survey TXT (GBK, Gauss plane), zipped shapefile (GBK, Gauss plane), GeoJSON and
// GeoPackage, by extension.
func delivered(t *testing.T, text string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	g := geometry(t, text).(orb.Polygon)
	var parcels []city.Parcel
	for range 4 {
		parcels = append(parcels, city.Parcel{Key: "parcel" + string(rune('a'+len(parcels))), Name: "青山地块", Geometry: g})
	}
	if err := files.WriteParcels(t.Context(), dir, parcels); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out[filepath.Ext(e.Name())] = filepath.Join(dir, e.Name())
	}
	out[".shp"] = unpacked(t, out[".zip"])
	return out
}

// unpacked gives the .shp of a zip that is unpacked into a folder.
func unpacked(t *testing.T, path string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir, shp := t.TempDir(), ""
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, filepath.Base(f.Name))
		if err := os.WriteFile(out, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(out) == ".shp" {
			shp = out
		}
	}
	return shp
}

func TestImportReadsEveryKindOfFile(t *testing.T) {
	const square = "POLYGON((109.61 23.11,109.619 23.11,109.619 23.119,109.61 23.119,109.61 23.11))"
	want := float64(ellipsoid.Area(geometry(t, square)))
	for kind, tc := range map[string]struct{ format, encoding, system string }{
		".txt":     {"parceltxt", "GB18030", "EPSG:4525"},
		".zip":     {"shapefile", "GB18030", "EPSG:4525"},
		".shp":     {"shapefile", "GB18030", "EPSG:4525"},
		".geojson": {"geojson", "UTF-8", "EPSG:4326"},
		".gpkg":    {"geopackage", "UTF-8", "EPSG:4490"},
	} {
		path := delivered(t, square)[kind]
		workspace := t.TempDir()
		o := must(t, "import", "--workspace", workspace, "--json", "--layer", "redline", "--theme", "redline", "--vintage", "2023", path)
		r := decode[importJSON](t, o)
		if r.Ref != "redline@2023.1" || r.Read != 1 || r.Kept != 1 || r.Rejected != 0 || r.File != filepath.Base(path) {
			t.Errorf("%s: %+v", kind, r)
		}
		if !strings.Contains(strings.ToLower(r.Format), tc.format) || r.Encoding != tc.encoding || r.System != tc.system {
			t.Errorf("%s: read as %s, %s, %s, want %+v", kind, r.Format, r.Encoding, r.System, tc)
		}
		// A straight edge in the Gauss plane is no straight edge in degrees: 1 km bulges by 10 cm, which 70 m
		// densification follows, so the two areas agree to a few m² of 938,000.
		if math.Abs(r.AreaAfterM2-want) > 20 {
			t.Errorf("%s: area %.2f m², want %.2f", kind, r.AreaAfterM2, want)
		}
		got := vintages(t, workspace)
		if len(got) != 1 || got[0].Count != 1 || got[0].Provenance.Used != tc.system || got[0].Provenance.File != filepath.Base(path) {
			t.Errorf("%s: the workspace holds %+v", kind, got)
		}
	}
}

func TestImportTellsPeople(t *testing.T) {
	path := redlineFile(t)
	for lang, want := range map[string]string{"zh-CN": "已发布 redline@2024.1：2 个图斑", "en": "Published redline@2024.1: 2 features"} {
		o := must(t, "import", "--workspace", t.TempDir(), "--lang", lang, "--layer", "redline", "--theme", "redline", "--vintage", "2024", path)
		if !strings.HasPrefix(o.stdout, want) || !strings.Contains(o.stdout, "[ingest.crs.wgs84-as-cgcs2000]") {
			t.Errorf("%s: %s", lang, o.stdout)
		}
	}
}

func TestImportOfACorrectionIsANewRevision(t *testing.T) {
	workspace := t.TempDir()
	args := []string{"import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage", "2024"}
	must(t, append(args, redlineFile(t))...)
	must(t, append(args, redlineFile(t))...)
	if got := vintages(t, workspace); len(got) != 2 || got[1].Ref.String() != "redline@2024.2" {
		t.Errorf("the workspace holds %+v", got)
	}
}

func TestEveryRefusalSaysWhy(t *testing.T) {
	name := textFields("name")
	square := place{cell("1", "1"), []any{"a"}}
	plain := writeGeoJSON(t, "a.geojson", name, square)
	silent := delivered(t, square.wkt)[".shp"]
	if err := os.Remove(strings.TrimSuffix(silent, ".shp") + ".prj"); err != nil {
		t.Fatal(err)
	}
	far := writeGeoJSON(t, "far.geojson", name, place{"POLYGON((609 23,610 23,610 24,609 23))", []any{"a"}})
	for _, tc := range []struct {
		name, code string
		theme      string
		args       []string
	}{
		{"no reference system", "ingest.crs.missing", "redline", []string{silent}},
		{"another system than the file says", "ingest.crs.conflict", "redline", []string{"--crs", "EPSG:4525", plain}},
		{"a system that is not supported", "ingest.crs.unknown", "redline", []string{"--crs", "EPSG:2154", plain}},
		{"no system at all", "ingest.crs.unknown", "redline", []string{"--crs", "somewhere", plain}},
		{"degrees read as a plane", "ingest.crs.numbers-differ", "redline", []string{"--treat-as", "EPSG:4525", plain}},
		{"numbers that are no degrees", "ingest.crs.numbers-impossible", "redline", []string{far}},
		{"a rejected row", "ingest.rejects", "redline", []string{writeGeoJSON(t, "b.geojson", name, square, place{pentagram, []any{"b"}})}},
		{"nothing but a rejected row", "ingest.geometry.ambiguous", "redline", []string{writeGeoJSON(t, "c.geojson", name, place{pentagram, []any{"b"}})}},
		{"points", "ingest.geometry.not-polygon", "redline", []string{writeGeoJSON(t, "d.geojson", name, place{"POINT(109.6 23.1)", []any{"a"}})}},
		{"no rows", "ingest.file.empty", "redline", []string{writeGeoJSON(t, "e.geojson", name)}},
		{"no file of a known kind", "ingest.file.unknown-kind", "redline", []string{writeBytes(t, "f.bin", []byte{1, 2, 3, 0, 255, 9})}},
		{"nothing in the file", "ingest.file.no-bytes", "redline", []string{writeBytes(t, "g.geojson", nil)}},
		{"half a file", "ingest.geojson.truncated", "redline", []string{writeBytes(t, "h.geojson", []byte(`{"type":"FeatureCollection","features":[{`))}},
		{"an unknown theme", "layer.theme.unknown", "forest", []string{plain}},
		{"regions without codes", "ingest.field.missing", "region", []string{writeGeoJSON(t, "i.geojson", textFields("a"), square)}},
		{"a field that is not there", "ingest.field.unknown", "redline", []string{"--map", "zone=GNFQ", plain}},
		{"a role that is not one", "ingest.field.role-unknown", "redline", []string{"--map", "colour=name", plain}},
		{"coverage by no regions", "store.vintage.unknown", "redline", []string{"--coverage", "region@2023.1", plain}},
		{"coverage in no words", "layer.ref.malformed", "redline", []string{"--coverage", "all", plain}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			workspace := t.TempDir()
			args := append([]string{"import", "--workspace", workspace, "--layer", "test", "--theme", tc.theme, "--vintage", "2024"}, tc.args...)
			refused(t, tc.code, args...)
			if got := vintages(t, workspace); len(got) != 0 {
				t.Errorf("published all the same: %+v", got)
			}
		})
	}
	t.Run("a layer's name", func(t *testing.T) {
		refused(t, "layer.id.malformed", "import", "--workspace", t.TempDir(), "--layer", "Red Line", "--theme", "redline", "--vintage", "2024", plain)
	})
	t.Run("a date", func(t *testing.T) {
		refused(t, "layer.vintage.malformed", "import", "--workspace", t.TempDir(), "--layer", "redline", "--theme", "redline", "--vintage", "24", plain)
	})
	t.Run("a workspace file of another program", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "greenshield.gpkg"), []byte("not a database, but long enough to look like one"), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, "store.file.not-geopackage", "import", "--workspace", dir, "--layer", "redline", "--theme", "redline", "--vintage", "2024", plain)
	})
}

// A file that names no system is refused with what its numbers could be in, and taken when the operator says.
func TestOperatorDeclaresTheSystem(t *testing.T) {
	shp := delivered(t, cell("1", "1"))[".shp"]
	if err := os.Remove(strings.TrimSuffix(shp, ".shp") + ".prj"); err != nil {
		t.Fatal(err)
	}
	workspace := t.TempDir()
	args := []string{"import", "--workspace", workspace, "--json", "--lang", "en", "--layer", "redline", "--theme", "redline", "--vintage", "2024"}
	o := command(t, append(slices.Clone(args), shp)...)
	if o.code != exitRefused || !strings.Contains(o.stderr, "zone 37") {
		t.Errorf("exit %d, want the systems that the numbers could be in\n%s", o.code, o.stderr)
	}
	if r := decode[importJSON](t, o); r.Ref != "" {
		t.Errorf("refused, but %+v", r)
	}
	r := decode[importJSON](t, must(t, append(slices.Clone(args), "--crs", "EPSG:4525", shp)...))
	if r.System != "EPSG:4525" || !slices.Contains(r.codes(), "ingest.crs.supplied") {
		t.Errorf("declared: %+v", r)
	}
	if got := vintages(t, workspace); len(got) != 1 || !got[0].Provenance.TreatedAs {
		t.Errorf("the provenance does not say that the operator supplied the system: %+v", got)
	}
}

func TestTreatAsIsRecorded(t *testing.T) {
	workspace := t.TempDir()
	o := must(t, "import", "--workspace", workspace, "--json", "--treat-as", "EPSG:4490", "--suspected", "GCJ-02", "--layer", "redline",
		"--theme", "redline", "--vintage", "2024", redlineFile(t))
	r := decode[importJSON](t, o)
	if r.System != "EPSG:4490" || !slices.Contains(r.codes(), "ingest.crs.treated-as") ||
		!slices.Contains(r.codes(), "ingest.crs.suspected-obfuscated") {
		t.Errorf("%+v", r)
	}
	got := vintages(t, workspace)
	if len(got) != 1 {
		t.Fatalf("the workspace holds %+v", got)
	}
	if p := got[0].Provenance; !p.TreatedAs || p.Used != "EPSG:4490" || p.Suspected != "GCJ-02" || p.SHA256 == (layers.Hash{}) {
		t.Errorf("provenance %+v", p)
	}
}

// TestDatumShiftIsRecorded imports degrees of Xi'an 1980 with an operator's parameters, and refuses what cannot be meant.
func TestDatumShiftIsRecorded(t *testing.T) {
	const shift = "18.5,-124.25,-71.75,0.75,-1.25,2.5,-3.5"
	workspace := t.TempDir()
	args := []string{"import", "--workspace", workspace, "--json", "--layer", "redline", "--theme", "redline", "--vintage", "2011"}
	with := func(more ...string) []string { return append(append(slices.Clone(args), more...), redlineFile(t)) }
	for _, c := range []struct {
		name, code string
		flags      []string
	}{
		{"no parameters", "ingest.crs.old-datum", []string{"--treat-as", "EPSG:4610"}},
		{"the header's none", "ingest.crs.old-datum", []string{"--treat-as", "EPSG:4610", "--datum-shift", ",,,,,,"}},
		{"no system", "ingest.crs.shift-without-system", []string{"--datum-shift", shift}},
		{"a system of today", "ingest.crs.shift-unneeded", []string{"--treat-as", "EPSG:4490", "--datum-shift", shift}},
		{"rotations in degrees", "ingest.crs.shift-implausible", []string{"--treat-as", "EPSG:4610", "--datum-shift", "1,2,3,0,0,90,0"}},
		{"six numbers", "ingest.crs.shift-malformed", []string{"--treat-as", "EPSG:4610", "--datum-shift", "1,2,3,4,5,6"}},
	} {
		if o := command(t, with(c.flags...)...); o.code == 0 || !strings.Contains(o.stderr, "["+c.code+"]") {
			t.Errorf("%s: exit %d, %s", c.name, o.code, o.stderr)
		}
	}
	r := decode[importJSON](t, must(t, with("--treat-as", "EPSG:4610", "--datum-shift", shift)...))
	if !slices.Contains(r.codes(), "ingest.crs.treated-as") || !slices.Contains(r.codes(), "ingest.crs.shifted") {
		t.Errorf("%+v", r)
	}
	got := vintages(t, workspace)
	if len(got) != 1 {
		t.Fatalf("the workspace holds %+v", got)
	}
	if p := got[0].Provenance; !p.TreatedAs || p.Used != "EPSG:4610 ("+shift+",coordinate-frame)" {
		t.Errorf("provenance %+v", p)
	}
}

// TestCheckWithDatumShift checks one file as CGCS2000 and as Xi'an 1980, a hundred metres away.
func TestCheckWithDatumShift(t *testing.T) {
	workspace := newCity(t)
	check := func(flags ...string) outcome {
		return command(t, append(append([]string{"check", "--workspace", workspace, "--json"}, flags...), redlineFile(t))...)
	}
	here := check()
	there := check("--treat-as", "EPSG:4610", "--datum-shift", "100,-100,0,0,0,0,0,position-vector")
	if here.stdout == "" || there.stdout == "" || here.stdout == there.stdout {
		t.Errorf("a shift of 141 m changes nothing:\n%s", there.stdout)
	}
	if refused := check("--datum-shift", "100,-100,0"); !strings.Contains(refused.stderr, "[ingest.crs.shift-without-system]") {
		t.Errorf("exit %d, %s", refused.code, refused.stderr)
	}
}

// pentagram winds twice round its middle, so the two readings of it differ and no repair is certain.
const pentagram = "POLYGON((109.661 23.111,109.663 23.117,109.665 23.111,109.660 23.115,109.666 23.115,109.661 23.111))"

func TestRejectsAreListedAndAccepted(t *testing.T) {
	workspace := newCity(t)
	file := writeGeoJSON(t, "wetland.geojson", textFields("SDMC"),
		place{box("70", "70", "75", "75"), []any{"东湖"}}, place{pentagram, []any{"=1+1"}})
	table := filepath.Join(t.TempDir(), "rejects.csv")
	args := []string{
		"import", "--workspace", workspace, "--json", "--layer", "wetland", "--theme", "wetland", "--vintage", "2024",
		"--coverage", "everywhere", "--rejects", table,
	}
	before := len(vintages(t, workspace))
	o := command(t, append(slices.Clone(args), file)...)
	r := decode[importJSON](t, o)
	if o.code != exitRefused || r.Ref != "" || r.Read != 2 || r.Rejected != 1 || !strings.Contains(o.stderr, "[ingest.rejects]") {
		t.Fatalf("exit %d, %+v\n%s", o.code, r, o.stderr)
	}
	if len(vintages(t, workspace)) != before {
		t.Error("a refused file was published")
	}
	wantRejects(t, table)
	if err := os.Remove(table); err != nil {
		t.Fatal(err)
	}
	r = decode[importJSON](t, must(t, append(slices.Clone(args), "--accept-rejects", file)...))
	if r.Ref != "wetland@2024.1" || r.Kept != 1 || r.Rejected != 1 {
		t.Fatalf("accepted: %+v", r)
	}
	wantRejects(t, table)

	near := writeGeoJSON(t, "near.geojson", textFields("DKMC"), place{box("64", "13", "65", "14"), []any{"旁边"}})
	far := writeGeoJSON(t, "far.geojson", textFields("DKMC"), place{box("80", "80", "81", "81"), []any{"远处"}})
	o = command(t, "check", "--workspace", workspace, "--date", day, "--json", near)
	got := decode[checkJSON](t, o)
	if o.code != 13 || len(got.Parcels) != 1 || !slices.ContainsFunc(got.Parcels[0].Gaps, func(g gapJSON) bool { return g.Code == "check.layer.rejects" }) {
		t.Errorf("near a rejected row: exit %d, %+v", o.code, got.Parcels)
	}
	if o = command(t, "check", "--workspace", workspace, "--date", day, far); o.code != 0 {
		t.Errorf("far from a rejected row: exit %d\n%s%s", o.code, o.stdout, o.stderr)
	}
}

// What has more than one reading is repaired only when that is asked for, and is told row by row and in the provenance.
func TestBestEffortIsAskedForAndTold(t *testing.T) {
	name := textFields("HXMC")
	const square = "POLYGON((109.61 23.11,109.62 23.11,109.62 23.12,109.61 23.12,109.61 23.11))"
	path := writeGeoJSON(t, "b.geojson", name, place{square, []any{"a"}}, place{pentagram, []any{"b"}})
	args := []string{"--layer", "redline", "--theme", "redline", "--vintage", "2023", "--json", path}
	workspace := t.TempDir()
	refused(t, "ingest.rejects", append([]string{"import", "--workspace", workspace}, args...)...)
	o := must(t, append([]string{"import", "--workspace", workspace, "--repair", "best-effort"}, args...)...)
	r := decode[importJSON](t, o)
	if r.Kept != 2 || r.Repaired != 1 || r.Guessed != 1 || !strings.Contains(o.stdout, "ingest.geometry.guessed") {
		t.Errorf("%s", o.stdout)
	}
	if got := vintages(t, workspace); len(got) != 1 || got[0].Provenance.Guessed != 1 || got[0].Provenance.Repaired != 1 {
		t.Errorf("the workspace holds %+v", got)
	}
}

// A dry run says all that an import would say and leaves nothing behind, not even the workspace.
func TestDryRunWritesNothing(t *testing.T) {
	name := textFields("HXMC")
	const square = "POLYGON((109.61 23.11,109.62 23.11,109.62 23.12,109.61 23.12,109.61 23.11))"
	good := writeGeoJSON(t, "a.geojson", name, place{square, []any{"a"}})
	bad := writeGeoJSON(t, "b.geojson", name, place{square, []any{"a"}}, place{pentagram, []any{"b"}})
	workspace := filepath.Join(t.TempDir(), "none-yet")
	args := []string{"import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage", "2023"}
	o := must(t, append(args, "--dry-run", good)...)
	if !strings.HasPrefix(o.stdout, "试运行，未写入任何内容：读取 1 个图斑，可采用 1") {
		t.Errorf("%s", o.stdout)
	}
	refused(t, "ingest.rejects", append(args, "--dry-run", bad)...)
	if _, err := os.Stat(workspace); err == nil {
		t.Error("a dry run made a workspace")
	}
	must(t, append(args, good)...)
	must(t, append(args, "--dry-run", good)...)
	if got := vintages(t, workspace); len(got) != 1 {
		t.Errorf("a dry run published: %+v", got)
	}
}

func wantRejects(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "2" || rows[1][1] != "ingest.geometry.ambiguous" ||
		!strings.HasPrefix(rows[1][3], "109.66") {
		t.Errorf("the list of rejects reads %q, %v", rows, err)
	}
}

// countdown is a context that is cancelled when it has been asked a number of times, so that a test can stop work at
// the same point every time.
type countdown struct {
	context.Context
	cancel context.CancelCauseFunc
	left   atomic.Int64
}

func newCountdown(parent context.Context, left int64) *countdown {
	c := &countdown{}
	c.Context, c.cancel = context.WithCancelCause(parent)
	c.left.Store(left)
	return c
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		c.cancel(errors.New("interrupted by the test"))
	}
	return c.Context.Err()
}

func TestInterruptedImportLeavesNothing(t *testing.T) {
	var places []place
	for i := range 400 {
		x, y := string(rune('0'+i/10%10)), string(rune('0'+i%10))
		places = append(places, place{cell(x, y), []any{"a"}})
	}
	file := writeGeoJSON(t, "many.geojson", textFields("name"), places...)
	stopped := 0
	for _, left := range []int64{1, 50, 200, 390, 450} {
		workspace := t.TempDir()
		o := commandIn(newCountdown(t.Context(), left), "import", "--workspace", workspace, "--layer", "redline", "--theme", "redline",
			"--vintage", "2024", file)
		if o.code == 0 {
			continue // the work was done before
		}
		stopped++
		if o.code != exitFailed || strings.Contains(o.stdout, "redline@2024") {
			t.Errorf("after %d questions: exit %d\n%s%s", left, o.code, o.stdout, o.stderr)
		}
		if got := vintages(t, workspace); len(got) != 0 {
			t.Errorf("after %d questions the workspace holds %+v", left, got)
		}
		left, err := filepath.Glob(filepath.Join(workspace, ".*"))
		if err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	if stopped < 3 {
		t.Errorf("only %d of 5 imports were interrupted", stopped)
	}
}
