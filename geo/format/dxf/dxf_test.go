package dxf_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/dxf"
)

type outcome struct {
	schema  format.Schema
	records []format.Record
	err     error
}

func read(t *testing.T, text string, o dxf.Options) outcome {
	t.Helper()
	d, err := dxf.Read(context.Background(), "test", strings.NewReader(text), int64(len(text)), o)
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

func (o outcome) code() string {
	if o.err != nil {
		return geo.CodeOf(o.err)
	}
	for _, r := range o.records {
		if r.Problem != nil {
			return r.Problem.Code
		}
	}
	return ""
}

func (o outcome) notes() string {
	var codes []string
	for _, n := range o.schema.Notes {
		codes = append(codes, strings.TrimPrefix(n.Code, "ingest.dxf."))
	}
	return strings.Join(codes, " ")
}

func (o outcome) value(row int, field string) any {
	for i, f := range o.schema.Fields {
		if f.Name == field {
			return o.records[row].Values[i]
		}
	}
	return "no field"
}

// pairs writes group codes and values, given as "code value" by lines or commas, each on a line of its own.
func pairs(text string) string {
	var b strings.Builder
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' }) {
		code, value, _ := strings.Cut(strings.TrimSpace(p), " ")
		fmt.Fprintf(&b, "%3s\r\n%s\r\n", code, value)
	}
	return b.String()
}

func section(name, text string) string {
	return pairs("0 SECTION,2 " + name + "," + text + ",0 ENDSEC")
}

func drawing(entities string) string { return section("ENTITIES", entities) + pairs("0 EOF") }

// figures is a geometry as WKT without exponents.
func figures(g orb.Geometry) string {
	return regexp.MustCompile(`[0-9.]+e\+[0-9]+`).ReplaceAllStringFunc(wkt.MarshalString(g), func(m string) string {
		f, _ := strconv.ParseFloat(m, 64)
		return strconv.FormatFloat(f, 'f', -1, 64)
	})
}

const square = "10 500000,20 2556000,10 500100,20 2556000,10 500100,20 2556100,10 500000,20 2556100"

const squareWKT = "POLYGON((500000 2556000,500100 2556000,500100 2556100,500000 2556100,500000 2556000))"

func TestEntities(t *testing.T) {
	vertex := func(x, y string) string { return "0 VERTEX,8 a,10 " + x + ",20 " + y + ",30 0," }
	for name, tc := range map[string]struct{ text, want, notes string }{
		"closed polyline":             {"0 LWPOLYLINE,8 a,90 4,70 1," + square, squareWKT, ""},
		"a count that lies":           {"0 LWPOLYLINE,8 a,90 2000000000,70 129," + square, squareWKT, ""},
		"open polyline":               {"0 LWPOLYLINE,8 a,70 0,10 1,20 2,10 3,20 4", "LINESTRING(1 2,3 4)", ""},
		"closed by its last point":    {"0 LWPOLYLINE,8 a,70 0," + square + ",10 500000,20 2556000", squareWKT, "closed-by-point"},
		"closed twice":                {"0 LWPOLYLINE,8 a,70 1," + square + ",10 500000,20 2556000", squareWKT, ""},
		"old polyline":                {"0 POLYLINE,8 a,66 1,70 1," + vertex("0", "0") + vertex("4", "0") + vertex("0", "3") + "0 SEQEND", "POLYGON((0 0,4 0,0 3,0 0))", ""},
		"spline with its frame":       {"0 POLYLINE,8 a,66 1,70 5," + vertex("0", "0") + vertex("4", "0") + "0 VERTEX,70 16,10 9,20 9," + vertex("0", "3") + "0 SEQEND", "POLYGON((0 0,4 0,0 3,0 0))", ""},
		"line":                        {"0 LINE,8 a,10 1,20 2,30 9,11 3,21 4,31 9", "LINESTRING(1 2,3 4)", ""},
		"line with its normal":        {"0 LINE,8 a,10 1,20 2,11 3,21 4,210 0.6,220 0,230 0.8", "LINESTRING(1 2,3 4)", ""},
		"polyline seen from below":    {"0 LWPOLYLINE,8 a,70 1,210 0,220 0,230 -1,10 0,20 0,10 -4,20 0,10 0,20 3", "POLYGON((0 0,4 0,0 3,0 0))", ""},
		"bulge of nothing":            {"0 LWPOLYLINE,8 a,70 0,10 1,20 2,42 1,10 1,20 2,10 3,20 4", "LINESTRING(1 2,1 2,3 4)", ""},
		"bulge after an open end":     {"0 LWPOLYLINE,8 a,70 0,10 1,20 2,10 3,20 4,42 1", "LINESTRING(1 2,3 4)", ""},
		"object inside":               {"0 LWPOLYLINE,8 a,70 0,10 1,20 2,10 3,20 4,101 Embedded Object,10 9,20 9", "LINESTRING(1 2,3 4)", ""},
		"others beside it":            {"0 TEXT,8 a,1 x,0 INSERT,2 b,0 TEXT,1 y,0 LINE,10 1,20 2,11 3,21 4", "LINESTRING(1 2,3 4)", "not-read"},
		"paper space beside it":       {"0 LINE,67 1,10 7,20 7,11 8,21 8,0 LINE,10 1,20 2,11 3,21 4", "LINESTRING(1 2,3 4)", "not-read"},
		"mesh beside it":              {"0 POLYLINE,70 16,66 1," + vertex("0", "0") + vertex("4", "0") + "0 SEQEND,0 LINE,10 1,20 2,11 3,21 4", "LINESTRING(1 2,3 4)", "not-read"},
		"an invisible one":            {"0 LINE,60 1,10 1,20 2,11 3,21 4", "LINESTRING(1 2,3 4)", "hidden"},
		"extended data of no concern": {"0 LINE,10 1,20 2,11 3,21 4,1001 A,1010 5,1020 6,1070 1", "LINESTRING(1 2,3 4)", ""},
	} {
		got := read(t, drawing(tc.text), dxf.Options{})
		if got.code() != "" || len(got.records) != 1 || got.notes() != tc.notes {
			t.Errorf("%s: %d records, %s, notes %q", name, len(got.records), got.code(), got.notes())
			continue
		}
		if w := figures(got.records[0].Geometry); w != tc.want {
			t.Errorf("%s: %s, want %s", name, w, tc.want)
		}
		if got.schema.Declared != nil || got.schema.DeclaredProblem != nil {
			t.Errorf("%s: a reference system out of nothing", name)
		}
	}
}

func TestCountsOfWhatIsNotRead(t *testing.T) {
	got := read(t, drawing("0 TEXT,1 x,0 INSERT,2 b,66 1,0 ATTRIB,1 z,0 SEQEND,0 TEXT,1 y"), dxf.Options{})
	if len(got.schema.Notes) != 1 || len(got.records) != 0 {
		t.Fatalf("%+v", got)
	}
	if s := got.schema.Notes[0].Error(); !strings.Contains(s, "kinds=ATTRIB 1, INSERT 1, TEXT 2") {
		t.Error(s)
	}
}

func TestAttributes(t *testing.T) {
	layers := section("TABLES", "0 TABLE,2 LAYER,0 LAYER,2 宗地,62 3,70 0,0 LAYER,2 旧,62 -5,70 0,0 LAYER,2 冻,62 1,70 1,0 ENDTAB")
	text := layers + drawing(`0 LWPOLYLINE,5 1F,8 宗地,38 12.5,70 1,`+square+`,1001 SOUTH,1000 300000,1001 B,1000 甲,1000 乙
		0 LINE,5 20,8 旧,62 7,10 1,20 2,11 3,21 4
		0 LINE,8 冻,62 256,10 1,20 2,11 3,21 4
		0 LINE,8 \U+7EA2\M+5CFDF,10 1,20 2,11 3,21 4`)
	got := read(t, text, dxf.Options{})
	if got.code() != "" || len(got.records) != 4 || got.notes() != "hidden" {
		t.Fatalf("%+v", got)
	}
	for i, want := range []string{
		"宗地 LWPOLYLINE 1F 3 12.5 SOUTH: 300000; B: 甲 乙", "旧 LINE 20 7 <nil> <nil>", "冻 LINE <nil> 1 <nil> <nil>",
		"红线 LINE <nil> <nil> <nil> <nil>",
	} {
		v := got.records[i].Values
		if s := fmt.Sprint(v[0], " ", v[1], " ", v[2], " ", v[3], " ", v[4], " ", v[5]); s != want {
			t.Errorf("row %d: %s, want %s", i+1, s, want)
		}
	}
	if n := got.schema.Notes[0].Error(); !strings.Contains(n, "rows=2") {
		t.Error(n)
	}
}

// A half circle by its bulge, against the area of the circle: the edges lie inside it, within the tolerance.
func TestArcs(t *testing.T) {
	for name, tc := range map[string]struct {
		bulge, radius, area float64
	}{
		"to the left":     {1, 50, math.Pi * 50 * 50 / 2},
		"to the right":    {-1, 50, -math.Pi * 50 * 50 / 2},
		"a flat arc":      {math.Tan(math.Pi / 24), 1000, 1000 * 1000 * (math.Pi/6 - 0.5) / 2},
		"more than half":  {math.Tan(3 * math.Pi / 8), 10, 10 * 10 * (3*math.Pi/2 + 1) / 2},
		"in degrees":      {1, 0.001, math.Pi * 1e-6 / 2},
		"of a kilometre":  {1, 1000, math.Pi * 1e6 / 2},
		"hardly any bend": {1e-9, 100, 0},
	} {
		chord := 2 * tc.radius * math.Sin(2*math.Atan(math.Abs(tc.bulge)))
		if tc.bulge == 1e-9 {
			chord = 100
		}
		text := fmt.Sprintf("0 LWPOLYLINE,8 a,70 1,10 0,20 0,42 %.17g,10 %.17g,20 0,10 %.17g,20 0", tc.bulge, chord, chord/2)
		got := read(t, drawing(text), dxf.Options{})
		if got.code() != "" || got.notes() != "arcs" {
			t.Errorf("%s: %s %s", name, got.code(), got.notes())
			continue
		}
		ring := got.records[0].Geometry.(orb.Polygon)[0]
		length := math.Abs(4*math.Atan(tc.bulge)) * tc.radius
		// What is missing between arc and edges is two thirds of the widest gap, at most, along the arc.
		gap := min(0.001, tc.radius*(1-math.Cos(math.Pi/180)))
		missing := math.Abs(tc.area) - math.Abs(shoelace(ring))
		if missing < -1e-9*tc.radius*tc.radius || missing > gap*length+1e-6 || tc.area*shoelace(ring) < 0 {
			t.Errorf("%s: area %g, want %g, missing %g of %g", name, shoelace(ring), tc.area, missing, gap*length)
		}
		if tc.bulge != 1e-9 && len(ring) < 5 {
			t.Errorf("%s: only %d points", name, len(ring))
		}
	}
}

// shoelace is positive for a ring to the left.
func shoelace(r orb.Ring) float64 {
	s := 0.0
	for i := 1; i < len(r); i++ {
		s += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return s / 2
}

func TestNested(t *testing.T) {
	inner := "10 500010,20 2556010,10 500020,20 2556010,10 500020,20 2556020"
	for name, tc := range map[string]struct{ layer, inner, notes string }{
		"inside, on the same layer":    {"a", inner, "nested"},
		"inside, on another layer":     {"b", inner, ""},
		"beside it, on the same layer": {"a", strings.ReplaceAll(inner, "10 5000", "10 5002"), ""},
	} {
		got := read(t, drawing("0 LWPOLYLINE,8 a,70 1,"+square+",0 LWPOLYLINE,70 1,8 "+tc.layer+","+tc.inner), dxf.Options{})
		if got.code() != "" || len(got.records) != 2 || got.notes() != tc.notes {
			t.Errorf("%s: %d records, notes %q", name, len(got.records), got.notes())
		}
	}
}

// A row that is wrong by itself is told, and the rows after it are still read.
func TestBadRows(t *testing.T) {
	for name, tc := range map[string]struct{ text, code string }{
		"a word for a number":     {"0 LWPOLYLINE,70 1,10 x,20 1,10 2,20 2", "number"},
		"not a number":            {"0 LINE,10 nan,20 1,11 2,21 2", "number"},
		"infinite":                {"0 LINE,10 1e999,20 1,11 2,21 2", "number"},
		"a word in a vertex":      {"0 POLYLINE,66 1,0 VERTEX,10 1,20 y,0 VERTEX,10 1,20 2,0 SEQEND", "number"},
		"a word for a flag":       {"0 LWPOLYLINE,70 closed,10 1,20 1,10 2,20 2", "number"},
		"one point":               {"0 LWPOLYLINE,70 0,10 1,20 1", "too-few"},
		"no point":                {"0 LWPOLYLINE,70 1", "too-few"},
		"two points closed":       {"0 LWPOLYLINE,70 1,10 1,20 1,10 2,20 2", "too-few"},
		"a line with one end":     {"0 LINE,10 1,20 1", "too-few"},
		"a tilted plane":          {"0 LWPOLYLINE,70 0,210 0.6,220 0,230 0.8,10 1,20 1,10 2,20 2", "tilted"},
		"no normal at all":        {"0 LWPOLYLINE,70 0,210 0,220 0,230 0,10 1,20 1,10 2,20 2", "tilted"},
		"too many vertices":       {"0 LWPOLYLINE,70 0" + strings.Repeat(",10 1,20 1", 101), "too-many-vertices"},
		"an arc beyond all sizes": {"0 LWPOLYLINE,70 0,10 0,20 0,42 1,10 1e300,20 0", "too-many-vertices"},
		"a bulge beyond all":      {"0 LWPOLYLINE,70 0,10 0,20 0,42 1e300,10 1000,20 0", "too-many-vertices"},
		"too much text":           {"0 LINE,10 1,20 1,11 2,21 2,8 " + strings.Repeat("x", 101), "text-too-long"},
		"too much extended data":  {"0 LINE,10 1,20 1,11 2,21 2" + strings.Repeat(",1000 0123456789", 10), "text-too-long"},
	} {
		got := read(t, drawing(tc.text+",0 LINE,10 1,20 2,11 3,21 4"), dxf.Options{Limits: format.Limits{MaxVertices: 100, MaxText: 100}})
		if got.err != nil || len(got.records) != 2 {
			t.Errorf("%s: %d records, error %v", name, len(got.records), got.err)
			continue
		}
		if p := got.records[0].Problem; p == nil || p.Code != "ingest.dxf."+tc.code || got.records[0].Geometry != nil {
			t.Errorf("%s: %v, want %s", name, p, tc.code)
		}
		if next := got.records[1]; next.Problem != nil || next.Geometry == nil || next.Row != 2 {
			t.Errorf("%s: the next row is %+v", name, next)
		}
	}
}

func TestRefused(t *testing.T) {
	line := "0 LINE,10 1,20 2,11 3,21 4"
	whole := drawing(line)
	for name, tc := range map[string]struct{ text, code string }{
		"binary":                  {"AutoCAD Binary DXF\r\n\x1a\x00\x00\x00SECTION\x00", "binary"},
		"drawing itself":          {"AC1032\x00\x00\x00\x00", "dwg"},
		"a letter":                {"To whom\nit may concern\n", "syntax"},
		"no section":              {pairs("0 LINE,10 1"), "syntax"},
		"section without a name":  {pairs("0 SECTION,0 ENDSEC,0 EOF"), "syntax"},
		"no entities":             {section("HEADER", "9 $ACADVER,1 AC1015") + pairs("0 EOF"), "no-entities"},
		"nothing but an end":      {pairs("0 EOF"), "no-entities"},
		"cut in a section":        {pairs("0 SECTION,2 ENTITIES," + line), "truncated"},
		"cut in a pair":           {whole[:len(whole)-len("EOF\r\n")], "truncated"},
		"end in a section":        {pairs("0 SECTION,2 ENTITIES," + line + ",0 EOF"), "truncated"},
		"endless line":            {pairs("0 SECTION,2 ENTITIES,0 TEXT,1 " + strings.Repeat("x", 5000)), "line-too-long"},
		"endless line without it": {pairs("0 SECTION") + strings.Repeat("0", 200_000), "line-too-long"},
		"too many entities":       {drawing(strings.Repeat(line+",", 11)), "too-many-records"},
	} {
		got := read(t, tc.text, dxf.Options{Limits: format.Limits{MaxRecords: 10, MaxText: 100}})
		if code := geo.CodeOf(got.err); code != "ingest.dxf."+tc.code {
			t.Errorf("%s: %v, want %s", name, got.err, tc.code)
		}
	}
	unended := read(t, section("ENTITIES", line), dxf.Options{})
	if unended.code() != "" || len(unended.records) != 1 || unended.notes() != "no-end" {
		t.Errorf("without an end mark: %+v", unended)
	}
}

func TestEncodingsAndUnits(t *testing.T) {
	gbk := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	doc := func(header string) string {
		return section("HEADER", header) + drawing("0 LINE,8 界址线,10 1,20 2,11 3,21 4")
	}
	bare := drawing("0 LINE,8 界址线,10 1,20 2,11 3,21 4")
	for name, tc := range map[string]struct{ text, option, encoding, code, notes string }{
		"2007, UTF-8":                      {doc("9 $ACADVER,1 AC1021,9 $DWGCODEPAGE,3 ANSI_936"), "", "UTF-8", "", ""},
		"2000, GBK":                        {gbk(doc("9 $ACADVER,1 AC1015,9 $DWGCODEPAGE,3 ANSI_936")), "", "GB18030", "", "ingest.file.decoded"},
		"R12, code page in lower case":     {gbk(doc("9 $ACADVER,1 AC1009,9 $DWGCODEPAGE,3 gb2312")), "", "GB18030", "", "ingest.file.decoded"},
		"nothing declared, GBK":            {gbk(bare), "", "GB18030", "", "ingest.file.decoded"},
		"nothing declared, UTF-8":          {bare, "", "UTF-8", "", ""},
		"bad-input 59 2007 in GBK":         {gbk(doc("9 $ACADVER,1 AC1024")), "", "", "ingest.dxf.encoding", ""},
		"bad-input 59 GBK that is UTF-8":   {doc("9 $ACADVER,1 AC1015,9 $DWGCODEPAGE,3 ANSI_936"), "", "", "ingest.dxf.encoding", ""},
		"bad-input 59 western that is GBK": {gbk(doc("9 $ACADVER,1 AC1015,9 $DWGCODEPAGE,3 ANSI_1252")), "", "", "ingest.dxf.encoding", ""},
		"the operator knows":               {gbk(doc("9 $ACADVER,1 AC1015,9 $DWGCODEPAGE,3 ANSI_1252")), "GBK", "GB18030", "", "ingest.file.decoded"},
		"units of millimetres":             {doc("9 $ACADVER,1 AC1021,9 $INSUNITS,70 4"), "", "UTF-8", "", "units"},
		"units of metres":                  {doc("9 $ACADVER,1 AC1021,9 $INSUNITS,70      6"), "", "UTF-8", "", ""},
		"no units":                         {doc("9 $ACADVER,1 AC1021,9 $INSUNITS,70 0"), "", "UTF-8", "", ""},
	} {
		got := read(t, tc.text, dxf.Options{Encoding: tc.option})
		if geo.CodeOf(got.err) != tc.code || got.schema.Encoding != tc.encoding || got.notes() != tc.notes {
			t.Errorf("%s: encoding %q, error %v, notes %q", name, got.schema.Encoding, got.err, got.notes())
			continue
		}
		if tc.code == "" && got.value(0, "layer") != "界址线" {
			t.Errorf("%s: layer %v", name, got.value(0, "layer"))
		}
	}
}

// Every code of this package has its sentences.
func TestCodesHaveSentences(t *testing.T) {
	texts, err := os.ReadFile("../../../data/texts/parts/dxf.yaml")
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
		for _, m := range regexp.MustCompile(`"(ingest\.dxf\.[a-z-]+)"`).FindAllSubmatch(source, -1) {
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

const shared = "../../../../shared/data/fmt-dxf-gdal"

// Every drawing of GDAL's tests is read or refused with a code of ours.
func TestCorpus(t *testing.T) {
	names, _ := filepath.Glob(shared + "/*.dxf")
	if len(names) == 0 {
		t.Skip("test data fmt-dxf-gdal is not here")
	}
	want := map[string]string{"BINARY_wipeout.dxf": "ingest.dxf.binary", "bin_dxf_r2000.dxf": "ingest.dxf.binary"}
	read := 0
	for _, path := range names {
		d, err := dxf.Open(context.Background(), path, dxf.Options{})
		for err == nil {
			for _, err = range d.Records(context.Background()) {
				if err != nil {
					break
				}
			}
			err = errors.Join(err, d.Close())
			read++
			break
		}
		name := filepath.Base(path)
		code := geo.CodeOf(err)
		if err != nil && !strings.HasPrefix(code, "ingest.") || want[name] != "" && code != want[name] {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			t.Logf("%s: %s", name, code)
		}
	}
	if read < 26 {
		t.Errorf("only %d drawings were read", read)
	}
}

// What ogr2ogr writes as DXF is read to the same places and layers.
func TestAgainstGDAL(t *testing.T) {
	tool, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "a.geojson"), filepath.Join(dir, "a.dxf")
	source := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4545"}},"features":[{"type":"Feature",
		"properties":{"Layer":"hong"},"geometry":{"type":"Polygon","coordinates":[[[500000.125,2556000],[500100,2556000],[500100,2556100.5],[500000.125,2556000]]]}},
		{"type":"Feature","properties":{"Layer":"xian"},"geometry":{"type":"LineString","coordinates":[[1,2],[3,4],[5,7]]}}]}`
	if err := os.WriteFile(in, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	// An outline of a polygon is a closed polyline; filled it would be a hatch.
	cmd := exec.Command(tool, "-f", "DXF", out, in, "-nlt", "LINESTRING")
	if log, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("ogr2ogr cannot write DXF here: %s", log)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, string(raw), dxf.Options{})
	if got.code() != "" || len(got.records) != 2 {
		t.Fatalf("%d records, %s %v", len(got.records), got.code(), got.err)
	}
	for i, want := range []string{
		"POLYGON((500000.125 2556000,500100 2556000,500100 2556100.5,500000.125 2556000))", "LINESTRING(1 2,3 4,5 7)",
	} {
		if w := figures(got.records[i].Geometry); w != want {
			t.Errorf("row %d: %s, want %s", i+1, w, want)
		}
	}
	if got.value(0, "layer") != "hong" || got.value(1, "layer") != "xian" {
		t.Errorf("layers %v, %v", got.value(0, "layer"), got.value(1, "layer"))
	}
}

// FuzzRead holds that no input makes the reader panic, that every fatal error is a problem with a code, that the two
// passes agree, and that coordinates are finite.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"", "0\nEOF\n", drawing("0 LWPOLYLINE,8 a,70 1,42 1," + square), drawing("0 LINE,10 1,20 2,11 3,21 4,1001 A,1000 b"),
		drawing("0 POLYLINE,66 1,70 1,0 VERTEX,10 1,20 2,42 0.5,0 VERTEX,10 3,20 4,0 SEQEND,0 TEXT,1 x"),
		section("HEADER", "9 $ACADVER,1 AC1015,9 $DWGCODEPAGE,3 ANSI_936,9 $INSUNITS,70 4") +
			section("TABLES", "0 TABLE,2 LAYER,0 LAYER,2 a,62 -3,70 1,0 ENDTAB") + drawing("0 LINE,8 \\U+7EA2,10 1,20 2,11 3,21 4"),
		drawing("0 LWPOLYLINE,70 1,230 -1,10 1e300,20 1,42 -1e9,10 -1e300,20 5"), "AC1015\x00\x00", "999\nx\n0\nSECTION\n",
	} {
		f.Add([]byte(text))
	}
	limits := format.Limits{MaxVertices: 1000, MaxRecords: 1000, MaxText: 1000}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := read(t, string(text), dxf.Options{Limits: limits})
		if got.err != nil {
			if !strings.HasPrefix(geo.CodeOf(got.err), "ingest.") || len(got.records) > 0 {
				t.Fatalf("%d records, then %v", len(got.records), got.err)
			}
			return
		}
		if int64(len(got.records)) != got.schema.Count {
			t.Fatalf("%d records, %d counted", len(got.records), got.schema.Count)
		}
		for _, rec := range got.records {
			if len(rec.Values) != len(got.schema.Fields) || (rec.Geometry == nil) == (rec.Problem == nil) {
				t.Fatalf("row %d: %d values, geometry %v, problem %v", rec.Row, len(rec.Values), rec.Geometry, rec.Problem)
			}
		}
	})
}
