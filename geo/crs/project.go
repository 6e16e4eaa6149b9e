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

// ellipsoid says which ellipsoid a system stands on. The values index ellipsoids.
type ellipsoid uint8

const (
	grs80 ellipsoid = iota
	wgs84Ellipsoid
	krassovsky // of Beijing 1954
	iag1975    // of Xi'an 1980
)

var ellipsoids = [...]struct{ semiMajor, inverseFlattening float64 }{
	grs80:          {semiMajor, inverseFlattening},
	wgs84Ellipsoid: {semiMajor, inverseFlatteningWGS},
	krassovsky:     {6378245, 298.3},
	iag1975:        {6378140, 298.257},
}

// ToLonLat turns a point in s, easting first, into CGCS2000 degrees, longitude first. Longitudes beyond ±180° are not
// folded, so that a polygon across the antimeridian stays whole. The result is NaN where s has no such point.
func (s System) ToLonLat(p orb.Point) orb.Point {
	p = s.unproject(p)
	if s.datum.old() {
		return s.shift.toCGCS2000(p, datums[s.datum].ellipsoid)
	}
	return p
}

// unproject turns a point in s into degrees on the datum of s.
func (s System) unproject(p orb.Point) orb.Point {
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
	if s.datum.old() {
		p = s.shift.fromCGCS2000(p, datums[s.datum].ellipsoid)
	}
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

func (s System) series() *krueger { return &kruegers[datums[s.datum].ellipsoid] }

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
