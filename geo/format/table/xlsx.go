package table

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
)

// What a workbook may take. A workbook of 200,000 rows unpacks to some 100 MB.
const (
	maxParts    = 10_000
	maxSheets   = 256
	maxUnzipped = 1 << 30
	maxStrings  = 128 << 20 // of the texts that cells share, which are kept in memory
	maxPart     = 16 << 20  // of a part that is read as a whole
	maxRatio    = 500       // unpacked to packed size of a part above maxPart
)

// workbook is an open XLSX file (ECMA-376, part 1). It is read here and not by a spreadsheet library because those
// take a damaged sheet for its end, round numbers as they are displayed, and keep all of it in memory.
type workbook struct {
	name    string
	parts   map[string]*zip.File
	sheets  []sheetPart
	strings []string
	dates   []bool // by style: numbers are shown as dates
	era1904 bool
	links   bool
}

// sheetPart is a sheet and the part that holds it.
type sheetPart struct{ name, part string }

// OpenXLSX reads a sheet of the workbook at path. Besides the errors of Open: "ingest.file.several-layers" and
// "ingest.file.layer-unknown" for the choice of a sheet, "ingest.xlsx.damaged", "ingest.xlsx.not-workbook",
// "ingest.xlsx.macros", "ingest.xlsx.too-large".
func OpenXLSX(ctx context.Context, path string, o Options) (format.Dataset, error) {
	return format.OpenFile(path, func(name string, r io.ReaderAt, size int64) (format.Dataset, error) {
		w := &workbook{name: name}
		if err := w.directory(r, size); err != nil {
			return nil, err
		}
		return w.open(ctx, o)
	})
}

// macroTypes tells whether the list of types declares a workbook with macros (ECMA-376, part 2, 10.1.2.2).
func (w *workbook) macroTypes() bool {
	var list struct {
		Overrides []struct {
			Type string `xml:"ContentType,attr"`
		} `xml:"Override"`
	}
	if err := w.decode("[Content_Types].xml", &list); err != nil {
		return false // it is not needed for anything else
	}
	for _, o := range list.Overrides {
		if strings.Contains(strings.ToLower(o.Type), "macroenabled") {
			return true
		}
	}
	return false
}

func (w *workbook) open(ctx context.Context, o Options) (format.Dataset, error) {
	if w.macroTypes() {
		return nil, geo.NewProblem("ingest.xlsx.macros", "file", w.name)
	}
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	notes := &format.Notes{}
	if w.links {
		notes.Add(0, "ingest.xlsx.external-links")
	}
	s, err := w.choose(ctx, o, notes)
	if err != nil {
		return nil, err
	}
	return dataset(ctx, s, format.Schema{Format: "xlsx", Name: w.name, Encoding: "UTF-8"}, o, notes)
}

func (w *workbook) damaged(err error) error {
	return geo.NewProblem("ingest.xlsx.damaged", "file", w.name).Because(err)
}

// directory checks what the file says it unpacks to before anything is unpacked.
func (w *workbook) directory(file io.ReaderAt, size int64) error {
	r, err := zip.NewReader(file, size)
	if err != nil {
		return w.damaged(err)
	}
	w.parts = map[string]*zip.File{}
	var total uint64
	for _, f := range r.File {
		size := f.UncompressedSize64
		total += min(size, maxUnzipped+1)
		if len(r.File) > maxParts || total > maxUnzipped ||
			size > maxPart && size/max(f.CompressedSize64, 1) > maxRatio {
			return geo.NewProblem("ingest.xlsx.too-large", "file", w.name, "limit", maxUnzipped)
		}
		name := strings.TrimPrefix(f.Name, "/")
		if strings.EqualFold(path.Base(name), "vbaProject.bin") {
			return geo.NewProblem("ingest.xlsx.macros", "file", w.name)
		}
		w.parts[strings.ToLower(name)] = f
	}
	return nil
}

// part opens a part by its name; reading past what its entry states is an error of package zip.
func (w *workbook) part(name string) (io.ReadCloser, error) {
	f, ok := w.parts[strings.ToLower(name)]
	if !ok {
		return nil, w.damaged(errors.New("no part " + name))
	}
	r, err := f.Open()
	if err != nil {
		return nil, w.damaged(err)
	}
	return r, nil
}

// decode reads a small part as a whole.
func (w *workbook) decode(name string, into any) error {
	r, err := w.part(name)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := xml.NewDecoder(io.LimitReader(r, maxPart)).Decode(into); err != nil {
		return w.damaged(err)
	}
	return nil
}

// relation leads from one part to another (ECMA-376, part 2, 8.3).
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
}

// is tells whether the relation is of a kind; the addresses of its two editions end alike.
func (r relation) is(kind string) bool { return strings.HasSuffix(r.Type, "/"+kind) }

// relations are those of a part, with their targets as names of parts. Targets outside of the file are left out.
func (w *workbook) relations(part string) ([]relation, error) {
	var list struct {
		Relations []relation `xml:"Relationship"`
	}
	dir, base := path.Split(part)
	if err := w.decode(dir+"_rels/"+base+".rels", &list); err != nil {
		return nil, err
	}
	var out []relation
	for _, r := range list.Relations {
		if strings.EqualFold(r.Mode, "External") {
			continue
		}
		if !strings.HasPrefix(r.Target, "/") {
			r.Target = dir + r.Target
		}
		r.Target = strings.TrimPrefix(path.Clean("/"+r.Target), "/")
		out = append(out, r)
	}
	return out, nil
}

// read reads what all sheets share.
func (w *workbook) read(ctx context.Context) error {
	root, err := w.relations("")
	if err != nil {
		return geo.NewProblem("ingest.xlsx.not-workbook", "file", w.name).Because(err)
	}
	i := slices.IndexFunc(root, func(r relation) bool { return r.is("officeDocument") })
	if i < 0 {
		return geo.NewProblem("ingest.xlsx.not-workbook", "file", w.name)
	}
	main := root[i].Target
	var book struct {
		XMLName xml.Name
		Pr      struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := w.decode(main, &book); err != nil || book.XMLName.Local != "workbook" {
		return geo.NewProblem("ingest.xlsx.not-workbook", "file", w.name).Because(err)
	}
	w.era1904 = book.Pr.Date1904 == "1" || book.Pr.Date1904 == "true"
	relations, err := w.relations(main)
	if err != nil {
		return err
	}
	for _, s := range book.Sheets[:min(len(book.Sheets), maxSheets)] {
		for _, r := range relations {
			if r.ID == s.ID && r.is("worksheet") {
				w.sheets = append(w.sheets, sheetPart{s.Name, r.Target})
			}
		}
	}
	return w.shared(ctx, relations)
}

func (w *workbook) shared(ctx context.Context, relations []relation) error {
	for _, r := range relations {
		var err error
		switch {
		case r.is("sharedStrings"):
			err = w.readStrings(ctx, r.Target)
		case r.is("styles"):
			err = w.readStyles(r.Target)
		case r.is("vbaProject"):
			err = geo.NewProblem("ingest.xlsx.macros", "file", w.name)
		case r.is("externalLink"):
			w.links = true
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// choose is the sheet that is asked for, else the only one with a head of columns of coordinates.
func (w *workbook) choose(ctx context.Context, o Options, notes *format.Notes) (*sheet, error) {
	var with, others []string
	var chosen, first *sheet
	for _, p := range w.sheets {
		s := &sheet{book: w, part: p.part}
		rows, _, err := firstRows(ctx, s)
		if err != nil {
			return nil, err
		}
		if first == nil || p.name == o.Layer {
			first = s
		}
		switch c, _ := findHead(rows); {
		case c.shape != noShape:
			with = append(with, p.name)
			if chosen == nil || p.name == o.Layer {
				chosen = s
			}
		case len(rows) > 0:
			others = append(others, clip(p.name))
		}
	}
	all := strings.Join(with, ", ")
	switch {
	case first == nil:
		return nil, geo.NewProblem("ingest.table.empty", "name", w.name)
	case len(with) == 0:
		return first, nil // the reader of tables says what is missing
	case o.Layer != "" && !slices.Contains(with, o.Layer) && o.Layer != w.name:
		return nil, geo.NewProblem("ingest.file.layer-unknown", "file", w.name, "layer", o.Layer, "names", all)
	case len(with) > 1 && !slices.Contains(with, o.Layer):
		return nil, geo.NewProblem("ingest.file.several-layers", "file", w.name, "names", all)
	}
	if others != nil {
		notes.Add(0, "ingest.xlsx.sheets-passed-over", "names", strings.Join(others[:min(len(others), 10)], ", "))
	}
	return chosen, nil
}
