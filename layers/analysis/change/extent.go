package change

import (
	"context"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// byExtent compares two vintages as two places: each is dissolved, and the differences of the two are what was gained
// and lost.
func (c *comparison) byExtent(ctx context.Context) error {
	before, err := c.dissolve(c.before, &c.result.OverlappingBefore)
	if err != nil {
		return err
	}
	after, err := c.dissolve(c.after, &c.result.OverlappingAfter)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	lost, err := overlay.Outline(before, after, overlay.Difference)
	if err != nil {
		return err
	}
	gained, err := overlay.Outline(after, before, overlay.Difference)
	if err != nil {
		return err
	}
	c.count(before, func(a *account, m geo.Area) { a.before += m })
	c.count(after, func(a *account, m geo.Area) { a.after += m })
	c.count(lost, func(a *account, m geo.Area) { a.lost += m })
	c.balance(gained)
	c.countFeatures()
	return c.patches(ctx, map[string]orb.MultiPolygon{"lost": lost, "gained": gained})
}

// dissolve unites a vintage and notes how much of it was covered more than once.
func (c *comparison) dissolve(v *layers.Loaded, overlapping *geo.Area) (orb.MultiPolygon, error) {
	parts := make([]orb.MultiPolygon, len(v.Features()))
	sum := geo.Area(0)
	for i := range parts {
		parts[i] = v.Plane().Polygon(i)
		sum += overlay.AreaOf(parts[i])
	}
	union, err := overlay.Dissolve(parts)
	if err != nil {
		return nil, err
	}
	if d := sum - overlay.AreaOf(union); d > Tolerance {
		*overlapping = d
	}
	return union, nil
}

// count adds the area of a place to the accounts of the regions it lies in.
func (c *comparison) count(place orb.MultiPolygon, add func(a *account, m geo.Area)) {
	for _, polygon := range place {
		for _, p := range c.portions(orb.MultiPolygon{polygon}) {
			add(&c.sums[p.Zone], p.Area)
		}
	}
}

// balance closes the accounts: before + gained − lost = after. The gained place was outlined by itself, so a
// difference beyond rounding means that an overlay went wrong, and that is said.
func (c *comparison) balance(gained orb.MultiPolygon) {
	c.count(gained, func(a *account, m geo.Area) { a.gained += m })
	for i := range c.sums {
		a := &c.sums[i]
		closing := a.after - a.before + a.lost
		if off := closing - a.gained; off > Tolerance || off < -Tolerance {
			c.gap("change.account.open", "region", c.regionCode(i), "difference", float64(off))
		}
		a.gained = max(closing, 0)
		if closing < 0 { // less than nothing was gained: rounding, and then it was lost by as much less
			a.lost -= closing
		}
	}
}

// countFeatures counts, per region, the features that lie in it.
func (c *comparison) countFeatures() {
	for i := range c.before.Features() {
		for _, p := range c.portions(c.before.Plane().Polygon(i)) {
			c.sums[p.Zone].featuresBefore++
		}
	}
	for i := range c.after.Features() {
		for _, p := range c.portions(c.after.Plane().Polygon(i)) {
			c.sums[p.Zone].featuresAfter++
		}
	}
}

// patches lists the parts of the changed places, cut by region.
func (c *comparison) patches(ctx context.Context, places map[string]orb.MultiPolygon) error {
	if !c.Patches {
		return nil
	}
	for _, kind := range [...]string{"gained", "lost"} {
		for _, polygon := range places[kind] {
			if err := ctx.Err(); err != nil {
				return err
			}
			patches, err := c.cut(Patch{Kind: kind}, orb.MultiPolygon{polygon}, new(overlay.Scratch))
			if err != nil {
				return err
			}
			c.result.Patches = append(c.result.Patches, patches...)
		}
	}
	return nil
}

// cut makes one patch per region of a changed place; what is smaller than MinPatch is left out.
func (c *comparison) cut(like Patch, place orb.MultiPolygon, s *overlay.Scratch) ([]Patch, error) {
	area := overlay.AreaOf(place)
	if area < c.MinPatch {
		return nil, nil
	}
	portions := c.portions(place)
	var out []Patch
	for _, p := range portions {
		if p.Area < c.MinPatch {
			continue
		}
		outline := place
		if len(portions) > 1 {
			var err error
			if outline, err = c.within(place, p.Zone, s); err != nil {
				return nil, err
			}
		}
		patch := like
		patch.Region, patch.Area = c.regionCode(p.Zone), p.Area
		patch.Outline = degrees(outline)
		out = append(out, patch)
	}
	return out, nil
}

// within is the part of a place in one region, or outside all of them.
func (c *comparison) within(place orb.MultiPolygon, region int, s *overlay.Scratch) (orb.MultiPolygon, error) {
	if region < len(c.regions) {
		return s.Outline(place, c.regions[region].plane, overlay.Intersection)
	}
	var err error
	for i := range c.regions {
		if place, err = s.Outline(place, c.regions[i].plane, overlay.Difference); err != nil {
			return nil, err
		}
	}
	return place, nil
}

// degrees brings an outline from the legal plane to CGCS2000 degrees.
func degrees(plane orb.MultiPolygon) orb.MultiPolygon {
	return ellipsoid.GeometryFromPlane(plane).(orb.MultiPolygon)
}
