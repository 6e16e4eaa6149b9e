package conflict_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/project"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
)

// ground turns WKT in metres on the ground at the place of the tests into the metres of the legal plane that place reads:
// there they are 5.8 % longer to the north and as much shorter to the east.
func ground(t testing.TB, text string) string {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatal(err)
	}
	s := ellipsoid.PlaneScale(23.5)
	return wkt.MarshalString(project.Geometry(g, func(p orb.Point) orb.Point { return orb.Point{p[0] / s, p[1] * s} }))
}

// accurate is a red line of features in metres on the ground whose accuracy is declared.
func accurate(t testing.TB, accuracy geo.Length, features ...string) delivery {
	for i, f := range features {
		features[i] = ground(t, f)
	}
	d := redline(features...)
	d.edit = func(v *layers.Vintage) { v.Declared.Accuracy = accuracy }
	return d
}

// The parcel is a square of 100 m. Areas are by hand; a corner of a band turns with the radius of the accuracy.
func TestEffectiveArea(t *testing.T) {
	const east = "POLYGON((90 -500,500 -500,500 500,90 500,90 -500))"
	for name, tc := range map[string]struct {
		accuracy                geo.Length
		features                []string
		area, effective, beside float64
		border                  bool
	}{
		"nothing is declared":       {0, []string{east}, 1000, 0, 0, false},
		"a strip of 10 m, 4 m":      {4, []string{east}, 1000, 600, 400, false},
		"a strip of 10 m, 9.9 m":    {9.9, []string{east}, 1000, 10, 990, false},
		"a strip of 10 m, 10 m":     {10, []string{east}, 1000, 0, 1000, true},
		"a strip of 10 m, 25 m":     {25, []string{east}, 1000, 0, 2500, true},
		"a border beyond the band":  {4, []string{"POLYGON((-500 -500,500 -500,500 500,-500 500,-500 -500))"}, 1e4, 1e4, 0, false},
		"a corner":                  {4, []string{"POLYGON((90 90,500 90,500 500,90 500,90 90))"}, 100, 36, 80 + 4*math.Pi, false},
		"an island within":          {4, []string{"POLYGON((40 40,60 40,60 60,40 60,40 40))"}, 400, 144, 320 + 16*math.Pi, false},
		"a small island within":     {4, []string{"POLYGON((40 40,47 40,47 47,40 47,40 40))"}, 49, 0, 112 + 16*math.Pi, true},
		"a hole within":             {4, []string{"POLYGON((-500 -500,500 -500,500 500,-500 500,-500 -500),(40 40,60 40,60 60,40 60,40 40))"}, 9600, 9600 - 320 - 16*math.Pi, 256, false},
		"two that meet":             {4, []string{"POLYGON((90 -500,500 -500,500 50,90 50,90 -500))", "POLYGON((90 50,500 50,500 500,90 500,90 50))"}, 1000, 600, 400, false},
		"the same border, 400 m on": {4, []string{"POLYGON((90 0,500 0,500 100,90 100,90 0))"}, 1000, 6 * 92, 400, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t, accurate(t, tc.accuracy, tc.features...), protected(feature{faraway, "core"}))
			p := c.check(options(), parcel(t, 1, ground(t, hectare))).Parcels[0]
			wantVerdict(t, p, analysis.Prohibited)
			i := slices.IndexFunc(p.Checked, func(c conflict.Checked) bool { return c.Theme == layers.Redline })
			got := p.Checked[i]
			var sum geo.Area
			for _, f := range p.Findings {
				sum += f.Overlap.Effective
				if f.Border != tc.border || f.Outcome != analysis.Prohibited || f.Overlap.Accuracy != tc.accuracy {
					t.Errorf("border %v, outcome %s, accuracy %v", f.Border, f.Outcome, f.Overlap.Accuracy)
				}
			}
			// The band turns in 32 edges to a half circle and its line may be simplified by 1 % of the accuracy.
			within := 0.05 + 0.01*float64(tc.accuracy)*math.Pi
			for what, pair := range map[string][2]float64{
				"area":                   {float64(got.Area), tc.area},
				"effective":              {float64(got.Effective), tc.effective},
				"effective, in findings": {float64(sum), tc.effective},
				"beside":                 {float64(got.Beside), tc.beside},
			} {
				if math.Abs(pair[0]-pair[1]) > within {
					t.Errorf("%s %.4f m², want %.4f", what, pair[0], pair[1])
				}
			}
		})
	}
}

// A parcel that keeps away from the border by less than its accuracy is told so, and one further away is not; neither
// overlaps anything.
func TestParcelsBesideABorder(t *testing.T) {
	for name, tc := range map[string]struct {
		redline string
		beside  float64
	}{
		"touches":        {"POLYGON((100 -500,500 -500,500 500,100 500,100 -500))", 400},
		"1 m away":       {"POLYGON((101 -500,500 -500,500 500,101 500,101 -500))", 300},
		"3.999 m away":   {"POLYGON((103.999 -500,500 -500,500 500,103.999 500,103.999 -500))", 0},
		"4.1 m away":     {"POLYGON((104.1 -500,500 -500,500 500,104.1 500,104.1 -500))", 0},
		"1 m, northward": {"POLYGON((-500 101,500 101,500 500,-500 500,-500 101))", 300},
	} {
		c := newCity(t, accurate(t, 4, tc.redline), protected(feature{faraway, "core"}))
		p := c.check(options(), parcel(t, 1, ground(t, hectare))).Parcels[0]
		wantVerdict(t, p, analysis.Clear)
		if got := float64(p.Checked[0].Beside); math.Abs(got-tc.beside) > 0.05 {
			t.Errorf("%s: %.4f m² beside, want %.4f", name, got, tc.beside)
		}
	}
}

// An accuracy never makes a verdict milder, and what it leaves open is never clear.
func TestBorderCasesAreNeverClear(t *testing.T) {
	urban := delivery{id: "urban", theme: layers.Urban, features: []feature{
		{wkt: ground(t, "POLYGON((-3 -500,103 -500,103 500,-3 500,-3 -500))")},
	}}
	clear := newCity(t, redline(faraway), protected(feature{faraway, "core"}), urban)
	narrow := "POLYGON((90 0,100 0,100 100,90 100,90 0))"
	wantVerdict(t, clear.check(options(), parcel(t, 1, ground(t, narrow))).Parcels[0], analysis.Clear)
	urban.edit = func(v *layers.Vintage) { v.Declared.Accuracy = 14 }
	c := newCity(t, redline(faraway), protected(feature{faraway, "core"}), urban)
	p := c.check(options(), parcel(t, 1, ground(t, narrow))).Parcels[0]
	wantVerdict(t, p, analysis.Conditional)
	if f := p.Findings[0]; !f.Border || f.Rule == "" || f.Outcome != analysis.Conditional {
		t.Errorf("finding %+v", f)
	}
	// Outside of the boundary by less than the accuracy: the finding about the outside is a border case as well.
	outside := "POLYGON((100 0,110 0,110 100,100 100,100 0))"
	for _, f := range c.check(options(), parcel(t, 1, ground(t, outside))).Parcels[0].Findings {
		if !f.Border || f.Outcome < analysis.Conditional {
			t.Errorf("feature %d: border %v, %s", f.Overlap.Feature, f.Border, f.Outcome)
		}
	}
}

func TestValidityHasEnded(t *testing.T) {
	until := func(day string) delivery {
		d := redline(faraway)
		d.edit = func(v *layers.Vintage) { v.Declared.ValidUntil = day }
		return d
	}
	for day, want := range map[string]analysis.Verdict{
		"2026-05-31": analysis.Incomplete, "2026-06-01": analysis.Clear, "2026-06-02": analysis.Clear, "": analysis.Clear,
	} {
		c := newCity(t, until(day), protected(feature{faraway, "core"}))
		p := c.check(options(), parcel(t, 1, hectare)).Parcels[0] // on 2026-06-01
		wantVerdict(t, p, want)
		if want == analysis.Incomplete && !slices.Equal(codes(p), []string{"check.layer.expired"}) {
			t.Errorf("valid until %q leaves gaps %v", day, codes(p))
		}
		wantSentences(t, p)
	}
	// A theme that is not required but asked counts as well.
	wet := delivery{id: "wet", theme: layers.Wetland, features: []feature{{wkt: faraway}}}
	wet.edit = func(v *layers.Vintage) { v.Declared.ValidUntil = "2025-12-31" }
	c := newCity(t, redline(faraway), protected(feature{faraway, "core"}), wet)
	wantVerdict(t, c.check(options(), parcel(t, 1, hectare)).Parcels[0], analysis.Incomplete)
}

func TestDeclarationsAreProvenanceAndBytesAreTheSame(t *testing.T) {
	red := accurate(t, 30, block, "POLYGON((0 0,700 30,650 800,20 600,0 0))")
	red.edit = func(v *layers.Vintage) { v.Declared = layers.Declared{Accuracy: 30, ValidUntil: "2026-12-31"} }
	c := newCity(t, red, protected(feature{"POLYGON((200 200,900 200,900 900,200 900,200 200))", "core"}))
	want := []analysis.Declaration{{
		Ref:      layers.Ref{Layer: "redline", Vintage: "2023", Revision: 1},
		Declared: layers.Declared{Accuracy: 30, ValidUntil: "2026-12-31"},
	}}
	var first []byte
	for _, workers := range []int{1, 3} {
		o := options()
		o.Workers = workers
		r := c.check(o, grid(t, 8)...)
		if !reflect.DeepEqual(r.Provenance.Declared, want) {
			t.Errorf("declared %+v", r.Provenance.Declared)
		}
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && !slices.Equal(got, first) {
			t.Errorf("%d workers give other bytes", workers)
		}
		first = got
		for _, p := range r.Parcels {
			for _, f := range p.Findings {
				if o := f.Overlap; o.Effective > o.Area || o.Effective < 0 {
					t.Errorf("parcel %d: %v of %v m² are effective", p.Parcel.Row, o.Effective, o.Area)
				}
			}
		}
	}
}
