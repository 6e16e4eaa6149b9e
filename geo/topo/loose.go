package topo

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"
)

// looseEdge is an edge of a member, its interior on the left, that no other edge cancels.
type looseEdge struct {
	a, b   orb.Point
	member int32
}

// batch is the number of edges that are compared with one another at a time; it bounds the memory, 16 bytes each.
const batch = 1 << 21

// edgeKey stands for an edge: a hash of its ends, whichever way it runs, and where it is.
type edgeKey struct {
	hash     uint64
	ring, at int32
}

// sided is a ring of a member and how it must be read to have the interior on its left.
type sided struct {
	points  orb.Ring
	member  int32
	reverse bool
}

// edge is the i-th edge of the ring.
func (s *sided) edge(i int32) looseEdge {
	a, b := s.points[i], s.points[i+1]
	if s.reverse {
		a, b = b, a
	}
	return looseEdge{a, b, s.member}
}

// looseEdges lists, in order, the edges of all members that are left when equal and opposite ones have cancelled. The
// edges are dealt into batches by their hash, so that equals meet, and each batch is sorted.
func looseEdges(members []orb.MultiPolygon) []looseEdge {
	rings, edges := sidedRings(members)
	batches := uint64(edges/batch + 1)
	var loose []looseEdge
	keys := make([]edgeKey, 0, min(edges, batch+batch/8))
	for n := range batches {
		keys = keys[:0]
		for i := range rings {
			keys = appendKeys(keys, rings[i].points, int32(i), n, batches)
		}
		slices.SortFunc(keys, func(a, b edgeKey) int {
			switch {
			case a.hash < b.hash:
				return -1
			case a.hash > b.hash:
				return 1
			case a.ring != b.ring:
				return cmp.Compare(a.ring, b.ring)
			}
			return cmp.Compare(a.at, b.at)
		})
		for from := 0; from < len(keys); {
			to := from + 1
			for to < len(keys) && keys[to].hash == keys[from].hash {
				to++
			}
			loose = appendLoose(loose, rings, keys[from:to])
			from = to
		}
	}
	slices.SortFunc(loose, compareLoose)
	return loose
}

func compareLoose(e, f looseEdge) int {
	return cmp.Or(comparePoints(e.a, f.a), comparePoints(e.b, f.b), cmp.Compare(e.member, f.member))
}

func sidedRings(members []orb.MultiPolygon) (rings []sided, edges int) {
	for i, m := range members {
		for _, p := range m {
			for k, r := range p {
				rings = append(rings, sided{r, int32(i), (turn(r) > 0) != (k == 0)})
				edges += len(r) - 1
			}
		}
	}
	return rings, edges
}

// turn is twice the signed area of a ring.
func turn(r orb.Ring) float64 {
	sum, o := 0.0, r[0]
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-o[0])*(r[i+1][1]-o[1]) - (r[i+1][0]-o[0])*(r[i][1]-o[1])
	}
	return sum
}

func appendKeys(keys []edgeKey, r orb.Ring, ring int32, n, batches uint64) []edgeKey {
	before := hashPoint(r[0])
	for i := 1; i < len(r); i++ {
		after := hashPoint(r[i])
		hash := scatter(before + after)
		if high, _ := bits.Mul64(hash, batches); high == n && r[i] != r[i-1] {
			keys = append(keys, edgeKey{hash, ring, int32(i - 1)})
		}
		before = after
	}
	return keys
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

// appendLoose cancels the edges of one hash against one another and appends those that are left.
func appendLoose(loose []looseEdge, rings []sided, keys []edgeKey) []looseEdge {
	if len(keys) == 2 {
		e, f := rings[keys[0].ring].edge(keys[0].at), rings[keys[1].ring].edge(keys[1].at)
		if e.a == f.b && e.b == f.a {
			return loose
		}
		return append(loose, e, f)
	}
	first := len(loose)
	for _, k := range keys {
		e := rings[k.ring].edge(k.at)
		opposite := slices.IndexFunc(loose[first:], func(f looseEdge) bool { return e.a == f.b && e.b == f.a })
		if opposite >= 0 {
			loose = slices.Delete(loose, first+opposite, first+opposite+1)
		} else {
			loose = append(loose, e)
		}
	}
	return loose
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
