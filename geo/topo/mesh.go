package topo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// edge is an edge of a ring that is longer than a point.
type edge struct {
	a, b orb.Point
	box
	ring int32
}

// box is an upright rectangle, borders included.
type box struct{ lo, hi orb.Point }

func (b *box) meets(o *box) bool {
	return b.lo[0] <= o.hi[0] && b.hi[0] >= o.lo[0] && b.lo[1] <= o.hi[1] && b.hi[1] >= o.lo[1]
}

// cover grows b around o.
func (b *box) cover(o *box) {
	b.lo = orb.Point{min(b.lo[0], o.lo[0]), min(b.lo[1], o.lo[1])}
	b.hi = orb.Point{max(b.hi[0], o.hi[0]), max(b.hi[1], o.hi[1])}
}

// ring is one ring of a mesh.
type ring struct {
	polygon  int32
	hole     bool
	from, to int32 // its edges
}

// mesh is all edges of a multipolygon, with a tree of boxes above them.
type mesh struct {
	edges []edge
	rings []ring
	boxes boxes
	met   []int32 // scratch of containing
}

func newMesh(mp orb.MultiPolygon) *mesh {
	n, rings := 0, 0
	for _, p := range mp {
		rings += len(p)
		for _, r := range p {
			n += len(r)
		}
	}
	m := &mesh{edges: make([]edge, 0, n), rings: make([]ring, 0, rings)}
	for _, r := range inPlace(mp, rings) {
		m.addRing(mp[r.polygon][r.number], r.polygon, r.number > 0)
	}
	m.boxes = newBoxes(m.edges)
	return m
}

// numbered is a ring of a multipolygon and the place of its first point along a curve that fills the plane.
type numbered struct {
	polygon, number int32
	place           uint64
}

// inPlace lists the rings such that neighbours in the list are mostly neighbours in the plane, without which the
// boxes above their edges were large; a few rings stay as they are.
func inPlace(mp orb.MultiPolygon, rings int) []numbered {
	const few = 8
	list := make([]numbered, 0, rings)
	for i, p := range mp {
		for k := range p {
			list = append(list, numbered{polygon: int32(i), number: int32(k)})
		}
	}
	if len(list) <= few {
		return list
	}
	b := mp.Bound()
	for i, r := range list {
		if points := mp[r.polygon][r.number]; len(points) > 0 {
			list[i].place = place(points[0], b)
		}
	}
	slices.SortStableFunc(list, func(a, b numbered) int { return cmp.Compare(a.place, b.place) })
	return list
}

// place is the number of p along the Z-order curve in b (G. M. Morton, 1966).
func place(p orb.Point, b orb.Bound) uint64 {
	const steps = 1 << 20
	if !(b.Max[0] > b.Min[0]) || !(b.Max[1] > b.Min[1]) {
		return 0
	}
	code := uint64(0)
	for axis := range 2 {
		v := uint64((p[axis] - b.Min[axis]) / (b.Max[axis] - b.Min[axis]) * steps)
		for bit := range 21 {
			code |= v >> bit & 1 << (2*bit + axis)
		}
	}
	return code
}

func (m *mesh) addRing(points orb.Ring, polygon int32, hole bool) {
	r := ring{polygon: polygon, hole: hole, from: int32(len(m.edges))}
	if len(points) == 0 {
		return
	}
	a := points[len(points)-1]
	for _, b := range points {
		if a != b {
			m.addEdge(a, b, int32(len(m.rings)))
		}
		a = b
	}
	r.to = int32(len(m.edges))
	m.rings = append(m.rings, r)
}

func (m *mesh) addEdge(a, b orb.Point, ring int32) {
	e := edge{a: a, b: b, box: box{a, a}, ring: ring}
	e.cover(&box{b, b})
	m.edges = append(m.edges, e)
}

// after and before are the edges that follow and precede an edge in its ring.
func (m *mesh) after(i int) int {
	r := &m.rings[m.edges[i].ring]
	if i+1 == int(r.to) {
		return int(r.from)
	}
	return i + 1
}

func (m *mesh) before(i int) int {
	r := &m.rings[m.edges[i].ring]
	if i == int(r.from) {
		return int(r.to) - 1
	}
	return i - 1
}

// around returns the points that come before and after p on the ring of edge i, on which p lies.
func (m *mesh) around(i int, p orb.Point) (from, to orb.Point) {
	e := &m.edges[i]
	switch p {
	case e.a:
		return m.edges[m.before(i)].a, e.b
	case e.b:
		return e.a, m.edges[m.after(i)].b
	}
	return e.a, e.b
}

// containing lists, in order, the rings that p lies inside of; p must not lie on an edge. It counts, ring by ring, the
// edges that a ray from p to the left meets.
func (m *mesh) containing(p orb.Point) []int32 {
	m.met = m.met[:0]
	m.search(&box{orb.Point{math.Inf(-1), p[1]}, p}, func(i int) {
		if e := &m.edges[i]; e.lo[1] <= p[1] && e.hi[1] > p[1] && leftOf(e, p) {
			m.met = append(m.met, e.ring)
		}
	})
	slices.Sort(m.met)
	inside := m.met[:0]
	for i := 0; i < len(m.met); {
		ring, n := m.met[i], 0
		for ; i < len(m.met) && m.met[i] == ring; i++ {
			n++
		}
		if n%2 == 1 {
			inside = append(inside, ring)
		}
	}
	return inside
}

// leftOf reports whether e, at the height of p, lies to the left of p.
func leftOf(e *edge, p orb.Point) bool {
	switch {
	case e.lo[0] > p[0]:
		return false
	case e.a[1] < e.b[1]:
		return side(e.a, e.b, p) < 0
	}
	return side(e.b, e.a, p) < 0
}
