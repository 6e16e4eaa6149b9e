package nodecrease

import (
	"context"
	"slices"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/place"
)

// Check holds the current vintage against the baseline. The result depends on nothing but the vintages, the code book,
// in and o: same inputs, same bytes. A layer of a theme other than red line and protected areas is refused, problem
// "nodecrease.layer.theme", and options out of range, "nodecrease.option.range".
func Check(ctx context.Context, lib *layers.Library, in Input, o Options) (Result, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Result{}, err
	}
	c := &check{Options: o, in: in}
	if err := c.load(ctx, lib); err != nil {
		return Result{}, err
	}
	steps := []func(context.Context) error{c.area, c.nature, c.zones, c.measures}
	for i, step := range steps {
		c.tell(i, len(steps))
		if err := step(ctx); err != nil {
			return Result{}, err
		}
	}
	c.attributes()
	c.function()
	c.tell(len(steps), len(steps))
	return c.finish(), nil
}

// check is a check under way.
type check struct {
	Options
	in Input
	// The loaded vintages; those that were not asked for are nil.
	baseline, current, landBefore, landNow, approved       *layers.Loaded
	activitiesBefore, activitiesNow, linesBefore, linesNow *layers.Loaded
	regionLayer                                            *layers.Loaded
	regions                                                *place.Regions
	before, now                                            *place.Extent // what the layer covers
	rows                                                   []Row         // per row of regions
	sums                                                   []sums        // the same
	// zoned says that there are zones to compare, zoneGaps why that comparison is incomplete.
	zoned    bool
	zoneGaps []*geo.Problem
	result   Result
}

func (c *check) tell(done, total int) {
	if c.Progress != nil {
		c.Progress(int64(done), int64(total))
	}
}

// load reads the vintages and says what is known to be wrong with them.
func (c *check) load(ctx context.Context, lib *layers.Library) error {
	for _, v := range []struct {
		ref  layers.Ref
		into **layers.Loaded
	}{
		{c.in.Baseline, &c.baseline},
		{c.in.Current, &c.current},
		{c.in.Regions, &c.regionLayer},
		{c.in.LandBefore, &c.landBefore},
		{c.in.LandNow, &c.landNow},
		{c.in.ApprovedPlaces, &c.approved},
		{c.in.ActivitiesBefore, &c.activitiesBefore},
		{c.in.ActivitiesNow, &c.activitiesNow},
		{c.in.LinesBefore, &c.linesBefore},
		{c.in.LinesNow, &c.linesNow},
	} {
		if v.ref == (layers.Ref{}) {
			continue
		}
		loaded, err := lib.Load(ctx, v.ref)
		if err != nil {
			return err
		}
		*v.into = loaded
		c.rest(loaded)
	}
	if err := c.checkThemes(); err != nil {
		return err
	}
	c.regions = place.None()
	if c.in.Regions != (layers.Ref{}) {
		var err error
		if c.regions, err = place.RegionsOf(c.regionLayer); err != nil {
			return err
		}
	}
	return c.begin(ctx, lib)
}

// checkThemes refuses what cannot be compared.
func (c *check) checkThemes() error {
	if c.baseline == nil || c.current == nil {
		return geo.NewProblem("nodecrease.baseline.missing")
	}
	if c.in.Baseline == c.in.Current {
		return geo.NewProblem("nodecrease.vintages.same", "ref", c.in.Baseline)
	}
	for _, v := range []*layers.Loaded{c.baseline, c.current} {
		t := v.Vintage.Theme
		if t != layers.Redline && t != layers.Protected || t != c.baseline.Vintage.Theme {
			return geo.NewProblem("nodecrease.layer.theme", "ref", v.Vintage.Ref, "theme", string(t))
		}
	}
	for _, v := range []*layers.Loaded{c.landBefore, c.landNow} {
		if v != nil && v.Vintage.Theme != layers.Landuse {
			return geo.NewProblem("nodecrease.land.theme", "ref", v.Vintage.Ref, "theme", string(v.Vintage.Theme))
		}
	}
	return nil
}

// begin lays out the extents and the rows.
func (c *check) begin(ctx context.Context, lib *layers.Library) error {
	var err error
	if c.before, err = place.ExtentOf(c.baseline, nil); err != nil {
		return err
	}
	if c.now, err = place.ExtentOf(c.current, nil); err != nil {
		return err
	}
	for _, e := range []struct {
		ref    layers.Ref
		extent *place.Extent
	}{{c.in.Baseline, c.before}, {c.in.Current, c.now}} {
		if e.extent.Empty() {
			return geo.NewProblem("nodecrease.layer.no-polygons", "ref", e.ref)
		}
	}
	c.rows = make([]Row, c.regions.Rows())
	for i := range c.rows {
		r := c.regions.At(i)
		c.rows[i].Code, c.rows[i].Name, c.rows[i].Region = r.Code, r.Name, r.Area
	}
	all, err := lib.Store().Layers(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(l layers.Layer) bool { return l.ID == c.in.Current.Layer }); i >= 0 {
		c.result.Layer = all[i]
	}
	c.result.Input = c.in
	p := &c.result.Provenance
	p.Method, p.Tolerance, p.Program, p.At = ellipsoid.LegalPlane, leastTolerance, c.Program, c.Now()
	slices.SortFunc(p.Refs, layers.Ref.Compare)
	p.Refs = slices.Compact(p.Refs)
	return nil
}

// rest notes a vintage that the answer rests on, and what is known to be missing of it.
func (c *check) rest(v *layers.Loaded) {
	c.result.Provenance.Refs = append(c.result.Provenance.Refs, v.Vintage.Ref)
	if n := len(v.Vintage.Rejects); n > 0 {
		c.gap(v, "nodecrease.layer.rejects", "ref", v.Vintage.Ref, "count", n)
	}
	if s := v.Vintage.Provenance.Suspected; s != "" {
		c.gap(v, "nodecrease.layer.suspected", "ref", v.Vintage.Ref, "frame", s)
	}
}

// gap notes what was not known; v may be nil.
func (c *check) gap(v *layers.Loaded, code string, args ...any) {
	g := analysis.Gap{Problem: geo.NewProblem(code, args...)}
	if v != nil {
		g.Layer = v.Vintage.Ref.Layer
	}
	c.result.Gaps = append(c.result.Gaps, g)
}

// gapsOf are the reasons why an answer about these vintages is incomplete.
func (c *check) gapsOf(vintages ...*layers.Loaded) []*geo.Problem {
	var out []*geo.Problem
	for _, g := range c.result.Gaps {
		about := func(v *layers.Loaded) bool { return v != nil && v.Vintage.Ref.Layer == g.Layer }
		if slices.ContainsFunc(vintages, about) {
			out = append(out, g.Problem)
		}
	}
	return out
}

// portions adds the area of a place to rows.
func (c *check) portions(outline *overlay.Prepared, add func(row *Row, a geo.Area)) {
	for _, p := range c.regions.Split(outline) {
		add(&c.rows[p.Zone], p.Area)
	}
}

// spread adds the area of every part of an extent to rows.
func (c *check) spread(e *place.Extent, add func(row *Row, a geo.Area)) {
	for i := range e.Outline() {
		c.portions(overlay.Prepare(e.Outline()[i:i+1]), add)
	}
}
