package inquiry

import (
	"context"
	"io"
	"strconv"

	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/report"
)

// Construction asks for the construction land of one or more years. What is null is filled in: Values with the figures
// kept in the workspace, Target with that of the indicator set of the last year, Idle with the classes of the indicator
// book. Zones are the layers in which construction land is looked for.
type Construction struct {
	Landuse []layers.Ref `json:"landuse"`
	Regions layers.Ref   `json:"regions,omitzero"`
	Zones   []layers.Ref `json:"zones,omitempty"`
	// Values are products, indices, populations and control totals; others among them are not looked at.
	Values []indicator.Value `json:"values"`
	// Target is the yearly decline that is asked for in per cent, 0 for none.
	Target *float64 `json:"target"`
	// Idle are the classes of idle land; IdleField and IdleValues mark it by an attribute besides.
	Idle       []string `json:"idle"`
	IdleField  string   `json:"idleField,omitempty"`
	IdleValues []string `json:"idleValues,omitempty"`
	// Patches lists what was built or given back.
	Patches bool `json:"patches,omitempty"`
}

func constructionKind() Kind {
	return form[Construction, construction.Result]{
		name:  "construction",
		run:   runConstruction,
		rests: func(r construction.Result) (analysis.Provenance, []analysis.Gap) { return r.Provenance, r.Gaps },
		document: func(_ Construction, r construction.Result, p report.Printer) report.Document {
			return report.ConstructionDocument(r, p)
		},
		features: func(w io.Writer, r construction.Result, _ report.Printer) error {
			return report.ConstructionGeoJSON(w, r)
		},
	}.kind()
}

func runConstruction(ctx context.Context, d Desk, q *Construction) (construction.Result, error) {
	d = d.withIndicators()
	if err := q.complete(d); err != nil {
		return construction.Result{}, err
	}
	figures, controls := indicator.Yearbook(q.Values)
	return construction.Account(ctx, d.Library, q.Landuse, construction.Options{
		Codes: d.Codes, Regions: q.Regions, Zones: q.Zones, Idle: q.Idle, IdleField: q.IdleField, IdleValues: q.IdleValues,
		Controls: controls, Figures: figures, Target: construction.Share(*q.Target / 100), Patches: q.Patches,
		Progress: d.Progress, Now: d.Now, Program: d.Program,
	})
}

// complete fills in what was left to the desk, so that the question asked again has the same answer.
func (q *Construction) complete(d Desk) error {
	if q.Values == nil {
		all, err := d.entered()
		if err != nil {
			return err
		}
		q.Values = []indicator.Value{}
		for _, v := range all {
			if _, ok := d.Indicators.Figure(v.Indicator); ok && yearOf(q.Landuse, v.Year) {
				q.Values = append(q.Values, v)
			}
		}
	}
	if q.Idle == nil {
		q.Idle = d.Indicators.Idle
	}
	if q.Target == nil {
		target := 0.0
		if s, ok := d.Indicators.SetOn(lastYear(q.Landuse)); ok {
			target = dropTarget(s)
		}
		q.Target = &target
	}
	return nil
}

// dropTarget is the yearly decline per unit of product that a set asks for in per cent, 0 when it asks for none.
func dropTarget(s indicator.Set) float64 {
	for _, i := range s.Indicators {
		if i.Method == indicator.ConstructionDrop && i.Target != nil {
			return *i.Target
		}
	}
	return 0
}

// yearOf reports whether one of the vintages is of a year.
func yearOf(refs []layers.Ref, year int) bool {
	for _, r := range refs {
		if vintageYear(r) == year {
			return true
		}
	}
	return false
}

func lastYear(refs []layers.Ref) int {
	last := 0
	for _, r := range refs {
		last = max(last, vintageYear(r))
	}
	return last
}

// vintageYear is the year of a vintage, 0 for the zero Ref.
func vintageYear(r layers.Ref) int {
	year, err := strconv.Atoi(r.Vintage[:min(len(r.Vintage), 4)])
	if err != nil {
		return 0
	}
	return year
}
