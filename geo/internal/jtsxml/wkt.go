package jtsxml

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// reader reads well-known text as loosely as JTS does: members may be EMPTY, points of a multipoint may lack their
// parentheses, a LINEARRING is a geometry. Nothing about the geometry is checked.
type reader struct{ rest []string }

// parse reads one geometry. What is empty stays so: POINT EMPTY becomes a MultiPoint of none, an EMPTY point of a
// multipoint is left out.
func parse(s string) (orb.Geometry, error) {
	for _, sign := range []string{"(", ")", ","} {
		s = strings.ReplaceAll(s, sign, " "+sign+" ")
	}
	r := &reader{strings.Fields(s)}
	g, err := r.geometry()
	if err == nil && len(r.rest) > 0 {
		err = fmt.Errorf("%q after the geometry", r.rest[0])
	}
	if err != nil {
		return nil, fmt.Errorf("read well-known text: %w", err)
	}
	return g, nil
}

func (r *reader) next() string {
	if len(r.rest) == 0 {
		return ""
	}
	word := r.rest[0]
	r.rest = r.rest[1:]
	return word
}

func (r *reader) accept(word string) bool {
	if len(r.rest) > 0 && strings.EqualFold(r.rest[0], word) {
		r.rest = r.rest[1:]
		return true
	}
	return false
}

func (r *reader) geometry() (orb.Geometry, error) {
	switch kind := strings.ToUpper(r.next()); kind {
	case "POINT":
		points, err := r.points()
		if err != nil || len(points) != 1 {
			return orb.MultiPoint(points), err
		}
		return points[0], nil
	case "MULTIPOINT":
		points, err := r.points()
		return orb.MultiPoint(points), err
	case "LINESTRING":
		points, err := r.points()
		return orb.LineString(points), err
	case "LINEARRING":
		points, err := r.points()
		return orb.Ring(points), err
	case "MULTILINESTRING":
		return list[orb.MultiLineString](r, r.line)
	case "POLYGON":
		return list[orb.Polygon](r, r.ring)
	case "MULTIPOLYGON":
		return list[orb.MultiPolygon](r, r.polygon)
	case "GEOMETRYCOLLECTION":
		return list[orb.Collection](r, r.geometry)
	default:
		return nil, fmt.Errorf("geometry of kind %q", kind)
	}
}

func (r *reader) line() (orb.LineString, error) {
	points, err := r.points()
	return points, err
}

func (r *reader) ring() (orb.Ring, error) {
	points, err := r.points()
	return points, err
}

func (r *reader) polygon() (orb.Polygon, error) { return list[orb.Polygon](r, r.ring) }

// list reads the members of a geometry, or EMPTY.
func list[L ~[]M, M any](r *reader, member func() (M, error)) (L, error) {
	all := L{}
	if r.accept("EMPTY") {
		return all, nil
	}
	if !r.accept("(") {
		return nil, fmt.Errorf("%q where a list begins", r.next())
	}
	for {
		m, err := member()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
		if r.accept(")") {
			return all, nil
		}
		if !r.accept(",") {
			return nil, fmt.Errorf("%q in a list", r.next())
		}
	}
}

// points reads a list of points, each with or without parentheses of its own.
func (r *reader) points() ([]orb.Point, error) {
	members, err := list[[][]orb.Point](r, r.point)
	var all []orb.Point
	for _, m := range members {
		all = append(all, m...)
	}
	return all, err
}

// point reads a point, none when it is EMPTY. What comes after x and y, a height or a measure, is skipped.
func (r *reader) point() ([]orb.Point, error) {
	switch {
	case r.accept("EMPTY"):
		return nil, nil
	case r.accept("("):
		points, err := r.point()
		if err == nil && !r.accept(")") {
			err = fmt.Errorf("%q in a point", r.next())
		}
		return points, err
	}
	var p orb.Point
	for axis := range p {
		v, err := strconv.ParseFloat(r.next(), 64)
		if err != nil {
			return nil, err
		}
		p[axis] = v
	}
	for len(r.rest) > 0 && !strings.ContainsAny(r.rest[0], "(),") {
		r.next()
	}
	return []orb.Point{p}, nil
}
