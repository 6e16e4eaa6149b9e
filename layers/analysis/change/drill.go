package change

import (
	"strings"

	"greenshield/geo"
)

// Query names a cell of the matrix, in the whole or in one region of any level.
type Query struct {
	Kind string
	// Before and After are the classes, as in Cell.
	Before, After string
	// Region is the code of a region, "" for the whole.
	Region string
}

// nowhere stands for the side of a cell that does not cover the place.
const nowhere = "-"

// ParseCell reads a cell: "0101:0701" for what went from the first class to the second, "0101:-" for what only the
// vintage before covers and "-:0701" for what only the vintage after does. Problem "change.cell.malformed".
func ParseCell(text string) (Query, error) {
	before, after, ok := strings.Cut(strings.TrimSpace(text), ":")
	switch {
	case !ok || before == nowhere && after == nowhere:
		return Query{}, geo.NewProblem("change.cell.malformed", "cell", text)
	case after == nowhere:
		return Query{Kind: KindLost, Before: before}, nil
	case before == nowhere:
		return Query{Kind: KindGained, After: after}, nil
	case before == after:
		return Query{}, geo.NewProblem("change.cell.unchanged", "cell", text)
	}
	return Query{Kind: KindChanged, Before: before, After: after}, nil
}

// Takes reports whether the query asks for a cell.
func (q Query) Takes(c Cell) bool {
	return c.Kind == q.Kind && c.Before == q.Before && c.After == q.After &&
		(q.Region == "" || c.Region != "" && partOf(c.Region, q.Region))
}

// Drill is what a cell consists of.
type Drill struct {
	Query Query
	// Cell is the sum over the regions asked for, its Region empty.
	Cell Cell
	// Patches are the places in Result.Patches; Rest is what the list leaves out because it is smaller than was asked
	// for. The areas of both add up to Cell.
	Patches []int
	Rest    Cell
}

// Drill opens a cell. The result must have been asked for with Options.Patches.
func (r Result) Drill(q Query) Drill {
	d := Drill{Query: q, Cell: Cell{Kind: q.Kind, Before: q.Before, After: q.After}}
	for _, c := range r.Cells {
		if q.Takes(c) {
			d.Cell.Area += c.Area
			d.Cell.Digitising += c.Digitising
			d.Cell.Patches += c.Patches
			d.Cell.DigitisingPatches += c.DigitisingPatches
		}
	}
	d.Rest = d.Cell
	for i, p := range r.Patches {
		if !q.Takes(p.Cell()) {
			continue
		}
		d.Patches = append(d.Patches, i)
		d.Rest.Area -= p.Area
		d.Rest.Patches--
		if p.Digitising {
			d.Rest.Digitising -= p.Area
			d.Rest.DigitisingPatches--
		}
	}
	return d
}

// Cell is the cell that a patch lies in, without areas.
func (p Patch) Cell() Cell {
	return Cell{Region: p.Region, Kind: p.Kind, Before: p.ClassBefore, After: p.ClassAfter}
}
