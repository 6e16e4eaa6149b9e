package report_test

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"greenshield/geo"
	"greenshield/layers/analysis/change"
	"greenshield/layers/report"
)

// drawChange makes a change with consistent raw figures: the transition matrix is split at random over regions.
func drawChange(t *rapid.T) change.Result {
	n, regions := rapid.IntRange(1, 5).Draw(t, "classes"), rapid.IntRange(1, 5).Draw(t, "regions")
	area := rapid.Custom(func(t *rapid.T) geo.Area {
		if rapid.Bool().Draw(t, "nothing") {
			return 0
		}
		return geo.Area(rapid.Float64Range(0, 1e5).Draw(t, "m²"))
	})
	r := change.Result{
		Rows: make([]change.Row, regions), Matrix: make([][]geo.Area, n),
		OnlyBefore: make([]geo.Area, n), OnlyAfter: make([]geo.Area, n),
	}
	for i := range n {
		r.Classes = append(r.Classes, strconv.Itoa(i+1))
		r.Matrix[i] = make([]geo.Area, n)
	}
	for k := range r.Rows {
		row := &r.Rows[k]
		for i := range n {
			lost, gained := area.Draw(t, "lost"), area.Draw(t, "gained")
			r.OnlyBefore[i], r.OnlyAfter[i] = r.OnlyBefore[i]+lost, r.OnlyAfter[i]+gained
			row.Lost, row.Gained = row.Lost+lost, row.Gained+gained
			for j := range n {
				a := area.Draw(t, "kept")
				r.Matrix[i][j] += a
				if i == j {
					row.Unchanged += a
				} else {
					row.Changed += a
				}
			}
		}
		stayed := row.Unchanged + row.Changed
		row.Before, row.After = stayed+row.Lost, stayed+row.Gained
		row.Net = row.After - row.Before
		r.Total.Before, r.Total.After = r.Total.Before+row.Before, r.Total.After+row.After
		r.Total.Gained, r.Total.Lost = r.Total.Gained+row.Gained, r.Total.Lost+row.Lost
		r.Total.Changed += row.Changed
	}
	return r
}

// inUnit picks one unit of a printed area, as a whole number of its last decimal.
type inUnit struct {
	name string
	of   func(report.Printed) string
	unit geo.Area // m² of the last decimal
}

func allUnits() []inUnit {
	return []inUnit{
		{"m²", func(p report.Printed) string { return p.M2 }, 0.01},
		{"hm²", func(p report.Printed) string { return p.Hectares }, 1},
		{"mu", func(p report.Printed) string { return p.Mu }, 20.0 / 3},
	}
}

func (u inUnit) units(p report.Printed) int64 {
	v, err := strconv.ParseFloat(u.of(p), 64)
	if err != nil {
		return math.MinInt64
	}
	if u.name == "hm²" {
		return int64(math.Round(v * 1e4))
	}
	return int64(math.Round(v * 100))
}

func TestPrintedChangeAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawChange(t)
		p := report.PrintChange(r)
		for _, u := range allUnits() {
			checkRows(t, u, r, p)
			checkClasses(t, u, r, p)
		}
	})
}

func checkRows(t *rapid.T, u inUnit, r change.Result, p report.PrintedChange) {
	sums := make([]int64, 7)
	list := func(row report.PrintedRow) []int64 {
		return []int64{
			u.units(row.Before), u.units(row.After), u.units(row.Gained), u.units(row.Lost), u.units(row.Net),
			u.units(row.Unchanged), u.units(row.Changed),
		}
	}
	for i, row := range append(p.Rows, p.Total) {
		v := list(row)
		if v[0]+v[2]-v[3] != v[1] || v[1]-v[0] != v[4] || v[0]-v[3]-v[6] != v[5] {
			t.Fatalf("%s: row %d does not add up: %v", u.name, i, v)
		}
		raw := r.Total
		if i < len(r.Rows) {
			raw = r.Rows[i]
			for k := range sums {
				sums[k] += v[k]
			}
		}
		// Rows are within a unit of the raw figures; the totals before and after are rounded half up.
		most := 1.001
		if i == len(r.Rows) {
			most = 0.501
		}
		for k, a := range []geo.Area{raw.Before, raw.After} {
			if off := math.Abs(float64(v[k]) - float64(a/u.unit)); off > most {
				t.Fatalf("%s: row %d figure %d is %d for %v", u.name, i, k, v[k], a/u.unit)
			}
		}
	}
	for k, v := range list(p.Total) {
		if v != sums[k] {
			t.Fatalf("%s: column %d adds up to %d, the total is %d", u.name, k, sums[k], v)
		}
	}
}

func checkClasses(t *rapid.T, u inUnit, r change.Result, p report.PrintedChange) {
	var before, after, lost, gained int64
	columns := make([]int64, len(r.Classes))
	for i := range r.Classes {
		row := u.units(p.OnlyBefore[i])
		lost, gained = lost+row, gained+u.units(p.OnlyAfter[i])
		columns[i] += u.units(p.OnlyAfter[i])
		for j := range r.Classes {
			v := u.units(p.Matrix[i][j])
			if off := math.Abs(float64(v) - float64(r.Matrix[i][j]/u.unit)); off > 2.001 {
				t.Fatalf("%s: cell %d %d is %d for %v", u.name, i, j, v, r.Matrix[i][j]/u.unit)
			}
			row, columns[j] = row+v, columns[j]+v
		}
		if row != u.units(p.ClassBefore[i]) {
			t.Fatalf("%s: row %d adds up to %d, printed %s", u.name, i, row, u.of(p.ClassBefore[i]))
		}
		before += row
	}
	for j := range columns {
		if columns[j] != u.units(p.ClassAfter[j]) {
			t.Fatalf("%s: column %d adds up to %d, printed %s", u.name, j, columns[j], u.of(p.ClassAfter[j]))
		}
		after += columns[j]
	}
	got := [4]int64{before, after, gained, lost}
	want := [4]int64{
		u.units(p.Total.Before), u.units(p.Total.After), u.units(p.Total.Gained), u.units(p.Total.Lost),
	}
	if got != want {
		t.Fatalf("%s: the matrix sums up to %v, the table by region to %v", u.name, got, want)
	}
}
