package leads_test

import (
	"math"
	"os"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/table"
	"greenshield/layers/analysis/leads"
)

func TestEarlierLeadsOfAList(t *testing.T) {
	lines := []table.Line{
		{Row: 1, Cells: []string{"“绿盾”问题台账"}},
		{Row: 2, Cells: []string{"序号", "问题编号", "中心经度", "中心纬度", "销号状态"}},
		{Row: 3, Cells: []string{"1", "A", "109°25′30.00″", "23°00'07.2\"", "已销号"}},
		{Row: 4, Cells: []string{"2", "B", "109.5", "23.25"}},
		{Row: 5, Cells: []string{"", "空白各栏由核查人员填写。", "", "", ""}},
		{Row: 6, Cells: []string{"合计", "", "", "", ""}},
	}
	got, err := leads.ReadEarlier(lines, "x.csv", book())
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	if a := got[0]; math.Hypot(a.Centre[0]-109.425, a.Centre[1]-23.002) > 1e-9 || !a.Closed || a.ID != "A" {
		t.Errorf("first %+v", a)
	}
	if b := got[1]; b.Centre[0] != 109.5 || b.Closed {
		t.Errorf("second %+v", b)
	}
}

func TestPlacesThatCannotBeRead(t *testing.T) {
	head := table.Line{Row: 1, Cells: []string{"问题编号", "经度", "纬度"}}
	for _, cells := range [][]string{
		{"A", "", "23"},
		{"A", "东", "23"},
		{"A", "109°75′00″", "23"},
		{"A", "190", "23"},
		{"A", "109", "95"},
		{"A", "109 1 2 3", "23"},
		{"A", "109°-5′", "23"},
		{"A", "1e9", "23"},
		{"A", "109", ""},
		{"A", "109E", "23"},
	} {
		_, err := leads.ReadEarlier([]table.Line{head, {Row: 2, Cells: cells}}, "x.csv", book())
		if geo.CodeOf(err) != "leads.list.place" {
			t.Errorf("%q: %v", cells, err)
		}
	}
	if _, err := leads.ReadEarlier([]table.Line{{Row: 1, Cells: []string{"问题编号"}}}, "x.csv", book()); geo.CodeOf(err) != "leads.list.column" {
		t.Errorf("no places at all: %v", err)
	}
	if _, err := leads.ReadEarlier(nil, "x.csv", book()); geo.CodeOf(err) != "leads.list.column" {
		t.Errorf("an empty list: %v", err)
	}
}

// A ledger of land-change leads as a government publishes it (Taiwan, 23 rows, column names in traditional characters).
func TestRealLedger(t *testing.T) {
	const file = "../../../../shared/data/leads-taiwan/jinmen_112_excerpt.csv"
	if _, err := os.Stat(file); err != nil {
		t.Skip("the ledger is not here: ", file)
	}
	lines, err := table.LinesOf(t.Context(), file, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := leads.ReadEarlier(lines, file, book())
	if err != nil || len(got) != 23 {
		t.Fatalf("%d leads, %v", len(got), err)
	}
	if e := got[0]; e.ID != "W0511210032" || e.Centre[0] != 118.2475 || e.Centre[1] != 24.44139 || e.Status != "合法" || e.Kind != "整地" {
		t.Errorf("first %+v", e)
	}
}
