package topo

import "github.com/paulmach/orb"

// Check lists the rules that g breaks, polygons by the OGC rules for areas, lines for having two different points.
func Check(g orb.Geometry) []Violation { return nil }

// Repair mends what can be mended in only one way.
func Repair(g orb.Geometry) (fixed orb.Geometry, done []Violation, err error) { return g, nil, nil }
