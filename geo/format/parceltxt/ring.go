package parceltxt

import (
	"math"

	"greenshield/geo/format"
)

// samePlace is how far apart two points may be and still be one: files state millimetres.
const samePlace = 0.001

// samePlaceDegrees is the same for degrees.
const samePlaceDegrees = 1e-9

func same(a, b float64) bool {
	limit := samePlace
	if math.Abs(a) <= 360 && math.Abs(b) <= 360 {
		limit = samePlaceDegrees
	}
	return math.Abs(a-b) <= limit
}

func (v vertex) at(w vertex) bool { return same(v.a, w.a) && same(v.b, w.b) }

// run is a ring while its points arrive, without the closing point.
type run struct {
	points []vertex
	closed bool
}

// rings sorts the points of a parcel into rings. Ring numbers are not trusted: a ring ends where its first point
// comes again or where numbering starts again at its first label, and points behind that are another ring even if
// they carry the same number; points of a number seen before go on with its ring while that is open.
func rings(d *draft, row int64, notes *format.Notes) [][]vertex {
	var all []*run
	open := map[int]*run{}
	for i, v := range d.points {
		r := open[v.ring]
		rest := d.points[i+1:]
		switch {
		case r == nil || r.closed && !v.at(r.points[0]) || !r.closed && r.restarts(v, rest):
			if r != nil {
				notes.Add(row, "ingest.txt.ring-number-shared")
			}
			r = &run{points: []vertex{v}}
			open[v.ring] = r
			all = append(all, r)
		case r.closed:
			notes.Add(row, "ingest.txt.closed-twice")
		case r.closes(v):
			r.closed = true
		case r.closesWrongly(v, rest):
			notes.Add(row, "ingest.txt.closing-point")
			r.closed = true
		default:
			r.points = append(r.points, v)
		}
	}
	var out [][]vertex
	for _, r := range all {
		if !r.closed {
			notes.Add(row, "ingest.txt.ring-open")
		}
		out = append(out, r.points)
	}
	return out
}

// closes tells whether v is the first point again.
func (r *run) closes(v vertex) bool { return len(r.points) >= 3 && v.at(r.points[0]) }

// closesWrongly tells whether v was meant to close the ring: it has one coordinate of the first point twice, or it
// carries the first label and one right coordinate and the labels do not go on behind it. Programs that write such
// points exist (domain section 8).
func (r *run) closesWrongly(v vertex, rest []vertex) bool {
	first := r.points[0]
	if len(r.points) < 3 || v.at(first) || !same(v.a, first.a) && !same(v.b, first.b) {
		return false
	}
	return same(v.a, v.b) || r.again(v) && !r.goesOn(rest)
}

// restarts tells whether v begins another ring by carrying the first label again at another place.
func (r *run) restarts(v vertex, rest []vertex) bool {
	return len(r.points) >= 3 && r.again(v) && !r.closes(v) && !r.closesWrongly(v, rest)
}

// again tells whether v carries the label of the ring's first point; labels that are all the same say nothing.
func (r *run) again(v vertex) bool {
	first := r.points[0].label
	return first >= 0 && v.label == first && r.points[1].label != first
}

// goesOn tells whether the next point carries the label of the ring's second point.
func (r *run) goesOn(rest []vertex) bool {
	return len(rest) > 0 && rest[0].label == r.points[1].label
}
