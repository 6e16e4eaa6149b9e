package geopackage

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"github.com/twpayne/go-geom/encoding/wkb"
	"github.com/twpayne/go-geom/encoding/wkbcommon"

	"greenshield/geo"
)

// The problems that a geometry blob can have.
const (
	codeBlob       = "ingest.gpkg.geometry-damaged"
	codeKind       = "ingest.gpkg.geometry-kind"
	codeCoordinate = "ingest.geometry.bad-coordinate"
)

// DecodeGeometry reads a geometry blob; Z and M are dropped. A nil blob and an empty point give nil, other empty
// geometries an empty value of their kind. A blob that is damaged, of a kind that is not understood (curves,
// surfaces) or has a coordinate that is not a number gives a *geo.Problem. Memory is bounded by the blob's own size.
func DecodeGeometry(blob []byte) (orb.Geometry, error) {
	if blob == nil {
		return nil, nil
	}
	body, err := wkbOf(blob)
	if err != nil {
		return nil, err
	}
	return decodeWKB(body)
}

// header is the fixed part of a geometry blob.
type header struct {
	order    binary.ByteOrder
	srsID    int32
	flags    byte
	envelope []byte
	size     int
}

// readHeader reads the header; its envelope points into blob.
func readHeader(blob []byte) (header, error) {
	if len(blob) < headerSize || blob[0] != 'G' || blob[1] != 'P' {
		return header{}, geo.NewProblem(codeBlob, "detail", "no GP header")
	}
	h := header{order: binary.BigEndian, flags: blob[3], size: headerSize}
	if h.flags&flagLittle != 0 {
		h.order = binary.LittleEndian
	}
	h.srsID = int32(h.order.Uint32(blob[4:]))
	// Section 2.1.3 table 5: no envelope, XY, XYZ, XYM, XYZM; 5 to 7 are invalid.
	sizes := [8]int{0, 32, 48, 48, 64, -1, -1, -1}
	n := sizes[(h.flags&envelopeMask)>>1]
	if n < 0 || len(blob) < headerSize+n {
		return header{}, geo.NewProblem(codeBlob, "detail", "envelope")
	}
	h.envelope = blob[headerSize : headerSize+n]
	h.size += n
	return h, nil
}

// wkbOf is the part of the blob after its header.
func wkbOf(blob []byte) ([]byte, error) {
	h, err := readHeader(blob)
	if err != nil {
		return nil, err
	}
	if h.flags&flagExtended != 0 {
		return nil, geo.NewProblem(codeKind, "kind", "extended")
	}
	return blob[h.size:], nil
}

// blobBound is the bound that the header states, else that of the decoded geometry; false when it is empty.
func blobBound(blob []byte) (orb.Bound, bool, error) {
	h, err := readHeader(blob)
	if err != nil || h.flags&flagEmpty != 0 {
		return orb.Bound{}, false, err
	}
	if len(h.envelope) >= envelopeXYBytes {
		at := func(i int) float64 { return math.Float64frombits(h.order.Uint64(h.envelope[8*i:])) }
		b := orb.Bound{Min: orb.Point{at(0), at(2)}, Max: orb.Point{at(1), at(3)}}
		return b, b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1], nil
	}
	g, err := DecodeGeometry(blob)
	if err != nil || g == nil {
		return orb.Bound{}, false, err
	}
	b, empty := extent(g)
	return b, !empty, nil
}

// decodeWKB decodes after scan has made sure that every count fits the bytes that are there.
func decodeWKB(body []byte) (orb.Geometry, error) {
	s := scanner{rest: body}
	if err := s.geometry(0); err != nil {
		return nil, err
	}
	if !s.flagged && holdsAreas(body) {
		if g, ok := decodeAreas(body, s.vertices); ok {
			return g, nil
		}
	}
	return decodeAny(body, s.flagged)
}

// decodeAny decodes a body of any kind.
func decodeAny(body []byte, flagged bool) (orb.Geometry, error) {
	t, err := unmarshal(body, flagged)
	if err != nil {
		return nil, geo.NewProblem(codeBlob, "detail", "WKB").Because(err)
	}
	g, err := fromGeom(t)
	if err != nil {
		return nil, err
	}
	return g, finite(g)
}

func unmarshal(body []byte, flagged bool) (geom.T, error) {
	if flagged {
		return ewkb.Unmarshal(body)
	}
	return wkb.Unmarshal(body, wkbcommon.WKBOptionEmptyPointHandling(wkbcommon.EmptyPointHandlingNaN))
}

// finite refuses coordinates that are not numbers; orb has no word for them and every comparison would lie.
func finite(g orb.Geometry) error {
	var bad *geo.Problem
	eachPoint(g, func(p orb.Point) {
		if bad == nil && !(math.Abs(p[0]) <= math.MaxFloat64 && math.Abs(p[1]) <= math.MaxFloat64) {
			bad = geo.NewProblem(codeCoordinate, "x", p[0], "y", p[1])
		}
	})
	if bad != nil {
		return bad
	}
	return nil
}

// fromGeom turns what go-geom decoded into orb's values, without Z and M.
func fromGeom(t geom.T) (orb.Geometry, error) {
	switch t := t.(type) {
	case *geom.Point:
		if t.Empty() || math.IsNaN(t.X()) && math.IsNaN(t.Y()) {
			return nil, nil
		}
		return orb.Point{t.X(), t.Y()}, nil
	case *geom.LineString:
		return orb.LineString(points(t.FlatCoords(), t.Stride())), nil
	case *geom.Polygon:
		return polygon(t), nil
	case *geom.MultiPoint:
		return multiPoint(t), nil
	case *geom.MultiLineString:
		lines := make(orb.MultiLineString, t.NumLineStrings())
		for i := range lines {
			l := t.LineString(i)
			lines[i] = points(l.FlatCoords(), l.Stride())
		}
		return lines, nil
	case *geom.MultiPolygon:
		polygons := make(orb.MultiPolygon, t.NumPolygons())
		for i := range polygons {
			polygons[i] = polygon(t.Polygon(i))
		}
		return polygons, nil
	case *geom.GeometryCollection:
		return collection(t)
	}
	return nil, geo.NewProblem(codeKind, "kind", "unknown")
}

func polygon(t *geom.Polygon) orb.Polygon {
	p := make(orb.Polygon, t.NumLinearRings())
	for i := range p {
		r := t.LinearRing(i)
		p[i] = points(r.FlatCoords(), r.Stride())
	}
	return p
}

// multiPoint leaves out empty members, which orb cannot hold.
func multiPoint(t *geom.MultiPoint) orb.MultiPoint {
	m := make(orb.MultiPoint, 0, t.NumPoints())
	for i := range t.NumPoints() {
		if p := t.Point(i); !p.Empty() && !(math.IsNaN(p.X()) && math.IsNaN(p.Y())) {
			m = append(m, orb.Point{p.X(), p.Y()})
		}
	}
	return m
}

func collection(t *geom.GeometryCollection) (orb.Geometry, error) {
	c := make(orb.Collection, 0, t.NumGeoms())
	for i := range t.NumGeoms() {
		g, err := fromGeom(t.Geom(i))
		if err != nil {
			return nil, err
		}
		if g != nil {
			c = append(c, g)
		}
	}
	return c, nil
}

func points(flat []float64, stride int) []orb.Point {
	ps := make([]orb.Point, len(flat)/stride)
	for i := range ps {
		ps[i] = orb.Point{flat[i*stride], flat[i*stride+1]}
	}
	return ps
}
