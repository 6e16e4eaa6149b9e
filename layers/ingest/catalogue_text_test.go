package ingest_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

const txtAttributes = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=37\n[地块坐标]\n"

// txtOpen has three corners, txtSquare the four of a hectare and the first again.
const (
	txtOpen   = "J1,1,2556000,37355000\nJ2,1,2556000,37355100\nJ3,1,2556100,37355100\n"
	txtSquare = txtOpen + "J4,1,2556100,37355000\nJ1,1,2556000,37355000\n"
	txtHead   = "5,1,1,甲,面,,,,@\n"
)

func txtSpecimens() []specimen {
	hole := "J1,2,2556010,37355010\nJ2,2,2556010,37355060\nJ3,2,2556060,37355060\nJ1,2,2556010,37355010\n"
	return append(txtSystems(), []specimen{
		{"txt.no-parcels", txtText(txtAttributes), ""},
		{"txt.line", txtParcel("5,,1,,面,,,,@\n见附图\n" + txtSquare), ""},
		{"txt.text-too-long", txtParcel("5,1," + strings.Repeat("x", 101) + ",甲,面,,,,@\n" + txtSquare), ""},
		{"txt.line-too-long", txtParcel(strings.Repeat("9", 70_000)), ""},
		{"txt.dms", txtParcel("3,,1,,面,,,,@\nJ1,1,23°06′12″,109°36′00″\n"), ""},
		{"txt.too-many-parcels", txtParcel(strings.Repeat(txtHead, 11)), ""},
		{"txt.too-many-points", txtParcel(txtHead + strings.Repeat("J1,1,2556000,37355000\n", 101)), ""},
		{"txt.too-many-rings", delivered("a.txt", nestedRings(txtAttributes+"20004,,1,甲,面,,,,@\n", 5_001, 3), open.Options{}), ""},
		{"txt.not-area", txtParcel("3,,1,,线,,,,@\n" + txtOpen), ""},
		{"txt.no-points", txtParcel("0,,1,,面,,,,@\n"), ""},
		{"txt.ring-short", txtParcel("2,,1,,面,,,,@\nJ1,1,2556000,37355000\nJ2,1,2556000,37355100\nJ1,1,2556000,37355000\n"), "txt.ring-open"},
		{"txt.numbers", txtParcel("3,,1,,面,,,,@\nJ1,1,1000,2000\nJ2,1,1000,2100\nJ3,1,1100,2100\nJ1,1,1000,2000\n"), ""},
		{"txt.numbers-differ", txtParcel("5,,1,,面,,,,@\n" + strings.Replace(txtSquare, ",37355100", ",355100", 1)), ""},
		{"txt.axes-swapped", txtParcel(txtHead + "J1,1,37355000,2556000\nJ2,1,37355100,2556000\nJ3,1,37355100,2556100\n" +
			"J4,1,37355000,2556100\nJ1,1,37355000,2556000\n"), ""},
		{"txt.ring-open", txtParcel("3,,1,甲,面,,,,@\n" + txtOpen), ""},
		{"txt.closed-twice", txtParcel("6,1,1,甲,面,,,,@\n" + txtSquare + "J1,1,2556000,37355000\n"), ""},
		{"txt.closing-point", txtParcel(txtHead + strings.TrimSuffix(txtSquare, "355000\n") + "355999\n"), ""},
		{"txt.ring-number-shared", txtParcel("9,,1,甲,面,,,,@\n" + txtSquare + strings.ReplaceAll(hole, ",2,", ",1,")), ""},
		{"txt.ring-number-missing", txtParcel(txtHead + strings.ReplaceAll(txtSquare, ",1,", ",")), ""},
		{"txt.inner-rings-not-deducted", txtParcel("9,1,1,甲,面,,,,@\n" + txtSquare + hole), ""},
		{"txt.area-differs", txtParcel("5,1.5,1,甲,面,,,,@\n" + txtSquare), ""},
		{"txt.area-unit", txtParcel("5,15,1,甲,面,,,,@\n" + txtSquare), ""},
		{"txt.count-differs", txtParcel("99,1,1,甲,面,,,,@\n" + txtSquare), ""},
		{"txt.number-repeated", txtParcel(strings.Repeat(txtHead+txtSquare, 2)), ""},
		{"txt.header-mark", txtParcel("5,1,1,甲,面,,,,\n" + txtSquare), ""},
		{"txt.header-missing", txtParcel(txtSquare), ""},
		{"txt.quotes", txtParcel(txtHead + `"` + strings.ReplaceAll(strings.TrimSpace(txtSquare), "\n", "\"\n\"") + "\"\n"), ""},
		{"txt.extra-values", txtParcel(txtHead + strings.ReplaceAll(txtSquare, "\n", ",45.2\n")), ""},
	}...)
}

func txtSystems() []specimen {
	with := func(pairs ...string) func(*testing.T) []*geo.Problem {
		return txtText(strings.NewReplacer(pairs...).Replace(txtAttributes + txtHead + txtSquare))
	}
	return []specimen{
		{"txt.zone-mismatch", with("带号=37", "带号=38"), ""},
		{"txt.zones-mixed", txtParcel(txtHead + txtSquare + strings.Replace(txtHead, "甲", "乙", 1) +
			strings.ReplaceAll(txtSquare, ",37", ",36")), "txt.number-repeated"},
		{"txt.parcels-differ", txtParcel(txtHead + txtSquare + strings.Replace(txtHead, ",1,1,", ",1,2,", 1) +
			strings.ReplaceAll(txtSquare, ",37", ",")), ""},
		{"txt.meridian", with("带号=37", "中央子午线=109.5", ",37355", ",355"), ""},
		{"txt.projection", with("高斯克吕格", "墨卡托"), ""},
		{"txt.unit", with("=米", "=千米"), ""},
		{"txt.datum-plane", with("2000国家大地坐标系", "WGS84"), ""},
		{"txt.degrees", txtText("[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n3,,1,,面,,,,@\n" +
			"J1,1,23.1,109.6\nJ2,1,23.1,109.7\nJ3,1,23.2,109.7\nJ1,1,23.1,109.6\n"), ""},
		{"txt.datum-missing", with("2000国家大地坐标系", ""), ""},
		{"txt.zone-missing", with("带号=37", "带号=", ",37355", ",355"), ""},
	}
}

func txtText(text string) func(*testing.T) []*geo.Problem {
	return delivered("a.txt", text, limited(format.Limits{MaxVertices: 100, MaxRecords: 10, MaxText: 100}))
}

func txtParcel(lines string) func(*testing.T) []*geo.Problem { return txtText(txtAttributes + lines) }

// csvSquare is a closed ring of three corners.
const csvSquare = "J1,2556000,37355000\nJ2,2556000,37355100\nJ3,2556100,37355100\nJ1,2556000,37355000\n"

func tableSpecimens() []specimen {
	head := "点号,X,Y\n"
	return []specimen{
		{"table.empty", csvText(head), ""},
		{"table.no-geometry", csvText("a,b\n1,2\n"), ""},
		{"table.too-many-rows", csvText("WKT\n" + strings.Repeat("POINT(1 2)\n", 11)), ""},
		{"table.too-many-points", csvText(head + strings.Repeat("J1,2556000,37355000\n", 101)), ""},
		{"table.too-many-columns", csvText(head + "J1,1,2" + strings.Repeat(",1", 1100) + "\n"), ""},
		{"table.text-too-long", csvText("名称,WKT\n" + strings.Repeat("x", 101) + ",POINT(1 2)\n"), ""},
		{"table.point", csvText(head + csvSquare + ",2556000,\n"), ""},
		{"table.coordinate", csvText("经度,纬度\n109°30′,23°06′\n"), "table.read-as-points"},
		{"table.ring-short", csvText(head + "J1,1,2\nJ2,3,4\nJ1,1,2\n"), "table.ring-open"},
		{"table.ring-open", csvText(head + strings.TrimSuffix(csvSquare, "J1,2556000,37355000\n")), ""},
		{"table.closed-twice", csvText(head + csvSquare + "J1,2556000,37355000\n"), ""},
		{"table.closing-point", csvText(head + strings.TrimSuffix(csvSquare, "355000\n") + "355999\n"), ""},
		{"table.ring-number-shared", csvText(head + csvSquare + strings.ReplaceAll(csvSquare, ",373", ",374")), ""},
		{"table.too-many-rings", delivered("a.csv", nestedRings("点号,圈号,X,Y\n", 12_000, 4), open.Options{}), ""},
		{"table.line-passed-over", csvText(head + csvSquare + "说明,以上坐标,已核对\n"), ""},
		{"table.columns-left-out", csvText("点号,X,Y,备注\n" + strings.NewReplacer("100\n", "100,a\n", "000\n", "000,b\n").Replace(csvSquare)), ""},
		{"table.read-as-points", csvText("名称,经度,纬度\n甲,109.6,23.1\n"), ""},
		{"table.systems-differ", csvText("坐标系：CGCS2000\n坐标系：WGS84\n" + head + csvSquare), ""},
		{"table.srids-differ", csvText("WKT\nSRID=4490;POINT(1 2)\nSRID=4326;POINT(1 2)\n"), ""},
		{"table.datum-plane", csvText("坐标系：WGS84\n" + head + csvSquare), ""},
		{"table.zone-mismatch", csvText("坐标系：CGCS2000\n带号,38\n" + head + csvSquare), ""},
		{"table.zones-mixed", csvText("CGCS2000\n" + head + strings.Replace(csvSquare, ",37355100", ",38355100", 1)), ""},
		{"csv.quote", csvText(head + "\"J1,2556000,37355000\nJ2,1,1\n"), ""},
		{"wkt.syntax", csvText("WKT\nCIRCLE(1 2)\n"), ""},
		{"wkt.too-many-points", csvText("WKT\n\"LINESTRING(" + strings.Repeat("1 2,", 100) + "3 4)\"\n"), ""},
		{"wkt.heights", csvText("WKT\nPOINT(1 2 3)\n"), ""},
		{"table.row-too-long", csvText("WKT\n\"" + strings.Repeat("x", 66<<20)), ""},
		{"xlsx.damaged", workbook("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"), ""},
		{"xlsx.not-workbook", workbook("xl/workbook.xml", "<document/>"), ""},
		{"xlsx.macros", workbook("xl/vbaProject.bin", "x"), ""},
		{"xlsx.too-large", workbook("xl/sharedStrings.xml", "<sst><si><t>"+strings.Repeat("a", 100<<20)+"</t></si></sst>"), ""},
		{"xlsx.external-links", workbook("xl/_rels/workbook.xml.rels", strings.Replace(bookParts["xl/_rels/workbook.xml.rels"],
			"</R", `<Relationship Id="r9" Type="x/externalLink" Target="a.xml"/></R`, 1)), "table.read-as-points"},
		{
			"xlsx.sheets-passed-over", workbook(
				"xl/workbook.xml", strings.Replace(bookParts["xl/workbook.xml"], "</sheets>", `<sheet name="乙" sheetId="2" r:id="r3"/></sheets>`, 1),
				"xl/_rels/workbook.xml.rels", strings.Replace(bookParts["xl/_rels/workbook.xml.rels"], "</R",
					`<Relationship Id="r3" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/></R`, 1),
				"xl/worksheets/sheet2.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`),
			"table.read-as-points",
		},
		{"xlsx.merged-cells", workbook("xl/worksheets/sheet1.xml", strings.Replace(bookParts["xl/worksheets/sheet1.xml"],
			"</worksheet>", `<mergeCells count="1"><mergeCell ref="A5:A6"/></mergeCells></worksheet>`, 1)), "table.read-as-points"},
	}
}

// nestedRings are closed rings of so many corners, each around the next.
func nestedRings(head string, n, corners int) string {
	var b strings.Builder
	b.WriteString(head)
	for ring := range n {
		for i := range corners + 1 {
			k := i % corners
			north, east := ring, ring
			if k >= 2 {
				north = 100_000 - ring
			}
			if k == 1 || k == 2 {
				east = 100_000 - ring
			}
			fmt.Fprintf(&b, "J%d,%d,%d,%d\n", k+1, ring+1, 2_556_000+north, 37_355_000+east)
		}
	}
	return b.String()
}

func csvText(text string) func(*testing.T) []*geo.Problem {
	return delivered("a.csv", text, limited(format.Limits{MaxVertices: 100, MaxRecords: 10, MaxText: 100}))
}

// bookParts are those of the smallest workbook: one sheet with one place in degrees.
var bookParts = map[string]string{
	"_rels/.rels":     `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	"xl/workbook.xml": `<workbook xmlns:r="http://r"><sheets><sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
	"xl/sharedStrings.xml": `<sst><si><t>经度</t></si><si><t>纬度</t></si></sst>`,
	"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>` +
		`<row r="2"><c r="A2"><v>109.5</v></c><c r="B2"><v>23.1</v></c></row></sheetData></worksheet>`,
}

// workbook is the smallest workbook with other or further parts, given as name and content in turn.
func workbook(other ...string) func(*testing.T) []*geo.Problem {
	parts := maps.Clone(bookParts)
	for i := 0; i < len(other); i += 2 {
		parts[other[i]] = other[i+1]
	}
	return delivered("a.xlsx", zipped(parts), open.Options{})
}

// zipped packs files in the order of their names.
func zipped(files map[string]string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range sortedKeys(files) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
		}
		if err != nil {
			panic(err) // to memory
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}
