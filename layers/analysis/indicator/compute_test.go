package indicator_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/analysis/place"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/store/memory"
)

func area(a geo.Area) *geo.Area { return &a }

func share(s construction.Share) *construction.Share { return &s }

func TestFromConstruction(t *testing.T) {
	gdp := construction.CNY(1e10)
	both := func(a geo.Area) construction.Measured { return construction.Measured{Stated: a, Computed: a + 1} }
	before, after := layers.Ref{Layer: "landuse", Vintage: "2024", Revision: 1}, layers.Ref{Layer: "landuse", Vintage: "2025", Revision: 1}
	r := construction.Result{
		Basis: construction.Stated, Whole: "450800",
		Years: []construction.Year{{Year: 2024, Ref: before}, {Year: 2025, Ref: after}},
		Rows: []construction.Row{
			{Code: "450802", Year: 2024, Construction: both(1_000_000), GDP: &gdp},
			{Code: "450802", Year: 2025, Construction: both(1_006_000), Limit: area(1_010_000)},
			{Code: "", Year: 2025, Construction: both(5)},
		},
		Totals: []construction.Row{{Year: 2024, Construction: both(1_000_000)}, {Year: 2025, Construction: both(1_006_005)}},
		Steps: []construction.Step{
			{Code: "450802", From: 2024, To: 2025, Decline: construction.Decline{Value: share(0.0527), Status: analysis.Met}},
		},
		StepTotals: []construction.Step{
			{From: 2024, To: 2025, Decline: construction.Decline{
				Value: share(0.05), Status: analysis.ToAssess, Reasons: []*geo.Problem{geo.NewProblem("construction.gdp.missing")},
			}},
		},
	}
	got := map[string]indicator.Computed{}
	for _, c := range indicator.FromConstruction(r) {
		got[fmt.Sprintf("%s %s %d", c.Method, c.Region, c.Year)] = c
	}
	if len(got) != 6 {
		t.Fatalf("%d values: %v", len(got), got)
	}
	total := got["construction-total 450802 2025"]
	if *total.Number != 100.6 || *total.Assigned != 101 || total.Status != "" || total.Refs[0] != after {
		t.Errorf("total: %+v", total)
	}
	drop := got["construction-decline 450802 2025"]
	if math.Abs(*drop.Number-5.27) > 1e-9 || drop.Status != "" || len(drop.Inputs) != 3 || len(drop.Refs) != 2 ||
		drop.Inputs[1] != (indicator.Input{Name: "gdp-constant", Year: 2024, Value: 1e6}) {
		t.Errorf("decline: %+v", drop)
	}
	if whole := got["construction-decline 450800 2025"]; whole.Number != nil || whole.Status != analysis.ToAssess || len(whole.Reasons) != 1 {
		t.Errorf("a decline that is not assessed has a number: %+v", whole)
	}
	r.Doubtful = true
	for _, c := range indicator.FromConstruction(r) {
		if c.Method == indicator.ConstructionTotal && c.Status != analysis.ToVerify {
			t.Errorf("land use in doubt gives %s", c.Status)
		}
	}
}

// Two rivers in one county: (300 + 100) of 1000 m in protection and reserve zones.
func TestFromShoreline(t *testing.T) {
	row := func(code string, lengths ...geo.Length) shoreline.Row {
		r := shoreline.Row{Code: code}
		copy(r.Lengths[:], lengths)
		return r
	}
	r := shoreline.Result{
		Numerator: []int{1, 2},
		Rows:      []shoreline.Row{row("450802", 0, 300, 0, 100), row("450802", 100, 0, 100, 0, 400), row("", 0, 0, 0, 0, 1000)},
		Total:     row("", 100, 300, 100, 100, 1400),
	}
	got := map[string]indicator.Computed{}
	for _, c := range indicator.FromShoreline(r, 2025, "450800") {
		got[c.Region] = c
	}
	if len(got) != 2 || math.Abs(*got["450802"].Number-40) > 1e-9 || math.Abs(*got["450800"].Number-20) > 1e-9 {
		t.Fatalf("%+v", got)
	}
	if got["450802"].Status != "" {
		t.Errorf("without a gap the rate is %s", got["450802"].Status)
	}
	r.Gaps = []analysis.Gap{{Problem: geo.NewProblem("shoreline.stated.partial")}, {Problem: geo.NewProblem("shoreline.line.unzoned")}}
	if c := indicator.FromShoreline(r, 2025, "450800")[0]; c.Status != analysis.ToVerify || len(c.Reasons) != 1 {
		t.Errorf("shoreline outside all zones: %+v", c)
	}
	r.Rows, r.Gaps = []shoreline.Row{row("450802")}, nil
	if c := indicator.FromShoreline(r, 2025, "")[0]; c.Number != nil {
		t.Errorf("no shoreline has the rate %v", *c.Number)
	}
}

func TestFromNoDecrease(t *testing.T) {
	why := []*geo.Problem{geo.NewProblem("nodecrease.x")}
	row := nodecrease.Row{
		Code:     "450802",
		Area:     nodecrease.AreaAccount{Before: 100, Now: 90, Lost: 20, Gained: 10, Judged: nodecrease.Judged{Status: analysis.NotMet, Reasons: why}},
		Nature:   nodecrease.NatureAccount{Known: true, Built: 5, Judged: nodecrease.Judged{Status: analysis.Met}},
		Function: nodecrease.FunctionAccount{Before: number(80), Judged: nodecrease.Judged{Status: analysis.ToAssess}},
	}
	r := nodecrease.Result{
		Layer: layers.Layer{Theme: layers.Protected}, Rows: []nodecrease.Row{row, {}}, Total: row,
		Input: nodecrease.Input{Baseline: layers.Ref{Layer: "protected", Vintage: "2022", Revision: 1}},
	}
	got := map[string]indicator.Computed{}
	for _, c := range indicator.FromNoDecrease(r, 2025, "450800") {
		got[c.Method+" "+c.Region] = c
	}
	area := got["protected-area 450802"]
	if len(got) != 6 || area.Status != analysis.NotMet || len(area.Reasons) != 1 || area.Number != nil ||
		area.Inputs[0] != (indicator.Input{Name: "baseline-area", Year: 2022, Value: 100, Unit: "m²"}) || area.Inputs[3].Value != 10 {
		t.Errorf("area %+v of %d", area, len(got))
	}
	if c := got["protected-nature 450800"]; c.Status != analysis.Met || c.Inputs[0].Value != 5 {
		t.Errorf("nature %+v", c)
	}
	if c := got["protected-function 450802"]; c.Status != analysis.ToAssess || len(c.Inputs) != 1 || c.Inputs[0].Year != 2022 {
		t.Errorf("function %+v", c)
	}
}

// Strips along 23° N: forest 0–3, shrub 3–4, grass 4–5, fields 5–10; county 450802 up to 5, 450803 beyond.
func TestCover(t *testing.T) {
	store := memory.New()
	landuse := publish(t, store, layers.Landuse, map[string][2]float64{"0301": {0, 3}, "0305": {3, 4}, "0404": {4, 5}, "0101": {5, 10}})
	regions := publish(t, store, layers.Region, map[string][2]float64{"450802": {0, 4.5}, "450803": {4.5, 10}})
	lib := layers.NewLibrary(store)
	v, err := lib.Load(context.Background(), regions)
	if err != nil {
		t.Fatal(err)
	}
	counties, err := place.RegionsOf(v)
	if err != nil {
		t.Fatal(err)
	}
	got, err := indicator.Cover(context.Background(), lib, landuse, counties, book(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"450802": 100, "450803": 100 * 0.5 / 5.5, "450800": 50}
	if len(got) != len(want) {
		t.Fatalf("%d values", len(got))
	}
	for _, c := range got {
		if math.Abs(*c.Number-want[c.Region]) > 1e-6 || c.Year != 2024 || c.Refs[0] != landuse {
			t.Errorf("%s: %v, want %v", c.Region, *c.Number, want[c.Region])
		}
	}
}

func publish(t *testing.T, store *memory.Store, theme layers.Theme, strips map[string][2]float64) layers.Ref {
	t.Helper()
	ctx := context.Background()
	v := layers.Vintage{Ref: layers.Ref{Layer: layers.LayerID(theme), Vintage: "2024"}, Theme: theme}
	d, err := store.Begin(ctx, layers.Layer{ID: v.Ref.Layer, Theme: theme}, v)
	if err != nil {
		t.Fatal(err)
	}
	for word, s := range strips {
		x0, x1 := 109.4+s[0]/100, 109.4+s[1]/100
		p := orb.Polygon{{{x0, 23}, {x1, 23}, {x1, 23.1}, {x0, 23.1}, {x0, 23}}}
		f := layers.Feature{Geometry: p, Area: ellipsoid.Area(p), Hash: layers.Hash(sha256.Sum256([]byte(word)))}
		f.Roles = map[layers.Role]string{layers.Class: word, layers.Code: word}
		if err := d.Append(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	out, err := d.Commit(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.Ref
}
