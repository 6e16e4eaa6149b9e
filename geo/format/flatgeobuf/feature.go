package flatgeobuf

import (
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf8"

	"greenshield/geo"
	"greenshield/geo/format"
)

// Fields of a feature (FlatGeobuf specification, feature.fbs).
const (
	featureGeometry   = 0
	featureProperties = 1
	featureColumns    = 2
)

// feature fills a record. What is wrong in one feature is its problem alone, because the next one is found by size.
func (f *features) feature(t table, rec *format.Record) {
	s := &shape{limit: f.limits.MaxVertices}
	if g, ok := t.child(featureGeometry); ok {
		rec.Geometry = s.geometry(g, f.kind, 1)
	}
	if n, _ := t.tables(featureColumns); n > 0 && len(f.columns) == 0 {
		s.fail("ingest.fgb.own-columns")
	} else {
		f.properties(s, t.bytes(featureProperties), rec.Values)
	}
	if t.bad {
		s.problem = geo.NewProblem("ingest.fgb.feature")
	}
	if rec.Problem = s.problem; rec.Problem != nil {
		rec.Geometry = nil
	}
}

// properties takes the attributes: the number of a column, then its value, again and again (FlatGeobuf specification,
// feature.fbs, properties).
func (f *features) properties(s *shape, b []byte, values []any) {
	room := maxRowText * f.limits.MaxText
	for len(b) > 1 {
		i := int(binary.LittleEndian.Uint16(b))
		if i >= len(f.columns) {
			s.fail("ingest.fgb.feature")
			return
		}
		kind := f.columns[i].kind
		size, head := kind.size(b[2:])
		if size < 0 || size > len(b)-2-head {
			s.fail("ingest.fgb.feature")
			return
		}
		raw := b[2+head : 2+head+size]
		b = b[2+head+size:]
		if head > 0 {
			if room -= size; size > f.limits.MaxText || room < 0 {
				s.fail("ingest.fgb.text-too-long", "field", clip(f.columns[i].name), "limit", f.limits.MaxText)
				return
			}
		}
		if head > 0 && kind != binaryColumn && !utf8.Valid(raw) {
			s.fail("ingest.fgb.text", "field", clip(f.columns[i].name))
			return
		}
		values[i] = kind.value(raw)
	}
	if len(b) > 0 && b[0] != 0 { // early versions of GDAL left a byte of zero at the end
		s.fail("ingest.fgb.feature")
	}
}

// size is the size of a value that begins with b, and of the length before it; a negative one does not fit.
func (k columnKind) size(b []byte) (size, head int) {
	switch k {
	case byteColumn, ubyteColumn, boolColumn:
		return 1, 0
	case shortColumn, ushortColumn:
		return 2, 0
	case intColumn, uintColumn, floatColumn:
		return 4, 0
	case longColumn, ulongColumn, doubleColumn:
		return 8, 0
	}
	if len(b) < sizeSize {
		return -1, 0
	}
	return int(binary.LittleEndian.Uint32(b)), sizeSize
}

// value is what the bytes of a value mean. A real that is no number is no value.
func (k columnKind) value(b []byte) any {
	switch k {
	case byteColumn:
		return int64(int8(b[0]))
	case ubyteColumn:
		return int64(b[0])
	case boolColumn:
		return b[0] != 0
	case shortColumn:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case ushortColumn:
		return int64(binary.LittleEndian.Uint16(b))
	case intColumn:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case uintColumn:
		return int64(binary.LittleEndian.Uint32(b))
	case longColumn:
		return int64(binary.LittleEndian.Uint64(b))
	case ulongColumn:
		return strconv.FormatUint(binary.LittleEndian.Uint64(b), 10)
	case floatColumn:
		return finite(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	case doubleColumn:
		return finite(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case binaryColumn:
		return nil
	}
	return string(b)
}

func finite(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}
