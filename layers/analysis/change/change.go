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
	Patches                             []Patch
	Gaps                                []analysis.Gap
	Provenance                          analysis.Provenance
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

// Patch is one place that changed.
type Patch struct {
	// Kind is "gained", "lost" or "changed".
	Kind string
	// ClassBefore and ClassAfter are set for a layer with classes.
	ClassBefore, ClassAfter string
	Region                  string
	Area                    geo.Area
	Outline                 orb.MultiPolygon
}
