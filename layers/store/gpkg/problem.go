package gpkg

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"

	"greenshield/geo"
)

// The primary result codes of SQLite that a person can do something about (sqlite.org/rescode.html).
const (
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteReadOnly = 8
	sqliteIO       = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteNotADB   = 26
)

// sqliteSharedMemorySize (SQLITE_IOERR_SHMSIZE) is the extended code for an index of the write-ahead log that cannot
// grow: the first thing to fail on a full disk, because every reader needs it. For all other files SQLite says
// SQLITE_FULL itself when there is no space.
const sqliteSharedMemorySize = sqliteIO | 19<<8

// problem says what err means to a person. A context that has ended explains every error after it.
func problem(ctx context.Context, path string, err error) error {
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil {
		return errors.Join(cause, err)
	}
	if geo.CodeOf(err) != "" {
		return err
	}
	var e *sqlite.Error
	if errors.As(err, &e) {
		return databaseProblem(path, e.Code(), err)
	}
	return fileProblem(path, err)
}

// databaseProblem takes an extended result code, whose low byte is the primary one.
func databaseProblem(path string, code int, err error) error {
	said := func(code string) error { return geo.NewProblem(code, "file", path).Because(err) }
	if code == sqliteSharedMemorySize {
		return said("store.disk.full")
	}
	switch code & 0xff {
	case sqliteBusy, sqliteLocked:
		return said("store.busy")
	case sqliteReadOnly:
		return said("store.file.read-only")
	case sqliteFull:
		return said("store.disk.full")
	case sqliteCorrupt:
		return said("store.file.corrupt")
	case sqliteNotADB:
		return said("store.file.not-geopackage")
	case sqliteCantOpen:
		return said("store.file.unopenable")
	case sqliteIO:
		return said("store.disk.failing")
	}
	return err
}

func fileProblem(path string, err error) error {
	said := func(code string) error { return geo.NewProblem(code, "file", path).Because(err) }
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return said("store.disk.full")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return said("store.file.read-only")
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ENOTDIR):
		return said("store.file.unopenable")
	case errors.Is(err, syscall.EIO):
		return said("store.disk.failing")
	}
	return err
}
