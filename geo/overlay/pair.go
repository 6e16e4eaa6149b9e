package overlay

import (
	"greenshield/geo"

	"github.com/paulmach/orb"
)

const (
	// fewPairs is the number of edge pairs up to which a cell is integrated directly.
	fewPairs = 128
	// strikes is how often in a row of cells a division may fail to pay before the pairs are integrated directly.
	strikes = 4
)

// Area is the area of a∩b, for two polygons that meet once. Many questions about one polygon: Prepare it.
func Area(a, b orb.MultiPolygon) geo.Area { return new(Scratch).Area(a, b) }

// Area is the area of a∩b and reuses the memory of s.
func (s *Scratch) Area(a, b orb.MultiPolygon) geo.Area {
	p, q := boundOf(a), boundOf(b)
	cell := rect{max(p.x0, q.x0), max(p.y0, q.y0), min(p.x1, q.x1), min(p.y1, q.y1)}
	if !(cell.x0 < cell.x1 && cell.y0 < cell.y1) {
		return 0
	}
	o := orb.Point{cell.x0, cell.y0}
	cell = cell.moved(o)
	s.stack = appendEdges(s.stack[:0], a, o)
	s.other = appendEdges(s.other[:0], b, o)
	return positive(s.seen(cell, span{0, len(s.stack)}, span{0, len(s.other)}, 0))
}

// span is a part of a stack.
type span struct{ from, to int }

func (s span) len() int { return s.to - s.from }

// seen is the overlap within a cell; a and b are the edges of the two polygons as a cell around it sees them.
func (s *Scratch) seen(cell rect, a, b span, struck int) float64 {
	topA, topB := len(s.stack), len(s.other)
	var fillA, fillB cover
	s.stack, fillA = s.view(s.stack, s.stack[a.from:a.to], cell)
	if fillA != nothing {
		s.other, fillB = s.view(s.other, s.other[b.from:b.to], cell)
	}
	total := 0.0
	switch {
	case fillA == nothing || fillB == nothing:
	case fillA == everything && fillB == everything:
		total = cell.area()
	case fillA == everything:
		total = below(s.other[topB:], cell.y0)
	case fillB == everything:
		total = below(s.stack[topA:], cell.y0)
	default:
		x, y := span{topA, len(s.stack)}, span{topB, len(s.other)}
		total = s.both(cell, x, y, next(struck, a.len()*b.len(), x.len()*y.len()))
	}
	s.stack, s.other = s.stack[:topA], s.other[:topB]
	return total
}

// next counts the divisions that did not pay: of four quarters each should have far fewer pairs than the whole.
func next(struck, before, after int) int {
	if after > before/3 {
		return struck + 1
	}
	return struck
}

// both is the overlap within a cell that both polygons fill in part.
func (s *Scratch) both(cell rect, a, b span, struck int) float64 {
	if a.len()*b.len() <= fewPairs || struck > strikes {
		return shared(s.stack[a.from:a.to], s.other[b.from:b.to], cell.y0)
	}
	total := 0.0
	for _, q := range cell.quarters() {
		total += s.seen(q, a, b, struck)
	}
	return total
}
