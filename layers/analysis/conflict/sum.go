package conflict

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/index"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// sum adds a batch up over one layer. Parcels may overlap each other, so there are two figures: the sum of what the
// parcels share with the layer, and the area of the union of it.
func (c *checker) sum(k int, answers []answer) (LayerResult, *analysis.Gap) {
	a := &c.layers[k]
	r := LayerResult{Ref: a.vintage.Ref, Theme: a.layer.Theme}
	var all []piece
	for i := range answers {
		var own []piece
		for _, p := range answers[i].pieces {
			if p.layer == k {
				own = append(own, p)
			}
		}
		if len(own) > 0 {
			r.Parcels++
			r.Area += together(own)
			all = append(all, own...)
		}
	}
	slices.SortStableFunc(all, byFeature)
	var unions []piece
	for from, to := 0, 0; from < len(all); from = to {
		for to = from; to < len(all) && all[to].feature == all[from].feature; to++ {
		}
		f, union := c.sumFeature(k, all[from:to])
		r.Features = append(r.Features, f)
		unions = append(unions, union)
	}
	u, err := unite(unions)
	r.Union = u.area
	if err == nil {
		return r, nil
	}
	r.Union = geo.Area(math.NaN())
	problem := geo.NewProblem("check.union.failed", "layer", a.title()).Because(err)
	return r, &analysis.Gap{Layer: a.layer.ID, Problem: problem}
}

// sumFeature adds up over one feature of a layer; the union comes with it as a piece without an outline when it could
// not be built.
func (c *checker) sumFeature(k int, pieces []piece) (FeatureResult, piece) {
	f := c.layers[k].loaded.Features()[pieces[0].feature]
	r := FeatureResult{Feature: f.ID, Name: f.Roles[layers.Name], Parcels: len(pieces)}
	for _, p := range pieces {
		r.Area += p.area
	}
	union, err := unite(pieces)
	r.Union = union.area
	if err != nil {
		r.Union, union.outline = geo.Area(math.NaN()), nil
	}
	return r, union
}

// unite is the union of pieces. Where no two of them overlap its area is their sum, free of the outline's grid, and
// its outline is all of theirs side by side.
func unite(pieces []piece) (piece, error) {
	if slices.ContainsFunc(pieces, func(p piece) bool { return p.outline == nil }) {
		return piece{}, overlay.ErrDisagree
	}
	parts := outlines(pieces)
	if overlapping(parts) {
		union, err := overlay.Dissolve(parts)
		return piece{area: overlay.AreaOf(union), outline: union}, err
	}
	union := piece{outline: slices.Concat(parts...)}
	for _, p := range pieces {
		union.area += p.area
	}
	return union, nil
}

// overlapping reports whether two of the parts share an area.
func overlapping(parts []orb.MultiPolygon) bool {
	seen := index.New[int]()
	scratch := new(overlay.Scratch)
	for i, p := range parts {
		hit := false
		seen.Search(p.Bound(), func(j int) bool {
			hit = scratch.Area(p, parts[j]) > speck
			return !hit
		})
		if hit {
			return true
		}
		seen.Insert(p.Bound(), i)
	}
	return false
}

// together is the area of one parcel's pieces, each place counted once; their sum when the union cannot be built,
// which has left a gap already.
func together(pieces []piece) geo.Area {
	union, err := unite(pieces)
	if err == nil {
		return union.area
	}
	sum := geo.Area(0)
	for _, p := range pieces {
		sum += p.area
	}
	return sum
}

// unionOfParcels is the area of the union of the parcels; where they do not overlap each other it is their sum.
func unionOfParcels(answers []answer, clusters []cluster, sum geo.Area) (geo.Area, *analysis.Gap) {
	for _, c := range clusters {
		if c.err != nil {
			return geo.Area(math.NaN()), &analysis.Gap{Problem: geo.NewProblem("check.parcels.union").Because(c.err)}
		}
		for _, i := range c.members {
			sum -= overlay.AreaOf(answers[i].plane)
		}
		sum += overlay.AreaOf(c.union)
	}
	return sum, nil
}
