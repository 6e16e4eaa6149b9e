package state_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"greenshield/api/state"
	"greenshield/geo"
)

func open(t *testing.T, path string) *state.DB {
	t.Helper()
	d, err := state.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func add(t *testing.T, d *state.DB, m state.Import) {
	t.Helper()
	tx, err := d.SQL().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.AddImport(t.Context(), tx, m); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestImportSurvivesReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with space 状态.db")
	d := open(t, path)
	at := time.Date(2026, 3, 4, 5, 6, 7, 890, time.UTC)
	want := state.Import{
		ID: "a", Created: at, Layer: "redline", Theme: "redline", Title: "红线", Vintage: "2023",
		File: "红线.zip", Upload: "u", Request: []byte("{}"),
	}
	add(t, d, want)
	if ok, err := d.StartImport(t.Context(), "a", at); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := d.Progress(t.Context(), "a", 5, 10); err != nil {
		t.Fatal(err)
	}
	d.Close()
	got, err := open(t, path).Import(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if got.State != state.Running || got.Attempts != 1 || got.Done != 5 || got.Total != 10 || !got.Created.Equal(at) ||
		got.Title != want.Title || string(got.Request) != "{}" {
		t.Errorf("got %+v", got)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	open(t, path)
	_, err := state.Open(t.Context(), path)
	if geo.CodeOf(err) != "state.locked" {
		t.Errorf("got %v", err)
	}
}

func TestNewerFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	d := open(t, path)
	if _, err := d.SQL().ExecContext(t.Context(), `INSERT INTO state_version VALUES (99)`); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if _, err := state.Open(t.Context(), path); geo.CodeOf(err) != "state.newer" {
		t.Errorf("got %v", err)
	}
}

func TestFinishedImportStaysAsItIs(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "state.db"))
	add(t, d, state.Import{ID: "a", Created: time.Now(), Request: []byte{}, Upload: "u"})
	end := state.Import{ID: "a", State: state.Dismissed, Finished: time.Now()}
	for i, want := range []bool{true, false} {
		if ok, err := d.FinishImport(t.Context(), end); ok != want || err != nil {
			t.Errorf("time %d: %t, %v", i+1, ok, err)
		}
	}
	if ok, err := d.StartImport(t.Context(), "a", time.Now()); ok || err != nil {
		t.Errorf("a dismissed import started again: %v", err)
	}
	if used, err := d.UploadsInUse(t.Context()); err != nil || len(used) != 0 {
		t.Errorf("uploads in use: %v, %v", used, err)
	}
	if _, err := d.FinishImport(t.Context(), state.Import{ID: "a", State: state.Running}); err == nil {
		t.Error("running is no end, and was taken for one")
	}
}

func TestListIsNewestFirstWithoutReports(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "state.db"))
	base := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, id := range []string{"old", "middle", "new"} {
		add(t, d, state.Import{ID: id, Created: base.Add(time.Duration(i) * time.Millisecond), Request: []byte("r")})
	}
	list, err := d.Imports(t.Context(), 2)
	if err != nil || len(list) != 2 || list[0].ID != "new" || list[1].ID != "middle" || len(list[0].Request) != 0 {
		t.Errorf("got %+v, %v", list, err)
	}
}

func TestUnknownIDs(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "state.db"))
	if _, err := d.Import(t.Context(), "' OR 1=1 --"); geo.CodeOf(err) != "job.unknown" {
		t.Errorf("got %v", err)
	}
	if _, err := d.Check(t.Context(), ""); geo.CodeOf(err) != "api.check.unknown" {
		t.Errorf("got %v", err)
	}
}

func TestCheckComesBack(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "state.db"))
	want := state.Check{
		ID: "c", Created: time.Unix(1, 5).UTC(), File: "f", Activity: "a", Date: "2026-01-01",
		Verdict: "clear", Result: []byte{0, 1},
	}
	if err := d.AddCheck(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := d.Check(t.Context(), "c")
	if err != nil || !slices.Equal(got.Result, want.Result) || got.Date != want.Date ||
		!got.Created.Equal(want.Created) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestIDsSortByTimeAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for i := range 100 {
		id := state.NewID(time.UnixMilli(int64(1_700_000_000_000 + i)))
		if len(id) != 26 || id <= last || seen[id] {
			t.Fatalf("%q after %q", id, last)
		}
		seen[id], last = true, id
	}
}
