package nodecrease

import (
	"context"
	"strconv"

	"greenshield/geo"
	"greenshield/layers/analysis/place"
)

// area accounts for what was lost and gained. Equal totals can hide a swap, so the difference is taken in place.
func (c *check) area(ctx context.Context) error {
	lost, err := c.before.Less(c.now)
	if err != nil {
		return err
	}
	gained, err := c.now.Less(c.before)
	if err != nil {
		return err
	}
	c.spread(c.before, func(r *Row, a geo.Area) { r.Area.Before += a })
	c.spread(c.now, func(r *Row, a geo.Area) { r.Area.Now += a })
	c.spread(lost, func(r *Row, a geo.Area) { r.Area.Lost += a })
	c.spread(gained, func(r *Row, a geo.Area) { r.Area.Gained += a })
	for i := range c.rows {
		c.close(&c.rows[i])
	}
	for _, k := range []struct {
		kind  string
		place *place.Extent
	}{{Lost, lost}, {Gained, gained}} {
		if err := c.list(ctx, k.kind, k.place, nil); err != nil {
			return err
		}
	}
	return nil
}

// close makes before + gained − lost = now hold to the last bit. Both differences are outlined by themselves, so an
// account that is open by more than rounding means that an overlay went wrong, and that is said.
func (c *check) close(r *Row) {
	a := &r.Area
	a.Net = a.Now - a.Before
	a.Tolerance = tolerance(a.Before)
	off := a.Net + a.Lost - a.Gained
	if off > sliver+a.Before*1e-9 || off < -sliver-a.Before*1e-9 {
		c.gap(c.current, "nodecrease.account.open", "region", r.Code, "area", hectares(off))
	}
	if a.Gained += off; a.Gained < 0 {
		a.Lost, a.Gained = a.Lost-a.Gained, 0
	}
}

// hectares is an area for a sentence, in hm² with four decimals.
func hectares(a geo.Area) string { return strconv.FormatFloat(a.Hectares(), 'f', 4, 64) }
