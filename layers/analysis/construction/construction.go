// Package construction accounts for construction land (建设用地): how much there is per region and year beside the control
// total and the region's size, what was built and what was given back, what lies idle, what lies inside red line,
// protected areas, shoreline, farmland or outside the urban boundary, and how much of it a unit of constant-price
// domestic product takes, with its yearly decline (domain sections 1.4 and 5.2).
//
// It knows the great groups of the land-use classification and two areas for every patch: the one that the survey
// states, which is the official figure, and the legal area of its outline, which checks it. It refuses to compare years
// whose classifications differ, and to guess a product or a control total that was not given: without them a target is
// not assessed, never met.
package construction

import (
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Share is a part of one: 0.045 is 4.5 %.
type Share float64

// CNY is an amount of yuan.
type CNY float64

// Basis says which area the figures of an account rest on.
type Basis string

// The bases.
const (
	// Stated is the area that the survey states for each patch (TBDLMJ, else what plays the role stated_area).
	Stated Basis = "stated"
	// Computed is the legal area of the patches' outlines, taken when a year's survey area is missing or unusable.
	Computed Basis = "computed"
)

// Result is the account. Areas are unrounded m².
type Result struct {
	// Years are the land-use vintages, oldest first.
	Years   []Year
	Regions layers.Ref
	// Whole is the code of all regions together, "" when they have none in common.
	Whole string
	// Classification is that of all years; Classes are the construction classes that occur, Idle those that count as idle.
	Classification string
	Classes, Idle  []string
	// IdleField and IdleValues mark idle land besides its class, "" when only the class does.
	IdleField  string
	IdleValues []string
	// Basis is the same for all years, so that they can be compared.
	Basis Basis
	// Target is the yearly decline that is asked for, 0 when none is.
	Target Share
	// Rows are ordered by region, what lies outside all regions last, then by year; Totals by year.
	Rows, Totals []Row
	// Steps lead from one year to the next, by region and then year; StepTotals by year.
	Steps, StepTotals []Step
	// Places are what lies in other layers, ordered by layer, zone, region and year; the whole of a layer, Zone "",
	// comes before its zones, and the total, Code "", after the regions.
	Places  []Place
	Patches []Patch
	Gaps    []analysis.Gap
	// Doubtful says that a gap is about the land use itself; then no target is met.
	Doubtful   bool
	Provenance analysis.Provenance
}

// Year is one land-use vintage.
type Year struct {
	Year int
	Ref  layers.Ref
	// Field is the field with the survey's area and Unit the unit it is in ("m²", "hm²", "mu", "km²"), by its size beside
	// the computed area; "" when there is no usable one.
	Field, Unit string
	// Declared says how the classification is known: "table" (the table of the code book that the layer was delivered
	// in), "names" (codes and class names agree) or "" (not at all; then a gap says so).
	Declared string
}

// Measured is an area by both methods; Stated is zero in a year without a usable survey area.
type Measured struct{ Stated, Computed geo.Area }

// By is the area by one method.
func (m Measured) By(b Basis) geo.Area {
	if b == Stated {
		return m.Stated
	}
	return m.Computed
}

func (m Measured) plus(o Measured) Measured {
	return Measured{Stated: m.Stated + o.Stated, Computed: m.Computed + o.Computed}
}

// Row is the construction land of a region in a year.
type Row struct {
	// Code and Name are the region's; both "" outside all regions and for the total.
	Code, Name string
	Year       int
	// Extent is the region's area, without regions that of the land use; Mapped is the land use that lies in it.
	Extent, Mapped     geo.Area
	Construction, Idle Measured
	// Unclassified is land use whose class says no great group.
	Unclassified geo.Area
	// Limit is the control total (上级控制数), nil when none was given; Within compares it with the construction land.
	Limit       *geo.Area
	LimitSource string
	Within      analysis.Status
	// Intensity (土地开发强度) is construction land by Extent, nil where there is no extent.
	Intensity *Share
	// Population, GDP at constant prices of the year GDPBase, and GDPIndex with the year before = 100 are as given; PerCapita
	// is m² for a person, PerGDP m² for 10,000 yuan; nil where not given.
	Population        *float64
	GDP               *CNY
	GDPBase           int
	GDPIndex          *float64
	PerCapita, PerGDP *geo.Area
	FigureSource      string
}

// Step is what happened between two years in a region. Flows are legal areas of the overlay of both years; Difference is
// that of the two totals by either method, which flows explain but for patches that were measured anew.
type Step struct {
	Code, Name string
	From, To   int
	// NewFromAgricultural, NewFromUnused and NewFromUnclassified are newly built (新增建设用地), Exited… were given back.
	NewFromAgricultural, NewFromUnused, NewFromUnclassified geo.Area
	ExitedToAgricultural, ExitedToUnused                    geo.Area
	ExitedToUnclassified                                    geo.Area
	// Appeared and Vanished are construction land where the other year's land use says nothing.
	Appeared, Vanished geo.Area
	// FellIdle was in use before and is idle now; Reused the other way round.
	FellIdle, Reused geo.Area
	Difference       Measured
	Decline          Decline
}

// New is all that was newly built.
func (s Step) New() geo.Area { return s.NewFromAgricultural + s.NewFromUnused + s.NewFromUnclassified }

// Exited is all that was given back.
func (s Step) Exited() geo.Area {
	return s.ExitedToAgricultural + s.ExitedToUnused + s.ExitedToUnclassified
}

// Decline is how much less construction land a unit of product takes than the year before (domain section 1.4).
type Decline struct {
	// Before and After are U = J / GDP in m² for 10,000 yuan at the same prices; nil without both levels.
	Before, After *geo.Area
	// Level is 1 − U(t)/U(t−1); Index is 1 − (J(t)/J(t−1)) / (I(t)/100) with the index I of the year before = 100. Nil when
	// not given. Check is the form of Value with the computed areas instead of the survey's.
	Level, Index, Check *Share
	// Value is Level where it is known, else Index.
	Value  *Share
	Status analysis.Status
	// Reasons say why the target is not assessed, or has to be verified.
	Reasons []*geo.Problem
}

// Place is the construction land of a region and year that lies in a zone of another layer.
type Place struct {
	Ref   layers.Ref
	Theme layers.Theme
	// Zone is as delivered, Unnamed where none is; "" for the whole layer, Outside for what lies outside an urban boundary.
	Zone       string
	Code, Name string
	Total      bool
	Year       int
	Area       geo.Area
	// Share is Area by all construction land of the region and year (computed), nil where there is none.
	Share *Share
}

// Zones that no layer delivers under these names.
const (
	// Outside is the zone of construction land beyond the urban development boundary.
	Outside = "outside"
	// Unnamed is the zone of what a layer with zones gives none.
	Unnamed = "unnamed"
)

// Patch is a place that was newly built or given back, within one region.
type Patch struct {
	From, To int
	// Kind is "new" or "exited"; ClassBefore and ClassAfter are the classes of the patches, "" where there was none.
	Kind                    string
	ClassBefore, ClassAfter string
	// FeatureBefore and FeatureAfter are the patches' ids in their vintages, 0 where there was none.
	FeatureBefore, FeatureAfter int64
	Code                        string
	Area                        geo.Area
	// Outline is in CGCS2000 degrees.
	Outline orb.MultiPolygon
}
