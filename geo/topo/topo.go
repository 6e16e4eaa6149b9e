// Package topo knows when a geometry is valid by the OGC simple feature rules, which rule is broken and where, and
// which of the faults can be repaired in only one way. It refuses to guess: what two readers could repair
// differently is an error that names the rule and the place. It knows no meaning and keeps no record.
package topo

import "github.com/paulmach/orb"

// Rule is the name of a geometry rule that can be broken.
type Rule string

// The rules.
const (
	TooFewPoints         Rule = "too-few-points"
	RepeatedPoint        Rule = "repeated-point"
	NotClosed            Rule = "not-closed"
	SelfIntersection     Rule = "self-intersection"
	RingSelfIntersection Rule = "ring-self-intersection"
	HoleOutsideShell     Rule = "hole-outside-shell"
	NestedHoles          Rule = "nested-holes"
	NestedShells         Rule = "nested-shells"
	OverlappingParts     Rule = "overlapping-parts"
	DisconnectedInterior Rule = "disconnected-interior"
	InvalidCoordinate    Rule = "invalid-coordinate"
	WrongOrientation     Rule = "wrong-orientation"
	Spike                Rule = "spike"
)

// Violation is a broken rule and its place, in the coordinates of the geometry.
type Violation struct {
	Rule Rule
	At   orb.Point
}
