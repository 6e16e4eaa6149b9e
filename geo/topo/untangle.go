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
	fixed, ok := settle(mp, whole, perDegree)
	if !ok {
		return nil, ambiguous(worst(found))
	}
	return fixed, nil
}

// guess repairs by the reading of the best effort. Should the result not be valid once it is back in degrees, where
// floats are not on a grid, a coarser grid is tried.
func guess(mp orb.MultiPolygon, found []Violation) (orb.MultiPolygon, error) {
	for _, scale := range []float64{perDegree, perDegree / 4, perDegree / 16} {
		var parts []orb.MultiPolygon
		for _, p := range scaled(mp, scale) {
			part, err := withoutHoles(p)
			if err != nil {
				return nil, ambiguous(worst(found)).Because(err)
			}
			parts = append(parts, part)
		}
		whole, err := overlay.Dissolve(parts)
		switch {
		case err != nil:
			return nil, ambiguous(worst(found)).Because(err)
		case len(whole) == 0:
			return nil, noArea(anyPoint(mp))
		}
		if fixed, ok := settle(mp, whole, scale); ok {
			return fixed, nil
		}
	}
	return nil, ambiguous(worst(found))
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
	without, err := withoutHoles(p)
	return nonZero, err == nil && agree(nonZero, without, p)
}

// withoutHoles is what the shell of p winds around and none of its holes does.
func withoutHoles(p orb.Polygon) (orb.MultiPolygon, error) {
	var holes orb.MultiPolygon
	for _, r := range p[1:] {
		holes = append(holes, orb.Polygon{r})
	}
	return overlay.Outline(orb.MultiPolygon{p[:1]}, holes, overlay.Difference)
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

// settle brings repaired polygons back to degrees, which were multiplied by scale. A vertex that was delivered gets
// its delivered coordinates back; should that make two edges cross again, all stay on the grid. It fails when they
// cross even so.
func settle(delivered, whole orb.MultiPolygon, scale float64) (orb.MultiPolygon, bool) {
	fixed := scaled(whole, 1/scale)
	original := make(map[spotOnGrid]orb.Point)
	for _, p := range delivered {
		for _, r := range p {
			for _, v := range r {
				k := onGrid(v, scale)
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
				if o, ok := original[onGrid(v, scale)]; ok {
					r[i] = o
				}
			}
		}
	}
	for _, candidate := range []orb.MultiPolygon{exact, fixed} {
		if len(Check(candidate)) == 0 {
			return candidate, true
		}
	}
	return nil, false
}

// spotOnGrid is a place on the grid of the overlay.
type spotOnGrid struct{ x, y int64 }

func onGrid(p orb.Point, scale float64) spotOnGrid {
	perUnit := scale / overlay.Grid
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
