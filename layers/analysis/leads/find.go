package leads

import (
	"context"
	"maps"
	"slices"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/place"
)

// Find makes the ledger of leads. The result depends on nothing but the vintages, the code book, in and o: same inputs,
// same bytes. A question without anything to look for, or nowhere to look, is refused: "leads.source.missing",
// "leads.place.missing"; options out of range as well, "leads.option.range".
func Find(ctx context.Context, lib *layers.Library, in Input, o Options) (Result, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Result{}, err
	}
	f := &finder{Options: o, in: in}
	if err := f.load(ctx, lib); err != nil {
		return Result{}, err
	}
	const steps = 4
	f.tell(0, steps)
	if err := f.gather(ctx); err != nil {
		return Result{}, err
	}
	f.tell(1, steps)
	found, err := f.describeAll(ctx, f.clusters())
	if err != nil {
		return Result{}, err
	}
	f.tell(2, steps)
	if err := f.gone(); err != nil {
		return Result{}, err
	}
	f.tell(3, steps)
	f.recognise(found)
	f.finish(found)
	f.tell(steps, steps)
	return f.result, nil
}

// finder is a search under way.
type finder struct {
	Options
	in                                              Input
	land, landBefore, activities, activitiesBefore  *layers.Loaded
	protected, redline, wetland, river, regionLayer *layers.Loaded
	regions                                         *place.Regions
	protectedExtent, redlineExtent, extent          *place.Extent
	now, before                                     []patch // in order of source and feature
	result                                          Result
}

func (f *finder) tell(done, total int64) {
	if f.Progress != nil {
		f.Progress(done, total)
	}
}

// load reads the vintages.
func (f *finder) load(ctx context.Context, lib *layers.Library) error {
	themes := func(all ...layers.Theme) []layers.Theme { return all }
	for _, v := range []struct {
		ref   layers.Ref
		into  **layers.Loaded
		theme []layers.Theme
	}{
		{f.in.Land, &f.land, themes(layers.Landuse)},
		{f.in.LandBefore, &f.landBefore, themes(layers.Landuse)},
		{f.in.Activities, &f.activities, themes(layers.Activity)},
		{f.in.ActivitiesBefore, &f.activitiesBefore, themes(layers.Activity)},
		{f.in.Protected, &f.protected, themes(layers.Protected)},
		{f.in.Redline, &f.redline, themes(layers.Redline)},
		{f.in.Wetland, &f.wetland, themes(layers.Wetland)},
		{f.in.River, &f.river, themes(layers.River)},
		{f.in.Regions, &f.regionLayer, themes(layers.Region)},
	} {
		if v.ref == (layers.Ref{}) {
			continue
		}
		loaded, err := lib.Load(ctx, v.ref)
		if err != nil {
			return err
		}
		if !slices.Contains(v.theme, loaded.Vintage.Theme) {
			return geo.NewProblem("leads.layer.theme", "ref", v.ref, "theme", string(loaded.Vintage.Theme),
				"wanted", string(v.theme[0]))
		}
		*v.into = loaded
		f.rest(loaded)
	}
	if f.land == nil && f.activities == nil {
		return geo.NewProblem("leads.source.missing")
	}
	if f.protected == nil && f.redline == nil {
		return geo.NewProblem("leads.place.missing")
	}
	return f.begin()
}

// begin lays out where to look, and says what will not be known.
func (f *finder) begin() error {
	var err error
	f.regions = place.None()
	if f.regionLayer != nil {
		if f.regions, err = place.RegionsOf(f.regionLayer); err != nil {
			return err
		}
	}
	f.protectedExtent, f.redlineExtent = new(place.Extent), new(place.Extent)
	if f.protected != nil {
		if f.protectedExtent, err = place.ExtentOf(f.protected, nil); err != nil {
			return err
		}
	}
	if f.redline != nil {
		if f.redlineExtent, err = place.ExtentOf(f.redline, nil); err != nil {
			return err
		}
	}
	if f.extent, err = place.Union(f.protectedExtent.Outline(), f.redlineExtent.Outline()); err != nil {
		return err
	}
	f.missing()
	for _, code := range slices.Sorted(maps.Keys(f.regions.Names)) {
		f.result.Units = append(f.result.Units, Unit{code, f.regions.Names[code]})
	}
	in := f.in
	in.Earlier = nil
	f.result.Input, f.result.EarlierCount = in, len(f.in.Earlier)
	p := &f.result.Provenance
	slices.SortFunc(p.Refs, layers.Ref.Compare)
	p.Refs = slices.Compact(p.Refs)
	p.Method, p.Tolerance, p.Program, p.At = ellipsoid.LegalPlane, f.MinArea, f.Program, f.Now()
	return nil
}

// missing says what this ledger cannot hold because a layer was not named.
func (f *finder) missing() {
	for _, m := range []struct {
		missing bool
		code    string
	}{
		{f.protected == nil, "leads.protected.missing"},
		{f.redline == nil, "leads.redline.missing"},
		{f.land == nil, "leads.land.missing"},
		{f.activities == nil, "leads.activities.missing"},
		{f.land != nil && f.landBefore == nil, "leads.land.no-before"},
		{f.activities != nil && f.activitiesBefore == nil, "leads.activities.no-before"},
		{f.wetland == nil, "leads.wetland.missing"},
		{f.river == nil, "leads.river.missing"},
		{f.regionLayer == nil, "leads.regions.missing"},
	} {
		if m.missing {
			f.gap(nil, m.code)
		}
	}
}

// rest notes a vintage that the answer rests on, and what is known to be missing of it.
func (f *finder) rest(v *layers.Loaded) {
	f.result.Provenance.Refs = append(f.result.Provenance.Refs, v.Vintage.Ref)
	if n := len(v.Vintage.Rejects); n > 0 {
		f.gap(v, "leads.layer.rejects", "ref", v.Vintage.Ref, "count", n)
	}
	if s := v.Vintage.Provenance.Suspected; s != "" {
		f.gap(v, "leads.layer.suspected", "ref", v.Vintage.Ref, "frame", s)
	}
}

// gap notes what was not known; v may be nil.
func (f *finder) gap(v *layers.Loaded, code string, args ...any) {
	g := analysis.Gap{Problem: geo.NewProblem(code, args...)}
	if v != nil {
		g.Layer = v.Vintage.Ref.Layer
	}
	f.result.Gaps = append(f.result.Gaps, g)
}
