package dxf

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// tolerance is how far, in drawing units (metres), an arc may lie from the edges that replace it, and widest the angle
// of arc that one edge may replace, for drawings in other units.
const (
	tolerance = 0.001
	widest    = 2 * math.Pi / 180
)

// geometry is the polygon or line of an entity, nil when it has a problem. Coordinates are the world's, as drawn.
func (e *entity) geometry() orb.Geometry {
	sign, ok := e.side()
	if !ok {
		e.fail("ingest.dxf.tilted")
	}
	points := e.flatten(sign)
	if e.problem != nil {
		return nil
	}
	ring := e.flags&closedFlag != 0 && e.kind != "LINE"
	if n := len(points); !ring && n > 3 && points[0] == points[n-1] {
		ring, e.closed = true, true
	}
	switch {
	case ring && points[0] != points[len(points)-1]:
		points = append(points, points[0])
		fallthrough
	case ring:
		if len(points) < 4 {
			e.fail("ingest.dxf.too-few", "found", len(points)-1)
			return nil
		}
		return orb.Polygon{orb.Ring(points)}
	case len(points) < 2:
		e.fail("ingest.dxf.too-few", "found", len(points))
		return nil
	}
	return orb.LineString(points)
}

// side is -1 for an entity that is seen from below, whose first coordinate then runs to the left (DXF Reference,
// "Object Coordinate Systems", the arbitrary axis algorithm for the normal 0,0,-1), else 1. ok is false for one that
// is tilted. Lines and 3D polylines are in world coordinates whatever their normal.
func (e *entity) side() (sign float64, ok bool) {
	if !e.hasNormal || e.kind == "LINE" || e.flags&flat3DFlag != 0 {
		return 1, true
	}
	const level = 1e-9 // of a unit vector: 1 mm in 1,000 km
	n := e.normal
	if math.Abs(n[0]) > level || math.Abs(n[1]) > level || n[2] == 0 {
		return 1, false
	}
	return math.Copysign(1, n[2]), true
}

// world is the place of a corner that is seen from a side; there is no zero below zero.
func world(c corner, sign float64) orb.Point { return orb.Point{sign*c.at[0] + 0, c.at[1]} }

// flatten gives the points of an entity with its arcs as edges.
func (e *entity) flatten(sign float64) []orb.Point {
	if e.problem == nil && len(e.corners) == 0 {
		e.fail("ingest.dxf.too-few", "found", 0)
	}
	points := make([]orb.Point, 0, len(e.corners)+1)
	for i, c := range e.corners {
		from := world(c, sign)
		points = append(points, from)
		next := (i + 1) % len(e.corners)
		if c.bulge == 0 || next == 0 && e.flags&closedFlag == 0 {
			continue
		}
		to := world(e.corners[next], sign)
		points = e.arc(points, from, to, sign*c.bulge)
		if e.problem != nil {
			return nil
		}
	}
	return points
}

// arc adds the points between two ends. With θ the arc's angle and v the chord, the point at the fraction t of the arc
// lies at v·sin(tθ/2)/sin(θ/2), turned by −(1−t)θ/2: a chord makes half its arc's angle with the tangent
// (Euclid III.32).
func (e *entity) arc(points []orb.Point, from, to orb.Point, bulge float64) []orb.Point {
	v := orb.Point{to[0] - from[0], to[1] - from[1]}
	chord := math.Hypot(v[0], v[1])
	angle := 4 * math.Atan(bulge)
	half := math.Sin(angle / 2)
	if chord == 0 || half == 0 {
		return points
	}
	radius := chord / 2 / math.Abs(half)
	step := widest
	if radius > tolerance {
		// An edge over the angle s lies r(1−cos(s/2)) = 2r·sin²(s/4) from its arc at most.
		step = min(step, 4*math.Asin(math.Sqrt(tolerance/2/radius)))
	}
	edges := math.Ceil(math.Abs(angle) / step)
	if !(edges <= float64(e.limit-e.vertices)) {
		e.fail("ingest.dxf.too-many-vertices", "limit", e.limit)
		return nil
	}
	e.arcs = true
	e.vertices += int64(edges)
	for i := 1.0; i < edges; i++ {
		t := i / edges
		scale := math.Sin(t*angle/2) / half
		sin, cos := math.Sincos(-(1 - t) * angle / 2)
		points = append(points, orb.Point{
			from[0] + scale*(v[0]*cos-v[1]*sin),
			from[1] + scale*(v[0]*sin+v[1]*cos),
		})
	}
	return points
}

// remark notes what was decided about a row.
func (r *reader) remark(e *entity, g orb.Geometry, l layer) {
	if e.arcs {
		r.notes.Add(r.row, "ingest.dxf.arcs", "tolerance", tolerance)
	}
	if e.closed {
		r.notes.Add(r.row, "ingest.dxf.closed-by-point")
	}
	if e.hidden || l.hidden {
		r.notes.Add(r.row, "ingest.dxf.hidden", "layer", clip(e.layer))
	}
	if p, ok := g.(orb.Polygon); ok && r.polygons <= maxBounds {
		r.polygons++
		r.bounds[e.layer] = append(r.bounds[e.layer], bound(p.Bound()))
	}
}

// maxBounds is how many closed polylines are looked at for nesting, and maxPairs how many pairs of them on a layer.
const (
	maxBounds = 200_000
	maxPairs  = 10_000_000
)

type bound orb.Bound

// nested tells whether the bound of one polygon lies inside that of another, or there are too many to tell.
func nested(all []bound) bool {
	slices.SortFunc(all, func(a, b bound) int {
		switch {
		case a.Min[0] < b.Min[0]:
			return -1
		case a.Min[0] > b.Min[0]:
			return 1
		}
		return 0
	})
	looked := 0
	for i, a := range all {
		for _, b := range all[i+1:] {
			if b.Min[0] > a.Max[0] {
				break
			}
			if looked++; looked > maxPairs || holds(a, b) || holds(b, a) {
				return true
			}
		}
	}
	return false
}

func holds(a, b bound) bool {
	return a.Min[0] <= b.Min[0] && a.Min[1] <= b.Min[1] && a.Max[0] >= b.Max[0] && a.Max[1] >= b.Max[1]
}
