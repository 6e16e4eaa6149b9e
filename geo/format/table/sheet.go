package table

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"greenshield/geo"
	"greenshield/geo/format"
)

// sheet is a sheet of a workbook (ECMA-376, part 1, 18.3).
type sheet struct {
	book   *workbook
	part   string
	merged int // areas of merged cells, known when the sheet was read to its end
}

func (s *sheet) tell(notes *format.Notes) {
	if s.merged > 0 {
		notes.Add(0, "ingest.xlsx.merged-cells", "areas", s.merged)
	}
}

// walker goes through the XML of a part; a row or text of more than maxRecord bytes ends it.
type walker struct {
	*xml.Decoder
	in *budget
}

func newWalker(r io.Reader) walker {
	in := &budget{r: r, left: maxRecord}
	return walker{xml.NewDecoder(in), in}
}

// wrap keeps our own problems and makes damage of all else.
func (w *workbook) wrap(err error) error {
	var p *geo.Problem
	if errors.As(err, &p) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return w.damaged(err)
}

func (s *sheet) each(ctx context.Context, row func(n int64, cells []string) error) error {
	part, err := s.book.part(s.part)
	if err != nil {
		return err
	}
	defer part.Close()
	r := rowReader{sheet: s, x: newWalker(part), row: row}
	for {
		token, err := r.x.Token()
		if errors.Is(err, io.EOF) {
			s.merged = r.merged
			return nil
		}
		if err != nil {
			return s.book.wrap(err)
		}
		err = r.take(ctx, token)
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// rowReader gathers the cells of a row from the tokens of a sheet.
type rowReader struct {
	sheet  *sheet
	x      walker
	row    func(n int64, cells []string) error
	number int64
	column int // of the next cell without a reference
	cells  []string
	merged int
}

func (r *rowReader) take(ctx context.Context, token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "row":
			return r.start(ctx, t)
		case "c":
			return r.cell(t)
		case "mergeCell":
			r.merged++
		}
	case xml.EndElement:
		if t.Name.Local == "row" && !blank(r.cells) {
			return r.row(r.number, r.cells)
		}
	}
	return nil
}

func (r *rowReader) start(ctx context.Context, t xml.StartElement) error {
	r.x.in.left = maxRecord
	r.cells, r.column = r.cells[:0], 0
	next := r.number + 1
	if text := attribute(t, "r"); text != "" {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < next {
			return r.sheet.book.damaged(fmt.Errorf("row %q behind row %d", clip(text), r.number))
		}
		next = n
	}
	if r.number/256 != next/256 && ctx.Err() != nil {
		return ctx.Err()
	}
	r.number = next
	return ctx.Err()
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// rawCell is a cell as it stands in the file (18.3.1.4).
type rawCell struct {
	V  string   `xml:"v"`
	Is richText `xml:"is"`
}

// richText is a text in pieces, without the phonetic ones (18.4.8).
type richText struct {
	T []string `xml:"t"`
	R []struct {
		T []string `xml:"t"`
	} `xml:"r"`
}

func (t richText) String() string {
	var b strings.Builder
	for _, s := range t.T {
		b.WriteString(s)
	}
	for _, r := range t.R {
		for _, s := range r.T {
			b.WriteString(s)
		}
	}
	return b.String()
}

func (r *rowReader) cell(t xml.StartElement) error {
	if at, ok := columnOf(attribute(t, "r")); ok {
		r.column = at
	}
	var raw rawCell
	if err := r.x.DecodeElement(&raw, &t); err != nil {
		return r.sheet.book.wrap(err)
	}
	text, err := r.sheet.book.text(raw, attribute(t, "t"), attribute(t, "s"))
	if err != nil {
		return err
	}
	at := min(r.column, maxColumns) // one beyond the limit is enough to be refused
	r.column++
	if text == "" {
		return nil
	}
	for len(r.cells) <= at {
		r.cells = append(r.cells, "")
	}
	r.cells[at] = text
	return nil
}

// columnOf is the column of a reference like "AB12", from 0.
func columnOf(ref string) (int, bool) {
	n, i := 0, 0
	for i < len(ref) && i < 4 && ref[i] >= 'A' && ref[i] <= 'Z' {
		n = n*26 + int(ref[i]-'A') + 1
		i++
	}
	return n - 1, i > 0
}

// text is what a cell holds by its type (18.18.11): numbers in full, dates as YYYY-MM-DD.
func (w *workbook) text(c rawCell, kind, style string) (string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(c.V))
		if c.V == "" {
			return "", nil
		}
		if err != nil || i < 0 || i >= len(w.strings) {
			return "", w.damaged(fmt.Errorf("no shared text %q", clip(c.V)))
		}
		return w.strings[i], nil
	case "inlineStr":
		return c.Is.String(), nil
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[c.V], nil
	case "d":
		return strings.TrimSuffix(strings.TrimSuffix(c.V, "Z"), "T00:00:00"), nil
	case "", "n":
		return w.numberText(c.V, style), nil
	}
	return c.V, nil // the results of formulas, and errors
}

func (w *workbook) numberText(raw, style string) string {
	v, ok := number(raw)
	if !ok || raw == "" {
		return raw
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.dates) && w.dates[i] {
		if text, ok := w.dateText(v); ok {
			return text
		}
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// lastDay is 9999-12-31 as a serial number.
const lastDay = 2958465

// dateText is the day of a serial number (18.17.4.1): days since 1899-12-31, but with a 29 February 1900 that never
// was, or since 1904-01-01.
func (w *workbook) dateText(serial float64) (string, bool) {
	day, fraction := math.Modf(serial)
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case serial < 1 || serial > lastDay || !w.era1904 && day == 60:
		return "", false
	case w.era1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	t := epoch.AddDate(0, 0, int(day)).Add(time.Duration(math.Round(fraction*86400)) * time.Second)
	if fraction == 0 {
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}

// readStrings reads the texts that cells share (18.4).
func (w *workbook) readStrings(ctx context.Context, name string) error {
	part, err := w.part(name)
	if err != nil {
		return err
	}
	defer part.Close()
	x := newWalker(part)
	total := 0
	for {
		token, err := x.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return w.wrap(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "si" {
			continue
		}
		x.in.left = maxRecord
		var t richText
		if err := x.DecodeElement(&t, &start); err != nil {
			return w.wrap(err)
		}
		text := t.String()
		const header = 16 // bytes of a string besides its text
		if total += len(text) + header; total > maxStrings {
			return geo.NewProblem("ingest.xlsx.too-large", "file", w.name, "limit", maxStrings)
		}
		w.strings = append(w.strings, text)
		if len(w.strings)%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// readStyles finds the styles that show numbers as dates (18.8.10, 18.8.30).
func (w *workbook) readStyles(name string) error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode(name, &styles); err != nil {
		return err
	}
	custom := map[int]bool{}
	for _, f := range styles.Formats {
		custom[f.ID] = showsDate(f.Code)
	}
	for _, c := range styles.Cells {
		own, ok := custom[c.Format]
		w.dates = append(w.dates, ok && own || !ok && builtInDate(c.Format))
	}
	return nil
}

// builtInDate tells whether a format that needs no definition is a date, also those of Chinese programs.
func builtInDate(id int) bool {
	times := []int{18, 19, 20, 21, 32, 33, 34, 35, 55, 56}
	return (id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58) && !slices.Contains(times, id)
}

// showsDate tells whether a format code has years or days outside of quotes, brackets and escapes.
func showsDate(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket && (c|0x20 == 'y' || c|0x20 == 'd'):
			return true
		}
	}
	return false
}
