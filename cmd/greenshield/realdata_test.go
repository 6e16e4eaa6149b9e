package main

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// realInput gives a path in the folder of inputs that no one here wrote. It is read in place and is no part of the
// project; SOURCES.md of that folder has the figures that these tests compare with.
func realInput(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real input " + name + " is not here")
	}
	return path
}

const km2 = 1e6

func square(a geo.Area) float64 { return float64(a) / km2 }

// Two versions of the counties of one prefecture. Only the border between 450821 and 450881 moved, and 450881 gave
// up a strip at its outer border as well. The files call themselves WGS 84 and are really in GCJ-02.
func TestRealCountiesOfTwoYears(t *testing.T) {
	files := map[string]string{
		"2020": realInput(t, "real-cn-datav-guigang/v2-2020-06/citys/450800.json"),
		"2021": realInput(t, "real-cn-datav-guigang/v3-2021-09/citys/450800.json"),
	}
	workspace := t.TempDir()
	for vintage, file := range files {
		r := decode[importJSON](t, must(t, "import", "--workspace", workspace, "--json", "--layer", "region", "--theme", "region", "--vintage", vintage, file))
		if r.Kept != 5 || r.Rejected != 0 || !slices.Contains(r.codes(), "ingest.crs.suspected-gcj02") {
			t.Errorf("%s: no warning about GCJ-02: %+v", vintage, r)
		}
	}
	for _, v := range vintages(t, workspace) {
		if v.Provenance.Suspected != "GCJ-02" {
			t.Errorf("%s: provenance %+v", v.Ref, v.Provenance)
		}
	}
	got := decode[changeJSON](t, must(t, "change", "--workspace", workspace, "--json", "region@2020.1", "region@2021.1"))
	wantCounties(t, got)
	split := decode[changeJSON](t, must(t, "change", "--workspace", workspace, "--json", "--regions", "region@2020.1", "region@2020.1", "region@2021.1"))
	for _, row := range split.Rows {
		t.Logf("within the borders of 2020: %-6s before %.4f after %.4f gained %.4f lost %.4f km²", row.Code, square(row.Before),
			square(row.After), square(row.Gained), square(row.Lost))
		if changed := square(row.Gained + row.Lost); (row.Code == "450881" || row.Code == "") != (changed > 1e-6) {
			t.Errorf("the extent within %q changed by %.6f km²", row.Code, changed)
		}
	}
	for _, c := range []changeJSON{got, split} {
		if len(c.Gaps) != 2 || c.Gaps[0].Code != "change.layer.suspected" {
			t.Errorf("the report does not say that the frame is suspect: %+v", c.Gaps)
		}
	}
}

func wantCounties(t *testing.T, got changeJSON) {
	t.Helper()
	const tolerance = 0.02 // km²; the figures of SOURCES.md have two decimals
	want := map[string][2]float64{
		"450802": {1096.00, 1096.00}, "450803": {1101.92, 1101.92}, "450804": {1350.72, 1350.72},
		"450821": {2986.27, 2990.03}, "450881": {4086.58, 4073.46},
	}
	for i, c := range got.Classes {
		w := want[c.Code]
		t.Logf("%s: before %.4f after %.4f unchanged %.4f km²", c.Code, square(c.Before), square(c.After), square(c.Unchanged))
		if math.Abs(square(c.Before)-w[0]) > tolerance || math.Abs(square(c.After)-w[1]) > tolerance {
			t.Errorf("%s: %.4f and %.4f km², want %v", c.Code, square(c.Before), square(c.After), w)
		}
		if w[0] == w[1] && (!near(c.Before, c.After) || !near(c.Before, c.Unchanged)) {
			t.Errorf("%s changed: %+v", c.Code, c)
		}
		for j, area := range got.Matrix[i] {
			moved := i != j && area > 1
			if moved {
				t.Logf("from %s to %s: %.4f km²", c.Code, got.Classes[j].Code, square(area))
			}
			if moved && (w[0] == w[1] || want[got.Classes[j].Code][0] == want[got.Classes[j].Code][1]) {
				t.Errorf("from %s to %s went %v m²", c.Code, got.Classes[j].Code, area)
			}
		}
	}
	if len(got.Classes) != 5 {
		t.Errorf("classes %+v", got.Classes)
	}
	t.Logf("gained %.4f lost %.4f km²", square(got.Total.Gained), square(got.Total.Lost))
}

// 4,566 rural properties against three conservation units, in SIRGAS 2000. The sum of overlaps counts properties that
// overlap each other twice: the union is the truth about the ground. The figures beside were computed by another
// engine in an equal-area projection, with straight edges there.
func TestRealPropertiesOnConservationUnits(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	units, properties := realInput(t, "real-br-para-car-uc/cnuc.shp"), realInput(t, "real-br-para-car-uc/sigef.shp")
	workspace := t.TempDir()
	args := []string{"import", "--workspace", workspace, "--layer", "protected", "--theme", "protected", "--vintage", "2023", "--coverage", "everywhere", units}
	refused(t, "ingest.crs.not-accepted", args...)
	if got := vintages(t, workspace); len(got) != 0 {
		t.Errorf("published without being told to: %+v", got)
	}
	must(t, append(args, "--treat-as", "EPSG:4490")...)
	refused(t, "ingest.crs.not-accepted", "check", "--workspace", workspace, properties)
	check := func(tolerance string) checkJSON {
		o := command(t, "check", "--workspace", workspace, "--json", "--treat-as", "EPSG:4490", "--tolerance", tolerance, properties)
		if o.code != 13 { // no red line is published, and the units have no zones
			t.Fatalf("exit %d\n%s", o.code, o.stderr)
		}
		got := decode[checkJSON](t, o)
		if len(got.Parcels) != 4566 || len(got.Unread) != 0 || len(got.Layers) != 1 || len(got.Layers[0].Features) != 3 {
			t.Fatalf("%d parcels, %d unread, layers %+v", len(got.Parcels), len(got.Unread), got.Layers)
		}
		return got
	}
	want := []struct {
		count      int
		sum, union float64 // km²
	}{
		{1010, 14844.96, 11611.96}, {3382, 23005.03, 14769.19}, {247, 25852.94, 20680.72},
	}
	const tolerance = 0.0005 // edges are straight in degrees here and in Albers there
	all := check("0")
	for i, f := range all.Layers[0].Features {
		w := want[i]
		t.Logf("%s: %d properties, sum %.2f km² (%+.4f %%), union %.2f km² (%+.4f %%)", f.Name, f.Parcels, square(f.Area),
			100*(square(f.Area)/w.sum-1), square(*f.Union), 100*(square(*f.Union)/w.union-1))
		if f.Parcels < w.count-1 || f.Parcels > w.count+1 {
			t.Errorf("%s: %d properties, want %d", f.Name, f.Parcels, w.count)
		}
		if math.Abs(square(f.Area)/w.sum-1) > tolerance || math.Abs(square(*f.Union)/w.union-1) > tolerance {
			t.Errorf("%s: sum %.2f and union %.2f km², want %+v", f.Name, square(f.Area), square(*f.Union), w)
		}
	}
	// Properties on two units count once in the layer; 74 touch two.
	l := all.Layers[0]
	t.Logf("layer: %d properties, sum %.2f km², union %.2f km²; properties: sum %.2f, union %.2f km²", l.Parcels, square(l.Area),
		square(*l.Union), square(all.Area), square(*all.Union))
	if raced {
		return
	}
	legal := check("1")
	for i, f := range legal.Layers[0].Features {
		t.Logf("with the tolerance of 1 m² and 0.1 m: %s %d properties", f.Name, f.Parcels)
		if f.Parcels > all.Layers[0].Features[i].Parcels {
			t.Errorf("a tolerance finds more: %d", f.Parcels)
		}
	}
}

// Farms against two reserves. The figures of SOURCES.md are planar areas in UTM zone 33S, whose meridian is 15° E,
// while the farms lie at 20.4° E: far outside the zone the plane enlarges. With λ the distance from the meridian and φ
// the latitude the scale is about k = 0.9996·(1 + λ²·cos²φ/2) (Snyder 1987, 8-11, first term; λ in radians): for
// λ = 5.36°, φ = −34.0° it is 1.0026, and areas are 1.0053 times too large. So the outlines that the check gives are
// brought into that plane and measured there: then both figures are about the same thing.
func TestRealFarmsOnReserves(t *testing.T) {
	reserves := realInput(t, "real-za-qgis-training/exercise_data/shapefile/protected_areas.shp")
	farms := realInput(t, "real-za-qgis-training/exercise_data/projected_data/farms_33S.shp")
	workspace := t.TempDir()
	must(t, "import", "--workspace", workspace, "--layer", "reserve", "--theme", "protected", "--vintage", "2023", "--coverage", "everywhere", reserves)
	refused(t, "ingest.crs.not-accepted", "check", "--workspace", workspace, farms)
	overlaps := filepath.Join(t.TempDir(), "overlaps.geojson")
	o := command(t, "check", "--workspace", workspace, "--json", "--treat-as", "EPSG:32733", "--tolerance", "0", "--overlaps", overlaps, farms)
	got := decode[checkJSON](t, o)
	if len(got.Layers) != 1 || len(got.Unread) != 0 || len(got.Parcels) != 2008 {
		t.Fatalf("exit %d: %d parcels, unread %+v, layers %+v\n%s", o.code, len(got.Parcels), got.Unread, got.Layers, o.stderr)
	}
	l := got.Layers[0]
	sum, union := inUTM(t, overlaps)
	const wantSum, wantUnion = 22384.6e4, 11442.6e4 // m² in the plane of EPSG:32733
	t.Logf("%d farms; legal area: sum %.1f ha, union %.1f ha; in UTM 33S: sum %.1f ha, union %.1f ha; factors %.5f, %.5f", l.Parcels,
		l.Area/1e4, *l.Union/1e4, sum/1e4, union/1e4, sum/float64(l.Area), union/float64(*l.Union))
	if l.Parcels != 82 {
		t.Errorf("%d farms, want 82", l.Parcels)
	}
	const tolerance = 0.0002 // 16 farms are invalid, and the other engine repaired them in its own way
	if math.Abs(sum/wantSum-1) > tolerance || math.Abs(union/wantUnion-1) > tolerance {
		t.Errorf("in UTM 33S sum %.1f, union %.1f ha, want %.1f and %.1f", sum/1e4, union/1e4, wantSum/1e4, wantUnion/1e4)
	}
	lambda, phi := 5.36*math.Pi/180, -34.0*math.Pi/180
	k := 0.9996 * (1 + lambda*lambda*math.Cos(phi)*math.Cos(phi)/2)
	if factor := sum / float64(l.Area); math.Abs(factor/(k*k)-1) > 0.0005 {
		t.Errorf("the plane enlarges areas by %.5f, want about %.5f", factor, k*k)
	}
}

// inUTM measures the outlines of a check in the plane of EPSG:32733: their sum, and the area of their union.
func inUTM(t *testing.T, path string) (sum, union float64) {
	t.Helper()
	plane, err := crs.FromEPSG(32733)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	collection, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil {
		t.Fatal(err)
	}
	var parts []orb.MultiPolygon
	for _, f := range collection.Features {
		var g orb.MultiPolygon
		switch shape := plane.GeometryFromLonLat(f.Geometry).(type) {
		case orb.Polygon:
			g = orb.MultiPolygon{shape}
		case orb.MultiPolygon:
			g = shape
		}
		sum += float64(overlay.AreaOf(g))
		parts = append(parts, g)
	}
	all, err := overlay.Dissolve(parts)
	if err != nil {
		t.Fatal(err)
	}
	return sum, float64(overlay.AreaOf(all))
}

// Survey files state the plane area in hectares with four decimals; the legal area stands beside it.
func TestRealSurveyFiles(t *testing.T) {
	dir := realInput(t, "txt-kcdj")
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	count, declared, workspace := 0, 0, t.TempDir()
	importCity(t, workspace)
	for _, path := range paths {
		o := command(t, "check", "--workspace", workspace, "--json", "--lang", "en", path)
		if o.code == exitRefused {
			t.Logf("%s: refused: %s", filepath.Base(path), strings.TrimSpace(o.stderr))
			wantKnownCode(t, o)
			continue
		}
		got := decode[checkJSON](t, o)
		count += len(got.Parcels)
		for _, p := range got.Parcels {
			if p.Plane == nil || !(p.Area > 0) || p.AreaMethod != "official-70m" {
				t.Errorf("%s row %d: %+v", filepath.Base(path), p.Row, p)
				continue
			}
			stated := "–"
			if p.Declared != nil {
				declared++
				stated = decimal(float64(*p.Declared) / 1e4)
				if d := math.Abs(float64(*p.Declared-*p.Plane)) / 1e4; d > 0.0001 {
					t.Errorf("%s row %d: states %s ha, and has %.6f ha in the plane", filepath.Base(path), p.Row, stated, *p.Plane/1e4)
				}
			}
			if ratio := float64(p.Area / *p.Plane); math.Abs(ratio-1) > 0.0005 {
				t.Errorf("%s row %d: legal area %.4f m² beside %.4f m² in the plane", filepath.Base(path), p.Row, p.Area, *p.Plane)
			}
			t.Logf("%s row %d %s: declared %s ha, plane %.4f ha, legal %.4f ha", filepath.Base(path), p.Row, p.Name, stated, *p.Plane/1e4, p.Area/1e4)
		}
		if len(got.Unread) > 0 {
			t.Logf("%s: unread %+v", filepath.Base(path), got.Unread)
		}
	}
	t.Logf("%d files, %d parcels, %d of them declare an area", len(paths), count, declared)
	if len(paths) != 13 || count != 15 || declared != 11 {
		t.Errorf("%d files with %d parcels, of which %d declare an area, want 13, 15 and 11", len(paths), count, declared)
	}
}

// decimal is a number without more decimals than it has.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Whatever users upload: it is taken whole, or refused with a reason, and never taken by halves. Parts of shapefiles
// that cannot be read alone are uploaded too, one of each kind.
func TestRealUploads(t *testing.T) {
	for _, folder := range []string{"real-marxan-uploads", "fmt-shp-gdal", "fmt-shp-mbostock", "fmt-geojson-hint"} {
		t.Run(folder, func(t *testing.T) {
			dir := realInput(t, folder)
			again := uploadAll(t, uploads(t, dir))
			if !testing.Short() && !raced {
				uploadAll(t, again, "--treat-as", "EPSG:4490", "--accept-rejects")
			}
		})
	}
}

func uploads(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	parts := map[string]bool{".shx": true, ".dbf": true, ".prj": true, ".cpg": true, ".sbn": true, ".sbx": true}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		ext := filepath.Ext(path)
		if wanted, part := parts[ext]; part && !wanted {
			return nil
		} else if part {
			parts[ext] = false
		}
		out = append(out, path)
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	return out
}

// uploadAll imports files as they are, or with further flags, and gives those that a person's word might help: they
// were refused for their reference system or for some of their rows.
func uploadAll(t *testing.T, paths []string, flags ...string) []string {
	t.Helper()
	counts, workspace, want := map[string]int{}, t.TempDir(), map[layers.LayerID]importJSON{}
	var again []string
	for n, path := range paths {
		id := layers.LayerID("f" + strconv.Itoa(n))
		args := []string{"import", "--workspace", workspace, "--json", "--layer", string(id), "--theme", "shoreline", "--vintage", "2024", path}
		o := command(t, append(args, flags...)...)
		switch o.code {
		case 0:
			r := decode[importJSON](t, o)
			want[id] = r
			counts["taken"]++
			if r.Read != r.Kept+r.Rejected || r.Kept == 0 || len(flags) == 0 && r.Rejected > 0 {
				t.Errorf("%s: taken by halves: %+v", filepath.Base(path), r)
			}
		case exitRefused:
			code := wantKnownCode(t, o)
			counts[code]++
			if strings.HasPrefix(code, "ingest.crs.") || strings.HasPrefix(code, "ingest.rejects") {
				again = append(again, path)
			}
		default:
			t.Errorf("%s: exit %d\n%.600s", filepath.Base(path), o.code, o.stderr)
		}
	}
	got := vintages(t, workspace)
	if len(got) != len(want) {
		t.Errorf("%d files were taken, and the workspace holds %d vintages", len(want), len(got))
	}
	for _, v := range got {
		if r := want[v.Ref.Layer]; v.Count != r.Kept || int64(len(v.Rejects)) != r.Rejected {
			t.Errorf("%s: %d features and %d rejects, told %+v", v.Ref, v.Count, len(v.Rejects), r)
		}
	}
	t.Logf("%d files %v: %v", len(paths), flags, counts)
	return again
}

// wantKnownCode gives the code of a refusal and checks that it has a sentence in both languages.
func wantKnownCode(t *testing.T, o outcome) string {
	t.Helper()
	_, rest, _ := strings.Cut(o.stderr, "\n  [")
	code, _, ok := strings.Cut(rest, "]")
	texts, err := shared.built.texts()
	if err != nil {
		t.Fatal(err)
	}
	if !ok || !texts.Has(code) { // a catalogue without one of the languages does not load
		t.Errorf("refused without a reason: %s", o.stderr)
	}
	return code
}
