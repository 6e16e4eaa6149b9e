package topo

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

func finite(p orb.Point) bool {
	return !math.IsNaN(p[0]-p[0]) && !math.IsNaN(p[1]-p[1])
}

// side is positive when c lies to the left of the line from a to b, negative to the right, zero on it. The bound on
// the error of the float is that of J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast robust
// geometric predicates", 1997, ccwerrboundA, and what products may lose that are too small for a float; below it the
// sign is computed exactly.
func side(a, b, c orb.Point) int {
	l := (a[0] - c[0]) * (b[1] - c[1])
	r := (a[1] - c[1]) * (b[0] - c[0])
	det := l - r
	const epsilon, underflow = 0x1p-53, 0x1p-1000
	if bound := (3+16*epsilon)*epsilon*(math.Abs(l)+math.Abs(r)) + underflow; det > bound || -det > bound {
		return sign(det)
	}
	if (a[0] == c[0] || b[1] == c[1]) && (a[1] == c[1] || b[0] == c[0]) || a == b {
		return 0
	}
	return exactSide(a, b, c)
}

// exactSide is side without rounding: the difference of two floats has at most 2,098 binary digits, from the first
// of the largest float to the last of the smallest, and a product twice as many.
func exactSide(a, b, c orb.Point) int {
	l := product(difference(a[0], c[0]), difference(b[1], c[1]))
	r := product(difference(a[1], c[1]), difference(b[0], c[0]))
	return l.Cmp(r)
}

const digits = 4224

func difference(a, b float64) *big.Float {
	d := new(big.Float).SetPrec(digits).SetFloat64(a)
	return d.Sub(d, new(big.Float).SetFloat64(b))
}

func product(a, b *big.Float) *big.Float { return a.Mul(a, b) }

// winds is positive when a ring without spikes and repeated points runs counter-clockwise around the first of its
// points by x and then y, negative when clockwise: where it does not cross itself, the way it runs.
func winds(r orb.Ring) int {
	open := r[:len(r)-1]
	first := 0
	for i := range open {
		if earlier(open[i], open[first]) {
			first = i
		}
	}
	n := len(open)
	return side(open[(first+n-1)%n], open[first], open[(first+1)%n])
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// folds reports whether the way from a over b to c turns straight back at b.
func folds(a, b, c orb.Point) bool {
	if a == c {
		return true
	}
	return side(a, b, c) == 0 && (beyond(a, b, c, 0) || beyond(a, b, c, 1))
}

// beyond reports whether, along one axis, a and c lie on the same side of b.
func beyond(a, b, c orb.Point, axis int) bool {
	return (a[axis] < b[axis] && c[axis] < b[axis]) || (a[axis] > b[axis] && c[axis] > b[axis])
}

// inSector reports whether, turning counter-clockwise at p, the direction of x comes after that of from and before
// that of to.
func inSector(p, from, to, x orb.Point) bool {
	if side(p, from, to) > 0 {
		return side(p, from, x) > 0 && side(p, x, to) > 0
	}
	if side(p, from, to) == 0 && !folds(from, p, to) { // straight on: a half plane
		return side(p, from, x) > 0
	}
	return !(side(p, to, x) > 0 && side(p, x, from) > 0) && !along(p, to, x) && !along(p, from, x)
}

// along reports whether x lies in the direction of d from p.
func along(p, d, x orb.Point) bool { return side(p, d, x) == 0 && folds(d, p, x) }

// contact is how two edges meet.
type contact int

const (
	apart contact = iota
	touching
	crossing
	overlapping
)

// meet says how the edges a–b and c–d meet, and where. An overlap is longer than a point.
func meet(a, b, c, d orb.Point) (contact, orb.Point) {
	sc, sd := side(a, b, c), side(a, b, d)
	if sc == sd && sc != 0 {
		return apart, a
	}
	if sc == 0 && sd == 0 {
		return meetInLine(a, b, c, d)
	}
	sa, sb := side(c, d, a), side(c, d, b)
	switch {
	case sa == sb && sa != 0:
		return apart, a
	case sc == 0:
		return touching, c
	case sd == 0:
		return touching, d
	case sa == 0:
		return touching, a
	case sb == 0:
		return touching, b
	}
	return crossing, cut(a, b, c, d)
}

// meetInLine is meet for four points in line.
func meetInLine(a, b, c, d orb.Point) (contact, orb.Point) {
	axis := 0
	if math.Abs(b[1]-a[1]) > math.Abs(b[0]-a[0]) {
		axis = 1
	}
	if a[axis] > b[axis] {
		a, b = b, a
	}
	if c[axis] > d[axis] {
		c, d = d, c
	}
	lo, hi := a, b
	if c[axis] > a[axis] {
		lo = c
	}
	if d[axis] < b[axis] {
		hi = d
	}
	switch {
	case lo[axis] < hi[axis]:
		return overlapping, lo
	case lo[axis] == hi[axis]:
		return touching, lo
	}
	return apart, a
}

// cut is where two crossing edges cross, rounded.
func cut(a, b, c, d orb.Point) orb.Point {
	l := (a[0]-c[0])*(d[1]-c[1]) - (a[1]-c[1])*(d[0]-c[0])
	r := (b[0]-c[0])*(d[1]-c[1]) - (b[1]-c[1])*(d[0]-c[0])
	t := l / (l - r)
	if !(t >= 0 && t <= 1) {
		t = 0.5
	}
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}
