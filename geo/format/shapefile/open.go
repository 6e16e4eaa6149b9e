package shapefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// Options say how a shapefile is opened; the zero value finds the encoding out and takes the default limits.
type Options struct {
	// Encoding is the character encoding as the operator names it; it overrules what the file says.
	Encoding string
	Limits   format.Limits
}

// maxPrj bounds the text files beside a shapefile; real ones have some hundred bytes.
const maxPrj = 64 << 10

// Open opens the shapefile whose .shp is at path; its companions lie beside it under the same name, in any case.
// The .shx is not needed and not trusted. Without .prj nothing is declared; without .dbf there are no fields, and a
// note says so.
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	d := &dataset{file: filepath.Base(path), limits: o.Limits.WithDefaults()}
	if err := d.open(ctx, path, o); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *dataset) open(ctx context.Context, path string, o Options) error {
	beside, err := companions(path)
	if err != nil {
		return err
	}
	f, size, err := d.openFile(path)
	if err != nil {
		return err
	}
	d.shp = newWindow(f, size)
	d.schema = format.Schema{Format: "shapefile", Name: stem(d.file), Count: -1}
	if d.header, err = readMainHeader(d.shp, d.file); err != nil {
		return err
	}
	if err := d.openTable(ctx, beside, o.Encoding); err != nil {
		return err
	}
	if err := d.findRecords(ctx, beside[".shx"]); err != nil {
		return err
	}
	return d.readSystem(beside[".prj"])
}

// openFile opens a file that Close will close.
func (d *dataset) openFile(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("open shapefile: %w", err)
	}
	d.files = append(d.files, f)
	info, err := f.Stat()
	if err != nil {
		return nil, 0, fmt.Errorf("open shapefile: %w", err)
	}
	return f, info.Size(), nil
}

// companions finds the files beside path that have its name and another extension, by lower case extension. A name
// that agrees in case is preferred.
func companions(path string) (map[string]string, error) {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open shapefile: %w", err)
	}
	found := map[string]string{}
	want := stem(base)
	for _, e := range entries {
		name := e.Name()
		ext := strings.ToLower(filepath.Ext(name))
		if e.IsDir() || !strings.EqualFold(stem(name), want) {
			continue
		}
		if _, taken := found[ext]; !taken || stem(name) == want {
			found[ext] = filepath.Join(dir, name)
		}
	}
	return found, nil
}

func stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }

// openTable opens the .dbf and settles its encoding.
func (d *dataset) openTable(ctx context.Context, beside map[string]string, operator string) error {
	path, ok := beside[".dbf"]
	if !ok {
		d.note("ingest.dbf.missing", "file", d.file)
		return nil
	}
	f, size, err := d.openFile(path)
	if err != nil {
		return err
	}
	named, err := codePageFile(beside)
	if err != nil {
		return err
	}
	d.dbf, err = readTableHeader(newWindow(f, size), filepath.Base(path))
	if err != nil {
		return err
	}
	if d.dbf.rows > d.limits.MaxRecords {
		return d.tooMany(d.dbf.rows)
	}
	if err := d.settleEncoding(ctx, operator, named); err != nil {
		return err
	}
	d.schema.Count = d.dbf.rows
	d.describeFields()
	return nil
}

// codePageFile is the text of the .cpg, else of the .cst that some programs write instead; "" without one, or when it
// only says that the text is in whatever the computer used.
func codePageFile(beside map[string]string) (string, error) {
	for _, ext := range []string{".cpg", ".cst"} {
		if path, ok := beside[ext]; ok {
			text, err := readSmall(path)
			text = strings.Trim(text, "\x00 \t\r\n")
			switch strings.ToUpper(text) {
			case "", "ANSI", "OEM", "SYSTEM":
				text = ""
			}
			if text != "" || err != nil {
				return text, err
			}
		}
	}
	return "", nil
}

// readSmall reads at most maxPrj bytes of a text file, without its byte order mark.
func readSmall(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open shapefile: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPrj))
	if err != nil {
		return "", fmt.Errorf("open shapefile: %w", err)
	}
	return strings.TrimPrefix(string(b), "\uFEFF"), nil
}

// readSystem reads the .prj; without one, or with an empty one, nothing is declared.
func (d *dataset) readSystem(path string) error {
	if path == "" {
		return nil
	}
	text, err := readSmall(path)
	if err != nil {
		return err
	}
	text = strings.Trim(text, "\x00 \t\r\n")
	if text == "" {
		return nil
	}
	d.schema.DeclaredText = strings.ToValidUTF8(text, "\uFFFD")
	s, err := crs.FromWKT(text)
	var p *geo.Problem
	switch {
	case errors.As(err, &p):
		d.schema.DeclaredProblem = p
	case err != nil:
		return err
	case !s.Accepted():
		d.schema.DeclaredProblem = s.Refusal()
	default:
		d.schema.Declared = &s
	}
	return nil
}

func (d *dataset) note(code string, args ...any) {
	d.schema.Notes = append(d.schema.Notes, geo.NewProblem(code, args...))
}

func (d *dataset) tooMany(rows int64) error {
	return geo.NewProblem("ingest.file.too-many-rows", "file", d.file, "rows", rows, "limit", d.limits.MaxRecords)
}
