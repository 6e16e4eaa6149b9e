package conflict_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"testing"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	landcodes "greenshield/layers/ingest/codes"
)

func codeBook(t testing.TB) *landcodes.Book {
	t.Helper()
	b, err := landcodes.Load(os.DirFS("../../../data/codes"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// land is a land-use patch: class, kind of ownership and owner.
type land struct{ wkt, class, ownership, owner string }

func (c city) publishLand(fields []format.Field, patches ...land) {
	c.t.Helper()
	ctx := context.Background()
	l := layers.Layer{ID: "landuse", Theme: layers.Landuse, Title: "landuse"}
	d, err := c.Begin(ctx, l, layers.Vintage{
		Ref: layers.Ref{Layer: l.ID, Vintage: "2023"}, Theme: l.Theme, Fields: fields,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, p := range patches {
		g := place(c.t, p.wkt)
		f := layers.Feature{
			Geometry: g, Area: ellipsoid.Area(g),
			Roles: map[layers.Role]string{layers.Class: p.class, layers.Name: "name of " + p.class},
		}
		if fields != nil {
			f.Values = []any{p.ownership, p.owner}
		}
		if err := d.Append(ctx, f); err != nil {
			c.t.Fatal(err)
		}
	}
	if _, err := d.Commit(ctx, func(*layers.Vintage) error { return nil }); err != nil {
		c.t.Fatal(err)
	}
}

// region is a region to publish under a code and a name.
type region struct{ wkt, code, name string }

func (c city) publishRegions(regions ...region) {
	c.t.Helper()
	ctx := context.Background()
	l := layers.Layer{ID: "region", Theme: layers.Region, Title: "region"}
	d, err := c.Begin(ctx, l, layers.Vintage{Ref: layers.Ref{Layer: l.ID, Vintage: "2023"}, Theme: l.Theme})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, r := range regions {
		g := place(c.t, r.wkt)
		f := layers.Feature{
			Geometry: g, Area: ellipsoid.Area(g),
			Roles: map[layers.Role]string{layers.Code: r.code, layers.Name: r.name},
		}
		if err := d.Append(ctx, f); err != nil {
			c.t.Fatal(err)
		}
	}
	if _, err := d.Commit(ctx, func(*layers.Vintage) error { return nil }); err != nil {
		c.t.Fatal(err)
	}
}

// asking is options with the code book, so that the ground is asked for.
func asking(t testing.TB) conflict.Options {
	o := options()
	o.Codes = codeBook(t)
	return o
}

var ownership = []format.Field{{Name: "QSXZ"}, {Name: "QSDWMC"}}

// box is a rectangle in metres of the legal plane.
func box(x0, y0, x1, y1 float64) string {
	return fmt.Sprintf("POLYGON((%[1]g %[2]g,%[3]g %[2]g,%[3]g %[4]g,%[1]g %[4]g,%[1]g %[2]g))", x0, y0, x1, y1)
}

func landCity(t testing.TB) city {
	return newCity(t, redline(faraway), protected(feature{faraway, "core"}))
}

// useOf is the area of the uses that a test is about.
func useOf(g *conflict.Ground, is func(conflict.Use) bool) geo.Area {
	sum := geo.Area(0)
	for _, u := range g.Uses {
		if is(u) {
			sum += u.Area
		}
	}
	return sum
}

func ofKind(k conflict.UseKind) func(conflict.Use) bool {
	return func(u conflict.Use) bool { return u.Kind == k }
}

func gapCodes(gaps []analysis.Gap) []string {
	var out []string
	for _, g := range gaps {
		out = append(out, g.Problem.Code)
	}
	return out
}

func wantGap(t *testing.T, gaps []analysis.Gap, code string) {
	t.Helper()
	if !slices.Contains(gapCodes(gaps), code) {
		t.Errorf("gaps %v, want %s among them", gapCodes(gaps), code)
	}
}

// wantSum: uses add up to the ground's area, regions too, and the uses of a region to its part.
func wantSum(t *testing.T, g *conflict.Ground) {
	t.Helper()
	sum, byRegion := geo.Area(0), map[string]geo.Area{}
	for _, u := range g.Uses {
		sum += u.Area
		byRegion[u.Region] += u.Area
	}
	if math.Abs(float64(sum-g.Area)) > 1e-6 {
		t.Errorf("uses add up to %.6f m² of %.6f", sum, g.Area)
	}
	sum = 0
	for _, r := range g.Regions {
		sum += r.Area
		if math.Abs(float64(byRegion[r.Region]-r.Area)) > 1e-6 {
			t.Errorf("region %q has %.6f m² and uses of %.6f", r.Region, r.Area, byRegion[r.Region])
		}
	}
	if len(g.Regions) > 0 && math.Abs(float64(sum-g.Area)) > 1e-6 {
		t.Errorf("regions add up to %.6f m² of %.6f", sum, g.Area)
	}
}

func TestLandUseUnderAParcel(t *testing.T) {
	c := landCity(t)
	c.publishLand(ownership,
		land{box(-10, 0, 40, 100), "0101", "30", "Village A"},
		land{box(40, 0, 60, 100), "0702", "30", "Village A"},
		land{box(60, 0, 90, 50), "0404", "20", "Forest farm"},
		land{box(60, 50, 90, 100), "0101", "30", "Village B"},
		land{box(90, 0, 200, 60), "1101", "20", ""},
	)
	r := c.check(asking(t), parcel(t, 1, hectare))
	g := r.Parcels[0].Ground
	wantSum(t, g)
	class := func(code string) func(conflict.Use) bool {
		return func(u conflict.Use) bool { return u.Class == code && u.Kind == conflict.Surveyed }
	}
	wantArea(t, "paddy", useOf(g, class("0101")), 4000+1500)
	wantArea(t, "homesteads", useOf(g, class("0702")), 2000)
	wantArea(t, "other grass", useOf(g, class("0404")), 1500)
	wantArea(t, "river", useOf(g, class("1101")), 600)
	wantArea(t, "uncovered", useOf(g, ofKind(conflict.Uncovered)), 400)
	wantArea(t, "village A", useOf(g, func(u conflict.Use) bool { return u.Owner.Name == "Village A" }), 6000)
	wantArea(t, "collective", useOf(g, func(u conflict.Use) bool { return u.Owner.Holder == landcodes.Collective }), 7500)
	wantArea(t, "of the state", useOf(g, func(u conflict.Use) bool { return u.Owner.Holder == landcodes.State }), 2100)
	wantArea(t, "agricultural", g.Grouped(landcodes.Agricultural), 5500)
	wantArea(t, "cultivated", g.Cultivated(), 5500)
	wantArea(t, "construction", g.Grouped(landcodes.Construction), 2000)
	wantArea(t, "unused", g.Grouped(landcodes.Unused), 2100)
	wantArea(t, "of unknown group", g.Grouped(""), 400)
	wantGap(t, g.Gaps, "ground.uncovered")
	wantGap(t, r.Ground.Gaps, "ground.regions.missing")
	if !r.Ground.Ownership || slices.Contains(gapCodes(r.Ground.Gaps), "ground.ownership.absent") {
		t.Error("the fields on ownership were not found")
	}
	if !slices.Contains(r.Provenance.Refs, layers.Ref{Layer: "landuse", Vintage: "2023", Revision: 1}) {
		t.Errorf("the land-use vintage is not among the inputs %v", r.Provenance.Refs)
	}
	wantVerdict(t, r.Parcels[0], analysis.Clear) // the ground makes no verdict

	o := asking(t)
	o.Groups = map[string]landcodes.Group{"0404": landcodes.Agricultural}
	r = c.check(o, parcel(t, 1, hectare))
	wantArea(t, "agricultural with 0404", r.Parcels[0].Ground.Grouped(landcodes.Agricultural), 7000)
	if want := []conflict.ClassGroup{{Class: "0404", Group: landcodes.Agricultural}}; !slices.Equal(r.Ground.Groups, want) {
		t.Errorf("chosen groups %v, want %v", r.Ground.Groups, want)
	}
}

// What the land-use layer does not say is said, and never an empty table without a word.
func TestLandUseThatIsNotKnown(t *testing.T) {
	half, other := box(0, 0, 50, 100), box(50, 0, 100, 100)
	const twice = "MULTIPOLYGON(((0 0,100 0,100 100,0 100,0 0)),((0 0,50 0,50 100,0 100,0 0)))"
	for name, tc := range map[string]struct {
		fields  []format.Field
		patches []land
		want    string // a gap of the parcel or the batch
	}{
		"no patches at all": {ownership, nil, "ground.uncovered"},
		"no class": {
			ownership, []land{{half, "0101", "", ""}, {other, "", "", ""}}, "ground.class.absent",
		},
		"a class that does not exist": {ownership, []land{{hectare, "9999", "", ""}}, "ground.class.unknown"},
		"a first-level class":         {ownership, []land{{hectare, "03", "", ""}}, "ground.class.unknown"},
		"no fields on ownership":      {nil, []land{{hectare, "0101", "", ""}}, "ground.ownership.absent"},
		"patches that overlap": {
			nil, []land{{box(0, 0, 60, 100), "0101", "", ""}, {other, "0102", "", ""}}, "ground.doubled",
		},
		"a patch that covers a place twice": {nil, []land{{twice, "0101", "", ""}}, "ground.feature.mended"},
	} {
		t.Run(name, func(t *testing.T) {
			c := landCity(t)
			c.publishLand(tc.fields, tc.patches...)
			r := c.check(asking(t), parcel(t, 1, hectare))
			wantSum(t, r.Parcels[0].Ground)
			wantGap(t, slices.Concat(r.Parcels[0].Ground.Gaps, r.Ground.Gaps), tc.want)
		})
	}
	t.Run("no layer", func(t *testing.T) {
		r := landCity(t).check(asking(t), parcel(t, 1, hectare))
		wantGap(t, r.Ground.Gaps, "ground.landuse.missing")
		if g := r.Parcels[0].Ground; len(g.Uses) > 0 {
			t.Errorf("uses %v without a layer", g.Uses)
		}
	})
	t.Run("not asked for", func(t *testing.T) {
		if r := landCity(t).check(options(), parcel(t, 1, hectare)); r.Ground != nil || r.Parcels[0].Ground != nil {
			t.Error("a ground without a code book")
		}
	})
}

// Gaps and overlaps of the same size must not cancel each other out unseen.
func TestGapsAndOverlapsOfPatchesAreBothSaid(t *testing.T) {
	c := landCity(t)
	c.publishLand(nil, land{box(0, 0, 60, 100), "0101", "", ""}, land{box(45, 0, 90, 100), "0301", "", ""})
	g := c.check(asking(t), parcel(t, 1, hectare)).Parcels[0].Ground
	wantSum(t, g)
	wantArea(t, "uncovered", useOf(g, ofKind(conflict.Uncovered)), 1000)
	wantArea(t, "doubled", useOf(g, ofKind(conflict.Doubled)), -1500)
}

// Two counties of one name are two, and what lies in neither is said.
func TestParcelAcrossCounties(t *testing.T) {
	c := newCity(t, redline(box(30, 0, 80, 100)), protected(feature{faraway, "core"}))
	c.publishLand(nil, land{box(0, 0, 100, 50), "0101", "", ""}, land{box(0, 50, 100, 100), "0702", "", ""})
	c.publishRegions(
		region{box(-900, -900, 50, 900), "450801", "Twin"},
		region{box(50, -900, 95, 900), "450802000000", "Twin"},
		region{box(-900, -900, 900, 900), "450800", "the city above them"},
		region{box(-900, -900, 50, 900), "450801100", "a township below one"},
	)
	r := c.check(asking(t), parcel(t, 1, hectare), parcel(t, 2, box(-200, 0, -100, 100)))
	p := r.Parcels[0]
	wantSum(t, p.Ground)
	want := map[string]geo.Area{"": 500, "450801": 5000, "450802000000": 4500}
	for _, part := range p.Ground.Regions {
		wantArea(t, "region "+part.Region, part.Area, want[part.Region])
		delete(want, part.Region)
	}
	if len(want) > 0 {
		t.Errorf("regions %v are missing from %v", want, p.Ground.Regions)
	}
	wantArea(t, "paddy in the first", useOf(p.Ground, func(u conflict.Use) bool {
		return u.Region == "450801" && u.Class == "0101"
	}), 2500)
	f := p.Findings[0]
	if len(f.Regions) != 2 {
		t.Fatalf("the finding lies in %v", f.Regions)
	}
	wantArea(t, "finding in the first", f.Regions[0].Area, 2000)
	wantArea(t, "finding in the second", f.Regions[1].Area, 3000)
	if sum := f.Regions[0].Area + f.Regions[1].Area; math.Abs(float64(sum-f.Overlap.Area)) > 1e-9 {
		t.Errorf("parts of the finding add up to %v of %v", sum, f.Overlap.Area)
	}
	if got := r.Parcels[1].Ground.Region(); got != "450801" {
		t.Errorf("the second parcel lies in %q", got)
	}
	if r.Ground.Split != 1 {
		t.Errorf("%d parcels split", r.Ground.Split)
	}
	names := []conflict.RegionName{{Code: "450801", Name: "Twin"}, {Code: "450802000000", Name: "Twin"}}
	if !slices.Equal(r.Ground.RegionNames, names) {
		t.Errorf("names %v", r.Ground.RegionNames)
	}
	wantSum(t, &r.Ground.Ground)
}

func TestRegionsThatCannotSplit(t *testing.T) {
	for name, tc := range map[string]struct {
		regions []region
		want    string
		batch   bool
	}{
		"without codes": {[]region{{block, "", "Twin"}}, "ground.regions.no-code", true},
		"overlapping": {
			[]region{{box(-900, -900, 60, 900), "450801", "A"}, {box(40, -900, 900, 900), "450802", "B"}},
			"ground.regions.failed", false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := landCity(t)
			c.publishLand(nil, land{block, "0101", "", ""})
			c.publishRegions(tc.regions...)
			r := c.check(asking(t), parcel(t, 1, hectare))
			gaps := r.Parcels[0].Ground.Gaps
			if tc.batch {
				gaps = r.Ground.Gaps
			}
			wantGap(t, gaps, tc.want)
			wantSum(t, r.Parcels[0].Ground)
		})
	}
}

// The batch counts each place once; the pairs that overlap are named.
func TestParcelsThatOverlapEachOther(t *testing.T) {
	c := landCity(t)
	c.publishLand(nil, land{box(-900, -900, 50, 900), "0101", "", ""}, land{box(50, -900, 900, 900), "0702", "", ""})
	parcels := []conflict.Parcel{
		parcel(t, 1, hectare), parcel(t, 2, box(200, 0, 300, 100)), parcel(t, 3, box(60, 0, 160, 100)),
		parcel(t, 4, box(150, 0, 250, 100)), parcel(t, 5, box(-300, 0, -200, 100)),
	}
	r := c.check(asking(t), parcels...)
	want := []conflict.ParcelPair{
		{Row: 1, Other: 3, Area: 4000}, {Row: 2, Other: 4, Area: 5000}, {Row: 3, Other: 4, Area: 1000},
	}
	if len(r.Pairs) != len(want) || r.PairsOmitted {
		t.Fatalf("pairs %v, want %v", r.Pairs, want)
	}
	for i, p := range r.Pairs {
		if p.Row != want[i].Row || p.Other != want[i].Other {
			t.Errorf("pair %v, want %v", p, want[i])
		}
		wantArea(t, "shared", p.Area, want[i].Area)
	}
	wantArea(t, "union", r.Union, 40000)
	wantArea(t, "ground of the batch", r.Ground.Area, 40000)
	wantArea(t, "paddy", r.Ground.Grouped(landcodes.Agricultural), 15000)
	wantArea(t, "homesteads", r.Ground.Grouped(landcodes.Construction), 25000)
	wantSum(t, &r.Ground.Ground)

	slices.Reverse(parcels)
	back := c.check(asking(t), parcels...)
	if !reflect.DeepEqual(back.Pairs, r.Pairs) {
		t.Errorf("pairs depend on the order: %v, %v", back.Pairs, r.Pairs)
	}
}

func TestGroundIsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	c := newCity(t, redline(block), protected(feature{faraway, "core"}))
	c.publishLand(nil, land{box(-900, -900, 50, 900), "0101", "", ""}, land{box(50, -900, 900, 900), "0702", "", ""})
	c.publishRegions(region{box(-900, -900, 20, 900), "450801", "A"}, region{box(20, -900, 900, 900), "450802", "B"})
	var parcels []conflict.Parcel
	for i := range 20 {
		x := float64(i)*20 - 200
		parcels = append(parcels, parcel(t, int64(i+1), box(x, 0, x+30, 40)))
	}
	o := asking(t)
	var first []byte
	for workers := range 4 {
		o.Workers = workers + 1
		r := c.check(o, parcels...)
		raw, err := json.Marshal(struct {
			Batch *conflict.BatchGround
			Pairs []conflict.ParcelPair
		}{r.Ground, r.Pairs})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = raw
		} else if string(raw) != string(first) {
			t.Errorf("with %d workers %s, with one %s", o.Workers, raw, first)
		}
	}
}
