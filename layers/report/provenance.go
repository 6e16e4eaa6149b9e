package report

import (
	"cmp"

	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// fact is a line of the provenance sheet.
type fact struct{ name, value string }

// provenance writes the sheet that names all that a result depends on, and why it may be incomplete.
func (b *workbook) provenance(title string, p analysis.Provenance, gaps []analysis.Gap, more ...fact) {
	s := b.sheet(heading{
		name: b.word("sheet.provenance"), title: b.word("provenance.title"), subtitle: title,
		columns: []column{{b.word("column.item"), 22}, {b.word("column.content"), 100}},
	})
	for _, r := range p.Refs {
		s.fact(b.word("provenance.input"), b.named(r))
	}
	s.fact(b.word("provenance.method"), b.method(p.Method))
	s.fact(b.word("provenance.rounding"), b.word("rounding"))
	s.fact(b.word("provenance.rulebook"), p.RuleBook)
	s.fact(b.word("provenance.hash"), p.RuleBookHash)
	s.fact(b.word("provenance.date"), p.Date)
	if p.Activity != "" {
		s.fact(b.word("provenance.activity"), b.activity(p.Activity))
	}
	if p.Tolerance > 0 {
		s.fact(b.word("provenance.tolerance"), Round(p.Tolerance, SquareMetre).String()+" m²")
	}
	if p.Width > 0 {
		s.fact(b.word("provenance.width"), Round(p.Width, Metre).String()+" m")
	}
	open := len(gaps) > 0
	for _, f := range more {
		s.fact(f.name, f.value)
		open = open || f.name == b.word("provenance.gap")
	}
	s.fact(b.word("provenance.program"), p.Program)
	s.fact(b.word("provenance.at"), p.At.Format("2006-01-02 15:04:05 -07:00"))
	for _, g := range gaps {
		s.fact(b.word("provenance.gap"), b.sentence(g.Problem))
	}
	if !open {
		s.fact(b.word("provenance.gap"), b.word("none"))
	}
	s.end(b.word("provenance.note"))
}

// fact writes a line, unless there is nothing to say.
func (s *sheet) fact(name, value string) {
	if value != "" {
		s.add(plain, name, value)
	}
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
