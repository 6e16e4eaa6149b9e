package crs

import (
	"math"
	"strings"
)

// datumOf finds the datum by its name and checks it against the ellipsoid and the prime meridian. The ellipsoids of
// Krassovsky and of IAG 1975 mark the old datums whatever the name.
func datumOf(crs *node) (datum, error) {
	a, inverse, ok := ellipsoidOf(crs)
	if !ok {
		return noDatum, unreadable(crs, "it names no ellipsoid")
	}
	for _, n := range allNames(crs) {
		if err := refused(crs.name(), n); err != nil {
			return noDatum, err
		}
	}
	if near(a, 6378245, 0.5) || near(a, 6378140, 0.5) {
		return noDatum, oldDatum(crs.name())
	}
	if primeMeridian := crs.find("PRIMEM"); primeMeridian != nil {
		if v, ok := primeMeridian.number(0); !ok || v != 0 {
			return noDatum, unreadable(crs, "prime meridian %g", v)
		}
	}
	if shifted(crs) || !near(a, semiMajor, 0.001) {
		return noDatum, unreadable(crs, "ellipsoid %g, %g", a, inverse)
	}
	return datumByName(crs, inverse)
}

// datumByName trusts a name only on an ellipsoid that fits; CGCS2000 and WGS 84 are often written with each other's
// flattening, which moves no point by more than 0.1 mm.
func datumByName(crs *node, inverse float64) (datum, error) {
	onGRS, onWGS := near(inverse, inverseFlattening, 2e-7), near(inverse, inverseFlatteningWGS, 2e-7)
	if inverse == 0 {
		return sphere, nil
	}
	if !onGRS && !onWGS {
		return noDatum, unreadable(crs, "flattening 1/%g", inverse)
	}
	for _, name := range datumNames(crs) {
		if d, ok := datumNamed(name); ok {
			return d, nil
		}
	}
	if onWGS {
		return otherWGS84, nil
	}
	return otherGRS80, nil
}

func datumNamed(folded string) (datum, bool) {
	for d := cgcs2000; d < datumEnd; d++ {
		for _, w := range datums[d].words {
			if strings.Contains(folded, w) {
				return d, true
			}
		}
	}
	return noDatum, false
}

// allNames are the folded names of the datum, the geographic system, the ellipsoid and the system itself.
func allNames(crs *node) []string {
	return []string{
		fold(crs.find("DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE").name()),
		fold(crs.find("GEOGCS", "GEOGCRS", "BASEGEOGCRS", "BASEGEODCRS", "GEODCRS").name()),
		fold(crs.find("SPHEROID", "ELLIPSOID").name()),
		fold(crs.name()),
	}
}

// datumNames are the names that tell the datum: its own, or when that says nothing those of the geographic system and
// the ellipsoid. A datum with a name of its own on the ellipsoid called WGS 84 is not the datum WGS 84.
func datumNames(crs *node) []string {
	names := allNames(crs)
	switch strings.TrimPrefix(names[0], "d") {
	case "", "unknown", "userdefined", "unnamed", "custom":
		return names[1:3]
	}
	if strings.Contains(names[0], "notspecified") {
		return names[1:3]
	}
	return names[:1]
}

func ellipsoidOf(crs *node) (a, inverse float64, ok bool) {
	e := crs.find("SPHEROID", "ELLIPSOID")
	a, okA := e.number(0)
	inverse, okF := e.number(1)
	return a, inverse, okA && okF
}

// shifted reports whether the WKT says that its datum differs from WGS 84.
func shifted(crs *node) bool {
	t := crs.find("TOWGS84")
	if t == nil {
		return false
	}
	for _, v := range t.numbers {
		if v != 0 {
			return true
		}
	}
	return false
}

// parameters are the projection's parameters by our names; ok is false when one is not known or has no number.
func parameters(crs *node) (map[string]float64, bool) {
	holder := crs
	if c := crs.child("CONVERSION"); c != nil {
		holder = c
	}
	p := map[string]float64{}
	for i := range holder.nodes {
		n := &holder.nodes[i]
		if n.keyword != "PARAMETER" {
			continue
		}
		name := parameterName(fold(n.name()))
		v, ok := n.number(0)
		if !ok || name == "" || !unitIsPlain(n) {
			return nil, false
		}
		p[name] = v
	}
	return p, true
}

func parameterName(folded string) string {
	switch folded {
	case "centralmeridian", "longitudeoforigin", "longitudeofnaturalorigin", "longitudeofcenter":
		return "meridian"
	case "latitudeoforigin", "latitudeofnaturalorigin", "latitudeofcenter":
		return "latitude"
	case "scalefactor", "scalefactoratnaturalorigin":
		return "scale"
	case "falseeasting":
		return "easting"
	case "falsenorthing":
		return "northing"
	case "standardparallel1", "latitudeof1ststandardparallel":
		return "parallel"
	case "auxiliaryspheretype":
		return "sphere"
	}
	return ""
}

// unitIsPlain reports whether a WKT 2 parameter is in degrees, metres or a plain number.
func unitIsPlain(parameter *node) bool {
	for _, u := range parameter.nodes {
		v, ok := u.number(0)
		switch u.keyword {
		case "ANGLEUNIT":
			if !ok || !near(v, math.Pi/180, 1e-9) {
				return false
			}
		case "LENGTHUNIT", "SCALEUNIT":
			if !ok || v != 1 {
				return false
			}
		}
	}
	return true
}

func isDegree(crs *node) bool {
	v, ok := unitOf(crs, "ANGLEUNIT")
	return ok && near(v, math.Pi/180, 1e-9)
}

func isMetre(crs *node) bool {
	v, ok := unitOf(crs, "LENGTHUNIT")
	return ok && near(v, 1, 1e-9)
}

// unitOf is the factor of a system's own unit; WKT 2 may give it for each axis instead.
func unitOf(crs *node, keyword string) (float64, bool) {
	if u := crs.child("UNIT", keyword); u != nil {
		return u.number(0)
	}
	return crs.child("AXIS").child("UNIT", keyword).number(0)
}

func near(v, want, tolerance float64) bool { return math.Abs(v-want) <= tolerance }
