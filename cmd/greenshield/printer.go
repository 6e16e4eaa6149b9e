package main

import (
	"greenshield/layers"
	"greenshield/layers/report"
)

// printer is how reports speak: the session's language, the names that staff gave to layers, class names from the
// code book, zones and activities from the rule book.
func (s *session) printer(w *workspace) (report.Printer, error) {
	all, err := w.store.Layers(s.ctx)
	if err != nil {
		return report.Printer{}, err
	}
	titles := map[layers.LayerID]string{}
	for _, l := range all {
		titles[l.ID] = l.Title
	}
	return report.Printer{
		Lang: s.lang, Words: s.texts, ClassName: w.className(s.lang),
		Title:         func(id layers.LayerID) string { return titles[id] },
		ZoneTitle:     func(theme layers.Theme, zone string) string { return w.zoneTitle(s.lang, theme, zone) },
		ActivityTitle: func(id string) string { return w.activityTitle(s.lang, id) },
	}, nil
}

// className names land-use classes in a language; a code that the book does not know has no name.
func (w *workspace) className(lang string) func(code string) string {
	return func(code string) string {
		c, ok := w.codes.Class(code)
		switch {
		case !ok:
			return ""
		case lang == "en":
			return c.English
		}
		return c.Chinese
	}
}

// zoneTitle is what the rule book calls a zone of a theme, "" when it has no such zone.
func (w *workspace) zoneTitle(lang string, theme layers.Theme, zone string) string {
	for _, t := range w.book.Themes() {
		for _, z := range t.Zones {
			if t.Theme == theme && z.ID == zone {
				return z.Title[lang]
			}
		}
	}
	return ""
}

// activityTitle is what the rule book calls an activity, "" when it has no such activity.
func (w *workspace) activityTitle(lang, id string) string {
	a, err := w.book.Activity(id)
	if err != nil {
		return ""
	}
	return a.Title[lang]
}
