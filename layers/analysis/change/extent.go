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
	if err := c.traceFeatures(ctx); err != nil {
		return err
	}
	return c.patches(ctx, map[string]orb.MultiPolygon{KindLost: lost, KindGained: gained})
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
	s := new(overlay.Scratch)
	for _, polygon := range place {
		for _, p := range c.portions(orb.MultiPolygon{polygon}, s) {
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
			c.gap("change.account.open", "region", c.regionCode(i), "difference", metres(off))
		}
		a.gained = max(closing, 0)
		if closing < 0 { // less than nothing was gained: rounding, and then it was lost by as much less
			a.lost -= closing
		}
	}
}

// countFeatures counts, per region, the features that lie in it.
func (c *comparison) countFeatures() {
	s := new(overlay.Scratch)
	for i := range c.before.Features() {
		for _, p := range c.portions(c.before.Plane().Polygon(i), s) {
			c.sums[p.Zone].featuresBefore++
		}
	}
	for i := range c.after.Features() {
		for _, p := range c.portions(c.after.Plane().Polygon(i), s) {
			c.sums[p.Zone].featuresAfter++
		}
	}
}

// patches outlines the parts of the changed places, cut by region, and counts them into their cells.
func (c *comparison) patches(ctx context.Context, places map[string]orb.MultiPolygon) error {
	var found [][]piece
	for _, kind := range [...]string{KindGained, KindLost} {
		pieces := make([][]piece, len(places[kind]))
		c.meter.stage(whole * 9 / 10)
		err := c.each(ctx, len(pieces), func(i int, s *overlay.Scratch) (err error) {
			pieces[i], err = c.pieces(Patch{Kind: kind}, places[kind][i:i+1], s)
			return err
		})
		if err != nil {
			return err
		}
		found = append(found, pieces...)
	}
	return c.take(ctx, found)
}

// traceFeatures overlays the features of a layer that is compared as a whole, to tell what became of each.
func (c *comparison) traceFeatures(ctx context.Context) error {
	alike := func(v *layers.Loaded) overlay.Labelled {
		return overlay.Labelled{Layer: v.Plane(), Labels: make([]int32, len(v.Features()))}
	}
	twins := c.before.Twins(c.after)
	o := overlay.TransitionOptions{Twins: twins, Workers: c.Workers}
	t, err := overlay.Compare(ctx, alike(c.before), alike(c.after), o)
	if err != nil {
		return c.overlayProblem(err, 1)
	}
	c.result.Lineage = c.trace(t, twins)
	return nil
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
