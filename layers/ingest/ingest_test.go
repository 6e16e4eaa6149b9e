package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/store/memory"
)

func book(t *testing.T) *codes.Book {
	t.Helper()
	b, err := codes.Load(os.DirFS("../../data/codes"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// collection writes a GeoJSON file; crsName "" leaves the system out, "null" says that there is none.
func collection(t *testing.T, crsName string, features ...string) string {
	t.Helper()
	member := ""
	switch crsName {
	case "":
	case "null":
		member = `"crs":null,`
	default:
		member = fmt.Sprintf(`"crs":{"type":"name","properties":{"name":%q}},`, crsName)
	}
	text := `{"type":"FeatureCollection",` + member + `"features":[` + strings.Join(features, ",") + `]}`
	path := filepath.Join(t.TempDir(), "交付.geojson")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func feature(properties, geometryType, coordinates string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":%q,"coordinates":%s}}`,
		properties, geometryType, coordinates)
}

// cell is a square of 0.01° at a place.
func cell(properties string, x, y float64) string {
	const ring = `[[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]]`
	return feature(properties, "Polygon", fmt.Sprintf(ring, x, y, x+0.01, y+0.01))
}

// doubled has two parts that overlap: two readers could repair it differently.
const doubled = `[[[[109,23],[109.02,23],[109.02,23.02],[109,23.02],[109,23]]],` +
	`[[[109.01,23.01],[109.03,23.01],[109.03,23.03],[109.01,23.03],[109.01,23.01]]]]`

// bowTie crosses itself once; every rule of filling gives the same two triangles.
const bowTie = `[[[109,23],[109.01,23.01],[109.01,23],[109,23.01],[109,23]]]`

func redline(t *testing.T, path string) ingest.Request {
	return ingest.Request{
		Reading: ingest.Reading{Path: path, Codes: book(t)},
		Layer:   layers.Layer{ID: "redline", Theme: layers.Redline, Title: "生态保护红线"},
		Vintage: "2023", Operator: "张三", SignedOff: "李四", Program: "test",
		Now: func() time.Time { return time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
}

func system(t *testing.T, name string) *crs.System {
	t.Helper()
	s, err := crs.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func read(t *testing.T, s layers.Store, ref layers.Ref) []layers.Feature {
	t.Helper()
	var out []layers.Feature
	for f, err := range s.Features(t.Context(), ref, nil) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func codesOf(issues []layers.Issue) []string {
	var out []string
	for _, i := range issues {
		out = append(out, i.Problem.Code)
	}
	return out
}

func wantNothingPublished(t *testing.T, s layers.Store, r ingest.Report) {
	t.Helper()
	if list, err := s.Layers(t.Context()); err != nil || len(list) != 0 || r.Vintage.Ref != (layers.Ref{}) {
		t.Errorf("published %v, %v, %s", list, err, r.Vintage.Ref)
	}
}

func TestImportPublishes(t *testing.T) {
	s := memory.New()
	req := redline(t, collection(t, "EPSG:4490",
		cell(`"HXMM":"西江红线","HXBM":450800,"GNFQ":"核心保护区","MJ":12.5`, 109, 23),
		cell(`"HXMM":"平天山","HXBM":450801,"GNFQ":"一般控制区","MJ":null`, 109.5, 23)))
	req.Coverage = layers.CoverageExtent
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err)
	}
	v := report.Vintage
	if v.Ref.String() != "redline@2023.1" || v.Count != 2 || report.Read != 2 || report.Kept != 2 {
		t.Errorf("got %s with %d features, %d of %d rows kept", v.Ref, v.Count, report.Kept, report.Read)
	}
	p := v.Provenance
	if p.File != "交付.geojson" || p.Operator != "张三" || p.Used != "EPSG:4490" || p.TreatedAs || p.Suspected != "" ||
		p.Format != "geojson" || p.SHA256 == (layers.Hash{}) || p.At.Year() != 2024 {
		t.Errorf("provenance %+v", p)
	}
	if len(v.Coverage.Outline) != 1 || v.Coverage.Outline.Bound() != v.Bound {
		t.Errorf("coverage %+v, bound %v", v.Coverage, v.Bound)
	}
	fs := read(t, s, v.Ref)
	if r := fs[0].Roles; r[layers.Name] != "西江红线" || r[layers.Code] != "450800" || r[layers.Zone] != "core" ||
		r[layers.Stated] != "12.5" {
		t.Errorf("roles %v", r)
	}
	if r := fs[1].Roles; r[layers.Zone] != "general" || r[layers.Stated] != "" {
		t.Errorf("roles %v", r)
	}
	if i := slices.Index(fieldNames(v), "GNFQ"); i < 0 || fs[0].Values[i] != "核心保护区" {
		t.Errorf("the delivered word is lost: %v", fs[0].Values)
	}
	if _, ok := fs[0].Geometry.(orb.MultiPolygon); !ok {
		t.Errorf("geometry is a %T", fs[0].Geometry)
	}
	// 0.01° × 0.01° at 23° N: 1.1075 km × 1.0259 km (domain section 6.3, sheet areas).
	if a := float64(fs[0].Area); math.Abs(a-1.1358e6) > 1e3 {
		t.Errorf("area %.2f m²", a)
	}
}

func fieldNames(v layers.Vintage) []string {
	var out []string
	for _, f := range v.Fields {
		out = append(out, f.Name)
	}
	return out
}

// The worked parcel of the domain, section 6.3: zone 37, with a hole; 609686.32 m² by the official procedure.
const workedParcel = `[[[37355234.567,2556123.456],[37356034.567,2556123.456],[37356234.567,2555523.456],` +
	`[37355534.567,2555323.456],[37355134.567,2555723.456],[37355234.567,2556123.456]],` +
	`[[37355500,2555900],[37355700,2555900],[37355700,2555700],[37355500,2555700],[37355500,2555900]]]`

func TestWorkedParcel(t *testing.T) {
	path := collection(t, "EPSG:4525", feature(`"DKMC":"示范地块"`, "Polygon", workedParcel))
	s := memory.New()
	report, err := ingest.Import(t.Context(), s, redline(t, path))
	if err != nil {
		t.Fatal(err)
	}
	const want, half = 609686.32, 0.005 // printed with two decimals
	if a := float64(read(t, s, report.Vintage.Ref)[0].Area); math.Abs(a-want) > half {
		t.Errorf("imported area %.4f, want %.2f", a, want)
	}
	if report.Densified == 0 || report.Vintage.Provenance.Densified != report.Densified {
		t.Errorf("%d vertices added", report.Densified)
	}
	parcels, _, err := ingest.Parcels(t.Context(), path, ingest.ParcelRequest{Reading: ingest.Reading{Codes: book(t)}})
	if err != nil || len(parcels) != 1 {
		t.Fatal(parcels, err)
	}
	p := parcels[0]
	if math.Abs(float64(p.Area)-want) > half || p.AreaMethod != "official-70m" || p.Name != "示范地块" || p.Row != 1 {
		t.Errorf("got %q, %.4f by %s", p.Name, p.Area, p.AreaMethod)
	}
	if math.Abs(p.Plane-610000) > half || !math.IsNaN(p.Declared) {
		t.Errorf("plane area %.4f, declared %.4f", p.Plane, p.Declared)
	}
}

func TestRejectsPublishNothingUntilAccepted(t *testing.T) {
	s := memory.New()
	req := redline(t, collection(t, "EPSG:4490", cell(`"HXMM":"a"`, 109, 23),
		feature(`"HXMM":"b"`, "MultiPolygon", doubled),
		`{"type":"Feature","properties":{"HXMM":"c"},"geometry":null}`,
		feature(`"HXMM":"d"`, "Point", `[109,23]`),
		feature(`"HXMM":"e"`, "LineString", `[[109,23],[110,24]]`),
		feature(`"HXMM":"f"`, "Polygon", `[]`)))
	report, err := ingest.Import(t.Context(), s, req)
	if geo.CodeOf(err) != "ingest.rejects" {
		t.Fatalf("got %v", err)
	}
	wantNothingPublished(t, s, report)
	want := []string{
		"ingest.geometry.ambiguous", "ingest.geometry.missing", "ingest.geometry.not-polygon",
		"ingest.geometry.not-polygon", "ingest.geometry.missing",
	}
	var got []string
	for i, r := range report.Rejects {
		got = append(got, r.Problem.Code)
		if r.Row != int64(i+2) {
			t.Errorf("reject %d is row %d", i, r.Row)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("rejects %v, want %v", got, want)
	}
	if b := report.Rejects[0].Bound; b == nil || !b.Contains(orb.Point{109.03, 23.03}) {
		t.Errorf("place of the ambiguous row: %v", b)
	}
	if report.Rejects[1].Bound != nil || report.Rejects[2].Bound == nil {
		t.Error("place of rows without area")
	}

	req.AcceptRejects = true
	report, err = ingest.Import(t.Context(), s, req)
	if err != nil || report.Vintage.Count != 1 || len(report.Vintage.Rejects) != 5 || report.Vintage.Ref.Revision != 1 {
		t.Errorf("accepted: %+v, %v", report.Vintage, err)
	}
}

func TestRepairsAreReported(t *testing.T) {
	s := memory.New()
	report, err := ingest.Import(t.Context(), s, redline(t, collection(t, "EPSG:4490",
		cell(`"HXMM":"a"`, 109.5, 23), feature(`"HXMM":"b"`, "Polygon", bowTie))))
	if err != nil {
		t.Fatal(err)
	}
	if report.Repaired != 1 || report.Vintage.Provenance.Repaired != 1 {
		t.Errorf("%d repaired", report.Repaired)
	}
	i := slices.IndexFunc(report.Issues, func(i layers.Issue) bool { return i.Severity == layers.Repair })
	if i < 0 {
		t.Fatalf("no repair among %v", codesOf(report.Issues))
	}
	issue := report.Issues[i]
	if issue.Row != 2 || issue.Action != "repaired" || issue.Problem.At == nil ||
		!(issue.AreaBefore < 1000 && issue.AreaAfter > 5e5) {
		t.Errorf("issue %+v", issue)
	}
}

func TestReferenceSystem(t *testing.T) {
	degrees := func(name string) string { return collection(t, name, cell(`"a":1`, 109, 23)) }
	gauss := func(name string) string { return collection(t, name, feature(`"a":1`, "Polygon", workedParcel)) }
	for name, tc := range map[string]struct {
		path            string
		system, treatAs string
		code            string // of the error
		used            string
		treated         bool
		issue           string
	}{
		"declared and accepted":   {path: gauss("EPSG:4525"), used: "EPSG:4525"},
		"operator repeats it":     {path: gauss("EPSG:4525"), system: "4525", used: "EPSG:4525"},
		"operator contradicts it": {path: gauss("EPSG:4525"), system: "4524", code: "ingest.crs.conflict"},
		"operator overrules it": {
			path: gauss("EPSG:4524"), treatAs: "4525", used: "EPSG:4525", treated: true, issue: "ingest.crs.treated-as",
		},
		"WGS 84 and CGCS2000 agree": {
			path: degrees("EPSG:4326"), system: "4490", used: "EPSG:4326", issue: "ingest.crs.wgs84-as-cgcs2000",
		},
		"the standard's WGS 84": {path: degrees(""), used: "EPSG:4326"},
		"silent":                {path: gauss("null"), code: "ingest.crs.missing"},
		"silent, operator knows": {
			path: gauss("null"), system: "4525", used: "EPSG:4525", treated: true, issue: "ingest.crs.supplied",
		},
		"silent, foreign system":      {path: degrees("null"), system: "4674", code: "ingest.crs.not-accepted"},
		"foreign":                     {path: degrees("EPSG:4674"), code: "ingest.crs.not-accepted"},
		"foreign, treated as itself":  {path: degrees("EPSG:4674"), treatAs: "4674", used: "EPSG:4674", treated: true},
		"foreign, treated as ours":    {path: degrees("EPSG:4674"), treatAs: "4490", used: "EPSG:4490", treated: true},
		"old datum":                   {path: gauss("EPSG:2361"), code: "ingest.crs.old-datum"},
		"old datum cannot be treated": {path: gauss("EPSG:2361"), treatAs: "4525", code: "ingest.crs.old-datum"},
		"unknown":                     {path: degrees("EPSG:31467"), code: "ingest.crs.unknown"},
		"metres said to be degrees":   {path: gauss("EPSG:4490"), code: "ingest.crs.numbers-differ"},
		"another zone":                {path: gauss("EPSG:4524"), code: "ingest.crs.zone-mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			s := memory.New()
			req := redline(t, tc.path)
			if tc.system != "" {
				req.System = system(t, tc.system)
			}
			if tc.treatAs != "" {
				req.TreatAs = system(t, tc.treatAs)
			}
			report, err := ingest.Import(t.Context(), s, req)
			if geo.CodeOf(err) != tc.code {
				t.Fatalf("got %v, want %q", err, tc.code)
			}
			if tc.code != "" {
				wantNothingPublished(t, s, report)
				return
			}
			p := report.Vintage.Provenance
			if p.Used != tc.used || p.TreatedAs != tc.treated {
				t.Errorf("used %s, treated %v", p.Used, p.TreatedAs)
			}
			if tc.issue != "" && !slices.Contains(codesOf(report.Issues), tc.issue) {
				t.Errorf("no %s among %v", tc.issue, codesOf(report.Issues))
			}
		})
	}
}

// oldShift are parameters of no place, of the size that real ones have.
const oldShift = "18.5,-124.25,-71.75,0.75,-1.25,2.5,-3.5"

// TestOldDatumWithParameters imports a parcel of Xi'an 1980, which only an operator's parameters make readable.
func TestOldDatumWithParameters(t *testing.T) {
	old, err := crs.ParseShifted("EPSG:2361", oldShift)
	if err != nil {
		t.Fatal(err)
	}
	req := redline(t, collection(t, "EPSG:2361", feature(`"a":1`, "Polygon", workedParcel)))
	req.TreatAs = &old
	s := memory.New()
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err)
	}
	p := report.Vintage.Provenance
	if p.Used != "EPSG:2361 ("+oldShift+",coordinate-frame)" || !p.TreatedAs || !strings.Contains(p.Declared, "2361") {
		t.Errorf("provenance %+v", p)
	}
	if got := codesOf(report.Issues); !slices.Contains(got, "ingest.crs.shifted") || !slices.Contains(got, "ingest.crs.treated-as") {
		t.Errorf("issues %v", got)
	}
	if p.Densified < 40 { // edges of 450 to 800 m are straight in the plane of Xi'an 1980
		t.Errorf("%d points inserted", p.Densified)
	}
	// As in CGCS2000, but for the scale and the height between the ellipsoids: 200 m of 6371 km are 60 ppm of an area.
	const area, tolerance = 609686.32, 1e-4
	for f, err := range s.Features(t.Context(), report.Vintage.Ref, nil) {
		if err != nil {
			t.Fatal(err)
		}
		want := old.ToLonLat(orb.Point{37355234.567, 2556123.456})
		if b := f.Geometry.Bound().Pad(1e-9); !b.Contains(want) {
			t.Errorf("%v is not in %v", want, b)
		}
		if math.Abs(float64(f.Area)/area-1) > tolerance {
			t.Errorf("%.2f m²", float64(f.Area))
		}
	}
}

func TestMissingSystemListsInterpretations(t *testing.T) {
	_, err := ingest.Import(t.Context(), memory.New(),
		redline(t, collection(t, "null", feature(`"a":1`, "Polygon", workedParcel))))
	if geo.CodeOf(err) != "ingest.crs.missing" || !strings.Contains(err.Error(), "37") {
		t.Errorf("got %v", err)
	}
}

func TestOneStrayRowIsARejectAllAreTheSystem(t *testing.T) {
	stray := feature(`"a":2`, "Polygon", workedParcel)
	report, err := ingest.Import(t.Context(), memory.New(),
		redline(t, collection(t, "EPSG:4490", cell(`"a":1`, 109, 23), stray)))
	if geo.CodeOf(err) != "ingest.rejects" || len(report.Rejects) != 1 {
		t.Errorf("one of two: %v, %d rejects", err, len(report.Rejects))
	}
	many := make([]string, 500)
	for i := range many {
		many[i] = stray
	}
	report, err = ingest.Import(t.Context(), memory.New(), redline(t, collection(t, "EPSG:4490", many...)))
	if geo.CodeOf(err) != "ingest.crs.numbers-differ" || report.Read >= 500 {
		t.Errorf("all: %v after %d rows", err, report.Read)
	}
}

func TestExchangedAxes(t *testing.T) {
	path := collection(t, "EPSG:4525", feature(`"a":1`, "Polygon",
		`[[[2556123.456,37355234.567],[2556123.456,37356034.567],[2555523.456,37356234.567],[2556123.456,37355234.567]]]`))
	req := redline(t, path)
	if _, err := ingest.Import(t.Context(), memory.New(), req); geo.CodeOf(err) != "ingest.crs.axes-swapped" {
		t.Errorf("got %v", err)
	}
	req.AxesExchanged = true
	report, err := ingest.Import(t.Context(), memory.New(), req)
	if err != nil || !report.Vintage.Bound.Contains(orb.Point{109.59, 23.095}) {
		t.Errorf("confirmed: %v, %v", report.Vintage.Bound, err)
	}
}

func TestSuspicion(t *testing.T) {
	webMap := cell(`"adcode":450802,"name":"港北区","center":[109.6,23.1],"parent":{"adcode":450800}`, 109, 23)
	plain := cell(`"adcode":450802,"name":"港北区"`, 109, 23)
	for name, tc := range map[string]struct {
		feature, operator, want, issue string
	}{
		"a web-map export":                    {webMap, "", "GCJ-02", "ingest.crs.suspected-gcj02"},
		"a web-map export, operator has seen": {webMap, "none", "", ""},
		"the operator suspects":               {plain, "BD-09", "BD-09", "ingest.crs.suspected-obfuscated"},
		"nobody suspects":                     {plain, "", "", ""},
	} {
		s := memory.New()
		req := redline(t, collection(t, "", tc.feature))
		req.Layer = layers.Layer{ID: "regions", Theme: layers.Region}
		req.Suspected = tc.operator
		report, err := ingest.Import(t.Context(), s, req)
		if err != nil || report.Vintage.Provenance.Suspected != tc.want {
			t.Errorf("%s: suspected %q, %v", name, report.Vintage.Provenance.Suspected, err)
		}
		if has := slices.Contains(codesOf(report.Issues), tc.issue); tc.issue != "" && !has {
			t.Errorf("%s: no %s among %v", name, tc.issue, codesOf(report.Issues))
		}
	}
}

func TestFieldMapping(t *testing.T) {
	path := collection(t, "", cell(`"foo":"450802","bar":"港北区"`, 109, 23))
	region := func(m map[layers.Role]string) ingest.Request {
		req := redline(t, path)
		req.Layer = layers.Layer{ID: "regions", Theme: layers.Region}
		req.Mapping = m
		return req
	}
	for name, tc := range map[string]struct {
		mapping map[layers.Role]string
		code    string
	}{
		"no code":       {nil, "ingest.field.missing"},
		"unknown field": {map[layers.Role]string{layers.Code: "baz"}, "ingest.field.unknown"},
		"unknown role":  {map[layers.Role]string{"colour": "foo"}, "ingest.field.role-unknown"},
		"said":          {map[layers.Role]string{layers.Code: "FOO", layers.Name: "bar"}, ""},
	} {
		report, err := ingest.Import(t.Context(), memory.New(), region(tc.mapping))
		if geo.CodeOf(err) != tc.code {
			t.Errorf("%s: got %v", name, err)
		}
		if err == nil && report.Mapping[layers.Code] != "foo" {
			t.Errorf("%s: mapping %v", name, report.Mapping)
		}
	}
}

func TestStrangeWordsAreWarnings(t *testing.T) {
	req := redline(t, collection(t, "",
		cell(`"BSM":1,"DLBM":"0101"`, 109, 23), cell(`"BSM":2,"DLBM":"9999"`, 109.1, 23),
		cell(`"BSM":1,"DLBM":"9999"`, 109.2, 23), cell(`"BSM":3,"DLBM":"08h2a"`, 109.3, 23)))
	req.Layer = layers.Layer{ID: "landuse", Theme: layers.Landuse}
	s := memory.New()
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range report.Issues {
		if strings.HasPrefix(i.Problem.Code, "ingest.field") {
			got = append(got, i.Problem.Error())
		}
	}
	want := []string{
		"ingest.field.word-unknown role=ingest.role.class word=9999 row=2 rows=2",
		"ingest.field.code-repeated code=1 first=1 row=3 rows=1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	fs := read(t, s, report.Vintage.Ref)
	if fs[1].Roles[layers.Class] != "9999" || fs[3].Roles[layers.Class] != "08H2A" {
		t.Errorf("classes %v, %v", fs[1].Roles, fs[3].Roles)
	}
}

func TestRegionCoverage(t *testing.T) {
	s := memory.New()
	regions := redline(t, collection(t, "", cell(`"XZQDM":"1"`, 109, 23), cell(`"XZQDM":"2"`, 109.01, 23)))
	regions.Layer = layers.Layer{ID: "regions", Theme: layers.Region}
	r, err := ingest.Import(t.Context(), s, regions)
	if err != nil {
		t.Fatal(err)
	}
	req := redline(t, collection(t, "", cell(`"HXMM":"a"`, 109.005, 23)))
	req.Coverage, req.Regions = layers.CoverageRegions, r.Vintage.Ref
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err)
	}
	c := report.Vintage.Coverage
	if len(c.Outline) != 1 || c.Regions != r.Vintage.Ref {
		t.Fatalf("coverage %+v", c)
	}
	const metre = 1e-5 // degrees; the outline keeps to a grid of 0.1 mm
	got, want := c.Outline.Bound(), orb.Bound{Min: orb.Point{109, 23}, Max: orb.Point{109.02, 23.01}}
	if math.Abs(got.Min[0]-want.Min[0]) > metre || math.Abs(got.Max[0]-want.Max[0]) > metre ||
		math.Abs(got.Min[1]-want.Min[1]) > metre || math.Abs(got.Max[1]-want.Max[1]) > metre {
		t.Errorf("outline %v, want %v", got, want)
	}

	for name, tc := range map[string]struct {
		ref  layers.Ref
		kind layers.CoverageKind
		code string
	}{
		"no such vintage": {
			layers.Ref{Layer: "regions", Vintage: "1999", Revision: 1}, layers.CoverageRegions, "store.vintage.unknown",
		},
		"not a region":     {report.Vintage.Ref, layers.CoverageRegions, "ingest.coverage.not-regions"},
		"an unknown kind":  {layers.Ref{}, "country", "ingest.coverage.unknown"},
		"everywhere, fine": {layers.Ref{}, layers.CoverageEverywhere, ""},
	} {
		req.Coverage, req.Regions = tc.kind, tc.ref
		if _, err := ingest.Import(t.Context(), s, req); geo.CodeOf(err) != tc.code {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	point := feature(`"a":1`, "Point", `[1,2]`)
	collapsed := feature(`"a":1`, "Polygon", `[[[109,23],[109,23],[109,23],[109,23]]]`)
	for name, tc := range map[string]struct {
		features []string
		code     string
	}{
		"no rows":           {nil, "ingest.file.empty"},
		"one bad row":       {[]string{feature(`"a":1`, "MultiPolygon", doubled)}, "ingest.geometry.ambiguous"},
		"only bad rows":     {[]string{point, point}, "ingest.rejects.all"},
		"a polygon's point": {[]string{collapsed}, "ingest.geometry.ambiguous"},
	} {
		s := memory.New()
		req := redline(t, collection(t, "", tc.features...))
		req.AcceptRejects = true
		report, err := ingest.Import(t.Context(), s, req)
		if geo.CodeOf(err) != tc.code {
			t.Errorf("%s: got %v, want %s", name, err, tc.code)
		}
		wantNothingPublished(t, s, report)
	}
}

func TestMalformedRequestsTouchNoFile(t *testing.T) {
	req := redline(t, "/does/not/exist")
	req.Vintage = "last year"
	if _, err := ingest.Import(t.Context(), memory.New(), req); geo.CodeOf(err) != "layer.vintage.malformed" {
		t.Errorf("got %v", err)
	}
}

func TestCancelledImportPublishesNothing(t *testing.T) {
	s := memory.New()
	var rows []string
	for i := range 50 {
		rows = append(rows, cell(`"a":1`, 109+float64(i)/10, 23))
	}
	req := redline(t, collection(t, "", rows...))
	ctx, cancel := context.WithCancel(t.Context())
	var last, total int64
	req.Progress = func(done, of int64) {
		if last, total = done, of; done == 10 {
			cancel()
		}
	}
	report, err := ingest.Import(ctx, s, req)
	if !errors.Is(err, context.Canceled) || last != 10 || total != 50 {
		t.Errorf("stopped at %d of %d: %v", last, total, err)
	}
	wantNothingPublished(t, s, report)
}

func TestShorelineTakesLines(t *testing.T) {
	s := memory.New()
	properties := `"rname":"郁江","type":"1","side":2,"len":11100`
	req := redline(t, collection(t, "", feature(properties, "LineString", `[[109,23],[109,23.1]]`)))
	req.Layer = layers.Layer{ID: "shoreline", Theme: layers.Shoreline}
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err)
	}
	f := read(t, s, report.Vintage.Ref)[0]
	// A tenth of a degree of the meridian at 23° N is 11,075 m.
	if math.Abs(float64(f.Length)-11075) > 5 || f.Area != 0 || f.Roles[layers.RiverName] != "郁江" ||
		f.Roles[layers.Zone] != "1" || f.Roles[layers.Side] != "2" {
		t.Errorf("got %.1f m, %v", f.Length, f.Roles)
	}
}

func TestParcelsKeepRejectsApart(t *testing.T) {
	path := collection(t, "", cell(`"XMMC":"甲"`, 109, 23), feature(`"XMMC":"乙"`, "MultiPolygon", doubled),
		cell(`"XMMC":null`, 109.1, 23))
	req := ingest.ParcelRequest{Reading: ingest.Reading{Codes: book(t)}}
	parcels, report, err := ingest.Parcels(t.Context(), path, req)
	if err != nil {
		t.Fatal(err)
	}
	if len(parcels) != 2 || parcels[0].Name != "甲" || parcels[1].Name != "3" ||
		len(report.Rejects) != 1 || report.Rejects[0].Row != 2 {
		t.Errorf("parcels %+v, rejects %+v", parcels, report.Rejects)
	}
	if parcels[0].AreaMethod != "legal-plane" || !math.IsNaN(parcels[0].Plane) {
		t.Errorf("method %s, plane %f", parcels[0].AreaMethod, parcels[0].Plane)
	}
	_, _, err = ingest.Parcels(t.Context(), path, ingest.ParcelRequest{MaxParcels: 1})
	if geo.CodeOf(err) != "ingest.parcels.too-many" {
		t.Errorf("got %v", err)
	}
}
