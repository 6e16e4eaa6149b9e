package city

import (
	"math"

	"github.com/paulmach/orb"
)

// Parcel is a sample parcel that staff can upload to see what the check says.
type Parcel struct {
	// Key is the English file stem, Name what the parcel is called.
	Key, Name string
	Geometry  orb.Polygon
}

// parcels gives one parcel for each kind of answer; which place it takes is searched in the city, so that it still
// fits when the seed or the scale changes.
func (b *builder) parcels() []Parcel {
	red := func(c int) bool { return b.redlineAfter[c] != none }
	calm := func(c int) bool {
		return !red(c) && b.protectedAfter[c] == none && b.farmland[c] == none && !b.nearWater(c)
	}
	var out []Parcel
	add := func(key string, g orb.Polygon) {
		if g != nil {
			out = append(out, Parcel{key, b.names.Parcels[key], g})
		}
	}
	town := func(n int) bool { return b.urban[n] != none }
	add("clear", b.plot(0.30, func(c int) bool { return calm(c) && b.surrounded(c, town) }))
	add("redline", b.plot(0.95, func(c int) bool { return red(c) && b.protectedAfter[c] == none && b.edgeOf(c, red) }))
	add("protected", b.plot(0.35, func(c int) bool { return b.protectedAfter[c] == 0 }))
	add("shoreline", b.wharf())
	add("farmland", b.plot(0.60, func(c int) bool { return b.farmland[c] != none && !red(c) && !b.nearWater(c) }))
	add("south", b.plot(0.45, func(c int) bool {
		return b.west(c) && calm(c) && b.surrounded(c, func(n int) bool { return calm(n) && b.urban[n] == none })
	}))
	add("touching", b.neighbourOf(red))
	add("outside", rectangle(orb.Point{110.66, 22.70}, 0.002, 0.0015))
	return out
}

// plot makes a rectangle that fills the given part of the first wanted cell's extent.
func (b *builder) plot(part float64, wanted func(c int) bool) orb.Polygon {
	for k := range b.inside {
		c := int(hash(b.seed, k, 61) % uint64(len(b.inside)))
		if !b.inside[c] || !wanted(c) {
			continue
		}
		i, j := c%b.nx, c/b.nx
		lo, hi := b.nodes[b.at(i, j)], b.nodes[b.at(i+1, j+1)]
		return rectangle(
			orb.Point{(lo[0] + hi[0]) / 2, (lo[1] + hi[1]) / 2},
			math.Abs(hi[0]-lo[0])/2*part, math.Abs(hi[1]-lo[1])/2*part,
		)
	}
	return nil
}

func rectangle(at orb.Point, dx, dy float64) orb.Polygon {
	corner := func(x, y float64) orb.Point { return round(orb.Point{at[0] + x*dx, at[1] + y*dy}) }
	return orb.Polygon{{corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)}}
}

// wharf lies across the main river's bank near the city, in a zone of controlled use.
func (b *builder) wharf() orb.Polygon {
	for _, s := range b.stretches() {
		if s.zone >= 3 && s.bank.river == b.names.Rivers[0] {
			return rectangle(s.points[len(s.points)/2], 0.0015, 0.0008)
		}
	}
	return nil
}

// neighbourOf is a cell beside a set, with its border digitised as finely as the set's, so that both touch along a
// line and share no area.
func (b *builder) neighbourOf(in func(c int) bool) orb.Polygon {
	for c := range b.inside {
		if !b.inside[c] || in(c) || b.protectedAfter[c] != none || b.farmland[c] != none || b.nearWater(c) ||
			!b.surrounded(c, func(int) bool { return true }) || !b.edgeOf(c, func(n int) bool { return !in(n) }) {
			continue
		}
		ring := b.trace(b.loopOf(c))
		return orb.Polygon{finer(b.seed, ring, b.extra)}
	}
	return nil
}

func (m *mesh) loopOf(c int) []side {
	s := m.sides(c)
	return s[:]
}

// edgeOf reports whether a neighbour across a side is outside the set.
func (b *builder) edgeOf(c int, in func(c int) bool) bool {
	for k := range 4 {
		if n := b.neighbour(c, k); n >= 0 && b.inside[n] && !in(n) {
			return true
		}
	}
	return false
}

// surrounded reports whether all cells within two steps are in the set.
func (b *builder) surrounded(c int, in func(c int) bool) bool { return b.around(c, in, true) }

// nearWater reports whether a cell within two steps is water.
func (b *builder) nearWater(c int) bool {
	return !b.around(c, func(n int) bool { return !b.water[n] }, false)
}

func (b *builder) around(c int, in func(c int) bool, wholeInside bool) bool {
	i, j := c%b.nx, c/b.nx
	for y := j - 2; y <= j+2; y++ {
		for x := i - 2; x <= i+2; x++ {
			n := y*b.nx + x
			outside := x < 0 || y < 0 || x >= b.nx || y >= b.ny || !b.inside[n]
			if outside && wholeInside || !outside && !in(n) {
				return false
			}
		}
	}
	return true
}

// west reports whether the cell lies in the 3° zone 36, which ends at 109.5° E.
func (b *builder) west(c int) bool {
	i, j := c%b.nx, c/b.nx
	return b.nodes[b.at(i+1, j)][0] < 109.5
}
