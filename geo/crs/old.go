package crs

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// Shifted is a system on an old datum together with an operator's parameters from that datum to CGCS2000: Beijing 1954
// or Xi'an 1980, in degrees (EPSG:4214, 4610) or in a Gauss-Krüger plane (EPSG:2401–2442, 21413–21423, 21453–21463 and
// 2327–2390), named by code or as the EPSG register and ESRI name them. ToLonLat and FromLonLat apply the parameters.
//
// Errors are "ingest.crs.old-datum" when the shift is zero, "ingest.crs.shift-unneeded" for a system that is on no old
// datum, "ingest.crs.shift-implausible" for parameters that no datum of China can have, and those of Parse.
func Shifted(name string, shift Shift) (System, error) {
	s, ok := oldSystem(name)
	if !ok {
		s, err := Parse(name)
		if err != nil {
			return System{}, err
		}
		return System{}, geo.NewProblem("ingest.crs.shift-unneeded", "system", s.Title())
	}
	if shift.IsZero() {
		return System{}, oldDatum(name)
	}
	if p := shift.check(); p != nil {
		return System{}, p
	}
	s.shift = shift
	if p := s.displaced(); p != nil {
		return System{}, p
	}
	return s, nil
}

// ParseShifted is Shifted with its parameters as ParseShift reads them, and Parse without parameters. Parameters without
// the name of a system are "ingest.crs.shift-without-system".
func ParseShifted(name, parameters string) (System, error) {
	shift, err := ParseShift(parameters)
	switch {
	case err != nil:
		return System{}, err
	case shift.IsZero():
		return Parse(name)
	case strings.TrimSpace(name) == "":
		return System{}, geo.NewProblem("ingest.crs.shift-without-system")
	}
	return Shifted(name, shift)
}

// displaced is the problem with parameters that move the middle of the system by more than the datums can differ, nil
// when they do not: a sign or a unit is wrong.
func (s System) displaced() *geo.Problem {
	at := orb.Point{105, 35}
	if s.width != 0 {
		at[0] = s.meridian
	}
	old := datums[s.datum].ellipsoid
	moved := s.shift.toCGCS2000(at, old)
	east := radians(moved[0]-at[0]) * math.Cos(radians(at[1]))
	metres := math.Hypot(east, radians(moved[1]-at[1])) * semiMajor
	if !(metres <= maxDisplaced) {
		return implausible("distance", math.Round(metres), maxDisplaced)
	}
	return nil
}

// Shift are the operator's parameters of a system made by Shifted, the zero Shift for others.
func (s System) Shift() Shift { return s.shift }

// oldName takes the folded names of the planes and of the degrees on the two datums.
var oldName = regexp.MustCompile(`^(?:gcs)?(xian1980|beijing1954)` +
	`(?:(3)?(?:6)?(?:degree|deg)?(?:gausskruger|gk)(?:zone(\d{1,2})|cm(\d{1,3})e?))?$`)

// oldSystem is the system on an old datum that a code or a name means, without a shift.
func oldSystem(name string) (System, bool) {
	plain := strings.ToLower(strings.TrimSpace(name))
	if m := epsgName.FindStringSubmatch(plain); m != nil {
		code, err := strconv.Atoi(m[1])
		return oldFromEPSG(code), err == nil && !oldFromEPSG(code).IsZero()
	}
	m := oldName.FindStringSubmatch(fold(name))
	if m == nil {
		return System{}, false
	}
	d := xian1980
	if m[1] == "beijing1954" {
		d = beijing1954
	}
	return oldFromName(d, m)
}

func oldFromName(d datum, m []string) (System, bool) {
	width := 6
	if m[2] != "" {
		width = 3
	}
	var s System
	var err error
	switch {
	case m[3] != "":
		zone, _ := strconv.Atoi(m[3]) // two digits at most
		s, err = gaussOn(d, width, zone, true)
	case m[4] != "":
		meridian, _ := strconv.Atoi(m[4]) // three digits at most
		zone, ok := zoneOf(width, float64(meridian))
		if !ok {
			return System{}, false
		}
		s, err = gaussOn(d, width, zone, false)
	default:
		s = System{code: datums[d].code, kind: geographic, datum: d}
	}
	return s, err == nil
}

// oldFromEPSG is the zero System for a code that is none of the two datums'.
func oldFromEPSG(code int) System {
	for _, d := range []datum{beijing1954, xian1980} {
		if code == datums[d].code {
			return System{code: code, kind: geographic, datum: d}
		}
		if s, ok := gaussFromEPSG(d, code); ok {
			return s
		}
	}
	return System{}
}
