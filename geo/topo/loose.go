package topo

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
)

// looseEdge is an edge of a member, its interior on the left, that no other edge cancels.
type looseEdge struct {
	a, b   orb.Point
	member int32
}

// sided is a ring of a member and how it must be read to have the interior on its left, once it is turned.
type sided struct {
	points        orb.Ring
	member        int32
	hole, reverse bool
}

// turned finds out how the ring must be read.
func (s *sided) turned() { s.reverse = (turn(s.points) > 0) == s.hole }

// edge is the i-th edge of the ring.
func (s *sided) edge(i int32) looseEdge {
	a, b := s.points[i], s.points[i+1]
	if s.reverse {
		a, b = b, a
	}
	return looseEdge{a, b, s.member}
}

// The rings are taken in so many parts at most, of so many rings at least. That neither follows from the number of
// processors keeps the answer the same everywhere: of edges that several members have, it decides which one is left.
const (
	openParts = 4
	partRings = 1000
)

// looseEdges lists, in order, the edges of all members that are left when equal and opposite ones have cancelled. Parts
// of the plane are taken at the same time, and then cancelled against each other; little more than their borders is left.
func looseEdges(members []orb.MultiPolygon) []looseEdge {
	rings := sidedRings(members)
	order := alongCurve(rings)
	parts := make([]*openEdges, min(openParts, 1+len(order)/partRings))
	var all sync.WaitGroup
	for i := range parts {
		parts[i] = newOpenEdges(rings)
		all.Go(func() {
			for _, n := range order[i*len(order)/len(parts) : (i+1)*len(order)/len(parts)] {
				parts[i].addRing(n.number)
			}
		})
	}
	all.Wait()
	for _, p := range parts[1:] {
		parts[0].take(p)
	}
	loose := parts[0].list()
	slices.SortFunc(loose, compareLoose)
	return loose
}

// inPlane takes loose edges from degrees into the legal plane, in order. Points that differ in the last bit of a degree may
// be one there; so what cancels there does.
func inPlane(loose []looseEdge) []looseEdge {
	flat := loose[:0]
	for _, e := range loose {
		e.a, e.b = ellipsoid.ToPlane(e.a), ellipsoid.ToPlane(e.b)
		if e.a != e.b {
			flat = append(flat, e)
		}
	}
	slices.SortFunc(flat, compareLoose)
	gone := make([]bool, len(flat))
	for i, e := range flat {
		for k := beginning(flat, e.b); !gone[i] && k < len(flat) && flat[k].a == e.b; k++ {
			if flat[k].b == e.a && !gone[k] {
				gone[i], gone[k] = true, true
			}
		}
	}
	left := flat[:0]
	for i, e := range flat {
		if !gone[i] {
			left = append(left, e)
		}
	}
	return left
}

// alongCurve lists the rings by the place of their first points, so that neighbours come soon after one another however
// the members are sorted.
func alongCurve(rings []sided) []numbered {
	if len(rings) == 0 {
		return nil
	}
	bound := rings[0].points[0].Bound()
	for i := range rings {
		bound = bound.Extend(rings[i].points[0])
	}
	order := make([]numbered, len(rings))
	for i := range rings {
		order[i] = numbered{number: int32(i), place: place(rings[i].points[0], bound)}
	}
	slices.SortFunc(order, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.number, b.number))
	})
	return order
}

func compareLoose(e, f looseEdge) int {
	return cmp.Or(comparePoints(e.a, f.a), comparePoints(e.b, f.b), cmp.Compare(e.member, f.member))
}

func sidedRings(members []orb.MultiPolygon) []sided {
	n := 0
	for _, m := range members {
		for _, p := range m {
			n += len(p)
		}
	}
	rings := make([]sided, 0, n)
	for i, m := range members {
		for _, p := range m {
			for k, r := range p {
				rings = append(rings, sided{points: r, member: int32(i), hole: k > 0})
			}
		}
	}
	return rings
}

// turn is twice the signed area of a ring.
func turn(r orb.Ring) float64 {
	sum, o := 0.0, r[0]
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-o[0])*(r[i+1][1]-o[1]) - (r[i+1][0]-o[0])*(r[i][1]-o[1])
	}
	return sum
}

// hashPoint takes −0 for 0.
func hashPoint(p orb.Point) uint64 {
	return scatter(scatter(math.Float64bits(p[0]+0)) ^ math.Float64bits(p[1]+0))
}

// scatter is the finalizer of splitmix64 (G. L. Steele et al., "Fast splittable pseudorandom number generators", 2014).
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// loops strings loose edges, sorted by their beginnings, together to rings without a point that comes twice. As many
// edges end in every point as begin there, because the rings of the members were closed.
func loops(loose []looseEdge) []orb.Ring {
	var rings []orb.Ring
	used := make([]bool, len(loose))
	at := make([]int32, len(loose)) // by the first edge that begins in a point: its place on the way, from 1 on
	var way []int32                 // edges
	for start := range loose {
		for e := int32(start); !used[e]; {
			used[e] = true
			at[beginning(loose, loose[e].a)] = int32(len(way)) + 1
			way = append(way, e)
			node := beginning(loose, loose[e].b)
			if place := at[node]; place > 0 {
				rings = append(rings, ringOf(loose, way[place-1:]))
				for _, passed := range way[place-1:] {
					at[beginning(loose, loose[passed].a)] = 0
				}
				way = way[:place-1]
			}
			e = free(loose, used, node, e)
		}
	}
	return rings
}

// beginning is the number of the first edge that begins in p.
func beginning(loose []looseEdge, p orb.Point) int {
	i, _ := slices.BinarySearchFunc(loose, p, func(e looseEdge, p orb.Point) int { return comparePoints(e.a, p) })
	return i
}

// free is an edge that begins where edge node does and is not used yet; otherwise it is spent, which is used.
func free(loose []looseEdge, used []bool, node int, spent int32) int32 {
	for i := node; i < len(loose) && loose[i].a == loose[node].a; i++ {
		if !used[i] {
			return int32(i)
		}
	}
	return spent
}

func ringOf(loose []looseEdge, way []int32) orb.Ring {
	ring := make(orb.Ring, 0, len(way)+1)
	for _, e := range way {
		ring = append(ring, loose[e].a)
	}
	return append(ring, ring[0])
}
