package report

import (
	"io"

	"greenshield/layers/analysis"
)

// Document is an answer as people read it: titled tables of printed figures, with what they rest on. An analysis makes
// one Document, and workbook, CSV, screen and terminal are all written from it, so that a figure is rounded once and is
// the same everywhere.
type Document struct {
	Title string
	// Tables are the sheets of the workbook, in order; the first is the one that answers the question.
	Tables []Table
	// Facts are lines of the provenance beside those of Provenance.
	Facts      []Fact
	Provenance analysis.Provenance
	Gaps       []analysis.Gap
}

// Table is one table of a document.
type Table struct {
	// ID names the table in addresses and file names: lower-case letters and hyphens, the same in every language.
	ID string
	// Name stands on the sheet's tab, at most 31 characters; Title and Subtitle above the table.
	Name, Title, Subtitle string
	Columns               []Column
	// Frozen columns stay in sight with the head when one scrolls.
	Frozen int
	Rows   []Line
	// Notes stand below the table.
	Notes []string
}

// Column is a column of a table: its heading, with the unit, and its width in characters.
type Column struct {
	Head  string
	Width float64
}

// Line is one row of a table. Cells are string, Decimal, Degree, Ordinate, int or int64; nil is an empty cell.
type Line struct {
	Cells []any
	// Total marks sums, which are shown in bold.
	Total bool
}

// Degree is a longitude or latitude, printed with six decimals.
type Degree = degree

// Add appends a row of cells.
func (t *Table) Add(cells ...any) { t.Rows = append(t.Rows, Line{Cells: cells}) }

// AddTotal appends a row of sums.
func (t *Table) AddTotal(cells ...any) { t.Rows = append(t.Rows, Line{Cells: cells, Total: true}) }

// Workbook writes the document as a spreadsheet, a sheet for every table and one for the provenance. The same document
// gives the same bytes.
func (d Document) Workbook(w io.Writer, p Printer) error {
	b := newWorkbook(p)
	for _, t := range d.Tables {
		columns := make([]column, len(t.Columns))
		for i, c := range t.Columns {
			columns[i] = column{c.Head, c.Width}
		}
		s := b.sheet(heading{name: t.Name, title: t.Title, subtitle: t.Subtitle, columns: columns, frozen: t.Frozen})
		for _, r := range t.Rows {
			l := plain
			if r.Total {
				l = strong
			}
			s.add(l, r.Cells...)
		}
		s.end(t.Notes...)
	}
	b.provenance(d.Title, d.Provenance, d.Gaps, d.Facts...)
	return b.finish(w, d.Title, d.Provenance.Program, d.Provenance.At)
}

// Find gives the table with an ID, the first one for "".
func (d Document) Find(id string) (Table, bool) {
	for _, t := range d.Tables {
		if id == "" || t.ID == id {
			return t, true
		}
	}
	return Table{}, false
}
