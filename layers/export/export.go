// Package export writes a published vintage as a file for others: it knows which formats there are for people, names
// the file, chooses a zone where a format needs a plane and nobody named one, and lets a text on where the data come
// from travel with the file. It leaves the writing to geo/format/save and layers/report, and changes nothing.
package export

import (
	"context"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/save"
	"greenshield/layers"
	"greenshield/layers/report"
)

// Points is the format that package save does not know: the table of boundary points as a workbook.
const Points save.Kind = "xlsx"

// Formats are all formats, the most useful first.
func Formats() []save.Kind { return append(save.Kinds(), Points) }

// ParseFormat reads the name of a format, or, when that is empty, the ending of a file's name. What is none is
// "layer.export.kind-unknown".
func ParseFormat(name, file string) (save.Kind, error) {
	if name != "" {
		if k := save.Kind(strings.ToLower(name)); slices.Contains(Formats(), k) {
			return k, nil
		}
		return "", save.UnknownKind(name)
	}
	if strings.EqualFold(filepath.Ext(file), Extension(Points)) {
		return Points, nil
	}
	if k, ok := save.KindOf(file); ok {
		return k, nil
	}
	return "", save.UnknownKind(filepath.Base(file))
}

// Extension is what the name of a file of a format ends with, with its dot.
func Extension(k save.Kind) string {
	if k == Points {
		return ".xlsx"
	}
	return k.Extension()
}

// Options say how a vintage is written; Printer must be given.
type Options struct {
	Format save.Kind
	// System is what the coordinates are written in; zero means CGCS2000 degrees, or the zone with its number before
	// the easting in which the middle of the layer lies where the format needs a plane.
	System crs.System
	// Encoding is "GBK" or "UTF-8"; see save.Layer.
	Encoding string
	// Replace overwrites a file that is there.
	Replace bool
	// Program is the version that wrote the file.
	Program string
	// Printer gives the words of the text that travels with the file.
	Printer report.Printer
}

// Result says what was written; notes are about what the format could not hold.
type Result struct {
	Vintage layers.Vintage
	Format  save.Kind
	System  crs.System
	Notes   []*geo.Problem
}

// File writes a vintage to a file, which appears under path only when it is whole. The same vintage and options give
// the same bytes. Problems are those of the store and "layer.export.…".
func File(ctx context.Context, store layers.Store, ref layers.Ref, path string, o Options) (Result, error) {
	v, err := store.Vintage(ctx, ref)
	if err != nil {
		return Result{}, err
	}
	r := Result{Vintage: v, Format: o.Format, System: o.System}
	if r.System.IsZero() && (o.Format == save.ParcelText || o.Format == Points) {
		if r.System, err = zoneOf(v.Bound); err != nil {
			return r, err
		}
		r.Notes = append(r.Notes, geo.NewProblem("layer.export.zone-chosen", "system", r.System.Title(),
			"code", r.System.String()))
	}
	x := exporter{store: store, vintage: v, Options: o, title: titleOf(o.Printer, ref.Layer), system: r.System}
	var notes []*geo.Problem
	if o.Format == Points {
		notes, err = x.points(ctx, path)
	} else {
		notes, err = x.save(ctx, path)
	}
	r.Notes = append(r.Notes, notes...)
	return r, err
}

func titleOf(p report.Printer, id layers.LayerID) string {
	if p.Title != nil && p.Title(id) != "" {
		return p.Title(id)
	}
	return string(id)
}

// zoneOf is the 3° zone in which the middle of a layer lies (domain section 7).
func zoneOf(b orb.Bound) (crs.System, error) {
	return crs.GaussKruger(3, int(math.Round(b.Center()[0]/3)), true)
}

// FileName is a name for the file of a vintage: title, vintage and revision, without what file systems and shells take
// for something else.
func FileName(title string, ref layers.Ref, k save.Kind) string {
	const longest = 60
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || strings.ContainsRune(`/\:*?"<>|%~`, r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, title)
	clean = strings.Trim(clean, " .-")
	if letters := []rune(clean); len(letters) > longest {
		clean = string(letters[:longest])
	}
	if clean == "" {
		clean = string(ref.Layer)
	}
	return fmt.Sprintf("%s_%s.%d%s", clean, ref.Vintage, ref.Revision, Extension(k))
}

// exporter is one export on its way.
type exporter struct {
	Options
	store   layers.Store
	vintage layers.Vintage
	title   string
	system  crs.System
}

func (x *exporter) save(ctx context.Context, path string) ([]*geo.Problem, error) {
	v := x.vintage
	l := save.Layer{
		Kind: x.Format, Name: tableName(v.Ref), Title: x.title + " " + v.Ref.Vintage, Fields: v.Fields, System: x.system,
		Encoding: x.Encoding, About: strings.Join(x.about(), "\n") + "\n", Producer: x.Program, Changed: v.Published,
		Parcel: x.parcelFields(),
	}
	if x.Format == save.GeoPackage {
		var err error
		if l.Geometry, err = x.geometryType(ctx); err != nil {
			return nil, err
		}
	}
	return save.File(ctx, path, l, x.records(ctx), save.FileOptions{Replace: x.Replace})
}

// tableName names a table, and the files in a zip, in letters that every program takes.
func tableName(r layers.Ref) string {
	return fmt.Sprintf("%s_%s_r%d", r.Layer, strings.ReplaceAll(r.Vintage, "-", "_"), r.Revision)
}

// parcelFields are the delivered fields that play the roles a survey TXT has places for, else those of its own names.
func (x *exporter) parcelFields() save.ParcelFields {
	p := save.OwnParcelFields(x.vintage.Fields)
	for role, field := range map[layers.Role]*string{
		layers.Code: &p.Number, layers.Name: &p.Name, layers.Class: &p.Class,
	} {
		if name := x.vintage.Mapping[role]; name != "" {
			*field = name
		}
	}
	return p
}

func (x *exporter) features(ctx context.Context) iter.Seq2[layers.Feature, error] {
	return x.store.Features(ctx, x.vintage.Ref, nil)
}

func (x *exporter) records(ctx context.Context) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for f, err := range x.features(ctx) {
			if !yield(format.Record{Row: f.ID, Geometry: f.Geometry, Values: f.Values}, err) {
				return
			}
		}
	}
}

// geometryType is the type that all features share, single and multi together: some programs open no table without
// one. Empty when they differ.
func (x *exporter) geometryType(ctx context.Context) (string, error) {
	kind := ""
	for f, err := range x.features(ctx) {
		if err != nil {
			return "", err
		}
		own := "MULTIPOLYGON"
		switch f.Geometry.(type) {
		case orb.LineString, orb.MultiLineString:
			own = "MULTILINESTRING"
		case orb.Point, orb.MultiPoint:
			own = "MULTIPOINT"
		}
		if kind != "" && kind != own {
			return "", nil
		}
		kind = own
	}
	return kind, nil
}

func (x *exporter) points(ctx context.Context, path string) ([]*geo.Problem, error) {
	if x.Encoding != "" && !strings.EqualFold(x.Encoding, "UTF-8") {
		return nil, geo.NewProblem("layer.export.encoding", "encoding", x.Encoding, "kind", string(Points))
	}
	table := report.PointTable{
		Title: x.title + " " + x.vintage.Ref.Vintage, System: x.system, About: x.about(), Program: x.Program,
		At: x.vintage.Published,
	}
	return x.leftOut(), save.Whole(path, save.FileOptions{Replace: x.Replace}, func(part string) error {
		f, err := os.OpenFile(part, os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := report.BoundaryPoints(f, table, x.parcels(ctx), x.Printer); err != nil {
			return err
		}
		return f.Close()
	})
}

// leftOut notes the fields that a table of boundary points has no place for.
func (x *exporter) leftOut() []*geo.Problem {
	var names []string
	for _, f := range x.vintage.Fields {
		if f.Name != x.vintage.Mapping[layers.Code] && f.Name != x.vintage.Mapping[layers.Name] {
			names = append(names, f.Name)
		}
	}
	if names == nil {
		return nil
	}
	return []*geo.Problem{geo.NewProblem("layer.export.fields-left-out", "names", strings.Join(names, ", "))}
}

func (x *exporter) parcels(ctx context.Context) iter.Seq2[report.PointParcel, error] {
	return func(yield func(report.PointParcel, error) bool) {
		for f, err := range x.features(ctx) {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				err = save.InReach(x.system, f.Geometry)
			}
			p := report.PointParcel{Number: f.Roles[layers.Code], Name: f.Roles[layers.Name], Area: f.Area}
			if err == nil {
				p.Geometry = x.system.GeometryFromLonLat(f.Geometry)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// about says in lines where the data come from.
func (x *exporter) about() []string {
	v, p := x.vintage, x.vintage.Provenance
	word := func(key string, args ...any) string {
		return x.Printer.Words.Word(x.Printer.Lang, "export.about."+key, args...)
	}
	system := x.system.Title()
	if x.system.IsZero() {
		system = "CGCS2000 (EPSG:4490)"
	}
	lines := []string{
		word("layer", "title", x.title, "ref", v.Ref),
		word("count", "count", v.Count, "hectares", report.PrintArea(v.Area).Hectares),
		word("source", "file", p.File, "sha256", p.SHA256, "system", p.Used),
		word("written", "system", system, "program", x.Program),
	}
	if p.Suspected != "" && p.Suspected != "none" {
		lines = append(lines, word("suspected", "frame", p.Suspected))
	}
	if v.Declared.Accuracy > 0 {
		lines = append(lines, word("accuracy", "accuracy", report.PrintLength(v.Declared.Accuracy).M))
	}
	if v.Declared.ValidUntil != "" {
		lines = append(lines, word("validity", "day", v.Declared.ValidUntil))
	}
	if n := len(v.Rejects); n > 0 {
		lines = append(lines, word("rejects", "count", n))
	}
	if p.Repaired+p.Densified > 0 {
		lines = append(lines, word("changed", "repaired", p.Repaired, "densified", p.Densified))
	}
	return append(lines, word("lead"))
}
