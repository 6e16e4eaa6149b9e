package table_test

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"greenshield/geo/format"
	"greenshield/geo/format/table"
)

const square = "J1,2556000,37355000\nJ2,2556000,37355100\nJ3,2556100,37355100\nJ1,2556000,37355000\n"

const triangle = "POLYGON((3.7355e+07 2.556e+06,3.73551e+07 2.556e+06,3.73551e+07 2.5561e+06,3.7355e+07 2.556e+06))"

func TestPointLists(t *testing.T) {
	for name, tc := range map[string]struct{ text, shapes, notes string }{
		"labels":                          {"点号,X,Y\n" + square, triangle, ""},
		"units in brackets of full width": {"界址点号，X坐标（m），Y坐标（m）\n" + strings.ReplaceAll(square, ",", "，"), triangle, ""},
		"tabs":                            {"点号\tX\tY\n" + strings.ReplaceAll(square, ",", "\t"), triangle, ""},
		"semicolons":                      {"点号;X;Y\n" + strings.ReplaceAll(square, ",", ";"), triangle, ""},
		"quotes":                          {"\"点号\",\"X\",\"Y\"\n" + square, triangle, ""},
		"easting first":                   {"点号,东坐标,北坐标\nJ1,37355000,2556000\nJ2,37355100,2556000\nJ3,37355100,2556100\n", triangle, "table.ring-open"},
		"coordinates alone":               {"X,Y\n2556000,37355000\n2556000,37355100\n2556100,37355100\n", triangle, "table.ring-open"},
		"title block": {
			"界 址 点 成 果 表,,,\n权利人,某公司,,\n宗地面积(公顷),0.5,,\n序号,点号,X(m),Y(m),边长(m)\n" +
				"1,J1,2556000,37355000,\n,,,,100.00\n2,J2,2556000,37355100,\n3,J3,2556100,37355100,\n1,J1,2556000,37355000,\n第1页 共1页\n",
			triangle, "",
		},
		"pages of one parcel": {
			"权利人,甲,\n点号,X,Y\nJ1,2556000,37355000\nJ2,2556000,37355100\n第1页\n权利人,甲,\n点号,X,Y\nJ3,2556100,37355100\nJ1,2556000,37355000\n",
			triangle, "",
		},
		"pages of two parcels": {"权利人,甲,\n点号,X,Y\n" + square + "权利人,乙,\n点号,X,Y\n" + square, triangle + "\n" + triangle, ""},
		"parcel numbers":       {"地块编号,点号,X,Y\n" + "1," + strings.ReplaceAll(strings.TrimSpace(square), "\n", "\n1,") + "\n2," + strings.ReplaceAll(strings.TrimSpace(square), "\n", "\n,"), triangle + "\n" + triangle, ""},
		"a hole": {
			"点号,圈号,X,Y\nJ1,1,0,0\nJ2,1,0,90\nJ3,1,90,90\nJ4,1,90,0\nJ1,1,0,0\nJ5,2,30,30\nJ6,2,30,60\nJ7,2,60,60\nJ5,2,30,30\n",
			"POLYGON((0 0,90 0,90 90,0 90,0 0),(30 30,60 30,60 60,30 30))", "",
		},
		"two parts without numbers": {
			"点号,X,Y\nJ1,0,0\nJ2,0,9\nJ3,9,9\nJ1,0,0\nJ1,20,0\nJ2,20,9\nJ3,29,9\nJ1,20,0\n",
			"MULTIPOLYGON(((0 0,9 0,9 9,0 0)),((0 20,9 20,9 29,0 20)))", "table.ring-number-shared",
		},
		"degrees in rings":                   {"圈号,经度,纬度\n1,109.6,23.1\n1,109.7,23.1\n1,109.7,23.2\n", "POLYGON((109.6 23.1,109.7 23.1,109.7 23.2,109.6 23.1))", "table.ring-open"},
		"points":                             {"名称,经度,纬度\n甲,109.6,23.1\n", "POINT(109.6 23.1)", "table.read-as-points"},
		"points in metres":                   {"名称,X,Y\n甲,2556000,355000\n", "POINT(355000 2.556e+06)", "table.read-as-points"},
		"a remark in the columns of numbers": {"点号,X,Y\n" + square + "说明,以上坐标,已核对\n", triangle, "table.line-passed-over"},
	} {
		t.Run(name, func(t *testing.T) {
			o := read(t, tc.text, table.Options{})
			if o.code() != "" || o.shapes() != tc.shapes || o.notes() != tc.notes {
				t.Errorf("%v %s\n%s\nnotes %q, want %q", o.err, o.code(), o.shapes(), o.notes(), tc.notes)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, tc := range map[string]struct{ text, code string }{
		"heads alone":                           {"点号,X,Y\n", "table.empty"},
		"blank lines":                           {"\n,,\n", "table.empty"},
		"no coordinates":                        {"a,b\n1,2\n", "table.no-geometry"},
		"head in row 21":                        {strings.Repeat("说明\n", 20) + "点号,X,Y\n" + square, "table.no-geometry"},
		"a label without numbers":               {"点号,X,Y\n" + square + "J5,,\n", "table.point"},
		"one number":                            {"点号,X,Y\n" + square + ",2556000,\n", "table.point"},
		"degrees and minutes":                   {"点号,经度,纬度,圈号\nJ1,109°30′,23°06′,1\n", "table.point"},
		"two points":                            {"点号,X,Y\nJ1,1,2\nJ2,3,4\n", "table.ring-short"},
		"bad-input 76 quotes that do not match": {"点号,X,Y\n\"J1,2556000,37355000\nJ2,1,1\n", "csv.quote"},
		"a point in degrees and minutes":        {"经度,纬度\n109°30′,23°06′\n", "table.coordinate"},
		"half a point":                          {"经度,纬度\n109.5,\n", "table.coordinate"},
		"too many columns":                      {"点号,X,Y\nJ1,1,2" + strings.Repeat(",1", 1100) + "\n", "table.too-many-columns"},
		"broken wkt":                            {"名称,WKT\n甲,\"POLYGON((1 2\"\n", "wkt.syntax"},
		"wkt of an open ring":                   {"名称,WKT\n甲,\"POLYGON((0 0,1 0,1 1,0 1))\"\n", "wkt.syntax"},
		"wkt with more behind":                  {"名称,WKT\n甲,POINT(1 2) 3\n", "wkt.syntax"},
		"wkt of an unknown kind":                {"名称,WKT\n甲,CIRCLE(1 2)\n", "wkt.syntax"},
	} {
		if o := read(t, tc.text, table.Options{}); o.code() != "ingest."+tc.code {
			t.Errorf("%s: %v, %s, want %s", name, o.err, o.code(), tc.code)
		}
	}
}

func TestLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		text   string
		limits format.Limits
		code   string
	}{
		"points":  {"点号,X,Y\n" + square, format.Limits{MaxVertices: 3}, "table.too-many-points"},
		"parcels": {"地块编号,X,Y\n1,1,2\n2,3,4\n", format.Limits{MaxRecords: 1}, "table.too-many-rows"},
		"rows":    {"经度,纬度\n1,2\n3,4\n", format.Limits{MaxRecords: 1}, "table.too-many-rows"},
		"text":    {"名称,经度,纬度\nabcdef,1,2\n", format.Limits{MaxText: 5}, "table.text-too-long"},
		"wkt":     {"WKT\n\"LINESTRING(1 2,3 4,5 6)\"\n", format.Limits{MaxVertices: 2}, "wkt.too-many-points"},
	} {
		if o := read(t, tc.text, table.Options{Limits: tc.limits}); o.code() != "ingest."+tc.code {
			t.Errorf("%s: %v, %s", name, o.err, o.code())
		}
	}
	text := "WKT\n\"" + strings.Repeat("x", 66<<20)
	if o := read(t, text, table.Options{}); o.code() != "ingest.table.row-too-long" {
		t.Errorf("a quote that is never closed: %v", o.err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := table.Read(ctx, "t", strings.NewReader("X,Y\n1,2\n"), 8, table.Options{}); err == nil {
		t.Error("a cancelled request was read")
	}
}

func TestEncodings(t *testing.T) {
	text := "地块名称,点号,X,Y\n" + "红线," + strings.ReplaceAll(strings.TrimSpace(square), "\n", "\n红线,")
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(text)
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	for encoding, text := range map[string]string{"UTF-8": "\ufeff" + text, "GB18030": gbk, "UTF-16LE": wide} {
		o := read(t, text, table.Options{})
		if o.schema.Encoding != encoding || o.shapes() != triangle || o.records[0].Values[0] != "红线" {
			t.Errorf("%s: %v %s %s", encoding, o.err, o.schema.Encoding, o.shapes())
		}
	}
}

func TestReferenceSystems(t *testing.T) {
	plain := strings.ReplaceAll(square, "37355", "355")
	for name, tc := range map[string]struct{ title, points, declared, problem string }{
		"none":                    {"", square, "", ""},
		"datum and prefix":        {"坐标(2000国家大地坐标系)\n", square, "EPSG:4525", ""},
		"datum without zone":      {"2000国家大地坐标系\n", plain, "", ""},
		"datum and zone":          {"坐标系,2000国家大地坐标系\n带号：37\n", plain, "EPSG:4546", ""},
		"meridian and width":      {"坐标系：CGCS2000\n分带,3\n中央子午线,111\n", plain, "EPSG:4546", ""},
		"meridian without width":  {"坐标系：CGCS2000\n中央子午线,111\n", plain, "", ""},
		"zone against the prefix": {"坐标系：CGCS2000\n带号,38\n", square, "", "ingest.table.zone-mismatch"},
		"old datum":               {"坐标系：1980西安坐标系\n", square, "", "ingest.crs.old-datum"},
		"old datum in two cells":  {"坐标系,1980西安坐标系\n", square, "", "ingest.crs.old-datum"},
		"two datums":              {"坐标系：CGCS2000\n坐标系：WGS84\n", square, "", "ingest.table.systems-differ"},
		"degrees named":           {"坐标系：WGS84\n", square, "", "ingest.table.datum-plane"},
		"two zones":               {"CGCS2000\n", square + "J9,2556000,38355000\n", "", "ingest.table.zones-mixed"},
	} {
		o := read(t, tc.title+"点号,X,Y\n"+tc.points, table.Options{})
		declared, problem := "", ""
		if d := o.schema.Declared; d != nil {
			declared = fmt.Sprintf("EPSG:%d", d.EPSG())
		}
		if p := o.schema.DeclaredProblem; p != nil {
			problem = p.Code
		}
		if o.err != nil || declared != tc.declared || problem != tc.problem {
			t.Errorf("%s: %v, %q, %q", name, o.err, declared, problem)
		}
	}
}

func TestAttributesOfParcels(t *testing.T) {
	o := read(t, "宗地面积(平方米),5000\n地块编号,地块名称,用途,备注,X,Y\n001,甲,宅基地,a,0,0\n,,,b,0,9\n,,,,9,9\n", table.Options{})
	if o.err != nil {
		t.Fatal(o.err)
	}
	var names []string
	for _, f := range o.schema.Fields {
		names = append(names, f.Name)
	}
	if got := fmt.Sprint(names, o.records[0].Values); got != "[地块编号 地块名称 地块面积 用途] [001 甲 0.5 宅基地]" {
		t.Error(got)
	}
	if h := o.records[0].Parcel.DeclaredHectares; h != 0.5 {
		t.Errorf("%v hectares", h)
	}
	if o.notes() != "table.ring-open table.columns-left-out" && o.notes() != "table.columns-left-out table.ring-open" {
		t.Error(o.notes())
	}
	o = read(t, "点号,X,Y\n"+square, table.Options{})
	if h := o.records[0].Parcel.DeclaredHectares; !math.IsNaN(h) || len(o.schema.Fields) != 0 {
		t.Errorf("nothing is stated: %v, %v", h, o.schema.Fields)
	}
}

func TestAttributesOfRows(t *testing.T) {
	o := read(t, "代码,数量,面积,日期,是否,身份证,空,几何\n"+
		"0101,7,1.50,2023-05-01,true,450000199001011234,,\"POLYGON((0 0,1 0,1 1,0 0))\"\n"+
		"12,-8,2,2023/6/1,FALSE,,,POINT EMPTY\n12,,,,,,,\n", table.Options{})
	if o.code() != "" || o.schema.Count != 3 {
		t.Fatal(o.err, o.code(), o.schema.Count)
	}
	var kinds []format.Kind
	for _, f := range o.schema.Fields {
		kinds = append(kinds, f.Kind)
	}
	want := []format.Kind{format.Text, format.Integer, format.Real, format.Date, format.Boolean, format.Text, format.Text}
	if !reflect.DeepEqual(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	first := []any{"0101", int64(7), 1.5, "2023-05-01", true, "450000199001011234", nil}
	second := []any{"12", int64(-8), 2.0, "2023-06-01", false, nil, nil}
	if !reflect.DeepEqual(o.records[0].Values, first) || !reflect.DeepEqual(o.records[1].Values, second) {
		t.Errorf("%v\n%v", o.records[0].Values, o.records[1].Values)
	}
	if o.shapes() != "POLYGON((0 0,1 0,1 1,0 0))\n-\n-" {
		t.Error(o.shapes())
	}
}

func TestWKT(t *testing.T) {
	for text, want := range map[string]string{
		"POINT(1 2)":                                         "POINT(1 2)",
		"point z ( 1 2 3 )":                                  "POINT(1 2)",
		"POINTZM(1 2 3 4)":                                   "POINT(1 2)",
		"LINESTRING M (1 2 3,4 5 6)":                         "LINESTRING(1 2,4 5)",
		"MULTIPOINT((1 2),(3 4))":                            "MULTIPOINT((1 2),(3 4))",
		"MULTIPOINT(1 2,3 4)":                                "MULTIPOINT((1 2),(3 4))",
		"MULTILINESTRING((1 2,3 4),(5 6,7 8))":               "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
		"MULTIPOLYGON(((0 0,1 0,1 1,0 0)))":                  "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
		"GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))": "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))",
		"POINT(1e2 -2.5E-1)":                                 "POINT(100 -0.25)",
		"MULTIPOLYGON EMPTY":                                 "-",
		"POLYGON Z EMPTY":                                    "-",
	} {
		o := read(t, "甲;那一列\n1;"+text+"\n", table.Options{})
		if o.code() != "" || o.shapes() != want {
			t.Errorf("%s: %v %s %s", text, o.err, o.code(), o.shapes())
		}
	}
	o := read(t, "WKT\nSRID=4490;POINT(1 2)\n", table.Options{})
	if o.schema.Declared == nil || o.schema.Declared.EPSG() != 4490 || o.shapes() != "POINT(1 2)" {
		t.Errorf("SRID: %v", o.schema.DeclaredProblem)
	}
	o = read(t, "WKT\nSRID=4490;POINT(1 2 3)\nSRID=4326;POINT(1 2)\n", table.Options{})
	if p := o.schema.DeclaredProblem; p == nil || p.Code != "ingest.table.srids-differ" || o.notes() != "wkt.heights" {
		t.Errorf("two SRIDs: %v, notes %s", p, o.notes())
	}
	deep := strings.Repeat("GEOMETRYCOLLECTION(", 1000) + "POINT(1 2)" + strings.Repeat(")", 1000)
	if o := read(t, "WKT\n"+deep+"\n", table.Options{}); o.code() != "ingest.wkt.syntax" {
		t.Errorf("deep: %s", o.code())
	}
}
