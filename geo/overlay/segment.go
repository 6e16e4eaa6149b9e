package overlay

import "math"

// segment is a straight piece of a ring between two places on the grid, turned so that a is before b.
type segment struct {
	a, b point
	// weight is by how much the winding number of its input grows when one steps over the segment from below (from
	// the right, when it is vertical, seen along a to b).
	weight int32
	input  uint8
}

func newSegment(from, to point, weight int32, input uint8) segment {
	if from.before(to) {
		return segment{from, to, weight, input} // the ring's left side is above
	}
	return segment{to, from, -weight, input}
}

func (s *segment) lowest() int64  { return min(s.a.y, s.b.y) }
func (s *segment) highest() int64 { return max(s.a.y, s.b.y) }

// apart reports whether the bounds of two segments have nothing in common.
func (s *segment) apart(t *segment) bool {
	return t.a.x > s.b.x || t.b.x < s.a.x || t.lowest() > s.highest() || t.highest() < s.lowest()
}

// crossing is the place where the inner parts of two segments cross. Segments that only touch have none: the end
// that touches is a vertex already.
func (s *segment) crossing(t *segment) (x, y float64, ok bool) {
	ds, dt := s.b.minus(s.a), t.b.minus(t.a)
	if !opposite(crossFloat(ds, t.a.minus(s.a)), crossFloat(ds, t.b.minus(s.a))) {
		return 0, 0, false
	}
	a, b := crossFloat(dt, s.a.minus(t.a)), crossFloat(dt, s.b.minus(t.a))
	if !opposite(a, b) {
		return 0, 0, false
	}
	u := a / (a - b)
	return float64(s.a.x) + u*float64(ds.x), float64(s.a.y) + u*float64(ds.y), true
}

func opposite(a, b float64) bool { return (a > 0 && b < 0) || (a < 0 && b > 0) }

// rounding bounds the error of a crossing, in grid units: three roundings at a length below 2^41 units. A crossing
// as near as this to the border between two pixels heats both, because it may lie in either.
const rounding = 1.0 / 128

// appendPixels appends the pixels in which the crossing at x, y may lie.
func appendPixels(dst []point, x, y float64) []point {
	xs, ys := int64(math.Floor(x+0.5-rounding)), int64(math.Floor(y+0.5-rounding))
	xe, ye := int64(math.Floor(x+0.5+rounding)), int64(math.Floor(y+0.5+rounding))
	for px := xs; px <= xe; px++ {
		for py := ys; py <= ye; py++ {
			dst = append(dst, point{px, py})
		}
	}
	return dst
}

// meets reports whether the segment passes through the pixel around c. A pixel has its left and lower sides and the
// corner between them, not the other two, so that the pixels tile the plane (as HotPixel in JTS has it).
func (s *segment) meets(c point) bool {
	if c.x < s.a.x || c.x > s.b.x || c.y < s.lowest() || c.y > s.highest() {
		return false
	}
	d := s.b.minus(s.a)
	if d.x == 0 || d.y == 0 {
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
