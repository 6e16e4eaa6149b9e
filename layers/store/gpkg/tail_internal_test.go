package gpkg

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"greenshield/layers"
)

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// tailed opens a store that puts every row behind the end of the file, with a vintage in it.
func tailed(t *testing.T, path string) (*Store, layers.Ref) {
	t.Helper()
	s := openStore(t, path, time.Second)
	s.leastTail = 0
	d := filledDraft(t, s, 100)
	v, err := d.Commit(t.Context(), nil)
	if err != nil || !usedTail(d) {
		t.Fatalf("%v, behind the end: %v", err, usedTail(d))
	}
	return s, v.Ref
}

func usedTail(d layers.Draft) bool { return d.(*draft).tail != nil }

func TestTailIsUsed(t *testing.T) {
	s, _ := tailed(t, filepath.Join(t.TempDir(), "greenshield.gpkg"))
	d := filledDraft(t, s, 2000)
	if _, err := d.Commit(t.Context(), nil); err != nil || !usedTail(d) {
		t.Errorf("%v, behind the end: %v", err, usedTail(d))
	}
	s.leastTail = leastTail
	d = filledDraft(t, s, 3)
	if _, err := d.Commit(t.Context(), nil); err != nil || usedTail(d) {
		t.Errorf("a small vintage: %v, behind the end: %v", err, usedTail(d))
	}
}

// A reader of an old state may need pages that the log would replace; then all goes through the log, and it reads on.
func TestReaderOfAnOldStateKeepsPagesInTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s, ref := tailed(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := func() (n int) {
		if err := tx.QueryRowContext(t.Context(), `SELECT count(*) FROM gs_vintage`).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	if n := seen(); n != 1 {
		t.Fatalf("the reader sees %d vintages", n)
	}
	if _, err := filledDraft(t, s, 3).Commit(t.Context(), nil); err != nil { // the log has news for the reader now
		t.Fatal(err)
	}
	d := filledDraft(t, s, 1000)
	v, err := d.Commit(t.Context(), nil)
	if err != nil || usedTail(d) {
		t.Errorf("%v, behind the end: %v", err, usedTail(d))
	}
	if n := seen(); n != 1 {
		t.Errorf("the reader sees %d vintages now", n)
	}
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	if a, b := count(t, s, ref), count(t, s, v.Ref); a != 100 || b != 1000 {
		t.Errorf("%d and %d features", a, b)
	}
	execSQL("PRAGMA integrity_check")(t, path)
}

func TestRefusedTailIsCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s, ref := tailed(t, path)
	if _, err := filledDraft(t, s, 3).Commit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, all, err := s.foldLog(t.Context()); err != nil || !all {
		t.Fatal(all, err)
	}
	before := fileSize(t, path)
	refused := errors.New("refused")
	d := filledDraft(t, s, 3000)
	_, err := d.Commit(t.Context(), func(*layers.Vintage) error {
		if fileSize(t, path) < before+100<<10 {
			t.Error("nothing is behind the end")
		}
		return refused
	})
	if !errors.Is(err, refused) || !usedTail(d) {
		t.Fatalf("%v, behind the end: %v", err, usedTail(d))
	}
	if after := fileSize(t, path); after != before {
		t.Errorf("the file grew from %d to %d bytes", before, after)
	}
	if n := count(t, s, ref); n != 100 {
		t.Errorf("%d features", n)
	}
}

// What a dead process has left is cut when the store is opened and by the next vintage, however small.
func TestLeftoversAreCut(t *testing.T) {
	for name, reopen := range map[string]bool{"while the store is open": false, "before it is opened": true} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "greenshield.gpkg")
			s, ref := tailed(t, path)
			if reopen {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			before := fileSize(t, path)
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() // last, for the locks
			if _, err := f.Write(bytes.Repeat([]byte("rubbish."), 1<<17)); err != nil {
				t.Fatal(err)
			}
			if reopen {
				held := holdWriteLock(t, path)
				openStore(t, path, time.Minute) // at once, and cuts nothing: somebody is writing
				if after := fileSize(t, path); after != before+1<<20 {
					t.Errorf("the file went from %d to %d bytes below a writer", before, after)
				}
				held()
				s = openStore(t, path, time.Second)
				if after := fileSize(t, path); after > before {
					t.Errorf("opened, the file has %d bytes and not %d", after, before)
				}
			}
			v, err := filledDraft(t, s, 3).Commit(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := count(t, s, ref), count(t, s, v.Ref); a != 100 || b != 3 {
				t.Errorf("%d and %d features", a, b)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if after := fileSize(t, path); after > before+1<<19 {
				t.Errorf("the file grew from %d to %d bytes", before, after)
			}
			execSQL("PRAGMA integrity_check")(t, path)
		})
	}
}

func TestSharedFileIsClosedWithTheLastStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s, _ := tailed(t, path)
	if _, err := filledDraft(t, s, 1000).Commit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	other := openStore(t, path, time.Second)
	if s.file != other.file || s.file.file == nil {
		t.Fatal("two stores do not share their file, or it is not open")
	}
	file := s.file.file
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Stat(); err != nil {
		t.Errorf("closed with the first store: %v", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Stat(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("open after the last store: %v", err)
	}
}
