package overlay

import (
	"math"

	"github.com/paulmach/orb"
)

// Near reports whether the borders of p and q cross or come within reach, in metres, of each other; false when one of
// them has an Err.
func (p *Prepared) Near(q *Prepared, reach float64) bool {
	if p.err != nil || q.err != nil || p.empty() || q.empty() {
		return false
	}
	n := nearness{&p.chains, &q.chains, reach}
	return n.nodes(p.root(), q.root())
}

// NearLine reports whether a line comes within reach, in metres, of the border of p, crosses it, or lies inside; a line of
// one point is a point.
func (p *Prepared) NearLine(line []orb.Point, reach float64) bool {
	if p.err != nil || p.empty() || len(line) == 0 {
		return false
	}
	last := line[0]
	for _, v := range line {
		if p.comesNear(p.root(), last, v, reach) {
			return true
		}
		last = v
	}
	return p.crossings(p.root(), line[0])%2 != 0
}

// comesNear reports whether the edge a–b comes within reach of an edge of a node.
func (c *chains) comesNear(n *node, a, b orb.Point, reach float64) bool {
	box := rect{min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])}
	if !n.box.grown(reach).meets(&box) {
		return false
	}
	for k := n.kids; k < n.kids+int32(n.count); k++ {
		if c.comesNear(&c.nodes[k], a, b, reach) {
			return true
		}
	}
	if n.count > 0 {
		return false
	}
	for i := n.from; i < n.to; i++ {
		if closeBy(c.points[i], c.points[i+1], a, b, reach) {
			return true
		}
	}
	return false
}

// crossings counts the edges of a node that the ray from p to the right crosses: an odd number from inside.
func (c *chains) crossings(n *node, p orb.Point) int {
	if n.box.x1 < p[0] || n.box.y0 > p[1] || n.box.y1 < p[1] {
		return 0
	}
	sum := 0
	if n.count > 0 {
		for k := n.kids; k < n.kids+int32(n.count); k++ {
			sum += c.crossings(&c.nodes[k], p)
		}
		return sum
	}
	for i := n.from; i < n.to; i++ {
		a, b := c.points[i], c.points[i+1]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])*(b[0]-a[0])/(b[1]-a[1]) {
			sum++
		}
	}
	return sum
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
