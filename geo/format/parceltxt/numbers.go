package parceltxt

import (
	"greenshield/geo"
	"greenshield/geo/format/rings"
)

// layout is how a parcel writes its coordinates.
type layout int

const (
	noLayout layout = iota
	prefixed        // northing and easting in metres, the easting with the zone number before it
	plain           // the easting without
	degrees
)

// Zone numbers that stand before eastings in China: 13–23 are 6° zones, 25–45 are 3° zones (domain section 7).
const (
	first6, last6 = 13, 23
	first3, last3 = 25, 45
)

// figures says how a pair of numbers is to be read.
type figures struct {
	layout  layout
	swapped bool // the easting or longitude comes first
	zone    int  // before the easting, 0 for none
}

// widthOf is the width of a zone by its number, 0 when it has none in China.
func widthOf(zone int) int {
	switch {
	case zone >= first3 && zone <= last3:
		return 3
	case zone >= first6 && zone <= last6:
		return 6
	}
	return 0
}

// look tells northing from easting by the number of digits: seven for a northing in China, six for an easting, eight
// with the zone number before it.
func look(a, b float64) figures {
	if d, ok := lookDegrees(a, b); ok {
		return d
	}
	if northing(a) {
		if f := easting(b); f.layout != noLayout {
			return f
		}
	}
	if northing(b) {
		if f := easting(a); f.layout != noLayout {
			f.swapped = true
			return f
		}
	}
	return figures{}
}

func northing(v float64) bool { return v >= 1e6 && v < 1e7 }

func easting(v float64) figures {
	switch zone := int(v / 1e6); {
	case v >= 1e5 && v < 1e6:
		return figures{layout: plain}
	case v > 0 && v < 1e8 && widthOf(zone) != 0:
		return figures{layout: prefixed, zone: zone}
	}
	return figures{}
}

// lookDegrees recognises latitude and longitude in China, where they cannot be mistaken for each other.
func lookDegrees(a, b float64) (figures, bool) {
	latitude := func(v float64) bool { return v > 0 && v < 60 }
	longitude := func(v float64) bool { return v > 70 && v < 140 }
	switch {
	case latitude(a) && longitude(b):
		return figures{layout: degrees}, true
	case latitude(b) && longitude(a):
		return figures{layout: degrees, swapped: true}, true
	}
	return figures{}, false
}

// lookAll is how all points of a parcel are written; a problem when they differ or make no sense.
func lookAll(points [][]rings.Vertex) (figures, *geo.Problem) {
	var all figures
	for _, ring := range points {
		for _, v := range ring {
			f := look(v.A, v.B)
			if f.layout == noLayout {
				return f, geo.NewProblem("ingest.txt.numbers", "a", v.A, "b", v.B)
			}
			if all.layout == noLayout {
				all = f
			}
			if f != all {
				return f, geo.NewProblem("ingest.txt.numbers-differ", "a", v.A, "b", v.B)
			}
		}
	}
	return all, nil
}
