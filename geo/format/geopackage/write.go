package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// Layer describes the one layer of a GeoPackage that Write makes.
type Layer struct {
	Name string
	// Title is shown in the list of layers; empty means Name.
	Title string
	// About is the description of the layer: where the data come from.
	About string
	// Geometry is the type of all rows ("MULTIPOLYGON"; polygons among them are written as multipolygons); empty
	// allows every type.
	Geometry string
	// System is the reference system of the records' geometries; it must be an accepted one.
	System crs.System
	// Fields describe the records' values. A name that is taken (fid, geom, or twice the same) gets a number.
	Fields []format.Field
	// Changed is written as the time of the last change, so that the same records give the same file.
	Changed time.Time
}

// Write makes a GeoPackage with one layer and its spatial index. The file appears under path, replacing what was
// there, only when it is complete; an error leaves nothing behind.
func Write(ctx context.Context, path string, l Layer, records iter.Seq2[format.Record, error]) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return fmt.Errorf("write GeoPackage: %w", err)
	}
	part := f.Name()
	err = f.Close()
	if err == nil {
		err = writeDatabase(ctx, part, l, records)
	}
	if err == nil {
		err = os.Chmod(part, 0o644) // a temporary file is its owner's alone; a delivery is for others to read
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return fmt.Errorf("write GeoPackage: %w", errors.Join(err, os.Remove(part)))
	}
	return nil
}

// writeDatabase needs no journal: the file is thrown away unless all goes well.
func writeDatabase(ctx context.Context, path string, l Layer, records iter.Seq2[format.Record, error]) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	options := url.Values{"_pragma": {"journal_mode(OFF)", "foreign_keys(1)"}}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(whole), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	if err := writeLayer(ctx, tx, l, records); err != nil {
		return errors.Join(err, tx.Rollback(), db.Close())
	}
	return errors.Join(tx.Commit(), db.Close())
}

func writeLayer(ctx context.Context, tx *sql.Tx, l Layer, records iter.Seq2[format.Record, error]) error {
	t := Table{
		Name: l.Name, Title: l.Title, Geometry: l.Geometry, System: l.System.EPSG(),
		Columns: columnsOf(l.Fields), Changed: l.Changed, Description: l.About,
	}
	if err := CreateSchema(ctx, tx); err != nil {
		return err
	}
	if err := AddSystem(ctx, tx, l.System); err != nil {
		return err
	}
	if err := CreateFeatureTable(ctx, tx, t); err != nil {
		return err
	}
	var index SpatialIndex
	bound, err := writeRows(ctx, tx, t, records, &index)
	if err != nil {
		return err
	}
	if bound.Min[0] <= bound.Max[0] {
		if err := SetExtent(ctx, tx, t.Name, bound); err != nil {
			return err
		}
	}
	return AddSpatialIndex(ctx, tx, t.Name, &index)
}

// writeRows writes all records and gives their bound; its Min is above its Max when there is no geometry.
func writeRows(
	ctx context.Context, tx *sql.Tx, t Table, records iter.Seq2[format.Record, error], index *SpatialIndex,
) (orb.Bound, error) {
	inf := math.Inf(1)
	all := orb.Bound{Min: orb.Point{inf, inf}, Max: orb.Point{-inf, -inf}}
	insert, err := tx.PrepareContext(ctx, InsertInto(t))
	if err != nil {
		return all, err
	}
	defer insert.Close()
	var id int64
	for r, err := range records {
		if err != nil {
			return all, err
		}
		id++
		if r.Problem != nil {
			return all, fmt.Errorf("row %d: %w", id, r.Problem)
		}
		if len(r.Values) != len(t.Columns) {
			return all, fmt.Errorf("row %d: %d values for %d fields", id, len(r.Values), len(t.Columns))
		}
		g, err := shaped(r.Geometry, t.Geometry)
		if err != nil {
			return all, fmt.Errorf("row %d: %w", id, err)
		}
		blob, err := EncodeGeometry(g, t.System)
		if err != nil {
			return all, fmt.Errorf("row %d: %w", id, err)
		}
		if b, empty := extent(g); !empty {
			all = all.Union(b)
		}
		if err := index.Add(id, blob); err != nil {
			return all, fmt.Errorf("row %d: %w", id, err)
		}
		if _, err := insert.ExecContext(ctx, append([]any{id, blob}, r.Values...)...); err != nil {
			return all, fmt.Errorf("row %d: %w", id, err)
		}
	}
	return all, nil
}

// shaped gives a polygon, line or point the multi form that the table asks for, and refuses what does not fit.
func shaped(g orb.Geometry, kind string) (orb.Geometry, error) {
	if g == nil || kind == "" || kind == "GEOMETRY" {
		return g, nil
	}
	g = plain(g)
	if strings.EqualFold(g.GeoJSONType(), kind) {
		return g, nil
	}
	switch g := g.(type) {
	case orb.Polygon:
		if kind == "MULTIPOLYGON" {
			return orb.MultiPolygon{g}, nil
		}
	case orb.LineString:
		if kind == "MULTILINESTRING" {
			return orb.MultiLineString{g}, nil
		}
	case orb.Point:
		if kind == "MULTIPOINT" {
			return orb.MultiPoint{g}, nil
		}
	}
	return nil, fmt.Errorf("a %s does not fit a table of %s", g.GeoJSONType(), kind)
}

// columnsOf makes SQL columns of fields.
func columnsOf(fields []format.Field) []Column {
	columns := make([]Column, len(fields))
	for i, name := range ColumnNames(fields) {
		columns[i] = Column{Name: name, Type: typeOf(fields[i].Kind)}
	}
	return columns
}

// ColumnNames are the names that fields get in a GeoPackage: different as SQLite compares them, without regard to case,
// also from those of the columns that every layer has.
func ColumnNames(fields []format.Field) []string {
	taken := map[string]bool{IDColumn: true, GeometryColumn: true}
	names := make([]string, len(fields))
	for i, f := range fields {
		name := f.Name
		if name == "" {
			name = fmt.Sprintf("field_%d", i+1)
		}
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s_%d", f.Name, n)
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

func typeOf(k format.Kind) string {
	switch k {
	case format.Integer:
		return "INTEGER"
	case format.Real:
		return "REAL"
	case format.Boolean:
		return "BOOLEAN"
	case format.Date:
		return "DATE"
	}
	return "TEXT"
}
