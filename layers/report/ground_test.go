package report_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/report"
)

// grounded is a check of parcels whose land is split at random, with areas that do not round well.
func grounded(parcels int) conflict.Result {
	const seed = 42
	random := rand.New(rand.NewPCG(seed, 1))
	groups := []codes.Group{codes.Agricultural, codes.Construction, codes.Unused, ""}
	r := conflict.Result{Ground: &conflict.BatchGround{
		LanduseRefs: []layers.Ref{{Layer: "landuse", Vintage: "2024", Revision: 1}},
		RegionRef:   layers.Ref{Layer: "region", Vintage: "2024", Revision: 1}, Ownership: true, Split: parcels,
		RegionNames: []conflict.RegionName{{Code: "450801", Name: "Twin"}, {Code: "450802", Name: "Twin"}},
	}}
	for i := range parcels {
		g := &conflict.Ground{}
		for _, code := range []string{"450801", "450802"} {
			region := analysis.RegionPart{Region: code}
			for k := range 6 {
				u := conflict.Use{
					Region: code, Kind: conflict.Surveyed, Class: fmt.Sprintf("0%d01", k+1), Group: groups[k%4],
					Owner: conflict.Owner{Kind: "30", Name: fmt.Sprintf("village %d", k%2), Holder: codes.Collective},
					Area:  geo.Area(random.Float64() * 3333),
				}
				g.Uses, region.Area = append(g.Uses, u), region.Area+u.Area
			}
			g.Regions, g.Area = append(g.Regions, region), g.Area+region.Area
		}
		p := conflict.Parcel{Row: int64(i + 1), Name: fmt.Sprintf("parcel %d", i+1), Area: g.Area}
		r.Parcels = append(r.Parcels, conflict.ParcelResult{Parcel: p, Ground: g})
		r.Area += g.Area
		r.Ground.Area += g.Area
		r.Ground.Uses = append(r.Ground.Uses, g.Uses...)
		r.Ground.Regions = append(r.Ground.Regions, g.Regions...)
	}
	r.Union = r.Area
	return r
}

// unitsOf is a printed figure in units of its last decimal.
func unitsOf(t *testing.T, cell any) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.Replace(fmt.Sprint(cell), ".", "", 1), 10, 64)
	if err != nil {
		t.Fatalf("%v is no figure: %v", cell, err)
	}
	return n
}

func table(t *testing.T, d report.Document, id string) report.Table {
	t.Helper()
	out, ok := d.Find(id)
	if !ok {
		t.Fatalf("no table %s", id)
	}
	return out
}

// wantColumns: in each of the columns the plain rows add up to the last, which is a total.
func wantColumns(t *testing.T, table report.Table, columns ...int) {
	t.Helper()
	last := table.Rows[len(table.Rows)-1]
	if !last.Total {
		t.Fatalf("%s has no total", table.ID)
	}
	for _, c := range columns {
		sum := int64(0)
		for _, r := range table.Rows {
			if !r.Total {
				sum += unitsOf(t, r.Cells[c])
			}
		}
		if want := unitsOf(t, last.Cells[c]); sum != want {
			t.Errorf("%s: column %d adds up to %d, the total is %d", table.ID, c, sum, want)
		}
	}
}

func TestTablesOnTheGroundAddUp(t *testing.T) {
	r := grounded(7)
	d := report.ConflictDocument(r, printer(t, "en"))
	wantColumns(t, table(t, d, "landuse"), 3, 4, 5, 6)
	wantColumns(t, table(t, d, "conversion"), 3, 4, 5, 6, 7, 8)
	wantColumns(t, table(t, d, "owners"), 4, 5, 6, 7, 8)
	wantColumns(t, table(t, d, "regions"), 3, 4, 5)
	for _, row := range table(t, d, "conversion").Rows {
		sum := unitsOf(t, row.Cells[4]) + unitsOf(t, row.Cells[6]) + unitsOf(t, row.Cells[7]) + unitsOf(t, row.Cells[8])
		if sum != unitsOf(t, row.Cells[3]) {
			t.Errorf("groups of %v add up to %d", row.Cells, sum)
		}
	}
	// What is printed of a parcel's land adds up to what the first sheet prints of the parcel.
	verdicts, uses, splits := table(t, d, "verdicts"), table(t, d, "uses"), table(t, d, "splits")
	for i, p := range r.Parcels {
		for unit := range 3 {
			want := unitsOf(t, verdicts.Rows[i].Cells[4+unit])
			if got := sumOf(t, uses, p.Parcel.Row, 10+unit); got != want {
				t.Errorf("row %d, unit %d: uses add up to %d, the parcel is %d", p.Parcel.Row, unit, got, want)
			}
			if got := sumOf(t, splits, p.Parcel.Row, 5+unit); got != want {
				t.Errorf("row %d, unit %d: parts add up to %d, the parcel is %d", p.Parcel.Row, unit, got, want)
			}
		}
	}
	total := verdicts.Rows[len(r.Parcels)]
	land := table(t, d, "landuse").Rows
	for unit := range 3 {
		if unitsOf(t, land[len(land)-1].Cells[3+unit]) != unitsOf(t, total.Cells[4+unit]) {
			t.Errorf("unit %d: land use and parcels have different totals", unit)
		}
	}
}

func sumOf(t *testing.T, table report.Table, row int64, column int) int64 {
	t.Helper()
	sum := int64(0)
	for _, r := range table.Rows {
		if r.Cells[0] == row {
			sum += unitsOf(t, r.Cells[column])
		}
	}
	return sum
}

// Without land use there is no figure, and the reason stands below the table.
func TestLandUseThatIsMissingIsSaid(t *testing.T) {
	r := grounded(1)
	r.Parcels[0].Ground.Uses, r.Ground.Uses, r.Ground.LanduseRefs = nil, nil, nil
	r.Ground.Gaps = []analysis.Gap{{Problem: geo.NewProblem("ground.landuse.missing")}}
	d := report.ConflictDocument(r, printer(t, "en"))
	if cell := table(t, d, "conversion").Rows[0].Cells[4]; fmt.Sprint(cell) != report.Unknown {
		t.Errorf("farmland is printed as %v", cell)
	}
	for _, id := range []string{"conversion", "landuse"} {
		if notes := strings.Join(table(t, d, id).Notes, " "); !strings.Contains(notes, "No land-use layer is published") {
			t.Errorf("%s does not say why it is empty: %s", id, notes)
		}
	}
}

func TestSheetOnAvoiding(t *testing.T) {
	r := grounded(2)
	r.Parcels[0].Parcel.Area = 10000.005
	ring := orb.Ring{{37360000, 2600000}, {37360070.12345, 2600000}, {37360070, 2600100}, {37360000, 2600000}}
	cut := &avoid.Cut{
		System: "EPSG:4525", Corners: orb.MultiPolygon{{ring}}, Points: 3, New: []int{2, 3}, Kept: 6999.994, Lost: 3000.011,
	}
	suggestion := avoid.Result{
		Row: 1, Name: "parcel 1", Area: 10000.005, Along: cut, Margin: 0.5, Sliver: 10, SliverWidth: 1,
		Avoided: []avoid.Avoided{{Theme: layers.Redline, Feature: 3}},
	}
	d := report.ConflictDocument(r, printer(t, "en"), suggestion)
	rows := table(t, d, "avoid").Rows
	if len(rows) != 1 || unitsOf(t, rows[0].Cells[5])+unitsOf(t, rows[0].Cells[6]) != unitsOf(t, rows[0].Cells[4]) {
		t.Errorf("kept and given up do not add up: %v", rows)
	}
	points := table(t, d, "avoid-points")
	var csv bytes.Buffer
	if err := points.CSV(&csv); err != nil {
		t.Fatal(err)
	}
	if want := "J2,1,2600000.0000,37360070.1235,new"; !strings.Contains(csv.String(), want) || len(points.Rows) != 3 {
		t.Errorf("no %q in\n%s", want, csv.String())
	}
	if _, ok := report.ConflictDocument(r, printer(t, "en")).Find("avoid"); ok {
		t.Error("a sheet on avoiding without a suggestion")
	}
}
