package parceltxt_test

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/geo/format/parceltxt"
)

const attributes = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=37\n精度=0.001\n转换参数=,,,,,,\n"

// file has the usual attributes and the given lines of parcels.
func file(lines ...string) string {
	return attributes + "[地块坐标]\n" + strings.Join(lines, "\n") + "\n"
}

const header = "5,1,1,一号地,面,,,,@"

// box is the closed boundary of a square of 100 m, its south-west corner moved by n and e metres.
func box(ring string, n, e, size int) string {
	var b strings.Builder
	for i, d := range [][2]int{{0, 0}, {0, size}, {size, size}, {size, 0}, {0, 0}} {
		b.WriteString(point("J"+string(rune('1'+i%4)), ring, 2556000+n+d[0], 37355000+e+d[1]))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func point(label, ring string, n, e int) string {
	return label + "," + ring + "," + strconv.Itoa(n) + "," + strconv.Itoa(e) + "\n"
}

// square is the ring of box, counter-clockwise with the easting first.
func square(n, e, size float64) orb.Ring {
	x, y := 37355000+e, 2556000+n
	return orb.Ring{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}
}

func clockwise(r orb.Ring) orb.Ring {
	r = r.Clone()
	r.Reverse()
	return r
}

func TestBoundaries(t *testing.T) {
	one := orb.Polygon{square(0, 0, 100)}
	four := "J1,1,2556000,37355000\nJ2,1,2556000,37355100\nJ3,1,2556100,37355100\nJ4,1,2556100,37355000"
	hole := box("2", 10, 10, 50)
	holed := orb.Polygon{square(0, 0, 100), clockwise(square(10, 10, 50))}
	for name, tc := range map[string]struct {
		text  string
		want  orb.Geometry
		notes string
	}{
		"as the standard says":               {file(header, box("1", 0, 0, 100)), one, ""},
		"bad-input 67 closing point missing": {file("4,1,1,,面,,,,@", four), one, "ring-open"},
		"closing point J5":                   {file(header, four, "J5,1,2556000,37355000"), one, ""},
		"bad-input 67 closed twice":          {file("6,1,1,,面,,,,@", four, "J1,1,2556000,37355000", "J1,1,2556000,37355000"), one, "closed-twice"},
		"closing point has one coordinate twice": {
			file(header, four, "J1,1,2556000,2556000"), one, "closing-point",
		},
		"closing point with one wrong coordinate": {
			file(header, four, "J1,1,2556000,37355999"), one, "closing-point",
		},
		"clockwise":                    {file(header, "J1,1,2556000,37355000\nJ2,1,2556100,37355000\nJ3,1,2556100,37355100\nJ4,1,2556000,37355100\nJ1,1,2556000,37355000"), one, ""},
		"bad-input 63 axes exchanged":  {file(header, "J1,1,37355000,2556000\nJ2,1,37355100,2556000\nJ3,1,37355100,2556100\nJ4,1,37355000,2556100\nJ1,1,37355000,2556000"), one, "axes-swapped"},
		"hole":                         {file("10,0.75,1,,面,,,,@", box("1", 0, 0, 100), hole), holed, ""},
		"bad-input 68 hole first":      {file("10,0.75,1,,面,,,,@", hole, box("1", 0, 0, 100)), holed, ""},
		"hole, no area":                {file("10,,1,,面,,,,@", box("1", 0, 0, 100), hole), holed, ""},
		"bad-input 68 hole numbered 1": {file("10,0.75,1,,面,,,,@", box("1", 0, 0, 100), box("1", 10, 10, 50)), holed, "ring-number-shared"},
		"bad-input 68 hole numbered 7": {file("10,0.75,1,,面,,,,@", box("3", 0, 0, 100), box("7", 10, 10, 50)), holed, ""},
		"hole touching the shell in a corner": {
			file("10,0.75,1,,面,,,,@", box("1", 0, 0, 100), box("2", 0, 0, 50)),
			orb.Polygon{square(0, 0, 100), clockwise(square(0, 0, 50))},
			"",
		},
		"inner ring not deducted": {
			file("10,1,1,,面,,,,@", box("1", 0, 0, 100), hole), one, "inner-rings-not-deducted",
		},
		"two parts": {
			file("10,2,1,,面,,,,@", box("1", 0, 0, 100), box("2", 0, 500, 100)),
			orb.MultiPolygon{{square(0, 0, 100)}, {square(0, 500, 100)}},
			"",
		},
		"two parts side by side": {
			file("10,2,1,,面,,,,@", box("1", 0, 0, 100), box("2", 0, 100, 100)),
			orb.MultiPolygon{{square(0, 0, 100)}, {square(0, 100, 100)}},
			"",
		},
		"island in a hole": {
			file("15,0.76,1,,面,,,,@", box("1", 0, 0, 100), hole, box("3", 20, 20, 10)),
			orb.MultiPolygon{holed, {square(20, 20, 10)}},
			"",
		},
		"bad-input 67 open rings told apart by their labels": {
			file("8,2,1,,面,,,,@", four, "J1,1,2556000,37355500\nJ2,1,2556000,37355600\nJ3,1,2556100,37355600\nJ4,1,2556100,37355500"),
			orb.MultiPolygon{{square(0, 0, 100)}, {square(0, 500, 100)}},
			"ring-number-shared ring-open",
		},
		"bad-input 68 ring numbers interleaved": {
			file("8,2,1,,面,,,,@",
				"J1,1,2556000,37355000\nJ2,1,2556000,37355100\nJ5,2,2556000,37355500\nJ6,2,2556000,37355600",
				"J3,1,2556100,37355100\nJ4,1,2556100,37355000\nJ7,2,2556100,37355600\nJ8,2,2556100,37355500"),
			orb.MultiPolygon{{square(0, 0, 100)}, {square(0, 500, 100)}},
			"ring-open",
		},
		"bad-input 69 full-width commas and digits": {
			file("５，１，１，一号地，面，，，，＠", "Ｊ１，１，２５５６０００．０，37355000\nJ2，1，2556000，37355100\nJ3、1、2556100、37355100\nJ4,1,2556100,37355000\nJ1,1,2556000,37355000"),
			one, "",
		},
		"bad-input 69 tabs":             {file(header, strings.ReplaceAll(box("1", 0, 0, 100), ",", "\t")), one, ""},
		"blanks":                        {file(header, strings.ReplaceAll(box("1", 0, 0, 100), ",", "  ")), one, ""},
		"bad-input 71 blanks around":    {file(" "+header+" ", strings.ReplaceAll(box("1", 0, 0, 100), ",", " , ")), one, ""},
		"bad-input 76 quotes by Excel":  {file(`"`+header+`"`, `"`+strings.ReplaceAll(box("1", 0, 0, 100), "\n", "\"\n\"")+`"`), one, "quotes"},
		"bad-input 76 commas by Excel":  {file(header+",,,", strings.ReplaceAll(box("1", 0, 0, 100), "\n", ",,,,,\n")), one, ""},
		"bad-input 71 labels J01":       {file(header, strings.ReplaceAll(box("1", 0, 0, 100), "J", "J0")), one, ""},
		"bad-input 71 labels 1":         {file(header, strings.ReplaceAll(box("1", 0, 0, 100), "J", "")), one, ""},
		"no ring numbers":               {file(header, strings.ReplaceAll(box("1", 0, 0, 100), ",1,", ",")), one, "ring-number-missing"},
		"heights":                       {file(header, strings.ReplaceAll(box("1", 0, 0, 100), "\n", ",45.2\n")), one, "extra-values"},
		"bad-input 66 count wrong":      {file("99,1,1,,面,,,,@", box("1", 0, 0, 100)), one, "count-differs"},
		"count of corners":              {file("4,1,1,,面,,,,@", box("1", 0, 0, 100)), one, ""},
		"mark missing":                  {file("5,1,1,一号地,面,,,,", box("1", 0, 0, 100)), one, "header-mark"},
		"header missing":                {file(box("1", 0, 0, 100)), one, "header-missing"},
		"bad-input 60 no section title": {attributes + header + "\n" + box("1", 0, 0, 100), one, ""},
		"other brackets":                {strings.NewReplacer("[", "【", "]", "】").Replace(file(header, box("1", 0, 0, 100))), one, ""},
		"blank before title": {
			" " + strings.ReplaceAll(file(header, box("1", 0, 0, 100)), "[地块", " [地块"), one, "",
		},
		"another section first":              {"[项目信息]\n项目名称=甲,乙\n" + file(header, box("1", 0, 0, 100)), one, ""},
		"bad-input 73 area in square metres": {file("5,10000,1,,面,,,,@", box("1", 0, 0, 100)), one, "area-unit"},
		"bad-input 73 area in mu":            {file("5,15,1,,面,,,,@", box("1", 0, 0, 100)), one, "area-unit"},
		"area wrong":                         {file("5,1.5,1,,面,,,,@", box("1", 0, 0, 100)), one, "area-differs"},
	} {
		t.Run(name, func(t *testing.T) {
			for ending, text := range map[string]string{
				"LF": tc.text, "CRLF": strings.ReplaceAll(tc.text, "\n", "\r\n"), "CR": strings.ReplaceAll(tc.text, "\n", "\r"),
				"mark": "\ufeff" + tc.text,
			} {
				got := read(t, text, parceltxt.Options{})
				if got.err != nil || len(got.records) != 1 {
					t.Fatalf("%s: %d parcels, error %v", ending, len(got.records), got.err)
				}
				rec := got.records[0]
				if rec.Problem != nil || !sameShape(rec.Geometry, tc.want) {
					t.Errorf("%s: %v, problem %v; want %v", ending, rec.Geometry, rec.Problem, tc.want)
				}
				if notes := codes(got.schema.Notes); notes != tc.notes {
					t.Errorf("%s: notes %q, want %q", ending, notes, tc.notes)
				}
				if s := got.schema.Declared; s == nil || s.String() != "EPSG:4525" {
					t.Errorf("%s: system %v, problem %v", ending, s, got.schema.DeclaredProblem)
				}
			}
		})
	}
}

// sameShape compares geometries ring by ring, whichever point a ring begins with.
func sameShape(a, b orb.Geometry) bool {
	return reflect.DeepEqual(canonical(a), canonical(b))
}

func canonical(g orb.Geometry) orb.MultiPolygon {
	var out orb.MultiPolygon
	if p, ok := g.(orb.Polygon); ok {
		g = orb.MultiPolygon{p}
	}
	mp, _ := g.(orb.MultiPolygon)
	for _, p := range mp {
		var q orb.Polygon
		for _, r := range p {
			least := 0
			for i := range r[:len(r)-1] {
				if r[i][0] < r[least][0] || r[i][0] == r[least][0] && r[i][1] < r[least][1] {
					least = i
				}
			}
			turned := append(append(orb.Ring{}, r[least:len(r)-1]...), r[:least]...)
			q = append(q, append(turned, turned[0]))
		}
		out = append(out, q)
	}
	return out
}

func TestRowProblems(t *testing.T) {
	for name, tc := range map[string]struct{ lines, code string }{
		"bad-input 74 a line":  {"3,,1,,线,,,,@\nJ1,1,2556000,37355000\nJ2,1,2556000,37355100\nJ3,1,2556100,37355100", "not-area"},
		"bad-input 74 a point": {"1,,1,,点,,,,@\nJ1,1,2556000,37355000", "not-area"},
		"no points":            {"0,,1,,面,,,,@", "no-points"},
		"two points":           {"2,,1,,面,,,,@\nJ1,1,2556000,37355000\nJ2,1,2556000,37355100", "ring-short"},
		"hole of two points":   {"7,,1,,面,,,,@\n" + box("1", 0, 0, 100) + "\nJ1,2,2556010,37355010\nJ2,2,2556020,37355020", "ring-short"},
		"a word among them":    {"5,,1,,面,,,,@\n见附图\n" + box("1", 0, 0, 100), "line"},
		"text for a number":    {"5,,1,,面,,,,@\nJ1,1,NaN,37355000\n" + box("1", 0, 0, 100), "line"},
		"local coordinates":    {"4,,1,,面,,,,@\nJ1,1,1000,2000\nJ2,1,1000,2100\nJ3,1,1100,2100", "numbers"},
		"axes differ inside":   {"4,,1,,面,,,,@\nJ1,1,2556000,37355000\nJ2,1,37355100,2556000\nJ3,1,2556100,37355100", "numbers-differ"},
		"zones differ":         {"4,,1,,面,,,,@\nJ1,1,2556000,37355000\nJ2,1,2556000,38355100\nJ3,1,2556100,37355100", "numbers-differ"},
		"prefix not always":    {"4,,1,,面,,,,@\nJ1,1,2556000,37355000\nJ2,1,2556000,355100\nJ3,1,2556100,37355100", "numbers-differ"},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, file("5,1,a,,面,,,,@", box("1", 0, 0, 100), tc.lines, "5,1,b,,面,,,,@", box("1", 0, 0, 100)), parceltxt.Options{})
			if got.err != nil || len(got.records) != 3 {
				t.Fatalf("%d parcels, error %v", len(got.records), got.err)
			}
			bad := got.records[1]
			if bad.Problem == nil || bad.Problem.Code != "ingest.txt."+tc.code || bad.Geometry != nil {
				t.Errorf("problem %v, geometry %v; want %s", bad.Problem, bad.Geometry, tc.code)
			}
			for _, i := range []int{0, 2} {
				if good := got.records[i]; good.Problem != nil || good.Geometry == nil {
					t.Errorf("the good parcel %d: problem %v", i+1, good.Problem)
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, tc := range map[string]struct{ text, code string }{
		"empty":                         {"", "txt.no-parcels"},
		"attributes only":               {attributes, "txt.no-parcels"},
		"no parcels":                    {file(), "txt.no-parcels"},
		"another text":                  {"致：自然资源局\n附件一", "txt.no-parcels"},
		"words for points":              {"[地块坐标]\n见附图", "txt.line"},
		"bad-input 65 degrees, minutes": {file("3,,1,,面,,,,@", "J1,1,23°06′12″,109°36′00″"), "txt.dms"},
		"endless line":                  {file(strings.Repeat("9", 70000)), "txt.line-too-long"},
		"too many parcels":              {file(strings.Repeat(header+"\n", 101)), "txt.too-many-parcels"},
		"too many points":               {file(header, strings.Repeat("J1,1,2556000,37355000\n", 1001)), "txt.too-many-points"},
		"bytes of no coding":            {file("5,1,1,\xff\xff\xff,面,,,,@"), "file.encoding"},
	} {
		o := parceltxt.Options{Limits: format.Limits{MaxRecords: 100, MaxVertices: 1000}}
		if got := read(t, tc.text, o); geo.CodeOf(got.err) != "ingest."+tc.code {
			t.Errorf("%s: %v, want ingest.%s", name, got.err, tc.code)
		}
	}
}

func TestSystem(t *testing.T) {
	with := func(pairs ...string) string {
		return strings.NewReplacer(pairs...).Replace(file(header, box("1", 0, 0, 100)))
	}
	bare := []string{",37355", ",355"}
	plain := func(pairs ...string) string { return with(append(pairs, bare...)...) }
	degreesText := func(unit string) string {
		return "[属性描述]\n坐标系=2000国家大地坐标系\n计量单位=" + unit + "\n[地块坐标]\n3,,1,,面,,,,@\nJ1,1,23.1,109.6\nJ2,1,23.1,109.7\nJ3,1,23.2,109.7\n"
	}
	for name, tc := range map[string]struct {
		text, system, problem, note string
	}{
		"prefix and header":                     {with(), "EPSG:4525", "", ""},
		"prefix only":                           {with("几度分带=3\n", "", "带号=37\n", ""), "EPSG:4525", "", ""},
		"bad-input 61 empty zone":               {with("带号=37", "带号="), "EPSG:4525", "", ""},
		"width in words":                        {with("几度分带=3", "分带=三度带"), "EPSG:4525", "", ""},
		"width with its unit":                   {with("几度分带=3", "分带=3度带"), "EPSG:4525", "", ""},
		"colon for equals":                      {with("=", "：", "37355", "37355"), "EPSG:4525", "", ""},
		"full-width zone":                       {with("带号=37", "带号＝３７"), "EPSG:4525", "", ""},
		"central meridian":                      {with("带号=37", "中央子午线=111"), "EPSG:4525", "", ""},
		"meridian with its unit":                {plain("带号=37", "中央子午线=111度"), "EPSG:4546", "", ""},
		"meridian as zone number":               {plain("带号=37", "带号=111"), "EPSG:4546", "", ""},
		"six degrees":                           {with("几度分带=3", "几度分带=6", "带号=37", "带号=19", "37355", "19355"), "EPSG:4497", "", ""},
		"bad-input 64 no prefix":                {plain(), "EPSG:4546", "", ""},
		"no prefix, no width":                   {plain("几度分带=3\n", ""), "EPSG:4546", "", ""},
		"bad-input 61 no prefix, no zone":       {plain("带号=37", "带号="), "", "", "zone-missing"},
		"bad-input 61 no datum":                 {with("坐标系=2000国家大地坐标系", "坐标系="), "", "", "datum-missing"},
		"other spelling":                        {with("2000国家大地坐标系", "CGCS2000"), "EPSG:4525", "", ""},
		"bad-input 62 zone against prefix":      {with("带号=37", "带号=38"), "", "ingest.txt.zone-mismatch", ""},
		"bad-input 62 width against prefix":     {with("几度分带=3", "几度分带=6"), "", "ingest.txt.zone-mismatch", ""},
		"meridian against prefix":               {with("带号=37", "中央子午线=114"), "", "ingest.txt.zone-mismatch", ""},
		"meridian against zone":                 {plain("带号=37", "带号=37\n中央子午线=114"), "", "ingest.txt.zone-mismatch", ""},
		"meridian of no zone":                   {plain("带号=37", "中央子午线=109.5"), "", "ingest.txt.meridian", ""},
		"bad-input 72 xian 80":                  {with("2000国家大地坐标系", "1980西安坐标系"), "", "ingest.crs.old-datum", ""},
		"bad-input 72 beijing 54":               {with("2000国家大地坐标系", "北京54坐标系"), "", "ingest.crs.old-datum", ""},
		"unknown datum":                         {with("2000国家大地坐标系", "独立坐标系"), "", "ingest.crs.unknown", ""},
		"wgs 84 plane":                          {with("2000国家大地坐标系", "WGS84"), "", "ingest.txt.datum-plane", ""},
		"other projection":                      {with("高斯克吕格", "墨卡托"), "", "ingest.txt.projection", ""},
		"kilometres":                            {with("计量单位=米", "计量单位=千米"), "", "ingest.txt.unit", ""},
		"bad-input 65 degrees as the unit says": {degreesText("度"), "EPSG:4490", "", ""},
		"bad-input 65 degrees, unit silent":     {degreesText(""), "", "ingest.txt.degrees", ""},
		"bad-input 65 degrees with minutes":     {degreesText("度分秒"), "", "ingest.txt.degrees", ""},
		"two zones": {
			file(header, box("1", 0, 0, 100), header, strings.ReplaceAll(box("1", 0, 0, 100), ",37355", ",36655")),
			"", "ingest.txt.zones-mixed", "",
		},
		"prefix in one of two": {
			file(header, box("1", 0, 0, 100), header, strings.ReplaceAll(box("1", 0, 0, 100), ",37355", ",355")),
			"", "ingest.txt.parcels-differ", "",
		},
	} {
		got := read(t, tc.text, parceltxt.Options{})
		if got.err != nil {
			t.Errorf("%s: %v", name, got.err)
			continue
		}
		system, problem := "", ""
		if got.schema.Declared != nil {
			system = got.schema.Declared.String()
		}
		if got.schema.DeclaredProblem != nil {
			problem = got.schema.DeclaredProblem.Code
		}
		if system != tc.system || problem != tc.problem {
			t.Errorf("%s: %q %v, want %q %q", name, system, got.schema.DeclaredProblem, tc.system, tc.problem)
		}
		if tc.note != "" && !strings.Contains(codes(got.schema.Notes), tc.note) {
			t.Errorf("%s: notes %q, want %q", name, codes(got.schema.Notes), tc.note)
		}
		if got.records[0].Geometry == nil {
			t.Errorf("%s: no geometry although only the system is in question", name)
		}
	}
}

func TestDegreesHaveLongitudeFirst(t *testing.T) {
	for _, line := range []string{"J1,1,23.1,109.6\nJ2,1,23.1,109.7\nJ3,1,23.2,109.7", "J1,1,109.6,23.1\nJ2,1,109.7,23.1\nJ3,1,109.7,23.2"} {
		got := read(t, "[地块坐标]\n3,,1,,面,,,,@\n"+line, parceltxt.Options{})
		want := orb.Polygon{{{109.6, 23.1}, {109.7, 23.1}, {109.7, 23.2}, {109.6, 23.1}}}
		if !reflect.DeepEqual(got.records[0].Geometry, want) {
			t.Errorf("%v, want %v", got.records[0].Geometry, want)
		}
	}
}

func TestAttributes(t *testing.T) {
	text := file("5,0.7655公顷,007,地块（一），东,面,F49,耕地,0101,甲,,丙,@", box("1", 0, 0, 100), "4,,,,,,,,@", box("1", 0, 500, 100))
	got := read(t, text, parceltxt.Options{})
	if got.err != nil {
		t.Fatal(got.err)
	}
	var names []string
	for _, f := range got.schema.Fields {
		names = append(names, f.Name)
	}
	if want := "地块编号 地块名称 图幅号 地块用途 地类编码 地块面积 扩展1 扩展2 扩展3"; strings.Join(names, " ") != want {
		t.Errorf("fields %v, want %s", names, want)
	}
	for i, want := range [][]any{
		{"007", "地块（一），东", "F49", "耕地", "0101", 0.7655, "甲", nil, "丙"},
		make([]any, 9),
	} {
		if !reflect.DeepEqual(got.records[i].Values, want) {
			t.Errorf("row %d: %#v, want %#v", i+1, got.records[i].Values, want)
		}
	}
	if h := got.records[0].Parcel; h.DeclaredHectares != 0.7655 || h.DeclaredPoints != 5 {
		t.Errorf("header %+v", h)
	}
	if h := got.records[1].Parcel; !math.IsNaN(h.DeclaredHectares) || h.DeclaredPoints != 4 {
		t.Errorf("header %+v", h)
	}
}

func TestDeclaredAreaUnits(t *testing.T) {
	t.Run("bad-input 73 areas in other units", func(t *testing.T) {
		for stated, want := range map[string]float64{
			"1": 1, "1公顷": 1, "1 ha": 1, "15亩": 1, "10000平方米": 1, "10000㎡": 1, "１": 1, "": math.NaN(), "约一公顷": math.NaN(), "1英亩": math.NaN(),
		} {
			got := read(t, file("5,"+stated+",1,,面,,,,@", box("1", 0, 0, 100)), parceltxt.Options{})
			if h := got.records[0].Parcel.DeclaredHectares; h != want && !(math.IsNaN(h) && math.IsNaN(want)) {
				t.Errorf("%q: %v ha, want %v", stated, h, want)
			}
		}
	})
}

func TestSameNumberTwice(t *testing.T) {
	t.Run("bad-input 75 several parcels of one number", func(t *testing.T) {
		got := read(t, file(header, box("1", 0, 0, 100), header, box("1", 0, 500, 100)), parceltxt.Options{})
		if len(got.records) != 2 || codes(got.schema.Notes) != "number-repeated" {
			t.Errorf("%d parcels, notes %q", len(got.records), codes(got.schema.Notes))
		}
	})
}

func TestWorkedParcel(t *testing.T) {
	text := file("11,61.0000,1,,面,,,,@",
		"J1,1,2556123.456,37355234.567\nJ2,1,2556123.456,37356034.567\nJ3,1,2555523.456,37356234.567",
		"J4,1,2555323.456,37355534.567\nJ5,1,2555723.456,37355134.567\nJ1,1,2556123.456,37355234.567",
		"J6,2,2555900,37355500\nJ7,2,2555900,37355700\nJ8,2,2555700,37355700\nJ9,2,2555700,37355500\nJ6,2,2555900,37355500")
	got := read(t, text, parceltxt.Options{})
	area := ellipsoid.PlaneArea(got.records[0].Geometry)
	if math.Abs(area-610000) > 0.02 { // domain section 6.3: the plane area of the worked parcel is 610000.01 m²
		t.Errorf("plane area %.4f m²", area)
	}
}
