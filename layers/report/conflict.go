package report

import (
	"io"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/analysis/conflict"
)

// ConflictWorkbook writes the answer to a conflict check as a spreadsheet: the verdict for each parcel, every finding,
// the sums by layer, what was checked and found clear, why an answer is incomplete, and the provenance. A rule whose
// source is not verified is listed apart from the law.
//
// Suggestions on how conflicts can be avoided get sheets of their own; there may be fewer than there are parcels with
// something to avoid.
func ConflictWorkbook(w io.Writer, r conflict.Result, p Printer, suggestions ...avoid.Result) error {
	b := conflictBook{workbook: newWorkbook(p), r: r, title: p.word("conflict.title"), suggestions: suggestions}
	b.sheets()
	b.provenance(b.title, r.Provenance, r.Gaps, b.incomplete()...)
	return b.finish(w, b.title, r.Provenance.Program, r.Provenance.At)
}

// ConflictDocument is what ConflictWorkbook writes, as tables.
func ConflictDocument(r conflict.Result, p Printer, suggestions ...avoid.Result) Document {
	b := conflictBook{workbook: newRecording(p), r: r, title: p.word("conflict.title"), suggestions: suggestions}
	b.sheets()
	return Document{
		Title: b.title, Tables: b.tables, Facts: b.incomplete(), Provenance: r.Provenance, Gaps: r.Gaps,
	}
}

// sheets are all but the provenance.
func (b *conflictBook) sheets() {
	b.verdicts()
	b.findings()
	b.layers()
	b.groundSheets()
	b.avoidSheets()
	b.clear()
	b.gaps()
}

type conflictBook struct {
	*workbook
	r     conflict.Result
	title string
	// suggestions are on how conflicts can be avoided.
	suggestions []avoid.Result
}

func (p Printer) verdict(v analysis.Verdict) string { return p.word("verdict." + v.String()) }

func (p Printer) theme(t layers.Theme) string { return p.word("theme." + string(t)) }

// asked is the subtitle of all tables: what was asked, and the answer for the batch.
func (b *conflictBook) asked() string {
	return b.word("conflict.subtitle", "activity", b.activity(b.r.Provenance.Activity), "date", b.r.Provenance.Date,
		"count", len(b.r.Parcels), "verdict", b.verdict(b.r.Verdict))
}

// areas is an area in all three units.
func areas(a geo.Area) []any { return []any{Round(a, SquareMetre), Round(a, Hectare), Round(a, Mu)} }

func (b *conflictBook) areaColumns() []column {
	return []column{{b.word("column.m2"), 15}, {b.word("column.hectares"), 13}, {b.word("column.mu"), 13}}
}

// verdicts has a row per parcel. A parcel's area is rounded by itself, as it stands in its own papers, and the total
// is the sum of what is printed.
func (b *conflictBook) verdicts() {
	columns := []column{
		{b.word("column.row"), 8},
		{b.word("column.parcel"), 26},
		{b.word("column.verdict"), 14},
		{b.word("column.findings"), 10},
	}
	columns = append(append(columns, b.areaColumns()...),
		column{b.word("column.declared"), 15}, column{b.word("column.plane"), 15}, column{b.word("column.method"), 24})
	s := b.sheet(heading{
		id:   "verdicts",
		name: b.word("sheet.verdicts"), title: b.title, subtitle: b.asked(), columns: columns, frozen: 3,
	})
	sums := [3]Decimal{SquareMetre.decimal(0), Hectare.decimal(0), Mu.decimal(0)}
	count := 0
	for _, p := range b.r.Parcels {
		values := []any{p.Parcel.Row, p.Parcel.Name, b.verdict(p.Verdict), len(p.Findings)}
		for k, v := range areas(p.Parcel.Area) {
			values, sums[k] = append(values, v), sums[k].plus(v.(Decimal))
		}
		values = append(values, Round(p.Parcel.Declared, SquareMetre), Round(p.Parcel.Plane, SquareMetre),
			b.shortMethod(p.Parcel.AreaMethod))
		s.add(plain, values...)
		count += len(p.Findings)
	}
	s.add(strong, "", b.word("total"), b.verdict(b.r.Verdict), count, sums[0], sums[1], sums[2], "", "", "")
	union := Round(b.r.Union, Hectare)
	s.end(b.word("conflict.union", "hectares", union, "mu", Round(b.r.Union, Mu)), b.word("conflict.verdicts"))
}

// findings lists every finding, parcel by parcel, worst first.
func (b *conflictBook) findings() {
	columns := []column{
		{b.word("column.row"), 8},
		{b.word("column.parcel"), 22},
		{b.word("column.theme"), 16},
		{b.word("column.layer"), 22},
		{b.word("column.feature"), 22},
		{b.word("column.zone"), 22},
	}
	columns = append(columns, b.areaColumns()...)
	if b.accurate() {
		columns = append(columns, column{b.word("column.effective"), 15}, column{b.word("column.accuracy"), 11},
			column{b.word("column.border"), 40})
	}
	columns = append(columns,
		column{b.word("column.share"), 11}, column{b.word("column.outcome"), 12}, column{b.word("column.law"), 28},
		column{b.word("column.article"), 18}, column{b.word("column.text"), 48},
		column{b.word("column.unverified"), 28}, column{b.word("column.source"), 16})
	s := b.sheet(heading{
		id:   "findings",
		name: b.word("sheet.findings"), title: b.word("findings.title"), subtitle: b.asked(), columns: columns,
		frozen: 2,
	})
	for _, p := range b.r.Parcels {
		for _, f := range p.Findings {
			s.add(plain, b.finding(p.Parcel, f)...)
		}
	}
	notes := []string{b.word("findings.note")}
	if b.accurate() {
		notes = append(notes, b.word("border.note"))
	}
	s.end(notes...)
}

// accurate reports whether a layer's accuracy is declared, so that overlaps have an effective area.
func (b *conflictBook) accurate() bool {
	return slices.ContainsFunc(b.r.Provenance.Declared, func(d analysis.Declaration) bool { return d.Accuracy > 0 })
}

// border is what the accuracy of the layer leaves of an overlap.
func (b *conflictBook) border(f analysis.Finding) []any {
	o := f.Overlap
	if o.Accuracy == 0 {
		return []any{Unknown, Unknown, ""}
	}
	text := ""
	if f.Border {
		text = b.word("border.case", "accuracy", Round(o.Accuracy, Metre))
	}
	return []any{Round(o.Effective, SquareMetre), Round(o.Accuracy, Metre), text}
}

func (b *conflictBook) finding(p conflict.Parcel, f analysis.Finding) []any {
	values := []any{p.Row, p.Name, b.theme(f.Theme), b.named(f.Overlap.Ref), b.feature(f), b.zones(f)}
	values = append(values, areas(f.Overlap.Area)...)
	if b.accurate() {
		values = append(values, b.border(f)...)
	}
	values = append(values, Round(f.Overlap.Share, Percent), b.verdict(f.Outcome))
	// A recalled or proposed rule is not printed as law.
	law, article, unverified := f.Law, f.Article, ""
	if f.Source != "verified" {
		law, article, unverified = "", "", strings.TrimSpace(f.Law+" "+f.Article)
	}
	source := ""
	if f.Source != "" {
		source = b.word("source." + f.Source)
	}
	return append(values, law, article, f.Text[b.Lang], unverified, source)
}

// feature is the name of what the parcel overlaps, its code or its number; what no feature covers has none.
func (b *conflictBook) feature(f analysis.Finding) string {
	if f.Overlap.Feature == 0 {
		return Unknown
	}
	for _, role := range [...]layers.Role{layers.Name, layers.Code} {
		if v := f.Overlap.Roles[role]; v != "" {
			return v
		}
	}
	return b.word("feature", "number", f.Overlap.Feature)
}

// zones are the rule book's zones, or the delivered word where they could not be read.
func (b *conflictBook) zones(f analysis.Finding) string {
	var names []string
	for _, z := range f.Zones {
		names = append(names, b.zone(f.Theme, z))
	}
	if len(names) == 0 {
		return f.Overlap.Roles[layers.Zone]
	}
	return strings.Join(names, b.word("and"))
}

// layers sums the batch up over each layer and its features.
func (b *conflictBook) layers() {
	columns := []column{
		{b.word("column.theme"), 18},
		{b.word("column.layer"), 30},
		{b.word("column.feature"), 26},
		{b.word("column.parcels"), 10},
		{b.word("column.sum-m2"), 18},
		{b.word("column.sum-hectares"), 16},
		{b.word("column.union-m2"), 18},
		{b.word("column.union-hectares"), 16},
	}
	s := b.sheet(heading{
		id:   "layers",
		name: b.word("sheet.layers"), title: b.word("layers.title"), subtitle: b.asked(), columns: columns,
	})
	for _, l := range b.r.Layers {
		s.add(strong, b.theme(l.Theme), b.named(l.Ref), b.word("layers.all"), l.Parcels, Round(l.Area, SquareMetre),
			Round(l.Area, Hectare), Round(l.Union, SquareMetre), Round(l.Union, Hectare))
		for _, f := range l.Features {
			name := f.Name
			if name == "" {
				name = b.word("feature", "number", f.Feature)
			}
			s.add(plain, "", "", name, f.Parcels, Round(f.Area, SquareMetre), Round(f.Area, Hectare),
				Round(f.Union, SquareMetre), Round(f.Union, Hectare))
		}
	}
	s.end(b.word("layers.note"))
}

// clear lists what was asked completely and where nothing was found; that is an answer too.
func (b *conflictBook) clear() {
	columns := []column{
		{b.word("column.row"), 8},
		{b.word("column.parcel"), 34},
		{b.word("column.theme"), 22},
		{b.word("column.layer"), 44},
		{b.word("column.touching"), 20},
	}
	notes := []string{b.word("clear.note")}
	if b.accurate() {
		columns = append(columns, column{b.word("column.accuracy"), 11}, column{b.word("column.beside"), 20})
		notes = append(notes, b.word("border.beside"))
	}
	s := b.sheet(heading{
		id: "clear", name: b.word("sheet.clear"), title: b.word("clear.title"), subtitle: b.asked(), columns: columns,
	})
	for _, p := range b.r.Parcels {
		for _, c := range p.Checked {
			if c.Overlaps > 0 {
				continue
			}
			values := []any{p.Parcel.Row, p.Parcel.Name, b.theme(c.Theme), b.named(c.Ref), c.Touching}
			if c.Accuracy > 0 {
				values = append(values, Round(c.Accuracy, Metre), Round(c.Beside, SquareMetre))
			}
			s.add(plain, values...)
		}
	}
	s.end(notes...)
}

// gaps lists why an answer is incomplete: for the batch, for rows that could not be read, and for parcels.
func (b *conflictBook) gaps() {
	s := b.sheet(heading{
		id:   "gaps",
		name: b.word("sheet.gaps"), title: b.word("gaps.title"), subtitle: b.asked(),
		columns: []column{
			{b.word("column.row"), 8},
			{b.word("column.parcel"), 26},
			{b.word("column.layer"), 24},
			{b.word("column.reason"), 90},
		},
	})
	for _, g := range b.r.Gaps {
		s.add(plain, "", b.word("gaps.batch"), b.gapLayer(g), b.sentence(g.Problem))
	}
	for _, u := range b.r.Unread {
		s.add(plain, u.Row, b.word("gaps.unread"), "", b.sentence(u.Problem))
	}
	for _, p := range b.r.Parcels {
		for _, g := range p.Gaps {
			s.add(plain, p.Parcel.Row, p.Parcel.Name, b.gapLayer(g), b.sentence(g.Problem))
		}
	}
	if s.row == 4 {
		s.add(plain, "", "", "", b.word("none"))
	}
	s.end(b.word("gaps.note"))
}

// incomplete says in the provenance how many parcels have reasons of their own, which are listed on their sheet.
func (b *conflictBook) incomplete() []Fact {
	count := 0
	for _, p := range b.r.Parcels {
		if len(p.Gaps) > 0 {
			count++
		}
	}
	if count+len(b.r.Unread) == 0 {
		return nil
	}
	text := b.word("provenance.incomplete", "parcels", count, "unread", len(b.r.Unread), "sheet", b.word("sheet.gaps"))
	return []Fact{{b.word("provenance.gap"), text}}
}

func (b *conflictBook) gapLayer(g analysis.Gap) string {
	if g.Layer == "" {
		return ""
	}
	return b.workbook.title(g.Layer)
}

// FindingsCSV writes the findings of a check as CSV: the rows and figures of their sheet.
func FindingsCSV(w io.Writer, r conflict.Result, p Printer) error {
	t, _ := ConflictDocument(r, p).Find("findings")
	return t.CSV(w)
}
