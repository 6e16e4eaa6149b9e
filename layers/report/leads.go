package report

import (
	"cmp"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/leads"
)

// LeadsDocument is the ledger of leads of an inspection (问题台账) with the fields of domain section 2.4; those that only
// people can fill stay empty. Behind it come a summary by county and kind, the counts by change, every delivered patch
// of every lead, and what is gone. A lead is not called a violation anywhere.
func LeadsDocument(r leads.Result, p Printer) Document {
	b := leadsBook{Printer: p, r: r}
	b.heading = b.say("title", "batch", cmp.Or(r.Input.Batch, p.dated(cmp.Or(r.Input.Land, r.Input.Activities))))
	return Document{
		Title: b.heading, Provenance: r.Provenance, Gaps: r.Gaps,
		Tables: []Table{b.ledger(), b.regions(), b.counts(), b.parts(), b.gone(), b.absent()},
		Facts:  []Fact{{b.say("rules"), b.say("rules.value")}},
	}
}

type leadsBook struct {
	Printer
	r       leads.Result
	heading string
}

// say is a word of this document.
func (b *leadsBook) say(key string, args ...any) string { return b.word("leads."+key, args...) }

func (b *leadsBook) table(id string, frozen int, columns ...Column) Table {
	return Table{
		ID: id, Name: b.say("sheet." + id), Title: b.heading, Subtitle: b.refs(), Columns: columns, Frozen: frozen,
		Notes: []string{b.say(id + ".note")},
	}
}

func (b *leadsBook) column(key string, width float64) Column {
	return Column{b.say("column." + key), width}
}

// refs names what was looked at.
func (b *leadsBook) refs() string {
	in := b.r.Input
	var out []string
	for _, v := range []struct {
		key string
		ref layers.Ref
	}{
		{"land", in.Land},
		{"land-before", in.LandBefore},
		{"activities", in.Activities},
		{"activities-before", in.ActivitiesBefore},
		{"protected", in.Protected},
		{"redline", in.Redline},
	} {
		if v.ref != (layers.Ref{}) {
			out = append(out, b.say("of."+v.key, "ref", v.ref))
		}
	}
	return strings.Join(out, b.say("of.and"))
}

// filledByPeople are the columns at the end of the ledger that this program leaves empty.
func filledByPeople() []string {
	return []string{
		"unlawful", "article", "checked-by", "checked-on", "photo", "measure", "due", "unit", "person", "progress", "done-on",
		"accepted-by", "status", "closed-on", "closed-number",
	}
}

// ledger has one line per lead, in the columns and the order of domain section 2.4.
func (b *leadsBook) ledger() Table {
	columns := []Column{
		b.column("id", 26), b.column("batch", 10), b.column("province", 10), b.column("city", 10), b.column("county", 12),
		b.column("town", 14), b.column("area-name", 26), b.column("area-type", 14), b.column("level", 10),
		b.column("zone", 18), b.column("longitude", 18), b.column("latitude", 18), b.column("kind", 16),
		b.column("word", 24), b.column("focus", 22), b.column("facility", 20), b.column("owner", 14), b.column("m2", 15),
		b.column("mu", 12), b.column("change", 12), b.column("added", 15), b.column("before-date", 14),
		b.column("after-date", 14), b.column("built", 12), b.column("founded", 12), b.column("approval", 14),
		b.column("in-redline", 12),
	}
	for _, key := range filledByPeople() {
		columns = append(columns, b.column(key, 12))
	}
	t := b.table("ledger", 1, append(columns, b.column("origin", 20), b.column("remark", 50))...)
	for i := range b.r.Leads {
		t.Add(b.line(&b.r.Leads[i])...)
	}
	return t
}

func (b *leadsBook) line(l *leads.Lead) []any {
	before, after := b.dates(l)
	cells := []any{
		l.ID, b.r.Input.Batch, b.r.RegionName(l.Region, 2), b.r.RegionName(l.Region, 4), l.RegionName, town(l.Place),
		b.areaNames(l), first(l, func(a leads.Area) string { return a.Type }), first(l, b.level), b.zones(l),
		DMS(l.Centre[0]), DMS(l.Centre[1]), b.class(l.Kind), b.words(l), b.focus(l), names(l), "", b.m2(l), b.mu(l),
		b.say("change." + l.Change), b.added(l), before, after, "", "", "", b.inRedline(l),
	}
	for range filledByPeople() {
		cells = append(cells, "")
	}
	return append(cells, b.origin(l), b.remark(l))
}

// m2 is the area of a lead; one of points alone has none.
func (b *leadsBook) m2(l *leads.Lead) any {
	if l.Area == 0 {
		return Decimal{}
	}
	return Round(l.Area, SquareMetre)
}

func (b *leadsBook) mu(l *leads.Lead) any {
	if l.Area == 0 {
		return Decimal{}
	}
	return Round(l.Area, Mu)
}

func (b *leadsBook) added(l *leads.Lead) any {
	if l.Area == 0 || l.Change == leads.Unknown {
		return Decimal{}
	}
	return Round(l.Added, SquareMetre)
}

// town is the code of the township that land use states: nine digits.
func town(place string) string {
	const digits = 9
	if len(place) < digits || strings.HasSuffix(place[:digits], "000") {
		return ""
	}
	return place[:digits]
}

// first is something of the protected area with the largest share.
func first(l *leads.Lead, of func(leads.Area) string) string {
	if len(l.Areas) == 0 {
		return ""
	}
	return of(l.Areas[0])
}

func (b *leadsBook) level(a leads.Area) string {
	switch a.Level {
	case "national", "provincial", "municipal", "county", "local":
		return b.say("level." + a.Level)
	}
	return a.Level
}

// areaNames are all protected areas of a lead, or the red line where it lies in none.
func (b *leadsBook) areaNames(l *leads.Lead) string {
	var out []string
	for _, a := range l.Areas {
		out = append(out, cmp.Or(a.Name, a.Code))
	}
	if len(out) == 0 {
		out = l.RedlineNames
	}
	return strings.Join(distinct(out), b.word("and"))
}

// distinct leaves every word in once, in order.
func distinct(words []string) []string {
	var out []string
	for _, w := range words {
		if w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// zones are the delivered words; a word of one law alone says of which.
func (b *leadsBook) zones(l *leads.Lead) string {
	var out []string
	for _, a := range l.Areas {
		word := cmp.Or(a.ZoneWord, a.Zone)
		if word != "" && (a.Vocabulary == "old" || a.Vocabulary == "new") {
			word = b.say("zone."+a.Vocabulary, "zone", word)
		}
		out = append(out, word)
	}
	return strings.Join(distinct(out), b.word("and"))
}

// words are the delivered words, land-use classes with their names.
func (b *leadsBook) words(l *leads.Lead) string {
	var out []string
	for _, w := range l.Words {
		if name := b.class(w); name != "" && name != w {
			w += " " + name
		}
		out = append(out, w)
	}
	return strings.Join(distinct(out), b.word("and"))
}

func (b *leadsBook) focus(l *leads.Lead) string {
	var out []string
	if l.Focus4 {
		out = append(out, b.say("focus4"))
	}
	if l.Focus8 {
		out = append(out, b.say("focus8"))
	}
	for _, in := range l.In {
		out = append(out, b.say("in."+in))
	}
	return strings.Join(out, b.word("and"))
}

// names are those of the facilities that the delivery states.
func names(l *leads.Lead) string {
	var out []string
	for _, p := range l.Parts {
		out = append(out, p.Name)
	}
	return strings.Join(distinct(out), ", ")
}

// dates are the vintages before and after of what a lead was found in.
func (b *leadsBook) dates(l *leads.Lead) (before, after string) {
	in := b.r.Input
	var was, is []string
	for _, p := range l.Parts {
		from, to := in.LandBefore, in.Land
		if p.Source == leads.FromActivity {
			from, to = in.ActivitiesBefore, in.Activities
		}
		was, is = append(was, from.Vintage), append(is, to.Vintage)
	}
	return strings.Join(distinct(was), b.word("and")), strings.Join(distinct(is), b.word("and"))
}

func (b *leadsBook) inRedline(l *leads.Lead) string {
	switch {
	case b.r.Input.Redline == (layers.Ref{}):
		return Unknown
	case !l.InRedline:
		return b.say("no")
	case l.Area > 0 && l.Area-l.Redline > 1:
		return b.say("partly", "area", Round(l.Redline, SquareMetre))
	}
	return b.say("yes")
}

func (b *leadsBook) origin(l *leads.Lead) string {
	var out []string
	for _, p := range l.Parts {
		out = append(out, b.say("origin."+p.Source))
	}
	return strings.Join(distinct(out), b.word("and"))
}

// remark says what no other column does: overlapping protected areas, earlier leads, points, what could not be compared.
func (b *leadsBook) remark(l *leads.Lead) string {
	var out []string
	if areas := b.areaNames(l); len(l.Areas) > 1 && strings.Contains(areas, b.word("and")) {
		out = append(out, b.say("remark.overlap", "names", areas))
	}
	if l.Recurrence != leads.First {
		out = append(out, b.say("remark."+l.Recurrence, "ids", strings.Join(l.Earlier, b.word("and"))))
	}
	if l.Points > 0 && l.Area == 0 {
		out = append(out, b.say("remark.point"))
	}
	if l.Change == leads.Unknown {
		out = append(out, b.say("remark.unknown"))
	}
	if l.KindBefore != "" && l.KindBefore != l.Kind {
		out = append(out, b.say("remark.kind-before", "kind", b.class(l.KindBefore)))
	}
	return strings.Join(out, " ")
}

// summed is what the summary says of the leads of one kind in one county.
type summed struct {
	region, name, kind           string
	places, four, eight, redline int64
	area                         geo.Area
}

// regions sums the ledger up by county and kind.
func (b *leadsBook) regions() Table {
	t := b.table("regions", 2, Column{b.word("column.code"), 12}, Column{b.word("column.region"), 16}, b.column("kind", 18),
		b.column("places", 10), b.column("hectares", 16), b.column("four", 14), b.column("eight", 14), b.column("redline-places", 14))
	var rows []*summed
	for i := range b.r.Leads {
		l := &b.r.Leads[i]
		k := slices.IndexFunc(rows, func(s *summed) bool { return s.region == l.Region && s.kind == l.Kind })
		if k < 0 {
			k = len(rows)
			rows = append(rows, &summed{region: l.Region, name: l.RegionName, kind: l.Kind})
		}
		rows[k].add(l)
	}
	slices.SortStableFunc(rows, func(x, y *summed) int { return cmp.Compare(x.region, y.region) })
	areas := make([]geo.Area, len(rows))
	for i, s := range rows {
		areas[i] = s.area
	}
	printed, sum := Apportion(areas, Hectare)
	var all summed
	for i, s := range rows {
		t.Add(s.region, b.region(s.region, s.name, b.r.Input.Regions != (layers.Ref{})), b.class(s.kind), s.places, printed[i], s.four,
			s.eight, s.redline)
		all.places, all.four, all.eight, all.redline = all.places+s.places, all.four+s.four, all.eight+s.eight, all.redline+s.redline
	}
	t.AddTotal("", b.word("total"), "", all.places, sum, all.four, all.eight, all.redline)
	return t
}

func (s *summed) add(l *leads.Lead) {
	s.places++
	s.area += l.Area
	for _, c := range []struct {
		is   bool
		into *int64
	}{{l.Focus4, &s.four}, {l.Focus8, &s.eight}, {l.InRedline, &s.redline}} {
		if c.is {
			*c.into++
		}
	}
}

// counts are all places inside by change, listed or not.
func (b *leadsBook) counts() Table {
	t := b.table("counts", 1, b.column("change", 18), b.column("places", 12), b.column("hectares", 18), b.column("listed", 14))
	areas := make([]geo.Area, len(b.r.Counts))
	for i, c := range b.r.Counts {
		areas[i] = c.Area
	}
	printed, _ := Apportion(areas, Hectare)
	for i, c := range b.r.Counts {
		t.Add(b.say("change."+c.Change), c.Places, printed[i], c.Listed)
	}
	return t
}

// parts traces every lead back to what was delivered.
func (b *leadsBook) parts() Table {
	t := b.table("parts", 1, b.column("id", 26), b.column("origin", 22), b.column("feature", 12), b.column("code", 24),
		b.column("word", 24), b.column("facility", 20), b.column("kind", 18), b.column("m2", 16))
	for _, l := range b.r.Leads {
		for _, p := range l.Parts {
			t.Add(l.ID, b.say("origin."+p.Source), p.Feature, p.Code, b.words(&leads.Lead{Words: []string{p.Word}}), p.Name,
				b.class(p.Kind), Round(p.Area, SquareMetre))
		}
	}
	return t
}

// gone lists what was there at the date before.
func (b *leadsBook) gone() Table {
	t := b.table("gone", 0, b.column("county-code", 14), b.column("origin", 22), b.column("code", 24), b.column("word", 24),
		b.column("kind", 18), b.column("m2", 16), b.column("longitude", 18), b.column("latitude", 18))
	for _, g := range b.r.Gone {
		t.Add(g.Region, b.say("origin."+g.Source), g.Code, b.words(&leads.Lead{Words: []string{g.Word}}), b.class(g.Kind),
			Round(g.Area, SquareMetre), DMS(g.Centre[0]), DMS(g.Centre[1]))
	}
	return t
}

// absent lists earlier leads at whose place nothing was found.
func (b *leadsBook) absent() Table {
	t := b.table("absent", 0, b.column("id", 40))
	for _, id := range b.r.Absent {
		t.Add(id)
	}
	return t
}
