package nodecrease

import (
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// because makes an assessment at least as bad as one, and says why.
func (j *Judged) because(a analysis.Status, reasons ...*geo.Problem) {
	j.Status = worst(j.Status, a)
	j.Reasons = append(j.Reasons, reasons...)
}

// worst is the worst of several statuses; one that is empty was not asked. What is known not to be met stands above what is
// not known.
func worst(all ...analysis.Status) analysis.Status {
	order := []analysis.Status{"", analysis.Met, analysis.ToAssess, analysis.ToVerify, analysis.NotMet}
	place := 0
	for _, s := range all {
		place = max(place, slices.Index(order, s))
	}
	return order[place]
}

// finish judges the rows and puts the answer together.
func (c *check) finish() Result {
	r := &c.result
	slices.SortFunc(r.Patches, comparePatches)
	number(r.Patches)
	for i := range c.rows {
		row := &c.rows[i]
		r.Total.add(*row)
		if row.Area.Before <= sliver && row.Area.Now <= sliver {
			continue
		}
		mine := func(p Patch) bool { return p.Region == row.Code }
		c.judge(row, mine)
		r.Rows = append(r.Rows, *row)
	}
	r.Total.Nature.Known = c.landBefore != nil && c.landNow != nil
	r.Total.Area.Net, r.Total.Area.Tolerance = r.Total.Area.Now-r.Total.Area.Before, tolerance(r.Total.Area.Before)
	c.scoreTotal()
	c.judge(&r.Total, func(Patch) bool { return true })
	r.Total.Measures = c.measured(r.Total, total(c.sums))
	r.Unused = c.unused()
	return *r
}

// number tells patches of one place apart, in their order: a second one gets "-2".
func number(patches []Patch) {
	seen := map[string]int{}
	for i := range patches {
		id := patches[i].ID
		if seen[id]++; seen[id] > 1 {
			patches[i].ID += "-" + strconv.Itoa(seen[id])
		}
	}
}

// add sums rows up; what follows from sums is worked out afterwards.
func (r *Row) add(o Row) {
	r.Region += o.Region
	a, n := &r.Area, &r.Nature
	a.Before, a.Now = a.Before+o.Area.Before, a.Now+o.Area.Now
	a.Lost, a.Gained = a.Lost+o.Area.Lost, a.Gained+o.Area.Gained
	n.CoveredBefore, n.CoveredNow = n.CoveredBefore+o.Nature.CoveredBefore, n.CoveredNow+o.Nature.CoveredNow
	n.NaturalBefore, n.NaturalNow = n.NaturalBefore+o.Nature.NaturalBefore, n.NaturalNow+o.Nature.NaturalNow
	n.Before, n.Now = n.Before+o.Nature.Before, n.Now+o.Nature.Now
	n.NowInBaseline, n.Built = n.NowInBaseline+o.Nature.NowInBaseline, n.Built+o.Nature.Built
	n.Agricultural, n.Cultivated = n.Agricultural+o.Nature.Agricultural, n.Cultivated+o.Nature.Cultivated
	r.Zone.Downgraded += o.Zone.Downgraded
}

// judge assesses a row, whose patches are those for which mine answers true.
func (c *check) judge(r *Row, mine func(Patch) bool) {
	c.judgeArea(r, mine)
	c.judgeNature(r, mine)
	c.judgeZone(r, mine)
	r.judgeFunction()
	r.Status = worst(r.Area.Status, r.Nature.Status, r.Zone.Status, r.Function.Status)
}

// account sums the listed patches of a kind up: all, what of them approvals cover, and those that none settles.
type account struct {
	listed, approved, open geo.Area
	count                  int // of the open ones
}

func (c *check) account(kind string, mine func(Patch) bool) account {
	var a account
	for i := range c.result.Patches {
		p := &c.result.Patches[i]
		if p.Kind != kind || !mine(*p) {
			continue
		}
		a.listed += p.Area
		a.approved += p.Approved
		if !c.settled(p) {
			a.open += p.Area
			a.count++
		}
	}
	return a
}

// judgeArea: less than before is not met, approved or not, because the question is whether it is less. A boundary that
// moved at a kept area needs an approval number for every listed loss.
func (c *check) judgeArea(r *Row, mine func(Patch) bool) {
	a := &r.Area
	lost := c.account(Lost, mine)
	a.Approved = lost.approved
	a.because(analysis.Met)
	switch {
	case a.Net < -a.Tolerance:
		a.because(analysis.NotMet, geo.NewProblem("nodecrease.area.less", "area", hectares(-a.Net), "tolerance", hectares(a.Tolerance)))
	case a.Lost > a.Tolerance && (lost.count > 0 || a.Lost-lost.listed > a.Tolerance):
		a.Moved = true
		a.because(analysis.ToVerify, geo.NewProblem("nodecrease.area.moved", "lost", hectares(a.Lost), "gained", hectares(a.Gained)))
	case a.Lost > a.Tolerance:
		a.Moved = true
		a.because(analysis.Met, geo.NewProblem("nodecrease.area.moved-approved", "lost", hectares(a.Lost)))
	}
	if gaps := c.gapsOf(c.baseline, c.current, c.regionLayer); len(gaps) > 0 {
		a.because(analysis.ToVerify, gaps...)
	}
}

// judgeNature: land newly built upon that no approval covers is not met. What approvals cover, what is too small to be
// listed, and cultivation are for people to look at.
func (c *check) judgeNature(r *Row, mine func(Patch) bool) {
	n := &r.Nature
	if !n.Known {
		n.because(analysis.ToAssess, geo.NewProblem("nodecrease.land.missing"))
		return
	}
	built := c.account(Built, mine)
	n.Approved = built.approved
	tol := tolerance(max(n.Before, n.Now))
	n.because(analysis.Met)
	if built.count > 0 {
		n.because(analysis.NotMet, geo.NewProblem("nodecrease.nature.built", "count", built.count, "area", hectares(built.open)))
	} else if built.listed > 0 {
		n.because(analysis.ToVerify, geo.NewProblem("nodecrease.nature.approved", "area", hectares(built.listed)))
	}
	if small := n.Built - built.listed; small > tol {
		n.because(analysis.ToVerify, geo.NewProblem("nodecrease.nature.small", "area", hectares(small), "least", float64(c.MinPatch)))
	}
	if n.Now-n.Before > tol && n.Built <= tol {
		n.because(analysis.ToVerify, geo.NewProblem("nodecrease.nature.by-boundary", "area", hectares(n.Now-n.Before)))
	}
	if n.Cultivated > tol {
		n.because(analysis.ToVerify, geo.NewProblem("nodecrease.nature.cultivated", "area", hectares(n.Cultivated)))
	}
	for _, l := range [...]struct {
		ref         layers.Ref
		of, covered geo.Area
	}{{c.in.LandBefore, r.Area.Before, n.CoveredBefore}, {c.in.LandNow, r.Area.Now, n.CoveredNow}} {
		if off := l.of - l.covered; off > tolerance(l.of) {
			n.because(analysis.ToVerify, geo.NewProblem("nodecrease.land.partial", "ref", l.ref, "area", hectares(off)))
		} else if -off > tolerance(l.of) {
			n.because(analysis.ToVerify, geo.NewProblem("nodecrease.land.overlaps", "ref", l.ref, "area", hectares(-off)))
		}
	}
	if gaps := c.gapsOf(c.baseline, c.current, c.landBefore, c.landNow, c.regionLayer); len(gaps) > 0 {
		n.because(analysis.ToVerify, gaps...)
	}
}

// judgeZone: a downgrade needs an approval number. A layer without zones at either date is not asked.
func (c *check) judgeZone(r *Row, mine func(Patch) bool) {
	z := &r.Zone
	down := c.account(Downgraded, mine)
	z.Approved = down.approved
	if !c.zoned && len(c.zoneGaps) == 0 {
		return
	}
	z.because(analysis.Met)
	if z.Downgraded > tolerance(r.Area.Before) && (down.count > 0 || z.Downgraded-down.listed > tolerance(r.Area.Before)) {
		z.because(analysis.ToVerify, geo.NewProblem("nodecrease.zone.downgraded", "area", hectares(z.Downgraded)))
	}
	if len(c.zoneGaps) > 0 {
		z.because(analysis.ToVerify, c.zoneGaps...)
	}
}

// judgeFunction goes by scores alone: function cannot be told from vectors.
func (r *Row) judgeFunction() {
	f := &r.Function
	switch {
	case f.Status != "": // a total that was taken from its rows
	case f.Before == nil || f.Now == nil:
		f.because(analysis.ToAssess, geo.NewProblem("nodecrease.function.missing"))
	case *f.Now < *f.Before:
		f.because(analysis.NotMet, geo.NewProblem("nodecrease.function.lower", "before", *f.Before, "now", *f.Now))
	default:
		f.because(analysis.Met)
	}
}

// function enters the scores.
func (c *check) function() {
	for i := range c.rows {
		for _, s := range c.in.Scores {
			if s.Region == c.rows[i].Code {
				c.rows[i].Function = FunctionAccount{Before: s.Before, Now: s.Now, Source: s.Source}
			}
		}
	}
}

// scoreTotal gives the total the score of a unit that holds all rows, such as the city; without one it is as good as the
// worst of the rows.
func (c *check) scoreTotal() {
	f := &c.result.Total.Function
	for _, s := range c.in.Scores {
		prefix := strings.TrimRight(s.Region, "0")
		holds := func(r Row) bool { return r.Code == "" || strings.HasPrefix(r.Code, prefix) && r.Code != s.Region }
		if !slices.ContainsFunc(c.result.Rows, func(r Row) bool { return !holds(r) }) {
			*f = FunctionAccount{Before: s.Before, Now: s.Now, Source: s.Source}
			return
		}
	}
	for _, r := range c.result.Rows {
		f.because(r.Function.Status, r.Function.Reasons...)
	}
	f.Reasons = once(f.Reasons)
}

// once leaves every reason in once.
func once(reasons []*geo.Problem) []*geo.Problem {
	var out []*geo.Problem
	for _, r := range reasons {
		if !slices.ContainsFunc(out, func(o *geo.Problem) bool { return o.Error() == r.Error() }) {
			out = append(out, r)
		}
	}
	return out
}

// unused are the numbers of approvals that matched no patch: a slip of the pen, or nothing to approve.
func (c *check) unused() []string {
	used := map[string]bool{}
	for _, p := range c.result.Patches {
		for _, n := range p.Numbers {
			used[n] = true
		}
	}
	var out []string
	for _, a := range c.in.Approvals {
		if !used[a.Number] {
			out = append(out, a.Number)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
