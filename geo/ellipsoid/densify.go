package ellipsoid

import (
	"math"

	"github.com/paulmach/orb"
)

// MaxInserts bounds what Densify adds to one geometry, against edges as long as the Earth.
const MaxInserts = 10_000_000

// OfficialEdge is the longest edge in metres that the official procedure leaves as it is (domain section 6.2).
const OfficialEdge = 70.0

// Densify puts ⌊length/maxEdge⌋ points at equal distances into every edge of g longer than maxEdge in the plane that g
// is in, and says how many it added. Lines and polygons are copied; other kinds, and everything when maxEdge is not
// positive, come back as they are. So does a geometry that would grow by more than MaxInserts, with -1 for its count.
func Densify(g orb.Geometry, maxEdge float64) (orb.Geometry, int) {
	n := Inserts(g, maxEdge)
	if n <= 0 {
		return g, n
	}
	return densify(g, maxEdge), n
}

// Inserts is how many points Densify would add, -1 when they are more than MaxInserts.
func Inserts(g orb.Geometry, maxEdge float64) int {
	n := 0.0
	eachPath(g, func(path []orb.Point) {
		for i := 1; i < len(path); i++ {
			n += inserts(path[i-1], path[i], maxEdge)
		}
	})
	if n > MaxInserts {
		return -1
	}
	return int(n)
}

// inserts is the number of points to insert into one edge, as a float because an edge can be of any length; none into
// an edge with a coordinate that is no number.
func inserts(p, q orb.Point, maxEdge float64) float64 {
	length := math.Hypot(q[0]-p[0], q[1]-p[1])
	if !(maxEdge > 0) || !(length > maxEdge) || math.IsInf(length, 1) {
		return 0
	}
	return math.Floor(length / maxEdge)
}

// eachPath calls f with every line and ring of g.
func eachPath(g orb.Geometry, f func([]orb.Point)) {
	switch g := g.(type) {
	case orb.LineString:
		f(g)
	case orb.Ring:
		f(g)
	case orb.MultiLineString:
		for _, l := range g {
			f(l)
		}
	case orb.Polygon:
		for _, r := range g {
			f(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			eachPath(p, f)
		}
	case orb.Collection:
		for _, m := range g {
			eachPath(m, f)
		}
	}
}

func densify(g orb.Geometry, maxEdge float64) orb.Geometry {
	switch g := g.(type) {
	case orb.LineString:
		return orb.LineString(densePath(g, maxEdge))
	case orb.Ring:
		return orb.Ring(densePath(g, maxEdge))
	case orb.MultiLineString:
		return each(g, func(l orb.LineString) orb.LineString { return densePath(l, maxEdge) })
	case orb.Polygon:
		return densePolygon(g, maxEdge)
	case orb.MultiPolygon:
		return each(g, func(p orb.Polygon) orb.Polygon { return densePolygon(p, maxEdge) })
	case orb.Collection:
		return each(g, func(m orb.Geometry) orb.Geometry { return densify(m, maxEdge) })
	}
	return g
}

func densePolygon(p orb.Polygon, maxEdge float64) orb.Polygon {
	return each(p, func(r orb.Ring) orb.Ring { return densePath(r, maxEdge) })
}

// each is a new slice of f of every member.
func each[S ~[]E, E any](s S, f func(E) E) S {
	out := make(S, len(s))
	for i, v := range s {
		out[i] = f(v)
	}
	return out
}

func densePath(path []orb.Point, maxEdge float64) []orb.Point {
	if len(path) == 0 {
		return nil
	}
	out := make([]orb.Point, 0, len(path))
	walk(path, maxEdge, func(p orb.Point) { out = append(out, p) })
	return out
}

// walk calls f with every vertex of a path and with the points to insert between them, in order. An edge gets the same
// points whichever way it is walked, so that neighbours who share it still share it afterwards.
func walk(path []orb.Point, maxEdge float64, f func(orb.Point)) {
	for i, p := range path {
		f(p)
		if i+1 == len(path) {
			return
		}
		to := path[i+1]
		n := inserts(p, to, maxEdge)
		for k := 1.0; k <= n; k++ {
			if before(p, to) {
				f(between(p, to, k/(n+1)))
			} else {
				f(between(to, p, (n+1-k)/(n+1)))
			}
		}
	}
}

func before(p, q orb.Point) bool { return p[0] < q[0] || p[0] == q[0] && p[1] < q[1] }

func between(p, q orb.Point, t float64) orb.Point {
	return orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
}
