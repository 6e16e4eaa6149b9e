package gpkg

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"greenshield/geo"
	"greenshield/layers"
)

// stored makes a store with one vintage in the journal mode and closes it.
func stored(t *testing.T, path, journal string) layers.Ref {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := filledDraft(t, s, 3).Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	execSQL("PRAGMA journal_mode = "+journal)(t, path)
	return v.Ref
}

// holdWriteLock takes the write lock as another program does; the lock ends with release or the test.
func holdWriteLock(t *testing.T, path string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	tx, err := db.BeginTx(t.Context(), nil) // BEGIN IMMEDIATE
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

func count(t *testing.T, s *Store, ref layers.Ref) int {
	t.Helper()
	n := 0
	for _, err := range s.Features(t.Context(), ref, nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestReadersDoNotWaitForWriters(t *testing.T) {
	for _, journal := range []string{"WAL", "DELETE"} {
		t.Run(journal, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "greenshield.gpkg")
			ref := stored(t, path, journal)
			holdWriteLock(t, path)
			start := time.Now()
			s := openStore(t, path, time.Minute)
			if n := count(t, s, ref); n != 3 {
				t.Errorf("%d features", n)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestWritersWaitTheirTime(t *testing.T) {
	for _, journal := range []string{"WAL", "DELETE"} {
		t.Run(journal, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "greenshield.gpkg")
			ref := stored(t, path, journal)
			release := holdWriteLock(t, path)
			const patience = 300 * time.Millisecond
			hasty, patient := openStore(t, path, patience), openStore(t, path, time.Minute)
			start := time.Now()
			if err := hasty.Withdraw(t.Context(), ref); geo.CodeOf(err) != "store.busy" {
				t.Errorf("got %v, want store.busy", err)
			}
			if waited := time.Since(start); waited < patience {
				t.Errorf("it gave up after %s", waited)
			}
			done := make(chan error)
			go func() { done <- patient.Withdraw(t.Context(), ref) }()
			time.Sleep(patience)
			release()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOpenGivesTheFileALogAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	stored(t, path, "DELETE")
	found, err := selectContents(t.Context(), openStore(t, path, time.Second).read)
	if err != nil || found.journal != "wal" {
		t.Errorf("got %+v, %v", found, err)
	}
}

func TestProgramsThatMeetAnEmptyFile(t *testing.T) {
	for range 5 {
		path := filepath.Join(t.TempDir(), "greenshield.gpkg")
		writeFile("")(t, path)
		openTogether(t, path)
	}
}

func TestReadOnlyStore(t *testing.T) {
	for name, tc := range map[string]struct {
		journal      string
		file, folder os.FileMode
	}{
		"file":                  {"WAL", 0o400, 0o700},
		"folder":                {"WAL", 0o600, 0o500},
		"both":                  {"WAL", 0o400, 0o500},
		"file without a log":    {"DELETE", 0o400, 0o700},
		"folder, without a log": {"DELETE", 0o600, 0o500},
		"both, without a log":   {"DELETE", 0o400, 0o500},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "workspace")
			mkdir(t, folder)
			path := filepath.Join(folder, "greenshield.gpkg")
			ref := stored(t, path, tc.journal)
			chmod(t, path, tc.file)
			chmod(t, folder, tc.folder)
			t.Cleanup(func() { chmod(t, folder, 0o700) })
			if os.Geteuid() == 0 {
				t.Skip("this user may write everywhere")
			}
			s := openStore(t, path, time.Second)
			if n := count(t, s, ref); n != 3 {
				t.Errorf("%d features", n)
			}
			_, err := s.Begin(t.Context(), layer, layers.Vintage{Ref: layers.Ref{Vintage: "2024"}})
			if geo.CodeOf(err) != "store.file.read-only" {
				t.Errorf("begin: got %v", err)
			}
			if err := s.Withdraw(t.Context(), ref); geo.CodeOf(err) != "store.file.read-only" {
				t.Errorf("withdraw: got %v", err)
			}
		})
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// The log of a program that died holds what the file lacks; a file without its log is not the truth.
func TestReadOnlyFolderWithALog(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("this user may write everywhere")
	}
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s := openStore(t, path, time.Second)
	v, err := filledDraft(t, s, 3).Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "workspace")
	mkdir(t, folder)
	moved := filepath.Join(folder, "greenshield.gpkg")
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(string(b))(t, moved+suffix)
	}
	chmod(t, folder, 0o500)
	t.Cleanup(func() { chmod(t, folder, 0o700) })
	if _, err := Open(t.Context(), moved); geo.CodeOf(err) != "store.file.read-only" {
		t.Errorf("got %v, want store.file.read-only", err)
	}

	chmod(t, filepath.Dir(path), 0o500)
	t.Cleanup(func() { chmod(t, filepath.Dir(path), 0o700) })
	if n := count(t, openStore(t, path, time.Second), v.Ref); n != 3 {
		t.Errorf("beside a living program: %d features", n)
	}
}
