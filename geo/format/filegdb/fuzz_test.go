package filegdb_test

import (
	"testing"

	"greenshield/geo/format"
	"greenshield/geo/format/filegdb"
)

// fuzzLimits keep a single run small; what they bound is tested elsewhere.
func fuzzLimits() filegdb.Options {
	return filegdb.Options{Limits: format.Limits{MaxVertices: 10_000, MaxRecords: 2000, MaxText: 1000}}
}

// check opens and reads what the fuzzer made: no panic, and every refusal has a code.
func check(t *testing.T, dir string) {
	t.Helper()
	s, rows, err := read(t, dir, fuzzLimits())
	if err != nil && code(err) == "" {
		t.Fatalf("an error without a code: %v", err)
	}
	for _, r := range rows {
		if len(r.Values) != len(s.Fields) {
			t.Fatalf("row %d has %d values for %d fields", r.Row, len(r.Values), len(s.Fields))
		}
	}
}

// FuzzTable takes any bytes for the table and the offsets of a feature class.
func FuzzTable(f *testing.F) {
	for _, b := range []build{parcels(), {}, {columns: parcels().columns, rows: parcels().rows, sparse: 3, zm: true, utf16: true}} {
		main, index := b.files()
		f.Add(main, index)
	}
	dir := geodatabase(f, named{name: "x", table: build{}})
	f.Fuzz(func(t *testing.T, main, index []byte) {
		put(t, dir, 3, main, index)
		check(t, dir)
	})
}

// FuzzCatalog takes any bytes for the table of tables, which is also the list of items here.
func FuzzCatalog(f *testing.F) {
	main, index := parcels().files()
	f.Add(main, index, true)
	dir := geodatabase(f, named{name: "地块", table: parcels()})
	for _, number := range []int{1, 2} {
		main, index = files(f, dir, number)
		f.Add(main, index, number == 1)
	}
	catalogs, itemLists := geodatabase(f, named{name: "地块", table: parcels()}), dir
	f.Fuzz(func(t *testing.T, main, index []byte, catalog bool) {
		if catalog {
			put(t, catalogs, 1, main, index)
			check(t, catalogs)
		} else {
			put(t, itemLists, 2, main, index)
			check(t, itemLists)
		}
	})
}

// FuzzGeometry takes any bytes for a geometry.
func FuzzGeometry(f *testing.F) {
	f.Add(polygon(51, 0, square(0, 0, 10), hole(1, 1, 2)))
	f.Add(polygon(51, 1<<29, square(0, 0, 10)))
	f.Add(line(50, 0, [][2]int64{{1, 2}, {3, 4}}))
	f.Add(points(8, [][2]int64{{1, 2}, {-3, 4}}))
	f.Add(point(1, 5, 6))
	dir := geodatabase(f, named{name: "x", table: parcels()})
	f.Fuzz(func(t *testing.T, shape []byte) {
		b := parcels()
		b.rows = [][]byte{row([]byte{0}, sized(shape), str("x"))}
		putTable(t, dir, 3, b)
		check(t, dir)
	})
}
