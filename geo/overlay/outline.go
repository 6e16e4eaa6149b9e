package overlay

import (
	"math"

	"github.com/paulmach/orb"
)

// Outline builds a op b. The result is valid by OGC: shells counter-clockwise, holes clockwise and with their shell,
// rings closed and without repeated points. Inputs that are invalid count by the NonZero rule. What is narrower than
// the grid may vanish.
func Outline(a, b orb.MultiPolygon, op Op) (orb.MultiPolygon, error) {
	return new(Scratch).Outline(a, b, op)
}

// Outline builds a op b and reuses the memory of s.
func (s *Scratch) Outline(a, b orb.MultiPolygon, op Op) (orb.MultiPolygon, error) {
	if err := s.one.load(a, nil); err != nil {
		return nil, err
	}
	if err := s.other.load(b, nil); err != nil {
		return nil, err
	}
	return s.engine.overlay(&s.one.chains, &s.other.chains, op)
}

func (e *engine) overlay(a, b *chains, op Op) (orb.MultiPolygon, error) {
	wa, wb := a.window(), b.window()
	both := wa.common(wb)
	if op == Intersection && (wa.empty() || wb.empty() || both.empty()) {
		return nil, nil
	}
	e.begin(wa, wb)
	switch op {
	case Intersection:
		return e.intersect(a, b, e.limit(both))
	case Difference:
		e.load(a, 0, nil)
		e.load(b, 1, e.limit(wa))
	default:
		e.load(a, 0, nil)
		e.load(b, 1, nil)
	}
	return e.run(rule{op: op})
}

// intersect builds what a and b share within a window that holds all of it. Most parcels lie wholly inside or outside of
// what they are held against; then there is nothing to overlay.
func (e *engine) intersect(a, b *chains, w *window) (orb.MultiPolygon, error) {
	near := e.load(a, 0, w)
	if len(e.segments) == 0 {
		return nil, nil
	}
	if !near { // the window lies inside a
		if whole, ok := e.star(b, w); ok {
			return whole, nil
		}
		e.segments = e.segments[:0]
		e.load(b, 1, w)
		return e.run(rule{op: Union})
	}
	first := len(e.segments)
	near = e.load(b, 1, w)
	if len(e.segments) == first {
		return nil, nil
	}
	if !near { // the window lies inside b
		e.segments = e.segments[:first]
		return e.run(rule{op: Union})
	}
	return e.run(rule{op: Intersection})
}

// star is a polygon on the grid as it is, when all of it lies in the window and it is one ring that can be seen whole from
// the middle of its box, on the grid as well: such a ring cannot meet itself, and there is nothing to snap.
func (e *engine) star(c *chains, w *window) (orb.MultiPolygon, bool) {
	b := c.window()
	b = window{b.lo.minus(e.corner), b.hi.minus(e.corner)}
	if len(c.rings) != 1 || w.code(b.lo)|w.code(b.hi) != 0 {
		return nil, false
	}
	l := &e.loader
	l.ring = l.ring[:0]
	for _, p := range c.points[:len(c.points)-1] {
		l.addPoint(p)
	}
	if n := len(l.ring); n > 1 && l.ring[n-1] == l.ring[0] {
		l.ring = l.ring[:n-1]
	}
	middle := point{(b.lo.x + b.hi.x) / 2, (b.lo.y + b.hi.y) / 2}
	if len(l.ring) < 3 || !aroundOnce(l.ring, middle) {
		return nil, false
	}
	return orb.MultiPolygon{{e.frame.closed(l.ring)}}, true
}

// aroundOnce reports whether a ring runs counter-clockwise about the middle all the way, and once.
func aroundOnce(ring []point, middle point) bool {
	last := ring[len(ring)-1].minus(middle)
	around := 0 // how often it crosses the ray to the right, upwards
	for _, p := range ring {
		next := p.minus(middle)
		if cross(last, next) <= 0 {
			return false
		}
		if last.y < 0 && next.y >= 0 {
			around++
		}
		last = next
	}
	return around == 1
}

// closed is a ring in the plane, from its leftmost point on, the lower one of two.
func (f frame) closed(ring []point) orb.Ring {
	first := 0
	for i, p := range ring {
		if p.before(ring[first]) {
			first = i
		}
	}
	out := make(orb.Ring, 0, len(ring)+1)
	for i := range ring {
		out = append(out, f.place(ring[(first+i)%len(ring)]))
	}
	return append(out, out[0])
}

// Dissolve unites many regions at once. A part that covers a place more than once, or winds the wrong way around it,
// counts by the NonZero rule before it meets the others.
func Dissolve(parts []orb.MultiPolygon) (orb.MultiPolygon, error) {
	var e engine
	if err := e.beginWith(parts); err != nil {
		return nil, err
	}
	var p Prepared
	for _, part := range parts {
		p.lay(part, nil)
		if p.check(); p.err != nil {
			return nil, p.err
		}
		e.load(&p.chains, 0, nil)
	}
	e.segments = cancel(e.segments)
	return e.run(rule{op: Union})
}

// Clean makes a valid region of rings that may cross, overlap or touch; fill says what is inside.
func Clean(mp orb.MultiPolygon, fill Fill) (orb.MultiPolygon, error) {
	var e engine
	if err := e.beginWith([]orb.MultiPolygon{mp}); err != nil {
		return nil, err
	}
	var c chains
	if err := c.load(mp, nil); err != nil {
		return nil, err
	}
	e.load(&c, 0, nil)
	e.segments = cancel(e.segments)
	return e.run(rule{op: Union, fill: fill})
}

// beginWith is begin for the bound of everything in the parts.
func (e *engine) beginWith(parts []orb.MultiPolygon) error {
	bound := nowhere()
	for _, mp := range parts {
		for _, p := range mp {
			for _, r := range p {
				var ok bool
				if bound, ok = bound.withPoints(r); !ok {
					return ErrCoordinates
				}
			}
		}
	}
	e.begin(bound.window())
	return nil
}

// clean makes chains that cover a place more than once valid, by the NonZero rule.
func (e *engine) clean(c *chains) (orb.MultiPolygon, error) {
	e.begin(c.window())
	e.load(c, 0, nil)
	return e.run(rule{op: Union})
}

// engine takes polygons from the plane to the grid, overlays them there and brings the result back.
type engine struct {
	loader
	tracer
}

// begin sets the frame to the common lower left corner of the inputs.
func (e *engine) begin(inputs ...window) {
	const margin = 8 // keeps every coordinate positive, margins of windows and pixels included
	e.segments = e.segments[:0]
	lo := point{math.MaxInt64, math.MaxInt64}
	for _, w := range inputs {
		if w.empty() {
			continue
		}
		lo = point{min(lo.x, w.lo.x), min(lo.y, w.lo.y)}
	}
	e.corner = lo.minus(point{margin, margin})
}

// limit is a window of the plane as a window of the frame, outside of which an input cannot matter.
func (e *engine) limit(w window) *window {
	if w.empty() {
		return nil
	}
	w = window{w.lo.minus(e.corner), w.hi.minus(e.corner)}
	w = w.padded()
	return &w
}

func (e *engine) run(r rule) (orb.MultiPolygon, error) {
	e.cut(e.segments)
	e.merge()
	if err := e.label(r); err != nil {
		return nil, err
	}
	if err := e.trace(); err != nil {
		return nil, err
	}
	return e.polygons(e.frame), nil
}
