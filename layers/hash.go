package layers

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
)

// Hasher identifies features of one schema by their content. Features of two vintages with the same geometry, in the
// same vertex order, and the same attributes have the same hash, whatever the order of the columns; an absent value
// counts like an absent column. A hasher belongs to one goroutine.
type Hasher struct {
	fields []format.Field
	order  []int // of fields, by name
	sum    hash.Hash
	buf    []byte
}

// NewHasher prepares a hasher for values that are parallel to fields.
func NewHasher(fields []format.Field) *Hasher {
	h := &Hasher{fields: slices.Clone(fields), sum: sha256.New()}
	for i := range fields {
		h.order = append(h.order, i)
	}
	slices.SortStableFunc(h.order, func(a, b int) int { return strings.Compare(fields[a].Name, fields[b].Name) })
	return h
}

// Feature hashes f's geometry and values; its ID, measures and roles follow from those and do not count.
func (h *Hasher) Feature(f Feature) Hash {
	h.sum.Reset()
	h.buf = h.buf[:0]
	h.geometry(f.Geometry)
	for _, i := range h.order {
		if i < len(f.Values) && !Absent(f.Values[i]) {
			h.text(h.fields[i].Name)
			h.value(f.Values[i])
		}
	}
	h.flush()
	var out Hash
	h.sum.Sum(out[:0])
	return out
}

// Absent reports whether an attribute value says nothing: nil, or a number that is none.
func Absent(v any) bool {
	x, real := v.(float64)
	return v == nil || real && math.IsNaN(x)
}

// geometry writes single and multiple geometries alike, because formats differ in which of them they deliver.
func (h *Hasher) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		h.line('p', orb.LineString{g})
	case orb.MultiPoint:
		h.line('p', orb.LineString(g))
	case orb.LineString:
		h.line('l', g)
	case orb.MultiLineString:
		for _, l := range g {
			h.line('l', l)
		}
	case orb.Polygon:
		h.polygon(g)
	case orb.MultiPolygon:
		for _, p := range g {
			h.polygon(p)
		}
	}
}

func (h *Hasher) polygon(p orb.Polygon) {
	h.tag('a', len(p))
	for _, r := range p {
		h.line('r', orb.LineString(r))
	}
}

func (h *Hasher) line(kind byte, points orb.LineString) {
	h.tag(kind, len(points))
	for _, p := range points {
		h.number(p[0])
		h.number(p[1])
	}
}

func (h *Hasher) value(v any) {
	switch v := v.(type) {
	case string:
		h.tag('s', 0)
		h.text(v)
	case int64:
		h.tag('i', 0)
		h.buf = binary.LittleEndian.AppendUint64(h.buf, uint64(v))
	case float64:
		h.tag('f', 0)
		h.number(v)
	case bool:
		n := 0
		if v {
			n = 1
		}
		h.tag('b', n)
	}
}

func (h *Hasher) text(s string) {
	h.tag('t', len(s))
	h.buf = append(h.buf, s...)
}

func (h *Hasher) tag(kind byte, n int) {
	h.buf = append(h.buf, kind)
	h.buf = binary.AppendUvarint(h.buf, uint64(n))
}

// number writes −0 as 0, because a database may do the same.
func (h *Hasher) number(x float64) {
	if len(h.buf) > 1<<12 {
		h.flush()
	}
	h.buf = binary.LittleEndian.AppendUint64(h.buf, math.Float64bits(x+0))
}

func (h *Hasher) flush() {
	h.sum.Write(h.buf)
	h.buf = h.buf[:0]
}
