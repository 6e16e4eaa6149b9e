package indicator

import (
	"math"
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Region is a region that is assessed.
type Region struct{ Code, Name string }

// Computed is a value that a method computed from layers for a region and year.
type Computed struct {
	Method string
	Region string
	Year   int
	// Number is in the unit of the indicators that use the method, nil when it could not be computed.
	Number *float64
	// Assigned is a target that was given with the inputs, such as a control total.
	Assigned *float64
	// Status is the answer of a method that judges by itself, "" for one whose number is held to a target. ToVerify and
	// ToAssess also say, for any method, that the number cannot be relied on.
	Status analysis.Status
	// Inputs are what the formula was fed with.
	Inputs  []Input
	Refs    []layers.Ref
	Reasons []*geo.Problem
}

// Input is one figure that went into a formula. Name is a key of texts ("indicator.input." + Name); Unit is "m²", "m", or
// "" where the name says it.
type Input struct {
	Name  string
	Year  int
	Value float64
	Unit  string
}

// Assessment is one indicator of a region in a year.
type Assessment struct {
	Indicator string
	Region    string
	Year      int
	// Number is what was held to Target, both in the indicator's unit; nil where there is none. Done is the conclusion.
	Number, Target *float64
	Done           *bool
	Status         analysis.Status
	Reasons        []*geo.Problem
	// Entered and Computed are where it comes from.
	Entered  *Value
	Computed *Computed
	// Change is Number less that of the year before; Before is the status then, "" when nothing is known of that year.
	Change *float64
	Before analysis.Status
}

// Score counts the assessments of a region and year.
type Score struct {
	Region                            string
	Year                              int
	Met, NotMet, ToVerify, ToAssess   int
	Binding, BindingMet               int
	Improved, Worsened, Same, Unclear int
}

// Result is the scorecard of all regions and years.
type Result struct {
	// Set is the set as it was applied and Methods what its indicators are computed by, so that the result explains itself.
	Set     Set
	Methods []Method
	Sources map[string]string
	Regions []Region
	Years   []int
	// Assessments are ordered by region, year and the order of the set; Scores by region and year.
	Assessments []Assessment
	Scores      []Score
	Gaps        []analysis.Gap
	Provenance  analysis.Provenance
}

// Inputs are what an assessment is made of, in any order. Values and computed values of the year before each year tell the
// change.
type Inputs struct {
	Regions  []Region
	Years    []int
	Values   []Value
	Computed []Computed
	Gaps     []analysis.Gap
}

// Options of Assess.
type Options struct {
	// Now is the clock for Provenance.At; nil means time.Now. Program is the name and version for the provenance.
	Now     func() time.Time
	Program string
}

// Assess holds the values of every region and year to the targets of a set. The result depends on nothing but its inputs,
// not on their order but that of values for one indicator, region and year, of which the last counts.
func Assess(b *Book, s Set, in Inputs, o Options) Result {
	if o.Now == nil {
		o.Now = time.Now
	}
	a := newAssessor(b, s, in)
	r := Result{
		Set: s, Sources: map[string]string{}, Regions: a.in.Regions, Years: a.in.Years, Gaps: slices.Clone(in.Gaps),
	}
	r.Sources[s.Cite] = b.Sources[s.Cite]
	for _, m := range b.Methods {
		if slices.ContainsFunc(s.Indicators, func(i Indicator) bool { return i.Method == m.ID }) {
			r.Methods, r.Sources[m.Cite] = append(r.Methods, m), b.Sources[m.Cite]
		}
	}
	for _, i := range s.Indicators {
		r.Sources[i.Cite] = b.Sources[i.Cite]
	}
	for _, region := range a.in.Regions {
		for _, year := range a.in.Years {
			first := len(r.Assessments)
			for _, i := range s.Indicators {
				if i.inScope(region.Code) {
					r.Assessments = append(r.Assessments, a.compared(i, region.Code, year))
				}
			}
			r.Scores = append(r.Scores, score(s, region.Code, year, r.Assessments[first:]))
		}
	}
	for _, year := range a.in.Years {
		if !s.inForce(lastDay(year)) {
			r.Gaps = append(r.Gaps, analysis.Gap{Problem: geo.NewProblem("indicator.set.not-in-force",
				"set", s.ID, "year", year, "from", s.ValidFrom, "to", s.ValidTo)})
		}
	}
	r.Provenance = analysis.Provenance{
		Refs: refsOf(in.Computed), RuleBook: s.ID, RuleBookHash: b.Hash, Program: o.Program, At: o.Now(),
	}
	return r
}

// refsOf are the vintages that computed values rest on, each once.
func refsOf(computed []Computed) []layers.Ref {
	var refs []layers.Ref
	for _, c := range computed {
		refs = append(refs, c.Refs...)
	}
	slices.SortFunc(refs, layers.Ref.Compare)
	return slices.Compact(refs)
}

type assessor struct {
	book     *Book
	in       Inputs
	entered  map[valueKey]*Value
	computed map[valueKey]*Computed
}

func newAssessor(b *Book, s Set, in Inputs) *assessor {
	a := &assessor{book: b, in: in, entered: map[valueKey]*Value{}, computed: map[valueKey]*Computed{}}
	a.in.Years = slices.Compact(slices.Sorted(slices.Values(in.Years)))
	current := Current(in.Values)
	for i := range current {
		a.entered[current[i].key()] = &current[i]
	}
	a.in.Computed = slices.Clone(in.Computed) // the result points to them
	for i := range a.in.Computed {
		c := &a.in.Computed[i]
		a.computed[valueKey{c.Method, c.Region, c.Year}] = c
	}
	return a
}

// compared is an assessment with its change from the year before, where anything is known of that.
func (a *assessor) compared(i Indicator, region string, year int) Assessment {
	now, before := a.assess(i, region, year), a.assess(i, region, year-1)
	if before.Entered == nil && before.Computed == nil {
		return now
	}
	now.Before = before.Status
	if now.Number != nil && before.Number != nil {
		d := *now.Number - *before.Number
		now.Change = &d
	}
	return now
}

// assess holds one indicator to its target.
func (a *assessor) assess(i Indicator, region string, year int) Assessment {
	out := Assessment{Indicator: i.ID, Region: region, Year: year, Status: analysis.ToAssess}
	out.Entered = a.entered[valueKey{i.ID, region, year}]
	if i.Method != "" {
		out.Computed = a.computed[valueKey{i.Method, region, year}]
	}
	m, _ := a.book.Method(i.Method)
	j := judgement{Assessment: &out, i: i, m: m}
	j.gather()
	switch i.Op {
	case AtLeast, Equals:
		out.Target = i.Target
		j.compare()
	case Assigned:
		j.assigned()
	case Keep:
		j.keep(a.number(i, region, year-1))
	case Done:
		j.done()
	}
	j.doubt()
	return out
}

// number is what an indicator's number was in another year, nil when there is none.
func (a *assessor) number(i Indicator, region string, year int) *float64 {
	before := Assessment{Entered: a.entered[valueKey{i.ID, region, year}]}
	m, ok := a.book.Method(i.Method)
	if ok {
		before.Computed = a.computed[valueKey{i.Method, region, year}]
	}
	j := judgement{Assessment: &before, i: i, m: m}
	j.gather()
	return before.Number
}

// Near is how far numbers may be apart and still count as equal: the noise of reading decimals.
const near = 1e-9

func equal(x, y float64) bool { return math.Abs(x-y) <= near*max(1, math.Abs(x), math.Abs(y)) }
