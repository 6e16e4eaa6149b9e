package shapefile

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format/rings"
)

// The shape types of the Technical Description; the Z and M forms are 10 and 20 above.
const (
	shapeNull       = 0
	shapePoint      = 1
	shapeLine       = 3
	shapePolygon    = 5
	shapeMultiPoint = 8
	shapeMultiPatch = 31
)

// noData is the value from which on a coordinate means "none" (Technical Description, page 2); DBL_MAX with either
// sign is found too.
const noData = 1e38

func damagedShape(detail string) *geo.Problem {
	return geo.NewProblem("ingest.shp.record-damaged", "detail", detail)
}

// decodeShape reads one record's content. turned reports that the winding of some ring contradicts its place.
func decodeShape(b []byte, most int64) (g orb.Geometry, turned bool, p *geo.Problem) {
	if len(b) < 4 {
		return nil, false, nil
	}
	kind := int32(binary.LittleEndian.Uint32(b))
	switch kind {
	case shapeNull:
		return nil, false, nil
	case shapePoint, shapePoint + 10, shapePoint + 20:
		g, p = decodePoint(b)
	case shapeMultiPoint, shapeMultiPoint + 10, shapeMultiPoint + 20:
		g, p = decodeMultiPoint(b, most)
	case shapeLine, shapeLine + 10, shapeLine + 20:
		g, p = decodeLines(b, most)
	case shapePolygon, shapePolygon + 10, shapePolygon + 20:
		return decodePolygon(b, most)
	case shapeMultiPatch:
		p = geo.NewProblem("ingest.shp.multipatch")
	default:
		p = damagedShape("shape type")
	}
	return g, false, p
}

func decodePoint(b []byte) (orb.Geometry, *geo.Problem) {
	if len(b) < 20 {
		return nil, damagedShape("point")
	}
	pt, p := points(b[4:], 1)
	if p != nil {
		return nil, p
	}
	return pt[0], nil
}

func decodeMultiPoint(b []byte, most int64) (orb.Geometry, *geo.Problem) {
	if len(b) < 40 {
		return nil, damagedShape("multipoint")
	}
	n := int64(binary.LittleEndian.Uint32(b[36:]))
	if n > int64(len(b)-40)/16 {
		return nil, damagedShape("point count")
	}
	if n > most {
		return nil, tooManyVertices(most)
	}
	if n == 0 {
		return nil, nil
	}
	pts, p := points(b[40:], int(n))
	return nonNil(orb.MultiPoint(pts), p)
}

// nonNil keeps a typed nil out of the interface when there is a problem.
func nonNil(g orb.Geometry, p *geo.Problem) (orb.Geometry, *geo.Problem) {
	if p != nil {
		return nil, p
	}
	return g, nil
}

func decodeLines(b []byte, most int64) (orb.Geometry, *geo.Problem) {
	parts, p := decodeParts(b, most)
	if p != nil || len(parts) == 0 {
		return nil, p
	}
	if len(parts) == 1 {
		return orb.LineString(parts[0]), nil
	}
	lines := make(orb.MultiLineString, len(parts))
	for i, part := range parts {
		lines[i] = part
	}
	return lines, nil
}

func decodePolygon(b []byte, most int64) (orb.Geometry, bool, *geo.Problem) {
	parts, p := decodeParts(b, most)
	if p != nil || len(parts) == 0 {
		return nil, false, p
	}
	all := make([]orb.Ring, len(parts))
	for i, part := range parts {
		all[i] = part
	}
	polygons, turned, ok := rings.Group(all)
	if !ok {
		return nil, false, geo.NewProblem("ingest.shp.too-many-rings", "rings", len(all))
	}
	if len(polygons) == 1 {
		return polygons[0], turned, nil
	}
	return polygons, turned, nil
}

// decodeParts reads the parts of a polyline or polygon: box, number of parts, number of points, first point of each
// part, points. Empty parts are left out.
func decodeParts(b []byte, most int64) ([][]orb.Point, *geo.Problem) {
	if len(b) < 44 {
		return nil, damagedShape("part count")
	}
	nParts, nPoints := int64(binary.LittleEndian.Uint32(b[36:])), int64(binary.LittleEndian.Uint32(b[40:]))
	b = b[44:]
	if nParts > int64(len(b))/4 {
		return nil, damagedShape("part count")
	}
	index, b := b[:4*nParts], b[4*nParts:]
	if nPoints > int64(len(b))/16 || nParts == 0 && nPoints > 0 {
		return nil, damagedShape("point count")
	}
	if nPoints > most {
		return nil, tooManyVertices(most)
	}
	all, p := points(b, int(nPoints))
	if p != nil {
		return nil, p
	}
	return cut(all, index)
}

// cut divides the points at the indexes, which must begin at 0, not decrease and stay inside.
func cut(all []orb.Point, index []byte) ([][]orb.Point, *geo.Problem) {
	n := len(index) / 4
	at := func(i int) int64 {
		if i == n {
			return int64(len(all))
		}
		return int64(binary.LittleEndian.Uint32(index[4*i:]))
	}
	if n > 0 && at(0) != 0 {
		return nil, damagedShape("part index")
	}
	parts := make([][]orb.Point, 0, n)
	for i := range n {
		from, to := at(i), at(i+1)
		if from > to || to > int64(len(all)) {
			return nil, damagedShape("part index")
		}
		if from < to {
			parts = append(parts, all[from:to:to])
		}
	}
	return parts, nil
}

// points reads n points; the caller has made sure that they are there.
func points(b []byte, n int) ([]orb.Point, *geo.Problem) {
	pts := make([]orb.Point, n)
	for i := range pts {
		x := math.Float64frombits(binary.LittleEndian.Uint64(b[16*i:]))
		y := math.Float64frombits(binary.LittleEndian.Uint64(b[16*i+8:]))
		if !(math.Abs(x) < noData && math.Abs(y) < noData) {
			return nil, geo.NewProblem("ingest.geometry.bad-coordinate", "x", x, "y", y)
		}
		pts[i] = orb.Point{x, y}
	}
	return pts, nil
}

func tooManyVertices(most int64) *geo.Problem {
	return geo.NewProblem("ingest.geometry.too-many-vertices", "limit", most)
}
