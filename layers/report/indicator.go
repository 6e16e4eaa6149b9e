package report

import (
	"strings"

	"greenshield/layers"
	"greenshield/layers/analysis/indicator"
)

// IndicatorDocument is the scorecard of an assessment, every indicator with target, value and reason, and what went into
// the computed ones.
func IndicatorDocument(r indicator.Result, p Printer) Document {
	b := indicatorBook{Printer: p, r: r}
	b.heading = b.word("indicator.title", "set", r.Set.Name.In(p.Lang))
	tables := []Table{b.scores(), b.assessments()}
	if t := b.inputs(); len(t.Rows) > 0 {
		tables = append(tables, t)
	}
	tables = append(tables, b.set())
	return Document{Title: b.heading, Tables: tables, Facts: b.facts(), Provenance: r.Provenance, Gaps: r.Gaps}
}

type indicatorBook struct {
	Printer
	r       indicator.Result
	heading string
}

func (b *indicatorBook) head(key string, width float64) Column {
	return Column{b.word("indicator.column." + key), width}
}

func (b *indicatorBook) table(id string, frozen int, columns ...Column) Table {
	return Table{
		ID: id, Name: b.word("indicator.sheet." + id), Title: b.heading, Subtitle: b.subtitle(), Frozen: frozen,
		Columns: columns,
	}
}

func (b *indicatorBook) subtitle() string {
	s := b.r.Set
	to := s.ValidTo
	if to == "" {
		to = b.word("indicator.still")
	}
	return b.word("indicator.subtitle", "document", s.Document, "from", s.ValidFrom, "to", to)
}

// facts say where the set and its methods come from.
func (b *indicatorBook) facts() []Fact {
	out := []Fact{{b.word("indicator.set"), b.r.Set.ID + b.mark(b.r.Set.Source, b.r.Set.Cite)}}
	if v := b.r.Set.Validity.In(b.Lang); v != "" {
		out = append(out, Fact{b.word("indicator.validity"), v})
	}
	for _, m := range b.r.Methods {
		out = append(out, Fact{b.word("indicator.formula"), m.Formula.In(b.Lang) + b.mark(m.Source, m.Cite)})
	}
	return out
}

// mark says how well something is founded and where it was read.
func (b *indicatorBook) mark(source, cite string) string {
	return b.word("indicator.mark", "mark", b.word("source."+source), "cite", b.r.Sources[cite])
}

// regionName names a region that is assessed; all of them together have a code but perhaps no name.
func (b *indicatorBook) regionName(code string) string {
	for _, r := range b.r.Regions {
		if r.Code == code && r.Name != "" {
			return r.Name
		}
	}
	if len(b.r.Regions) > 1 && code == b.r.Regions[0].Code {
		return b.word("indicator.all-regions")
	}
	return ""
}

func (b *indicatorBook) scores() Table {
	t := b.table("scorecard", 3, Column{b.word("column.code"), 12}, Column{b.word("column.region"), 16},
		b.head("year", 7), b.head("met", 9), b.head("not-met", 9), b.head("to-verify", 9), b.head("to-assess", 9),
		b.head("all", 9), b.head("binding", 16), b.head("improved", 14), b.head("worsened", 14))
	for _, s := range b.r.Scores {
		t.Add(s.Region, b.regionName(s.Region), s.Year, s.Met, s.NotMet, s.ToVerify, s.ToAssess,
			s.Met+s.NotMet+s.ToVerify+s.ToAssess,
			b.word("indicator.of", "met", s.BindingMet, "all", s.Binding), s.Improved, s.Worsened)
	}
	t.Notes = []string{b.word("indicator.note.scorecard")}
	return t
}

func (b *indicatorBook) assessments() Table {
	t := b.table("assessment", 5, Column{b.word("column.code"), 12}, Column{b.word("column.region"), 14},
		b.head("year", 7), b.head("clause", 11), b.head("indicator", 34), b.head("attribute", 9), b.head("target", 22),
		b.head("value", 14), b.head("unit", 14), b.head("change", 12), b.head("status", 10), b.head("before", 10),
		b.head("origin", 30), b.head("lead", 26), b.head("reason", 60))
	for _, a := range b.r.Assessments {
		i, _ := b.r.Set.Find(a.Indicator)
		t.Add(a.Region, b.regionName(a.Region), a.Year, i.Clause, i.Name.In(b.Lang),
			b.word("indicator.attribute."+i.Attribute), b.target(i, a), b.value(i, a), i.Unit.In(b.Lang),
			b.number(i, a.Change), b.status(a.Status), b.statusBefore(a), b.origin(a), b.leads(i), b.reasons(a.Reasons))
	}
	t.Notes = []string{b.word("indicator.note.assessment"), b.word("indicator.note.attribute")}
	return t
}

// number is a figure in the unit of an indicator; an empty cell where there is none.
func (b *indicatorBook) number(i indicator.Indicator, v *float64) any {
	if v == nil {
		return ""
	}
	return RoundTo(*v, *i.Decimals)
}

func (b *indicatorBook) value(i indicator.Indicator, a indicator.Assessment) any {
	switch {
	case a.Number != nil:
		return b.number(i, a.Number)
	case a.Computed != nil && a.Computed.Number != nil && i.Op != indicator.Done:
		return b.word("indicator.reference", "value", RoundTo(*a.Computed.Number, *i.Decimals).String())
	case a.Computed != nil && i.Op == indicator.Done && len(a.Computed.Inputs) > 0:
		return b.word("indicator.see-inputs")
	case a.Done != nil && *a.Done:
		return b.word("indicator.yes")
	case a.Done != nil:
		return b.word("indicator.no")
	}
	return Unknown
}

// target is what was asked for: "≥ 95.00", or the set's words where it is no number.
func (b *indicatorBook) target(i indicator.Indicator, a indicator.Assessment) string {
	if a.Target == nil {
		return i.Words.In(b.Lang)
	}
	number := RoundTo(*a.Target, *i.Decimals).String()
	sign := "≥ "
	if i.Better == "down" {
		sign = "≤ "
	}
	switch i.Op {
	case indicator.Equals: // a cell that begins with an equals sign would be a formula
		return b.word("indicator.equals", "target", number)
	case indicator.Assigned:
		return b.word("indicator.assigned", "target", sign+number)
	case indicator.Keep:
		return b.word("indicator.kept", "target", sign+number)
	}
	return sign + number
}

func (b *indicatorBook) statusBefore(a indicator.Assessment) string {
	if a.Before == "" {
		return ""
	}
	return b.status(a.Before)
}

// origin says where the value comes from: the document, or the vintages that it was computed from.
func (b *indicatorBook) origin(a indicator.Assessment) string {
	var out []string
	if c := a.Computed; c != nil {
		var refs []string
		for _, r := range c.Refs {
			refs = append(refs, r.String())
		}
		out = append(out, b.word("indicator.computed", "refs", strings.Join(refs, b.word("and"))))
	}
	if e := a.Entered; e != nil {
		out = append(out, b.word("indicator.entered", "source", e.Source, "date", e.Date, "by", e.By))
	}
	return strings.Join(out, b.word("indicator.both"))
}

func (b *indicatorBook) leads(i indicator.Indicator) string {
	var out []string
	for _, key := range i.Lead {
		out = append(out, b.r.Set.Leads[key].In(b.Lang))
	}
	return strings.Join(out, b.word("and"))
}

// inputs is what went into the formulas of computed values.
func (b *indicatorBook) inputs() Table {
	t := b.table("inputs", 4, Column{b.word("column.code"), 12}, Column{b.word("column.region"), 14}, b.head("year", 7),
		b.head("indicator", 34), b.head("input", 34), b.head("input.year", 8), b.head("input.value", 20),
		b.head("input.unit", 8), b.head("result", 14), b.head("unit", 12), b.head("refs", 40), b.head("formula", 60))
	for _, a := range b.r.Assessments {
		if a.Computed == nil {
			continue
		}
		i, _ := b.r.Set.Find(a.Indicator)
		for _, in := range a.Computed.Inputs {
			value, unit := b.input(in)
			t.Add(a.Region, b.regionName(a.Region), a.Year, i.Name.In(b.Lang),
				b.Words.Word(b.Lang, "indicator.input."+in.Name), in.Year, value, unit, b.number(i, a.Computed.Number),
				i.Unit.In(b.Lang), b.refs(a.Computed.Refs), b.formula(i.Method))
		}
	}
	t.Notes = []string{b.word("indicator.note.inputs")}
	return t
}

// input is one figure of a formula: areas in hectares, lengths in kilometres, others as they were entered.
func (b *indicatorBook) input(in indicator.Input) (Decimal, string) {
	switch in.Unit {
	case "m²":
		return Round(in.Value, Hectare), b.unitWord(Hectare)
	case "m":
		return Round(in.Value, Kilometre), b.unitWord(Kilometre)
	}
	return RoundTo(in.Value, 2), in.Unit
}

func (b *indicatorBook) refs(refs []layers.Ref) string {
	var out []string
	for _, r := range refs {
		out = append(out, b.named(r))
	}
	return strings.Join(out, b.word("and"))
}

func (b *indicatorBook) formula(method string) string {
	for _, m := range b.r.Methods {
		if m.ID == method {
			return m.Formula.In(b.Lang)
		}
	}
	return ""
}

// set lists the indicators as the set has them, with the marks of their sources.
func (b *indicatorBook) set() Table {
	t := b.table("set", 2, b.head("id", 24), b.head("indicator", 34), b.head("clause", 11), b.head("target", 26),
		b.head("unit", 14), b.head("attribute", 12), b.head("scope", 10), b.head("lead", 36), b.head("formula", 50),
		b.head("mark", 40))
	for _, i := range b.r.Set.Indicators {
		target := b.target(i, indicator.Assessment{Target: i.Target})
		for _, g := range i.Guides {
			target += b.word("indicator.guide", "name", g.Name.In(b.Lang), "target", RoundTo(g.Target, *i.Decimals).String(),
				"mark", b.word("source."+g.Source))
		}
		attribute := b.word("indicator.attribute." + i.Attribute)
		if i.Attribute != "none" {
			attribute += b.word("indicator.brackets", "text", b.word("source."+i.AttributeSource))
		}
		t.Add(i.ID, i.Name.In(b.Lang), i.Clause, target, i.Unit.In(b.Lang), attribute,
			b.word("indicator.scope."+i.Scope), b.leads(i), b.formula(i.Method),
			b.word("source."+i.Source)+b.word("indicator.brackets", "text", b.r.Sources[i.Cite]))
	}
	t.Notes = []string{b.word("indicator.note.attribute")}
	return t
}
