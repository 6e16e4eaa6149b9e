package report

import (
	"io"
	"slices"
	"strconv"

	"greenshield/geo"
	"greenshield/geo/format/geojson"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
)

// ConstructionDocument is an account of construction land: totals beside control total and intensity, what was built,
// given back and lies idle, the decline for a unit of product, and what lies in other layers. Every column of areas adds
// up over the regions of a year, and flows to what was newly built or given back.
func ConstructionDocument(r construction.Result, p Printer) Document {
	b := constructionBook{Printer: p, r: r}
	first, last := r.Years[0], r.Years[len(r.Years)-1]
	b.heading = b.word("construction.title", "from", first.Ref.Vintage, "to", last.Ref.Vintage)
	if len(r.Years) == 1 {
		b.heading = b.word("construction.title.one", "year", first.Ref.Vintage)
	}
	tables := []Table{b.totals()}
	if len(r.Steps) > 0 {
		tables = append(tables, b.flows(), b.declines())
	}
	if len(r.Places) > 0 {
		tables = append(tables, b.places())
	}
	if len(r.Patches) > 0 {
		tables = append(tables, b.patches())
	}
	return Document{Title: b.heading, Tables: tables, Facts: b.facts(), Provenance: r.Provenance, Gaps: r.Gaps}
}

type constructionBook struct {
	Printer
	r       construction.Result
	heading string
}

// status is what a status is called.
func (p Printer) status(s analysis.Status) string { return p.word("status." + string(s)) }

// facts say how the figures came about.
func (b *constructionBook) facts() []Fact {
	out := []Fact{
		{b.word("construction.basis"), b.word("construction.basis." + string(b.r.Basis))},
		{b.word("construction.idle"), b.word("construction.idle.value", "classes", b.r.Idle)},
		{b.word("construction.formula"), b.word("construction.formula.value")},
	}
	if b.r.IdleField != "" {
		out = append(out, Fact{
			b.word("construction.idle"),
			b.word("construction.idle.field", "field", b.r.IdleField, "values", b.r.IdleValues),
		})
	}
	for _, y := range b.r.Years {
		unit := b.word("construction.stated.none")
		if y.Unit != "" {
			unit = b.word("construction.stated.value", "field", y.Field, "unit", y.Unit)
		}
		declared := y.Declared
		if declared == "" {
			declared = "none"
		}
		out = append(out, Fact{
			b.word("construction.year", "year", y.Year), unit + b.word("construction.declared."+declared),
		})
	}
	return out
}

func (b *constructionBook) subtitle() string {
	text := b.word("construction.subtitle")
	if b.r.Regions != (layers.Ref{}) {
		text += b.word("subtitle.regions", "regions", b.r.Regions)
	}
	return text
}

// table begins a table whose rows are regions.
func (b *constructionBook) table(id string, frozen int, more ...Column) Table {
	return Table{
		ID: id, Name: b.word("construction.sheet." + id), Title: b.heading, Subtitle: b.subtitle(), Frozen: frozen,
		Columns: append([]Column{{b.word("column.code"), 12}, {b.word("column.region"), 16}}, more...),
	}
}

// head is a column of the account.
func (b *constructionBook) head(key string, width float64) Column {
	return Column{b.word("construction.column." + key), width}
}

func (b *constructionBook) place(code, name string) []any {
	return []any{code, b.region(code, name, b.r.Regions != (layers.Ref{}))}
}

// apart rounds one figure of several rows so that they add up to the printed total, year by year. It gives the printed
// rows and totals, both in the order of their lists.
func apart[R any](rows []R, year func(R) int, years []int, value func(R) geo.Area) (printed, totals []Decimal) {
	printed = make([]Decimal, len(rows))
	for _, y := range years {
		var at []int
		var raw []geo.Area
		for i, r := range rows {
			if year(r) == y {
				at, raw = append(at, i), append(raw, value(r))
			}
		}
		own, total := Apportion(raw, Hectare)
		for k, i := range at {
			printed[i] = own[k]
		}
		totals = append(totals, total)
	}
	return printed, totals
}

// totals is the table of construction land, control total and intensity.
func (b *constructionBook) totals() Table {
	t := b.table("totals", 3, b.head("year", 7), b.head("stated", 16), b.head("computed", 16), b.head("limit", 16),
		b.head("within", 12), b.head("idle", 14), b.head("extent", 16), b.head("intensity", 12), b.head("head", 13),
		b.head("product", 14))
	year := func(r construction.Row) int { return r.Year }
	var years []int
	for _, y := range b.r.Years {
		years = append(years, y.Year)
	}
	figures := [][2][]Decimal{}
	for _, value := range []func(construction.Row) geo.Area{
		func(r construction.Row) geo.Area { return r.Construction.Stated },
		func(r construction.Row) geo.Area { return r.Construction.Computed },
		func(r construction.Row) geo.Area { return r.Idle.By(b.r.Basis) },
		func(r construction.Row) geo.Area { return r.Extent },
	} {
		rows, totals := apart(b.r.Rows, year, years, value)
		figures = append(figures, [2][]Decimal{rows, totals})
	}
	line := func(r construction.Row, list, i int) []any {
		stated := any(b.word("construction.none"))
		if b.r.Years[indexOf(years, r.Year)].Unit != "" {
			stated = figures[0][list][i]
		}
		return []any{
			r.Year, stated, figures[1][list][i], roundArea(r.Limit, Hectare), b.status(r.Within), figures[2][list][i],
			figures[3][list][i], roundShare(r.Intensity), roundArea(r.PerCapita, SquareMetre), roundArea(r.PerGDP, SquareMetre),
		}
	}
	for i, r := range b.r.Rows {
		t.Add(append(b.place(r.Code, r.Name), line(r, 0, i)...)...)
	}
	for i, r := range b.r.Totals {
		t.AddTotal(append([]any{b.r.Whole, b.word("total")}, line(r, 1, i)...)...)
	}
	t.Notes = []string{b.word("construction.note.totals"), b.word("construction.basis." + string(b.r.Basis))}
	return t
}

func indexOf(years []int, year int) int {
	for i, y := range years {
		if y == year {
			return i
		}
	}
	return 0
}

func roundArea(a *geo.Area, u Unit) Decimal {
	if a == nil {
		return Decimal{}
	}
	return Round(*a, u)
}

func roundShare(s *construction.Share) Decimal {
	if s == nil {
		return Decimal{}
	}
	return Round(*s, Percent)
}

// flows is the table of what was built, given back and fell idle between two years.
func (b *constructionBook) flows() Table {
	figures := []string{
		"new", "new.agricultural", "new.unused", "new.unclassified", "exited", "exited.agricultural", "exited.unused",
		"exited.unclassified", "appeared", "vanished", "idle.new", "idle.reused", "difference",
	}
	shown := b.flowsShown()
	columns := []Column{b.head("from", 7), b.head("to", 7)}
	for i, key := range figures {
		if shown[i] {
			columns = append(columns, b.head(key, 16))
		}
	}
	t := b.table("flows", 4, columns...)
	for _, total := range b.r.StepTotals {
		var steps []construction.Step
		for _, s := range b.r.Steps {
			if s.From == total.From {
				steps = append(steps, s)
			}
		}
		rows, sums := b.flowRows(steps)
		for i, s := range steps {
			t.Add(append(append(b.place(s.Code, s.Name), s.From, s.To), only(rows[i], shown)...)...)
		}
		t.AddTotal(append([]any{b.r.Whole, b.word("total"), total.From, total.To}, only(sums, shown)...)...)
	}
	t.Notes = []string{b.word("construction.note.flows")}
	return t
}

// flowsShown says which figures of flowRows have a column: the exceptions only where there are any.
func (b *constructionBook) flowsShown() []bool {
	shown := slices.Repeat([]bool{true}, 13)
	const newUnclassified, exitedUnclassified, appeared, vanished = 3, 7, 8, 9
	shown[newUnclassified], shown[exitedUnclassified], shown[appeared], shown[vanished] = false, false, false, false
	for _, s := range b.r.StepTotals {
		shown[newUnclassified] = shown[newUnclassified] || s.NewFromUnclassified > 0
		shown[exitedUnclassified] = shown[exitedUnclassified] || s.ExitedToUnclassified > 0
		shown[appeared] = shown[appeared] || s.Appeared > 0
		shown[vanished] = shown[vanished] || s.Vanished > 0
	}
	return shown
}

// only keeps the cells that are shown.
func only(cells []any, shown []bool) []any {
	var out []any
	for i, c := range cells {
		if shown[i] {
			out = append(out, c)
		}
	}
	return out
}

// flowRows rounds the steps between two years: parts of what was built and given back add up by row and by column.
func (b *constructionBook) flowRows(steps []construction.Step) (rows [][]any, sums []any) {
	rows = make([][]any, len(steps))
	for _, parts := range []func(construction.Step) []geo.Area{
		func(s construction.Step) []geo.Area {
			return []geo.Area{s.NewFromAgricultural, s.NewFromUnused, s.NewFromUnclassified}
		},
		func(s construction.Step) []geo.Area {
			return []geo.Area{s.ExitedToAgricultural, s.ExitedToUnused, s.ExitedToUnclassified}
		},
	} {
		raw := make([][]geo.Area, len(steps))
		for i, s := range steps {
			raw[i] = parts(s)
		}
		cells, byRow, byColumn, all := Matrix(raw, Hectare)
		for i := range steps {
			rows[i] = append(rows[i], byRow[i], cells[i][0], cells[i][1], cells[i][2])
		}
		sums = append(sums, all, byColumn[0], byColumn[1], byColumn[2])
	}
	for _, value := range []func(construction.Step) geo.Area{
		func(s construction.Step) geo.Area { return s.Appeared },
		func(s construction.Step) geo.Area { return s.Vanished },
		func(s construction.Step) geo.Area { return s.FellIdle },
		func(s construction.Step) geo.Area { return s.Reused },
		func(s construction.Step) geo.Area { return s.Difference.By(b.r.Basis) },
	} {
		raw := make([]geo.Area, len(steps))
		for i, s := range steps {
			raw[i] = value(s)
		}
		printed, total := Apportion(raw, Hectare)
		for i := range steps {
			rows[i] = append(rows[i], printed[i])
		}
		sums = append(sums, total)
	}
	return rows, sums
}

// declines is the table of construction land for a unit of product.
func (b *constructionBook) declines() Table {
	t := b.table("decline", 4, b.head("from", 7), b.head("to", 7), b.head("u.before", 15), b.head("u.after", 15),
		b.head("level", 13), b.head("index", 13), b.head("check", 14), b.head("target", 11), b.head("status", 11),
		b.head("reason", 60))
	target := Decimal{}
	if b.r.Target > 0 {
		target = Round(b.r.Target, Percent)
	}
	line := func(s construction.Step) []any {
		d := s.Decline
		return []any{
			s.From, s.To, roundArea(d.Before, SquareMetre), roundArea(d.After, SquareMetre), roundShare(d.Level),
			roundShare(d.Index), roundShare(d.Check), target, b.status(d.Status), b.reasons(d.Reasons),
		}
	}
	for _, s := range b.r.Steps {
		t.Add(append(b.place(s.Code, s.Name), line(s)...)...)
	}
	for _, s := range b.r.StepTotals {
		t.AddTotal(append([]any{b.r.Whole, b.word("total")}, line(s)...)...)
	}
	t.Notes = []string{b.word("construction.formula.value")}
	return t
}

// reasons are sentences one after the other.
func (p Printer) reasons(all []*geo.Problem) string {
	text := ""
	for _, r := range all {
		text += p.sentence(r)
	}
	return text
}

// places is the table of construction land in other layers.
func (b *constructionBook) places() Table {
	t := Table{
		ID: "zones", Name: b.word("construction.sheet.zones"), Title: b.heading, Subtitle: b.subtitle(), Frozen: 4,
		Columns: []Column{
			b.head("layer", 34), b.head("zone", 18),
			{b.word("column.code"), 12},
			{b.word("column.region"), 16},
			b.head("year", 7), b.head("inside", 16), b.head("share", 12),
		},
	}
	for i, p := range b.r.Places {
		if !p.Total {
			continue
		}
		b.placeRows(&t, b.r.Places[i], b.regionsOf(p))
	}
	t.Notes = []string{b.word("construction.note.zones")}
	return t
}

// regionsOf are the rows of a total: the same layer, zone and year.
func (b *constructionBook) regionsOf(total construction.Place) []construction.Place {
	var out []construction.Place
	for _, p := range b.r.Places {
		if !p.Total && p.Ref == total.Ref && p.Zone == total.Zone && p.Year == total.Year {
			out = append(out, p)
		}
	}
	return out
}

func (b *constructionBook) placeRows(t *Table, total construction.Place, rows []construction.Place) {
	raw := make([]geo.Area, len(rows))
	for i, p := range rows {
		raw[i] = p.Area
	}
	printed, sum := Apportion(raw, Hectare)
	layer, zone := b.named(total.Ref), b.zoneOf(total)
	for i, p := range rows {
		t.Add(append(append([]any{layer, zone}, b.place(p.Code, p.Name)...), p.Year, printed[i], roundShare(p.Share))...)
	}
	t.AddTotal(layer, zone, b.r.Whole, b.word("total"), total.Year, sum, roundShare(total.Share))
}

// zoneOf names a zone: that of the rule book, or as delivered.
func (b *constructionBook) zoneOf(p construction.Place) string {
	switch p.Zone {
	case "":
		return b.word("construction.zone.whole")
	case construction.Unnamed, construction.Outside:
		return b.word("construction.zone." + p.Zone)
	}
	return b.zone(p.Theme, p.Zone)
}

// patches lists what was newly built and given back.
func (b *constructionBook) patches() Table {
	t := Table{
		ID: "patches", Name: b.word("construction.sheet.patches"), Title: b.heading, Subtitle: b.subtitle(), Frozen: 1,
		Columns: []Column{
			b.head("number", 8), b.head("kind", 10), b.head("from", 7), b.head("to", 7),
			{b.word("column.code"), 12},
			b.head("class.before", 24), b.head("class.after", 24), b.head("feature.before", 12),
			b.head("feature.after", 12), b.head("area", 16), b.head("longitude", 13), b.head("latitude", 12),
		},
	}
	for i, p := range b.r.Patches {
		at := p.Outline.Bound().Center()
		t.Add(i+1, b.word("construction.kind."+p.Kind), p.From, p.To, p.Code, b.classNamed(p.ClassBefore),
			b.classNamed(p.ClassAfter), p.FeatureBefore, p.FeatureAfter, Round(p.Area, SquareMetre), Degree(at[0]),
			Degree(at[1]))
	}
	t.Notes = []string{b.word("construction.note.patches")}
	return t
}

func (p Printer) classNamed(code string) string {
	if name := p.class(code); name != "" {
		return code + " " + name
	}
	return code
}

// ConstructionGeoJSON writes the outline of every patch that was newly built or given back.
func ConstructionGeoJSON(w io.Writer, r construction.Result) error {
	fields := columns("number", "kind", "from", "to", "region", "class_before", "class_after", "area_m2")
	return geojson.Write(w, fields, func(yield func(geojson.Feature, error) bool) {
		for i, p := range r.Patches {
			values := []any{
				strconv.Itoa(i + 1), p.Kind, strconv.Itoa(p.From), strconv.Itoa(p.To), p.Code, p.ClassBefore, p.ClassAfter,
				float64(p.Area),
			}
			if !yield(geojson.Feature{Geometry: p.Outline, Values: values}, nil) {
				return
			}
		}
	})
}
