package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

// landCity is the city with land use of two years: the west county's construction land grows from 9 to 10 parts of a strip.
func landCity(t *testing.T) string {
	t.Helper()
	workspace := newCity(t)
	for vintage, edge := range map[string]string{"2024": "18", "2025": "19"} {
		file := writeGeoJSON(t, "land.geojson", textFields("BSM", "DLBM", "DLMC"),
			place{box("00", "00", edge, "99"), []any{"1", "0601", "工业用地"}},
			place{box(edge, "00", "50", "99"), []any{"2", "0301", "乔木林地"}},
			place{box("50", "00", "60", "99"), []any{"3", "0701", "城镇住宅用地"}},
			place{box("60", "00", "99", "99"), []any{"4", "0101", "水田"}})
		must(t, "import", "--workspace", workspace, "--quiet", "--layer", "land", "--theme", "landuse", "--vintage", vintage,
			"--coverage", "region@2024.1", file)
	}
	return workspace
}

type answerOf[Q, R any] struct {
	Kind     string
	Question Q
	Result   R
	Tables   []report.PrintedTable
	Basis    []report.Fact
}

const indicatorHead = "编号,行政区代码,年度,数值,价格基期（年）,上级下达目标值,是否完成,数据来源（文件）,数据日期,填报人\n"

func TestConstruction(t *testing.T) {
	workspace := landCity(t)
	figures := writeBytes(t, "figures.csv", []byte(indicatorHead+
		"population,450001,2025,1000,,,,年鉴,2026-03-01,甲\nconstruction-limit,450001,2025,1,,,,下达文件,2026-03-01,甲\n"))
	workbook, places := filepath.Join(t.TempDir(), "c.xlsx"), filepath.Join(t.TempDir(), "c.geojson")
	got := decode[answerOf[inquiry.Construction, construction.Result]](t, must(t, "construction", "--workspace", workspace,
		"--regions", "region@2024.1", "--zones", "redline@2024.1", "--figures", figures, "--report", workbook, "--geojson", places,
		"--json", "land@2025.1", "land@2024.1"))
	r := got.Result
	if len(r.Rows) != 4 || r.Rows[1].Year != 2025 || r.Rows[1].Within != analysis.NotMet || *r.Rows[1].PerCapita < 1 {
		t.Errorf("rows %+v", r.Rows)
	}
	if len(r.Patches) != 1 || r.Patches[0].ClassBefore != "0301" || len(r.Places) == 0 {
		t.Errorf("patches %+v, places %v", r.Patches, r.Places)
	}
	all := wantSheets(t, workbook, 6)
	for _, word := range []string{"450001", "西县", "未达标", "没有可用的调查面积"} {
		if !strings.Contains(all, word) {
			t.Errorf("the workbook does not say %s", word)
		}
	}
	if raw, err := os.ReadFile(places); err != nil || strings.Count(string(raw), `"Feature"`) != 1 {
		t.Errorf("the map: %v\n%s", err, raw)
	}
	refused(t, "construction.years.same", "construction", "--workspace", workspace, "land@2025.1", "land@2025.1")
	refused(t, "construction.layer.theme", "construction", "--workspace", workspace, "redline@2024.1")
}

// The template is filled in, entered, assessed, corrected and assessed again.
func TestIndicators(t *testing.T) {
	workspace := landCity(t)
	file := filepath.Join(t.TempDir(), "values.xlsx")
	must(t, "indicator", "template", "--workspace", workspace, "--to", file, "--year", "2025", "--lang", "zh-CN")
	refused(t, "indicator.table.nothing", "indicator", "enter", "--workspace", workspace, file)
	fill(t, file, "urban-sewage", "450001", "96.5")
	if said := must(t, "indicator", "enter", "--workspace", workspace, "--lang", "zh-CN", file).stdout; !strings.Contains(said, "已录入 1 条") {
		t.Errorf("entering says %q", said)
	}
	status := func(region string) analysis.Status {
		t.Helper()
		got := decode[answerOf[inquiry.Indicator, indicator.Result]](t,
			must(t, "indicator", "assess", "--workspace", workspace, "--year", "2025", "--json"))
		for _, a := range got.Result.Assessments {
			if a.Indicator == "urban-sewage" && a.Region == region {
				return a.Status
			}
		}
		t.Fatalf("urban-sewage of %s is not assessed", region)
		return ""
	}
	if west, east := status("450001"), status("450002"); west != analysis.Met || east != analysis.ToAssess {
		t.Errorf("entered %s, not entered %s", west, east)
	}
	row := "urban-sewage,450001,2025,%,,,,更正,2026-04-01,乙\n"
	wrong := writeBytes(t, "wrong.csv", []byte(indicatorHead+strings.Replace(row, "%", "90", 1)+strings.Replace(row, "%", "九十", 1)))
	refused(t, "indicator.table.faults", "indicator", "enter", "--workspace", workspace, wrong)
	if west := status("450001"); west != analysis.Met {
		t.Errorf("a table with a wrong row was entered: %s", west)
	}
	for text, want := range map[string]analysis.Status{"90": analysis.NotMet, "撤回": analysis.ToAssess} {
		corrected := writeBytes(t, "corrected.csv", []byte(indicatorHead+strings.Replace(row, "%", text, 1)))
		must(t, "indicator", "enter", "--workspace", workspace, corrected)
		if west := status("450001"); west != want {
			t.Errorf("corrected to %s: %s, want %s", text, west, want)
		}
	}
	workbook := filepath.Join(t.TempDir(), "i.xlsx")
	must(t, "indicator", "assess", "--workspace", workspace, "--lang", "zh-CN", "--report", workbook)
	if all := wantSheets(t, workbook, 5); !strings.Contains(all, "林草覆盖率") || !strings.Contains(all, "凭记忆") {
		t.Error("the workbook does not list the indicators with their marks")
	}
	must(t, "indicator", "template", "--workspace", workspace, "--to", filepath.Join(t.TempDir(), "v.csv"))
}

// fill writes a value, with its source, into the row of an indicator and region.
func fill(t *testing.T, file, id, region, number string) {
	t.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if len(r) < 3 || r[0] != id || r[2] != region {
			continue
		}
		for column, text := range map[int]string{6: number, 11: "统计年鉴", 12: "2026-03-01", 13: "张三"} {
			name, _ := excelize.CoordinatesToCellName(column, i+1)
			if err := f.SetCellStr(sheet, name, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Save(); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("the template has no row for %s in %s", id, region)
}

// A set of a bureau's own is read from the workspace, and one with mistakes is refused.
func TestOwnIndicators(t *testing.T) {
	workspace := landCity(t)
	own := filepath.Join(workspace, "indicators")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	const set = `
id: city-2024
name: {zh-CN: 本市指标, en: City}
valid_from: 2024-02-01
source: proposed
cite: CEC24
leads: {land: {zh-CN: 局, en: bureau}}
defaults: {source: proposed, cite: CEC24, attribute: none, attribute_source: proposed, scope: both, decimals: 2, lead: [land]}
indicators:
  - {id: own-sewage, op: at-least, target: 95, unit: "%", name: {zh-CN: 污水处理, en: sewage}}
`
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(own, "city.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(set)
	got := decode[answerOf[inquiry.Indicator, indicator.Result]](t, must(t, "indicator", "assess", "--workspace", workspace, "--json"))
	if got.Result.Set.ID != "city-2024" || !got.Result.Set.Own || len(got.Result.Assessments) != 3 {
		t.Errorf("set %s, %d assessments", got.Result.Set.ID, len(got.Result.Assessments))
	}
	write(strings.Replace(set, "target: 95, ", "", 1))
	refused(t, "indicator.own.broken", "indicator", "assess", "--workspace", workspace)
}
