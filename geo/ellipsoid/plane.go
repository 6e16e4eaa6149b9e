package ellipsoid

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"
)

// The legal plane: x = k·(L − 105°), y = Q(B)/k in metres, undistorted along 30° N. planeScale is k, the radius of the
// parallel 30°: a cos B / √(1 − e² sin² B). The other two are k per degree of longitude and b²/k.
const planeMeridian = 105

var (
	planeScale    = a * math.Cos(math.Pi/6) / math.Sqrt(1-e2/4)
	planeDegree   = planeScale * (math.Pi / 180)
	planeNorthing = b * b / planeScale
)

// q is Q(B) in m² per radian of longitude.
func q(lat float64) float64 { return b * b * series(math.Sin(lat)) }

// series is Q/b² by the sine of the latitude.
func series(s float64) float64 {
	s2 := s * s
	return s * (p1 + s2*(p3+s2*(p5+s2*(p7+s2*p9))))
}

// dq is dQ/dB, the product of the radii of curvature of meridian and prime vertical, times cos B.
func dq(lat float64) float64 {
	s, c := math.Sincos(lat)
	s2 := s * s
	return b * b * c * (p1 + s2*(3*p3+s2*(5*p5+s2*(7*p7+s2*(9*p9)))))
}

// ToPlane turns CGCS2000 degrees, longitude first, into metres of the legal plane, of which the whole program has one:
// whatever is measured there can be compared.
func ToPlane(p orb.Point) orb.Point {
	return orb.Point{
		planeDegree * (p[0] - planeMeridian),
		planeNorthing * series(math.Sin(radians(p[1]))),
	}
}

// AppendToPlane appends the vertices of a line or ring in degrees, each by ToPlane, to dst and returns it as append
// does. It allocates only where dst has no room, so that one buffer serves a whole layer.
func AppendToPlane(dst, degrees []orb.Point) []orb.Point {
	dst = slices.Grow(dst, len(degrees))
	for _, p := range degrees {
		dst = append(dst, ToPlane(p))
	}
	return dst
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
func GeometryToPlane(g orb.Geometry) orb.Geometry {
	if mp := MultiPolygonToPlane(g); mp != nil {
		if _, one := g.(orb.Polygon); one {
			return mp[0]
		}
		return mp
	}
	return project.Geometry(orb.Clone(g), ToPlane)
}

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
	}
	if mp == nil {
		return nil
	}
	return each(mp, func(p orb.Polygon) orb.Polygon {
		return each(p, func(r orb.Ring) orb.Ring { return AppendToPlane(nil, r) })
	})
}

func degrees(rad float64) float64 { return rad * (180 / math.Pi) }

func radians(deg float64) float64 { return deg * (math.Pi / 180) }

// PlaneScale is how many metres on the ground, eastwards, a metre of x in the legal plane is at a latitude in degrees:
// N cos B / k. The plane keeps areas, so a metre of y is its inverse northwards: (x · s, y / s) is a plane that keeps
// areas as well, and distances near that latitude – within tan B · Δy / R of them, 0.1 % at 10 km from it.
func PlaneScale(lat float64) float64 {
	s, c := math.Sincos(radians(lat))
	return a * c / math.Sqrt(1-e2*s*s) / planeScale
}
