package geojson

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// maxCoordinateNesting bounds the arrays in "coordinates"; a MultiPolygon has four.
const maxCoordinateNesting = 6

// maxCollectionNesting bounds GeometryCollections inside each other, which RFC 7946 section 3.1.8 advises against.
const maxCollectionNesting = 6

// node is a "coordinates" array whose meaning is not known yet, because "type" may come after it: either positions
// or arrays of arrays, never both. A single position has position set and lies at at.
type node struct {
	points   []orb.Point
	kids     []node
	at       orb.Point
	position bool
}

// hollow is true for a node without any position at any depth.
func (n node) hollow() bool {
	if n.position || len(n.points) > 0 {
		return false
	}
	for _, k := range n.kids {
		if !k.hollow() {
			return false
		}
	}
	return true
}

// shape gathers one geometry and the first thing that is wrong with it. With learn set it counts and checks, but
// keeps no point.
type shape struct {
	learn    bool
	limit    int64
	vertices int64
	dropped  bool // values beyond the second were dropped
	problem  *geo.Problem
}

func (h *shape) fail(code string, args ...any) {
	if h.problem == nil {
		h.problem = geo.NewProblem(code, args...)
	}
}

// room counts one more vertex or ring and tells whether it may be kept.
func (h *shape) room() bool {
	h.vertices++
	if h.vertices > h.limit {
		h.fail("ingest.geojson.too-many-vertices", "limit", h.limit)
	}
	return h.problem == nil && !h.learn
}

// coordinates takes an array of numbers or arrays. What is wrong in it goes to h, and the array is read to its
// end; only broken JSON is an error.
func (s *scanner) coordinates(h *shape, depth int) (node, error) {
	var n node
	if depth > maxCoordinateNesting {
		h.fail("ingest.geojson.coordinates")
		return n, s.skip(depth, nil)
	}
	more, err := s.opened(']')
	for ; more && err == nil; more, err = s.more(']') {
		c, err := s.next()
		if err != nil {
			return n, err
		}
		if c != '[' {
			return s.position(h, n)
		}
		kid, err := s.coordinates(h, depth+1)
		if err != nil {
			return n, err
		}
		if h.room() {
			n.add(h, kid)
		}
	}
	return n, err
}

func (n *node) add(h *shape, kid node) {
	if kid.position {
		n.points = append(n.points, kid.at)
	} else {
		n.kids = append(n.kids, kid)
	}
	if len(n.points) > 0 && len(n.kids) > 0 {
		h.fail("ingest.geojson.coordinates")
	}
}

// position takes the rest of an array that turns out to hold numbers.
func (s *scanner) position(h *shape, n node) (node, error) {
	if len(n.points) > 0 || len(n.kids) > 0 {
		h.fail("ingest.geojson.coordinates")
	}
	var p orb.Point
	count := 0
	for more := true; more; {
		v, err := s.ordinate(h)
		if err != nil {
			return n, err
		}
		if count < len(p) {
			p[count] = v
		}
		count++
		if more, err = s.more(']'); err != nil {
			return n, err
		}
	}
	if count < len(p) {
		h.fail("ingest.geojson.position-short", "found", count)
	}
	h.dropped = h.dropped || count > len(p)
	return node{at: p, position: true}, nil
}

// ordinate takes one value of a position.
func (s *scanner) ordinate(h *shape) (float64, error) {
	c, err := s.next()
	if err != nil {
		return 0, err
	}
	if c == '"' || c == '[' || c == '{' {
		h.fail("ingest.geojson.position-value", "found", jsonKind(c))
		return 0, s.skip(1, nil)
	}
	tok, err := s.token()
	if err != nil {
		return 0, err
	}
	if v, ok := plainNumber(tok); ok {
		return v, nil
	}
	switch literalOf(tok) {
	case unknown:
		return 0, s.syntax(string(tok))
	case null, truth:
		h.fail("ingest.geojson.position-value", "found", string(tok))
	default:
		h.fail("ingest.geojson.number", "found", clip(string(tok)))
	}
	return 0, nil
}

// plainNumber is the value of a correctly spelt, finite number.
func plainNumber(tok []byte) (float64, bool) {
	if _, ok := numberSpelling(tok); !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(tok), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// clip shortens a delivered text for a message.
func clip(text string) string {
	const longest = 40
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}

// assemble is the geometry of a type with coordinates. Coordinates without any position are no geometry (RFC 7946
// section 3.1 allows to read them as null).
func assemble(kind string, n node, h *shape) orb.Geometry {
	if h.problem != nil || n.hollow() {
		return nil
	}
	var g orb.Geometry
	ok := false
	switch kind {
	case "Point":
		if ok = n.position; ok {
			g = n.at
		}
	case "MultiPoint":
		g, ok = orb.MultiPoint(n.points), n.line()
	case "LineString":
		g, ok = orb.LineString(n.points), n.line()
	case "MultiLineString":
		g, ok = lines(n, h)
	case "Polygon":
		g, ok = rings(n, h)
	case "MultiPolygon":
		g, ok = polygons(n, h)
	}
	if !ok {
		h.fail("ingest.geojson.coordinates")
	}
	if h.problem != nil {
		return nil
	}
	return g
}

// line is true for an array of positions.
func (n node) line() bool { return !n.position && len(n.kids) == 0 }

// part is true for a member of a multi-part geometry that is not empty; an empty one beside others is a fault.
func (n node) part(h *shape) bool {
	if n.hollow() {
		h.fail("ingest.geojson.empty-part")
		return false
	}
	return true
}

func lines(n node, h *shape) (orb.MultiLineString, bool) {
	if n.position || len(n.points) > 0 {
		return nil, false
	}
	out := make(orb.MultiLineString, 0, len(n.kids))
	for _, k := range n.kids {
		if !k.line() {
			return nil, false
		}
		if k.part(h) {
			out = append(out, orb.LineString(k.points))
		}
	}
	return out, true
}

func rings(n node, h *shape) (orb.Polygon, bool) {
	all, ok := lines(n, h)
	out := make(orb.Polygon, 0, len(all))
	for _, l := range all {
		out = append(out, orb.Ring(l))
	}
	return out, ok
}

func polygons(n node, h *shape) (orb.MultiPolygon, bool) {
	if n.position || len(n.points) > 0 {
		return nil, false
	}
	out := make(orb.MultiPolygon, 0, len(n.kids))
	for _, k := range n.kids {
		if !k.part(h) {
			continue
		}
		p, ok := rings(k, h)
		if !ok {
			return nil, false
		}
		out = append(out, p)
	}
	return out, true
}

// flatten joins the members of a GeometryCollection: polygons to a MultiPolygon, lines to a MultiLineString. A
// collection that holds anything else has no place in a layer of one kind and is a fault.
func flatten(members []orb.Geometry, h *shape) orb.Geometry {
	var areas orb.MultiPolygon
	var paths orb.MultiLineString
	other := false
	for _, m := range members {
		switch g := m.(type) {
		case nil:
		case orb.Polygon:
			areas = append(areas, g)
		case orb.MultiPolygon:
			areas = append(areas, g...)
		case orb.LineString:
			paths = append(paths, g)
		case orb.MultiLineString:
			paths = append(paths, g...)
		default:
			other = true
		}
	}
	switch {
	case other || len(areas) > 0 && len(paths) > 0:
		h.fail("ingest.geojson.collection-mixed")
	case len(areas) > 0:
		return areas
	case len(paths) > 0:
		return paths
	}
	return nil
}
