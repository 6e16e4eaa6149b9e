package ingest

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo"
	spreadsheet "greenshield/geo/format/table"
	"greenshield/layers"
)

// Sentences turns problems into sentences for people; layers/text.Catalog does.
type Sentences interface {
	Sentence(lang string, p *geo.Problem) string
}

// byteOrderMark makes spreadsheets read the file as UTF-8.
const byteOrderMark = "\ufeff"

// RejectsCSV writes the rejected rows as a table that a spreadsheet opens: row, code, sentence, place. A nil texts
// leaves the code and its arguments for a sentence.
func RejectsCSV(w io.Writer, rejects []layers.Reject, lang string, texts Sentences) error {
	t := newTable(w, lang, texts)
	t.heading("row", "code", "problem", "longitude", "latitude")
	for _, r := range rejects {
		x, y := place(r.Problem, r.Bound)
		t.write(strconv.FormatInt(r.Row, 10), spreadsheet.Guarded(r.Problem.Code), spreadsheet.Guarded(t.sentence(r.Problem)), x, y)
	}
	return t.close()
}

// RejectsCSV writes the rejected rows; see the function of that name.
func (f Findings) RejectsCSV(w io.Writer, lang string, texts Sentences) error {
	return RejectsCSV(w, f.Rejects, lang, texts)
}

// IssuesCSV writes the issues likewise, with what was done and the areas before and after.
func IssuesCSV(w io.Writer, issues []layers.Issue, lang string, texts Sentences) error {
	t := newTable(w, lang, texts)
	t.heading("row", "severity", "action", "code", "problem", "longitude", "latitude", "area-before", "area-after")
	for _, i := range issues {
		x, y := place(i.Problem, nil)
		var before, after string
		if i.Severity == layers.Repair {
			before, after = squareMetres(i.AreaBefore), squareMetres(i.AreaAfter)
		}
		t.write(strconv.FormatInt(i.Row, 10), string(i.Severity), i.Action, spreadsheet.Guarded(i.Problem.Code),
			spreadsheet.Guarded(t.sentence(i.Problem)), x, y, before, after)
	}
	return t.close()
}

// squareMetres shows an area with four decimals, finer than any report, so that a repair of a sliver is seen.
func squareMetres(a geo.Area) string { return strconv.FormatFloat(float64(a), 'f', 4, 64) }

type table struct {
	out   *csv.Writer
	lang  string
	texts Sentences
	err   error
}

func newTable(w io.Writer, lang string, texts Sentences) *table {
	_, err := io.WriteString(w, byteOrderMark)
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	return &table{out: out, lang: lang, texts: texts, err: err}
}

// heading takes its words from the catalogue, under "ingest.csv.".
func (t *table) heading(names ...string) {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = name
		if t.texts != nil {
			words[i] = t.texts.Sentence(t.lang, geo.NewProblem("ingest.csv."+name))
		}
	}
	t.write(words...)
}

func (t *table) sentence(p *geo.Problem) string {
	if t.texts == nil {
		return p.Error()
	}
	return t.texts.Sentence(t.lang, p)
}

func (t *table) write(cells ...string) {
	if t.err == nil {
		t.err = t.out.Write(cells)
	}
}

func (t *table) close() error {
	t.out.Flush()
	if t.err == nil {
		t.err = t.out.Error()
	}
	if t.err != nil {
		return fmt.Errorf("write table: %w", t.err)
	}
	return nil
}

// place is the problem's own, else the middle of the row's bound; seven decimals of a degree are a centimetre.
func place(p *geo.Problem, bound *orb.Bound) (x, y string) {
	at := p.At
	if at == nil && bound != nil {
		center := bound.Center()
		at = &center
	}
	if at == nil {
		return "", ""
	}
	return strconv.FormatFloat(at[0], 'f', 7, 64), strconv.FormatFloat(at[1], 'f', 7, 64)
}
