package avoid_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/project"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/topo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/rule"
	"greenshield/layers/store/memory"
)

// zone is the plane in which the tests think: metres from a corner of it, deep in zone 37.
var zone, _ = crs.FromEPSG(4525)

var corner = orb.Point{37360000, 2600000}

// place reads WKT in metres of the Gauss plane, densified as a delivery in it is.
func place(t testing.TB, text string) orb.MultiPolygon {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	g = project.Geometry(g, func(p orb.Point) orb.Point { return orb.Point{corner[0] + p[0], corner[1] + p[1]} })
	g, _ = ellipsoid.Densify(g, ellipsoid.OfficialEdge)
	switch g := zone.GeometryToLonLat(g).(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	t.Fatalf("%s is no polygon", text)
	return nil
}

func box(x0, y0, x1, y1 float64) string {
	return fmt.Sprintf("POLYGON((%[1]g %[2]g,%[3]g %[2]g,%[3]g %[4]g,%[1]g %[4]g,%[1]g %[2]g))", x0, y0, x1, y1)
}

const faraway = "POLYGON((90000 0,90100 0,90100 100,90000 100,90000 0))"

// city is a library over published layers.
type city struct {
	*layers.Library
	t    testing.TB
	book *rule.Book
}

func newCity(t testing.TB) city {
	t.Helper()
	book, err := rule.Load(os.DirFS("../../../data/rules"))
	if err != nil {
		t.Fatal(err)
	}
	return city{layers.NewLibrary(memory.New()), t, book}
}

// publish publishes a layer of polygons that is complete everywhere, all of one zone.
func (c city) publish(theme layers.Theme, zone string, wkts ...string) city {
	c.t.Helper()
	ctx := context.Background()
	l := layers.Layer{ID: layers.LayerID(theme), Theme: theme, Title: string(theme)}
	d, err := c.Store().Begin(ctx, l, layers.Vintage{Ref: layers.Ref{Layer: l.ID, Vintage: "2023"}, Theme: theme})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, w := range wkts {
		g := place(c.t, w)
		f := layers.Feature{Geometry: g, Area: ellipsoid.Area(g), Roles: map[layers.Role]string{layers.Zone: zone}}
		if err := d.Append(ctx, f); err != nil {
			c.t.Fatal(err)
		}
	}
	everywhere := func(v *layers.Vintage) error {
		v.Coverage.Kind = layers.CoverageEverywhere
		return nil
	}
	if _, err := d.Commit(ctx, everywhere); err != nil {
		c.t.Fatal(err)
	}
	return c
}

func redline(t testing.TB, wkts ...string) city {
	return newCity(t).publish(layers.Redline, "", wkts...).publish(layers.Protected, "core", faraway)
}

func parcel(t testing.TB, row int64, text string) conflict.Parcel {
	mp := place(t, text)
	return conflict.Parcel{Row: row, Geometry: mp, Area: ellipsoid.Area(mp), AreaMethod: ellipsoid.Official70m}
}

func asked() conflict.Options {
	clock := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	return conflict.Options{
		Activity: "construction", Date: "2026-06-01", Program: "test", Now: func() time.Time { return clock },
	}
}

func (c city) check(o conflict.Options, parcels ...conflict.Parcel) conflict.Result {
	c.t.Helper()
	r, err := conflict.Check(context.Background(), c.Library, c.book, parcels, o)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c city) find(o avoid.Options, parcels ...conflict.Parcel) []avoid.Result {
	c.t.Helper()
	if o.Check.Activity == "" {
		o.Check = asked()
	}
	r := c.check(o.Check, parcels...)
	out, err := avoid.Find(context.Background(), c.Library, c.book, r.Parcels, o)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// wantArea compares with figures of the Gauss plane, in which the tests are drawn: it is within 0.06 % of the ground.
func wantArea(t *testing.T, what string, got geo.Area, want, tolerance float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > tolerance+want*6e-4 {
		t.Errorf("%s: %.2f m², want %.2f", what, got, want)
	}
}

func wantCut(t *testing.T, what string, c *avoid.Cut) *avoid.Cut {
	t.Helper()
	if c == nil {
		t.Fatalf("no cut %s", what)
	}
	if c.Open != 0 || c.Verdict != analysis.Clear {
		t.Errorf("%s: %d findings open, verdict %s", what, c.Open, c.Verdict)
	}
	if found := topo.Check(c.Corners); len(found) > 0 {
		t.Errorf("%s is not valid: %v", what, found)
	}
	return c
}

// The red line takes 30 m of a square of 100 m. With a margin of a metre the straight cut leaves 69 m, and the one
// along the border between one and two metres less than 70.
func TestSquareWithARedLineAlongOneSide(t *testing.T) {
	all := redline(t, box(70, -50, 300, 150)).find(avoid.Options{Margin: 1}, parcel(t, 7, box(0, 0, 100, 100)))
	if len(all) != 1 || all[0].Row != 7 || len(all[0].Avoided) != 1 {
		t.Fatalf("suggestions %+v", all)
	}
	r := all[0]
	wantArea(t, "avoided", r.Avoided[0].Area, 3000, 1)
	straight := wantCut(t, "straight", r.Straight)
	wantArea(t, "straight", straight.Kept, 6890, 15) // the margin is up to a tenth wider on the ground
	along := wantCut(t, "along", r.Along)
	wantArea(t, "along", along.Kept, 6850, 50)
	for name, c := range map[string]*avoid.Cut{"straight": straight, "along": along} {
		if c.Points != 4 || len(c.New) != 2 {
			t.Errorf("%s has %d points, %d of them new", name, c.Points, len(c.New))
		}
		if sum := c.Kept + c.Lost; math.Abs(float64(sum-r.Area)) > 1e-6 {
			t.Errorf("%s: kept and lost are %.4f of %.4f", name, sum, r.Area)
		}
		if c.System != "EPSG:4525" {
			t.Errorf("%s is in %s", name, c.System)
		}
	}
}

// A triangle of 40 m by 40 m off one corner is what a line does best, and no other line keeps more.
func TestCornerIsCutOffByTheDiagonal(t *testing.T) {
	c := redline(t, "POLYGON((60 100,100 60,200 60,200 200,60 200,60 100))")
	r := c.find(avoid.Options{Margin: avoid.NoMargin}, parcel(t, 1, box(0, 0, 100, 100)))[0]
	straight := wantCut(t, "straight", r.Straight)
	wantArea(t, "straight", straight.Kept, 9200, 1)
	if straight.Points != 5 || len(straight.New) != 2 {
		t.Errorf("%d points, %d new", straight.Points, len(straight.New))
	}
	wantArea(t, "along", wantCut(t, "along", r.Along).Kept, 9200, 1)
}

// Where the conflict lies in the middle the border leaves a hole, and a line gives up more.
func TestConflictInTheMiddle(t *testing.T) {
	c := redline(t, box(70, 40, 90, 60))
	r := c.find(avoid.Options{Margin: avoid.NoMargin}, parcel(t, 1, box(0, 0, 100, 100)))[0]
	along := wantCut(t, "along", r.Along)
	wantArea(t, "along", along.Kept, 9600, 1)
	if len(along.Corners) != 1 || len(along.Corners[0]) != 2 || along.Points != 8 {
		t.Errorf("the hole is not there: %v", along.Corners)
	}
	wantArea(t, "straight", wantCut(t, "straight", r.Straight).Kept, 7000, 1)
}

func TestNothingIsLeft(t *testing.T) {
	for name, line := range map[string]string{
		"all of it": box(-50, -50, 150, 150),
		// Half a metre is narrower than a part worth keeping.
		"all but a strip": box(0.5, -50, 150, 150),
	} {
		r := redline(t, line).find(avoid.Options{}, parcel(t, 1, box(0, 0, 100, 100)))[0]
		if r.Along != nil || r.Straight != nil {
			t.Errorf("%s: something is left: %+v", name, r)
		}
		if len(r.Gaps) != 1 || r.Gaps[0].Problem.Code != "avoid.nothing-left" {
			t.Errorf("%s: gaps %v", name, r.Gaps)
		}
	}
}

// A red line across the parcel leaves two parts; one of them is too small to keep, and that is said.
func TestSliversAreDropped(t *testing.T) {
	c := redline(t, box(2, -50, 20, 150))
	o := avoid.Options{Margin: avoid.NoMargin, SliverWidth: 3}
	along := wantCut(t, "along", c.find(o, parcel(t, 1, box(0, 0, 100, 100)))[0].Along)
	wantArea(t, "kept", along.Kept, 8000, 1)
	wantArea(t, "dropped", along.Dropped, 200, 1)
	o.SliverWidth = 0.5
	along = wantCut(t, "along", c.find(o, parcel(t, 1, box(0, 0, 100, 100)))[0].Along)
	wantArea(t, "kept with the strip", along.Kept, 8200, 1)
	if len(along.Corners) != 2 {
		t.Errorf("%d parts", len(along.Corners))
	}
}

// Findings of other outcomes stay, unless they are asked to go too.
func TestOutcomes(t *testing.T) {
	c := redline(t, box(70, -50, 300, 150)).publish(layers.Urban, "", box(-100, -100, 50, 200))
	p := parcel(t, 1, box(0, 0, 100, 100))
	findings := c.check(asked(), p).Parcels[0].Findings
	i := slices.IndexFunc(findings, func(f analysis.Finding) bool { return f.Overlap.Feature == 0 })
	if i < 0 || findings[i].Outcome == analysis.Prohibited || findings[i].Outcome == analysis.Clear {
		t.Fatalf("no milder finding about what lies outside among %+v", findings)
	}
	milder := findings[i].Outcome
	if got := c.find(avoid.Options{Margin: avoid.NoMargin}, p)[0].Along; got.Open != 0 || got.Verdict != milder {
		t.Errorf("prohibitions avoided: %d open, %s", got.Open, got.Verdict)
	}
	all := avoid.Options{Margin: avoid.NoMargin, Outcomes: []analysis.Verdict{analysis.Prohibited, milder}}
	r := c.find(all, p)[0]
	wantArea(t, "inside the urban boundary", wantCut(t, "along", r.Along).Kept, 5000, 1)
	wantArea(t, "beside a line", wantCut(t, "straight", r.Straight).Kept, 5000, 1)
	if got := newCity(t).publish(layers.Redline, "", faraway).publish(layers.Protected, "core", faraway).
		find(all, parcel(t, 1, box(0, 0, 100, 100))); len(got) != 0 {
		t.Errorf("suggestions without a finding: %v", got)
	}
}

// Points that only stand on long edges because the procedure inserts them are no boundary points; the survey's are.
func TestInsertedPointsAreNoBoundaryPoints(t *testing.T) {
	const surveyed = "POLYGON((0 0,1000 0,1000 400,700 400,130 400,0 400,0 0))"
	c := redline(t, box(900, -50, 2000, 1000))
	r := c.find(avoid.Options{Margin: avoid.NoMargin}, parcel(t, 1, surveyed))[0]
	along := wantCut(t, "along", r.Along)
	want := []orb.Point{{0, 0}, {900, 0}, {900, 400}, {700, 400}, {130, 400}, {0, 400}}
	if along.Points != len(want) {
		t.Fatalf("%d points: %v", along.Points, along.Corners)
	}
	ring := along.Corners[0][0]
	for i, w := range want {
		d := math.Hypot(ring[i][0]-corner[0]-w[0], ring[i][1]-corner[1]-w[1])
		if known := w[0] != 900; d > 0.01 || known && d > 1e-6 {
			t.Errorf("point %d is %v, want %v", i+1, ring[i], w)
		}
	}
}

// Whatever the shapes, what remains has no such finding when it is checked again, it is valid, and it is part of the
// parcel.
func TestWhatRemainsDoesNotConflict(t *testing.T) {
	const seed = 20260601
	random := rand.New(rand.NewPCG(seed, 7))
	var lines []string
	for range 12 {
		lines = append(lines, blob(random, random.Float64()*2000, random.Float64()*2000, 100+200*random.Float64(), 200))
	}
	c := redline(t, lines...)
	var parcels []conflict.Parcel
	for i := range 60 {
		x, y := random.Float64()*2000, random.Float64()*2000
		parcels = append(parcels, parcel(t, int64(i+1), blob(random, x, y, 30+120*random.Float64(), 12)))
	}
	for _, margin := range []geo.Length{avoid.NoMargin, 0.5, 5} {
		all := c.find(avoid.Options{Margin: margin}, parcels...)
		if len(all) < 10 {
			t.Fatalf("only %d of the parcels conflict", len(all))
		}
		lines, borders := 0, 0
		for _, r := range all {
			for what, cut := range map[string]*avoid.Cut{"along": r.Along, "straight": r.Straight} {
				if cut == nil {
					continue
				}
				wantCut(t, fmt.Sprintf("seed %d, margin %v, row %d, %s", seed, margin, r.Row, what), cut)
				again := c.check(asked(), conflict.Parcel{Row: 1, Geometry: cut.Outline, Area: cut.Kept}).Parcels[0]
				if again.Verdict != analysis.Clear {
					t.Errorf("row %d, %s, checked again: %s", r.Row, what, again.Verdict)
				}
				if cut.Kept > r.Area {
					t.Errorf("row %d, %s: %.2f m² kept of %.2f", r.Row, what, cut.Kept, r.Area)
				}
			}
			if r.Along != nil {
				borders++
			}
			if r.Straight != nil {
				lines++
				if r.Along == nil || r.Straight.Kept > r.Along.Kept+geo.Area(5*float64(max(margin, 0))*1000) {
					t.Errorf("row %d: a line keeps more than the border", r.Row)
				}
			}
		}
		if lines == 0 || borders == 0 {
			t.Errorf("%d lines and %d borders in %d suggestions", lines, borders, len(all))
		}
	}
}

// blob is a star of n corners about a place.
func blob(random *rand.Rand, x, y, size float64, n int) string {
	var b strings.Builder
	var first string
	for i := range n {
		r, a := size*(0.5+0.5*random.Float64()), 2*math.Pi*float64(i)/float64(n)
		p := fmt.Sprintf("%.4f %.4f", x+r*math.Cos(a), y+r*math.Sin(a))
		if i == 0 {
			first = p
		}
		b.WriteString(p + ",")
	}
	return "POLYGON((" + b.String() + first + "))"
}

func TestSuggestionsAreTheSameWithAnyNumberOfWorkers(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	c := redline(t, blob(random, 0, 0, 300, 300))
	var parcels []conflict.Parcel
	for i := range 12 {
		parcels = append(parcels, parcel(t, int64(i+1), blob(random, float64(i)*50-300, 100, 60, 9)))
	}
	var first []byte
	for workers := range 3 {
		raw, err := json.Marshal(c.find(avoid.Options{Workers: workers + 1}, parcels...))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = raw
			var back []avoid.Result
			if err := json.Unmarshal(raw, &back); err != nil {
				t.Fatal(err)
			}
			if again, err := json.Marshal(back); err != nil || string(again) != string(raw) {
				t.Errorf("read back and written again it differs: %v", err)
			}
		} else if string(raw) != string(first) {
			t.Errorf("%d workers give another result", workers+1)
		}
	}
}

func TestPlaneThatIsNone(t *testing.T) {
	degrees, _ := crs.FromEPSG(4490)
	c := redline(t, box(0, 0, 1, 1))
	_, err := avoid.Find(context.Background(), c.Library, c.book, nil, avoid.Options{System: degrees, Check: asked()})
	if geo.CodeOf(err) != "avoid.system" {
		t.Errorf("degrees: %v", err)
	}
}
