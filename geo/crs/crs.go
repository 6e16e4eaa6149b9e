// Package crs names reference systems and transforms coordinates between them and CGCS2000 degrees. It knows the
// systems in which Chinese authorities deliver (CGCS2000 geographic and Gauss-Krüger, WGS 84, Web Mercator), a few
// foreign ones, and those that must be refused: the old datums, whose shift parameters are classified, unless an
// operator gives some (see Shifted), and the obfuscated GCJ-02 and BD-09. It never guesses: a system that it does not
// know is an error, and systems are recognised by their parameters, not by their name.
//
// Points have the easting or longitude first, whatever the order of a system's axes in its definition. No other datum
// shift is ever applied: WGS 84 agrees with CGCS2000 within decimetres, continental frames within a metre or two, and
// the Notes of a System say so.
package crs

import (
	"fmt"

	"greenshield/geo"
)

// System is a reference system. It is a comparable value; the zero System is none and transforms nothing.
type System struct {
	code  int // EPSG, 0 when it has none that this package knows
	kind  kind
	datum datum

	// width and zone are of the Chinese Gauss-Krüger zone, 0 for everything else.
	width, zone int
	// Of a transverse Mercator plane: central meridian in degrees, scale there, and false origin in metres.
	meridian, scale, easting, northing float64
	// shift takes an old datum to CGCS2000; zero on every other.
	shift Shift
}

type kind uint8

const (
	none kind = iota
	geographic
	transverse
	pseudoMercator
)

// The easting of the central meridian of a Gauss-Krüger zone, and what a zone number before it adds.
const (
	centre     = 500_000
	zonePrefix = 1_000_000
)

// First and last zones that the EPSG register lists for China: 3° zones 25–45 and 6° zones 13–23. The ranges do not
// overlap, so that a prefix tells its width.
const (
	first3, last3 = 25, 45
	first6, last6 = 13, 23
)

// gaussBases plus the zone are the EPSG codes of Gauss-Krüger planes, with the zone before the easting and without ("CM"
// in their names): on CGCS2000 4513–4533, 4534–4554, 4491–4501 and 4502–4512.
type gaussBases struct{ prefixed3, plain3, prefixed6, plain6 int }

var gaussCodes = [...]gaussBases{
	cgcs2000:    {4488, 4509, 4478, 4489},
	xian1980:    {2324, 2345, 2314, 2325},
	beijing1954: {2376, 2397, 21400, 21440},
}

const (
	codeCGCS2000    = 4490
	codeWGS84       = 4326
	codeWebMercator = 3857
	utmNorth        = 32600
	utmSouth        = 32700
	utmZones        = 60
)

// GaussKruger is a Chinese Gauss-Krüger plane on CGCS2000: width 3 or 6 degrees, zone 25–45 or 13–23. Prefixed
// planes write the zone number before the easting. An impossible zone is "ingest.crs.zone-invalid".
func GaussKruger(width, zone int, prefixed bool) (System, error) {
	return gaussOn(cgcs2000, width, zone, prefixed)
}

// gaussOn is GaussKruger on one of the datums that gaussCodes has.
func gaussOn(d datum, width, zone int, prefixed bool) (System, error) {
	s := System{kind: transverse, datum: d, width: width, zone: zone, scale: 1, easting: centre}
	base, withPrefix := gaussCodes[d], 0
	switch {
	case width == 3 && zone >= first3 && zone <= last3:
		s.code, withPrefix, s.meridian = base.plain3+zone, base.prefixed3+zone, float64(3*zone)
	case width == 6 && zone >= first6 && zone <= last6:
		s.code, withPrefix, s.meridian = base.plain6+zone, base.prefixed6+zone, float64(6*zone-3)
	default:
		return System{}, geo.NewProblem("ingest.crs.zone-invalid", "width", width, "zone", zone)
	}
	if prefixed {
		s.code = withPrefix
		s.easting += float64(zone * zonePrefix)
	}
	return s, nil
}

// FromEPSG is the system with an EPSG code; also 900913 and other old codes of Web Mercator. Its errors are
// "ingest.crs.old-datum" for Beijing 1954, New Beijing and Xi'an 1980, and "ingest.crs.unknown" for everything else
// that is not supported.
func FromEPSG(code int) (System, error) {
	switch code {
	case codeWebMercator, 900913, 3785, 102100, 102113:
		return webMercator(), nil
	}
	if s, ok := gaussFromEPSG(cgcs2000, code); ok {
		return s, nil
	}
	if s, ok := utmFromEPSG(code); ok {
		return s, nil
	}
	for d := cgcs2000; d < datumEnd; d++ {
		if code != 0 && datums[d].code == code {
			return System{code: code, kind: geographic, datum: d}, nil
		}
	}
	name := fmt.Sprintf("EPSG:%d", code)
	if oldDatumCode(code) {
		return System{}, oldDatum(name)
	}
	return System{}, unknown(name)
}

func webMercator() System {
	return System{code: codeWebMercator, kind: pseudoMercator, datum: wgs84}
}

func gaussFromEPSG(d datum, code int) (System, bool) {
	base := gaussCodes[d]
	for _, family := range []struct {
		base, width int
		prefixed    bool
	}{{base.prefixed3, 3, true}, {base.plain3, 3, false}, {base.prefixed6, 6, true}, {base.plain6, 6, false}} {
		s, err := gaussOn(d, family.width, code-family.base, family.prefixed)
		if err == nil {
			return s, true
		}
	}
	return System{}, false
}

func utmFromEPSG(code int) (System, bool) {
	zone, northing := code-utmNorth, 0.0
	if code > utmSouth {
		zone, northing = code-utmSouth, 10_000_000
	}
	if zone < 1 || zone > utmZones {
		return System{}, false
	}
	return System{
		code: code, kind: transverse, datum: wgs84,
		meridian: float64(6*zone - 183), scale: 0.9996, easting: 500_000, northing: northing,
	}, true
}

// oldDatumCode reports whether an EPSG code is on Beijing 1954 (4214), New Beijing (4555) or Xi'an 1980 (4610).
func oldDatumCode(code int) bool {
	for _, r := range [][2]int{
		{4214, 4214},
		{4555, 4555},
		{4610, 4610},
		{2327, 2390}, // Xi'an 1980, 6° and 3°
		{2401, 2442},
		{21413, 21423},
		{21453, 21463},
		{21473, 21483}, // Beijing 1954
		{4568, 4589},
		{4652, 4656},
		{4766, 4800},
		{4812, 4812},
		{4822, 4822}, // New Beijing
	} {
		if code >= r[0] && code <= r[1] {
			return true
		}
	}
	return false
}

func unknown(name string) *geo.Problem { return named("ingest.crs.unknown", name) }

func oldDatum(name string) *geo.Problem { return named("ingest.crs.old-datum", name) }

func obfuscated(name string) *geo.Problem { return named("ingest.crs.obfuscated", name) }

func named(code, name string) *geo.Problem {
	name = brief(name)
	if name == "" {
		name = "?"
	}
	return geo.NewProblem(code, "name", name)
}

// IsZero reports whether s is no system at all.
func (s System) IsZero() bool { return s.kind == none }

// EPSG is the code, 0 when s has none that this package knows.
func (s System) EPSG() int { return s.code }

// String is "EPSG:4524", which Parse reads; systems without a code give their title, the zero System "". Those on an old
// datum have their parameters behind the code, "EPSG:2360 (1.5,2,3,0,0,0,0,coordinate-frame)".
func (s System) String() string {
	switch {
	case s.datum.old():
		return fmt.Sprintf("EPSG:%d (%v)", s.code, s.shift)
	case s.code != 0:
		return fmt.Sprintf("EPSG:%d", s.code)
	}
	return s.Title()
}

// Title is the name for people, in the wording of the EPSG register.
func (s System) Title() string {
	name := datums[s.datum].title
	switch {
	case s.kind == none:
		return ""
	case s.kind == geographic:
		return name
	case s.kind == pseudoMercator:
		return "WGS 84 / Pseudo-Mercator"
	case s.width != 0:
		return gaussTitle(s)
	case s.utm() && s.northing == 0:
		return fmt.Sprintf("%s / UTM zone %.0fN", name, (s.meridian+183)/6)
	case s.utm():
		return fmt.Sprintf("%s / UTM zone %.0fS", name, (s.meridian+183)/6)
	}
	return fmt.Sprintf("%s / Transverse Mercator (meridian %g, scale %g, false easting %.0f, false northing %.0f)",
		name, s.meridian, s.scale, s.easting, s.northing)
}

func (s System) utm() bool {
	_, ok := utmFromEPSG(s.code)
	return ok
}

func gaussTitle(s System) string {
	family := "Gauss-Kruger"
	if s.width == 3 {
		family = "3-degree Gauss-Kruger"
	}
	name := "CGCS2000"
	if s.datum.old() {
		name = datums[s.datum].title
	}
	if s.Prefixed() {
		return fmt.Sprintf("%s / %s zone %d", name, family, s.zone)
	}
	return fmt.Sprintf("%s / %s CM %gE", name, family, s.meridian)
}

// Geographic reports whether coordinates are degrees.
func (s System) Geographic() bool { return s.kind == geographic }

// Gauss reports whether s is a Chinese Gauss-Krüger plane on CGCS2000 (EPSG:4491–4554). On an old datum it is not, as the
// official procedure of areas has no say there; Width tells such planes.
func (s System) Gauss() bool { return s.width != 0 && s.datum == cgcs2000 }

// CentralMeridian of a transverse Mercator plane in degrees east, 0 for others.
func (s System) CentralMeridian() float64 { return s.meridian }

// FalseEasting of a transverse Mercator plane in metres, with the zone prefix; 0 for others.
func (s System) FalseEasting() float64 { return s.easting }

// Width is 3 or 6 degrees for a Gauss-Krüger plane on whatever datum, 0 for others.
func (s System) Width() int { return s.width }

// Zone is the number of a Gauss-Krüger zone, also when its eastings carry no prefix; 0 for others.
func (s System) Zone() int { return s.zone }

// Prefixed reports whether eastings of a Gauss-Krüger plane begin with the zone number.
func (s System) Prefixed() bool { return s.width != 0 && s.easting > zonePrefix }

// Accepted reports whether a file in s may be taken as it is: EPSG:4490, 4326, 3857 and 4491–4554. Other systems are
// understood, but only an operator who says so explicitly may have them treated as CGCS2000.
func (s System) Accepted() bool {
	switch s.kind {
	case geographic:
		return s.datum == cgcs2000 || s.datum == wgs84
	case transverse:
		return s.Gauss()
	}
	return s.kind == pseudoMercator
}

// Refusal is the problem with a file in a system that is understood but not accepted, nil when s is accepted.
func (s System) Refusal() *geo.Problem {
	if s.Accepted() {
		return nil
	}
	return geo.NewProblem("ingest.crs.not-accepted", "system", s.Title())
}

// Notes are what an operator should know about using s, none for CGCS2000 itself.
func (s System) Notes() []*geo.Problem {
	switch {
	case s.kind == none || s.datum == cgcs2000:
		return nil
	case s.datum.old():
		return []*geo.Problem{geo.NewProblem("ingest.crs.shifted", "system", s.Title(), "shift", s.shift.String())}
	case s.datum == wgs84:
		return []*geo.Problem{geo.NewProblem("ingest.crs.wgs84-as-cgcs2000", "system", s.Title())}
	}
	return []*geo.Problem{geo.NewProblem("ingest.crs.other-as-cgcs2000", "system", s.Title())}
}
