package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
	"greenshield/layers"
	"greenshield/layers/store/storetest"
)

// A store reads row by row where pages are laid out in a way that it does not know.
func TestStoreThatQueriesRows(t *testing.T) {
	storetest.Run(t, func(t *testing.T) layers.Store {
		s := openStore(t, filepath.Join(t.TempDir(), "greenshield.gpkg"), time.Second)
		s.queryRows = true
		return s
	})
}

// motley is a vintage of n features with every kind of value, rows that do not fit on a page among them.
func motley(t *testing.T, s *Store, n int) layers.Vintage {
	t.Helper()
	v := layers.Vintage{Ref: layers.Ref{Vintage: "2023"}, Fields: []format.Field{
		{Name: "text"},
		{Name: "whole", Kind: format.Integer},
		{Name: "part", Kind: format.Real},
		{Name: "truth", Kind: format.Boolean},
		{Name: "day", Kind: format.Date},
		{Name: "DAY", Kind: format.Date},
	}}
	d, err := s.Begin(t.Context(), layer, v)
	if err != nil {
		t.Fatal(err)
	}
	texts := []any{"林地", "", `"quoted" \ <b>`, strings.Repeat("长", 20_000), nil, "a\u2028b", "\xff", strings.Repeat("x", 65)}
	for i := range n {
		x := float64(i%300) / 10
		f := layers.Feature{
			Geometry: []orb.Geometry{
				orb.Polygon{{{x, 1}, {x + 1, 1}, {x, 2}, {x, 1}}, {{x + .1, 1.1}, {x + .2, 1.1}, {x + .1, 1.2}, {x + .1, 1.1}}},
				orb.MultiPolygon{{{{x, 1}, {x + 1, 1}, {x, 2}, {x, 1}}}, {{{x, 5}, {x + 1, 5}, {x, 6}, {x, 5}}}},
				orb.LineString{{x, 1}, {x, 2}},
				orb.Point{x, 3},
				orb.MultiPoint{{x, 4}, {x, 5}},
			}[i%5],
			Values: []any{
				texts[i%len(texts)], []any{int64(i), nil, int64(-1 << 62), int64(1)}[i%4],
				[]any{float64(i), float64(i) / 7, nil, 1e300}[i%4], []any{true, false, nil}[i%3],
				[]any{"2023-01-02", "2023-12-31", nil}[i%3], []any{"2023", "soon"}[i%2],
			},
			Roles: []map[layers.Role]string{
				nil, {}, {layers.Code: fmt.Sprint(i), layers.Name: "西江"}, {layers.Name: `a "b" \`}, {layers.Zone: "\xff<"},
			}[i%5],
		}
		if err := d.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	out, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// readBoth gives the features as they come from pages and by SQL, each with the error they end in.
func readBoth(t *testing.T, s *Store, ref layers.Ref) (pages, queried []layers.Feature, errs [2]error) {
	t.Helper()
	for i, into := range []*[]layers.Feature{&pages, &queried} {
		s.queryRows = i == 1
		for f, err := range s.Features(t.Context(), ref, nil) {
			if err != nil {
				errs[i] = err
				break
			}
			*into = append(*into, f)
		}
	}
	s.queryRows = false
	return pages, queried, errs
}

func checkBoth(t *testing.T, s *Store, ref layers.Ref, count int) {
	t.Helper()
	pages, queried, errs := readBoth(t, s, ref)
	if errs[0] != nil || errs[1] != nil || len(queried) != count {
		t.Fatalf("%d by SQL, want %d; %v", len(queried), count, errs)
	}
	if len(pages) != count {
		t.Fatalf("%d from pages, want %d", len(pages), count)
	}
	for i := range pages {
		if !reflect.DeepEqual(pages[i], queried[i]) {
			t.Fatalf("from pages %+v\nby SQL %+v", pages[i], queried[i])
		}
	}
}

// usesPages reports whether a whole vintage needs no SQL, and whether its pages come from the file itself.
func usesPages(t *testing.T, s *Store, ref layers.Ref) (pages, file bool) {
	t.Helper()
	err := s.snapshot(t.Context(), func(conn *sql.Conn) error {
		row, err := s.find(t.Context(), conn, ref)
		if err != nil {
			return err
		}
		file = s.settled(t.Context()) != nil
		_, err = s.eachStored(t.Context(), conn, row, func(layers.Feature, error) bool { return true })
		pages = err == nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages, file
}

func TestPagesAndSQLGiveTheSame(t *testing.T) {
	const count = 3000
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s := openStore(t, path, time.Second)
	ref := motley(t, s, count).Ref
	if pages, file := usesPages(t, s, ref); !pages || !file {
		t.Errorf("from pages %v, from the file %v", pages, file)
	}
	checkBoth(t, s, ref, count)

	// A reader of an old state keeps what is published now in the log.
	old, err := s.read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	for _, statement := range []string{`BEGIN`, `SELECT count(*) FROM gs_vintage`} {
		if _, err := old.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	next := motley(t, s, count).Ref
	if pages, file := usesPages(t, s, next); !pages || file {
		t.Errorf("while the log is kept: from pages %v, from the file %v", pages, file)
	}
	checkBoth(t, s, next, count)
	if _, err := old.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if pages, file := usesPages(t, s, next); !pages || !file {
		t.Errorf("afterwards: from pages %v, from the file %v", pages, file)
	}
}

// Other programs may edit the file: what they wrote is read, or refused, in the same way.
func TestEditedTablesAreReadBySQL(t *testing.T) {
	const count = 1500
	for name, edit := range map[string]struct {
		sql   string
		pages bool // nothing of it is for SQL
		fails bool
	}{
		"a column was added":               {`ALTER TABLE %s ADD COLUMN remark TEXT`, true, false},
		"a column with a value was added":  {`ALTER TABLE %s ADD COLUMN remark TEXT DEFAULT 'x'`, true, false},
		"a row was removed":                {`DELETE FROM %s WHERE fid = 700`, true, false},
		"roles are written with spaces":    {`UPDATE %s SET gs_roles = '{ "name": "x" }' WHERE fid = 700`, true, false},
		"the area is an integer":           {`UPDATE %s SET gs_area_m2 = 7 WHERE fid = 700`, true, false},
		"a value is of another kind":       {`UPDATE %s SET whole = 'many', text = x'414243' WHERE fid = 700`, true, false},
		"the geometry is gone":             {`UPDATE %s SET geom = NULL WHERE fid = 700`, false, false},
		"the geometry is damaged":          {`UPDATE %s SET geom = x'0102' WHERE fid = 700`, false, true},
		"the hash is none":                 {`UPDATE %s SET gs_hash = 'abc' WHERE fid = 700`, false, true},
		"the area is gone":                 {`UPDATE %s SET gs_area_m2 = NULL WHERE fid = 700`, false, true},
		"roles are no JSON":                {`UPDATE %s SET gs_roles = '{"name":"x' WHERE fid = 700`, false, true},
		"roles are numbers":                {`UPDATE %s SET gs_roles = '{"name":1}' WHERE fid = 700`, false, true},
		"the table has a row number below": {`UPDATE %s SET fid = -5 WHERE fid = 700`, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "greenshield.gpkg")
			s := openStore(t, path, time.Second)
			ref := motley(t, s, count).Ref
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for _, trigger := range []string{"insert", "update1", "update2", "update3", "update4", "update6", "update7", "delete"} {
				_, err := db.Exec(`DROP TRIGGER IF EXISTS ` + geopackage.Quote("rtree_"+tableName(ref)+"_geom_"+trigger))
				if err != nil {
					t.Fatal(err)
				}
			}
			if _, err := db.Exec(fmt.Sprintf(edit.sql, geopackage.Quote(tableName(ref)))); err != nil {
				t.Fatal(err)
			}
			if pages, _ := usesPages(t, s, ref); pages != edit.pages {
				t.Errorf("from pages: %v", pages)
			}
			pages, queried, errs := readBoth(t, s, ref)
			if (errs[1] != nil) != edit.fails || fmt.Sprint(errs[0]) != fmt.Sprint(errs[1]) {
				t.Errorf("errors %v", errs)
			}
			if !reflect.DeepEqual(pages, queried) {
				t.Errorf("%d features from pages and %d by SQL differ", len(pages), len(queried))
			}
		})
	}
}

func TestReadersWhoLeaveOrGiveUp(t *testing.T) {
	s := openStore(t, filepath.Join(t.TempDir(), "greenshield.gpkg"), time.Second)
	ref := motley(t, s, 5000).Ref
	for _, most := range []int{1, 511, 512, 513, 4999} {
		n := 0
		for f, err := range s.Features(t.Context(), ref, nil) {
			if n++; err != nil || f.ID != int64(n) {
				t.Fatalf("feature %d in place %d, %v", f.ID, n, err)
			}
			if n == most {
				break
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		n = 0
		var last error
		for _, err := range s.Features(ctx, ref, nil) {
			if n++; n == most {
				stop()
			}
			last = err
		}
		stop()
		if !errors.Is(last, context.Canceled) || n > most+1 {
			t.Errorf("given up after %d: %d, %v", most, n, last)
		}
	}
	// No transaction was left open: the log can be folded and cut.
	var busy, frames, copied int
	err := s.write.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &copied)
	if err != nil || busy != 0 {
		t.Errorf("somebody still reads: %v, busy %d", err, busy)
	}
}
