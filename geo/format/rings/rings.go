// Package rings sorts the rings of one record into polygons by where they lie. It knows planar rings of any unit and
// nothing of a file; what to say when a record is beyond it is the reader's.
package rings

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo/index"
)

// maxSteps bounds the work of sorting the rings of one record, in edges looked at; it is about a second. Real records
// stay far below: ten thousand islands of a hundred vertices need some ten million.
const maxSteps = 1 << 27

// Group sorts the rings of a record into polygons by where they lie, because the winding that Esri's formats prescribe
// (shells clockwise, holes counter-clockwise) is often wrong in delivered files: a ring inside an even number of
// others is a shell, inside an odd number a hole of the smallest that is around it. Shells keep the order of the
// file. turned reports a ring whose winding says otherwise. Rings that cross are not sorted out here; geo/topo
// finds them. ok is false when sorting would take more than about a second; then there are no polygons.
func Group(rings []orb.Ring) (polygons orb.MultiPolygon, turned, ok bool) {
	s := newSorter(rings)
	if !s.sort() {
		return nil, false, false
	}
	number := make(map[int]int, len(rings)) // of the polygon whose shell a ring is
	for i, ring := range rings {
		if s.depth[i]%2 == 0 {
			number[i] = len(polygons)
			polygons = append(polygons, orb.Polygon{ring})
		}
		// A ring without area has no winding.
		turned = turned || s.area[i] != 0 && (s.area[i] < 0) != (s.depth[i]%2 == 0)
	}
	for i, ring := range rings {
		if s.depth[i]%2 == 1 {
			n := number[s.parent[i]]
			polygons[n] = append(polygons[n], ring)
		}
	}
	return polygons, turned, true
}

// sorter finds out which ring lies in which.
type sorter struct {
	rings  []orb.Ring
	bounds []orb.Bound
	area   []float64 // signed, counter-clockwise positive; planar, only to compare rings
	depth  []int
	parent []int
	strips []*strips // by ring, made when a ring is asked often
	asked  []int
	steps  int
}

func newSorter(rings []orb.Ring) *sorter {
	n := len(rings)
	s := &sorter{
		rings: rings, bounds: make([]orb.Bound, n), area: make([]float64, n), depth: make([]int, n),
		parent: make([]int, n), strips: make([]*strips, n), asked: make([]int, n),
	}
	for i, r := range rings {
		s.bounds[i], s.area[i] = r.Bound(), SignedArea(r)
	}
	return s
}

// sort fills depth and parent; false when it would take too long.
func (s *sorter) sort() bool {
	if len(s.rings) == 1 {
		return true
	}
	// From large to small, so that every ring meets what can contain it before it is entered itself.
	order := make([]int, len(s.rings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(s.area[b]), math.Abs(s.area[a])) })
	larger := index.New[int]()
	for _, i := range order {
		larger.Search(s.bounds[i], func(j int) bool {
			s.steps += 4 // finding a ring costs about as much as four edges
			if s.depth[j] >= s.depth[i] && s.inside(i, j) {
				s.parent[i], s.depth[i] = j, s.depth[j]+1
			}
			return s.steps < maxSteps
		})
		if s.steps >= maxSteps {
			return false
		}
		larger.Insert(s.bounds[i], i)
	}
	return true
}

// inside reports whether ring i lies in ring j. The first vertex of i that is not on j's border decides, then the
// first middle of an edge. Two rings over the same points are one inside the other when they wind differently, which
// is how a hole that fills its shell is delivered.
func (s *sorter) inside(i, j int) bool {
	if !contains(s.bounds[j], s.bounds[i]) {
		return false
	}
	ring := s.rings[i]
	for _, p := range ring {
		if side := s.locate(p, j); side != 0 {
			return side > 0
		}
	}
	for k := 1; k < len(ring); k++ {
		middle := orb.Point{(ring[k-1][0] + ring[k][0]) / 2, (ring[k-1][1] + ring[k][1]) / 2}
		if side := s.locate(middle, j); side != 0 {
			return side > 0
		}
	}
	return (s.area[i] < 0) != (s.area[j] < 0)
}

func contains(outer, inner orb.Bound) bool {
	return outer.Min[0] <= inner.Min[0] && outer.Min[1] <= inner.Min[1] &&
		outer.Max[0] >= inner.Max[0] && outer.Max[1] >= inner.Max[1]
}

// locate is 1 when p is inside ring j, -1 outside, 0 on its border.
func (s *sorter) locate(p orb.Point, j int) int {
	s.asked[j]++
	ring := s.rings[j]
	if s.asked[j] == 8 && len(ring) > 64 {
		s.strips[j] = newStrips(ring)
	}
	in := false
	cross := func(k int) bool { // false when p is on the edge from k to k+1
		a, b := ring[k], ring[(k+1)%len(ring)]
		s.steps++
		if (a[1] > p[1]) == (b[1] > p[1]) {
			return !(a[1] == p[1] && b[1] == p[1] && min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0])) &&
				a != p && b != p
		}
		side := (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
		if side == 0 || a == p || b == p {
			return false
		}
		if (side > 0) == (b[1] > a[1]) {
			in = !in
		}
		return true
	}
	if !s.edgesAt(j, p[1], cross) {
		return 0
	}
	if in {
		return 1
	}
	return -1
}

// edgesAt calls f for the edges of ring j that may reach the height y, until f answers false.
func (s *sorter) edgesAt(j int, y float64, f func(k int) bool) bool {
	if s.strips[j] != nil {
		for _, k := range s.strips[j].at(y) {
			if !f(int(k)) {
				return false
			}
		}
		return true
	}
	for k := range s.rings[j] {
		if !f(k) {
			return false
		}
	}
	return true
}

// strips holds the edges of a ring by the horizontal strips that they reach, so that a point is compared with few.
type strips struct {
	low, height float64
	edges       [][]int32
}

// newStrips makes about one strip per eight edges. A long edge enters many strips; the number of entries is bounded
// by giving up (nil) when it passes eight times the number of edges.
func newStrips(ring orb.Ring) *strips {
	b := ring.Bound()
	n := len(ring)/8 + 1
	s := &strips{low: b.Min[1], height: (b.Max[1] - b.Min[1]) / float64(n), edges: make([][]int32, n)}
	if s.height <= 0 {
		return nil
	}
	entries := 0
	for k, a := range ring {
		c := ring[(k+1)%len(ring)]
		from, to := s.strip(min(a[1], c[1])), s.strip(max(a[1], c[1]))
		if entries += to - from + 1; entries > 8*len(ring) {
			return nil
		}
		for i := from; i <= to; i++ {
			s.edges[i] = append(s.edges[i], int32(k))
		}
	}
	return s
}

// strip is monotonous in y, so that an edge is in every strip between its ends whatever is lost in the division.
func (s *strips) strip(y float64) int {
	i := int((y - s.low) / s.height)
	return max(0, min(i, len(s.edges)-1))
}

func (s *strips) at(y float64) []int32 { return s.edges[s.strip(y)] }

// SignedArea is the planar shoelace sum about the first point, in the square of the coordinates' unit and positive for
// counter-clockwise rings; it compares rings of one record and is never shown.
func SignedArea(r orb.Ring) float64 {
	sum := 0.0
	for k := range r {
		a, b := r[k], r[(k+1)%len(r)]
		sum += (a[0]-r[0][0])*(b[1]-r[0][1]) - (b[0]-r[0][0])*(a[1]-r[0][1])
	}
	return sum / 2
}
