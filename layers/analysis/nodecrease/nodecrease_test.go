package nodecrease_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/store/memory"
)

var book = sync.OnceValue(func() *codes.Book {
	b, err := codes.Load(os.DirFS("../../../data/codes"))
	if err != nil {
		panic(err)
	}
	return b
})

// item is a feature of a test layer: a rectangle in thousandths of a degree (about 100 m) from 109.40° E, 23.00° N, so that
// 100 is the border of the zones 36 and 37, where the two districts of the tests meet.
type item struct {
	x0, y0, x1, y1          float64
	code, name, class, zone string
}

func (i item) polygon() orb.Polygon {
	x, y := func(v float64) float64 { return 109.4 + v/1000 }, func(v float64) float64 { return 23 + v/1000 }
	return orb.Polygon{{
		{x(i.x0), y(i.y0)}, {x(i.x1), y(i.y0)}, {x(i.x1), y(i.y1)}, {x(i.x0), y(i.y1)}, {x(i.x0), y(i.y0)},
	}}
}

func (i item) area() geo.Area { return ellipsoid.Area(i.polygon()) }

// box is a rectangle of nothing in particular.
func box(x0, y0, x1, y1 float64) item { return item{x0: x0, y0: y0, x1: x1, y1: y1} }

func land(x0, y0, x1, y1 float64, code, class string) item {
	return item{x0: x0, y0: y0, x1: x1, y1: y1, code: code, class: class}
}

type city struct {
	store *memory.Store
	t     *testing.T
}

func newCity(t *testing.T) city { return city{memory.New(), t} }

func (c city) publish(id layers.LayerID, theme layers.Theme, vintage string, items ...item) layers.Ref {
	c.t.Helper()
	ctx := context.Background()
	fields := []format.Field{{Name: "BSM"}, {Name: "MC"}, {Name: "GNFQ"}, {Name: "MJ", Kind: format.Real}}
	d, err := c.store.Begin(ctx, layers.Layer{ID: id, Theme: theme, Title: "T " + string(id)}, layers.Vintage{
		Ref: layers.Ref{Layer: id, Vintage: vintage}, Theme: theme, Fields: fields,
		Mapping: map[layers.Role]string{layers.Code: "BSM", layers.Name: "MC", layers.Zone: "GNFQ", layers.Stated: "MJ"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, i := range items {
		f := layers.Feature{
			Geometry: i.polygon(), Area: i.area(), Roles: map[layers.Role]string{},
			Values: []any{i.code, i.name, i.zone, float64(i.area())},
			Hash:   layers.Hash(sha256.Sum256(fmt.Append(nil, i))),
		}
		for role, v := range map[layers.Role]string{
			layers.Code: i.code, layers.Name: i.name, layers.Class: i.class, layers.Zone: i.zone,
		} {
			if v != "" {
				f.Roles[role] = v
			}
		}
		if err := d.Append(ctx, f); err != nil {
			c.t.Fatal(err)
		}
	}
	v, err := d.Commit(ctx, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return v.Ref
}

// districts are two of 10 km, west and east.
func (c city) districts() layers.Ref {
	return c.publish("region", layers.Region, "2024",
		item{x0: 0, y0: 0, x1: 100, y1: 100, code: "450802", name: "西区"},
		item{x0: 100, y0: 0, x1: 200, y1: 100, code: "450803", name: "东区"})
}

func (c city) check(in nodecrease.Input, o nodecrease.Options) nodecrease.Result {
	c.t.Helper()
	o.Codes, o.Program = book(), "test"
	o.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	r, err := nodecrease.Check(context.Background(), layers.NewLibrary(c.store), in, o)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, row := range append(slices.Clone(r.Rows), r.Total) {
		if d := row.Area.Before + row.Area.Gained - row.Area.Lost - row.Area.Now; math.Abs(float64(d)) > 1e-3 {
			c.t.Errorf("row %q: before + gained − lost − now = %v", row.Code, d)
		}
	}
	return r
}

func near(t *testing.T, what string, got, want geo.Area) {
	t.Helper()
	const tolerance = 1.0 // m²: the outline engine rounds to 0.1 mm, along borders of some kilometres
	if math.Abs(float64(got-want)) > tolerance {
		t.Errorf("%s is %.3f m², want %.3f", what, got, want)
	}
}

func assessed(t *testing.T, what string, got, want analysis.Status) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %s, want %s", what, got, want)
	}
}

func reasons(j nodecrease.Judged) []string {
	var out []string
	for _, r := range j.Reasons {
		out = append(out, r.Code)
	}
	return out
}

func patches(r nodecrease.Result, kind string) []nodecrease.Patch {
	return slices.DeleteFunc(slices.Clone(r.Patches), func(p nodecrease.Patch) bool { return p.Kind != kind })
}

// The red line loses its west end and gains as much in the east: the city's total is kept, the western district's is not.
func TestMovedFromOneDistrictToAnother(t *testing.T) {
	c := newCity(t)
	in := nodecrease.Input{
		Regions:  c.districts(),
		Baseline: c.publish("redline", layers.Redline, "2022", item{x0: 20, y0: 20, x1: 120, y1: 60, code: "A", name: "甲"}),
		Current:  c.publish("redline", layers.Redline, "2025", item{x0: 30, y0: 20, x1: 130, y1: 60, code: "A", name: "甲"}),
	}
	r := c.check(in, nodecrease.Options{})
	west, east := r.Rows[0], r.Rows[1]
	near(t, "lost in the west", west.Area.Lost, box(20, 20, 30, 60).area())
	near(t, "gained in the west", west.Area.Gained, 0)
	near(t, "gained in the east", east.Area.Gained, box(120, 20, 130, 60).area())
	assessed(t, "west", west.Area.Status, analysis.NotMet)
	assessed(t, "east", east.Area.Status, analysis.Met)
	if !r.Total.Area.Moved || west.Area.Moved {
		t.Errorf("moved: total %v, west %v", r.Total.Area.Moved, west.Area.Moved)
	}
	assessed(t, "total", r.Total.Area.Status, analysis.ToVerify)
	if got := reasons(r.Total.Area.Judged); !slices.Equal(got, []string{"nodecrease.area.moved"}) {
		t.Errorf("reasons %v", got)
	}
	lost := patches(r, nodecrease.Lost)
	if len(lost) != 1 || lost[0].Region != "450802" || lost[0].Before[0].Code != "A" || len(lost[0].Now) != 0 {
		t.Fatalf("lost %+v", lost)
	}
	near(t, "outline of what was lost", ellipsoid.Area(lost[0].Outline), lost[0].Area)
	if want := "lost-1094250-230400"; lost[0].ID != want {
		t.Errorf("patch %s, want %s", lost[0].ID, want)
	}
	assessed(t, "nature without land use", r.Total.Nature.Status, analysis.ToAssess)
	assessed(t, "function without scores", r.Total.Function.Status, analysis.ToAssess)
	if r.Total.Zone.Status != "" {
		t.Errorf("a red line without zones is not asked about them, got %s", r.Total.Zone.Status)
	}
}

// An approval that names the patch, the feature, or covers the place settles a boundary that moved; another does not.
func TestApprovalsOfAMovedBoundary(t *testing.T) {
	c := newCity(t)
	in := nodecrease.Input{
		Baseline: c.publish("redline", layers.Redline, "2022", item{x0: 20, y0: 20, x1: 60, y1: 60, code: "A"}),
		Current:  c.publish("redline", layers.Redline, "2025", item{x0: 30, y0: 20, x1: 70, y1: 60, code: "A"}),
	}
	places := c.publish("approval", layers.Activity, "2024", item{x0: 19, y0: 19, x1: 31, y1: 61, code: "桂政函〔2024〕9号"})
	half := c.publish("half", layers.Activity, "2024", item{x0: 19, y0: 19, x1: 25, y1: 61, code: "桂政函〔2024〕9号"})
	number := "桂政函〔2024〕9号"
	for name, tc := range map[string]struct {
		approvals []nodecrease.Approval
		places    layers.Ref
		want      analysis.Status
		unused    int
	}{
		"none":              {want: analysis.ToVerify},
		"by patch":          {approvals: []nodecrease.Approval{{number, "lost-1094250-230400"}}, want: analysis.Met},
		"by feature":        {approvals: []nodecrease.Approval{{number, "A"}}, want: analysis.Met},
		"by place":          {places: places, want: analysis.Met},
		"by half the place": {places: half, want: analysis.ToVerify},
		"of something else": {approvals: []nodecrease.Approval{{number, "B"}}, want: analysis.ToVerify, unused: 1},
		"of nothing":        {approvals: []nodecrease.Approval{{number, ""}}, want: analysis.ToVerify, unused: 1},
	} {
		in.Approvals, in.ApprovedPlaces = tc.approvals, tc.places
		r := c.check(in, nodecrease.Options{})
		assessed(t, name, r.Total.Area.Status, tc.want)
		if !r.Total.Area.Moved {
			t.Errorf("%s: a boundary that moved stays moved", name)
		}
		if len(r.Unused) != tc.unused {
			t.Errorf("%s: unused %v", name, r.Unused)
		}
	}
}

// An approval does not make less into as much.
func TestLessStaysLessThoughApproved(t *testing.T) {
	c := newCity(t)
	r := c.check(nodecrease.Input{
		Baseline:  c.publish("redline", layers.Redline, "2022", item{x0: 20, y0: 20, x1: 60, y1: 60, code: "A"}),
		Current:   c.publish("redline", layers.Redline, "2025", item{x0: 30, y0: 20, x1: 60, y1: 60, code: "A"}),
		Approvals: []nodecrease.Approval{{"X", "A"}},
	}, nodecrease.Options{})
	assessed(t, "area", r.Total.Area.Status, analysis.NotMet)
	near(t, "approved", r.Total.Area.Approved, box(20, 20, 30, 60).area())
}

// What a layer loses by being exported again is within the tolerance; a hundredth of a hectare more is not.
func TestToleranceOfArea(t *testing.T) {
	for name, tc := range map[string]struct {
		less float64 // of the west border, in thousandths of a degree; 4 km long, so 0.0002 is some 0.02 m and 90 m²
		want analysis.Status
	}{
		"jitter": {0.0002, analysis.Met},
		"loss":   {0.0004, analysis.NotMet},
	} {
		c := newCity(t)
		r := c.check(nodecrease.Input{
			Baseline: c.publish("redline", layers.Redline, "2022", box(20, 20, 60, 60)),
			Current:  c.publish("redline", layers.Redline, "2025", box(20+tc.less, 20, 60, 60)),
		}, nodecrease.Options{})
		assessed(t, name, r.Total.Area.Status, tc.want)
		near(t, name, r.Total.Area.Lost, box(20, 20, 20+tc.less, 60).area())
	}
}

// natureCity has one red line and land use of two years: of four columns one is built upon, one becomes a field, one stays
// forest and one was built upon before. The column outside the red line is built upon too and does not matter.
func natureCity(t *testing.T) (city, nodecrease.Input) {
	c := newCity(t)
	return c, nodecrease.Input{
		Regions:  c.districts(),
		Baseline: c.publish("redline", layers.Redline, "2022", item{x0: 0, y0: 0, x1: 40, y1: 10, code: "A"}),
		Current:  c.publish("redline", layers.Redline, "2025", item{x0: 0, y0: 0, x1: 40, y1: 10, code: "A"}),
		LandBefore: c.publish("landuse", layers.Landuse, "2022",
			land(0, 0, 10, 10, "1", "0301"), land(10, 0, 20, 10, "2", "0401"), land(20, 0, 30, 10, "3", "0301"),
			land(30, 0, 40, 10, "4", "0702"), land(40, 0, 50, 10, "5", "0101")),
		LandNow: c.publish("landuse", layers.Landuse, "2025",
			land(0, 0, 10, 5, "11", "0602"), land(0, 5, 10, 10, "12", "0601"), land(10, 0, 20, 10, "2", "0101"),
			land(20, 0, 30, 10, "3", "0301"), land(30, 0, 40, 10, "4", "0702"), land(40, 0, 50, 10, "5", "0602")),
	}
}

func TestNature(t *testing.T) {
	c, in := natureCity(t)
	r := c.check(in, nodecrease.Options{})
	n := r.Total.Nature
	near(t, "construction before", n.Before, box(30, 0, 40, 10).area())
	near(t, "construction now", n.Now, box(30, 0, 40, 10).area()+box(0, 0, 10, 10).area())
	near(t, "built", n.Built, box(0, 0, 10, 10).area())
	near(t, "of it agricultural", n.Agricultural, n.Built) // 0301 is agricultural land
	near(t, "cultivated", n.Cultivated, box(10, 0, 20, 10).area())
	near(t, "natural before", n.NaturalBefore, box(0, 0, 30, 10).area())
	near(t, "natural now", n.NaturalNow, box(20, 0, 30, 10).area())
	assessed(t, "nature", n.Status, analysis.NotMet)
	assessed(t, "area", r.Total.Area.Status, analysis.Met)
	built := patches(r, nodecrease.Built)
	if len(built) != 1 || len(built[0].Land) != 2 {
		t.Fatalf("two neighbours are one patch: %+v", built)
	}
	for _, l := range built[0].Land {
		near(t, l.Code, l.Area, map[string]item{"11": box(0, 0, 10, 5), "12": box(0, 5, 10, 10)}[l.Code].area())
		if l.From != "0301" || l.Code != map[string]string{"0602": "11", "0601": "12"}[l.To] {
			t.Errorf("land %+v", l)
		}
	}
}

// All patches approved: for people to look at. One land-use patch of two approved: not met.
func TestApprovalsOfConstruction(t *testing.T) {
	c, in := natureCity(t)
	in.Approvals = []nodecrease.Approval{{"甲", "11"}, {"乙", "12"}}
	r := c.check(in, nodecrease.Options{})
	assessed(t, "both approved", r.Total.Nature.Status, analysis.ToVerify)
	if got := patches(r, nodecrease.Built)[0].Numbers; !slices.Equal(got, []string{"乙", "甲"}) {
		t.Errorf("numbers %v", got)
	}
	near(t, "approved", r.Total.Nature.Approved, box(0, 0, 10, 10).area())
	in.Approvals = in.Approvals[:1]
	r = c.check(in, nodecrease.Options{})
	assessed(t, "half approved", r.Total.Nature.Status, analysis.NotMet)
	near(t, "half approved", r.Total.Nature.Approved, box(0, 0, 10, 5).area())
}

// Whatever is missing, the answer is not "met".
func TestMissingIsNeverMet(t *testing.T) {
	quiet := func(c city) nodecrease.Input {
		red := item{x0: 0, y0: 0, x1: 40, y1: 10, code: "A"}
		forest := land(0, 0, 50, 10, "1", "0301")
		return nodecrease.Input{
			Baseline: c.publish("redline", layers.Redline, "2022", red), Current: c.publish("redline", layers.Redline, "2025", red),
			LandBefore: c.publish("landuse", layers.Landuse, "2022", forest),
			LandNow:    c.publish("landuse", layers.Landuse, "2025", forest),
			Scores:     []nodecrease.Score{{Region: "450800", Before: number(80), Now: number(80)}},
		}
	}
	c := newCity(t)
	if r := c.check(quiet(c), nodecrease.Options{}); r.Total.Status != analysis.Met {
		t.Fatalf("with everything known and nothing changed: %s %+v", r.Total.Status, r.Total)
	}
	for name, spoil := range map[string]func(c city, in *nodecrease.Input){
		"no land use before": func(_ city, in *nodecrease.Input) { in.LandBefore = layers.Ref{} },
		"no land use now":    func(_ city, in *nodecrease.Input) { in.LandNow = layers.Ref{} },
		"no scores":          func(_ city, in *nodecrease.Input) { in.Scores = nil },
		"half a score":       func(_ city, in *nodecrease.Input) { in.Scores = []nodecrease.Score{{Before: number(80)}} },
		"land use of another place": func(c city, in *nodecrease.Input) {
			in.LandNow = c.publish("landuse", layers.Landuse, "2026", land(60, 0, 80, 10, "1", "0301"))
		},
		"land use of half the place": func(c city, in *nodecrease.Input) {
			in.LandBefore = c.publish("landuse", layers.Landuse, "2021", land(0, 0, 20, 10, "1", "0301"))
		},
		"land use twice": func(c city, in *nodecrease.Input) {
			in.LandNow = c.publish("landuse", layers.Landuse, "2026", land(0, 0, 50, 10, "1", "0301"), land(0, 0, 40, 10, "2", "0301"))
		},
		"a rejected row": func(c city, in *nodecrease.Input) { in.Current = c.rejected("redline", layers.Redline, "2026") },
	} {
		c := newCity(t)
		in := quiet(c)
		spoil(c, &in)
		if r := c.check(in, nodecrease.Options{}); r.Total.Status == analysis.Met || r.Rows[0].Status == analysis.Met {
			t.Errorf("%s: %s", name, r.Total.Status)
		}
	}
}

func number(v float64) *float64 { return &v }

// rejected is a red line like that of TestMissingIsNeverMet with a row that could not be kept.
func (c city) rejected(id layers.LayerID, theme layers.Theme, vintage string) layers.Ref {
	c.t.Helper()
	ctx := context.Background()
	d, err := c.store.Begin(ctx, layers.Layer{ID: id, Theme: theme}, layers.Vintage{
		Ref: layers.Ref{Layer: id, Vintage: vintage}, Theme: theme,
		Rejects: []layers.Reject{{Row: 2, Problem: geo.NewProblem("topo.ring.short")}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	i := box(0, 0, 40, 10)
	if err := d.Append(ctx, layers.Feature{Geometry: i.polygon(), Area: i.area()}); err != nil {
		c.t.Fatal(err)
	}
	v, err := d.Commit(ctx, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return v.Ref
}

func TestFunctionByScores(t *testing.T) {
	for name, tc := range map[string]struct {
		scores           []nodecrease.Score
		west, east, city analysis.Status
	}{
		"kept and raised": {
			[]nodecrease.Score{{Region: "450802", Before: number(80), Now: number(80)}, {Region: "450803", Before: number(70), Now: number(71)}},
			analysis.Met, analysis.Met, analysis.Met,
		},
		"one lower": {
			[]nodecrease.Score{{Region: "450802", Before: number(80), Now: number(79.9)}, {Region: "450803", Before: number(70), Now: number(71)}},
			analysis.NotMet, analysis.Met, analysis.NotMet,
		},
		"one missing": {
			[]nodecrease.Score{{Region: "450802", Before: number(80), Now: number(81)}},
			analysis.Met, analysis.ToAssess, analysis.ToAssess,
		},
		"of the city alone": {
			[]nodecrease.Score{{Region: "450800", Before: number(80), Now: number(81)}},
			analysis.ToAssess, analysis.ToAssess, analysis.Met,
		},
	} {
		c := newCity(t)
		r := c.check(nodecrease.Input{
			Regions:  c.districts(),
			Baseline: c.publish("redline", layers.Redline, "2022", box(20, 20, 120, 60)),
			Current:  c.publish("redline", layers.Redline, "2025", box(20, 20, 120, 60)),
			Scores:   tc.scores,
		}, nodecrease.Options{})
		assessed(t, name+", west", r.Rows[0].Function.Status, tc.west)
		assessed(t, name+", east", r.Rows[1].Function.Status, tc.east)
		assessed(t, name+", city", r.Total.Function.Status, tc.city)
	}
}

// The core zone shrinks to the general zone in its east; a place in the old vocabulary goes over to the new one.
func TestDowngradedZones(t *testing.T) {
	c := newCity(t)
	zone := func(x0, x1 float64, code, zone string) item {
		return item{x0: x0, y0: 0, x1: x1, y1: 10, code: code, name: "保护区", zone: zone}
	}
	in := nodecrease.Input{
		Baseline: c.publish("protected", layers.Protected, "2022", zone(0, 20, "A", "core"), zone(20, 40, "B", "experimental")),
		Current:  c.publish("protected", layers.Protected, "2025", zone(0, 15, "A", "core"), zone(15, 40, "B", "general")),
	}
	r := c.check(in, nodecrease.Options{})
	near(t, "downgraded", r.Total.Zone.Downgraded, box(15, 0, 20, 10).area())
	assessed(t, "zone", r.Total.Zone.Status, analysis.ToVerify)
	assessed(t, "area", r.Total.Area.Status, analysis.Met)
	down := patches(r, nodecrease.Downgraded)
	if len(down) != 1 || down[0].Before[0].Zone != "core" || down[0].Now[0].Zone != "general" {
		t.Fatalf("downgraded %+v", down)
	}
	want := nodecrease.Attribute{Code: "B", Name: "保护区", Field: "GNFQ", Before: "experimental", After: "general"}
	if len(r.Attributes) != 1 || r.Attributes[0] != want {
		t.Errorf("attributes %+v", r.Attributes)
	}
	in.Current = c.publish("protected", layers.Protected, "2026", zone(0, 20, "A", "core"), zone(20, 40, "B", ""))
	r = c.check(in, nodecrease.Options{})
	assessed(t, "a zone that is missing", r.Total.Zone.Status, analysis.ToVerify)
}

// A place in two protected areas counts by the stricter zone.
func TestOverlappingAreasKeepTheStricterZone(t *testing.T) {
	c := newCity(t)
	core := item{x0: 0, y0: 0, x1: 20, y1: 10, code: "A", zone: "core"}
	park := item{x0: 10, y0: 0, x1: 30, y1: 10, code: "B", zone: "general"}
	r := c.check(nodecrease.Input{
		Baseline: c.publish("protected", layers.Protected, "2022", core, park),
		Current:  c.publish("protected", layers.Protected, "2025", park, core),
	}, nodecrease.Options{})
	near(t, "downgraded", r.Total.Zone.Downgraded, 0)
	near(t, "the overlap counts once", r.Total.Area.Before, box(0, 0, 30, 10).area())
}

func TestMeasures(t *testing.T) {
	c, in := natureCity(t)
	in.ActivitiesNow = c.publish("activity", layers.Activity, "2025", box(35, 5, 45, 15), box(36, 5, 40, 10))
	r := c.check(in, nodecrease.Options{})
	red, region := float64(box(0, 0, 40, 10).area()), float64(box(0, 0, 100, 100).area())
	for id, want := range map[string][2]*float64{
		nodecrease.ShareOfRegion: {number(red / region), number(red / region)},
		nodecrease.NaturalShare:  {number(0.75), number(0.25)},
		nodecrease.ActivityShare: {nil, number(float64(box(35, 5, 40, 10).area()) / red)},
		nodecrease.LineDensity:   {nil, nil},
	} {
		i := slices.IndexFunc(r.Rows[0].Measures, func(m nodecrease.Measure) bool { return m.ID == id })
		got := r.Rows[0].Measures[i]
		if !same(got.Before, want[0]) || !same(got.Now, want[1]) {
			t.Errorf("%s: %v, %v", id, got.Before, got.Now)
		}
	}
}

func same(got, want *float64) bool {
	return (got == nil) == (want == nil) && (got == nil || math.Abs(*got-*want) < 1e-6)
}

// The same layers in another order, on one worker, give the same answer; and an answer survives JSON.
func TestOrderDoesNotMatterAndJSONKeepsAll(t *testing.T) {
	c, in := natureCity(t)
	one, err := json.Marshal(c.check(in, nodecrease.Options{Workers: 1}))
	if err != nil {
		t.Fatal(err)
	}
	many, err := json.Marshal(c.check(in, nodecrease.Options{Workers: 7}))
	if err != nil || string(one) != string(many) {
		t.Errorf("workers change the answer: %v", err)
	}
	var back nodecrease.Result
	if err := json.Unmarshal(one, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(one) {
		t.Errorf("an answer does not survive JSON: %v\n%s\n%s", err, one, again)
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	c := newCity(t)
	red := c.publish("redline", layers.Redline, "2022", box(0, 0, 10, 10))
	park := c.publish("protected", layers.Protected, "2022", box(0, 0, 10, 10))
	farm := c.publish("farmland", layers.Farmland, "2022", box(0, 0, 10, 10))
	for name, tc := range map[string]struct {
		in   nodecrease.Input
		code string
	}{
		"no baseline":        {nodecrease.Input{Current: red}, "nodecrease.baseline.missing"},
		"the same twice":     {nodecrease.Input{Baseline: red, Current: red}, "nodecrease.vintages.same"},
		"two themes":         {nodecrease.Input{Baseline: red, Current: park}, "nodecrease.layer.theme"},
		"another theme":      {nodecrease.Input{Baseline: farm, Current: farm2(c)}, "nodecrease.layer.theme"},
		"land that is none":  {nodecrease.Input{Baseline: red, Current: red2(c), LandNow: farm}, "nodecrease.land.theme"},
		"an unknown vintage": {nodecrease.Input{Baseline: red, Current: layers.Ref{Layer: "redline", Vintage: "1999", Revision: 1}}, "store.vintage.unknown"},
	} {
		_, err := nodecrease.Check(context.Background(), layers.NewLibrary(c.store), tc.in, nodecrease.Options{Codes: book()})
		if geo.CodeOf(err) != tc.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRulesOutOfRange(t *testing.T) {
	c := newCity(t)
	in := nodecrease.Input{Baseline: c.publish("redline", layers.Redline, "2022", box(0, 0, 10, 10)), Current: red2(c)}
	for name, o := range map[string]nodecrease.Options{
		"approved by nothing":       {ApprovedShare: -0.5},
		"more than all of a patch":  {ApprovedShare: 1.5},
		"a patch less than nothing": {MinPatch: -1},
	} {
		o.Codes = book()
		if _, err := nodecrease.Check(context.Background(), layers.NewLibrary(c.store), in, o); geo.CodeOf(err) != "nodecrease.option.range" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A place too small to be listed is not passed over, however large the limit is set.
func TestUnlistedIsNotMet(t *testing.T) {
	c, in := natureCity(t)
	in.Current = c.publish("redline", layers.Redline, "2026", box(2, 0, 42, 10))
	r := c.check(in, nodecrease.Options{MinPatch: 1e9})
	if len(r.Patches) != 0 {
		t.Fatalf("patches %+v", r.Patches)
	}
	assessed(t, "area", r.Total.Area.Status, analysis.ToVerify)
	assessed(t, "nature", r.Total.Nature.Status, analysis.ToVerify)
}

// On red lines and land use thrown together at random: rows add up to the total, going back swaps what was lost and
// gained, listed places are no more than what was accounted for, and the order of features does not matter.
func TestIdentitiesOnRandomLayers(t *testing.T) {
	rapid.Check(t, func(p *rapid.T) {
		c := newCity(t)
		boxes := func(label string) []item {
			var out []item
			for range rapid.IntRange(1, 4).Draw(p, label) {
				x, y := rapid.Float64Range(0, 180).Draw(p, "x"), rapid.Float64Range(0, 90).Draw(p, "y")
				w, h := rapid.Float64Range(1, 20).Draw(p, "w"), rapid.Float64Range(1, 10).Draw(p, "h")
				out = append(out, box(x, y, x+w, y+h))
			}
			return out
		}
		was, is := boxes("baseline"), boxes("current")
		in := nodecrease.Input{
			Regions: c.districts(), Baseline: c.publish("redline", layers.Redline, "2022", was...),
			Current:    c.publish("redline", layers.Redline, "2025", is...),
			LandBefore: c.publish("landuse", layers.Landuse, "2022", land(0, 0, 200, 100, "1", "0301")),
			LandNow: c.publish("landuse", layers.Landuse, "2025",
				land(0, 0, 90, 100, "1", "0301"), land(90, 0, 130, 100, "2", "0602"), land(130, 0, 200, 100, "3", "0101")),
		}
		there := c.check(in, nodecrease.Options{})
		var sum nodecrease.AreaAccount
		for _, row := range there.Rows {
			sum.Before, sum.Now, sum.Lost, sum.Gained = sum.Before+row.Area.Before, sum.Now+row.Area.Now, sum.Lost+row.Area.Lost, sum.Gained+row.Area.Gained
		}
		near(t, "Σ before", sum.Before, there.Total.Area.Before)
		near(t, "Σ now", sum.Now, there.Total.Area.Now)
		near(t, "Σ lost", sum.Lost, there.Total.Area.Lost)
		near(t, "Σ gained", sum.Gained, there.Total.Area.Gained)
		listed := map[string]geo.Area{}
		for _, patch := range there.Patches {
			listed[patch.Kind] += patch.Area
		}
		for kind, all := range map[string]geo.Area{
			nodecrease.Lost: sum.Lost, nodecrease.Gained: sum.Gained, nodecrease.Built: there.Total.Nature.Built,
			nodecrease.Cultivated: there.Total.Nature.Cultivated,
		} {
			if listed[kind] > all+1 {
				t.Errorf("listed %s %v of %v", kind, listed[kind], all)
			}
		}
		slices.Reverse(was)
		in.Baseline, in.Current = in.Current, c.publish("redline", layers.Redline, "2023", was...)
		back := c.check(in, nodecrease.Options{})
		near(t, "lost on the way back", back.Total.Area.Lost, there.Total.Area.Gained)
		near(t, "gained on the way back", back.Total.Area.Gained, there.Total.Area.Lost)
		near(t, "built on the way back", back.Total.Nature.Built, there.Total.Nature.Built)
	})
}

func farm2(c city) layers.Ref {
	return c.publish("farmland", layers.Farmland, "2023", box(0, 0, 10, 10))
}
func red2(c city) layers.Ref { return c.publish("redline", layers.Redline, "2023", box(0, 0, 10, 10)) }
