package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"greenshield/geo"
)

// The states of an import.
const (
	Accepted   = "accepted"
	Running    = "running"
	Successful = "successful"
	Failed     = "failed"
	Dismissed  = "dismissed"
)

// Import is a delivered file on its way to a vintage.
type Import struct {
	ID                         string
	Created, Started, Finished time.Time
	State                      string
	Layer, Theme, Title        string
	Vintage, File, Upload      string
	// Request, Report and Problem are bytes that only their writer understands; Report and Problem are nil while
	// there is none, and in lists.
	Request, Report, Problem []byte
	Attempts                 int
	Done, Total              int64
	Ref                      string
	Queued                   int64
}

const importColumns = `id, created, started, finished, state, layer, theme, title, vintage, file, upload,
	attempts, done, total, ref, queued, request, report, problem`

// AddImport writes a new import on the caller's transaction, so that it and its place in the queue are one.
func (d *DB) AddImport(ctx context.Context, tx *sql.Tx, m Import) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO import
		(id, created, state, layer, theme, title, vintage, file, upload, request)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, stamp(m.Created), Accepted, m.Layer, m.Theme, m.Title, m.Vintage, m.File, m.Upload, m.Request)
	return err
}

// QueueImport notes the queue's number on the caller's transaction.
func (d *DB) QueueImport(ctx context.Context, tx *sql.Tx, id string, queued int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE import SET queued = ? WHERE id = ?`, queued, id)
	return err
}

// OpenImports counts the imports that wait or run, on the caller's transaction.
func (d *DB) OpenImports(ctx context.Context, tx *sql.Tx) (int, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import WHERE state IN ('accepted', 'running')`).Scan(&n)
	return n, err
}

// Import gives one import whole, problem "job.unknown" when there is none.
func (d *DB) Import(ctx context.Context, id string) (Import, error) {
	row := d.sql.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import WHERE id = ?`, id)
	m, err := scanImport(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Import{}, geo.NewProblem("job.unknown", "id", id)
	}
	return m, err
}

// Imports lists imports newest first, without their reports: in the order in which they came, whatever the clock said.
func (d *DB) Imports(ctx context.Context, limit int) ([]Import, error) {
	rows, err := d.sql.QueryContext(ctx, `SELECT id, created, started, finished, state, layer, theme, title, vintage,
		file, upload, attempts, done, total, ref, queued, x'', NULL, problem
		FROM import ORDER BY rowid DESC LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	return collectImports(rows)
}

func collectImports(rows *sql.Rows) ([]Import, error) {
	defer rows.Close()
	var out []Import
	for rows.Next() {
		m, err := scanImport(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

func scanImport(scan func(...any) error) (Import, error) {
	var m Import
	var created, started, finished string
	err := scan(&m.ID, &created, &started, &finished, &m.State, &m.Layer, &m.Theme, &m.Title, &m.Vintage, &m.File,
		&m.Upload, &m.Attempts, &m.Done, &m.Total, &m.Ref, &m.Queued, &m.Request, &m.Report, &m.Problem)
	m.Created, m.Started, m.Finished = unstamp(created), unstamp(started), unstamp(finished)
	return m, err
}

// StartImport moves an import to running and counts the attempt; it is false when the import is finished already.
func (d *DB) StartImport(ctx context.Context, id string, now time.Time) (bool, error) {
	r, err := d.sql.ExecContext(ctx, `UPDATE import SET state = 'running', started = ?, attempts = attempts + 1,
		done = 0, total = -1 WHERE id = ? AND state IN ('accepted', 'running')`, stamp(now), id)
	return changed(r, err)
}

// Progress notes how far an import has come.
func (d *DB) Progress(ctx context.Context, id string, done, total int64) error {
	_, err := d.sql.ExecContext(ctx, `UPDATE import SET done = ?, total = ? WHERE id = ? AND state = 'running'`,
		done, total, id)
	return err
}

// FinishImport writes the end of an import: m's State, Finished, Ref, Report and Problem. It is false when the
// import was finished before, and then changes nothing.
func (d *DB) FinishImport(ctx context.Context, m Import) (bool, error) {
	switch m.State {
	case Successful, Failed, Dismissed:
	default:
		return false, fmt.Errorf("finish import %s: state %q is no end", m.ID, m.State)
	}
	r, err := d.sql.ExecContext(ctx, `UPDATE import SET state = ?, finished = ?, ref = ?, report = ?, problem = ?
		WHERE id = ? AND state IN ('accepted', 'running')`,
		m.State, stamp(m.Finished), m.Ref, m.Report, m.Problem, m.ID)
	return changed(r, err)
}

func changed(r sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// UploadsInUse lists the uploads that imports which wait or run still need.
func (d *DB) UploadsInUse(ctx context.Context) (map[string]bool, error) {
	rows, err := d.sql.QueryContext(ctx, `SELECT DISTINCT upload FROM import WHERE state IN ('accepted', 'running')`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	used := map[string]bool{}
	for rows.Next() {
		var upload string
		if err := rows.Scan(&upload); err != nil {
			return nil, err
		}
		used[upload] = true
	}
	return used, rows.Err()
}

// CountImports counts imports by state.
func (d *DB) CountImports(ctx context.Context) (map[string]int, error) {
	rows, err := d.sql.QueryContext(ctx, `SELECT state, count(*) FROM import GROUP BY state`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int{Accepted: 0, Running: 0, Successful: 0, Failed: 0, Dismissed: 0}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

// UnfinishedImports lists the imports that wait or run, oldest first: in the order in which they came, because of two
// imports of one vintage the later must stay the later revision, also when the clock was put back between them.
func (d *DB) UnfinishedImports(ctx context.Context) ([]Import, error) {
	rows, err := d.sql.QueryContext(ctx, `SELECT `+importColumns+` FROM import
		WHERE state IN ('accepted', 'running') ORDER BY rowid`)
	if err != nil {
		return nil, err
	}
	return collectImports(rows)
}

// RequeueImport lets an import wait again under a new number of the queue.
func (d *DB) RequeueImport(ctx context.Context, id string, queued int64) error {
	_, err := d.sql.ExecContext(ctx, `UPDATE import SET state = 'accepted', queued = ?
		WHERE id = ? AND state IN ('accepted', 'running')`, queued, id)
	return err
}

// PauseImport lets an import wait again whose run was cut off by an orderly stop, which does not count as an attempt.
func (d *DB) PauseImport(ctx context.Context, id string) error {
	_, err := d.sql.ExecContext(ctx, `UPDATE import SET state = 'accepted', attempts = attempts - 1
		WHERE id = ? AND state = 'running'`, id)
	return err
}
