package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"greenshield/geo"
	"greenshield/geo/format/geopackage"
)

// tail is the end of the file while a transaction writes a vintage. In a file with a write-ahead log SQLite writes every
// page twice, into the log and later from the log into the file, because readers may need the page that was there
// before. Behind the end of the file there was none: nobody reads a page there before a transaction is committed that
// says that the file has grown. So the pages of a vintage, nearly all that an import writes, are put there at once, which
// saves a fifth of its time; SQLite commits how far the file goes.
//
// It rests on this: while one connection holds the write lock and all of the log has been copied into the file, nobody
// else writes to the file or changes its length. A commit needs the write lock; and a checkpoint, which copies the log and
// cuts the file to its length, finds nothing to do (walCheckpoint in SQLite's wal.c does not touch the file when nBackfill
// is mxFrame). And how far the file goes is told to everybody by the log, which has a frame; only where the log never
// had one does SQLite go by the length of the file itself, and would count our pages before they are committed.
type tail struct {
	file *os.File
	end  int64 // where the file ended
}

// leastTail is the size from which on rows are put behind the end of the file: for less, the log is as quick.
const leastTail = 1 << 20

// readyTail makes the file fit for a tail for so many bytes of rows, in a transaction of its own: the log has a frame
// after it, and what a process that died has left behind the end is gone.
func (s *Store) readyTail(ctx context.Context, bytes int64) error {
	left, err := s.hasLeftovers(ctx)
	if err != nil {
		return err
	}
	if !left {
		if bytes < s.leastTail {
			return nil
		}
		frames, _, err := s.foldLog(ctx)
		if err != nil || frames != 0 {
			return err
		}
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		info, err := os.Stat(s.path) // again: a process may have been writing a tail, not dead
		if err != nil {
			return err
		}
		return geopackage.Shorten(ctx, tx, info.Size())
	})
	if err != nil {
		return err
	}
	_, _, err = s.foldLog(ctx)
	return err
}

// clearLeftovers cuts what a process that died has left behind the end, and waits for nobody: who holds the write lock is
// alive, and may be writing a tail.
func (s *Store) clearLeftovers(ctx context.Context, patience time.Duration) error {
	if s.readOnly {
		return nil
	}
	left, err := s.hasLeftovers(ctx)
	if err != nil || !left {
		return err
	}
	waiting := func(d time.Duration) error {
		_, err := s.write.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, d.Milliseconds()))
		return err
	}
	if err := waiting(0); err != nil {
		return err
	}
	err = s.readyTail(ctx, 0)
	if geo.CodeOf(err) == "store.busy" {
		err = nil
	}
	return errors.Join(err, waiting(patience))
}

// hasLeftovers reports whether the file is longer than SQLite says: a process died that was writing a tail.
func (s *Store) hasLeftovers(ctx context.Context) (bool, error) {
	size, err := s.length(ctx)
	if err != nil {
		return false, err
	}
	info, err := os.Stat(s.path)
	return err == nil && info.Size() > size, err
}

// length is that of the file as SQLite knows it.
func (s *Store) length(ctx context.Context) (size int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&size)
	return size, err
}

// foldLog copies the log into the file as far as readers allow, and reports how many frames the log has and whether all
// are copied; −1 frames when there is no log.
func (s *Store) foldLog(ctx context.Context) (frames int, all bool, err error) {
	var busy, copied int
	err = s.read.QueryRowContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &frames, &copied)
	return frames, busy == 0 && copied == frames, err
}

// openTail is nil when the pages have to go through SQLite: there are few, the file has no log, or a reader that looks at
// an old state keeps it from being copied. The caller holds the write lock.
func (s *Store) openTail(ctx context.Context, bytes int64) (*tail, error) {
	if bytes < s.leastTail {
		return nil, nil
	}
	frames, all, err := s.foldLog(ctx)
	if err != nil || frames <= 0 || !all {
		return nil, err
	}
	// What the transaction has grown the file by is not in it yet; it ends where it did before.
	size, err := s.length(ctx)
	if err != nil {
		return nil, err
	}
	file, err := s.file.open()
	if err != nil || file == nil {
		return nil, err
	}
	return &tail{file: file, end: size}, nil
}

// WriteAt implements io.WriterAt.
func (t *tail) WriteAt(b []byte, at int64) (int, error) { return t.file.WriteAt(b, at) }

// sync begins to put what was written on the disk, which ends before the commit that makes it part of the file. There is
// one answer, at once where there is no tail.
func (t *tail) sync() <-chan error {
	done := make(chan error, 1)
	if t == nil {
		done <- nil
		return done
	}
	go func() { done <- t.file.Sync() }()
	return done
}

// cut removes what is behind the end. The write lock is held.
func (t *tail) cut() error { return t.file.Truncate(t.end) }

// sharedFile is the file of all stores of this process that have it open. A process that closes a file gives up all locks
// that it has on it, those of SQLite too (fcntl in POSIX.1-2017); so the file is closed after the last of the stores.
type sharedFile struct {
	path   string
	info   os.FileInfo
	stores int
	file   *os.File // nil until it is needed
}

var sharedFiles struct {
	sync.Mutex
	list []*sharedFile
}

// shareFile is nil when there is no file at path, as a file that SQLite has yet to make.
func shareFile(path string) *sharedFile {
	sharedFiles.Lock()
	defer sharedFiles.Unlock()
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	for _, f := range sharedFiles.list {
		if os.SameFile(f.info, info) {
			f.stores++
			return f
		}
	}
	f := &sharedFile{path: path, info: info, stores: 1}
	sharedFiles.list = append(sharedFiles.list, f)
	return f
}

// open gives the file for writing, and nil when the path leads to another file now.
func (f *sharedFile) open() (*os.File, error) {
	if f == nil {
		return nil, nil
	}
	sharedFiles.Lock()
	defer sharedFiles.Unlock()
	if f.file != nil {
		return f.file, nil
	}
	file, err := os.OpenFile(f.path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	f.file = file
	info, err := file.Stat()
	if err != nil || !os.SameFile(info, f.info) {
		return nil, errors.Join(err, f.closeFile())
	}
	return file, nil
}

func (f *sharedFile) release() error {
	if f == nil {
		return nil
	}
	sharedFiles.Lock()
	defer sharedFiles.Unlock()
	if f.stores--; f.stores > 0 {
		return nil
	}
	for i, other := range sharedFiles.list {
		if other == f {
			sharedFiles.list = append(sharedFiles.list[:i], sharedFiles.list[i+1:]...)
			break
		}
	}
	return f.closeFile()
}

func (f *sharedFile) closeFile() error {
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}
