package geopackage

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// The header of a geometry blob, GeoPackage 1.3 section 2.1.3: "GP", version, flags, SRS id, envelope.
const (
	headerSize      = 8
	flagLittle      = 1 << 0
	flagEnvelopeXY  = 1 << 1
	envelopeMask    = 7 << 1
	flagEmpty       = 1 << 4
	flagExtended    = 1 << 5
	envelopeXYBytes = 32
)

// The WKB type numbers of OGC 06-103r4 that this program writes.
const (
	wkbPoint              = 1
	wkbLineString         = 2
	wkbPolygon            = 3
	wkbMultiPoint         = 4
	wkbMultiLineString    = 5
	wkbMultiPolygon       = 6
	wkbGeometryCollection = 7
)

// EncodeGeometry makes the geometry blob of g: little endian, with an XY envelope for everything but points and
// empty geometries. A ring or a bound is written as a polygon. A nil geometry gives a nil blob, which is SQL NULL.
func EncodeGeometry(g orb.Geometry, srsID int) ([]byte, error) {
	if g == nil {
		return nil, nil
	}
	return appendGeometry(nil, g, srsID)
}

// appendGeometry appends the blob of a geometry that is not nil.
func appendGeometry(b []byte, g orb.Geometry, srsID int) ([]byte, error) {
	if srsID < math.MinInt32 || srsID > math.MaxInt32 {
		return nil, fmt.Errorf("encode geometry: SRS id %d does not fit", srsID)
	}
	g = plain(g)
	bound, empty := extent(g)
	flags := byte(flagLittle)
	_, point := g.(orb.Point)
	switch {
	case empty:
		flags |= flagEmpty
	case !point:
		flags |= flagEnvelopeXY
	}
	b = slices.Grow(b, headerSize+envelopeXYBytes+wkbSize(g))
	b = append(b, 'G', 'P', 0, flags)
	b = binary.LittleEndian.AppendUint32(b, uint32(int32(srsID)))
	if flags&flagEnvelopeXY != 0 {
		for _, v := range [4]float64{bound.Min[0], bound.Max[0], bound.Min[1], bound.Max[1]} {
			b = appendFloat(b, v)
		}
	}
	return appendWKB(b, g)
}

// plain gives the polygon of a ring or bound, anything else as it is.
func plain(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Ring:
		return orb.Polygon{g}
	case orb.Bound:
		return g.ToPolygon()
	}
	return g
}

// extent is the bound over all points of g, and whether there are none. orb's own Bound takes the first ring of a
// polygon only and counts an empty part as the point 0,0, so it is not used here.
func extent(g orb.Geometry) (orb.Bound, bool) {
	inf := math.Inf(1)
	b := orb.Bound{Min: orb.Point{inf, inf}, Max: orb.Point{-inf, -inf}}
	eachRun(g, func(run []orb.Point) {
		for _, p := range run {
			b.Min[0], b.Min[1] = min(b.Min[0], p[0]), min(b.Min[1], p[1])
			b.Max[0], b.Max[1] = max(b.Max[0], p[0]), max(b.Max[1], p[1])
		}
	})
	return b, b.Min[0] > b.Max[0]
}

// eachRun calls f with all points of g, those of a line or ring at once.
func eachRun(g orb.Geometry, f func([]orb.Point)) {
	switch g := g.(type) {
	case orb.LineString:
		f(g)
	case orb.Ring:
		f(g)
	case orb.Polygon:
		for _, r := range g {
			f(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			for _, r := range p {
				f(r)
			}
		}
	default:
		eachPoint(g, func(p orb.Point) { f([]orb.Point{p}) })
	}
}

func eachPoint(g orb.Geometry, f func(orb.Point)) {
	switch g := g.(type) {
	case orb.Point:
		f(g)
	case orb.MultiPoint:
		for _, p := range g {
			f(p)
		}
	case orb.LineString:
		for _, p := range g {
			f(p)
		}
	case orb.MultiLineString:
		for _, l := range g {
			eachPoint(l, f)
		}
	case orb.Ring:
		eachPoint(orb.LineString(g), f)
	case orb.Polygon:
		for _, r := range g {
			eachPoint(orb.LineString(r), f)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			eachPoint(p, f)
		}
	case orb.Collection:
		for _, m := range g {
			eachPoint(m, f)
		}
	case orb.Bound:
		f(g.Min)
		f(g.Max)
	}
}

// wkbSize is the length of the WKB of g, so that the blob is allocated once.
func wkbSize(g orb.Geometry) int {
	n := 9
	switch g := g.(type) {
	case orb.Point:
		return 21
	case orb.MultiPoint:
		return n + 21*len(g)
	case orb.LineString:
		return n + 16*len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += wkbSize(l)
		}
	case orb.Polygon:
		return polygonSize(g)
	case orb.MultiPolygon:
		for _, p := range g {
			n += polygonSize(p)
		}
	case orb.Collection:
		for _, m := range g {
			n += wkbSize(m)
		}
	}
	return n
}

func polygonSize(p orb.Polygon) int {
	n := 9
	for _, r := range p {
		n += 4 + 16*len(r)
	}
	return n
}

func appendWKB(b []byte, g orb.Geometry) ([]byte, error) {
	switch g := g.(type) {
	case orb.Point:
		b = appendType(b, wkbPoint)
		return appendFloat(appendFloat(b, g[0]), g[1]), nil
	case orb.LineString:
		return appendPoints(appendType(b, wkbLineString), g), nil
	case orb.Polygon:
		b = appendCount(appendType(b, wkbPolygon), len(g))
		for _, r := range g {
			b = appendPoints(b, r)
		}
		return b, nil
	case orb.MultiPoint:
		return appendParts(appendType(b, wkbMultiPoint), g)
	case orb.MultiLineString:
		return appendParts(appendType(b, wkbMultiLineString), g)
	case orb.MultiPolygon:
		return appendParts(appendType(b, wkbMultiPolygon), g)
	case orb.Collection:
		b = appendCount(appendType(b, wkbGeometryCollection), len(g))
		var err error
		for _, m := range g {
			if b, err = appendWKB(b, plain(m)); err != nil {
				return nil, err
			}
		}
		return b, nil
	}
	return nil, fmt.Errorf("encode geometry: unknown kind %T", g)
}

func appendParts[G orb.Geometry](b []byte, parts []G) ([]byte, error) {
	b = appendCount(b, len(parts))
	var err error
	for _, p := range parts {
		if b, err = appendWKB(b, p); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func appendPoints(b []byte, points []orb.Point) []byte {
	b = appendCount(b, len(points))
	from := len(b)
	b = slices.Grow(b, 16*len(points))[:from+16*len(points)]
	for i, p := range points {
		at := b[from+16*i:][:16]
		binary.LittleEndian.PutUint64(at, math.Float64bits(p[0]))
		binary.LittleEndian.PutUint64(at[8:], math.Float64bits(p[1]))
	}
	return b
}

func appendType(b []byte, kind uint32) []byte {
	return binary.LittleEndian.AppendUint32(append(b, 1), kind)
}

func appendCount(b []byte, n int) []byte { return binary.LittleEndian.AppendUint32(b, uint32(n)) }

func appendFloat(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}
