package conflict

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/index"
	"greenshield/geo/overlay"
)

// MostPairs is how many pairs of parcels that overlap each other a check lists.
const MostPairs = 10_000

// ParcelPair is two parcels, by their rows, and the area that they share.
type ParcelPair struct {
	Row, Other int64
	Area       geo.Area
}

// pairing is the parcels of a batch that overlap each other.
type pairing struct {
	pairs   [][2]int // indices of parcels, each pair once, the first before the second
	areas   []geo.Area
	omitted bool // there are more than MostPairs
}

// pair finds the parcels that share more than rounding with each other.
func pair(answers []answer) pairing {
	var out pairing
	if len(answers) < 2 {
		return out
	}
	seen := index.New[int]()
	scratch := new(overlay.Scratch)
	for i := range answers {
		plane := answers[i].plane
		if len(plane) == 0 {
			continue
		}
		seen.Search(plane.Bound(), func(j int) bool {
			if area := scratch.Area(plane, answers[j].plane); area > speck {
				out.pairs, out.areas = append(out.pairs, [2]int{j, i}), append(out.areas, area)
			}
			return len(out.pairs) <= MostPairs
		})
		if out.omitted = len(out.pairs) > MostPairs; out.omitted {
			break
		}
		seen.Insert(plane.Bound(), i)
	}
	return out
}

// list is the pairs by row, at most MostPairs.
func (p pairing) list(answers []answer) []ParcelPair {
	out := make([]ParcelPair, 0, len(p.pairs))
	for k, members := range p.pairs {
		a, b := answers[members[0]].Parcel.Row, answers[members[1]].Parcel.Row
		out = append(out, ParcelPair{min(a, b), max(a, b), p.areas[k]})
	}
	slices.SortFunc(out, func(x, y ParcelPair) int {
		return cmp.Or(cmp.Compare(x.Row, y.Row), cmp.Compare(x.Other, y.Other), cmp.Compare(x.Area, y.Area))
	})
	return out[:min(len(out), MostPairs)]
}

// cluster is parcels that hang together by overlapping, by index and in order, with their union in the legal plane.
type cluster struct {
	members []int
	union   orb.MultiPolygon
	err     error // the union could not be built
}

// clusters are the groups of parcels that overlap each other. Where not all pairs are known, all parcels are one.
func (p pairing) clusters(answers []answer) []cluster {
	var out []cluster
	for _, members := range p.groups(len(answers)) {
		parts := make([]orb.MultiPolygon, len(members))
		for k, i := range members {
			parts[k] = answers[i].plane
		}
		c := cluster{members: members}
		c.union, c.err = overlay.Dissolve(parts)
		out = append(out, c)
	}
	return out
}

// groups are the members of the clusters.
func (p pairing) groups(parcels int) [][]int {
	if p.omitted {
		all := make([]int, parcels)
		for i := range all {
			all[i] = i
		}
		return [][]int{all}
	}
	root := map[int]int{}
	find := func(i int) int {
		for above, ok := root[i]; ok && above != i; above, ok = root[i] {
			i = above
		}
		return i
	}
	for _, pair := range p.pairs {
		a, b := find(pair[0]), find(pair[1])
		root[max(a, b)] = min(a, b)
		root[min(a, b)] = min(a, b)
	}
	members := map[int][]int{}
	for _, i := range slices.Sorted(maps.Keys(root)) {
		members[find(i)] = append(members[find(i)], i)
	}
	var out [][]int
	for _, first := range slices.Sorted(maps.Keys(members)) {
		out = append(out, members[first])
	}
	return out
}
