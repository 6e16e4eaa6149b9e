package ellipsoid

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
)

// The constants of the regulation for CGCS2000, digit for digit: seconds per radian, the squared second eccentricity,
// the polar radius of curvature, and the coefficients of the footpoint latitude.
const (
	rho     = 206264.8062471
	ep2     = 0.00673949677548
	c       = 6399593.62586
	k0      = 1.57048761144159e-07
	k1      = 5.05250178820567e-03
	k2      = 2.98472900956587e-05
	k3      = 2.41626669230084e-07
	k4      = 2.22241238938534e-09
	ground  = 4 // decimals of a plane coordinate in metres
	seconds = 6 // decimals of a geodetic coordinate in seconds
)

// OfficialArea is the area of a polygon or multipolygon in the Gauss-Krüger plane s by the official procedure step by
// step, as inspections repeat it: points into edges longer than 70 m, plane coordinates to 4 decimals, the series for
// the geodetic coordinates, these in seconds to 6 decimals, the trapezoid of each edge. The last step of the
// procedure, rounding half up to 2 decimals of a square metre, is left to the report. Rings count as for Area.
//
// It is zero for other kinds of geometry. In a system other than Gauss-Krüger, where the procedure is not defined, it is
// the Area of the corners, and NaN for a polygon that would need more than MaxInserts points.
func OfficialArea(g orb.Geometry, s crs.System) geo.Area {
	if !s.Gauss() {
		return Area(s.GeometryToLonLat(g))
	}
	if Inserts(g, OfficialEdge) < 0 {
		return geo.Area(math.NaN())
	}
	return geo.Area(polygons(g, func(r orb.Ring) float64 { return officialRing(r, s) }))
}

// officialRing is |Σ S| over the edges of a ring.
func officialRing(r orb.Ring, s crs.System) float64 {
	if len(r) < 3 {
		return 0
	}
	if r[0] != r[len(r)-1] {
		r = append(r[:len(r):len(r)], r[0])
	}
	var sum float64
	var last orb.Point // L, B of the previous vertex in radians
	first := true
	walk(r, OfficialEdge, func(p orb.Point) {
		at := officialInverse(p, s)
		if !first {
			sum += trapezoid(last, at)
		}
		last, first = at, false
	})
	return math.Abs(sum)
}

// officialInverse is the geodetic position in radians, longitude first, of a point in s. x is the northing and y the
// easting without zone and 500 km, as in the regulation.
func officialInverse(p orb.Point, s crs.System) orb.Point {
	y := roundHalfUp(p[0], ground) - s.FalseEasting()
	x := roundHalfUp(p[1], ground)
	e := k0 * x
	sinE, cosE := math.Sincos(e)
	sin2 := sinE * sinE
	bf := e + cosE*sinE*(k1-sin2*(k2-sin2*(k3-sin2*k4)))
	t, cosBf := math.Tan(bf), math.Cos(bf)
	eta2 := ep2 * cosBf * cosBf
	v2 := 1 + eta2
	yn := y * math.Sqrt(v2) / c // y/N with N = c/V
	yn2, t2 := yn*yn, t*t
	lat := bf - v2*t*yn2*(1./2-
		yn2*((5+3*t2+eta2-9*eta2*t2)/24-
			yn2*(61+90*t2+45*t2*t2)/720))
	lon := yn / cosBf * (1 -
		yn2*((1+2*t2+eta2)/6-
			yn2*(5+28*t2+24*t2*t2+6*eta2+8*eta2*t2)/120))
	return orb.Point{
		roundHalfUp(s.CentralMeridian()*3600+lon*rho, seconds) / rho,
		roundHalfUp(lat*rho, seconds) / rho,
	}
}

// trapezoid is S between an edge and the meridian L0 = 0; see the package comment.
func trapezoid(p, q orb.Point) float64 {
	deltaL := (p[0] + q[0]) / 2
	half, mean := (q[1]-p[1])/2, (p[1]+q[1])/2
	return 2 * b * b * deltaL * (sA*math.Sin(half)*math.Cos(mean) -
		sB*math.Sin(3*half)*math.Cos(3*mean) +
		sC*math.Sin(5*half)*math.Cos(5*mean) -
		sD*math.Sin(7*half)*math.Cos(7*mean) +
		sE*math.Sin(9*half)*math.Cos(9*mean))
}

// roundHalfUp rounds the shortest decimal form of v, halves away from zero: 2.00005 becomes 2.0001 although its binary
// value lies below. Only values that close to a half need the decimal form.
func roundHalfUp(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	scaled := math.Abs(v) * scale
	whole := math.Floor(scaled)
	part := scaled - whole
	if math.Abs(part-0.5) < 0.01 {
		part = halfUpDigit(math.Abs(v), decimals)
	}
	if part >= 0.5 {
		whole++
	}
	return math.Copysign(whole/scale, v)
}

// halfUpDigit is 1 when the first digit after the given decimals is 5 or more in the shortest decimal form, else 0.
func halfUpDigit(v float64, decimals int) float64 {
	_, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	if len(fraction) > decimals && fraction[decimals] >= '5' {
		return 1
	}
	return 0
}
