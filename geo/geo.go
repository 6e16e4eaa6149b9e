// Package geo holds the quantities that the whole program speaks in: areas, lengths, and problems that a person
// can act on. It knows no file format, no reference system and no meaning; its sub-packages know coordinates.
//
// Geometries are plain orb values, longitude before latitude in degrees on CGCS2000, unless a name says otherwise.
package geo

// Area is a legal area on the CGCS2000 ellipsoid in square metres. Only geo/ellipsoid and geo/overlay make one;
// only layers/report rounds one.
type Area float64

// Hectares is the area in hm² (公顷), unrounded.
func (a Area) Hectares() float64 { return float64(a) / 1e4 }

// Mu is the area in mu (亩), unrounded; 1 hm² = 15 mu exactly, so 1 mu = 2000/3 m².
func (a Area) Mu() float64 { return float64(a) * 15 / 1e4 }

// Length is a geodesic length on the CGCS2000 ellipsoid in metres. Only geo/ellipsoid makes one.
type Length float64

// Kilometres is the length in km, unrounded.
func (l Length) Kilometres() float64 { return float64(l) / 1e3 }
