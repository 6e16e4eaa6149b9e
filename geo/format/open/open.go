// Package open picks the reader for a delivered file: it looks at the bytes, also inside zip files and folders, and the
// name is only a hint. It knows which kinds there are; it refuses a file whose name promises another kind than its
// bytes, names the kinds that are not read, and never picks one of several layers by itself.
package open

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/archive"
	"greenshield/geo/format/charset"
	"greenshield/geo/format/dxf"
	"greenshield/geo/format/filegdb"
	"greenshield/geo/format/flatgeobuf"
	"greenshield/geo/format/geojson"
	"greenshield/geo/format/geopackage"
	"greenshield/geo/format/kml"
	"greenshield/geo/format/parceltxt"
	"greenshield/geo/format/shapefile"
	"greenshield/geo/format/table"
)

// Options for opening a file; the zero value takes the only layer there is.
type Options struct {
	// Layer picks one of several: a file inside a zip or folder by its path there or its name, a table of a
	// GeoPackage by its name, a table of a GeoPackage inside a zip as "file.gpkg/table".
	Layer string
	// Encoding overrules the character encoding that the bytes suggest.
	Encoding string
	Limits   format.Limits
	Archive  archive.Limits
	// Name is the name under which the file was delivered, when the path is that of a temporary copy.
	Name string
	// Temp is the folder in which zip files are unpacked until Close; empty means the system's.
	Temp string
	// asked is the Layer that was asked for first, before the name of a file or folder was taken from it.
	asked string
}

// Open opens the file, zip or folder at path. Errors that a person can mend are problems: "ingest.file.unknown-kind",
// "ingest.file.unsupported", "ingest.zip.foreign", "ingest.file.extension", "ingest.file.several-layers" and those of
// the readers.
func Open(ctx context.Context, name string, o Options) (format.Dataset, error) {
	if o.Name == "" {
		o.Name = filepath.Base(name)
	}
	if o.asked == "" {
		o.asked = o.Layer
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open delivered file: %w", err)
	case info.IsDir():
		return openFolder(ctx, name, o)
	case !info.Mode().IsRegular():
		return nil, o.unknownKind()
	case info.Size() == 0:
		return nil, geo.NewProblem("ingest.file.no-bytes", "file", o.Name)
	}
	head, err := headOf(name)
	if err != nil {
		return nil, err
	}
	k, err := o.decide(head)
	if err != nil {
		return nil, err
	}
	if k == zipFile {
		return openZip(ctx, name, o)
	}
	d, err := openKind(ctx, k, name, o)
	if err != nil {
		return nil, err
	}
	return rename(d, k, o.Name), nil
}

func headOf(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open delivered file: %w", err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, headSize))
}

func (o Options) unknownKind() error {
	return geo.NewProblem("ingest.file.unknown-kind", "file", o.Name, "accepted", Accepted)
}

func (o Options) unsupported(kind string) error {
	return geo.NewProblem("ingest.file.unsupported", "file", o.Name, "kind", kind, "accepted", Accepted)
}

// decide is the kind of a file that can be opened, by its bytes. A text that is nothing else is what its name says,
// so that the reader of that kind tells what is wrong with it.
func (o Options) decide(head []byte) (kind, error) {
	if err := o.loosePart(); err != nil {
		return none, err
	}
	if other := archive.Foreign(head); other != "" {
		return none, geo.NewProblem("ingest.zip.foreign", "file", o.Name, "kind", other)
	}
	if other := foreign(head, o.Name); other != "" {
		return none, o.unsupported(other)
	}
	found, promised := kindOf(head), meant(o.Name)
	switch {
	case found == text && (promised == none || promised == parcelText) && table.Looks(charset.Head(head)):
		return csvText, nil // a table whatever its extension
	case found == text && (promised == geoJSON || promised == parcelText || promised == drawing || promised == csvText):
		return promised, nil
	case found == zipFile && promised == workbook:
		return workbook, nil // its parts may stand in any order
	case found == parcelText && promised == csvText:
		return found, nil // an exchange file that went through a spreadsheet
	case found == none || found == text:
		return none, o.unknownKind()
	case promised != none && promised != found:
		return none, geo.NewProblem("ingest.file.extension", "file", o.Name, "kind", string(found))
	}
	return found, nil
}

func openKind(ctx context.Context, k kind, name string, o Options) (format.Dataset, error) {
	switch k {
	case shp:
		return shapefile.Open(ctx, name, shapefile.Options{Encoding: o.Encoding, Limits: o.Limits})
	case gpkg:
		return geopackage.Open(ctx, name, geopackage.Options{Layer: o.Layer, Limits: o.Limits})
	case geoJSON:
		return geojson.Open(ctx, name, geojson.Options{Encoding: o.Encoding, Limits: o.Limits})
	case kmlText:
		return kml.Open(ctx, name, kml.Options{Encoding: o.Encoding, Limits: o.Limits})
	case fgb:
		return flatgeobuf.Open(ctx, name, flatgeobuf.Options{Limits: o.Limits})
	case drawing:
		return dxf.Open(ctx, name, dxf.Options{Encoding: o.Encoding, Limits: o.Limits})
	case csvText:
		return table.Open(ctx, name, table.Options{Encoding: o.Encoding, Limits: o.Limits})
	case workbook:
		return table.OpenXLSX(ctx, name, table.Options{Layer: o.Layer, Limits: o.Limits})
	case parcelText:
		return parceltxt.Open(ctx, name, parceltxt.Options{Encoding: o.Encoding, Limits: o.Limits})
	}
	return nil, o.unknownKind()
}

// openFolder opens the only dataset in a folder, or the one that is asked for. Sub-folders are not looked into,
// apart from file geodatabases, which are folders.
func openFolder(ctx context.Context, folder string, o Options) (format.Dataset, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("open delivered folder: %w", err)
	}
	if geodatabase(folder, o.Name) {
		return openGeodatabase(ctx, folder, o)
	}
	var names []string
	for _, e := range entries {
		file := filepath.Join(folder, e.Name())
		if e.IsDir() && filegdb.IsFolder(file) {
			names = append(names, e.Name())
		}
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") || shapefilePart(e.Name()) {
			continue
		}
		head, err := headOf(file)
		if err != nil {
			return nil, err
		}
		csv := meant(e.Name()) == csvText && table.Looks(charset.Head(head))
		if k := kindOf(head); k != none && (k != text || csv) && foreign(head, e.Name()) == "" {
			names = append(names, e.Name())
		}
	}
	i, rest, err := o.pick(names)
	if err != nil {
		return nil, err
	}
	o.Name, o.Layer = names[i], rest
	return Open(ctx, filepath.Join(folder, names[i]), o)
}

// pick is the index of the dataset that Layer asks for, and what of Layer is left for inside it.
func (o Options) pick(names []string) (int, string, error) {
	if len(names) == 0 {
		return 0, "", o.unknownKind()
	}
	for i, n := range names {
		inside, ok := strings.CutPrefix(o.Layer, n+"/")
		if o.Layer == n || o.Layer == path.Base(n) || o.Layer == stem(n) {
			return i, "", nil
		}
		if ok {
			return i, inside, nil
		}
	}
	all := strings.Join(names[:min(len(names), mostNamed)], ", ")
	if len(names) > mostNamed {
		all += fmt.Sprintf(", … (%d)", len(names))
	}
	switch {
	case len(names) == 1:
		return 0, o.Layer, nil
	case o.Layer == "":
		return 0, "", geo.NewProblem("ingest.file.several-layers", "file", o.Name, "names", all)
	}
	return 0, "", geo.NewProblem("ingest.file.layer-unknown", "file", o.Name, "layer", o.Layer, "names", all)
}

// mostNamed is the number of datasets that a sentence names; it ends with the number of all when there are more.
const mostNamed = 30

// stem is the name of a layer: without folder and extension.
func stem(name string) string {
	base := path.Base(filepath.ToSlash(name))
	return strings.TrimSuffix(base, path.Ext(base))
}

// openZip unpacks one dataset of a zip file and opens it; Close removes what was unpacked.
func openZip(ctx context.Context, name string, o Options) (format.Dataset, error) {
	a, err := archive.Open(name, o.Archive)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	chosen, rest, err := o.candidate(a)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.Temp, "greenshield-unzip-")
	if err != nil {
		return nil, archive.CannotUnpack(o.Name, err)
	}
	o.Layer = rest
	d, err := openMember(ctx, a, chosen, dir, o)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &unpacked{Dataset: d, dir: dir}, nil
}

func openMember(
	ctx context.Context, a *archive.Archive, c archive.Candidate, dir string, o Options,
) (format.Dataset, error) {
	file, err := a.Extract(ctx, c, dir)
	if err != nil {
		return nil, err
	}
	o.Name = path.Base(c.Name)
	if c.Kind == archive.FileGDB {
		return openGeodatabase(ctx, file, o)
	}
	head, err := headOf(file)
	if err != nil {
		return nil, err
	}
	k, err := o.decide(head)
	if err != nil {
		return nil, err
	}
	if k == zipFile {
		return nil, o.unknownKind()
	}
	return openKind(ctx, k, file, o)
}

// looseTable tells whether a file of a zip is a table of geometries, or a workbook that may hold one.
func looseTable(k archive.Kind, head []byte) bool {
	return k == archive.XLSX && archive.IsZip(head) || k == archive.CSV && table.Looks(charset.Head(head))
}

// mostLooked is the number of files in a zip that are looked into. To look into one costs up to some milliseconds, and
// the directory of a small zip can name thousands; when there are more, a person has to say which one is meant anyway.
const mostLooked = 100

// candidate is the dataset of a zip file to open. Texts beside it that only explain it do not count.
func (o Options) candidate(a *archive.Archive) (archive.Candidate, string, error) {
	all := a.Candidates()
	if len(all) > mostLooked {
		return o.pickCandidate(all)
	}
	var real, tables []archive.Candidate
	for _, c := range all {
		head, err := a.Head(c, headSize)
		if err != nil {
			return c, "", err
		}
		if looseTable(c.Kind, head) {
			tables = append(tables, c)
			continue
		}
		if c.Kind == archive.FileGDB || string(kindOf(head)) == string(c.Kind) && (c.Kind != archive.GeoJSON || mapText(head)) {
			real = append(real, c)
		}
	}
	if len(real) == 0 {
		real = tables // beside a map a table is a list of something else
	}
	if len(real) == 0 {
		real = all // opening one tells what is wrong with it
	}
	return o.pickCandidate(real)
}

func (o Options) pickCandidate(all []archive.Candidate) (archive.Candidate, string, error) {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	i, rest, err := o.pick(names)
	if err != nil {
		return archive.Candidate{}, "", err
	}
	return all[i], rest, nil
}

// unpacked is a dataset from a temporary folder.
type unpacked struct {
	format.Dataset
	dir string
}

// Close closes the dataset and removes its folder.
func (u *unpacked) Close() error { return errors.Join(u.Dataset.Close(), os.RemoveAll(u.dir)) }

// renamed is a dataset under the name of the file that was delivered.
type renamed struct {
	format.Dataset
	name string
}

// Schema is that of the dataset with the delivered name.
func (r *renamed) Schema() format.Schema {
	s := r.Dataset.Schema()
	s.Name = r.name
	return s
}

// rename gives a dataset that has no name of its own the name of its file.
func rename(d format.Dataset, k kind, name string) format.Dataset {
	if k == gpkg || d.Schema().Name == stem(name) {
		return d
	}
	return &renamed{Dataset: d, name: stem(name)}
}
