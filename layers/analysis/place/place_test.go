package place_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
	"greenshield/layers/store/memory"
)

// rect is a rectangle in metres of the plane.
func rect(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

func near(t *testing.T, what string, got, want geo.Area) {
	t.Helper()
	if math.Abs(float64(got-want)) > 1e-3 { // the outline engine's grid is 0.1 mm, along some metres
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestUnionCountsOverlapsOnce(t *testing.T) {
	e, err := place.Union(rect(0, 0, 10, 10), rect(5, 0, 15, 10), rect(100, 5, 101, 6))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "area", e.Area, 151)
	near(t, "overlapping", e.Overlapping, 50)
	across := overlay.Prepare(rect(14, 5, 101, 6))
	near(t, "shared with two parts", e.Shared(across), 2)
	outline, area, err := e.Within(across, new(overlay.Scratch))
	if err != nil || len(outline) != 2 {
		t.Errorf("within: %v, %v", outline, err)
	}
	near(t, "within", area, 2)
	for p, want := range map[orb.Point]bool{{7, 7}: true, {100.5, 5.5}: true, {50, 5}: false, {0, 0}: true} {
		if e.Holds(p) != want {
			t.Errorf("holds %v: %v", p, !want)
		}
	}
}

func TestNoPlaceAtAll(t *testing.T) {
	none, err := place.Union()
	if err != nil || !none.Empty() || !new(place.Extent).Empty() {
		t.Fatalf("%v, %v", none, err)
	}
	some := place.Of(rect(0, 0, 10, 10))
	for name, f := range map[string]func(*place.Extent) (*place.Extent, error){"less": some.Less, "and": some.And} {
		got, err := f(new(place.Extent))
		if want := map[string]geo.Area{"less": 100, "and": 0}[name]; err != nil || got.Area != want {
			t.Errorf("%s nothing: %v, %v", name, got.Area, err)
		}
	}
	if new(place.Extent).Shared(overlay.Prepare(rect(0, 0, 1, 1))) != 0 || new(place.Extent).Holds(orb.Point{}) {
		t.Error("nothing shares nothing and holds nothing")
	}
}

func TestCentreLiesInside(t *testing.T) {
	ring := orb.Ring{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}
	hole := orb.Ring{{1, 1}, {1, 9}, {9, 9}, {9, 1}, {1, 1}}
	for name, tc := range map[string]struct {
		g    orb.MultiPolygon
		want orb.Point
	}{
		"a square":              {rect(0, 0, 10, 10), orb.Point{5, 5}},
		"a frame":               {orb.MultiPolygon{{ring, hole}}, orb.Point{0.5, 5}},
		"the other way round":   {orb.MultiPolygon{{slices.Clone(reversed(ring)), reversed(hole)}}, orb.Point{0.5, 5}},
		"the larger of two":     {append(rect(100, 0, 101, 1), rect(0, 0, 10, 10)...), orb.Point{5, 5}},
		"a hook, left and long": {orb.MultiPolygon{{{{0, 0}, {9, 0}, {9, 1}, {1, 1}, {1, 9}, {0, 9}, {0, 0}}}}, orb.Point{0.5, 2.6}},
	} {
		got, ok := place.Centre(tc.g)
		p := ellipsoid.ToPlane(got)
		if !ok || math.Hypot(p[0]-tc.want[0], p[1]-tc.want[1]) > 0.05 {
			t.Errorf("%s: %v, want %v", name, p, tc.want)
		}
	}
	if _, ok := place.Centre(nil); ok {
		t.Error("nothing has no centre")
	}
}

func reversed(r orb.Ring) orb.Ring {
	out := slices.Clone(r)
	slices.Reverse(out)
	return out
}

func TestCodeOfAPlace(t *testing.T) {
	for at, want := range map[orb.Point]string{
		{109.42501, 23.04004}: "1094250-230400",
		{109.42496, 23.03996}: "1094250-230400",
		{98.1, 4.2}:           "0981000-042000",
	} {
		if got := place.Code(at); got != want {
			t.Errorf("%v: %s, want %s", at, got, want)
		}
	}
}

func TestLevelsOfCodes(t *testing.T) {
	for code, want := range map[string]int{
		"45": 2, "450000": 2, "4508": 4, "450800": 4, "450802": 6, "450810": 6, "450802000000": 6, "450802100": 9,
		"450802100000": 9, "450802100201": 12, "": 2,
	} {
		if got := place.Level(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

// publish makes a region vintage of rectangles in hundredths of a degree.
func publish(t *testing.T, units map[string]orb.MultiPolygon) *layers.Loaded {
	t.Helper()
	ctx := context.Background()
	store := memory.New()
	d, err := store.Begin(ctx, layers.Layer{ID: "region", Theme: layers.Region},
		layers.Vintage{Ref: layers.Ref{Layer: "region", Vintage: "2024"}, Theme: layers.Region})
	if err != nil {
		t.Fatal(err)
	}
	for code, g := range units {
		roles := map[layers.Role]string{layers.Name: "n" + code}
		if code != "" {
			roles[layers.Code] = code
		}
		if err := d.Append(ctx, layers.Feature{Geometry: place.Degrees(g), Area: overlay.AreaOf(g), Roles: roles}); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.Commit(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := layers.NewLibrary(store).Load(ctx, v.Ref)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestRegionsOfOneLevel(t *testing.T) {
	whole, west, east := rect(0, 0, 2000, 1000), rect(0, 0, 1000, 1000), rect(1000, 0, 2000, 1000)
	r, err := place.RegionsOf(publish(t, map[string]orb.MultiPolygon{
		"450800": whole, "450802": west, "450803": east, "450802100": rect(0, 0, 500, 1000),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.List) != 2 || r.List[0].Code != "450802" || r.Names["450800"] != "n450800" {
		t.Fatalf("counties alone make the account: %+v", r.List)
	}
	near(t, "west", r.List[0].Area, 1_000_000)
	pieces, err := r.Cut(rect(900, 0, 2100, 10), 1, new(overlay.Scratch))
	if err != nil || len(pieces) != 3 {
		t.Fatalf("pieces %+v, %v", pieces, err)
	}
	for i, want := range []geo.Area{1000, 10_000, 1000} {
		near(t, "piece", pieces[i].Area, want)
		near(t, "outline of a piece", overlay.AreaOf(pieces[i].Outline), want)
	}
	if r.At(pieces[2].Row) != (place.Region{}) {
		t.Error("the last piece lies outside")
	}
	lengths := r.Lengths(orb.MultiLineString{{{900, 5}, {2100, 5}}})
	for i, want := range []float64{100, 1000, 100} {
		if got := float64(lengths[i]); math.Abs(got/want-float64(lengths[0])/100) > 1e-4 { // the plane stretches lines
			t.Errorf("length %d is %v", i, got)
		}
	}
}

func TestRegionsWithoutCodeAreRefused(t *testing.T) {
	_, err := place.RegionsOf(publish(t, map[string]orb.MultiPolygon{"": rect(0, 0, 10, 10)}))
	if geo.CodeOf(err) != "place.region.no-code" {
		t.Errorf("got %v", err)
	}
	whole, err := place.RegionsOf(publish(t, map[string]orb.MultiPolygon{"450000": rect(0, 0, 10, 10), "450800": rect(0, 0, 5, 5)}))
	if err != nil || len(whole.List) != 1 || whole.List[0].Code != "450800" {
		t.Errorf("units above the county: %+v, %v", whole, err)
	}
}

func TestEachStopsAtAnError(t *testing.T) {
	broken := errors.New("broken")
	done := make([]bool, 100)
	err := place.Each(t.Context(), len(done), 4, func(i int, _ *overlay.Scratch) error {
		done[i] = true
		if i == 10 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := place.Each(ctx, 5, 0, func(int, *overlay.Scratch) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := place.Each(t.Context(), 0, 0, nil); err != nil {
		t.Errorf("nothing to do: %v", err)
	}
}
