package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"greenshield/layers"
	"greenshield/layers/analysis/shoreline"
)

// ShorelineWorkbook writes ShorelineDocument as a spreadsheet.
func ShorelineWorkbook(w io.Writer, r shoreline.Result, p Printer) error {
	return ShorelineDocument([]shoreline.Result{r}, p).Workbook(w, p)
}

// ShorelineDocument is the shoreline protection rate by region and river, with the lengths, the number and the share of
// every zone (domain section 1.3), the banks, every segment with its chainage, what the zones state, and what stands on
// the shoreline. Lengths add up by row and by column, shares to 100 % and to the rate. Without shoreline a rate is
// 待评估, never 0 %. Of several years, oldest first, the last is told in full and all of them side by side.
func ShorelineDocument(years []shoreline.Result, p Printer) Document {
	r := years[len(years)-1]
	b := shorelineBook{Printer: p, r: r, t: roundShoreline(r, Kilometre)}
	b.heading = b.word("shoreline.title", "layer", b.Printer.title(r.Zones.Layer), "vintage", b.dated(r.Zones))
	var protected []string
	for _, n := range r.Numerator {
		protected = append(protected, b.word("zone."+strconv.Itoa(n)))
	}
	formula := b.word("shoreline.formula.value", "zones", strings.Join(protected, " + "))
	d := Document{
		Title: b.heading, Tables: []Table{b.rates(), b.zones()}, Provenance: r.Provenance,
		Facts: []Fact{
			{b.word("shoreline.formula"), formula},
			{b.word("shoreline.lengths"), b.word("shoreline.lengths." + string(r.Lengths))},
		},
	}
	if t, ok := yearsTable(years, p); ok {
		d.Tables = append(d.Tables, t)
	}
	if r.Lengths == shoreline.Measured {
		d.Tables = append(d.Tables, b.banks(), b.segments())
	}
	d.Tables = append(append(d.Tables, b.byZone()), b.encroachments()...)
	for i, year := range years {
		d.Gaps = append(d.Gaps, year.Gaps...)
		if i < len(years)-1 {
			d.Provenance.Refs = append(slices.Clone(d.Provenance.Refs), year.Zones)
		}
	}
	return d
}

type shorelineBook struct {
	Printer
	r       shoreline.Result
	t       shorelineTable
	heading string
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

// table begins a table of places with more columns.
func (b *shorelineBook) table(id, name string, more ...Column) Table {
	places := []Column{
		{b.word("column.code"), 12}, {b.word("column.region"), 16}, {b.word("column.river"), 16},
	}
	return Table{
		ID: id, Name: b.word(name), Title: b.heading, Subtitle: b.refs(), Columns: append(places, more...), Frozen: 3,
	}
}

// each adds all rows and the total.
func (b *shorelineBook) each(t *Table, values func(raw shoreline.Row, r shorelineRow) []any) {
	split := b.r.Regions != (layers.Ref{})
	for i, raw := range b.r.Rows {
		place := []any{raw.Code, b.region(raw.Code, raw.Name, split), b.river(raw.River)}
		t.Add(append(place, values(raw, b.t.rows[i])...)...)
	}
	t.AddTotal(append([]any{"", b.word("total"), ""}, values(b.r.Total, b.t.total)...)...)
}

// rates is the short table: lengths and the rate.
func (b *shorelineBook) rates() Table {
	columns := []Column{{b.word("column.shoreline"), 15}}
	zones := b.shown()
	for _, k := range zones {
		columns = append(columns, Column{b.zoneName(k), 15})
	}
	columns = append(columns, Column{b.word("column.rate"), 13}, Column{b.word("column.stated"), 16})
	t := b.table("rates", "sheet.shoreline", columns...)
	b.each(&t, func(raw shoreline.Row, r shorelineRow) []any {
		values := []any{r.Total}
		for _, k := range zones {
			values = append(values, r.Lengths[k])
		}
		values = append(values, b.rate(r.Rate))
		return append(values, Round(b.r.StatedMetres(raw), Kilometre))
	})
	t.Notes = []string{b.word("shoreline.note"), b.statedNote()}
	return t
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
func (b *shorelineBook) zones() Table {
	columns := []Column{{b.word("column.zones"), 10}, {b.word("column.shoreline"), 14}}
	zones := b.shown()
	for _, k := range zones {
		name := b.zoneName(k)
		columns = append(columns, Column{b.word("column.zone-count", "zone", name), 11},
			Column{b.word("column.zone-length", "zone", name), 14},
			Column{b.word("column.zone-share", "zone", name), 11})
	}
	t := b.table("zones", "sheet.zones", columns...)
	b.each(&t, func(raw shoreline.Row, r shorelineRow) []any {
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
	t.Notes = []string{b.word("zones.note")}
	return t
}
