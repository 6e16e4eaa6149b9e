package topo

import (
	"math"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// perDegree scales degrees so that the overlay's grid is 1e-9 degrees, about 0.1 mm. The scaling is linear on
// purpose: in a map projection the edges of the repaired polygon would be straight elsewhere than in degrees, by
// centimetres on a kilometre, and what is valid in one would not be in the other.
const perDegree = 1e5

// untangle repairs polygons whose edges cross or touch, when there is only one way to do it; found says what is
// wrong with them. The way is the only one when, for each polygon, the non-zero rule, the even-odd rule and "the
// shell without its holes" enclose the same area, and when the polygons have no area in common.
func untangle(mp orb.MultiPolygon, found []Violation) (orb.MultiPolygon, error) {
	plane := scaled(mp, perDegree)
	var parts []orb.MultiPolygon
	sum, slack := 0.0, 0.0
	for _, p := range plane {
		part, ok := untanglePolygon(p)
		if !ok {
			return nil, ambiguous(worst(found))
		}
		parts = append(parts, part)
		sum += float64(overlay.AreaOf(part))
		slack += tolerance(p)
	}
	whole, err := overlay.Dissolve(parts)
	if err != nil || len(whole) == 0 {
		return nil, ambiguous(worst(found))
	}
	if sum-float64(overlay.AreaOf(whole)) > slack {
		return nil, ambiguous(overlap(found))
	}
	return settle(mp, whole, found)
}

// untanglePolygon cleans one polygon by three readings; ok says that they agree.
func untanglePolygon(p orb.Polygon) (orb.MultiPolygon, bool) {
	mp := orb.MultiPolygon{p}
	nonZero, err := overlay.Clean(mp, overlay.NonZero)
	if err != nil {
		return nil, false
	}
	evenOdd, err := overlay.Clean(mp, overlay.EvenOdd)
	if err != nil || !agree(nonZero, evenOdd, p) {
		return nil, false
	}
	var holes orb.MultiPolygon
	for _, r := range p[1:] {
		holes = append(holes, orb.Polygon{r})
	}
	without, err := overlay.Outline(orb.MultiPolygon{p[:1]}, holes, overlay.Difference)
	return nonZero, err == nil && agree(nonZero, without, p)
}

// agree reports whether two readings of p have the same area within what the grid can move.
func agree(a, b orb.MultiPolygon, p orb.Polygon) bool {
	d := float64(overlay.AreaOf(a) - overlay.AreaOf(b))
	return max(d, -d) <= tolerance(p)
}

// tolerance is the grid times the perimeter.
func tolerance(p orb.Polygon) float64 {
	sum := 0.0
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			sum += abs(r[i][0]-r[i-1][0]) + abs(r[i][1]-r[i-1][1])
		}
	}
	return sum * overlay.Grid
}

func abs(v float64) float64 { return max(v, -v) }

// settle brings the repaired polygons back to degrees. A vertex that was delivered gets its delivered coordinates
// back; should that make two edges cross again, all stay on the grid.
func settle(delivered, whole orb.MultiPolygon, found []Violation) (orb.MultiPolygon, error) {
	fixed := scaled(whole, 1/perDegree)
	original := make(map[spotOnGrid]orb.Point)
	for _, p := range delivered {
		for _, r := range p {
			for _, v := range r {
				k := onGrid(v)
				if o, ok := original[k]; !ok || v[0] < o[0] || (v[0] == o[0] && v[1] < o[1]) {
					original[k] = v
				}
			}
		}
	}
	exact := scaled(fixed, 1)
	for _, p := range exact {
		for _, r := range p {
			for i, v := range r {
				if o, ok := original[onGrid(v)]; ok {
					r[i] = o
				}
			}
		}
	}
	for _, candidate := range []orb.MultiPolygon{exact, fixed} {
		if len(Check(candidate)) == 0 {
			return candidate, nil
		}
	}
	return nil, ambiguous(worst(found))
}

// spotOnGrid is a place on the grid of the overlay.
type spotOnGrid struct{ x, y int64 }

func onGrid(p orb.Point) spotOnGrid {
	const perUnit = perDegree / overlay.Grid
	return spotOnGrid{int64(math.Round(p[0] * perUnit)), int64(math.Round(p[1] * perUnit))}
}

// scaled is a copy of mp with all coordinates multiplied.
func scaled(mp orb.MultiPolygon, by float64) orb.MultiPolygon {
	out := mp.Clone()
	for _, p := range out {
		for _, r := range p {
			for i := range r {
				r[i] = orb.Point{r[i][0] * by, r[i][1] * by}
			}
		}
	}
	return out
}

// worst is the violation that best says why a geometry cannot be repaired: what lies in the wrong place before what
// merely crosses.
func worst(found []Violation) Violation {
	for _, v := range found {
		switch v.Rule {
		case HoleOutsideShell, NestedHoles, NestedShells, OverlappingParts:
			return v
		}
	}
	return found[0]
}

// overlap is the place where parts overlap.
func overlap(found []Violation) Violation {
	v := worst(found)
	if v.Rule != NestedShells {
		v.Rule = OverlappingParts
	}
	return v
}
