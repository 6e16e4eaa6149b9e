package ingest

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
)

// tableReader holds the rows of a table that the code book knows against what the table promises: values that are in a
// list, areas that add up, class names that belong to their codes. It changes nothing.
type tableReader struct {
	codes   *codes.Book
	table   *codes.Table // nil when the delivery is no table that is known; then there is nothing to ask
	columns []listedColumn
	sums    []sumColumns
	// The columns of class codes and of class names, -1 when there is none.
	class, className int
	misnamed         occurrence
	misnamedAs       [3]string // code, name as delivered, name in the list
	values           tallies[listedValue]
}

type listedColumn struct {
	field string
	list  string
	index int
}

type listedValue struct{ field, value string }

type sumColumns struct {
	codes.Sum
	total       int
	plus, minus []int
	wrong       occurrence
	worst       float64
}

// sumSlack is how far rounded areas may be off: half a unit of the second decimal for each of them, and something.
const sumSlack = 0.05

func newTableReader(
	book *codes.Book, theme layers.Theme, mapping map[layers.Role]string, fields []format.Field,
) *tableReader {
	t := &tableReader{codes: book, table: book.Table(theme, fields)}
	if t.table == nil {
		return t
	}
	index := func(name string) int {
		return slices.IndexFunc(fields, func(f format.Field) bool { return strings.EqualFold(f.Name, name) })
	}
	for i, f := range fields {
		if known, ok := t.table.Field(f.Name); ok && known.List != "" {
			t.columns = append(t.columns, listedColumn{f.Name, known.List, i})
		}
	}
	for _, s := range t.table.Sums {
		c := sumColumns{Sum: s, total: index(s.Field)}
		for _, name := range s.Plus {
			c.plus = append(c.plus, index(name))
		}
		for _, name := range s.Minus {
			c.minus = append(c.minus, index(name))
		}
		if c.total >= 0 && slices.Min(c.plus) >= 0 {
			t.sums = append(t.sums, c)
		}
	}
	t.class, t.className = index(mapping[layers.Class]), index(t.table.ClassName)
	return t
}

func (t *tableReader) read(row int64, values []any) {
	if t.table == nil {
		return
	}
	for _, c := range t.columns {
		if word := text(valueAt(values, c.index)); word != "" && !t.codes.Lists(c.list, word) {
			t.values.add(row, listedValue{c.field, word})
		}
	}
	for i := range t.sums {
		t.sums[i].read(row, values)
	}
	t.readClass(row, text(valueAt(values, t.class)), text(valueAt(values, t.className)))
}

func valueAt(values []any, i int) any {
	if i < 0 || i >= len(values) {
		return nil
	}
	return values[i]
}

// readClass asks whether a class has the name that the classification gives it.
func (t *tableReader) readClass(row int64, code, name string) {
	class, known := t.codes.Class(code)
	if !known || name == "" || name == class.Chinese || t.table.Classification != "" {
		return
	}
	if t.misnamed.rows == 0 {
		t.misnamedAs = [3]string{code, name, class.Chinese}
	}
	t.misnamed.add(row)
}

// read adds up a row; a row that lacks one of the numbers says nothing, save that an absent deduction is none.
func (c *sumColumns) read(row int64, values []any) {
	total, ok := number(valueAt(values, c.total))
	if !ok {
		return
	}
	sum := 0.0
	for _, i := range c.plus {
		v, ok := number(valueAt(values, i))
		if !ok {
			return
		}
		sum += v
	}
	for _, i := range c.minus {
		v, _ := number(valueAt(values, i))
		sum -= v
	}
	if d := math.Abs(total - sum); d > sumSlack {
		c.wrong.add(row)
		c.worst = max(c.worst, d)
	}
}

// number reads a value that is one, or text that says one.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, !layers.Absent(v)
	case int64:
		return float64(v), true
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	}
	return 0, false
}

// problems are what does not fit, in a fixed order.
func (t *tableReader) problems() []*geo.Problem {
	var out []*geo.Problem
	listed := t.values.sorted(func(a, b listedValue) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.value, b.value))
	})
	for _, v := range listed {
		o := t.values.seen[v]
		out = append(out, geo.NewProblem("ingest.table.value-unlisted",
			"field", v.field, "value", v.value, "row", o.row, "rows", o.rows))
	}
	if n := t.values.unlisted; n > 0 {
		out = append(out, geo.NewProblem("ingest.table.values-unlisted", "rows", n, "listed", len(listed)))
	}
	for _, s := range t.sums {
		if s.wrong.rows > 0 {
			out = append(out, geo.NewProblem("ingest.table.sum-differs", "field", s.Field, "formula", s.formula(),
				"row", s.wrong.row, "rows", s.wrong.rows, "worst", strconv.FormatFloat(s.worst, 'f', 2, 64)))
		}
	}
	if m := t.misnamed; m.rows > 0 {
		out = append(out, geo.NewProblem("ingest.table.class-misnamed", "code", t.misnamedAs[0],
			"name", t.misnamedAs[1], "listed", t.misnamedAs[2], "row", m.row, "rows", m.rows))
	}
	return out
}

// formula writes the sum as staff would: "TBMJ − KCMJ".
func (c *sumColumns) formula() string {
	text := strings.Join(c.Plus, " + ")
	for _, name := range c.Minus {
		text += " − " + name
	}
	return text
}
