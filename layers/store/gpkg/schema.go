package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"greenshield/geo"
	"greenshield/geo/format/geopackage"
)

// schemaVersion is the layout of the gs_ tables that this program writes. Migrations only go forward.
const schemaVersion = 3

// schema is the layout of version 1, to which issueTable and declaredColumns added. The tables have an integer key each,
// as GeoPackage asks of attribute tables.
var schema = []string{
	`CREATE TABLE gs_schema (fid INTEGER PRIMARY KEY, version INTEGER NOT NULL)`,
	`CREATE TABLE gs_layer (
		fid INTEGER PRIMARY KEY AUTOINCREMENT,
		id TEXT NOT NULL UNIQUE,
		theme TEXT NOT NULL,
		title TEXT NOT NULL)`,
	`CREATE TABLE gs_vintage (
		fid INTEGER PRIMARY KEY AUTOINCREMENT,
		layer TEXT NOT NULL REFERENCES gs_layer(id),
		vintage TEXT NOT NULL,
		revision INTEGER NOT NULL,
		theme TEXT NOT NULL,
		feature_table TEXT NOT NULL UNIQUE,
		fields TEXT NOT NULL,
		mapping TEXT NOT NULL,
		features INTEGER NOT NULL,
		area_m2 REAL NOT NULL,
		length_m REAL NOT NULL,
		min_x REAL NOT NULL, min_y REAL NOT NULL, max_x REAL NOT NULL, max_y REAL NOT NULL,
		content TEXT NOT NULL,
		coverage TEXT NOT NULL,
		coverage_regions TEXT NOT NULL,
		coverage_outline BLOB,
		rejects TEXT NOT NULL,
		provenance TEXT NOT NULL,
		published TEXT NOT NULL,
		withdrawn TEXT,
		UNIQUE (layer, vintage, revision))`,
	`INSERT INTO gs_schema VALUES (1, 1)`,
	// Registered as attributes, so that GDAL lists what is registered and no other table (withdrawn vintages).
	`INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
		('gs_schema', 'attributes', 'gs_schema', 'greenshield: version of the gs_ tables'),
		('gs_layer', 'attributes', 'gs_layer', 'greenshield: layers'),
		('gs_vintage', 'attributes', 'gs_vintage', 'greenshield: published vintages and where they came from')`,
}

// prepare looks at the file without a lock that others would wait for, and makes the tables in a new one.
func (s *Store) prepare(ctx context.Context) error {
	found, err := s.look(ctx)
	if err != nil {
		return err
	}
	if found.tables == 0 {
		return s.makeTables(ctx)
	}
	if err := s.check(ctx, s.read, found); err != nil {
		return err
	}
	if !s.readOnly && s.version < schemaVersion {
		if err := s.migrate(ctx); err != nil {
			return err
		}
	}
	if !s.readOnly && found.journal != "wal" {
		s.preferLog(ctx)
	}
	return nil
}

// contents is what a file says of itself.
type contents struct {
	tables, own, geoPackage int
	journal                 string
}

func selectContents(ctx context.Context, q querier) (contents, error) {
	var c contents
	err := q.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(name = 'gs_schema'), 0),
		coalesce(sum(name = 'gpkg_contents'), 0) FROM sqlite_master`).Scan(&c.tables, &c.own, &c.geoPackage)
	if err == nil {
		err = q.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&c.journal)
	}
	if err != nil {
		return c, fmt.Errorf("look into the store: %w", err)
	}
	return c, nil
}

// makeTables looks again under the write lock, because another process may have been faster.
func (s *Store) makeTables(ctx context.Context) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		found, err := selectContents(ctx, tx)
		if err != nil {
			return err
		}
		if found.tables == 0 {
			s.version = schemaVersion
			return createSchema(ctx, tx)
		}
		return s.check(ctx, tx, found)
	})
	if err != nil {
		return err
	}
	// The file itself, and not only its write-ahead log, is to say that it is a GeoPackage.
	_, err = s.write.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// check refuses a file that is not a store, or one that this program is too old for.
func (s *Store) check(ctx context.Context, q querier, found contents) error {
	switch {
	case found.geoPackage == 0:
		return geo.NewProblem("store.file.not-geopackage", "file", s.path)
	case found.own == 0:
		return geo.NewProblem("store.file.foreign", "file", s.path)
	}
	return s.checkVersion(ctx, q)
}

func createSchema(ctx context.Context, tx *sql.Tx) error {
	if err := geopackage.CreateSchema(ctx, tx); err != nil {
		return err
	}
	if err := execute(ctx, tx, schema); err != nil {
		return err
	}
	return upgrade(ctx, tx, 1)
}

func execute(ctx context.Context, tx *sql.Tx, statements []string) error {
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("create store: %w", err)
		}
	}
	return nil
}

// declaredColumns are what version 3 of the layout added. A program that does not know them would check parcels against
// vintages that no longer hold, and is kept out by the version.
var declaredColumns = []string{
	`ALTER TABLE gs_vintage ADD COLUMN accuracy_m REAL NOT NULL DEFAULT 0`,
	`ALTER TABLE gs_vintage ADD COLUMN valid_until TEXT NOT NULL DEFAULT ''`,
}

// upgrade runs the steps from a version to the one of this program.
func upgrade(ctx context.Context, tx *sql.Tx, version int) error {
	for _, step := range [][]string{issueTable, declaredColumns}[version-1:] {
		if err := execute(ctx, tx, step); err != nil {
			return err
		}
	}
	return execute(ctx, tx, []string{fmt.Sprintf(`UPDATE gs_schema SET version = %d`, schemaVersion)})
}

// checkVersion remembers the version of the layout, and refuses one that this program does not know.
func (s *Store) checkVersion(ctx context.Context, q querier) error {
	if err := q.QueryRowContext(ctx, `SELECT version FROM gs_schema`).Scan(&s.version); err != nil {
		return fmt.Errorf("read version of the store: %w", err)
	}
	if s.version > schemaVersion {
		return geo.NewProblem("store.schema.newer", "file", s.path, "version", s.version, "known", schemaVersion)
	}
	return nil
}

// migrate brings the layout of an older program up to date. It looks again under the write lock, because another
// process may have been faster.
func (s *Store) migrate(ctx context.Context) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.checkVersion(ctx, tx); err != nil || s.version == schemaVersion {
			return err
		}
		if err := upgrade(ctx, tx, s.version); err != nil {
			return err
		}
		s.version = schemaVersion
		return nil
	})
}

// The header of an SQLite file: the magic string, at byte 28 the number of pages, and at byte 68 the application id
// (SQLite file format, section 1.3).
const (
	magic       = "SQLite format 3\x00"
	headerSize  = 100
	pagesOffset = 28
	appIDOffset = 68
)

// checkFile looks at a file before SQLite does, because SQLite would write into any database it is given. A database
// of one page holds no table: another process may be making a store of it just now, and prepare decides. It reports
// whether this user may only read the file.
func checkFile(path string) (readOnly bool, err error) {
	f, readOnly, err := openFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fileProblem(path, err)
	}
	defer f.Close()
	return readOnly, checkHeader(f, path)
}

func checkHeader(f io.Reader, path string) error {
	header := make([]byte, headerSize)
	n, err := io.ReadFull(f, header)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil // an empty file becomes a store
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return fileProblem(path, err)
	case n < headerSize || !bytes.HasPrefix(header, []byte(magic)),
		binary.BigEndian.Uint32(header[appIDOffset:]) != geopackage.ApplicationID &&
			binary.BigEndian.Uint32(header[pagesOffset:]) > 1 && !hasLog(path):
		return geo.NewProblem("store.file.not-geopackage", "file", path)
	}
	return nil
}

// hasLog reports whether a write-ahead log belongs to the file; then the header may be older than the truth.
func hasLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}
