package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	spreadsheet "greenshield/geo/format/table"
)

// CSV writes the table in UTF-8 with a byte order mark and CR LF line ends, as spreadsheets expect; text that they would
// take for a formula is guarded. Figures are those of the workbook, unknown ones are empty.
func (t Table) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = spreadsheet.Guarded(c.Head)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for _, r := range t.Rows {
		for i := range line {
			line[i] = ""
			if i < len(r.Cells) {
				line[i] = csvCell(r.Cells[i])
			}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvCell(v any) string {
	switch v := v.(type) {
	case string:
		return spreadsheet.Guarded(v)
	case Decimal:
		if !v.known {
			return ""
		}
	}
	return printedCell(v)
}

// printedCell is a cell as it is shown.
func printedCell(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case Decimal:
		return v.String()
	case marked:
		return v.String()
	case degree:
		return strconv.FormatFloat(float64(v), 'f', 6, 64)
	case Ordinate:
		return strconv.FormatFloat(float64(v), 'f', 4, 64)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

// isFigure reports whether a cell stands at the right of its column.
func isFigure(v any) bool {
	_, text := v.(string)
	return v != nil && !text
}

// PrintedTable is a table as screens show it: every cell is text.
type PrintedTable struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Title    string          `json:"title"`
	Subtitle string          `json:"subtitle"`
	Columns  []PrintedColumn `json:"columns"`
	Rows     []PrintedLine   `json:"rows"`
	// Total is how many rows there are, of which Rows may be a part.
	Total int      `json:"total"`
	Notes []string `json:"notes"`
}

// PrintedColumn is a column's heading; Figure says that its cells are figures and stand at the right.
type PrintedColumn struct {
	Head   string `json:"head"`
	Figure bool   `json:"figure"`
}

// PrintedLine is one row; Total marks sums.
type PrintedLine struct {
	Cells []string `json:"cells"`
	Total bool     `json:"total"`
}

// Printed gives rows from (counted from 0) on, at most so many, as text.
func (t Table) Printed(from, most int) PrintedTable {
	out := PrintedTable{
		ID: t.ID, Name: t.Name, Title: t.Title, Subtitle: t.Subtitle, Total: len(t.Rows), Columns: []PrintedColumn{},
		Rows: []PrintedLine{}, Notes: append([]string{}, t.Notes...),
	}
	for i, c := range t.Columns {
		out.Columns = append(out.Columns, PrintedColumn{Head: c.Head, Figure: t.figures(i)})
	}
	from = min(max(from, 0), len(t.Rows))
	for _, r := range t.Rows[from:min(from+max(most, 0), len(t.Rows))] {
		cells := make([]string, len(t.Columns))
		for i := range min(len(cells), len(r.Cells)) {
			cells[i] = printedCell(r.Cells[i])
		}
		out.Rows = append(out.Rows, PrintedLine{Cells: cells, Total: r.Total})
	}
	return out
}

// figures reports whether a column holds figures: its first cell that is not empty is one.
func (t Table) figures(i int) bool {
	for _, r := range t.Rows {
		if i < len(r.Cells) && r.Cells[i] != nil && r.Cells[i] != "" {
			return isFigure(r.Cells[i])
		}
	}
	return false
}

// Text writes the table for a terminal, columns aligned, at most so many rows; Chinese characters count as two columns
// wide.
func (t Table) Text(w io.Writer, most int, p Printer) error {
	shown := t.Printed(0, most)
	widths := make([]int, len(shown.Columns))
	for i, c := range shown.Columns {
		widths[i] = int(textWidth(c.Head))
		for _, r := range shown.Rows {
			widths[i] = max(widths[i], int(textWidth(r.Cells[i])))
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n", t.Title)
	if t.Subtitle != "" {
		fmt.Fprintf(&out, "%s\n", t.Subtitle)
	}
	heads := make([]string, len(shown.Columns))
	for i, c := range shown.Columns {
		heads[i] = c.Head
	}
	textLine(&out, heads, widths, shown.Columns)
	for _, r := range shown.Rows {
		textLine(&out, r.Cells, widths, shown.Columns)
	}
	if left := shown.Total - len(shown.Rows); left > 0 {
		fmt.Fprintln(&out, p.word("text.more", "count", left))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func textLine(out *strings.Builder, cells []string, widths []int, columns []PrintedColumn) {
	var line strings.Builder
	for i, c := range cells {
		if i > 0 {
			line.WriteString("  ")
		}
		blanks := strings.Repeat(" ", max(0, widths[i]-int(textWidth(c))))
		if columns[i].Figure {
			line.WriteString(blanks + c)
		} else {
			line.WriteString(c + blanks)
		}
	}
	out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}
