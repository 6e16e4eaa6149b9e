// Package conflict checks parcels against every published constraint layer: which features they overlap, by how much,
// and what the rule book says about it. It knows overlaps, coverage and rules; it refuses to say that nothing is there
// where it could not look (the verdict is Incomplete then), and it never calls a finding a violation. It reads no file
// and prints nothing.
package conflict

import (
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Parcel is a geometry that someone asks about.
type Parcel struct {
	// Row is the parcel's row in the delivered file, 1 for a drawn one. Name is how its owner knows it.
	Row  int64
	Name string
	// Geometry is in CGCS2000 degrees, valid, and densified where it was delivered in a Gauss plane; Area is its legal
	// area and AreaMethod names the method.
	Geometry   orb.MultiPolygon
	Area       geo.Area
	AreaMethod ellipsoid.Method
	// Plane is the area in the Gauss plane it was delivered in, Declared the area that the file states; both are NaN
	// when there is none. They are shown beside the legal area.
	Plane, Declared float64
	Values          []any
}

// Result is the answer for a batch of parcels.
type Result struct {
	Parcels    []ParcelResult
	Verdict    analysis.Verdict
	Layers     []LayerResult
	Provenance analysis.Provenance
	// Unread are rows of the delivered file that could not be checked at all; they make the batch Incomplete.
	Unread []layers.Reject
	// Gaps are what could not be summed up; a union that is missing is NaN.
	Gaps []analysis.Gap
	// Area is the sum over parcels, Union the area of their union: parcels may overlap each other.
	Area, Union geo.Area
	// Pairs are the parcels that overlap each other, by row; PairsOmitted says that there are more than MostPairs.
	Pairs        []ParcelPair
	PairsOmitted bool
	// Ground is what lies under all parcels together; nil when it was not asked for (Options.Codes).
	Ground *BatchGround
}

// LayerResult sums a batch up over one layer.
type LayerResult struct {
	Ref   layers.Ref
	Theme layers.Theme
	// Parcels overlap the layer; Area is the sum of their overlaps, each part of a parcel counted once; Union is the
	// area of the union of those overlaps.
	Parcels     int
	Area, Union geo.Area
	// Features counts per feature of the layer that at least one parcel overlaps, by feature id.
	Features []FeatureResult
}

// FeatureResult sums a batch up over one feature of a layer.
type FeatureResult struct {
	Feature     int64
	Name        string
	Parcels     int
	Area, Union geo.Area
}

// ParcelResult is the answer for one parcel.
type ParcelResult struct {
	Parcel  Parcel
	Verdict analysis.Verdict
	// Findings are ordered by outcome, worst first, then by ref and feature.
	Findings []analysis.Finding
	// Checked are the layers that were asked completely, with the number of overlaps found; none found is said too.
	Checked []Checked
	// Gaps are the reasons for Incomplete.
	Gaps []analysis.Gap
	// Ground is what lies under the parcel; nil when it was not asked for, or the parcel has no area.
	Ground *Ground
}

// Checked says that a layer was asked, and what came of it.
type Checked struct {
	Ref      layers.Ref
	Theme    layers.Theme
	Overlaps int
	Area     geo.Area
	// Touching counts features that share no more than the tolerance with the parcel.
	Touching int
	// Accuracy is the declared accuracy of the layer, Effective what is left of Area after it is taken off, and Beside the
	// part of the parcel that shares nothing with the layer but lies no further from it than that. 0 where nothing is
	// declared.
	Accuracy          geo.Length
	Effective, Beside geo.Area
}
