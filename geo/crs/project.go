package crs

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"
)

// The GRS 80 ellipsoid, which CGCS2000 uses, and that of WGS 84, which is 0.1 mm less flat at the pole.
const (
	semiMajor            = 6378137.0
	inverseFlattening    = 298.257222101
	inverseFlatteningWGS = 298.257223563
)

// ellipsoid says which of the two ellipsoids a system stands on.
type ellipsoid uint8

const (
	grs80 ellipsoid = iota
	wgs84Ellipsoid
)

// ToLonLat turns a point in s, easting first, into CGCS2000 degrees, longitude first. Longitudes beyond ±180° are not
// folded, so that a polygon across the antimeridian stays whole. The result is NaN where s has no such point.
func (s System) ToLonLat(p orb.Point) orb.Point {
	switch s.kind {
	case geographic:
		return p
	case pseudoMercator:
		return sphereToLonLat(p)
	case transverse:
		lon, lat := s.series().inverse((p[0]-s.easting)/s.scale, (p[1]-s.northing)/s.scale)
		return orb.Point{s.meridian + lon, lat}
	}
	return orb.Point{math.NaN(), math.NaN()}
}

// FromLonLat turns CGCS2000 degrees, longitude first, into a point in s, easting first.
func (s System) FromLonLat(p orb.Point) orb.Point {
	switch s.kind {
	case geographic:
		return p
	case pseudoMercator:
		return sphereFromLonLat(p)
	case transverse:
		x, y := s.series().forward(p[0]-s.meridian, p[1])
		return orb.Point{s.easting + s.scale*x, s.northing + s.scale*y}
	}
	return orb.Point{math.NaN(), math.NaN()}
}

func (s System) series() *krueger {
	if datums[s.datum].ellipsoid == wgs84Ellipsoid {
		return &kruegerWGS84
	}
	return &kruegerGRS80
}

// sphereToLonLat is EPSG method 1024, which puts ellipsoidal degrees on a sphere of the equatorial radius. It is
// neither conformal nor equal-area and serves to read coordinates only.
func sphereToLonLat(p orb.Point) orb.Point {
	return orb.Point{
		degrees(p[0] / semiMajor),
		degrees(math.Atan(math.Sinh(p[1] / semiMajor))),
	}
}

func sphereFromLonLat(p orb.Point) orb.Point {
	return orb.Point{
		semiMajor * radians(p[0]),
		semiMajor * math.Asinh(math.Tan(radians(p[1]))),
	}
}

func degrees(rad float64) float64 { return rad * (180 / math.Pi) }

func radians(deg float64) float64 { return deg * (math.Pi / 180) }

// GeometryToLonLat is a copy of g, in s, in CGCS2000 degrees; nil stays nil.
func (s System) GeometryToLonLat(g orb.Geometry) orb.Geometry {
	return project.Geometry(orb.Clone(g), s.ToLonLat)
}

// GeometryFromLonLat is a copy of g, in CGCS2000 degrees, in s; nil stays nil.
func (s System) GeometryFromLonLat(g orb.Geometry) orb.Geometry {
	return project.Geometry(orb.Clone(g), s.FromLonLat)
}
