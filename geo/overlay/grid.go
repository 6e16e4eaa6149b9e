package overlay

import (
	"math"
	"math/bits"

	"github.com/paulmach/orb"
)

// perMetre is the number of grid units in a metre: 1/Grid, but exact.
const perMetre = 1e4

// point is a place on the grid, in units from the corner of a frame.
type point struct{ x, y int64 }

func (p point) minus(q point) point { return point{p.x - q.x, p.y - q.y} }

// before orders points from left to right, and from bottom to top on a vertical line.
func (p point) before(q point) bool { return p.x < q.x || (p.x == q.x && p.y < q.y) }

func compare(p, q point) int {
	switch {
	case p.before(q):
		return -1
	case q.before(p):
		return 1
	}
	return 0
}

// frame is the corner from which the coordinates of one overlay count. It lies on the grid of the whole plane, so
// that the outlines of different overlays share one grid.
type frame struct{ corner point }

func (f frame) point(p orb.Point) point { return onGrid(p).minus(f.corner) }

func (f frame) place(p point) orb.Point {
	return orb.Point{float64(p.x+f.corner.x) / perMetre, float64(p.y+f.corner.y) / perMetre}
}

// onGrid is the pixel of the whole plane that p lies in.
func onGrid(p orb.Point) point {
	return point{int64(math.Floor(p[0]*perMetre + 0.5)), int64(math.Floor(p[1]*perMetre + 0.5))}
}

// small is the size up to which the cross product of two vectors fits into 63 bits with room for four of them.
const small = 1 << 29

// cross is a.x·b.y − a.y·b.x, exact while it is below 2^61 and ±2^61 beyond: its sign is always right, and adding
// sides of vectors to it cannot change the sign of one that was too large.
func cross(a, b point) int64 {
	if fits(a.x) && fits(a.y) && fits(b.x) && fits(b.y) {
		return a.x*b.y - a.y*b.x
	}
	const far = 1 << 61
	neg, hi, lo := wideCross(a, b)
	v := int64(far)
	if hi == 0 && lo < far {
		v = int64(lo)
	}
	if neg {
		return -v
	}
	return v
}

// crossFloat is a.x·b.y − a.y·b.x rounded once.
func crossFloat(a, b point) float64 {
	if fits(a.x) && fits(a.y) && fits(b.x) && fits(b.y) {
		return float64(a.x*b.y - a.y*b.x)
	}
	neg, hi, lo := wideCross(a, b)
	v := float64(hi)*(1<<64) + float64(lo)
	if neg {
		return -v
	}
	return v
}

func fits(v int64) bool { return v > -small && v < small }

// wideCross is the cross product in 128 bits, as sign and magnitude.
func wideCross(a, b point) (neg bool, hi, lo uint64) {
	h1, l1 := wideProduct(a.x, b.y)
	h2, l2 := wideProduct(a.y, b.x)
	lo, borrow := bits.Sub64(l1, l2, 0)
	hi, _ = bits.Sub64(h1, h2, borrow)
	if int64(hi) >= 0 {
		return false, hi, lo
	}
	lo, borrow = bits.Sub64(0, lo, 0)
	hi, _ = bits.Sub64(0, hi, borrow)
	return true, hi, lo
}

// wideProduct is a·b in 128 bits, two's complement.
func wideProduct(a, b int64) (hi, lo uint64) {
	hi, lo = bits.Mul64(uint64(a), uint64(b))
	return hi - uint64(a>>63)&uint64(b) - uint64(b>>63)&uint64(a), lo
}

// turn is positive when c lies to the left of the line from a to b, negative to the right, zero on it.
func turn(a, b, c point) int64 { return cross(b.minus(a), c.minus(a)) }
