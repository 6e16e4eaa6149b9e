package rings

import "math"

// samePlace is how far apart two points may be and still be one: survey files state millimetres.
const samePlace = 0.001

// samePlaceDegrees is the same for degrees.
const samePlaceDegrees = 1e-9

// Vertex is one boundary point of a survey list as delivered.
type Vertex struct {
	A, B  float64 // its two numbers in the order of the file
	Ring  int     // which of the parcel's ring numbers it carries, from 0
	Label int     // the number in its label, -1 when it has none
}

func same(a, b float64) bool {
	limit := samePlace
	if math.Abs(a) <= 360 && math.Abs(b) <= 360 {
		limit = samePlaceDegrees
	}
	return math.Abs(a-b) <= limit
}

func (v Vertex) at(w Vertex) bool { return same(v.A, w.A) && same(v.B, w.B) }

// run is a ring while its points arrive, without the closing point.
type run struct {
	points []Vertex
	closed bool
}

// Split sorts the points of a parcel into rings, each without its closing point. Ring numbers are not trusted: a ring
// ends where its first point comes again or where numbering starts again at its first label, and points behind that
// are another ring even if they carry the same number; points of a number seen before go on with its ring while that
// is open. What it had to decide is noted, perhaps several times: "ring-number-shared", "closed-twice",
// "closing-point" (a wrong one) and "ring-open".
func Split(points []Vertex, note func(what string)) [][]Vertex {
	var all []*run
	open := map[int]*run{}
	for i, v := range points {
		r := open[v.Ring]
		rest := points[i+1:]
		switch {
		case r == nil || r.closed && !v.at(r.points[0]) || !r.closed && r.restarts(v, rest):
			if r != nil {
				note("ring-number-shared")
			}
			r = &run{points: []Vertex{v}}
			open[v.Ring] = r
			all = append(all, r)
		case r.closed:
			note("closed-twice")
		case r.closes(v):
			r.closed = true
		case r.closesWrongly(v, rest):
			note("closing-point")
			r.closed = true
		default:
			r.points = append(r.points, v)
		}
	}
	var out [][]Vertex
	for _, r := range all {
		if !r.closed {
			note("ring-open")
		}
		out = append(out, r.points)
	}
	return out
}

// Places counts the different places among the points of a ring, at most three: that many are needed to enclose one.
func Places(points []Vertex) int {
	var second *Vertex
	for i := range points {
		switch {
		case points[i].at(points[0]):
		case second == nil:
			second = &points[i]
		case !points[i].at(*second):
			return 3
		}
	}
	if second != nil {
		return 2
	}
	return min(len(points), 1)
}

// closes tells whether v is the first point again.
func (r *run) closes(v Vertex) bool { return len(r.points) >= 3 && v.at(r.points[0]) }

// closesWrongly tells whether v was meant to close the ring: it has one coordinate of the first point twice, or it
// carries the first label and one right coordinate and the labels do not go on behind it. Programs that write such
// points exist (domain section 8).
func (r *run) closesWrongly(v Vertex, rest []Vertex) bool {
	first := r.points[0]
	if len(r.points) < 3 || v.at(first) || !same(v.A, first.A) && !same(v.B, first.B) {
		return false
	}
	return same(v.A, v.B) || r.again(v) && !r.goesOn(rest)
}

// restarts tells whether v begins another ring by carrying the first label again at another place.
func (r *run) restarts(v Vertex, rest []Vertex) bool {
	return len(r.points) >= 3 && r.again(v) && !r.closes(v) && !r.closesWrongly(v, rest)
}

// again tells whether v carries the label of the ring's first point; labels that are all the same say nothing.
func (r *run) again(v Vertex) bool {
	first := r.points[0].Label
	return first >= 0 && v.Label == first && r.points[1].Label != first
}

// goesOn tells whether the next point carries the label of the ring's second point.
func (r *run) goesOn(rest []Vertex) bool {
	return len(rest) > 0 && rest[0].Label == r.points[1].Label
}
