package table

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/charset"
)

// source is a table whose rows can be gone through again and again.
type source interface {
	// each calls row with the number and cells of every row that is not blank; numbers count from 1 as a person would.
	// The cells are the caller's to read until the next call. stop ends the walk without an error.
	each(ctx context.Context, row func(n int64, cells []string) error) error
	// tell notes what was seen on the way, after a walk to the end.
	tell(notes *format.Notes)
}

// errStop ends a walk.
var errStop = errors.New("stop")

// maxRecord bounds the bytes of one row of a CSV file: a polygon of a million points has some 40 MB.
const maxRecord = 64 << 20

// delimiters of cells, the full-width comma last: texts contain it.
const delimiters = ",\t;\uff0c"

// text is a CSV file.
type text struct {
	r         io.ReaderAt
	size      int64
	encoding  charset.Encoding
	delimiter rune
}

func (t *text) tell(*format.Notes) {}

func (t *text) each(ctx context.Context, row func(n int64, cells []string) error) error {
	in := &budget{r: charset.Reader(t.r, t.size, t.encoding), left: maxRecord}
	r := csv.NewReader(bufio.NewReaderSize(in, 64<<10))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = t.delimiter, -1, true
	var wrong *csv.ParseError
	for i := 0; ; i++ {
		if i%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		in.left = maxRecord
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &wrong):
			return geo.NewProblem("ingest.csv.quote", "row", wrong.StartLine).Because(err)
		case err != nil:
			return err
		}
		if blank(cells) {
			continue
		}
		line, _ := r.FieldPos(0)
		if err := row(int64(line), cells); err != nil {
			if errors.Is(err, errStop) {
				return nil
			}
			return err
		}
	}
}

// budget refuses to read more than what is left: a quote that is never closed would take the whole file into memory.
type budget struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, geo.NewProblem("ingest.table.row-too-long", "limit", maxRecord)
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}

func blank(cells []string) bool {
	for _, c := range cells {
		if trim(c) != "" {
			return false
		}
	}
	return true
}

// delimiterOf is the delimiter under which the head of a table is recognised, else the one that stands most often in
// the text's beginning.
func delimiterOf(head string) rune {
	best, most := ',', 0
	for _, d := range delimiters {
		if _, ok := headIn(head, d); ok {
			return d
		}
		if n := strings.Count(head, string(d)); n > most {
			best, most = d, n
		}
	}
	return best
}

// headIn looks for the head of a table in the beginning of a text.
func headIn(head string, delimiter rune) (columns, bool) {
	r := csv.NewReader(strings.NewReader(head))
	r.Comma, r.FieldsPerRecord = delimiter, -1
	var rows [][]string
	for len(rows) < headRows {
		cells, err := r.Read()
		if err != nil {
			break
		}
		if !blank(cells) {
			rows = append(rows, cells)
		}
	}
	c, _ := findHead(rows)
	return c, c.shape != noShape
}

// findHead is the first row that is the head of a table, and its index.
func findHead(rows [][]string) (columns, int) {
	for i, cells := range rows {
		if c := headOf(cells); c.shape != noShape {
			return c, i
		}
	}
	for i := 0; i+1 < len(rows); i++ {
		if c := wktHead(rows[i], rows[i+1]); c.shape != noShape {
			return c, i
		}
	}
	return columns{}, 0
}

// Looks tells whether the beginning of a decoded text is a table of geometries: the heads of its columns say so. Its
// last line may be cut.
func Looks(head string) bool {
	for _, d := range delimiters {
		if _, ok := headIn(head, d); ok {
			return true
		}
	}
	return false
}
