package filegdb_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/geo/format/filegdb"
)

// parcels is a feature class with a geometry and a text in three rows, the second of them deleted.
func parcels() build {
	return build{
		shape: 4,
		scale: 1,
		columns: []column{
			{name: "OBJECTID", kind: tObjectID}, {name: "SHAPE", kind: tGeometry}, {name: "名称", kind: tText},
		},
		rows: [][]byte{
			row([]byte{0}, sized(polygon(5, 0, square(400, 400, 10), hole(401, 401, 2))), str("青山")),
			nil,
			row([]byte{3}),
		},
	}
}

func TestRows(t *testing.T) {
	s, rows, err := read(t, geodatabase(t, named{name: "地块", table: parcels()}), filegdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Format != "filegdb" || s.Name != "地块" || s.Encoding != "UTF-8" || s.Count != 2 || len(s.Notes) != 0 || s.Declared != nil {
		t.Errorf("schema %+v", s)
	}
	if len(s.Fields) != 1 || s.Fields[0] != (format.Field{Name: "名称", Kind: format.Text, Width: 255}) {
		t.Errorf("fields %+v", s.Fields)
	}
	want := orb.Polygon{
		{{0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}}, {{1, 1}, {3, 1}, {3, 3}, {1, 3}, {1, 1}},
	}
	if len(rows) != 2 || !orb.Equal(rows[0].Geometry, want) || rows[0].Values[0] != "青山" || rows[0].Row != 1 {
		t.Errorf("rows %+v", rows)
	}
	if len(rows) == 2 && (rows[1].Row != 3 || rows[1].Geometry != nil || rows[1].Values[0] != nil || rows[1].Problem != nil) {
		t.Errorf("empty row %+v", rows[1])
	}
}

func TestValues(t *testing.T) {
	id := "{70737809-852C-4A03-9E22-2CECEA5B9BFA}"
	for name, c := range map[string]struct {
		kind int
		cell []byte
		want any // a string that begins with ingest. is the code of the row's problem
	}{
		"int16":                  {tInt16, []byte{0xFE, 0xFF}, int64(-2)},
		"int32":                  {tInt32, []byte{0, 0, 0, 0x80}, int64(-1 << 31)},
		"int64":                  {tInt64, u64(nil, 1<<63), int64(-1 << 63)},
		"float32":                {tFloat32, []byte{0, 0, 0xC0, 0x3F}, 1.5},
		"float64":                {tFloat64, f64(nil, 0.1), 0.1},
		"no number":              {tFloat64, u64(nil, 0x7FF8000000000000), "ingest.field.bad-value"},
		"infinite":               {tFloat32, []byte{0, 0, 0x80, 0x7F}, "ingest.field.bad-value"},
		"text outside the plane": {tText, str("𠮷"), "𠮷"},
		"empty text":             {tText, str(""), ""},
		"bad-input 100 markup, escapes and line ends are text": {tText, str("<script>\x1b[2J\r\n\x00"), "<script>\x1b[2J\r\n\x00"},
		"half a character":         {tText, sized([]byte("青")[:2]), "ingest.field.bad-value"},
		"too long":                 {tText, str(strings.Repeat("青", 34)), "ingest.field.too-long"},
		"as long as allowed":       {tText, str(strings.Repeat("a", 100)), strings.Repeat("a", 100)},
		"length beyond the row":    {tText, varuint(nil, 1<<40), "ingest.filegdb.row-damaged"},
		"length in eleven bytes":   {tText, append(bytes.Repeat([]byte{0x80}, 10), 0), "ingest.filegdb.row-damaged"},
		"length without end":       {tText, bytes.Repeat([]byte{0xFF}, 12), "ingest.filegdb.row-damaged"},
		"row ends early":           {tFloat64, []byte{1, 2, 3}, "ingest.filegdb.row-damaged"},
		"xml":                      {tXML, str("<a/>"), "<a/>"},
		"guid":                     {tGUID, guidBytes(id), id},
		"global id":                {tGlobalID, guidBytes(id), id},
		"day":                      {tDateTime, f64(nil, 45291), "2023-12-31"},
		"second":                   {tDateTime, f64(nil, 45291+(8*3600+9*60+10)/86400.0), "2023-12-31 08:09:10"},
		"thousandth":               {tDateTime, f64(nil, 45291.5+0.25/86400), "2023-12-31 12:00:00.250"},
		"a breath before midnight": {tDateTime, f64(nil, 45291-1e-9), "2023-12-31"},
		"before the epoch":         {tDateTime, f64(nil, -0.25), "1899-12-29 18:00:00"},
		"first day":                {tDateTime, f64(nil, -693593), "0001-01-01"},
		"before the first year":    {tDateTime, f64(nil, -693594), "ingest.field.bad-value"},
		"after the last year":      {tDateTime, f64(nil, 1e300), "ingest.field.bad-value"},
		"no date":                  {tDateTime, u64(nil, 0x7FF8000000000000), "ingest.field.bad-value"},
		"date only":                {tDate, f64(nil, 45291), "2023-12-31"},
		"time only":                {tTime, f64(nil, 0.75), "18:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			b := parcels()
			b.columns = append(b.columns[:2:2], column{name: "v", kind: c.kind, required: true})
			b.rows = [][]byte{row([]byte{1}, c.cell)}
			o := filegdb.Options{Limits: format.Limits{MaxText: 100}}
			_, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), o)
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			got := rows[0].Values[0]
			if rows[0].Problem != nil {
				got = rows[0].Problem.Code
			}
			if got != c.want {
				t.Errorf("%#v, want %#v", got, c.want)
			}
		})
	}
}

func TestTextInUTF16(t *testing.T) {
	b := parcels()
	b.utf16 = true
	b.rows = [][]byte{
		row([]byte{1}, sized(text16("青山𠮷\uFFFD"))), row([]byte{1}, sized([]byte{0x00, 0xD8})),
		row([]byte{1}, sized([]byte{'a', 0, 'b'})), row([]byte{1}, sized(text16(strings.Repeat("青", 40)))),
	}
	o := filegdb.Options{Limits: format.Limits{MaxText: 100}}
	s, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), o)
	if err != nil || s.Encoding != "UTF-16" || rows[0].Values[0] != "青山𠮷\uFFFD" {
		t.Fatal(s.Encoding, rows, err)
	}
	for i, want := range []string{"ingest.field.bad-value", "ingest.field.bad-value", "ingest.field.too-long"} {
		if p := rows[i+1].Problem; p == nil || p.Code != want {
			t.Errorf("row %d: %v, want %s", i+2, p, want)
		}
	}
}

// TestColumnsBetweenOthers has every type of column once, with defaults, so that a wrong length shows behind it.
func TestColumnsBetweenOthers(t *testing.T) {
	b := parcels()
	b.description, b.zm = 6, true
	b.columns = []column{{name: "OBJECTID", kind: tObjectID}, {name: "SHAPE", kind: tGeometry, required: true}}
	cells := [][]byte{sized(point(1, 405, 406))}
	for kind, cell := range map[int][]byte{
		tInt16: {1, 0}, tInt32: {1, 0, 0, 0}, tFloat32: {0, 0, 0, 0}, tFloat64: f64(nil, 1), tText: str("a"), tDateTime: f64(nil, 1),
		tBinary: str("blob"), tRaster: str("raster"), tGUID: make([]byte, 16), tGlobalID: make([]byte, 16), tXML: str("<a/>"),
		tInt64: u64(nil, 1), tDate: f64(nil, 1), tTime: f64(nil, 1), tDateTimeOffset: make([]byte, 10),
	} {
		c := column{name: "c", kind: kind, required: true}
		if kind < tDateTime {
			c.preset = cell
		}
		b.columns = append(b.columns, c, column{name: "behind", kind: tText, required: true})
		cells = append(cells, cell, str("ok"))
	}
	b.rows = [][]byte{row(cells...)}
	s, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), filegdb.Options{})
	if err != nil || len(rows) != 1 || rows[0].Problem != nil || rows[0].Geometry != (orb.Point{5, 6}) {
		t.Fatal(rows, err)
	}
	behind := 0
	for i, f := range s.Fields {
		if f.Name == "behind" && rows[0].Values[i] == "ok" {
			behind++
		}
	}
	left := slices.DeleteFunc(codes(s), func(c string) bool { return c != "ingest.filegdb.column-left-out" })
	if behind != 15 || len(left) != 3 {
		t.Errorf("%d columns right, notes %v", behind, s.Notes)
	}
}

func codes(s format.Schema) []string {
	var all []string
	for _, n := range s.Notes {
		all = append(all, n.Code)
	}
	return all
}

func TestGeometries(t *testing.T) {
	shell, inner := square(400, 400, 10), hole(401, 401, 2)
	polygonZ := append(polygon(15, 0, shell), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	plain := orb.Polygon{{{0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}}}
	with := orb.Polygon{plain[0], {{1, 1}, {3, 1}, {3, 3}, {1, 3}, {1, 1}}}
	for name, c := range map[string]struct {
		shape []byte
		want  orb.Geometry
		code  string
	}{
		"point":                            {point(1, 401, 402), orb.Point{1, 2}, ""},
		"point z":                          {append(point(9, 401, 402), 7), orb.Point{1, 2}, ""},
		"general point":                    {point(52|1<<31, 401, 402), orb.Point{1, 2}, ""},
		"point nowhere":                    {[]byte{1, 0, 0}, nil, ""},
		"null shape":                       {[]byte{0}, nil, ""},
		"multipoint":                       {points(8, [][2]int64{{401, 402}, {390, 500}}), orb.MultiPoint{{1, 2}, {-10, 100}}, ""},
		"multipoint without a point":       {[]byte{8, 0}, nil, ""},
		"line":                             {line(3, 0, [][2]int64{{400, 400}, {401, 402}}), orb.LineString{{0, 0}, {1, 2}}, ""},
		"lines":                            {line(50, 0, shell[:2], shell[2:4]), orb.MultiLineString{{{0, 0}, {0, 10}}, {{10, 10}, {10, 0}}}, ""},
		"polygon":                          {polygon(5, 0, shell), plain, ""},
		"bad-input 92 polygon z and m":     {polygonZ, plain, ""},
		"bad-input 34 hole before shell":   {polygon(51, 0, inner, shell), with, ""},
		"bad-input 34 two shells":          {polygon(51, 0, shell, square(500, 400, 1)), orb.MultiPolygon{plain, {{{100, 0}, {100, 1}, {101, 1}, {101, 0}, {100, 0}}}}, ""},
		"polygon without a point":          {[]byte{5, 0}, nil, ""},
		"empty part":                       {polygon(5, 0, nil, shell), plain, ""},
		"curve flag and no curve":          {slices.Replace(polygon(51, 1<<29, shell), 7, 8, 0), plain, ""},
		"bad-input 33 curve":               {polygon(51, 1<<29, shell), nil, "filegdb.curve"},
		"bad-input 33 multipatch":          {[]byte{54}, nil, "filegdb.multipatch"},
		"unknown kind":                     {[]byte{77}, nil, "filegdb.geometry-kind"},
		"no byte":                          {nil, nil, "filegdb.geometry-damaged"},
		"half a point":                     {[]byte{1, 5}, nil, "filegdb.geometry-damaged"},
		"point off the grid":               {point(1, 1<<60, 1), nil, "filegdb.geometry-damaged"},
		"steps off the grid":               {line(3, 0, [][2]int64{{0, 0}, {1 << 54, 0}}), nil, "filegdb.geometry-damaged"},
		"one step off the grid":            {line(3, 0, [][2]int64{{0, 0}, {1 << 60, 0}}), nil, "filegdb.geometry-damaged"},
		"bad-input 30 point count 2^31":    {append(varuint([]byte{5}, 1<<31), 1, 0, 0, 0, 0), nil, "filegdb.geometry-damaged"},
		"bad-input 30 too many for limits": {points(8, make([][2]int64, 101)), nil, "geometry.too-many-vertices"},
		"bad-input 29 part count":          {[]byte{5, 2, 100, 0, 0, 0, 0, 0, 0, 0, 0}, nil, "filegdb.geometry-damaged"},
		"bad-input 29 no part":             {[]byte{5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0}, nil, "filegdb.geometry-damaged"},
		"bad-input 29 part beyond the end": {[]byte{5, 2, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0}, nil, "filegdb.geometry-damaged"},
		"bad-input 29 part count 2^40":     {append(varuint([]byte{5, 2}, 1<<40), 0, 0, 0, 0, 0, 0, 0, 0), nil, "filegdb.geometry-damaged"},
		"step that overflows":              {line(3, 0, [][2]int64{{1 << 53, 0}, {-1<<63 + 1<<53 + 1, 0}}), nil, "filegdb.geometry-damaged"},
		"points end early":                 {polygon(5, 0, shell)[:16], nil, "filegdb.geometry-damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			b := parcels()
			b.rows = [][]byte{row([]byte{0}, sized(c.shape), str("x"))}
			o := filegdb.Options{Limits: format.Limits{MaxVertices: 100}}
			_, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), o)
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			r := rows[0]
			switch {
			case c.code != "" && (r.Problem == nil || r.Problem.Code != "ingest."+c.code || r.Geometry != nil):
				t.Errorf("%v with %v, want %s", r.Problem, r.Geometry, c.code)
			case c.code == "" && (r.Problem != nil || !same(r.Geometry, c.want)):
				t.Errorf("%v %v, want %v", r.Geometry, r.Problem, c.want)
			case r.Values[0] != "x":
				t.Errorf("values %v", r.Values)
			}
		})
	}
}

func same(a, b orb.Geometry) bool {
	return a == nil && b == nil || a != nil && b != nil && orb.Equal(a, b)
}

func TestTurnedRingsAreNoted(t *testing.T) {
	b := parcels()
	b.rows = [][]byte{row([]byte{0}, sized(polygon(5, 0, hole(400, 400, 10))), str("x"))}
	s, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), filegdb.Options{})
	if err != nil || rows[0].Geometry == nil || !slices.Equal(codes(s), []string{"ingest.filegdb.ring-orientation"}) {
		t.Error(s.Notes, rows, err)
	}
}

func TestRingsWithoutEnd(t *testing.T) {
	b := parcels()
	var all [][][2]int64
	for i := range int64(12_000) {
		all = append(all, square(i, i, 100_000-2*i))
	}
	b.rows = [][]byte{row([]byte{0}, sized(polygon(5, 0, all...)), str("x"))}
	_, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), filegdb.Options{})
	if err != nil || rows[0].Problem == nil || rows[0].Problem.Code != "ingest.filegdb.too-many-rings" {
		t.Error(rows, err)
	}
}

func TestRefused(t *testing.T) {
	x := func(change func(*build)) func(*testing.T) string {
		return func(t *testing.T) string {
			b := parcels()
			change(&b)
			return geodatabase(t, named{name: "x", table: b})
		}
	}
	bytesOf := func(change func(main, index []byte) ([]byte, []byte)) func(*testing.T) string {
		return func(t *testing.T) string {
			dir := geodatabase(t, named{name: "x", table: parcels()})
			main, index := change(files(t, dir, 3))
			put(t, dir, 3, main, index)
			return dir
		}
	}
	for name, c := range map[string]struct {
		make func(*testing.T) string
		code string
	}{
		"empty folder":         {func(t *testing.T) string { return t.TempDir() }, "filegdb.not-geodatabase"},
		"no feature class":     {func(t *testing.T) string { return geodatabase(t) }, "filegdb.no-features"},
		"table of version 9":   {x(func(b *build) { b.description = 3 }), "filegdb.version-9"},
		"unknown version":      {x(func(b *build) { b.description = 5 }), "filegdb.damaged"},
		"64-bit ids":           {x(func(b *build) { b.version = 4 }), "filegdb.wide-ids"},
		"unknown table":        {x(func(b *build) { b.version = 7 }), "filegdb.damaged"},
		"no geometry column":   {x(func(b *build) { b.columns = b.columns[2:] }), "filegdb.damaged"},
		"unknown type":         {x(func(b *build) { b.columns = append(b.columns, column{name: "q", kind: 99}) }), "filegdb.damaged"},
		"grid without a scale": {x(func(b *build) { b.scale = -1 }), "filegdb.damaged"},
		"bad-input 28 truncated table": {bytesOf(func(m, i []byte) ([]byte, []byte) {
			return m[:len(m)-1], i
		}), "filegdb.truncated"},
		"bad-input 28 no byte": {bytesOf(func(_, i []byte) ([]byte, []byte) { return nil, i }), "filegdb.truncated"},
		"bad-input 28 truncated offsets": {bytesOf(func(m, i []byte) ([]byte, []byte) {
			return m, i[:1000]
		}), "filegdb.truncated"},
		"bad-input 35 offset beyond the file": {bytesOf(func(m, i []byte) ([]byte, []byte) {
			return m, slices.Replace(i, 16, 21, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)
		}), "filegdb.truncated"},
		"fewer blocks than rows": {bytesOf(func(m, i []byte) ([]byte, []byte) {
			return m, slices.Replace(i, 8, 12, 0xFF, 0xFF, 0xFF, 0x7F)
		}), "filegdb.damaged"},
		"offset size": {bytesOf(func(m, i []byte) ([]byte, []byte) { return m, slices.Replace(i, 12, 13, 9) }), "filegdb.damaged"},
		"offsets of 64-bit ids": {bytesOf(func(m, i []byte) ([]byte, []byte) {
			return m, slices.Replace(i, 0, 1, 4)
		}), "filegdb.wide-ids"},
		"description beyond the file": {bytesOf(func(m, i []byte) ([]byte, []byte) {
			return slices.Replace(m, 32, 36, 0xFF, 0xFF, 0xFF, 0x7F), i
		}), "filegdb.truncated"},
		"huge description": {bytesOf(func(m, i []byte) ([]byte, []byte) {
			return slices.Replace(m, 40, 44, 0xFF, 0xFF, 0xFF, 0xFF), i
		}), "filegdb.damaged"},
		"geodatabase of version 9": {func(t *testing.T) string {
			dir := geodatabase(t, named{name: "GDB_ObjectClasses", table: build{}})
			main, index := files(t, dir, 1)
			put(t, dir, 1, bytes.Replace(main, []byte("GDB_Items"), []byte("GDB_Other"), 1), index)
			return dir
		}, "filegdb.version-9"},
		"bad-input 27 no offsets": {func(t *testing.T) string {
			return without(t, geodatabase(t, named{name: "x", table: parcels()}), "a00000003.gdbtablx", "")
		}, "filegdb.table-missing"},
		"compressed table": {func(t *testing.T) string {
			return without(t, geodatabase(t, named{name: "x", table: parcels()}), "a00000003.gdbtable", "a00000003.cdf")
		}, "filegdb.compressed"},
		"bad-input 24 two feature classes": {func(t *testing.T) string {
			return geodatabase(t, named{name: "x", table: parcels()}, named{name: "y", table: parcels()})
		}, "file.several-layers"},
		"too many rows": {x(func(b *build) { b.rows = slices.Repeat(b.rows[:1], 11) }), "file.too-many-rows"},
		"damaged item": {func(t *testing.T) string {
			dir := geodatabase(t, named{name: "x", table: parcels()})
			b := build{columns: []column{{name: "Type", kind: tGUID}, {name: "Name", kind: tText}}, rows: [][]byte{{0, 1, 2}}}
			putTable(t, dir, 2, b)
			return dir
		}, "filegdb.damaged"},
		"items without names": {func(t *testing.T) string {
			dir := geodatabase(t, named{name: "x", table: parcels()})
			putTable(t, dir, 2, build{columns: []column{{name: "Type", kind: tGUID}}})
			return dir
		}, "filegdb.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read(t, c.make(t), filegdb.Options{Limits: format.Limits{MaxRecords: 10}})
			if code(err) != "ingest."+c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

// files reads the two files of a table.
func files(t testing.TB, dir string, number int) (main, index []byte) {
	t.Helper()
	stem := filepath.Join(dir, "a0000000"+string(rune('0'+number)))
	main, err := os.ReadFile(stem + ".gdbtable")
	if err != nil {
		t.Fatal(err)
	}
	index, err = os.ReadFile(stem + ".gdbtablx")
	if err != nil {
		t.Fatal(err)
	}
	return main, index
}

// without renames a file, or removes it when there is no other name.
func without(t *testing.T, dir, name, other string) string {
	t.Helper()
	from := filepath.Join(dir, name)
	err := os.Remove(from)
	if err == nil && other != "" {
		err = os.WriteFile(filepath.Join(dir, other), nil, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDamagedRowsAreTold(t *testing.T) {
	b := parcels()
	b.rows = append(b.rows, []byte{0, 5}, b.rows[0])
	dir := geodatabase(t, named{name: "x", table: b})
	_, rows, err := read(t, dir, filegdb.Options{})
	if err != nil || len(rows) != 4 || rows[2].Problem == nil || rows[2].Problem.Code != "ingest.filegdb.row-damaged" {
		t.Fatal(rows, err)
	}
	if rows[3].Problem != nil || rows[3].Geometry == nil {
		t.Errorf("the row behind it: %+v", rows[3])
	}
	main, index := files(t, dir, 3)
	at := bytes.Index(main, b.rows[0]) - 4
	put(t, dir, 3, slices.Replace(main, at, at+4, 0xFF, 0xFF, 0xFF, 0xFF), index) // a negative length
	_, rows, err = read(t, dir, filegdb.Options{})
	if err != nil || rows[0].Problem == nil || rows[0].Problem.Code != "ingest.filegdb.row-damaged" {
		t.Error(rows, err)
	}
}

func TestRowsBeyondTheLimits(t *testing.T) {
	b := parcels()
	b.rows = [][]byte{row([]byte{1}, str(strings.Repeat("a", 3<<20))), {}, row([]byte{1}, str("ok"))}
	o := filegdb.Options{Limits: format.Limits{MaxText: 10, MaxVertices: 10}}
	_, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), o)
	if err != nil || len(rows) != 3 || rows[2].Problem != nil || rows[2].Values[0] != "ok" {
		t.Fatal(rows, err)
	}
	for _, r := range rows[:2] { // longer than any row within the limits, and without a byte
		if r.Problem == nil || r.Problem.Code != "ingest.filegdb.row-damaged" {
			t.Errorf("row %d: %v", r.Row, r.Problem)
		}
	}
}

func TestBitmapsThatLie(t *testing.T) {
	b := parcels()
	b.sparse = 40
	for name, c := range map[string]struct {
		code   string
		change func(trailer []byte)
	}{
		"covers fewer blocks":     {"damaged", func(trailer []byte) { trailer[4] = 8 }},
		"has more blocks":         {"damaged", func(trailer []byte) { trailer[16] = 0xFF }},
		"longer than it may be":   {"damaged", func(trailer []byte) { trailer[0] = 1 }},
		"longer than the file is": {"truncated", func(trailer []byte) { trailer[0], trailer[5] = 0xFF, 4 }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := geodatabase(t, named{name: "x", table: b})
			main, index := files(t, dir, 3)
			c.change(index[16+1024*5:])
			put(t, dir, 3, main, index)
			_, _, err := read(t, dir, filegdb.Options{})
			if code(err) != "ingest.filegdb."+c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

// TestCatalogWithoutEnd has more tables than any geodatabase.
func TestCatalogWithoutEnd(t *testing.T) {
	dir := geodatabase(t, named{name: "x", table: parcels()})
	names := build{columns: []column{{name: "ID", kind: tObjectID}, {name: "Name", kind: tText}}}
	names.rows = slices.Repeat([][]byte{row([]byte{0}, str("x"))}, 100_001)
	putTable(t, dir, 1, names)
	if _, _, err := read(t, dir, filegdb.Options{}); code(err) != "ingest.filegdb.damaged" {
		t.Error(err)
	}
}

func TestSparseOffsets(t *testing.T) {
	b := parcels()
	b.sparse = 9
	b.rows = append(slices.Repeat(b.rows, 400), b.rows[0])
	s, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), filegdb.Options{})
	if err != nil || len(rows) != 801 || s.Count != 801 || rows[0].Row != 9*1024+1 || rows[800].Row != 9*1024+1201 {
		t.Errorf("%d rows, count %d, %v", len(rows), s.Count, err)
	}
}

func TestCountThatDiffers(t *testing.T) {
	b := parcels()
	b.stated = 1
	s, rows, err := read(t, geodatabase(t, named{name: "x", table: b}), filegdb.Options{})
	if err != nil || len(rows) != 2 || !slices.Equal(codes(s), []string{"ingest.filegdb.count-differs"}) {
		t.Error(s.Notes, rows, err)
	}
}

func TestTopologyTablesAreNoQuestion(t *testing.T) {
	dir := geodatabase(t, named{name: "红线", table: parcels()}, named{name: "T_1_PolyErrors", table: parcels()},
		named{name: "拓扑", item: topology, table: build{}})
	s, _, err := read(t, dir, filegdb.Options{})
	if err != nil || s.Name != "红线" {
		t.Error(s.Name, err)
	}
	if s, _, err = read(t, dir, filegdb.Options{Layer: "T_1_PolyErrors"}); err != nil || s.Name != "T_1_PolyErrors" {
		t.Error(s.Name, err)
	}
	dir = geodatabase(t, named{name: "红线", table: parcels()}, named{name: "T_1_PolyErrors", table: parcels()})
	if _, _, err = read(t, dir, filegdb.Options{}); code(err) != "ingest.file.several-layers" {
		t.Errorf("without a topology the name means nothing: %v", err)
	}
}

func TestReferenceSystem(t *testing.T) {
	for name, c := range map[string]struct {
		wkt, declared, code string
	}{
		"none":       {"", "", ""},
		"Esri's nil": {"{B286C06B-0879-11D2-AACA-00C04FA33C20}", "", ""},
		"CGCS2000": {
			`GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",` +
				`6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`, "EPSG:4490", "",
		},
		"noise": {"noise", "", "ingest.crs.unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			b := parcels()
			b.wkt = c.wkt
			s, _, err := read(t, geodatabase(t, named{name: "x", table: b}), filegdb.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if s.Declared != nil {
				got = s.Declared.String()
			}
			if got != c.declared || (s.DeclaredProblem == nil) != (c.code == "") {
				t.Errorf("%s, %v", got, s.DeclaredProblem)
			}
		})
	}
}

func TestNamesInAnyCase(t *testing.T) {
	dir := geodatabase(t, named{name: "x", table: parcels()})
	for _, name := range []string{"a00000001.gdbtable", "a00000003.gdbtablx"} {
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, strings.ToUpper(name))); err != nil {
			t.Fatal(err)
		}
	}
	if _, rows, err := read(t, dir, filegdb.Options{}); err != nil || len(rows) != 2 || !filegdb.IsFolder(dir) {
		t.Error(rows, err)
	}
}
