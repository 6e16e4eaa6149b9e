package overlay

// The area of what two polygons share, by the sum over all pairs of their edges. Along the way of a ring an edge that
// runs to the left has the polygon below it and one that runs to the right has it above, so a polygon is
//
//	1 = −Σ sgn(dx) · [below the edge],  and the area of A∩B is  Σa Σb sgn(dx a) sgn(dx b) ∫ min(y of a, y of b) dx
//
// over the x-range that a and b have in common. Nearly all pairs need not be looked at, since chains are summed up
// whole:
//
//   - two chains without a common x share nothing;
//   - where chain A lies above chain B, the minimum is y of B. A way passes an x as often to the right as to the left,
//     but for the range from its start to its end. So the sum is that of ∫ (y of B) dx over that range, whatever A
//     does in between, and nothing when A is closed;
//   - a chain that lies within that range gives its ∫ y dx, known from the tree.
//
// What is left are leaves whose boxes overlap: where the two borders really meet.

// meeting is one question: two polygons and the height that counts as zero.
type meeting struct {
	a, b   *chains
	zero   float64
	as, bs [leafEdges]slant // of the two leaves in hand
}

// shared is the area of what a and b share; negative only by rounding.
func shared(a, b *chains) float64 {
	if a.empty() || b.empty() || a.box().disjoint(b.box()) {
		return 0
	}
	m := meeting{a: a, b: b, zero: max(a.box().y0, b.box().y0)}
	return m.nodes(int32(len(a.nodes)-1), int32(len(b.nodes)-1))
}

// twice is the area that a covers more than once, or with a winding number below zero: ∫ (w² − w). It is zero when the
// winding number w is 0 or 1 everywhere, as it is for a valid polygon, and only then.
func twice(a *chains) float64 {
	if a.empty() {
		return 0
	}
	m := meeting{a: a, b: a, zero: a.box().y0}
	return m.same(int32(len(a.nodes)-1)) - a.area()
}

// star reports whether the polygon is one ring that can be seen whole from the middle of its box, as most parcels can.
// Such a ring cannot cross itself: each edge runs counter-clockwise about the middle, and all together once around it.
func (c *chains) star() bool {
	if len(c.rings) != 1 {
		return false
	}
	b := &c.root().box
	mx, my := (b.x0+b.x1)/2, (b.y0+b.y1)/2
	x, y := c.points[0][0]-mx, c.points[0][1]-my
	around := 0 // how often the way crosses the ray to the right, upwards
	for _, p := range c.points[1:] {
		nx, ny := p[0]-mx, p[1]-my
		if !(x*ny-nx*y > 0) {
			if x == nx && y == ny {
				continue
			}
			return false
		}
		if y < 0 && ny >= 0 {
			around++
		}
		x, y = nx, ny
	}
	return around == 1
}

// same is the sum over the pairs within one node.
func (m *meeting) same(i int32) float64 {
	n := &m.a.nodes[i]
	if n.count == 0 {
		return m.sameLeaf(n)
	}
	sum := 0.0
	for k := n.kids; k < n.kids+int32(n.count); k++ {
		sum += m.same(k)
		for l := k + 1; l < n.kids+int32(n.count); l++ {
			sum += 2 * m.nodes(k, l)
		}
	}
	return sum
}

// sameLeaf is the sum over the pairs within a leaf. Most leaves run to one side all the way; then no two of their edges
// have an x in common, and each is only paired with itself.
func (m *meeting) sameLeaf(n *node) float64 {
	way := m.a.points[n.from : n.to+1]
	right, left := true, true
	for i := 1; i < len(way); i++ {
		right = right && way[i-1][0] <= way[i][0]
		left = left && way[i-1][0] >= way[i][0]
	}
	switch {
	case right:
		return m.whole(m.a, n)
	case left:
		return -m.whole(m.a, n)
	}
	return m.leaves(n, n)
}

// nodes is the sum over the pairs of the edges of node i of a and node j of b.
func (m *meeting) nodes(i, j int32) float64 {
	a, b := &m.a.nodes[i], &m.b.nodes[j]
	switch {
	case a.box.x0 >= b.box.x1 || b.box.x0 >= a.box.x1:
		return 0
	case a.box.y0 >= b.box.y1:
		return m.under(m.b, b, m.a, a)
	case b.box.y0 >= a.box.y1:
		return m.under(m.a, a, m.b, b)
	case a.count == 0 && b.count == 0:
		return m.leaves(a, b)
	}
	sum := 0.0
	if b.count == 0 || (a.count > 0 && a.box.larger(&b.box)) {
		for k := a.kids; k < a.kids+int32(a.count); k++ {
			sum += m.nodes(k, j)
		}
		return sum
	}
	for k := b.kids; k < b.kids+int32(b.count); k++ {
		sum += m.nodes(i, k)
	}
	return sum
}

func (r *rect) larger(o *rect) bool { return (r.x1-r.x0)+(r.y1-r.y0) > (o.x1-o.x0)+(o.y1-o.y0) }

// under is the sum for a chain that lies below another: that of ∫ (y of low) dx between the ends of the other's way.
func (m *meeting) under(low *chains, n *node, other *chains, high *node) float64 {
	if high.closed {
		return 0
	}
	from, to := other.points[high.from][0], other.points[high.to][0]
	if from < to {
		return m.between(low, n, from, to)
	}
	return -m.between(low, n, to, from)
}

// between is ∫ (y − zero) dx along the way of a node, where x lies between x0 and x1.
func (m *meeting) between(c *chains, n *node, x0, x1 float64) float64 {
	switch {
	case n.box.x1 <= x0 || n.box.x0 >= x1:
		return 0
	case x0 <= n.box.x0 && n.box.x1 <= x1:
		return m.whole(c, n)
	}
	sum := 0.0
	if n.count == 0 {
		last := c.points[n.from]
		for _, p := range c.points[n.from+1 : n.to+1] {
			sum += m.part(last[0], last[1], p[0], p[1], x0, x1)
			last = p
		}
		return sum
	}
	for k := n.kids; k < n.kids+int32(n.count); k++ {
		sum += m.between(c, &c.nodes[k], x0, x1)
	}
	return sum
}

// whole is ∫ (y − zero) dx along the way of a node.
func (m *meeting) whole(c *chains, n *node) float64 {
	if n.closed {
		return n.under
	}
	return n.under + (c.points[0][1]-m.zero)*(c.points[n.to][0]-c.points[n.from][0])
}

// part is ∫ (y − zero) dx along the edge from p to q where x lies between x0 and x1.
func (m *meeting) part(px, py, qx, qy, x0, x1 float64) float64 {
	if px < qx {
		lo, hi := max(px, x0), min(qx, x1)
		if lo < hi {
			slope := (qy - py) / (qx - px)
			return (hi - lo) * (py - m.zero + slope*((lo-px)+(hi-px))/2)
		}
		return 0
	}
	lo, hi := max(qx, x0), min(px, x1)
	if lo < hi {
		slope := (py - qy) / (px - qx)
		return -(hi - lo) * (qy - m.zero + slope*((lo-qx)+(hi-qx))/2)
	}
	return 0
}

// slant is an edge turned to run to the right, for the innermost loop.
type slant struct{ x0, x1, y0, slope, sign float64 }

// leaves is the sum over the pairs of edges of two leaves.
func (m *meeting) leaves(a, b *node) float64 {
	nb := m.slants(&m.bs, m.b, b, a.box.x0, a.box.x1)
	na := m.slants(&m.as, m.a, a, b.box.x0, b.box.x1)
	sum := 0.0
	for i := range m.as[:na] {
		e := &m.as[i]
		row := 0.0
		for j := range m.bs[:nb] {
			f := &m.bs[j]
			lo, hi := max(e.x0, f.x0), min(e.x1, f.x1)
			if lo < hi {
				row += f.sign * lower(e, f, lo, hi)
			}
		}
		sum += e.sign * row
	}
	return sum
}

// slants are the edges of a leaf that have something between x0 and x1. Upright ones have nothing below them.
func (m *meeting) slants(dst *[leafEdges]slant, c *chains, n *node, x0, x1 float64) int {
	way := c.points[n.from : n.to+1]
	last := way[0]
	count := 0
	for _, p := range way[1:] {
		q := last
		last = p
		switch {
		case q[0] < p[0]:
			if q[0] < x1 && p[0] > x0 {
				dst[count&(leafEdges-1)] = slant{q[0], p[0], q[1] - m.zero, (p[1] - q[1]) / (p[0] - q[0]), 1}
				count++
			}
		case p[0] < q[0]:
			if p[0] < x1 && q[0] > x0 {
				dst[count&(leafEdges-1)] = slant{p[0], q[0], p[1] - m.zero, (q[1] - p[1]) / (q[0] - p[0]), -1}
				count++
			}
		}
	}
	return count
}

// lower is ∫ min(y of e, y of f) dx from lo to hi.
func lower(e, f *slant, lo, hi float64) float64 {
	ya0, ya1 := e.y0+e.slope*(lo-e.x0), e.y0+e.slope*(hi-e.x0)
	yb0, yb1 := f.y0+f.slope*(lo-f.x0), f.y0+f.slope*(hi-f.x0)
	d0, d1 := ya0-yb0, ya1-yb1
	mean := ya0 + ya1
	switch {
	case d0 > 0 && d1 >= 0:
		mean -= d0 + d1
	case d0 > 0: // e starts above f and ends below it: a triangle is missing
		mean -= d0 * (d0 / (d0 - d1))
	case d1 > 0:
		mean -= d1 * (d1 / (d1 - d0))
	}
	return mean / 2 * (hi - lo)
}
