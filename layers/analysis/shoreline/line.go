package shoreline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// source is a line that shoreline is measured along, in degrees and as delivered; what was delivered twice is left out.
type source struct {
	feature     int64
	river, side string
	line        orb.LineString
	length      geo.Length
	// chain counts from 1 among the lines of a river and bank that join end to end, offset is the length before it.
	chain  int
	offset geo.Length
	closed bool
}

// addSource takes a line and gives its index.
func (s *survey) addSource(feature int64, river, side string, line orb.LineString, length geo.Length) int {
	s.sources = append(s.sources, source{feature: feature, river: river, side: side, line: line, length: length})
	return len(s.sources) - 1
}

// chain strings lines of one river and bank together where exactly one ends and exactly one begins, in the direction of
// delivery, so that chainage (桩号) runs on where a bank was delivered in pieces.
func (s *survey) chain() {
	order := make([]int, len(s.sources))
	for i := range order {
		order[i] = i
	}
	byBank := func(a, b int) int {
		x, y := &s.sources[a], &s.sources[b]
		return cmp.Or(strings.Compare(x.river, y.river), strings.Compare(x.side, y.side))
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(byBank(a, b), cmp.Compare(s.sources[a].feature, s.sources[b].feature))
	})
	for from, to := 0, 0; from < len(order); from = to {
		for to = from; to < len(order) && byBank(order[to], order[from]) == 0; to++ {
		}
		s.chainBank(order[from:to])
	}
}

// chainBank numbers the chains of one bank: those with a beginning first, then those that return to theirs.
func (s *survey) chainBank(lines []int) {
	begins, ends := map[orb.Point][]int{}, map[orb.Point][]int{}
	for _, i := range lines {
		l := s.sources[i].line
		begins[l[0]] = append(begins[l[0]], i)
		ends[l[len(l)-1]] = append(ends[l[len(l)-1]], i)
	}
	// after is the line that a line runs on in, −1 where it ends or the way forks.
	after := func(i int) int {
		l := s.sources[i].line
		end := l[len(l)-1]
		if len(begins[end]) != 1 || len(ends[end]) != 1 {
			return -1
		}
		return begins[end][0]
	}
	follows := map[int]bool{}
	for _, i := range lines {
		if next := after(i); next >= 0 {
			follows[next] = true
		}
	}
	number := 0
	walk := func(i int, closed bool) {
		number++
		offset := geo.Length(0)
		for ; i >= 0 && s.sources[i].chain == 0; i = after(i) {
			s.sources[i].chain, s.sources[i].offset, s.sources[i].closed = number, offset, closed
			offset += s.sources[i].length
		}
	}
	for _, i := range lines {
		if !follows[i] {
			l := s.sources[i].line
			walk(i, l[0] == l[len(l)-1])
		}
	}
	for _, i := range lines {
		if s.sources[i].chain == 0 {
			walk(i, true)
		}
	}
}
