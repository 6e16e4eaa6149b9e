package shapefile_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/shapefile"
)

func gbk(s string) string {
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

func TestEncodings(t *testing.T) {
	const text = "平南县大安镇"
	cases := map[string]struct {
		bytes, cpg, cst string
		ldid            byte
		operator        string
		want, encoding  string
		note, code      string
	}{
		"cpg UTF-8":                       {bytes: text, cpg: "UTF-8", want: text, encoding: "UTF-8"},
		"cpg 65001":                       {bytes: text, cpg: "65001", want: text, encoding: "UTF-8"},
		"cpg with BOM and newline":        {bytes: gbk(text), cpg: "\uFEFFGBK\r\n", want: text, encoding: "GB18030"},
		"cpg GBK":                         {bytes: gbk(text), cpg: "GBK", want: text, encoding: "GB18030"},
		"cpg CP936":                       {bytes: gbk(text), cpg: "CP936", want: text, encoding: "GB18030"},
		"cpg 936":                         {bytes: gbk(text), cpg: "936", want: text, encoding: "GB18030"},
		"cpg ANSI 936":                    {bytes: gbk(text), cpg: "ANSI 936", want: text, encoding: "GB18030"},
		"cpg GB18030":                     {bytes: gbk(text), cpg: "gb18030", want: text, encoding: "GB18030"},
		"cpg GB2312":                      {bytes: gbk(text), cpg: "GB2312", want: text, encoding: "GB18030"},
		"cpg LDID/77":                     {bytes: gbk(text), cpg: "LDID/77", want: text, encoding: "GB18030"},
		"cpg Windows-1252":                {bytes: "Z\xfcrich", cpg: "ANSI 1252", want: "Zürich", encoding: "Windows 1252"},
		"cpg ISO-8859-1":                  {bytes: "Z\xfcrich", cpg: "ISO-8859-1", want: "Zürich", encoding: "ISO-8859-1"},
		"cpg 88591":                       {bytes: "Z\xfcrich", cpg: "88591", want: "Zürich", encoding: "ISO-8859-1"},
		"cpg Big5":                        {bytes: "\xa5\xad\xab\x6e", cpg: "BIG5", want: "平南", encoding: "Big5"},
		"bad-input 38 cst instead of cpg": {bytes: gbk(text), cst: "GBK", want: text, encoding: "GB18030"},
		"bad-input 38 language driver 4D": {bytes: gbk(text), ldid: 0x4D, want: text, encoding: "GB18030"},
		"language driver 7A":              {bytes: gbk(text), ldid: 0x7A, want: text, encoding: "GB18030"},
		"language driver 57 says nothing": {
			bytes: gbk(text), ldid: 0x57, want: text, encoding: "GB18030", note: "ingest.dbf.encoding-guessed",
		},
		"nothing stated, UTF-8": {bytes: text, want: text, encoding: "UTF-8"},
		"nothing stated, GBK": {
			bytes: gbk(text), want: text, encoding: "GB18030", note: "ingest.dbf.encoding-guessed",
		},
		"bad-input 38 cpg UTF-8 above GBK": {
			bytes: gbk(text), cpg: "UTF-8", want: text, encoding: "GB18030", note: "ingest.dbf.encoding-overruled",
		},
		"operator overrules cpg": {
			bytes: gbk(text), cpg: "UTF-8", operator: "GBK", want: text, encoding: "GB18030",
		},
		"operator is not understood": {bytes: text, operator: "klingon", code: "ingest.dbf.encoding-unknown"},
		"unknown cpg, Chinese bytes": {bytes: gbk(text), cpg: "932", code: "ingest.dbf.encoding-unknown"},
		"cpg that says nothing":      {bytes: gbk(text), cpg: "OEM", ldid: 0x4D, want: text, encoding: "GB18030"},
		"unknown cpg, ASCII":         {bytes: "plain", cpg: "932", want: "plain", encoding: "UTF-8"},
		"unknown cpg, UTF-8 bytes":   {bytes: text, cpg: "whatever", want: text, encoding: "UTF-8"},
		"rare character, four bytes": {bytes: "\x95\x32\x82\x36", cpg: "GB18030", want: "𠀀", encoding: "GB18030"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{
				".shp": shp(point(1, 1)),
				".dbf": dbf(c.ldid, []column{{"name", 'C', 20, 0}}, []string{c.bytes}),
			}
			if c.cpg != "" {
				files[".cpg"] = []byte(c.cpg)
			}
			if c.cst != "" {
				files[".cst"] = []byte(c.cst)
			}
			s, rows, err := read(put(t, files), shapefile.Options{Encoding: c.operator})
			if geo.CodeOf(err) != c.code {
				t.Fatal(err)
			}
			if c.code != "" {
				return
			}
			if got := rows[0].Values[0]; got != c.want || s.Encoding != c.encoding || rows[0].Problem != nil {
				t.Errorf("got %q in %s, %v", got, s.Encoding, rows[0].Problem)
			}
			if c.note != "" && !hasNote(s, c.note) {
				t.Errorf("notes are %v", s.Notes)
			}
		})
	}
}

func TestCharactersCutAtTheEnd(t *testing.T) {
	t.Run("bad-input 38 half a character at the end of a field", func(t *testing.T) {
		columns := []column{{gbk("地类名称")[:8] + gbk("区")[:1] + "\x00", 'C', 5, 0}, {gbk("所在行政区")[:10], 'C', 5, 0}}
		s, rows, err := read(put(t, map[string][]byte{
			".shp": shp(point(1, 1)), ".cpg": []byte("GBK"),
			".dbf": dbf(0, columns, []string{gbk("水田旱地")[:5], gbk("桂平") + "x"}),
		}), shapefile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if rows[0].Values[0] != "水田" || rows[0].Values[1] != "桂平x" || !hasNote(s, "ingest.dbf.text-cut") {
			t.Errorf("values %q, notes %v", rows[0].Values, s.Notes)
		}
		if s.Fields[1].Name != "所在行政区" {
			t.Errorf("fields %v", s.Fields)
		}
		// UTF-8: ten bytes hold three characters and a third of the next.
		s, rows, err = read(put(t, map[string][]byte{
			".shp": shp(point(1, 1)), ".cpg": []byte("UTF-8"),
			".dbf": dbf(0, []column{{"所在行政区"[:10], 'C', 8, 0}}, []string{"水田旱"[:8]}),
		}), shapefile.Options{})
		if err != nil || s.Fields[0].Name != "所在行" || rows[0].Values[0] != "水田" || s.Encoding != "UTF-8" {
			t.Errorf("fields %v, values %v, %v", s.Fields, rows, err)
		}
	})
}

func TestHalfCharactersElsewhereAreNotText(t *testing.T) {
	// Latin-1 without a declaration: é before a blank is no GBK, and no UTF-8.
	s, rows, err := read(put(t, map[string][]byte{
		".shp": shp(point(1, 1), point(2, 2)),
		".dbf": dbf(0, []column{{"n", 'C', 9, 0}}, []string{"caf\xe9"}, []string{"tea"}),
	}), shapefile.Options{})
	if err != nil || !hasNote(s, "ingest.dbf.encoding-unclear") {
		t.Fatal(s.Notes, err)
	}
	if codeOf(rows[0].Problem) != "ingest.dbf.text-undecodable" || rows[1].Values[0] != "tea" {
		t.Errorf("rows %v", rows)
	}
}

func TestValues(t *testing.T) {
	le := func(v ...uint32) string { return string(u32(nil, v...)) }
	cases := map[string]struct {
		column column
		cell   string
		want   any
		kind   format.Kind
		bad    bool
	}{
		"text":                    {column{"f", 'C', 10, 0}, "  ab c", "  ab c", format.Text, false},
		"blank text":              {column{"f", 'C', 10, 0}, "", nil, format.Text, false},
		"text up to a zero":       {column{"f", 'C', 10, 0}, "ab\x00rest", "ab", format.Text, false},
		"control characters":      {column{"f", 'C', 10, 0}, "<b>\x1b[31m", "<b>\x1b[31m", format.Text, false},
		"bad-input 37 width zero": {column{"f", 'C', 0, 0}, "", nil, format.Text, false},
		"integer":                 {column{"f", 'N', 10, 0}, "       -42", int64(-42), format.Integer, false},
		"eighteen digits": {
			column{"f", 'N', 18, 0}, "123456789012345678", int64(123456789012345678), format.Integer, false,
		},
		"blank number":               {column{"f", 'N', 10, 0}, "", nil, format.Integer, false},
		"zeros for a number":         {column{"f", 'N', 4, 0}, "\x00\x00\x00\x00", nil, format.Integer, false},
		"bad-input 37 stars":         {column{"f", 'N', 10, 0}, "**********", nil, format.Integer, false},
		"real in an integer":         {column{"f", 'N', 10, 0}, "1.5", nil, format.Integer, true},
		"integer as real":            {column{"f", 'N', 10, 0}, "7.000", int64(7), format.Integer, false},
		"exponent":                   {column{"f", 'F', 13, 11}, "1.2500e+003", 1250.0, format.Real, false},
		"decimal comma":              {column{"f", 'N', 10, 2}, "1,25", 1.25, format.Real, false},
		"not a number":               {column{"f", 'N', 10, 2}, "1.#QNAN", nil, format.Real, false},
		"nan":                        {column{"f", 'N', 10, 2}, "nan", nil, format.Real, false},
		"letters for a number":       {column{"f", 'N', 10, 2}, "12abc", nil, format.Real, true},
		"hexadecimal":                {column{"f", 'N', 10, 2}, "0x1p4", nil, format.Real, true},
		"400 digits":                 {column{"f", 'N', 250, 2}, strings.Repeat("9", 250), 1e250, format.Real, false},
		"infinite":                   {column{"f", 'N', 10, 2}, "1e999", nil, format.Real, true},
		"true":                       {column{"f", 'L', 1, 0}, "Y", true, format.Boolean, false},
		"false":                      {column{"f", 'L', 1, 0}, "f", false, format.Boolean, false},
		"unknown truth":              {column{"f", 'L', 1, 0}, "?", nil, format.Boolean, false},
		"wrong truth":                {column{"f", 'L', 1, 0}, "x", nil, format.Boolean, true},
		"date":                       {column{"f", 'D', 8, 0}, "20231231", "2023-12-31", format.Date, false},
		"bad-input 37 date of zeros": {column{"f", 'D', 8, 0}, "00000000", nil, format.Date, false},
		"date with dashes":           {column{"f", 'D', 10, 0}, "2023-12-31", "2023-12-31", format.Date, false},
		"no such day":                {column{"f", 'D', 8, 0}, "20230231", nil, format.Date, true},
		"binary integer":             {column{"f", 'I', 4, 0}, le(0xFFFFFFFE), int64(-2), format.Integer, false},
		"binary real":                {column{"f", 'O', 8, 0}, string(f64(nil, 2.5)), 2.5, format.Real, false},
		"binary real, not one":       {column{"f", 'O', 8, 0}, string(f64(nil, math.NaN())), nil, format.Real, false},
		"currency":                   {column{"f", 'Y', 8, 0}, le(12345, 0), 1.2345, format.Real, false},
		"moment": {
			column{"f", 'T', 8, 0}, le(2460310, 3_723_000), "2023-12-31 01:02:03", format.Text, false,
		},
		"moment that is not set": {column{"f", '@', 8, 0}, le(0, 0), nil, format.Text, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, rows, err := read(put(t, map[string][]byte{
				".shp": shp(point(1, 1)), ".dbf": dbf(0, []column{c.column}, []string{c.cell}),
			}), shapefile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(rows[0].Values[0], c.want) || s.Fields[0].Kind != c.kind {
				t.Errorf("got %#v of kind %d", rows[0].Values[0], s.Fields[0].Kind)
			}
			if (codeOf(rows[0].Problem) == "ingest.field.bad-value") != c.bad {
				t.Errorf("problem %v", rows[0].Problem)
			}
		})
	}
}

func TestTableShapes(t *testing.T) {
	two := shp(point(1, 1), point(2, 2))
	table := dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"}, []string{"2"})
	change := func(at int, v ...byte) []byte {
		b := append([]byte{}, table...)
		copy(b[at:], v)
		return b
	}
	cases := map[string]struct {
		dbf  []byte
		code string
	}{
		"empty":                           {nil, "ingest.dbf.damaged"},
		"header cut":                      {table[:20], "ingest.dbf.damaged"},
		"rows cut":                        {table[:len(table)-3], "ingest.dbf.truncated"},
		"2^32-1 rows":                     {change(4, 255, 255, 255, 255), "ingest.dbf.truncated"},
		"row length zero":                 {change(10, 0, 0), "ingest.dbf.damaged"},
		"header length zero":              {change(8, 0, 0), "ingest.dbf.damaged"},
		"header beyond the file":          {change(8, 255, 255), "ingest.dbf.damaged"},
		"field wider than the row":        {change(32+16, 200), "ingest.dbf.damaged"},
		"dBASE 7":                         {change(0, 4), "ingest.dbf.damaged"},
		"no end mark":                     {table[:len(table)-1], ""},
		"bad-input 37 field of width 255": {dbf(0, []column{{"n", 'C', 255, 0}}, []string{"1"}, []string{"2"}), ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, err := read(put(t, map[string][]byte{".shp": two, ".dbf": c.dbf}), shapefile.Options{})
			if geo.CodeOf(err) != c.code {
				t.Fatal(err)
			}
		})
	}
}

func TestDeletedRowsKeepTheRestInStep(t *testing.T) {
	t.Run("bad-input 37 deleted rows", func(t *testing.T) {
		s, rows, err := read(put(t, map[string][]byte{
			".shp": shp(point(1, 1), point(2, 2), point(3, 3)),
			".dbf": dbf(0, []column{{"n", 'N', 4, 0}}, []string{"1"}, []string{"*", "2"}, []string{"3"}),
		}), shapefile.Options{})
		if err != nil || len(rows) != 2 || rows[1].Row != 3 || rows[1].Values[0] != int64(3) {
			t.Fatal(rows, err)
		}
		if !hasNote(s, "ingest.dbf.deleted-rows") {
			t.Error("nothing is said about the deleted row")
		}
	})
}

func TestColumns(t *testing.T) {
	columns := []column{{"name", 'C', 4, 0}, {"name", 'C', 4, 0}, {"memo", 'M', 10, 0}, {"", 'C', 4, 0}}
	s, rows, err := read(put(t, map[string][]byte{
		".shp": shp(point(1, 1)), ".dbf": dbf(0, columns, []string{"a", "b", "1", "c"}),
	}), shapefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, f := range s.Fields {
		names = append(names, f.Name)
	}
	if !reflect.DeepEqual(names, []string{"name", "name_2", "field_4"}) {
		t.Errorf("names %q", names)
	}
	if !reflect.DeepEqual(rows[0].Values, []any{"a", "b", "c"}) {
		t.Errorf("values %v", rows[0].Values)
	}
	if !hasNote(s, "ingest.dbf.field-renamed") || !hasNote(s, "ingest.dbf.column-left-out") {
		t.Errorf("notes %v", s.Notes)
	}
}

func TestLongTextFields(t *testing.T) {
	table := dbf(0, []column{{"n", 'C', 44, 1}}, []string{"x"})
	row := 1 + 300
	table[10], table[11] = byte(row), byte(row>>8)
	table = append(table[:65], " "+strings.Repeat("long ", 60)+"\x1a"...)
	_, rows, err := read(put(t, map[string][]byte{".shp": shp(point(1, 1)), ".dbf": table}), shapefile.Options{})
	if err != nil || rows[0].Values[0] != strings.TrimRight(strings.Repeat("long ", 60), " ") {
		t.Fatal(rows, err)
	}
}
