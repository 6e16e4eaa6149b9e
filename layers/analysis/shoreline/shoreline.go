// Package shoreline computes the shoreline protection rate (河湖岸线保护率): the length of shoreline in zones 1 and 2
// as a part of all zoned shoreline (domain section 1.3).
//
// It knows two ways of delivery: zones that are lines, whose lengths are measured, and zones that are polygons, which
// cut the management line of the river (河湖管理范围线) into stretches; a polygon's perimeter is never a length of
// shoreline. Both banks count. It refuses to fill what was not delivered: shoreline outside all zones is not part of
// the account and is listed as a gap, and a rate without any shoreline is unknown, not zero.
package shoreline

import (
	"math"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Result is the account by region and river.
type Result struct {
	// Zones is the layer with the zones, Line the management line that polygon zones are measured along; zero when
	// the zones are lines themselves.
	Zones, Line, Regions layers.Ref
	// Numerator are the zones whose length counts as protected, in ascending order.
	Numerator []int
	// Rows are ordered by region code, what lies outside all regions last, then by river. Their sum is Total.
	Rows  []Row
	Total Row
	// StatedUnit is the unit that the stated lengths seem to be in, judged by their size beside the measured ones:
	// "m" or "km"; "" when they fit neither, and then they can be shown but not compared.
	StatedUnit string
	Gaps       []analysis.Gap
	Provenance analysis.Provenance
}

// Row is the account of one river in one region.
type Row struct {
	// Code and Name are the region's; Code is "" outside all regions, without regions, and for the total.
	Code, Name string
	River      string
	// Lengths per zone: index 0 is shoreline without a readable zone, 1 protection (保护区), 2 reserve (保留区),
	// 3 controlled use (控制利用区), 4 development (开发利用区).
	Lengths [5]geo.Length
	// Zones counts the zones that have shoreline here, by the same index; a zone that lies in two rows counts in
	// both, and twice in the total.
	Zones [5]int
	// Total is the sum of Lengths, that without a readable zone included.
	Total geo.Length
	// Rate is (zone 1 + zone 2) / total, 0 to 1; NaN when the total is zero, which prints as 待评估, never as 0 %.
	Rate float64
	// Stated is the sum of the lengths that the delivery states for these zones, as the bare numbers that it states;
	// their unit is not delivered, see Result.StatedUnit. A zone that lies in several rows counts where most of it
	// lies. NaN when none is stated.
	Stated float64
}

// StatedMetres is a row's stated length in metres; NaN when none is stated or the unit is not known.
func (r Result) StatedMetres(row Row) float64 {
	switch r.StatedUnit {
	case "m":
		return row.Stated
	case "km":
		return row.Stated * 1000
	}
	return math.NaN()
}
