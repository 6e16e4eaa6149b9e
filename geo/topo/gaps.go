package topo

import (
	"math"
	"slices"

	"greenshield/geo"
	"greenshield/geo/index"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// findGaps unites all members, of which only the loose edges matter, and looks at the holes.
func (c *survey) findGaps() error {
	if len(c.loose) == 0 {
		return nil
	}
	whole, err := overlay.Clean(wound(loops(c.loose)), overlay.NonZero)
	if err != nil {
		return err
	}
	gaps, err := withoutIslands(whole)
	if err != nil {
		return err
	}
	for _, g := range gaps {
		if patch, ok := c.patch(g); ok {
			c.found.GapTotal.add(patch)
			c.found.Gaps = listed(c.found.Gaps, patch, c.options.Limit, comparePatches)
		}
	}
	return nil
}

// wound lays rings out such that each counts the way it runs, +1 when counter-clockwise: the overlay takes the first
// ring of a polygon for +1 and the others for −1, however they run. A ring whose lobes cancel to next to no area
// has no way to run; it gets a detour around a triangle, which a ring of its own takes back.
func wound(rings []orb.Ring) orb.MultiPolygon {
	var mp orb.MultiPolygon
	var holes []orb.Ring
	for _, r := range rings {
		area, b := turn(r), r.Bound()
		w, h := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
		if balanced := 1e-12 * (w*w + h*h); math.Abs(area) < balanced {
			if len(r) <= 4 {
				continue // three points in line: a vertex that one side of a border lacks
			}
			p, q := orb.Point{r[0][0] + w + h, r[0][1]}, orb.Point{r[0][0], r[0][1] + w + h}
			mp = append(mp, orb.Polygon{append(orb.Ring{r[0], p, q}, r...)})
			holes = append(holes, orb.Ring{r[0], p, q, r[0]})
			continue
		}
		if area > 0 {
			mp = append(mp, orb.Polygon{r})
		} else {
			holes = append(holes, r)
		}
	}
	if len(mp) > 0 {
		mp[0] = append(mp[0], holes...)
	}
	return mp
}

// withoutIslands lists the holes of a valid multipolygon as polygons, what lies in them being cut out.
func withoutIslands(whole orb.MultiPolygon) (orb.MultiPolygon, error) {
	var empty, settled orb.MultiPolygon
	var islands orb.MultiPolygon
	bounds := boundsOf(whole)
	for i, p := range whole {
		for _, r := range p[1:] {
			hole := orb.Polygon{r.Clone()}
			hole[0].Reverse()
			if inside := insideBound(whole, bounds, i, geo.Bound(orb.Polygon{r})); len(inside) > 0 {
				empty, islands = append(empty, hole), append(islands, inside...)
			} else {
				settled = append(settled, hole)
			}
		}
	}
	if len(empty) == 0 {
		return settled, nil
	}
	rest, err := overlay.Outline(empty, islands, overlay.Difference)
	return append(settled, rest...), err
}

// boundsOf is an index of polygons: a layer that is delivered in part has as many holes as members.
func boundsOf(mp orb.MultiPolygon) *index.Index[int] {
	bounds := index.New[int]()
	for i, p := range mp {
		bounds.Insert(geo.Bound(p), i)
	}
	return bounds
}

// insideBound lists the polygons, other than number not, whose bound lies in b.
func insideBound(mp orb.MultiPolygon, bounds *index.Index[int], not int, b orb.Bound) orb.MultiPolygon {
	var found []int
	bounds.Search(b, func(i int) bool {
		if o := geo.Bound(mp[i]); i != not && b.Contains(o.Min) && b.Contains(o.Max) {
			found = append(found, i)
		}
		return true
	})
	slices.Sort(found)
	var inside orb.MultiPolygon
	for _, i := range found {
		inside = append(inside, mp[i])
	}
	return inside
}
