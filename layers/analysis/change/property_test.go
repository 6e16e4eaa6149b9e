package change_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/change"
)

// drawn is a coverage of 8 × 6 squares whose inner borders lie anew in every year: columns of random width, classes at
// random.
func drawn(r *rand.Rand) []item {
	cut := []float64{0}
	for i := range 8 {
		cut = append(cut, float64(i)+0.6+0.8*r.Float64())
	}
	cut[8] = 8
	var out []item
	for i := range 8 {
		for j := range 6 {
			class := []string{"0101", "0301", "0601", "0701"}[r.IntN(4)]
			out = append(out, box(cut[i], float64(j), cut[i+1], float64(j+1), class, fmt.Sprint(i*6+j)))
		}
	}
	return out
}

// The account holds whatever the years look like: rows and columns of the matrix are the areas of the classes, regions add
// up to the whole, digitising is a part of what was measured, and looking back is the transpose of looking forward.
func TestAccountHolds(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 5))
		a, b := drawn(r), drawn(r)
		b[0] = box(-1, b[0].y0, b[0].x1, b[0].y1, "0601", "0") // the outer border differs
		c := newCity(t)
		regions := c.publish("region", layers.Region, "2024",
			box(-2, -1, 3.3, 2.5, "", "450802001"), box(3.3, -1, 9, 2.5, "", "450802002"), box(-2, 2.5, 9, 7, "", "450803001"))
		before, after := c.publish("landuse", layers.Landuse, "2024", a...), c.publish("landuse", layers.Landuse, "2025", b...)
		o := change.Options{Regions: regions, Patches: true, Width: 400} // a width that some strips have
		there, back := compare(t, c, before, after, o), compare(t, c, after, before, o)
		name := fmt.Sprintf("seed %d", seed)
		checkClassAreas(t, name, there, a, b)
		checkUnits(t, name, there)
		checkCells(t, name, there)
		checkTransposed(t, name, there, back)
		checkCounts(t, name, there.Lineage, len(a), len(b))

		slices.Reverse(a)
		slices.Reverse(b)
		turned := newCity(t)
		regions = turned.publish("region", layers.Region, "2024",
			box(-2, 2.5, 9, 7, "", "450803001"), box(3.3, -1, 9, 2.5, "", "450802002"), box(-2, -1, 3.3, 2.5, "", "450802001"))
		o.Regions = regions
		again := compare(t, turned, turned.publish("landuse", layers.Landuse, "2024", a...), turned.publish("landuse", layers.Landuse, "2025", b...), o)
		if len(again.Cells) != len(there.Cells) {
			t.Fatalf("%s: %d cells in another order, %d in this", name, len(again.Cells), len(there.Cells))
		}
		for i, cell := range again.Cells {
			same := there.Cells[i]
			if cell.Patches != same.Patches || math.Abs(float64(cell.Area-same.Area)) > 1e-3 || math.Abs(float64(cell.Digitising-same.Digitising)) > 1e-3 {
				t.Errorf("%s: in another order %+v, in this %+v", name, cell, same)
			}
		}
		if !reflect.DeepEqual(fates(again), fates(there)) {
			t.Errorf("%s: fates %v in another order, %v in this", name, fates(again), fates(there))
		}
	}
}

func fates(r change.Result) map[change.Fate][3]int {
	out := map[change.Fate][3]int{}
	for _, n := range r.Lineage.Counts {
		out[n.Fate] = [3]int{n.Groups, n.Before, n.After}
	}
	return out
}

func checkClassAreas(t *testing.T, name string, r change.Result, a, b []item) {
	t.Helper()
	for i, class := range r.Classes {
		account := r.Classwise(change.Whole)[i]
		near(t, name+" "+class+" before", account.Before(), areaOfClass(a, class))
		near(t, name+" "+class+" after", account.After(), areaOfClass(b, class))
		near(t, name+" "+class+" total change", account.Total(), account.Swap()+geo.Area(math.Abs(float64(account.Gain-account.Loss))))
	}
}

func areaOfClass(items []item, class string) geo.Area {
	sum := geo.Area(0)
	for _, i := range items {
		if i.class == class {
			sum += i.area()
		}
	}
	return sum
}

func checkUnits(t *testing.T, name string, r change.Result) {
	t.Helper()
	parts := map[int]change.Row{}
	for i, u := range r.Units {
		sum := parts[u.Parent]
		sum.Before, sum.After, sum.Changed = sum.Before+u.Account.Before, sum.After+u.Account.After, sum.Changed+u.Account.Changed
		sum.Gained, sum.Lost, sum.Unchanged = sum.Gained+u.Account.Gained, sum.Lost+u.Account.Lost, sum.Unchanged+u.Account.Unchanged
		parts[u.Parent] = sum
		gain := geo.Area(0)
		for _, a := range r.Classwise(i) {
			gain += a.Gain
		}
		near(t, name+" gains in "+u.Account.Code, gain, u.Account.Changed)
	}
	for parent, sum := range parts {
		whole := r.Total
		if parent >= 0 {
			whole = r.Units[parent].Account
		}
		for i, pair := range [][2]geo.Area{
			{sum.Before, whole.Before},
			{sum.After, whole.After},
			{sum.Changed, whole.Changed},
			{sum.Gained, whole.Gained},
			{sum.Lost, whole.Lost},
			{sum.Unchanged, whole.Unchanged},
		} {
			near(t, fmt.Sprintf("%s parts of %d, figure %d", name, parent, i), pair[0], pair[1])
		}
	}
}

func checkCells(t *testing.T, name string, r change.Result) {
	t.Helper()
	for _, cell := range r.Cells {
		if cell.Digitising < 0 || cell.Digitising > cell.Area || cell.DigitisingPatches > cell.Patches {
			t.Errorf("%s: cell %+v", name, cell)
		}
		if cell.Kind == change.KindUnchanged {
			continue
		}
		d := r.Drill(change.Query{Kind: cell.Kind, Before: cell.Before, After: cell.After, Region: cell.Region})
		sum := d.Rest.Area
		for _, i := range d.Patches {
			sum += r.Patches[i].Area
		}
		near(t, name+" patches", sum, cell.Area)
		if len(d.Patches)+d.Rest.Patches != cell.Patches || math.Abs(float64(d.Rest.Area)) > 1 {
			t.Errorf("%s: %d patches and %d more of %g m² in a cell of %d", name, len(d.Patches), d.Rest.Patches, d.Rest.Area, cell.Patches)
		}
	}
}

func checkTransposed(t *testing.T, name string, there, back change.Result) {
	t.Helper()
	for i := range there.Classes {
		for j := range there.Classes {
			near(t, name+" transposed", there.Matrix[i][j], back.Matrix[j][i])
		}
		near(t, name+" only before", there.OnlyBefore[i], back.OnlyAfter[i])
	}
	f, g := fates(there), fates(back)
	if f[change.Split] != turned(g[change.Merged]) || f[change.Regrouped] != turned(g[change.Regrouped]) || f[change.Reshaped] != g[change.Reshaped] {
		t.Errorf("%s: fates %v there and %v back", name, f, g)
	}
}

func turned(n [3]int) [3]int { return [3]int{n[0], n[2], n[1]} }
