package topo

import "github.com/paulmach/orb"

// manyChains is the number of chains up to which every chain is compared with every other.
const manyChains = 32

// chain is a run of edges along which the points come ever later, or ever earlier, in the order by x and then y.
// Two edges of one chain cannot meet but in the point that they share.
type chain struct {
	from, to int // the numbers of its first and last point in the ring
	step     int // +1 when its points come ever later, −1 when ever earlier
	lo, hi   orb.Point
}

// first and last are the numbers of the points of the chain that come first and last in the order.
func (c *chain) first() int {
	if c.step > 0 {
		return c.from
	}
	return c.to
}

func (c *chain) last() int { return c.from + c.to - c.first() }

func earlier(a, b orb.Point) bool { return a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]) }

// simple reports whether a closed ring of finite points certainly neither crosses nor touches itself. It takes no
// memory and is quick on the rings that most polygons have; false means that somebody has to look closer.
//
// The ring is cut into monotone chains, and only edges of different chains are compared, in one pass along both.
func simple(r orb.Ring) bool {
	var chains [manyChains]chain
	n := 0
	for from := 0; from < len(r)-1; n++ {
		if n == manyChains {
			return false
		}
		to := chains[n].grow(r, from)
		if to == from {
			return false // a repeated point
		}
		from = to
	}
	for i := range n {
		for k := range i {
			if !apartChains(r, &chains[k], &chains[i]) {
				return false
			}
		}
	}
	return n > 1
}

// grow makes c the longest chain that begins at point from, and returns the number of its last point.
func (c *chain) grow(r orb.Ring, from int) int {
	c.from, c.to, c.step = from, from, -1
	c.lo, c.hi = r[from], r[from]
	if earlier(r[from], r[from+1]) {
		c.step = 1
	}
	for c.to+1 < len(r) {
		a, b := r[c.to], r[c.to+1]
		if c.step > 0 && !earlier(a, b) || c.step < 0 && !earlier(b, a) {
			break
		}
		c.to++
		c.lo[1], c.hi[1] = min(c.lo[1], b[1]), max(c.hi[1], b[1])
	}
	c.lo[0], c.hi[0] = r[c.first()][0], r[c.last()][0]
	return c.to
}

// apartChains reports whether two chains of a ring certainly meet only where one continues the other.
func apartChains(r orb.Ring, c, d *chain) bool {
	if c.hi[0] < d.lo[0] || d.hi[0] < c.lo[0] || c.hi[1] < d.lo[1] || d.hi[1] < c.lo[1] {
		return true
	}
	i, k, endC, endD := c.first(), d.first(), c.last(), d.last()
	for i != endC && k != endD {
		a0, a1 := r[i], r[i+c.step]
		b0, b1 := r[k], r[k+d.step]
		if a1[0] >= b0[0] && b1[0] >= a0[0] && !apartEdges(r, i, i+c.step, k, k+d.step) {
			return false
		}
		if earlier(a1, b1) {
			i += c.step
		} else {
			k += d.step
		}
	}
	return true
}

// apartEdges reports whether the edge between points a and b and that between points c and d certainly have nothing
// in common but the point where one follows the other. b comes after a in the order, and d after c.
func apartEdges(r orb.Ring, a, b, c, d int) bool {
	switch last := len(r) - 1; {
	case a == c || a+c == last && (a == 0 || c == 0):
		return side(r[a], r[b], r[d]) != 0
	case b == d || b+d == last && (b == 0 || d == 0):
		return side(r[b], r[a], r[c]) != 0
	case b == c || d == a || (b+c == last && (b == 0 || c == 0)) || (d+a == last && (d == 0 || a == 0)):
		return true // they run the same way
	}
	p, q, s, t := r[a], r[b], r[c], r[d]
	if max(p[1], q[1]) < min(s[1], t[1]) || max(s[1], t[1]) < min(p[1], q[1]) {
		return true
	}
	if u := side(p, q, s); u != 0 && u == side(p, q, t) {
		return true
	}
	u := side(s, t, p)
	return u != 0 && u == side(s, t, q)
}
