package geopackage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// The numbers by which a GeoPackage is known, section 1.1.1.1.1: "GPKG", and version 1.3.0.
const (
	ApplicationID = 0x47504B47
	UserVersion   = 10300
)

// The columns that CreateFeatureTable makes by itself.
const (
	IDColumn       = "fid"
	GeometryColumn = "geom"
)

// Table describes a feature table that is to be made.
type Table struct {
	Name string
	// Title is what a person sees in the list of layers; empty means Name. It is unique in a file.
	Title       string
	Description string
	// Geometry is the type that all rows have ("MULTIPOLYGON"); empty means GEOMETRY, which allows every type.
	Geometry string
	// System is the srs_id of a row of gpkg_spatial_ref_sys; CreateSchema and AddSystem make them.
	System int
	// Columns are the attribute columns after fid and geom.
	Columns []Column
	// Changed is written as the time of the last change.
	Changed time.Time
}

// Column is an attribute column.
type Column struct {
	Name string
	// Type is a type of the standard's table 1: TEXT, INTEGER, REAL, BOOLEAN, DATE, DATETIME, BLOB.
	Type string
}

// CreateSchema makes the tables that every GeoPackage with features has, marks the file as a GeoPackage, and adds
// the rows for the reference systems -1, 0, 4326 and 4490. It fails when the tables exist.
func CreateSchema(ctx context.Context, tx *sql.Tx) error {
	statements := []string{
		fmt.Sprintf(`PRAGMA application_id = %d`, ApplicationID),
		fmt.Sprintf(`PRAGMA user_version = %d`, UserVersion),
		createSystems, createContents, createGeometryColumns, createExtensions,
		`INSERT INTO gpkg_spatial_ref_sys VALUES
			('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
			('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
			('WGS 84', 4326, 'EPSG', 4326, ` + quoteText(wktWGS84) + `, NULL),
			('China Geodetic Coordinate System 2000', 4490, 'EPSG', 4490, ` + quoteText(wktCGCS2000) + `, NULL)`,
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("create GeoPackage schema: %w", err)
		}
	}
	return nil
}

// The definitions of GeoPackage 1.3, annex C.
const (
	createSystems = `CREATE TABLE gpkg_spatial_ref_sys (
		srs_name TEXT NOT NULL,
		srs_id INTEGER PRIMARY KEY,
		organization TEXT NOT NULL,
		organization_coordsys_id INTEGER NOT NULL,
		definition TEXT NOT NULL,
		description TEXT)`
	createContents = `CREATE TABLE gpkg_contents (
		table_name TEXT NOT NULL PRIMARY KEY,
		data_type TEXT NOT NULL,
		identifier TEXT UNIQUE,
		description TEXT DEFAULT '',
		last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
		min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
		srs_id INTEGER,
		CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))`
	createGeometryColumns = `CREATE TABLE gpkg_geometry_columns (
		table_name TEXT NOT NULL,
		column_name TEXT NOT NULL,
		geometry_type_name TEXT NOT NULL,
		srs_id INTEGER NOT NULL,
		z TINYINT NOT NULL,
		m TINYINT NOT NULL,
		CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
		CONSTRAINT uk_gc_table_name UNIQUE (table_name),
		CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
		CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))`
	createExtensions = `CREATE TABLE gpkg_extensions (
		table_name TEXT,
		column_name TEXT,
		extension_name TEXT NOT NULL,
		definition TEXT NOT NULL,
		scope TEXT NOT NULL,
		CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))`
)

// CreateFeatureTable makes a feature table with the columns fid, geom and t.Columns, and the rows that describe it.
func CreateFeatureTable(ctx context.Context, tx *sql.Tx, t Table) error {
	kind := t.Geometry
	if kind == "" {
		kind = "GEOMETRY"
	}
	title := t.Title
	if title == "" {
		title = t.Name
	}
	columns := []string{
		Quote(IDColumn) + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
		Quote(GeometryColumn) + " " + Quote(kind),
	}
	for _, c := range t.Columns {
		columns = append(columns, Quote(c.Name)+" "+c.Type)
	}
	create := fmt.Sprintf("CREATE TABLE %s (%s)", Quote(t.Name), strings.Join(columns, ", "))
	if _, err := tx.ExecContext(ctx, create); err != nil {
		return fmt.Errorf("create feature table %s: %w", t.Name, err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO gpkg_contents
		(table_name, data_type, identifier, description, last_change, srs_id) VALUES (?, 'features', ?, ?, ?, ?)`,
		t.Name, title, t.Description, timestamp(t.Changed), t.System)
	if err != nil {
		return fmt.Errorf("describe feature table %s: %w", t.Name, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)`,
		t.Name, GeometryColumn, kind, t.System)
	if err != nil {
		return fmt.Errorf("describe geometry of %s: %w", t.Name, err)
	}
	return nil
}

// InsertInto is the statement that adds a row to t: fid, geom, then t.Columns in order.
func InsertInto(t Table) string {
	names := []string{Quote(IDColumn), Quote(GeometryColumn)}
	for _, c := range t.Columns {
		names = append(names, Quote(c.Name))
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", Quote(t.Name), strings.Join(names, ", "),
		strings.Repeat(", ?", len(names)-1))
}

// SetExtent records the bound of a table's features in gpkg_contents.
func SetExtent(ctx context.Context, tx *sql.Tx, table string, b orb.Bound) error {
	_, err := tx.ExecContext(ctx, `UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?
		WHERE table_name = ?`, b.Min[0], b.Min[1], b.Max[0], b.Max[1], table)
	if err != nil {
		return fmt.Errorf("set extent of %s: %w", table, err)
	}
	return nil
}

// DropFeatureTable removes a feature table with its index and the rows that describe it.
func DropFeatureTable(ctx context.Context, tx *sql.Tx, table string) error {
	statements := []string{
		`DELETE FROM gpkg_extensions WHERE table_name = ?`,
		`DELETE FROM gpkg_geometry_columns WHERE table_name = ?`,
		`DELETE FROM gpkg_contents WHERE table_name = ?`,
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s, table); err != nil {
			return fmt.Errorf("drop feature table %s: %w", table, err)
		}
	}
	for _, name := range []string{indexName(table), table} {
		if _, err := tx.ExecContext(ctx, `DROP TABLE IF EXISTS `+Quote(name)); err != nil {
			return fmt.Errorf("drop feature table %s: %w", table, err)
		}
	}
	return nil
}

// Quote makes an SQL identifier of any name.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteText(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }

// timestamp is the form that requirement 15 asks for.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
