package api

import (
	"context"

	"greenshield/layers"
	"greenshield/layers/report"
)

// printer is how reports speak to one reader: the reader's language, and the names that layers, classes, zones and
// activities go by.
func (s *Server) printer(ctx context.Context) (report.Printer, error) {
	titles, err := s.layerTitles(ctx)
	lang := language(ctx)
	return report.Printer{
		Lang: lang, Words: s.texts,
		Title:         func(id layers.LayerID) string { return titles[id] },
		ClassName:     func(code string) string { return s.className(lang, code) },
		ZoneTitle:     func(theme layers.Theme, zone string) string { return s.zoneTitle(lang, theme, zone) },
		ActivityTitle: func(id string) string { return s.activityTitle(lang, id) },
	}, err
}

// activityTitle is what the rule book calls an activity; one that it does not know keeps its id.
func (s *Server) activityTitle(lang, id string) string {
	a, err := s.Book.Activity(id)
	if err != nil {
		return id
	}
	return a.Title[lang]
}
