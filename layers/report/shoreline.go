package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"greenshield/layers"
	"greenshield/layers/analysis/shoreline"
)

// ShorelineWorkbook writes the shoreline protection rate by region and river as a spreadsheet, with the lengths, the
// number and the share of every zone (domain section 1.3), and the provenance. Lengths add up by row and by column,
// shares to 100 % and to the rate. Without shoreline a rate is 待评估, never 0 %.
func ShorelineWorkbook(w io.Writer, r shoreline.Result, p Printer) error {
	b := shorelineBook{workbook: newWorkbook(p), r: r, t: roundShoreline(r, Kilometre)}
	b.title = b.word("shoreline.title", "layer", b.workbook.title(r.Zones.Layer), "vintage", b.dated(r.Zones))
	b.rates()
	b.zones()
	var protected []string
	for _, n := range r.Numerator {
		protected = append(protected, b.word("zone."+strconv.Itoa(n)))
	}
	formula := b.word("shoreline.formula.value", "zones", strings.Join(protected, " + "))
	b.provenance(b.title, r.Provenance, r.Gaps, fact{b.word("shoreline.formula"), formula})
	return b.finish(w, b.title, r.Provenance.Program, r.Provenance.At)
}

type shorelineBook struct {
	*workbook
	r     shoreline.Result
	t     shorelineTable
	title string
}

func (b *shorelineBook) refs() string {
	text := b.word("shoreline.subtitle", "zones", b.r.Zones)
	if b.r.Line != (layers.Ref{}) {
		text += b.word("subtitle.line", "line", b.r.Line)
	}
	if b.r.Regions != (layers.Ref{}) {
		text += b.word("subtitle.regions", "regions", b.r.Regions)
	}
	return text + b.word("subtitle.unit", "unit", b.unitWord(Kilometre))
}

// places are the first columns of both tables.
func (b *shorelineBook) places() []column {
	return []column{
		{b.word("column.code"), 12}, {b.word("column.region"), 16}, {b.word("column.river"), 16},
	}
}

// each writes all rows and the total.
func (b *shorelineBook) each(s *sheet, values func(raw shoreline.Row, r shorelineRow) []any) {
	split := b.r.Regions != (layers.Ref{})
	for i, raw := range b.r.Rows {
		river := raw.River
		if river == "" {
			river = b.word("river.none")
		}
		place := []any{raw.Code, b.region(raw.Code, raw.Name, split), river}
		s.add(plain, append(place, values(raw, b.t.rows[i])...)...)
	}
	s.add(strong, append([]any{"", b.word("total"), ""}, values(b.r.Total, b.t.total)...)...)
}

// rates is the short table: lengths and the rate.
func (b *shorelineBook) rates() {
	columns := append(b.places(), column{b.word("column.shoreline"), 15})
	zones := b.shown()
	for _, k := range zones {
		columns = append(columns, column{b.zoneName(k), 15})
	}
	columns = append(columns, column{b.word("column.rate"), 13}, column{b.word("column.stated"), 16})
	s := b.sheet(heading{
		name: b.word("sheet.shoreline"), title: b.title, subtitle: b.refs(), columns: columns, frozen: 3,
	})
	b.each(s, func(raw shoreline.Row, r shorelineRow) []any {
		values := []any{r.Total}
		for _, k := range zones {
			values = append(values, r.Lengths[k])
		}
		values = append(values, b.rate(r.Rate))
		return append(values, Round(b.r.StatedMetres(raw), Kilometre))
	})
	s.end(b.word("shoreline.note"), b.statedNote())
}

func (b *shorelineBook) rate(d Decimal) any {
	if !d.known {
		return b.word("unassessed")
	}
	return d
}

func (b *shorelineBook) statedNote() string {
	return b.word("shoreline.stated." + map[string]string{"m": "m", "km": "km", "": "none"}[b.r.StatedUnit])
}

// shown are the zones with a column: those of the law, and what has none where there is any.
func (b *shorelineBook) shown() []int {
	zones := []int{1, 2, 3, 4}
	if b.r.Total.Zones[0] > 0 || b.r.Total.Lengths[0] > 0 {
		zones = slices.Insert(zones, 4, 0)
	}
	return zones
}

func (b *shorelineBook) zoneName(k int) string { return b.word("zone." + strconv.Itoa(k)) }

// zones is the table that plans use: number, length and share of every zone.
func (b *shorelineBook) zones() {
	columns := append(b.places(), column{b.word("column.zones"), 10}, column{b.word("column.shoreline"), 14})
	zones := b.shown()
	for _, k := range zones {
		name := b.zoneName(k)
		columns = append(columns, column{b.word("column.zone-count", "zone", name), 11},
			column{b.word("column.zone-length", "zone", name), 14},
			column{b.word("column.zone-share", "zone", name), 11})
	}
	s := b.sheet(heading{
		name: b.word("sheet.zones"), title: b.title, subtitle: b.refs(), columns: columns, frozen: 3,
	})
	b.each(s, func(raw shoreline.Row, r shorelineRow) []any {
		count := 0
		for _, n := range raw.Zones {
			count += n
		}
		values := []any{count, r.Total}
		for _, k := range zones {
			values = append(values, raw.Zones[k], r.Lengths[k], r.Shares[k])
		}
		return values
	})
	s.end(b.word("zones.note"))
}
