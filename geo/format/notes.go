package format

import "greenshield/geo"

// Notes gathers what a reader had to decide about the rows of a file: one problem per code, with the first row and
// its arguments and the number of rows, so that a file with a million such rows is told in one sentence. The zero
// value is empty and ready; it is not safe for concurrent use.
type Notes struct {
	order []string
	seen  map[string]*note
}

type note struct {
	args        []any
	first, last int64
	rows        int64
}

// Add notes code for a row; several notes of one code about one row count once. Row 0 stands for the file itself.
// The arguments of the first note of a code are kept.
func (n *Notes) Add(row int64, code string, args ...any) {
	if old, ok := n.seen[code]; ok {
		if old.last != row {
			old.last, old.rows = row, old.rows+1
		}
		return
	}
	if n.seen == nil {
		n.seen = map[string]*note{}
	}
	n.seen[code] = &note{args: args, first: row, last: row, rows: 1}
	n.order = append(n.order, code)
}

// Problems are the notes in the order in which they first appeared. Besides its own arguments each has "row", the
// first row, and "rows", their number.
func (n *Notes) Problems() []*geo.Problem {
	out := make([]*geo.Problem, 0, len(n.order))
	for _, code := range n.order {
		s := n.seen[code]
		args := append([]any{"row", s.first, "rows", s.rows}, s.args...)
		out = append(out, geo.NewProblem(code, args...))
	}
	return out
}
