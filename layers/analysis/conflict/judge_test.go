package conflict_test

import (
	"slices"
	"strings"
	"testing"

	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
)

func TestRulesFollowTheDate(t *testing.T) {
	core := newCity(t, delivery{id: "redline", theme: layers.Redline}, protected(feature{block, "core"}))
	buffer := newCity(t, delivery{id: "redline", theme: layers.Redline}, protected(feature{block, "buffer"}))
	cases := []struct {
		name     string
		city     city
		activity string
		day      string
		want     analysis.Verdict
		law      string
	}{
		{"dwelling in the core zone, old law's last day", core, "dwelling", "2026-03-14", analysis.Prohibited, "2017"},
		{"dwelling in the core zone, new law's first day", core, "dwelling", "2026-03-15", analysis.ApprovalRequired, "830"},
		{"tourism in the buffer zone under the old law", buffer, "tourism", "2026-03-14", analysis.Prohibited, "2017"},
		{"tourism in a zone that the new law does not know", buffer, "tourism", "2026-03-15", analysis.Incomplete, "830"},
		{"mining in a zone that the new law does not know", buffer, "mining", "2026-03-15", analysis.Prohibited, "830"},
	}
	for _, tc := range cases {
		o := options()
		o.Activity, o.Date = tc.activity, tc.day
		p := tc.city.check(o, parcel(t, 1, hectare)).Parcels[0]
		if p.Verdict != tc.want || len(p.Findings) != 1 || !strings.Contains(p.Findings[0].Law, tc.law) {
			t.Errorf("%s: %s by %+v", tc.name, p.Verdict, p.Findings)
		}
		if tc.want == analysis.Incomplete && !slices.Equal(codes(p), []string{"check.rule.undecided"}) {
			t.Errorf("%s: gaps %v", tc.name, codes(p))
		}
	}
}

func TestWorstComesFirstAndWins(t *testing.T) {
	c := newCity(
		t,
		delivery{id: "a-urban", theme: layers.Urban, features: []feature{{wkt: block}}},
		delivery{id: "b-shore", theme: layers.Shoreline, features: []feature{{block, "4"}}},
		redline(faraway), protected(feature{block, "general"}, feature{block, "core"}),
		delivery{id: "forest-wetland", theme: layers.Wetland, features: []feature{{wkt: block}}},
	)
	o := options()
	o.Activity = "research"
	p := c.check(o, parcel(t, 1, hectare)).Parcels[0]
	wantVerdict(t, p, analysis.ApprovalRequired)
	var got []string
	for _, f := range p.Findings {
		got = append(got, f.Outcome.String()+" "+f.Overlap.Ref.String())
	}
	want := []string{
		"approval-required protected@2023.1",
		"conditional b-shore@2023.1",
		"conditional forest-wetland@2023.1",
		"conditional protected@2023.1",
		"clear a-urban@2023.1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("findings\n%v, want\n%v", got, want)
	}
	if len(p.Checked) != 5 {
		t.Errorf("%d layers checked, want 5", len(p.Checked))
	}
}

func TestRedlineIsJudgedByTheProtectedZone(t *testing.T) {
	west := "POLYGON((-500 -500,50 -500,50 500,-500 500,-500 -500))"
	east := "POLYGON((50 -500,500 -500,500 500,50 500,50 -500))"
	cases := []struct {
		name  string
		zones []feature
		want  string
		rule  string
	}{
		{"outside protected areas", nil, "not-protected", "redline.tourism"},
		{"in a general control zone", []feature{{block, "general"}}, "general", "redline.tourism"},
		{"in a core zone", []feature{{block, "core"}}, "core", "redline.core.2026.others"},
		{"half core, half general", []feature{{west, "general"}, {east, "core"}}, "core general", "redline.core.2026.others"},
		{"half general, half free", []feature{{west, "general"}}, "general not-protected", "redline.tourism"},
		{"two general parts, one whole", []feature{{west, "general"}, {east, "general"}}, "general", "redline.tourism"},
		{"in a national park", []feature{{block, "park-core"}}, "core", "redline.core.2026.others"},
		{"in an old zone", []feature{{block, "experimental"}}, "experimental", "redline.oldzone.undecided"},
		{"a core zone that only touches", []feature{{nextDoor, "core"}}, "not-protected", "redline.tourism"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			o := options()
			o.Activity = "tourism"
			p := newCity(t, redline(block), protected(tc.zones...)).check(o, parcel(t, 1, hectare)).Parcels[0]
			i := slices.IndexFunc(p.Findings, func(f analysis.Finding) bool { return f.Theme == layers.Redline })
			if i < 0 {
				t.Fatal("no finding about the red line")
			}
			f := p.Findings[i]
			if got := strings.Join(f.Zones, " "); got != tc.want || f.Rule != tc.rule {
				t.Errorf("zones %q by %s, want %q by %s", got, f.Rule, tc.want, tc.rule)
			}
		})
	}
}

func TestOutsideTheUrbanBoundary(t *testing.T) {
	urban := func(wkts ...string) delivery {
		d := delivery{id: "urban", theme: layers.Urban}
		for _, w := range wkts {
			d.features = append(d.features, feature{wkt: w})
		}
		return d
	}
	west := "POLYGON((-500 -500,30 -500,30 500,-500 500,-500 -500))"
	east := "POLYGON((80 -500,500 -500,500 500,80 500,80 -500))"
	cases := []struct {
		name    string
		urban   delivery
		outside float64 // area outside, m²
		want    analysis.Verdict
	}{
		{"wholly inside", urban(block), 0, analysis.Clear},
		{"wholly outside", urban(faraway), 1e4, analysis.Conditional},
		{"half and half", urban(west), 7000, analysis.Conditional},
		{"between two parts", urban(west, east), 5000, analysis.Conditional},
		{"outside by a sliver", urban("POLYGON((-500 -500,99.95 -500,99.95 500,-500 500,-500 -500))"), 0, analysis.Clear},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			p := newCity(t, redline(faraway), protected(), tc.urban).check(options(), parcel(t, 1, hectare)).Parcels[0]
			wantVerdict(t, p, tc.want)
			outside := 0.0
			for _, f := range p.Findings {
				if slices.Contains(f.Zones, "outside") {
					outside = float64(f.Overlap.Area)
					wantArea(t, "outline", planeArea(f.Overlap.Outline), f.Overlap.Area)
					if f.Overlap.Feature != 0 {
						t.Errorf("what is outside belongs to feature %d", f.Overlap.Feature)
					}
				}
			}
			if d := outside - tc.outside; d > nearly || d < -nearly {
				t.Errorf("outside %.3f m², want %.3f", outside, tc.outside)
			}
		})
	}
}

// TestSumAndUnion has two parcels that share 30 × 100 m, both in the red line but for a strip.
func TestSumAndUnion(t *testing.T) {
	a := parcel(t, 1, hectare)
	b := parcel(t, 2, "POLYGON((70 0,170 0,170 100,70 100,70 0))")
	c := newCity(
		t, redline(
			"POLYGON((-500 -500,90 -500,90 500,-500 500,-500 -500))",
			"POLYGON((90 -500,150 -500,150 500,90 500,90 -500))",
		),
		protected(),
	)
	r := c.check(options(), a, b)
	wantArea(t, "parcels", r.Area, 20000)
	wantArea(t, "union of parcels", r.Union, 17000)
	l := r.Layers[slices.IndexFunc(r.Layers, func(l conflict.LayerResult) bool { return l.Theme == layers.Redline })]
	if l.Parcels != 2 || len(l.Features) != 2 {
		t.Fatalf("%d parcels, %d features", l.Parcels, len(l.Features))
	}
	wantArea(t, "sum in the layer", l.Area, 18000)
	wantArea(t, "union in the layer", l.Union, 15000)
	wantArea(t, "sum in the first feature", l.Features[0].Area, 11000)
	wantArea(t, "union in the first feature", l.Features[0].Union, 9000)
	if got := l.Features[0]; got.Feature != 1 || got.Name != "name of redline" || got.Parcels != 2 {
		t.Errorf("first feature %+v", got)
	}
}

// TestPlacesCoveredTwiceCountOnce: two features of one layer cover the same place.
func TestPlacesCoveredTwiceCountOnce(t *testing.T) {
	p := parcel(t, 1, hectare)
	r := newCity(t, redline(block, "POLYGON((0 0,50 0,50 100,0 100,0 0))"), protected()).check(options(), p)
	checked := r.Parcels[0].Checked
	i := slices.IndexFunc(checked, func(c conflict.Checked) bool { return c.Theme == layers.Redline })
	if i < 0 || checked[i].Overlaps != 2 {
		t.Fatalf("checked %+v", checked)
	}
	wantArea(t, "area in the layer", checked[i].Area, 1e4)
	wantArea(t, "area in the batch", r.Layers[0].Area, 1e4)
	wantArea(t, "union in the batch", r.Layers[0].Union, 1e4)
}
