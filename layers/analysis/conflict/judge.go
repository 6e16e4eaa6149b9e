package conflict

import (
	"cmp"
	"maps"
	"slices"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/rule"

	"github.com/paulmach/orb"
)

// judge turns the pieces into findings by the rule book.
func (q *question) judge() {
	for i := range q.pieces {
		p := &q.pieces[i]
		q.find(p.layer, p, q.zones(p))
	}
	for k := range q.layers {
		a := &q.layers[k]
		if a.loaded != nil && q.book.Split(a.layer.Theme) == rule.SplitBoundary && q.complete(k) {
			q.judgeOutside(k)
		}
	}
}

// find adds the finding for a piece that lies in the given zones; none means that a zone could not be read.
func (q *question) find(k int, p *piece, zones []string) {
	a := &q.layers[k]
	f := analysis.Finding{Overlap: q.overlap(p), Theme: a.layer.Theme, Zones: zones, Outcome: analysis.Incomplete}
	r, ok := q.book.Worst(a.layer.Theme, zones, q.Activity, q.Date)
	switch {
	case ok:
		f.Outcome, f.Rule, f.Law, f.Article, f.Source = r.Outcome, r.ID, r.Law, r.Article, r.Source
		f.Text = maps.Clone(r.Text)
		if r.Outcome == analysis.Incomplete {
			q.gap(k, geo.NewProblem("check.rule.undecided", "layer", a.title(), "feature", f.Overlap.Feature, "rule", r.ID))
		}
	case len(zones) > 0:
		q.gap(k, geo.NewProblem("check.rule.none", "layer", a.title(), "date", q.Date))
	}
	if o := &f.Overlap; o.Accuracy > 0 && o.Effective <= q.slight() {
		f.Border, f.Outcome = true, f.Outcome.Worst(analysis.Conditional)
	}
	q.findings = append(q.findings, f)
}

func (q *question) overlap(p *piece) analysis.Overlap {
	a := &q.layers[p.layer]
	o := analysis.Overlap{
		Ref: a.vintage.Ref, Area: p.area, Share: float64(p.area / q.own), Outline: p.shown,
	}
	if o.Accuracy = q.bands[p.layer].accuracy; o.Accuracy > 0 {
		o.Effective = q.effective(p)
	}
	if p.feature >= 0 {
		f := a.loaded.Features()[p.feature]
		o.Feature, o.Roles = f.ID, maps.Clone(f.Roles)
	}
	return o
}

// zones are the zones of the rule book that a piece lies in, sorted; none when one of them cannot be told, which
// leaves a gap.
func (q *question) zones(p *piece) []string {
	a := &q.layers[p.layer]
	switch q.book.Split(a.layer.Theme) {
	case rule.SplitWhole:
		return []string{rule.Whole}
	case rule.SplitBoundary:
		return []string{rule.Inside}
	case rule.SplitProtected:
		return q.redlineZones(p)
	}
	zone, ok := q.delivered(p)
	if !ok {
		q.gap(p.layer, unreadable(a, p))
		return nil
	}
	return []string{zone}
}

// unreadable says that a feature's zone is missing or not understood.
func unreadable(a *asked, p *piece) *geo.Problem {
	f := a.loaded.Features()[p.feature]
	if f.Roles[layers.Zone] == "" {
		return geo.NewProblem("check.zone.absent", "layer", a.title(), "feature", f.ID)
	}
	return geo.NewProblem("check.zone.unknown", "layer", a.title(), "feature", f.ID, "zone", f.Roles[layers.Zone])
}

// delivered reads the zone that a feature states.
func (q *question) delivered(p *piece) (string, bool) {
	a := &q.layers[p.layer]
	return q.book.Zone(a.layer.Theme, a.loaded.Features()[p.feature].Roles[layers.Zone])
}

// redlineZones tells in which zones of protected areas a piece of red line lies, by the parcel's own overlaps with
// protected areas. Parts up to the tolerance do not count, unless there are no others.
func (q *question) redlineZones(p *piece) []string {
	if zones, ok := q.protectedZones(p); ok {
		slices.Sort(zones)
		return slices.Compact(zones)
	}
	a := &q.layers[p.layer]
	f := a.loaded.Features()[p.feature]
	q.gap(p.layer, geo.NewProblem("check.redline.zone", "layer", a.title(), "feature", f.ID))
	return nil
}

// protectedZones is redlineZones unsorted; false when it cannot be told.
func (q *question) protectedZones(p *piece) ([]string, bool) {
	if !q.protectedKnown() || p.outline == nil {
		return nil, false
	}
	var zones, slivers []string
	var within []piece
	for i := range q.pieces {
		o := &q.pieces[i]
		if q.layers[o.layer].layer.Theme != layers.Protected {
			continue
		}
		if o.outline == nil {
			return nil, false
		}
		area := q.Area(p.outline, o.outline)
		if area <= speck {
			continue
		}
		delivered, read := q.delivered(o)
		zone, known := q.book.RedlineZone(delivered)
		if !read || !known {
			return nil, false
		}
		if area > q.Tolerance {
			zones = append(zones, zone)
		} else {
			slivers = append(slivers, zone)
		}
		within = append(within, *o)
	}
	rest, err := q.rest(p, within)
	if rest > q.slight() {
		zones = append(zones, rule.NotProtected)
	}
	if len(zones) == 0 {
		zones = append(slivers, rule.NotProtected)
	}
	return zones, err == nil
}

// protectedKnown reports whether it is known which protected areas lie at the parcel, whatever their zones.
func (q *question) protectedKnown() bool {
	known := false
	for k := range q.layers {
		if q.layers[k].layer.Theme != layers.Protected {
			continue
		}
		if !q.asked[k] {
			return false
		}
		known = true
	}
	return known
}

// rest is the area of p that lies in none of the others.
func (q *question) rest(p *piece, others []piece) (geo.Area, error) {
	switch len(others) {
	case 0:
		return p.area, nil
	case 1:
		return p.area - q.Area(p.outline, others[0].outline), nil
	}
	union, err := overlay.Dissolve(outlines(others))
	if err != nil {
		return 0, err
	}
	return p.area - q.Area(p.outline, union), nil
}

// judgeOutside adds the finding for the part of the parcel that no feature of the layer covers.
func (q *question) judgeOutside(k int) {
	p, err := q.outside(k)
	if err != nil {
		q.gap(k, geo.NewProblem("check.outside.failed", "layer", q.layers[k].title()).Because(err))
		return
	}
	if p.area > q.slight() && !q.thin(&p) {
		q.find(k, &p, []string{rule.Outside})
	}
}

func (q *question) outside(k int) (piece, error) {
	p := piece{layer: k, feature: -1, area: q.own, outline: q.plane, shown: q.parcel.Geometry}
	found := q.piecesOf(k)
	if len(found) == 0 {
		return p, nil
	}
	if slices.ContainsFunc(found, func(o piece) bool { return o.outline == nil }) {
		return p, overlay.ErrDisagree
	}
	union, err := overlay.Dissolve(outlines(found))
	if err != nil {
		return p, err
	}
	if p.area = q.own - q.Area(q.plane, union); p.area <= min(speck, q.own/2) {
		return p, nil
	}
	if p.outline, err = q.Outline(q.plane, union, overlay.Difference); err != nil {
		return p, err
	}
	p.shown = toDegrees(p.outline)
	return p, overlay.Agree(p.area, p.outline, q.plane, union)
}

func outlines(pieces []piece) []orb.MultiPolygon {
	out := make([]orb.MultiPolygon, len(pieces))
	for i, p := range pieces {
		out[i] = p.outline
	}
	return out
}

// byFeature orders pieces by the feature they belong to.
func byFeature(x, y piece) int { return cmp.Compare(x.feature, y.feature) }
