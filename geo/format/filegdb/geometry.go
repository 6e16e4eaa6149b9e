package filegdb

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format/rings"
)

// The kinds of geometries of Esri's "Extended Shapefile Record Format": the shapefile's with their forms with
// heights and measures, and from 50 on general kinds that carry flags for them.
const (
	kindMask  = 0xFF
	curveFlag = 1 << 29
)

// family is what a kind of geometry is apart from heights and measures.
type family int

const (
	noShape family = iota
	pointShape
	multiPointShape
	lineShape
	polygonShape
	multiPatch
	unknownShape
)

func familyOf(kind uint64) family {
	switch kind & kindMask {
	case 0:
		return noShape
	case 1, 9, 11, 21, 52:
		return pointShape
	case 8, 18, 20, 28, 53:
		return multiPointShape
	case 3, 10, 13, 23, 50:
		return lineShape
	case 5, 15, 19, 25, 51:
		return polygonShape
	case 31, 32, 54:
		return multiPatch
	}
	return unknownShape
}

// maxSteps is the largest number of grid steps from the origin: the grid has 53 bits.
const maxSteps = 1 << 53

func damagedShape(detail string) *geo.Problem {
	return geo.NewProblem("ingest.filegdb.geometry-damaged", "detail", detail)
}

// decodeGeometry reads a geometry cell without its length; heights and measures, which come last, are left. turned
// reports that the winding of some ring contradicts its place. Points that are nowhere and shapes without a point
// give nil. Memory is bounded by the cell's own size. FGDB Spec, section "Geometry field (type = 7)".
func decodeGeometry(b []byte, g grid, most int64) (shape orb.Geometry, turned bool, p *geo.Problem) {
	c := &cursor{rest: b}
	kind := c.varuint()
	if c.bad {
		return nil, false, damagedShape("kind")
	}
	switch familyOf(kind) {
	case noShape:
		return nil, false, nil
	case pointShape:
		shape, p = decodePoint(c, g)
	case multiPointShape:
		shape, p = decodeMultiPoint(c, g, most)
	case lineShape:
		shape, p = decodeLines(c, g, kind, most)
	case polygonShape:
		return decodePolygon(c, g, kind, most)
	case multiPatch:
		p = geo.NewProblem("ingest.filegdb.multipatch")
	default:
		p = geo.NewProblem("ingest.filegdb.geometry-kind", "kind", kind&kindMask)
	}
	return shape, false, p
}

// decodePoint reads x and y plus one; zero is for a point that is nowhere.
func decodePoint(c *cursor, g grid) (orb.Geometry, *geo.Problem) {
	x, y := c.varuint(), c.varuint()
	switch {
	case c.bad:
		return nil, damagedShape("point")
	case x == 0 || y == 0:
		return nil, nil
	case x > maxSteps || y > maxSteps:
		return nil, damagedShape("coordinate")
	}
	at, p := g.place(int64(x-1), int64(y-1))
	if p != nil {
		return nil, p
	}
	return at, nil
}

func (g grid) place(x, y int64) (orb.Point, *geo.Problem) {
	at := orb.Point{float64(x)/g.scale + g.x0, float64(y)/g.scale + g.y0}
	if math.IsInf(at[0], 0) || math.IsInf(at[1], 0) {
		return at, geo.NewProblem("ingest.geometry.bad-coordinate", "x", at[0], "y", at[1])
	}
	return at, nil
}

// decodeMultiPoint reads the number of points, their box and the points.
func decodeMultiPoint(c *cursor, g grid, most int64) (orb.Geometry, *geo.Problem) {
	n, p := vertexCount(c, most)
	if n == 0 || p != nil {
		return nil, p
	}
	skipBox(c)
	all, p := points(c, g, n)
	if p != nil {
		return nil, p
	}
	return orb.MultiPoint(all), nil
}

// vertexCount reads a number of vertices, which take two bytes at least.
func vertexCount(c *cursor, most int64) (int, *geo.Problem) {
	n := c.varuint()
	switch {
	case c.bad || n > uint64(len(c.rest)/2):
		return 0, damagedShape("point count")
	case n > uint64(most):
		return 0, geo.NewProblem("ingest.geometry.too-many-vertices", "limit", most)
	}
	return int(n), nil
}

func skipBox(c *cursor) {
	for range 4 {
		c.varuint()
	}
}

// points reads n vertices, each as its steps from the one before and the first from the origin.
func points(c *cursor, g grid, n int) ([]orb.Point, *geo.Problem) {
	all := make([]orb.Point, n)
	x, y := int64(0), int64(0)
	for i := range all {
		dx, dy := c.varint(), c.varint()
		if c.bad {
			return nil, damagedShape("points")
		}
		x, y = x+dx, y+dy // what overflows here lands far off the grid
		if max(x, y) > maxSteps || min(x, y) < -maxSteps {
			return nil, damagedShape("coordinate")
		}
		var p *geo.Problem
		if all[i], p = g.place(x, y); p != nil {
			return nil, p
		}
	}
	return all, nil
}

func decodeLines(c *cursor, g grid, kind uint64, most int64) (orb.Geometry, *geo.Problem) {
	parts, p := decodeParts(c, g, kind, most)
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

func decodePolygon(c *cursor, g grid, kind uint64, most int64) (orb.Geometry, bool, *geo.Problem) {
	parts, p := decodeParts(c, g, kind, most)
	if p != nil || len(parts) == 0 {
		return nil, false, p
	}
	all := make([]orb.Ring, len(parts))
	for i, part := range parts {
		all[i] = part
	}
	polygons, turned, ok := rings.Group(all)
	switch {
	case !ok:
		return nil, false, geo.NewProblem("ingest.filegdb.too-many-rings", "rings", len(all))
	case len(polygons) == 1:
		return polygons[0], turned, nil
	}
	return polygons, turned, nil
}

// decodeParts reads numbers of points and parts, of curves where the kind says so, the box, the number of points of
// each part but the last, and the points. Empty parts are left out. A shape with curves is refused: between its
// vertices it is not straight, so its area would be wrong without them.
func decodeParts(c *cursor, g grid, kind uint64, most int64) ([][]orb.Point, *geo.Problem) {
	n, p := vertexCount(c, most)
	if n == 0 || p != nil {
		return nil, p
	}
	count := c.varuint()
	if kind&curveFlag != 0 {
		if curves := c.varuint(); curves > 0 && !c.bad {
			return nil, geo.NewProblem("ingest.filegdb.curve", "curves", curves)
		}
	}
	skipBox(c)
	if c.bad || count == 0 || count-1 > uint64(len(c.rest)) {
		return nil, damagedShape("part count")
	}
	ends := make([]int, count)
	for i := range ends[1:] {
		size := c.varuint()
		from := 0
		if i > 0 {
			from = ends[i-1]
		}
		if c.bad || size > uint64(n-from) {
			return nil, damagedShape(fmt.Sprintf("part %d", i+1))
		}
		ends[i] = from + int(size)
	}
	ends[count-1] = n
	all, p := points(c, g, n)
	if p != nil {
		return nil, p
	}
	return cut(all, ends), nil
}

// cut divides the points at the ends.
func cut(all []orb.Point, ends []int) [][]orb.Point {
	parts := make([][]orb.Point, 0, len(ends))
	from := 0
	for _, to := range ends {
		if from < to {
			parts = append(parts, all[from:to:to])
		}
		from = to
	}
	return parts
}
