package report

import (
	"cmp"

	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Fact is a line of the provenance.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// provenance writes the sheet that names all that a result depends on, and why it may be incomplete.
func (b *workbook) provenance(title string, p analysis.Provenance, gaps []analysis.Gap, more ...Fact) {
	s := b.sheet(heading{
		name: b.word("sheet.provenance"), title: b.word("provenance.title"), subtitle: title,
		columns: []column{{b.word("column.item"), 22}, {b.word("column.content"), 100}},
	})
	for _, f := range b.facts(p, gaps, more...) {
		s.add(plain, f.Name, f.Value)
	}
	s.end(b.word("provenance.note"))
}

// Basis are the lines of a document's provenance: inputs, method, rules, program, and every reason why the document may
// not be the whole truth.
func (d Document) Basis(p Printer) []Fact { return p.facts(d.Provenance, d.Gaps, d.Facts...) }

func (p Printer) facts(of analysis.Provenance, gaps []analysis.Gap, more ...Fact) []Fact {
	var out []Fact
	add := func(name, value string) {
		if value != "" {
			out = append(out, Fact{p.word("provenance." + name), value})
		}
	}
	for _, r := range of.Refs {
		add("input", p.named(r))
	}
	for _, d := range of.Declared {
		if d.Accuracy > 0 {
			add("declared", p.word("declared.accuracy", "layer", p.named(d.Ref), "accuracy", Round(d.Accuracy, Metre)))
		}
		if d.ValidUntil != "" {
			add("declared", p.word("declared.validity", "layer", p.named(d.Ref), "day", d.ValidUntil))
		}
	}
	add("method", p.method(of.Method))
	add("rounding", p.word("rounding"))
	add("rulebook", of.RuleBook)
	add("hash", of.RuleBookHash)
	add("date", of.Date)
	if of.Activity != "" {
		add("activity", p.activity(of.Activity))
	}
	if of.Tolerance > 0 {
		add("tolerance", Round(of.Tolerance, SquareMetre).String()+" m²")
	}
	if of.Width > 0 {
		add("width", Round(of.Width, Metre).String()+" m")
	}
	open := len(gaps) > 0
	for _, f := range more {
		if f.Value != "" {
			out = append(out, f)
		}
		open = open || f.Name == p.word("provenance.gap")
	}
	add("receipt", p.receipt())
	add("program", of.Program)
	add("at", of.At.Format("2006-01-02 15:04:05 -07:00"))
	for _, g := range gaps {
		add("gap", p.sentence(g.Problem))
	}
	if !open {
		add("gap", p.word("none"))
	}
	return out
}

// receipt says under which id the answer can be verified, or that no receipt was kept.
func (p Printer) receipt() string {
	if p.Receipt == "" {
		return p.word("provenance.receipt.none")
	}
	return p.word("provenance.receipt.id", "id", p.Receipt)
}

// named is a layer's title with its ref.
func (p Printer) named(r layers.Ref) string {
	if title := p.title(r.Layer); title != string(r.Layer) {
		return p.word("ref", "title", title, "ref", r)
	}
	return r.String()
}

// dated is a vintage with its revision, where it was corrected.
func (p Printer) dated(r layers.Ref) string {
	if r.Revision > 1 {
		return p.word("revised", "vintage", r.Vintage, "revision", r.Revision)
	}
	return r.Vintage
}

// method names how something was measured.
func (p Printer) method(m ellipsoid.Method) string {
	return p.word("method." + string(cmp.Or(m, "none")))
}

// shortMethod names it in few words, for a column.
func (p Printer) shortMethod(m ellipsoid.Method) string {
	return p.word("method.short." + string(cmp.Or(m, "none")))
}
