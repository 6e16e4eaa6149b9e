package change

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
)

// DefaultWidth is the width below which a patch counts as digitising: what two people make of one border in the field
// or on an image of a metre. It is proposed, not law; whoever knows the accuracy of both surveys states a better one.
const DefaultWidth geo.Length = 1

// NoWidth is the Options.Width that takes every patch for a real change.
const NoWidth geo.Length = -1

// The kinds of cells and patches.
const (
	KindUnchanged = "unchanged"
	KindChanged   = "changed" // the class is another
	KindLost      = "lost"    // only the vintage before covers it
	KindGained    = "gained"  // only the vintage after covers it
)

// Cell is one field of the transition matrix of one region: what had one class before and another, or the same, after.
// The cells are the whole account; regions, classes, flows and totals are sums of them.
type Cell struct {
	// Region is the code of a row of Result.Rows, "" outside all regions or without any.
	Region string
	Kind   string
	// Before and After are the classes; both "" for a layer without classes, Before for what was gained, After for what
	// was lost.
	Before, After string
	// Area is the area as measured; Digitising is the part of it in patches narrower than Provenance.Width, and the
	// difference is the real change.
	Area, Digitising geo.Area
	// Patches counts the connected places, DigitisingPatches those of them that are too narrow to be real.
	Patches, DigitisingPatches int
}

// Real is the area without what is digitising.
func (c Cell) Real() geo.Area { return c.Area - c.Digitising }

// RealPatches counts the patches that are wide enough.
func (c Cell) RealPatches() int { return c.Patches - c.DigitisingPatches }

// key names a cell.
type key struct {
	zone                int
	kind, before, after string
}

// piece is a patch on its way into the result.
type piece struct {
	Patch
	zone  int
	place orb.MultiPolygon // in the plane
}

// width is the effective width of a polygon of the plane, twice the area by the perimeter: nearly w for a strip of
// width w, half the side for a square. The perimeter is taken with the scale of the plane at the middle of the
// polygon, which is right to a part in a thousand for ten kilometres.
func width(p orb.Polygon, area geo.Area) geo.Length {
	east := ellipsoid.PlaneScale(ellipsoid.FromPlane(p.Bound().Center())[1])
	perimeter := 0.0
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			perimeter += math.Hypot((r[i][0]-r[i-1][0])*east, (r[i][1]-r[i-1][1])/east)
		}
	}
	if perimeter == 0 {
		return 0
	}
	return geo.Length(2 * float64(area) / perimeter)
}

// pieces are the connected parts of a changed place, cut by region. The width is that of the whole part, so that a
// region's border makes no sliver of a real change.
func (c *comparison) pieces(like Patch, place orb.MultiPolygon, s *overlay.Scratch) ([]piece, error) {
	var out []piece
	for _, polygon := range place {
		part := orb.MultiPolygon{polygon}
		one := like
		whole := overlay.AreaOf(part)
		one.Width = width(polygon, whole)
		one.Digitising = one.Width < c.Width
		portions := c.zones.SplitOutline(part, s)
		for _, q := range portions {
			own := part
			if c.Patches && len(portions) > 1 && q.Area >= c.MinPatch {
				var err error
				if own, err = c.within(part, q.Zone, s); err != nil {
					return nil, err
				}
			}
			one.Region, one.Area = c.regionCode(q.Zone), q.Area
			out = append(out, piece{Patch: one, zone: q.Zone, place: own})
		}
	}
	return out, nil
}

// take counts pieces into their cells and lists those that are to be shown.
func (c *comparison) take(ctx context.Context, found [][]piece) error {
	var shown []piece
	for _, pieces := range found {
		for _, p := range pieces {
			t := c.tallies[p.key()]
			if t == nil {
				t = new(Cell)
				c.tallies[p.key()] = t
			}
			t.Patches++
			if p.Digitising {
				t.DigitisingPatches++
				t.Digitising += p.Area
			}
			if c.Patches && p.Area >= c.MinPatch {
				shown = append(shown, p)
			}
		}
	}
	c.result.Patches = make([]Patch, len(shown))
	return c.each(ctx, len(shown), func(i int, _ *overlay.Scratch) error {
		c.result.Patches[i] = shown[i].Patch
		c.result.Patches[i].Outline = degrees(shown[i].place)
		return nil
	})
}

func (p *piece) key() key { return key{p.zone, p.Kind, p.ClassBefore, p.ClassAfter} }

// cells gathers the account: areas from the sums of the overlay, and what of them is digitising from the pieces.
func (c *comparison) cells() []Cell {
	areas := map[key]geo.Area{}
	for zone := range c.sums {
		c.sums[zone].each(func(kind, before, after string, area geo.Area) {
			if area != 0 {
				areas[key{zone, kind, before, after}] = area
			}
		})
	}
	var out []Cell
	for k, area := range areas {
		cell := Cell{Region: c.regionCode(k.zone), Kind: k.kind, Before: k.before, After: k.after, Area: area}
		if t := c.tallies[k]; t != nil {
			cell.Patches, cell.DigitisingPatches = t.Patches, t.DigitisingPatches
			cell.Digitising = min(t.Digitising, area)
			if t.DigitisingPatches == t.Patches {
				cell.Digitising = area
			}
		}
		out = append(out, cell)
	}
	slices.SortFunc(out, compareCells)
	return out
}

// compareCells orders by region, what lies outside all of them last, then by kind and classes.
func compareCells(a, b Cell) int {
	return cmp.Or(
		compareRegions(a.Region, b.Region), cmp.Compare(rank(a.Kind), rank(b.Kind)),
		cmp.Compare(a.Before, b.Before), cmp.Compare(a.After, b.After),
	)
}

func compareRegions(a, b string) int {
	if (a == "") != (b == "") {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// rank is the order of kinds in lists.
func rank(kind string) int {
	return slices.Index([]string{KindUnchanged, KindChanged, KindLost, KindGained}, kind)
}
