package topo

import (
	"maps"
	"slices"

	"github.com/paulmach/orb"
)

// checkArea checks polygons: first each ring by itself, then how edges meet, then what lies inside what.
func checkArea(mp orb.MultiPolygon) []Violation {
	var found []Violation
	for _, p := range mp {
		if len(p) == 0 {
			found = append(found, Violation{Rule: TooFewPoints})
		}
		for _, r := range p {
			found = append(found, checkRing(r)...)
		}
	}
	for _, v := range found {
		if v.Rule != NotClosed {
			return found[:min(len(found), most)]
		}
	}
	if found == nil && len(mp) == 1 && len(mp[0]) == 1 && simple(mp[0][0]) {
		return nil
	}
	c := checker{mesh: newMesh(mp), found: found}
	c.checkEdges()
	if len(c.found) == len(found) {
		c.checkTouches()
	}
	if len(c.found) == len(found) {
		c.checkContainment()
	}
	return c.found
}

// checkRing finds what is wrong with a ring before its edges are looked at.
func checkRing(r orb.Ring) []Violation {
	if found := checkPoints(r...); found != nil {
		return found
	}
	if distinct(r) < 3 {
		return []Violation{{TooFewPoints, firstOf(r)}}
	}
	if r[0] != r[len(r)-1] {
		return []Violation{{NotClosed, r[0]}}
	}
	return nil
}

// distinct counts the different points of a ring, up to three.
func distinct(r orb.Ring) int {
	n := 0
	var seen [2]orb.Point
	for _, p := range r {
		switch {
		case n > 0 && p == seen[0], n > 1 && p == seen[1]:
		case n == 2:
			return 3
		default:
			seen[n] = p
			n++
		}
	}
	return n
}

// checker collects the violations of a multipolygon.
type checker struct {
	*mesh
	found   []Violation
	touches map[touch]ends
	taken   map[vertex]bool
}

// vertex is a point of one ring.
type vertex struct {
	ring int32
	at   orb.Point
}

// touch is a point at which two rings touch; one before other.
type touch struct {
	at         orb.Point
	one, other int32
}

// ends are the edges of the two rings that were seen to touch there.
type ends struct{ one, other int }

func (c *checker) add(r Rule, at orb.Point) bool {
	if v := (Violation{r, at}); !slices.Contains(c.found, v) {
		c.found = append(c.found, v)
	}
	return len(c.found) < most
}

// checkEdges compares every edge with those near it. Spikes come first: they explain the touches beside them.
func (c *checker) checkEdges() {
	c.pairs(c.checkPair)
	slices.SortStableFunc(c.found, func(a, b Violation) int {
		switch {
		case a.Rule == Spike && b.Rule != Spike:
			return -1
		case a.Rule != Spike && b.Rule == Spike:
			return 1
		}
		return 0
	})
}

// checkPair judges how edge k, which comes after edge i, meets it; false when enough has been found.
func (c *checker) checkPair(i, k int) bool {
	e, f := &c.edges[i], &c.edges[k]
	if e.ring == f.ring {
		return c.checkSameRing(i, k)
	}
	how, at := meet(e.a, e.b, f.a, f.b)
	same := c.rings[e.ring].polygon == c.rings[f.ring].polygon
	switch {
	case how == apart:
		return true
	case how == touching:
		if c.touches == nil {
			c.touches = make(map[touch]ends)
		}
		c.touches[touch{at, e.ring, f.ring}] = ends{i, k}
		return true
	case how == crossing && !same:
		return c.add(OverlappingParts, at)
	}
	return c.add(SelfIntersection, at)
}

// checkSameRing is checkPair for two edges of one ring.
func (c *checker) checkSameRing(i, k int) bool {
	e, f := &c.edges[i], &c.edges[k]
	next, last := c.after(i) == k, c.after(k) == i
	switch {
	case next && folds(e.a, e.b, f.b):
		return c.add(Spike, e.b)
	case last && folds(f.a, f.b, e.b):
		return c.add(Spike, e.a)
	case next || last:
		return true
	}
	switch how, at := meet(e.a, e.b, f.a, f.b); how {
	case touching:
		return c.add(RingSelfIntersection, at)
	case crossing, overlapping:
		return c.add(SelfIntersection, at)
	}
	return true
}

// checkTouches looks for rings that cross where they touch, and for chains of touching rings that cut the interior
// of a polygon in two: rings and touching points as nodes of a graph, a cycle is a cut.
func (c *checker) checkTouches() {
	joined := forest{}
	for _, t := range c.sortedTouches() {
		e := c.touches[t]
		a0, a1 := c.around(e.one, t.at)
		b0, b1 := c.around(e.other, t.at)
		same := c.rings[t.one].polygon == c.rings[t.other].polygon
		cross := inSector(t.at, a0, a1, b0) != inSector(t.at, a0, a1, b1)
		switch {
		case cross && same:
			c.add(SelfIntersection, t.at)
		case cross:
			c.add(OverlappingParts, t.at)
		case same && !joined.join(c.polygonAt(t), t.one, t.other):
			c.add(DisconnectedInterior, t.at)
		}
		if len(c.found) >= most {
			return
		}
	}
}

func (c *checker) sortedTouches() []touch {
	return slices.SortedFunc(maps.Keys(c.touches), func(a, b touch) int {
		return slices.Compare(
			[]float64{a.at[0], a.at[1], float64(a.one), float64(a.other)},
			[]float64{b.at[0], b.at[1], float64(b.one), float64(b.other)},
		)
	})
}

// spot is a touching point of one polygon.
type spot struct {
	polygon int32
	at      orb.Point
}

func (c *checker) polygonAt(t touch) spot { return spot{c.rings[t.one].polygon, t.at} }

// forest joins rings and spots to trees.
type forest struct {
	parent map[any]any
	member map[spot][]int32
}

// join notes that two rings touch at s; false when that closes a cycle.
func (f *forest) join(s spot, rings ...int32) bool {
	if f.parent == nil {
		f.parent, f.member = make(map[any]any), make(map[spot][]int32)
	}
	for _, r := range rings {
		if slices.Contains(f.member[s], r) {
			continue
		}
		f.member[s] = append(f.member[s], r)
		a, b := f.root(s), f.root(r)
		if a == b {
			return false
		}
		f.parent[a] = b
	}
	return true
}

func (f *forest) root(n any) any {
	for {
		p, ok := f.parent[n]
		if !ok {
			return n
		}
		if q, ok := f.parent[p]; ok {
			f.parent[n] = q
		}
		n = p
	}
}

// checkContainment looks for holes outside their shell or inside one another, and for shells inside other parts.
// Edges do not cross here, so one point of a ring speaks for all of it.
func (c *checker) checkContainment() {
	if len(c.rings) == 1 {
		return
	}
	shells := c.shells()
	c.taken = make(map[vertex]bool)
	for t := range c.touches {
		c.taken[vertex{t.one, t.at}], c.taken[vertex{t.other, t.at}] = true, true
	}
	for i := range c.rings {
		r := int32(i)
		p := c.free(r)
		inside := slices.DeleteFunc(c.containing(p), func(other int32) bool { return other == r })
		if c.rings[i].hole {
			c.checkHole(r, p, inside, shells)
		} else {
			c.checkShell(r, p, inside, shells)
		}
		if len(c.found) >= most {
			return
		}
	}
}

// shells is the number of the shell of each polygon.
func (c *checker) shells() []int32 {
	var shells []int32
	for i, r := range c.rings {
		if r.hole {
			continue
		}
		for int(r.polygon) >= len(shells) {
			shells = append(shells, -1)
		}
		shells[r.polygon] = int32(i)
	}
	return shells
}

// free is a point of ring r on no other ring: a vertex where it touches none, else the middle of its first edge.
func (c *checker) free(r int32) orb.Point {
	edges := c.edges[c.rings[r].from:c.rings[r].to]
	for _, e := range edges {
		if !c.taken[vertex{r, e.a}] {
			return e.a
		}
	}
	e := &edges[0]
	return orb.Point{(e.a[0] + e.b[0]) / 2, (e.a[1] + e.b[1]) / 2}
}

func (c *checker) checkHole(r int32, p orb.Point, inside, shells []int32) {
	polygon := c.rings[r].polygon
	if !slices.Contains(inside, shells[polygon]) {
		c.add(HoleOutsideShell, p)
	}
	for _, other := range inside {
		if o := &c.rings[other]; o.hole && o.polygon == polygon {
			c.add(NestedHoles, p)
		}
	}
}

// checkShell refuses a shell inside another part, unless it lies in one of that part's holes.
func (c *checker) checkShell(r int32, p orb.Point, inside, shells []int32) {
	for _, other := range inside {
		o := &c.rings[other]
		if o.hole || o.polygon == c.rings[r].polygon {
			continue
		}
		inHole := slices.ContainsFunc(inside, func(h int32) bool {
			return c.rings[h].hole && c.rings[h].polygon == o.polygon
		})
		if !inHole {
			c.add(NestedShells, p)
		}
	}
}
