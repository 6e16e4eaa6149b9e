package overlay

import (
	"math"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// farthest is the largest coordinate that the area engine takes, twice the circumference of the Earth. A ring
// with a larger one, or with one that is not a number, is ignored as degenerate.
const farthest = 1e8

// edge is a directed edge turned so that x0 < x1. Vertical edges are not kept: there is nothing below them.
type edge struct {
	x0, y0, x1, y1 float64
	slope          float64
	// sign is +1 when the polygon lies below the edge and -1 when it lies above: the polygon is the signed sum of
	// the regions below its edges.
	sign float64
}

// rect is a closed axis-parallel rectangle.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) area() float64 { return (r.x1 - r.x0) * (r.y1 - r.y0) }

func (r rect) disjoint(o rect) bool {
	return !(o.x0 < r.x1 && o.x1 > r.x0 && o.y0 < r.y1 && o.y1 > r.y0)
}

func (r rect) contains(o rect) bool {
	return o.x0 >= r.x0 && o.x1 <= r.x1 && o.y0 >= r.y0 && o.y1 <= r.y1
}

// quarters are the four quadrants of r.
func (r rect) quarters() [4]rect {
	mx, my := (r.x0+r.x1)/2, (r.y0+r.y1)/2
	return [4]rect{{r.x0, r.y0, mx, my}, {mx, r.y0, r.x1, my}, {r.x0, my, mx, r.y1}, {mx, my, r.x1, r.y1}}
}

func (r rect) moved(o orb.Point) rect {
	return rect{r.x0 - o[0], r.y0 - o[1], r.x1 - o[0], r.y1 - o[1]}
}

// nowhere is the bound of nothing.
func nowhere() rect { return rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)} }

// boundOf is the bound of the usable rings of mp; it is empty (x0 > x1) when there are none.
func boundOf(mp orb.MultiPolygon) rect {
	b := nowhere()
	for _, p := range mp {
		for _, r := range p {
			if len(r) < 3 {
				continue
			}
			if wider, ok := b.with(r); ok {
				b = wider
			}
		}
	}
	return b
}

// with is the bound of b and r together; ok is false when r has a coordinate that is no number or out of reach.
func (b rect) with(r orb.Ring) (wider rect, ok bool) {
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

// usable reports whether a ring can enclose anything and all its coordinates are numbers within reach.
func usable(r orb.Ring) bool {
	if len(r) < 3 {
		return false
	}
	_, ok := nowhere().with(r)
	return ok
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

// AreaOf is the area of one valid multipolygon in its plane.
func AreaOf(a orb.MultiPolygon) geo.Area {
	sum := 0.0
	for _, p := range a {
		for i, r := range p {
			switch {
			case !usable(r):
			case i == 0:
				sum += math.Abs(ringArea(r))
			default:
				sum -= math.Abs(ringArea(r))
			}
		}
	}
	return geo.Area(math.Max(sum, 0))
}

// appendEdges appends the edges of mp relative to origin o. The direction of the rings does not matter: the first
// ring of a polygon counts as its shell, the others as holes.
func appendEdges(dst []edge, mp orb.MultiPolygon, o orb.Point) []edge {
	for _, p := range mp {
		for i, r := range p {
			if usable(r) {
				dst = appendRing(dst, r, o, i == 0)
			}
		}
	}
	return dst
}

func appendRing(dst []edge, r orb.Ring, o orb.Point, shell bool) []edge {
	sign := -1.0 // counter-clockwise shell: an edge that runs to the right has the polygon above it
	if (ringArea(r) < 0) == shell {
		sign = 1
	}
	last := r[len(r)-1]
	for _, v := range r {
		dst = appendEdge(dst, last[0]-o[0], last[1]-o[1], v[0]-o[0], v[1]-o[1], sign)
		last = v
	}
	return dst
}

func appendEdge(dst []edge, x0, y0, x1, y1, sign float64) []edge {
	if x1 < x0 {
		x0, y0, x1, y1, sign = x1, y1, x0, y0, -sign
	}
	const vertical = 1e-100 // narrower than this the slope might overflow
	if !(x1-x0 > vertical) {
		return dst
	}
	return append(dst, edge{x0, y0, x1, y1, (y1 - y0) / (x1 - x0), sign})
}
