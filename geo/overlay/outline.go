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
	wa, err := windowOf(a)
	if err != nil {
		return nil, err
	}
	wb, err := windowOf(b)
	if err != nil {
		return nil, err
	}
	s.rings[0], s.rings[1] = outlineRings(s.rings[0][:0], a), outlineRings(s.rings[1][:0], b)
	return s.engine.overlay(region{s.rings[0], wa}, region{s.rings[1], wb}, op)
}

// Outline builds what b shares with the prepared polygon: the place whose area is Overlap. Parts of the prepared
// polygon that are far from b cost next to nothing. s may be nil; each goroutine brings its own.
func (p *Prepared) Outline(b orb.MultiPolygon, s *Scratch) (orb.MultiPolygon, error) {
	if p.err != nil {
		return nil, p.err
	}
	w, err := windowOf(b)
	if err != nil {
		return nil, err
	}
	if s == nil {
		s = new(Scratch)
	}
	s.rings[1] = outlineRings(s.rings[1][:0], b)
	return s.engine.overlay(p.region, region{s.rings[1], w}, Intersection)
}

// region is one input of the outline engine.
type region struct {
	rings []outlineRing
	window
}

func (e *engine) overlay(a, b region, op Op) (orb.MultiPolygon, error) {
	both := a.common(b.window)
	if op == Intersection && (a.empty() || b.empty() || both.empty()) {
		return nil, nil
	}
	e.begin(a.window, b.window)
	switch op {
	case Intersection:
		e.load(a.rings, 0, e.limit(both))
		e.load(b.rings, 1, e.limit(both))
	case Difference:
		e.load(a.rings, 0, nil)
		e.load(b.rings, 1, e.limit(a.window))
	default:
		e.load(a.rings, 0, nil)
		e.load(b.rings, 1, nil)
	}
	return e.run(rule{op: op})
}

// Dissolve unites many regions at once.
func Dissolve(parts []orb.MultiPolygon) (orb.MultiPolygon, error) {
	return unite(parts, NonZero)
}

// Clean makes a valid region of rings that may cross, overlap or touch; fill says what is inside.
func Clean(mp orb.MultiPolygon, fill Fill) (orb.MultiPolygon, error) {
	return unite([]orb.MultiPolygon{mp}, fill)
}

func unite(parts []orb.MultiPolygon, fill Fill) (orb.MultiPolygon, error) {
	windows := make([]window, len(parts))
	for i, p := range parts {
		var err error
		if windows[i], err = windowOf(p); err != nil {
			return nil, err
		}
	}
	var e engine
	e.begin(windows...)
	var rings []outlineRing
	for _, p := range parts {
		rings = outlineRings(rings[:0], p)
		e.load(rings, 0, nil)
	}
	e.segments = cancel(e.segments)
	return e.run(rule{op: Union, fill: fill})
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
