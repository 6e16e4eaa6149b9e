package inquiry

import (
	"context"
	"slices"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/analysis/place"
	"greenshield/layers/analysis/shoreline"
)

// computing computes the values that the layers can tell.
type computing struct {
	Desk
	q       *Indicator
	set     indicator.Set
	regions *place.Regions
	in      *indicator.Inputs
}

// construction accounts for the construction land of all years at once.
func (c *computing) construction(ctx context.Context) error {
	if len(c.q.Landuse) == 0 {
		return nil
	}
	figures, controls := indicator.Yearbook(c.q.Values)
	r, err := construction.Account(ctx, c.Library, c.q.Landuse, construction.Options{
		Codes: c.Codes, Regions: c.q.Regions, Idle: c.Indicators.Idle, Controls: controls, Figures: figures,
		Target: construction.Share(dropTarget(c.set) / 100), Now: c.Now, Program: c.Program,
	})
	if err != nil {
		return err
	}
	c.in.Computed = append(c.in.Computed, indicator.FromConstruction(r)...)
	for _, g := range r.Gaps {
		if g.Problem.Code != "construction.figure.unused" { // values of other years and regions are none of this question
			c.in.Gaps = append(c.in.Gaps, g)
		}
	}
	last := c.q.Years[len(c.q.Years)-1]
	for _, year := range []int{last - 1, last} {
		if !yearOf(c.q.Landuse, year) {
			c.in.Gaps = append(c.in.Gaps, analysis.Gap{Problem: geo.NewProblem("indicator.landuse.one", "year", year)})
		}
	}
	return nil
}

func (c *computing) cover(ctx context.Context) error {
	for _, ref := range c.q.Landuse {
		values, err := indicator.Cover(ctx, c.Library, ref, c.regions, c.Indicators)
		if err != nil {
			return err
		}
		c.in.Computed = append(c.in.Computed, values...)
	}
	return nil
}

// shoreline measures each layer once and takes the rate for the years until the next one begins.
func (c *computing) shoreline(ctx context.Context) error {
	whole := construction.WholeOf(c.regions.List)
	for i, s := range c.q.Shoreline {
		var years []int
		for _, year := range c.q.withBefore() {
			if latest(c.q.Shoreline, year) == i {
				years = append(years, year)
			}
		}
		if len(years) == 0 {
			continue
		}
		r, err := shoreline.Rate(ctx, c.Library, s.Zones, shoreline.Options{
			Line: s.Line, Regions: c.q.Regions, Now: c.Now, Program: c.Program,
		})
		if err != nil {
			return err
		}
		c.in.Gaps = append(c.in.Gaps, r.Gaps...)
		for _, year := range years {
			c.in.Computed = append(c.in.Computed, indicator.FromShoreline(r, year, whole)...)
		}
	}
	return nil
}

// noDecrease holds the version of every year against its baseline, with the land use of both years where there is some.
func (c *computing) noDecrease(ctx context.Context) error {
	whole := construction.WholeOf(c.regions.List)
	for _, b := range c.q.Baselines {
		for _, current := range b.Current {
			if !slices.Contains(c.q.withBefore(), vintageYear(current)) || current == b.Baseline {
				continue
			}
			r, err := nodecrease.Check(ctx, c.Library, nodecrease.Input{
				Baseline: b.Baseline, Current: current, Regions: c.q.Regions, Approvals: b.Approvals,
				ApprovedPlaces: b.ApprovedPlaces, Scores: b.Scores, LandBefore: c.landOf(vintageYear(b.Baseline)),
				LandNow: c.landOf(vintageYear(current)),
			}, nodecrease.Options{Codes: c.Codes, Now: c.Now, Program: c.Program})
			if err != nil {
				return err
			}
			c.in.Gaps = append(c.in.Gaps, r.Gaps...)
			c.in.Computed = append(c.in.Computed, indicator.FromNoDecrease(r, vintageYear(current), whole)...)
		}
	}
	return nil
}

// landOf is the land use of a year, the zero Ref when there is none.
func (c *computing) landOf(year int) layers.Ref {
	for _, ref := range c.q.Landuse {
		if vintageYear(ref) == year {
			return ref
		}
	}
	return layers.Ref{}
}

// latest is the place of the last shoreline that had begun by a year, −1 when none had.
func latest(all []ShorelineOf, year int) int {
	best := -1
	for i, s := range all {
		if vintageYear(s.Zones) <= year && (best < 0 || all[best].Zones.Vintage < s.Zones.Vintage) {
			best = i
		}
	}
	return best
}
