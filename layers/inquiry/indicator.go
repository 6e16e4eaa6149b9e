package inquiry

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/analysis/place"
	"greenshield/layers/analysis/shoreline"
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
	Shoreline []ShorelineOf     `json:"shoreline"`
	Values    []indicator.Value `json:"values"`
}

// ShorelineOf are zones and the line that they are measured along, if they need one.
type ShorelineOf struct {
	Zones layers.Ref `json:"zones"`
	Line  layers.Ref `json:"line,omitzero"`
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
	for _, step := range []func(context.Context) error{c.construction, c.cover, c.shoreline} {
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
		for _, year := range c.q.Years {
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
		q.Years = []int{last - 1, last}
	}
	slices.Sort(q.Years)
	q.Years = slices.Compact(q.Years)
	last := q.Years[len(q.Years)-1]
	if q.Regions == (layers.Ref{}) {
		q.Regions = c.inUse(layers.Region, last)
	}
	if q.Landuse == nil {
		q.Landuse = c.ofYears(layers.Landuse, q.Years[0]-1, last)
	}
	if q.Shoreline == nil {
		q.Shoreline = c.shorelines(last)
	}
	return q.chooseSet(d, last)
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

// catalogue is what is published, for choosing vintages.
type catalogue struct {
	ctx      context.Context
	store    layers.Store
	vintages map[layers.Theme][]layers.Vintage
}

func (c *catalogue) read() error {
	c.vintages = map[layers.Theme][]layers.Vintage{}
	all, err := c.store.Layers(c.ctx)
	if err != nil {
		return err
	}
	for _, l := range all {
		vintages, err := c.store.Vintages(c.ctx, l.ID)
		if err != nil {
			return err
		}
		c.vintages[l.Theme] = append(c.vintages[l.Theme], vintages...)
	}
	return nil
}

// inUse is the last vintage of a theme at the end of a year, of several layers that of the first by id; the zero Ref when
// there is none.
func (c *catalogue) inUse(t layers.Theme, year int) layers.Ref {
	for _, own := range c.byLayer(t) {
		if v, ok := layers.Latest(own, strconv.Itoa(year)+"-12-31"); ok {
			return v.Ref
		}
	}
	return layers.Ref{}
}

// byLayer are the vintages of a theme, one list for each layer.
func (c *catalogue) byLayer(t layers.Theme) [][]layers.Vintage {
	var out [][]layers.Vintage
	for _, v := range c.vintages[t] {
		if n := len(out); n == 0 || out[n-1][0].Ref.Layer != v.Ref.Layer {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], v)
	}
	return out
}

// ofYears are the last vintages of each year of the first layer of a theme.
func (c *catalogue) ofYears(t layers.Theme, from, to int) []layers.Ref {
	out := []layers.Ref{}
	all := c.byLayer(t)
	if len(all) == 0 {
		return out
	}
	for year := from; year <= to; year++ {
		v, ok := layers.Latest(all[0], strconv.Itoa(year)+"-12-31")
		if ok && vintageYear(v.Ref) == year {
			out = append(out, v.Ref)
		}
	}
	return out
}

func (c *catalogue) lastYear(t layers.Theme) int {
	last := 0
	for _, v := range c.vintages[t] {
		last = max(last, vintageYear(v.Ref))
	}
	return last
}

// shorelines are the zones in use: those of the first layer that are lines, else polygons with the management line.
func (c *catalogue) shorelines(year int) []ShorelineOf {
	day := strconv.Itoa(year) + "-12-31"
	line := c.inUse(layers.Bankline, year)
	polygons := []ShorelineOf{}
	for _, own := range c.byLayer(layers.Shoreline) {
		v, ok := layers.Latest(own, day)
		switch {
		case !ok:
		case v.Length > 0:
			return []ShorelineOf{{Zones: v.Ref}}
		case line != (layers.Ref{}) && len(polygons) == 0:
			polygons = append(polygons, ShorelineOf{v.Ref, line})
		}
	}
	return polygons
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
