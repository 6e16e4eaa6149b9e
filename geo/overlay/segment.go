package overlay

import (
	"math"
	"slices"
)

// segment is a straight piece of a ring between two places on the grid, turned so that a is before b.
type segment struct {
	a, b point
	// weight is by how much the winding number of its input grows when one steps over the segment from below (from
	// the right, when it is vertical, seen along a to b).
	weight int32
	// owner is the input that it belongs to: 0 or 1, and where whole layers are overlaid, see owner in faces.go.
	owner int32
}

func newSegment(from, to point, weight, owner int32) segment {
	if from.before(to) {
		return segment{from, to, weight, owner} // the ring's left side is above
	}
	return segment{to, from, -weight, owner}
}

// cancel adds up, in place, the segments of one input that join the same two points: the borders that neighbours
// share vanish before anything is compared, and a polygon that comes a thousand times costs as much as one.
func cancel(segments []segment) []segment {
	slices.SortFunc(segments, func(s, t segment) int {
		if c := compare(s.a, t.a); c != 0 {
			return c
		}
		return compare(s.b, t.b)
	})
	kept := segments[:0]
	for _, s := range segments {
		if n := len(kept); n > 0 && kept[n-1].a == s.a && kept[n-1].b == s.b {
			kept[n-1].weight += s.weight
		} else {
			kept = append(kept, s)
		}
	}
	return slices.DeleteFunc(kept, func(s segment) bool { return s.weight == 0 })
}

func (s *segment) lowest() int64  { return min(s.a.y, s.b.y) }
func (s *segment) highest() int64 { return max(s.a.y, s.b.y) }

// interval is a coordinate that is known but for rounding.
type interval struct{ lo, hi float64 }

// about is v, computed as a coordinate plus a share of d from predicates that were rounded once each: six roundings
// of 2^-53, taken as eight.
func about(v, d float64) interval {
	slack := 0x1p-50 * (math.Abs(v) + math.Abs(d))
	return interval{v - slack, v + slack}
}

// crossing is the place where the inner parts of two segments cross. Segments that only touch have none: the end
// that touches is a vertex already.
func (s *segment) crossing(t *segment) (x, y interval, ok bool) {
	ds, dt := s.b.minus(s.a), t.b.minus(t.a)
	if !opposite(crossFloat(ds, t.a.minus(s.a)), crossFloat(ds, t.b.minus(s.a))) {
		return x, y, false
	}
	a, b := crossFloat(dt, s.a.minus(t.a)), crossFloat(dt, s.b.minus(t.a))
	if !opposite(a, b) {
		return x, y, false
	}
	u, dx, dy := a/(a-b), float64(ds.x), float64(ds.y)
	return about(float64(s.a.x)+u*dx, dx), about(float64(s.a.y)+u*dy, dy), true
}

func opposite(a, b float64) bool { return (a > 0 && b < 0) || (a < 0 && b > 0) }

// appendPixels appends the pixels in which a crossing may lie: one, unless it is so near to the border of two that
// either may hold it. Then both become hot, and nothing is lost by it.
func appendPixels(dst []point, x, y interval) []point {
	for px := pixel(x.lo); px <= pixel(x.hi); px++ {
		for py := pixel(y.lo); py <= pixel(y.hi); py++ {
			dst = append(dst, point{px, py})
		}
	}
	return dst
}

func pixel(v float64) int64 { return int64(math.Floor(v + 0.5)) }

// meets reports whether the segment passes through the pixel around c, which lies in its box. A pixel has its left and lower sides and the
// corner between them, not the other two, so that the pixels tile the plane (as HotPixel in JTS has it).
func (s *segment) meets(c point) bool {
	d := s.b.minus(s.a)
	if d.x == 0 || d.y == 0 || c == s.a || c == s.b {
		return true
	}
	// Twice the cross product with each corner: the side of the line on which it lies.
	m := 2 * cross(d, c.minus(s.a))
	upperLeft, upperRight := m+d.x+d.y, m+d.x-d.y
	lowerLeft, lowerRight := m-d.x+d.y, m-d.x-d.y
	rising := d.y > 0
	switch {
	case upperLeft == 0:
		return !rising
	case upperRight == 0:
		return rising
	case (upperLeft > 0) != (upperRight > 0), lowerLeft == 0, (lowerLeft > 0) != (upperLeft > 0):
		return true
	case lowerRight == 0:
		return !rising
	}
	return (lowerRight > 0) != (upperLeft > 0)
}
