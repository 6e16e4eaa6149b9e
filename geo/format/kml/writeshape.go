package kml

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
)

// decimals of degrees that are written: 1e-9° is about 0.1 mm, the grid of geo/overlay.
const decimals = 9

// appendGeometry appends the element of a geometry (OGC 07-147r2 section 10), nothing for none.
func appendGeometry(b []byte, g orb.Geometry) ([]byte, error) {
	switch g := g.(type) {
	case nil:
		return b, nil
	case orb.Point:
		return appendPath(b, "Point", []orb.Point{g})
	case orb.LineString:
		return appendPath(b, "LineString", g)
	case orb.Polygon:
		return appendPolygon(b, g)
	case orb.MultiPoint:
		return appendGroup(b, g, func(b []byte, p orb.Point) ([]byte, error) {
			return appendPath(b, "Point", []orb.Point{p})
		})
	case orb.MultiLineString:
		return appendGroup(b, g, func(b []byte, l orb.LineString) ([]byte, error) {
			return appendPath(b, "LineString", l)
		})
	case orb.MultiPolygon:
		return appendGroup(b, g, appendPolygon)
	}
	return b, fmt.Errorf("KML has no place for a %T", g)
}

func appendGroup[T any](b []byte, all []T, one func([]byte, T) ([]byte, error)) ([]byte, error) {
	b = append(b, "<MultiGeometry>"...)
	for _, g := range all {
		var err error
		if b, err = one(b, g); err != nil {
			return b, err
		}
	}
	return append(b, "</MultiGeometry>"...), nil
}

func appendPath(b []byte, name string, points []orb.Point) ([]byte, error) {
	b = append(append(append(b, '<'), name...), "><coordinates>"...)
	for i, p := range points {
		if i > 0 {
			b = append(b, ' ')
		}
		if s := p[0] + p[1]; math.IsNaN(s) || math.IsInf(s, 0) {
			return b, fmt.Errorf("coordinate %v", p)
		}
		b = append(appendDegrees(b, p[0]), ',')
		b = appendDegrees(b, p[1])
	}
	return append(append(append(b, "</coordinates></"...), name...), '>'), nil
}

// appendDegrees writes nine decimals and takes the zeros off the end.
func appendDegrees(b []byte, v float64) []byte {
	b = strconv.AppendFloat(b, v, 'f', decimals, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}

func appendPolygon(b []byte, p orb.Polygon) ([]byte, error) {
	b = append(b, "<Polygon>"...)
	for i, r := range p {
		if len(r) == 0 {
			return b, errors.New("a ring without points")
		}
		name, want := "outerBoundaryIs", orb.CCW
		if i > 0 {
			name, want = "innerBoundaryIs", orb.CW
		}
		b = append(append(append(b, '<'), name...), '>')
		var err error
		if b, err = appendPath(b, "LinearRing", turned(r, want)); err != nil {
			return b, err
		}
		b = append(append(append(b, "</"...), name...), '>')
	}
	return append(b, "</Polygon>"...), nil
}

// turned is a ring closed and in the sense that is wanted; r itself stays as it is.
func turned(r orb.Ring, want orb.Orientation) orb.Ring {
	o := r.Orientation()
	if r.Closed() && (o == want || o == 0) {
		return r
	}
	r = slices.Clone(r)
	if !r.Closed() {
		r = append(r, r[0])
	}
	if o := r.Orientation(); o != 0 && o != want {
		slices.Reverse(r)
	}
	return r
}
