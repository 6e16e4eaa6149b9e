package place

import (
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
)

// Centre is a point inside a place, in CGCS2000 degrees: the centre of gravity of its largest polygon where that lies
// inside it, else the middle of the widest stretch of it at the same latitude. False when the place has no area.
func Centre(plane orb.MultiPolygon) (orb.Point, bool) {
	best, size := -1, 0.0
	for i, p := range plane {
		if a := ellipsoid.PlaneArea(p); a > size {
			best, size = i, a
		}
	}
	if best < 0 {
		return orb.Point{}, false
	}
	p := plane[best]
	c := gravity(p)
	crossings := crossings(p, c[1])
	if at, ok := middle(crossings, c[0]); ok {
		c[0] = at
	}
	return ellipsoid.FromPlane(c), true
}

// gravity is the centre of gravity of a polygon, holes taken off. Sums are about the first point, so that no digits are
// lost to the distance from the origin.
func gravity(p orb.Polygon) orb.Point {
	origin := p[0][0]
	var sum, x, y float64
	for k, ring := range p {
		var ra, rx, ry float64
		for i := 1; i < len(ring); i++ {
			ax, ay := ring[i-1][0]-origin[0], ring[i-1][1]-origin[1]
			bx, by := ring[i][0]-origin[0], ring[i][1]-origin[1]
			cross := ax*by - bx*ay
			ra, rx, ry = ra+cross, rx+(ax+bx)*cross, ry+(ay+by)*cross
		}
		if (ra < 0) == (k == 0) { // shells count up and holes down, whichever way round they go
			ra, rx, ry = -ra, -rx, -ry
		}
		sum, x, y = sum+ra, x+rx, y+ry
	}
	return orb.Point{origin[0] + x/(3*sum), origin[1] + y/(3*sum)}
}

// crossings are the places, from west to east, where the border of p crosses the height y; an even number.
func crossings(p orb.Polygon, y float64) []float64 {
	var xs []float64
	for _, ring := range p {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > y) != (b[1] > y) {
				xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(xs)
	return xs
}

// middle keeps x when it lies in one of the stretches between crossings, else gives the middle of the widest one.
func middle(xs []float64, x float64) (float64, bool) {
	widest, at := -1.0, 0.0
	for i := 1; i < len(xs); i += 2 {
		if xs[i-1] < x && x < xs[i] {
			return x, true
		}
		if w := xs[i] - xs[i-1]; w > widest {
			widest, at = w, xs[i-1]+w/2
		}
	}
	return at, widest > 0
}

// Code names a place by a point in it: longitude and latitude to the nearest 1/10,000 of a degree (about 10 m), as
// "1096123-0231045". The same place gets the same code in every delivery that keeps it; it is a name, not a measure.
func Code(at orb.Point) string {
	step := func(v float64, width int) string {
		s := strconv.FormatInt(int64(math.Round(v*1e4)), 10)
		for len(s) < width {
			s = "0" + s
		}
		return s
	}
	return step(at[0], 7) + "-" + step(at[1], 6)
}

// CentreOf is Centre for a place in CGCS2000 degrees.
func CentreOf(degrees orb.MultiPolygon) (orb.Point, bool) {
	return Centre(ellipsoid.MultiPolygonToPlane(degrees))
}
