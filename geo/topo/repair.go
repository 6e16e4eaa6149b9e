package topo

import (
	"greenshield/geo"
	"greenshield/geo/ellipsoid"

	"github.com/paulmach/orb"
)

// Mode says how far a repair may go.
type Mode int

const (
	// Lossless mends only what has one reading: what is inside and what is not stays as every reader sees it.
	Lossless Mode = iota
	// BestEffort takes, where readers could differ, the reading described at RepairWith.
	BestEffort
)

// RepairOptions say how to repair; the zero value is the lossless repair.
type RepairOptions struct{ Mode Mode }

// Repaired is a repaired geometry and what the repair did to it.
type Repaired struct {
	Geometry orb.Geometry
	// Done are the violations that were mended and their places, at most 100 of each kind of fault; none when the
	// geometry was valid already.
	Done []Violation
	// Guessed tells that readers could differ on the result: the best effort was needed.
	Guessed bool
	// Before is the area that the formula of the law makes of the rings as they were delivered, which for a ring that
	// crosses itself need not be the area of anything; After is that of the result. Zero for lines and points.
	Before, After geo.Area
}

// RepairWith is Repair with a choice, and with the legal areas before and after.
//
// The best effort first tries the lossless repair. Where that fails, inside is what lies in the shell of a part and
// in none of that part's holes, and parts are united; a ring encloses what it winds around at all, so what is covered
// twice counts once. That is what JTS GeometryFixer and GEOS MakeValid ("structure") take for right, but for two
// things: a hole that lies outside its shell is dropped and not made a part, and the island in a hole within a hole
// is not given back, because a hole takes land away and never grants it. What is then narrower than about 0.1 mm may
// vanish.
//
// The error of the best effort is "ingest.geometry.no-area" when nothing is left, and as for Repair when a coordinate
// is no number or out of reach, or the geometry is of a kind that cannot be repaired.
func RepairWith(g orb.Geometry, o RepairOptions) (Repaired, error) {
	r := repairer{mode: o.Mode}
	fixed, done, err := r.repair(g)
	if err != nil {
		return Repaired{}, err
	}
	return Repaired{
		Geometry: fixed, Done: done, Guessed: r.guessed,
		Before: ellipsoid.Area(areal(g)), After: ellipsoid.Area(fixed),
	}, nil
}

// areal is g, a ring being taken for the polygon that it encloses.
func areal(g orb.Geometry) orb.Geometry {
	if r, ok := g.(orb.Ring); ok {
		return orb.Polygon{r}
	}
	return g
}

// Repair mends g as far as that can be done in only one way, and lists what it mended: it closes rings, drops
// repeated points, spikes and rings that enclose nothing, and cuts rings apart where they cross or touch themselves.
// Shells come back counter-clockwise and holes clockwise; a ring's direction is mentioned only when a hole ran the
// way of its shell. Vertices that need not move keep their coordinates to the last digit.
//
// The error is the problem "ingest.geometry.ambiguous" with rule and place: a coordinate is no number, nothing is
// left, or readers could differ on what is inside: parts that overlap, areas covered twice, holes outside shells.
func Repair(g orb.Geometry) (fixed orb.Geometry, done []Violation, err error) {
	return new(repairer).repair(g)
}

// repairer repairs one geometry.
type repairer struct {
	mode    Mode
	guessed bool
}

func (r *repairer) repair(g orb.Geometry) (fixed orb.Geometry, done []Violation, err error) {
	switch g := g.(type) {
	case orb.LineString:
		return repairLine(g)
	case orb.MultiLineString:
		return repairLines(g)
	case orb.Ring:
		return r.polygon(orb.Polygon{g})
	case orb.Polygon:
		return r.polygon(g)
	case orb.MultiPolygon:
		fixed, done, err := r.area(g)
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
func ambiguous(v Violation) *geo.Problem {
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

// polygon repairs one polygon; it stays a Polygon when one is what comes out.
func (r *repairer) polygon(p orb.Polygon) (orb.Geometry, []Violation, error) {
	fixed, done, err := r.area(orb.MultiPolygon{p})
	switch {
	case err != nil:
		return nil, done, err
	case len(fixed) == 1:
		return fixed[0], done, nil
	}
	return fixed, done, nil
}

func (r *repairer) area(mp orb.MultiPolygon) (orb.MultiPolygon, []Violation, error) {
	tidy, done, err := r.tidy(mp)
	if err != nil {
		return nil, done, err
	}
	done = append(done, direct(tidy)...)
	found := Check(tidy)
	if len(found) == 0 {
		return tidy, done, nil
	}
	fixed, err := untangle(tidy, found)
	if err != nil && r.mode == BestEffort {
		r.guessed = true
		fixed, err = guess(tidy, found)
	}
	return fixed, append(done, found...), err
}

// tidy tidies every polygon and drops those of which nothing is left.
func (r *repairer) tidy(mp orb.MultiPolygon) (tidy orb.MultiPolygon, done []Violation, err error) {
	for _, p := range mp {
		for _, ring := range p {
			if found := checkPoints(ring...); found != nil {
				return nil, nil, ambiguous(found[0])
			}
		}
		q, did, ok := tidyPolygon(p)
		done = append(done, did...)
		if !ok && r.mode == Lossless {
			return nil, done, ambiguous(Violation{TooFewPoints, firstOf(p[0])})
		}
		r.guessed = r.guessed || !ok
		if q != nil {
			tidy = append(tidy, q)
		}
	}
	switch {
	case tidy != nil:
		return tidy, done, nil
	case r.mode == BestEffort:
		return nil, done, noArea(anyPoint(mp))
	}
	return nil, done, ambiguous(Violation{TooFewPoints, anyPoint(mp)})
}

// noArea is the problem of a geometry of which the best effort leaves nothing.
func noArea(at orb.Point) *geo.Problem { return geo.NewProblem("ingest.geometry.no-area").Near(at) }

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
		shell := winds(p[0])
		for i, r := range p {
			way := winds(r)
			if i > 0 && way == shell {
				done = append(done, Violation{WrongOrientation, r[0]})
			}
			if (way > 0) != (i == 0) {
				r.Reverse()
			}
		}
	}
	return done
}
