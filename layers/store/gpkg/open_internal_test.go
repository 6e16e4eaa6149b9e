package gpkg

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
)

func TestOpenRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		make func(t *testing.T, path string)
		code string
	}{
		"a text file": {
			writeFile("not a database, but long enough to hold a header " + strings.Repeat("x", 100)),
			"store.file.not-geopackage",
		},
		"a short file":               {writeFile("PK"), "store.file.not-geopackage"},
		"an SQLite file":             {execSQL(`CREATE TABLE a (b)`), "store.file.not-geopackage"},
		"a folder":                   {func(t *testing.T, path string) { mkdir(t, path) }, "store.file.unopenable"},
		"a GeoPackage of others":     {foreign, "store.file.foreign"},
		"a store of a later program": {later, "store.schema.newer"},
		"a header and rubbish":       {rubbish, "store.file.corrupt"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "greenshield.gpkg")
			tc.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := Open(t.Context(), path)
			if geo.CodeOf(err) != tc.code {
				t.Errorf("got %v, want %s", err, tc.code)
			}
			if err == nil {
				_ = s.Close()
			}
			if after, _ := os.ReadFile(path); tc.code == "store.file.not-geopackage" && string(after) != string(before) {
				t.Error("the file was written to")
			}
		})
	}
}

func writeFile(content string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func mkdir(t *testing.T, path string) {
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

func execSQL(statements ...string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		db, err := sql.Open("sqlite", dsn(path, time.Second))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func foreign(t *testing.T, path string) {
	db, err := sql.Open("sqlite", dsn(path, time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(geopackage.CreateSchema(t.Context(), tx), tx.Commit()); err != nil {
		t.Fatal(err)
	}
}

func later(t *testing.T, path string) {
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	execSQL(`UPDATE gs_schema SET version = 99`)(t, path)
}

// older makes a store of an earlier layout out of the one at path.
func older(t *testing.T, path string, version int) {
	t.Helper()
	later(t, path)
	statements := []string{
		`ALTER TABLE gs_vintage DROP COLUMN accuracy_m`, `ALTER TABLE gs_vintage DROP COLUMN valid_until`,
		`UPDATE gs_schema SET version = 2`,
	}
	if version == 1 {
		statements = append(statements, `DROP TABLE gs_issue`, `DELETE FROM gpkg_contents WHERE table_name = 'gs_issue'`,
			`UPDATE gs_schema SET version = 1`)
	}
	execSQL(statements...)(t, path)
}

// A store of an older program gets what is new when it is opened, and keeps what it had.
func TestOlderLayoutIsBroughtUpToDate(t *testing.T) {
	for version := 1; version < schemaVersion; version++ {
		path := filepath.Join(t.TempDir(), "greenshield.gpkg")
		older(t, path, version)
		execSQL(oldVintage...)(t, path)
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		old, err := s.Vintage(t.Context(), layers.Ref{Layer: "old", Vintage: "2020", Revision: 1})
		if err != nil || old.Count != 7 || old.Declared != (layers.Declared{}) {
			t.Errorf("version %d: old vintage %+v, %v", version, old, err)
		}
		l := layers.Layer{ID: "redline", Theme: layers.Redline, Title: "x"}
		declared := layers.Declared{Accuracy: 1.5, ValidUntil: "2023-12-31"}
		d, err := s.Begin(t.Context(), l, layers.Vintage{Ref: layers.Ref{Vintage: "2023"}, Declared: declared})
		if err != nil {
			t.Fatal(err)
		}
		d.Note(layers.Issue{Severity: layers.Warning, Problem: geo.NewProblem("a.b"), Action: "none"})
		v, err := d.Commit(t.Context(), nil)
		if err != nil || v.Declared != declared {
			t.Fatalf("version %d: published %+v, %v", version, v, err)
		}
		if issues, err := s.Issues(t.Context(), v.Ref); err != nil || len(issues) != 1 || s.version != schemaVersion {
			t.Errorf("version %d: issues %v, %v, now version %d", version, issues, err, s.version)
		}
	}
}

// A file of an older layout that may only be read has nothing declared, and is read all the same.
func TestOlderLayoutIsReadAsItIs(t *testing.T) {
	for version := 1; version < schemaVersion; version++ {
		path := filepath.Join(t.TempDir(), "greenshield.gpkg")
		older(t, path, version)
		execSQL(oldVintage...)(t, path)
		db, err := sql.Open("sqlite", dsn(path, time.Second))
		if err != nil {
			t.Fatal(err)
		}
		found, err := selectVintages(t.Context(), db, version, "old")
		if err != nil || len(found) != 1 || found[0].vintage.Declared != (layers.Declared{}) || found[0].vintage.Count != 7 {
			t.Errorf("version %d: read %+v, %v", version, found, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// oldVintage is a vintage as a program of version 1 or 2 wrote it.
var oldVintage = []string{
	`INSERT INTO gs_layer (id, theme, title) VALUES ('old', 'redline', 'old')`,
	`INSERT INTO gs_vintage (layer, vintage, revision, theme, feature_table, fields, mapping, features, area_m2, length_m,
		min_x, min_y, max_x, max_y, content, coverage, coverage_regions, rejects, provenance, published)
		VALUES ('old', '2020', 1, 'redline', 'old_2020_r1', '[]', '{}', 7, 1, 0, 109, 23, 110, 24,
		'` + strings.Repeat("0", 64) + `', '', '', '[]', '{"sha256":"` + strings.Repeat("0", 64) + `"}', '2020-01-01T00:00:00Z')`,
}

func rubbish(t *testing.T, path string) {
	later(t, path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := headerSize; i < len(b); i++ {
		b[i] = 0xEE
	}
	writeFile(string(b))(t, path)
}

func TestReadOnlyFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "workspace")
	mkdir(t, folder)
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	probe := filepath.Join(folder, "probe")
	if err := os.WriteFile(probe, nil, 0o600); err == nil {
		t.Skip("this user may write everywhere")
	}
	_, err := Open(t.Context(), filepath.Join(folder, "greenshield.gpkg"))
	if code := geo.CodeOf(err); code != "store.file.read-only" && code != "store.file.unopenable" {
		t.Errorf("got %v", err)
	}
}

func TestMissingFolder(t *testing.T) {
	_, err := Open(t.Context(), filepath.Join(t.TempDir(), "nowhere", "greenshield.gpkg"))
	if geo.CodeOf(err) != "store.file.unopenable" {
		t.Errorf("got %v", err)
	}
}

func TestPathWithSpecialCharacters(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "工作区 50%?#&")
	mkdir(t, folder)
	s := openStore(t, filepath.Join(folder, "a?b%20c.gpkg"), time.Second)
	if _, err := s.Layers(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "a?b%20c.gpkg")); err != nil {
		t.Error(err)
	}
}

func openStore(t *testing.T, path string, patience time.Duration) *Store {
	t.Helper()
	s, err := open(t.Context(), path, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var layer = layers.Layer{ID: "redline", Theme: layers.Redline}

func filledDraft(t *testing.T, s *Store, n int) layers.Draft {
	t.Helper()
	v := layers.Vintage{Ref: layers.Ref{Vintage: "2023"}, Fields: []format.Field{{Name: "a"}}}
	d, err := s.Begin(t.Context(), layer, v)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		f := layers.Feature{Geometry: orb.Point{1, 2}, Values: []any{strings.Repeat("x", 1000)}}
		if err := d.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// Two processes are two stores on one file.
func TestBusyIsSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	one, two := openStore(t, path, time.Minute), openStore(t, path, 50*time.Millisecond)
	a, b := filledDraft(t, one, 1), filledDraft(t, two, 1)
	_, err := a.Commit(t.Context(), func(*layers.Vintage) error {
		if _, err := b.Commit(t.Context(), nil); geo.CodeOf(err) != "store.busy" {
			t.Errorf("got %v, want store.busy", err)
		}
		if list, err := two.Layers(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("readers are held up: %v, %v", list, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRefTakenByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	one, two := openStore(t, path, time.Minute), openStore(t, path, time.Minute)
	a, b := filledDraft(t, one, 1), filledDraft(t, two, 2)
	if _, err := a.Commit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Commit(t.Context(), nil); geo.CodeOf(err) != "store.vintage.taken" {
		t.Errorf("got %v, want store.vintage.taken", err)
	}
	again, err := filledDraft(t, two, 2).Commit(t.Context(), nil)
	if err != nil || again.Ref.Revision != 2 || again.Count != 2 {
		t.Errorf("imported again: %+v, %v", again, err)
	}
}

func TestFullDiskPublishesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s := openStore(t, path, time.Second)
	limit := func(pages int) {
		if _, err := s.write.ExecContext(t.Context(), "PRAGMA max_page_count = "+strconv.Itoa(pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite takes the pages that there are for it: no page more
	if _, err := filledDraft(t, s, 500).Commit(t.Context(), nil); geo.CodeOf(err) != "store.disk.full" {
		t.Errorf("got %v, want store.disk.full", err)
	}
	limit(1 << 20)
	v, err := filledDraft(t, s, 500).Commit(t.Context(), nil)
	if err != nil || v.Ref.Revision != 1 {
		t.Errorf("once there is room: %+v, %v", v, err)
	}
}

func TestFileProblems(t *testing.T) {
	for err, code := range map[error]string{
		syscall.ENOSPC: "store.disk.full", syscall.EROFS: "store.file.read-only", syscall.EACCES: "store.file.read-only",
		syscall.EIO: "store.disk.failing", syscall.ENOTDIR: "store.file.unopenable",
	} {
		if got := geo.CodeOf(fileProblem("f", &os.PathError{Op: "open", Path: "f", Err: err})); got != code {
			t.Errorf("%v: got %q, want %q", err, got, code)
		}
	}
}

func TestDatabaseProblems(t *testing.T) {
	cause := errors.New("cause")
	for code, want := range map[int]string{
		13: "store.disk.full", 4874: "store.disk.full", // SQLITE_FULL, SQLITE_IOERR_SHMSIZE
		10: "store.disk.failing", 266: "store.disk.failing", // SQLITE_IOERR, SQLITE_IOERR_READ
		5: "store.busy", 261: "store.busy", // SQLITE_BUSY, SQLITE_BUSY_RECOVERY
		8: "store.file.read-only", 1032: "store.file.read-only", // SQLITE_READONLY, SQLITE_READONLY_DBMOVED
		11: "store.file.corrupt", 267: "store.file.corrupt", // SQLITE_CORRUPT, SQLITE_CORRUPT_VTAB
		14: "store.file.unopenable", 26: "store.file.not-geopackage", 1: "",
	} {
		err := databaseProblem("f", code, cause)
		if got := geo.CodeOf(err); got != want || !errors.Is(err, cause) {
			t.Errorf("%d: got %q (%v), want %q", code, got, err, want)
		}
	}
}

func TestTooManyFields(t *testing.T) {
	s := openStore(t, filepath.Join(t.TempDir(), "greenshield.gpkg"), time.Second)
	v := layers.Vintage{Ref: layers.Ref{Vintage: "2023"}, Fields: make([]format.Field, maxFields+1)}
	if _, err := s.Begin(t.Context(), layer, v); geo.CodeOf(err) != "store.fields.too-many" {
		t.Errorf("got %v", err)
	}
	v.Fields = v.Fields[:maxFields]
	d, err := s.Begin(t.Context(), layer, v)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Append(t.Context(), layers.Feature{Geometry: orb.Point{1, 2}, Values: make([]any, maxFields)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Commit(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestTableNames(t *testing.T) {
	for _, tc := range []struct {
		ref  layers.Ref
		want string
	}{
		{layers.Ref{Layer: "redline", Vintage: "2023", Revision: 1}, "redline_2023_r1"},
		{layers.Ref{Layer: "a-b_2", Vintage: "2023-05-01", Revision: 12}, "a-b_2_2023-05-01_r12"},
		{layers.Ref{Layer: "sqlite_x", Vintage: "2023", Revision: 1}, "layer_sqlite_x_2023_r1"},
		{layers.Ref{Layer: "gpkg_contents", Vintage: "2023", Revision: 1}, "layer_gpkg_contents_2023_r1"},
		{layers.Ref{Layer: "layer_gpkg_contents", Vintage: "2023", Revision: 1}, "layer_layer_gpkg_contents_2023_r1"},
	} {
		if got := tableName(tc.ref); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.ref, got, tc.want)
		}
	}
}

func TestReopenedStoreKnowsAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s := openStore(t, path, time.Second)
	v, err := filledDraft(t, s, 3).Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, path, time.Second)
	got, err := s.Vintage(t.Context(), v.Ref)
	if err != nil || got.Count != 3 || got.Content != v.Content {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestProblemsHaveSentences(t *testing.T) {
	raw, err := os.ReadFile("../../../data/texts/parts/store.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"(store\.[a-z.-]+)"`)
	found := 0
	for _, name := range sources {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			found++
			if !strings.Contains(string(raw), "\n"+m[1]+":\n") && !strings.HasPrefix(string(raw), m[1]+":\n") {
				t.Errorf("%s: %s has no sentence", name, m[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d problems found", found)
	}
}
