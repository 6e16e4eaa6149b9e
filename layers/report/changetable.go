package report

import (
	"math/big"

	"greenshield/layers/analysis/change"
)

// changeRow is one row of the account as it is printed.
type changeRow struct{ Before, After, Gained, Lost, Net, Unchanged, Changed Decimal }

// changeTable is the account of a change in one unit, rounded so that before + gained − lost = after,
// net = after − before and unchanged = before − lost − changed hold in print for every row, and every column adds up.
type changeTable struct {
	unit  Unit
	rows  []changeRow
	total changeRow
	// The matrix has a row per class before and a column per class after. Its totals by row are the areas before,
	// with what only the vintage before covers; those by column the areas after.
	matrix                [][]Decimal
	onlyBefore, onlyAfter []Decimal
	before, after         []Decimal
	sumBefore, sumAfter   Decimal // of onlyBefore and onlyAfter
}

// roundChange rounds a change for print.
func roundChange(r change.Result, u Unit) changeTable {
	t := changeTable{unit: u}
	t.roundRows(r)
	if len(r.Classes) > 0 {
		t.roundMatrix(r)
	}
	return t
}

// roundRows balances unchanged, changed, lost and gained of all regions at once: what was there before flows from its
// region to the same region after, with its class or another, or is lost; what is there after comes from there or was
// gained.
func (t *changeTable) roundRows(r change.Result) {
	var net table
	source, sink := net.node(), net.node()
	before, after, lost, gained := net.node(), net.node(), net.node(), net.node()
	sums := zeros(4)
	arcs := make([][4]int, len(r.Rows))
	for i, row := range r.Rows {
		from, to := net.node(), net.node()
		x := [4]*big.Rat{
			leaf(row.Unchanged, t.unit), leaf(row.Lost, t.unit), leaf(row.Gained, t.unit), leaf(row.Changed, t.unit),
		}
		arcs[i] = [4]int{
			net.arc(from, to, x[0], cell), net.arc(from, lost, x[1], cell), net.arc(gained, to, x[2], cell),
			net.arc(from, to, x[3], cell),
		}
		net.arc(before, from, sum(x[0], x[1], x[3]), margin)
		net.arc(to, after, sum(x[0], x[2], x[3]), margin)
		for k := range sums {
			sums[k].Add(sums[k], x[k])
		}
	}
	net.arc(source, before, sum(sums[0], sums[1], sums[3]), total)
	net.arc(after, sink, sum(sums[0], sums[2], sums[3]), total)
	net.arc(lost, sink, sums[1], margin)
	net.arc(source, gained, sums[2], margin)
	net.arc(sink, source, sum(sums[0], sums[1], sums[2], sums[3]), cell)
	values := net.balance()
	t.total = changeRow{t.zero(), t.zero(), t.zero(), t.zero(), t.zero(), t.zero(), t.zero()}
	for i, row := range r.Rows {
		p := changeRow{
			Unchanged: figure(row.Unchanged, t.unit, values[arcs[i][0]]),
			Lost:      figure(row.Lost, t.unit, values[arcs[i][1]]),
			Gained:    figure(row.Gained, t.unit, values[arcs[i][2]]),
			Changed:   figure(row.Changed, t.unit, values[arcs[i][3]]),
		}
		stayed := p.Unchanged.plus(p.Changed)
		p.Before, p.After = stayed.plus(p.Lost), stayed.plus(p.Gained)
		p.Net = p.After.minus(p.Before)
		t.rows, t.total = append(t.rows, p), t.total.plus(p)
	}
}

func (t *changeTable) zero() Decimal { return t.unit.decimal(0) }

func (r changeRow) plus(o changeRow) changeRow {
	return changeRow{
		Before: r.Before.plus(o.Before), After: r.After.plus(o.After), Gained: r.Gained.plus(o.Gained),
		Lost: r.Lost.plus(o.Lost), Net: r.Net.plus(o.Net), Unchanged: r.Unchanged.plus(o.Unchanged),
		Changed: r.Changed.plus(o.Changed),
	}
}

// roundMatrix balances the transition matrix with one more column for what only the vintage before covers and one
// more row for what only the vintage after covers. Its sums are those of the table by region, where they are the same
// figures.
func (t *changeTable) roundMatrix(r change.Result) {
	var net table
	n := len(r.Classes)
	source, sink, lost, gained := net.node(), net.node(), net.node(), net.node()
	from, to := net.node(), net.node()
	rows, columns := make([]int, n), make([]int, n)
	for i := range n {
		rows[i], columns[i] = net.node(), net.node()
	}
	cells, vanished, appeared := make([][]int, n), make([]int, n), make([]int, n)
	rowRaw, columnRaw := zeros(n), zeros(n)
	kept, gone, come := new(big.Rat), new(big.Rat), new(big.Rat)
	for i := range n {
		x, y := leaf(r.OnlyBefore[i], t.unit), leaf(r.OnlyAfter[i], t.unit)
		vanished[i], appeared[i] = net.arc(rows[i], lost, x, cell), net.arc(gained, columns[i], y, cell)
		rowRaw[i].Add(rowRaw[i], x)
		columnRaw[i].Add(columnRaw[i], y)
		gone.Add(gone, x)
		come.Add(come, y)
		for j := range n {
			x := leaf(r.Matrix[i][j], t.unit)
			cells[i] = append(cells[i], net.arc(rows[i], columns[j], x, cell))
			rowRaw[i].Add(rowRaw[i], x)
			columnRaw[j].Add(columnRaw[j], x)
			kept.Add(kept, x)
		}
	}
	for i := range n {
		net.arc(from, rows[i], rowRaw[i], margin)
		net.arc(columns[i], to, columnRaw[i], margin)
	}
	net.agree(net.arc(source, from, sum(kept, gone), total), t.total.Before)
	net.agree(net.arc(to, sink, sum(kept, come), total), t.total.After)
	net.agree(net.arc(lost, sink, gone, total), t.total.Lost)
	net.agree(net.arc(source, gained, come, total), t.total.Gained)
	net.arc(sink, source, sum(kept, gone, come), cell)
	t.readMatrix(r, net.balance(), cells, vanished, appeared)
}

func zeros(n int) []*big.Rat {
	out := make([]*big.Rat, n)
	for i := range out {
		out[i] = new(big.Rat)
	}
	return out
}

// agree fixes a sum at the figure that another table prints for it, when both round the same raw figure.
func (t *table) agree(arc int, printed Decimal) {
	low := floor(t.arcs[arc].raw)
	if printed.known && (printed.units == low || printed.units == low+1 && !t.arcs[arc].raw.IsInt()) {
		t.fix(arc, printed.units)
	}
}

func (t *changeTable) readMatrix(r change.Result, values []int64, cells [][]int, vanished, appeared []int) {
	n := len(r.Classes)
	t.sumBefore, t.sumAfter = t.zero(), t.zero()
	for i := range n {
		line := make([]Decimal, n)
		for j := range n {
			line[j] = figure(r.Matrix[i][j], t.unit, values[cells[i][j]])
		}
		t.matrix = append(t.matrix, line)
		t.onlyBefore = append(t.onlyBefore, figure(r.OnlyBefore[i], t.unit, values[vanished[i]]))
		t.onlyAfter = append(t.onlyAfter, figure(r.OnlyAfter[i], t.unit, values[appeared[i]]))
		t.sumBefore, t.sumAfter = t.sumBefore.plus(t.onlyBefore[i]), t.sumAfter.plus(t.onlyAfter[i])
	}
	t.before, t.after, _ = totals(t.matrix, n, t.unit)
	for i := range n {
		t.before[i], t.after[i] = t.before[i].plus(t.onlyBefore[i]), t.after[i].plus(t.onlyAfter[i])
	}
}
