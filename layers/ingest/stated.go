package ingest

import (
	"math"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
)

// stated compares the areas, or lengths of lines, that the delivery itself states with those that were measured. No field
// says its unit: rows are compared in every unit, and which one is meant follows from the totals.
type stated struct {
	rows                      int
	total, measured, rounding float64
	areas, lengths            []inUnit
}

// inUnit is what the rows say if the sizes are in this unit.
type inUnit struct {
	unit
	wrong occurrence
	worst statedRow
	off   float64 // of the worst row, square metres or metres
}

type statedRow struct {
	row              int64
	stated, measured float64 // as stated; square metres or metres
	rounding         float64 // half a unit of the last decimal that is stated
}

// Stated and measured sizes may differ by a part of 0.5 % and, of a row, by 1 m² or 1 m without a word.
const (
	statedPart  = 0.005
	statedLeast = 1.0
)

// unit is a unit in which areas or lengths are stated.
type unit struct {
	name string
	size float64 // in square metres or metres
}

// The units that deliveries state sizes in. 1 hm² = 15 mu.
var (
	lengthUnits = []unit{{"m", 1}, {"km", 1000}}
	areaUnits   = []unit{{"m²", 1}, {"hm²", 1e4}, {"mu", 1e4 / 15.0}, {"km²", 1e6}}
)

func inUnits(units []unit) []inUnit {
	in := make([]inUnit, len(units))
	for i, u := range units {
		in[i].unit = u
	}
	return in
}

// add takes a row. Shorelines state lengths, also where they are delivered as polygons, whose length along the bank is not
// known here.
func (s *stated) add(t layers.Theme, k kept) {
	text := k.roles[layers.Stated]
	size, ok := number(text)
	line := k.length > 0
	if !ok || size == 0 || !line && (t == layers.Shoreline || t == layers.Bankline) {
		return
	}
	measured := float64(k.area)
	if line {
		measured = float64(k.length)
	}
	s.compare(statedRow{k.row, size, measured, rounding(text)})
}

func (s *stated) compare(r statedRow) {
	if s.rows == 0 {
		s.areas, s.lengths = inUnits(areaUnits), inUnits(lengthUnits)
	}
	s.rows++
	s.total += r.stated
	s.measured += r.measured
	s.rounding += r.rounding
	for i := range s.areas {
		s.areas[i].compare(r)
	}
	for i := range s.lengths {
		s.lengths[i].compare(r)
	}
}

func (u *inUnit) compare(r statedRow) {
	off := math.Abs(r.stated*u.size - r.measured)
	if off <= max(statedLeast, statedPart*r.measured)+r.rounding*u.size {
		return
	}
	u.wrong.add(r.row)
	if off > u.off {
		u.worst, u.off = r, off
	}
}

// rounding is half a unit of the last decimal of a figure.
func rounding(figure string) float64 {
	_, decimals, _ := strings.Cut(strings.TrimSpace(figure), ".")
	return 0.5 * math.Pow10(-len(decimals))
}

// tell compares the totals, and says which rows differ. The unit whose total is nearest is taken, named, and nothing but
// this comparison depends on it.
func (s *stated) tell(f *Findings) {
	if s.rows == 0 {
		return
	}
	units := s.areas
	if f.Length > 0 {
		units = s.lengths
	}
	u := nearest(units, s.total, s.measured)
	severity, code := layers.Note, "ingest.stated.total"
	if math.Abs(s.total*u.size-s.measured) > statedPart*s.measured+s.rounding*u.size {
		severity, code = layers.Warning, "ingest.stated.total-differs"
	}
	f.note(0, severity, geo.NewProblem(code, "field", f.Mapping[layers.Stated], "stated", figure(s.total), "unit", u.name,
		"measured", figure(s.measured/u.size), "part", strconv.FormatFloat(100*(s.total*u.size/s.measured-1), 'f', 2, 64),
		"rows", s.rows))
	if w := u.wrong; w.rows > 0 {
		f.note(w.row, layers.Warning, geo.NewProblem("ingest.stated.rows-differ", "rows", w.rows, "row", w.row,
			"worst", u.worst.row, "stated", figure(u.worst.stated), "unit", u.name, "measured", figure(u.worst.measured/u.size)))
	}
}

// nearest is the unit in which a total comes nearest to what was measured.
func nearest(units []inUnit, total, measured float64) inUnit {
	best, least := units[0], math.Inf(1)
	for _, u := range units {
		if d := math.Abs(math.Log(total * u.size / measured)); d < least { // NaN of a negative total is never less
			best, least = u, d
		}
	}
	return best
}

func figure(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
