package shapefile_test

import (
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/shapefile"
)

// fuzzLimits keep a single run small; what they bound is tested elsewhere.
func fuzzLimits() shapefile.Options {
	return shapefile.Options{Limits: format.Limits{MaxVertices: 10_000, MaxRecords: 1000}}
}

// check opens and reads what the fuzzer made: no panic, and every refusal has a code.
func check(t *testing.T, path string) {
	t.Helper()
	_, rows, err := read(path, fuzzLimits())
	if err != nil && geo.CodeOf(err) == "" {
		t.Fatalf("an error without a code: %v", err)
	}
	for _, r := range rows {
		if r.Problem != nil && r.Geometry != nil && r.Problem.Code == "ingest.geometry.bad-coordinate" {
			t.Fatal("a geometry with bad coordinates was given out")
		}
		if p, ok := r.Geometry.(orb.MultiPolygon); ok && len(p) < 2 {
			t.Fatalf("a multipolygon of %d polygons", len(p))
		}
	}
}

func FuzzShapes(f *testing.F) {
	polygon := parts(5, clockwise(0, 0, 9), reversed(clockwise(1, 1, 2)))
	good := shp(point(1, 1), u32(nil, 0), polygon, parts(3, clockwise(0, 0, 9)))
	f.Add(good, shx(good), false)
	f.Add(good[:130], []byte{}, true)
	f.Add(shp(f64(u32(f64(u32(nil, 8), 0, 0, 1, 1), 2), 1, 2, 3, 4)), []byte{}, false)
	table := dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"}, []string{"2"}, []string{"3"}, []string{"4"})
	f.Fuzz(func(t *testing.T, main, index []byte, withTable bool) {
		files := map[string][]byte{".shp": main, ".shx": index}
		if withTable {
			files[".dbf"] = table
		}
		check(t, put(t, files))
	})
}

func FuzzTable(f *testing.F) {
	two := shp(point(1, 1), point(2, 2))
	columns := []column{{"text", 'C', 9, 0}, {"n", 'N', 9, 2}, {"d", 'D', 8, 0}, {"l", 'L', 1, 0}, {"t", 'T', 8, 0}}
	full := []string{gbk("平南县"), "1.5", "20231231", "T", "12345678"}
	f.Add(dbf(0x4D, columns, full, []string{"*", "", "", "", "", ""}), "")
	f.Add(dbf(0, columns, []string{"平南县", "***", "0", "?", ""}, []string{"caf\xe9", "", "", "", ""}), "UTF-8")
	f.Fuzz(func(t *testing.T, table []byte, cpg string) {
		check(t, put(t, map[string][]byte{".shp": two, ".dbf": table, ".cpg": []byte(cpg)}))
	})
}
