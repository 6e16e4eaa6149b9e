package crs

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// Where China's coordinates lie, with a margin for the South China Sea and for planes used beyond their zone.
const (
	chinaWest, chinaEast   = 73.0, 136.0
	chinaSouth, chinaNorth = 3.0, 54.0
	northingMin            = 0.3e6 // of 3° N
	northingMax            = 6.0e6 // of 54° N
	// A northing that nobody takes for an easting: mainland and Hainan, domain section 7.
	mainlandNorthing = 2.0e6
	mercatorEdge     = 20037508.35
	// degreeSlack lets rounded values of ±180° and ±90° pass.
	degreeSlack = 1e-6
	// zoneSlack is how many degrees beyond its zone a plane is used without a word.
	zoneSlack = 0.5
)

// The codes of CheckNumbers that do not forbid the use of a system; see Passable.
const (
	outsideChina = "ingest.crs.outside-china"
	outsideZone  = "ingest.crs.outside-zone"
)

// Passable reports whether a problem of CheckNumbers is a remark only: the numbers are possible in their system,
// though unusual. Every other problem of CheckNumbers means that the system is not the right one.
func Passable(p *geo.Problem) bool {
	return p == nil || p.Code == outsideChina || p.Code == outsideZone
}

// Interpretations are the systems that the numbers of a bound, easting first, could be in, best first: degrees; the
// one Gauss-Krüger plane that the prefix of 8-digit eastings names; all planes without prefix for 6-digit eastings, of
// which only an operator can pick one; Web Mercator of places in China. 8-digit eastings that begin with 13 to 15 are
// possible in a 6° zone and in Web Mercator; both are listed. The list is empty when nothing fits, also when the axes
// are exchanged.
func Interpretations(bound orb.Bound) []System {
	var found []System
	for _, s := range candidates(bound) {
		if possible(s, bound) && (s.kind != pseudoMercator || inChina(lonLatBound(s, bound))) {
			found = append(found, s)
		}
	}
	return found
}

// candidates are systems worth a test, best first.
func candidates(bound orb.Bound) []System {
	list := []System{
		{code: codeCGCS2000, kind: geographic, datum: cgcs2000},
		{code: codeWGS84, kind: geographic, datum: wgs84},
	}
	for _, width := range []int{3, 6} {
		if s, err := GaussKruger(width, prefixOf(bound.Min[0]), true); err == nil {
			list = append(list, s)
		}
	}
	for zone := first3; zone <= last3; zone++ {
		s, _ := GaussKruger(3, zone, false) // in range
		list = append(list, s)
	}
	for zone := first6; zone <= last6; zone++ {
		s, _ := GaussKruger(6, zone, false) // in range
		list = append(list, s)
	}
	return append(list, webMercator())
}

// OfPrefix is the CGCS2000 Gauss-Krüger plane with zones of a width that the zone number before the eastings of a bound
// names; false when they carry none that belongs to such a zone, or when the northings are not China's. It serves
// deliveries whose rows lie in several zones.
func OfPrefix(width int, bound orb.Bound) (System, bool) {
	if bound.IsEmpty() {
		return System{}, false
	}
	zone := prefixOf(bound.Min[0])
	s, err := GaussKruger(width, zone, true)
	return s, err == nil && gaussNumbers(zone, bound)
}

// prefixOf is the zone number before an easting, 0 when it has none; NaN has none.
func prefixOf(easting float64) int {
	if !(easting >= zonePrefix && easting < 100*zonePrefix) {
		return 0
	}
	return int(easting / zonePrefix)
}

// CheckNumbers says whether the numbers of a bound, easting first, can be coordinates in s, nil when they can. An
// empty bound has no numbers and passes. The problems are
//
//	ingest.crs.axes-swapped    they would fit with the axes exchanged
//	ingest.crs.zone-mismatch   eastings begin with another zone than that of s
//	ingest.crs.numbers-differ  they fit other systems, of which "likely" names up to three
//	ingest.crs.numbers-impossible  they fit nothing that is known here
//	ingest.crs.outside-zone    remark: they reach more than half a degree beyond the zone
//	ingest.crs.outside-china   remark: they are possible but not in China
//
// The last two are Passable.
func CheckNumbers(s System, bound orb.Bound) *geo.Problem {
	if bound.IsEmpty() {
		return nil
	}
	switch {
	case possible(s, bound):
		return remarks(s, bound)
	case swapped(s, bound):
		return axesSwapped(s, bound)
	}
	if prefix := prefixOf(bound.Min[0]); otherZone(s, prefix, bound) {
		return geo.NewProblem("ingest.crs.zone-mismatch", "system", s.Title(), "zone", s.zone, "prefix", prefix)
	}
	x, y := printed(bound.Min[0]), printed(bound.Min[1])
	if guess := likely(s, bound); guess != "" {
		return geo.NewProblem("ingest.crs.numbers-differ", "system", s.Title(), "x", x, "y", y, "likely", guess)
	}
	return geo.NewProblem("ingest.crs.numbers-impossible", "system", s.Title(), "x", x, "y", y)
}

func axesSwapped(s System, bound orb.Bound) *geo.Problem {
	return geo.NewProblem("ingest.crs.axes-swapped", "system", s.Title(),
		"x", printed(bound.Min[0]), "y", printed(bound.Min[1]))
}

// possible reports whether numbers can be coordinates in s.
func possible(s System, b orb.Bound) bool {
	switch {
	case s.kind == geographic:
		return withinDegrees(b, 180, 90)
	case withinDegrees(b, 180, 90):
		return false
	case s.kind == pseudoMercator:
		return withinDegrees(b, mercatorEdge, mercatorEdge)
	case s.width != 0:
		own := 0
		if s.Prefixed() {
			own = s.zone
		}
		return gaussNumbers(own, b)
	}
	return s.kind == transverse && withinPlane(s, b)
}

// gaussNumbers reports whether numbers can be northings of China and eastings with a prefix; 0 is no prefix.
func gaussNumbers(prefix int, b orb.Bound) bool {
	return b.Min[1] >= northingMin && b.Max[1] <= northingMax &&
		b.Min[0] >= float64(prefix*zonePrefix) && b.Max[0] < float64((prefix+1)*zonePrefix)
}

// otherZone reports whether the numbers belong to another zone of the same width.
func otherZone(s System, prefix int, b orb.Bound) bool {
	_, err := GaussKruger(s.width, prefix, true)
	return err == nil && prefix != s.zone && gaussNumbers(prefix, b)
}

func withinDegrees(b orb.Bound, x, y float64) bool {
	x, y = x+degreeSlack, y+degreeSlack
	return b.Min[0] >= -x && b.Max[0] <= x && b.Min[1] >= -y && b.Max[1] <= y
}

// withinPlane is generous: a million metres to each side of the false easting, since whole districts are delivered in
// the plane of the zone next to theirs, and any latitude.
func withinPlane(s System, b orb.Bound) bool {
	const half, quadrant = 1_000_000, 10_002_000
	return b.Min[0] >= s.easting-half && b.Max[0] <= s.easting+half &&
		b.Min[1] >= s.northing-quadrant && b.Max[1] <= s.northing+quadrant
}

// likely names the systems other than s that the numbers fit, not more than three, "" when there is none.
func likely(s System, bound orb.Bound) string {
	var names []string
	for _, c := range Interpretations(bound) {
		if c != s && c.code != codeWGS84 {
			names = append(names, c.Title())
		}
	}
	if len(names) > 3 {
		names = append(names[:3], "…")
	}
	return strings.Join(names, ", ")
}

// swapped reports whether the bound would fit, in China, with its axes exchanged. Web Mercator is not asked: a place
// in northern Europe exchanges with one in China.
func swapped(s System, b orb.Bound) bool {
	exchanged := orb.Bound{Min: orb.Point{b.Min[1], b.Min[0]}, Max: orb.Point{b.Max[1], b.Max[0]}}
	switch {
	case s.kind == geographic:
		return inChina(exchanged)
	case s.width != 0:
		return exchanged.Min[1] >= mainlandNorthing && possible(s, exchanged)
	}
	return false
}

// lonLatBound is the bound in degrees; by its corners only, which is exact but for UTM.
func lonLatBound(s System, b orb.Bound) orb.Bound {
	return orb.Bound{Min: s.ToLonLat(b.Min), Max: s.ToLonLat(b.Max)}
}

func inChina(b orb.Bound) bool {
	return b.Min[0] >= chinaWest && b.Max[0] <= chinaEast && b.Min[1] >= chinaSouth && b.Max[1] <= chinaNorth
}

// remarks looks at numbers that are possible in s.
func remarks(s System, bound orb.Bound) *geo.Problem {
	if s.width != 0 {
		return beyondZone(s, bound)
	}
	lonlat := lonLatBound(s, bound)
	if inChina(lonlat) {
		return nil
	}
	if s.kind == geographic && swapped(s, bound) {
		return axesSwapped(s, bound)
	}
	return geo.NewProblem(outsideChina, "system", s.Title(),
		"west", printed(lonlat.Min[0]), "south", printed(lonlat.Min[1]),
		"east", printed(lonlat.Max[0]), "north", printed(lonlat.Max[1]))
}

// beyondZone tests the northern corners, where a metre is most degrees.
func beyondZone(s System, bound orb.Bound) *geo.Problem {
	reach := float64(s.width)/2 + zoneSlack
	west := s.ToLonLat(orb.Point{bound.Min[0], bound.Max[1]})[0] - s.meridian
	east := s.ToLonLat(orb.Point{bound.Max[0], bound.Max[1]})[0] - s.meridian
	if west >= -reach && east <= reach {
		return nil
	}
	return geo.NewProblem(outsideZone, "system", s.Title(), "zone", s.zone,
		"west", printed(s.meridian+west), "east", printed(s.meridian+east))
}

// printed is a coordinate for a sentence: micrometres or 10 cm of a degree, and no exponent.
func printed(v float64) string { return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64) }
