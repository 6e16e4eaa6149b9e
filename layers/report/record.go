package report

// newRecording is a workbook that keeps its sheets as tables instead of writing them out.
func newRecording(p Printer) *workbook { return &workbook{Printer: p, recording: true} }

// tableSheet begins a sheet that becomes a table.
func (b *workbook) tableSheet(h heading) *sheet {
	t := &Table{ID: h.id, Name: h.name, Title: h.title, Subtitle: h.subtitle, Frozen: h.frozen}
	for _, c := range h.columns {
		t.Columns = append(t.Columns, Column{Head: c.head, Width: c.width})
	}
	return &sheet{workbook: b, heading: h, row: headRow, table: t}
}

// record keeps a row.
func (s *sheet) record(l look, values []any) {
	s.row++
	s.table.Rows = append(s.table.Rows, Line{Cells: values, Total: l == strong})
}
