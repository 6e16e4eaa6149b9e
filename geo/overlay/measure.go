package overlay

import (
	"math"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// Measures are the areas of two polygons and of what they share. All that is asked about sizes follows from them, without
// any outline.
type Measures struct{ A, B, Both geo.Area }

// Measure is the areas of p, of q and of what they share; all NaN when one of them has an Err.
func (p *Prepared) Measure(q *Prepared) Measures {
	m := Measures{p.Area(), q.Area(), p.Shared(q)}
	if m.Both != m.Both || m.A != m.A || m.B != m.B {
		nan := geo.Area(math.NaN())
		return Measures{nan, nan, nan}
	}
	m.Both = min(m.Both, m.A, m.B)
	return m
}

// Union is the area of the first and the second together.
func (m Measures) Union() geo.Area { return m.A + m.B - m.Both }

// Difference is the area of the first without the second.
func (m Measures) Difference() geo.Area { return m.A - m.Both }

// SymmetricDifference is the area that lies in one of the two only.
func (m Measures) SymmetricDifference() geo.Area { return m.A + m.B - 2*m.Both }

// Share is the part of the first that lies in the second, from 0 to 1; 0 when the first has no area.
func (m Measures) Share() float64 {
	if !(m.A > 0) {
		return float64(m.A * 0) // NaN stays NaN
	}
	return float64(m.Both / m.A)
}

// Covers reports whether all of the second lies in the first, but for the tolerance.
func (m Measures) Covers(tolerance geo.Area) bool { return m.B-m.Both <= tolerance }

// Disjoint reports whether the two share no more than the tolerance; their borders may still meet.
func (m Measures) Disjoint(tolerance geo.Area) bool { return m.Both <= tolerance }

// Touches reports whether p and q share no more than the tolerance, in m², and their borders come within reach, in
// metres, of each other.
func (p *Prepared) Touches(q *Prepared, tolerance geo.Area, reach float64) bool {
	return p.Shared(q) <= tolerance && p.Near(q, reach)
}

// Near reports whether the borders of p and q cross or come within reach, in metres, of each other; false when one of
// them has an Err.
func (p *Prepared) Near(q *Prepared, reach float64) bool {
	if p.err != nil || q.err != nil || p.empty() || q.empty() {
		return false
	}
	n := nearness{&p.chains, &q.chains, reach}
	return n.nodes(p.root(), q.root())
}

// nearness is the question whether two borders come near each other.
type nearness struct {
	a, b  *chains
	reach float64
}

func (n *nearness) nodes(a, b *node) bool {
	if !a.box.grown(n.reach).meets(&b.box) {
		return false
	}
	switch {
	case a.count == 0 && b.count == 0:
		return n.leaves(a, b)
	case b.count == 0 || (a.count > 0 && a.box.larger(&b.box)):
		for k := a.kids; k < a.kids+int32(a.count); k++ {
			if n.nodes(&n.a.nodes[k], b) {
				return true
			}
		}
	default:
		for k := b.kids; k < b.kids+int32(b.count); k++ {
			if n.nodes(a, &n.b.nodes[k]) {
				return true
			}
		}
	}
	return false
}

func (n *nearness) leaves(a, b *node) bool {
	for i := a.from; i < a.to; i++ {
		for j := b.from; j < b.to; j++ {
			if closeBy(n.a.points[i], n.a.points[i+1], n.b.points[j], n.b.points[j+1], n.reach) {
				return true
			}
		}
	}
	return false
}

// meets reports whether two rectangles have a point in common.
func (r rect) meets(o *rect) bool {
	return r.x0 <= o.x1 && r.x1 >= o.x0 && r.y0 <= o.y1 && r.y1 >= o.y0
}

// closeBy reports whether the edges a–b and c–d cross or come within reach of each other.
func closeBy(a, b, c, d orb.Point, reach float64) bool {
	if opposite(lean(a, b, c), lean(a, b, d)) && opposite(lean(c, d, a), lean(c, d, b)) {
		return true
	}
	return distance(a, b, c) <= reach || distance(a, b, d) <= reach ||
		distance(c, d, a) <= reach || distance(c, d, b) <= reach
}

// lean is positive when p lies to the left of the line from a to b.
func lean(a, b, p orb.Point) float64 {
	d, v := vector(a, b), vector(a, p)
	return d[0]*v[1] - d[1]*v[0]
}

// distance is from p to the nearest point of the edge a–b.
func distance(a, b, p orb.Point) float64 {
	d, v := vector(a, b), vector(a, p)
	t := 0.0
	if length := d[0]*d[0] + d[1]*d[1]; length > 0 {
		t = min(max((v[0]*d[0]+v[1]*d[1])/length, 0), 1)
	}
	return math.Hypot(t*d[0]-v[0], t*d[1]-v[1])
}
