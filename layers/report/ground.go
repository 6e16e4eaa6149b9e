package report

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest/codes"
)

// groundSheets are those on what lies under the parcels; none when that was not asked.
func (b *conflictBook) groundSheets() {
	if b.r.Ground == nil {
		return
	}
	b.groups()
	b.classes()
	b.uses()
	if b.r.Ground.Ownership {
		b.owners()
	}
	if len(b.r.Ground.Regions) > 0 {
		b.regions()
	}
	if b.r.Ground.Split > 0 {
		b.splits()
	}
	if len(b.r.Pairs) > 0 {
		b.pairs()
	}
}

// apportionTo rounds parts so that they add up to a figure that is printed elsewhere, by the largest remainder.
// Where the figure is not known the parts add up to their own sum.
func apportionTo[T ~float64](parts []T, u Unit, whole Decimal) []Decimal {
	if !whole.known || len(parts) == 0 {
		printed, _ := Apportion(parts, u)
		return printed
	}
	raws := make([]*big.Rat, len(parts))
	for i, p := range parts {
		raws[i] = leaf(p, u)
	}
	out := make([]Decimal, len(parts))
	for i, units := range share(raws, whole.units) {
		out[i] = figure(parts[i], u, units)
	}
	return out
}

// areaUnits are the units in which areas are listed.
var areaUnits = [3]Unit{SquareMetre, Hectare, Mu}

// partsOf are areas that add up to an area that is printed in all units.
func partsOf(parts []geo.Area, whole [3]Decimal) [3][]Decimal {
	var out [3][]Decimal
	for k, u := range areaUnits {
		out[k] = apportionTo(parts, u, whole[k])
	}
	return out
}

// wholeOf is an area in all units, rounded by itself.
func wholeOf(a geo.Area) [3]Decimal {
	return [3]Decimal{Round(a, SquareMetre), Round(a, Hectare), Round(a, Mu)}
}

// batchWhole is the area of all parcels as it is printed: the sum of what is printed of each, or, where parcels
// overlap each other, the area of their union.
func (b *conflictBook) batchWhole() [3]Decimal {
	if len(b.r.Pairs) > 0 {
		return wholeOf(b.r.Union)
	}
	var out [3]Decimal
	for k, u := range areaUnits {
		out[k] = u.decimal(0)
		for _, p := range b.r.Parcels {
			if p.Ground != nil {
				out[k] = out[k].plus(Round(p.Parcel.Area, u))
			}
		}
	}
	return out
}

// groundNotes say how the figures are to be read and what is not known of the land.
func (b *conflictBook) groundNotes(key string) []string {
	g := b.r.Ground
	notes := []string{b.word(key)}
	if len(b.r.Pairs) > 0 {
		notes = append(notes, b.word("ground.union"))
	}
	for _, ref := range g.LanduseRefs {
		notes = append(notes, b.word("ground.source", "layer", b.named(ref)))
	}
	for _, c := range g.Groups {
		notes = append(notes, b.word("ground.chosen", "class", c.Class, "group", b.group(c.Group)))
	}
	for _, gap := range g.Gaps {
		notes = append(notes, b.sentence(gap.Problem))
	}
	return notes
}

func (p Printer) group(g codes.Group) string {
	if g == "" {
		return p.word("land-group.unknown")
	}
	return p.word("land-group." + string(g))
}

// groupOrder lists the great groups as the survey does, what is not known at the end.
var groupOrder = []codes.Group{codes.Agricultural, codes.Construction, codes.Unused, ""}

// useName is the class of a use in words: what the code book or else the delivery calls it.
func (b *conflictBook) useName(u conflict.Use) string {
	if u.Kind != conflict.Surveyed {
		return b.word("use." + string(u.Kind))
	}
	if u.Class == "" {
		return b.word("use.unclassed")
	}
	return cmp.Or(b.class(u.Class), u.ClassName)
}

// byClass adds uses up by class, in the order of the great groups.
func byClass(uses []conflict.Use) []conflict.Use {
	var out []conflict.Use
	for _, u := range uses {
		u.Region, u.Owner = "", conflict.Owner{}
		i := slices.IndexFunc(out, func(o conflict.Use) bool {
			return o.Kind == u.Kind && o.Class == u.Class && o.Group == u.Group
		})
		if i < 0 {
			out = append(out, u)
		} else {
			out[i].Area += u.Area
		}
	}
	slices.SortStableFunc(out, func(x, y conflict.Use) int {
		return cmp.Or(slices.Index(groupOrder, x.Group)-slices.Index(groupOrder, y.Group), kindRank(x)-kindRank(y),
			cmp.Compare(x.Class, y.Class))
	})
	return out
}

func kindRank(u conflict.Use) int {
	return slices.Index([]conflict.UseKind{conflict.Surveyed, conflict.Uncovered, conflict.Doubled}, u.Kind)
}

// classes is the land use under all parcels by class, with a sum for each great group.
func (b *conflictBook) classes() {
	columns := append([]column{
		{b.word("column.land-group"), 16}, {b.word("column.land-class"), 12}, {b.word("column.land-class-name"), 28},
	}, append(b.areaColumns(), column{b.word("column.share"), 12})...)
	s := b.sheet(heading{
		id: "landuse", name: b.word("sheet.landuse"),
		title: b.word("landuse.title"), subtitle: b.asked(), columns: columns,
	})
	uses := byClass(b.r.Ground.Uses)
	areas := make([]geo.Area, len(uses))
	for i, u := range uses {
		areas[i] = u.Area
	}
	whole := b.batchWhole()
	printed := partsOf(areas, whole)
	shares := apportionTo(sharesOf(areas), Percent, Percent.decimal(100_00))
	for from, to := 0, 0; from < len(uses); from = to {
		var sums [4]Decimal
		for k := range sums {
			sums[k] = Decimal{known: true}
		}
		for to = from; to < len(uses) && uses[to].Group == uses[from].Group; to++ {
			u := uses[to]
			s.add(plain, b.group(u.Group), u.Class, b.useName(u), printed[0][to], printed[1][to], printed[2][to], shares[to])
			for k, d := range []Decimal{printed[0][to], printed[1][to], printed[2][to], shares[to]} {
				sums[k] = sums[k].plus(d)
			}
		}
		if to-from > 1 {
			s.add(strong, b.word("land-subtotal", "name", b.group(uses[from].Group)), "", "", sums[0], sums[1], sums[2], sums[3])
		}
	}
	if len(uses) > 0 {
		s.add(strong, b.word("total"), "", "", whole[0], whole[1], whole[2], Percent.decimal(100_00))
	}
	s.end(b.groundNotes("landuse.note")...)
}

// sharesOf are areas as parts of their sum.
func sharesOf(areas []geo.Area) []float64 {
	sum := geo.Area(0)
	for _, a := range areas {
		sum += a
	}
	out := make([]float64, len(areas))
	for i, a := range areas {
		out[i] = float64(a / sum)
	}
	return out
}

// groups has a row per parcel: its area by great group, and how much farmland would be converted (农转用).
func (b *conflictBook) groups() {
	columns := []column{
		{b.word("column.row"), 8},
		{b.word("column.parcel"), 26},
		{b.word("column.land-region"), 22},
		{b.word("column.land-area-hectares"), 14},
		{b.word("column.land-agricultural"), 14},
		{b.word("column.land-cultivated"), 14},
		{b.word("column.land-construction"), 14},
		{b.word("column.land-unused"), 14},
		{b.word("column.land-group-unknown"), 18},
		{b.word("column.land-agricultural-share"), 14},
	}
	s := b.sheet(heading{
		id: "conversion", name: b.word("sheet.conversion"),
		title: b.word("conversion.title"), subtitle: b.asked(), columns: columns,
		frozen: 2,
	})
	sums := make([]Decimal, 6)
	for k := range sums {
		sums[k] = Hectare.decimal(0)
	}
	for _, p := range b.r.Parcels {
		if p.Ground == nil || len(p.Ground.Uses) == 0 {
			s.add(plain, p.Parcel.Row, p.Parcel.Name, b.regionsOf(p.Ground), Round(p.Parcel.Area, Hectare), Decimal{},
				Decimal{}, Decimal{}, Decimal{}, Decimal{}, Decimal{})
			sums = []Decimal{sums[0].plus(Round(p.Parcel.Area, Hectare)), {}, {}, {}, {}, {}}
			continue
		}
		line := b.conversion(p)
		s.add(plain, p.Parcel.Row, p.Parcel.Name, b.regionsOf(p.Ground), line[0], line[1], line[2], line[3], line[4],
			line[5], Round(float64(p.Ground.Grouped(codes.Agricultural)/p.Ground.Area), Percent))
		for k := range sums {
			sums[k] = sums[k].plus(line[k])
		}
	}
	s.add(strong, "", b.word("total"), "", sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], b.agriculturalShare(sums))
	notes := b.groundNotes("conversion.note")
	if len(b.r.Pairs) > 0 {
		notes[1] = b.word("ground.summed")
	}
	s.end(notes...)
}

// agriculturalShare is the share of a printed sum.
func (b *conflictBook) agriculturalShare(sums []Decimal) Decimal {
	if !sums[1].known || sums[0].units == 0 {
		return Decimal{}
	}
	return Round(sums[1].Float()/sums[0].Float(), Percent)
}

// conversion is a parcel's area, its agricultural part, the cultivated part of that, construction land, unused land
// and what is not known, in hectares: the groups add up to the parcel's area as it is printed.
func (b *conflictBook) conversion(p conflict.ParcelResult) []Decimal {
	whole := Round(p.Parcel.Area, Hectare)
	var parts []geo.Area
	for _, g := range groupOrder {
		parts = append(parts, p.Ground.Grouped(g))
	}
	printed := apportionTo(parts, Hectare, whole)
	cultivated := Round(p.Ground.Cultivated(), Hectare)
	if cultivated.units > printed[0].units { // rounded up where the group was rounded down
		cultivated = printed[0]
	}
	return []Decimal{whole, printed[0], cultivated, printed[1], printed[2], printed[3]}
}

// regionName is a region's name with its code, which tells regions of one name apart.
func (b *conflictBook) regionName(code string) string {
	if code == "" {
		return b.word("outside")
	}
	for _, r := range b.r.Ground.RegionNames {
		if r.Code == code && r.Name != "" {
			return b.word("ref", "title", r.Name, "ref", code)
		}
	}
	return code
}

// regionsOf names the regions that a parcel lies in.
func (b *conflictBook) regionsOf(g *conflict.Ground) string {
	if g == nil {
		return ""
	}
	var names []string
	for _, r := range g.Regions {
		names = append(names, b.regionName(r.Region))
	}
	return strings.Join(names, b.word("and"))
}

// uses lists what lies under each parcel, by region, class and owner; the rows of a parcel add up to its printed
// area.
func (b *conflictBook) uses() {
	owned := b.r.Ground.Ownership
	columns := []column{
		{b.word("column.row"), 8},
		{b.word("column.parcel"), 24},
		{b.word("column.land-region"), 22},
		{b.word("column.land-group"), 14},
		{b.word("column.land-class"), 10},
		{b.word("column.land-class-name"), 22},
	}
	if owned {
		columns = append(columns, b.ownerColumns()...)
	}
	s := b.sheet(heading{
		id: "uses", name: b.word("sheet.uses"),
		title: b.word("uses.title"), subtitle: b.asked(),
		columns: append(columns, b.areaColumns()...), frozen: 2,
	})
	for _, p := range b.r.Parcels {
		if p.Ground == nil {
			continue
		}
		areas := make([]geo.Area, len(p.Ground.Uses))
		for i, u := range p.Ground.Uses {
			areas[i] = u.Area
		}
		printed := partsOf(areas, wholeOf(p.Parcel.Area))
		for i, u := range p.Ground.Uses {
			region := ""
			if len(p.Ground.Regions) > 0 {
				region = b.regionName(u.Region)
			}
			values := []any{p.Parcel.Row, p.Parcel.Name, region, b.group(u.Group), u.Class, b.useName(u)}
			if owned {
				values = append(values, b.owner(u.Owner)...)
			}
			s.add(plain, append(values, printed[0][i], printed[1][i], printed[2][i])...)
		}
	}
	s.end(append([]string{b.word("uses.note")}, b.parcelGaps()...)...)
}

// parcelGaps say what is not known of the land under single parcels: as sentences, no more than a few.
func (b *conflictBook) parcelGaps() []string {
	const most = 20
	var out []string
	left := 0
	for _, p := range b.r.Parcels {
		if p.Ground == nil {
			continue
		}
		for _, g := range p.Ground.Gaps {
			if len(out) == most {
				left++
				continue
			}
			out = append(out, b.word("ground.parcel-gap", "row", p.Parcel.Row, "reason", b.sentence(g.Problem)))
		}
	}
	if left > 0 {
		out = append(out, b.word("ground.more-gaps", "count", left))
	}
	return out
}

func (b *conflictBook) ownerColumns() []column {
	return []column{
		{b.word("column.land-holder"), 10},
		{b.word("column.land-ownership"), 20},
		{b.word("column.land-owner"), 26},
		{b.word("column.land-place"), 22},
	}
}

func (b *conflictBook) owner(o conflict.Owner) []any {
	holder := ""
	if o.Holder != "" {
		holder = b.word("holder." + string(o.Holder))
	}
	kind := o.Kind
	if b.OwnershipTitle != nil && b.OwnershipTitle(o.Kind) != "" {
		kind = b.word("ref", "title", b.OwnershipTitle(o.Kind), "ref", o.Kind)
	}
	return []any{holder, kind, cmp.Or(o.Name, o.Code, Unknown), cmp.Or(o.Place, Unknown)}
}

// owners is the land under all parcels by owner and great group; rows and columns add up.
func (b *conflictBook) owners() {
	columns := append(b.ownerColumns(),
		column{b.word("column.land-agricultural"), 14}, column{b.word("column.land-construction"), 14},
		column{b.word("column.land-unused"), 14}, column{b.word("column.land-group-unknown"), 18},
		column{b.word("column.land-total-hectares"), 14})
	s := b.sheet(heading{
		id: "owners", name: b.word("sheet.land-owners"),
		title: b.word("land-owners.title"), subtitle: b.asked(), columns: columns,
	})
	var list []conflict.Owner
	var raw [][]geo.Area
	for _, u := range b.r.Ground.Uses {
		i := slices.Index(list, u.Owner)
		if i < 0 {
			i = len(list)
			list, raw = append(list, u.Owner), append(raw, make([]geo.Area, len(groupOrder)))
		}
		raw[i][slices.Index(groupOrder, u.Group)] += u.Area
	}
	cells, rows, sums, all := Matrix(raw, Hectare)
	for i, o := range list {
		values := b.owner(o)
		for _, d := range cells[i] {
			values = append(values, d)
		}
		s.add(plain, append(values, rows[i])...)
	}
	if len(list) > 0 {
		s.add(strong, b.word("total"), "", "", "", sums[0], sums[1], sums[2], sums[3], all)
	}
	s.end(b.groundNotes("land-owners.note")...)
}
