package change

import (
	"slices"

	"greenshield/geo"
	"greenshield/layers"
)

// Flow is a named kind of change, such as cultivated land that became construction land.
type Flow struct {
	ID string
	// Title is its name by language.
	Title map[string]string
	// Basis says how well it is founded: "V", "R" or "P", verified, recalled or proposed.
	Basis string
	// From and To are the classes before and after.
	From, To []string
}

// FlowBook is the flows that are asked for, and all classes that they were drawn up for: a class that it does not know
// may belong to any of them, and that is said.
type FlowBook struct {
	Flows []Flow
	Known []string
}

// FlowAccount is the area that took a flow.
type FlowAccount struct {
	Flow
	// Rows has the Whole first, then every region of Units.
	Rows []FlowRow
}

// FlowRow is the part of a flow in one region, by its place in Units.
type FlowRow struct {
	Unit                       int
	Area, Digitising           geo.Area
	Patches, DigitisingPatches int
}

// Takes reports whether a cell is part of the flow.
func (f Flow) Takes(c Cell) bool {
	return c.Kind == KindChanged && slices.Contains(f.From, c.Before) && slices.Contains(f.To, c.After)
}

// flows accounts for the flows of a layer of land use; others have none.
func (c *comparison) flows() []FlowAccount {
	r := &c.result
	if len(c.Flows.Flows) == 0 || c.before.Vintage.Theme != layers.Landuse {
		return nil
	}
	c.sayUnknown()
	units := r.unitByRow()
	var out []FlowAccount
	for _, f := range c.Flows.Flows {
		account := FlowAccount{Flow: f, Rows: make([]FlowRow, 1+len(r.Units))}
		for i := range account.Rows {
			account.Rows[i].Unit = i - 1
		}
		for _, cell := range r.Cells {
			if !f.Takes(cell) {
				continue
			}
			account.Rows[0].add(cell)
			u, ok := units[cell.Region]
			for ; ok && u >= 0; u = r.Units[u].Parent {
				account.Rows[1+u].add(cell)
			}
		}
		out = append(out, account)
	}
	return out
}

func (f *FlowRow) add(c Cell) {
	f.Area += c.Area
	f.Digitising += c.Digitising
	f.Patches += c.Patches
	f.DigitisingPatches += c.DigitisingPatches
}

// sayUnknown says how much changed from or to classes that the flows do not know.
func (c *comparison) sayUnknown() {
	area, unknown := geo.Area(0), []string{}
	for _, cell := range c.result.Cells {
		if cell.Kind != KindChanged {
			continue
		}
		concerned := false
		for _, class := range []string{cell.Before, cell.After} {
			if !slices.Contains(c.Flows.Known, class) {
				unknown, concerned = append(unknown, class), true
			}
		}
		if concerned {
			area += cell.Area
		}
	}
	if len(unknown) > 0 {
		c.gap("change.flows.unknown-class", "classes", some(distinct(unknown)), "area", metres(area))
	}
}
