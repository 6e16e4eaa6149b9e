package report

import (
	"cmp"
	"io"

	"greenshield/layers"
	"greenshield/layers/analysis/change"
)

// ChangeWorkbook writes what changed between two vintages as a spreadsheet: the account by region and the transition
// matrix, in hectares and in mu, the list of places that changed, and the provenance. All printed figures are numbers,
// and the printed rows and columns of every table add up.
func ChangeWorkbook(w io.Writer, r change.Result, p Printer) error {
	b := changeBook{workbook: newWorkbook(p), r: r}
	b.title = b.word("change.title", "layer", cmp.Or(r.Layer.Title, b.workbook.title(r.Before.Layer)),
		"before", b.dated(r.Before), "after", b.dated(r.After))
	tables := []changeTable{roundChange(r, Hectare), roundChange(r, Mu)}
	for _, t := range tables {
		b.account(t)
	}
	for _, t := range tables {
		if len(r.Classes) > 0 {
			b.matrix(t)
		}
	}
	b.patches()
	overlapping := b.word("change.overlapping.value", "before", Round(r.OverlappingBefore, SquareMetre),
		"after", Round(r.OverlappingAfter, SquareMetre))
	b.provenance(b.title, r.Provenance, r.Gaps, Fact{b.word("change.overlapping"), overlapping})
	return b.finish(w, b.title, r.Provenance.Program, r.Provenance.At)
}

type changeBook struct {
	*workbook
	r     change.Result
	title string
}

// unitWord is a unit of area: 公顷 or 亩.
func (p Printer) unitWord(u Unit) string {
	switch u {
	case Hectare:
		return p.word("unit.hectare")
	case Mu:
		return p.word("unit.mu")
	case Kilometre:
		return "km"
	case Metre:
		return "m"
	case Percent:
		return "%"
	}
	return "m²"
}

// refs is the subtitle of all tables: the vintages compared, the regions and the unit.
func (b *changeBook) refs(u Unit) string {
	text := b.word("change.subtitle", "before", b.r.Before, "after", b.r.After)
	if b.r.Regions != (layers.Ref{}) {
		text += b.word("subtitle.regions", "regions", b.r.Regions)
	}
	return text + b.word("subtitle.unit", "unit", b.unitWord(u))
}

// account is the table by region.
func (b *changeBook) account(t changeTable) {
	classed := len(b.r.Classes) > 0
	columns := []column{
		{b.word("column.code"), 12},
		{b.word("column.region"), 18},
		{b.word("column.before", "vintage", b.dated(b.r.Before)), 17},
		{b.word("column.after", "vintage", b.dated(b.r.After)), 17},
		{b.word("column.gained"), 15},
		{b.word("column.lost"), 15},
		{b.word("column.net"), 15},
		{b.word("column.net-share"), 11},
		{b.word("column.unchanged"), 17},
	}
	if classed {
		columns = append(columns, column{b.word("column.changed"), 16})
	}
	s := b.sheet(heading{
		name:  b.word("sheet.change", "unit", b.unitWord(t.unit)),
		title: b.title, subtitle: b.refs(t.unit), columns: columns, frozen: 2,
	})
	for i, row := range b.r.Rows {
		s.account(plain, row.Code, b.regionName(row), row, t.rows[i], classed)
	}
	s.account(strong, "", b.word("total"), b.r.Total, t.total, classed)
	s.end(b.word("change.note"))
}

func (s *sheet) account(l look, code, name string, raw change.Row, r changeRow, classed bool) {
	values := []any{code, name, r.Before, r.After, r.Gained, r.Lost, r.Net, Decimal{}, r.Unchanged}
	if raw.Before > 0 {
		values[7] = Round(float64((raw.After-raw.Before)/raw.Before), Percent)
	}
	if classed {
		values = append(values, r.Changed)
	}
	s.add(l, values...)
}

func (b *changeBook) regionName(row change.Row) string {
	return b.region(row.Code, row.Name, b.r.Regions != (layers.Ref{}))
}

// region is a region's name; what has no code lies outside all regions, or there are none.
func (p Printer) region(code, name string, split bool) string {
	switch {
	case code != "":
		return name
	case split:
		return p.word("outside")
	}
	return p.word("whole")
}

// matrix is the transition matrix with its totals; what only one of the vintages covers has a column and a row of its
// own where there is any.
func (b *changeBook) matrix(t changeTable) {
	gone, come := t.sumBefore.units != 0 || !t.sumBefore.known, t.sumAfter.units != 0 || !t.sumAfter.known
	columns := []column{{b.word("column.from-to"), 24}}
	for _, c := range b.r.Classes {
		columns = append(columns, column{b.classTitle(c), 15})
	}
	if gone {
		columns = append(columns, column{b.word("column.only-before"), 15})
	}
	columns = append(columns, column{b.word("column.sum-before"), 16})
	s := b.sheet(heading{
		name:  b.word("sheet.matrix", "unit", b.unitWord(t.unit)),
		title: b.word("matrix.title", "title", b.title), subtitle: b.refs(t.unit), columns: columns, frozen: 1,
	})
	all := t.unit.decimal(0)
	for i, c := range b.r.Classes {
		values := []any{b.classTitle(c)}
		for j, d := range t.matrix[i] {
			values = append(values, mark(d, i == j))
		}
		if gone {
			values = append(values, t.onlyBefore[i])
		}
		s.add(plain, append(values, t.before[i])...)
		all = all.plus(t.before[i])
	}
	if come {
		values := decimals([]any{b.word("column.only-after")}, t.onlyAfter)
		if gone {
			values = append(values, "")
		}
		s.add(plain, append(values, t.sumAfter)...)
	}
	values := decimals([]any{b.word("column.sum-after")}, t.after)
	if gone {
		values = append(values, t.sumBefore)
	}
	s.add(strong, append(values, all.plus(t.sumAfter))...)
	s.end(b.word("matrix.note"))
}

func mark(d Decimal, same bool) any {
	if same {
		return marked{d}
	}
	return d
}

func decimals(values []any, ds []Decimal) []any {
	for _, d := range ds {
		values = append(values, d)
	}
	return values
}

// classTitle is a class's code and name.
func (p Printer) classTitle(code string) string {
	switch name := p.class(code); {
	case code == "":
		return p.word("class.none")
	case name != "":
		return code + " " + name
	}
	return code
}

// patches lists the places that changed.
func (b *changeBook) patches() {
	classed := len(b.r.Classes) > 0
	columns := []column{
		{b.word("column.number"), 8},
		{b.word("column.code"), 12},
		{b.word("column.kind"), 12},
	}
	if classed {
		columns = append(columns, column{b.word("column.class-before"), 20}, column{b.word("column.class-after"), 20})
	}
	columns = append(columns, column{b.word("column.m2"), 16}, column{b.word("column.hectares"), 15},
		column{b.word("column.mu"), 15}, column{b.word("column.longitude"), 13}, column{b.word("column.latitude"), 13})
	s := b.sheet(heading{
		name: b.word("sheet.patches"), title: b.word("patches.title", "title", b.title),
		subtitle: b.word("change.subtitle", "before", b.r.Before, "after", b.r.After), columns: columns,
	})
	for i, patch := range b.r.Patches {
		values := []any{i + 1, patch.Region, b.word("kind." + patch.Kind)}
		if classed {
			values = append(values, b.patchClass(patch.ClassBefore, patch.Kind == "gained"),
				b.patchClass(patch.ClassAfter, patch.Kind == "lost"))
		}
		middle := patch.Outline.Bound().Center()
		values = append(values, Round(patch.Area, SquareMetre), Round(patch.Area, Hectare), Round(patch.Area, Mu))
		if len(patch.Outline) > 0 {
			values = append(values, degree(middle[0]), degree(middle[1]))
		}
		s.add(plain, values...)
	}
	s.end(b.word("patches.note"))
}

// patchClass is the class of a patch in a vintage that covers it.
func (p Printer) patchClass(code string, uncovered bool) string {
	if uncovered {
		return Unknown
	}
	return p.classTitle(code)
}
