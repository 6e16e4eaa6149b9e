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
	return geo.Area(polygons(g, legalRing))
}

// PlaneArea is the area of a polygon or multipolygon in the plane that it is in, in the square of that plane's unit; no
// legal area, but the one that survey files state. Rings count as for Area.
func PlaneArea(g orb.Geometry) float64 {
	return polygons(g, planeRing)
}

// polygons adds shells and subtracts holes by their positive areas.
func polygons(g orb.Geometry, ring func(orb.Ring) float64) float64 {
	switch g := g.(type) {
	case orb.Polygon:
		return polygon(g, ring)
	case orb.MultiPolygon:
		sum := 0.0
		for _, p := range g {
			sum += polygon(p, ring)
		}
		return sum
	}
	return 0
}

func polygon(p orb.Polygon, ring func(orb.Ring) float64) float64 {
	sum := 0.0
	for i, r := range p {
		if i == 0 {
			sum += ring(r)
		} else {
			sum -= ring(r)
		}
	}
	return sum
}

// legalRing is the area of a ring in degrees: planeRing of its ring in the legal plane, of which it makes no more than a
// stretch at a time.
func legalRing(r orb.Ring) float64 {
	if len(r) < 3 {
		return 0
	}
	var stretch [256]orb.Point
	var s shoelace
	for ; len(r) > 0; r = r[min(len(r), len(stretch)):] {
		s.add(AppendToPlane(stretch[:0], r[:min(len(r), len(stretch))]))
	}
	return s.area()
}

func planeRing(r orb.Ring) float64 {
	if len(r) < 3 {
		return 0
	}
	var s shoelace
	s.add(r)
	return s.area()
}

// shoelace sums the area of a ring about its first vertex, so that no digits are lost far from the origin. A ring that
// is not closed is closed.
type shoelace struct {
	begun        bool
	origin       orb.Point
	lastX, lastY float64 // the previous vertex, from the first
	twice, lost  float64
}

// add goes on with the ring. What an addition loses is summed apart (D. E. Knuth, The Art of Computer Programming 2,
// section 4.2.2, theorem B), which keeps millions of edges as good as one.
func (s *shoelace) add(path []orb.Point) {
	if !s.begun {
		s.begun, s.origin = true, path[0]
	}
	x0, y0 := s.origin[0], s.origin[1]
	lastX, lastY, twice, lost := s.lastX, s.lastY, s.twice, s.lost
	for i := range path {
		x, y := path[i][0]-x0, path[i][1]-y0
		term := lastX*y - x*lastY
		next := twice + term
		part := next - twice
		lost += (twice - (next - part)) + (term - part)
		lastX, lastY, twice = x, y, next
	}
	s.lastX, s.lastY, s.twice, s.lost = lastX, lastY, twice, lost
}

func (s *shoelace) area() float64 { return math.Abs(s.twice+s.lost) / 2 }
