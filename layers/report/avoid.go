package report

import (
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
)

// Ordinate is a plane coordinate in metres, printed with four decimals and without grouping: a tenth of a millimetre.
type Ordinate float64

// avoidSheets are those on how conflicts can be avoided; none without suggestions.
func (b *conflictBook) avoidSheets() {
	if len(b.suggestions) == 0 {
		return
	}
	b.avoidance()
	b.avoidPoints()
}

// avoidance has a row for every cut. What is kept and what is given up add up to the parcel as it is printed.
func (b *conflictBook) avoidance() {
	s := b.sheet(heading{
		id: "avoid", name: b.word("sheet.avoid"),
		title: b.word("avoid.title"), subtitle: b.asked(), frozen: 2,
		columns: []column{
			{b.word("column.row"), 8},
			{b.word("column.parcel"), 24},
			{b.word("column.avoid-avoided"), 36},
			{b.word("column.avoid-cut"), 14},
			{b.word("column.avoid-area"), 16},
			{b.word("column.avoid-kept"), 16},
			{b.word("column.avoid-given-up"), 16},
			{b.word("column.avoid-kept-hectares"), 14},
			{b.word("column.avoid-given-up-share"), 12},
			{b.word("column.avoid-parts"), 8},
			{b.word("column.avoid-points"), 10},
			{b.word("column.avoid-new-points"), 10},
			{b.word("column.avoid-after"), 14},
			{b.word("column.avoid-remark"), 40},
		},
	})
	for _, r := range b.suggestions {
		for _, k := range avoid.Kinds() {
			b.cut(s, r, k)
		}
		if r.Along == nil && r.Straight == nil {
			s.add(plain, r.Row, r.Name, b.avoided(r), b.word("avoid.none"), Round(r.Area, SquareMetre), Decimal{}, Decimal{},
				Decimal{}, Decimal{}, nil, nil, nil, "", b.remarks(r))
		}
	}
	first := b.suggestions[0]
	notes := []string{b.word("avoid.note", "margin", Round(first.Margin, Metre), "sliver", Round(first.Sliver, SquareMetre),
		"width", Round(first.SliverWidth, Metre))}
	if total := b.prohibited(); total > len(b.suggestions) {
		notes = append(notes, b.word("avoid.limited", "count", len(b.suggestions), "total", total))
	}
	s.end(notes...)
}

// prohibited counts the parcels with a finding that prohibits.
func (b *conflictBook) prohibited() int {
	count := 0
	for _, p := range b.r.Parcels {
		if len(p.Findings) > 0 && p.Findings[0].Outcome == analysis.Prohibited { // worst first
			count++
		}
	}
	return count
}

func (b *conflictBook) cut(s *sheet, r avoid.Result, k avoid.Kind) {
	c := r.Cut(k)
	if c == nil {
		return
	}
	whole := Round(r.Area, SquareMetre)
	m2 := apportionTo([]geo.Area{c.Kept, c.Lost}, SquareMetre, whole)
	s.add(plain, r.Row, r.Name, b.avoided(r), b.word("avoid."+string(k)), whole, m2[0], m2[1], Round(c.Kept, Hectare),
		Round(float64(c.Lost/r.Area), Percent), len(c.Corners), c.Points, len(c.New), b.verdict(c.Verdict), b.remarks(r))
}

// avoided names what is avoided, each once.
func (b *conflictBook) avoided(r avoid.Result) string {
	var names []string
	for _, a := range r.Avoided {
		name := b.place(a.Theme, a.Feature, a.Name)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, b.word("and"))
}

// place is what a parcel overlaps: a named feature, one without a name, or what no feature covers.
func (b *conflictBook) place(t layers.Theme, feature int64, name string) string {
	switch {
	case feature == 0:
		return b.word("place.uncovered", "theme", b.theme(t))
	case name != "":
		return b.word("place.named", "theme", b.theme(t), "name", name)
	}
	return b.word("place.unnamed", "theme", b.theme(t), "feature", feature)
}

func (b *conflictBook) remarks(r avoid.Result) string {
	var out []string
	for _, g := range r.Gaps {
		out = append(out, b.sentence(g.Problem))
	}
	return strings.Join(out, " ")
}

// avoidPoints lists the boundary points of all cuts, numbered as in the exchange file.
func (b *conflictBook) avoidPoints() {
	s := b.sheet(heading{
		id: "avoid-points", name: b.word("sheet.avoid-points"),
		title: b.word("avoid-points.title"), subtitle: b.asked(), frozen: 3,
		columns: []column{
			{b.word("column.row"), 8},
			{b.word("column.parcel"), 26},
			{b.word("column.avoid-cut"), 14},
			{b.word("column.point"), 12},
			{b.word("column.ring"), 14},
			{b.word("column.northing"), 20},
			{b.word("column.easting"), 20},
			{b.word("column.avoid-new-point"), 10},
		},
	})
	system := ""
	for _, r := range b.suggestions {
		for _, k := range avoid.Kinds() {
			if c := r.Cut(k); c != nil {
				system = c.System
				b.listPoints(s, r, k, c)
			}
		}
	}
	s.end(b.word("avoid-points.note", "system", system))
}

func (b *conflictBook) listPoints(s *sheet, r avoid.Result, k avoid.Kind, c *avoid.Cut) {
	label, ring := 1, 1
	for _, polygon := range c.Corners {
		for _, corners := range polygon {
			for _, p := range corners[:len(corners)-1] {
				mark := ""
				if slices.Contains(c.New, label) {
					mark = b.word("avoid-points.new")
				}
				s.add(plain, r.Row, r.Name, b.word("avoid."+string(k)), "J"+strconv.Itoa(label), ring, Ordinate(p[1]),
					Ordinate(p[0]), mark)
				label++
			}
			ring++
		}
	}
}
