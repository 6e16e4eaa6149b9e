// Package avoid finds how little of a parcel must be given up for a conflict to be gone (避让建议): the parcel without
// what conflicts, along the conflict's own border, and, where one straight line can do it, the parcel on one side of
// that line, which has few boundary points. What remains is checked again, and the answer says what the check then
// said. It knows findings, borders and boundary points; it judges nothing itself and writes no file.
package avoid

import (
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
)

// The defaults of Options, all proposals of ours: no law says how far to keep away or what is too small to build on.
const (
	DefaultMargin      geo.Length = 0.5
	DefaultSliver      geo.Area   = 10
	DefaultSliverWidth geo.Length = 1
)

// NoMargin is the value of Options.Margin for the narrowest margin there is: a millimetre, so that the rounding of
// coordinates brings nothing back into the conflict.
const NoMargin geo.Length = -1

const leastMargin = 1e-3

// Options say what is to be avoided and how. Check must be given.
type Options struct {
	// Check is what the parcels were checked with, and what remains of them is checked again: the same activity and
	// date, and the vintages of the check as pins.
	Check conflict.Options
	// Outcomes are those whose findings are to be avoided; nil means Prohibited alone.
	Outcomes []analysis.Verdict
	// Margin is kept from the conflict at least; 0 means DefaultMargin. Up to twice as much is kept, so that the new
	// border has few points.
	Margin geo.Length
	// Sliver and SliverWidth are the area and the effective width, twice the area by the perimeter, below which a
	// part of what remains is given up too; 0 means the defaults.
	Sliver      geo.Area
	SliverWidth geo.Length
	// System is the Gauss-Krüger plane of the new boundary points, one for all; zero means the zone of three degrees,
	// with its number before the easting, in which the middle of the parcels that are cut lies.
	System crs.System
	// Workers is the number of parcels cut at once; 0 means one per processor. It does not change the result.
	Workers int
}

// Result is the suggestion for one parcel.
type Result struct {
	Row  int64
	Name string
	// Parcel is the parcel as it was checked, Area its legal area and Verdict what the check said.
	Parcel  orb.MultiPolygon
	Area    geo.Area
	Verdict analysis.Verdict
	// Avoided are the findings that are avoided, in the order of the check.
	Avoided []Avoided
	// Margin, Sliver and SliverWidth are those that were used.
	Margin, SliverWidth geo.Length
	Sliver              geo.Area
	// Along follows the border of the conflict and gives up least; nil when nothing worth keeping is left.
	Along *Cut
	// Straight is on one side of a straight line; nil when there is no such line, or it leaves nothing worth keeping.
	Straight *Cut
	Gaps     []analysis.Gap
}

// Kind is how a cut was made.
type Kind string

// The kinds of cut.
const (
	AlongBorder  Kind = "along"
	StraightLine Kind = "straight"
)

// Kinds are all kinds of cut, the one that gives up least first.
func Kinds() []Kind { return []Kind{AlongBorder, StraightLine} }

// Cut is the cut of a kind, nil when there is none.
func (r Result) Cut(k Kind) *Cut {
	if k == StraightLine {
		return r.Straight
	}
	return r.Along
}

// Avoided is a finding that is avoided.
type Avoided struct {
	Ref     layers.Ref
	Theme   layers.Theme
	Feature int64
	// Feature's name, empty where it has none, and for what no feature covers.
	Name    string
	Outcome analysis.Verdict
	Area    geo.Area
}

// Cut is what remains of a parcel.
type Cut struct {
	// Corners are the boundary points (界址点) in the plane System ("EPSG:4525"), the easting first, in metres to a
	// tenth of a millimetre: shells counter-clockwise, holes clockwise, rings closed. Points is how many there are.
	System  string
	Corners orb.MultiPolygon
	Points  int
	// New are the numbers, counted from 1 through all rings, of those that the parcel did not have.
	New []int
	// Outline is the same in CGCS2000 degrees, with points inserted into edges longer than 70 m as the official
	// procedure asks.
	Outline orb.MultiPolygon
	// Kept is the legal area of what remains by the official procedure, Plane the area in System. Lost is what the
	// parcel loses, Dropped the part of it that only was too small or too narrow to keep.
	Kept, Lost, Dropped geo.Area
	Plane               float64
	// Line is the straight line in CGCS2000 degrees where it cuts the parcel's bound; nil for a cut along a border.
	Line orb.LineString
	// Verdict is what the check says of what remains, and Open how many findings of the outcomes to be avoided it
	// still has: zero, or the cut is no solution.
	Verdict analysis.Verdict
	Open    int
}

// Of reports whether a finding is to be avoided.
func (o Options) of(f analysis.Finding) bool {
	for _, v := range o.Outcomes {
		if f.Outcome == v {
			return true
		}
	}
	return false
}

func (o Options) withDefaults() Options {
	if o.Outcomes == nil {
		o.Outcomes = []analysis.Verdict{analysis.Prohibited}
	}
	if o.Margin == 0 {
		o.Margin = DefaultMargin
	}
	o.Margin = max(o.Margin, leastMargin)
	if o.Sliver == 0 {
		o.Sliver = DefaultSliver
	}
	if o.SliverWidth == 0 {
		o.SliverWidth = DefaultSliverWidth
	}
	return o
}

// First are the parcels up to the one that is the most-th with a finding to be avoided.
func First(parcels []conflict.ParcelResult, o Options, most int) []conflict.ParcelResult {
	o = o.withDefaults()
	for i := range parcels {
		if !slices.ContainsFunc(parcels[i].Findings, o.of) {
			continue
		}
		if most--; most < 0 {
			return parcels[:i]
		}
	}
	return parcels
}

// Solved counts the suggestions that have a cut of a kind which solves the conflict.
func Solved(all []Result, k Kind) int {
	count := 0
	for _, r := range all {
		if c := r.Cut(k); c != nil && c.Open == 0 {
			count++
		}
	}
	return count
}

// Outcome reads the published word of a verdict that can be avoided: "prohibited", "approval-required" or
// "conditional".
func Outcome(word string) (analysis.Verdict, bool) {
	for _, v := range []analysis.Verdict{analysis.Prohibited, analysis.ApprovalRequired, analysis.Conditional} {
		if v.String() == word {
			return v, true
		}
	}
	return analysis.Incomplete, false
}
