package change_test

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/change"
)

// box is a rectangle of a test layer with class and id.
func box(x0, y0, x1, y1 float64, class, id string) item {
	return item{x0: x0, y0: y0, x1: x1, y1: y1, class: class, code: id}
}

// Six unit squares in a row. A turns into B in one place and B into A in another: A gains one, loses two, keeps one.
func TestGainLossSwapOfSquares(t *testing.T) {
	c := newCity(t)
	var a, b []item
	for i, pair := range [][2]string{{"A", "A"}, {"A", "B"}, {"A", "B"}, {"B", "A"}, {"B", "B"}, {"C", "C"}} {
		x := float64(i)
		a = append(a, box(x, 0, x+1, 1, pair[0], ""))
		b = append(b, box(x, 0, x+1, 1, pair[1], ""))
	}
	b = append(b, box(6, 0, 8, 1, "C", "")) // two more squares are new ground
	r := compare(t, c, c.publish("landuse", layers.Landuse, "2022", a...), c.publish("landuse", layers.Landuse, "2023", b...), change.Options{})
	one := box(0, 0, 1, 1, "", "").area()
	for i, want := range []struct{ persistence, gain, loss, entered, net, swap, total geo.Area }{
		{1, 1, 2, 0, -1, 2, 3}, {1, 2, 1, 0, 1, 2, 3}, {1, 0, 0, 2, 2, 0, 0},
	} {
		got := r.Classwise(change.Whole)[i]
		for name, pair := range map[string][2]geo.Area{
			"persistence": {got.Persistence, want.persistence}, "gain": {got.Gain, want.gain}, "loss": {got.Loss, want.loss},
			"entered": {got.Entered, want.entered}, "net": {got.Net(), want.net}, "swap": {got.Swap(), want.swap},
			"total": {got.Total(), want.total}, "after − before": {got.After() - got.Before(), want.net},
		} {
			near(t, r.Classes[i]+" "+name, pair[0], pair[1]*one)
		}
	}
}

// Townships are delivered; county and city are added up by the codes, although both townships have one name.
func TestRegionsAreAddedUpByCode(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024",
		box(0, 0, 4, 4, "", "450802001"), box(4, 0, 8, 4, "", "450802002"), box(8, 0, 12, 4, "", "450803001"), box(0, 0, 8, 4, "", "450802"))
	before := c.publish("landuse", layers.Landuse, "2024", box(0, 0, 14, 4, "0101", ""))
	after := c.publish("landuse", layers.Landuse, "2025", box(0, 0, 3, 4, "0701", ""), box(3, 0, 9, 4, "0101", ""), box(9, 0, 14, 4, "0701", ""))
	r := compare(t, c, before, after, change.Options{Regions: regions})
	type unit struct {
		level   change.Level
		code    string
		parent  int
		changed float64
	}
	want := []unit{
		{change.City, "450800", -1, 6},
		{change.County, "450802", 0, 3},
		{change.Township, "450802001", 1, 3},
		{change.Township, "450802002", 1, 0},
		{change.County, "450803", 0, 3},
		{change.Township, "450803001", 4, 3},
		{change.Outside, "", -1, 2},
	}
	if len(r.Units) != len(want) {
		t.Fatalf("units %+v", r.Units)
	}
	for i, u := range r.Units {
		if u.Level != want[i].level || u.Account.Code != want[i].code || u.Parent != want[i].parent {
			t.Errorf("unit %d is %+v, want %+v", i, u, want[i])
		}
		near(t, "changed in "+u.Account.Code, u.Account.Changed, box(0, 0, want[i].changed, 4, "", "").area())
	}
	if r.Units[1].Account.Name != "region 450802" {
		t.Errorf("the county's own name was not taken: %q", r.Units[1].Account.Name)
	}
	near(t, "county's paddy", r.Classwise(1)[0].Before(), box(0, 0, 8, 4, "", "").area())
	if len(r.Gaps) != 0 {
		t.Errorf("a county and its townships are no overlap: %v", r.Gaps[0].Problem)
	}
}

// A county of which one township alone is delivered keeps the rest as a place of its own; nothing counts twice.
func TestRestOfACounty(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", box(0, 0, 8, 4, "", "450802"), box(0, 0, 2, 4, "", "450802001"))
	before := c.publish("landuse", layers.Landuse, "2024", box(0, 0, 8, 4, "0101", ""))
	after := c.publish("landuse", layers.Landuse, "2025", box(0, 0, 8, 4, "0701", ""))
	r := compare(t, c, before, after, change.Options{Regions: regions})
	last := r.Units[len(r.Units)-1]
	if last.Level != change.Rest || r.Units[last.Parent].Account.Code != "450802" {
		t.Fatalf("units %+v", r.Units)
	}
	near(t, "rest", last.Account.Changed, box(2, 0, 8, 4, "", "").area())
	near(t, "county", r.Units[last.Parent].Account.Changed, box(0, 0, 8, 4, "", "").area())
	near(t, "total", r.Total.Changed, box(0, 0, 8, 4, "", "").area())
}

func TestOverlappingRegionsAreSaid(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", box(0, 0, 5, 4, "", "450802"), box(4, 0, 8, 4, "", "450803"))
	before := c.publish("landuse", layers.Landuse, "2024", box(0, 0, 8, 4, "0101", ""))
	after := c.publish("landuse", layers.Landuse, "2025", box(0, 0, 8, 4, "0701", ""))
	r := compare(t, c, before, after, change.Options{Regions: regions})
	if !gapped(r.Gaps, "change.regions.overlap", "450802", "450803") {
		t.Errorf("gaps %+v", r.Gaps)
	}
}

// metre is about a metre of longitude in hundredths of a degree at 23° N: 1 / (111.32 km · cos 23° / 100).
const metre = 100 / 102470.0

// A border of 4 km between forest and field that moved by half a metre is digitising; a house of 20 m is real. What was
// measured is the sum of both.
func TestDigitisingIsToldFromRealChange(t *testing.T) {
	c := newCity(t)
	house := func(class string) item { return box(1, 1, 1+20*metre, 1+20*metre, class, "") }
	ring := func(class string, x0, x1 float64) []item { // what is around the house
		return []item{box(x0, 0, 1, 4, class, ""), box(1, 0, 1+20*metre, 1, class, ""), box(1, 1+20*metre, 1+20*metre, 4, class, ""), box(1+20*metre, 0, x1, 4, class, "")}
	}
	before := c.publish("landuse", layers.Landuse, "2024", append(ring("0101", 0, 4), house("0101"), box(4, 0, 8, 4, "0301", ""))...)
	after := c.publish("landuse", layers.Landuse, "2025", append(ring("0101", 0, 4+metre/2), house("0702"), box(4+metre/2, 0, 8, 4, "0301", ""))...)
	strip := box(4, 0, 4+metre/2, 4, "", "").area()
	for name, tc := range map[string]struct {
		width      geo.Length
		digitising geo.Area
		count      int
	}{"default": {0, strip, 1}, "40 cm": {0.4, 0, 0}, "none": {change.NoWidth, 0, 0}} {
		r := compare(t, c, before, after, change.Options{Width: tc.width, Patches: true})
		at := slices.IndexFunc(r.Cells, func(c change.Cell) bool { return c.Before == "0301" && c.After == "0101" })
		cell := r.Cells[at]
		near(t, name+" measured", cell.Area, strip)
		near(t, name+" digitising", cell.Digitising, tc.digitising)
		near(t, name+" real", cell.Real(), strip-tc.digitising)
		if cell.Patches != 1 || cell.DigitisingPatches != tc.count || cell.RealPatches() != 1-tc.count {
			t.Errorf("%s: %+v", name, cell)
		}
		for _, p := range r.Patches {
			want := 0.5
			if p.ClassAfter == "0702" {
				want = 10.2 // half the side of the house; a hundredth of a degree is longer to the north
			}
			if math.Abs(float64(p.Width)-want) > 0.3 {
				t.Errorf("%s: %s→%s is %.2f m wide, want %.2f", name, p.ClassBefore, p.ClassAfter, p.Width, want)
			}
		}
		if i := slices.IndexFunc(r.Cells, func(c change.Cell) bool { return c.After == "0702" }); r.Cells[i].DigitisingPatches != 0 {
			t.Errorf("%s: the house is digitising", name)
		}
	}
}

func TestFlowsOfSquares(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", box(0, 0, 2, 4, "", "450802"), box(2, 0, 9, 4, "", "450803"))
	before := c.publish("landuse", layers.Landuse, "2024", box(0, 0, 1, 1, "0101", ""), box(1, 0, 3, 1, "0103", ""), box(3, 0, 4, 1, "0301", ""), box(4, 0, 5, 1, "019", ""))
	after := c.publish("landuse", layers.Landuse, "2025", box(0, 0, 1, 1, "0701", ""), box(1, 0, 3, 1, "0601", ""), box(3, 0, 4, 1, "0101", ""), box(4, 0, 5, 1, "0701", ""))
	book := change.FlowBook{
		Known: []string{"0101", "0103", "0301", "0601", "0701"},
		Flows: []change.Flow{{ID: "f", Basis: "P", From: []string{"0101", "0103"}, To: []string{"0601", "0701"}}},
	}
	r := compare(t, c, before, after, change.Options{Regions: regions, Flows: book})
	want := map[int]float64{change.Whole: 3, 0: 3, 1: 2, 2: 1} // the whole, the city, and the two counties
	for _, row := range r.Flows[0].Rows {
		near(t, "flow", row.Area, box(0, 0, want[row.Unit], 1, "", "").area())
	}
	if n := r.Flows[0].Rows[0].Patches; n != 3 { // the border of the counties cuts one of two
		t.Errorf("%d patches, want 3", n)
	}
	if !gapped(r.Gaps, "change.flows.unknown-class", "019") {
		t.Errorf("gaps %+v", r.Gaps)
	}
}

func TestPatchesOfACellAddUpToIt(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", box(0, 0, 2, 9, "", "450802001"), box(2, 0, 9, 9, "", "450803001"))
	before := c.publish("landuse", layers.Landuse, "2024", box(0, 0, 3, 3, "0101", ""), box(3, 0, 5, 3, "0301", ""), box(5, 0, 6, 3, "0101", ""))
	after := c.publish("landuse", layers.Landuse, "2025", box(0, 0, 3, 1, "0701", ""), box(0, 1, 3, 3, "0101", ""), box(3, 0, 6, 3, "0701", ""), box(6, 0, 7, 3, "0701", ""))
	most := box(0, 0, 2.5, 1, "", "").area() // leaves out the smaller places
	for _, tc := range []struct {
		cell, region    string
		least           geo.Area
		listed, patches int
		places          []item // that the cell is made of
	}{
		{"0101:0701", "", 0, 3, 3, []item{box(0, 0, 3, 1, "", ""), box(5, 0, 6, 3, "", "")}},
		{"0101:0701", "450803", 0, 2, 2, []item{box(2, 0, 3, 1, "", ""), box(5, 0, 6, 3, "", "")}},
		{"0101:0701", "450800", most, 1, 3, []item{box(0, 0, 3, 1, "", ""), box(5, 0, 6, 3, "", "")}},
		{"-:0701", "", 0, 1, 1, []item{box(6, 0, 7, 3, "", "")}},
		{"0301:0101", "", 0, 0, 0, nil},
	} {
		r := compare(t, c, before, after, change.Options{Regions: regions, Patches: true, MinPatch: tc.least})
		q, err := change.ParseCell(tc.cell)
		if err != nil {
			t.Fatal(err)
		}
		q.Region = tc.region
		d := r.Drill(q)
		want := geo.Area(0)
		for _, p := range tc.places {
			want += p.area()
		}
		near(t, tc.cell, d.Cell.Area, want)
		sum, count := d.Rest.Area, d.Rest.Patches
		for _, i := range d.Patches {
			sum, count = sum+r.Patches[i].Area, count+1
		}
		near(t, tc.cell+" patches", sum, d.Cell.Area)
		if len(d.Patches) != tc.listed || count != tc.patches || d.Cell.Patches != tc.patches {
			t.Errorf("%s in %q: %d of %d patches listed, want %d of %d", tc.cell, tc.region, len(d.Patches), d.Cell.Patches, tc.listed, tc.patches)
		}
	}
	for _, wrong := range []string{"0101", "-:-", "0101:0101", ""} {
		if _, err := change.ParseCell(wrong); err == nil {
			t.Errorf("%q is taken for a cell", wrong)
		}
	}
}

type gap = analysis.Gap

func gapped(gaps []gap, code string, words ...string) bool {
	return slices.ContainsFunc(gaps, func(g gap) bool {
		for _, w := range words {
			if !strings.Contains(g.Problem.Error(), w) {
				return false
			}
		}
		return g.Problem.Code == code
	})
}

func TestSeriesFollowsYears(t *testing.T) {
	c := newCity(t)
	regions := c.publish("region", layers.Region, "2024", box(0, 0, 2, 4, "", "450802"), box(2, 0, 9, 4, "", "450803"))
	var refs []layers.Ref
	for i, year := range []string{"2021", "2022", "2023"} { // the town grows by a square a year, across the border
		x := float64(i + 1)
		refs = append(refs, c.publish("landuse", layers.Landuse, year, box(0, 0, x, 1, "0701", ""), box(x, 0, 5, 1, "0101", "")))
	}
	var told []int64
	s, err := change.Follow(context.Background(), c.library(), refs, change.Options{
		Regions: regions, Progress: func(done, total int64) { told = append(told, done*1000/total) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(told) || len(told) == 0 || told[len(told)-1] != 1000 {
		t.Errorf("progress %v", told)
	}
	want := []struct {
		region, class string
		widths        [3]float64
	}{
		{"450802", "0101", [3]float64{1, 0, 0}},
		{"450802", "0701", [3]float64{1, 2, 2}},
		{"450803", "0101", [3]float64{3, 3, 2}},
		{"450803", "0701", [3]float64{0, 0, 1}},
	}
	if len(s.Stocks) != len(want) || len(s.Steps) != 2 || len(s.Gaps) != 0 {
		t.Fatalf("stocks %+v, gaps %+v", s.Stocks, s.Gaps)
	}
	for i, k := range s.Stocks {
		if k.Region != want[i].region || k.Class != want[i].class {
			t.Errorf("stock %d is %s %s", i, k.Region, k.Class)
		}
		for y, a := range k.Areas {
			near(t, k.Region+" "+k.Class, a, box(0, 0, want[i].widths[y], 1, "", "").area())
		}
	}
	if !reflect.DeepEqual(s.Provenance.Refs, append(slices.Clone(refs), regions)) {
		t.Errorf("refs %v", s.Provenance.Refs)
	}
	for code, wrong := range map[string][]layers.Ref{
		"change.series.short": refs[:1], "change.series.order": {refs[0], refs[2], refs[1]}, "change.vintages.same": {refs[0], refs[0]},
	} {
		if _, err := change.Follow(context.Background(), c.library(), wrong, change.Options{}); geo.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

func TestIdenticalVintagesHaveNoChange(t *testing.T) {
	c := newCity(t)
	items := []item{box(0, 0, 4, 4, "0101", "1"), box(4, 0, 8, 4, "0301", "2")}
	r := compare(t, c, c.publish("landuse", layers.Landuse, "2024", items...), c.publish("landuse", layers.Landuse, "2025", items...), change.Options{Patches: true})
	if len(r.Patches) != 0 || r.Total.Changed != 0 || r.Total.Net != 0 || len(r.Lineage.Groups) != 0 || len(r.Gaps) != 0 {
		t.Errorf("identical vintages: %+v", r)
	}
	for _, cell := range r.Cells {
		if cell.Kind != change.KindUnchanged || cell.Patches != 0 {
			t.Errorf("cell %+v", cell)
		}
	}
	if n := r.Lineage.Counts[0]; n.Fate != change.Unchanged || n.Groups != 2 {
		t.Errorf("counts %+v", r.Lineage.Counts)
	}
}
