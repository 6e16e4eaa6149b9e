package inquiry

import (
	"context"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/analysis/place"
	"greenshield/layers/report"
)

// Indicator asks whether the indicators of a set are met in one or more years. What is null or empty is filled in: Set
// with the one in force at the end of the last year, Years with the last year of the land use and the one before, Regions,
// Landuse and Shoreline with the vintages in use at the end of those years, Values with all that is kept in the workspace.
// An empty list of vintages means that nothing is computed from them.
type Indicator struct {
	Set     string       `json:"set"`
	Years   []int        `json:"years"`
	Regions layers.Ref   `json:"regions"`
	Landuse []layers.Ref `json:"landuse"`
	// Shoreline is measured for the years from its vintage on, the last that had begun counting.
	Shoreline []ShorelineOf `json:"shoreline"`
	// Baselines are the approved versions that red line and protected areas are held against. They are never chosen: which
	// version was approved is not for a program to say, and without them the three no-decreases are not computed.
	Baselines []BaselineOf      `json:"baselines,omitempty"`
	Values    []indicator.Value `json:"values"`
}

// ShorelineOf are zones and the line that they are measured along, if they need one.
type ShorelineOf struct {
	Zones layers.Ref `json:"zones"`
	Line  layers.Ref `json:"line,omitzero"`
}

// BaselineOf is the approved version of a layer. Each year's version is the layer's last vintage of that year.
type BaselineOf struct {
	Baseline       layers.Ref            `json:"baseline"`
	Approvals      []nodecrease.Approval `json:"approvals,omitempty"`
	ApprovedPlaces layers.Ref            `json:"approvedPlaces,omitzero"`
	Scores         []nodecrease.Score    `json:"scores,omitempty"`
	// Current are the versions of the years; null means that they are chosen.
	Current []layers.Ref `json:"current"`
}

func indicatorKind() Kind {
	return form[Indicator, indicator.Result]{
		name:  "indicator",
		run:   runIndicator,
		rests: func(r indicator.Result) (analysis.Provenance, []analysis.Gap) { return r.Provenance, r.Gaps },
		document: func(_ Indicator, r indicator.Result, p report.Printer) report.Document {
			return report.IndicatorDocument(r, p)
		},
	}.kind()
}

func runIndicator(ctx context.Context, d Desk, q *Indicator) (indicator.Result, error) {
	d = d.withIndicators()
	if err := q.complete(ctx, d); err != nil {
		return indicator.Result{}, err
	}
	set, err := d.Indicators.Set(q.Set)
	if err != nil {
		return indicator.Result{}, err
	}
	regions, err := q.regions(ctx, d)
	if err != nil {
		return indicator.Result{}, err
	}
	in := indicator.Inputs{Regions: assessed(regions, q.Values), Years: q.Years, Values: q.Values}
	if len(in.Regions) == 0 {
		return indicator.Result{}, geo.NewProblem("indicator.region.none")
	}
	c := computing{Desk: d, q: q, set: set, regions: regions, in: &in}
	for _, step := range []func(context.Context) error{c.construction, c.cover, c.shoreline, c.noDecrease} {
		if err := step(ctx); err != nil {
			return indicator.Result{}, err
		}
	}
	return indicator.Assess(d.Indicators, set, in, indicator.Options{Now: d.Now, Program: d.Program}), nil
}

// assessed are the regions of the layer, before them all together; without a layer those that values were entered for.
func assessed(regions *place.Regions, values []indicator.Value) []indicator.Region {
	var out []indicator.Region
	if whole := construction.WholeOf(regions.List); whole != "" && len(regions.List) > 1 {
		out = append(out, indicator.Region{Code: whole, Name: regions.Names[whole]})
	}
	for _, r := range regions.List {
		out = append(out, indicator.Region{Code: r.Code, Name: r.Name})
	}
	if len(out) > 0 {
		return out
	}
	for _, v := range values {
		out = append(out, indicator.Region{Code: v.Region})
	}
	slices.SortFunc(out, func(a, b indicator.Region) int { return strings.Compare(a.Code, b.Code) })
	return slices.Compact(out)
}

// complete fills in what was left to the desk, so that the question asked again has the same answer.
func (q *Indicator) complete(ctx context.Context, d Desk) error {
	c := catalogue{ctx: ctx, store: d.Library.Store()}
	if err := c.read(); err != nil {
		return err
	}
	if q.Values == nil {
		all, err := d.entered()
		if err != nil {
			return err
		}
		q.Values = append([]indicator.Value{}, all...)
	}
	if len(q.Years) == 0 {
		last := max(lastYear(q.Landuse), c.lastYear(layers.Landuse))
		for _, v := range q.Values {
			last = max(last, v.Year)
		}
		q.Years = []int{last}
	}
	slices.Sort(q.Years)
	q.Years = slices.Compact(q.Years)
	last := q.Years[len(q.Years)-1]
	if q.Regions == (layers.Ref{}) {
		q.Regions = c.inUse(layers.Region, last)
	}
	if q.Landuse == nil {
		q.Landuse = c.ofYears(c.first(layers.Landuse), q.landYears())
	}
	for i := range q.Baselines {
		if b := &q.Baselines[i]; b.Current == nil {
			b.Current = c.ofYears(c.layer(b.Baseline.Layer), q.withBefore())
		}
	}
	if q.Shoreline == nil {
		q.Shoreline = c.shorelines(last)
	}
	return q.chooseSet(d, last)
}

// withBefore are the years and the ones before them, which tell the change.
func (q *Indicator) withBefore() []int {
	years := slices.Clone(q.Years)
	for _, y := range q.Years {
		years = append(years, y-1)
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// landYears are the years whose land use is wanted: for the decline of the year before one more, and those of baselines.
func (q *Indicator) landYears() []int {
	years := append(q.withBefore(), q.Years[0]-2)
	for _, b := range q.Baselines {
		years = append(years, vintageYear(b.Baseline))
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// Template gives the rows of the table that values are entered in, for the set, years and regions of the question.
func (q Indicator) Template(ctx context.Context, d Desk, lang string) ([][]string, error) {
	d = d.withIndicators()
	if err := q.complete(ctx, d); err != nil {
		return nil, err
	}
	set, err := d.Indicators.Set(q.Set)
	if err != nil {
		return nil, err
	}
	regions, err := q.regions(ctx, d)
	if err != nil {
		return nil, err
	}
	all := assessed(regions, q.Values)
	if len(all) == 0 {
		return nil, geo.NewProblem("indicator.region.none")
	}
	return d.Indicators.Template(set, all, q.Years, lang), nil
}

// regions are those of the question's layer.
func (q *Indicator) regions(ctx context.Context, d Desk) (*place.Regions, error) {
	if q.Regions == (layers.Ref{}) {
		return place.None(), nil
	}
	v, err := d.Library.Load(ctx, q.Regions)
	if err != nil {
		return nil, err
	}
	return place.RegionsOf(v)
}

func (q *Indicator) chooseSet(d Desk, year int) error {
	if q.Set != "" {
		return nil
	}
	s, ok := d.Indicators.SetOn(year)
	if !ok {
		return geo.NewProblem("indicator.set.none", "year", year)
	}
	q.Set = s.ID
	return nil
}

// withIndicators is a desk with a book of indicators, an empty one where none was given: then no set is found.
func (d Desk) withIndicators() Desk {
	if d.Indicators == nil {
		d.Indicators = &indicator.Book{}
	}
	return d
}

// entered are the values kept in the workspace, the last of each.
func (d Desk) entered() ([]indicator.Value, error) {
	if d.Values == nil {
		return nil, nil
	}
	all, err := d.Values()
	return indicator.Current(all), err
}
