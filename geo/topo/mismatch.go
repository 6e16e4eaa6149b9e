package topo

import (
	"cmp"
	"math"
	"slices"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// findMismatches looks at every point in which loose edges meet for a loose edge of another member that passes it
// without ending there.
func (c *survey) findMismatches() {
	if len(c.loose) == 0 {
		return
	}
	m := c.looseMesh()
	for i, e := range c.loose {
		if i == 0 || c.loose[i-1].a != e.a {
			c.lookBeside(m, e)
		}
	}
}

// looseMesh is a mesh of the loose edges, each the ring of its member, neighbours being neighbours in it.
func (c *survey) looseMesh() *mesh {
	bound := c.loose[0].a.Bound()
	for _, e := range c.loose {
		bound = bound.Extend(e.a)
	}
	order := make([]numbered, len(c.loose))
	for i, e := range c.loose {
		order[i] = numbered{number: int32(i), place: place(e.a, bound)}
	}
	slices.SortStableFunc(order, func(a, b numbered) int { return cmp.Compare(a.place, b.place) })
	m := mesh{edges: make([]edge, 0, len(order))}
	for _, o := range order {
		e := c.loose[o.number]
		m.addEdge(e.a, e.b, e.member)
	}
	m.boxes = newBoxes(m.edges)
	return &m
}

// lookBeside notes the nearest edge beside the beginning of e, if there is one, of a member without a vertex there.
func (c *survey) lookBeside(m *mesh, e looseEdge) {
	v := e.a
	pad := c.options.Near * stretch(v)
	around := box{orb.Point{v[0] - pad, v[1] - pad}, orb.Point{v[0] + pad, v[1] + pad}}
	var beside, here []int32
	m.search(&around, func(i int) {
		if f := &m.edges[i]; f.a == v || f.b == v {
			here = append(here, f.ring)
		} else {
			beside = append(beside, int32(i))
		}
	})
	found := Mismatch{Member: int(e.member), At: v, Distance: geo.Length(math.Inf(1))}
	inside := false
	for _, i := range beside {
		f := &m.edges[i]
		if slices.Contains(here, f.ring) {
			continue
		}
		q := nearestOn(f.a, f.b, v)
		if d := geo.Length(apartOnEarth(v, q)); d < found.Distance || (d == found.Distance && int(f.ring) < found.Other) {
			found.Other, found.Distance, inside = int(f.ring), d, q != f.a && q != f.b
		}
	}
	switch d := float64(found.Distance); {
	case d <= c.options.Tolerance && inside:
		c.found.Splits++
	case d > c.options.Tolerance && d <= c.options.Near:
		c.found.MismatchCount++
		c.found.Mismatches = listed(c.found.Mismatches, found, c.options.Limit, compareMismatches)
	}
}

// nearestOn is the point of the edge a–b that lies nearest to p in the plane.
func nearestOn(a, b, p orb.Point) orb.Point {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / (dx*dx + dy*dy)
	switch {
	case !(t > 0):
		return a
	case t >= 1:
		return b
	}
	return orb.Point{a[0] + t*dx, a[1] + t*dy}
}
