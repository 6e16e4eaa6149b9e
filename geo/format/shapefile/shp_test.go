package shapefile_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/shapefile"
)

func TestRingsBecomePolygonsByWhereTheyLie(t *testing.T) {
	t.Run("bad-input 34 rings in any winding and order", func(t *testing.T) {
		shell, hole := clockwise(0, 0, 10), reversed(clockwise(1, 1, 8))
		island, pond := clockwise(2, 2, 6), reversed(clockwise(3, 3, 4))
		other := clockwise(20, 0, 10)
		touching := []orb.Point{{0, 0}, {5, 1}, {5, 5}, {0, 0}} // a hole that touches its shell in a vertex
		cases := map[string]struct {
			rings  [][]orb.Point
			want   orb.Geometry
			turned bool
		}{
			"shell and hole":          {[][]orb.Point{shell, hole}, orb.Polygon{shell, hole}, false},
			"hole before its shell":   {[][]orb.Point{hole, shell}, orb.Polygon{shell, hole}, false},
			"hole wound like a shell": {[][]orb.Point{shell, reversed(hole)}, orb.Polygon{shell, reversed(hole)}, true},
			"shell wound like a hole": {[][]orb.Point{reversed(shell)}, orb.Polygon{reversed(shell)}, true},
			"two shells":              {[][]orb.Point{other, shell}, orb.MultiPolygon{{other}, {shell}}, false},
			"two shells, holes at the end": {
				[][]orb.Point{other, shell, hole}, orb.MultiPolygon{{other}, {shell, hole}}, false,
			},
			"pond on an island in a lake": {
				[][]orb.Point{pond, island, hole, shell}, orb.MultiPolygon{{island, pond}, {shell, hole}}, false,
			},
			"hole touching its shell": {[][]orb.Point{touching, shell}, orb.Polygon{shell, touching}, false},
			"hole as large as its shell": {
				[][]orb.Point{shell, reversed(shell)}, orb.Polygon{shell, reversed(shell)}, false,
			},
			"the same shell twice": {[][]orb.Point{shell, shell}, orb.MultiPolygon{{shell}, {shell}}, false},
			"neighbours sharing an edge": {
				[][]orb.Point{clockwise(0, 0, 1), clockwise(1, 0, 1)},
				orb.MultiPolygon{{clockwise(0, 0, 1)}, {clockwise(1, 0, 1)}},
				false,
			},
			"unclosed ring is kept for the repair": {[][]orb.Point{shell[:4]}, orb.Polygon{shell[:4]}, false},
		}
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				s, rows, err := read(put(t, map[string][]byte{".shp": shp(parts(5, c.rings...))}), shapefile.Options{})
				if err != nil || rows[0].Problem != nil {
					t.Fatal(err, rows)
				}
				if !orb.Equal(rows[0].Geometry, c.want) {
					t.Errorf("got %s\nwant %s", wkt.MarshalString(rows[0].Geometry), wkt.MarshalString(c.want))
				}
				if hasNote(s, "ingest.shp.ring-orientation") != c.turned {
					t.Errorf("notes %v", s.Notes)
				}
			})
		}
	})
}

// TestManyRings has a shell of many edges with many holes, so that the strips are used, and compares with what is
// known by construction.
func TestManyRings(t *testing.T) {
	const n = 60
	outer := []orb.Point{}
	for i := range 2000 {
		a := -2 * math.Pi * float64(i) / 2000
		outer = append(outer, orb.Point{50 + 200*math.Cos(a), 50 + 200*math.Sin(a)})
	}
	outer = append(outer, outer[0])
	rings := [][]orb.Point{}
	for i := range n * n {
		rings = append(rings, reversed(clockwise(float64(i%n)*1.5, float64(i/n)*1.5, 1)))
	}
	rings = append(rings, outer)
	_, rows, err := read(put(t, map[string][]byte{".shp": shp(parts(5, rings...))}), shapefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, ok := rows[0].Geometry.(orb.Polygon)
	if !ok || len(p) != n*n+1 || len(p[0]) != 2001 {
		t.Fatalf("%T with %d rings", rows[0].Geometry, len(p))
	}
}

// TestRingsWithoutEnd has so many rings in one another that sorting them would take minutes.
func TestRingsWithoutEnd(t *testing.T) {
	rings := make([][]orb.Point, 12_000)
	for i := range rings {
		rings[i] = clockwise(float64(i), float64(i), float64(100_000-2*i))
	}
	_, rows, err := read(put(t, map[string][]byte{".shp": shp(parts(5, rings...))}), shapefile.Options{})
	if err != nil || codeOf(rows[0].Problem) != "ingest.shp.too-many-rings" {
		t.Fatal(rows[0].Problem, err)
	}
}

func TestShapeTypes(t *testing.T) {
	z := func(kind uint32, b []byte, extra ...float64) []byte {
		b = append(u32(nil, kind), b[4:]...)
		return f64(b, extra...)
	}
	line := []orb.Point{{0, 0}, {1, 1}}
	multi := f64(u32(f64(u32(nil, 8), 0, 0, 1, 1), 2), 1, 2, 3, 4)
	cases := map[string]struct {
		content []byte
		want    orb.Geometry
		problem string
	}{
		"bad-input 33 null":                    {u32(nil, 0), nil, ""},
		"empty record":                         {nil, nil, ""},
		"point":                                {point(1, 2), orb.Point{1, 2}, ""},
		"bad-input 33 point Z without M":       {z(11, point(1, 2), 3), orb.Point{1, 2}, ""},
		"bad-input 33 point Z, M without data": {z(11, point(1, 2), 3, -1e39), orb.Point{1, 2}, ""},
		"bad-input 33 point M":                 {z(21, point(1, 2), 3), orb.Point{1, 2}, ""},
		"multipoint":                           {multi, orb.MultiPoint{{1, 2}, {3, 4}}, ""},
		"empty multipoint":                     {u32(f64(u32(nil, 8), 0, 0, 0, 0), 0), nil, ""},
		"line":                                 {parts(3, line), orb.LineString(line), ""},
		"two lines":                            {parts(3, line, line), orb.MultiLineString{line, line}, ""},
		"bad-input 33 line M":                  {z(23, parts(3, line), 0, 1, 0, 1), orb.LineString(line), ""},
		"polygon without parts":                {parts(5), nil, ""},
		"bad-input 33 multipatch":              {u32(nil, 31, 0, 0), nil, "ingest.shp.multipatch"},
		"unknown type":                         {u32(nil, 7, 0), nil, "ingest.shp.record-damaged"},
		"point too short":                      {u32(nil, 1, 0), nil, "ingest.shp.record-damaged"},
		"bad-input 31 NaN":                     {point(math.NaN(), 1), nil, "ingest.geometry.bad-coordinate"},
		"bad-input 31 infinite":                {point(1, math.Inf(-1)), nil, "ingest.geometry.bad-coordinate"},
		"bad-input 31 minus 1e39":              {point(-1e39, -1e39), nil, "ingest.geometry.bad-coordinate"},
		"bad-input 31 smallest double":         {point(-math.MaxFloat64, 1), nil, "ingest.geometry.bad-coordinate"},
		"bad-input 30 2^31 points":             {u32(f64(u32(nil, 8), 0, 0, 0, 0), 1<<31), nil, "ingest.shp.record-damaged"},
		"bad-input 30 2^31 points in parts":    {u32(f64(u32(nil, 3), 0, 0, 0, 0), 1, 1<<31, 0), nil, "ingest.shp.record-damaged"},
		"bad-input 30 2^32-1 parts":            {u32(f64(u32(nil, 5), 0, 0, 0, 0), 1<<32-1, 0), nil, "ingest.shp.record-damaged"},
		"bad-input 29 points but no parts": {
			f64(u32(f64(u32(nil, 5), 0, 0, 0, 0), 0, 1), 1, 2), nil, "ingest.shp.record-damaged",
		},
		"bad-input 29 part index out of range": {
			f64(u32(f64(u32(nil, 3), 0, 0, 0, 0), 2, 1, 0, 9), 1, 2), nil, "ingest.shp.record-damaged",
		},
		"bad-input 29 part index decreasing": {
			f64(u32(f64(u32(nil, 3), 0, 0, 0, 0), 3, 2, 0, 2, 1), 1, 2, 3, 4), nil, "ingest.shp.record-damaged",
		},
		"bad-input 29 first part not at zero": {
			f64(u32(f64(u32(nil, 3), 0, 0, 0, 0), 1, 2, 1), 1, 2, 3, 4), nil, "ingest.shp.record-damaged",
		},
		"more vertices than asked": {parts(3, make([]orb.Point, 20)), nil, "ingest.geometry.too-many-vertices"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := put(t, map[string][]byte{".shp": shp(point(7, 7), c.content, point(8, 8))})
			_, rows, err := read(path, shapefile.Options{Limits: format.Limits{MaxVertices: 10}})
			if err != nil || len(rows) != 3 {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			if !reflect.DeepEqual(rows[1].Geometry, c.want) || codeOf(rows[1].Problem) != c.problem {
				t.Errorf("got %v %v", rows[1].Geometry, rows[1].Problem)
			}
			if rows[2].Geometry != (orb.Point{8, 8}) {
				t.Errorf("the row behind became %v", rows[2].Geometry)
			}
		})
	}
}

func TestRecordLengthsThatCannotBe(t *testing.T) {
	good := shp(point(1, 2), point(3, 4), point(5, 6))
	table := dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"}, []string{"2"}, []string{"3"})
	change := func(at int, v uint32) []byte {
		b := append([]byte{}, good...)
		binary.BigEndian.PutUint32(b[at:], v)
		return b
	}
	cases := map[string]struct {
		shp, dbf []byte
		code     string
	}{
		"as it should be":                          {good, table, ""},
		"bad-input 28 negative record length":      {change(104, 1<<32-2), nil, "ingest.shp.truncated"},
		"bad-input 28 huge record length":          {change(104, 1<<30), nil, "ingest.shp.truncated"},
		"bad-input 28 header longer than the file": {change(24, 1000), nil, "ingest.shp.truncated"},
		"bad-input 28 cut in the last record":      {good[:len(good)-6], nil, "ingest.shp.truncated"},
		"bad-input 28 cut between records":         {good[:len(good)-28], nil, "ingest.shp.truncated"},
		"cut between records, table":               {good[:len(good)-28], table, "ingest.shp.truncated"},
		"header says less, table more":             {change(24, (100+28)/2), table, ""},
		"header too long, table right":             {change(24, 1000), table, ""},
		"rubbish behind, table right":              {append(append([]byte{}, good...), "rubbish rubbish"...), table, ""},
		"bad-input 36 a row more in the table":     {shp(point(1, 2), point(3, 4)), table, "ingest.shp.count-differs"},
		"bad-input 36 a row less in the table": {
			shp(point(1, 2), point(3, 4), point(1, 2), point(3, 4)), table, "ingest.shp.count-differs",
		},
		"not a shapefile": {
			[]byte("MZ" + strings.Repeat(" a program", 12)), nil, "ingest.shp.not-shapefile",
		},
		"only half a header": {good[:50], nil, "ingest.shp.not-shapefile"},
		"nothing":            {nil, nil, "ingest.shp.not-shapefile"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{".shp": c.shp}
			if c.dbf != nil {
				files[".dbf"] = c.dbf
			}
			_, rows, err := read(put(t, files), shapefile.Options{})
			if geo.CodeOf(err) != c.code || (c.code == "") != (err == nil) {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			if c.code == "" && len(rows) != 3 {
				t.Fatalf("%d rows", len(rows))
			}
		})
	}
}

// TestDeadRecords has a record that was edited in place: its old form stays in the .shp, and only the .shx knows.
func TestDeadRecords(t *testing.T) {
	file := shp(point(1, 1), point(2, 2), point(3, 3), point(9, 9))
	binary.BigEndian.PutUint32(file[100+3*28:], 2) // the last record is the new form of record 2
	index := shx(file)
	entries := index[100:]
	copy(entries[8:16], entries[24:32])
	table := dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"}, []string{"2"}, []string{"3"})
	files := map[string][]byte{".shp": file, ".shx": index[:124], ".dbf": table}
	s, rows, err := read(put(t, files), shapefile.Options{})
	if err != nil || len(rows) != 3 || !hasNote(s, "ingest.shp.index-used") {
		t.Fatal(rows, s.Notes, err)
	}
	if rows[1].Geometry != (orb.Point{9, 9}) || rows[2].Geometry != (orb.Point{3, 3}) {
		t.Fatalf("rows are %v", rows)
	}
}

func TestIndexIsNotTrusted(t *testing.T) {
	file := shp(point(1, 1), point(2, 2))
	for name, index := range map[string][]byte{
		"empty":                     {},
		"bad-input 35 half a entry": append(shx(file)[:100], 1, 2, 3),
		"bad-input 35 wild offsets": append(shx(file)[:100], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1),
	} {
		_, rows, err := read(put(t, map[string][]byte{".shp": file, ".shx": index}), shapefile.Options{})
		if err != nil || len(rows) != 2 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

func TestMixedTypesAreNoted(t *testing.T) {
	t.Run("bad-input 32 several types of shapes", func(t *testing.T) {
		s, rows, err := read(put(t, map[string][]byte{".shp": shp(point(1, 1), u32(nil, 0), parts(5, clockwise(0, 0, 1)))}),
			shapefile.Options{})
		if err != nil || len(rows) != 3 || !hasNote(s, "ingest.shp.mixed-types") {
			t.Fatal(rows, s.Notes, err)
		}
	})
}

func TestCompanionsInAnyCase(t *testing.T) {
	t.Run("bad-input 40 names in any case", func(t *testing.T) {
		dir := t.TempDir()
		table := dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"})
		prj := "\uFEFF" + `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",` +
			`SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
		for name, b := range map[string][]byte{
			"Roads.SHP": shp(point(109, 23)), "ROADS.DBF": table, "roads.Prj": []byte(prj), "other.dbf": table,
		} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, rows, err := read(filepath.Join(dir, "Roads.SHP"), shapefile.Options{})
		if err != nil || len(rows) != 1 || len(s.Fields) != 1 || s.Name != "Roads" {
			t.Fatal(s, rows, err)
		}
		if s.Declared == nil || s.Declared.EPSG() != 4490 {
			t.Fatalf("declared %v %v", s.Declared, s.DeclaredProblem)
		}
	})
}

func TestNoReferenceSystem(t *testing.T) {
	t.Run("bad-input 27 no .prj, 39 one that is unknown", func(t *testing.T) {
		for name, prj := range map[string][]byte{"no .prj": nil, "empty .prj": []byte(" \r\n")} {
			files := map[string][]byte{".shp": shp(point(109, 23))}
			if prj != nil {
				files[".prj"] = prj
			}
			s, _, err := read(put(t, files), shapefile.Options{})
			if err != nil || s.Declared != nil || s.DeclaredProblem != nil || s.DeclaredText != "" {
				t.Errorf("%s: %v %v %v", name, s.Declared, s.DeclaredProblem, err)
			}
		}
		files := map[string][]byte{".shp": shp(point(109, 23)), ".prj": []byte("GEOGCS[[[")}
		if s, _, err := read(put(t, files), shapefile.Options{}); err != nil || s.DeclaredProblem == nil {
			t.Errorf("broken .prj: %v %v", s.DeclaredProblem, err)
		}
	})
}
