package geopackage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// AddSpatialIndex makes the R-tree of a table that CreateFeatureTable made from the bounds of all its rows, with the
// triggers and the row of gpkg_extensions that GeoPackage 1.3 annex F.3 requires. Call it after the rows are in: the
// triggers call ST_ functions, which the SQLite of this program does not have but QGIS and GDAL do, so later inserts must come from
// there. Deleting rows works everywhere.
func AddSpatialIndex(ctx context.Context, tx *sql.Tx, table string, rows *SpatialIndex) error {
	create := fmt.Sprintf(`CREATE VIRTUAL TABLE %s USING rtree(id, minx, maxx, miny, maxy)`, Quote(indexName(table)))
	if _, err := tx.ExecContext(ctx, create); err != nil {
		return fmt.Errorf("create spatial index of %s: %w", table, err)
	}
	if err := rows.fill(ctx, tx, indexName(table)); err != nil {
		return fmt.Errorf("fill spatial index of %s: %w", table, err)
	}
	names := strings.NewReplacer("<t>", Quote(table), "<r>", Quote(indexName(table)), "<g>", Quote(GeometryColumn),
		"<i>", Quote(IDColumn))
	for _, t := range triggers() {
		name := Quote(indexName(table) + "_" + t.name)
		if _, err := tx.ExecContext(ctx, "CREATE TRIGGER "+name+" "+names.Replace(t.body)); err != nil {
			return fmt.Errorf("create index trigger %s of %s: %w", t.name, table, err)
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index',
		'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')`, table, GeometryColumn)
	if err != nil {
		return fmt.Errorf("register spatial index of %s: %w", table, err)
	}
	return nil
}

func indexName(table string) string { return "rtree_" + table + "_" + GeometryColumn }

type trigger struct{ name, body string }

// triggers are those of GeoPackage 1.3 annex F.3, with <t>, <r>, <g>, <i> for table, index, geometry and id.
func triggers() []trigger {
	const insert = `INSERT OR REPLACE INTO <r> VALUES ` +
		`(NEW.<i>, ST_MinX(NEW.<g>), ST_MaxX(NEW.<g>), ST_MinY(NEW.<g>), ST_MaxY(NEW.<g>));`
	const filled = `(NEW.<g> NOTNULL AND NOT ST_IsEmpty(NEW.<g>))`
	const blank = `(NEW.<g> ISNULL OR ST_IsEmpty(NEW.<g>))`
	return []trigger{
		{"insert", `AFTER INSERT ON <t> WHEN ` + filled + ` BEGIN ` + insert + ` END`},
		{"update1", `AFTER UPDATE OF <g> ON <t> WHEN OLD.<i> = NEW.<i> AND ` + filled + ` BEGIN ` + insert + ` END`},
		{"update2", `AFTER UPDATE OF <g> ON <t> WHEN OLD.<i> = NEW.<i> AND ` + blank +
			` BEGIN DELETE FROM <r> WHERE id = OLD.<i>; END`},
		{"update3", `AFTER UPDATE ON <t> WHEN OLD.<i> != NEW.<i> AND ` + filled +
			` BEGIN DELETE FROM <r> WHERE id = OLD.<i>; ` + insert + ` END`},
		{"update4", `AFTER UPDATE ON <t> WHEN OLD.<i> != NEW.<i> AND ` + blank +
			` BEGIN DELETE FROM <r> WHERE id IN (OLD.<i>, NEW.<i>); END`},
		{"delete", `AFTER DELETE ON <t> WHEN OLD.<g> NOT NULL BEGIN DELETE FROM <r> WHERE id = OLD.<i>; END`},
	}
}
