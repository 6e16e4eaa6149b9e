// Package shoreline computes the shoreline protection rate (河湖岸线保护率): the length of shoreline in zones 1 and 2
// as a part of all zoned shoreline (domain section 1.3), and what stands on that shoreline.
//
// It knows three ways of delivery: zones that are lines, whose lengths are measured; zones that are polygons, which cut
// the management line of the river (河湖管理范围线) into stretches, for a polygon's perimeter is never a length of
// shoreline; and, where there is no line, the lengths that the delivery states. Both banks count, and every metre
// belongs to a Segment that says where it lies. It refuses to fill what was not delivered: shoreline outside all zones
// is not part of the account and is listed as a gap, and a rate without any shoreline is unknown, not zero.
package shoreline

import (
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Result is the account by region and river.
type Result struct {
	// Zones is the layer with the zones, Line the management line that polygon zones are measured along; zero when
	// the zones are lines themselves.
	Zones, Line, Regions layers.Ref
	// Lengths says whether lengths were measured or are those that the delivery states.
	Lengths Lengths
	// Numerator are the zones whose length counts as protected, in ascending order.
	Numerator []int
	// Rows are ordered by region code, what lies outside all regions last, then by river. Their sum is Total.
	Rows  []Row
	Total Row
	// Banks are the same lengths by river and bank, in that order.
	Banks []Bank
	// Segments are the stretches that the rows add up, ordered by region, river, bank and chainage; none where lengths
	// are stated.
	Segments []Segment
	// ByZone has every zone with the length that was delivered and the one that was measured, in order of features.
	ByZone []ZoneLength
	// StatedUnit is the unit that the stated lengths seem to be in, judged by their size beside the measured ones:
	// "m" or "km"; "" when they fit neither, and then they can be shown but not compared.
	StatedUnit string
	// Landuse and Activities are the layers that Encroachments were looked for in; zero when they were not asked.
	Landuse, Activities layers.Ref
	Encroachments       []Encroachment
	Gaps                []analysis.Gap
	Provenance          analysis.Provenance
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

// Bank is the shoreline on one bank of a river.
type Bank struct {
	River string
	// Side is "1" for the left bank, "2" for the right one, "" when the delivery does not say.
	Side string
	// Lengths and Total are as in Row.
	Lengths [5]geo.Length
	Total   geo.Length
	// Closed is the part of Total on lines that return to where they begin: the shores of islands (洲岛) and lakes.
	// Rings counts them, a ring that was delivered in pieces once.
	Closed geo.Length
	Rings  int
}

// Segment is an unbroken stretch of shoreline in one zone and one region.
type Segment struct {
	// Zone is the feature of the zone and Line that of the line it was measured along, the same when the zone is a line.
	Zone, Line int64
	ZoneName   string
	// Number is 1 to 4, 0 when the zone cannot be read.
	Number      int
	River, Side string
	// Code and Name are the region's, "" outside of all.
	Code, Name string
	// Chain numbers the lines of a river and bank after those that join end to end have been strung together; From and
	// To are the chainage (桩号) in metres from the beginning of the chain, in the direction of delivery.
	Chain    int
	From, To geo.Length
	Length   geo.Length
	// Closed says that the chain returns to its beginning.
	Closed bool
	// Outline is in CGCS2000 degrees.
	Outline orb.LineString
}

// ZoneLength is a zone with the length that the delivery states, as it stands there, and the measured one.
type ZoneLength struct {
	Feature     int64
	Name        string
	Number      int
	River, Side string
	Stated      string
	Measured    geo.Length
}

// Encroachment is what stands on the shoreline: a patch of construction land, or an activity, and the zone that it meets.
// It is a lead, not a judgement.
type Encroachment struct {
	Zone        int64
	ZoneName    string
	Number      int
	River, Side string
	// Ref and Feature name the patch; Class is its land-use class, or its kind where it is an Activity.
	Ref      layers.Ref
	Feature  int64
	Class    string
	Activity bool
	// Area is what the patch shares with a zone that is a polygon, Length the shoreline of the zone that lies in the
	// patch; both are zero for a point.
	Area   geo.Area
	Length geo.Length
	// Polygons are the shared place in CGCS2000 degrees, Lines the stretches of shoreline in the patch, Points an
	// activity that is one.
	Polygons orb.MultiPolygon    `json:",omitempty"`
	Lines    orb.MultiLineString `json:",omitempty"`
	Points   orb.MultiPoint      `json:",omitempty"`
}

// Lengths says where lengths come from.
type Lengths string

// The ways.
const (
	// Measured lengths are geodesics along the delivered lines.
	Measured Lengths = "measured"
	// Stated lengths are the attribute of the zones, in the unit that Options.Unit names.
	Stated Lengths = "stated"
)

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

// StatedMetres is a zone's stated length in metres; NaN when none is stated or the unit is not known.
func (z ZoneLength) StatedMetres(unit string) float64 {
	v := number(z.Stated)
	switch unit {
	case "m":
		return v
	case "km":
		return v * 1000
	}
	return math.NaN()
}
