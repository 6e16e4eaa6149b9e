package nodecrease

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
)

// list makes patches of the parts of a place that are large enough, cut by region. land tells which land-use patches one
// lies in; nil where that is not the question.
func (c *check) list(
	ctx context.Context, kind string, where *place.Extent, land func(p *overlay.Prepared) []LandShare,
) error {
	var large []orb.MultiPolygon
	for i := range where.Outline() {
		if part := where.Outline()[i : i+1]; overlay.AreaOf(part) >= c.MinPatch {
			large = append(large, part)
		}
	}
	found := make([][]Patch, len(large))
	err := place.Each(ctx, len(large), c.Workers, func(i int, s *overlay.Scratch) error {
		pieces, err := c.regions.Cut(large[i], sliver, s)
		for _, piece := range pieces {
			p := overlay.Prepare(piece.Outline)
			patch := Patch{
				Kind: kind, Region: c.rows[piece.Row].Code, Area: piece.Area, Outline: place.Degrees(piece.Outline),
				Before: shares(c.baseline, p), Now: shares(c.current, p),
			}
			if land != nil {
				patch.Land = land(p)
			}
			patch.Centre, _ = place.Centre(piece.Outline)
			patch.ID = kind + "-" + place.Code(patch.Centre)
			c.approve(&patch, p)
			found[i] = append(found[i], patch)
		}
		return err
	})
	if err != nil {
		return err
	}
	c.result.Patches = append(c.result.Patches, slices.Concat(found...)...)
	return nil
}

// shares are the features of a vintage that a place has an area in common with, the largest share first.
func shares(v *layers.Loaded, p *overlay.Prepared) []Share {
	var out []Share
	for _, i := range place.Search(v.Plane(), p.Bound()) {
		shape := v.Plane().At(i)
		if a := shape.Shared(p); a > sliver {
			f := &v.Features()[i]
			out = append(out, Share{f.ID, f.Roles[layers.Code], f.Roles[layers.Name], f.Roles[layers.Zone], a})
		}
	}
	slices.SortFunc(out, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Area, a.Area), cmp.Compare(a.Feature, b.Feature))
	})
	return out
}

// approve finds the approvals of a patch: those that name it, or features that it is made of, and those whose place
// covers it. What several approvals name may be the same ground, so their areas are not added up across the two ways.
func (c *check) approve(patch *Patch, p *overlay.Prepared) {
	var named, covered geo.Area
	for _, a := range c.in.Approvals {
		if area := patch.named(a.Feature); area > 0 {
			named = max(named, min(named+area, patch.Area))
			patch.Numbers = append(patch.Numbers, a.Number)
		}
	}
	if c.approved != nil {
		for _, i := range place.Search(c.approved.Plane(), p.Bound()) {
			shape := c.approved.Plane().At(i)
			f := &c.approved.Features()[i]
			number := cmp.Or(f.Roles[layers.Code], f.Roles[layers.Name])
			if area := shape.Shared(p); area > sliver && number != "" {
				covered = min(covered+area, patch.Area)
				patch.Numbers = append(patch.Numbers, number)
			}
		}
	}
	patch.Approved = max(named, covered)
	slices.Sort(patch.Numbers)
	patch.Numbers = slices.Compact(patch.Numbers)
}

// named is the area of a patch that a name stands for: the patch itself, or what it shares with the feature of that code.
func (p *Patch) named(name string) geo.Area {
	if name == "" {
		return 0
	}
	if name == p.ID {
		return p.Area
	}
	sum := geo.Area(0)
	for _, l := range p.Land {
		if l.Code == name {
			sum += l.Area
		}
	}
	if p.Land == nil {
		for _, s := range slices.Concat(p.Before, p.Now) {
			if s.Code == name {
				sum += s.Area
			}
		}
	}
	return min(sum, p.Area)
}

// settled reports whether approvals cover a patch.
func (c *check) settled(p *Patch) bool { return p.Approved >= geo.Area(c.ApprovedShare)*p.Area }

// comparePatches puts patches in the order of a report.
func comparePatches(a, b Patch) int {
	kinds := Kinds()
	return cmp.Or(
		slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), cmp.Compare(a.Region, b.Region),
		cmp.Compare(b.Area, a.Area), cmp.Compare(a.ID, b.ID),
	)
}
