package conflict

import (
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/ingest/codes"
)

// Ground is what lies under a place by the land-use survey, and in which regions the place lies. Nothing in it makes a
// verdict; what could not be told is among its gaps.
type Ground struct {
	// Area is that of the place in the legal plane.
	Area geo.Area
	// Uses add up to Area, and those of one region to the region's part of it. They are ordered by region, kind, class
	// and owner. Without a land-use layer there are none.
	Uses []Use
	// Regions are the parts of the place by region, in order of code; they add up to Area. Without a region layer there
	// are none.
	Regions []analysis.RegionPart
	Gaps    []analysis.Gap
}

// UseKind says how a use was found.
type UseKind string

// The kinds of use.
const (
	Surveyed  UseKind = "surveyed"  // patches of the land-use layer say so
	Uncovered UseKind = "uncovered" // no patch covers the place
	// Doubled is what patches cover more than once: a negative area, because every patch counts in full.
	Doubled UseKind = "doubled"
)

// Use is a part of the ground of one class and one owner in one region.
type Use struct {
	// Region is the code of the region, "" outside all of them or without a region layer.
	Region string
	Kind   UseKind
	// Class is the code of the land-use class (DLBM) and ClassName what the delivery calls it (DLMC); empty where a
	// patch has none.
	Class, ClassName string
	// Group is the great group (三大类) of the class, empty where it is not known.
	Group codes.Group
	Owner Owner
	Area  geo.Area
}

// Owner is whose the land is, as far as the land-use layer says; all empty where it does not.
type Owner struct {
	// Kind is the kind of ownership (QSXZ), Name and Code the owner (QSDWMC, QSDWDM), Place where the land lies
	// (ZLDWMC), all as delivered.
	Kind, Name, Code, Place string
	// Holder follows from Kind by the code book.
	Holder codes.Holder
}

// BatchGround is what lies under all parcels of a batch together, each place counted once however many parcels lie on
// it; the sums over parcels follow from theirs.
type BatchGround struct {
	Ground
	// LanduseRefs and RegionRef are the vintages that were asked; none, or zero, where there is no such layer.
	LanduseRefs []layers.Ref
	RegionRef   layers.Ref
	// RegionNames are the names of the regions that occur, in order of code.
	RegionNames []RegionName
	// Groups are the classes whose great group was chosen for this check, against the code book.
	Groups []ClassGroup
	// Ownership says whether the land-use layer has fields on ownership.
	Ownership bool
	// Split counts the parcels that lie in more than one region.
	Split int
}

// RegionName is the name of a region. Regions are told apart by code: two may have one name.
type RegionName struct{ Code, Name string }

// ClassGroup is a class with its great group.
type ClassGroup struct {
	Class string
	Group codes.Group
}
