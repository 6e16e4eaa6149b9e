package conflict_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/project"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/rule"
	"greenshield/layers/store/memory"
)

// nearly is the tolerance for areas of parcels of some hectares: the outline's grid of 0.1 mm along their perimeter.
const nearly = 0.05

// place reads WKT in metres of the legal plane around a point of the demo region, so that areas are easy to see.
func place(t testing.TB, text string) orb.Geometry {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	origin := ellipsoid.ToPlane(orb.Point{109.5, 23.5})
	return project.Geometry(g, func(p orb.Point) orb.Point {
		return ellipsoid.FromPlane(orb.Point{p[0] + origin[0], p[1] + origin[1]})
	})
}

// parcel is a parcel of the given place.
func parcel(t testing.TB, row int64, text string) conflict.Parcel {
	t.Helper()
	var mp orb.MultiPolygon
	switch g := place(t, text).(type) {
	case orb.Polygon:
		mp = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		mp = g
	}
	return conflict.Parcel{Row: row, Geometry: mp, Area: ellipsoid.Area(mp), AreaMethod: "legal-plane"}
}

// feature is a feature to publish, with its zone and name.
type feature struct{ wkt, zone string }

// delivery is a layer to publish; without a coverage kind it is complete everywhere.
type delivery struct {
	id       layers.LayerID
	theme    layers.Theme
	vintage  string
	features []feature
	edit     func(*layers.Vintage)
}

// city is a store with layers.
type city struct {
	layers.Store
	t testing.TB
}

func newCity(t testing.TB, deliveries ...delivery) city {
	c := city{memory.New(), t}
	for _, d := range deliveries {
		c.publish(d)
	}
	return c
}

func (c city) publish(d delivery) layers.Ref {
	c.t.Helper()
	ctx := context.Background()
	if d.vintage == "" {
		d.vintage = "2023"
	}
	v := layers.Vintage{Ref: layers.Ref{Layer: d.id, Vintage: d.vintage}, Theme: d.theme}
	draft, err := c.Begin(ctx, layers.Layer{ID: d.id, Theme: d.theme, Title: string(d.id)}, v)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range d.features {
		g := place(c.t, f.wkt)
		roles := map[layers.Role]string{layers.Name: "name of " + string(d.id)}
		if f.zone != "" {
			roles[layers.Zone] = f.zone
		}
		f := layers.Feature{Geometry: g, Area: ellipsoid.Area(g), Roles: roles}
		if _, line := g.(orb.LineString); line {
			f.Length = ellipsoid.Length(g)
		}
		if err := draft.Append(ctx, f); err != nil {
			c.t.Fatal(err)
		}
	}
	published, err := draft.Commit(ctx, func(v *layers.Vintage) error {
		v.Coverage.Kind = layers.CoverageEverywhere
		if d.edit != nil {
			d.edit(v)
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return published.Ref
}

func book(t testing.TB) *rule.Book {
	t.Helper()
	b, err := rule.Load(os.DirFS("../../../data/rules"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// options ask for general construction in the summer of 2026.
func options() conflict.Options {
	clock := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	return conflict.Options{
		Activity: "construction", Date: "2026-06-01", Program: "test", Now: func() time.Time { return clock },
	}
}

func (c city) check(o conflict.Options, parcels ...conflict.Parcel) conflict.Result {
	c.t.Helper()
	r, err := conflict.Check(context.Background(), layers.NewLibrary(c.Store), book(c.t), parcels, o)
	if err != nil {
		c.t.Fatal(err)
	}
	reads(c.t, r)
	return r
}

// codes are the problem codes of a parcel's gaps.
func codes(p conflict.ParcelResult) []string {
	var out []string
	for _, g := range p.Gaps {
		out = append(out, g.Problem.Code)
	}
	return out
}

func wantArea(t *testing.T, what string, got, want geo.Area) {
	t.Helper()
	if d := float64(got - want); d > nearly || d < -nearly {
		t.Errorf("%s: %.4f m², want %.4f", what, got, want)
	}
}

func wantVerdict(t *testing.T, p conflict.ParcelResult, want analysis.Verdict) {
	t.Helper()
	if p.Verdict != want {
		t.Errorf("verdict %s, want %s; gaps %v", p.Verdict, want, codes(p))
	}
}

func planeArea(mp orb.MultiPolygon) geo.Area {
	return overlay.AreaOf(ellipsoid.MultiPolygonToPlane(mp))
}

const (
	// hectare is a square of 100 m; block is a large square that contains it, nextDoor its
	// neighbour; faraway meets none of them.
	hectare  = "POLYGON((0 0,100 0,100 100,0 100,0 0))"
	block    = "POLYGON((-500 -500,500 -500,500 500,-500 500,-500 -500))"
	nextDoor = "POLYGON((100 0,200 0,200 100,100 100,100 0))"
	faraway  = "POLYGON((5000 5000,5100 5000,5100 5100,5000 5100,5000 5000))"
)

// holed is block with a hole.
func holed(ring string) string { return strings.TrimSuffix(block, ")") + "," + ring + ")" }

// redline and protected are the two layers that every check requires.
func redline(wkts ...string) delivery {
	d := delivery{id: "redline", theme: layers.Redline}
	for _, w := range wkts {
		d.features = append(d.features, feature{wkt: w})
	}
	return d
}

func protected(features ...feature) delivery {
	return delivery{id: "protected", theme: layers.Protected, features: features}
}

// reads holds every result to being read back from JSON: written again it is the same bytes.
func reads(t testing.TB, r conflict.Result) {
	t.Helper()
	first, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var read conflict.Result
	if err := json.Unmarshal(first, &read); err != nil {
		t.Fatal(err)
	}
	if second, err := json.Marshal(read); err != nil || !bytes.Equal(first, second) {
		t.Errorf("%v: written\n%s\nread and written again\n%s", err, first, second)
	}
}
