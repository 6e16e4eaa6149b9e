package change_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis/change"
	"greenshield/layers/store/memory"
)

// tolerance is what areas may be off by: the outline engine rounds to 0.1 mm, along borders of some kilometres.
const tolerance = 1.0 // m²

// item is a feature of a test layer: a rectangle in hundredths of a degree from 109.40° E, 23.00° N, so that 10 is
// the border of the zones 36 and 37.
type item struct {
	x0, y0, x1, y1 float64
	class, code    string
}

func (i item) polygon() orb.Polygon {
	x, y := func(v float64) float64 { return 109.4 + v/100 }, func(v float64) float64 { return 23 + v/100 }
	return orb.Polygon{{
		{x(i.x0), y(i.y0)}, {x(i.x1), y(i.y0)}, {x(i.x1), y(i.y1)}, {x(i.x0), y(i.y1)}, {x(i.x0), y(i.y0)},
	}}
}

func (i item) area() geo.Area { return ellipsoid.Area(i.polygon()) }

type city struct {
	store *memory.Store
	t     *testing.T
}

func newCity(t *testing.T) city { return city{memory.New(), t} }

func (c city) library() *layers.Library { return layers.NewLibrary(c.store) }

func (c city) publish(id layers.LayerID, theme layers.Theme, vintage string, items ...item) layers.Ref {
	c.t.Helper()
	ctx := context.Background()
	d, err := c.store.Begin(ctx, layers.Layer{ID: id, Theme: theme, Title: "T " + string(id)},
		layers.Vintage{Ref: layers.Ref{Layer: id, Vintage: vintage}, Theme: theme})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, i := range items {
		f := layers.Feature{Geometry: i.polygon(), Area: i.area(), Roles: map[layers.Role]string{}}
		if i.class != "" {
			f.Roles[layers.Class] = i.class
		}
		if i.code != "" {
			f.Roles[layers.Code], f.Roles[layers.Name] = i.code, "region "+i.code
		}
		f.Hash = layers.Hash(sha256.Sum256(fmt.Append(nil, i)))
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

func compare(t *testing.T, c city, before, after layers.Ref, o change.Options) change.Result {
	t.Helper()
	o.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	r, err := change.Compare(context.Background(), c.library(), before, after, o)
	if err != nil {
		t.Fatal(err)
	}
	reads(t, r)
	for _, row := range append(r.Rows, r.Total) {
		if d := row.Before + row.Gained - row.Lost - row.After; math.Abs(float64(d)) > 1e-3 {
			t.Errorf("row %q: before + gained − lost − after = %v", row.Code, d)
		}
	}
	return r
}

func near(t *testing.T, what string, got, want geo.Area) {
	t.Helper()
	if math.Abs(float64(got-want)) > tolerance {
		t.Errorf("%s is %.3f m², want %.3f", what, got, want)
	}
}

// Two districts meet at 109.50° E; the red line loses its west end and gains in the east.
func TestExtentMovesByRegion(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", item{0, 0, 10, 10, "", "450802"}, item{10, 0, 20, 10, "", "450803"})
	before := c.publish("redline", layers.Redline, "2024", item{x0: 2, y0: 2, x1: 12, y1: 6})
	after := c.publish("redline", layers.Redline, "2025", item{x0: 4, y0: 2, x1: 14, y1: 6})
	r := compare(t, c, before, after, change.Options{Regions: regions, Patches: true})
	if len(r.Rows) != 2 || r.Rows[0].Code != "450802" || r.Rows[1].Name != "region 450803" {
		t.Fatalf("rows %+v", r.Rows)
	}
	west, east := r.Rows[0], r.Rows[1]
	near(t, "west before", west.Before, item{x0: 2, y0: 2, x1: 10, y1: 6}.area())
	near(t, "west lost", west.Lost, item{x0: 2, y0: 2, x1: 4, y1: 6}.area())
	near(t, "west gained", west.Gained, 0)
	near(t, "east before", east.Before, item{x0: 10, y0: 2, x1: 12, y1: 6}.area())
	near(t, "east gained", east.Gained, item{x0: 12, y0: 2, x1: 14, y1: 6}.area())
	near(t, "east lost", east.Lost, 0)
	near(t, "total net", r.Total.Net, r.Total.Gained-r.Total.Lost)
	near(t, "total unchanged", r.Total.Unchanged, item{x0: 4, y0: 2, x1: 12, y1: 6}.area())
	if len(r.Patches) != 2 || r.Patches[0].Kind != "lost" || r.Patches[1].Kind != "gained" {
		t.Fatalf("patches %+v", r.Patches)
	}
	near(t, "patch outline", ellipsoid.Area(r.Patches[1].Outline), r.Patches[1].Area)
	if r.Layer.Title != "T redline" || r.Provenance.At.IsZero() || len(r.Gaps) != 0 {
		t.Errorf("layer %+v, provenance %+v, gaps %+v", r.Layer, r.Provenance, r.Gaps)
	}
}

func TestExtentCountsOverlappingFeaturesOnce(t *testing.T) {
	c := newCity(t)
	before := c.publish("protected", layers.Protected, "2024", item{x0: 0, y0: 0, x1: 4, y1: 4}, item{x0: 2, y0: 0, x1: 6, y1: 4})
	after := c.publish("protected", layers.Protected, "2025", item{x0: 0, y0: 0, x1: 6, y1: 4})
	r := compare(t, c, before, after, change.Options{})
	near(t, "overlapping", r.OverlappingBefore, item{x0: 2, y0: 0, x1: 4, y1: 4}.area())
	near(t, "gained", r.Total.Gained, 0)
	near(t, "lost", r.Total.Lost, 0)
	near(t, "before", r.Total.Before, item{x0: 0, y0: 0, x1: 6, y1: 4}.area())
}

func TestOutsideAllRegionsIsARowOfItsOwn(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", item{0, 0, 10, 10, "", "450802"})
	before := c.publish("urban", layers.Urban, "2024", item{x0: 8, y0: 0, x1: 10, y1: 2})
	after := c.publish("urban", layers.Urban, "2025", item{x0: 8, y0: 0, x1: 12, y1: 2})
	r := compare(t, c, before, after, change.Options{Regions: regions})
	if len(r.Rows) != 2 || r.Rows[1].Code != "" {
		t.Fatalf("rows %+v", r.Rows)
	}
	near(t, "gained outside", r.Rows[1].Gained, item{x0: 10, y0: 0, x1: 12, y1: 2}.area())
}

// A coverage of four patches: one keeps its class, one changes it, one is split, one is new ground.
func TestTransitionMatrix(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", item{0, 0, 10, 10, "", "450802"}, item{10, 0, 20, 10, "", "450803"})
	keep := item{x0: 0, y0: 0, x1: 4, y1: 4, class: "0301"}
	before := c.publish("landuse", layers.Landuse, "2024",
		keep, item{x0: 4, y0: 0, x1: 8, y1: 4, class: "0101"}, item{x0: 8, y0: 0, x1: 12, y1: 4, class: "0101"})
	after := c.publish("landuse", layers.Landuse, "2025",
		keep, item{x0: 4, y0: 0, x1: 8, y1: 4, class: "0601"}, item{x0: 8, y0: 0, x1: 9, y1: 4, class: "0701"},
		item{x0: 9, y0: 0, x1: 12, y1: 4, class: "0101"}, item{x0: 12, y0: 0, x1: 13, y1: 4, class: "0301"})
	for name, o := range map[string]change.Options{
		"areas only": {Regions: regions}, "with patches": {Regions: regions, Patches: true}, "without regions": {},
	} {
		r := compare(t, c, before, after, o)
		if !reflect.DeepEqual(r.Classes, []string{"0101", "0301", "0601", "0701"}) {
			t.Fatalf("%s: classes %v", name, r.Classes)
		}
		near(t, name+" forest kept", r.Matrix[1][1], keep.area())
		near(t, name+" field to industry", r.Matrix[0][2], item{x0: 4, y0: 0, x1: 8, y1: 4}.area())
		near(t, name+" field to housing", r.Matrix[0][3], item{x0: 8, y0: 0, x1: 9, y1: 4}.area())
		near(t, name+" field kept", r.Matrix[0][0], item{x0: 9, y0: 0, x1: 12, y1: 4}.area())
		near(t, name+" new ground", r.OnlyAfter[1], item{x0: 12, y0: 0, x1: 13, y1: 4}.area())
		near(t, name+" changed", r.Total.Changed, item{x0: 4, y0: 0, x1: 9, y1: 4}.area())
		near(t, name+" gained", r.Total.Gained, item{x0: 12, y0: 0, x1: 13, y1: 4}.area())
		if len(r.Gaps) != 0 {
			t.Errorf("%s: gaps %v", name, r.Gaps[0].Problem)
		}
		if o.Regions != (layers.Ref{}) {
			near(t, name+" field kept in the east", r.MatrixByRegion[1][0][0], item{x0: 10, y0: 0, x1: 12, y1: 4}.area())
			near(t, name+" field kept in the west", r.MatrixByRegion[0][0][0], item{x0: 9, y0: 0, x1: 10, y1: 4}.area())
		}
		if o.Patches {
			checkPatches(t, r)
		}
	}
}

func checkPatches(t *testing.T, r change.Result) {
	t.Helper()
	sum := map[string]geo.Area{}
	for _, p := range r.Patches {
		sum[p.Kind] += p.Area
		near(t, "outline of a patch", ellipsoid.Area(p.Outline), p.Area)
	}
	near(t, "changed patches", sum["changed"], r.Total.Changed)
	near(t, "gained patches", sum["gained"], r.Total.Gained)
}

// A red line with kinds is compared as a place: its overlapping parts count once and there is no matrix.
func TestKindsOfARedLineMakeNoMatrix(t *testing.T) {
	c := newCity(t)
	before := c.publish("redline", layers.Redline, "2024", item{x0: 0, y0: 0, x1: 4, y1: 4, class: "11"}, item{x0: 3, y0: 0, x1: 6, y1: 4, class: "21"})
	after := c.publish("redline", layers.Redline, "2025", item{x0: 0, y0: 0, x1: 6, y1: 4, class: "11"})
	r := compare(t, c, before, after, change.Options{})
	if len(r.Classes) != 0 || len(r.Gaps) != 0 {
		t.Errorf("classes %v, gaps %v", r.Classes, r.Gaps)
	}
	near(t, "overlapping", r.OverlappingBefore, item{x0: 3, y0: 0, x1: 4, y1: 4}.area())
	near(t, "net", r.Total.Net, 0)
}

// Regions are told apart by their code: a border that moved is area that went from one region to the other.
func TestRegionsAreComparedByCode(t *testing.T) {
	c := newCity(t)
	before := c.publish("region", layers.Region, "2024", item{x0: 0, y0: 0, x1: 4, y1: 4, code: "1"}, item{x0: 4, y0: 0, x1: 8, y1: 4, code: "2"})
	after := c.publish("region", layers.Region, "2025", item{x0: 0, y0: 0, x1: 5, y1: 4, code: "1"}, item{x0: 5, y0: 0, x1: 8, y1: 4, code: "2"})
	r := compare(t, c, before, after, change.Options{})
	if len(r.Classes) != 2 || len(r.Rows) != 2 || r.Rows[0].Name != "region 1" || r.Rows[1].FeaturesAfter != 1 {
		t.Fatalf("classes %v, rows %+v", r.Classes, r.Rows)
	}
	moved := item{x0: 4, y0: 0, x1: 5, y1: 4}.area()
	near(t, "gained by 1", r.Rows[0].Gained, moved)
	near(t, "lost by 1", r.Rows[0].Lost, 0)
	near(t, "lost by 2", r.Rows[1].Lost, moved)
	near(t, "unchanged", r.Total.Unchanged, r.Total.Before-moved)
	near(t, "from 2 to 1", r.Matrix[1][0], item{x0: 4, y0: 0, x1: 5, y1: 4}.area())
	near(t, "from 1 to 2", r.Matrix[0][1], 0)
	near(t, "net", r.Total.Net, 0)
}

func TestOverlappingClassesAreSaid(t *testing.T) {
	c := newCity(t)
	before := c.publish("landuse", layers.Landuse, "2024", item{x0: 0, y0: 0, x1: 4, y1: 4, class: "0101"}, item{x0: 3, y0: 0, x1: 6, y1: 4, class: "0301"})
	after := c.publish("landuse", layers.Landuse, "2025", item{x0: 0, y0: 0, x1: 6, y1: 4, class: "0101"})
	r := compare(t, c, before, after, change.Options{})
	near(t, "overlapping", r.OverlappingBefore, item{x0: 3, y0: 0, x1: 4, y1: 4}.area())
	if len(r.Gaps) == 0 || r.Gaps[0].Problem.Code != "change.layer.overlaps" {
		t.Fatalf("an overlapping layer leaves gaps %+v", r.Gaps)
	}
	said := r.Gaps[0].Problem.Error()
	if !strings.Contains(said, "landuse@2024.1 1/2 (") || strings.Contains(said, "landuse@2025.1") {
		t.Errorf("the overlapping features are not named: %s", said)
	}
}

func TestSameBytesWhoeverIsFaster(t *testing.T) {
	c := newCity(t)
	var a, b []item
	for k := range 200 {
		x, y := float64(k%20), float64(k/20)
		a = append(a, item{x, y, x + 1, y + 1, []string{"0101", "0301"}[k%2], ""})
		b = append(b, item{x + 0.3, y, x + 1.3, y + 1, []string{"0101", "0301", "0601"}[k%3], ""})
	}
	before, after := c.publish("landuse", layers.Landuse, "2024", a...), c.publish("landuse", layers.Landuse, "2025", b...)
	one := compare(t, c, before, after, change.Options{Patches: true, Workers: 1})
	for _, workers := range []int{2, 7} {
		if got := compare(t, c, before, after, change.Options{Patches: true, Workers: workers}); !reflect.DeepEqual(one, got) {
			t.Errorf("%d workers give another result than one", workers)
		}
	}
}

// A feature that lies nowhere makes no account, rather than one without it; the error names it.
func TestFeatureThatCannotBeOverlaidIsNamed(t *testing.T) {
	c := newCity(t)
	before := c.publish("landuse", layers.Landuse, "2022", item{0, 0, 10, 10, "0101", ""}, item{10, 0, 20, 10, "0301", ""})
	after := c.publish("landuse", layers.Landuse, "2023",
		item{0, 0, 10, 10, "0101", ""}, item{10, 0, math.NaN(), 10, "0301", ""}, item{20, 0, 30, 10, "0301", ""})
	_, err := change.Compare(context.Background(), c.library(), before, after, change.Options{})
	var p *geo.Problem
	if !errors.As(err, &p) || p.Code != "change.overlap.failed" {
		t.Fatalf("got %v", err)
	}
	for _, a := range p.Args {
		if a.Name == "to" && a.Value != "2" || a.Name == "from" && a.Value != "–" {
			t.Errorf("%s is %v", a.Name, a.Value)
		}
	}
}

// A field that differs from feature to feature was taken for the class.
func TestAClassForEveryFeatureIsRefused(t *testing.T) {
	c := newCity(t)
	var items []item
	for i := range 4200 {
		x := float64(i) / 100
		items = append(items, item{x, 0, x + 0.01, 1, fmt.Sprintf("c%d", i), ""})
	}
	before, after := c.publish("landuse", layers.Landuse, "2022", items...), c.publish("landuse", layers.Landuse, "2023", items...)
	_, err := change.Compare(context.Background(), c.library(), before, after, change.Options{})
	if geo.CodeOf(err) != "change.classes.too-many" {
		t.Errorf("got %v", err)
	}
}

func TestRefusals(t *testing.T) {
	c := newCity(t)
	red := c.publish("redline", layers.Redline, "2024", item{x0: 0, y0: 0, x1: 1, y1: 1})
	urban := c.publish("urban", layers.Urban, "2024", item{x0: 0, y0: 0, x1: 1, y1: 1})
	later := c.publish("redline", layers.Redline, "2025", item{x0: 0, y0: 0, x1: 1, y1: 1})
	for name, tc := range map[string]struct {
		before, after, regions layers.Ref
		want                   string
	}{
		"two layers":           {red, urban, layers.Ref{}, "change.layers.differ"},
		"one vintage":          {red, red, layers.Ref{}, "change.vintages.same"},
		"unknown vintage":      {red, layers.Ref{Layer: "redline", Vintage: "1990", Revision: 1}, layers.Ref{}, "store.vintage.unknown"},
		"regions without code": {red, later, urban, "change.region.no-code"},
	} {
		_, err := change.Compare(context.Background(), c.library(), tc.before, tc.after, change.Options{Regions: tc.regions})
		if geo.CodeOf(err) != tc.want {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := change.Compare(ctx, c.library(), red, later, change.Options{}); err == nil {
		t.Error("a cancelled comparison gives a result")
	}
}

// reads holds every result to being read back from JSON: written again it is the same bytes.
func reads(t *testing.T, r change.Result) {
	t.Helper()
	first, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var read change.Result
	if err := json.Unmarshal(first, &read); err != nil {
		t.Fatal(err)
	}
	if second, err := json.Marshal(read); err != nil || !bytes.Equal(first, second) {
		t.Errorf("%v: written\n%s\nread and written again\n%s", err, first, second)
	}
}
