package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"greenshield/geo"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

// issueTable is what version 2 of the layout added. Rows belong to a vintage by its key.
var issueTable = []string{
	`CREATE TABLE gs_issue (
		fid INTEGER PRIMARY KEY AUTOINCREMENT,
		vintage INTEGER NOT NULL REFERENCES gs_vintage(fid),
		row INTEGER NOT NULL,
		severity TEXT NOT NULL,
		action TEXT NOT NULL,
		problem TEXT NOT NULL,
		area_before_m2 REAL NOT NULL,
		area_after_m2 REAL NOT NULL)`,
	`CREATE INDEX gs_issue_vintage ON gs_issue (vintage)`,
	`INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
		('gs_issue', 'attributes', 'gs_issue', 'greenshield: what was noted when vintages were read')`,
}

// whichVintage selects the key of a vintage.
const whichVintage = `(SELECT fid FROM gs_vintage WHERE layer = ? AND vintage = ? AND revision = ?)`

// Note implements layers.Draft.
func (d *draft) Note(issues ...layers.Issue) { d.issues = append(d.issues, issues...) }

func insertIssues(ctx context.Context, tx *sql.Tx, ref layers.Ref, issues []layers.Issue) error {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO gs_issue
		(vintage, row, severity, action, problem, area_before_m2, area_after_m2) VALUES (`+whichVintage+`, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return fmt.Errorf("write issues of %s: %w", ref, err)
	}
	defer insert.Close()
	for _, i := range issues {
		problem, err := json.Marshal(problemToJSON(i.Problem))
		if err == nil {
			_, err = insert.ExecContext(ctx, ref.Layer, ref.Vintage, ref.Revision, i.Row, i.Severity, i.Action,
				string(problem), float64(i.AreaBefore), float64(i.AreaAfter))
		}
		if err != nil {
			return fmt.Errorf("write issues of %s: %w", ref, err)
		}
	}
	return nil
}

// Issues implements layers.Store.
func (s *Store) Issues(ctx context.Context, ref layers.Ref) ([]layers.Issue, error) {
	if _, err := s.find(ctx, s.read, ref); err != nil {
		return nil, err
	}
	if s.version < 2 { // a file of version 1 that may only be read
		return nil, nil
	}
	rows, err := s.read.QueryContext(ctx, `SELECT row, severity, action, problem, area_before_m2, area_after_m2
		FROM gs_issue WHERE vintage = `+whichVintage+` ORDER BY fid`, ref.Layer, ref.Vintage, ref.Revision)
	if err != nil {
		return nil, problem(ctx, s.path, fmt.Errorf("read issues of %s: %w", ref, err))
	}
	defer rows.Close()
	var out []layers.Issue
	for rows.Next() {
		var i layers.Issue
		var text string
		var p problemJSON
		err := rows.Scan(&i.Row, &i.Severity, &i.Action, &text, &i.AreaBefore, &i.AreaAfter)
		if err == nil {
			err = json.Unmarshal([]byte(text), &p)
		}
		if err != nil {
			return nil, problem(ctx, s.path, fmt.Errorf("read issues of %s: %w", ref, err))
		}
		i.Problem = problemFromJSON(p)
		out = append(out, i)
	}
	return out, problem(ctx, s.path, rows.Err())
}

// Fingerprints implements layers.Store.
func (s *Store) Fingerprints(ctx context.Context, ref layers.Ref) iter.Seq2[layers.Fingerprint, error] {
	return func(yield func(layers.Fingerprint, error) bool) {
		if err := s.eachFingerprint(ctx, ref, yield); err != nil {
			yield(layers.Fingerprint{}, err)
		}
	}
}

// eachFingerprint returns an error only when yield has not been told to stop.
func (s *Store) eachFingerprint(ctx context.Context, ref layers.Ref, yield func(layers.Fingerprint, error) bool) error {
	row, err := s.find(ctx, s.read, ref)
	if err != nil {
		return err
	}
	rows, err := s.read.QueryContext(ctx, fmt.Sprintf(`SELECT %s, coalesce(%s ->> '$.code', ''), %s FROM %s ORDER BY %s`,
		hashColumn, rolesColumn, areaColumn, geopackage.Quote(row.table), geopackage.IDColumn))
	if err != nil {
		return problem(ctx, s.path, fmt.Errorf("read fingerprints of %s: %w", ref, err))
	}
	defer rows.Close()
	for rows.Next() {
		var hash string
		var f layers.Fingerprint
		var area float64
		err := rows.Scan(&hash, &f.Code, &area)
		if err == nil {
			err = readHash(hash, &f.Hash)
		}
		if err != nil {
			return problem(ctx, s.path, fmt.Errorf("read fingerprints of %s: %w", ref, err))
		}
		f.Area = geo.Area(area)
		if !yield(f, nil) {
			return nil
		}
	}
	return problem(ctx, s.path, rows.Err())
}
