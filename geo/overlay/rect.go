package overlay

import (
	"math"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// farthest is the largest coordinate in metres that both engines take, twice the circumference of the Earth.
const farthest = 1e8

// rect is a closed axis-parallel rectangle.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) disjoint(o rect) bool {
	return !(o.x0 < r.x1 && o.x1 > r.x0 && o.y0 < r.y1 && o.y1 > r.y0)
}

// nowhere is the bound of nothing.
func nowhere() rect { return rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)} }

// boundOf is the bound of the rings of mp; it is empty (x0 > x1) when there are none.
func boundOf(mp orb.MultiPolygon) rect {
	b := nowhere()
	for _, p := range mp {
		for _, r := range p {
			b, _ = b.withPoints(r)
		}
	}
	return b
}

// withPoints is the bound of b and r together; ok is false when r has a coordinate that is no number or out of reach.
func (b rect) withPoints(r []orb.Point) (wider rect, ok bool) {
	for i := range r {
		x, y := r[i][0], r[i][1]
		if !(x >= -farthest && x <= farthest && y >= -farthest && y <= farthest) {
			return b, false
		}
		if x < b.x0 {
			b.x0 = x
		}
		if x > b.x1 {
			b.x1 = x
		}
		if y < b.y0 {
			b.y0 = y
		}
		if y > b.y1 {
			b.y1 = y
		}
	}
	return b, true
}

// onEarth reports whether all sides are numbers within reach.
func (r rect) onEarth() bool {
	return r.x0 >= -farthest && r.x1 <= farthest && r.y0 >= -farthest && r.y1 <= farthest
}

// with is the smallest rectangle around r and o, neither of which is empty.
func (r *rect) with(o *rect) rect {
	return rect{min(r.x0, o.x0), min(r.y0, o.y0), max(r.x1, o.x1), max(r.y1, o.y1)}
}

// ringArea is the signed area of a ring, positive when it runs counter-clockwise, computed about its first vertex
// so that large coordinates do not cost digits. An open ring is closed on the way.
func ringArea(r orb.Ring) float64 {
	sum, o := 0.0, r[0]
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-o[0])*(r[i+1][1]-o[1]) - (r[i+1][0]-o[0])*(r[i][1]-o[1])
	}
	return sum / 2
}

// AreaOf is the area of one valid multipolygon in its plane; NaN when a coordinate is no number.
func AreaOf(a orb.MultiPolygon) geo.Area {
	sum := 0.0
	for _, p := range a {
		for i, r := range p {
			switch {
			case len(r) < 3:
			case i == 0:
				sum += math.Abs(ringArea(r))
			default:
				sum -= math.Abs(ringArea(r))
			}
		}
	}
	return geo.Area(max(sum, 0))
}

// boxOf is a rectangle as a polygon.
func boxOf(r rect) orb.MultiPolygon {
	return orb.MultiPolygon{{{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}, {r.x0, r.y0}}}}
}
