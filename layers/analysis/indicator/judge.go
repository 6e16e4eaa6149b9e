package indicator

import (
	"math"

	"greenshield/geo"
	"greenshield/layers/analysis"
)

// judgement is an assessment in the making.
type judgement struct {
	*Assessment
	i Indicator
	m Method
}

func (j *judgement) because(status analysis.Status, code string, args ...any) {
	j.Status = status
	j.Reasons = append(j.Reasons, geo.NewProblem(code, args...))
}

// decides reports whether the computed value takes part in the decision.
func (j *judgement) decides() bool { return j.Computed != nil && !j.m.Reference }

// gather takes the number and the conclusion from where they are: computed before entered, because it can be traced.
func (j *judgement) gather() {
	if e := j.Entered; e != nil {
		j.Number, j.Done = e.Number, e.Done
	}
	if j.decides() && j.Computed.Number != nil {
		j.Number = j.Computed.Number
	}
}

// compare holds the number to the target.
func (j *judgement) compare() {
	switch {
	case j.Number == nil:
		j.missing()
	case j.i.Op == Equals:
		j.settle(equal(*j.Number, *j.Target))
	case j.i.Better == "down":
		j.settle(*j.Number <= *j.Target || equal(*j.Number, *j.Target))
	default:
		j.settle(*j.Number >= *j.Target || equal(*j.Number, *j.Target))
	}
}

func (j *judgement) settle(met bool) {
	j.Status = analysis.NotMet
	if met {
		j.Status = analysis.Met
	}
}

// missing says why there is no number to hold to a target.
func (j *judgement) missing() {
	if j.Computed != nil && len(j.Computed.Reasons) > 0 {
		j.Status = analysis.ToAssess
		j.Reasons = append(j.Reasons, j.Computed.Reasons...)
		return
	}
	j.because(analysis.ToAssess, "indicator.value.missing")
}

// assigned compares with the target that the level above gave; without one the entered conclusion counts.
func (j *judgement) assigned() {
	if j.Entered != nil {
		j.Target = j.Entered.Assigned
	}
	if j.Computed != nil && j.Computed.Assigned != nil {
		if j.Target != nil && !equal(*j.Target, *j.Computed.Assigned) {
			j.because(analysis.ToVerify, "indicator.assigned.differs")
			return
		}
		j.Target = j.Computed.Assigned
	}
	switch {
	case j.Target != nil && j.Number != nil:
		j.compare()
		if j.Done != nil && *j.Done != (j.Status == analysis.Met) {
			j.because(analysis.ToVerify, "indicator.conclusion.differs")
		}
	case j.Done != nil:
		j.settle(*j.Done)
	case j.Number == nil:
		j.missing()
	default:
		j.because(analysis.ToAssess, "indicator.assigned.missing")
	}
}

// keep asks that the number be no worse than the year before; the entered conclusion counts where a year is missing.
func (j *judgement) keep(before *float64) {
	switch {
	case j.Number != nil && before != nil:
		j.Target = before
		j.compare()
	case j.Done != nil:
		j.settle(*j.Done)
	case j.Number == nil:
		j.missing()
	default:
		j.because(analysis.ToAssess, "indicator.before.missing")
	}
}

// done takes the conclusion of the method, else the entered one.
func (j *judgement) done() {
	c := j.Computed
	if j.decides() && c.Status != "" && c.Status != analysis.ToAssess {
		j.Status = c.Status
		j.Reasons = append(j.Reasons, c.Reasons...)
		if j.Done != nil && c.Status != analysis.ToVerify && *j.Done != (c.Status == analysis.Met) {
			j.because(analysis.ToVerify, "indicator.conclusion.differs")
		}
		return
	}
	if j.Done == nil {
		j.missing()
		return
	}
	j.settle(*j.Done)
}

// doubt turns an answer into one to verify where values contradict each other, or the computed one is in doubt.
func (j *judgement) doubt() {
	c, e := j.Computed, j.Entered
	if c == nil {
		return
	}
	if c.Number != nil && e != nil && e.Number != nil && math.Abs(*c.Number-*e.Number) > j.m.Tolerance+near {
		j.because(analysis.ToVerify, "indicator.value.differs", "tolerance", j.m.Tolerance)
	}
	if j.m.Reference {
		if c.Number != nil && (e == nil || e.Number == nil) && e.conclusion() == nil {
			j.Reasons = nil
			j.because(analysis.ToVerify, "indicator.value.reference")
		}
		return
	}
	if c.Status == analysis.ToVerify && (j.Status == analysis.Met || j.Status == analysis.NotMet) {
		j.Status = analysis.ToVerify
		j.Reasons = append(j.Reasons, c.Reasons...)
	}
}

func (v *Value) conclusion() *bool {
	if v == nil {
		return nil
	}
	return v.Done
}

// score counts the assessments of a region and year.
func score(s Set, region string, year int, all []Assessment) Score {
	out := Score{Region: region, Year: year}
	for _, a := range all {
		out.count(a)
		if i, _ := s.Find(a.Indicator); i.Attribute == "binding" {
			out.Binding++
			if a.Status == analysis.Met {
				out.BindingMet++
			}
		}
	}
	return out
}

func (s *Score) count(a Assessment) {
	switch a.Status {
	case analysis.Met:
		s.Met++
	case analysis.NotMet:
		s.NotMet++
	case analysis.ToVerify:
		s.ToVerify++
	default:
		s.ToAssess++
	}
	settled := func(x analysis.Status) bool { return x == analysis.Met || x == analysis.NotMet }
	switch {
	case a.Before == "":
	case a.Before == a.Status:
		s.Same++
	case !settled(a.Before) || !settled(a.Status):
		s.Unclear++
	case a.Status == analysis.Met:
		s.Improved++
	default:
		s.Worsened++
	}
}
