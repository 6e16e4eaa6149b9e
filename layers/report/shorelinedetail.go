package report

import (
	"fmt"
	"io"
	"math"
	"math/big"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format/geojson"
	"greenshield/layers"
	"greenshield/layers/analysis/shoreline"
)

// banks has the lengths by river and bank; its columns add up to the totals of the first table.
func (b *shorelineBook) banks() Table {
	zones := b.shown()
	columns := []Column{{b.word("column.river"), 18}, {b.word("shoreline.column.side"), 12}, {b.word("column.shoreline"), 14}}
	for _, k := range zones {
		columns = append(columns, Column{b.zoneName(k), 15})
	}
	columns = append(columns, Column{b.word("column.rate"), 13}, Column{b.word("shoreline.column.rings"), 12},
		Column{b.word("shoreline.column.closed"), 16})
	t := Table{
		ID: "banks", Name: b.word("shoreline.sheet.banks"), Title: b.heading, Subtitle: b.refs(), Columns: columns, Frozen: 2,
		Notes: []string{b.word("shoreline.banks.note")},
	}
	lengths := b.bankLengths()
	for i, bank := range b.r.Banks {
		cells, sum := []any{}, Kilometre.decimal(0)
		for _, k := range zones {
			cells, sum = append(cells, lengths[i][k]), sum.plus(lengths[i][k])
		}
		_, rate := shares(shoreline.Row{Lengths: bank.Lengths, Total: bank.Total, Rate: b.protected(bank)}, b.r.Numerator)
		row := append([]any{b.river(bank.River), b.side(bank.Side), sum}, cells...)
		t.Add(append(row, b.rate(rate), bank.Rings, Round(bank.Closed, Kilometre))...)
	}
	return t
}

// bankLengths rounds by zone, so that the banks add up to what the zone has in all.
func (b *shorelineBook) bankLengths() [][5]Decimal {
	out := make([][5]Decimal, len(b.r.Banks))
	for k, all := range b.t.total.Lengths {
		raw := make([]*big.Rat, len(out))
		for i, bank := range b.r.Banks {
			raw[i] = leaf(bank.Lengths[k], Kilometre)
		}
		for i, units := range share(raw, all.units) {
			out[i][k] = Kilometre.decimal(units)
		}
	}
	return out
}

func (b *shorelineBook) protected(bank shoreline.Bank) float64 {
	if bank.Total == 0 {
		return math.NaN()
	}
	sum := geo.Length(0)
	for _, k := range b.r.Numerator {
		sum += bank.Lengths[k]
	}
	return float64(sum / bank.Total)
}

func (b *shorelineBook) river(name string) string {
	if name == "" {
		return b.word("river.none")
	}
	return name
}

func (b *shorelineBook) side(side string) string {
	if side == "" {
		return b.word("shoreline.side.none")
	}
	return b.word("shoreline.side." + side)
}

// segments lists every stretch with its chainage; the lengths of a row and zone add up to the first table's.
func (b *shorelineBook) segments() Table {
	t := Table{
		ID: "segments", Name: b.word("shoreline.sheet.segments"), Title: b.heading, Subtitle: b.refs(), Frozen: 2,
		Columns: []Column{
			{b.word("column.code"), 12},
			{b.word("column.region"), 14},
			{b.word("column.river"), 14},
			{b.word("shoreline.column.side"), 9},
			{b.word("shoreline.column.chain"), 9},
			{b.word("shoreline.column.from"), 16},
			{b.word("shoreline.column.to"), 16},
			{b.word("column.shoreline"), 13},
			{b.word("column.zone"), 16},
			{b.word("shoreline.column.zone-name"), 22},
			{b.word("shoreline.column.zone-feature"), 12},
			{b.word("shoreline.column.line-feature"), 12},
			{b.word("column.longitude"), 13},
			{b.word("column.latitude"), 13},
		},
		Notes: []string{b.word("shoreline.segments.note")},
	}
	lengths := b.segmentLengths()
	for i, g := range b.r.Segments {
		start := g.Outline[0]
		t.Add(g.Code, b.region(g.Code, g.Name, b.r.Regions != (layers.Ref{})), b.river(g.River), b.side(g.Side), g.Chain,
			chainage(g.From), chainage(g.To), lengths[i], b.zoneName(g.Number), g.ZoneName, g.Zone, g.Line,
			Degree(start[0]), Degree(start[1]))
	}
	return t
}

// chainage is a length from the beginning as surveyors write it: K12+345.67.
func chainage(l geo.Length) string {
	d := Round(l, Metre)
	km, rest := d.units/100_000, d.units%100_000
	return fmt.Sprintf("K%d+%03d.%02d", km, rest/100, rest%100)
}

func (b *shorelineBook) segmentLengths() []Decimal {
	out := make([]Decimal, len(b.r.Segments))
	for r, row := range b.r.Rows {
		for k, printed := range b.t.rows[r].Lengths {
			var at []int
			var raw []*big.Rat
			for i, g := range b.r.Segments {
				if g.Code == row.Code && g.River == row.River && g.Number == k {
					at, raw = append(at, i), append(raw, leaf(g.Length, Kilometre))
				}
			}
			if len(at) == 0 {
				continue
			}
			for n, units := range share(raw, printed.units) {
				out[at[n]] = Kilometre.decimal(units)
			}
		}
	}
	return out
}

// byZone puts the delivered length of every zone beside the measured one.
func (b *shorelineBook) byZone() Table {
	t := Table{
		ID: "by-zone", Name: b.word("shoreline.sheet.by-zone"), Title: b.heading, Subtitle: b.refs(), Frozen: 2,
		Columns: []Column{
			{b.word("shoreline.column.zone-feature"), 12},
			{b.word("shoreline.column.zone-name"), 24},
			{b.word("column.zone"), 16},
			{b.word("column.river"), 14},
			{b.word("shoreline.column.side"), 9},
			{b.word("column.stated"), 16},
			{b.word("shoreline.column.measured"), 16},
			{b.word("shoreline.column.difference"), 14},
			{b.word("shoreline.column.difference-share"), 12},
		},
		Notes: []string{b.word("shoreline.by-zone.note"), b.statedNote()},
	}
	for _, z := range b.r.ByZone {
		stated := z.StatedMetres(b.r.StatedUnit)
		measured := float64(z.Measured)
		if b.r.Lengths == shoreline.Stated {
			measured = math.NaN()
		}
		s, m := Round(stated, Kilometre), Round(measured, Kilometre)
		share := Decimal{}
		if stated > 0 {
			share = Round((measured-stated)/stated, Percent)
		}
		t.Add(z.Feature, z.Name, b.zoneName(z.Number), b.river(z.River), b.side(z.Side), s, m, m.minus(s), share)
	}
	return t
}

// encroachments lists what stands on the shoreline, by zone and class in one table and each in another.
func (b *shorelineBook) encroachments() []Table {
	if b.r.Landuse == (layers.Ref{}) && b.r.Activities == (layers.Ref{}) {
		return nil
	}
	subtitle := b.word("shoreline.encroachments.subtitle", "refs", b.asked())
	sums := Table{
		ID: "encroachments", Name: b.word("shoreline.sheet.encroachments"), Title: b.word("shoreline.encroachments.title"),
		Subtitle: subtitle, Columns: []Column{
			{b.word("column.zone"), 18},
			{b.word("shoreline.column.kind"), 30},
			{b.word("shoreline.column.places"), 10},
			{b.word("column.hectares"), 16},
			{b.word("shoreline.column.occupied"), 18},
		},
		Notes: []string{b.word("shoreline.encroachments.note")},
	}
	list := Table{
		ID: "encroachment-list", Name: b.word("shoreline.sheet.encroachment-list"), Title: b.word("shoreline.encroachments.title"),
		Subtitle: subtitle, Frozen: 2, Columns: []Column{
			{b.word("column.zone"), 16},
			{b.word("shoreline.column.kind"), 26},
			{b.word("shoreline.column.zone-name"), 20},
			{b.word("column.river"), 14},
			{b.word("shoreline.column.side"), 9},
			{b.word("column.layer"), 24},
			{b.word("column.feature"), 12},
			{b.word("column.hectares"), 14},
			{b.word("shoreline.column.occupied"), 16},
			{b.word("column.longitude"), 13},
			{b.word("column.latitude"), 13},
		},
		Notes: []string{b.word("shoreline.encroachments.note")},
	}
	groups := groupEncroachments(b.r.Encroachments)
	areas, allAreas := Apportion(groups.areas, Hectare)
	lengths, allLengths := Apportion(groups.lengths, Kilometre)
	for i, key := range groups.keys {
		own := groups.members[i]
		sums.Add(b.zoneName(key.zone), b.activityKind(key), len(own), areas[i], lengths[i])
		ownAreas := b.shared(own, func(e shoreline.Encroachment) float64 { return float64(e.Area) }, areas[i], Hectare)
		ownLengths := b.shared(own, func(e shoreline.Encroachment) float64 { return float64(e.Length) }, lengths[i], Kilometre)
		for n, k := range own {
			e := b.r.Encroachments[k]
			at := middle(e)
			list.Add(b.zoneName(key.zone), b.activityKind(key), e.ZoneName, b.river(e.River), b.side(e.Side), b.named(e.Ref),
				e.Feature, ownAreas[n], ownLengths[n], Degree(at[0]), Degree(at[1]))
		}
	}
	sums.AddTotal(b.word("total"), "", len(b.r.Encroachments), allAreas, allLengths)
	return []Table{sums, list}
}

func (b *shorelineBook) asked() string {
	text := ""
	for _, ref := range []layers.Ref{b.r.Landuse, b.r.Activities} {
		if ref != (layers.Ref{}) {
			if text != "" {
				text += b.word("and")
			}
			text += b.named(ref)
		}
	}
	return text
}

// shared rounds the members of a group so that they add up to what the group prints.
func (b *shorelineBook) shared(
	own []int, of func(shoreline.Encroachment) float64, group Decimal, u Unit,
) []Decimal {
	raw := make([]*big.Rat, len(own))
	for i, k := range own {
		raw[i] = leaf(of(b.r.Encroachments[k]), u)
	}
	out := make([]Decimal, len(own))
	for i, units := range share(raw, group.units) {
		out[i] = u.decimal(units)
	}
	return out
}

// encroachmentKey is a row of the sums: land use by class, activities by kind.
type encroachmentKey struct {
	zone  int
	theme string // "landuse" or "activity"
	class string
}

type encroachmentGroups struct {
	keys           []encroachmentKey
	areas, lengths []float64
	members        [][]int
}

func groupEncroachments(all []shoreline.Encroachment) encroachmentGroups {
	var g encroachmentGroups
	index := map[encroachmentKey]int{}
	for zone := range 5 {
		for i, e := range all {
			if e.Number != zone {
				continue
			}
			key := encroachmentKey{zone, "landuse", e.Class}
			if e.Activity {
				key.theme = "activity"
			}
			at, known := index[key]
			if !known {
				at = len(g.keys)
				index[key] = at
				g.keys = append(g.keys, key)
				g.areas, g.lengths, g.members = append(g.areas, 0), append(g.lengths, 0), append(g.members, nil)
			}
			g.areas[at] += float64(e.Area)
			g.lengths[at] += float64(e.Length)
			g.members[at] = append(g.members[at], i)
		}
	}
	return g
}

func (b *shorelineBook) activityKind(key encroachmentKey) string {
	if key.theme == "activity" {
		return b.word("shoreline.encroachments.activity", "kind", b.kind(key.class))
	}
	return b.word("shoreline.encroachments.class", "code", key.class, "name", b.class(key.class))
}

// middle is where an encroachment is shown: its first point, or the middle of the bound of its place.
func middle(e shoreline.Encroachment) orb.Point {
	switch {
	case len(e.Points) > 0:
		return e.Points[0]
	case len(e.Polygons) > 0:
		return e.Polygons.Bound().Center()
	}
	return e.Lines.Bound().Center()
}

// years puts the rates of several vintages beside each other, by region and river; it is there for two and more.
func yearsTable(all []shoreline.Result, p Printer) (Table, bool) {
	if len(all) < 2 {
		return Table{}, false
	}
	columns := []Column{{p.word("column.code"), 12}, {p.word("column.region"), 16}, {p.word("column.river"), 16}}
	tables := make([]shorelineTable, len(all))
	for i, r := range all {
		tables[i] = roundShoreline(r, Kilometre)
		columns = append(columns, Column{p.word("shoreline.column.year-length", "vintage", p.dated(r.Zones)), 15},
			Column{p.word("shoreline.column.year-rate", "vintage", p.dated(r.Zones)), 13})
	}
	last := all[len(all)-1]
	t := Table{
		ID: "years", Name: p.word("shoreline.sheet.years"), Frozen: 3, Columns: columns, Notes: []string{p.word("shoreline.years.note")},
		Title: p.word("shoreline.years.title", "layer", p.title(last.Zones.Layer)),
	}
	b := shorelineBook{Printer: p}
	for _, at := range placesOf(all) {
		cells := []any{at.Code, p.region(at.Code, at.Name, last.Regions != (layers.Ref{})), b.river(at.River)}
		for i, r := range all {
			cells = append(cells, b.yearOf(r, tables[i], at)...)
		}
		t.Add(cells...)
	}
	total := []any{"", p.word("total"), ""}
	for i := range all {
		total = append(total, tables[i].total.Total, b.rate(tables[i].total.Rate))
	}
	t.AddTotal(total...)
	return t, true
}

// placesOf are the regions and rivers of all years in the order in which the last year, then those before, have them.
func placesOf(all []shoreline.Result) []shoreline.Row {
	var out []shoreline.Row
	seen := map[[2]string]bool{}
	for i := len(all) - 1; i >= 0; i-- {
		for _, row := range all[i].Rows {
			if key := [2]string{row.Code, row.River}; !seen[key] {
				seen[key] = true
				out = append(out, row)
			}
		}
	}
	return out
}

// yearOf is one year's length and rate; a place that the year does not have is unknown, not zero.
func (b *shorelineBook) yearOf(r shoreline.Result, t shorelineTable, at shoreline.Row) []any {
	for i, row := range r.Rows {
		if row.Code == at.Code && row.River == at.River {
			return []any{t.rows[i].Total, b.rate(t.rows[i].Rate)}
		}
	}
	return []any{Decimal{}, b.word("unassessed")}
}

// ShorelineGeoJSON writes every segment as a line and every encroachment as the place that it takes.
func ShorelineGeoJSON(w io.Writer, r shoreline.Result, p Printer) error {
	fields := columns("kind", "zone", "zone_feature", "zone_name", "river", "side", "region", "chain", "from_m", "to_m",
		"length_m", "ref", "feature", "class", "area_m2")
	b := shorelineBook{Printer: p, r: r}
	return geojson.Write(w, fields, func(yield func(geojson.Feature, error) bool) {
		for _, g := range r.Segments {
			values := []any{
				"segment", b.zoneName(g.Number), g.Zone, g.ZoneName, g.River, g.Side, g.Code, int64(g.Chain), float64(g.From),
				float64(g.To), float64(g.Length), r.Zones.String(), g.Line, "", nil,
			}
			if !yield(geojson.Feature{Geometry: g.Outline, Values: values}, nil) {
				return
			}
		}
		for _, e := range r.Encroachments {
			values := []any{
				"encroachment", b.zoneName(e.Number), e.Zone, e.ZoneName, e.River, e.Side, "", nil, nil, nil,
				float64(e.Length), e.Ref.String(), e.Feature, e.Class, float64(e.Area),
			}
			if !yield(geojson.Feature{Geometry: placeOf(e), Values: values}, nil) {
				return
			}
		}
	})
}

func placeOf(e shoreline.Encroachment) orb.Geometry {
	switch {
	case len(e.Points) > 0:
		return e.Points
	case len(e.Polygons) > 0:
		return e.Polygons
	}
	return e.Lines
}

// kind is what the code book calls a kind of activity; the delivered word where it knows none.
func (p Printer) kind(code string) string {
	if p.KindName != nil && p.KindName(code) != "" {
		return p.KindName(code)
	}
	if code == "" {
		return p.word("shoreline.kind.none")
	}
	return code
}
