package ingest

import (
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// accepts says which geometry a reader of parcels or of a theme wants.
type accepts struct{ polygons, lines bool }

// normal gives g as a MultiPolygon or MultiLineString without empty parts, so that a table has one type, or the
// problem with it.
func (a accepts) normal(g orb.Geometry) (orb.Geometry, *geo.Problem) {
	if g == nil {
		return nil, geo.NewProblem("ingest.geometry.missing")
	}
	var out orb.Geometry
	switch g := g.(type) {
	case orb.Polygon:
		out = parts(orb.MultiPolygon{g}, func(p orb.Polygon) bool { return len(p) > 0 && len(p[0]) > 0 })
	case orb.MultiPolygon:
		out = parts(g, func(p orb.Polygon) bool { return len(p) > 0 && len(p[0]) > 0 })
	case orb.LineString:
		out = parts(orb.MultiLineString{g}, func(l orb.LineString) bool { return len(l) > 0 })
	case orb.MultiLineString:
		out = parts(g, func(l orb.LineString) bool { return len(l) > 0 })
	default:
		return nil, a.refusal(g)
	}
	_, line := out.(orb.MultiLineString)
	if line && !a.lines || !line && !a.polygons {
		return nil, a.refusal(g)
	}
	if vertices(out) == 0 {
		return nil, geo.NewProblem("ingest.geometry.empty")
	}
	if !finite(out) {
		return nil, geo.NewProblem("ingest.geometry.not-finite")
	}
	return out, nil
}

func parts[G ~[]P, P any](g G, keep func(P) bool) G {
	out := make(G, 0, len(g))
	for _, p := range g {
		if keep(p) {
			out = append(out, p)
		}
	}
	return out
}

func (a accepts) refusal(g orb.Geometry) *geo.Problem {
	code := "ingest.geometry.not-polygon"
	if a.lines {
		code = "ingest.geometry.neither-line-nor-polygon"
	}
	return geo.NewProblem(code, "type", g.GeoJSONType())
}

// vertices counts the vertices of lines and polygons, and the points of points; 0 for nil.
func vertices(g orb.Geometry) int {
	n := corners(g)
	if n > 0 {
		return n
	}
	eachPoint(g, func(orb.Point) bool { n++; return true })
	return n
}

func finite(g orb.Geometry) bool {
	if mp, ok := g.(orb.MultiPolygon); ok {
		return finiteRings(mp)
	}
	return eachPoint(g, func(p orb.Point) bool {
		return !math.IsNaN(p[0]) && !math.IsInf(p[0], 0) && !math.IsNaN(p[1]) && !math.IsInf(p[1], 0)
	})
}

// finiteRings is finite for what nearly all rows are: x−x is zero but for what is no number or has no end.
func finiteRings(mp orb.MultiPolygon) bool {
	for _, p := range mp {
		for _, r := range p {
			for _, v := range r {
				if v[0]-v[0] != 0 || v[1]-v[1] != 0 {
					return false
				}
			}
		}
	}
	return true
}

// eachPoint calls f until it says false, and reports whether it never did.
func eachPoint(g orb.Geometry, f func(orb.Point) bool) bool {
	switch g := g.(type) {
	case orb.Point:
		return f(g)
	case orb.MultiPoint:
		return all(g, f)
	case orb.LineString:
		return all(g, f)
	case orb.Ring:
		return all(g, f)
	case orb.MultiLineString:
		return all(g, func(l orb.LineString) bool { return all(l, f) })
	case orb.Polygon:
		return all(g, func(r orb.Ring) bool { return all(r, f) })
	case orb.MultiPolygon:
		return all(g, func(p orb.Polygon) bool { return eachPoint(p, f) })
	case orb.Collection:
		return all(g, func(m orb.Geometry) bool { return eachPoint(m, f) })
	}
	return true
}

func all[P any](list []P, f func(P) bool) bool {
	for _, p := range list {
		if !f(p) {
			return false
		}
	}
	return true
}
