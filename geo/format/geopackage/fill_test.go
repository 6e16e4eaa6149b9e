package geopackage_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	_ "modernc.org/sqlite"

	"greenshield/geo/format/geopackage"
)

// layout is how the pages of a file are laid out.
type layout struct {
	page, reserved int
	journal        string
}

func (l layout) String() string {
	return fmt.Sprintf("pages of %d-%d, %s", l.page, l.reserved, l.journal)
}

// database makes a file with the tables of a GeoPackage.
func database(t testing.TB, l layout) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.gpkg")
	db := connect(t, path)
	execute(t, db, fmt.Sprintf("PRAGMA page_size = %d", l.page), "PRAGMA user_version = 1")
	if l.reserved > 0 {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		reserve(t, path, l)
		db = connect(t, path)
	}
	execute(t, db, "PRAGMA journal_mode = "+l.journal, "PRAGMA synchronous = OFF")
	transact(t, db, func(ctx context.Context, tx *sql.Tx) error { return geopackage.CreateSchema(ctx, tx) })
	return db
}

// reserve leaves the end of every page of a file with an empty first page to an extension of SQLite.
func reserve(t testing.TB, path string, l layout) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || len(b) != l.page {
		t.Fatal(len(b), err)
	}
	b[20] = byte(l.reserved)
	b[105], b[106] = byte((l.page-l.reserved)>>8), byte(l.page-l.reserved)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func connect(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func execute(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func transact(t testing.TB, db *sql.DB, f func(context.Context, *sql.Tx) error) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err == nil {
		err = f(t.Context(), tx)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ask gives the rows of a query as text, one a line.
func ask(t testing.TB, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func wantSound(t testing.TB, db *sql.DB) {
	t.Helper()
	for _, check := range []string{"PRAGMA integrity_check", "PRAGMA quick_check"} {
		if got := ask(t, db, check); got != "ok" {
			t.Errorf("%s: %s", check, got)
		}
	}
}

// things has a column of every type that this program gives a table.
func things(name string) geopackage.Table {
	return geopackage.Table{Name: name, System: 4490, Changed: time.Unix(0, 0), Columns: []geopackage.Column{
		{Name: "text", Type: "TEXT"},
		{Name: "n", Type: "INTEGER"},
		{Name: "x", Type: "REAL"},
		{Name: "yes", Type: "BOOLEAN"},
		{Name: "day", Type: "DATE"},
		{Name: "hash", Type: "TEXT"},
	}}
}

// everything of a table, as SQLite says it in SQL, so that types and every bit count.
func everything(table string) string {
	columns := []string{"fid", "geom", "text", "n", "x", "yes", "day", "hash"}
	for i, c := range columns {
		columns[i] = "typeof(" + c + ") || quote(" + c + ")"
	}
	return fmt.Sprintf("SELECT %s FROM %s ORDER BY fid", strings.Join(columns, " || ',' || "), geopackage.Quote(table))
}

type way func(context.Context, *sql.Tx, geopackage.Table, geopackage.EachRecord) error

// pages go through SQLite.
func pages(ctx context.Context, tx *sql.Tx, t geopackage.Table, each geopackage.EachRecord) error {
	return geopackage.FillTable(ctx, tx, t, each, nil)
}

// behindTheEnd writes pages to the file of db.
func behindTheEnd(t testing.TB, db *sql.DB) way {
	t.Helper()
	file, err := os.OpenFile(ask(t, db, "SELECT file FROM pragma_database_list WHERE name = 'main'"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return func(ctx context.Context, tx *sql.Tx, table geopackage.Table, each geopackage.EachRecord) error {
		return geopackage.FillTable(ctx, tx, table, each, file)
	}
}

// fill makes a table of the records in the way.
func fill(t testing.TB, db *sql.DB, name string, w way, records [][]byte) {
	t.Helper()
	transact(t, db, func(ctx context.Context, tx *sql.Tx) error {
		if err := geopackage.CreateFeatureTable(ctx, tx, things(name)); err != nil {
			return err
		}
		return w(ctx, tx, things(name), eachOf(records))
	})
}

func eachOf(records [][]byte) geopackage.EachRecord {
	return func(f func([]byte) error) error {
		for _, r := range records {
			if err := f(bytes.Clone(r)); err != nil {
				return err
			}
		}
		return nil
	}
}

// record makes a row whose text has so many bytes.
func record(t testing.TB, r *rand.Rand, text int) []byte {
	t.Helper()
	var row geopackage.Record
	row.Null()
	if _, err := row.Geometry(orb.Point{r.Float64(), r.Float64()}, 4490); err != nil {
		t.Fatal(err)
	}
	row.Text(strings.Repeat("x", text))
	row.Integer(int64(r.Uint64() >> r.UintN(64)))
	row.Real([]float64{0, 1, -1, 0.5, 1e300, float64(r.IntN(1000)), r.Float64(), math.NaN(), math.Inf(1)}[r.IntN(9)])
	row.Truth(r.IntN(2) == 0)
	row.Text("2024-02-29")
	row.Hex(make([]byte, r.IntN(80)))
	b, err := row.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var layouts = []layout{
	{512, 0, "wal"}, {512, 32, "wal"}, {1024, 8, "delete"}, {16384, 0, "wal"}, {65536, 0, "delete"}, {65536, 255, "wal"},
}

func TestPagesHoldWhatInsertHolds(t *testing.T) {
	for _, l := range layouts {
		t.Run(l.String(), func(t *testing.T) {
			r := rand.New(rand.NewPCG(4, uint64(l.page)))
			db := database(t, l)
			rows := func(sizes ...int) (rows [][]byte) {
				for _, n := range sizes {
					rows = append(rows, record(t, r, n))
				}
				return rows
			}
			tables := map[string][][]byte{
				"none": nil, "one": rows(10), "one empty": rows(0), "one long": rows(5 * l.page), "two": rows(3, l.page),
				"around every border": around(t, l.page-l.reserved), "random": rows(random(r, 150, 2*l.page)...),
			}
			if l.page == 512 {
				tables["four levels"] = rows(random(r, 9000, 700)...)
			}
			for name, records := range tables {
				fill(t, db, name, pages, records)
				fill(t, db, name+" by INSERT", geopackage.InsertRecords, records)
				fill(t, db, name+" behind the end", behindTheEnd(t, db), records)
				if ask(t, db, everything(name)) != ask(t, db, everything(name+" behind the end")) {
					t.Errorf("%s: pages behind the end hold something else", name)
				}
				if got, want := ask(t, db, everything(name)), ask(t, db, everything(name+" by INSERT")); got != want {
					t.Errorf("%s: the pages hold\n%.300s\nand not\n%.300s", name, got, want)
				}
				payload := "SELECT sum(payload) FROM dbstat WHERE name = '"
				if got, want := ask(t, db, payload+name+"'"), ask(t, db, payload+name+" by INSERT'"); got != want {
					t.Errorf("%s: rows of %s bytes and not %s", name, got, want)
				}
				sequence := "SELECT seq FROM sqlite_sequence WHERE name = '"
				if got, want := ask(t, db, sequence+name+"'"), ask(t, db, sequence+name+" by INSERT'"); got != want {
					t.Errorf("%s: last number %q and not %q", name, got, want)
				}
			}
			if l.page == 512 {
				const depth = `SELECT max(length(path) - length(replace(path, '/', ''))) FROM dbstat
					WHERE name = 'four levels' AND pagetype = 'leaf'`
				if got := ask(t, db, depth); got != "4" {
					t.Errorf("the tree has %s levels", got)
				}
			}
			wantSound(t, db)
		})
	}
}

// around gives rows that are just as long as a page, or a chain of pages, holds, and up to six bytes away from it.
func around(t testing.TB, usable int) [][]byte {
	t.Helper()
	var rows [][]byte
	least := (usable-12)*32/255 - 23
	for _, border := range []int{least, usable - 35, least + usable - 4, 2*usable - 39, 3 * usable, 128, 16384} {
		for off := -6; off <= 6; off++ {
			rows = append(rows, exactly(t, border+off))
		}
	}
	return rows
}

// exactly makes a row of so many bytes.
func exactly(t testing.TB, size int) []byte {
	t.Helper()
	for text := size - 20; text <= size; text++ {
		var row geopackage.Record
		row.Null()
		row.Null()
		row.Text(strings.Repeat("y", text))
		for range 5 {
			row.Null()
		}
		if b, err := row.Append(nil); err != nil || len(b) == size {
			return b
		}
	}
	return exactly(t, size+1) // the header grows by one just there
}

func random(r *rand.Rand, count, most int) []int {
	sizes := make([]int, count)
	for i := range sizes {
		sizes[i] = r.IntN(1 + r.IntN(1+r.IntN(most)))
	}
	return sizes
}

// SQLite goes on with the pages as with its own, in the same connection and in the transaction that wrote them.
func TestSQLiteWorksOnPages(t *testing.T) {
	for i, l := range slices.Concat(layouts, layouts) {
		t.Run(l.String(), func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 0))
			db := database(t, l)
			w := way(pages)
			if i >= len(layouts) {
				w = behindTheEnd(t, db)
			}
			var records [][]byte
			for _, n := range random(r, 700, min(2*l.page, 9000)) {
				records = append(records, record(t, r, n))
			}
			work := []string{
				"DELETE FROM t WHERE fid % 3 = 0", "INSERT INTO t (geom, text) VALUES (x'00', 'new')",
				"UPDATE t SET text = text || text WHERE fid % 5 = 0", "UPDATE t SET text = '' WHERE fid % 7 = 0",
				"INSERT INTO t (fid, text) SELECT fid + 5000, text FROM t WHERE fid % 4 = 0",
				"CREATE INDEX by_text ON t (text)", "CREATE TABLE more AS SELECT * FROM t",
			}
			transact(t, db, func(ctx context.Context, tx *sql.Tx) error {
				if err := geopackage.CreateFeatureTable(ctx, tx, things("t")); err != nil {
					return err
				}
				if err := w(ctx, tx, things("t"), eachOf(records)); err != nil {
					return err
				}
				for _, s := range work {
					if _, err := tx.ExecContext(ctx, s); err != nil {
						return fmt.Errorf("%s: %w", s, err)
					}
				}
				return nil
			})
			wantSound(t, db)
			if got := ask(t, db, "SELECT max(fid) FROM t WHERE text = 'new'"); got != "701" {
				t.Errorf("the row after 700 has number %s", got)
			}
			fill(t, db, "same", geopackage.InsertRecords, records)
			for _, s := range work {
				execute(t, db, strings.NewReplacer(" t ", " same ", "more", "mores", "by_text", "by_texts").Replace(s))
			}
			if ask(t, db, everything("t")) != ask(t, db, everything("same")) {
				t.Error("the same work has another outcome")
			}
			execute(t, db, "VACUUM", "DROP TABLE t", "DROP TABLE more", "VACUUM")
			wantSound(t, db)
		})
	}
}

// What is rolled back leaves no page, and the next table of the same connection is whole.
func TestPagesAreRolledBack(t *testing.T) {
	for _, l := range []layout{{512, 0, "wal"}, {4096, 0, "delete"}} {
		t.Run(l.String(), func(t *testing.T) {
			r := rand.New(rand.NewPCG(6, 0))
			db := database(t, l)
			before := ask(t, db, "PRAGMA page_count")
			var records [][]byte
			for _, n := range random(r, 3000, 2*l.page) {
				records = append(records, record(t, r, n))
			}
			for i := range 3 {
				tx, err := db.BeginTx(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				err = geopackage.CreateFeatureTable(t.Context(), tx, things("t"))
				if err == nil {
					err = pages(t.Context(), tx, things("t"), eachOf(records[i*500:]))
				}
				if err != nil || tx.Rollback() != nil {
					t.Fatal(err)
				}
				if got := ask(t, db, "PRAGMA page_count"); got != before {
					t.Errorf("%s pages are %s after a rollback", before, got)
				}
				wantSound(t, db)
			}
			fill(t, db, "t", pages, records)
			fill(t, db, "same", geopackage.InsertRecords, records)
			if ask(t, db, everything("t")) != ask(t, db, everything("same")) {
				t.Error("the pages hold something else")
			}
			wantSound(t, db)
		})
	}
}

// A file that moves its pages about keeps a map of them, which only SQLite writes.
func TestFilesThatTakeNoPages(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 0))
	records := [][]byte{record(t, r, 3), record(t, r, 99999)}
	for _, set := range []string{"PRAGMA auto_vacuum = FULL", "PRAGMA encoding = 'UTF-16le'"} {
		t.Run(set, func(t *testing.T) {
			db := connect(t, filepath.Join(t.TempDir(), "x.gpkg"))
			execute(t, db, set)
			transact(t, db, func(ctx context.Context, tx *sql.Tx) error { return geopackage.CreateSchema(ctx, tx) })
			fill(t, db, "t", pages, records)
			if got := ask(t, db, "SELECT group_concat(length(text)) FROM t"); got != "3,99999" {
				t.Errorf("got %s", got)
			}
			wantSound(t, db)
		})
	}
}

// A trigger sees what is inserted, and no pages.
func TestPagesAreNotInserted(t *testing.T) {
	db := database(t, layout{4096, 0, "wal"})
	r := rand.New(rand.NewPCG(8, 0))
	transact(t, db, func(ctx context.Context, tx *sql.Tx) error {
		if err := geopackage.CreateFeatureTable(ctx, tx, things("t")); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `CREATE TRIGGER no BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'seen'); END`)
		if err != nil {
			return err
		}
		rows := eachOf([][]byte{record(t, r, 3)})
		if err := geopackage.InsertRecords(ctx, tx, things("t"), rows); err == nil {
			t.Error("the trigger does not see an INSERT")
		}
		return pages(ctx, tx, things("t"), rows)
	})
	wantSound(t, db)
}

func TestFillStopsWithItsRows(t *testing.T) {
	db := database(t, layout{512, 0, "wal"})
	r := rand.New(rand.NewPCG(9, 0))
	rows := make([][]byte, 500)
	for i := range rows {
		rows[i] = record(t, r, 600)
	}
	broken := errors.New("broken")
	for name, w := range map[string]way{"pages": pages, "INSERT": geopackage.InsertRecords} {
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := geopackage.CreateFeatureTable(t.Context(), tx, things("t")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		err = w(ctx, tx, things("t"), func(f func([]byte) error) error {
			return errors.Join(eachOf(rows)(func(b []byte) error {
				if n++; n == 300 {
					cancel()
				}
				return f(b)
			}), broken)
		})
		cancel()
		if !errors.Is(err, context.Canceled) || !errors.Is(err, broken) || n > 301 {
			t.Errorf("%s: %v after %d rows", name, err, n)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		wantSound(t, db)
	}
}

// FuzzRecord writes rows as pages and lets SQLite say what they hold.
func FuzzRecord(f *testing.F) {
	f.Add("", int64(0), 0.0, []byte{}, uint8(1))
	f.Add("红线", int64(-129), -0.5, []byte("x"), uint8(7))
	f.Add(strings.Repeat("a", 413), int64(math.MinInt64), float64(1<<47), make([]byte, 900), uint8(40))
	f.Add("\x00\xff", int64(1)<<39, math.Inf(-1), make([]byte, 63), uint8(255))
	db := database(f, layout{512, 0, "memory"})
	f.Fuzz(func(t *testing.T, text string, n int64, x float64, raw []byte, count uint8) {
		var row geopackage.Record
		row.Null()
		row.Null()
		row.Text(text)
		row.Integer(n)
		row.Real(x)
		row.Truth(n > 0)
		row.Null()
		row.Hex(raw)
		b, err := row.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		rows := make([][]byte, count)
		for i := range rows {
			rows[i] = b
		}
		fill(t, db, "t", pages, rows)
		want := map[bool]any{true: nil, false: x}[x != x]
		var same int
		err = db.QueryRowContext(t.Context(), `SELECT count(*) FROM t WHERE geom IS NULL AND typeof(text) = 'text'
			AND CAST(text AS BLOB) = ? AND n = ? AND typeof(n) = 'integer' AND x IS ? AND typeof(x) IN ('real', 'null')
			AND yes = ? AND day IS NULL AND hash = ?`, []byte(text), n, want, n > 0, hex.EncodeToString(raw)).Scan(&same)
		if err != nil || same != int(count) {
			t.Errorf("%d of %d rows are the same, %v", same, count, err)
		}
		wantSound(t, db)
		transact(t, db, func(ctx context.Context, tx *sql.Tx) error { return geopackage.DropFeatureTable(ctx, tx, "t") })
	})
}
