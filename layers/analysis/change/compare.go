package change

import (
	"context"
	"maps"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Tolerance is the area below which a difference within one feature is rounding: two deliveries of the same border
// differ by less than this along a kilometre when they agree to a millimetre.
const Tolerance geo.Area = 1

// Options of Compare; the zero value compares as a whole, without patches.
type Options struct {
	// Regions is the region vintage that the account is split by; zero makes one row.
	Regions layers.Ref
	// Patches asks for the outlines of the places that changed.
	Patches bool
	// MinPatch is the smallest patch that is listed; 0 means Tolerance. Smaller ones still count in the areas.
	MinPatch geo.Area
	// Width is the effective width, twice the area by the perimeter, below which a changed patch counts as digitising;
	// 0 means DefaultWidth, NoWidth that all are real.
	Width geo.Length
	// Same and Descent are the shares by which features are told to be the same or to come from another; 0 means
	// DefaultSame and DefaultDescent.
	Same, Descent float64
	// Flows are the named kinds of change that are added up, for land use.
	Flows FlowBook
	// Workers is the number of features compared at once; 0 means one per processor. It does not change the result.
	Workers int
	// Progress, when set, is told how far the work is, in thousandths, one call at a time.
	Progress func(done, total int64)
	// Now is the clock for Provenance.At; nil means time.Now. Program is the name and version for the provenance.
	Now     func() time.Time
	Program string
}

// Compare accounts for the difference between two vintages of a layer of polygons, region by region. All areas are
// taken in the legal plane, so they are legal areas. The result depends on nothing but the vintages and o.
//
// A layer with classes is compared feature by feature: features that are equal in both vintages are known by their
// hash and need no overlay, the others are overlaid with whatever they meet. A layer without classes is compared as
// a whole: each vintage is dissolved, so that features which overlap each other count once.
func Compare(ctx context.Context, lib *layers.Library, before, after layers.Ref, o Options) (Result, error) {
	c, err := load(ctx, lib, before, after, o)
	if err != nil {
		return Result{}, err
	}
	if c.classed() {
		err = c.byClass(ctx)
	} else {
		err = c.byExtent(ctx)
	}
	if err != nil {
		return Result{}, err
	}
	c.meter.stage(whole)
	c.meter.at(1, 1)
	return c.finish(), nil
}

// comparison is a comparison under way.
type comparison struct {
	Options
	before, after *layers.Loaded
	regions       []region
	names         map[string]string // of all delivered regions, by code
	zones         *overlay.Zones
	result        Result
	// sums holds the account of each region, in their order, and of what lies outside all of them at the end.
	sums []account
	// tallies holds, by cell, what of it is how many patches.
	tallies map[key]*Cell
	meter   meter
}

// account is what is added up for one region.
type account struct {
	before, after, gained, lost   geo.Area
	featuresBefore, featuresAfter int64
	matrix                        map[[2]string]geo.Area // by class before and class after
	onlyBefore, onlyAfter         map[string]geo.Area
}

func load(ctx context.Context, lib *layers.Library, before, after layers.Ref, o Options) (*comparison, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MinPatch == 0 {
		o.MinPatch = Tolerance
	}
	if o.Width == 0 {
		o.Width = DefaultWidth
	}
	o.Width = max(o.Width, 0)
	o.Same, o.Descent = shareOf(o.Same, DefaultSame), shareOf(o.Descent, DefaultDescent)
	if before.Layer != after.Layer {
		return nil, geo.NewProblem("change.layers.differ", "before", before, "after", after)
	}
	if before == after {
		return nil, geo.NewProblem("change.vintages.same", "ref", before)
	}
	c := &comparison{Options: o, tallies: map[key]*Cell{}, meter: meter{tell: o.Progress}}
	var err error
	if c.before, err = lib.Load(ctx, before); err != nil {
		return nil, err
	}
	if c.after, err = lib.Load(ctx, after); err != nil {
		return nil, err
	}
	for _, v := range []*layers.Loaded{c.before, c.after} {
		if v.Vintage.Area <= 0 {
			return nil, geo.NewProblem("change.layer.no-polygons", "ref", v.Vintage.Ref)
		}
	}
	if o.Regions != (layers.Ref{}) {
		if err := c.loadRegions(ctx, lib); err != nil {
			return nil, err
		}
	}
	c.zones = zones(c.regions)
	c.sums = make([]account, len(c.regions)+1)
	for i := range c.sums {
		c.sums[i] = account{
			matrix: map[[2]string]geo.Area{}, onlyBefore: map[string]geo.Area{}, onlyAfter: map[string]geo.Area{},
		}
	}
	return c, c.describe(ctx, lib)
}

// describe fills in what is known before anything is compared, and why the result may not be the whole truth.
func (c *comparison) describe(ctx context.Context, lib *layers.Library) error {
	r := &c.result
	all, err := lib.Store().Layers(ctx)
	if err != nil {
		return err
	}
	r.Before, r.After, r.Regions = c.before.Vintage.Ref, c.after.Vintage.Ref, c.Options.Regions
	if i := slices.IndexFunc(all, func(l layers.Layer) bool { return l.ID == r.Before.Layer }); i >= 0 {
		r.Layer = all[i]
	}
	r.Provenance = analysis.Provenance{
		Refs: []layers.Ref{r.Before, r.After}, Method: ellipsoid.LegalPlane, Tolerance: Tolerance, Width: c.Width,
		Program: c.Program, At: c.Now(),
	}
	if c.Options.Regions != (layers.Ref{}) {
		r.Provenance.Refs = append(r.Provenance.Refs, c.Options.Regions)
	}
	for _, v := range []layers.Vintage{c.before.Vintage, c.after.Vintage} {
		if n := len(v.Rejects); n > 0 {
			c.gap("change.layer.rejects", "ref", v.Ref, "count", n)
		}
		if s := v.Provenance.Suspected; s != "" {
			c.gap("change.layer.suspected", "ref", v.Ref, "frame", s)
		}
	}
	return nil
}

func (c *comparison) gap(code string, args ...any) {
	c.result.Gaps = append(c.result.Gaps, analysis.Gap{
		Layer: c.result.Before.Layer, Problem: geo.NewProblem(code, args...),
	})
}

// metres is an area within a sentence, in m².
func metres(a geo.Area) string { return strconv.FormatFloat(float64(a), 'f', 2, 64) }

// classed reports whether the layer is one whose classes are compared, and both vintages say some. Other themes may
// carry kinds as well, as the red line does, but what is asked of them is where they are.
func (c *comparison) classed() bool {
	role := classRole(c.before.Vintage.Theme)
	has := func(v *layers.Loaded) bool {
		return slices.ContainsFunc(v.Features(), func(f layers.Feature) bool { return f.Roles[role] != "" })
	}
	return role != "" && has(c.before) && has(c.after)
}

// classRole is what tells the features of a theme apart in a comparison: the class of land use and activities, and
// the code of regions, so that a border that moved is told as what went from which region to which; none for others.
func classRole(t layers.Theme) layers.Role {
	switch t {
	case layers.Landuse, layers.Activity:
		return layers.Class
	case layers.Region:
		return layers.Code
	}
	return ""
}

// class is what tells a feature apart.
func (c *comparison) class(f *layers.Feature) string {
	return f.Roles[classRole(c.before.Vintage.Theme)]
}

// each calls work for 0 … n−1, several at once; tasks write to places of their own, so the order does not matter.
func (c *comparison) each(ctx context.Context, n int, work func(i int, s *overlay.Scratch) error) error {
	workers := c.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next, done atomic.Int64
	errs := make([]error, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			scratch := new(overlay.Scratch)
			for ctx.Err() == nil && errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				errs[w] = work(i, scratch)
				if d := done.Add(1); d%256 == 0 || d == int64(n) {
					c.meter.at(d, int64(n))
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// finish turns the sums into rows, totals and matrices.
func (c *comparison) finish() Result {
	r := &c.result
	if n := len(c.regions); n > 0 && c.sums[n].empty() { // nothing lies outside the regions
		c.sums = c.sums[:n]
	}
	classes := map[string]bool{}
	for _, s := range c.sums {
		for pair := range s.matrix {
			classes[pair[0]], classes[pair[1]] = true, true
		}
		for class := range s.onlyBefore {
			classes[class] = true
		}
		for class := range s.onlyAfter {
			classes[class] = true
		}
	}
	r.Classes = slices.Sorted(maps.Keys(classes))
	for i, s := range c.sums {
		table := s.table(r.Classes)
		row := s.row(offDiagonal(table))
		if i < len(c.regions) {
			row.Code, row.Name = c.regions[i].code, c.regions[i].name
		}
		r.Rows = append(r.Rows, row)
		r.Total = r.Total.plus(row)
		if len(r.Classes) > 0 {
			r.MatrixByRegion = append(r.MatrixByRegion, table)
		}
	}
	// A feature that crosses a border counts in both regions, but once in the total.
	r.Total.FeaturesBefore, r.Total.FeaturesAfter = int64(len(c.before.Features())), int64(len(c.after.Features()))
	if len(r.Classes) > 0 {
		c.sumMatrices()
	}
	if r.Layer.Theme == layers.Region && len(c.regions) == 0 {
		c.accountByItself()
	}
	r.Cells, r.Units = c.cells(), c.units()
	r.Flows = c.flows()
	slices.SortStableFunc(r.Patches, func(a, b Patch) int { return comparePatches(a, b) })
	return *r
}

func (c *comparison) sumMatrices() {
	r := &c.result
	n := len(r.Classes)
	r.Matrix = make([][]geo.Area, n)
	r.OnlyBefore, r.OnlyAfter = make([]geo.Area, n), make([]geo.Area, n)
	for i := range n {
		r.Matrix[i] = make([]geo.Area, n)
		for _, m := range r.MatrixByRegion {
			for j := range n {
				r.Matrix[i][j] += m[i][j]
			}
		}
		for _, s := range c.sums {
			r.OnlyBefore[i] += s.onlyBefore[r.Classes[i]]
			r.OnlyAfter[i] += s.onlyAfter[r.Classes[i]]
		}
	}
}

// empty reports whether nothing worth a row lies here.
func (s account) empty() bool { return s.before < Tolerance && s.after < Tolerance }

// row closes the account: unchanged and net follow from the rest, so that every identity holds exactly.
func (s account) row(changed geo.Area) Row {
	return Row{
		Before: s.before, After: s.after, Gained: s.gained, Lost: s.lost,
		Unchanged: s.before - s.lost - changed, Changed: changed,
		FeaturesBefore: s.featuresBefore, FeaturesAfter: s.featuresAfter, Net: s.after - s.before,
	}
}

func (s account) table(classes []string) [][]geo.Area {
	out := make([][]geo.Area, len(classes))
	for i, a := range classes {
		out[i] = make([]geo.Area, len(classes))
		for j, b := range classes {
			out[i][j] = s.matrix[[2]string{a, b}]
		}
	}
	return out
}

// each calls f with every part of the account that is not nothing, in no order.
func (s account) each(f func(kind, before, after string, area geo.Area)) {
	if len(s.matrix)+len(s.onlyBefore)+len(s.onlyAfter) == 0 { // compared as a place
		f(KindUnchanged, "", "", s.before-s.lost)
		f(KindLost, "", "", s.lost)
		f(KindGained, "", "", s.gained)
	}
	for pair, area := range s.matrix {
		kind := KindChanged
		if pair[0] == pair[1] {
			kind = KindUnchanged
		}
		f(kind, pair[0], pair[1], area)
	}
	for class, area := range s.onlyBefore {
		f(KindLost, class, "", area)
	}
	for class, area := range s.onlyAfter {
		f(KindGained, "", class, area)
	}
}

// offDiagonal is the area whose class changed.
func offDiagonal(table [][]geo.Area) geo.Area {
	sum := geo.Area(0)
	for i := range table {
		for j, a := range table[i] {
			if i != j {
				sum += a
			}
		}
	}
	return sum
}

func (r Row) plus(o Row) Row {
	return Row{
		Before: r.Before + o.Before, After: r.After + o.After, Gained: r.Gained + o.Gained, Lost: r.Lost + o.Lost,
		Unchanged: r.Unchanged + o.Unchanged, Changed: r.Changed + o.Changed, Net: r.Net + o.Net,
		FeaturesBefore: r.FeaturesBefore + o.FeaturesBefore, FeaturesAfter: r.FeaturesAfter + o.FeaturesAfter,
	}
}

// comparePatches puts patches in the order of a report: by region, kind and classes, the largest first.
func comparePatches(a, b Patch) int {
	for _, p := range [...][2]string{
		{a.Region, b.Region}, {a.Kind, b.Kind}, {a.ClassBefore, b.ClassBefore}, {a.ClassAfter, b.ClassAfter},
	} {
		if p[0] != p[1] {
			if p[0] < p[1] {
				return -1
			}
			return 1
		}
	}
	switch d := float64(b.Area - a.Area); {
	case math.Abs(d) == 0:
		return 0
	case d < 0:
		return -1
	}
	return 1
}
