package change

import (
	"greenshield/geo"
)

// Account is what became of one class, in m² or in whole units of print, in the terms of R. G. Pontius, E. Shusas and
// M. McEachern, "Detecting important categorical land changes while accounting for persistence", Agriculture,
// Ecosystems & Environment 101 (2004) 251–268. Gain, loss and persistence are about the place that both vintages cover;
// what only one of them covers is no change of class and is told apart.
type Account[N int64 | geo.Area] struct {
	// Persistence is what kept the class; Gain came from other classes and Loss went to them.
	Persistence, Gain, Loss N
	// Entered is what only the vintage after covers, Left what only the vintage before does.
	Entered, Left N
}

// Before is the area of the class in the vintage before, After that in the vintage after.
func (a Account[N]) Before() N { return a.Persistence + a.Loss + a.Left }

// After is the area of the class in the vintage after.
func (a Account[N]) After() N { return a.Persistence + a.Gain + a.Entered }

// Net is After − Before.
func (a Account[N]) Net() N { return a.Gain - a.Loss + a.Entered - a.Left }

// Swap is what the class lost in one place and gained in another: 2·min(gain, loss).
func (a Account[N]) Swap() N { return 2 * min(a.Gain, a.Loss) }

// Total is the total change, gain + loss = |gain − loss| + swap.
func (a Account[N]) Total() N { return a.Gain + a.Loss }

// Enter adds an area of a cell, real or digitising, to the accounts of the classes that it concerns, found by of.
func Enter[N int64 | geo.Area](c Cell, area N, of func(class string) *Account[N]) {
	switch c.Kind {
	case KindUnchanged:
		of(c.Before).Persistence += area
	case KindChanged:
		of(c.Before).Loss += area
		of(c.After).Gain += area
	case KindLost:
		of(c.Before).Left += area
	case KindGained:
		of(c.After).Entered += area
	}
}

// Whole is the place in Units of the sum of all regions.
const Whole = -1

// Classwise gives the account of every class of Classes in one region of Units, or in the Whole.
func (r Result) Classwise(unit int) []Account[geo.Area] {
	at := map[string]int{}
	for i, class := range r.Classes {
		at[class] = i
	}
	out := make([]Account[geo.Area], len(r.Classes))
	for _, c := range r.Within(unit) {
		Enter(c, c.Area, func(class string) *Account[geo.Area] { return &out[at[class]] })
	}
	return out
}

// Within gives the cells of a region of any level, or of the Whole.
func (r Result) Within(unit int) []Cell {
	if unit == Whole {
		return r.Cells
	}
	units := r.unitByRow()
	var out []Cell
	for _, c := range r.Cells {
		for u := units[c.Region]; u >= 0; u = r.Units[u].Parent {
			if u == unit {
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// unitByRow finds the undivided unit by the code that cells have for it.
func (r Result) unitByRow() map[string]int {
	out := map[string]int{}
	for i, u := range r.Units {
		if u.Row >= 0 {
			out[u.Account.Code] = i
		}
	}
	return out
}

// UnitOf is the place in Units of the undivided region of a cell, Whole when there are no regions.
func (r Result) UnitOf(c Cell) int {
	if u, ok := r.unitByRow()[c.Region]; ok {
		return u
	}
	return Whole
}
