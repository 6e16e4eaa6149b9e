package table

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// title is what the lines above a table say, or those between two pages of it: values for the parcel that follows,
// and the reference system.
type title struct {
	values                 map[string]string // by meaning: number, name, owner, area
	areaUnit               string            // what stands in brackets behind the word for the area
	zone, meridian, width  int
	lines                  []string // what bears on the reference system, as delivered
	systemErr              error
	datum                  crs.System
	declared, contradicted bool
}

// take reads a row that is no row of the table: pairs of a word and its value in two cells or in one with a colon,
// and the name of a reference system wherever it stands. It tells whether anything was understood.
func (t *title) take(cells []string) bool {
	understood := false
	for i, cell := range cells {
		cell = trim(cell)
		if cell == "" {
			continue
		}
		key, value := pair(cell)
		if value == "" {
			value = nextCell(cells[i+1:])
		}
		if t.set(key, value) || t.named(cell) {
			understood = true
		}
	}
	return understood
}

// pair divides a cell at its colon or equals sign.
func pair(cell string) (key, value string) {
	i := strings.IndexAny(cell, ":=\uff1a\uff1d")
	if i < 0 {
		return cell, ""
	}
	return trim(cell[:i]), trim(strings.TrimLeft(cell[i:], ":=\uff1a\uff1d"))
}

func nextCell(cells []string) string {
	for _, c := range cells {
		if c = trim(c); c != "" {
			return c
		}
	}
	return ""
}

func (t *title) set(key, value string) bool {
	folded := fold(key)
	for _, m := range []string{"number", "name", "owner", "area"} {
		if is("column."+m, folded) && value != "" {
			if t.values == nil {
				t.values = map[string]string{}
			}
			t.values[m] = value
			if m == "area" {
				t.areaUnit = bracketed(key)
			}
			return true
		}
	}
	n, ok := leadingInt(value)
	for meaning, field := range map[string]*int{"zone": &t.zone, "meridian": &t.meridian, "width": &t.width} {
		if is("title."+meaning, folded) && ok {
			*field = n
			t.note(key + "=" + value)
			return true
		}
	}
	return is("title.system", folded) && t.named(value)
}

// note keeps a line that bears on the reference system; a page repeats those of the first.
func (t *title) note(line string) {
	if line = clip(line); len(t.lines) < headRows && !strings.Contains(strings.Join(t.lines, "; "), line) {
		t.lines = append(t.lines, line)
	}
}

// named takes a cell, or what stands in brackets in it or behind its colon, as the name of a reference system.
func (t *title) named(cell string) bool {
	_, value := pair(cell)
	for _, name := range []string{cell, value, bracketed(cell)} {
		if name == "" || len(name) > 200 {
			continue
		}
		if _, err := strconv.ParseFloat(name, 64); err == nil {
			continue // a number is not the code of a system here
		}
		s, err := crs.Parse(name)
		if err != nil && geo.CodeOf(err) == "ingest.crs.unknown" {
			continue
		}
		t.note(cell)
		differs := t.declared && (s.EPSG() != t.datum.EPSG() || geo.CodeOf(err) != geo.CodeOf(t.systemErr))
		t.contradicted = t.contradicted || differs
		if !t.declared {
			t.datum, t.systemErr, t.declared = s, err, true
		}
		return true
	}
	return false
}

var brackets = regexp.MustCompile(`[(\[]([^()\[\]]*)[)\]]`)

// bracketed is what stands in a text's first brackets.
func bracketed(text string) string {
	if m := brackets.FindStringSubmatch(half(text)); m != nil {
		return trim(m[1])
	}
	return ""
}

func leadingInt(text string) (int, bool) {
	i := 0
	for i < len(text) && i < 4 && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(text[:i])
	return n, err == nil
}

// hectares reads a stated area; its unit stands behind the number or in the brackets of the word for it, and is the
// hectare when there is none, as in the national table of boundary points. NaN when it is no number.
func hectares(value, unit string) float64 {
	i := 0
	for i < len(value) && (value[i] >= '0' && value[i] <= '9' || value[i] == '.') {
		i++
	}
	v, err := strconv.ParseFloat(value[:i], 64)
	if rest := trim(value[i:]); rest != "" {
		unit = rest
	}
	unit = strings.ToLower(half(unit))
	switch {
	case err != nil || math.IsInf(v, 0):
	case unit == "" || is("unit.hectare", unit):
		return v
	case is("unit.mu", unit):
		return v / 15
	case is("unit.square", unit):
		return v / 1e4
	}
	return math.NaN()
}

// declare enters the reference system that the title and the eastings together name; nothing when the datum or the
// zone is missing, for then an operator must say. zone is the number before all eastings, 0 for none; degrees tells
// that the table has longitudes and latitudes.
func (t *title) declare(s *format.Schema, zone int, degrees bool) {
	s.DeclaredText = strings.Join(t.lines, "; ")
	switch {
	case !t.declared:
	case t.contradicted:
		s.DeclaredProblem = geo.NewProblem("ingest.table.systems-differ", "text", s.DeclaredText)
	case t.systemErr != nil || !t.datum.Accepted() || t.datum.Gauss() || degrees:
		s.Declare(t.datum, t.systemErr)
	case t.datum.EPSG() == codeCGCS2000:
		t.plane(s, zone)
	default: // degrees are named, metres are written
		s.DeclaredProblem = geo.NewProblem("ingest.table.datum-plane", "system", t.datum.Title())
	}
}

// codeCGCS2000 is the EPSG code of CGCS2000 degrees.
const codeCGCS2000 = 4490

func (t *title) plane(s *format.Schema, prefix int) {
	stated := t.zone
	if stated == 0 && t.meridian != 0 {
		stated = zoneOf(t.width, t.meridian)
	}
	switch {
	case prefix != 0 && stated != 0 && stated != prefix:
		s.DeclaredProblem = geo.NewProblem("ingest.table.zone-mismatch", "stated", stated, "found", prefix)
	case prefix != 0:
		s.Declare(crs.GaussKruger(widthOf(prefix), prefix, true))
	case stated != 0:
		s.Declare(crs.GaussKruger(widthOf(stated), stated, false))
	}
}

// zoneOf is the zone of a central meridian, 0 when there is none. Of two widths the meridian alone says nothing.
func zoneOf(width, meridian int) int {
	switch {
	case width == 3 && meridian%3 == 0:
		return meridian / 3
	case width == 6 && (meridian+3)%6 == 0:
		return (meridian + 3) / 6
	}
	return 0
}

// widthOf is the width of a zone in China by its number: 13–23 are 6° zones, 25–45 are 3° zones (domain section 7).
func widthOf(zone int) int {
	if zone <= 23 {
		return 6
	}
	return 3
}
