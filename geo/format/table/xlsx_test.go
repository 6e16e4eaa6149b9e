package table_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"greenshield/geo/format"
	"greenshield/geo/format/table"
)

// saved is a workbook that another program makes: rows by sheet, cells by name.
func saved(t testing.TB, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	path := filepath.Join(t.TempDir(), "test.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func rowsInto(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	if i, _ := f.GetSheetIndex(sheet); i < 0 {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
	}
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

func readXLSX(t testing.TB, path string, o table.Options) outcome {
	t.Helper()
	d, err := table.OpenXLSX(context.Background(), path, o)
	return drain(t, d, err)
}

var surveyRows = [][]any{
	{"界 址 点 成 果 表"},
	{"权利人", "某公司", nil, "2000国家大地坐标系"},
	{"宗地面积(公顷)", 0.5},
	{"序号", "点号", "X(m)", "Y(m)", "边长(m)"},
	{1, "J1", 2556000.1234, 37355000.5},
	{nil, nil, nil, nil, 100},
	{2, "J2", 2556000.0, 37355100.0},
	{3, "J3", 2556100.0, 37355100.0},
	{1, "J1", 2556000.1234, 37355000.5},
}

const surveyed = "POLYGON((3.73550005e+07 2.5560001234e+06,3.73551e+07 2.556e+06,3.73551e+07 2.5561e+06,3.73550005e+07 2.5560001234e+06))"

func TestWorkbook(t *testing.T) {
	path := saved(t, func(f *excelize.File) {
		rowsInto(t, f, "Sheet1", surveyRows...)
		rowsInto(t, f, "说明", []any{"请查收"})
		style, _ := f.NewStyle(&excelize.Style{NumFmt: 2}) // two decimals are shown, all are read
		_ = f.SetCellStyle("Sheet1", "C5", "D9", style)
	})
	o := readXLSX(t, path, table.Options{})
	if o.code() != "" || o.shapes() != surveyed {
		t.Fatal(o.err, o.code(), o.shapes())
	}
	if o.notes() != "xlsx.sheets-passed-over" || o.schema.Format != "xlsx" || o.schema.Name != "test" {
		t.Error(o.notes(), o.schema.Format, o.schema.Name)
	}
	if d := o.schema.Declared; d == nil || d.EPSG() != 4525 {
		t.Errorf("declared %v, %v", d, o.schema.DeclaredProblem)
	}
	if v := o.records[0].Values; !reflect.DeepEqual(v, []any{"某公司", 0.5}) || o.records[0].Parcel.DeclaredHectares != 0.5 {
		t.Errorf("%v", v)
	}
}

func TestSheets(t *testing.T) {
	path := saved(t, func(f *excelize.File) {
		rowsInto(t, f, "Sheet1", surveyRows...)
		rowsInto(t, f, "乙", []any{"名称", "经度", "纬度"}, []any{"甲", 109.5, 23.1})
		rowsInto(t, f, "空")
	})
	for layer, want := range map[string]string{
		"": "ingest.file.several-layers", "空": "ingest.file.layer-unknown", "乙": "", "Sheet1": "",
	} {
		if o := readXLSX(t, path, table.Options{Layer: layer}); o.code() != want {
			t.Errorf("sheet %q: %v", layer, o.err)
		}
	}
	if o := readXLSX(t, path, table.Options{Layer: "乙"}); o.shapes() != "POINT(109.5 23.1)" {
		t.Error(o.shapes())
	}
	path = saved(t, func(f *excelize.File) { rowsInto(t, f, "Sheet1", []any{"a"}, []any{1}) })
	if o := readXLSX(t, path, table.Options{}); o.code() != "ingest.table.no-geometry" {
		t.Error(o.err)
	}
}

func TestBadInputsOfWorkbooks(t *testing.T) {
	t.Run("bad-input 77 formulas are text", func(t *testing.T) {
		path := saved(t, func(f *excelize.File) {
			rowsInto(t, f, "Sheet1", []any{"名称", "经度", "纬度"}, []any{"=HYPERLINK(\"http://a\")", 109.5, 23.1}, []any{"@SUM(A1)", 109.6, 23.1})
			_ = f.SetCellFormula("Sheet1", "B3", "=WEBSERVICE(\"http://a\")")
		})
		o := readXLSX(t, path, table.Options{})
		if o.code() != "" && o.code() != "ingest.table.coordinate" || o.records[0].Values[0] != "=HYPERLINK(\"http://a\")" {
			t.Error(o.err, o.records)
		}
	})
	t.Run("bad-input 78 merged cells", func(t *testing.T) {
		path := saved(t, func(f *excelize.File) {
			rowsInto(t, f, "Sheet1", []any{"地块编号", "点号", "X", "Y"}, []any{"007", "J1", 0, 0}, []any{nil, "J2", 0, 9}, []any{nil, "J3", 9, 9},
				[]any{"008", "J1", 0, 0}, []any{nil, "J2", 0, 9}, []any{nil, "J3", 9, 9})
			_ = f.MergeCell("Sheet1", "A2", "A4")
			_ = f.MergeCell("Sheet1", "A5", "A7")
		})
		o := readXLSX(t, path, table.Options{})
		if len(o.records) != 2 || o.records[1].Values[0] != "008" || !strings.Contains(o.notes(), "xlsx.merged-cells") {
			t.Error(o.err, o.records, o.notes())
		}
	})
	t.Run("bad-input 79 dates as serial numbers", func(t *testing.T) {
		path := saved(t, func(f *excelize.File) {
			day := time.Date(2023, 5, 1, 0, 0, 0, 0, time.UTC)
			rowsInto(t, f, "Sheet1", []any{"日期", "自定义", "数量", "经度", "纬度"}, []any{day, 45047, 45047, 109.5, 23.1})
			code := `yyyy"年"m"月"d"日";@`
			style, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			_ = f.SetCellStyle("Sheet1", "B2", "B2", style)
			short, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
			_ = f.SetCellStyle("Sheet1", "A2", "A2", short)
			red := `[Red]0.00"day"`
			count, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &red})
			_ = f.SetCellStyle("Sheet1", "C2", "C2", count)
		})
		o := readXLSX(t, path, table.Options{})
		if o.code() != "" || !reflect.DeepEqual(o.records[0].Values, []any{"2023-05-01", "2023-05-01", int64(45047)}) {
			t.Error(o.err, o.records)
		}
		if k := o.schema.Fields[0].Kind; k != format.Date {
			t.Errorf("kind %v", k)
		}
	})
	t.Run("bad-input 80 shared texts of 100 MB", func(t *testing.T) {
		path := bookOf(t, map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("a", 100<<20) + "</t></si></sst>"})
		if o := readXLSX(t, path, table.Options{}); o.code() != "ingest.xlsx.too-large" {
			t.Error(o.err)
		}
	})
	t.Run("bad-input 80 a row without an end", func(t *testing.T) {
		noise := strings.Repeat("<c><v>12345678</v></c><!--"+strings.Repeat("qwertyuiop", 6)+"-->\n", 1<<20)
		path := bookOf(t, map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>" + noise})
		if o := readXLSX(t, path, table.Options{}); o.code() != "ingest.table.row-too-long" {
			t.Error(o.err)
		}
	})
	t.Run("bad-input 81 macros", func(t *testing.T) {
		path := bookOf(t, map[string]string{"xl/vbaProject.bin": "\xd0\xcf\x11\xe0"})
		if o := readXLSX(t, path, table.Options{}); o.code() != "ingest.xlsx.macros" {
			t.Error(o.err)
		}
		types := `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`
		path = bookOf(t, map[string]string{"[Content_Types].xml": types})
		if o := readXLSX(t, path, table.Options{}); o.code() != "ingest.xlsx.macros" {
			t.Error(o.err)
		}
	})
	t.Run("bad-input 82 external links", func(t *testing.T) {
		rels := strings.Replace(book["xl/_rels/workbook.xml.rels"], "</Relationships>",
			`<Relationship Id="r9" Type="x/externalLink" Target="externalLinks/externalLink1.xml"/>`+
				`<Relationship Id="r10" Type="x/worksheet" TargetMode="External" Target="file:///etc/passwd"/></Relationships>`, 1)
		path := bookOf(t, map[string]string{"xl/_rels/workbook.xml.rels": rels})
		o := readXLSX(t, path, table.Options{})
		if o.code() != "" || o.notes() != "xlsx.external-links table.read-as-points" || o.shapes() != "POINT(1 2)" {
			t.Error(o.err, o.notes(), o.shapes())
		}
	})
}

// book is the smallest workbook.
var book = map[string]string{
	"_rels/.rels":     `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	"xl/workbook.xml": `<workbook xmlns:r="http://r"><workbookPr/><sheets><sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>`,
	"xl/sharedStrings.xml": `<sst><si><t>经度</t></si><si><r><t>纬</t></r><rPh><t>x</t></rPh><r><t>度</t></r></si></sst>`,
	"xl/styles.xml":        `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
	"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c t="s"><v>1</v></c></row>` +
		`<row r="3"><c r="A3"><v>1</v></c><c r="B3"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>`,
}

// bookOf is the smallest workbook with other parts.
func bookOf(t testing.TB, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	put := func(name, text string) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range book {
		if _, ok := parts[name]; !ok {
			put(name, text)
		}
	}
	for name, text := range parts {
		if text != "" {
			put(name, text)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDamagedWorkbooks(t *testing.T) {
	sheet := func(text string) map[string]string { return map[string]string{"xl/worksheets/sheet1.xml": text} }
	whole := book["xl/worksheets/sheet1.xml"]
	for name, tc := range map[string]struct {
		parts map[string]string
		code  string
	}{
		"whole":                     {nil, ""},
		"a sheet that breaks off":   {sheet(whole[:len(whole)-40]), "xlsx.damaged"},
		"tags that do not match":    {sheet(strings.Replace(whole, "</c><c r=\"B3\">", "</c></c><c r=\"B3\">", 1)), "xlsx.damaged"},
		"rows out of order":         {sheet(strings.Replace(whole, `r="3"`, `r="1"`, 1)), "xlsx.damaged"},
		"a text that is not there":  {sheet(strings.Replace(whole, "<v>1</v>", "<v>7</v>", 1)), "xlsx.damaged"},
		"too many columns":          {sheet(strings.Replace(whole, `"B3"`, `"XFD3"`, 1)), "table.too-many-columns"},
		"no sheet":                  {sheet(""), "xlsx.damaged"},
		"no workbook":               {map[string]string{"xl/workbook.xml": ""}, "xlsx.not-workbook"},
		"a document":                {map[string]string{"xl/workbook.xml": "<document/>"}, "xlsx.not-workbook"},
		"no relations":              {map[string]string{"_rels/.rels": ""}, "xlsx.not-workbook"},
		"a document type":           {sheet(`<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>`), "xlsx.damaged"},
		"a workbook without sheets": {map[string]string{"xl/workbook.xml": "<workbook/>"}, "table.empty"},
	} {
		o := readXLSX(t, bookOf(t, tc.parts), table.Options{})
		if want := strings.TrimSuffix("ingest."+tc.code, "ingest."); o.code() != want && (tc.code != "" || o.code() != "") {
			t.Errorf("%s: %v, want %s", name, o.err, tc.code)
		}
	}
}

// FuzzSheet holds that no sheet, shared text or style makes the reader panic or forget a code.
func FuzzSheet(f *testing.F) {
	f.Add(book["xl/worksheets/sheet1.xml"], book["xl/sharedStrings.xml"], book["xl/styles.xml"])
	f.Add(`<worksheet><row><c t="inlineStr"><is><t>X</t></is></c><c t="str"><v>Y</v></c></row><row><c><v>1e9</v></c><c s="1"><v>60</v></c></row>`+
		`<mergeCell/></worksheet>`, "<sst/>", `<s><numFmts><numFmt numFmtId="14" formatCode="[h]&quot;d&quot;\d"/></numFmts></s>`)
	limits := format.Limits{MaxVertices: 1000, MaxRecords: 100, MaxText: 1000}
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		path := bookOf(t, map[string]string{
			"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared, "xl/styles.xml": styles,
		})
		checkOutcome(t, readXLSX(t, path, table.Options{Limits: limits}))
	})
}
