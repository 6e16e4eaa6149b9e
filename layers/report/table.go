package report

import (
	"math/big"
)

// leaf is a figure that others are added up from, in units of the last decimal. What is within a ten-thousandth of a
// unit of a whole number is that number, so that the noise of float arithmetic never becomes a printed unit. What is
// not known counts as nothing here; its cell is printed as unknown afterwards.
func leaf[T ~float64](raw T, u Unit) *big.Rat {
	x := exact(float64(raw), u)
	if x == nil {
		return new(big.Rat)
	}
	whole := new(big.Rat).SetInt64(halfUp(x))
	off := new(big.Rat).Sub(x, whole)
	if off.Abs(off).Cmp(big.NewRat(1, 10_000)) < 0 {
		return whole
	}
	return x
}

func sum(xs ...*big.Rat) *big.Rat {
	out := new(big.Rat)
	for _, x := range xs {
		out.Add(out, x)
	}
	return out
}

// figure is a balanced figure of print, unknown where the raw one is.
func figure[T ~float64](raw T, u Unit, units int64) Decimal {
	if exact(float64(raw), u) == nil {
		return Decimal{}
	}
	return u.decimal(units)
}

// table collects the arcs of a circulation.
type table struct {
	nodes int
	arcs  []arc
}

// node adds a node.
func (t *table) node() int {
	t.nodes++
	return t.nodes - 1
}

// arc adds a figure and gives its number.
func (t *table) arc(from, to int, raw *big.Rat, r rank) int {
	t.arcs = append(t.arcs, arc{from: from, to: to, raw: raw, rank: r})
	return len(t.arcs) - 1
}

// fix settles a figure beforehand.
func (t *table) fix(arc int, units int64) { t.arcs[arc].fixed = &units }

// balance rounds all figures. Where fixed figures contradict the others they are set free: a table adds up in itself
// before it agrees with another one.
func (t *table) balance() []int64 {
	if values := balance(t.nodes, t.arcs); values != nil {
		return values
	}
	for i := range t.arcs {
		t.arcs[i].fixed = nil
	}
	values := balance(t.nodes, t.arcs)
	if values == nil {
		panic("report: the raw figures of a table do not add up")
	}
	return values
}

// Matrix rounds a matrix so that the printed rows and columns add up to their printed totals, and those to the
// printed grand total, which is the raw one rounded half up. Every printed figure is within one unit of its raw value.
// All rows must be of one length.
func Matrix[T ~float64](raw [][]T, u Unit) (cells [][]Decimal, rows, columns []Decimal, all Decimal) {
	var t table
	source, sink := t.node(), t.node()
	columnNodes := make([]int, width(raw))
	columnRaw := make([]*big.Rat, width(raw))
	for j := range columnNodes {
		columnNodes[j], columnRaw[j] = t.node(), new(big.Rat)
	}
	grand := new(big.Rat)
	arcs := make([][]int, len(raw))
	for i, line := range raw {
		node, rowRaw := t.node(), new(big.Rat)
		for j, v := range line {
			x := leaf(v, u)
			arcs[i] = append(arcs[i], t.arc(node, columnNodes[j], x, cell))
			rowRaw.Add(rowRaw, x)
			columnRaw[j].Add(columnRaw[j], x)
		}
		t.arc(source, node, rowRaw, margin)
		grand.Add(grand, rowRaw)
	}
	for j := range columnNodes {
		t.arc(columnNodes[j], sink, columnRaw[j], margin)
	}
	t.fix(t.arc(sink, source, grand, total), halfUp(grand))
	values := t.balance()
	for i, line := range raw {
		printed := make([]Decimal, len(line))
		for j := range line {
			printed[j] = figure(line[j], u, values[arcs[i][j]])
		}
		cells = append(cells, printed)
	}
	rows, columns, all = totals(cells, len(columnNodes), u)
	return cells, rows, columns, all
}

func width[T any](rows [][]T) int {
	if len(rows) == 0 {
		return 0
	}
	return len(rows[0])
}

// totals adds up printed cells by row and by column.
func totals(cells [][]Decimal, width int, u Unit) (rows, columns []Decimal, all Decimal) {
	columns = make([]Decimal, width)
	for j := range columns {
		columns[j] = u.decimal(0)
	}
	all = u.decimal(0)
	for _, line := range cells {
		row := u.decimal(0)
		for j, d := range line {
			row, columns[j] = row.plus(d), columns[j].plus(d)
		}
		rows, all = append(rows, row), all.plus(row)
	}
	return rows, columns, all
}
