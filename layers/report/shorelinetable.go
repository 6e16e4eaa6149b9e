package report

import (
	"math/big"
	"slices"

	"greenshield/geo"
	"greenshield/layers/analysis/shoreline"
)

// shorelineRow is one row of the shoreline account as it is printed; Lengths and Shares are by zone, 0 without one.
type shorelineRow struct {
	Lengths [5]Decimal
	Total   Decimal
	// Shares are parts of Total in per cent that add up to 100, those of the protected zones to Rate.
	Shares [5]Decimal
	Rate   Decimal
}

// shorelineTable is the account in one unit, rounded so that every row and column adds up.
type shorelineTable struct {
	rows  []shorelineRow
	total shorelineRow
}

func roundShoreline(r shoreline.Result, u Unit) shorelineTable {
	raw := make([][]geo.Length, len(r.Rows))
	for i, row := range r.Rows {
		raw[i] = row.Lengths[:]
	}
	cells, rows, columns, all := Matrix(raw, u)
	var t shorelineTable
	for i, row := range r.Rows {
		p := shorelineRow{Lengths: [5]Decimal(cells[i]), Total: rows[i]}
		p.Shares, p.Rate = shares(row, r.Numerator)
		t.rows = append(t.rows, p)
	}
	if len(r.Rows) == 0 {
		columns = slices.Repeat([]Decimal{u.decimal(0)}, 5)
	}
	t.total = shorelineRow{Lengths: [5]Decimal(columns), Total: all}
	t.total.Shares, t.total.Rate = shares(r.Total, r.Numerator)
	return t
}

// shares rounds the rate half up, and the shares of the zones so that those that count as protected add up to it and
// the others to the rest. All are unknown when there is no shoreline.
func shares(row shoreline.Row, numerator []int) (out [5]Decimal, rate Decimal) {
	if rate = Round(row.Rate, Percent); !rate.known || row.Total <= 0 {
		return out, Decimal{}
	}
	for _, protected := range [...]bool{true, false} {
		target := rate.units
		if !protected {
			target = 100_00 - rate.units
		}
		var zones []int
		var raw []*big.Rat
		for k, l := range row.Lengths {
			if slices.Contains(numerator, k) == protected {
				zones, raw = append(zones, k), append(raw, leaf(float64(l/row.Total), Percent))
			}
		}
		if len(zones) == 0 {
			continue
		}
		for i, units := range share(raw, target) {
			out[zones[i]] = Percent.decimal(units)
		}
	}
	return out, rate
}
