// Package save writes records as a file of a kind that others read: the counterpart of package open (geo/format/open).
// It knows which kinds there are, brings geometries into the reference system that is asked for and sees to it that
// nothing is lost in silence: what a kind of file cannot hold is a problem, or a note where it can be undone. A file
// appears under its name only when it is whole. It does not know what a layer means.
package save

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
	"greenshield/geo/format/geopackage"
	"greenshield/geo/format/kml"
	"greenshield/geo/format/parceltxt"
	"greenshield/geo/format/shapefile"
	"greenshield/geo/format/table"
)

// Kind is a kind of file, in the words of format.Schema.
type Kind string

// The kinds that are written.
const (
	GeoJSON    Kind = "geojson"
	Shapefile  Kind = "shapefile" // zipped
	GeoPackage Kind = "geopackage"
	KML        Kind = "kml"
	ParcelText Kind = "parceltxt"
	CSV        Kind = "csv" // with the geometry as WKT
)

// Kinds are all kinds, the most useful first.
func Kinds() []Kind { return []Kind{GeoPackage, Shapefile, GeoJSON, KML, ParcelText, CSV} }

// Extension is what the name of such a file ends with, with its dot.
func (k Kind) Extension() string {
	return map[Kind]string{
		GeoJSON: ".geojson", Shapefile: ".zip", GeoPackage: ".gpkg", KML: ".kml", ParcelText: ".txt", CSV: ".csv",
	}[k]
}

// KindOf is the kind that a file's name asks for, false when it asks for none.
func KindOf(name string) (Kind, bool) {
	ext := strings.ToLower(filepath.Ext(name))
	if ext == ".json" {
		return GeoJSON, true
	}
	for _, k := range Kinds() {
		if k.Extension() == ext {
			return k, true
		}
	}
	return "", false
}

// Layer says what is written, and how.
type Layer struct {
	Kind Kind
	// Name is that of the table, and of the files inside a zip.
	Name string
	// Title is for people; empty means Name.
	Title string
	// Fields describe the records' values.
	Fields []format.Field
	// System is what the coordinates are written in; the zero value means CGCS2000 degrees. GeoJSON and KML take
	// nothing else, ParcelText a Gauss-Krüger plane, the others every system that is accepted for reading.
	System crs.System
	// Encoding of text, "GBK" or "UTF-8", of a shapefile (UTF-8 by default) and of ParcelText (GBK by default); all
	// others are in UTF-8.
	Encoding string
	// Geometry is the type of all rows for a GeoPackage ("MULTIPOLYGON"), which some programs ask for; empty allows all.
	Geometry string
	// About says where the data come from. It travels in GeoJSON, GeoPackage, KML and the zip of a shapefile.
	About string
	// Producer goes into the head of a ParcelText.
	Producer string
	// Changed is the time that the file states, so that the same records give the same bytes.
	Changed time.Time
	// Parcel are the names of the fields that a ParcelText has a place for; KML shows its Name.
	Parcel ParcelFields
}

// ParcelFields are names of fields, empty for none.
type ParcelFields struct{ Number, Name, Sheet, Use, Class string }

// records is what all writers take.
type records = iter.Seq2[format.Record, error]

// Write writes rows, whose geometries are in CGCS2000 degrees, to w. The notes say what was changed because the kind
// cannot hold it. Problems are "layer.export.…"; then what was written is not whole.
func Write(ctx context.Context, w io.Writer, l Layer, rows iter.Seq2[format.Record, error]) ([]*geo.Problem, error) {
	if l.Kind != GeoPackage {
		return write(ctx, l, rows, func(l Layer, rows records) ([]*geo.Problem, error) { return stream(ctx, w, l, rows) })
	}
	dir, err := os.MkdirTemp("", "save-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "layer.gpkg")
	notes, err := write(ctx, l, rows, func(l Layer, rows records) ([]*geo.Problem, error) {
		return nil, database(ctx, path, l, rows)
	})
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return notes, err
}

// FileOptions say what becomes of a file that is there already; the zero value refuses: "layer.export.exists".
type FileOptions struct{ Replace bool }

// File is Write to a file, which appears under path only when it is whole.
func File(
	ctx context.Context, path string, l Layer, rows iter.Seq2[format.Record, error], o FileOptions,
) (notes []*geo.Problem, err error) {
	return notes, Whole(path, o, func(part string) error {
		notes, err = write(ctx, l, rows, func(l Layer, rows records) ([]*geo.Problem, error) {
			if l.Kind == GeoPackage {
				return nil, database(ctx, part, l, rows)
			}
			f, err := os.OpenFile(part, os.O_WRONLY|os.O_TRUNC, 0o600)
			if err != nil {
				return nil, err
			}
			notes, err := stream(ctx, f, l, rows)
			return notes, errors.Join(err, f.Close())
		})
		return err
	})
}

// Whole makes a file through a part beside it that takes its name when fill is done, so that nobody finds half of it
// and an error leaves nothing. A file that is there already is "layer.export.exists" unless it is to be replaced.
func Whole(path string, o FileOptions, fill func(part string) error) error {
	taken := func() bool {
		_, err := os.Lstat(path)
		return !o.Replace && !errors.Is(err, fs.ErrNotExist)
	}
	exists := geo.NewProblem("layer.export.exists", "file", filepath.Base(path))
	if taken() {
		return exists
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".greenshield-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	part := f.Name()
	err = f.Close()
	if err == nil {
		err = fill(part)
	}
	if err == nil && taken() { // somebody made it meanwhile
		err = exists
	}
	if err == nil {
		err = os.Chmod(part, 0o644) // a temporary file is its owner's alone; a delivery is for others to read
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(part))
	}
	return nil
}

// write checks what is asked for and hands the rows on in the system and with the text that the kind can hold.
func write(
	ctx context.Context, l Layer, rows records, out func(Layer, records) ([]*geo.Problem, error),
) ([]*geo.Problem, error) {
	if err := l.settle(); err != nil {
		return nil, err
	}
	f := &fitter{layer: l, system: l.System}
	notes, err := out(l, f.rows(ctx, rows))
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(notes, func(n *geo.Problem) bool { return n.Code == "layer.export.text-cut" }); i >= 0 {
		return nil, notes[i] // what is cut off cannot be brought back
	}
	return append(notes, append(f.notes.Problems(), l.notes()...)...), nil
}

// settle fills in defaults and refuses combinations that do not exist.
func (l *Layer) settle() error {
	if l.Kind.Extension() == "" {
		return UnknownKind(string(l.Kind))
	}
	if l.System.IsZero() {
		degrees, err := crs.FromEPSG(4490)
		if err != nil {
			return err
		}
		l.System = degrees
	}
	switch {
	case !l.System.Accepted():
		return geo.NewProblem("layer.export.system", "system", l.System.Title())
	case (l.Kind == GeoJSON || l.Kind == KML) && l.System.EPSG() != 4490:
		return geo.NewProblem("layer.export.degrees-only", "kind", string(l.Kind), "system", l.System.Title())
	case l.Kind == ParcelText && !l.System.Gauss():
		return geo.NewProblem("layer.export.plane-only", "kind", string(l.Kind), "system", l.System.Title())
	}
	return l.settleEncoding()
}

func (l *Layer) settleEncoding() error {
	l.Encoding = strings.ToUpper(l.Encoding)
	if l.Encoding == "UTF8" {
		l.Encoding = utf8Name
	}
	switch {
	case l.Encoding == "" && l.Kind == ParcelText:
		l.Encoding = "GBK"
	case l.Encoding == "":
		l.Encoding = utf8Name
	case l.Encoding == utf8Name, l.Encoding == "GBK" && (l.Kind == ParcelText || l.Kind == Shapefile):
	default:
		return geo.NewProblem("layer.export.encoding", "encoding", l.Encoding, "kind", string(l.Kind))
	}
	return nil
}

const utf8Name = "UTF-8"

// UnknownKind is the problem with a kind, or the name of a file, that is none of those that are written.
func UnknownKind(name string) *geo.Problem {
	return geo.NewProblem("layer.export.kind-unknown", "name", name, "known", Written)
}

// Written lists the endings of names by which a kind is asked for, for messages.
const Written = ".gpkg, .zip (Shapefile), .geojson, .kml, .txt, .csv, .xlsx"

// stream writes all kinds but the GeoPackage, which is a database and needs a file.
func stream(ctx context.Context, w io.Writer, l Layer, rows records) ([]*geo.Problem, error) {
	switch l.Kind {
	case Shapefile:
		return shapefile.WriteZip(ctx, w, shapefile.Layer{
			Name: l.Name, System: l.System, Fields: l.Fields, Encoding: l.Encoding, Changed: l.Changed,
			About: l.aboutNames(shapefile.FieldNames(l.Fields, l.Encoding)),
		}, rows)
	case GeoJSON:
		return nil, geojson.WriteAbout(w, l.About, l.Fields, func(yield func(geojson.Feature, error) bool) {
			for r, err := range rows {
				if !yield(geojson.Feature{Geometry: r.Geometry, Values: r.Values}, err) {
					return
				}
			}
		})
	case KML:
		return nil, kml.Write(ctx, w, kml.Layer{
			Name: l.title(), About: l.About, Fields: l.Fields, Label: l.Parcel.Name,
		}, rows)
	case ParcelText:
		return nil, parceltxt.WriteAll(w, l.parcels(rows), parceltxt.WriteOptions{
			System: l.System, Encoding: l.Encoding, Producer: l.Producer, Date: l.Changed.Format("2006-1-2"),
		})
	case CSV:
		return nil, table.WriteCSV(w, l.Fields, func(yield func(table.Feature, error) bool) {
			for r, err := range rows {
				if !yield(table.Feature{Geometry: r.Geometry, Values: r.Values}, err) {
					return
				}
			}
		})
	}
	return nil, UnknownKind(string(l.Kind))
}

func database(ctx context.Context, path string, l Layer, rows records) error {
	return geopackage.Write(ctx, path, geopackage.Layer{
		Name: l.Name, Title: l.title(), About: l.aboutNames(geopackage.ColumnNames(l.Fields)), Geometry: l.Geometry,
		System: l.System, Fields: l.Fields, Changed: l.Changed,
	}, rows)
}

func (l *Layer) title() string {
	if l.Title == "" {
		return l.Name
	}
	return l.Title
}
