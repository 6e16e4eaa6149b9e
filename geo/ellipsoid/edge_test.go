package ellipsoid_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
)

// TestUndensifiedEdge measures the area between an edge that is straight in a Gauss-Krüger plane and the chord between
// its ends in the legal plane, over all directions and places within a 3° zone. The bounds are those that the package
// comment states.
func TestUndensifiedEdge(t *testing.T) {
	s, err := crs.GaussKruger(3, 37, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lat, length, bound float64 }{
		{23, 1000, 8.1},
		{23, 100, 8.1e-3},
		{23, 70, 2.8e-3},
		{40, 1000, 15.7},
		{40, 100, 15.7e-3},
		{40, 70, 5.4e-3},
	} {
		worst := 0.0
		for d := -1.5; d <= 1.5; d += 0.25 {
			from := s.FromLonLat(orb.Point{s.CentralMeridian() + d, c.lat})
			for k := range 72 {
				sin, cos := math.Sincos(float64(k) * math.Pi / 36)
				worst = math.Max(worst, sliver(s, from, orb.Point{from[0] + c.length*cos, from[1] + c.length*sin}))
			}
		}
		t.Logf("%2g° N, %4g m: %.3g m²", c.lat, c.length, worst)
		if worst > c.bound || worst < c.bound/2 {
			t.Errorf("%g° N, %g m: %.4g m², stated %g", c.lat, c.length, worst, c.bound)
		}
	}
}

// TestUndensifiedSquare measures what the edges of a whole parcel, turned by 30°, come to.
func TestUndensifiedSquare(t *testing.T) {
	s, err := crs.GaussKruger(3, 37, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lat, length, bound float64 }{
		{23, 1000, 3e-3}, {23, 100, 1e-6}, {40, 1000, 5e-3}, {40, 100, 1e-6},
	} {
		worst := 0.0
		for d := -1.5; d <= 1.5; d += 0.25 {
			from := s.FromLonLat(orb.Point{s.CentralMeridian() + d, c.lat})
			for k := range 18 {
				sin, cos := math.Sincos(float64(k) * math.Pi / 36)
				x, y := c.length*cos, c.length*sin
				square := orb.Polygon{{from, add(from, x, y), add(from, x-y, x+y), add(from, -y, x), from}}
				dense, _ := ellipsoid.Densify(square, c.length/100)
				difference := ellipsoid.Area(s.GeometryToLonLat(square)) - ellipsoid.Area(s.GeometryToLonLat(dense))
				worst = math.Max(worst, math.Abs(float64(difference)))
			}
		}
		t.Logf("%2g° N, %4g m: %.3g m²", c.lat, c.length, worst)
		if worst > c.bound {
			t.Errorf("%g° N, %g m: %.4g m², stated %g", c.lat, c.length, worst, c.bound)
		}
	}
}

// TestDegreeEdge measures the area between an edge that is straight in degrees and one straight in the legal plane, over
// all azimuths. The bounds are those that the package comment states.
func TestDegreeEdge(t *testing.T) {
	for _, c := range []struct{ lat, length, bound float64 }{
		{23, 1000, 2.2},
		{23, 100, 2.2e-3},
		{23, 70, 0.75e-3},
		{40, 1000, 4.3},
		{40, 100, 4.3e-3},
		{40, 70, 1.5e-3},
		{53, 1000, 6.7},
		{53, 100, 6.7e-3},
		{53, 70, 2.3e-3},
	} {
		worst := 0.0
		for k := range 360 {
			from, to := orb.Point{109, c.lat}, ahead(orb.Point{109, c.lat}, float64(k), c.length)
			line, _ := ellipsoid.Densify(orb.LineString{from, to}, math.Hypot(to[0]-from[0], to[1]-from[1])/100)
			area := ellipsoid.Area(orb.Polygon{append(orb.Ring(line.(orb.LineString)), from)})
			worst = math.Max(worst, float64(area))
		}
		t.Logf("%2g° N, %4g m: %.3g m²", c.lat, c.length, worst)
		if worst > c.bound || worst < 0.9*c.bound {
			t.Errorf("%g° N, %g m: %.4g m², stated %g", c.lat, c.length, worst, c.bound)
		}
	}
}

// TestGeodesicEdge measures the area between a geodesic and the edge of the legal plane with the same ends.
func TestGeodesicEdge(t *testing.T) {
	beside := func(azimuth float64) float64 {
		from := orb.Point{109, 23}
		line := orb.Ring{from}
		for step := 10.0; step <= 1000; step += 10 {
			line = append(line, ahead(from, azimuth, step))
		}
		return float64(ellipsoid.Area(orb.Polygon{append(line, from)}))
	}
	worst := 0.0
	for azimuth := 0.0; azimuth < 360; azimuth++ {
		worst = math.Max(worst, beside(azimuth))
	}
	t.Logf("1000 m at 23° N: %.3g m², along the parallel %.3g m²", worst, beside(90))
	if worst > 7.9 || worst < 7.8 || beside(90) > 5.6 || beside(90) < 5.5 {
		t.Errorf("%.4g m², along the parallel %.4g m²", worst, beside(90))
	}
}

// ahead is the end of a geodesic.
func ahead(p orb.Point, azimuth, metres float64) orb.Point {
	var lat, lon float64
	geodesic.NewEllipsoid(6378137, 1/298.257222101).Direct(p[1], p[0], azimuth, metres, &lat, &lon, nil)
	return orb.Point{lon, lat}
}

func add(p orb.Point, x, y float64) orb.Point { return orb.Point{p[0] + x, p[1] + y} }

// sliver is the area between the edge in 100 pieces and its chord.
func sliver(s crs.System, from, to orb.Point) float64 {
	line, _ := ellipsoid.Densify(orb.LineString{from, to}, math.Hypot(to[0]-from[0], to[1]-from[1])/100)
	ring := orb.Ring(line.(orb.LineString))
	return float64(ellipsoid.Area(s.GeometryToLonLat(orb.Polygon{append(ring, from)})))
}
