package main

import (
	"archive/zip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
)

// straight is how far areas of the same lon/lat rectangle may differ, in m²: both are the legal area of the same
// vertices, so only rounding is left.
const straight = 0.01

func near(a geo.Area, b geo.Area) bool { return math.Abs(float64(a-b)) <= straight }

func areaOf(t *testing.T, text string) geo.Area {
	t.Helper()
	return ellipsoid.Area(geometry(t, text))
}

func parcelFile(t *testing.T, texts ...string) string {
	t.Helper()
	var places []place
	for i, text := range texts {
		places = append(places, place{text, []any{"地块" + strconv.Itoa(i+1)}})
	}
	return writeGeoJSON(t, "parcels.geojson", textFields("DKMC"), places...)
}

func TestExitCodeTellsTheVerdict(t *testing.T) {
	workspace := newCity(t)
	clear := box("80", "80", "82", "82")
	for _, tc := range []struct {
		name, activity string
		parcels        []string
		code           int
		verdict        string
		law            string
	}{
		{"inside the urban boundary", "construction", []string{clear}, 0, "clear", ""},
		{"outside of it", "construction", []string{box("22", "00", "24", "02")}, 10, "conditional", "193号"},
		{"tourism on the red line", "tourism", []string{box("12", "12", "14", "14")}, 11, "approval-required", "142号"},
		{"building on the red line", "construction", []string{box("12", "12", "14", "14")}, 12, "prohibited", "142号"},
		{"building in the core zone", "construction", []string{box("32", "32", "34", "34")}, 12, "prohibited", "自然保护区条例"},
		{"half outside the city", "construction", []string{"POLYGON((109.69 23.15,109.71 23.15,109.71 23.16,109.69 23.16,109.69 23.15))"}, 13, "incomplete", ""},
		{"the worst of two", "construction", []string{clear, box("12", "12", "14", "14")}, 12, "prohibited", "142号"},
		{"a neighbour of the red line that touches it", "construction", []string{box("19", "10", "22", "19")}, 10, "conditional", "193号"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := parcelFile(t, tc.parcels...)
			args := []string{"check", "--workspace", workspace, "--date", day, "--activity", tc.activity}
			o := command(t, append(args, "--json", file)...)
			got := decode[checkJSON](t, o)
			if o.code != tc.code || got.Verdict != tc.verdict || len(got.Parcels) != len(tc.parcels) || got.Date != day {
				t.Errorf("exit %d, %s, want %d, %s\n%s", o.code, got.Verdict, tc.code, tc.verdict, o.stdout)
			}
			// The three constraint layers, and what the land under the parcels is told from.
			refs := []string{"landuse@2025.1", "redline@2024.1", "region@2024.1", "reserve@2024.1", "urban@2024.1"}
			if !slices.Equal(got.Refs, refs) || got.RuleBookHash == "" || got.Tolerance != 1 {
				t.Errorf("depends on %v, rule book %q, tolerance %v", got.Refs, got.RuleBookHash, got.Tolerance)
			}
			for i, text := range tc.parcels {
				if want := areaOf(t, text); !near(got.Parcels[i].Area, want) {
					t.Errorf("parcel %d has %v m², want %v", i+1, got.Parcels[i].Area, want)
				}
			}
			told := command(t, append(args, "--lang", "zh-CN", file)...)
			if told.code != tc.code || !strings.Contains(told.stdout, tc.law) || told.stderr != "" {
				t.Errorf("in words: exit %d\n%s%s", told.code, told.stdout, told.stderr)
			}
		})
	}
}

func TestCheckGivesTheFigures(t *testing.T) {
	workspace := newCity(t)
	// Two parcels that overlap each other, both half on red line A: 109.615 … 109.619 and 109.617 … 109.619.
	first, second := box("15", "12", "23", "14"), box("17", "12", "23", "14")
	file := parcelFile(t, first, second)
	dir := t.TempDir()
	workbook, overlaps := filepath.Join(dir, "r.xlsx"), filepath.Join(dir, "r.geojson")
	o := command(t, "check", "--workspace", workspace, "--date", day, "--json", "--report", workbook, "--overlaps", overlaps, file)
	got := decode[checkJSON](t, o)
	if o.code != 12 {
		t.Fatalf("exit %d\n%s", o.code, o.stderr)
	}
	onRed, alsoOnRed := areaOf(t, box("15", "12", "19", "14")), areaOf(t, box("17", "12", "19", "14"))
	layer := got.Layers[0]
	if layer.Ref != "redline@2024.1" || layer.Parcels != 2 || !near(layer.Area, onRed+alsoOnRed) || !near(*layer.Union, onRed) {
		t.Errorf("red line: %+v (union %v), want the sum %v and the union %v", layer, *layer.Union, onRed+alsoOnRed, onRed)
	}
	if len(layer.Features) != 1 || layer.Features[0].Name != "甲" || layer.Features[0].Parcels != 2 || !near(*layer.Features[0].Union, onRed) {
		t.Errorf("by feature: %+v", layer.Features)
	}
	if want := areaOf(t, first); !near(*got.Union, want) || !near(got.Area, want+areaOf(t, second)) {
		t.Errorf("parcels: sum %v, union %v, want the union %v", got.Area, *got.Union, want)
	}
	f := got.Parcels[0].Findings[0]
	if f.Ref != "redline@2024.1" || f.Feature != 1 || f.Outcome != "prohibited" || f.Rule == "" || f.Text == "" ||
		!near(f.Area, onRed) || math.Abs(f.Share-float64(onRed/areaOf(t, first))) > 1e-9 {
		t.Errorf("finding %+v", f)
	}
	wantWorkbook(t, workbook, 5, onRed)
	// Each parcel has an overlap with the red line and one with what no urban boundary covers.
	sum := wantGeoJSON(t, overlaps, 4, "area_m2")
	if want := onRed + alsoOnRed + areaOf(t, first) + areaOf(t, second); math.Abs(float64(sum-want)) > 1 {
		t.Errorf("the outlines of the overlaps have %v m², want %v", sum, want)
	}
	told := command(t, "check", "--workspace", workspace, "--date", day, "--lang", "en", file)
	if !strings.Contains(told.stdout, "redline@2024.1 all features: 2 parcels overlap") {
		t.Errorf("the sums are not told:\n%s", told.stdout)
	}
}

// A sliver of 1 m by 30 cm is touching by default and an overlap where every overlap counts.
func TestToleranceZeroCountsEverything(t *testing.T) {
	workspace := newCity(t)
	sliver := parcelFile(t, "POLYGON((109.618997 23.115,109.621 23.115,109.621 23.11501,109.618997 23.11501,109.618997 23.115))")
	for tolerance, parcels := range map[string]int{"1": 0, "0": 1} {
		o := command(t, "check", "--workspace", workspace, "--date", day, "--json", "--tolerance", tolerance, sliver)
		got := decode[checkJSON](t, o)
		if len(got.Layers) == 0 || got.Layers[0].Parcels != parcels {
			t.Errorf("tolerance %s: %+v", tolerance, got.Layers)
		}
	}
}

func TestCheckRefusals(t *testing.T) {
	workspace := newCity(t)
	file := parcelFile(t, box("80", "80", "82", "82"))
	refused(t, "check.activity.unknown", "check", "--workspace", workspace, "--activity", "fishing", file)
	refused(t, "check.date.malformed", "check", "--workspace", workspace, "--date", "2026", file)
	refused(t, "ingest.geometry.ambiguous", "check", "--workspace", workspace, parcelFile(t, pentagram))
	bare := t.TempDir()
	must(t, "import", "--workspace", bare, "--layer", "region", "--theme", "region", "--vintage", "2024", regionFile(t))
	empty := decode[checkJSON](t, command(t, "check", "--workspace", bare, "--json", file))
	if empty.Verdict != "incomplete" || len(empty.Parcels[0].Gaps) != 2 {
		t.Errorf("no constraint layer is imported, but the answer is %s for %v", empty.Verdict, empty.Parcels[0].Gaps)
	}
}

func TestUnreadRowsMakeACheckIncomplete(t *testing.T) {
	workspace := newCity(t)
	o := command(t, "check", "--workspace", workspace, "--date", day, "--json", parcelFile(t, box("80", "80", "82", "82"), pentagram))
	got := decode[checkJSON](t, o)
	if o.code != 13 || len(got.Parcels) != 1 || got.Parcels[0].Verdict != "clear" || len(got.Unread) != 1 ||
		got.Unread[0].Row != 2 || got.Unread[0].Code != "ingest.geometry.ambiguous" {
		t.Errorf("exit %d, %+v", o.code, got)
	}
}

func TestChangeOfLandUse(t *testing.T) {
	workspace := newCity(t)
	dir := t.TempDir()
	workbook, patches := filepath.Join(dir, "c.xlsx"), filepath.Join(dir, "c.geojson")
	args := []string{"change", "--workspace", workspace, "--lang", "en", "--regions", "region@2024.1"}
	o := must(t, append(args, "--json", "--report", workbook, "--patches", patches, "landuse@2024.1", "landuse@2025.1")...)
	got := decode[changeJSON](t, o)
	changed, kept, farmed := areaOf(t, box("05", "00", "10", "10")), areaOf(t, box("00", "00", "05", "10")), areaOf(t, box("10", "00", "20", "10"))
	if len(got.Rows) != 2 || got.Rows[0].Code != "450001" || got.Rows[0].Name != "西县" || !near(got.Rows[0].Changed, changed) ||
		!near(got.Rows[0].Before, changed+kept+farmed) || !near(got.Total.Net, 0) {
		t.Errorf("rows %+v, total %+v", got.Rows, got.Total)
	}
	want := map[string][2]geo.Area{"0103": {farmed, farmed}, "0301": {kept + changed, kept}, "0601": {0, changed}}
	for _, c := range got.Classes {
		if w, ok := want[c.Code]; !ok || !near(c.Before, w[0]) || !near(c.After, w[1]) || c.Name == "" {
			t.Errorf("class %+v, want %v", c, w)
		}
	}
	if len(got.Classes) != 3 || len(got.Gaps) != 0 {
		t.Errorf("classes %+v, gaps %+v", got.Classes, got.Gaps)
	}
	wantWorkbook(t, workbook, 5, changed)
	if sum := wantGeoJSON(t, patches, 1, "area_m2"); math.Abs(float64(sum-changed)) > 0.1 {
		t.Errorf("the patch has %v m², want %v", sum, changed)
	}
	told := must(t, append(args, "landuse@2024.1", "landuse@2025.1")...)
	if !strings.Contains(told.stdout, "西县") || !strings.Contains(told.stdout, "Arbor forest") || !strings.Contains(told.stdout, "total") {
		t.Errorf("in words:\n%s", told.stdout)
	}
	refused(t, "store.vintage.unknown", "change", "--workspace", workspace, "landuse@2024.1", "landuse@2026.1")
	refused(t, "layer.ref.malformed", "change", "--workspace", workspace, "landuse@2024.1", "landuse")
	refused(t, "change.layers.differ", "change", "--workspace", workspace, "landuse@2024.1", "redline@2024.1")
	refused(t, "change.vintages.same", "change", "--workspace", workspace, "landuse@2024.1", "landuse@2024.1")
}

func TestShorelineRate(t *testing.T) {
	workspace := newCity(t)
	line := func(x0, x1 string) string { return "LINESTRING(109.6" + x0 + " 23.18,109.6" + x1 + " 23.18)" }
	zones := writeGeoJSON(t, "zones.geojson", textFields("type", "rname"),
		place{line("10", "20"), []any{"1", "清江"}}, place{line("20", "40"), []any{"3", "清江"}},
		place{line("60", "90"), []any{"4", "清江"}}, place{line("90", "99"), []any{"2", "清江"}})
	must(t, "import", "--workspace", workspace, "--layer", "zones", "--theme", "shoreline", "--vintage", "2024", zones)
	workbook := filepath.Join(t.TempDir(), "s.xlsx")
	args := []string{"shoreline", "--workspace", workspace, "--regions", "region@2024.1", "zones@2024.1"}
	type row struct {
		Code, River string
		Rate        *float64
	}
	type rates struct {
		Result []struct {
			Rows  []row
			Total row
		}
		Tables []struct{ ID string }
	}
	segments := filepath.Join(t.TempDir(), "segments.csv")
	answered := func(r outcome) (out rates) {
		t.Helper()
		if err := json.Unmarshal([]byte(r.stdout), &out); err != nil || len(out.Result) != 1 {
			t.Fatalf("%v\n%s", err, r.stdout)
		}
		return out
	}
	asked := answered(must(t, append(args, "--json", "--report", workbook, "--csv", segments, "--table", "segments")...))
	got := asked.Result[0]
	// On one parallel lengths are as the differences of longitude, but for the geodesic's bow.
	want := map[string]float64{"450001": 10.0 / 30, "450002": 9.0 / 39}
	for _, r := range got.Rows {
		if r.Rate == nil || math.Abs(*r.Rate-want[r.Code]) > 1e-6 || r.River != "清江" {
			t.Errorf("row %+v, want %v", r, want[r.Code])
		}
	}
	if len(got.Rows) != 2 || got.Total.Rate == nil || math.Abs(*got.Total.Rate-19.0/69) > 1e-6 {
		t.Errorf("%+v", got)
	}
	wantSheets(t, workbook, len(asked.Tables))
	if list, err := os.ReadFile(segments); err != nil || strings.Count(string(list), "K0+000.00") != 2 {
		t.Errorf("two banks begin at zero: %v\n%s", err, list)
	}
	refusedTable := run(t.Context(), append(args, "--table", "none"), io.Discard, io.Discard)
	if refusedTable != exitUsage {
		t.Errorf("an unknown table: exit %d", refusedTable)
	}

	// The same zones as polygons along the management line give the same rate.
	area := func(x0, x1 string) string { return box(x0, "79", x1, "81") }
	areas := writeGeoJSON(t, "areas.geojson", textFields("type", "rname"),
		place{area("10", "20"), []any{"1", "清江"}}, place{area("20", "40"), []any{"3", "清江"}},
		place{area("60", "90"), []any{"4", "清江"}}, place{area("90", "99"), []any{"2", "清江"}})
	must(t, "import", "--workspace", workspace, "--layer", "areas", "--theme", "shoreline", "--vintage", "2024", areas)
	bank := writeGeoJSON(t, "bank.geojson", textFields("rname"), place{line("10", "99"), []any{"清江"}})
	must(t, "import", "--workspace", workspace, "--layer", "bank", "--theme", "bankline", "--vintage", "2024", bank)
	cut := answered(must(t, "shoreline", "--workspace", workspace, "--json", "--line", "bank@2024.1", "areas@2024.1")).Result[0]
	if cut.Total.Rate == nil || math.Abs(*cut.Total.Rate-19.0/69) > 1e-5 {
		t.Errorf("by polygons: %+v", cut)
	}
	told := must(t, append(args, "--lang", "en")...)
	if !strings.Contains(told.stdout, "27.54") || !strings.Contains(told.stdout, "清江") {
		t.Errorf("in words:\n%s", told.stdout)
	}
	refused(t, "store.vintage.unknown", "shoreline", "--workspace", workspace, "zones@2020.1")
}

// wantWorkbook checks that a workbook is a whole OOXML package with so many sheets, and that an area stands in it as a
// number of hectares with the four decimals of print.
func wantWorkbook(t *testing.T, path string, sheets int, area geo.Area) {
	t.Helper()
	all := wantSheets(t, path, sheets)
	hectares := strconv.FormatFloat(float64(area)/1e4, 'f', 4, 64)
	if !strings.Contains(all, "<v>"+strings.TrimRight(hectares, "0")) {
		t.Errorf("%s does not hold %s ha", filepath.Base(path), hectares)
	}
}

// wantSheets opens a workbook, counts its sheets and gives their text.
func wantSheets(t *testing.T, path string, atLeast int) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all strings.Builder
	count := 0
	sheet := regexp.MustCompile(`^xl/worksheets/sheet\d+\.xml$`)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r) // reads to the end, so that the checksum is verified
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if sheet.MatchString(f.Name) {
			count++
			all.Write(content)
		}
	}
	if count < atLeast {
		t.Errorf("%s has %d sheets, want %d", filepath.Base(path), count, atLeast)
	}
	return all.String()
}

// wantGeoJSON checks that a file of outlines opens, holds so many features, and that each states the area that it has;
// it gives the sum.
func wantGeoJSON(t *testing.T, path string, features int, field string) geo.Area {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	collection, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(collection.Features) != features {
		t.Errorf("%s has %d features, want %d", filepath.Base(path), len(collection.Features), features)
	}
	sum := geo.Area(0)
	for _, f := range collection.Features {
		area := ellipsoid.Area(f.Geometry)
		sum += area
		if stated := f.Properties.MustFloat64(field); math.Abs(stated-float64(area)) > 0.1+1e-6*float64(area) {
			t.Errorf("%s: a feature states %v m² and has %v", filepath.Base(path), stated, area)
		}
	}
	return sum
}
