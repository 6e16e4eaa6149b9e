package flatgeobuf_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/flatgeobuf"
)

type outcome struct {
	schema  format.Schema
	records []format.Record
	err     error
}

func drain(d format.Dataset, err error) outcome {
	if err != nil {
		return outcome{err: err}
	}
	defer d.Close()
	out := outcome{schema: d.Schema()}
	for rec, err := range d.Records(context.Background()) {
		if err != nil {
			out.err = err
			break
		}
		out.records = append(out.records, rec)
	}
	return out
}

func read(text string, limits format.Limits) outcome {
	return drain(flatgeobuf.Read(context.Background(), "test", strings.NewReader(text), int64(len(text)), flatgeobuf.Options{Limits: limits}))
}

func (o outcome) code() string {
	if o.err != nil {
		return strings.TrimPrefix(geo.CodeOf(o.err), "ingest.fgb.")
	}
	for _, r := range o.records {
		if r.Problem != nil {
			return strings.TrimPrefix(r.Problem.Code, "ingest.fgb.")
		}
	}
	return ""
}

func (o outcome) notes() string {
	var codes []string
	for _, n := range o.schema.Notes {
		codes = append(codes, strings.TrimPrefix(n.Code, "ingest.fgb."))
	}
	return strings.Join(codes, " ")
}

func wktOf(g orb.Geometry) string {
	if g == nil {
		return ""
	}
	return wkt.MarshalString(g)
}

var (
	outer = []float64{0, 0, 4, 0, 4, 4, 0, 0}
	holed = []float64{0, 0, 9, 0, 9, 9, 0, 0, 5, 1, 6, 2, 6, 1, 5, 1}
)

func TestGeometries(t *testing.T) {
	poly := geometry(3, outer, nil)
	for name, tc := range map[string]struct {
		kind     uint8 // of the header
		geometry blob
		want     string
	}{
		"point":                     {1, geometry(0, []float64{1, 2}, nil), "POINT(1 2)"},
		"line":                      {2, geometry(0, []float64{1, 2, 3, 4}, nil), "LINESTRING(1 2,3 4)"},
		"polygon without ends":      {3, geometry(0, outer, nil), "POLYGON((0 0,4 0,4 4,0 0))"},
		"polygon with a hole":       {3, geometry(0, holed, []uint32{4, 8}), "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 2,6 1,5 1))"},
		"points":                    {4, geometry(0, []float64{1, 2, 3, 4}, nil), "MULTIPOINT((1 2),(3 4))"},
		"lines":                     {5, geometry(0, []float64{1, 2, 3, 4, 5, 6, 7, 8}, []uint32{2, 4}), "MULTILINESTRING((1 2,3 4),(5 6,7 8))"},
		"lines without ends":        {5, geometry(0, []float64{1, 2, 3, 4}, nil), "MULTILINESTRING((1 2,3 4))"},
		"polygons":                  {6, geometry(0, nil, nil, poly, poly), "MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((0 0,4 0,4 4,0 0)))"},
		"collection of polygons":    {7, geometry(0, nil, nil, poly, geometry(6, nil, nil, poly)), "MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((0 0,4 0,4 4,0 0)))"},
		"triangle":                  {17, geometry(0, outer, nil), "POLYGON((0 0,4 0,4 4,0 0))"},
		"of its own kind":           {0, geometry(2, []float64{1, 2, 3, 4}, nil), "LINESTRING(1 2,3 4)"},
		"polygon without positions": {3, geometry(0, nil, nil), ""},
		"polygons without parts":    {6, geometry(0, nil, nil), ""},
	} {
		got := read(file(header(tc.kind, 1, nil, nil), build(tc.geometry)), format.Limits{})
		if got.code() != "" || len(got.records) != 1 || got.schema.Count != 1 {
			t.Errorf("%s: %d records, %v %s", name, len(got.records), got.err, got.code())
			continue
		}
		if w := wktOf(got.records[0].Geometry); w != tc.want {
			t.Errorf("%s: %s, want %s", name, w, tc.want)
		}
	}
}

func TestAttributes(t *testing.T) {
	values := []struct {
		kind      uint8
		raw, want any
	}{
		{0, int8(-1), int64(-1)},
		{1, uint8(255), int64(255)},
		{2, uint8(1), true},
		{3, int16(-2), int64(-2)},
		{4, uint16(65535), int64(65535)},
		{5, int32(-3), int64(-3)},
		{6, uint32(math.MaxUint32), int64(math.MaxUint32)},
		{7, int64(math.MinInt64), int64(math.MinInt64)},
		{8, uint64(math.MaxUint64), "18446744073709551615"},
		{9, float32(0.5), 0.5},
		{10, 0.1, 0.1},
		{10, math.NaN(), nil},
		{11, "红线①", "红线①"},
		{12, `{"a":1}`, `{"a":1}`},
		{13, "2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z"},
		{14, "\xff\x00", nil},
	}
	var columns tables
	var properties []byte
	for i, v := range values {
		columns = append(columns, build(fmt.Sprint("f", i), v.kind))
		properties = append(properties, property(i, v.raw)...)
	}
	h := header(1, 2, append(columns, build("f0", uint8(5)), build("", uint8(11))), build("EPSG", int32(4490)))
	got := read(file(h, build(geometry(0, []float64{1, 2}, nil), properties), build(nil, property(0, int8(7)))), format.Limits{})
	if got.code() != "" || len(got.records) != 2 || got.notes() != "binary field-renamed" {
		t.Fatalf("%d records, %v %s, notes %s", len(got.records), got.err, got.code(), got.notes())
	}
	for i, v := range values {
		if g := got.records[0].Values[i]; g != v.want {
			t.Errorf("column of type %d: %v (%T), want %v", v.kind, g, g, v.want)
		}
	}
	second := got.records[1]
	if second.Geometry != nil || second.Values[0] != int64(7) || second.Values[11] != nil {
		t.Errorf("second row %+v", second)
	}
	if names := got.schema.Fields[len(values):]; names[0].Name != "f0_2" || names[1].Name != "_2" {
		t.Errorf("fields %+v", names)
	}
	if got.schema.Declared == nil || got.schema.DeclaredText != "EPSG:4490" {
		t.Errorf("declared %v %q %v", got.schema.Declared, got.schema.DeclaredText, got.schema.DeclaredProblem)
	}
}

func TestReferenceSystems(t *testing.T) {
	for name, tc := range map[string]struct {
		system     any
		text, code string
	}{
		"none":              {nil, "", ""},
		"code":              {build(nil, int32(4524)), "EPSG:4524", ""},
		"old datum":         {build("EPSG", int32(4610)), "EPSG:4610", "ingest.crs.old-datum"},
		"OGC's":             {build("OGC", nil, nil, nil, nil, "CRS84"), "OGC:CRS84", ""},
		"name":              {build(nil, nil, "CGCS2000"), "CGCS2000", ""},
		"an unknown code":   {build("EPSG", int32(999999)), "EPSG:999999", "ingest.crs.unknown"},
		"a code of nothing": {build("X", int32(5)), "X:5", "ingest.crs.unknown"},
	} {
		s := read(file(header(1, 0, nil, tc.system)), format.Limits{}).schema
		code := ""
		if s.DeclaredProblem != nil {
			code = s.DeclaredProblem.Code
		}
		if s.DeclaredText != tc.text || code != tc.code || (s.Declared != nil) != (tc.text != "" && tc.code == "") {
			t.Errorf("%s: %q, %v, problem %v", name, s.DeclaredText, s.Declared, s.DeclaredProblem)
		}
	}
}

// A row that is wrong by itself is told, and the rows after it are still read.
func TestBadRows(t *testing.T) {
	columns := tables{build("a", uint8(11)), build("b", uint8(5))}
	shape := func(kind uint8, xy []float64, ends []uint32, parts ...blob) blob {
		return build(geometry(kind, xy, ends, parts...))
	}
	deep := geometry(7, nil, nil, geometry(1, []float64{1, 2}, nil))
	for range 10 {
		deep = geometry(7, nil, nil, deep)
	}
	many := make([]float64, 2*101)
	bytesOf := func(b []byte) blob { return build(nil, b) }
	lying := build(geometry(2, []float64{1, 2, 3, 4}, nil))
	binary.LittleEndian.PutUint32(lying.b[bytes.Index(lying.b, []byte("\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0\x3f")):], 1<<30)
	for name, tc := range map[string]struct {
		feature blob
		code    string
	}{
		"a list longer than the file":  {lying, "feature"},
		"an odd number of values":      {shape(2, []float64{1, 2, 3}, nil), "feature"},
		"two positions in a point":     {shape(1, []float64{1, 2, 3, 4}, nil), "feature"},
		"an end behind the last":       {shape(3, outer, []uint32{9}), "feature"},
		"ends that run back":           {shape(3, holed, []uint32{4, 3}), "feature"},
		"ends before the last":         {shape(3, holed, []uint32{4}), "feature"},
		"positions beside the parts":   {shape(6, outer, nil), "feature"},
		"collections without end":      {build(deep), "feature"},
		"a curve":                      {shape(8, outer, nil), "kind"},
		"a surface":                    {shape(15, nil, nil), "kind"},
		"no kind":                      {shape(0, outer, nil), "kind"},
		"points and lines":             {shape(7, nil, nil, geometry(1, []float64{1, 2}, nil), geometry(2, []float64{1, 2, 3, 4}, nil)), "collection-mixed"},
		"more vertices than allowed":   {shape(2, many, nil), "too-many-vertices"},
		"larger than allowed":          {shape(2, make([]float64, 40_000), nil), "too-large"},
		"a column that is not there":   {bytesOf(property(2, "x")), "feature"},
		"a value cut short":            {bytesOf(property(1, int16(1))), "feature"},
		"a text cut short":             {bytesOf(property(0, "abc")[:8]), "feature"},
		"a text without its length":    {bytesOf([]byte{0, 0, 1}), "feature"},
		"a text of four gigabytes":     {bytesOf([]byte("\x00\x00\xff\xff\xff\xffx")), "feature"},
		"half a column":                {bytesOf([]byte{1}), "feature"},
		"text in another encoding":     {bytesOf(property(0, "\xb5\xd8")), "text"},
		"more text than allowed":       {bytesOf(property(0, strings.Repeat("x", 101))), "text-too-long"},
		"much text of allowed pieces":  {bytesOf(bytes.Repeat(property(0, strings.Repeat("x", 100)), 17)), "text-too-long"},
		"a list of fields out of here": {blob{[]byte{0, 0, 0, 0x80}, 0}, "feature"},
		"nothing":                      {blob{nil, 0}, "feature"},
	} {
		text := file(header(0, 2, columns, nil), tc.feature, build(geometry(1, []float64{1, 2}, nil)))
		got := read(text, format.Limits{MaxVertices: 100, MaxText: 100})
		if got.err != nil || len(got.records) != 2 {
			t.Errorf("%s: %d records, error %v", name, len(got.records), got.err)
			continue
		}
		if p := got.records[0].Problem; p == nil || p.Code != "ingest.fgb."+tc.code || got.records[0].Geometry != nil {
			t.Errorf("%s: %v, want %s", name, p, tc.code)
		}
		if next := got.records[1]; next.Problem != nil || wktOf(next.Geometry) != "POINT(1 2)" {
			t.Errorf("%s: the next row is %+v", name, next)
		}
	}
	own := read(file(header(1, 1, nil, nil), build(nil, property(0, "x"), columns)), format.Limits{})
	if own.code() != "own-columns" {
		t.Errorf("columns of its own: %v %s", own.err, own.code())
	}
}

func TestRefused(t *testing.T) {
	one := build(geometry(1, []float64{1, 2}, nil))
	whole := file(header(1, 2, nil, nil), one, one)
	indexed := build("", nil, uint8(1), nil, nil, nil, nil, nil, uint64(2), uint16(16))
	many := make(tables, 1001)
	for i := range many {
		many[i] = build(fmt.Sprint(i), uint8(5))
	}
	for name, tc := range map[string]struct{ text, code string }{
		"nothing":                      {"", "truncated"},
		"magic bytes alone":            {magic, "truncated"},
		"other magic bytes":            {"fgb\x03abc\x00\x00\x00\x00\x00", "damaged"},
		"no magic bytes":               {"PK\x03\x04abcdefghijk", "damaged"},
		"version 2":                    {"fgb\x02fgb\x00" + whole[8:], "version"},
		"a header of no bytes":         {magic + "\x00\x00\x00\x00", "damaged"},
		"a header of four gigabytes":   {magic + "\xff\xff\xff\xff", "damaged"},
		"a header cut short":           {whole[:20], "truncated"},
		"a feature cut short":          {whole[:len(whole)-1], "truncated"},
		"a size cut short":             {whole + whole[:2], "after-end"},
		"a feature less than stated":   {file(header(1, 2, nil, nil), one), "truncated"},
		"a feature more than stated":   {file(header(1, 1, nil, nil), one, one), "after-end"},
		"half a size, unknown count":   {file(header(1, 0, nil, nil), one) + "\x01", "truncated"},
		"more features than bytes":     {file(header(1, 1<<40, nil, nil), one), "truncated"},
		"an index beyond the file":     {file(indexed, one, one), "truncated"},
		"more features than allowed":   {file(header(1, 11, nil, nil), slices.Repeat([]blob{one}, 11)...), "too-many-records"},
		"more than allowed, uncounted": {file(header(1, 0, nil, nil), slices.Repeat([]blob{one}, 11)...), "too-many-records"},
		"too many columns":             {file(header(1, 0, many, nil)), "too-many-fields"},
		"a column of an unknown type":  {file(header(1, 0, tables{build("a", uint8(15))}, nil)), "column-type"},
	} {
		if got := read(tc.text, format.Limits{MaxRecords: 10}); got.code() != tc.code {
			t.Errorf("%s: %v, want %s", name, got.err, tc.code)
		}
	}
}

// Every file cut at every byte is refused, or has rows with problems, and nothing panics.
func TestCutAtEveryByte(t *testing.T) {
	columns := tables{build("a", uint8(11))}
	whole := file(header(3, 1, columns, build("EPSG", int32(4490))), build(geometry(0, holed, []uint32{4, 8}), property(0, "x")))
	for n := range len(whole) {
		if got := read(whole[:n], format.Limits{}); got.err == nil {
			t.Errorf("cut at %d: %d records", n, len(got.records))
		}
	}
	for n := range len(whole) { // and with a byte changed there
		for _, c := range []byte{0, 1, 0x7f, 0xff} {
			read(whole[:n]+string([]byte{c})+whole[n+1:], format.Limits{MaxVertices: 1000})
		}
	}
}

// Every code of this package has its sentences.
func TestCodesHaveSentences(t *testing.T) {
	texts, err := os.ReadFile("../../../data/texts/parts/flatgeobuf.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	found := 0
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`"(ingest\.fgb\.[a-z-]+)"`).FindAllSubmatch(source, -1) {
			found++
			if !strings.Contains(string(texts), "\n"+string(m[1])+":\n") {
				t.Errorf("%s: no sentence for %s", name, m[1])
			}
		}
	}
	if found < 18 {
		t.Errorf("only %d codes found", found)
	}
}
