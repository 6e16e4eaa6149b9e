package place

import (
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo/overlay"
)

// search lists the polygons of a layer that have a part whose box meets b, each once and in ascending order.
func search(l *overlay.Layer, b orb.Bound) []int {
	var hits []int
	l.Search(b, func(i int) bool {
		hits = append(hits, i)
		return true
	})
	slices.Sort(hits)
	return slices.Compact(hits)
}

// Search is search for the polygons of a vintage or of any other layer in the legal plane.
func Search(l *overlay.Layer, b orb.Bound) []int { return search(l, b) }
