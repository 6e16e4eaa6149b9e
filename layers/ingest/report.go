package ingest

import (
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/layers"
)

// Findings are what reading a file brought to light; Import and Parcels return them beside an error too.
type Findings struct {
	// Issues are listed in file order up to MaxIssues; Unlisted counts those beyond. Rejects are always complete.
	Issues   []layers.Issue
	Unlisted int64
	Rejects  []layers.Reject
	// Read = Kept + len(Rejects); Repaired are among the kept, and Guessed, on whose repair people could differ, among
	// the repaired. Densified counts vertices that were added to long
	// edges in a Gauss plane.
	Read, Kept, Repaired, Guessed, Densified int64
	// Warnings counts the issues that somebody must sign for, listed or not.
	Warnings int64
	// AreaBefore is the area of the kept rows as delivered, AreaAfter as kept.
	AreaBefore, AreaAfter geo.Area
	Length                geo.Length
	// System is what the coordinates were read in, Systems all of a file whose rows lie in several zones, in the order
	// of the rows kept; DeclaredText is what the file says, TreatedAs that the operator overruled or supplied it. Suspected is an obfuscated frame that the operator or the reader suspects.
	System                           crs.System
	Systems                          []crs.System
	DeclaredText                     string
	TreatedAs                        bool
	Suspected                        string
	Format, Name, FileName, Encoding string
	Fields                           []format.Field
	// Mapping says which field plays which role, Table which table of the code book the fields are, "" when none.
	Mapping map[layers.Role]string
	Table   string
}

// MaxIssues is the number of issues that findings list one by one; MaxRejects the number of rejected rows after
// which a file is refused as a whole.
const (
	MaxIssues  = 20_000
	MaxRejects = 100_000
)

// Report is what became of an import.
type Report struct {
	Findings
	// Vintage is what was published; its Ref is zero when nothing was.
	Vintage layers.Vintage
	// Declared is what the request declared of it.
	Declared layers.Declared
}

// Used names the reference system that the coordinates were read in, or all of them: "EPSG:4525, EPSG:4526"; "" when
// that was not settled.
func (f Findings) Used() string {
	switch {
	case f.System.IsZero():
		return ""
	case len(f.Systems) < 2:
		return f.System.String()
	}
	var names []string
	for _, s := range f.Systems {
		names = append(names, s.String())
	}
	return strings.Join(names, ", ")
}
