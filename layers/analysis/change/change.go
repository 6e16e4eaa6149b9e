// Package change compares two vintages of a polygon layer region by region.
package change

import (
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Result is the difference between two vintages. Areas are unrounded and are areas of unions: where features of one
// vintage overlap each other, the shared place counts once and Overlapping says how much that was.
type Result struct {
	Layer         layers.Layer
	Before, After layers.Ref
	// Regions is the region vintage that the rows are cut by. When it is zero, Rows has one row, or for a region layer
	// one per region of its own.
	Regions layers.Ref
	Rows    []Row
	Total   Row
	// Units is the tree of regions, from the city or county down to the rows; empty without regions.
	Units []Unit
	// Cells is the account in its smallest parts, sorted: by region, kind and classes.
	Cells []Cell
	// Classes is empty for a layer without classes. Matrix has a row per class before and a column per class after,
	// both in the order of Classes; the sum over a row is the class's area before within both vintages.
	Classes []string
	Matrix  [][]geo.Area
	// MatrixByRegion holds the same per row of Rows.
	MatrixByRegion [][][]geo.Area
	// Lost and gained classes: area of a class before (after) where the other vintage says nothing.
	OnlyBefore, OnlyAfter []geo.Area
	// OverlappingBefore and OverlappingAfter are the areas that are covered more than once within a vintage.
	OverlappingBefore, OverlappingAfter geo.Area
	// Flows are the named kinds of change that were asked for.
	Flows []FlowAccount
	// Lineage is what became of the features.
	Lineage    Lineages
	Patches    []Patch
	Gaps       []analysis.Gap
	Provenance analysis.Provenance
}

// Row is the account of one region. Before + Gained − Lost = After; Unchanged = Before − Lost − Changed. For a layer with
// classes, Gained and Lost are about the layer's outer extent and Changed is the area whose class changed.
type Row struct {
	// Code and Name are the region's; Code is "" for what lies outside all regions and for the total.
	Code, Name                             string
	Before, After, Gained, Lost, Unchanged geo.Area
	Changed                                geo.Area
	FeaturesBefore, FeaturesAfter          int64
	Net                                    geo.Area
}

// Patch is one connected place that changed, as far as it lies in one region.
type Patch struct {
	// Kind is "gained", "lost" or "changed".
	Kind string
	// ClassBefore and ClassAfter are set for a layer with classes.
	ClassBefore, ClassAfter string
	// FeatureBefore and FeatureAfter are the features that share the place, 0 for none or when the layer is compared
	// as a whole.
	FeatureBefore, FeatureAfter int64
	Region                      string
	Area                        geo.Area
	// Width is the effective width of the connected place, twice its area by its perimeter, as a whole where a region's
	// border cuts it. Digitising says that it is below Provenance.Width.
	Width      geo.Length
	Digitising bool
	Outline    orb.MultiPolygon
}
