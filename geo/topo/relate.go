package topo

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// MostVertices is the number of vertices up to which Relate and Buffer take geometries, all inputs of a call taken
// together: the engine behind them holds many objects for each.
const MostVertices = 1_000_000

// ErrTooLarge says that a call of Relate or Buffer had more than MostVertices vertices.
var ErrTooLarge = errors.New("topo: too many vertices")

// InvalidError says that an input breaks a geometry rule and where, in the coordinates of the input.
type InvalidError struct{ Violation Violation }

// Error names rule and place.
func (e *InvalidError) Error() string {
	return fmt.Sprintf("topo: input breaks the rule %s at %v", e.Violation.Rule, e.Violation.At)
}

// Relate says how a and b lie to each other, in any one plane. A Ring counts as the polygon that it encloses, and
// members without points count as nothing. It is the RelateNG of JTS, exact where coordinates are; it takes
// microseconds per vertex: for whether two polygons share an area ask geo/overlay.
//
// The error is an InvalidError, ErrTooLarge, or what the engine says.
func Relate(a, b orb.Geometry) (Matrix, error) {
	p, q, err := pair(a, b)
	if err != nil {
		return Matrix{}, fmt.Errorf("relate: %w", err)
	}
	code, err := geom.Relate(p, q)
	if err != nil {
		return Matrix{}, fmt.Errorf("relate: %w", err)
	}
	return ParseMatrix(code)
}

func pair(a, b orb.Geometry) (p, q geom.Geometry, err error) {
	if vertices(a)+vertices(b) > MostVertices {
		return p, q, ErrTooLarge
	}
	if p, err = foreign(a); err != nil {
		return p, q, err
	}
	q, err = foreign(b)
	return p, q, err
}

// foreign hands a geometry to the other engine, once it is known to be valid.
func foreign(g orb.Geometry) (geom.Geometry, error) {
	g = occupied(g)
	if found := Check(g); len(found) > 0 {
		return geom.Geometry{}, &InvalidError{found[0]}
	}
	return toSimple(g), nil
}

// vertices is the number of vertices of a geometry.
func vertices(g orb.Geometry) int {
	n := 0
	switch g := g.(type) {
	case orb.Point:
		return 1
	case orb.MultiPoint:
		return len(g)
	case orb.LineString:
		return len(g)
	case orb.Ring:
		return len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += vertices(p)
		}
	case orb.Collection:
		for _, m := range g {
			n += vertices(m)
		}
	case orb.Bound:
		return 5
	}
	return n
}

// occupied is g without members that have no points, rings and bounds being polygons; nil when nothing is left.
func occupied(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Ring:
		return occupied(orb.Polygon{g})
	case orb.Bound:
		return g.ToPolygon()
	case orb.Polygon:
		if len(g) == 0 || len(g[0]) == 0 {
			return nil
		}
		return orb.Polygon(some(g, func(r orb.Ring) bool { return len(r) > 0 }))
	case orb.MultiPolygon:
		var kept orb.MultiPolygon
		for _, p := range g {
			if q, ok := occupied(p).(orb.Polygon); ok {
				kept = append(kept, q)
			}
		}
		return kept
	case orb.LineString:
		if len(g) == 0 {
			return nil
		}
	case orb.MultiLineString:
		return orb.MultiLineString(some(g, func(l orb.LineString) bool { return len(l) > 0 }))
	case orb.Collection:
		var kept orb.Collection
		for _, m := range g {
			if m := occupied(m); m != nil {
				kept = append(kept, m)
			}
		}
		return kept
	}
	return g
}

func some[T any](all []T, keep func(T) bool) []T {
	var kept []T
	for _, v := range all {
		if keep(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// toSimple is a valid geometry in the other engine's form.
func toSimple(g orb.Geometry) geom.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return simplePoint(g).AsGeometry()
	case orb.MultiPoint:
		return geom.NewMultiPoint(each(g, simplePoint)).AsGeometry()
	case orb.LineString:
		return simpleLine(g).AsGeometry()
	case orb.MultiLineString:
		return geom.NewMultiLineString(each(g, simpleLine)).AsGeometry()
	case orb.Polygon:
		return simplePolygon(g).AsGeometry()
	case orb.MultiPolygon:
		return geom.NewMultiPolygon(each(g, simplePolygon)).AsGeometry()
	case orb.Collection:
		return geom.NewGeometryCollection(each(g, toSimple)).AsGeometry()
	}
	return geom.Geometry{}
}

func each[A, B any](all []A, turn func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = turn(a)
	}
	return out
}

func simplePoint(p orb.Point) geom.Point { return geom.XY{X: p[0], Y: p[1]}.AsPoint() }

func simpleLine[L ~[]orb.Point](points L) geom.LineString {
	flat := make([]float64, 0, 2*len(points))
	for _, p := range points {
		flat = append(flat, p[0], p[1])
	}
	return geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
}

func simplePolygon(p orb.Polygon) geom.Polygon { return geom.NewPolygon(each(p, simpleLine[orb.Ring])) }

// fromSimple is the area of a geometry that the other engine made.
func fromSimple(g geom.Geometry) orb.MultiPolygon {
	var out orb.MultiPolygon
	switch g.Type() {
	case geom.TypePolygon:
		if p := g.MustAsPolygon(); !p.IsEmpty() {
			out = orb.MultiPolygon{polygonOf(p)}
		}
	case geom.TypeMultiPolygon:
		mp := g.MustAsMultiPolygon()
		for i := range mp.NumPolygons() {
			if p := mp.PolygonN(i); !p.IsEmpty() {
				out = append(out, polygonOf(p))
			}
		}
	case geom.TypeGeometryCollection:
		c := g.MustAsGeometryCollection()
		for i := range c.NumGeometries() {
			out = append(out, fromSimple(c.GeometryN(i))...)
		}
	}
	return out
}

func polygonOf(p geom.Polygon) orb.Polygon {
	return each(p.Coordinates(), func(s geom.Sequence) orb.Ring {
		ring := make(orb.Ring, s.Length())
		for i := range ring {
			xy := s.GetXY(i)
			ring[i] = orb.Point{xy.X, xy.Y}
		}
		return ring
	})
}
