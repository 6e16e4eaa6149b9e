package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"syscall"

	"modernc.org/sqlite"

	"greenshield/geo"
)

// look reads what the file says of itself, and finds out whether SQLite can write beside it. Without the right to write
// into the folder SQLite cannot follow a write-ahead log; a file that has none is then read as one that nobody
// changes. Who may write it should not do so meanwhile.
func (s *Store) look(ctx context.Context) (contents, error) {
	found, err := selectContents(ctx, s.read)
	if err == nil || !isLogRefused(err) {
		return found, err
	}
	s.readOnly = true
	if _, e := os.Lstat(s.path + "-wal"); !errors.Is(e, fs.ErrNotExist) {
		return found, errors.Join(s.checkWritable(), err)
	}
	if err := s.read.Close(); err != nil {
		return found, err
	}
	if s.read, err = sql.Open("sqlite", dsn(s.path, 0, "query_only(1)")+"&mode=ro&immutable=1"); err != nil {
		return found, err
	}
	return selectContents(ctx, s.read)
}

// openFile opens the file to look at it, and reports whether this user may only read it. It is opened once: closing
// it gives up the locks that other stores of this process hold on the file.
func openFile(path string) (f *os.File, readOnly bool, err error) {
	f, err = os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		f, err = os.Open(path)
		return f, true, err
	}
	return f, false, err
}

// isLogRefused reports whether SQLite could not make or open the files beside a file that checkFile has just read.
func isLogRefused(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code()&0xff == sqliteCantOpen || e.Code()&0xff == sqliteReadOnly
}

// checkWritable is a problem when this user may only read.
func (s *Store) checkWritable() error {
	if s.readOnly {
		return geo.NewProblem("store.file.read-only", "file", s.path)
	}
	return nil
}

// writeProblem is problem for a transaction: what cannot be opened then is a file beside the store.
func (s *Store) writeProblem(ctx context.Context, err error) error {
	if ctx.Err() == nil && isLogRefused(err) {
		return geo.NewProblem("store.file.read-only", "file", s.path).Because(err)
	}
	return problem(ctx, s.path, err)
}
