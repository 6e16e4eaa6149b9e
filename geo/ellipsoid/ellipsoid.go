// Package ellipsoid measures on the CGCS2000 ellipsoid: the legal area of a polygon, the length of a line, and the
// legal plane, in which plane areas are legal areas. No other package makes an area or a length that is printed, save
// geo/overlay, which works in the legal plane. It knows nothing about files and gives no names to what it measures.
//
// # The formula
//
// The legal area is that of the technical regulation Guotu Diaocha Ban Fa [2008] No. 32 for image-plot areas on the
// ellipsoid, the same as in TD/T 1055-2019: the area between an edge (B1,L1)–(B2,L2) and a meridian L0 is
//
//	S = 2b²ΔL [ A sin½(B2−B1) cos Bm − B sin³⁄₂(B2−B1) cos 3Bm + C sin⁵⁄₂(B2−B1) cos 5Bm
//	            − D sin⁷⁄₂(B2−B1) cos 7Bm + E sin⁹⁄₂(B2−B1) cos 9Bm ]
//
// with ΔL = (L1+L2)/2 − L0 in radians and Bm = (B1+B2)/2. Because 2 sin½d cos m = sin B2 − sin B1, term by term,
// S = ½(ΔL1+ΔL2) × (Q(B2) − Q(B1)) with
//
//	Q(B) = b² [ A sin B − B sin 3B + C sin 5B − D sin 7B + E sin 9B ],
//
// which is the shoelace formula in the plane (L, Q): a cylindrical equal-area projection. So the area of a polygon in
// that plane is its legal area, and its edges are straight there.
//
// # What an edge is
//
// A delivered edge is straight in the plane of the delivery, usually a Gauss-Krüger plane, and not quite straight in
// the legal plane; the regulation therefore inserts points into edges longer than 70 m (see Densify, OfficialArea).
// The area between a Gauss-Krüger edge and its chord in the legal plane, the worst over all directions and all places
// within 1.5° of the central meridian (TestUndensifiedEdge holds it), is at most
//
//	edge      at 23° N      at 40° N
//	1000 m    8.1 m²        15.7 m²
//	 100 m    0.0081 m²     0.0157 m²
//	  70 m    0.0028 m²     0.0054 m²
//
// per edge, growing with the third power of the length. Parallel edges of a parcel cancel: a square of 1 km is right to
// 0.005 m² without any point inserted (TestUndensifiedSquare). Others do not; the worked parcel of the tests, 61 hm²
// with five edges of 450 to 800 m, is 0.6 m² off without inserted points, and 0.003 m² with the official ones.
package ellipsoid

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"
)

// The ellipsoid of CGCS2000, with the digits that the regulation's implementations use; b is the minor semi-axis, e2
// the first eccentricity squared. The pseudo-code printed in the regulation puts the second eccentricity for the first
// in the series, which makes areas 14 ppm too large; its formula text, which is followed here, does not.
const (
	a          = 6378137.0
	flattening = 1 / 298.257222101
	b          = a * (1 - flattening)
	e2         = flattening * (2 - flattening)
)

// The series of the regulation, with its symbols in lower case after "s": A to E.
const (
	sA = 1 + 3*e2/6 + 30*e2*e2/80 + 35*e2*e2*e2/112 + 630*e2*e2*e2*e2/2304
	sB = e2/6 + 15*e2*e2/80 + 21*e2*e2*e2/112 + 420*e2*e2*e2*e2/2304
	sC = 3*e2*e2/80 + 7*e2*e2*e2/112 + 180*e2*e2*e2*e2/2304
	sD = e2*e2*e2/112 + 45*e2*e2*e2*e2/2304
	sE = 5 * e2 * e2 * e2 * e2 / 2304
)

// The legal plane: x = k·(L − 105°), y = Q(B)/k in metres, undistorted along 30° N. planeScale is k, the radius of the
// parallel 30°: a cos B / √(1 − e² sin² B).
const planeMeridian = 105

var planeScale = a * math.Cos(math.Pi/6) / math.Sqrt(1-e2/4)

// q is Q(B) in m² per radian of longitude.
func q(lat float64) float64 {
	// sin 3B … sin 9B by the recurrence sin (k+2)B = 2 cos 2B sin kB − sin (k−2)B.
	sin1 := math.Sin(lat)
	twice := 2 - 4*sin1*sin1
	sin3 := twice*sin1 + sin1
	sin5 := twice*sin3 - sin1
	sin7 := twice*sin5 - sin3
	sin9 := twice*sin7 - sin5
	return b * b * (sA*sin1 - sB*sin3 + sC*sin5 - sD*sin7 + sE*sin9)
}

// dq is dQ/dB, the product of the radii of curvature of meridian and prime vertical, times cos B.
func dq(lat float64) float64 {
	cos1 := math.Cos(lat)
	twice := 4*cos1*cos1 - 2
	cos3 := twice*cos1 - cos1
	cos5 := twice*cos3 - cos1
	cos7 := twice*cos5 - cos3
	cos9 := twice*cos7 - cos5
	return b * b * (sA*cos1 - 3*sB*cos3 + 5*sC*cos5 - 7*sD*cos7 + 9*sE*cos9)
}

// ToPlane turns CGCS2000 degrees, longitude first, into metres of the legal plane, of which the whole program has one:
// whatever is measured there can be compared.
func ToPlane(p orb.Point) orb.Point {
	return orb.Point{
		planeScale * radians(p[0]-planeMeridian),
		q(radians(p[1])) / planeScale,
	}
}

// FromPlane inverts ToPlane. Points north or south of the poles become the poles.
func FromPlane(p orb.Point) orb.Point {
	return orb.Point{
		planeMeridian + degrees(p[0]/planeScale),
		degrees(latitude(p[1] * planeScale)),
	}
}

// latitude inverts q: the series of the authalic latitude β (J. P. Snyder, Map Projections – A Working Manual, 1987,
// equation 3-18) gives nine digits, and two steps of Newton's method the rest.
func latitude(value float64) float64 {
	const c2, c4, c6 = e2/3 + 31*e2*e2/180 + 517*e2*e2*e2/5040, 23*e2*e2/360 + 251*e2*e2*e2/3780, 761 * e2 * e2 * e2 / 45360
	beta := math.Asin(math.Max(-1, math.Min(1, value/q(math.Pi/2))))
	lat := beta + c2*math.Sin(2*beta) + c4*math.Sin(4*beta) + c6*math.Sin(6*beta)
	for range 2 {
		slope := dq(lat)
		if slope < 1e9 { // within a metre of a pole, where the step would divide by next to nothing
			return lat
		}
		lat += (value - q(lat)) / slope
	}
	return lat
}

// GeometryToPlane is a copy of g, in degrees, in the legal plane; nil stays nil.
func GeometryToPlane(g orb.Geometry) orb.Geometry { return project.Geometry(orb.Clone(g), ToPlane) }

// GeometryFromPlane is a copy of g, in the legal plane, in degrees; nil stays nil.
func GeometryFromPlane(g orb.Geometry) orb.Geometry { return project.Geometry(orb.Clone(g), FromPlane) }

// MultiPolygonToPlane is a polygon or multipolygon in degrees as a multipolygon in the legal plane, nil for an empty
// polygon and for every other kind of geometry.
func MultiPolygonToPlane(g orb.Geometry) orb.MultiPolygon {
	var mp orb.MultiPolygon
	switch g := g.(type) {
	case orb.Polygon:
		if len(g) == 0 {
			return nil
		}
		mp = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		mp = g
	default:
		return nil
	}
	return project.MultiPolygon(mp.Clone(), ToPlane)
}

func degrees(rad float64) float64 { return rad * (180 / math.Pi) }

func radians(deg float64) float64 { return deg * (math.Pi / 180) }
