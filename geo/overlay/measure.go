package overlay

import (
	"math"

	"greenshield/geo"
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
