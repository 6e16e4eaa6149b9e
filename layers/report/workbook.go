package report

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbook is a spreadsheet in the making. Its bytes depend on nothing but what is written into it.
type workbook struct {
	Printer
	file   *excelize.File
	styles styles
	first  bool // no sheet was begun yet
	err    error
	// recording workbooks keep their sheets as the tables of a Document.
	recording bool
	tables    []Table
}

func newWorkbook(p Printer) *workbook {
	b := &workbook{Printer: p, file: excelize.NewFile(), first: true}
	b.check(b.file.SetDefaultFont(family))
	b.styles = b.makeStyles()
	return b
}

// check keeps the first error; everything after it does nothing that matters, because nothing is written out then.
func (b *workbook) check(err error) {
	if b.err == nil {
		b.err = err
	}
}

// finish writes the workbook out. Title, program and time go into its properties.
func (b *workbook) finish(w io.Writer, title, program string, at time.Time) (err error) {
	defer func() { err = errors.Join(err, b.file.Close()) }()
	stamp := at.UTC().Format(time.RFC3339)
	b.check(b.file.SetDocProps(&excelize.DocProperties{
		Title: title, Creator: program, LastModifiedBy: program, Created: stamp, Modified: stamp, Language: b.Lang,
	}))
	if b.err != nil {
		return fmt.Errorf("write workbook: %w", b.err)
	}
	var raw bytes.Buffer
	if err := b.file.Write(&raw); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return repack(w, raw.Bytes())
}

// repack writes the entries of a zip in order of their names, the list of types first as readers expect: the
// spreadsheet library leaves them in the order of a Go map, and the same result must give the same bytes.
func repack(w io.Writer, raw []byte) error {
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("repack workbook: %w", err)
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range in.File {
		// "[" sorts before every lower-case letter, so the list of types comes first.
		if err := out.Copy(f); err != nil {
			return fmt.Errorf("repack workbook: %w", err)
		}
	}
	return out.Close()
}

// styles are the looks of cells.
type styles struct {
	title, subtitle, note, head, text, strong, unknown int
	numbers, totals, marked                            map[string]int // by number format
}

const (
	ink    = "1F2933"
	quiet  = "616E7C"
	border = "B8C2CC"
	family = "Microsoft YaHei"
	band   = "E4ECE7" // heads and totals
	shaded = "F3F5F7" // what stayed the same
)

func (b *workbook) makeStyles() styles {
	wrapped := &excelize.Alignment{WrapText: true, Vertical: "center"}
	s := styles{
		title: b.style(&excelize.Style{
			Font: &excelize.Font{Family: family, Bold: true, Size: 14, Color: ink}, Alignment: wrapped,
		}),
		subtitle: b.style(&excelize.Style{
			Font: &excelize.Font{Family: family, Size: 10, Color: ink}, Alignment: wrapped,
		}),
		note: b.style(&excelize.Style{
			Font: &excelize.Font{Family: family, Size: 9, Color: quiet}, Alignment: wrapped,
		}),
		head: b.style(&excelize.Style{
			Font: &excelize.Font{Family: family, Bold: true, Size: 10, Color: ink}, Fill: fill(band), Border: borders(),
			Alignment: &excelize.Alignment{WrapText: true, Horizontal: "center", Vertical: "center"},
		}),
		text: b.style(&excelize.Style{
			Font: &excelize.Font{Family: family, Size: 10, Color: ink}, Border: borders(), Alignment: wrapped,
		}),
		strong: b.style(&excelize.Style{
			Font: &excelize.Font{Family: family, Bold: true, Size: 10, Color: ink}, Fill: fill(band), Border: borders(),
			Alignment: wrapped,
		}),
		numbers: map[string]int{}, totals: map[string]int{}, marked: map[string]int{},
	}
	s.unknown = b.style(&excelize.Style{
		Font: &excelize.Font{Family: family, Size: 10, Color: quiet}, Border: borders(),
		Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"},
	})
	formats := []string{whole, coordinate, fourDecimals}
	for decimals := range mostDecimals + 1 {
		formats = append(formats, numberFormat(decimals))
	}
	for _, format := range formats {
		s.numbers[format] = b.number(format, "", false)
		s.totals[format] = b.number(format, band, true)
		s.marked[format] = b.number(format, shaded, false)
	}
	return s
}

// mostDecimals is how many decimals a figure is printed with at most.
const mostDecimals = 6

// The formats of counts, and of longitudes and latitudes.
const (
	whole      = "0"
	coordinate = "0.000000"
)

func (b *workbook) style(s *excelize.Style) int {
	id, err := b.file.NewStyle(s)
	b.check(err)
	return id
}

func (b *workbook) number(format, color string, bold bool) int {
	s := &excelize.Style{
		Font: &excelize.Font{Family: family, Bold: bold, Size: 10, Color: ink}, Border: borders(),
		CustomNumFmt: &format,
		Alignment:    &excelize.Alignment{Horizontal: "right", Vertical: "center"},
	}
	if color != "" {
		s.Fill = fill(color)
	}
	return b.style(s)
}

func fill(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}

func borders() []excelize.Border {
	var out []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		out = append(out, excelize.Border{Type: side, Color: border, Style: 1})
	}
	return out
}
