package ingest

import (
	"math"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
)

// stated holds the areas, or lengths of lines, that the delivery itself states against those that were measured.
type stated struct {
	rows []statedRow
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

// unitsOf are the units that deliveries state sizes in. 1 hm² = 15 mu.
func unitsOf(lines bool) []unit {
	if lines {
		return []unit{{"m", 1}, {"km", 1000}}
	}
	return []unit{{"m²", 1}, {"hm²", 1e4}, {"mu", 1e4 / 15.0}, {"km²", 1e6}}
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
	s.rows = append(s.rows, statedRow{k.row, size, measured, rounding(text)})
}

// rounding is half a unit of the last decimal of a figure.
func rounding(figure string) float64 {
	_, decimals, _ := strings.Cut(strings.TrimSpace(figure), ".")
	return 0.5 * math.Pow10(-len(decimals))
}

// tell compares the totals, and the rows one by one. No field says its unit: the one whose total is nearest is taken,
// named, and nothing but this comparison depends on it.
func (s *stated) tell(f *Findings) {
	if len(s.rows) == 0 {
		return
	}
	var total, measured, rounding float64
	for _, r := range s.rows {
		total += r.stated
		measured += r.measured
		rounding += r.rounding
	}
	u := nearest(unitsOf(f.Length > 0), total, measured)
	severity, code := layers.Note, "ingest.stated.total"
	if math.Abs(total*u.size-measured) > statedPart*measured+rounding*u.size {
		severity, code = layers.Warning, "ingest.stated.total-differs"
	}
	f.note(0, severity, geo.NewProblem(code, "field", f.Mapping[layers.Stated], "stated", figure(total), "unit", u.name,
		"measured", figure(measured/u.size), "part", strconv.FormatFloat(100*(total*u.size/measured-1), 'f', 2, 64),
		"rows", len(s.rows)))
	var wrong occurrence
	worst := statedRow{}
	for _, r := range s.rows {
		off := math.Abs(r.stated*u.size - r.measured)
		if off <= max(statedLeast, statedPart*r.measured)+r.rounding*u.size {
			continue
		}
		wrong.add(r.row)
		if off > math.Abs(worst.stated*u.size-worst.measured) {
			worst = r
		}
	}
	if wrong.rows > 0 {
		f.note(wrong.row, layers.Warning, geo.NewProblem("ingest.stated.rows-differ", "rows", wrong.rows, "row", wrong.row,
			"worst", worst.row, "stated", figure(worst.stated), "unit", u.name, "measured", figure(worst.measured/u.size)))
	}
}

// nearest is the unit in which a total comes nearest to what was measured.
func nearest(units []unit, total, measured float64) unit {
	best, least := units[0], math.Inf(1)
	for _, u := range units {
		if d := math.Abs(math.Log(total * u.size / measured)); d < least { // NaN of a negative total is never less
			best, least = u, d
		}
	}
	return best
}

func figure(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
