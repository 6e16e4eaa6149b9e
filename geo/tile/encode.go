package tile

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// Tag is one attribute of a feature; Value is a string, float64, int64 or bool.
type Tag struct {
	Key   string
	Value any
}

// Encoder makes one layer of a Mapbox Vector Tile 2.1. It is used by one goroutine for one tile.
type Encoder struct {
	cut      cutter
	name     string
	features []byte
	keys     map[string]uint32
	values   map[any]uint32
	keyList  []string
	valList  []any
	count    int

	geometry []uint32
	pixels   []pixel
	cursor   pixel
	tags     []uint32
	scratch  []byte
}

// NewEncoder starts a layer. step is the grid, in tile units, that outlines are rounded to; 1 is the finest.
func NewEncoder(name string, a Address, step int) *Encoder {
	return &Encoder{
		cut: cutter{address: a, step: float64(max(step, 1))}, name: name,
		keys: map[string]uint32{}, values: map[any]uint32{},
	}
}

// Add cuts a feature to the tile and adds it; a feature that leaves nothing in the tile is not added.
func (e *Encoder) Add(id uint64, p Projected, tags []Tag) {
	e.geometry, e.cursor = e.geometry[:0], pixel{}
	for _, part := range p.parts {
		switch p.kind {
		case polygons:
			e.polygon(part)
		case lines:
			e.cut.line(part[0], e.line)
		case points:
			e.points(part[0])
		}
	}
	if len(e.geometry) == 0 {
		return
	}
	e.tags = e.tags[:0]
	for _, t := range tags {
		e.tags = append(e.tags, e.key(t.Key), e.value(t.Value))
	}
	e.scratch = e.scratch[:0]
	e.scratch = appendUint(e.scratch, 1, id)
	e.scratch = appendPacked(e.scratch, 2, e.tags)
	e.scratch = appendUint(e.scratch, 3, uint64(p.kind))
	e.scratch = appendPacked(e.scratch, 4, e.geometry)
	e.features = appendBytes(e.features, 2, e.scratch)
	e.count++
}

// Count is the number of features added so far.
func (e *Encoder) Count() int { return e.count }

// Bytes is the finished tile with its one layer; nil when nothing was added, because a layer must have a feature.
func (e *Encoder) Bytes() []byte {
	if e.count == 0 {
		return nil
	}
	layer := appendUint(nil, 15, 2) // version
	layer = appendBytes(layer, 1, []byte(e.name))
	layer = append(layer, e.features...)
	for _, k := range e.keyList {
		layer = appendBytes(layer, 3, []byte(k))
	}
	for _, v := range e.valList {
		layer = appendBytes(layer, 4, value(v))
	}
	layer = appendUint(layer, 5, Extent)
	return appendBytes(nil, 3, layer)
}

func (e *Encoder) polygon(rings []orb.Ring) {
	for k, r := range rings {
		ring := open(e.quantised(r))
		if ring == nil {
			if k == 0 {
				return // a shell smaller than the grid takes its holes with it
			}
			continue
		}
		wind(ring, k == 0)
		e.path(ring, true)
	}
}

func (e *Encoder) line(pts []orb.Point) {
	e.pixels = e.cut.quantise(e.pixels, pts)
	if len(e.pixels) > 1 {
		e.path(e.pixels, false)
	}
}

func (e *Encoder) points(r orb.Ring) {
	e.pixels = e.pixels[:0]
	for _, p := range e.cut.local(r) {
		if inside([]orb.Point{p}) {
			e.pixels = append(e.pixels, pixel{e.cut.snap(p[0]), e.cut.snap(p[1])})
		}
	}
	if len(e.pixels) == 0 {
		return
	}
	e.geometry = append(e.geometry, command(moveTo, len(e.pixels)))
	for _, p := range e.pixels {
		e.step(p)
	}
}

func (e *Encoder) quantised(r orb.Ring) []pixel {
	e.pixels = e.cut.quantise(e.pixels, e.cut.ring(r))
	return e.pixels
}

// The drawing commands of the specification, section 4.3.1.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func command(id, count int) uint32 { return uint32(id&7 | count<<3) }

// path writes a line or, closed, a ring whose last point is not repeated.
func (e *Encoder) path(pts []pixel, closed bool) {
	e.geometry = append(e.geometry, command(moveTo, 1))
	e.step(pts[0])
	e.geometry = append(e.geometry, command(lineTo, len(pts)-1))
	for _, p := range pts[1:] {
		e.step(p)
	}
	if closed {
		e.geometry = append(e.geometry, command(closePath, 1))
	}
}

// step writes a point relative to the last one, zigzag-encoded.
func (e *Encoder) step(p pixel) {
	e.geometry = append(e.geometry, zigzag(p.x-e.cursor.x), zigzag(p.y-e.cursor.y))
	e.cursor = p
}

func zigzag(v int32) uint32 { return uint32(v<<1) ^ uint32(v>>31) }

func (e *Encoder) key(k string) uint32 {
	id, ok := e.keys[k]
	if !ok {
		id = uint32(len(e.keyList))
		e.keys[k], e.keyList = id, append(e.keyList, k)
	}
	return id
}

func (e *Encoder) value(v any) uint32 {
	id, ok := e.values[v]
	if !ok {
		id = uint32(len(e.valList))
		e.values[v], e.valList = id, append(e.valList, v)
	}
	return id
}

// value encodes a Value message (specification, vector_tile.proto).
func value(v any) []byte {
	switch v := v.(type) {
	case string:
		return appendBytes(nil, 1, []byte(v))
	case float64:
		b := appendKey(nil, 3, 1)
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	case int64:
		return appendUint(nil, 6, uint64(v<<1)^uint64(v>>63))
	case bool:
		if v {
			return appendUint(nil, 7, 1)
		}
		return appendUint(nil, 7, 0)
	}
	return nil
}

// The wire format of protocol buffers, as much of it as a tile needs.

func appendKey(b []byte, field, wire uint64) []byte {
	return binary.AppendUvarint(b, field<<3|wire)
}

func appendUint(b []byte, field, v uint64) []byte {
	return binary.AppendUvarint(appendKey(b, field, 0), v)
}

func appendBytes(b []byte, field uint64, v []byte) []byte {
	b = binary.AppendUvarint(appendKey(b, field, 2), uint64(len(v)))
	return append(b, v...)
}

func appendPacked(b []byte, field uint64, list []uint32) []byte {
	if len(list) == 0 {
		return b
	}
	size := 0
	for _, v := range list {
		size += varintSize(v)
	}
	b = binary.AppendUvarint(appendKey(b, field, 2), uint64(size))
	for _, v := range list {
		b = binary.AppendUvarint(b, uint64(v))
	}
	return b
}

func varintSize(v uint32) int {
	n := 1
	for ; v >= 1<<7; v >>= 7 {
		n++
	}
	return n
}
