package main

import (
	"greenshield/layers/report"
)

// printer is how reports speak: the session's language, and class names from the code book.
func (s *session) printer(w *workspace) report.Printer {
	return report.Printer{Lang: s.lang, Words: s.texts, ClassName: w.className(s.lang)}
}

// className names land-use classes in a language; an unknown code names itself.
func (w *workspace) className(lang string) func(code string) string {
	return func(code string) string {
		c, ok := w.codes.Class(code)
		switch {
		case !ok:
			return code
		case lang == "en":
			return c.English
		}
		return c.Chinese
	}
}
