package indicator

import (
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format/table"
	"greenshield/layers/analysis/place"
)

// Words gives words in a language; layers/text.Catalog is one.
type Words interface {
	Word(lang, key string, args ...any) string
}

// Column is a column of the table that values are entered in. Its heading is the word "indicator.column." + Column.
type Column string

// The columns, in their order.
const (
	ColumnID       Column = "id"
	ColumnName     Column = "name"
	ColumnRegion   Column = "region"
	ColumnPlace    Column = "place"
	ColumnYear     Column = "year"
	ColumnNumber   Column = "number"
	ColumnUnit     Column = "unit"
	ColumnBase     Column = "base"
	ColumnAssigned Column = "assigned"
	ColumnDone     Column = "done"
	ColumnSource   Column = "source"
	ColumnDate     Column = "date"
	ColumnBy       Column = "by"
	ColumnNote     Column = "note"
)

// Columns lists all columns of the table.
func Columns() []Column {
	return []Column{
		ColumnID, ColumnName, ColumnRegion, ColumnPlace, ColumnYear, ColumnNumber, ColumnUnit, ColumnBase,
		ColumnAssigned, ColumnDone, ColumnSource, ColumnDate, ColumnBy, ColumnNote,
	}
}

// needed are the columns without which a table cannot be read.
func needed() []Column {
	return []Column{ColumnID, ColumnRegion, ColumnYear, ColumnNumber, ColumnSource, ColumnDate, ColumnBy}
}

// Fault is what is wrong with a row of a table.
type Fault struct {
	Row     int64
	Problem *geo.Problem
}

// Reading is what a table holds.
type Reading struct {
	Values []Value
	// Blank is how many rows of the template were left empty.
	Blank  int
	Faults []Fault
}

// rowsNamed is how many wrong rows a problem names.
const rowsNamed = 20

// Err is the problem of the rows that are wrong, "indicator.table.faults", nil when none is.
func (r Reading) Err() error {
	if len(r.Faults) == 0 {
		return nil
	}
	var rows []*geo.Problem
	for _, f := range r.Faults[:min(len(r.Faults), rowsNamed)] {
		rows = append(rows, geo.NewProblem("indicator.row", "row", f.Row, "problem", f.Problem))
	}
	return geo.NewProblem("indicator.table.faults", "count", len(r.Faults), "rows", chain(rows))
}

// chain is several problems as one argument: each is told and then the rest.
func chain(rows []*geo.Problem) *geo.Problem {
	if len(rows) == 1 {
		return rows[0]
	}
	return geo.NewProblem("indicator.rows", "first", rows[0], "rest", chain(rows[1:]))
}

// Nothing is the problem of a table in which no value was entered.
func Nothing() error { return geo.NewProblem("indicator.table.nothing") }

// ReadTable reads values from the rows of a table; the head may stand below a title, with columns in any order and
// headings in any language. A table of which a needed column is missing is refused: "indicator.table.head". Each row is
// checked by itself; who stores values stores all of a table or none.
func (b *Book) ReadTable(lines []table.Line, w Words) (Reading, error) {
	h, rest := findHead(lines, w)
	for _, c := range needed() {
		if _, ok := h[c]; !ok {
			return Reading{}, geo.NewProblem("indicator.table.head", "column", geo.NewProblem("indicator.column."+string(c)))
		}
	}
	var out Reading
	seen := map[valueKey]int64{}
	for _, line := range rest {
		row := row{cells: line.Cells, at: h, words: w}
		if row.blank() {
			out.Blank++
			continue
		}
		v, err := row.value()
		if err == nil {
			err = b.Check(v)
		}
		if before, twice := seen[v.key()]; err == nil && twice {
			err = geo.NewProblem("indicator.value.twice", "row", before)
		}
		if err != nil {
			out.Faults = append(out.Faults, Fault{line.Row, problem(err)})
			continue
		}
		seen[v.key()] = line.Row
		out.Values = append(out.Values, v)
	}
	return out, nil
}

// problem is the problem of an error that Check or a row gives.
func problem(err error) *geo.Problem {
	p, ok := err.(*geo.Problem)
	if !ok {
		panic("indicator: a fault of a row that is no problem: " + err.Error())
	}
	return p
}

// head says where each column stands.
type head map[Column]int

// headLines is how many lines may stand above the head.
const headLines = 10

func findHead(lines []table.Line, w Words) (head, []table.Line) {
	best, from := head{}, 0
	for i, line := range lines[:min(len(lines), headLines)] {
		h := headOf(line.Cells, w)
		if len(h) > len(best) {
			best, from = h, i+1
		}
	}
	return best, lines[from:]
}

func headOf(cells []string, w Words) head {
	h := head{}
	for _, c := range Columns() {
		for i, text := range cells {
			if _, taken := h[c]; !taken && means(text, "indicator.column."+string(c), w) {
				h[c] = i
			}
		}
	}
	return h
}

// means reports whether a cell says a word, in any language.
func means(text, key string, w Words) bool {
	return slices.ContainsFunc(languages(), func(lang string) bool {
		return strings.EqualFold(strings.TrimSpace(text), w.Word(lang, key))
	})
}

type row struct {
	cells []string
	at    head
	words Words
}

func (r row) cell(c Column) string {
	i, ok := r.at[c]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSpace(r.cells[i]), "'")
}

// blank reports a row of the template into which nothing was entered.
func (r row) blank() bool {
	return r.cell(ColumnNumber) == "" && r.cell(ColumnDone) == "" && r.cell(ColumnAssigned) == ""
}

func (r row) value() (Value, error) {
	v := Value{
		Indicator: r.cell(ColumnID), Region: r.cell(ColumnRegion), Source: r.cell(ColumnSource),
		Date: r.cell(ColumnDate), By: r.cell(ColumnBy), Note: r.cell(ColumnNote),
	}
	var err error
	if v.Year, err = strconv.Atoi(r.cell(ColumnYear)); err != nil {
		return v, geo.NewProblem("indicator.value.year", "year", r.cell(ColumnYear))
	}
	if base := r.cell(ColumnBase); base != "" {
		if v.Base, err = strconv.Atoi(base); err != nil {
			return v, geo.NewProblem("indicator.value.base", "indicator", v.Indicator)
		}
	}
	if means(r.cell(ColumnNumber), "indicator.word.withdraw", r.words) {
		v.Withdrawn = true
		return v, nil
	}
	if v.Number, err = r.number(ColumnNumber); err != nil {
		return v, err
	}
	if v.Assigned, err = r.number(ColumnAssigned); err != nil {
		return v, err
	}
	v.Done, err = r.done()
	return v, err
}

// number reads a plain number; a sign of per cent or separators of thousands are refused rather than guessed at.
func (r row) number(c Column) (*float64, error) {
	text := r.cell(c)
	if text == "" {
		return nil, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, geo.NewProblem("indicator.table.number", "text", text)
	}
	return &n, nil
}

func (r row) done() (*bool, error) {
	text := r.cell(ColumnDone)
	if text == "" {
		return nil, nil
	}
	for key, done := range map[string]bool{"yes": true, "done": true, "no": false, "undone": false} {
		if means(text, "indicator.word."+key, r.words) {
			return &done, nil
		}
	}
	return nil, geo.NewProblem("indicator.table.conclusion", "text", text)
}

// Template gives the rows of a table to fill in, without its head: every indicator of a set and every figure, for every
// region and year, and the figures of the year before the first, which a decline is counted from. Region and year come
// first in the order.
func (b *Book) Template(s Set, regions []Region, years []int, lang string) [][]string {
	var out [][]string
	for _, r := range regions {
		for k, year := range years {
			if k == 0 {
				out = append(out, b.figureRows(r, year-1, lang)...)
			}
			for _, i := range s.Indicators {
				if i.inScope(r.Code) {
					out = append(out, templateRow(i.ID, i.Name.In(lang), i.Unit.In(lang), r, year))
				}
			}
			out = append(out, b.figureRows(r, year, lang)...)
		}
	}
	return out
}

func (b *Book) figureRows(r Region, year int, lang string) [][]string {
	var out [][]string
	for _, f := range b.Figures {
		out = append(out, templateRow(f.ID, f.Name.In(lang), f.Unit.In(lang), r, year))
	}
	return out
}

func templateRow(id, name, unit string, r Region, year int) []string {
	line := make([]string, len(Columns()))
	for i, c := range Columns() {
		switch c {
		case ColumnID:
			line[i] = id
		case ColumnName:
			line[i] = name
		case ColumnRegion:
			line[i] = r.Code
		case ColumnPlace:
			line[i] = r.Name
		case ColumnYear:
			line[i] = strconv.Itoa(year)
		case ColumnUnit:
			line[i] = unit
		}
	}
	return line
}

// inScope reports whether an indicator is asked of a region: a city is a unit above the county.
func (i Indicator) inScope(region string) bool {
	const prefecture = 4
	city := place.Level(region) <= prefecture
	return i.Scope == "both" || (i.Scope == "city") == city
}
