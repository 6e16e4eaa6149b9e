package overlay

import "slices"

// cover says how much of a cell a polygon fills.
type cover uint8

const (
	nothing cover = iota
	everything
	something
)

// step is a change of the number of edges that run above a cell, at x.
type step struct{ x, sign float64 }

// viewer cuts edges down to what a cell sees of them.
type viewer struct{ steps []step }

// view appends what the cell r sees of the edges and says how much of r they fill. Seen from inside r, an edge above
// is the same as one along r's upper border, and an edge below is nothing at all. So cells stay small, and the
// integrals of any two views of the same cell add up to those of the whole.
func (v *viewer) view(dst, edges []edge, r rect) ([]edge, cover) {
	v.steps = v.steps[:0]
	base := len(dst)
	for i := range edges {
		e := edges[i]
		if e.x1 <= r.x0 || e.x0 >= r.x1 || (e.y0 <= r.y0 && e.y1 <= r.y0) {
			continue
		}
		e.narrow(r)
		if v.lower(&e, r.y1) && e.raise(r.y0) {
			dst = append(dst, e)
		}
	}
	inner := len(dst)
	dst = v.border(dst, r.y1)
	if len(dst) == base {
		return dst, nothing
	}
	if inner == base && len(dst) == base+1 && dst[base].sign == 1 && dst[base].x0 == r.x0 && dst[base].x1 == r.x1 {
		return dst[:base], everything
	}
	return dst, something
}

// narrow cuts e down to the x-range of r.
func (e *edge) narrow(r rect) {
	if e.x0 < r.x0 {
		e.y0 += e.slope * (r.x0 - e.x0)
		e.x0 = r.x0
	}
	if e.x1 > r.x1 {
		e.y1 = e.y0 + e.slope*(r.x1-e.x0)
		e.x1 = r.x1
	}
}

// at is the x where e crosses the height y, kept within e whatever the rounding.
func (e *edge) at(y float64) float64 {
	x := e.x0 + (y-e.y0)/e.slope
	if !(x > e.x0) {
		return e.x0
	}
	if !(x < e.x1) {
		return e.x1
	}
	return x
}

// lower moves the part of e above y into the steps of the upper border; false when nothing else is left.
func (v *viewer) lower(e *edge, y float64) bool {
	if e.y0 >= y && e.y1 >= y {
		v.flat(e.x0, e.x1, e.sign)
		return false
	}
	switch {
	case e.y1 > y:
		x := e.at(y)
		v.flat(x, e.x1, e.sign)
		e.x1, e.y1 = x, y
	case e.y0 > y:
		x := e.at(y)
		v.flat(e.x0, x, e.sign)
		e.x0, e.y0 = x, y
	}
	return e.x0 < e.x1
}

// raise drops the part of e below y; false when nothing is left.
func (e *edge) raise(y float64) bool {
	switch {
	case e.y0 <= y && e.y1 <= y:
		return false
	case e.y0 < y:
		e.x0, e.y0 = e.at(y), y
	case e.y1 < y:
		e.x1, e.y1 = e.at(y), y
	}
	return e.x0 < e.x1
}

func (v *viewer) flat(x0, x1, sign float64) {
	if x0 < x1 {
		v.steps = append(v.steps, step{x0, sign}, step{x1, -sign})
	}
}

// border appends the edges along the upper border at height y; opposite ones have cancelled.
func (v *viewer) border(dst []edge, y float64) []edge {
	slices.SortFunc(v.steps, byX)
	base, sum := len(dst), 0.0
	for i := 0; i < len(v.steps); {
		x := v.steps[i].x
		for ; i < len(v.steps) && v.steps[i].x == x; i++ {
			sum += v.steps[i].sign
		}
		if sum == 0 || i == len(v.steps) {
			continue
		}
		if n := len(dst); n > base && dst[n-1].x1 == x && dst[n-1].sign == sum {
			dst[n-1].x1 = v.steps[i].x
			continue
		}
		dst = append(dst, edge{x0: x, y0: y, x1: v.steps[i].x, y1: y, sign: sum})
	}
	return dst
}

func byX(a, b step) int {
	switch {
	case a.x < b.x:
		return -1
	case a.x > b.x:
		return 1
	}
	return 0
}
