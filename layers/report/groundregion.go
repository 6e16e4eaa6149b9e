package report

import (
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
)

// regions is how much of the parcels lies in each region.
func (b *conflictBook) regions() {
	columns := append([]column{
		{b.word("column.land-region-code"), 18}, {b.word("column.land-region"), 26}, {b.word("column.parcels"), 12},
	}, b.areaColumns()...)
	s := b.sheet(heading{
		id: "regions", name: b.word("sheet.parcel-regions"),
		title: b.word("parcel-regions.title"), subtitle: b.asked(), columns: columns,
	})
	counts := map[string]int{}
	for _, p := range b.r.Parcels {
		if p.Ground != nil {
			for _, r := range p.Ground.Regions {
				counts[r.Region]++
			}
		}
	}
	whole := b.batchWhole()
	printed := partsOf(areasOf(b.r.Ground.Regions), whole)
	for i, r := range b.r.Ground.Regions {
		s.add(plain, r.Region, b.regionTitle(r.Region), counts[r.Region], printed[0][i], printed[1][i], printed[2][i])
	}
	s.add(strong, b.word("total"), "", "", whole[0], whole[1], whole[2])
	notes := []string{b.word("parcel-regions.note", "count", b.r.Ground.Split, "layer", b.named(b.r.Ground.RegionRef))}
	if len(b.r.Pairs) > 0 {
		notes = append(notes, b.word("ground.union"))
	}
	s.end(notes...)
}

func areasOf(parts []analysis.RegionPart) []geo.Area {
	out := make([]geo.Area, len(parts))
	for i, p := range parts {
		out[i] = p.Area
	}
	return out
}

// regionTitle is a region's name alone.
func (b *conflictBook) regionTitle(code string) string {
	if code == "" {
		return b.word("outside")
	}
	for _, r := range b.r.Ground.RegionNames {
		if r.Code == code {
			return r.Name
		}
	}
	return ""
}

// splits lists the parts of parcels that lie in several regions, and of their findings; parts add up to what is printed
// of the whole.
func (b *conflictBook) splits() {
	columns := append([]column{
		{b.word("column.row"), 8},
		{b.word("column.parcel"), 24},
		{b.word("column.part-of"), 34},
		{b.word("column.land-region-code"), 16},
		{b.word("column.land-region"), 22},
	}, b.areaColumns()...)
	s := b.sheet(heading{
		id: "splits", name: b.word("sheet.splits"),
		title: b.word("splits.title"), subtitle: b.asked(), columns: columns, frozen: 2,
	})
	list := func(p conflict.Parcel, what string, area geo.Area, parts []analysis.RegionPart) {
		printed := partsOf(areasOf(parts), wholeOf(area))
		for i, r := range parts {
			s.add(plain, p.Row, p.Name, what, r.Region, b.regionTitle(r.Region), printed[0][i], printed[1][i], printed[2][i])
		}
	}
	for _, p := range b.r.Parcels {
		if p.Ground == nil || len(p.Ground.Regions) < 2 {
			continue
		}
		list(p.Parcel, b.word("splits.parcel"), p.Parcel.Area, p.Ground.Regions)
		for _, f := range p.Findings {
			list(p.Parcel, b.place(f.Theme, f.Overlap.Feature, f.Overlap.Roles[layers.Name]), f.Overlap.Area, f.Regions)
		}
	}
	s.end(b.word("splits.note"))
}

// pairs lists the parcels that overlap each other.
func (b *conflictBook) pairs() {
	names := map[int64]conflict.Parcel{}
	for _, p := range b.r.Parcels {
		names[p.Parcel.Row] = p.Parcel
	}
	columns := append([]column{
		{b.word("column.row"), 8},
		{b.word("column.parcel"), 26},
		{b.word("column.other-row"), 10},
		{b.word("column.other-parcel"), 26},
	}, b.areaColumns()...)
	columns = append(columns, column{b.word("column.of-first"), 14}, column{b.word("column.of-second"), 14})
	s := b.sheet(heading{
		id: "pairs", name: b.word("sheet.pairs"),
		title: b.word("pairs.title"), subtitle: b.asked(), columns: columns, frozen: 4,
	})
	for _, p := range b.r.Pairs {
		first, second := names[p.Row], names[p.Other]
		values := append([]any{p.Row, first.Name, p.Other, second.Name}, areas(p.Area)...)
		of := func(whole conflict.Parcel) Decimal { return Round(float64(p.Area/whole.Area), Percent) }
		s.add(plain, append(values, of(first), of(second))...)
	}
	notes := []string{b.word("pairs.note")}
	if b.r.PairsOmitted {
		notes = append(notes, b.word("pairs.omitted", "count", len(b.r.Pairs)))
	}
	s.end(notes...)
}
