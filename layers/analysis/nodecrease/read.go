package nodecrease

import (
	"math"
	"strconv"

	"greenshield/geo"
	"greenshield/geo/format/table"
	"greenshield/layers/ingest/codes"
)

// ReadApprovals reads a list of approvals: a number (批准文号) and what it approves in every line. Lines without a
// number are left out. The problem is "nodecrease.list.column" when a column is missing.
func ReadApprovals(lines []table.Line, file string, book *codes.Book) ([]Approval, error) {
	columns, next, missing := book.Head("approval", lines, "number", "feature")
	if missing != "" {
		return nil, geo.NewProblem("nodecrease.list.column", "file", file, "column", missing)
	}
	var out []Approval
	for _, l := range lines[next:] {
		a := Approval{Number: cellOf(l, columns, "number"), Feature: cellOf(l, columns, "feature")}
		if a.Number != "" {
			out = append(out, a)
		}
	}
	return out, nil
}

// ReadScores reads a list of scores of ecological function by region. A cell that is empty is a score that is not known;
// one that is no number is refused, "nodecrease.list.value".
func ReadScores(lines []table.Line, file string, book *codes.Book) ([]Score, error) {
	columns, next, missing := book.Head("score", lines, "region", "before", "now")
	if missing != "" {
		return nil, geo.NewProblem("nodecrease.list.column", "file", file, "column", missing)
	}
	var out []Score
	for _, l := range lines[next:] {
		s := Score{Region: cellOf(l, columns, "region"), Source: cellOf(l, columns, "source")}
		for _, v := range []struct {
			part string
			into **float64
		}{{"before", &s.Before}, {"now", &s.Now}} {
			cell := cellOf(l, columns, v.part)
			if cell == "" {
				continue
			}
			number, err := strconv.ParseFloat(cell, 64)
			if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
				return nil, geo.NewProblem("nodecrease.list.value", "file", file, "row", l.Row, "column",
					lines[next-1].Cells[columns[v.part]], "value", cell)
			}
			*v.into = &number
		}
		if s.Region != "" {
			out = append(out, s)
		}
	}
	return out, nil
}

func cellOf(l table.Line, columns map[string]int, part string) string {
	if i, ok := columns[part]; ok && i < len(l.Cells) {
		return l.Cells[i]
	}
	return ""
}
