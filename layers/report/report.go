// Package report turns results into documents for people: it is the only place where areas, lengths and shares are
// rounded, once, and it sees to it that printed rows and columns add up. It knows units, decimals, tables and
// spreadsheets; it computes no area, judges nothing, and holds no sentence: words come from data/texts through Words.
//
// Every document says that what it lists are leads for review (疑似冲突，供审查参考) and not legal findings.
package report

import (
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/rule"
)

// Words gives sentences and words in a language; layers/text.Catalog is one.
type Words interface {
	// Word is the entry for a key, filled with alternating names and values of arguments; the key itself when there is
	// no entry.
	Word(lang, key string, args ...any) string
	// Sentence is what a problem says.
	Sentence(lang string, p *geo.Problem) string
}

// Printer says in which words a document is written. Lang and Words must be given.
type Printer struct {
	Lang  string
	Words Words
	// Title gives the name that staff gave to a layer; nil prints the layer's id.
	Title func(id layers.LayerID) string
	// ClassName gives the name of a land-use class; nil prints codes only.
	ClassName func(code string) string
	// KindName gives the name of a kind of human activity; nil prints the delivered word.
	KindName func(code string) string
	// OwnershipTitle gives the name of a kind of ownership (QSXZ); nil prints its code.
	OwnershipTitle func(kind string) string
	// ZoneTitle gives the name of a zone of the rule book; nil prints its id.
	ZoneTitle func(theme layers.Theme, zone string) string
	// ActivityTitle gives the name of an activity of the rule book; nil prints its id.
	ActivityTitle func(id string) string
	// Receipt is the id of the receipt that was kept for what is printed; "" when none was, which is printed too.
	Receipt string
}

// NewPrinter makes a printer that uses the names staff gave to layers, the classes of the code book, and the zones and
// activities of the rule book.
func NewPrinter(lang string, w Words, all []layers.Layer, book *rule.Book, classes *codes.Book) Printer {
	titles := map[layers.LayerID]string{}
	for _, l := range all {
		titles[l.ID] = l.Title
	}
	return Printer{
		Lang: lang, Words: w,
		Title:          func(id layers.LayerID) string { return titles[id] },
		ClassName:      func(code string) string { return classes.ClassTitle(lang, code) },
		KindName:       func(code string) string { return classes.KindTitle(lang, code) },
		OwnershipTitle: func(kind string) string { return classes.OwnershipTitle(lang, kind) },
		ZoneTitle:      func(t layers.Theme, zone string) string { return book.ZoneTitle(lang, t, zone) },
		ActivityTitle:  func(id string) string { return book.ActivityTitle(lang, id) },
	}
}

func (p Printer) word(key string, args ...any) string {
	return p.Words.Word(p.Lang, "report."+key, args...)
}

func (p Printer) sentence(problem *geo.Problem) string { return p.Words.Sentence(p.Lang, problem) }

func (p Printer) title(id layers.LayerID) string {
	if p.Title == nil || p.Title(id) == "" {
		return string(id)
	}
	return p.Title(id)
}

func (p Printer) class(code string) string {
	if p.ClassName == nil {
		return ""
	}
	return p.ClassName(code)
}

func (p Printer) zone(theme layers.Theme, zone string) string {
	if p.ZoneTitle == nil || p.ZoneTitle(theme, zone) == "" {
		return zone
	}
	return p.ZoneTitle(theme, zone)
}

func (p Printer) activity(id string) string {
	if p.ActivityTitle == nil || p.ActivityTitle(id) == "" {
		return id
	}
	return p.ActivityTitle(id)
}
