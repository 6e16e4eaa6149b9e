package topo

import (
	"greenshield/geo/index"

	"github.com/paulmach/orb"
)

// edge is an edge of a ring that is longer than a point.
type edge struct {
	a, b   orb.Point
	lo, hi orb.Point // its bound
	ring   int32
	place  int32 // among the edges of its ring
}

// ring is one ring of a mesh.
type ring struct {
	polygon  int32
	hole     bool
	from, to int32 // its edges
}

// mesh is all edges of a multipolygon.
type mesh struct {
	edges []edge
	rings []ring
	// tree finds edges by their bounds; nil while they are so few that looking at all is cheaper.
	tree *index.Index[int32]
	left float64 // of everything
}

// manyEdges is the number of edges from which on an index pays.
const manyEdges = 600

func newMesh(mp orb.MultiPolygon) *mesh {
	n := 0
	for _, p := range mp {
		for _, r := range p {
			n += len(r)
		}
	}
	m := &mesh{edges: make([]edge, 0, n)}
	for i, p := range mp {
		for k, r := range p {
			m.addRing(r, int32(i), k > 0)
		}
	}
	if len(m.edges) > manyEdges {
		m.tree = index.New[int32]()
		for i := range m.edges {
			m.tree.Insert(orb.Bound{Min: m.edges[i].lo, Max: m.edges[i].hi}, int32(i))
		}
	}
	return m
}

func (m *mesh) addRing(points orb.Ring, polygon int32, hole bool) {
	r := ring{polygon: polygon, hole: hole, from: int32(len(m.edges))}
	if len(points) == 0 {
		return
	}
	a := points[len(points)-1]
	for _, b := range points {
		if a != b {
			m.addEdge(a, b, int32(len(m.rings)), r.from)
		}
		a = b
	}
	r.to = int32(len(m.edges))
	m.rings = append(m.rings, r)
}

func (m *mesh) addEdge(a, b orb.Point, ring, first int32) {
	e := edge{a: a, b: b, ring: ring, place: int32(len(m.edges)) - first}
	e.lo = orb.Point{min(a[0], b[0]), min(a[1], b[1])}
	e.hi = orb.Point{max(a[0], b[0]), max(a[1], b[1])}
	if len(m.edges) == 0 || e.lo[0] < m.left {
		m.left = e.lo[0]
	}
	m.edges = append(m.edges, e)
}

// near calls found for every edge after the i-th whose bound meets its bound, until found answers false.
func (m *mesh) near(i int, found func(k int) bool) {
	e := &m.edges[i]
	if m.tree != nil {
		m.tree.Search(orb.Bound{Min: e.lo, Max: e.hi}, func(k int32) bool {
			return int(k) <= i || found(int(k))
		})
		return
	}
	for k := i + 1; k < len(m.edges); k++ {
		f := &m.edges[k]
		if f.lo[0] <= e.hi[0] && f.hi[0] >= e.lo[0] && f.lo[1] <= e.hi[1] && f.hi[1] >= e.lo[1] && !found(k) {
			return
		}
	}
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

// containing marks the rings that p lies inside of; p must not lie on an edge. It counts, ring by ring, the edges
// that a ray from p to the left meets.
func (m *mesh) containing(p orb.Point) map[int32]bool {
	inside := make(map[int32]bool)
	count := func(i int32) bool {
		if e := &m.edges[i]; e.lo[1] <= p[1] && e.hi[1] > p[1] && leftOf(e, p) {
			inside[e.ring] = !inside[e.ring]
		}
		return true
	}
	if m.tree != nil {
		m.tree.Search(orb.Bound{Min: orb.Point{m.left, p[1]}, Max: p}, count)
		return inside
	}
	for i := range m.edges {
		count(int32(i))
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
