package flatgeobuf

import (
	"github.com/paulmach/orb"

	"greenshield/geo"
)

// Fields of a geometry (FlatGeobuf specification, feature.fbs).
const (
	geometryEnds  = 0
	geometryXY    = 1
	geometryType  = 6
	geometryParts = 7
)

// Kinds of geometries (header.fbs, GeometryType); those not listed are curves and surfaces in space.
const (
	unknown = iota
	point
	lineString
	polygon
	multiPoint
	multiLineString
	multiPolygon
	collection
	triangle = 17
)

// maxNesting bounds collections inside each other.
const maxNesting = 6

// shape gathers the geometry of one feature and the first thing that is wrong with it.
type shape struct {
	limit    int64
	vertices int64
	problem  *geo.Problem
}

func (s *shape) fail(code string, args ...any) {
	if s.problem == nil {
		s.problem = geo.NewProblem(code, args...)
	}
}

// room counts vertices or parts, and tells whether they may be read. Parts count because a damaged file can refer to
// one of them again and again.
func (s *shape) room(n int) bool {
	if s.vertices += int64(n); s.vertices > s.limit {
		s.fail("ingest.fgb.too-many-vertices", "limit", s.limit)
	}
	return s.problem == nil
}

// geometry is a geometry of a kind, which its own overrules when the kind is unknown; nil when it is empty.
func (s *shape) geometry(t table, kind uint8, depth int) orb.Geometry {
	if kind == unknown {
		kind = t.byte(geometryType)
	}
	if depth > maxNesting || !s.room(1) {
		s.fail("ingest.fgb.feature")
		return nil
	}
	switch kind {
	case multiPolygon, collection:
		return s.parts(t, kind, depth)
	case point, multiPoint, lineString, multiLineString, polygon, triangle:
	default:
		s.fail("ingest.fgb.kind", "kind", int(kind))
		return nil
	}
	points := s.points(t)
	if len(points) == 0 {
		return nil
	}
	switch kind {
	case point:
		if len(points) > 1 {
			s.fail("ingest.fgb.feature")
		}
		return points[0]
	case multiPoint:
		return orb.MultiPoint(points)
	case lineString:
		return orb.LineString(points)
	}
	lines := s.divide(t, points)
	if kind == multiLineString {
		return lines
	}
	rings := make(orb.Polygon, len(lines))
	for i, l := range lines {
		rings[i] = orb.Ring(l)
	}
	return rings
}

// points are the positions of a geometry.
func (s *shape) points(t table) []orb.Point {
	at, n := t.vector(geometryXY, 8)
	if n%2 != 0 {
		s.fail("ingest.fgb.feature")
	}
	if n == 0 || !s.room(n/2) {
		return nil
	}
	out := make([]orb.Point, n/2)
	for i := range out {
		out[i] = orb.Point{t.f64(at + 16*i), t.f64(at + 16*i + 8)}
	}
	return out
}

// divide cuts the positions where the lines or rings end; without ends there is one.
func (s *shape) divide(t table, points []orb.Point) orb.MultiLineString {
	at, n := t.vector(geometryEnds, 4)
	if n == 0 {
		return orb.MultiLineString{points}
	}
	if !s.room(n) {
		return nil
	}
	out := make(orb.MultiLineString, 0, n)
	start := 0
	for i := range n {
		end := int(t.u32(at + 4*i))
		if end <= start || end > len(points) {
			s.fail("ingest.fgb.feature")
			return nil
		}
		out = append(out, points[start:end:end])
		start = end
	}
	if start != len(points) {
		s.fail("ingest.fgb.feature")
	}
	return out
}

// parts joins the parts of a geometry: polygons to a MultiPolygon, lines to a MultiLineString, points to a MultiPoint.
// A collection of several kinds has no place in a layer of one kind and is a fault.
func (s *shape) parts(t table, kind uint8, depth int) orb.Geometry {
	n, each := t.tables(geometryParts)
	if _, own := t.vector(geometryXY, 8); own != 0 { // they would be lost
		s.fail("ingest.fgb.feature")
	}
	inner := uint8(unknown)
	if kind == multiPolygon {
		inner = polygon
	}
	var areas orb.MultiPolygon
	var lines orb.MultiLineString
	var spots orb.MultiPoint
	for i := 0; i < n && s.problem == nil; i++ {
		switch g := s.geometry(each(i), inner, depth+1).(type) {
		case orb.Polygon:
			areas = append(areas, g)
		case orb.MultiPolygon:
			areas = append(areas, g...)
		case orb.LineString:
			lines = append(lines, g)
		case orb.MultiLineString:
			lines = append(lines, g...)
		case orb.Point:
			spots = append(spots, g)
		case orb.MultiPoint:
			spots = append(spots, g...)
		}
	}
	return s.join(areas, lines, spots)
}

func (s *shape) join(areas orb.MultiPolygon, lines orb.MultiLineString, spots orb.MultiPoint) orb.Geometry {
	kinds := 0
	var out orb.Geometry
	if len(areas) > 0 {
		kinds, out = kinds+1, areas
	}
	if len(lines) > 0 {
		kinds, out = kinds+1, lines
	}
	if len(spots) > 0 {
		kinds, out = kinds+1, spots
	}
	if kinds > 1 {
		s.fail("ingest.fgb.collection-mixed")
		return nil
	}
	return out
}
