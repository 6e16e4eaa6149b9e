package overlay

import (
	"math"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

const (
	// leafEdges is the number of edges up to which a cell of a prepared polygon is not divided further.
	leafEdges = 12
	// allowance is how many times its own edges a prepared polygon may store. A bundle of long edges lies in every
	// cell that it crosses; what cannot be afforded stays one large leaf: slower, never wrong.
	allowance = 32
	// fewEdges is the number of edges that are cheaper to cut at each leaf than to cut again at every level.
	fewEdges = 24
)

// Prepared is a polygon laid out in a quadtree for many questions. It does not change after Prepare and may be used
// from many goroutines at once.
type Prepared struct {
	origin orb.Point
	box    rect
	nodes  []node
	edges  []edge
	area   float64
	region region // for Outline
	err    error  // why there can be no outline
}

// node is a cell of the quadtree: empty, full, a leaf with edges, or divided in four.
type node struct {
	cell     rect
	fill     cover
	divided  bool
	kids     [4]int32
	from, to int32
	area     float64 // of the polygon within the cell
}

// Prepare lays a out for repeated questions about its overlap with others. It keeps a, which must not change.
func Prepare(a orb.MultiPolygon) *Prepared {
	p := new(Prepared)
	p.region.rings = outlineRings(nil, a)
	if p.region.window, p.err = windowOf(a); p.err == nil {
		for i := range p.region.rings {
			p.region.rings[i].block()
		}
	}
	b := boundOf(a)
	if !(b.x0 < b.x1 && b.y0 < b.y1) {
		return p
	}
	p.origin, p.area = orb.Point{b.x0, b.y0}, float64(AreaOf(a))
	p.box = b.moved(p.origin)
	build := builder{tree: p}
	build.stack = appendEdges(nil, a, p.origin)
	build.add(p.box, 0, len(build.stack), allowance*len(build.stack))
	return p
}

// Area is the area of the prepared polygon itself.
func (p *Prepared) Area() geo.Area { return geo.Area(p.area) }

// Bound is the bound of the prepared polygon in its plane; empty when it encloses nothing.
func (p *Prepared) Bound() orb.Bound {
	o := p.origin
	return orb.Bound{
		Min: orb.Point{p.box.x0 + o[0], p.box.y0 + o[1]},
		Max: orb.Point{p.box.x1 + o[0], p.box.y1 + o[1]},
	}
}

// builder divides cells, depth first; stack holds the edges of the cells between the root and the present one.
type builder struct {
	tree  *Prepared
	stack []edge
	viewer
}

// add appends the node of a cell whose edges are stack[from:to]; it may store at most allowed edges.
func (b *builder) add(cell rect, from, to, allowed int) int32 {
	t := b.tree
	id := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{cell: cell, fill: something, area: below(b.stack[from:to], cell.y0)})
	if to-from <= leafEdges || !b.divide(id, from, to, allowed) {
		n := &t.nodes[id]
		n.from = int32(len(t.edges))
		t.edges = append(t.edges, b.stack[from:to]...)
		n.to = int32(len(t.edges))
	}
	return id
}

// divide gives the node four kids, unless they would hold more edges than allowed.
func (b *builder) divide(id int32, from, to, allowed int) bool {
	cells := b.tree.nodes[id].cell.quarters()
	top := len(b.stack)
	var ends [5]int
	var fills [4]cover
	ends[0] = top
	for k, c := range cells {
		b.stack, fills[k] = b.view(b.stack, b.stack[from:to], c)
		ends[k+1] = len(b.stack)
	}
	sum := ends[4] - top
	if sum > allowed {
		b.stack = b.stack[:top]
		return false
	}
	var kids [4]int32
	for k, c := range cells {
		if fills[k] == something {
			n := ends[k+1] - ends[k]
			kids[k] = b.add(c, ends[k], ends[k+1], int(float64(allowed)*float64(n)/float64(sum)))
			continue
		}
		kids[k] = int32(len(b.tree.nodes))
		b.tree.nodes = append(b.tree.nodes, plain(c, fills[k]))
	}
	b.stack = b.stack[:top]
	n := &b.tree.nodes[id]
	n.kids, n.divided = kids, true
	return true
}

// plain is a cell that is empty or full.
func plain(cell rect, fill cover) node {
	n := node{cell: cell, fill: fill}
	if fill == everything {
		n.area = cell.area()
	}
	return n
}

// Scratch is the memory that repeated questions reuse. One goroutine uses it at a time; the zero value is ready.
type Scratch struct {
	stack []edge
	other []edge
	viewer
	engine engine
	rings  [2][]outlineRing
}

// Overlap is the area that b shares with the prepared polygon. Where the two only touch it is zero but for the
// rounding of the coordinates. s may be nil; each goroutine brings its own.
func (p *Prepared) Overlap(b orb.MultiPolygon, s *Scratch) geo.Area {
	box := boundOf(b).moved(p.origin)
	if len(p.nodes) == 0 || box.disjoint(p.box) {
		return 0
	}
	if s == nil {
		s = new(Scratch)
	}
	s.stack = appendEdges(s.stack[:0], b, p.origin)
	w := walk{Prepared: p, Scratch: s, box: box}
	return positive(w.sum(0, 0, len(s.stack)))
}

// positive is v as an area: what rounding leaves below zero is zero.
func positive(v float64) geo.Area {
	if v > 0 && v <= math.MaxFloat64 {
		return geo.Area(v)
	}
	return 0
}

// walk is one question on its way through the quadtree.
type walk struct {
	*Prepared
	*Scratch
	box rect
}

// sum is the overlap within a node; stack[from:to] are the other polygon's edges as its cell, or one around it,
// sees them.
func (w *walk) sum(id int32, from, to int) float64 {
	n := &w.nodes[id]
	if n.fill == nothing || w.box.disjoint(n.cell) {
		return 0
	}
	top := len(w.stack)
	if (!n.divided || to-from > fewEdges) && !n.cell.contains(w.box) {
		var seen cover
		w.stack, seen = w.view(w.stack, w.stack[from:to], n.cell)
		switch seen {
		case nothing:
			return 0
		case everything:
			return n.area
		}
		from, to = top, len(w.stack)
	}
	total := w.within(n, from, to)
	w.stack = w.stack[:top]
	return total
}

// within is the overlap in a node whose cell has its own view of the other polygon, or is to be divided.
func (w *walk) within(n *node, from, to int) float64 {
	if n.fill == everything {
		return below(w.stack[from:to], n.cell.y0)
	}
	if !n.divided {
		return shared(w.stack[from:to], w.edges[n.from:n.to], n.cell.y0)
	}
	total := 0.0
	for _, k := range n.kids {
		total += w.sum(k, from, to)
	}
	return total
}
