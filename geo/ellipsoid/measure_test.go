package ellipsoid_test

import (
	"math"
	"os"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
)

func reversed(r orb.Ring) orb.Ring {
	r = slices.Clone(r)
	slices.Reverse(r)
	return r
}

func TestAreaIsFreeOfOrientation(t *testing.T) {
	shell := rectangle(109, 23, 109.1, 23.1)[0]
	hole := rectangle(109.02, 23.02, 109.05, 23.05)[0]
	want := ellipsoid.Area(orb.Polygon{shell}) - ellipsoid.Area(orb.Polygon{hole})
	for name, p := range map[string]orb.Polygon{
		"both one way":   {shell, hole},
		"shell reversed": {reversed(shell), hole},
		"hole reversed":  {shell, reversed(hole)},
		"not closed":     {shell[:4], hole[:4]},
	} {
		if got := ellipsoid.Area(p); math.Abs(float64(got-want)) > 1e-6 {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if got := ellipsoid.Area(orb.MultiPolygon{p, {shell}}); got <= want {
			t.Errorf("%s: parts do not add up: %v", name, got)
		}
	}
}

func TestAreaInEveryQuarter(t *testing.T) {
	want := float64(ellipsoid.Area(rectangle(109, 23, 109.1, 23.1)))
	for name, p := range map[string]orb.Polygon{
		"south": rectangle(109, -23.1, 109.1, -23), "west": rectangle(-109.1, 23, -109, 23.1),
		"south-west": rectangle(-60.1, -23.1, -60, -23), "Greenwich": rectangle(-0.05, 23, 0.05, 23.1),
		"past the antimeridian": rectangle(179.95, 23, 180.05, 23.1),
	} {
		if got := float64(ellipsoid.Area(p)); math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%s: %.4f, want %.4f", name, got, want)
		}
	}
	across := ellipsoid.Area(rectangle(109, -0.1, 109.1, 0.1))
	half := ellipsoid.Area(rectangle(109, 0, 109.1, 0.1))
	if math.Abs(float64(across/half)-2) > 1e-12 {
		t.Errorf("across the equator %v, half of it %v", across, half)
	}
}

// TestAreaOfManyVertices cuts the edges of a county into a million and expects the same area.
func TestAreaOfManyVertices(t *testing.T) {
	county := rectangle(109, 22.5, 110.5, 24)
	dense, added := ellipsoid.Densify(county, 6e-6)
	if added < 990_000 {
		t.Fatalf("only %d vertices added", added)
	}
	want, got := float64(ellipsoid.Area(county)), float64(ellipsoid.Area(dense))
	const tolerance = 1e-2 // m² on 25,000 km²
	if math.Abs(got-want) > tolerance {
		t.Errorf("%.4f m², want %.4f", got, want)
	}
}

// TestAreaOfAnyLength cuts one edge into ever more pieces: wherever a ring ends, none of its edges is lost.
func TestAreaOfAnyLength(t *testing.T) {
	square := rectangle(109, 23, 109.01, 23.01)[0]
	want := float64(ellipsoid.Area(orb.Polygon{square}))
	for n := range 1100 {
		r := orb.Ring{square[0]}
		for k := 1; k <= n; k++ {
			r = append(r, orb.Point{109 + 0.01*float64(k)/float64(n+1), 23})
		}
		r = append(r, square[1:]...)
		if got := float64(ellipsoid.Area(orb.Polygon{r})); math.Abs(got-want) > 1e-6 {
			t.Fatalf("%d vertices: %.7f m², want %.7f", len(r), got, want)
		}
	}
}

func TestNothingToMeasure(t *testing.T) {
	s, _ := crs.GaussKruger(3, 37, true)
	for _, g := range []orb.Geometry{
		nil,
		orb.Point{109, 23},
		orb.MultiPoint{},
		orb.Polygon{},
		orb.Polygon{{}},
		orb.Polygon{nil, nil},
		orb.MultiPolygon{{}},
		orb.Polygon{{{109, 23}, {110, 23}}},
		orb.LineString{},
		orb.Collection{nil},
		orb.Bound{},
	} {
		_, n := ellipsoid.Densify(g, 70)
		if a, b, c := ellipsoid.Area(g), ellipsoid.OfficialArea(g, s), ellipsoid.PlaneArea(g); a != 0 || b != 0 || c != 0 || n != 0 {
			t.Errorf("%v: areas %v %v %v, %d vertices added", g, a, b, c, n)
		}
	}
	if l := ellipsoid.Length(orb.Point{1, 2}); l != 0 {
		t.Errorf("a point is %v long", l)
	}
}

func TestNotNumbers(t *testing.T) {
	s, _ := crs.GaussKruger(3, 37, true)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for axis := range 2 {
			p := rectangle(109, 23, 109.1, 23.1)
			p[0][2][axis] = bad
			for name, v := range map[string]float64{
				"area": float64(ellipsoid.Area(p)), "plane": ellipsoid.PlaneArea(p), "length": float64(ellipsoid.Length(p)),
				"official": float64(ellipsoid.OfficialArea(p, s)),
			} {
				if !math.IsNaN(v) {
					t.Errorf("%s with %g is %g", name, bad, v)
				}
			}
			ellipsoid.Densify(p, 70)
			ellipsoid.GeometryFromPlane(p)
		}
	}
	huge := orb.Polygon{{{0, 0}, {1e12, 0}, {0, 1e12}, {0, 0}}}
	if g, n := ellipsoid.Densify(huge, 70); n != -1 || len(g.(orb.Polygon)[0]) != 4 {
		t.Errorf("an edge longer than the Earth gets %d vertices", n)
	}
	if v := ellipsoid.OfficialArea(huge, s); !math.IsNaN(float64(v)) {
		t.Errorf("and an official area of %v", v)
	}
}

func TestLength(t *testing.T) {
	const tolerance = 1e-4 // metres
	for _, c := range []struct {
		name string
		g    orb.Geometry
		want float64
	}{
		// Quadrant of the GRS 80 meridian, Moritz 2000.
		{"quadrant", orb.LineString{{109, 0}, {109, 45}, {109, 90}}, 10001965.7293},
		{"a degree of the equator", orb.LineString{{109, 0}, {110, 0}}, math.Pi * 6378137 / 180},
		{"two lines", orb.MultiLineString{{{0, 0}, {1, 0}}, {{5, 0}, {6, 0}, {7, 0}}}, 3 * math.Pi * 6378137 / 180},
		{"there and back along the equator", orb.Ring{{0, 0}, {1, 0}, {0, 0}}, 2 * math.Pi * 6378137 / 180},
		{"beyond the pole", orb.LineString{{0, 80}, {0, 100}}, math.NaN()},
		{"across the antimeridian", orb.LineString{{179.5, 0}, {-179.5, 0}}, math.Pi * 6378137 / 180},
	} {
		got := float64(ellipsoid.Length(c.g))
		if math.Abs(got-c.want) > tolerance || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%s: %.6f, want %.6f", c.name, got, c.want)
		}
	}
	p := orb.Polygon{rectangle(109, 23, 110, 24)[0], rectangle(109.2, 23.2, 109.3, 23.3)[0]}
	if got, want := ellipsoid.Length(p), ellipsoid.Length(p[0])+ellipsoid.Length(p[1]); math.Abs(float64(got-want)) > tolerance {
		t.Errorf("perimeter %v, want %v", got, want)
	}
}

func TestDensify(t *testing.T) {
	line := orb.LineString{{0, 0}, {70, 0}, {70, 70.5}, {70, 211}}
	got, n := ellipsoid.Densify(line, 70)
	want := orb.LineString{{0, 0}, {70, 0}, {70, 35.25}, {70, 70.5}, {70, 70.5 + 140.5/3}, {70, 70.5 + 281./3}, {70, 211}}
	if n != 3 || len(got.(orb.LineString)) != len(want) {
		t.Fatalf("%d vertices added: %v", n, got)
	}
	for i, p := range got.(orb.LineString) {
		if math.Hypot(p[0]-want[i][0], p[1]-want[i][1]) > 1e-12 {
			t.Errorf("vertex %d at %v, want %v", i, p, want[i])
		}
	}
	back := slices.Clone(line)
	slices.Reverse(back)
	other, _ := ellipsoid.Densify(back, 70)
	slices.Reverse(other.(orb.LineString))
	if !slices.Equal(got.(orb.LineString), other.(orb.LineString)) {
		t.Errorf("the other way round the points are %v, not %v", other, got)
	}
	if _, n := ellipsoid.Densify(line, 0); n != 0 {
		t.Errorf("a longest edge of 0 adds %d vertices", n)
	}
	parts := orb.Collection{orb.MultiPolygon{rectanglePart(), rectanglePart()}, orb.MultiLineString{line}, orb.Point{}}
	if _, n := ellipsoid.Densify(parts, 70); n != 2*4*2+3 {
		t.Errorf("%d vertices added to a collection", n)
	}
}

func rectanglePart() orb.Polygon { return rectangle(0, 0, 140, 140) }

// TestCountries compares with Karney's geodesic polygons. Edges are geodesics there and straight in the legal plane
// here, so that both are cut into short pieces along the legal plane's edges first.
func TestCountries(t *testing.T) {
	const path = "../../../shared/data/geodesy-geographiclib/test_fixtures/countries.geojson"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the countries are not here: %v", err)
	}
	countries, err := geojson.UnmarshalFeatureCollection(data)
	if err != nil {
		t.Fatal(err)
	}
	const tolerance = 2e-6 // relative, of edges of 2 km that still bend
	measured := 0
	for _, f := range countries.Features {
		plane, _ := ellipsoid.Densify(ellipsoid.GeometryToPlane(f.Geometry), 2000)
		dense := ellipsoid.GeometryFromPlane(plane)
		if b := dense.Bound(); b.Min[1] < -89 { // Antarctica's edge along the pole
			continue
		}
		got, want := float64(ellipsoid.Area(dense)), karney(t, dense)
		if !(math.Abs(got/want-1) < tolerance) {
			t.Errorf("%v: %.0f m², geodesic %.0f m² (%.1e)", f.Properties["name"], got, want, got/want-1)
		}
		measured++
	}
	if measured < 150 {
		t.Errorf("only %d countries measured", measured)
	}
}

// karney is the geodesic area; .ci/compare/planimeter compares it with GeographicLib.
func karney(t *testing.T, g orb.Geometry) float64 {
	t.Helper()
	m, err := ellipsoid.Measure(g, ellipsoid.Geodesic, crs.System{})
	if err != nil {
		t.Fatal(err)
	}
	return m.SquareMetres
}
