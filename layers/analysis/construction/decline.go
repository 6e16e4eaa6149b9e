package construction

import (
	"math"

	"greenshield/geo"
	"greenshield/layers/analysis"
)

// decline computes how much less construction land a unit of product takes (domain section 1.4).
func (a *account) decline(s Step, region string, before, after Measured) Decline {
	basis := a.result.Basis
	from, to := a.figure(region, s.From), a.figure(region, s.To)
	d := Decline{}
	if s.To-s.From != 1 {
		to.Index = nil // it tells of one year only
	}
	f := declines(before.By(basis), after.By(basis), from, to)
	d.Level, d.Index, d.Value = f.level, f.index, f.value()
	d.Check = declines(before.Computed, after.Computed, from, to).value()
	if comparable(from, to) {
		d.Before, d.After = perGDP(before.By(basis), from.GDP), perGDP(after.By(basis), to.GDP)
	}
	a.assess(&d, s, from, to)
	return d
}

// comparable reports whether two products are known at prices of the same year.
func comparable(from, to Figure) bool {
	return from.GDP != nil && to.GDP != nil && from.Base != 0 && from.Base == to.Base
}

// forms are the two forms of the decline; nil where a figure is missing.
type forms struct{ level, index *Share }

func (f forms) value() *Share {
	if f.level != nil {
		return f.level
	}
	return f.index
}

// declines computes both forms. Levels are comparable at prices of one year only.
//
//	level: 1 − U(t)/U(t−1), U = J/GDP;  index: 1 − (J(t)/J(t−1)) / (I(t)/100)
func declines(before, after geo.Area, from, to Figure) forms {
	var f forms
	if !(before > 0) {
		return f
	}
	ratio := float64(after / before)
	if comparable(from, to) {
		f.level = ptr(Share(1 - ratio/float64(*to.GDP / *from.GDP)))
	}
	if to.Index != nil {
		f.index = ptr(Share(1 - ratio/(*to.Index/100)))
	}
	return f
}

// formsAgree is how far the two forms may be apart, a tenth of a per cent: published indices have one decimal (proposed).
const formsAgree = 0.001

// assess holds the decline to the target. What is missing makes it ToAssess, what contradicts itself ToVerify.
func (a *account) assess(d *Decline, s Step, from, to Figure) {
	because := func(status analysis.Status, code string, args ...any) {
		d.Status = status
		d.Reasons = append(d.Reasons, geo.NewProblem(code, args...))
	}
	years := []any{"from", s.From, "to", s.To}
	switch {
	case a.Target == 0:
		because(analysis.ToAssess, "construction.target.none")
		return
	case s.To-s.From != 1:
		because(analysis.ToAssess, "construction.years.apart", years...)
		return
	case d.Value == nil && from.GDP != nil && to.GDP != nil:
		because(analysis.ToAssess, "construction.gdp.base", years...)
		return
	case d.Value == nil:
		because(analysis.ToAssess, "construction.gdp.missing", years...)
		return
	}
	d.Status = compare(*d.Value >= a.Target)
	if d.Level != nil && d.Index != nil && math.Abs(float64(*d.Level-*d.Index)) > formsAgree {
		because(analysis.ToVerify, "construction.gdp.forms", years...)
	}
	if d.Check != nil && compare(*d.Check >= a.Target) != compare(*d.Value >= a.Target) {
		because(analysis.ToVerify, "construction.check.differs", years...)
	}
	if a.result.Basis == Computed {
		because(analysis.ToVerify, "construction.basis.computed", years...)
	}
	if a.result.Doubtful {
		because(analysis.ToVerify, "construction.landuse.doubtful", years...)
	}
}
