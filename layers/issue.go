package layers

import "greenshield/geo"

// Severity says how much an issue matters.
type Severity string

// The severities.
const (
	Note    Severity = "note"    // something the reader decided
	Warning Severity = "warning" // something a person must look at, and sign for
	Repair  Severity = "repair"  // the geometry was changed
	Refusal Severity = "refusal" // the row was not kept
)

// Issue is what was wrong with a delivered row, and what was done about it.
type Issue struct {
	// Row counts from 1 in file order; 0 means the file as a whole.
	Row      int64
	Severity Severity
	// Problem carries rule and place.
	Problem *geo.Problem
	// Action is "none", "repaired" or "rejected".
	Action string
	// AreaBefore and AreaAfter are set for repairs of polygons.
	AreaBefore, AreaAfter geo.Area
}

// Fingerprint is what two vintages are compared by, feature by feature.
type Fingerprint struct {
	// Hash is that of the geometry and all attributes; Code the identifying code, "" when there is none.
	Hash Hash
	Code string
	Area geo.Area
}
