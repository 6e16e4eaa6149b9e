package overlay

import (
	"cmp"
	"runtime"
	"slices"

	"greenshield/geo"
)

// Pair is two polygons, by number, of one layer or of two, and the area that they share.
type Pair struct {
	A, B int32
	Area geo.Area
}

// touchTolerance is the area in m² up to which two polygons only touch: a tenth of a millimetre along ten metres.
const touchTolerance = 1e-3

// Overlaps are the pairs of polygons of the layer that share more than touchTolerance, each once, A before B and in
// order: none for a coverage. It is worked out when first asked for, on all processors.
//
// The number of polygons that cover a place changes only at edges that no equal and opposite edge cancels. So every place
// that several cover is bordered by such edges of polygons that lie in it: those are measured first, and then, from one
// overlap to the next, all that are near a polygon that has one. Of a coverage hardly any are measured at all.
func (l *Layer) Overlaps() []Pair {
	l.own.Do(func() {
		s := &suspicion{layer: l, round: make([]int32, l.Len()), overlapping: make([]bool, l.Len())}
		suspects := l.looseOwners()
		for round := int32(1); len(suspects) > 0; round++ {
			suspects = s.measure(suspects, round)
		}
		slices.SortFunc(s.found, func(a, b Pair) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
		l.overlaps = s.found
	})
	return l.overlaps
}

// suspicion is the search for overlaps under way.
type suspicion struct {
	layer *Layer
	// round is in which round a polygon was measured against its neighbours, 0 for not yet.
	round       []int32
	overlapping []bool
	found       []Pair
}

// leastOverlap is the area in m² from which on a shared place may lead to another one; rounding gives less.
const leastOverlap = touchTolerance / 1000

// measure measures suspects, which are in order, against all that are near them, and gives those that are suspected next:
// what is near a polygon that has an overlap.
func (s *suspicion) measure(suspects []int32, round int32) []int32 {
	for _, i := range suspects {
		s.round[i] = round
	}
	var fresh []int32
	for _, p := range inBatches(suspects, s.look) {
		if p.Area > touchTolerance {
			s.found = append(s.found, p)
		}
		for _, i := range [...]int32{p.A, p.B} {
			if !s.overlapping[i] {
				s.overlapping[i] = true
				fresh = append(fresh, i)
			}
		}
	}
	next := inBatches(fresh, func(near, dst []int32, i int32) (used, out []int32) {
		near = s.layer.near(near, &s.layer.boxes[i], 0)
		return near, append(dst, near...)
	})
	slices.Sort(next)
	return slices.DeleteFunc(slices.Compact(next), func(i int32) bool { return s.round[i] != 0 })
}

// look appends the overlaps of polygon i with those near it that have not been measured against it. It reuses near.
func (s *suspicion) look(near []int32, dst []Pair, i int32) (used []int32, out []Pair) {
	p := s.layer.At(int(i))
	if p.empty() {
		return near, dst
	}
	box := p.box()
	near = s.layer.near(near, &box, 0)
	for _, k := range near {
		theirs := s.round[k]
		done := theirs != 0 && (theirs < s.round[i] || theirs == s.round[i] && k <= i)
		if done || k == i || s.layer.boxes[k].disjoint(box) {
			continue
		}
		if a := s.layer.shared(min(i, k), max(i, k)); a > leastOverlap {
			dst = append(dst, Pair{min(i, k), max(i, k), a})
		}
	}
	return near, dst
}

func (l *Layer) shared(a, b int32) geo.Area {
	p, q := l.At(int(a)), l.At(int(b))
	return p.Shared(&q)
}

// inBatches calls look for every polygon of a list, on all processors, and gives what was appended, in order. near is
// memory that one goroutine uses again.
func inBatches[T any](list []int32, look func(near []int32, dst []T, i int32) ([]int32, []T)) []T {
	const batch = 256
	found := make([][]T, (len(list)+batch-1)/batch)
	inParallel(len(found), runtime.GOMAXPROCS(0), func() func(int) {
		var near []int32
		return func(k int) {
			for _, i := range list[k*batch : min((k+1)*batch, len(list))] {
				near, found[k] = look(near, found[k], i)
			}
		}
	})
	return slices.Concat(found...)
}
