package ingest

import (
	"github.com/paulmach/orb"

	"greenshield/layers"
)

// CheckCoverageOf is the gate's question to members in the legal plane, which a test may spoil as no file can.
func CheckCoverageOf(members []orb.MultiPolygon) Findings {
	var f Findings
	g := gate{found: &f, members: members, rows: make([]int64, len(members)), request: Request{
		Layer: layers.Layer{Theme: layers.Landuse},
	}}
	g.checkCoverage()
	return f
}
