package overlay

import (
	"slices"

	"github.com/paulmach/orb"
)

// window is the part of the plane in which an input matters, borders included.
type window struct{ lo, hi point }

// region codes of a point outside a window.
const (
	leftOf = 1 << iota
	rightOf
	belowOf
	aboveOf
)

func (w *window) code(p point) uint8 {
	var c uint8
	if p.x < w.lo.x {
		c = leftOf
	} else if p.x > w.hi.x {
		c = rightOf
	}
	if p.y < w.lo.y {
		c |= belowOf
	} else if p.y > w.hi.y {
		c |= aboveOf
	}
	return c
}

// clamp is the point of the window nearest to p.
func (w *window) clamp(p point) point {
	return point{min(max(p.x, w.lo.x), w.hi.x), min(max(p.y, w.lo.y), w.hi.y)}
}

func (w *window) common(o window) window {
	return window{
		point{max(w.lo.x, o.lo.x), max(w.lo.y, o.lo.y)},
		point{min(w.hi.x, o.hi.x), min(w.hi.y, o.hi.y)},
	}
}

func (w *window) empty() bool { return w.lo.x > w.hi.x || w.lo.y > w.hi.y }

// padded is the window with a margin that keeps what happens on its border away from what is in it.
func (w *window) padded() window {
	const margin = 2
	return window{point{w.lo.x - margin, w.lo.y - margin}, point{w.hi.x + margin, w.hi.y + margin}}
}

// window is r on the grid of the plane; that of nothing is empty.
func (r rect) window() window {
	if !(r.x0 <= r.x1 && r.y0 <= r.y1) {
		return window{point{1, 1}, point{}}
	}
	return window{onGrid(orb.Point{r.x0, r.y0}), onGrid(orb.Point{r.x1, r.y1})}
}

// window is the bound of the polygon on the grid of the plane.
func (c *chains) window() window { return c.box().window() }

// tick is a change, at a place along one side of a window, of the number of edges that run there.
type tick struct {
	at     int64
	weight int32
}

// loader turns polygons into segments on the grid. With a window, what lies outside is pressed onto its border: the
// winding numbers inside stay as they were, and a polygon of 100,000 vertices costs no more than the few that are
// near, plus one look at each.
type loader struct {
	frame
	segments []segment
	window   *window
	owner    int32
	ring     []point
	sides    [4][]tick // left, right, below, above
}

// load appends the segments of a polygon as those of the given owner, limited to w unless it is nil. It reports whether
// an edge comes near the window; otherwise the window lies wholly inside or outside.
func (l *loader) load(c *chains, owner int32, w *window) (near bool) {
	l.owner, l.window = owner, w
	if w == nil {
		for _, r := range c.rings {
			l.ring = l.ring[:0]
			for _, p := range c.points[r.from:r.to] {
				l.addPoint(p)
			}
			l.finish()
		}
		return true
	}
	before := len(l.segments)
	if !c.empty() {
		l.near(c, c.root())
	}
	near = len(l.segments) > before
	l.addSides()
	return near
}

// near adds the rings of a node that may meet the window. A way that comes back to its start and lies wholly beyond one
// side of the window has no part in it.
func (l *loader) near(c *chains, n *node) {
	switch {
	case l.beyond(&n.box):
	case n.count > 0 && c.nodes[n.kids].closed: // several rings
		for k := n.kids; k < n.kids+int32(n.count); k++ {
			l.near(c, &c.nodes[k])
		}
	default:
		l.ring = l.ring[:0]
		l.walk(c, n)
		l.finish()
	}
}

// walk adds the points of a part of a ring. Beyond one side of the window, where it begins and ends is enough: the
// image of the way on the border depends on nothing else.
func (l *loader) walk(c *chains, n *node) {
	switch {
	case !n.closed && l.beyond(&n.box):
		l.addPoint(c.points[n.from])
		l.addPoint(c.points[n.to])
	case n.count == 0:
		for _, p := range c.points[n.from : n.to+1] {
			l.addPoint(p)
		}
	default:
		for k := n.kids; k < n.kids+int32(n.count); k++ {
			l.walk(c, &c.nodes[k])
		}
	}
}

// beyond reports whether a box lies on the far side of one side of the window.
func (l *loader) beyond(b *rect) bool {
	lo, hi := l.point(orb.Point{b.x0, b.y0}), l.point(orb.Point{b.x1, b.y1})
	return l.window.code(lo)&l.window.code(hi) != 0
}

// finish adds the ring whose points were added, each but once in a row. Rings have the inside on their left.
func (l *loader) finish() {
	if n := len(l.ring); n > 1 && l.ring[n-1] == l.ring[0] {
		l.ring = l.ring[:n-1]
	}
	switch {
	case len(l.ring) < 3:
	case l.window != nil:
		l.addNear()
	default:
		l.addAll()
	}
}

func (l *loader) addPoint(v orb.Point) {
	p := l.point(v)
	if n := len(l.ring); n == 0 || l.ring[n-1] != p {
		l.ring = append(l.ring, p)
	}
}

func (l *loader) addAll() {
	l.segments = slices.Grow(l.segments, len(l.ring))
	last := l.ring[len(l.ring)-1]
	for _, p := range l.ring {
		l.add(last, p, 1)
		last = p
	}
}

func (l *loader) add(from, to point, weight int32) {
	if from != to {
		l.segments = append(l.segments, newSegment(from, to, weight, l.owner))
	}
}

// addNear adds the edges that may meet the window; the others become ticks on its sides.
func (l *loader) addNear() {
	last := l.ring[len(l.ring)-1]
	lastCode := l.window.code(last)
	beyond := l.window.code(l.ring[len(l.ring)-2])&lastCode != 0
	for _, p := range l.ring {
		code := l.window.code(p)
		outside := code & lastCode
		if (outside != 0) != beyond {
			l.connect(last, beyond)
		}
		if beyond = outside != 0; beyond {
			l.press(last, p, outside)
		} else {
			l.add(last, p, 1)
		}
		last, lastCode = p, code
	}
}

// connect joins a vertex to its image on the border, or back, where near and far edges of a ring meet.
func (l *loader) connect(p point, back bool) {
	weight := int32(1)
	if back {
		weight = -1
	}
	l.add(p, l.window.clamp(p), weight)
}

// press puts the image of a far edge on the side of the window beyond which it lies.
func (l *loader) press(from, to point, outside uint8) {
	p, q := l.window.clamp(from), l.window.clamp(to)
	switch {
	case outside&leftOf != 0:
		l.tick(0, p.y, q.y)
	case outside&rightOf != 0:
		l.tick(1, p.y, q.y)
	case outside&belowOf != 0:
		l.tick(2, p.x, q.x)
	default:
		l.tick(3, p.x, q.x)
	}
}

func (l *loader) tick(side int, from, to int64) {
	if from != to {
		l.sides[side] = append(l.sides[side], tick{from, 1}, tick{to, -1})
	}
}

// addSides adds what is left of the far edges on each side after opposite ones have cancelled.
func (l *loader) addSides() {
	for side, ticks := range l.sides {
		slices.SortFunc(ticks, byPlace)
		sum := int32(0)
		for i, t := range ticks {
			if sum != 0 && t.at != ticks[i-1].at {
				l.add(l.onSide(side, ticks[i-1].at), l.onSide(side, t.at), sum)
			}
			sum += t.weight
		}
		l.sides[side] = ticks[:0]
	}
}

func (l *loader) onSide(side int, at int64) point {
	switch side {
	case 0:
		return point{l.window.lo.x, at}
	case 1:
		return point{l.window.hi.x, at}
	case 2:
		return point{at, l.window.lo.y}
	}
	return point{at, l.window.hi.y}
}

func byPlace(a, b tick) int {
	switch {
	case a.at < b.at:
		return -1
	case a.at > b.at:
		return 1
	}
	return 0
}
