package geopackage

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// areas decodes what most blobs hold, polygons and multipolygons by the ISO numbers, without a detour through
// another library's values: all points in one piece of memory, which takes a third of the time. It reads only what
// scanner has walked before. What is odd in any way (another kind, a member of another kind, a number that is
// none) makes it give up, so that the full decoder says what it is.
type areas struct {
	rest   []byte
	points []orb.Point // of the whole geometry, still to be filled
	odd    bool
}

// decodeAreas decodes a body of which holdsAreas is true; it gives false when the full decoder has to look.
func decodeAreas(body []byte, vertices int64) (orb.Geometry, bool) {
	a := areas{rest: body, points: make([]orb.Point, vertices)}
	order, kind, stride := a.start()
	if kind%1000 == wkbPolygon {
		p := a.polygon(order, stride)
		return p, !a.odd
	}
	members := make(orb.MultiPolygon, a.count(order))
	for i := range members {
		order, member, stride := a.start()
		if member != kind-wkbMultiPolygon+wkbPolygon {
			return nil, false
		}
		members[i] = a.polygon(order, stride)
	}
	return members, !a.odd
}

// holdsAreas reports whether a body is of a kind that decodeAreas knows.
func holdsAreas(body []byte) bool {
	a := areas{rest: body}
	_, kind, _ := a.start()
	return kind%1000 == wkbPolygon || kind%1000 == wkbMultiPolygon
}

// start reads byte order, kind and the number of values of a coordinate: 2, 3 with Z or M, 4 with both.
func (a *areas) start() (order binary.ByteOrder, kind uint32, stride int) {
	order = binary.BigEndian
	if a.rest[0] == 1 {
		order = binary.LittleEndian
	}
	kind = order.Uint32(a.rest[1:])
	a.rest = a.rest[5:]
	stride = int(2 + (kind/1000+1)/2)
	return order, kind, stride
}

func (a *areas) count(order binary.ByteOrder) int {
	n := order.Uint32(a.rest)
	a.rest = a.rest[4:]
	return int(n)
}

func (a *areas) polygon(order binary.ByteOrder, stride int) orb.Polygon {
	p := make(orb.Polygon, a.count(order))
	for i := range p {
		n := a.count(order)
		p[i] = orb.Ring(a.points[:n:n])
		a.points = a.points[n:]
		a.fill(p[i], order, 8*stride)
	}
	return p
}

func (a *areas) fill(ring orb.Ring, order binary.ByteOrder, size int) {
	b := a.rest
	little := order == binary.LittleEndian
	for i := range ring {
		at := b[i*size : i*size+16]
		var x, y float64
		if little {
			x = math.Float64frombits(binary.LittleEndian.Uint64(at))
			y = math.Float64frombits(binary.LittleEndian.Uint64(at[8:]))
		} else {
			x = math.Float64frombits(binary.BigEndian.Uint64(at))
			y = math.Float64frombits(binary.BigEndian.Uint64(at[8:]))
		}
		a.odd = a.odd || !(math.Abs(x) <= math.MaxFloat64 && math.Abs(y) <= math.MaxFloat64)
		ring[i] = orb.Point{x, y}
	}
	a.rest = b[len(ring)*size:]
}
