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

// windowOf is the bound of everything in mp on the grid of the plane.
func windowOf(mp orb.MultiPolygon) (window, error) {
	b := nowhere()
	for _, p := range mp {
		for _, r := range p {
			var ok bool
			if b, ok = b.with(r); !ok {
				return window{}, ErrCoordinates
			}
		}
	}
	if b.x0 > b.x1 {
		return window{point{1, 1}, point{}}, nil
	}
	return window{onGrid(orb.Point{b.x0, b.y0}), onGrid(orb.Point{b.x1, b.y1})}, nil
}

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
	input    uint8
	ring     []point
	sides    [4][]tick // left, right, below, above
}

// outlineRing is a ring as the outline engine takes it.
type outlineRing struct {
	points orb.Ring
	weight int32    // +1 when the ring's left side counts as inside, else −1
	blocks []window // bounds of its points, blockSize at a time, on the grid of the plane; nil when not prepared
}

// blockSize is the number of points of a ring that are skipped together when they are far away.
const blockSize = 32

// outlineRings are the rings of mp; those with fewer than three points enclose nothing and are left out.
func outlineRings(dst []outlineRing, mp orb.MultiPolygon) []outlineRing {
	for _, p := range mp {
		for i, r := range p {
			if len(r) < 3 {
				continue
			}
			weight := int32(1)
			if (ringArea(r) > 0) != (i == 0) {
				weight = -1
			}
			dst = append(dst, outlineRing{points: r, weight: weight})
		}
	}
	return dst
}

// block adds the bounds of the blocks of a ring.
func (r *outlineRing) block() {
	for i := 0; i < len(r.points); i += blockSize {
		b, _ := nowhere().with(r.points[i:min(i+blockSize, len(r.points))])
		r.blocks = append(r.blocks, window{onGrid(orb.Point{b.x0, b.y0}), onGrid(orb.Point{b.x1, b.y1})})
	}
}

// load appends the segments of the rings as the given input, limited to w unless it is nil.
func (l *loader) load(rings []outlineRing, input uint8, w *window) {
	l.input, l.window = input, w
	for i := range rings {
		l.addRing(&rings[i])
	}
	if w != nil {
		l.addSides()
	}
}

// addRing adds a ring with its points on the grid, each but once in a row.
func (l *loader) addRing(r *outlineRing) {
	l.ring = l.ring[:0]
	for i := 0; i < len(r.points); i += blockSize {
		block := r.points[i:min(i+blockSize, len(r.points))]
		if r.blocks != nil && l.beyond(r.blocks[i/blockSize]) {
			l.addPoint(block[0])
			l.addPoint(block[len(block)-1])
			continue
		}
		for _, v := range block {
			l.addPoint(v)
		}
	}
	if n := len(l.ring); n > 1 && l.ring[n-1] == l.ring[0] {
		l.ring = l.ring[:n-1]
	}
	switch {
	case len(l.ring) < 3:
	case l.window != nil:
		l.addNear(r.weight)
	default:
		l.addAll(r.weight)
	}
}

// beyond reports whether a block lies on the far side of one side of the window: then the image of its points on
// the border is that of its first and last.
func (l *loader) beyond(b window) bool {
	return l.window != nil && l.window.code(b.lo.minus(l.corner))&l.window.code(b.hi.minus(l.corner)) != 0
}

func (l *loader) addPoint(v orb.Point) {
	p := l.point(v)
	if n := len(l.ring); n == 0 || l.ring[n-1] != p {
		l.ring = append(l.ring, p)
	}
}

func (l *loader) addAll(weight int32) {
	l.segments = slices.Grow(l.segments, len(l.ring))
	last := l.ring[len(l.ring)-1]
	for _, p := range l.ring {
		l.add(last, p, weight)
		last = p
	}
}

func (l *loader) add(from, to point, weight int32) {
	if from != to {
		l.segments = append(l.segments, newSegment(from, to, weight, l.input))
	}
}

// addNear adds the edges that may meet the window; the others become ticks on its sides.
func (l *loader) addNear(weight int32) {
	last := l.ring[len(l.ring)-1]
	lastCode := l.window.code(last)
	beyond := l.window.code(l.ring[len(l.ring)-2])&lastCode != 0
	for _, p := range l.ring {
		code := l.window.code(p)
		outside := code & lastCode
		if (outside != 0) != beyond {
			l.connect(last, weight, beyond)
		}
		if beyond = outside != 0; beyond {
			l.press(last, p, outside, weight)
		} else {
			l.add(last, p, weight)
		}
		last, lastCode = p, code
	}
}

// connect joins a vertex to its image on the border, or back, where near and far edges of a ring meet.
func (l *loader) connect(p point, weight int32, back bool) {
	if back {
		weight = -weight
	}
	l.add(p, l.window.clamp(p), weight)
}

// press puts the image of a far edge on the side of the window beyond which it lies.
func (l *loader) press(from, to point, outside uint8, weight int32) {
	p, q := l.window.clamp(from), l.window.clamp(to)
	switch {
	case outside&leftOf != 0:
		l.tick(0, p.y, q.y, weight)
	case outside&rightOf != 0:
		l.tick(1, p.y, q.y, weight)
	case outside&belowOf != 0:
		l.tick(2, p.x, q.x, weight)
	default:
		l.tick(3, p.x, q.x, weight)
	}
}

func (l *loader) tick(side int, from, to int64, weight int32) {
	if from != to {
		l.sides[side] = append(l.sides[side], tick{from, weight}, tick{to, -weight})
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
