package geopackage

import (
	"encoding/binary"

	"greenshield/geo"
)

// maxDepth bounds nested collections; real files nest once. A decoder that recurses must not be led deeper by 9 bytes
// a level.
const maxDepth = 8

// EWKB flags (PostGIS), which some writers put into GeoPackages instead of the ISO numbers 1000 to 3000.
const (
	ewkbZ    = 0x80000000
	ewkbM    = 0x40000000
	ewkbSRID = 0x20000000
)

// scanner walks WKB without keeping anything and makes sure that each count fits into the bytes that are left, so
// that the decoder proper can trust them when it takes memory.
type scanner struct {
	rest     []byte
	flagged  bool
	vertices int64
}

// vertices counts the vertices of a blob without decoding it; 0 when it is damaged.
func vertices(blob []byte) int64 {
	body, err := wkbOf(blob)
	if err != nil {
		return 0
	}
	s := scanner{rest: body}
	if err := s.geometry(0); err != nil {
		return 0
	}
	return s.vertices
}

func damaged(detail string) error { return geo.NewProblem(codeBlob, "detail", detail) }

func (s *scanner) geometry(depth int) error {
	if depth > maxDepth {
		return damaged("nested too deep")
	}
	order, kind, stride, err := s.start()
	if err != nil {
		return err
	}
	switch kind {
	case wkbPoint:
		s.vertices++
		return s.skip(8 * stride)
	case wkbLineString:
		return s.points(order, stride)
	case wkbPolygon:
		return s.repeat(order, 4, func() error { return s.points(order, stride) })
	case wkbMultiPoint, wkbMultiLineString, wkbMultiPolygon, wkbGeometryCollection:
		return s.repeat(order, 9, func() error { return s.geometry(depth + 1) })
	}
	return geo.NewProblem(codeKind, "kind", kindName(kind))
}

// start reads byte order and type: the basic kind and the number of values of a coordinate.
func (s *scanner) start() (order binary.ByteOrder, kind uint32, stride int, err error) {
	if len(s.rest) < 5 || s.rest[0] > 1 {
		return nil, 0, 0, damaged("byte order")
	}
	order = binary.BigEndian
	if s.rest[0] == 1 {
		order = binary.LittleEndian
	}
	kind = order.Uint32(s.rest[1:])
	s.rest = s.rest[5:]
	stride = 2
	if kind&(ewkbZ|ewkbM|ewkbSRID) != 0 {
		s.flagged = true
		return s.startFlagged(order, kind)
	}
	switch kind / 1000 {
	case 1, 2:
		stride = 3
	case 3:
		stride = 4
	}
	if kind >= 4000 {
		return nil, 0, 0, geo.NewProblem(codeKind, "kind", "unknown")
	}
	return order, kind % 1000, stride, nil
}

func (s *scanner) startFlagged(order binary.ByteOrder, kind uint32) (binary.ByteOrder, uint32, int, error) {
	stride := 2
	if kind&ewkbZ != 0 {
		stride++
	}
	if kind&ewkbM != 0 {
		stride++
	}
	if kind&ewkbSRID != 0 {
		if err := s.skip(4); err != nil {
			return nil, 0, 0, err
		}
	}
	return order, kind &^ (ewkbZ | ewkbM | ewkbSRID), stride, nil
}

func (s *scanner) points(order binary.ByteOrder, stride int) error {
	n, err := s.count(order, 8*stride)
	if err != nil {
		return err
	}
	s.vertices += int64(n)
	return s.skip(n * 8 * stride)
}

func (s *scanner) repeat(order binary.ByteOrder, least int, each func() error) error {
	n, err := s.count(order, least)
	if err != nil {
		return err
	}
	for range n {
		if err := each(); err != nil {
			return err
		}
	}
	return nil
}

// count reads a count of things that take at least that many bytes each.
func (s *scanner) count(order binary.ByteOrder, least int) (int, error) {
	if len(s.rest) < 4 {
		return 0, damaged("ends early")
	}
	n := uint64(order.Uint32(s.rest))
	s.rest = s.rest[4:]
	if n > uint64(len(s.rest)/least) {
		return 0, damaged("count larger than the data")
	}
	return int(n), nil
}

func (s *scanner) skip(n int) error {
	if n > len(s.rest) {
		return damaged("ends early")
	}
	s.rest = s.rest[n:]
	return nil
}

// kindName names the kinds of OGC 06-103r4 that are refused, for the person who reads the report.
func kindName(kind uint32) string {
	names := map[uint32]string{
		8: "CircularString", 9: "CompoundCurve", 10: "CurvePolygon", 11: "MultiCurve", 12: "MultiSurface",
		13: "Curve", 14: "Surface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle",
	}
	if name, ok := names[kind]; ok {
		return name
	}
	return "unknown"
}
