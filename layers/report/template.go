package report

import (
	"encoding/csv"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	spreadsheet "greenshield/geo/format/table"
	"greenshield/layers/analysis/indicator"
)

// templateWidths are those of the columns of indicator.Columns in characters.
func templateWidths() []float64 {
	return []float64{24, 38, 13, 14, 7, 12, 16, 12, 14, 10, 30, 13, 12, 24}
}

func templateHead(p Printer) []string {
	var head []string
	for _, c := range indicator.Columns() {
		head = append(head, p.Words.Word(p.Lang, "indicator.column."+string(c)))
	}
	return head
}

// TemplateCSV writes the table that indicator values are entered in, its rows below a head, as spreadsheets expect CSV.
func TemplateCSV(w io.Writer, rows [][]string, p Printer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(templateHead(p)); err != nil {
		return err
	}
	for _, r := range rows {
		guarded := make([]string, len(r))
		for i, cell := range r {
			guarded[i] = spreadsheet.Guarded(cell)
		}
		if err := out.Write(guarded); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// TemplateWorkbook writes the same as a spreadsheet, with a title and what to do above the head.
func TemplateWorkbook(w io.Writer, rows [][]string, program string, at time.Time, p Printer) error {
	b := newWorkbook(p)
	name, title := b.word("indicator.template.title"), b.word("indicator.template.title")
	b.check(b.file.SetSheetName(b.file.GetSheetName(0), name))
	s := &sheet{workbook: b, heading: heading{name: name}}
	for _, width := range templateWidths() {
		s.columns = append(s.columns, column{width: width})
	}
	var err error
	s.stream, err = b.file.NewStreamWriter(name)
	b.check(err)
	if err == nil {
		for i, width := range templateWidths() {
			b.check(s.stream.SetColWidth(i+1, i+1, width))
		}
		b.check(s.stream.SetPanes(&excelize.Panes{
			Freeze: true, XSplit: 2, YSplit: 3, TopLeftCell: "C4", ActivePane: "bottomRight",
		}))
	}
	s.line(title, b.styles.title, 15)
	s.line(b.word("indicator.template.note"), b.styles.note, 12)
	head := make([]any, 0, len(s.columns))
	for _, text := range templateHead(p) {
		head = append(head, excelize.Cell{StyleID: b.styles.head, Value: text})
	}
	s.put(head, excelize.RowOpts{Height: 2*lineHeight + 8})
	for _, r := range rows {
		cells := make([]any, len(r))
		for i, text := range r {
			cells[i] = text
		}
		s.add(plain, cells...)
	}
	s.end()
	return b.finish(w, title, program, at)
}
