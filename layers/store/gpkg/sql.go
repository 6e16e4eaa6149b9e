package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"greenshield/geo"
	"greenshield/layers"
)

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func selectLayers(ctx context.Context, q querier) ([]layers.Layer, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, theme, title FROM gs_layer
		WHERE EXISTS (SELECT 1 FROM gs_vintage WHERE layer = id AND withdrawn IS NULL) ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list layers: %w", err)
	}
	defer rows.Close()
	var out []layers.Layer
	for rows.Next() {
		var l layers.Layer
		if err := rows.Scan(&l.ID, &l.Theme, &l.Title); err != nil {
			return nil, fmt.Errorf("list layers: %w", err)
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// checkTheme refuses a layer that is in use with another theme.
func checkTheme(ctx context.Context, q querier, l layers.Layer) error {
	var theme string
	err := q.QueryRowContext(ctx, `SELECT theme FROM gs_layer WHERE id = ? AND theme <> ?
		AND EXISTS (SELECT 1 FROM gs_vintage WHERE layer = id AND withdrawn IS NULL)`, l.ID, l.Theme).Scan(&theme)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read theme of %s: %w", l.ID, err)
	}
	return geo.NewProblem("store.layer.theme-differs",
		"layer", string(l.ID), "theme", theme, "asked", string(l.Theme))
}

func upsertLayer(ctx context.Context, tx *sql.Tx, l layers.Layer) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO gs_layer (id, theme, title) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET theme = excluded.theme, title = excluded.title`, l.ID, l.Theme, l.Title)
	if err != nil {
		return fmt.Errorf("write layer %s: %w", l.ID, err)
	}
	return nil
}

// selectLastRevision counts withdrawn vintages too, so that no ref is given twice; 0 when there is none.
func selectLastRevision(ctx context.Context, q querier, id layers.LayerID, vintage string) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT coalesce(max(revision), 0) FROM gs_vintage WHERE layer = ? AND vintage = ?`,
		id, vintage).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("read revisions of %s@%s: %w", id, vintage, err)
	}
	return n, nil
}

func refExists(ctx context.Context, q querier, ref layers.Ref) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM gs_vintage WHERE layer = ? AND vintage = ? AND revision = ?`,
		ref.Layer, ref.Vintage, ref.Revision).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", ref, err)
	}
	return n > 0, nil
}

// markWithdrawn gives the feature table of the vintage, sql.ErrNoRows when it is not in use.
func markWithdrawn(ctx context.Context, tx *sql.Tx, ref layers.Ref, at time.Time) (string, error) {
	var table string
	err := tx.QueryRowContext(ctx, `UPDATE gs_vintage SET withdrawn = ?
		WHERE layer = ? AND vintage = ? AND revision = ? AND withdrawn IS NULL RETURNING feature_table`,
		at.UTC().Format(time.RFC3339Nano), ref.Layer, ref.Vintage, ref.Revision).Scan(&table)
	if err != nil {
		return "", fmt.Errorf("withdraw %s: %w", ref, err)
	}
	return table, nil
}

// unregister takes a feature table out of what QGIS and GDAL list.
func unregister(ctx context.Context, tx *sql.Tx, table string) error {
	for _, statement := range []string{
		`DELETE FROM gpkg_extensions WHERE table_name = ?`,
		`DELETE FROM gpkg_geometry_columns WHERE table_name = ?`,
		`DELETE FROM gpkg_contents WHERE table_name = ?`,
	} {
		if _, err := tx.ExecContext(ctx, statement, table); err != nil {
			return fmt.Errorf("unregister %s: %w", table, err)
		}
	}
	return nil
}

const vintageColumns = `layer, vintage, revision, theme, feature_table, fields, mapping, features, area_m2, length_m,
	min_x, min_y, max_x, max_y, content, coverage, coverage_regions, coverage_outline, rejects, provenance, published,
	accuracy_m, valid_until`

// columnsOf are vintageColumns of a file of a version, with nothing declared in one that may only be read and is older.
func columnsOf(version int) string {
	if version < 3 {
		return strings.Replace(vintageColumns, "accuracy_m, valid_until", "0.0, ''", 1)
	}
	return vintageColumns
}

func insertVintage(ctx context.Context, tx *sql.Tx, r vintageRow) error {
	args, err := r.arguments()
	if err != nil {
		return fmt.Errorf("write vintage %s: %w", r.vintage.Ref, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO gs_vintage (`+vintageColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	if err != nil {
		return fmt.Errorf("write vintage %s: %w", r.vintage.Ref, err)
	}
	return nil
}

// selectVintage gives a vintage in use, sql.ErrNoRows when there is none.
func selectVintage(ctx context.Context, q querier, version int, ref layers.Ref) (vintageRow, error) {
	row := q.QueryRowContext(ctx, `SELECT `+columnsOf(version)+` FROM gs_vintage
		WHERE layer = ? AND vintage = ? AND revision = ? AND withdrawn IS NULL`, ref.Layer, ref.Vintage, ref.Revision)
	r, err := scanVintage(row.Scan)
	if err != nil {
		return vintageRow{}, fmt.Errorf("read vintage %s: %w", ref, err)
	}
	return r, nil
}

func selectVintages(ctx context.Context, q querier, version int, id layers.LayerID) ([]vintageRow, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columnsOf(version)+` FROM gs_vintage
		WHERE layer = ? AND withdrawn IS NULL ORDER BY vintage, revision`, id)
	if err != nil {
		return nil, fmt.Errorf("list vintages of %s: %w", id, err)
	}
	defer rows.Close()
	var out []vintageRow
	for rows.Next() {
		r, err := scanVintage(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("list vintages of %s: %w", id, err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
