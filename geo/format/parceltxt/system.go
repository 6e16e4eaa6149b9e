package parceltxt

import (
	"fmt"
	"math"
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// codeCGCS2000 is the EPSG code of CGCS2000 degrees.
const codeCGCS2000 = 4490

// system enters the reference system that the header and the numbers together name. Nothing is entered when the
// datum or the zone is missing: an operator must say.
func (p *parser) system(parcels []parcel, s *format.Schema) {
	s.DeclaredText = p.header.text()
	f, problem := common(parcels)
	if problem != nil {
		s.DeclaredProblem = problem
		return
	}
	if p.header.system == "" {
		p.notes.Add(0, "ingest.txt.datum-missing")
		return
	}
	datum, err := crs.Parse(p.header.system)
	switch {
	case err != nil || !datum.Accepted():
		s.Declare(datum, err)
	case f.layout == degrees:
		p.degreeSystem(datum, s)
	case f.layout != noLayout:
		p.planeSystem(datum, f, s)
	}
}

// common is how all parcels with a geometry are written. Parcels in different zones cannot share one system.
func common(parcels []parcel) (figures, *geo.Problem) {
	var all figures
	for _, o := range parcels {
		f := o.figures
		f.swapped = false
		if o.geometry == nil {
			continue
		}
		if all.layout == noLayout {
			all = f
		}
		if f.layout != all.layout {
			return f, geo.NewProblem("ingest.txt.parcels-differ")
		}
		if f.zone != all.zone {
			return f, geo.NewProblem("ingest.txt.zones-mixed", "first", all.zone, "second", f.zone)
		}
	}
	return all, nil
}

// degreeSystem accepts degrees only where the header says so: 23.0612 is 23°06′12″ to many surveyors.
func (p *parser) degreeSystem(datum crs.System, s *format.Schema) {
	unit := p.header.unit
	switch {
	case !datum.Geographic():
		s.DeclaredProblem = geo.NewProblem("ingest.txt.degrees", "unit", unit)
	case unit == "" || !p.words.is("unit.degree", unit):
		s.DeclaredProblem = geo.NewProblem("ingest.txt.degrees", "unit", unit)
	default:
		s.Declare(datum, nil)
	}
}

// planeSystem finds the Gauss-Krüger plane: the zone before the eastings, else the one in the header.
func (p *parser) planeSystem(datum crs.System, f figures, s *format.Schema) {
	h := p.header
	switch {
	case h.projection != "" && !p.words.in("projection.gauss", h.projection):
		s.DeclaredProblem = geo.NewProblem("ingest.txt.projection", "projection", clip(h.projection))
		return
	case h.unit != "" && !p.words.is("unit.metre", h.unit):
		s.DeclaredProblem = geo.NewProblem("ingest.txt.unit", "unit", clip(h.unit))
		return
	case datum.Geographic() && datum.EPSG() != codeCGCS2000:
		s.DeclaredProblem = geo.NewProblem("ingest.txt.datum-plane", "system", clip(h.system))
		return
	case !datum.Geographic() && !datum.Gauss():
		s.DeclaredProblem = geo.NewProblem("ingest.txt.projection", "projection", datum.Title())
		return
	}
	width, zone, problem := p.statedZone(datum)
	if problem != nil {
		s.DeclaredProblem = problem
		return
	}
	if f.layout == prefixed {
		found := widthOf(f.zone)
		if zone != 0 && zone != f.zone || width != 0 && width != found {
			s.DeclaredProblem = geo.NewProblem("ingest.txt.zone-mismatch",
				"stated", statement(width, zone), "found", statement(found, f.zone))
			return
		}
		s.Declare(crs.GaussKruger(found, f.zone, true))
		return
	}
	if zone == 0 {
		p.notes.Add(0, "ingest.txt.zone-missing")
		return
	}
	if width == 0 {
		width = widthOf(zone)
	}
	s.Declare(crs.GaussKruger(width, zone, false))
}

// statement writes width and zone as "3°/36", with a question mark for what is not stated.
func statement(width, zone int) string {
	text := func(n int) string {
		if n == 0 {
			return "?"
		}
		return fmt.Sprint(n)
	}
	return text(width) + "°/" + text(zone)
}

// statedZone is what the header says about width and zone, 0 for what it does not say.
func (p *parser) statedZone(datum crs.System) (width, zone int, problem *geo.Problem) {
	width = p.width(p.header.width)
	if n, _, ok := leadingNumber(p.header.zone); ok {
		zone = int(n)
	}
	meridian, _, ok := leadingNumber(p.header.meridian)
	if !ok && zone >= 73 && zone <= 135 { // a central meridian in the place of the zone number
		meridian, ok, zone = float64(zone), true, 0
	}
	if datum.Gauss() {
		return datum.Width(), datum.Zone(), nil
	}
	if !ok || meridian == 0 {
		return width, zone, nil
	}
	byMeridian := zoneOf(width, meridian)
	if byMeridian == 0 {
		return 0, 0, geo.NewProblem("ingest.txt.meridian", "meridian", meridian)
	}
	if zone != 0 && zone != byMeridian {
		return 0, 0, geo.NewProblem("ingest.txt.zone-mismatch",
			"stated", statement(width, zone), "found", statement(width, byMeridian))
	}
	return width, byMeridian, nil
}

// zoneOf is the zone with a central meridian, 3° unless width says 6, 0 when there is none.
func zoneOf(width int, meridian float64) int {
	zone := meridian / 3
	if width == 6 {
		zone = (meridian + 3) / 6
	}
	if zone != math.Trunc(zone) {
		return 0
	}
	return int(zone)
}

// width reads the width of the zones from its figure or Chinese numeral; 0 when it says nothing.
func (p *parser) width(text string) int {
	switch {
	case strings.Contains(text, "3") || p.words.in("numeral.3", text):
		return 3
	case strings.Contains(text, "6") || p.words.in("numeral.6", text):
		return 6
	}
	return 0
}
