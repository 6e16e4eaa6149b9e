// Package nodecrease asks the three questions of the red line and of protected areas (三不) against the approved
// baseline: is the area not less (面积不减少), was natural land not turned into construction land (性质不改变), is the
// ecological function not lower (功能不降低). It also lists zones that were downgraded, attributes that changed, and the
// indicators of HJ 1143 that vectors can tell.
//
// It knows two vintages of a layer, land use at both dates, regions, approvals and scores; it refuses to say "met" where
// something was not known, never judges function from vectors, and calls nothing a violation. The rules of judgement
// are proposed by this program (domain section 1.2, mark P): the decision is the officer's.
package nodecrease

import (
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Input is what is asked about.
type Input struct {
	// Baseline is the approved version, Current what is held against it: two vintages of red line or protected areas.
	Baseline, Current layers.Ref
	// Regions splits the account; zero makes one row.
	Regions layers.Ref
	// LandBefore and LandNow are land use in the baseline's year and now. Without both, nature is unassessed.
	LandBefore, LandNow layers.Ref
	// Approvals name patches or features; ApprovedPlaces is a vintage of outlines with the number as code or name.
	Approvals      []Approval
	ApprovedPlaces layers.Ref
	// Scores are those of the evaluation of ecological function (HJ 1142), by region.
	Scores []Score
	// ActivitiesBefore and ActivitiesNow, and LinesBefore and LinesNow (roads, railways and other linear works), are
	// for indicators of HJ 1143 alone.
	ActivitiesBefore, ActivitiesNow layers.Ref
	LinesBefore, LinesNow           layers.Ref
}

// Approval says which document (批准文号) approved a change.
type Approval struct {
	Number string `json:"number"`
	// Feature is the id of a patch of an earlier answer, or the code of a land-use patch or of a feature of the layer.
	Feature string `json:"feature"`
}

// Score is an evaluation of ecological function in a region at the baseline and now; nil when there is none.
type Score struct {
	Region string   `json:"region"`
	Before *float64 `json:"before"`
	Now    *float64 `json:"now"`
	Source string   `json:"source"`
}

// Result is the answer. All areas are legal areas in m², unrounded.
type Result struct {
	Layer layers.Layer
	Input Input
	// Rows are the regions in which there is any of the layer, by code; the row without a code is what lies outside all
	// of them. Total is the whole, judged by its own figures.
	Rows  []Row
	Total Row
	// Patches are in order of kind, region and size, the largest first.
	Patches    []Patch
	Attributes []Attribute
	// Unused are numbers of approvals that matched nothing.
	Unused     []string
	Gaps       []analysis.Gap
	Provenance analysis.Provenance
}

// Row is the account of one region.
type Row struct {
	Code, Name string
	// Region is the area of the administrative unit, 0 where there is none.
	Region   geo.Area
	Area     AreaAccount
	Nature   NatureAccount
	Zone     ZoneAccount
	Function FunctionAccount
	Measures []Measure
	// Status is the worst of the four.
	Status analysis.Status
}

// Judged is an assessment and the reasons for it.
type Judged struct {
	Status  analysis.Status
	Reasons []*geo.Problem
}

// AreaAccount is about 面积不减少: Before + Gained − Lost = Now.
type AreaAccount struct {
	Before, Now, Lost, Gained, Net geo.Area
	// Tolerance is what Net and Lost may be off by, because exported layers are never the same to the last digit.
	Tolerance geo.Area
	// Approved is the part of Lost in listed patches that have an approval.
	Approved geo.Area
	// Moved says that the area is kept but the boundary is not (面积平衡但边界调整).
	Moved bool
	Judged
}

// NatureAccount is about 性质不改变, inside the layer.
type NatureAccount struct {
	// Known is false when there is no land use of both dates; the figures are nothing then.
	Known bool
	// CoveredBefore and CoveredNow are what of the layer has land use at the date.
	CoveredBefore, CoveredNow geo.Area
	// Before and Now are construction land inside the baseline then and inside the current extent now; NowInBaseline is
	// what is construction land now inside the baseline, whatever became of the boundary.
	Before, Now, NowInBaseline geo.Area
	// NaturalBefore and NaturalNow are natural ecological land (自然生态用地, a set of the code book) inside.
	NaturalBefore, NaturalNow geo.Area
	// Built is what was turned into construction land, inside the baseline or the current extent; Agricultural is the
	// part that was agricultural land (农用地). Approved is the part of listed patches that has an approval.
	Built, Agricultural, Approved geo.Area
	// Cultivated is forest, grassland or wetland turned into cultivated land (林草湿→耕地).
	Cultivated geo.Area
	Judged
}

// ZoneAccount is about zones and attributes.
type ZoneAccount struct {
	// Downgraded lies in a laxer zone than at the baseline; Approved is the part with an approval.
	Downgraded, Approved geo.Area
	Judged
}

// FunctionAccount is about 功能不降低, by imported scores alone.
type FunctionAccount struct {
	Before, Now *float64
	Source      string
	Judged
}

// Measure is an indicator of HJ 1143 as this program defines it, the standard's own formulas not having been read. A
// value that is not known is nil.
type Measure struct {
	ID          string
	Before, Now *float64
}

// The measures. Shares are parts of one, the density is in km/km².
const (
	ShareOfRegion = "share-of-region" // 红线面积比例: area by the region's area
	NaturalShare  = "natural-share"   // 自然生态用地面积比例: natural land by what has land use
	ActivityShare = "activity-share"  // 人类活动影响面积比例
	LineDensity   = "line-density"    // 线性工程密度
)

// The kinds of patches.
const (
	Lost       = "lost"       // of the baseline, not in the current extent
	Gained     = "gained"     // of the current extent, not in the baseline
	Built      = "built"      // turned into construction land
	Cultivated = "cultivated" // forest, grassland or wetland turned into cultivated land
	Downgraded = "downgraded" // in a laxer zone than at the baseline
)

// Kinds lists the kinds of patches in the order of a report.
func Kinds() []string { return []string{Lost, Gained, Built, Cultivated, Downgraded} }

// Patch is one place that changed, cut by region.
type Patch struct {
	// ID names the place: kind and position. The same change gets the same id in every run.
	ID     string
	Kind   string
	Region string
	Area   geo.Area
	// Before and Now are the features of the layer that the place lay in and lies in, the largest share first.
	Before, Now []Share
	// Land are the land-use patches concerned, for Built and Cultivated.
	Land []LandShare
	// Numbers are the approvals that match; Approved is the area that they cover.
	Numbers  []string
	Approved geo.Area
	// Centre is a point inside, Outline the place, in CGCS2000 degrees.
	Centre  orb.Point
	Outline orb.MultiPolygon
}

// Share is what a patch has in common with a feature of the layer.
type Share struct {
	Feature          int64
	Code, Name, Zone string
	Area             geo.Area
}

// LandShare is what a patch has in common with a land-use patch of today and what that was before.
type LandShare struct {
	Code string
	// From is the class before, "" where land use said nothing; To the class now.
	From, To string
	Area     geo.Area
}

// Attribute is a value of the same feature that changed, the feature being known by its code, else by its name.
type Attribute struct {
	Code, Name    string
	Field         string
	Before, After string
}
