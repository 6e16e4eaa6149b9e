package nodecrease

import (
	"context"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
)

// zones finds what lies in a laxer zone now than at the baseline. What left the layer altogether is lost and not
// downgraded; a place in several protected areas counts by the strictest zone there.
func (c *check) zones(ctx context.Context) error {
	strictest := max(c.strictest(c.baseline), c.strictest(c.current))
	c.zoned = strictest > 0
	stricter, downgraded := new(place.Extent), new(place.Extent) // stricter: what was in a stricter zone than this level
	for level := strictest; level > 1; level-- {
		was, err := c.atLeast(c.baseline, level)
		if err != nil {
			return err
		}
		is, err := c.atLeast(c.current, level)
		if err != nil {
			return err
		}
		fell, err := was.Less(stricter)
		if err == nil {
			fell, err = fell.Less(is)
		}
		if err == nil {
			fell, err = fell.And(c.now)
		}
		if err == nil {
			downgraded, err = place.Union(downgraded.Outline(), fell.Outline())
		}
		if err != nil {
			return err
		}
		stricter = was
	}
	c.spread(downgraded, func(r *Row, a geo.Area) { r.Zone.Downgraded += a })
	return c.list(ctx, Downgraded, downgraded, nil)
}

// strictest is how strict the strictest zone of a vintage is, 0 when it has none. A protected area without a zone that
// is understood is a gap; red lines mostly have none and need none.
func (c *check) strictest(v *layers.Loaded) int {
	most, unread, example := 0, 0, int64(0)
	for i := range v.Features() {
		f := &v.Features()[i]
		level := c.Codes.Strictness(f.Roles[layers.Zone])
		most = max(most, level)
		if level == 0 && (f.Roles[layers.Zone] != "" || v.Vintage.Theme == layers.Protected) {
			if unread++; unread == 1 {
				example = f.ID
			}
		}
	}
	if unread > 0 {
		c.zoneGaps = append(c.zoneGaps,
			geo.NewProblem("nodecrease.zone.unread", "ref", v.Vintage.Ref, "count", unread, "feature", example))
		c.gap(nil, "nodecrease.zone.unread", "ref", v.Vintage.Ref, "count", unread, "feature", example)
	}
	return most
}

// atLeast is the place that a vintage keeps at least as strictly as a level.
func (c *check) atLeast(v *layers.Loaded, level int) (*place.Extent, error) {
	return place.ExtentOf(v, func(f *layers.Feature) bool { return c.Codes.Strictness(f.Roles[layers.Zone]) >= level })
}
