package layers

import (
	"encoding/hex"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
)

// Hash is a SHA-256.
type Hash [32]byte

// String is the hexadecimal form.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Vintage is what a layer said on a date. Once published it never changes; a corrected delivery of the same date is
// a new revision.
type Vintage struct {
	Ref   Ref
	Theme Theme
	// Fields are the attribute columns as delivered; Mapping says which of them plays which role.
	Fields  []format.Field
	Mapping map[Role]string
	// Count, Area, Length and Bound are over all features.
	Count  int64
	Area   geo.Area
	Length geo.Length
	Bound  orb.Bound
	// Coverage says where the layer is complete, so that finding nothing there means that there is nothing.
	Coverage Coverage
	// Declared is how well the boundaries are known and how long the delivery holds, by the operator's word.
	Declared Declared
	// Rejects are delivered rows that are not in the vintage. A check near one of them is Incomplete.
	Rejects []Reject
	// Content is the hash over all features in order; Provenance says where they came from.
	Content    Hash
	Provenance Provenance
	Published  time.Time
}

// Coverage is the declared extent in which a vintage is complete. The zero value declares nothing, and then a
// check that finds no overlap is Incomplete.
type Coverage struct {
	// Kind is "" (nothing declared), "extent" (the bound of the features), "regions" (the union of a region
	// layer's vintage) or "everywhere" (no limit).
	Kind CoverageKind
	// Regions is the region vintage that Kind "regions" was taken from.
	Regions Ref
	// Outline is the covered place in CGCS2000 degrees for "extent" and "regions".
	Outline orb.MultiPolygon
}

// CoverageKind says how a coverage was declared.
type CoverageKind string

// The kinds of coverage.
const (
	CoverageUndeclared CoverageKind = ""
	CoverageExtent     CoverageKind = "extent"
	CoverageRegions    CoverageKind = "regions"
	CoverageEverywhere CoverageKind = "everywhere"
)

// Reject is a delivered row that could not be kept.
type Reject struct {
	Row     int64
	Problem *geo.Problem
	// Bound is where the row's geometry lies in CGCS2000 degrees; nil when even that is unknown.
	Bound *orb.Bound
}

// Provenance says who brought what, and how it was read.
type Provenance struct {
	Operator string
	File     string // name as delivered, without folders
	SHA256   Hash   // of the file's bytes
	Format   string
	Encoding string
	Declared string // reference system in the file's own words
	Used     string // reference system that the coordinates were read in, "EPSG:4524"
	// TreatedAs is set when the operator overruled or supplied the system.
	TreatedAs bool
	// Suspected is set when the operator, or the reader by the field names, suspects an obfuscated frame: "GCJ-02" or
	// "BD-09". It is printed with every result that the vintage goes into.
	Suspected string
	// Table is the table of the code book that the fields were recognised as, "" when none.
	Table string
	Read  int64 // rows delivered; the vintage's Count and Rejects add up to it
	// Warnings that were given, Unlisted issues of all kinds that are counted but not kept, and SignedOff, who has
	// looked at the warnings and answers for them.
	Warnings, Unlisted int64
	SignedOff          string
	Repaired           int64
	Guessed            int64 // of the repaired: those on whose repair people could differ, made because the operator asked for it
	Densified          int64 // vertices added on edges longer than 70 m
	Program            string
	At                 time.Time
}
