// Package state keeps what the server must remember between two starts and that is no layer: imports and their
// progress, and the results of checks. It knows SQL and one SQLite file; it refuses to know what the kept bytes mean.
package state

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"greenshield/geo"
)

//go:embed migrations/*.sql
var migrations embed.FS

// DB is the state of one workspace. One process owns it at a time. It is safe for concurrent use.
type DB struct{ sql *sql.DB }

// Open opens or makes the state file at path and brings it up to date. A file that another process has open is
// refused with the problem "state.locked", one written by a newer program with "state.newer".
//
// The connection is a single one, as the queue's SQLite driver asks, and holds the file's lock for as long as it is
// open: two servers on one workspace would run each other's imports twice.
func Open(ctx context.Context, path string) (*DB, error) {
	q := url.Values{"_pragma": {
		"busy_timeout(2000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(ON)",
	}}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}
	pool, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(1)
	pool.SetConnMaxLifetime(0)
	d := &DB{sql: pool}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(d.opening(path, err), pool.Close())
	}
	return d, nil
}

func (d *DB) opening(path string, err error) error {
	var fault *sqlite.Error
	if errors.As(err, &fault) && fault.Code()&0xff == sqlite3.SQLITE_BUSY {
		return geo.NewProblem("state.locked", "file", filepath.Base(path)).Because(err)
	}
	return fmt.Errorf("open %s: %w", path, err)
}

// IsFull reports whether an error of this package means that the disk has no room.
func IsFull(err error) bool {
	var fault *sqlite.Error
	return errors.As(err, &fault) && fault.Code()&0xff == sqlite3.SQLITE_FULL
}

// SQL is the connection, for the queue, whose tables live beside these.
func (d *DB) SQL() *sql.DB { return d.sql }

// Ping reports whether the state can be used.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.sql.QueryRowContext(ctx, `SELECT count(*) FROM state_version`).Scan(&one)
}

// Close releases the file.
func (d *DB) Close() error { return d.sql.Close() }

// migrate runs the scripts that the file has not seen yet, each in a transaction of its own. It only goes forward.
func (d *DB) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	_, err = d.sql.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS state_version (version INTEGER NOT NULL) STRICT`)
	if err != nil {
		return err
	}
	var have int
	if err := d.sql.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) FROM state_version`).Scan(&have); err != nil {
		return err
	}
	if have > len(names) {
		return geo.NewProblem("state.newer", "version", have, "known", len(names))
	}
	for i, name := range names[have:] {
		if err := d.step(ctx, name, have+i+1); err != nil {
			return fmt.Errorf("migrate %s: %w", name, err)
		}
	}
	return nil
}

func (d *DB) step(ctx context.Context, name string, version int) error {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := d.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, string(script)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO state_version (version) VALUES (?)`, version); err != nil {
		return err
	}
	return tx.Commit()
}

// NewID makes a name that cannot be guessed and sorts by time: 48 bits of milliseconds, then 80 random bits, in 26
// characters (the form of a ULID).
func NewID(now time.Time) string {
	var raw [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	if _, err := rand.Read(raw[6:]); err != nil {
		panic(err) // crypto/rand promises never to fail
	}
	return strings.ToLower(crockford().EncodeToString(raw[:]))
}

// crockford is base 32 without letters that look like digits; its order is that of the bytes.
func crockford() *base32.Encoding {
	return base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
}

const timeForm = "2006-01-02T15:04:05.000000000Z"

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeForm)
}

func unstamp(s string) time.Time {
	t, err := time.Parse(timeForm, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
