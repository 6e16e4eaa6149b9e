package table

import (
	"bytes"
	"context"
	"errors"
	"io"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/charset"
)

// Line is a row of a table without geometries.
type Line struct {
	// Row counts from 1 as a person would, blank rows included.
	Row int64
	// Cells are as last saved, without blanks around them. Dates of a workbook are YYYY-MM-DD.
	Cells []string
}

// Lines reads a table without geometries whole, the head among its rows: a CSV text in any encoding that package charset
// knows, or the sheet of an XLSX workbook that o names, else the first one that is not blank. Which of the two it is,
// the bytes say. Rows that are blank are left out. Errors are "ingest.table.empty", "ingest.table.too-many-rows" and
// those of Open and OpenXLSX.
func Lines(ctx context.Context, name string, r io.ReaderAt, size int64, o Options) ([]Line, error) {
	sources, err := plainSources(ctx, name, r, size, o)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		lines, err := gather(ctx, s, o.Limits.WithDefaults().MaxRecords)
		if err != nil || len(lines) > 0 {
			return lines, err
		}
	}
	return nil, geo.NewProblem("ingest.table.empty", "name", name)
}

// LinesOf is Lines for a file.
func LinesOf(ctx context.Context, path string, o Options) ([]Line, error) {
	var lines []Line
	d, err := format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		var err error
		lines, err = Lines(ctx, name, r, size, o)
		return nothing{}, err
	})
	if err != nil {
		return nil, err
	}
	return lines, d.Close()
}

// nothing is the dataset of a file that has been read to its end.
type nothing struct{ format.Dataset }

// Close implements format.Dataset.
func (nothing) Close() error { return nil }

// plainSources are the tables that a file may mean, the likeliest first.
func plainSources(ctx context.Context, name string, r io.ReaderAt, size int64, o Options) ([]source, error) {
	magic := make([]byte, 4)
	if _, err := r.ReadAt(magic, 0); err == nil && bytes.Equal(magic, []byte("PK\x03\x04")) {
		return plainSheets(ctx, name, r, size, o)
	}
	t, err := openText(ctx, r, size, o)
	if err != nil {
		return nil, err
	}
	return []source{t}, nil
}

func plainSheets(ctx context.Context, name string, r io.ReaderAt, size int64, o Options) ([]source, error) {
	w := &workbook{name: name}
	if err := w.directory(r, size); err != nil {
		return nil, err
	}
	if w.macroTypes() {
		return nil, geo.NewProblem("ingest.xlsx.macros", "file", name)
	}
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	var out []source
	var names []string
	for _, p := range w.sheets {
		names = append(names, p.name)
		if o.Layer == "" || o.Layer == p.name {
			out = append(out, &sheet{book: w, part: p.part})
		}
	}
	if len(out) == 0 && o.Layer != "" {
		return nil, geo.NewProblem("ingest.file.layer-unknown", "file", name, "layer", o.Layer, "names", names)
	}
	return out, nil
}

func openText(ctx context.Context, r io.ReaderAt, size int64, o Options) (*text, error) {
	encoding, err := charset.Choose(ctx, r, size, o.Encoding)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(charset.Reader(r, size, encoding), lookSize))
	if err != nil {
		return nil, err
	}
	return &text{r: r, size: size, encoding: encoding, delimiter: delimiterOf(string(head))}, nil
}

func gather(ctx context.Context, s source, most int64) ([]Line, error) {
	var lines []Line
	err := s.each(ctx, func(n int64, cells []string) error {
		if int64(len(lines)) == most {
			return geo.NewProblem("ingest.table.too-many-rows", "limit", most)
		}
		own := make([]string, len(cells))
		for i, c := range cells {
			own[i] = trim(c)
		}
		if !blank(own) {
			lines = append(lines, Line{Row: n, Cells: own})
		}
		return nil
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return lines, err
}
