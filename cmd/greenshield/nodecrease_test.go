package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/layers/analysis"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

// The red line B of the city moves to the east, and half of A is turned into a mine.
func TestNoDecrease(t *testing.T) {
	workspace := newCity(t)
	deliver := func(layer, theme, vintage, file string) {
		t.Helper()
		must(t, "import", "--workspace", workspace, "--quiet", "--layer", layer, "--theme", theme, "--vintage", vintage,
			"--coverage", "region@2024.1", file)
	}
	deliver("redline", "redline", "2025", writeGeoJSON(t, "redline.geojson", textFields("HXBM", "MC"),
		place{cell("1", "1"), []any{"A", "甲"}}, place{box("32", "30", "41", "39"), []any{"B", "乙改"}}))
	classes := textFields("BSM", "DLBM")
	deliver("land", "landuse", "2024", writeGeoJSON(t, "land.geojson", classes,
		place{cell("1", "1"), []any{"1", "0301"}}, place{box("30", "30", "41", "39"), []any{"2", "0301"}}))
	deliver("land", "landuse", "2025", writeGeoJSON(t, "land.geojson", classes,
		place{box("10", "10", "14", "19"), []any{"M1", "0602"}}, place{box("14", "10", "19", "19"), []any{"1", "0301"}},
		place{box("30", "30", "41", "39"), []any{"2", "0301"}}))
	args := []string{
		"nodecrease", "--workspace", workspace, "--regions", "region@2024.1", "--land-before", "land@2024.1", "--land-now",
		"land@2025.1", "redline@2024.1", "redline@2025.1",
	}
	type answer struct {
		Kind     string
		Question inquiry.NoDecrease
		Result   nodecrease.Result
		Tables   []report.PrintedTable
		Basis    []report.Fact
	}
	workbook, csv, places := filepath.Join(t.TempDir(), "n.xlsx"), filepath.Join(t.TempDir(), "n.csv"), filepath.Join(t.TempDir(), "n.geojson")
	got := decode[answer](t, must(t, append(args, "--json", "--report", workbook, "--csv", csv, "--table", "patches", "--geojson", places)...))
	total := got.Result.Total
	if got.Kind != "nodecrease" || total.Area.Status != analysis.ToVerify || !total.Area.Moved ||
		total.Nature.Status != analysis.NotMet || total.Function.Status != analysis.ToAssess {
		t.Errorf("without approvals: %+v", total)
	}
	if a := got.Result.Attributes; len(a) != 1 || a[0].Code != "B" || a[0].After != "乙改" {
		t.Errorf("attributes %+v", a)
	}
	wantSheets(t, workbook, 7)
	listed, err := os.ReadFile(csv)
	if err != nil || strings.Count(string(listed), "\n") != 1+3 || !strings.Contains(string(listed), "0301 乔木林地 → 0602 采矿用地") {
		t.Errorf("the list of places: %v\n%s", err, listed)
	}
	if raw, err := os.ReadFile(places); err != nil || strings.Count(string(raw), `"Feature"`) != 3 {
		t.Errorf("the map: %v\n%s", err, raw)
	}

	approvals := writeBytes(t, "approvals.csv", []byte("附件：批准文件\n批准文号,图斑编号\n桂政函〔2024〕9号,B\n国函1号,M1\n国函2号,Z\n"))
	scores := writeBytes(t, "scores.csv", []byte("行政区代码,基准年得分,本期得分\n450001,80,80.5\n"))
	got = decode[answer](t, must(t, append(args, "--json", "--approvals", approvals, "--scores", scores)...))
	row := got.Result.Rows[0]
	if row.Area.Status != analysis.Met || row.Nature.Status != analysis.ToVerify || row.Function.Status != analysis.Met ||
		strings.Join(got.Result.Unused, " ") != "国函2号" {
		t.Errorf("with approvals: %+v, unused %v", row, got.Result.Unused)
	}
	told := must(t, args...)
	if !strings.Contains(told.stdout, "面积平衡但边界调整") || !strings.Contains(told.stdout, "待评估") {
		t.Errorf("in words:\n%s", told.stdout)
	}
	broken := writeBytes(t, "scores.csv", []byte("行政区代码,基准年得分,本期得分\n450001,80,好\n"))
	refused(t, "nodecrease.list.value", append(args, "--scores", broken)...)
	refused(t, "nodecrease.list.column", append(args, "--approvals", scores)...)
	refused(t, "nodecrease.layer.theme", "nodecrease", "--workspace", workspace, "redline@2024.1", "urban@2024.1")
}
