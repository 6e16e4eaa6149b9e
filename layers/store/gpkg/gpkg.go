// Package gpkg keeps layers in one GeoPackage file, which QGIS and GDAL open: each published vintage is a feature
// table. It knows SQLite and how a vintage is laid out in tables; it refuses to know what a layer means, and it
// repairs no file that is not its own.
//
// A draft gathers its features in a spool file that has no name in the folder any more, and writes them in one
// transaction at commit. So drafts do not wait for each other while a file is being read, a process that dies leaves
// nothing, and readers see a vintage whole or not at all.
package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite", pure Go

	"greenshield/geo"
	"greenshield/layers"
)

// Store is a GeoPackage file with layers. Several processes may have the same file open.
type Store struct {
	// Now is the clock for Vintage.Published; it is set before the store is used.
	Now func() time.Time

	path     string
	write    *sql.DB // one connection: SQLite has one writer
	read     *sql.DB
	readOnly bool // this user may not write the file or beside it
	version  int  // of the layout, see schemaVersion
	file     *sharedFile
	// insertRows and queryRows keep to SQL where pages could be written and read, which tests compare; leastTail is the
	// constant unless a test sets it.
	insertRows, queryRows bool

	leastTail int64

	mu       sync.Mutex
	reserved map[layers.Ref]bool // drafts of this process
}

var _ layers.Store = (*Store)(nil)

// patience is how long a transaction waits for another process that writes: a vintage of a city takes some seconds.
const patience = time.Minute

// Open opens the store in the file at path and makes it when there is none. The folder must exist.
func Open(ctx context.Context, path string) (*Store, error) {
	return open(ctx, path, patience)
}

func open(ctx context.Context, path string, patience time.Duration) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := create(ctx, path, patience); err != nil {
		return nil, err
	}
	readOnly, err := checkFile(path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(sweepSpools(filepath.Dir(path)), sweepNew(filepath.Dir(path))); err != nil {
		return nil, problem(ctx, path, err)
	}
	s := newStore(path)
	s.readOnly = readOnly
	s.file = shareFile(path)
	if err := s.connect(path, patience); err != nil {
		return nil, errors.Join(err, s.file.release())
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(problem(ctx, path, err), s.Close())
	}
	if err := s.clearLeftovers(ctx, patience); err != nil {
		return nil, errors.Join(problem(ctx, path, err), s.Close())
	}
	return s, nil
}

func newStore(path string) *Store {
	return &Store{Now: time.Now, path: path, reserved: map[layers.Ref]bool{}, leastTail: leastTail}
}

func (s *Store) connect(file string, patience time.Duration) error {
	var err error
	if s.write, err = sql.Open("sqlite", dsn(file, patience, pageSize, "synchronous(FULL)", "foreign_keys(1)",
		"journal_size_limit(67108864)")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	// No limit on readers: a range over features may open another, and must not wait for itself.
	s.read, err = sql.Open("sqlite", dsn(file, patience, "query_only(1)"))
	return err
}

// pageSize is that of a new file; one that is there keeps its own. A page goes through a system call of its own four
// times when a vintage is written (log, log's frame head, and from the log into the file), so that large pages save a
// quarter of the time of an import; reading one feature reads no more than one page and its way down the tree.
const pageSize = "page_size(16384)"

// dsn names the file as a URI, so that a path with '?' or '%' means itself.
func dsn(path string, patience time.Duration, pragmas ...string) string {
	busy := "busy_timeout(" + strconv.FormatInt(patience.Milliseconds(), 10) + ")"
	q := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{busy}, pragmas...)}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
}

// preferLog asks for a write-ahead log, with which readers and a writer do not wait for each other. QGIS leaves the
// file without one. The change needs the file for itself at this moment and SQLite does not wait for that; when it is
// refused the file stays as it is, and a transaction waits its time for the lock and says what else is wrong.
func (s *Store) preferLog(ctx context.Context) {
	_, _ = s.write.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
}

// Close closes the file. The last process to close it folds the write-ahead log into it.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close(), s.file.release()) }

// Layers implements layers.Store.
func (s *Store) Layers(ctx context.Context) ([]layers.Layer, error) {
	list, err := selectLayers(ctx, s.read)
	return list, problem(ctx, s.path, err)
}

// Vintages implements layers.Store.
func (s *Store) Vintages(ctx context.Context, id layers.LayerID) ([]layers.Vintage, error) {
	rows, err := selectVintages(ctx, s.read, s.version, id)
	if err != nil {
		return nil, problem(ctx, s.path, err)
	}
	var out []layers.Vintage
	for _, r := range rows {
		out = append(out, r.vintage)
	}
	return out, nil
}

// Vintage implements layers.Store.
func (s *Store) Vintage(ctx context.Context, ref layers.Ref) (layers.Vintage, error) {
	row, err := s.find(ctx, s.read, ref)
	return row.vintage, err
}

func (s *Store) find(ctx context.Context, q querier, ref layers.Ref) (vintageRow, error) {
	row, err := selectVintage(ctx, q, s.version, ref)
	if errors.Is(err, sql.ErrNoRows) {
		return vintageRow{}, unknown(ref)
	}
	return row, problem(ctx, s.path, err)
}

func unknown(ref layers.Ref) error {
	return geo.NewProblem("store.vintage.unknown", "ref", ref.String())
}

// Withdraw implements layers.Store. The features stay in the file, out of the sight of QGIS, because reports that
// were printed from them name the ref.
func (s *Store) Withdraw(ctx context.Context, ref layers.Ref) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		table, err := markWithdrawn(ctx, tx, ref, s.Now())
		if errors.Is(err, sql.ErrNoRows) {
			return unknown(ref)
		}
		if err != nil {
			return err
		}
		return unregister(ctx, tx, table)
	})
}

// transact runs f in the one write transaction that this process has at a time.
func (s *Store) transact(ctx context.Context, f func(*sql.Tx) error) error {
	if err := s.checkWritable(); err != nil {
		return err
	}
	s.preferLog(ctx)
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.writeProblem(ctx, err)
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // the error that matters is f's; an open transaction cannot outlive its connection
		return s.writeProblem(ctx, err)
	}
	return s.writeProblem(ctx, tx.Commit())
}
