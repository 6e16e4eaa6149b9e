package report_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"greenshield/geo"
	"greenshield/layers/report"
)

func TestRoundHalfUpOnDecimals(t *testing.T) {
	cases := []struct {
		name string
		raw  float64
		unit report.Unit
		want string
	}{
		{"a float below its decimal half", 1.005, report.SquareMetre, "1.01"},
		{"not to even", 2.665, report.SquareMetre, "2.67"},
		{"not to even, the other way", 0.125, report.SquareMetre, "0.13"},
		{"a loss like a gain", -0.125, report.SquareMetre, "-0.13"},
		{"next below a half", 0.1249999999, report.SquareMetre, "0.12"},
		{"no negative zero", -0.001, report.SquareMetre, "0.00"},
		{"the worked parcel", 609686.3229, report.SquareMetre, "609686.32"},
		{"the worked parcel in hectares", 609686.3229, report.Hectare, "60.9686"},
		{"the worked parcel in mu", 609686.3229, report.Mu, "914.53"},
		{"a mu exactly", 2000.0 / 3, report.Mu, "1.00"},
		{"fifteen mu to the hectare", 10000, report.Mu, "15.00"},
		{"rounded once, not by way of m²", 0.4949999, report.Hectare, "0.0000"},
		{"half a unit in hectares", 0.5, report.Hectare, "0.0001"},
		{"China", 9.6e12, report.SquareMetre, "9600000000000.00"},
		{"kilometres", 12345.6785, report.Kilometre, "12.346"},
		{"a share", 0.12345, report.Percent, "12.35"},
		{"written with an exponent", 1e-7, report.Percent, "0.00"},
		{"not a number", math.NaN(), report.Mu, "–"},
		{"infinite", math.Inf(1), report.Mu, "–"},
		{"larger than the Earth", 1e300, report.Mu, "–"},
	}
	for _, tc := range cases {
		if got := report.Round(tc.raw, tc.unit).String(); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestRoundIsWithinHalfAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.Float64Range(-1e13, 1e13).Draw(t, "raw")
		d, ok := new(big.Rat).SetString(report.Round(raw, report.Hectare).String())
		if !ok {
			t.Fatal("no number")
		}
		d.Sub(d.Mul(d, big.NewRat(10_000, 1)), new(big.Rat).SetFloat64(raw))
		// The shortest decimal differs from the float by less than 1e-3 at this size.
		if d.Abs(d).Cmp(big.NewRat(501, 1000)) > 0 {
			t.Fatalf("%v is off by %s m²", raw, d.FloatString(6))
		}
	})
}

func TestApportionAddsUp(t *testing.T) {
	printed, total := report.Apportion([]geo.Area{0.004, 0.004, 0.004}, report.SquareMetre)
	want := []string{"0.01", "0.00", "0.00"} // the first of equals
	for i, d := range printed {
		if d.String() != want[i] {
			t.Errorf("part %d is %s, want %s", i, d, want[i])
		}
	}
	if total.String() != "0.01" {
		t.Errorf("total %s", total)
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 20).Draw(t, "parts")
		printed, total := report.Apportion(parts, report.Mu)
		var sum, raw float64
		for i, d := range printed {
			sum += d.Float()
			raw += parts[i]
			if math.Abs(d.Float()-parts[i]*15/1e4) > 0.01+1e-9 {
				t.Fatalf("part %d: %v printed as %s", i, parts[i]*15/1e4, d)
			}
		}
		if math.Abs(sum-total.Float()) > 1e-6 || math.Abs(total.Float()-raw*15/1e4) > 0.005+1e-6 {
			t.Fatalf("sum %v, total %s, raw %v", sum, total, raw*15/1e4)
		}
	})
}

func TestApportionKeepsUnknownUnknown(t *testing.T) {
	printed, total := report.Apportion([]float64{1, math.NaN()}, report.Metre)
	if printed[0].String() != "1.00" || printed[1].Known() || total.Known() {
		t.Errorf("%v, total %v", printed, total)
	}
}

// units reads a printed figure in units of its last decimal.
func units(d report.Decimal) int64 {
	r, _ := new(big.Rat).SetString(d.String())
	for !r.IsInt() {
		r.Mul(r, big.NewRat(10, 1))
	}
	return r.Num().Int64()
}

func TestMatrixAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(1, 8).Draw(t, "rows"), rapid.IntRange(1, 8).Draw(t, "columns")
		raw := make([][]float64, rows)
		grand := 0.0
		for i := range raw {
			for range columns {
				// Kilometres with three decimals: raw in metres, a unit is one metre. Quarters make many ties.
				v := float64(rapid.IntRange(0, 12).Draw(t, "quarters")) / 4
				if rapid.Bool().Draw(t, "any") {
					v = rapid.Float64Range(0, 1000).Draw(t, "raw")
				}
				raw[i] = append(raw[i], v)
				grand += v
			}
		}
		checkMatrix(t, raw, grand)
	})
}

func checkMatrix(t *rapid.T, raw [][]float64, grand float64) {
	cells, rows, columns, all := report.Matrix(raw, report.Kilometre)
	const noise = 2e-4 // of a unit: what leaves are tidied by
	metres := func(d report.Decimal) float64 { return math.Round(d.Float() * 1000) }
	sum := 0.0
	columnSums, columnRaw := make([]float64, len(columns)), make([]float64, len(columns))
	for i := range cells {
		row, rowRaw := 0.0, 0.0
		for j, d := range cells[i] {
			v := metres(d)
			if math.Abs(v-raw[i][j]) >= 1+noise || raw[i][j] == 0 && v != 0 || v < 0 {
				t.Fatalf("cell %v printed as %v", raw[i][j], v)
			}
			row, rowRaw, sum = row+v, rowRaw+raw[i][j], sum+v
			columnSums[j] += v
			columnRaw[j] += raw[i][j]
		}
		if row != metres(rows[i]) || math.Abs(row-rowRaw) >= 1+noise {
			t.Fatalf("row %d: cells %v, printed %v, raw %v", i, row, metres(rows[i]), rowRaw)
		}
	}
	for j := range columns {
		if columnSums[j] != metres(columns[j]) || math.Abs(columnSums[j]-columnRaw[j]) >= 1+noise {
			t.Fatalf("column %d: cells %v, printed %v, raw %v", j, columnSums[j], metres(columns[j]), columnRaw[j])
		}
	}
	if sum != metres(all) || math.Abs(sum-grand) > 0.5+noise*10 {
		t.Fatalf("cells %v, printed %v, raw %v", sum, metres(all), grand)
	}
}

func TestMatrixTakesTheNearestOfAllRoundings(t *testing.T) {
	// 0.5 everywhere: two units in all, one in each row and column.
	cells, rows, columns, all := report.Matrix([][]float64{{0.5, 0.5}, {0.5, 0.5}}, report.Kilometre)
	if all.String() != "0.002" || rows[0].String() != "0.001" || columns[1].String() != "0.001" ||
		units(cells[0][0])+units(cells[0][1]) != 1 {
		t.Errorf("%v, %v, %v, %v", cells, rows, columns, all)
	}
	// Nothing needs to move here, so nothing does.
	cells, _, _, _ = report.Matrix([][]float64{{1.2, 3.1}, {4.9, 0}}, report.Kilometre)
	for i, want := range []string{"0.001", "0.003", "0.005", "0.000"} {
		if got := cells[i/2][i%2].String(); got != want {
			t.Errorf("cell %d is %s, want %s", i, got, want)
		}
	}
}

func TestMatrixOfNothing(t *testing.T) {
	cells, rows, columns, all := report.Matrix[float64](nil, report.Metre)
	if len(cells) != 0 || len(rows) != 0 || len(columns) != 0 || all.String() != "0.00" {
		t.Errorf("%v %v %v %v", cells, rows, columns, all)
	}
}
