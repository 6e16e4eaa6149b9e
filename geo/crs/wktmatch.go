package crs

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"greenshield/geo"
)

// FromWKT is the system that a WKT describes: WKT 1 as OGC or ESRI write it, and WKT 2 where it says the same. It is
// matched by method, parameters, ellipsoid and units. The datum is taken by its name, because CGCS2000 and others
// share an ellipsoid, and never against the ellipsoid. A declared EPSG code that the parameters contradict, or a
// zone prefix that the central meridian contradicts, is "ingest.crs.contradictory"; the other errors are those of
// Parse, malformed text being "ingest.crs.unknown".
func FromWKT(wkt string) (System, error) {
	root, err := readWKT(wkt)
	if err != nil {
		return System{}, unknown(wkt).Because(err)
	}
	crs := root.find("PROJCS", "PROJCRS", "PROJECTEDCRS")
	if crs == nil {
		crs = root.find("GEOGCS", "GEOGCRS", "GEODCRS", "GEOGRAPHICCRS", "GEODETICCRS")
	}
	if crs == nil || root.keyword == "FITTED_CS" {
		return System{}, unknown(wkt).Because(fmt.Errorf("%s is no reference system on the Earth", brief(root.keyword)))
	}
	s, err := fromNode(crs)
	if err != nil {
		return System{}, err
	}
	return agree(s, crs)
}

// agree checks a declared code of ours against what the parameters say. Two codes for one plane agree: EPSG:4507 and
// 4544 both are Gauss-Krüger about 105° E. A code also stands in for a datum that is not named.
func agree(s System, crs *node) (System, error) {
	code := authorityCode(crs)
	declared, err := FromEPSG(code)
	switch {
	case oldDatumCode(code):
		return System{}, contradictory(crs, fmt.Sprintf("EPSG:%d", code))
	case err != nil || declared == s:
		return s, nil
	}
	same := declared
	same.code, same.width, same.zone = s.code, s.width, s.zone
	if s.datum == otherGRS80 || s.datum == otherWGS84 {
		same.datum = s.datum
	}
	if same == s && datums[declared.datum].ellipsoid == datums[s.datum].ellipsoid {
		return declared, nil
	}
	return System{}, contradictory(crs, fmt.Sprintf("EPSG:%d", code))
}

// authorityCode is the EPSG code that a WKT claims for its outermost system, 0 when it claims none.
func authorityCode(crs *node) int {
	id := crs.child("AUTHORITY", "ID")
	if !strings.EqualFold(id.name(), "EPSG") {
		return 0
	}
	if number, ok := id.number(0); ok && number > 0 && number < 1e9 {
		return int(number)
	}
	if len(id.texts) < 2 {
		return 0
	}
	code, err := strconv.Atoi(id.texts[1])
	if err != nil {
		return 0 // not a number: as good as no code
	}
	return code
}

func contradictory(crs *node, declared string) error {
	return geo.NewProblem("ingest.crs.contradictory", "name", brief(crs.name()), "declared", declared)
}

func fromNode(crs *node) (System, error) {
	if !eastAndNorth(crs) {
		return System{}, unreadable(crs, "its axes do not point east and north")
	}
	d, err := datumOf(crs)
	if err != nil {
		return System{}, err
	}
	if strings.HasPrefix(crs.keyword, "GEO") {
		if !isDegree(crs) || d == sphere {
			return System{}, unreadable(crs, "it is not in degrees on an ellipsoid")
		}
		return System{code: datums[d].code, kind: geographic, datum: d}, nil
	}
	base := crs.find("GEOGCS", "BASEGEOGCRS", "BASEGEODCRS")
	if !isMetre(crs) || base.child("UNIT", "ANGLEUNIT") != nil && !isDegree(base) {
		return System{}, unreadable(crs, "its units are not the metre and the degree")
	}
	return projected(crs, d)
}

// unreadable is "ingest.crs.unknown" with the reason for the log.
func unreadable(crs *node, format string, args ...any) error {
	return unknown(crs.name()).Because(fmt.Errorf(format, args...))
}

// eastAndNorth is false when an axis points south or west, as in South Africa's survey planes.
func eastAndNorth(crs *node) bool {
	for i := range crs.nodes {
		if crs.nodes[i].keyword != "AXIS" {
			continue
		}
		for _, w := range crs.nodes[i].words {
			if w == "SOUTH" || w == "WEST" {
				return false
			}
		}
	}
	return true
}

func projected(crs *node, d datum) (System, error) {
	method := crs.find("PROJECTION", "METHOD")
	p, ok := parameters(crs)
	if !ok || method == nil {
		return System{}, unreadable(crs, "its projection is not readable")
	}
	switch fold(method.name()) {
	case "transversemercator", "gausskruger", "gausskrueger", "transversemercatorcomplex":
		return transverseMercator(crs, d, p)
	case "mercatorauxiliarysphere", "popularvisualisationpseudomercator":
		return pseudo(crs, d, p)
	case "mercator1sp", "mercator", "mercatorvarianta":
		if spherical(crs) {
			return pseudo(crs, d, p)
		}
	}
	return System{}, unreadable(crs, "projection %q", brief(method.name()))
}

// spherical reports whether a Mercator projection is meant on the sphere: GDAL says so in an extension, the oldest
// files by an ellipsoid without flattening, and some by nothing but the code.
func spherical(crs *node) bool {
	if authorityCode(crs) == codeWebMercator {
		return true
	}
	if _, inverse, ok := ellipsoidOf(crs); ok && inverse == 0 {
		return true
	}
	e := crs.child("EXTENSION")
	return e != nil && strings.Contains(strings.Join(e.texts, " "), "+a=6378137 +b=6378137")
}

// pseudo accepts Web Mercator with all parameters zero, on the datums of Web maps.
func pseudo(crs *node, d datum, p map[string]float64) (System, error) {
	for name, v := range p {
		if name == "scale" && v == 1 {
			continue
		}
		if v != 0 {
			return System{}, unreadable(crs, "Web Mercator with %s %g", name, v)
		}
	}
	if d != wgs84 && d != cgcs2000 && d != otherWGS84 && d != sphere {
		return System{}, unreadable(crs, "Web Mercator on %s", datums[d].title)
	}
	return webMercator(), nil
}

// transverseMercator makes the plane and finds its code.
func transverseMercator(crs *node, d datum, p map[string]float64) (System, error) {
	s := System{
		kind: transverse, datum: d,
		meridian: p["meridian"], scale: 1, easting: p["easting"], northing: p["northing"],
	}
	if k, ok := p["scale"]; ok {
		s.scale = k
	}
	_, hasMeridian := p["meridian"]
	_, hasEasting := p["easting"]
	if !hasMeridian || !hasEasting || p["latitude"] != 0 || !(s.scale > 0.9 && s.scale < 1.1) ||
		d == sphere || !near(s.meridian, 0, 360) || !near(s.easting, 0, 1e9) || !near(s.northing, 0, 1e9) {
		return System{}, unreadable(crs, "transverse Mercator with %v", p)
	}
	if d == cgcs2000 && s.scale == 1 && s.northing == 0 {
		return gauss(crs, s)
	}
	return withUTMCode(s), nil
}

func withUTMCode(s System) System {
	zone := int(s.meridian+183) / 6
	for _, code := range []int{utmNorth + zone, utmSouth + zone} {
		u, ok := utmFromEPSG(code)
		same := s
		same.code = code
		if ok && u == same {
			return u
		}
	}
	return s
}

// gauss finds the Chinese zone of a plane on CGCS2000 at scale 1. A plane with another origin – local planes are
// common – is understood but has no zone.
func gauss(crs *node, s System) (System, error) {
	if s.easting == centre {
		return plainGauss(crs, s), nil
	}
	zone := int(math.Floor(s.easting / zonePrefix))
	if s.easting-float64(zone*zonePrefix) != centre {
		return s, nil
	}
	for _, width := range []int{3, 6} {
		g, err := GaussKruger(width, zone, true)
		if err == nil && g.meridian == s.meridian {
			return g, nil
		}
	}
	if zone >= first6 && zone <= last3 {
		return System{}, contradictory(crs, fmt.Sprintf("%.0f", s.easting))
	}
	return s, nil
}

// plainGauss is the plane without a zone prefix. Where 3° and 6° zones share their meridian the planes are equal, and
// only the name or the code (see agree) tells which was meant.
func plainGauss(crs *node, s System) System {
	widths := []int{3, 6}
	name := fold(crs.name())
	if strings.HasPrefix(name, "cgcs2000gk") || strings.Contains(name, "6degree") ||
		strings.HasPrefix(name, "cgcs2000gausskruger") {
		widths = []int{6, 3}
	}
	for _, width := range widths {
		if zone, ok := zoneOf(width, s.meridian); ok {
			g, _ := GaussKruger(width, zone, false) // zoneOf has made it once
			return g
		}
	}
	return s
}
