package nodecrease

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
	"greenshield/layers/ingest/codes"
)

// land is what of one land-use patch lies inside, per row.
type land struct {
	class    string
	portions []overlay.Portion
}

// inside takes the land use inside an extent, patch by patch.
func (c *check) inside(ctx context.Context, v *layers.Loaded, e *place.Extent) ([]land, error) {
	found := make([]land, len(v.Features()))
	err := place.Each(ctx, len(found), c.Workers, func(i int, s *overlay.Scratch) error {
		shape := v.Plane().At(i)
		area := e.Shared(&shape)
		if !(area > place.Speck) {
			return nil
		}
		found[i].class = v.Features()[i].Roles[layers.Class]
		if own := shape.Area(); own-area <= overlay.Rounding(own) {
			found[i].portions = c.regions.Split(&shape)
			return nil
		}
		outline, _, err := e.Within(&shape, s)
		if err == nil {
			found[i].portions = c.regions.Split(overlay.Prepare(outline))
		}
		return err
	})
	return found, err
}

// nature accounts for construction land inside at both dates and for what became of the rest.
func (c *check) nature(ctx context.Context) error {
	if c.landBefore == nil || c.landNow == nil {
		return nil
	}
	for _, part := range []struct {
		v      *layers.Loaded
		extent *place.Extent
		add    func(row *Row, class string, a geo.Area)
	}{
		{c.landBefore, c.before, func(r *Row, class string, a geo.Area) {
			r.Nature.CoveredBefore += a
			r.Nature.NaturalBefore += c.ifNatural(class, a)
			r.Nature.Before += c.ifConstruction(class, a)
		}},
		{c.landNow, c.now, func(r *Row, class string, a geo.Area) {
			r.Nature.CoveredNow += a
			r.Nature.NaturalNow += c.ifNatural(class, a)
			r.Nature.Now += c.ifConstruction(class, a)
		}},
		{c.landNow, c.before, func(r *Row, class string, a geo.Area) {
			r.Nature.NowInBaseline += c.ifConstruction(class, a)
		}},
	} {
		found, err := c.inside(ctx, part.v, part.extent)
		if err != nil {
			return err
		}
		for _, l := range found {
			for _, p := range l.portions {
				part.add(&c.rows[p.Zone], l.class, p.Area)
			}
		}
	}
	for i := range c.rows {
		c.rows[i].Nature.Known = true
	}
	return c.conversions(ctx)
}

func (c *check) ifConstruction(class string, a geo.Area) geo.Area {
	if c.group(class) == codes.Construction {
		return a
	}
	return 0
}

func (c *check) ifNatural(class string, a geo.Area) geo.Area {
	if c.Codes.InSet(codes.Natural, class) {
		return a
	}
	return 0
}

func (c *check) group(class string) codes.Group {
	known, _ := c.Codes.Class(class)
	return known.Group
}

// flow is the kind of patch that a change of class makes, "" for none. A class before that is not known counts as not
// construction land, so that nothing new is passed over.
func (c *check) flow(from, to string) string {
	switch {
	case c.group(to) == codes.Construction && c.group(from) != codes.Construction:
		return Built
	case c.Codes.InSet(codes.Cultivated, to) && c.Codes.InSet(codes.ForestGrassWetland, from):
		return Cultivated
	}
	return ""
}

// piece is what one land-use patch was before, where that makes a flow.
type piece struct {
	LandShare
	kind    string
	outline orb.MultiPolygon
}

// conversions finds what was turned into construction or cultivated land inside the baseline or the current extent.
func (c *check) conversions(ctx context.Context) error {
	both, err := place.Union(c.before.Outline(), c.now.Outline())
	if err != nil {
		return err
	}
	twins := c.landNow.Twins(c.landBefore)
	found := make([][]piece, len(twins))
	err = place.Each(ctx, len(twins), c.Workers, func(i int, s *overlay.Scratch) error {
		if twins[i] >= 0 {
			return nil
		}
		var err error
		found[i], err = c.became(i, both, s)
		return err
	})
	if err != nil {
		return err
	}
	pieces := slices.Concat(found...)
	for _, kind := range [...]string{Built, Cultivated} {
		of := slices.DeleteFunc(slices.Clone(pieces), func(p piece) bool { return p.kind != kind })
		if err := c.convert(ctx, kind, of); err != nil {
			return err
		}
	}
	return nil
}

// became tells what of a land-use patch of today makes a flow, by what it was before.
func (c *check) became(i int, both *place.Extent, s *overlay.Scratch) ([]piece, error) {
	f := &c.landNow.Features()[i]
	to := f.Roles[layers.Class]
	if c.group(to) != codes.Construction && !c.Codes.InSet(codes.Cultivated, to) {
		return nil, nil
	}
	shape := c.landNow.Plane().At(i)
	within, area, err := both.Within(&shape, s)
	if err != nil || area <= sliver {
		return nil, err
	}
	p := overlay.Prepare(within)
	var out []piece
	rest := within
	for _, j := range place.Search(c.landBefore.Plane(), p.Bound()) {
		was := c.landBefore.Plane().At(j)
		shared := was.Shared(p)
		if shared <= place.Speck {
			continue
		}
		if area -= shared; area > sliver {
			if rest, err = s.Outline(rest, was.Polygon(), overlay.Difference); err != nil {
				return nil, err
			}
		}
		from := c.landBefore.Features()[j].Roles[layers.Class]
		if kind := c.flow(from, to); kind != "" && shared > sliver {
			outline, err := was.Place(shared, p, s)
			if err != nil {
				return nil, err
			}
			out = append(out, piece{LandShare{f.Roles[layers.Code], from, to, shared}, kind, outline})
		}
	}
	if kind := c.flow("", to); kind != "" && area > sliver {
		out = append(out, piece{LandShare{f.Roles[layers.Code], "", to, area}, kind, rest})
	}
	return out, nil
}

// convert adds the pieces of a flow up and lists the patches that they make together: neighbours are one patch.
func (c *check) convert(ctx context.Context, kind string, pieces []piece) error {
	outlines := make([]orb.MultiPolygon, len(pieces))
	for i, p := range pieces {
		outlines[i] = p.outline
		c.portions(overlay.Prepare(p.outline), func(r *Row, a geo.Area) {
			switch {
			case kind == Cultivated:
				r.Nature.Cultivated += a
			case c.group(p.From) == codes.Agricultural:
				r.Nature.Agricultural += a
				fallthrough
			default:
				r.Nature.Built += a
			}
		})
	}
	where, err := place.Union(outlines...)
	if err != nil {
		return err
	}
	laid := overlay.NewLayer(len(pieces), func(i int) orb.MultiPolygon { return outlines[i] }, nil)
	return c.list(ctx, kind, where, func(p *overlay.Prepared) []LandShare {
		out := []LandShare{}
		for _, i := range place.Search(laid, p.Bound()) {
			shape := laid.At(i)
			if a := shape.Shared(p); a > sliver {
				share := pieces[i].LandShare
				share.Area = a
				out = append(out, share)
			}
		}
		return out
	})
}
