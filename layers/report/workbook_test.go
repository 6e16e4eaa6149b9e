package report_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/report"
	"greenshield/layers/text"
)

// keep names a folder that the sample workbooks are written to, for looking at them.
var keep = flag.String("keep", "", "folder to write the sample workbooks to")

func printer(t testing.TB, lang string) report.Printer {
	t.Helper()
	words, err := text.Load(os.DirFS("../../data/texts/parts"))
	if err != nil {
		t.Fatal(err)
	}
	return report.Printer{
		Lang: lang, Words: words,
		Title: func(id layers.LayerID) string {
			return map[layers.LayerID]string{"landuse": "土地利用现状", "shoreline": "郁江岸线"}[id]
		},
		ClassName: func(code string) string {
			return map[string]string{"0101": "水田", "0301": "乔木林地", "0701": "城镇住宅用地"}[code]
		},
	}
}

func refOf(id string, vintage string, revision int) layers.Ref {
	return layers.Ref{Layer: layers.LayerID(id), Vintage: vintage, Revision: revision}
}

func provenance(refs ...layers.Ref) analysis.Provenance {
	return analysis.Provenance{
		Refs: refs, Method: "legal-plane", Tolerance: 1, Program: "greenshield 0.1",
		At: time.Date(2026, 11, 23, 9, 30, 0, 0, time.FixedZone("", 8*3600)),
	}
}

func box(x, y, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}}}
}

func sampleChange() change.Result {
	before, after, regions := refOf("landuse", "2022", 1), refOf("landuse", "2023", 2), refOf("region", "2023", 1)
	r := change.Result{
		Layer:  layers.Layer{ID: "landuse", Theme: layers.Landuse, Title: "土地利用现状"},
		Before: before, After: after, Regions: regions,
		Classes:    []string{"0101", "0301", "0701"},
		Matrix:     [][]geo.Area{{81234567.894, 0, 12345.665}, {1000.005, 2345678.125, 333.335}, {0, 0.004, 456789.5}},
		OnlyBefore: []geo.Area{1234.5, 0, 0}, OnlyAfter: []geo.Area{0, 0, 77.7777},
		Patches: []change.Patch{
			{
				Kind: "changed", ClassBefore: "0101", ClassAfter: "0701", Region: "450802",
				Area: 12345.665, Outline: box(109.6, 23.1, 0.01),
			},
			{Kind: "gained", ClassAfter: "0701", Region: "450803", Area: 77.7777, Outline: box(109.7, 23.2, 0.001)},
			{Kind: "lost", ClassBefore: "0101", Area: 1234.5, Outline: box(109.8, 23.3, 0.002)},
		},
		OverlappingBefore: 3.456,
		Gaps: []analysis.Gap{{
			Layer: "landuse", Problem: geo.NewProblem("change.layer.suspected", "ref", before, "frame", "GCJ-02"),
		}},
		Provenance: provenance(before, after, regions),
	}
	kept := geo.Area(0)
	for _, row := range r.Matrix {
		for _, a := range row {
			kept += a
		}
	}
	r.Rows = []change.Row{
		{Code: "450802", Name: "港北区", Unchanged: kept*0.6 - 8000.5, Changed: 8000.5},
		{Code: "450803", Name: "港南区", Unchanged: kept*0.3 - 5678.509, Gained: 77.7777, Changed: 5678.509},
		{Unchanged: kept * 0.1, Lost: 1234.5},
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		stayed := row.Unchanged + row.Changed
		row.Before, row.After = stayed+row.Lost, stayed+row.Gained
		row.Net = row.After - row.Before
		r.Total.Before, r.Total.After = r.Total.Before+row.Before, r.Total.After+row.After
		r.Total.Gained, r.Total.Lost = r.Total.Gained+row.Gained, r.Total.Lost+row.Lost
		r.Total.Unchanged, r.Total.Changed = r.Total.Unchanged+row.Unchanged, r.Total.Changed+row.Changed
	}
	r.Total.Net = r.Total.After - r.Total.Before
	return r
}

func sampleConflict() conflict.Result {
	redline, protected := refOf("redline", "2023", 1), refOf("protected", "2023", 1)
	finding := analysis.Finding{
		Overlap: analysis.Overlap{
			Ref: redline, Feature: 7, Roles: map[layers.Role]string{layers.Name: "=HYPERLINK(\"http://x\")"},
			Area: 1234.565, Share: 0.123456,
		},
		Theme: layers.Redline, Zones: []string{"core"}, Outcome: analysis.Prohibited, Law: "某法", Article: "第十条",
		Text:   map[string]string{"zh-CN": "核心保护区内原则上禁止人为活动。", "en": "No human activity in core zones."},
		Source: "verified",
	}
	recalled := finding
	recalled.Source, recalled.Law, recalled.Outcome = "recalled", "待核之法", analysis.ApprovalRequired
	parcel := func(row int64, name string, area geo.Area) conflict.Parcel {
		return conflict.Parcel{
			Row: row, Name: name, Area: area, AreaMethod: "official-70m", Plane: math.NaN(), Declared: math.NaN(),
		}
	}
	r := conflict.Result{
		Verdict: analysis.Incomplete,
		Parcels: []conflict.ParcelResult{
			{
				Parcel: parcel(1, "+危险名称", 609686.3229), Verdict: analysis.Prohibited,
				Findings: []analysis.Finding{finding, recalled},
				Checked:  []conflict.Checked{{Ref: redline, Theme: layers.Redline, Overlaps: 2}},
			},
			{
				Parcel: parcel(2, "二号地块", 10000.005), Verdict: analysis.Incomplete,
				Checked: []conflict.Checked{{Ref: redline, Theme: layers.Redline, Touching: 1}},
				Gaps: []analysis.Gap{{
					Layer: "protected", Problem: geo.NewProblem("check.coverage.undeclared", "layer", "自然保护地"),
				}},
			},
		},
		Layers: []conflict.LayerResult{{
			Ref: redline, Theme: layers.Redline, Parcels: 1, Area: 1234.565, Union: 1234.565,
			Features: []conflict.FeatureResult{{
				Feature: 7, Name: "红线七", Parcels: 1, Area: 1234.565, Union: geo.Area(math.NaN()),
			}},
		}},
		Unread:     []layers.Reject{{Row: 3, Problem: geo.NewProblem("check.parcel.empty", "row", 3)}},
		Area:       619686.3279,
		Union:      619686.3279,
		Provenance: provenance(redline, protected),
	}
	r.Provenance.RuleBook, r.Provenance.RuleBookHash, r.Provenance.Date = "规则表 2026.1", "abc123", "2026-11-23"
	r.Provenance.Activity, r.Provenance.Width = "construction", 0.1
	return r
}

// trace gives every length of a sample two segments, banks and what stands on them.
func trace(r *shoreline.Result) {
	r.Banks = []shoreline.Bank{{River: "", Side: ""}, {River: "郁江", Side: "1"}, {River: "郁江", Side: "2", Rings: 1, Closed: 50}}
	for i, row := range r.Rows {
		for k, l := range row.Lengths {
			if l == 0 {
				continue
			}
			side, bank := "1", 1+i%2
			if row.River == "" {
				side, bank = "", 0
			}
			for n, part := range []geo.Length{l / 3, l - l/3} {
				r.Segments = append(r.Segments, shoreline.Segment{
					Zone: int64(10*i + k), Line: 1, ZoneName: "岸段", Number: k, River: row.River, Side: side, Code: row.Code,
					Name: row.Name, Chain: 1, From: geo.Length(n) * l / 3, To: geo.Length(n)*l/3 + part, Length: part,
					Outline: orb.LineString{{109.6, 23.1}, {109.7, 23.1}},
				})
				r.Banks[bank].Lengths[k] += part
				r.Banks[bank].Total += part
			}
			r.ByZone = append(r.ByZone, shoreline.ZoneLength{
				Feature: int64(10*i + k), Name: "岸段", Number: k, River: row.River, Side: side, Stated: "1.5", Measured: l,
			})
		}
	}
	on := shoreline.Encroachment{Zone: 1, ZoneName: "岸段", Number: 1, River: "郁江", Side: "1", Ref: r.Landuse, Class: "0602"}
	for i, area := range []geo.Area{1234.5, 333.3, 0.4} {
		e := on
		e.Feature, e.Area, e.Length = int64(i+1), area, geo.Length(area)/10
		e.Polygons = orb.MultiPolygon{{{{109.6, 23.1}, {109.7, 23.1}, {109.7, 23.2}, {109.6, 23.1}}}}
		r.Encroachments = append(r.Encroachments, e)
	}
	r.Encroachments = append(r.Encroachments, shoreline.Encroachment{
		Zone: 3, Number: 3, Ref: r.Activities, Feature: 7, Class: "mining", Activity: true, Points: orb.MultiPoint{{109.61, 23.1}},
	})
}

func sampleShoreline() shoreline.Result {
	zones, line := refOf("shoreline", "2022", 1), refOf("bankline", "2022", 1)
	row := func(code, name, river string, lengths ...geo.Length) shoreline.Row {
		r := shoreline.Row{Code: code, Name: name, River: river, Stated: math.NaN()}
		for k, l := range lengths {
			r.Lengths[k] = l
			r.Total += l
			if l > 0 {
				r.Zones[k] = 1
			}
		}
		r.Rate = float64((r.Lengths[1] + r.Lengths[2]) / r.Total)
		return r
	}
	r := shoreline.Result{
		Zones: zones, Line: line, Regions: refOf("region", "2023", 1), Numerator: []int{1, 2}, StatedUnit: "km",
		Rows: []shoreline.Row{
			row("450802", "港北区", "郁江", 0, 1000.3335, 2000.3335, 3000.3335, 0),
			row("450803", "港南区", "郁江", 0, 333.3335, 333.3335, 333.333, 0),
			row("", "", "", 12.5, 0, 0, 0, 777.77),
		},
		Gaps: []analysis.Gap{{
			Layer: "bankline", Problem: geo.NewProblem("shoreline.line.unzoned", "ref", line, "metres", "123.4"),
		}},
		Provenance: provenance(line, zones),
	}
	r.Rows[0].Stated = 6.02
	r.Total.Stated = 6.02
	for _, row := range r.Rows {
		for k := range row.Lengths {
			r.Total.Lengths[k] += row.Lengths[k]
			r.Total.Zones[k] += row.Zones[k]
		}
		r.Total.Total += row.Total
	}
	r.Total.Rate = float64((r.Total.Lengths[1] + r.Total.Lengths[2]) / r.Total.Total)
	r.Provenance.Method = "geodesic"
	r.Lengths = shoreline.Measured
	r.Landuse, r.Activities = refOf("landuse", "2022", 1), refOf("activity", "2022", 1)
	trace(&r)
	return r
}

// samples writes each sample workbook in a language.
func samples(t testing.TB, lang string) map[string][]byte {
	p := printer(t, lang)
	out := map[string][]byte{}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"change":    func(w *bytes.Buffer) error { return report.ChangeWorkbook(w, sampleChange(), p) },
		"conflict":  func(w *bytes.Buffer) error { return report.ConflictWorkbook(w, sampleConflict(), p) },
		"shoreline": func(w *bytes.Buffer) error { return report.ShorelineWorkbook(w, sampleShoreline(), p) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s in %s: %v", name, lang, err)
		}
		out[name] = b.Bytes()
		if *keep != "" {
			path := filepath.Join(*keep, name+"-"+lang+".xlsx")
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

func TestWorkbooksAreReproducible(t *testing.T) {
	first, second := samples(t, "zh-CN"), samples(t, "zh-CN")
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s: the same result gives other bytes", name)
		}
	}
}

func openBook(t *testing.T, raw []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestWorkbooksHaveWordsForEverything(t *testing.T) {
	for _, lang := range text.Languages() {
		for name, raw := range samples(t, lang) {
			f := openBook(t, raw)
			for _, sheet := range f.GetSheetList() {
				rows, err := f.GetRows(sheet)
				if err != nil {
					t.Fatal(err)
				}
				for i, row := range rows {
					for _, v := range row {
						if strings.Contains(v, "report.") || strings.Contains(v, "{") {
							t.Errorf("%s %s, sheet %s row %d: %q", name, lang, sheet, i+1, v)
						}
					}
				}
				lead := map[string]string{"zh-CN": "供审查参考", "en": "for review"}[lang]
				if len(rows) < 5 || !strings.Contains(rows[2][0], lead) {
					t.Errorf("%s %s, sheet %s does not say that these are leads", name, lang, sheet)
				}
			}
		}
	}
}

// grid reads a sheet's raw values from the row below the head to the last row of its table.
func grid(t *testing.T, f *excelize.File, sheet string, rows int) [][]string {
	t.Helper()
	all, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 4+rows {
		t.Fatalf("sheet %s has %d rows", sheet, len(all))
	}
	return all[4 : 4+rows]
}

// number reads a cell in units of its last decimal.
func number(t *testing.T, cell string, decimals int) int64 {
	t.Helper()
	if cell == "" {
		return 0
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	units := v * math.Pow10(decimals)
	if math.Abs(units-math.Round(units)) > 1e-4 {
		t.Fatalf("%s has more than %d decimals", cell, decimals)
	}
	return int64(math.Round(units))
}

func TestChangeWorkbookAddsUp(t *testing.T) {
	f := openBook(t, samples(t, "zh-CN")["change"])
	want := []string{"变化统计（公顷）", "变化统计（亩）", "转移矩阵（公顷）", "转移矩阵（亩）", "变化图斑", "依据"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Fatalf("sheets %v", got)
	}
	for k, decimals := range []int{4, 2} {
		rows := grid(t, f, want[k], 4)
		var sums [10]int64
		for i, row := range rows {
			v := make([]int64, 10)
			for j := 2; j < 10; j++ {
				if j != 7 { // a percentage
					v[j] = number(t, row[j], decimals)
				}
			}
			before, after, gained, lost, net, unchanged, changed := v[2], v[3], v[4], v[5], v[6], v[8], v[9]
			if before+gained-lost != after || after-before != net || before-lost-changed != unchanged {
				t.Errorf("%s row %d does not add up: %v", want[k], i, row)
			}
			for j := range sums {
				if i < 3 {
					sums[j] += v[j]
				} else if sums[j] != v[j] {
					t.Errorf("%s column %d: %d in all, printed %d", want[k], j, sums[j], v[j])
				}
			}
		}
		if name := rows[2][1]; name != "行政区以外" || rows[3][1] != "合计" {
			t.Errorf("%s: rows are called %s, %s", want[k], name, rows[3][1])
		}
		checkMatrixSheet(t, f, want[2+k], decimals, number(t, rows[3][2], decimals), number(t, rows[3][3], decimals))
	}
}

// checkMatrixSheet adds up the sample's matrix: three classes, then what only one vintage covers, then the totals.
func checkMatrixSheet(t *testing.T, f *excelize.File, sheet string, decimals int, before, after int64) {
	t.Helper()
	rows := grid(t, f, sheet, 5)
	var columns [6]int64
	var sumBefore, sumAfter int64
	for i, row := range rows {
		sum := int64(0)
		for j := 1; j <= 4; j++ {
			v := number(t, row[j], decimals)
			sum += v
			if i < 4 {
				columns[j] += v
			} else if columns[j] != v {
				t.Errorf("%s column %d: %d in all, printed %d", sheet, j, columns[j], v)
			}
		}
		if printed := number(t, row[5], decimals); printed != sum {
			t.Errorf("%s row %d: %d in all, printed %d", sheet, i, sum, printed)
		}
		if i < 3 {
			sumBefore += sum
		}
	}
	for j := 1; j <= 3; j++ {
		sumAfter += columns[j]
	}
	if sumBefore != before || sumAfter != after {
		t.Errorf("%s has %d before and %d after, the account %d and %d", sheet, sumBefore, sumAfter, before, after)
	}
}

func TestShorelineWorkbookAddsUp(t *testing.T) {
	f := openBook(t, samples(t, "zh-CN")["shoreline"])
	rows := grid(t, f, "岸线保护率", 4)
	var sums [9]int64
	for i, row := range rows {
		zones := int64(0)
		for j := 3; j <= 8; j++ {
			v := number(t, row[j], 3)
			if j > 3 {
				zones += v
			}
			if i < 3 {
				sums[j] += v
			} else if v != sums[j] {
				t.Errorf("column %d: %d in all, printed %d", j, sums[j], v)
			}
		}
		if total := number(t, row[3], 3); total != zones {
			t.Errorf("row %d: zones %d, total %d", i, zones, total)
		}
	}
	if rows[0][9] != "50" || rows[2][9] != "0" || rows[0][10] != "6.02" {
		t.Errorf("rates %s and %s, stated %s", rows[0][9], rows[2][9], rows[0][10])
	}
	for i, row := range grid(t, f, "岸线功能区", 4) {
		protected, all := int64(0), int64(0)
		for k := range 5 {
			v := number(t, row[7+3*k], 2)
			all += v
			if k < 2 {
				protected += v
			}
		}
		if all != 100_00 || protected != number(t, rows[i][9], 2) {
			t.Errorf("row %d: shares add up to %d, the protected ones to %d beside %s", i, all, protected, rows[i][9])
		}
	}
}

// TestEveryPrintedMetreIsTraceable adds segments, banks and encroachments up as they are printed.
func TestEveryPrintedMetreIsTraceable(t *testing.T) {
	r := sampleShoreline()
	d := report.ShorelineDocument([]shoreline.Result{r, r}, printer(t, "zh-CN"))
	figure := func(table string, row, column int) float64 {
		t.Helper()
		found, ok := d.Find(table)
		if !ok {
			t.Fatalf("no table %s", table)
		}
		cell, ok := found.Rows[row].Cells[column].(report.Decimal)
		if !ok {
			t.Fatalf("%s: row %d column %d is no figure: %v", table, row, column, found.Rows[row].Cells[column])
		}
		return cell.Float()
	}
	same := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	total := figure("rates", len(r.Rows), 3)
	sum := 0.0
	for i := range r.Segments {
		sum += figure("segments", i, 7)
	}
	same("the segments", sum, total)
	sum = 0
	for i := range r.Banks {
		sum += figure("banks", i, 2)
	}
	same("the banks", sum, total)
	same("the last year", figure("years", len(r.Rows), 5), total)
	sums, _ := d.Find("encroachments")
	all := len(sums.Rows) - 1
	listed := 0.0
	for i := range r.Encroachments {
		listed += figure("encroachment-list", i, 7)
	}
	same("the encroachments", listed, figure("encroachments", all, 3))
}

func TestNoShorelineIsNotZeroPerCent(t *testing.T) {
	r := sampleShoreline()
	r.Rows, r.Total = nil, shoreline.Row{Rate: math.NaN(), Stated: math.NaN()}
	var b bytes.Buffer
	if err := report.ShorelineWorkbook(&b, r, printer(t, "zh-CN")); err != nil {
		t.Fatal(err)
	}
	if row := grid(t, openBook(t, b.Bytes()), "岸线保护率", 1)[0]; row[8] != "待评估" {
		t.Errorf("the rate of nothing is %s", row[8])
	}
	if p := report.PrintShoreline(r); p.Total.Rate != report.Unknown {
		t.Errorf("the rate of nothing is %s", p.Total.Rate)
	}
}

func TestConflictWorkbookSaysWhatItKnows(t *testing.T) {
	f := openBook(t, samples(t, "zh-CN")["conflict"])
	rows := grid(t, f, "结论", 3)
	if rows[0][4] != "609686.32" || rows[0][5] != "60.9686" || rows[0][6] != "914.53" {
		t.Errorf("the worked parcel is printed as %v", rows[0][4:7])
	}
	if rows[2][4] != "619686.33" || rows[2][2] != "未查全" {
		t.Errorf("the total is %v", rows[2])
	}
	findings := grid(t, f, "冲突清单", 2)
	if f := findings[0]; f[9] != "12.35" || f[11] != "某法" || f[14] != "" || f[15] != "已核原文" {
		t.Errorf("a verified finding: %v", f)
	}
	if f := findings[1]; f[11] != "" || f[12] != "" || f[14] != "待核之法 第十条" {
		t.Errorf("a rule from memory is printed as law: %v", f)
	}
	if rows := grid(t, f, "已检查未发现", 1); rows[0][1] != "二号地块" || rows[0][4] != "1" {
		t.Errorf("checked and clear: %v", rows)
	}
	if rows := grid(t, f, "未查全原因", 2); rows[0][0] != "3" || !strings.Contains(rows[1][3], "没有声明覆盖范围") {
		t.Errorf("gaps: %v", rows)
	}
}

// A declared accuracy brings columns of its own; what nothing is declared of has no figure in them.
func TestConflictWorkbookTellsTheAccuracy(t *testing.T) {
	r := sampleConflict()
	r.Provenance.Declared = []analysis.Declaration{{
		Ref: refOf("redline", "2023", 1), Declared: layers.Declared{Accuracy: 2.5, ValidUntil: "2026-12-31"},
	}}
	border, other := &r.Parcels[0].Findings[0], &r.Parcels[0].Findings[1]
	border.Overlap.Accuracy, border.Overlap.Effective, border.Border = 2.5, 0, true
	other.Overlap.Ref = refOf("protected", "2023", 1)
	r.Parcels[1].Checked[0].Accuracy, r.Parcels[1].Checked[0].Beside = 2.5, 12.345
	for lang, want := range map[string]struct{ findings, clear, provenance, border, declared string }{
		"zh-CN": {"冲突清单", "已检查未发现", "依据", "须先实地勘测界线", "±2.50 米"},
		"en":    {"Findings", "Checked and clear", "Provenance", "has to be surveyed", "±2.50 m"},
	} {
		var out bytes.Buffer
		if err := report.ConflictWorkbook(&out, r, printer(t, lang)); err != nil {
			t.Fatal(err)
		}
		f := openBook(t, out.Bytes())
		findings := grid(t, f, want.findings, 2)
		if got := findings[0]; got[9] != "0" && got[9] != "0.00" || got[10] != "2.5" && got[10] != "2.50" ||
			!strings.Contains(got[11], want.border) || got[12] != "12.35" {
			t.Errorf("%s: a border case: %q", lang, got)
		}
		if got := findings[1]; got[9] != report.Unknown || got[10] != report.Unknown || got[11] != "" {
			t.Errorf("%s: what nothing is declared of: %q", lang, got)
		}
		if rows := grid(t, f, want.clear, 1); !strings.HasPrefix(rows[0][5], "2.5") || !strings.HasPrefix(rows[0][6], "12.3") {
			t.Errorf("%s: checked and clear: %q", lang, rows)
		}
		rows, err := f.GetRows(want.provenance)
		if said := fmt.Sprint(rows); err != nil || !strings.Contains(said, want.declared) || !strings.Contains(said, "2026-12-31") {
			t.Errorf("%s: the provenance does not name what was declared: %v, %v", lang, err, said)
		}
	}
}

func TestCellsHoldNoFormulas(t *testing.T) {
	f := openBook(t, samples(t, "zh-CN")["conflict"])
	for cell, want := range map[string]string{"E5": "'=HYPERLINK(\"http://x\")", "B5": "'+危险名称"} {
		if v, err := f.GetCellValue("冲突清单", cell); err != nil || v != want {
			t.Errorf("%s is %q, %v", cell, v, err)
		}
		if formula, err := f.GetCellFormula("冲突清单", cell); err != nil || formula != "" {
			t.Errorf("%s has the formula %q, %v", cell, formula, err)
		}
	}
}

func TestFiguresAreNumbers(t *testing.T) {
	f := openBook(t, samples(t, "zh-CN")["change"])
	kind, err := f.GetCellType("变化统计（公顷）", "C5")
	if err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("an area is of type %v, %v", kind, err)
	}
	shown, err := f.GetCellValue("变化统计（公顷）", "C8")
	if err != nil || shown != "8,405.1949" {
		t.Errorf("the total is shown as %q, %v", shown, err)
	}
}

// TestMethodsHaveWords prints a result by each method: the provenance says how it was measured, each method in words of
// its own, in both languages, and the column beside a parcel's area says it shorter.
func TestMethodsHaveWords(t *testing.T) {
	for _, lang := range text.Languages() {
		p := printer(t, lang)
		seen := map[string]ellipsoid.Method{}
		for _, m := range append(ellipsoid.Methods(), "") {
			r := sampleConflict()
			r.Provenance.Method = m
			for i := range r.Parcels {
				r.Parcels[i].Parcel.AreaMethod = m
			}
			var b bytes.Buffer
			if err := report.ConflictWorkbook(&b, r, p); err != nil {
				t.Fatal(err)
			}
			f := openBook(t, b.Bytes())
			long, short := p.Words.Word(lang, "report.method."+cmp.Or(string(m), "none")),
				p.Words.Word(lang, "report.method.short."+cmp.Or(string(m), "none"))
			for _, words := range []string{long, short} {
				if other, ok := seen[words]; ok && other != m || strings.Contains(words, "method.") {
					t.Errorf("%s: %q and %q are both %q", lang, m, other, words)
				}
				seen[words] = m
				if !prints(t, f, words) {
					t.Errorf("%s: %q is nowhere printed as %q", lang, m, words)
				}
			}
		}
	}
}

// prints reports whether a cell of a workbook is the text.
func prints(t *testing.T, f *excelize.File, text string) bool {
	t.Helper()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if slices.Contains(row, text) {
				return true
			}
		}
	}
	return false
}
