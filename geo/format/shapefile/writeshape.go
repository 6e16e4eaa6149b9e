package shapefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format/rings"
)

// maxFileSize is what every program can read: offsets of many are signed 32 bit.
const maxFileSize = math.MaxInt32

func tooLarge() error { return geo.NewProblem("layer.export.too-large") }

// shapeWriter spools the records of the .shp and .shx, whose headers need the total size and bound.
type shapeWriter struct {
	main, index *spool
	shape       uint32
	bound       orb.Bound
	count       uint32
}

func newShapeWriter(main, index string) (*shapeWriter, error) {
	inf := math.Inf(1)
	s := &shapeWriter{bound: orb.Bound{Min: orb.Point{inf, inf}, Max: orb.Point{-inf, -inf}}}
	var err, err2 error
	s.main, err = newSpool(main)
	s.index, err2 = newSpool(index)
	return s, errors.Join(err, err2)
}

func (s *shapeWriter) close() error { return errors.Join(s.main.Close(), s.index.Close()) }

func (s *shapeWriter) finish() error { return errors.Join(s.main.flush(), s.index.flush()) }

// add appends one record; nil and empty geometries become null shapes.
func (s *shapeWriter) add(g orb.Geometry) error {
	content, err := s.content(g)
	if err != nil {
		return err
	}
	offset := mainHeaderSize + s.main.size
	if offset+recordHeaderSize+int64(len(content)) > maxFileSize {
		return tooLarge()
	}
	s.count++
	head := binary.BigEndian.AppendUint32(nil, s.count)
	head = binary.BigEndian.AppendUint32(head, uint32(len(content)/2))
	entry := binary.BigEndian.AppendUint32(nil, uint32(offset/2))
	entry = append(entry, head[4:]...)
	return errors.Join(s.main.put(head), s.main.put(content), s.index.put(entry))
}

func (s *shapeWriter) content(g orb.Geometry) ([]byte, error) {
	var parts [][]orb.Point
	var shape uint32
	switch g := g.(type) {
	case nil:
	case orb.Point:
		shape, parts = shapePoint, [][]orb.Point{{g}}
	case orb.MultiPoint:
		shape, parts = shapeMultiPoint, [][]orb.Point{g}
	case orb.LineString:
		shape, parts = shapeLine, [][]orb.Point{g}
	case orb.MultiLineString:
		shape = shapeLine
		for _, l := range g {
			parts = append(parts, l)
		}
	case orb.Ring:
		shape, parts = shapePolygon, wound(orb.Polygon{g})
	case orb.Polygon:
		shape, parts = shapePolygon, wound(g)
	case orb.MultiPolygon:
		shape = shapePolygon
		for _, p := range g {
			parts = append(parts, wound(p)...)
		}
	default:
		return nil, fmt.Errorf("a shapefile cannot hold a %s", g.GeoJSONType())
	}
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n == 0 {
		return binary.LittleEndian.AppendUint32(nil, shapeNull), nil
	}
	if s.shape == 0 {
		s.shape = shape
	}
	if s.shape != shape {
		return nil, geo.NewProblem("layer.export.mixed-geometries")
	}
	return s.encode(parts, n), nil
}

// wound gives the rings of a polygon with the shell clockwise and the holes counter-clockwise, as the format asks.
func wound(p orb.Polygon) [][]orb.Point {
	parts := make([][]orb.Point, 0, len(p))
	for i, r := range p {
		if (rings.SignedArea(r) > 0) == (i == 0) {
			r = r.Clone()
			r.Reverse()
		}
		parts = append(parts, r)
	}
	return parts
}

func (s *shapeWriter) encode(parts [][]orb.Point, n int) []byte {
	bound := orb.MultiPoint{}.Bound()
	first := true
	for _, part := range parts {
		if len(part) > 0 && first {
			bound, first = orb.MultiPoint(part).Bound(), false
		} else if len(part) > 0 {
			bound = bound.Union(orb.MultiPoint(part).Bound())
		}
	}
	s.bound.Min = orb.Point{math.Min(s.bound.Min[0], bound.Min[0]), math.Min(s.bound.Min[1], bound.Min[1])}
	s.bound.Max = orb.Point{math.Max(s.bound.Max[0], bound.Max[0]), math.Max(s.bound.Max[1], bound.Max[1])}
	b := make([]byte, 0, 44+4*len(parts)+16*n)
	b = binary.LittleEndian.AppendUint32(b, s.shape)
	if s.shape == shapePoint {
		return appendPoints(b, parts[0])
	}
	b = appendPoints(b, []orb.Point{bound.Min, bound.Max})
	if s.shape != shapeMultiPoint {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(parts)))
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	if s.shape != shapeMultiPoint {
		start := 0
		for _, part := range parts {
			b = binary.LittleEndian.AppendUint32(b, uint32(start))
			start += len(part)
		}
	}
	for _, part := range parts {
		b = appendPoints(b, part)
	}
	return b
}

func appendPoints(b []byte, pts []orb.Point) []byte {
	for _, p := range pts {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1]))
	}
	return b
}

func (s *shapeWriter) writeMain(w io.Writer) error { return s.writeFile(w, s.main) }

func (s *shapeWriter) writeIndex(w io.Writer) error { return s.writeFile(w, s.index) }

func (s *shapeWriter) writeFile(w io.Writer, from *spool) error {
	b := make([]byte, 0, mainHeaderSize)
	b = binary.BigEndian.AppendUint32(b, fileCode)
	b = append(b, make([]byte, 20)...)
	b = binary.BigEndian.AppendUint32(b, uint32((mainHeaderSize+from.size)/2))
	b = binary.LittleEndian.AppendUint32(b, 1000)
	b = binary.LittleEndian.AppendUint32(b, s.shape)
	if s.bound.Min[0] <= s.bound.Max[0] {
		b = appendPoints(b, []orb.Point{s.bound.Min, s.bound.Max})
	}
	b = append(b, make([]byte, mainHeaderSize-len(b))...)
	if _, err := w.Write(b); err != nil {
		return err
	}
	_, err := io.Copy(w, io.NewSectionReader(from, 0, from.size))
	return err
}
