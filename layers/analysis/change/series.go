package change

import (
	"cmp"
	"context"
	"slices"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// MostVintages is how many vintages a series may have.
const MostVintages = 40

// Series is what changed over several vintages of a layer, step by step.
type Series struct {
	Layer layers.Layer
	// Refs are the vintages, the earliest first; Steps has one change between each two neighbours.
	Refs    []layers.Ref
	Regions layers.Ref
	Steps   []Result
	// Classes are those of all vintages, sorted; empty for a layer without classes.
	Classes []string
	// Stocks are the areas of every class in every undivided region, sorted by region and class.
	Stocks     []Stock
	Gaps       []analysis.Gap
	Provenance analysis.Provenance
}

// Stock is the area of one class in one region over the vintages.
type Stock struct {
	// Region is the code of a row of the steps, "" outside all regions or without any; Class is "" for a layer without
	// classes.
	Region, Class string
	// Areas has one area per vintage.
	Areas []geo.Area
}

// Follow compares each vintage with the one before. The vintages must be of one layer and in order. Problems are those
// of Compare, "change.series.short", "change.series.long" and "change.series.order".
func Follow(ctx context.Context, lib *layers.Library, refs []layers.Ref, o Options) (Series, error) {
	if err := checkOrder(refs); err != nil {
		return Series{}, err
	}
	s := Series{Refs: slices.Clone(refs), Regions: o.Regions}
	for i := range refs[1:] {
		step, err := Compare(ctx, lib, refs[i], refs[i+1], o.step(i, len(refs)-1))
		if err != nil {
			return Series{}, err
		}
		s.Steps = append(s.Steps, step)
	}
	s.gather()
	return s, nil
}

func checkOrder(refs []layers.Ref) error {
	switch {
	case len(refs) < 2:
		return geo.NewProblem("change.series.short", "count", len(refs))
	case len(refs) > MostVintages:
		return geo.NewProblem("change.series.long", "count", len(refs), "most", MostVintages)
	case len(refs) == 2: // two may be compared either way round
		return nil
	}
	for i, r := range refs[1:] {
		if refs[i].Layer == r.Layer && refs[i].Compare(r) >= 0 {
			return geo.NewProblem("change.series.order", "before", refs[i], "after", r)
		}
	}
	return nil
}

// step is the options of the i-th of n steps, whose progress is a part of the whole.
func (o Options) step(i, n int) Options {
	if tell := o.Progress; tell != nil {
		o.Progress = func(done, total int64) { tell(int64(i)*total+done, int64(n)*total) } // total is always the same
	}
	return o
}

// gather joins what the steps found.
func (s *Series) gather() {
	first := &s.Steps[0]
	s.Layer, s.Provenance = first.Layer, first.Provenance
	s.Provenance.Refs = slices.Clone(s.Refs)
	if s.Regions != (layers.Ref{}) {
		s.Provenance.Refs = append(s.Provenance.Refs, s.Regions)
	}
	for i := range s.Steps {
		s.Classes = append(s.Classes, s.Steps[i].Classes...)
		for _, g := range s.Steps[i].Gaps {
			if !slices.ContainsFunc(s.Gaps, func(o analysis.Gap) bool { return sameGap(o, g) }) {
				s.Gaps = append(s.Gaps, g)
			}
		}
	}
	s.Classes = distinct(s.Classes)
	s.stock()
}

// sameGap reports whether two gaps say the same: a vintage within a series is looked at twice.
func sameGap(a, b analysis.Gap) bool {
	return a.Layer == b.Layer && a.Problem.Error() == b.Problem.Error()
}

// place is a class in a region.
type place struct{ region, class string }

// stock reads the areas of all vintages off the steps. A vintage within the series is the end of one step and the
// beginning of the next, and both must find the same area in it.
func (s *Series) stock() {
	areas := map[place][]geo.Area{}
	at := func(p place) []geo.Area {
		if areas[p] == nil {
			areas[p] = make([]geo.Area, len(s.Refs))
		}
		return areas[p]
	}
	open, worst := 0, geo.Area(0)
	for i := range s.Steps {
		before, after := s.Steps[i].stocks()
		for p, a := range before {
			if i == 0 {
				at(p)[0] = a
			} else if off := a - at(p)[i]; off > allowed(a) || off < -allowed(a) {
				open, worst = open+1, max(worst, off, -off)
			}
		}
		for p, a := range after {
			at(p)[i+1] = a
		}
	}
	if open > 0 {
		s.Gaps = append(s.Gaps, analysis.Gap{Layer: s.Layer.ID, Problem: geo.NewProblem(
			"change.series.open", "count", open, "area", metres(worst))})
	}
	for p, a := range areas {
		s.Stocks = append(s.Stocks, Stock{p.region, p.class, a})
	}
	slices.SortFunc(s.Stocks, func(a, b Stock) int {
		return cmp.Or(compareRegions(a.Region, b.Region), cmp.Compare(a.Class, b.Class))
	})
}

// allowed is what two measurements of one area may differ by.
func allowed(a geo.Area) geo.Area { return Tolerance + a*1e-9 }

// stocks are the areas of each class in each region before and after.
func (r Result) stocks() (before, after map[place]geo.Area) {
	before, after = map[place]geo.Area{}, map[place]geo.Area{}
	for _, c := range r.Cells {
		if c.Kind != KindGained {
			before[place{c.Region, c.Before}] += c.Area
		}
		if c.Kind != KindLost {
			after[place{c.Region, c.After}] += c.Area
		}
	}
	return before, after
}
