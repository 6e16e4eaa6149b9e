package indicator

import (
	"math"
	"regexp"
	"slices"
)

var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// marks say how well something is founded (domain, marks V, R, P).
func marks() []string { return []string{"verified", "recalled", "proposed"} }

func (l *loader) lint() {
	l.lintBook()
	if len(l.book.Sets) == 0 {
		l.complain("there is no set")
	}
	for i := range l.book.Sets {
		l.lintSet(&l.book.Sets[i])
	}
	l.lintOverlaps()
}

func (l *loader) lintBook() {
	b := l.book
	ids := map[string]bool{}
	for _, f := range b.Figures {
		l.lintID(bookFile, f.ID, ids)
		l.lintText("figure "+f.ID, f.Name, f.Unit)
		if f.Base != "" && f.Base != "required" {
			l.complain("figure %s: base %q is not required", f.ID, f.Base)
		}
	}
	for _, id := range []string{GDPConstant, GDPIndex, Population, ConstructionLimit} {
		if !ids[id] {
			l.complain("%s: figure %s is missing", bookFile, id)
		}
	}
	ids = map[string]bool{}
	for _, m := range b.Methods {
		l.lintID(bookFile, m.ID, ids)
		l.lintText("method "+m.ID, m.Formula)
		l.lintMark("method "+m.ID, m.Source, m.Cite)
		if !slices.Contains(computable(), m.ID) {
			l.complain("method %s: this program does not know it", m.ID)
		}
		if !(m.Tolerance >= 0) || math.IsInf(m.Tolerance, 0) {
			l.complain("method %s: tolerance %v", m.ID, m.Tolerance)
		}
	}
	if len(b.Forest) == 0 || len(b.Grass) == 0 || len(b.Idle) == 0 {
		l.complain("%s: forest, grass and idle must name classes", bookFile)
	}
}

func (l *loader) lintID(where, id string, taken map[string]bool) {
	if !idForm.MatchString(id) || taken[id] {
		l.complain("%s: id %q is malformed or used twice", where, id)
	}
	taken[id] = true
}

func (l *loader) lintText(what string, texts ...Text) {
	for _, t := range texts {
		for _, lang := range languages() {
			if t[lang] == "" {
				l.complain("%s: no text in %s", what, lang)
			}
		}
	}
}

func (l *loader) lintMark(what, source, cite string) {
	if !slices.Contains(marks(), source) {
		l.complain("%s: source %q is not one of verified, recalled, proposed", what, source)
	}
	if _, ok := l.book.Sources[cite]; !ok {
		l.complain("%s: source key %q is not listed", what, cite)
	}
}

func (l *loader) lintSet(s *Set) {
	if !idForm.MatchString(s.ID) {
		l.complain("set id %q is malformed", s.ID)
	}
	l.lintText("set "+s.ID, s.Name)
	l.lintMark("set "+s.ID, s.Source, s.Cite)
	if !isDay(s.ValidFrom) || s.ValidTo != "" && (!isDay(s.ValidTo) || s.ValidTo < s.ValidFrom) {
		l.complain("set %s: valid from %q to %q", s.ID, s.ValidFrom, s.ValidTo)
	}
	for key, name := range s.Leads {
		l.lintText("set "+s.ID+", unit "+key, name)
	}
	if len(s.Indicators) == 0 {
		l.complain("set %s has no indicators", s.ID)
	}
	ids := map[string]bool{}
	for _, f := range l.book.Figures {
		ids[f.ID] = true // values are found by id, so that a figure and an indicator cannot share one
	}
	for i := range s.Indicators {
		l.lintID("set "+s.ID, s.Indicators[i].ID, ids)
		l.lintIndicator(s, &s.Indicators[i])
	}
}

func (l *loader) lintIndicator(s *Set, i *Indicator) {
	what := "set " + s.ID + ", indicator " + i.ID
	l.lintText(what, i.Name)
	l.lintMark(what, i.Source, i.Cite)
	l.lintOp(what, i)
	if !slices.Contains([]string{"binding", "reference", "none"}, i.Attribute) ||
		!slices.Contains(marks(), i.AttributeSource) {
		l.complain("%s: attribute %q, %q", what, i.Attribute, i.AttributeSource)
	}
	if !slices.Contains([]string{"city", "county", "both"}, i.Scope) {
		l.complain("%s: scope %q is not one of city, county, both", what, i.Scope)
	}
	if i.Decimals == nil || *i.Decimals < 0 || *i.Decimals > 6 {
		l.complain("%s: decimals must be 0 to 6", what)
	}
	if len(i.Lead) == 0 {
		l.complain("%s: no unit in charge", what)
	}
	for _, key := range i.Lead {
		if _, ok := s.Leads[key]; !ok {
			l.complain("%s: unit %q is not among the leads", what, key)
		}
	}
	if _, ok := l.book.Method(i.Method); i.Method != "" && !ok {
		l.complain("%s: method %q is unknown", what, i.Method)
	}
	for _, g := range i.Guides {
		l.lintText(what+", guide", g.Name)
		if !slices.Contains(marks(), g.Source) {
			l.complain("%s: guide's source %q", what, g.Source)
		}
	}
}

func (l *loader) lintOp(what string, i *Indicator) {
	switch i.Op {
	case AtLeast, Equals:
		if i.Target == nil || math.IsNaN(*i.Target) || math.IsInf(*i.Target, 0) {
			l.complain("%s: op %s needs a target", what, i.Op)
		}
	case Assigned, Keep:
		if i.Better != "up" && i.Better != "down" {
			l.complain("%s: op %s needs better: up or down", what, i.Op)
		}
		l.lintText(what+", words", i.Words)
	case Done:
		l.lintText(what+", words", i.Words)
		return
	default:
		l.complain("%s: op %q is not one of at-least, equals, assigned, keep, done", what, i.Op)
	}
	if i.Op != AtLeast && i.Op != Equals && i.Target != nil {
		l.complain("%s: op %s takes no target", what, i.Op)
	}
	l.lintText(what+", unit", i.Unit)
}

// lintOverlaps sees that no two sets are in force on one day: which one was meant would be a guess.
func (l *loader) lintOverlaps() {
	sets := l.book.Sets
	for i := range sets {
		for j := range sets[:i] {
			if sets[i].inForce(sets[j].ValidFrom) || sets[j].inForce(sets[i].ValidFrom) {
				l.complain("sets %s and %s are in force on the same day", sets[j].ID, sets[i].ID)
			}
		}
	}
}
