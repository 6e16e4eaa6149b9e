package conflict

import (
	"slices"

	"greenshield/layers/analysis"
)

// Again is the question of a check, by its provenance: the same day, activity and tolerances, and its vintages as pins.
// Clock and program are the caller's; so is the code book, without which nothing is asked about the ground.
func Again(p analysis.Provenance) Options {
	o := Options{
		Activity: p.Activity, Date: p.Date, Tolerance: p.Tolerance, Width: p.Width, Pins: slices.Clone(p.Refs),
	}
	if o.Tolerance == 0 {
		o.Tolerance = NoTolerance
	}
	if o.Width == 0 {
		o.Width = NoWidth
	}
	return o
}
