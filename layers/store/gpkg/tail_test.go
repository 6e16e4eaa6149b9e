package gpkg_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"greenshield/layers"
	"greenshield/layers/store/gpkg"
)

// meddle is another program that opens the file, reads, folds its log and closes it, again and again until it is killed.
func meddle(ctx context.Context, path string) error {
	for i := 0; ; i++ {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			return err
		}
		for _, mode := range []string{"PASSIVE", "FULL", "TRUNCATE"} { // refused while a reader or the writer is at work
			_, _ = db.ExecContext(ctx, "PRAGMA wal_checkpoint("+mode+")")
		}
		var n int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM gs_vintage`).Scan(&n); err != nil {
			fmt.Fprintln(os.Stderr, "meddling:", err)
		}
		if err := db.Close(); err != nil {
			return err
		}
		if i == 0 {
			fmt.Println("ready")
		}
	}
}

// large is a draft of more rows than go through the log.
func large(t *testing.T, s *gpkg.Store, vintage string) layers.Draft {
	t.Helper()
	d, err := s.Begin(t.Context(), layers.Layer{ID: "redline", Theme: layers.Redline}, plain(vintage))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5000 {
		if err := d.Append(t.Context(), plainFeature(float64(i%100))); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func wantIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var said string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&said); err != nil || said != "ok" {
		t.Errorf("integrity: %s, %v", said, err)
	}
}

// Other programs fold the log while vintages are written and refused; nothing is lost, and nothing stays of what was
// refused.
func TestOthersDoNotHarmATail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s := open(t, path)
	defer s.Close()
	publish(t, s, "2000")
	for range 2 {
		defer start(t, path, "meddling")()
	}
	refused := errors.New("refused")
	for i := range 10 {
		if i%3 == 1 {
			if _, err := large(t, s, "1999").Commit(t.Context(), func(*layers.Vintage) error { return refused }); !errors.Is(err, refused) {
				t.Fatal(err)
			}
		}
		v, err := large(t, s, fmt.Sprint(2001+i)).Commit(t.Context(), nil)
		if err != nil || v.Count != 5000 {
			t.Fatalf("vintage %d: %d features, %v", i, v.Count, err)
		}
	}
	list, err := s.Vintages(t.Context(), "redline")
	if err != nil || len(list) != 11 {
		t.Fatalf("%d vintages, %v", len(list), err)
	}
	for _, v := range list {
		n := int64(0)
		for _, err := range s.Features(t.Context(), v.Ref, nil) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != v.Count {
			t.Errorf("%s has %d features and not %d", v.Ref, n, v.Count)
		}
	}
	wantIntegrity(t, path)
}

// A store that is closed leaves the locks of others of its process alone: another program that closes the file last, as
// it thinks, would take the log away from them.
func TestStoreThatIsClosedLeavesLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	kept, closed := open(t, path), open(t, path)
	defer kept.Close()
	publish(t, kept, "2000")
	if _, err := large(t, closed, "2001").Commit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	publish(t, kept, "2002")
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, path, "meddling")()
	if _, err := os.Stat(path + "-wal"); err != nil {
		t.Errorf("the log is gone: %v", err)
	}
	publish(t, kept, "2003")
	if list, err := kept.Vintages(t.Context(), "redline"); err != nil || len(list) != 4 {
		t.Errorf("%d vintages, %v", len(list), err)
	}
	wantIntegrity(t, path)
}
