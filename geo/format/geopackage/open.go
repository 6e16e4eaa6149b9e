package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modernc.org/sqlite" // also the database driver "sqlite"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// Options say how a GeoPackage is opened; the zero value takes the only layer there is, with the default limits.
type Options struct {
	// Layer is the feature table to read; empty means the only one.
	Layer  string
	Limits format.Limits
}

// signature is how every SQLite file begins.
const signature = "SQLite format 3\x00"

// Open opens one feature table of a GeoPackage. It reads only and never writes beside the file. Tables that are
// views or virtual are refused: their SQL comes from whoever made the file.
func Open(ctx context.Context, path string, o Options) (format.Dataset, error) {
	db, err := openReadOnly(path)
	if err != nil {
		return nil, err
	}
	d := &dataset{db: db, path: path, file: filepath.Base(path), limits: o.Limits.WithDefaults()}
	if err := d.openPages(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := d.describe(ctx, o.Layer); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// openPages opens the file a second time, beside SQLite, which opens it with its first query.
func (d *dataset) openPages() error {
	f, err := os.Open(d.path)
	if err != nil {
		return fmt.Errorf("open GeoPackage: %w", err)
	}
	if d.opened, err = stateOf(f); err != nil {
		return errors.Join(geo.NewProblem("ingest.gpkg.damaged", "file", d.file).Because(err), f.Close())
	}
	d.pages = f
	return nil
}

// openReadOnly opens path with immutable=1, so that SQLite makes no lock, journal or shared memory file beside it.
// Changes that wait in such a file of another program would then be missed, so they are looked for first.
func openReadOnly(path string) (*sql.DB, error) {
	if err := checkSignature(path); err != nil {
		return nil, err
	}
	if changesWait(path) {
		return nil, geo.NewProblem("ingest.gpkg.open-elsewhere", "file", filepath.Base(path))
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open GeoPackage: %w", err)
	}
	// trusted_schema=0: functions inside the file's own schema must be harmless ones (sqlite.org/security.html).
	options := url.Values{
		"mode": {"ro"}, "immutable": {"1"},
		"_pragma": {"trusted_schema(0)", "query_only(1)", "cell_size_check(1)", "mmap_size(0)"},
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(whole), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("open GeoPackage: %w", err)
	}
	return db, nil
}

// changesWait reports whether another program has left changes beside the file.
func changesWait(path string) bool {
	for _, suffix := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}

func checkSignature(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open GeoPackage: %w", err)
	}
	defer f.Close()
	head := make([]byte, len(signature))
	if n, _ := f.ReadAt(head, 0); string(head[:n]) != signature {
		return geo.NewProblem("ingest.gpkg.not-geopackage", "file", filepath.Base(path))
	}
	return nil
}

// table is what the GeoPackage's own tables say about one feature table.
type table struct {
	name, geometry string
	system         int64
}

// tables lists the feature tables. The tables of the standard must be plain tables themselves, as a view in their
// place could keep the query busy for ever.
func (d *dataset) tables(ctx context.Context) ([]table, error) {
	for _, name := range []string{"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} {
		err := d.checkTable(ctx, name)
		if geo.CodeOf(err) == "ingest.gpkg.table-missing" {
			return nil, geo.NewProblem("ingest.gpkg.not-geopackage", "file", d.file)
		}
		if err != nil {
			return nil, err
		}
	}
	rows, err := d.db.QueryContext(ctx, `SELECT c.table_name, g.column_name, CAST(g.srs_id AS INTEGER)
		FROM gpkg_contents c JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name)
		WHERE c.data_type = 'features' AND c.table_name NOT NULL AND g.column_name NOT NULL ORDER BY 1, 2`)
	if err != nil {
		return nil, d.refuse(ctx, lackOrDamage(err), err)
	}
	defer rows.Close()
	var found []table
	for rows.Next() {
		var t table
		var system sql.NullInt64
		if err := rows.Scan(&t.name, &t.geometry, &system); err != nil {
			return nil, d.refuse(ctx, "ingest.gpkg.damaged", err)
		}
		t.system = system.Int64
		found = append(found, t)
	}
	if err := rows.Err(); err != nil {
		return nil, d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	return found, nil
}

// lackOrDamage tells a database without the tables of a GeoPackage (SQLITE_ERROR: no such table) from a damaged one.
func lackOrDamage(err error) string {
	const sqliteError = 1 // sqlite.org/rescode.html#error
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqliteError {
		return "ingest.gpkg.not-geopackage"
	}
	return "ingest.gpkg.damaged"
}

// refuse makes the problem with the file out of an SQL error; a cancelled context stays what it is.
func (d *dataset) refuse(ctx context.Context, code string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return geo.NewProblem(code, "file", d.file).Because(err)
}

// choose finds the table that was asked for, or the only one.
func (d *dataset) choose(ctx context.Context, layer string) (table, error) {
	tables, err := d.tables(ctx)
	if err != nil {
		return table{}, err
	}
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.name
	}
	all := strings.Join(names, ", ")
	switch {
	case len(tables) == 0:
		return table{}, geo.NewProblem("ingest.gpkg.no-features", "file", d.file)
	case layer == "" && len(tables) > 1:
		return table{}, geo.NewProblem("ingest.file.several-layers", "file", d.file, "names", all)
	case layer == "":
		return tables[0], nil
	}
	if i := slices.Index(names, layer); i >= 0 {
		return tables[i], nil
	}
	return table{}, geo.NewProblem("ingest.file.layer-unknown", "file", d.file, "layer", layer, "names", all)
}

// describe fills in the schema of the chosen table.
func (d *dataset) describe(ctx context.Context, layer string) error {
	t, err := d.choose(ctx, layer)
	if err != nil {
		return err
	}
	if err := d.checkTable(ctx, t.name); err != nil {
		return err
	}
	d.table = t
	d.schema = format.Schema{Format: "geopackage", Name: t.name, Encoding: "UTF-8"}
	if err := d.describeColumns(ctx); err != nil {
		return err
	}
	if err := d.describeSystem(ctx); err != nil {
		return err
	}
	count := "SELECT count(*) FROM " + Quote(t.name)
	if err := d.db.QueryRowContext(ctx, count).Scan(&d.schema.Count); err != nil {
		return d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	if d.schema.Count > d.limits.MaxRecords {
		return d.tooMany(d.schema.Count)
	}
	return nil
}

// checkTable makes sure that reading the table runs no SQL of the file's author: a plain table, no view, no virtual
// table.
func (d *dataset) checkTable(ctx context.Context, name string) error {
	var kind, create sql.NullString
	err := d.db.QueryRowContext(ctx, `SELECT type, sql FROM sqlite_master
		WHERE type IN ('table', 'view') AND lower(name) = lower(?)`, name).Scan(&kind, &create)
	if errors.Is(err, sql.ErrNoRows) {
		return geo.NewProblem("ingest.gpkg.table-missing", "file", d.file, "layer", name)
	}
	if err != nil {
		return d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	words := strings.Fields(strings.ToUpper(create.String))
	if kind.String != "table" || len(words) < 2 || words[1] != "TABLE" {
		return geo.NewProblem("ingest.gpkg.view", "file", d.file, "layer", name)
	}
	return nil
}

// describeColumns lists the attribute columns; the geometry and the row id are no attributes.
func (d *dataset) describeColumns(ctx context.Context) error {
	rows, err := d.db.QueryContext(ctx, `SELECT name, upper(type), pk, hidden FROM pragma_table_xinfo(?)`, d.table.name)
	if err != nil {
		return d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	defer rows.Close()
	geometry := false
	for rows.Next() {
		var name, declared string
		var key, hidden int
		if err := rows.Scan(&name, &declared, &key, &hidden); err != nil {
			return d.refuse(ctx, "ingest.gpkg.damaged", err)
		}
		switch {
		case strings.EqualFold(name, d.table.geometry):
			geometry = hidden == 0
		case key > 0 && strings.Contains(declared, "INT"):
			d.key = name
		default:
			d.addColumn(name, declared, hidden)
		}
	}
	if err := rows.Err(); err != nil {
		return d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	if !geometry {
		return geo.NewProblem("ingest.gpkg.table-missing", "file", d.file,
			"layer", d.table.name+"."+d.table.geometry)
	}
	return nil
}

// addColumn adds an attribute, or a note when it cannot be one: a computed column runs the author's SQL, and a blob
// is nothing that a person can read.
func (d *dataset) addColumn(name, declared string, hidden int) {
	kind, ok := kindOf(declared)
	if hidden != 0 || !ok {
		d.schema.Notes = append(d.schema.Notes, geo.NewProblem("ingest.gpkg.column-left-out", "column", name,
			"type", declared))
		return
	}
	d.schema.Fields = append(d.schema.Fields, format.Field{Name: name, Kind: kind, Width: width(declared)})
}

// describeSystem finds the reference system of the table's srs_id: by the EPSG code, else by its definition.
func (d *dataset) describeSystem(ctx context.Context) error {
	var organisation, definition sql.NullString
	var code sql.NullInt64
	err := d.db.QueryRowContext(ctx, `SELECT organization, CAST(organization_coordsys_id AS INTEGER), definition
		FROM gpkg_spatial_ref_sys WHERE srs_id = ?`, d.table.system).Scan(&organisation, &code, &definition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return d.refuse(ctx, "ingest.gpkg.damaged", err)
	}
	var s crs.System
	switch {
	case strings.EqualFold(organisation.String, "EPSG"):
		d.schema.DeclaredText = fmt.Sprintf("EPSG:%d", code.Int64)
		s, err = crs.FromEPSG(int(code.Int64))
	case d.table.system <= 0 || definition.String == "" || strings.EqualFold(definition.String, "undefined"):
		return nil
	default:
		d.schema.DeclaredText = definition.String
		s, err = crs.FromWKT(definition.String)
	}
	d.schema.Declared, d.schema.DeclaredProblem, err = declared(s, err)
	return err
}

// declared sorts what a file names into an accepted system, or the problem with it.
func declared(s crs.System, err error) (*crs.System, *geo.Problem, error) {
	var p *geo.Problem
	switch {
	case errors.As(err, &p):
		return nil, p, nil
	case err != nil:
		return nil, nil, err
	case !s.Accepted():
		return nil, s.Refusal(), nil
	}
	return &s, nil, nil
}
