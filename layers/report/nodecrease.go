package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/nodecrease"
)

// NoDecreaseDocument is the check of the three no-decreases (三不) by region: the statuses with their reasons, the
// account of the area, which adds up by row and by column, that of nature, every patch with its approval, attributes that
// changed, and the indicators of HJ 1143 under this program's own definitions.
func NoDecreaseDocument(r nodecrease.Result, p Printer) Document {
	b := noDecreaseBook{Printer: p, r: r}
	b.heading = b.say("title", "layer", cmp.Or(r.Layer.Title, p.title(r.Input.Current.Layer)),
		"before", p.dated(r.Input.Baseline), "after", p.dated(r.Input.Current))
	d := Document{
		Title: b.heading, Provenance: r.Provenance, Gaps: r.Gaps,
		Tables: []Table{b.statuses(), b.areas(), b.natures(), b.patches(), b.attributes(), b.measures()},
		Facts:  []Fact{{b.say("rules"), b.say("rules.value")}},
	}
	if len(r.Unused) > 0 {
		d.Facts = append(d.Facts, Fact{b.say("unused"), strings.Join(r.Unused, p.word("and"))})
	}
	return d
}

type noDecreaseBook struct {
	Printer
	r       nodecrease.Result
	heading string
}

// say is a word of this document.
func (b *noDecreaseBook) say(key string, args ...any) string {
	return b.word("nodecrease."+key, args...)
}

// table begins a table whose first columns are those of a region.
func (b *noDecreaseBook) table(id string, more ...Column) Table {
	columns := append([]Column{{b.word("column.code"), 12}, {b.word("column.region"), 16}}, more...)
	return Table{ID: id, Name: b.say("sheet." + id), Title: b.heading, Subtitle: b.refs(), Columns: columns, Frozen: 2}
}

// column is one of this document's columns.
func (b *noDecreaseBook) column(key string, width float64) Column {
	return Column{b.say("column." + key), width}
}

func (b *noDecreaseBook) refs() string {
	in := b.r.Input
	text := b.say("subtitle", "before", in.Baseline, "after", in.Current)
	if in.LandBefore != (layers.Ref{}) && in.LandNow != (layers.Ref{}) {
		text += b.say("subtitle.land", "before", in.LandBefore, "after", in.LandNow)
	}
	if in.Regions != (layers.Ref{}) {
		text += b.word("subtitle.regions", "regions", in.Regions)
	}
	return text
}

// place are the first cells of a row.
func (b *noDecreaseBook) place(r nodecrease.Row) []any {
	return []any{r.Code, b.region(r.Code, r.Name, b.r.Input.Regions != (layers.Ref{}))}
}

// each adds the rows and the total.
func (b *noDecreaseBook) each(t *Table, values func(i int, r nodecrease.Row) []any) {
	for i, r := range b.r.Rows {
		t.Add(append(b.place(r), values(i, r)...)...)
	}
	t.AddTotal(append([]any{"", b.word("total")}, values(len(b.r.Rows), b.r.Total)...)...)
}

// status is a status in words; what was not asked has none.
func (b *noDecreaseBook) status(s analysis.Status) string {
	if s == "" {
		return b.say("not-asked")
	}
	return b.word("status." + string(s))
}

// reasons are sentences, each once.
func (b *noDecreaseBook) reasons(all ...nodecrease.Judged) string {
	var out []string
	for _, j := range all {
		for _, r := range j.Reasons {
			if s := b.sentence(r); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return strings.Join(out, " ")
}

func (b *noDecreaseBook) statuses() Table {
	t := b.table("status", b.column("area", 14), b.column("nature", 14), b.column("function", 14), b.column("zone", 14),
		b.column("status", 12), b.column("reasons", 90))
	b.each(&t, func(_ int, r nodecrease.Row) []any {
		area := b.status(r.Area.Status)
		if r.Area.Moved {
			area += b.say("moved")
		}
		return []any{
			area, b.status(r.Nature.Status), b.status(r.Function.Status), b.status(r.Zone.Status), b.status(r.Status),
			b.reasons(r.Area.Judged, r.Nature.Judged, r.Function.Judged, r.Zone.Judged),
		}
	})
	t.Notes = []string{b.say("status.note")}
	return t
}

func (b *noDecreaseBook) areas() Table {
	t := b.table("area", b.column("baseline", 16), b.column("current", 16), b.column("lost", 14), b.column("gained", 14),
		b.column("net", 14), b.column("tolerance", 12), b.column("lost-approved", 16), b.column("status", 12))
	var raw change.Result
	approved := make([]geo.Area, len(b.r.Rows))
	for i, r := range b.r.Rows {
		a := r.Area
		approved[i] = a.Approved
		raw.Rows = append(raw.Rows, change.Row{
			Before: a.Before, After: a.Now, Lost: a.Lost, Gained: a.Gained, Net: a.Net, Unchanged: a.Before - a.Lost,
		})
	}
	printed := roundChange(raw, Hectare)
	approvals, sum := Apportion(approved, Hectare)
	b.each(&t, func(i int, r nodecrease.Row) []any {
		row, covered := printed.total, sum
		if i < len(printed.rows) {
			row, covered = printed.rows[i], approvals[i]
		}
		return []any{
			row.Before, row.After, row.Lost, row.Gained, row.Net, Round(r.Area.Tolerance, Hectare), covered,
			b.status(r.Area.Status),
		}
	})
	t.Notes = []string{b.say("area.note")}
	return t
}

// areaColumn is a column of areas that adds up.
type areaColumn struct {
	key string
	of  func(nodecrease.NatureAccount) geo.Area
}

func (b *noDecreaseBook) natures() Table {
	type n = nodecrease.NatureAccount
	shown := []areaColumn{
		{"construction-before", func(a n) geo.Area { return a.Before }},
		{"construction-now", func(a n) geo.Area { return a.Now }},
		{"construction-in-baseline", func(a n) geo.Area { return a.NowInBaseline }},
		{"built", func(a n) geo.Area { return a.Built }},
		{"agricultural", func(a n) geo.Area { return a.Agricultural }},
		{"built-approved", func(a n) geo.Area { return a.Approved }},
		{"cultivated", func(a n) geo.Area { return a.Cultivated }},
	}
	var columns []Column
	printed := make([][]Decimal, len(shown)) // by column, the total last
	for k, c := range shown {
		columns = append(columns, b.column(c.key, 17))
		raw := make([]geo.Area, len(b.r.Rows))
		for i, r := range b.r.Rows {
			raw[i] = c.of(r.Nature)
		}
		cells, sum := Apportion(raw, Hectare)
		printed[k] = append(cells, sum)
	}
	t := b.table("nature", append(columns, b.column("status", 12))...)
	b.each(&t, func(i int, r nodecrease.Row) []any {
		var cells []any
		for k := range shown {
			if r.Nature.Known {
				cells = append(cells, printed[k][i])
			} else {
				cells = append(cells, Decimal{})
			}
		}
		return append(cells, b.status(r.Nature.Status))
	})
	t.Notes = []string{b.say("nature.note")}
	return t
}

func (b *noDecreaseBook) patches() Table {
	t := b.table("patches", b.column("number", 8), b.column("id", 26), b.column("kind", 16), b.column("names", 26),
		b.column("zone-before", 20), b.column("zone-now", 20), b.column("land", 36), b.column("land-code", 24),
		Column{b.word("column.m2"), 16}, Column{b.word("column.hectares"), 14}, b.column("longitude", 18),
		b.column("latitude", 18), b.column("approval", 26), b.column("approved", 16))
	names := map[string]string{}
	for _, r := range b.r.Rows {
		names[r.Code] = r.Name
	}
	for i, p := range b.r.Patches {
		t.Add(p.Region, b.region(p.Region, names[p.Region], b.r.Input.Regions != (layers.Ref{})), i+1, p.ID,
			b.say("kind."+p.Kind), b.names(p), b.zones(p.Before), b.zones(p.Now), b.lands(p.Land), codesOf(p.Land),
			Round(p.Area, SquareMetre), Round(p.Area, Hectare), DMS(p.Centre[0]), DMS(p.Centre[1]),
			strings.Join(p.Numbers, b.word("and")), Round(p.Approved, SquareMetre))
	}
	t.Notes = []string{b.say("patches.note")}
	return t
}

// names are those of the features that a patch lies or lay in.
func (b *noDecreaseBook) names(p nodecrease.Patch) string {
	var out []string
	for _, s := range slices.Concat(p.Now, p.Before) {
		name := cmp.Or(s.Name, s.Code, b.word("feature", "number", strconv.FormatInt(s.Feature, 10)))
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, b.word("and"))
}

func (b *noDecreaseBook) zones(shares []nodecrease.Share) string {
	var out []string
	for _, s := range shares {
		if zone := b.zone(layers.Protected, s.Zone); zone != "" && !slices.Contains(out, zone) {
			out = append(out, zone)
		}
	}
	return strings.Join(out, b.word("and"))
}

// lands says what became of which class, the largest area first.
func (b *noDecreaseBook) lands(shares []nodecrease.LandShare) string {
	type flow struct{ from, to string }
	sums := map[flow]geo.Area{}
	var order []flow
	for _, s := range shares {
		f := flow{s.From, s.To}
		if _, ok := sums[f]; !ok {
			order = append(order, f)
		}
		sums[f] += s.Area
	}
	slices.SortFunc(order, func(x, y flow) int {
		return cmp.Or(cmp.Compare(sums[y], sums[x]), cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to))
	})
	var out []string
	for _, f := range order {
		out = append(out, b.classTitle(f.from)+" → "+b.classTitle(f.to))
	}
	return strings.Join(out, b.word("and"))
}

func codesOf(shares []nodecrease.LandShare) string {
	var out []string
	for _, s := range shares {
		if s.Code != "" && !slices.Contains(out, s.Code) {
			out = append(out, s.Code)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (b *noDecreaseBook) attributes() Table {
	t := Table{
		ID: "attributes", Name: b.say("sheet.attributes"), Title: b.heading, Subtitle: b.refs(), Frozen: 2,
		Columns: []Column{
			b.column("feature-code", 22), b.column("feature-name", 30), b.column("field", 16), b.column("value-before", 36),
			b.column("value-now", 36),
		},
	}
	for _, a := range b.r.Attributes {
		t.Add(a.Code, a.Name, a.Field, a.Before, a.After)
	}
	t.Notes = []string{b.say("attributes.note")}
	return t
}

func (b *noDecreaseBook) measures() Table {
	t := b.table("measures", b.column("measure", 34), b.column("baseline", 14), b.column("current", 14), b.column("unit", 10),
		b.column("definition", 70))
	for _, r := range b.r.Rows {
		for _, m := range r.Measures {
			t.Add(append(b.place(r), b.measure(m)...)...)
		}
	}
	for _, m := range b.r.Total.Measures {
		t.AddTotal(append([]any{"", b.word("total")}, b.measure(m)...)...)
	}
	t.Notes = []string{b.say("measures.note")}
	return t
}

func (b *noDecreaseBook) measure(m nodecrease.Measure) []any {
	unit, word := Percent, "%"
	if m.ID == nodecrease.LineDensity {
		unit, word = Metre, "km/km²" // two decimals, as metres have
	}
	return []any{
		b.say("measure." + m.ID), roundKnown(m.Before, unit), roundKnown(m.Now, unit), word,
		b.say("measure." + m.ID + ".definition"),
	}
}

// roundKnown rounds a figure that may not be known.
func roundKnown(v *float64, u Unit) Decimal {
	if v == nil {
		return Decimal{}
	}
	return Round(*v, u)
}
