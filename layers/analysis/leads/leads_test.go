package leads_test

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

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/analysis/leads"
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

// item is a feature of a test layer: a rectangle in thousandths of a degree (about 100 m) from 109.40° E, 23.00° N, or a
// point where it has no width.
type item struct {
	x0, y0, x1, y1                      float64
	code, name, class, zone, level, raw string
}

func (i item) geometry() orb.Geometry {
	x, y := func(v float64) float64 { return 109.4 + v/1000 }, func(v float64) float64 { return 23 + v/1000 }
	if i.x0 == i.x1 {
		return orb.Point{x(i.x0), y(i.y0)}
	}
	return orb.Polygon{{
		{x(i.x0), y(i.y0)}, {x(i.x1), y(i.y0)}, {x(i.x1), y(i.y1)}, {x(i.x0), y(i.y1)}, {x(i.x0), y(i.y0)},
	}}
}

func (i item) area() geo.Area { return ellipsoid.Area(i.geometry()) }

func box(x0, y0, x1, y1 float64) item { return item{x0: x0, y0: y0, x1: x1, y1: y1} }

// land is a land-use patch, act an activity of a kind with the word it was delivered with.
func land(x0, y0, x1, y1 float64, code, class string) item {
	return item{x0: x0, y0: y0, x1: x1, y1: y1, code: code, class: class, raw: class}
}

func act(x0, y0, x1, y1 float64, kind, word string) item {
	return item{x0: x0, y0: y0, x1: x1, y1: y1, code: "a", class: kind, raw: word}
}

type city struct {
	store *memory.Store
	t     *testing.T
}

func newCity(t *testing.T) city { return city{memory.New(), t} }

func (c city) publish(id layers.LayerID, theme layers.Theme, vintage string, items ...item) layers.Ref {
	c.t.Helper()
	ctx := context.Background()
	d, err := c.store.Begin(ctx, layers.Layer{ID: id, Theme: theme, Title: "T " + string(id)}, layers.Vintage{
		Ref: layers.Ref{Layer: id, Vintage: vintage}, Theme: theme, Fields: []format.Field{{Name: "LX"}},
		Mapping: map[layers.Role]string{layers.Class: "LX"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, i := range items {
		f := layers.Feature{
			Geometry: i.geometry(), Area: i.area(), Roles: map[layers.Role]string{}, Values: []any{i.raw},
			Hash: layers.Hash(sha256.Sum256(fmt.Append(nil, i))),
		}
		for role, v := range map[layers.Role]string{
			layers.Code: i.code, layers.Name: i.name, layers.Class: i.class, layers.Zone: i.zone, layers.Level: i.level,
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

func (c city) find(in leads.Input, o leads.Options) leads.Result {
	c.t.Helper()
	o.Codes, o.Program = book(), "test"
	o.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	r, err := leads.Find(context.Background(), layers.NewLibrary(c.store), in, o)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// reserve is one of 10 km with a core zone in its west and a general zone in its east.
func (c city) reserve() layers.Ref {
	return c.publish("reserve", layers.Protected, "2024",
		item{x0: 0, y0: 0, x1: 50, y1: 100, code: "R1", name: "青山", zone: "core", level: "provincial"},
		item{x0: 50, y0: 0, x1: 100, y1: 100, code: "R2", name: "青山", zone: "general", level: "provincial"})
}

func (c city) districts() layers.Ref {
	return c.publish("region", layers.Region, "2024",
		item{x0: -100, y0: -100, x1: 300, y1: 300, code: "450802", name: "西区"})
}

func near(t *testing.T, what string, got, want geo.Area) {
	t.Helper()
	const tolerance = 1.0 // m²: the outline engine rounds to 0.1 mm, along borders of some kilometres
	if math.Abs(float64(got-want)) > tolerance {
		t.Errorf("%s is %.3f m², want %.3f", what, got, want)
	}
}

func one(t *testing.T, r leads.Result) leads.Lead {
	t.Helper()
	if len(r.Leads) != 1 {
		t.Fatalf("%d leads, want one: %+v", len(r.Leads), r.Leads)
	}
	return r.Leads[0]
}

func gaps(r leads.Result) []string {
	var out []string
	for _, g := range r.Gaps {
		out = append(out, g.Problem.Code)
	}
	return out
}

// A mine across the border of the core zone, half of it outside the reserve; the field beside it is of no interest.
func TestNewMineIsALead(t *testing.T) {
	c := newCity(t)
	r := c.find(leads.Input{
		Protected: c.reserve(), Regions: c.districts(),
		Redline:    c.publish("redline", layers.Redline, "2024", item{x0: 40, y0: -10, x1: 52, y1: 20, code: "A", name: "甲"}),
		LandBefore: c.publish("landuse", layers.Landuse, "2024", land(40, -20, 60, 20, "1", "0301")),
		Land: c.publish("landuse", layers.Landuse, "2025",
			land(48, -5, 54, 5, "7", "0602"), land(60, 0, 70, 10, "8", "0101")),
	}, leads.Options{})
	l := one(t, r)
	near(t, "area", l.Area, box(48, 0, 54, 5).area()+box(48, -5, 52, 0).area())
	near(t, "red line", l.Redline, box(48, -5, 52, 5).area())
	if l.Change != leads.New || l.Kind != "mining" || !slices.Equal(l.Words, []string{"0602"}) || !l.Focus4 || !l.Focus8 ||
		l.Region != "450802" || l.RegionName != "西区" || !l.InRedline || !slices.Equal(l.RedlineNames, []string{"甲"}) {
		t.Errorf("lead %+v", l)
	}
	if len(l.Areas) != 2 || l.Areas[0].Zone != "general" || l.Areas[1].Vocabulary != "both" || l.Areas[1].Name != "青山" {
		t.Errorf("areas %+v", l.Areas)
	}
	near(t, "outline", ellipsoid.Area(l.Outline), l.Area)
	// The centre of gravity is (51·30 + 50·20)/50 = 50.6 to the east and (2.5·30 − 2.5·20)/50 = 0.5 to the north.
	if want := "450802-1094506-230005"; l.ID != want {
		t.Errorf("id %s, want %s", l.ID, want)
	}
	if got := gaps(r); !slices.Equal(got, []string{
		"leads.activities.missing", "leads.wetland.missing", "leads.river.missing", "leads.coverage.partial", "leads.coverage.partial",
	}) {
		t.Errorf("gaps %v", got)
	}
}

// The rule of domain section 2.2, on strips of one height: the share that was there before, and what came and went.
func TestRuleOfChange(t *testing.T) {
	const acre = 0.04 // some 4 m wide and 111 m high: about 450 m²
	for name, tc := range map[string]struct {
		before, now []item
		want        string
	}{
		"nothing before":                {nil, []item{land(0, 0, 10, 1, "1", "0601")}, leads.New},
		"less than a tenth before":      {[]item{land(9.05, 0, 20, 1, "1", "0601")}, []item{land(0, 0, 10, 1, "1", "0601")}, leads.New},
		"more than a tenth before":      {[]item{land(8.95, 0, 10, 1, "1", "0601")}, []item{land(0, 0, 10, 1, "1", "0601")}, leads.Enlarged},
		"grown by a fifth":              {[]item{land(0, 0, 8, 1, "1", "0601")}, []item{land(0, 0, 10, 1, "1", "0601")}, leads.Enlarged},
		"grown by less than a tenth":    {[]item{land(0, 0, 9.5, 1, "1", "0601")}, []item{land(0, 0, 10, 1, "1", "0601")}, leads.Unchanged},
		"grown by half, but by 225 m²":  {[]item{land(0, 0, acre/2, 1, "1", "0601")}, []item{land(0, 0, acre, 1, "1", "0601")}, leads.Unchanged},
		"shrunk by a fifth":             {[]item{land(0, 0, 10, 1, "1", "0601")}, []item{land(0, 0, 8, 1, "1", "0601")}, leads.Reduced},
		"shrunk by less than a tenth":   {[]item{land(0, 0, 10, 1, "1", "0601")}, []item{land(0, 0, 9.5, 1, "1", "0601")}, leads.Unchanged},
		"moved on by a fifth":           {[]item{land(0, 0, 10, 1, "1", "0601")}, []item{land(2, 0, 12, 1, "1", "0601")}, leads.Enlarged},
		"another kind":                  {[]item{land(0, 0, 10, 1, "1", "0701")}, []item{land(0, 0, 10, 1, "1", "0601")}, leads.Retyped},
		"another class of one kind":     {[]item{land(0, 0, 10, 1, "1", "0701")}, []item{land(0, 0, 10, 1, "1", "0702")}, leads.Unchanged},
		"a field before is not counted": {[]item{land(0, 0, 10, 1, "1", "0101")}, []item{land(0, 0, 10, 1, "1", "0601")}, leads.New},
	} {
		c := newCity(t)
		before := append(tc.before, land(90, 90, 91, 91, "x", "0101"))
		r := c.find(leads.Input{
			Protected: c.reserve(), LandBefore: c.publish("landuse", layers.Landuse, "2024", before...),
			Land: c.publish("landuse", layers.Landuse, "2025", tc.now...),
		}, leads.Options{Everything: true})
		if got := one(t, r).Change; got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestWhatDidNotChangeIsCountedAndNotListed(t *testing.T) {
	c := newCity(t)
	in := leads.Input{
		Protected:  c.reserve(),
		LandBefore: c.publish("landuse", layers.Landuse, "2024", land(0, 0, 5, 5, "1", "0601"), land(20, 20, 25, 25, "2", "0601")),
		Land:       c.publish("landuse", layers.Landuse, "2025", land(0, 0, 5, 5, "1", "0601"), land(60, 60, 65, 65, "3", "0601")),
	}
	r := c.find(in, leads.Options{})
	if l := one(t, r); l.Parts[0].Code != "3" {
		t.Errorf("lead %+v", l)
	}
	want := map[string][2]int{leads.New: {1, 1}, leads.Unchanged: {1, 0}, leads.Removed: {1, 0}}
	for _, n := range r.Counts {
		if got := [2]int{n.Places, n.Listed}; got != want[n.Change] {
			t.Errorf("%s: %v, want %v", n.Change, got, want[n.Change])
		}
	}
	if len(r.Gone) != 1 || r.Gone[0].Code != "2" {
		t.Errorf("gone %+v", r.Gone)
	}
	if got := c.find(in, leads.Options{Everything: true}); len(got.Leads) != 2 {
		t.Errorf("everything: %d", len(got.Leads))
	}
}

func TestNeighboursMakeOneLead(t *testing.T) {
	for name, tc := range map[string]struct {
		items []item
		acts  []item
		want  int
	}{
		"30 m apart":                     {[]item{land(0, 0, 5, 5, "1", "0601"), land(5.3, 0, 9, 5, "2", "0601")}, nil, 1},
		"100 m apart":                    {[]item{land(0, 0, 5, 5, "1", "0601"), land(6, 0, 9, 5, "2", "0601")}, nil, 2},
		"a chain":                        {[]item{land(0, 0, 1, 1, "1", "0601"), land(2.6, 0, 3.6, 1, "3", "0601"), land(1.3, 0, 2.3, 1, "2", "0601")}, nil, 1},
		"neighbours of two kinds":        {[]item{land(0, 0, 5, 5, "1", "0601"), land(5, 0, 9, 5, "2", "0701")}, nil, 2},
		"land use and activity as one":   {[]item{land(0, 0, 5, 5, "1", "0601")}, []item{act(2, 2, 6, 6, "mining", "采石场")}, 1},
		"land use and activity apart":    {[]item{land(0, 0, 5, 5, "1", "0601")}, []item{act(5, 0, 6, 6, "mining", "采石场")}, 2},
		"a point beside an activity":     {nil, []item{act(0, 0, 5, 5, "mining", "采石场"), act(5.2, 2, 5.2, 2, "mining", "采石")}, 1},
		"two points 40 m apart":          {nil, []item{act(1, 1, 1, 1, "mining", "采石场"), act(1.4, 1, 1.4, 1, "mining", "采石")}, 1},
		"two points 60 m apart":          {nil, []item{act(1, 1, 1, 1, "mining", "采石场"), act(1.6, 1, 1.6, 1, "mining", "采石")}, 2},
		"in two counties' reserves":      {[]item{land(95, 0, 100, 5, "1", "0601"), land(100, 0, 105, 5, "2", "0601")}, nil, 2},
		"in two zones of one reserve":    {[]item{land(45, 0, 50, 5, "1", "0601"), land(50, 0, 55, 5, "2", "0601")}, nil, 1},
		"a small one within a large one": {nil, []item{act(0, 0, 20, 20, "mining", "采石场"), act(8, 8, 12, 12, "mining", "采砂场")}, 1},
	} {
		c := newCity(t)
		in := leads.Input{Protected: c.publish("reserve", layers.Protected, "2024",
			item{x0: 0, y0: 0, x1: 50, y1: 100, code: "R1", name: "青山", zone: "core"},
			item{x0: 50, y0: 0, x1: 100, y1: 100, code: "R2", name: "青山", zone: "general"},
			item{x0: 100, y0: 0, x1: 150, y1: 100, code: "P1", name: "白水", zone: "general"})}
		if tc.items != nil {
			in.Land = c.publish("landuse", layers.Landuse, "2025", tc.items...)
		}
		if tc.acts != nil {
			in.Activities = c.publish("activity", layers.Activity, "2025", tc.acts...)
		}
		r := c.find(in, leads.Options{})
		if len(r.Leads) != tc.want {
			t.Errorf("%s: %d leads, want %d", name, len(r.Leads), tc.want)
		}
		slices.Reverse(tc.items)
		slices.Reverse(tc.acts)
		d := newCity(t)
		in.Protected = d.reserveLike(c, in.Protected)
		if tc.items != nil {
			in.Land = d.publish("landuse", layers.Landuse, "2025", tc.items...)
		}
		if tc.acts != nil {
			in.Activities = d.publish("activity", layers.Activity, "2025", tc.acts...)
		}
		back := d.find(in, leads.Options{})
		for i := range back.Leads {
			if len(r.Leads) != len(back.Leads) || back.Leads[i].ID != r.Leads[i].ID || math.Abs(float64(back.Leads[i].Area-r.Leads[i].Area)) > 1e-3 {
				t.Errorf("%s: the order of the patches matters: %+v and %+v", name, r.Leads, back.Leads)
				break
			}
		}
	}
}

// reserveLike publishes the protected areas of another city.
func (c city) reserveLike(o city, ref layers.Ref) layers.Ref {
	c.t.Helper()
	var items []item
	for f, err := range o.store.Features(context.Background(), ref, nil) {
		if err != nil {
			c.t.Fatal(err)
		}
		b := f.Geometry.Bound()
		items = append(items, item{
			x0: (b.Min[0] - 109.4) * 1000, y0: (b.Min[1] - 23) * 1000, x1: (b.Max[0] - 109.4) * 1000, y1: (b.Max[1] - 23) * 1000,
			code: f.Roles[layers.Code], name: f.Roles[layers.Name], zone: f.Roles[layers.Zone],
		})
	}
	return c.publish(ref.Layer, layers.Protected, ref.Vintage, items...)
}

// Where land use and an activity share ground, the activity says what it is, and the delivered words are kept.
func TestActivityNamesTheKind(t *testing.T) {
	c := newCity(t)
	l := one(t, c.find(leads.Input{
		Protected:  c.reserve(),
		Land:       c.publish("landuse", layers.Landuse, "2025", land(0, 0, 10, 10, "1", "0601")),
		Activities: c.publish("activity", layers.Activity, "2025", act(2, 2, 4, 4, "energy", "小水电")),
	}, leads.Options{}))
	if l.Kind != "energy" || !slices.Equal(l.Words, []string{"小水电", "0601"}) || l.Change != leads.Unknown {
		t.Errorf("lead %+v", l)
	}
	near(t, "area, shared ground once", l.Area, box(0, 0, 10, 10).area())
}

func TestFocusProblems(t *testing.T) {
	for name, tc := range map[string]struct {
		act         item
		four, eight bool
		in          []string
	}{
		"tourism in the core zone":         {act(0, 0, 5, 5, "tourism", "旅游设施"), true, true, nil},
		"tourism in the general zone":      {act(60, 0, 65, 5, "tourism", "旅游设施"), false, false, nil},
		"hydropower in the core zone":      {act(0, 0, 5, 5, "energy", "水电站"), true, true, nil},
		"wind in the core zone":            {act(0, 0, 5, 5, "energy", "风电场"), false, false, nil},
		"a quarry anywhere":                {act(60, 0, 65, 5, "mining", "采石场"), true, true, nil},
		"a wharf":                          {act(60, 0, 65, 5, "transport", "码头"), false, true, nil},
		"a house in a wetland":             {act(80, 80, 82, 82, "settlement", "房屋"), false, true, []string{"wetland"}},
		"a kind that is not understood":    {act(60, 0, 65, 5, "练车场", "练车场"), false, false, nil},
		"a house across core and general":  {act(49, 0, 65, 5, "tourism", "度假村"), true, true, nil},
		"a point in the core zone":         {act(1, 1, 1, 1, "tourism", "度假村"), true, true, nil},
		"a point of a quarry in a wetland": {act(81, 81, 81, 81, "mining", "采砂"), true, true, []string{"wetland"}},
	} {
		c := newCity(t)
		l := one(t, c.find(leads.Input{
			Protected: c.reserve(), Activities: c.publish("activity", layers.Activity, "2025", tc.act),
			Wetland: c.publish("wetland", layers.Wetland, "2024", box(79, 79, 90, 90)),
		}, leads.Options{}))
		if l.Focus4 != tc.four || l.Focus8 != tc.eight || !slices.Equal(l.In, tc.in) {
			t.Errorf("%s: %v, %v, %v", name, l.Focus4, l.Focus8, l.In)
		}
		if l.Words[0] != tc.act.raw {
			t.Errorf("%s: the delivered word is %v", name, l.Words)
		}
	}
}

// The same place keeps its number; what was closed and is there again is said to have recurred.
func TestEarlierLeadsAreKnownAgain(t *testing.T) {
	c := newCity(t)
	in := leads.Input{
		Protected: c.reserve(), Regions: c.districts(),
		Activities: c.publish("activity", layers.Activity, "2025", act(0, 0, 5, 5, "mining", "采石场"), act(60, 60, 65, 65, "mining", "采石场")),
	}
	first := c.find(in, leads.Options{})
	if len(first.Leads) != 2 || first.Leads[0].ID == first.Leads[1].ID || first.Leads[0].Recurrence != leads.First {
		t.Fatalf("first %+v", first.Leads)
	}
	for _, l := range first.Leads {
		in.Earlier = append(in.Earlier, leads.Earlier{ID: l.ID, Batch: "2025", Centre: l.Centre, Outline: l.Outline})
	}
	in.Earlier[0].ID, in.Earlier[0].Closed, in.Earlier[0].Status = "GL-2024-0007", true, "已销号"
	in.Earlier = append(in.Earlier, leads.Earlier{ID: "GL-2024-0009", Centre: orb.Point{109.49, 23.09}})
	in.Activities = c.publish("activity", layers.Activity, "2026", act(60, 60, 66, 65, "mining", "采石场"), act(1, 0, 6, 5, "mining", "采石场"))
	again := c.find(in, leads.Options{})
	if len(again.Leads) != 2 {
		t.Fatalf("again %+v", again.Leads)
	}
	by := map[string]leads.Lead{}
	for _, l := range again.Leads {
		by[l.ID] = l
	}
	if l := by["GL-2024-0007"]; l.Recurrence != leads.Recurred || l.EarlierBatch != "2025" || l.EarlierStatus != "已销号" {
		t.Errorf("closed and there again: %+v", again.Leads)
	}
	if l := by[in.Earlier[1].ID]; l.Recurrence != leads.Repeated {
		t.Errorf("there again: %+v", again.Leads)
	}
	if !slices.Equal(again.Absent, []string{"GL-2024-0009"}) || again.EarlierCount != 3 {
		t.Errorf("absent %v of %d", again.Absent, again.EarlierCount)
	}
}

// One earlier lead that fell into two lends its number to the larger one; two that grew together give the larger's.
func TestNumbersAreGivenOnce(t *testing.T) {
	c := newCity(t)
	outline := func(i item) orb.MultiPolygon { return orb.MultiPolygon{i.geometry().(orb.Polygon)} }
	in := leads.Input{
		Protected:  c.reserve(),
		Activities: c.publish("activity", layers.Activity, "2025", act(0, 0, 2, 5, "mining", "x"), act(4, 0, 8, 5, "mining", "x")),
		Earlier:    []leads.Earlier{{ID: "A", Centre: orb.Point{109.404, 23.002}, Outline: outline(box(0, 0, 8, 5))}},
	}
	r := c.find(in, leads.Options{})
	if len(r.Leads) != 2 {
		t.Fatalf("fallen in two: %+v", r.Leads)
	}
	for _, l := range r.Leads {
		if (l.ID == "A") != (l.Area > box(0, 0, 3, 5).area()) || !slices.Equal(l.Earlier, []string{"A"}) {
			t.Errorf("fallen in two: %s of %v m², earlier %v", l.ID, l.Area, l.Earlier)
		}
	}
	in.Activities = c.publish("activity", layers.Activity, "2026", act(0, 0, 8, 5, "mining", "x"))
	in.Earlier = []leads.Earlier{
		{ID: "B", Centre: orb.Point{109.401, 23.002}, Outline: outline(box(0, 0, 2, 5))},
		{ID: "A", Centre: orb.Point{109.406, 23.002}, Outline: outline(box(4, 0, 8, 5))},
	}
	if l := one(t, c.find(in, leads.Options{})); l.ID != "A" || !slices.Equal(l.Earlier, []string{"A", "B"}) {
		t.Errorf("grown together: %s, %v", l.ID, l.Earlier)
	}
}

// What did not change since the date before is listed all the same when it was a lead before.
func TestLeadsStayListed(t *testing.T) {
	c := newCity(t)
	mine := act(0, 0, 5, 5, "mining", "采石场")
	r := c.find(leads.Input{
		Protected:        c.reserve(),
		ActivitiesBefore: c.publish("activity", layers.Activity, "2024", mine),
		Activities:       c.publish("activity", layers.Activity, "2025", mine),
		Earlier:          []leads.Earlier{{ID: "A", Centre: orb.Point{109.402, 23.002}, Closed: true}},
	}, leads.Options{})
	if l := one(t, r); l.Change != leads.Unchanged || l.Recurrence != leads.Recurred || l.ID != "A" {
		t.Errorf("lead %+v", l)
	}
}

func TestOverlappingProtectedAreasAreNoted(t *testing.T) {
	c := newCity(t)
	l := one(t, c.find(leads.Input{
		Protected: c.publish("reserve", layers.Protected, "2024",
			item{x0: 0, y0: 0, x1: 50, y1: 50, code: "R", name: "青山", zone: "experimental"},
			item{x0: 8, y0: 0, x1: 50, y1: 50, code: "P", name: "森林公园", zone: "general"}),
		Activities: c.publish("activity", layers.Activity, "2025", act(5, 5, 10, 10, "tourism", "景区")),
	}, leads.Options{}))
	if len(l.Areas) != 2 || l.Areas[0].Name != "青山" || l.Areas[0].Vocabulary != "old" || l.Areas[1].Vocabulary != "new" {
		t.Errorf("areas %+v", l.Areas)
	}
}

func TestNothingMissingIsPassedOver(t *testing.T) {
	c := newCity(t)
	reserve, mine := c.reserve(), c.publish("activity", layers.Activity, "2025", act(0, 0, 5, 5, "mining", "采石场"), act(0, 0, 5, 5, "练车场", "练车场"))
	for name, tc := range map[string]struct {
		in   leads.Input
		code string
	}{
		"nothing to look for":      {leads.Input{Protected: reserve}, "leads.source.missing"},
		"nowhere to look":          {leads.Input{Activities: mine}, "leads.place.missing"},
		"a layer of another theme": {leads.Input{Protected: mine, Activities: mine}, "leads.layer.theme"},
		"an unknown vintage":       {leads.Input{Protected: layers.Ref{Layer: "reserve", Vintage: "1999", Revision: 1}}, "store.vintage.unknown"},
	} {
		_, err := leads.Find(context.Background(), layers.NewLibrary(c.store), tc.in, leads.Options{Codes: book()})
		if geo.CodeOf(err) != tc.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, o := range map[string]leads.Options{
		"all the world as neighbours": {Distance: 1e6}, "a distance below nothing": {Distance: -1}, "nothing is ever new": {Share: -0.1},
		"everything is new": {Share: 1}, "less than nothing grown": {MinGrown: -1}, "patches of less than nothing": {MinArea: -1},
	} {
		o.Codes = book()
		_, err := leads.Find(context.Background(), layers.NewLibrary(c.store), leads.Input{Protected: reserve, Activities: mine}, o)
		if geo.CodeOf(err) != "leads.option.range" {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := gaps(c.find(leads.Input{Protected: reserve, Activities: mine}, leads.Options{}))
	for _, want := range []string{
		"leads.redline.missing", "leads.land.missing", "leads.activities.no-before", "leads.kind.unread", "leads.regions.missing",
		"leads.coverage.undeclared",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no gap %s among %v", want, got)
		}
	}
}

// A reserve that land use covers is searched without a gap; one metre of it missing is one.
func TestHolesInTheCoverageAreTold(t *testing.T) {
	for name, tc := range map[string]struct {
		east float64
		want int
	}{"whole": {100, 0}, "a strip missing": {99.99, 1}} {
		c := newCity(t)
		r := c.find(leads.Input{
			Protected:  c.reserve(),
			LandBefore: c.publish("landuse", layers.Landuse, "2024", land(0, 0, 100, 100, "1", "0301")),
			Land:       c.publish("landuse", layers.Landuse, "2025", land(0, 0, tc.east, 100, "1", "0301")),
		}, leads.Options{})
		n := 0
		for _, g := range gaps(r) {
			if g == "leads.coverage.partial" {
				n++
			}
		}
		if n != tc.want || len(r.Leads) != 0 {
			t.Errorf("%s: %d gaps, %d leads", name, n, len(r.Leads))
		}
	}
}

func TestWorkersDoNotMatterAndJSONKeepsAll(t *testing.T) {
	c := newCity(t)
	in := leads.Input{
		Protected: c.reserve(), Regions: c.districts(), Batch: "2026",
		Land:             c.publish("landuse", layers.Landuse, "2025", land(0, 0, 5, 5, "1", "0601"), land(30, 30, 31, 31, "2", "0701")),
		ActivitiesBefore: c.publish("activity", layers.Activity, "2024", act(1, 1, 2, 2, "mining", "x"), act(70, 70, 75, 75, "other", "y")),
		Activities:       c.publish("activity", layers.Activity, "2025", act(1, 1, 4, 4, "mining", "x"), act(9, 9, 9, 9, "other", "z")),
	}
	first, err := json.Marshal(c.find(in, leads.Options{Workers: 1}))
	if err != nil {
		t.Fatal(err)
	}
	many, err := json.Marshal(c.find(in, leads.Options{Workers: 5}))
	if err != nil || string(first) != string(many) {
		t.Errorf("workers change the ledger: %v", err)
	}
	var back leads.Result
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(first) {
		t.Errorf("a ledger does not survive JSON: %v\n%s\n%s", err, first, again)
	}
}
