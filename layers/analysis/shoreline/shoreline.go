// Package shoreline computes the shoreline protection rate (河湖岸线保护率): the length of shoreline in zones 1 and 2
// as a part of all zoned shoreline (domain section 1.3).
package shoreline

import (
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Result is the account by region and river.
type Result struct {
	// Zones is the layer with the zones, Line the management line that polygon zones are measured along; zero when
	// the zones are lines themselves.
	Zones, Line, Regions layers.Ref
	Rows                 []Row
	Total                Row
	Gaps                 []analysis.Gap
	Provenance           analysis.Provenance
}

// Row is the account of one river in one region.
type Row struct {
	Code, Name string // region
	River      string
	// Lengths per zone: index 0 is shoreline without a readable zone, 1 protection (保护区), 2 reserve (保留区),
	// 3 controlled use (控制利用区), 4 development (开发利用区).
	Lengths [5]geo.Length
	Zones   [5]int
	Total   geo.Length
	// Rate is (zone 1 + zone 2) / total, 0 to 1; NaN when the total is zero, which prints as 待评估, never as 0 %.
	Rate float64
	// Stated is the length the delivery states for the same zones, NaN when it states none.
	Stated float64
}
