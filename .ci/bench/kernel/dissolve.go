package main

import (
	"github.com/paulmach/orb"

	"greenshield/geo/overlay"
)

// dissolve: the union of a coverage of 19,881 cells, on one core.
func dissolve(b *bench) error {
	features, err := read(b.made, "cells")
	if err != nil {
		return err
	}
	cells := make([]orb.MultiPolygon, len(features))
	for i, f := range features {
		cells[i] = f.geom
	}
	var failed error
	onCores(1, func() {
		seconds, total := least(b.times, func() float64 {
			shape, err := overlay.Dissolve(cells)
			if err != nil {
				failed = err
			}
			return float64(overlay.AreaOf(shape))
		})
		result("dissolve", seconds, total)
	})
	return failed
}
