package conflict_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/text"
)

func TestTouchingIsNotOverlapping(t *testing.T) {
	cases := []struct {
		name     string
		redline  string
		overlaps int
		touching int
	}{
		{"shares an edge", "POLYGON((100 0,200 0,200 100,100 100,100 0))", 0, 1},
		{"shares part of an edge", "POLYGON((100 30,200 30,200 60,100 60,100 30))", 0, 1},
		{"shares a corner", "POLYGON((100 100,200 100,200 200,100 200,100 100))", 0, 1},
		{"touches with a corner", "POLYGON((100 50,200 0,200 100,100 50))", 0, 1},
		{"overlaps by half a square metre", "POLYGON((99 0,200 0,200 0.5,99 0.5,99 0))", 0, 1},
		{"overlaps by a strip of 5 cm", "POLYGON((99.95 0,200 0,200 100,99.95 100,99.95 0))", 0, 1},
		{"overlaps by a strip of 20 cm", "POLYGON((99.8 0,200 0,200 100,99.8 100,99.8 0))", 1, 0},
		{"comes within ten metres", "POLYGON((110 0,200 0,200 100,110 100,110 0))", 0, 0},
		{"bounds meet, shapes do not", "POLYGON((101 50,300 50,300 -200,50 -200,50 -10,101 -10,101 50))", 0, 0},
		{"a hole around the parcel", holed("(-10 -10,-10 110,110 110,110 -10,-10 -10)"), 0, 0},
		{"a hole that the parcel fills", holed("(0 0,0 100,100 100,100 0,0 0)"), 0, 1},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := newCity(t, redline(tc.redline), protected(feature{faraway, "core"}))
			p := c.check(options(), parcel(t, 1, hectare)).Parcels[0]
			i := slices.IndexFunc(p.Checked, func(c conflict.Checked) bool { return c.Theme == layers.Redline })
			if i < 0 {
				t.Fatalf("the red line was not asked completely: %v", codes(p))
			}
			if got := p.Checked[i]; got.Overlaps != tc.overlaps || got.Touching != tc.touching {
				t.Errorf("%d overlaps, %d touching, want %d and %d", got.Overlaps, got.Touching, tc.overlaps, tc.touching)
			}
			if tc.overlaps == 0 {
				wantVerdict(t, p, analysis.Clear)
			} else {
				wantVerdict(t, p, analysis.Prohibited)
			}
		})
	}
}

// Tolerances are for borders. A parcel that is itself smaller or narrower than they are is not let through by them.
func TestSmallAndNarrowParcelsAreNotTouching(t *testing.T) {
	for name, wkt := range map[string]string{
		"half a square metre":       "POLYGON((0 0,1 0,1 0.5,0 0.5,0 0))",
		"a square centimetre":       "POLYGON((0 0,0.01 0,0.01 0.01,0 0.01,0 0))",
		"a trench of 5 cm":          "POLYGON((0 0,200 0,200 0.05,0 0.05,0 0))",
		"a small one, mostly there": "POLYGON((499.3 0,500.2 0,500.2 1,499.3 1,499.3 0))",
	} {
		c := newCity(t, redline(block), protected(feature{faraway, "core"}))
		wantVerdict(t, c.check(options(), parcel(t, 1, wkt)).Parcels[0], analysis.Prohibited)
		outside := redline(faraway)
		outside.edit = func(v *layers.Vintage) {
			v.Coverage.Kind = layers.CoverageExtent
			v.Coverage.Outline = orb.MultiPolygon{place(t, faraway).(orb.Polygon)}
		}
		c = newCity(t, outside, protected(feature{faraway, "core"}))
		if p := c.check(options(), parcel(t, 1, wkt)).Parcels[0]; !slices.Contains(codes(p), "check.coverage.outside") {
			t.Errorf("%s outside the coverage leaves gaps %v", name, codes(p))
		}
	}
}

// What covers a place twice is counted once, and never without a word.
func TestGeometryThatCoversAPlaceTwiceIsIncomplete(t *testing.T) {
	twice := "MULTIPOLYGON(((0 0,100 0,100 100,0 100,0 0)),((0 0,50 0,50 100,0 100,0 0)))"
	for name, tc := range map[string]struct{ redline, parcel, want string }{
		"the feature": {twice, hectare, "check.feature.mended"},
		"the parcel":  {block, twice, "check.parcel.mended"},
	} {
		c := newCity(t, redline(tc.redline), protected(feature{faraway, "core"}))
		p := c.check(options(), parcel(t, 1, tc.parcel)).Parcels[0]
		wantVerdict(t, p, analysis.Incomplete)
		if !slices.Contains(codes(p), tc.want) {
			t.Errorf("%s leaves gaps %v", name, codes(p))
		}
		wantArea(t, name, p.Findings[0].Overlap.Area, 1e4)
	}
}

func TestToleranceCanBeSwitchedOff(t *testing.T) {
	strip := "POLYGON((99.95 0,200 0,200 1,99.95 1,99.95 0))" // 0.05 m²
	c := newCity(t, redline(strip), protected(feature{faraway, "core"}))
	o := options()
	o.Tolerance, o.Width = conflict.NoTolerance, conflict.NoWidth
	r := c.check(o, parcel(t, 1, hectare))
	if len(r.Parcels[0].Findings) != 1 {
		t.Fatalf("%d findings, want 1", len(r.Parcels[0].Findings))
	}
	if r.Provenance.Tolerance != 0 || r.Provenance.Width != 0 {
		t.Errorf("recorded tolerance %v and width %v", r.Provenance.Tolerance, r.Provenance.Width)
	}
}

func TestParcelInside(t *testing.T) {
	c := newCity(t, redline(block), protected(feature{faraway, "core"}))
	r := c.check(options(), parcel(t, 1, hectare))
	p := r.Parcels[0]
	wantVerdict(t, p, analysis.Prohibited)
	f := p.Findings[0]
	wantArea(t, "overlap", f.Overlap.Area, 1e4)
	wantArea(t, "outline", planeArea(f.Overlap.Outline), 1e4)
	if math.Abs(f.Overlap.Share-1) > 1e-9 {
		t.Errorf("share %v", f.Overlap.Share)
	}
	if f.Rule != "redline.construction" || f.Law == "" || f.Article == "" || f.Text["zh-CN"] == "" || f.Text["en"] == "" {
		t.Errorf("the finding does not say why: %+v", f)
	}
	o := f.Overlap
	if o.Roles[layers.Name] != "name of redline" || o.Feature != 1 || o.Ref.String() != "redline@2023.1" {
		t.Errorf("the finding does not say where: %+v", o)
	}
	if got := r.Provenance; len(got.Refs) != 2 || got.RuleBookHash == "" || got.Method != "legal-plane" ||
		got.Date != "2026-06-01" || got.Activity != "construction" || got.Tolerance != 1 || got.Width != 0.1 {
		t.Errorf("provenance %+v", got)
	}
}

func TestParcelPartlyInside(t *testing.T) {
	west := "POLYGON((-500 -500,30 -500,30 500,-500 500,-500 -500))"
	c := newCity(t, redline(west, faraway), protected(feature{faraway, "core"}))
	p := c.check(options(), parcel(t, 1, hectare)).Parcels[0]
	if len(p.Findings) != 1 {
		t.Fatalf("%d findings", len(p.Findings))
	}
	o := p.Findings[0].Overlap
	wantArea(t, "overlap", o.Area, 3000)
	wantArea(t, "outline", planeArea(o.Outline), 3000)
	if math.Abs(o.Share-0.3) > 1e-6 {
		t.Errorf("share %v", o.Share)
	}
}

func TestReasonsForIncomplete(t *testing.T) {
	near := orb.Bound{Min: orb.Point{109.4999, 23.4999}, Max: orb.Point{109.5001, 23.5001}}
	far := orb.Bound{Min: orb.Point{111, 24}, Max: orb.Point{111.1, 24.1}}
	complete := protected(feature{faraway, "core"})
	with := func(d delivery, edit func(*layers.Vintage)) delivery {
		d.edit = edit
		return d
	}
	cases := []struct {
		name       string
		deliveries []delivery
		options    func(*conflict.Options)
		want       []string
	}{
		{"all is well", []delivery{redline(faraway), complete}, nil, nil},
		{"nothing is published", nil, nil, []string{"check.layer.missing", "check.layer.missing"}},
		{"the protected areas are missing", []delivery{redline(faraway)}, nil, []string{"check.layer.missing"}},
		{
			"farmland is missing and asked for",
			[]delivery{redline(faraway), complete},
			func(o *conflict.Options) { o.Required = []layers.Theme{layers.Farmland} },
			[]string{"check.layer.missing"},
		},
		{
			"nothing is required",
			[]delivery{redline(faraway)},
			func(o *conflict.Options) { o.Required = []layers.Theme{} },
			nil,
		},
		{
			"the vintage begins later",
			[]delivery{redline(faraway), {id: "protected", theme: layers.Protected, vintage: "2026-06-02"}},
			nil,
			[]string{"check.layer.not-yet"},
		},
		{
			"no coverage declared",
			[]delivery{with(redline(faraway), func(v *layers.Vintage) { v.Coverage = layers.Coverage{} }), complete},
			nil,
			[]string{"check.coverage.undeclared"},
		},
		{
			"partly outside the coverage",
			[]delivery{with(redline(faraway), func(v *layers.Vintage) {
				v.Coverage = layers.Coverage{
					Kind:    layers.CoverageRegions,
					Outline: orb.MultiPolygon{place(t, "POLYGON((-500 -500,99 -500,99 500,-500 500,-500 -500))").(orb.Polygon)},
				}
			}), complete},
			nil,
			[]string{"check.coverage.outside"},
		},
		{
			"inside the coverage and at its border",
			[]delivery{with(redline(faraway), func(v *layers.Vintage) {
				v.Coverage = layers.Coverage{
					Kind:    layers.CoverageExtent,
					Outline: orb.MultiPolygon{place(t, "POLYGON((-500 -500,100 -500,100 500,-500 500,-500 -500))").(orb.Polygon)},
				}
			}), complete},
			nil,
			nil,
		},
		{
			"a rejected row near the parcel",
			[]delivery{with(redline(faraway), func(v *layers.Vintage) {
				v.Rejects = []layers.Reject{{Row: 3, Bound: &near}, {Row: 4, Bound: &far}}
			}), complete},
			nil,
			[]string{"check.layer.rejects"},
		},
		{
			"a rejected row somewhere",
			[]delivery{with(redline(faraway), func(v *layers.Vintage) { v.Rejects = []layers.Reject{{Row: 3}} }), complete},
			nil,
			[]string{"check.layer.rejects"},
		},
		{
			"a rejected row far away",
			[]delivery{with(redline(faraway), func(v *layers.Vintage) {
				v.Rejects = []layers.Reject{{Row: 3, Bound: &far}}
			}), complete},
			nil,
			nil,
		},
		{
			"suspected to be obfuscated",
			[]delivery{with(redline(faraway), func(v *layers.Vintage) { v.Provenance.Suspected = "GCJ-02" }), complete},
			nil,
			[]string{"check.layer.obfuscated"},
		},
		{
			"a zone that nobody knows",
			[]delivery{redline(faraway), protected(feature{block, "purple"})},
			nil,
			[]string{"check.zone.unknown"},
		},
		{
			"a feature without a zone",
			[]delivery{redline(faraway), protected(feature{block, ""})},
			nil,
			[]string{"check.zone.absent"},
		},
		{
			"red line in a protected area whose zone nobody knows",
			[]delivery{redline(block), protected(feature{block, "purple"})},
			nil,
			[]string{"check.redline.zone", "check.zone.unknown"},
		},
		{
			"red line where the protected areas are not known",
			[]delivery{redline(block)},
			func(o *conflict.Options) { o.Required = []layers.Theme{} },
			[]string{"check.redline.zone"},
		},
		{
			"a day before all rules",
			[]delivery{redline(faraway), protected(feature{block, "core"}), {id: "wet", theme: layers.Wetland, vintage: "2000"}},
			func(o *conflict.Options) { o.Date = "2017-10-06" },
			[]string{"check.layer.not-yet", "check.layer.not-yet"},
		},
		{
			"a rule that is not in force yet",
			[]delivery{
				{id: "redline", theme: layers.Redline, vintage: "2015"},
				{id: "protected", theme: layers.Protected, vintage: "2015", features: []feature{{block, "core"}}},
			},
			func(o *conflict.Options) { o.Date = "2017-10-06" },
			[]string{"check.rule.none"},
		},
		{
			"a line where areas belong",
			[]delivery{redline(faraway), complete, {
				id: "shore", theme: layers.Shoreline, features: []feature{{"LINESTRING(-50 50,150 50)", "1"}},
			}},
			nil,
			[]string{"check.feature.no-area"},
		},
		{
			"a line inside the parcel",
			[]delivery{redline(faraway), complete, {
				id: "shore", theme: layers.Shoreline, features: []feature{{"LINESTRING(20 50,80 50)", "1"}},
			}},
			nil,
			[]string{"check.feature.no-area"},
		},
		{
			"lines that repeat what areas of the same theme say",
			[]delivery{redline(faraway), complete, {
				id: "shore-lines", theme: layers.Shoreline, features: []feature{{"LINESTRING(-50 50,150 50)", "1"}},
			}, {id: "shore", theme: layers.Shoreline, features: []feature{{faraway, "1"}}}},
			nil,
			nil,
		},
		{
			"a line that passes by",
			[]delivery{redline(faraway), complete, {
				id: "shore", theme: layers.Shoreline, features: []feature{{"LINESTRING(-50 80,20 150,80 150)", "1"}},
			}},
			nil,
			nil,
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			o := options()
			if tc.options != nil {
				tc.options(&o)
			}
			p := newCity(t, tc.deliveries...).check(o, parcel(t, 1, hectare)).Parcels[0]
			got := codes(p)
			slices.Sort(got)
			if !slices.Equal(got, tc.want) {
				t.Errorf("gaps %v, want %v", got, tc.want)
			}
			wantSentences(t, p)
			if incomplete := p.Verdict == analysis.Incomplete; incomplete != (len(tc.want) > 0) {
				t.Errorf("verdict %s", p.Verdict)
			}
		})
	}
}

// wantSentences sees that every gap can be said in both languages, with all its arguments.
func wantSentences(t *testing.T, p conflict.ParcelResult) {
	t.Helper()
	catalog, err := text.Load(os.DirFS("../../../data/texts"))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range text.Languages() {
		for _, g := range p.Gaps {
			said := catalog.Sentence(lang, g.Problem)
			if strings.Contains(said, "–") || strings.Contains(said, g.Problem.Code) || strings.Contains(said, "check.") {
				t.Errorf("%s in %s: %s", g.Problem.Code, lang, said)
			}
		}
	}
}

func TestFindingsStayListedWhenIncomplete(t *testing.T) {
	p := newCity(t, redline(block), protected(feature{block, "purple"})).check(options(), parcel(t, 1, hectare)).Parcels[0]
	wantVerdict(t, p, analysis.Incomplete)
	if len(p.Findings) != 2 {
		t.Fatalf("%d findings, want 2", len(p.Findings))
	}
	for _, f := range p.Findings {
		wantArea(t, string(f.Theme), f.Overlap.Area, 1e4)
		if f.Outcome != analysis.Incomplete || f.Rule != "" {
			t.Errorf("%s is judged %s by %q without a zone", f.Theme, f.Outcome, f.Rule)
		}
	}
}

// failing is a store in which one layer cannot be read.
type failing struct {
	layers.Store
	layer layers.LayerID
}

func (f failing) Features(ctx context.Context, ref layers.Ref, b *orb.Bound) iter.Seq2[layers.Feature, error] {
	if ref.Layer != f.layer {
		return f.Store.Features(ctx, ref, b)
	}
	return func(yield func(layers.Feature, error) bool) { yield(layers.Feature{}, errors.New("disk is gone")) }
}

func TestOneFailingLayerLeavesTheOthers(t *testing.T) {
	c := newCity(t, redline(block), protected(feature{block, "core"}))
	c.Store = failing{c.Store, "protected"}
	p := c.check(options(), parcel(t, 1, hectare)).Parcels[0]
	if got := codes(p); !slices.Contains(got, "check.layer.failed") {
		t.Errorf("gaps %v", got)
	}
	if len(p.Findings) != 1 || p.Findings[0].Theme != layers.Redline {
		t.Errorf("findings %+v", p.Findings)
	}
}

func TestPins(t *testing.T) {
	c := newCity(t, redline(block), protected(feature{faraway, "core"}))
	newer := redline(faraway)
	newer.vintage = "2024"
	c.publish(newer)
	o := options()
	wantVerdict(t, c.check(o, parcel(t, 1, hectare)).Parcels[0], analysis.Clear)
	o.Pins = []layers.Ref{{Layer: "redline", Vintage: "2023", Revision: 1}}
	r := c.check(o, parcel(t, 1, hectare))
	wantVerdict(t, r.Parcels[0], analysis.Prohibited)
	if !slices.Contains(r.Provenance.Refs, o.Pins[0]) {
		t.Errorf("provenance names %v", r.Provenance.Refs)
	}
	o.Pins = []layers.Ref{{Layer: "nothing", Vintage: "2023", Revision: 1}}
	one := []conflict.Parcel{parcel(t, 1, hectare)}
	_, err := conflict.Check(context.Background(), layers.NewLibrary(c), book(t), one, o)
	if geo.CodeOf(err) != "check.pin.unusable" {
		t.Errorf("an unusable pin: %v", err)
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	c := newCity(t, redline(block))
	one := []conflict.Parcel{parcel(t, 1, hectare)}
	cases := []struct {
		name    string
		parcels []conflict.Parcel
		edit    func(*conflict.Options)
		want    string
	}{
		{"no parcel", nil, func(*conflict.Options) {}, "check.parcels.none"},
		{"no activity", one, func(o *conflict.Options) { o.Activity = "" }, "check.activity.unknown"},
		{"an unknown activity", one, func(o *conflict.Options) { o.Activity = "picnic" }, "check.activity.unknown"},
		{"a day that does not exist", one, func(o *conflict.Options) { o.Date = "2026-02-30" }, "check.date.malformed"},
	}
	for _, tc := range cases {
		o := options()
		tc.edit(&o)
		_, err := conflict.Check(context.Background(), layers.NewLibrary(c), book(t), tc.parcels, o)
		if geo.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestAParcelWithoutAreaIsIncomplete(t *testing.T) {
	c := newCity(t, redline(block), protected(feature{block, "core"}))
	p := c.check(options(), conflict.Parcel{Row: 7}).Parcels[0]
	wantVerdict(t, p, analysis.Incomplete)
	if got := codes(p); !slices.Equal(got, []string{"check.parcel.empty"}) || len(p.Checked) != 0 {
		t.Errorf("gaps %v, checked %v", got, p.Checked)
	}
}

func TestUnreadRowsMakeTheBatchIncomplete(t *testing.T) {
	c := newCity(t, redline(faraway), protected(feature{faraway, "core"}))
	o := options()
	o.Unread = []layers.Reject{{Row: 2, Problem: geo.NewProblem("ingest.geometry.ambiguous")}}
	r := c.check(o, parcel(t, 1, hectare))
	if r.Verdict != analysis.Incomplete || r.Parcels[0].Verdict != analysis.Clear || len(r.Unread) != 1 {
		t.Errorf("batch %s, parcel %s, %d unread", r.Verdict, r.Parcels[0].Verdict, len(r.Unread))
	}
}

// grid is n × n parcels that overlap their neighbours and some layers.
func grid(t testing.TB, n int) []conflict.Parcel {
	var out []conflict.Parcel
	base := parcel(t, 1, hectare)
	for i := range n * n {
		p := base
		p.Row = int64(i + 1)
		p.Geometry = base.Geometry.Clone()
		for _, ring := range p.Geometry[0] {
			for j := range ring {
				ring[j][0] += float64(i%n) * 0.0008
				ring[j][1] += float64(i/n) * 0.0008
			}
		}
		out = append(out, p)
	}
	return out
}

func TestSameInputsSameBytes(t *testing.T) {
	c := newCity(
		t, redline(block, "POLYGON((0 0,700 30,650 800,20 600,0 0))"),
		protected(feature{"POLYGON((200 200,900 200,900 900,200 900,200 200))", "core"}, feature{block, "general"}),
		delivery{id: "urban", theme: layers.Urban, features: []feature{{wkt: "POLYGON((0 0,300 0,300 300,0 300,0 0))"}}},
	)
	parcels := grid(t, 10)
	var first []byte
	for _, workers := range []int{1, 2, 7, 0} {
		o := options()
		o.Workers = workers
		got, err := json.Marshal(c.check(o, parcels...))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if !reflect.DeepEqual(got, first) {
			t.Errorf("%d workers give other bytes", workers)
		}
	}
}

func TestProgressAndCancel(t *testing.T) {
	c := newCity(t, redline(block), protected(feature{block, "core"}))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := options()
	last := int64(0)
	o.Progress = func(done, total int64) {
		if done != last+1 || total != 100 {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	}
	if c.check(o, grid(t, 10)...); last != 100 {
		t.Errorf("progress ended at %d", last)
	}
	o.Progress = func(done, _ int64) {
		if done == 10 {
			cancel()
		}
	}
	_, err := conflict.Check(ctx, layers.NewLibrary(c), book(t), grid(t, 10), o)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled check returned %v", err)
	}
}
