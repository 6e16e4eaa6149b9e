package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"greenshield/layers/analysis/leads"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

// A mine in the core zone of the reserve is found; its ledger comes back filled in, as CSV, as workbook and as GeoJSON,
// and the mine is there again.
func TestLeads(t *testing.T) {
	workspace := newCity(t)
	deliver := func(vintage, x1 string) {
		t.Helper()
		must(t, "import", "--workspace", workspace, "--quiet", "--layer", "activity", "--theme", "activity", "--vintage", vintage,
			"--coverage", "region@2024.1", writeGeoJSON(t, "activity.geojson", textFields("WTBH", "HDLX", "SSMC"),
				place{box("32", "32", x1, "38"), []any{"1", "采石场", "青山石场"}}, place{cell("7", "7"), []any{"2", "公路", ""}}))
	}
	deliver("2024", "34")
	deliver("2025", "37")
	args := []string{
		"leads", "--workspace", workspace, "--activities-before", "activity@2024.1", "--activities", "activity@2025.1",
		"--protected", "reserve@2024.1", "--redline", "redline@2024.1", "--regions", "region@2024.1",
	}
	type answer struct {
		Kind     string
		Question inquiry.Leads
		Result   leads.Result
		Tables   []report.PrintedTable
		Basis    []report.Fact
	}
	dir := t.TempDir()
	ledger, workbook, places := filepath.Join(dir, "l.csv"), filepath.Join(dir, "l.xlsx"), filepath.Join(dir, "l.geojson")
	got := decode[answer](t, must(t, append(args, "--batch", "2025", "--json", "--csv", ledger, "--report", workbook, "--geojson", places)...))
	if len(got.Result.Leads) != 1 {
		t.Fatalf("leads %+v", got.Result.Leads)
	}
	l := got.Result.Leads[0]
	if l.Change != leads.Enlarged || l.Kind != "mining" || !l.Focus4 || l.Areas[0].ZoneWord != "核心保护区" || l.RegionName != "西县" ||
		!slices.Equal(l.RedlineNames, []string{"乙"}) || l.Recurrence != leads.First {
		t.Errorf("lead %+v", l)
	}
	wantSheets(t, workbook, 7)
	raw, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil || len(table) != 2 {
		t.Fatalf("ledger: %v\n%s", err, raw)
	}
	column := func(name string) int { return slices.Index(table[0], name) }
	for name, want := range map[string]string{
		"问题编号": l.ID, "批次": "2025", "县（区）": "西县", "保护地（红线）名称": "青山", "功能区": "核心保护区", "活动类型（大类）": "矿产资源开发",
		"活动类型（小类）": "采石场", "设施名称": "青山石场", "变化类型": "规模扩大", "是否违法违规": "", "中心经度": report.DMS(l.Centre[0]),
		"是否位于生态保护红线": "是", "前时相": "2024", "后时相": "2025",
	} {
		if i := column(name); i < 0 || table[1][i] != want {
			t.Errorf("column %s (%d) is not %q in\n%v", name, i, want, table)
		}
	}
	if strings.Contains(string(raw), "违法") && !strings.Contains(string(raw), "是否违法违规") {
		t.Error("a lead is called a violation")
	}

	table[1][column("问题编号")], table[1][column("销号状态")] = "绿盾-2025-0001", "已销号"
	var filled bytes.Buffer
	if err := csv.NewWriter(&filled).WriteAll(table); err != nil {
		t.Fatal(err)
	}
	again := decode[answer](t, must(t, append(args, "--json", "--earlier", writeBytes(t, "filled.csv", filled.Bytes()))...)).Result
	if len(again.Leads) != 1 || again.Leads[0].ID != "绿盾-2025-0001" || again.Leads[0].Recurrence != leads.Recurred {
		t.Errorf("after the ledger was filled in: %+v", again.Leads)
	}
	for _, file := range []string{workbook, places} {
		same := decode[answer](t, must(t, append(args, "--json", "--earlier", file)...)).Result
		if len(same.Leads) != 1 || same.Leads[0].ID != l.ID || same.Leads[0].Recurrence != leads.Repeated {
			t.Errorf("with %s as the earlier ledger: %+v", filepath.Base(file), same.Leads)
		}
	}
	told := must(t, append(args, "--lang", "en")...)
	if !strings.Contains(told.stdout, "Enlarged") || !strings.Contains(told.stdout, "No wetlands were given") {
		t.Errorf("in words:\n%s", told.stdout)
	}
	chosen := decode[answer](t, must(t, "leads", "--workspace", workspace, "--json"))
	if q := chosen.Question; q.Activities.String() != "activity@2025.1" || q.ActivitiesBefore.String() != "activity@2024.1" ||
		q.Protected.String() != "reserve@2024.1" || q.LandBefore.String() != "landuse@2024.1" || len(chosen.Result.Leads) != 1 {
		t.Errorf("chosen by itself: %+v", q)
	}
	must(t, "import", "--workspace", workspace, "--quiet", "--layer", "redline2", "--theme", "redline", "--vintage", "2024",
		"--coverage", "everywhere", redlineFile(t))
	refused(t, "leads.layer.several", "leads", "--workspace", workspace)
	refused(t, "leads.list.column", append(args, "--earlier", writeBytes(t, "x.csv", []byte("a,b\n1,2\n")))...)
	refused(t, "leads.list.place", append(args, "--earlier", writeBytes(t, "x.csv", []byte("问题编号,经度,纬度\n1,东,北\n")))...)
	refused(t, "leads.place.missing", "leads", "--workspace", workspace, "--land", "landuse@2024.1")
}
