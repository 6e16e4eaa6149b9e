// Package topo knows when a geometry is valid by the OGC simple feature rules, which rule is broken and where, and
// which of the faults can be repaired in only one way. It refuses to guess: what two readers could repair
// differently is an error that names the rule and the place, unless the caller chooses the best effort and so takes
// the guess upon himself. It knows no meaning and keeps no record.
//
// It also says whether the polygons of a layer are a coverage (CheckCoverage), how two geometries lie to each other
// (Relate) and what lies within a distance (Buffer). The last two it leaves to peterstace/simplefeatures, whose home
// it is.
//
// Its predicates are exact: where a float cannot tell on which side of a line a point lies, more digits do. Its cost
// grows about as the number of vertices does, also for one polygon with thousands of holes.
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

// most is the number of violations of one geometry that are listed; nobody reads more, and a scribble has millions.
const most = 100

// Check lists the rules that g breaks, none when it is valid; at most 100. Polygons follow the OGC rules for
// areas: the direction of rings and points repeated one after the other are no fault. Lines need two different
// points. A polygon whose edges cross is not looked at further: what lies inside what is not defined then.
func Check(g orb.Geometry) []Violation {
	switch g := g.(type) {
	case orb.Point:
		return checkPoints(g)
	case orb.MultiPoint:
		return checkPoints(g...)
	case orb.LineString:
		return checkLine(g)
	case orb.MultiLineString:
		var found []Violation
		for _, l := range g {
			found = append(found, checkLine(l)...)
		}
		return found
	case orb.Ring:
		return checkArea(orb.MultiPolygon{{g}})
	case orb.Polygon:
		return checkArea(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		return checkArea(g)
	case orb.Collection:
		var found []Violation
		for _, member := range g {
			found = append(found, Check(member)...)
		}
		return found
	case orb.Bound:
		return checkArea(orb.MultiPolygon{g.ToPolygon()})
	}
	return nil
}

func checkPoints(points ...orb.Point) []Violation {
	for _, p := range points {
		if !finite(p) {
			return []Violation{{InvalidCoordinate, p}}
		}
	}
	return nil
}

func checkLine(l orb.LineString) []Violation {
	if found := checkPoints(l...); found != nil {
		return found
	}
	for _, p := range l {
		if p != l[0] {
			return nil
		}
	}
	return []Violation{{TooFewPoints, firstOf(l)}}
}

func firstOf(points []orb.Point) orb.Point {
	if len(points) == 0 {
		return orb.Point{}
	}
	return points[0]
}
