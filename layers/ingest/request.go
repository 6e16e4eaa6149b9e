// Package ingest turns a delivered file into a vintage, or into parcels for a check: it maps fields, settles the
// reference system, transforms, validates, repairs, measures, and reports every row that it changed or could not
// keep. It knows what a theme expects of its data. It never guesses a reference system, never drops a row silently
// and publishes nothing by halves; it refuses to know users, screens and file formats.
package ingest

import (
	"time"

	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/topo"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/original"
)

// Reading says how a delivered file is to be read. The zero value reads a file that says everything itself.
type Reading struct {
	// Path is where the file lies; FileName is how its owner calls it, the last part of Path when empty.
	Path, FileName string
	// Sublayer picks one layer of a file that holds several; Encoding overrules the file's character encoding.
	Sublayer, Encoding string
	// System is the operator's word for a file that names no reference system. It may repeat what the file says,
	// but not contradict it.
	System *crs.System
	// TreatAs overrules what the file says, and is recorded in the provenance. Only a system of crs.Shifted makes a file
	// on an old datum readable; the operator's parameters are recorded with it.
	TreatAs *crs.System
	// Zones, 3 or 6, says that the rows lie in several zones of so many degrees, each in the one whose number stands
	// before its eastings. It is the operator's word like TreatAs, and goes with neither System nor TreatAs.
	Zones int
	// AxesExchanged says that the file has the northing or latitude where the easting or longitude belongs; only a
	// person can know that of degrees.
	AxesExchanged bool
	// Suspected names the obfuscated frame that the operator suspects, "GCJ-02" or "BD-09"; "none" says that the
	// operator has looked and silences the automatic suspicion; "" says nothing.
	Suspected string
	// Repair says how far geometries may be repaired. The zero value mends only what has one reading, and rejects the
	// rest; topo.BestEffort takes a reading where people could differ, and every such row is listed.
	Repair topo.Mode
	// Mapping names the field that plays a role, where the code book's aliases do not find it or find another. An
	// empty name says that no field plays the role.
	Mapping map[layers.Role]string
	// before is the mapping of the layer's vintage before, beforeRef, which is proposed again.
	before    map[layers.Role]string
	beforeRef layers.Ref
	// Codes are the field aliases and vocabularies; nil finds no role by itself.
	Codes  *codes.Book
	Limits format.Limits
	// Temp is the folder in which archives are unpacked while they are read; empty means the system's.
	Temp string
	// Workers is the number of goroutines that examine rows, one for each processor when zero. It changes no result.
	Workers int
	// Progress, when set, is called after every row with the rows read and the rows expected, -1 when unknown.
	Progress func(done, total int64)
}

// Request asks for a file to become a vintage of a layer.
type Request struct {
	Reading
	Layer   layers.Layer
	Vintage string // YYYY, YYYY-MM or YYYY-MM-DD
	// SHA256 is the hash of the file's bytes as received where it is known, Operator who brought it.
	SHA256   layers.Hash
	Operator string
	// Coverage says where the layer is complete; Regions is the region vintage for layers.CoverageRegions.
	Coverage layers.CoverageKind
	Regions  layers.Ref
	// Declared is how well the boundaries are known and how long the delivery holds.
	Declared layers.Declared
	// AcceptRejects publishes the vintage although rows were rejected; the vintage lists them.
	AcceptRejects bool
	// SignedOff names the person who has looked at the warnings and answers for them; empty publishes only what earns
	// none.
	SignedOff string
	// Originals, when set, keeps the delivered file as it came.
	Originals *original.Folder
	// DryRun reads, repairs, measures and reports everything and writes nothing: no vintage, no draft.
	DryRun bool
	// Now is the clock, time.Now when nil; Program is the program's name and version for the provenance.
	Now     func() time.Time
	Program string
}

// The names of how far geometries may be repaired.
const (
	RepairLossless   = "lossless"
	RepairBestEffort = "best-effort"
)

// RepairNamed is the mode with a name; every name but RepairBestEffort means lossless.
func RepairNamed(name string) topo.Mode {
	if name == RepairBestEffort {
		return topo.BestEffort
	}
	return topo.Lossless
}
