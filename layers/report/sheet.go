package report

import (
	"math"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	spreadsheet "greenshield/geo/format/table"
)

// mostRows is how many rows a sheet lists; spreadsheets end at 1,048,576.
const mostRows = 1_000_000

// column is a column of a sheet: its heading and its width in characters.
type column struct {
	head  string
	width float64
}

// heading is what stands above a table.
type heading struct {
	id       string // of the table, where the sheet is one of a Document; see Table.ID
	name     string // of the sheet
	title    string
	subtitle string
	columns  []column
	// frozen columns stay in sight with the head when one scrolls.
	frozen int
}

// sheet is a table of a workbook: title, subtitle, the standing note that these are leads for review, head, rows.
type sheet struct {
	*workbook
	heading
	stream  *excelize.StreamWriter
	row     int // last written
	omitted int // rows that did not fit
	// table takes the rows instead of a stream, for a Document.
	table *Table
}

// look is how a row is shown.
type look int

const (
	plain look = iota
	strong
)

// marked is a figure on a shaded ground: what stayed as it was.
type marked struct{ Decimal }

// degree is a longitude or latitude.
type degree float64

// headRow is the row of a sheet that holds the heads of its columns.
const headRow = 4

func (b *workbook) sheet(h heading) *sheet {
	if b.recording {
		return b.tableSheet(h)
	}
	if b.first {
		b.check(b.file.SetSheetName(b.file.GetSheetName(0), h.name))
		b.first = false
	} else {
		_, err := b.file.NewSheet(h.name)
		b.check(err)
	}
	b.layout(h)
	s := &sheet{workbook: b, heading: h}
	var err error
	if s.stream, err = b.file.NewStreamWriter(h.name); err != nil {
		b.check(err)
		return s
	}
	for i, c := range h.columns {
		b.check(s.stream.SetColWidth(i+1, i+1, c.width))
	}
	corner, err := excelize.CoordinatesToCellName(h.frozen+1, headRow+1)
	b.check(err)
	pane := "bottomLeft"
	if h.frozen > 0 {
		pane = "bottomRight"
	}
	b.check(s.stream.SetPanes(&excelize.Panes{
		Freeze: true, XSplit: h.frozen, YSplit: headRow, TopLeftCell: corner, ActivePane: pane,
	}))
	s.line(h.title, b.styles.title, 15)
	s.line(h.subtitle, b.styles.subtitle, 13)
	s.line(b.word("lead"), b.styles.note, 12)
	heads := make([]any, len(h.columns))
	for i, c := range h.columns {
		heads[i] = excelize.Cell{StyleID: b.styles.head, Value: spreadsheet.Guarded(c.head)}
	}
	s.put(heads, excelize.RowOpts{Height: s.headHeight()})
	return s
}

// width is that of all columns in characters.
func (h heading) width() float64 {
	sum := 0.0
	for _, c := range h.columns {
		sum += c.width
	}
	return sum
}

// layout prints a sheet across, as wide as the page, with page numbers: on A4, and on A3 what would be too small there.
func (b *workbook) layout(h heading) {
	const a3, a4, widest = 8, 9, 190
	name, fit, size, one, many := h.name, true, a4, 1, 0
	if h.width() > widest {
		size = a3
	}
	landscape, edge, top := "landscape", 0.4, 0.6
	b.check(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.check(b.file.SetPageLayout(name, &excelize.PageLayoutOptions{
		Size: &size, Orientation: &landscape, FitToWidth: &one, FitToHeight: &many,
	}))
	b.check(b.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{
		Left: &edge, Right: &edge, Top: &top, Bottom: &top, Horizontally: &fit,
	}))
	b.check(b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}))
	b.check(b.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: "'" + name + "'!$4:$4", Scope: name,
	}))
}

// dash is what Unknown is printed as.
const dash = '–'

// width of text in characters of a column: Chinese ones take two.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r >= 0x1100 && utf8.RuneLen(r) > 2 && r != dash {
			w += 2
		} else {
			w++
		}
	}
	return w
}

func (s *sheet) headHeight() float64 {
	lines := 1.0
	for _, c := range s.columns {
		lines = max(lines, wrapped(c.head, c.width))
	}
	return 8 + lineHeight*lines
}

// line writes one text across all columns, as high as it needs to be.
func (s *sheet) line(text string, style int, points float64) {
	height := wrapped(text, s.width())*points + 5
	s.put([]any{excelize.Cell{StyleID: style, Value: spreadsheet.Guarded(text)}}, excelize.RowOpts{Height: height})
	if len(s.columns) > 1 && s.stream != nil {
		from, err := excelize.CoordinatesToCellName(1, s.row)
		s.check(err)
		to, err := excelize.CoordinatesToCellName(len(s.columns), s.row)
		s.check(err)
		s.check(s.stream.MergeCell(from, to))
	}
}

// add writes a row of values: string, Decimal, marked, degree, int or int64. Rows beyond the end of a sheet are
// counted and named at the end.
func (s *sheet) add(l look, values ...any) {
	if s.table != nil {
		s.record(l, values)
		return
	}
	if s.row >= mostRows {
		s.omitted++
		return
	}
	cells := make([]any, len(values))
	lines := 1.0
	for i, v := range values {
		cells[i] = s.cell(l, v)
		if text, ok := v.(string); ok && i < len(s.columns) {
			lines = max(lines, wrapped(text, s.columns[i].width))
		}
	}
	s.put(cells, excelize.RowOpts{Height: lineHeight*lines + 5})
}

// lineHeight is the height of a line of text in points.
const lineHeight = 14

// wrapped is how many lines a text takes in a column.
func wrapped(text string, width float64) float64 {
	return max(1, math.Ceil(textWidth(text)*1.05/(width-1)))
}

func (s *sheet) cell(l look, v any) excelize.Cell {
	numbers, text := s.styles.numbers, s.styles.text
	if l == strong {
		numbers, text = s.styles.totals, s.styles.strong
	}
	switch v := v.(type) {
	case marked:
		if l == plain {
			numbers = s.styles.marked
		}
		return s.figure(v.Decimal, numbers)
	case Decimal:
		return s.figure(v, numbers)
	case degree:
		return excelize.Cell{StyleID: numbers[coordinate], Value: float64(v)}
	case Ordinate:
		return excelize.Cell{StyleID: numbers[fourDecimals], Value: float64(v)}
	case int:
		return excelize.Cell{StyleID: numbers[whole], Value: v}
	case int64:
		return excelize.Cell{StyleID: numbers[whole], Value: v}
	case string:
		return excelize.Cell{StyleID: text, Value: spreadsheet.Guarded(v)}
	}
	return excelize.Cell{StyleID: text}
}

func (s *sheet) figure(d Decimal, numbers map[string]int) excelize.Cell {
	if !d.known {
		return excelize.Cell{StyleID: s.styles.unknown, Value: Unknown}
	}
	return excelize.Cell{StyleID: numbers[numberFormat(d.decimals)], Value: d.Float()}
}

func (s *sheet) put(cells []any, o excelize.RowOpts) {
	s.row++
	if s.stream == nil {
		return
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	s.check(err)
	s.check(s.stream.SetRow(at, cells, o))
}

// end closes the sheet; notes stand below the table.
func (s *sheet) end(notes ...string) {
	if s.table != nil {
		s.table.Notes = notes
		s.tables = append(s.tables, *s.table)
		return
	}
	if s.omitted > 0 {
		notes = append(notes, s.word("omitted", "count", s.omitted))
	}
	for _, n := range notes {
		s.line(n, s.styles.note, 12)
	}
	if s.stream != nil {
		s.check(s.stream.Flush())
	}
}
