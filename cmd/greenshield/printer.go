package main

import "greenshield/layers/report"

// printer is how reports speak in the session's language.
func (s *session) printer(w *workspace) (report.Printer, error) {
	all, err := w.store.Layers(s.ctx)
	return report.NewPrinter(s.lang, s.texts, all, w.book, w.codes), err
}
