package overlay

import (
	"math"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// speck is the area in m² up to which a polygon may cover itself twice by the rounding of its coordinates.
const speck = 1e-4

// Prepared is a polygon laid out for questions about its overlap with others. It does not change after Prepare and may
// be used from many goroutines at once.
//
// A polygon whose rings cross, or cover a place more than once, would count that place more often. Prepare notices it
// and takes what the NonZero rule makes of it instead; Mended tells.
type Prepared struct {
	chains
	err     error
	mended  bool
	checked bool
}

// Prepare lays a out, in one pass over its vertices. The vertices are copied.
func Prepare(a orb.MultiPolygon) *Prepared {
	p := new(Prepared)
	p.lay(a, nil)
	p.check()
	return p
}

// Prepare is Prepare in the memory of s: the polygon is good until the next call, and for one goroutine.
func (s *Scratch) Prepare(a orb.MultiPolygon) *Prepared {
	s.asked.lay(a, nil)
	return &s.asked
}

// PrepareBy is Prepare for a polygon of another plane, such as degrees: toPlane appends points to a slice after bringing
// them to the plane.
func (s *Scratch) PrepareBy(a orb.MultiPolygon, toPlane func(dst, points []orb.Point) []orb.Point) *Prepared {
	s.asked.lay(a, toPlane)
	return &s.asked
}

// lay lays a out and leaves the check for later: most polygons never meet another.
func (p *Prepared) lay(a orb.MultiPolygon, toPlane func(dst, points []orb.Point) []orb.Point) {
	p.mended, p.checked = false, false
	p.err = p.load(a, toPlane)
}

// check mends the polygon when it covers a place more than once.
func (p *Prepared) check() {
	if p.checked {
		return
	}
	p.checked = true
	if p.err == nil && !p.star() && twice(&p.chains) > speck {
		p.mend()
	}
}

func (p *Prepared) mend() {
	p.mended = true
	mp, err := new(engine).clean(&p.chains)
	p.chains = chains{} // memory of its own: what it had may belong to a layer
	if err == nil {
		err = p.load(mp, nil)
	}
	p.err = err
}

// Err says why nothing can be said about the polygon: ErrCoordinates, or a fault of the outline engine.
func (p *Prepared) Err() error { return p.err }

// Mended reports whether the polygon covered a place more than once as it was given.
func (p *Prepared) Mended() bool { p.check(); return p.mended }

// Area is the area of the polygon itself, NaN when there is an Err.
func (p *Prepared) Area() geo.Area {
	if p.check(); p.err != nil {
		return geo.Area(math.NaN())
	}
	return geo.Area(max(p.area(), 0))
}

// Bound is the bound of the polygon in its plane; empty when it encloses nothing.
func (p *Prepared) Bound() orb.Bound {
	b := p.box()
	return orb.Bound{Min: orb.Point{b.x0, b.y0}, Max: orb.Point{b.x1, b.y1}}
}

// Polygon is the polygon as laid out: shells counter-clockwise, holes clockwise, rings closed. It shares the memory of p
// and must not be written to.
func (p *Prepared) Polygon() orb.MultiPolygon { return p.polygons() }

// Shared is the area that the polygon shares with q, NaN when one of them has an Err. Where the two only touch it is zero
// but for the rounding of the coordinates. It allocates nothing.
func (p *Prepared) Shared(q *Prepared) geo.Area {
	if p.err == nil && q.err == nil && (p.empty() || q.empty() || p.box().disjoint(q.box())) {
		return 0
	}
	p.check()
	q.check()
	if p.err != nil || q.err != nil {
		return geo.Area(math.NaN())
	}
	return geo.Area(max(shared(&p.chains, &q.chains), 0))
}

// Overlap is the area that the polygon shares with b, as Shared. s may be nil; each goroutine brings its own.
func (p *Prepared) Overlap(b orb.MultiPolygon, s *Scratch) geo.Area {
	if s == nil {
		s = new(Scratch)
	}
	s.other.lay(b, nil)
	return p.Shared(&s.other)
}

// Outline builds what the polygon shares with b: the place whose area is Overlap. Parts of the polygon that are far from
// b cost next to nothing. s may be nil; each goroutine brings its own.
func (p *Prepared) Outline(b orb.MultiPolygon, s *Scratch) (orb.MultiPolygon, error) {
	if s == nil {
		s = new(Scratch)
	}
	s.other.lay(b, nil)
	return p.SharedOutline(&s.other, s)
}

// SharedOutline builds what the polygon shares with q: the place whose area is Shared.
func (p *Prepared) SharedOutline(q *Prepared, s *Scratch) (orb.MultiPolygon, error) {
	if p.err != nil {
		return nil, p.err
	}
	if q.err != nil {
		return nil, q.err
	}
	return s.engine.overlay(&p.chains, &q.chains, Intersection)
}

// Place is the outline of what the polygon shares with q, checked against its area, which the other engine has found.
// Where the two do not agree within the grid times the perimeter, the error wraps ErrDisagree and neither may be used.
func (p *Prepared) Place(area geo.Area, q *Prepared, s *Scratch) (orb.MultiPolygon, error) {
	outline, err := p.SharedOutline(q, s)
	if err != nil {
		return nil, err
	}
	return outline, p.agree(area, outline, q)
}

// Scratch is the memory that repeated questions reuse. One goroutine uses it at a time; the zero value is ready.
type Scratch struct {
	asked, one, other Prepared
	engine            engine
}

// Area is the area of a∩b, for two polygons that meet once. Many questions about one polygon: Prepare it.
func Area(a, b orb.MultiPolygon) geo.Area { return new(Scratch).Area(a, b) }

// Area is the area of a∩b and reuses the memory of s.
func (s *Scratch) Area(a, b orb.MultiPolygon) geo.Area {
	s.one.lay(a, nil)
	s.other.lay(b, nil)
	return s.one.Shared(&s.other)
}
