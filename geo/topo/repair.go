package topo

import (
	"greenshield/geo"

	"github.com/paulmach/orb"
)

// Repair mends g as far as that can be done in only one way, and lists what it mended: it closes rings, drops
// repeated points, spikes and rings that enclose nothing, and cuts rings apart where they cross or touch themselves.
// Shells come back counter-clockwise and holes clockwise; a ring's direction is mentioned only when a hole ran the
// way of its shell. Vertices that need not move keep their coordinates to the last digit.
//
// The error is the problem "ingest.geometry.ambiguous" with rule and place: a coordinate is no number, nothing is
// left, or readers could differ on what is inside: parts that overlap, areas covered twice, holes outside shells.
func Repair(g orb.Geometry) (fixed orb.Geometry, done []Violation, err error) {
	switch g := g.(type) {
	case orb.LineString:
		return repairLine(g)
	case orb.MultiLineString:
		return repairLines(g)
	case orb.Ring:
		return repairPolygon(orb.Polygon{g})
	case orb.Polygon:
		return repairPolygon(g)
	case orb.MultiPolygon:
		fixed, done, err := repairArea(g)
		if err != nil {
			return nil, done, err
		}
		return fixed, done, nil
	}
	if found := Check(g); len(found) > 0 {
		return nil, nil, ambiguous(found[0])
	}
	return g, nil, nil
}

// ambiguous is the problem of a geometry that cannot be repaired in only one way.
func ambiguous(v Violation) error {
	return geo.NewProblem("ingest.geometry.ambiguous", "rule", geo.NewProblem("topo.rule."+string(v.Rule))).Near(v.At)
}

func repairLine(l orb.LineString) (orb.Geometry, []Violation, error) {
	if found := checkLine(l); len(found) > 0 {
		return nil, nil, ambiguous(found[0])
	}
	fixed, done := tidyLine(l)
	return fixed, done, nil
}

// repairLines drops members that are only a point, as long as others are left.
func repairLines(lines orb.MultiLineString) (orb.Geometry, []Violation, error) {
	var fixed orb.MultiLineString
	var done []Violation
	for _, l := range lines {
		if found := checkPoints(l...); found != nil {
			return nil, nil, ambiguous(found[0])
		}
		kept, did := tidyLine(l)
		done = append(done, did...)
		if kept != nil {
			fixed = append(fixed, kept)
		}
	}
	if fixed == nil {
		return nil, nil, ambiguous(Violation{Rule: TooFewPoints})
	}
	return fixed, done, nil
}

// repairPolygon repairs one polygon; it stays a Polygon when one is what comes out.
func repairPolygon(p orb.Polygon) (orb.Geometry, []Violation, error) {
	fixed, done, err := repairArea(orb.MultiPolygon{p})
	switch {
	case err != nil:
		return nil, done, err
	case len(fixed) == 1:
		return fixed[0], done, nil
	}
	return fixed, done, nil
}

func repairArea(mp orb.MultiPolygon) (orb.MultiPolygon, []Violation, error) {
	var tidy orb.MultiPolygon
	var done []Violation
	for _, p := range mp {
		for _, r := range p {
			if found := checkPoints(r...); found != nil {
				return nil, nil, ambiguous(found[0])
			}
		}
		q, did, ok := tidyPolygon(p)
		done = append(done, did...)
		if !ok {
			return nil, done, ambiguous(Violation{TooFewPoints, firstOf(p[0])})
		}
		if q != nil {
			tidy = append(tidy, q)
		}
	}
	if tidy == nil {
		return nil, done, ambiguous(Violation{TooFewPoints, anyPoint(mp)})
	}
	done = append(done, direct(tidy)...)
	found := Check(tidy)
	if len(found) == 0 {
		return tidy, done, nil
	}
	fixed, err := untangle(tidy, found)
	return fixed, append(done, found...), err
}

func anyPoint(mp orb.MultiPolygon) orb.Point {
	for _, p := range mp {
		for _, r := range p {
			if len(r) > 0 {
				return r[0]
			}
		}
	}
	return orb.Point{}
}

// direct turns, in place, shells counter-clockwise and holes clockwise. It reports holes that ran the way of their
// shell; that all rings run the other way round is a custom of some formats and no fault.
func direct(mp orb.MultiPolygon) []Violation {
	var done []Violation
	for _, p := range mp {
		shell := p[0].Orientation()
		for i, r := range p {
			o := r.Orientation()
			if i > 0 && o == shell {
				done = append(done, Violation{WrongOrientation, r[0]})
			}
			if (o == orb.CCW) != (i == 0) {
				r.Reverse()
			}
		}
	}
	return done
}
