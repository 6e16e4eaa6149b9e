package report

import (
	"greenshield/geo"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/shoreline"
)

// Printed is an area as screens show it, in the units of the workbooks; "–" where it is not known.
type Printed struct{ M2, Hectares, Mu string }

// PrintArea rounds an area that stands alone.
func PrintArea(a geo.Area) Printed {
	return printed([3]Decimal{Round(a, SquareMetre), Round(a, Hectare), Round(a, Mu)})
}

func printed(d [3]Decimal) Printed { return Printed{d[0].String(), d[1].String(), d[2].String()} }

// PrintedLength is a length as screens show it.
type PrintedLength struct{ M, Kilometres string }

// PrintLength rounds a length that stands alone.
func PrintLength(l geo.Length) PrintedLength {
	return PrintedLength{Round(l, Metre).String(), Round(l, Kilometre).String()}
}

// PrintPercent rounds a part of one to per cent with two decimals: "12.34 %", "–" when it is not known.
func PrintPercent(share float64) string { return percent(Round(share, Percent)) }

func percent(d Decimal) string {
	if !d.known {
		return Unknown
	}
	return d.String() + " %"
}

// PrintedChange is a change as screens show it: the same figures as in the workbook, which add up in every unit.
type PrintedChange struct {
	Rows  []PrintedRow
	Total PrintedRow
	// Matrix, OnlyBefore and OnlyAfter are those of the result. ClassBefore and ClassAfter are the sums over a row
	// with its OnlyBefore and over a column with its OnlyAfter.
	Matrix                  [][]Printed
	OnlyBefore, OnlyAfter   []Printed
	ClassBefore, ClassAfter []Printed
}

// PrintedRow is one region's account.
type PrintedRow struct{ Before, After, Gained, Lost, Net, Unchanged, Changed Printed }

// PrintChange rounds a change for screens.
func PrintChange(r change.Result) PrintedChange {
	t := [3]changeTable{roundChange(r, SquareMetre), roundChange(r, Hectare), roundChange(r, Mu)}
	out := PrintedChange{Total: printedRow(t, func(t changeTable) changeRow { return t.total })}
	for i := range r.Rows {
		out.Rows = append(out.Rows, printedRow(t, func(t changeTable) changeRow { return t.rows[i] }))
	}
	for i := range r.Classes {
		out.Matrix = append(out.Matrix, printedList(t, func(t changeTable) []Decimal { return t.matrix[i] }))
	}
	out.OnlyBefore = printedList(t, func(t changeTable) []Decimal { return t.onlyBefore })
	out.OnlyAfter = printedList(t, func(t changeTable) []Decimal { return t.onlyAfter })
	out.ClassBefore = printedList(t, func(t changeTable) []Decimal { return t.before })
	out.ClassAfter = printedList(t, func(t changeTable) []Decimal { return t.after })
	return out
}

func printedRow(t [3]changeTable, row func(changeTable) changeRow) PrintedRow {
	a, b, c := row(t[0]), row(t[1]), row(t[2])
	return PrintedRow{
		Before: printed([3]Decimal{a.Before, b.Before, c.Before}),
		After:  printed([3]Decimal{a.After, b.After, c.After}),
		Gained: printed([3]Decimal{a.Gained, b.Gained, c.Gained}), Lost: printed([3]Decimal{a.Lost, b.Lost, c.Lost}),
		Net:       printed([3]Decimal{a.Net, b.Net, c.Net}),
		Unchanged: printed([3]Decimal{a.Unchanged, b.Unchanged, c.Unchanged}),
		Changed:   printed([3]Decimal{a.Changed, b.Changed, c.Changed}),
	}
}

func printedList(t [3]changeTable, list func(changeTable) []Decimal) []Printed {
	a, b, c := list(t[0]), list(t[1]), list(t[2])
	var out []Printed
	for i := range a {
		out = append(out, printed([3]Decimal{a[i], b[i], c[i]}))
	}
	return out
}

// PrintedShoreline is a shoreline account as screens show it: the same figures as in the workbook.
type PrintedShoreline struct {
	Rows  []PrintedShore
	Total PrintedShore
}

// PrintedShore is one row; Lengths and Shares are by zone, 0 without a readable one. Rate is "–" without shoreline,
// which reads 待评估.
type PrintedShore struct {
	Lengths [5]PrintedLength
	Total   PrintedLength
	Shares  [5]string
	Rate    string
}

// PrintShoreline rounds a shoreline account for screens.
func PrintShoreline(r shoreline.Result) PrintedShoreline {
	m, km := roundShoreline(r, Metre), roundShoreline(r, Kilometre)
	out := PrintedShoreline{Total: printedShore(m.total, km.total)}
	for i := range m.rows {
		out.Rows = append(out.Rows, printedShore(m.rows[i], km.rows[i]))
	}
	return out
}

func printedShore(m, km shorelineRow) PrintedShore {
	out := PrintedShore{Total: PrintedLength{m.Total.String(), km.Total.String()}, Rate: percent(m.Rate)}
	for k := range m.Lengths {
		out.Lengths[k] = PrintedLength{m.Lengths[k].String(), km.Lengths[k].String()}
		out.Shares[k] = percent(m.Shares[k])
	}
	return out
}
