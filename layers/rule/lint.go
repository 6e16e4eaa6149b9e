package rule

import (
	"cmp"
	"slices"
	"time"

	"greenshield/layers"
)

// languages are those that every text of the table must have.
func languages() []string { return []string{"zh-CN", "en"} }

// lint checks the whole table: each entry by itself, that no two entries answer the same question on the same day,
// and that every question that can be asked today has an answer.
func (l *loader) lint() {
	l.lintHeader()
	ids := map[string]bool{}
	for i := range l.book.rules {
		r := &l.book.rules[i]
		if ids[r.ID] || r.ID == "" {
			l.complain("rule id %q is empty or used twice", r.ID)
		}
		ids[r.ID] = true
		l.lintRule(r)
	}
	l.lintOverlaps()
	l.lintHoles()
}

func (l *loader) lintHeader() {
	b := l.book
	if b.Name == "" || len(b.activities) == 0 || len(b.themes) == 0 {
		l.complain("%s: name, activities and themes must be given", bookFile)
	}
	for _, a := range b.activities {
		l.lintText("activity "+a.ID, a.Title)
	}
	for _, t := range b.themes {
		if _, err := layers.ParseTheme(string(t.Theme)); err != nil || !t.Theme.Constraint() {
			l.complain("%s: theme %q is not one that parcels are checked against", bookFile, t.Theme)
		}
		if !slices.Contains([]string{SplitDelivered, SplitWhole, SplitBoundary, SplitProtected}, t.Split) {
			l.complain("%s: theme %s: unknown split %q", bookFile, t.Theme, t.Split)
		}
		for _, z := range t.Zones {
			l.lintText("zone "+string(t.Theme)+"/"+z.ID, z.Title)
		}
	}
	l.lintConstraints()
	l.lintRedlineZones()
}

// lintConstraints sees that no theme that parcels are checked against is missing from the table.
func (l *loader) lintConstraints() {
	for _, t := range layers.Themes() {
		if t.Constraint() && l.book.Split(t) == "" {
			l.complain("%s: theme %s is missing", bookFile, t)
		}
	}
}

// lintRedlineZones sees that each protected zone leads to a red-line zone, since the table judges them together.
func (l *loader) lintRedlineZones() {
	for _, t := range l.book.themes {
		if t.Theme != layers.Protected {
			continue
		}
		for _, z := range t.Zones {
			if !l.hasZone(layers.Redline, z.Redline) {
				l.complain("%s: protected zone %s: red-line zone %q is unknown", bookFile, z.ID, z.Redline)
			}
		}
	}
}

func (l *loader) hasZone(t layers.Theme, zone string) bool {
	for _, known := range l.book.themes {
		if known.Theme == t && slices.ContainsFunc(known.Zones, func(z Zone) bool { return z.ID == zone }) {
			return true
		}
	}
	return false
}

func (l *loader) lintText(what string, text map[string]string) {
	for _, lang := range languages() {
		if text[lang] == "" {
			l.complain("%s: no text in %s", what, lang)
		}
	}
}

func (l *loader) lintRule(r *Rule) {
	if r.Law == "" || r.Article == "" {
		l.complain("rule %s: law or article is missing", r.ID)
	}
	l.lintText("rule "+r.ID, r.Text)
	if !slices.Contains([]string{"verified", "recalled", "proposed"}, r.Source) {
		l.complain("rule %s: source %q is not one of verified, recalled, proposed", r.ID, r.Source)
	}
	if _, ok := l.sources[r.Cite]; !ok {
		l.complain("rule %s: source key %q is not listed in %s", r.ID, r.Cite, bookFile)
	}
	if len(r.Zones) == 0 || len(r.Activities) == 0 {
		l.complain("rule %s: no zone or no activity", r.ID)
	}
	for _, z := range r.Zones {
		if !l.hasZone(r.Theme, z) {
			l.complain("rule %s: theme %q has no zone %q", r.ID, r.Theme, z)
		}
	}
	for _, a := range r.Activities {
		if _, err := l.book.Activity(a); err != nil {
			l.complain("rule %s: unknown activity %q", r.ID, a)
		}
	}
	l.lintValidity(r)
}

func (l *loader) lintValidity(r *Rule) {
	for _, day := range []string{r.ValidFrom, cmp.Or(r.ValidTo, r.ValidFrom)} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			l.complain("rule %s: %q is not a day", r.ID, day)
		}
	}
	if r.ValidTo != "" && r.ValidTo < r.ValidFrom {
		l.complain("rule %s: ends on %s before it begins on %s", r.ID, r.ValidTo, r.ValidFrom)
	}
}

// lintOverlaps sees that no question has two answers on one day.
func (l *loader) lintOverlaps() {
	for _, k := range l.questions() {
		found := l.book.byKey[k]
		for i, x := range found {
			for _, y := range found[i+1:] {
				if x.inForce(y.ValidFrom) || y.inForce(x.ValidFrom) {
					l.complain("rules %s and %s both answer %s/%s/%s on the same day", x.ID, y.ID, k.theme, k.zone, k.activity)
				}
			}
		}
	}
}

// lintHoles sees that every question is answered by a rule that is still in force, and that no day lies between two
// rules for it.
func (l *loader) lintHoles() {
	for _, k := range l.questions() {
		found := slices.Clone(l.book.byKey[k])
		slices.SortFunc(found, func(x, y *Rule) int { return cmp.Compare(x.ValidFrom, y.ValidFrom) })
		if len(found) == 0 || found[len(found)-1].ValidTo != "" {
			l.complain("no rule in force for %s/%s/%s", k.theme, k.zone, k.activity)
		}
		for i := 1; i < len(found); i++ {
			if next := dayAfter(found[i-1].ValidTo); next < found[i].ValidFrom {
				l.complain("no rule for %s/%s/%s from %s until %s begins", k.theme, k.zone, k.activity, next, found[i].ID)
			}
		}
	}
}

func dayAfter(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // reported by lintValidity
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// questions lists every theme, zone and activity of the table in its order.
func (l *loader) questions() []key {
	var all []key
	for _, t := range l.book.themes {
		for _, z := range t.Zones {
			for _, a := range l.book.activities {
				all = append(all, key{t.Theme, z.ID, a.ID})
			}
		}
	}
	return all
}
