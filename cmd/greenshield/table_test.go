package main

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
)

// pointTable is a workbook with the list of boundary points of a polygon, below a title block as survey offices write
// it, northing first.
func pointTable(t *testing.T, plane crs.System, datum string, ring orb.Ring) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"界 址 点 成 果 表"}, {"权利人", "某公司"}, {"坐标系", datum}, {"序号", "点号", "X(m)", "Y(m)", "边长(m)"},
	}
	for i, lonlat := range ring {
		p := plane.FromLonLat(lonlat)
		rows = append(rows, []any{i + 1, fmt.Sprintf("J%d", i%(len(ring)-1)+1), p[1], p[0], nil})
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "界址点.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheckOfAPointTable(t *testing.T) {
	workspace := newCity(t)
	plane, err := crs.GaussKruger(3, 37, true)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"check", "--workspace", workspace, "--date", day, "--activity", "construction", "--json"}
	for _, tc := range []struct {
		place, verdict string
		code           int
	}{
		{box("80", "80", "82", "82"), "clear", 0},
		{box("12", "12", "14", "14"), "prohibited", 12},
	} {
		polygon := geometry(t, tc.place).(orb.Polygon)
		o := command(t, append(args, pointTable(t, plane, "2000国家大地坐标系", polygon[0]))...)
		got := decode[checkJSON](t, o)
		if o.code != tc.code || got.Verdict != tc.verdict || len(got.Parcels) != 1 {
			t.Fatalf("exit %d\n%s%s", o.code, o.stdout, o.stderr)
		}
		// projected there and back: the error of the series is far below a square millimetre on 4 hectares
		if want := float64(ellipsoid.Area(polygon)); math.Abs(float64(got.Parcels[0].Area)-want) > 1 {
			t.Errorf("%v m², want %v", got.Parcels[0].Area, want)
		}
	}
	asked := args[: len(args)-1 : len(args)-1]
	ring := geometry(t, box("80", "80", "82", "82")).(orb.Polygon)[0]
	refused(t, "ingest.crs.missing", append(asked, pointTable(t, plane, "", ring))...)
	refused(t, "ingest.crs.old-datum", append(asked, pointTable(t, plane, "1980西安坐标系", ring))...)
}
