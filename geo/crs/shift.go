package crs

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// Shift are the seven parameters by which an operator takes coordinates of an old datum to CGCS2000, geocentric vector
// by geocentric vector (Bursa-Wolf; IOGP Guidance Note 373-7-2, methods 9606 and 9607):
//
//	V(CGCS2000) = T + (1 + Scale·10⁻⁶) (V ± Ω × V),  Ω = (RX, RY, RZ), T = (X, Y, Z)
//
// Their values are classified in China and belong to a place; this package has none. The three-parameter case leaves
// rotations and scale zero. The zero Shift is none. Shifts are comparable.
//
// Planes have no heights, so that a point is taken to lie on the old ellipsoid. A point 1000 m above it would come out
// a few centimetres elsewhere, by the angle between the two verticals.
type Shift struct {
	X, Y, Z    float64 // metres
	RX, RY, RZ float64 // seconds of arc
	Scale      float64 // parts per million
	Rotation   Rotation
}

// Rotation says which way round the three angles are meant. Seven parameters without this word are no definition.
type Rotation uint8

// The two conventions. Chinese textbooks and survey practice write the matrix with +RZ in its first row, which is the
// rotation of the coordinate frame; PROJ's +towgs84 and the old PROJ.4 strings rotate the position vector.
const (
	CoordinateFrame Rotation = iota // V − Ω × V, EPSG method 9607
	PositionVector                  // V + Ω × V, EPSG method 9606
)

// String is "coordinate-frame" or "position-vector", which ParseShift reads.
func (r Rotation) String() string {
	if r == PositionVector {
		return "position-vector"
	}
	return "coordinate-frame"
}

// The limits of what can be meant. Old datums lie a few hundred metres off; parameters that fit one province well
// can be larger, since a rotation about the geocentre works much like a translation.
const (
	maxTranslation = 5000.0 // metres
	maxRotation    = 60.0   // seconds: 1.9 km on the ground
	maxScale       = 200.0  // ppm: 1.3 km
	maxDisplaced   = 1000.0 // metres on the ground, of all seven together
)

// ParseShift reads "dx,dy,dz,rx,ry,rz,scale" in metres, seconds and ppm, as the header of survey files has it, or
// "dx,dy,dz". Empty values are zero, so that ",,,,,," is the zero Shift, and so is an empty text. A last field
// "position-vector" or "coordinate-frame" names the convention; CoordinateFrame without it. Commas may be full-width.
// Errors are "ingest.crs.shift-malformed" and "ingest.crs.shift-implausible".
func ParseShift(text string) (Shift, error) {
	fields := strings.Split(narrow(text), ",")
	var s Shift
	switch strings.ToLower(strings.TrimSpace(fields[len(fields)-1])) {
	case PositionVector.String():
		s.Rotation = PositionVector
		fields = fields[:len(fields)-1]
	case CoordinateFrame.String():
		fields = fields[:len(fields)-1]
	}
	if n := len(fields); n != 7 && n != 3 && strings.TrimSpace(text) != "" {
		return Shift{}, malformedShift(text)
	}
	values := []*float64{&s.X, &s.Y, &s.Z, &s.RX, &s.RY, &s.RZ, &s.Scale}
	for i, f := range fields {
		if f = strings.TrimSpace(f); f == "" {
			continue
		}
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return Shift{}, malformedShift(text).Because(err)
		}
		*values[i] = v + 0 // minus zero would make two equal shifts of different bytes
	}
	if s.IsZero() {
		return Shift{}, nil
	}
	if p := s.check(); p != nil {
		return Shift{}, p
	}
	return s, nil
}

func malformedShift(text string) *geo.Problem {
	return geo.NewProblem("ingest.crs.shift-malformed", "text", brief(text))
}

// IsZero reports whether nothing is shifted, whatever the convention.
func (s Shift) IsZero() bool {
	s.Rotation = 0
	return s == Shift{}
}

// String are the seven numbers and the convention as ParseShift reads them, "" for the zero Shift.
func (s Shift) String() string {
	if s.IsZero() {
		return ""
	}
	return fmt.Sprintf("%v,%v,%v,%v,%v,%v,%v,%v", s.X, s.Y, s.Z, s.RX, s.RY, s.RZ, s.Scale, s.Rotation)
}

// check is "ingest.crs.shift-implausible" for a parameter beyond its limit; NaN is beyond every limit.
func (s Shift) check() *geo.Problem {
	for _, c := range []struct {
		name         string
		value, limit float64
	}{
		{"dx", s.X, maxTranslation},
		{"dy", s.Y, maxTranslation},
		{"dz", s.Z, maxTranslation},
		{"rx", s.RX, maxRotation},
		{"ry", s.RY, maxRotation},
		{"rz", s.RZ, maxRotation},
		{"scale", s.Scale, maxScale},
	} {
		if !(math.Abs(c.value) <= c.limit) {
			return implausible(c.name, c.value, c.limit)
		}
	}
	return nil
}

func implausible(name string, value, limit float64) *geo.Problem {
	return geo.NewProblem("ingest.crs.shift-implausible", "parameter", name, "value", value, "limit", limit)
}

// vector is geocentric, in metres.
type vector [3]float64

func (v vector) cross(w vector) vector {
	return vector{v[1]*w[2] - v[2]*w[1], v[2]*w[0] - v[0]*w[2], v[0]*w[1] - v[1]*w[0]}
}

// plus is v + k·w.
func (v vector) plus(k float64, w vector) vector {
	return vector{v[0] + k*w[0], v[1] + k*w[1], v[2] + k*w[2]}
}

// omega are the angles in radians in the sense of the position vector.
func (s Shift) omega() vector {
	k := math.Pi / (180 * 3600)
	if s.Rotation == CoordinateFrame {
		k = -k
	}
	return vector{k * s.RX, k * s.RY, k * s.RZ}
}

func (s Shift) forward(v vector) vector {
	return vector{s.X, s.Y, s.Z}.plus(1+s.Scale*1e-6, v.plus(1, s.omega().cross(v)))
}

// inverse undoes forward exactly, not by the parameters of opposite sign: of u = v + Ω × v it is
// v = (u − Ω × u + Ω (Ω·u)) / (1 + Ω²).
func (s Shift) inverse(v vector) vector {
	w := s.omega()
	u := vector{}.plus(1/(1+s.Scale*1e-6), v.plus(-1, vector{s.X, s.Y, s.Z}))
	dot := w[0]*u[0] + w[1]*u[1] + w[2]*u[2]
	square := w[0]*w[0] + w[1]*w[1] + w[2]*w[2]
	return vector{}.plus(1/(1+square), u.plus(-1, w.cross(u)).plus(dot, w))
}

// toCGCS2000 takes degrees on the old ellipsoid, at height zero, to CGCS2000.
func (s Shift) toCGCS2000(p orb.Point, old ellipsoid) orb.Point {
	q, _ := grs80.geodetic(s.forward(old.geocentric(p, 0)))
	return q
}

// fromCGCS2000 inverts toCGCS2000: it looks for the height on CGCS2000 that has height zero on the old ellipsoid. Each
// round leaves 10⁻⁵ of the error.
func (s Shift) fromCGCS2000(p orb.Point, old ellipsoid) orb.Point {
	var q orb.Point
	height := 0.0
	for range 3 {
		var off float64
		q, off = old.geodetic(s.inverse(grs80.geocentric(p, height)))
		height -= off
	}
	return q
}

// geocentric is the vector of a point in degrees and metres above the ellipsoid.
func (e ellipsoid) geocentric(p orb.Point, height float64) vector {
	f := 1 / ellipsoids[e].inverseFlattening
	e2 := f * (2 - f)
	sinB, cosB := math.Sincos(radians(p[1]))
	sinL, cosL := math.Sincos(radians(p[0]))
	n := ellipsoids[e].semiMajor / math.Sqrt(1-e2*sinB*sinB)
	r := (n + height) * cosB
	return vector{r * cosL, r * sinL, (n*(1-e2) + height) * sinB}
}

// geodetic inverts geocentric by B. R. Bowring's formula (Transformation from spatial to geographical coordinates,
// Survey Review 181, 1976), twice: once is good to a micrometre a kilometre above the ellipsoid.
func (e ellipsoid) geodetic(v vector) (p orb.Point, height float64) {
	a, f := ellipsoids[e].semiMajor, 1/ellipsoids[e].inverseFlattening
	e2 := f * (2 - f)
	r := math.Hypot(v[0], v[1])
	tanB := v[2] / (r * (1 - e2))
	for range 2 {
		sin, cos := math.Sincos(math.Atan((1 - f) * tanB))                       // of the reduced latitude
		tanB = (v[2] + e2/(1-f)*a*sin*sin*sin) / math.Max(0, r-e2*a*cos*cos*cos) // 0 at the poles
	}
	lat := math.Atan(tanB)
	sin, cos := math.Sincos(lat)
	height = r*cos + v[2]*sin - a*math.Sqrt(1-e2*sin*sin)
	return orb.Point{degrees(math.Atan2(v[1], v[0])), degrees(lat)}, height
}
