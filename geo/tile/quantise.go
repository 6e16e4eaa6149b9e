package tile

import (
	"math"

	"github.com/paulmach/orb"
)

type pixel struct{ x, y int32 }

// quantise rounds points to the tile's grid and drops repeated ones and those in the middle of a straight run, which
// changes no outline.
func (c *cutter) quantise(dst []pixel, pts []orb.Point) []pixel {
	dst = dst[:0]
	for _, p := range pts {
		q := pixel{c.snap(p[0]), c.snap(p[1])}
		n := len(dst)
		if n > 0 && dst[n-1] == q {
			continue
		}
		if n > 1 && onward(dst[n-2], dst[n-1], q) {
			dst[n-1] = q
			continue
		}
		dst = append(dst, q)
	}
	return dst
}

func (c *cutter) snap(v float64) int32 { return int32(math.Round(v/c.step) * c.step) }

// onward reports whether a, b, d lie on one line with b between the others.
func onward(a, b, d pixel) bool {
	ux, uy := int64(b.x-a.x), int64(b.y-a.y)
	vx, vy := int64(d.x-b.x), int64(d.y-b.y)
	return ux*vy == uy*vx && ux*vx+uy*vy > 0
}

// open drops the closing point of a quantised ring and a straight run across its start; the result is nil when it
// encloses nothing.
func open(ring []pixel) []pixel {
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	if n := len(ring); n > 3 && onward(ring[n-1], ring[0], ring[1]) {
		ring = ring[1:]
	}
	if len(ring) < 3 || twiceArea(ring) == 0 {
		return nil
	}
	return ring
}

// twiceArea is twice the signed area in tile units by the surveyor's formula; positive is what the vector tile
// specification (section 4.3.3.3) wants of exterior rings, y growing downwards.
func twiceArea(ring []pixel) int64 {
	var sum int64
	for k, p := range ring {
		q := ring[(k+1)%len(ring)]
		sum += int64(p.x)*int64(q.y) - int64(q.x)*int64(p.y)
	}
	return sum
}

// wind turns a ring so that its area has the wanted sign.
func wind(ring []pixel, exterior bool) {
	if (twiceArea(ring) > 0) == exterior {
		return
	}
	for a, b := 0, len(ring)-1; a < b; a, b = a+1, b-1 {
		ring[a], ring[b] = ring[b], ring[a]
	}
}
