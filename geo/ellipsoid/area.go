package ellipsoid

import (
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// Area is the legal area of a polygon or multipolygon in CGCS2000 degrees, unrounded; zero for other kinds. Its edges
// are taken as straight in the legal plane: densify before, where the regulation asks for it. The first ring of a
// polygon is its shell and the others its holes, whichever way round they go; parts of a multipolygon add up. The
// result is NaN when a coordinate is NaN or infinite.
func Area(g orb.Geometry) geo.Area {
	return geo.Area(polygons(g, func(r orb.Ring) float64 { return ringArea(r, ToPlane) }))
}

// PlaneArea is the area of a polygon or multipolygon in the plane that it is in, in the square of that plane's unit; no
// legal area, but the one that survey files state. Rings count as for Area.
func PlaneArea(g orb.Geometry) float64 {
	return polygons(g, func(r orb.Ring) float64 {
		return ringArea(r, func(p orb.Point) orb.Point { return p })
	})
}

// polygons adds shells and subtracts holes by their positive areas.
func polygons(g orb.Geometry, ring func(orb.Ring) float64) float64 {
	sum := 0.0
	switch g := g.(type) {
	case orb.Polygon:
		for i, r := range g {
			if i == 0 {
				sum += ring(r)
			} else {
				sum -= ring(r)
			}
		}
	case orb.MultiPolygon:
		for _, p := range g {
			sum += polygons(p, ring)
		}
	}
	return sum
}

// ringArea is the shoelace formula about the first vertex, so that no digits are lost far from the origin. A ring
// that is not closed is closed.
func ringArea(r orb.Ring, project orb.Projection) float64 {
	if len(r) < 3 {
		return 0
	}
	origin := project(r[0])
	var last orb.Point // of the previous vertex, from the first
	var twice, lost float64
	for _, v := range r[1:] {
		p := project(v)
		p[0] -= origin[0]
		p[1] -= origin[1]
		// Kahan's summation keeps millions of edges as good as one.
		term := last[0]*p[1] - p[0]*last[1] - lost
		next := twice + term
		lost = next - twice - term
		twice = next
		last = p
	}
	return math.Abs(twice) / 2
}
