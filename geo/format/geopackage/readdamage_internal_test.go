package geopackage

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"greenshield/geo"
	"greenshield/geo/format"
)

// sample is a file of three levels of small pages with rows that go on in overflow pages, and what it is made of.
type sample struct {
	bytes []byte
	root  int
}

const samplePage = 512

func newSample(t testing.TB) sample {
	path := sqlFile(t, "PRAGMA page_size = 512",
		"CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, n INTEGER, s TEXT, r REAL)",
		count(200)+"INSERT INTO t SELECT x, "+point+`, x * x,
			hex(zeroblob(CASE x % 20 WHEN 0 THEN 700 ELSE 90 END)), x FROM c`,
		"CREATE INDEX i ON t (n)")
	l, err := openFile(t, path, Options{}).layout(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sample{b, int(l.root)}
}

// page is page n of the file.
func (s sample) page(n int) []byte { return s.bytes[(n-1)*samplePage : n*samplePage] }

// child is the page number that child i of an interior page has, and where in the page it is written.
func (s sample) child(page, i int) (n, at int) {
	at = 8
	if i < int(binary.BigEndian.Uint16(s.page(page)[3:])) {
		at = int(binary.BigEndian.Uint16(s.page(page)[12+2*i:]))
	}
	return int(binary.BigEndian.Uint32(s.page(page)[at:])), at
}

// leaf is the first leaf below page n.
func (s sample) leaf(n int) int {
	for s.page(n)[0] == pageInterior {
		n, _ = s.child(n, 0)
	}
	return n
}

// cellAt is where cell i of a leaf begins.
func (s sample) cellAt(leaf, i int) int { return int(binary.BigEndian.Uint16(s.page(leaf)[8+2*i:])) }

func put32(b []byte, n int) { binary.BigEndian.PutUint32(b, uint32(n)) }

// integrity is what SQLite's own check says of a file, "ok" when nothing is wrong.
func integrity(t *testing.T, d *dataset) string {
	t.Helper()
	var said string
	if err := d.db.QueryRow("PRAGMA integrity_check(1)").Scan(&said); err != nil {
		return err.Error()
	}
	return said
}

// openBytes opens a file of these bytes; it is nil when the file is refused.
func openBytes(t *testing.T, b []byte) *dataset {
	t.Helper()
	path := filepath.Join(t.TempDir(), "b.gpkg")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	d, err := Open(ctx, path, Options{Limits: format.Limits{MaxRecords: 5000}})
	if err != nil {
		if geo.CodeOf(err) == "" && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("refused without a code: %v", err)
		}
		return nil
	}
	t.Cleanup(func() { d.Close() })
	return d.(*dataset)
}

// compareDamaged holds reading from pages against SQL where both may refuse: what is read without an error is what SQL
// gives, if SQL gives anything; what was read before SQLite took over are its first rows; and what is refused here
// although SQLite goes on is damage by SQLite's own check.
func compareDamaged(t *testing.T, d *dataset) {
	t.Helper()
	want, sqlErr := bySQL(d)
	got, err := byPages(d)
	if sqlErr == nil && len(got) <= len(want) {
		compareRows(t, got, want[:len(got)])
	}
	switch {
	case errors.Is(err, errOdd):
	case err != nil && geo.CodeOf(err) == "":
		t.Fatalf("refused without a code: %v", err)
	case err != nil && sqlErr == nil && integrity(t, d) == "ok":
		t.Fatalf("SQLite finds nothing wrong: %v", err)
	case err == nil && sqlErr == nil:
		compareRows(t, got, want)
	}
	all, allErr := byRecords(d)
	if allErr == nil && sqlErr == nil {
		compareRows(t, all, want)
	}
	if allErr != nil && sqlErr == nil && integrity(t, d) == "ok" || allErr != nil && geo.CodeOf(allErr) == "" {
		t.Fatalf("refused: %v", allErr)
	}
}

func TestDamagedPages(t *testing.T) {
	whole := newSample(t)
	first := whole.leaf(whole.root)
	second, _ := whole.child(whole.root, 1)
	cases := map[string]struct {
		damage func(s sample)
		code   string
	}{
		"nothing": {func(sample) {}, ""},
		"page leads to itself": {func(s sample) {
			_, at := s.child(s.root, 1)
			put32(s.page(s.root)[at:], s.root)
		}, "ingest.gpkg.damaged"},
		"page is there twice": {func(s sample) {
			n, _ := s.child(s.root, 0)
			_, at := s.child(s.root, 1)
			put32(s.page(s.root)[at:], n)
		}, "ingest.gpkg.damaged"},
		"row is there twice": {func(s sample) {
			p := s.page(first)
			copy(p[10:12], p[8:10])
		}, "ingest.gpkg.damaged"},
		"rows do not ascend": {func(s sample) {
			p := s.page(first)
			at := s.cellAt(first, 1) + 1
			if p[at-1] >= 0x80 {
				at++
			}
			p[at] = 0
		}, "ingest.gpkg.damaged"},
		"page beyond the end": {func(s sample) {
			_, at := s.child(s.root, 1)
			put32(s.page(s.root)[at:], 1<<30)
		}, "ingest.gpkg.damaged"},
		"page 0":            {func(s sample) { put32(s.page(s.root)[8:], 0) }, "ingest.gpkg.damaged"},
		"leaf of an index":  {func(s sample) { s.page(s.leaf(second))[0] = 0x0a }, "ingest.gpkg.damaged"},
		"leaf without rows": {func(s sample) { copy(s.page(s.leaf(second))[3:], []byte{0, 0}) }, "ingest.gpkg.damaged"},
		"more rows than a page holds": {
			func(s sample) { copy(s.page(s.leaf(second))[3:], []byte{255, 255}) }, "ingest.gpkg.damaged",
		},
		"row begins outside its page": {func(s sample) {
			copy(s.page(s.leaf(second))[8:], []byte{2, 1})
		}, "ingest.gpkg.damaged"},
		"row larger than the file": {func(s sample) {
			copy(s.page(first)[s.cellAt(first, 0):], []byte{0xff, 0xff, 0xff, 0x7f})
		}, "ingest.gpkg.damaged"},
		"header longer than its row": {func(s sample) {
			s.page(first)[s.cellAt(first, 0)+3] = 0x7f
		}, "ingest.gpkg.damaged"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := sample{append([]byte(nil), whole.bytes...), whole.root}
			c.damage(s)
			d := openBytes(t, s.bytes)
			if d == nil {
				t.Fatal("not opened")
			}
			compareDamaged(t, d)
			if _, err := byRecords(d); geo.CodeOf(err) != c.code {
				t.Errorf("%v, want %q", err, c.code)
			}
		})
	}
}

// TestRowsBeyondTheLimit has an index that counts fewer rows than the table has.
func TestRowsBeyondTheLimit(t *testing.T) {
	path := sqlFile(t, "", "CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, n INTEGER)",
		count(3)+"INSERT INTO t (geom, n) SELECT zeroblob(500), x FROM c", "CREATE INDEX i ON t (n)")
	db, err := openReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var root int64
	if err := db.QueryRow("SELECT rootpage FROM sqlite_master WHERE name = 'i'").Scan(&root); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{0, 1}, (root-1)*4096+3); err != nil {
		t.Fatal(err)
	}
	f.Close()
	d := openFile(t, path, Options{Limits: format.Limits{MaxRecords: 2}})
	if rows, err := byRecords(d); geo.CodeOf(err) != "ingest.file.too-many-rows" || len(rows) != 2 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// FuzzPages changes bytes of a file: of each five bytes two say which page, two which byte of it, and the last what it
// becomes.
func FuzzPages(f *testing.F) {
	s := newSample(f)
	pages := len(s.bytes) / samplePage
	edit := func(page, at int, to byte) []byte {
		return []byte{byte((page - 1) >> 8), byte(page - 1), byte(at >> 8), byte(at), to}
	}
	leaf := s.leaf(s.root)
	f.Add([]byte{})
	f.Add(edit(s.root, 11, byte(s.root)))
	f.Add(edit(leaf, 9, 0))
	f.Add(edit(leaf, s.cellAt(leaf, 0)+3, 0x7f))
	f.Add(append(edit(leaf, s.cellAt(leaf, 0), 0xff), edit(s.root, 3, 0xff)...))
	f.Fuzz(func(t *testing.T, edits []byte) {
		b := append([]byte(nil), s.bytes...)
		for ; len(edits) >= 5; edits = edits[5:] {
			page, at := binary.BigEndian.Uint16(edits), binary.BigEndian.Uint16(edits[2:])
			b[int(page)%pages*samplePage+int(at)%samplePage] = edits[4]
		}
		if d := openBytes(t, b); d != nil {
			compareDamaged(t, d)
		}
	})
}
