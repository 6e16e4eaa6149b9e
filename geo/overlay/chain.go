package overlay

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

const (
	// leafEdges is the number of edges that a leaf of the tree holds at most.
	leafEdges = 8
	// fan is the number of nodes that are put together at each level.
	fan = 4
)

// node is a chain: edges of one ring that follow each other, or a number of whole rings.
type node struct {
	box rect
	// under is ∫ (y − y₀) dx along the way of the edges, y₀ being the y of the polygon's first point.
	under float64
	// The way leads from points[from] to points[to]. A way that comes back to its start, or consists of such, is closed.
	from, to int32
	kids     int32 // its first kid; the others follow
	count    int16 // of its kids; none for a leaf
	closed   bool
}

// chains are the rings of a polygon, one after the other and each closed, shells counter-clockwise and holes clockwise,
// with a tree of boxes over their edges. The root is the last node.
//
// The tree follows the rings, not the plane: it costs one pass over the vertices and 10 bytes for each of them, needs no
// edge to be cut, and what an edge of a far part of a ring does is known from where that part begins and ends.
type chains struct {
	points []orb.Point
	nodes  []node
	rings  []ringSpan
}

// ringSpan is a ring: points[from] to points[to], which are equal. A shell begins a new polygon.
type ringSpan struct {
	from, to int32
	shell    bool
}

func (c *chains) root() *node { return &c.nodes[len(c.nodes)-1] }

func (c *chains) empty() bool { return len(c.nodes) == 0 }

// box is the bound of all rings, that of nothing when there are none.
func (c *chains) box() rect {
	if c.empty() {
		return nowhere()
	}
	return c.root().box
}

// reset forgets the polygon and keeps the memory.
func (c *chains) reset() { c.points, c.nodes, c.rings = c.points[:0], c.nodes[:0], c.rings[:0] }

// load lays out the rings of mp; those of fewer than three points are left out. toPlane appends points to a slice after
// bringing them to the plane, nil is for points that are there. A coordinate that is no number or out of reach is
// ErrCoordinates.
func (c *chains) load(mp orb.MultiPolygon, toPlane func(dst, points []orb.Point) []orb.Point) error {
	c.reset()
	for _, p := range mp {
		for i, r := range p {
			switch {
			case len(r) < 3:
				if _, ok := nowhere().withPoints(r); !ok {
					return c.refuse()
				}
			case toPlane != nil:
				c.points = toPlane(c.points, r)
				c.addRing(len(c.points)-len(r), i == 0)
			default:
				c.points = append(c.points, r...)
				c.addRing(len(c.points)-len(r), i == 0)
			}
		}
	}
	if len(c.rings) > 1 {
		c.plantOver()
	}
	if !c.empty() && !c.box().onEarth() {
		return c.refuse()
	}
	return nil
}

func (c *chains) refuse() error {
	c.reset()
	return ErrCoordinates
}

// addRing makes a ring of the points from the given one on, with its tree: closes it, and turns it the right way round.
func (c *chains) addRing(from int, shell bool) {
	if c.points[from] != c.points[len(c.points)-1] {
		c.points = append(c.points, c.points[from])
	}
	r := ringSpan{int32(from), int32(len(c.points) - 1), shell}
	c.rings = append(c.rings, r)
	first := len(c.nodes)
	if c.plant(r); c.counterClockwise(r) != shell {
		slices.Reverse(c.points[from:])
		c.nodes = c.nodes[:first]
		c.plant(r)
	}
}

// counterClockwise tells the direction of the ring whose tree was made last, by its area. Where the area is no more than
// rounding, as that of a bow tie with equal halves, the corner at the lowest of the leftmost points decides: so the
// direction in which it was drawn never matters.
func (c *chains) counterClockwise(r ringSpan) bool {
	n := c.root()
	const rounding = 1e-9
	if size := (n.box.x1 - n.box.x0) * (n.box.y1 - n.box.y0); math.Abs(n.under) > rounding*size {
		return n.under < 0
	}
	open := c.points[r.from:r.to]
	first := 0
	for i, p := range open {
		if q := open[first]; p[0] < q[0] || (p[0] == q[0] && p[1] < q[1]) {
			first = i
		}
	}
	at := open[first]
	before, after := at, at
	for i := 1; i < len(open) && before == at; i++ {
		before = open[(first+len(open)-i)%len(open)]
	}
	for i := 1; i < len(open) && after == at; i++ {
		after = open[(first+i)%len(open)]
	}
	return lean(before, at, after) > 0
}

// polygons are the rings as they were loaded, but for those left out and their directions. They share the points.
func (c *chains) polygons() orb.MultiPolygon {
	var mp orb.MultiPolygon
	for _, r := range c.rings {
		ring := orb.Ring(c.points[r.from : r.to+1 : r.to+1])
		switch {
		case r.shell:
			mp = append(mp, orb.Polygon{ring})
		case len(mp) > 0:
			mp[len(mp)-1] = append(mp[len(mp)-1], ring)
		}
	}
	return mp
}

// plant appends the tree of a ring.
func (c *chains) plant(r ringSpan) {
	first := len(c.nodes)
	c.addLeaves(r)
	c.group(first, false)
	c.root().closed = true
}

// plantOver makes the tree over the roots of several rings, neighbours together.
func (c *chains) plantOver() {
	first, at := len(c.nodes), 0
	box := nowhere()
	for _, r := range c.rings {
		at += nodesOf(int(r.to - r.from))
		c.nodes = append(c.nodes, c.nodes[at-1])
		box = box.with(&c.nodes[at-1].box)
	}
	if roots := c.nodes[first:]; len(roots) > fan {
		slices.SortStableFunc(roots, func(a, b node) int { return cmp.Compare(box.zOrder(&a.box), box.zOrder(&b.box)) })
	}
	c.group(first, true)
}

// nodesOf is the number of nodes of a ring with the given number of edges.
func nodesOf(edges int) int {
	level := (edges + leafEdges - 1) / leafEdges
	sum := level
	for level > 1 {
		level = (level + fan - 1) / fan
		sum += level
	}
	return sum
}

// nodesOver is the number of nodes that plantOver makes for the given number of rings, two or more.
func nodesOver(rings int) int {
	sum := rings
	for level := rings; level > 1; {
		level = (level + fan - 1) / fan
		sum += level
	}
	return sum
}

// zOrder is the place of the middle of o, within r, on Morton's curve.
func (r *rect) zOrder(o *rect) uint64 {
	const size = 1<<20 - 1
	x := uint64((o.x0 + o.x1 - 2*r.x0) / 2 / max(r.x1-r.x0, math.SmallestNonzeroFloat64) * size)
	y := uint64((o.y0 + o.y1 - 2*r.y0) / 2 / max(r.y1-r.y0, math.SmallestNonzeroFloat64) * size)
	return spread(x) | spread(y)<<1
}

// spread puts a zero between the bits of a number below 2³².
func spread(v uint64) uint64 {
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	return (v | v<<1) & 0x5555555555555555
}

// addLeaves appends the leaves of a ring, all of about the same number of edges.
func (c *chains) addLeaves(r ringSpan) {
	edges := int(r.to - r.from)
	leaves := (edges + leafEdges - 1) / leafEdges
	from := int(r.from)
	for i := range leaves {
		to := int(r.from) + (i+1)*edges/leaves
		c.nodes = append(c.nodes, c.leaf(from, to))
		from = to
	}
}

func (c *chains) leaf(from, to int) node {
	way, y0 := c.points[from:to+1], c.points[0][1]
	n := node{from: int32(from), to: int32(to)}
	last := way[0]
	n.box = rect{last[0], last[1], last[0], last[1]}
	twice := 0.0
	for _, p := range way[1:] {
		twice += (p[0] - last[0]) * ((p[1] - y0) + (last[1] - y0))
		n.box.x0, n.box.x1 = min(n.box.x0, p[0]), max(n.box.x1, p[0])
		n.box.y0, n.box.y1 = min(n.box.y0, p[1]), max(n.box.y1, p[1])
		last = p
	}
	n.under = twice / 2
	return n
}

// group puts the nodes from first on together, level by level, until one is left.
func (c *chains) group(first int, closed bool) {
	for len(c.nodes)-first > 1 {
		end := len(c.nodes)
		for at := first; at < end; at += fan {
			c.nodes = append(c.nodes, c.parent(at, min(at+fan, end), closed))
		}
		first = end
	}
}

func (c *chains) parent(from, to int, closed bool) node {
	kids := c.nodes[from:to]
	n := kids[0]
	for i := 1; i < len(kids); i++ {
		k := &kids[i]
		n.box = n.box.with(&k.box)
		n.under += k.under
	}
	n.to, n.kids, n.count, n.closed = kids[len(kids)-1].to, int32(from), int16(len(kids)), closed
	return n
}

// area is what the rings enclose: shells minus holes.
func (c *chains) area() float64 {
	if c.empty() {
		return 0
	}
	return -c.root().under
}
