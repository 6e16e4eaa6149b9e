package city

import (
	"math"
	"slices"
)

// zones are the protected and planned places as labels per cell, none where there is nothing.
type zones struct {
	redlineBefore, redlineAfter     []int
	protectedBefore, protectedAfter []int // 2·area + 0 for the core zone, + 1 for the general zone
	farmland, urban                 []int
}

func plan(g *ground) *zones {
	z := &zones{}
	z.redlineBefore = g.redline()
	z.redlineAfter = g.adjust(z.redlineBefore)
	z.protectedBefore = g.protected(z.redlineBefore, 1)
	z.protectedAfter = g.protected(z.redlineBefore, 0.94)
	z.farmland = g.parts(6, func(c int) bool {
		u, v := g.middle(c)
		class := g.class(c)
		return (class == paddy || class == dryland) && g.town[c] < 0.12 && z.redlineBefore[c] == none &&
			hills(g.seed+600, 9*u, 9*v) > 0.40
	})
	z.urban = g.parts(4, func(c int) bool { return g.town[c] > 0.40 && !g.water[c] })
	return z
}

// redline is the hill country far from towns, in parts of at least 30 cells.
func (g *ground) redline() []int {
	return g.parts(30, func(c int) bool {
		u, v := g.middle(c)
		return g.height[c] > 0.55 && g.town[c] < 0.15 && !g.water[c] && hills(g.seed+400, 10*u, 10*v) > 0.44
	})
}

// parts labels the connected parts, of at least so many cells, of the cells inside the city that are wanted.
func (g *ground) parts(least int, wanted func(c int) bool) []int {
	set := make([]bool, len(g.inside))
	for c := range set {
		set[c] = g.inside[c] && wanted(c)
	}
	label, sizes := g.components(set)
	for c := range label {
		if label[c] != none && sizes[label[c]] < least {
			label[c] = none
		}
	}
	return dense(label)
}

// dense renumbers labels from 0 in the order in which they appear.
func dense(label []int) []int {
	seen := map[int]int{}
	out := make([]int, len(label))
	for c, l := range label {
		out[c] = none
		if l == none {
			continue
		}
		if _, ok := seen[l]; !ok {
			seen[l] = len(seen)
		}
		out[c] = seen[l]
	}
	return out
}

// adjust moves the red line of 2025: one part loses a corner, another gains about as much, so that the totals nearly
// balance and only a look at the places shows what happened.
func (g *ground) adjust(before []int) []int {
	after := slices.Clone(before)
	count := slices.Max(before) + 1
	if count < 2 {
		return after
	}
	losing, growing := biggest(before, 0), biggest(before, 1)
	lost := g.near(before, losing, slices.Index(before, losing))
	for _, c := range lost {
		after[c] = none
	}
	frontier := slices.IndexFunc(g.all(), func(c int) bool { return before[c] == growing && len(g.free(after, c)) > 0 })
	if frontier < 0 {
		return after
	}
	edge := []int{frontier}
	for gained := 0; len(edge) > 0 && gained < len(lost); edge = edge[1:] {
		for _, n := range g.free(after, edge[0]) {
			after[n] = growing
			edge = append(edge, n)
			gained++
		}
	}
	return after
}

// all numbers the cells.
func (g *ground) all() []int {
	out := make([]int, len(g.inside))
	for c := range out {
		out[c] = c
	}
	return out
}

// free lists the cells beside c that the red line could grow onto.
func (g *ground) free(label []int, c int) []int {
	var out []int
	for k := range 4 {
		if n := g.neighbour(c, k); n >= 0 && g.inside[n] && label[n] == none && !g.water[n] && g.town[n] < 0.15 {
			out = append(out, n)
		}
	}
	return out
}

// near lists the cells of a part that lie within reach of one of its cells.
func (g *ground) near(label []int, part, cell int) []int {
	const reach = 0.022
	var out []int
	u0, v0 := g.middle(cell)
	for c, l := range label {
		if u, v := g.middle(c); l == part && math.Hypot(u-u0, v-v0) < reach {
			out = append(out, c)
		}
	}
	return out
}

// biggest is the label of the part with the rank-th most cells.
func biggest(label []int, rank int) int {
	count := make([]int, slices.Max(label)+1)
	for _, l := range label {
		if l != none {
			count[l]++
		}
	}
	order := make([]int, len(count))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return count[b] - count[a] })
	return order[rank]
}

// protected marks three areas around the hearts of the three largest red-line parts: two reserves with a core zone
// and a nature park, which has none. scale shrinks the general zone.
func (g *ground) protected(redline []int, scale float64) []int {
	out := make([]int, len(redline))
	for c := range out {
		out[c] = none
	}
	for area := range 3 {
		u0, v0 := g.heart(redline, biggest(redline, area))
		radius := [...]float64{0.060, 0.046, 0.034}[area]
		for c := range out {
			u, v := g.middle(c)
			d := math.Hypot(u-u0, (v-v0)*height/width) * (0.7 + 0.6*hills(g.seed+700, 11*u, 11*v))
			switch {
			case !g.inside[c] || g.water[c] || d > radius*scale || out[c] != none:
			case area < 2 && d < radius*0.55:
				out[c] = 2 * area
			default:
				out[c] = 2*area + 1
			}
		}
	}
	return out
}

// heart is the cell middle with the highest ground of a part.
func (g *ground) heart(label []int, part int) (u, v float64) {
	best := none
	for c, l := range label {
		if l == part && (best == none || g.height[c] > g.height[best]) {
			best = c
		}
	}
	return g.middle(best)
}
