package conflict

import (
	"cmp"
	"context"
	"slices"

	"greenshield/geo"
	"greenshield/layers"
)

// asked is a constraint layer on the day of the check.
type asked struct {
	layer   layers.Layer
	vintage layers.Vintage
	loaded  *layers.Loaded
	// problem says why the layer cannot be asked at all; loaded is nil then.
	problem *geo.Problem
}

// chooseLayers finds the vintage in use of every constraint layer and loads it. A layer that fails is kept with its
// problem, so that the others are still asked.
func chooseLayers(ctx context.Context, lib *layers.Library, o Options) ([]asked, error) {
	all, err := lib.Store().Layers(ctx)
	if err != nil {
		return nil, geo.NewProblem("check.layers.unlisted").Because(err)
	}
	pins, err := pinned(all, o.Pins)
	if err != nil {
		return nil, err
	}
	var out []asked
	for _, l := range all {
		if !l.Theme.Constraint() {
			continue
		}
		a := asked{layer: l}
		a.load(ctx, lib, o.Date, pins[l.ID])
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	out = slices.DeleteFunc(out, func(a asked) bool { return drawnTwice(a, out) })
	slices.SortFunc(out, func(x, y asked) int {
		return cmp.Or(themeOrder(x.layer.Theme)-themeOrder(y.layer.Theme), cmp.Compare(x.layer.ID, y.layer.ID))
	})
	return out, nil
}

// drawnTwice reports whether a layer of lines alone repeats what a layer of the same theme says with areas, as
// shoreline zones are often delivered both ways. The areas are asked then; lines without areas stay, and leave a gap.
func drawnTwice(a asked, all []asked) bool {
	if a.loaded == nil || a.vintage.Area > 0 || a.vintage.Length == 0 {
		return false
	}
	return slices.ContainsFunc(all, func(o asked) bool {
		return o.loaded != nil && o.layer.Theme == a.layer.Theme && o.vintage.Area > 0
	})
}

func themeOrder(t layers.Theme) int { return slices.Index(layers.Themes(), t) }

// pinned gives the pin of each layer and refuses pins that no check would use, or two for one layer.
func pinned(all []layers.Layer, pins []layers.Ref) (map[layers.LayerID]layers.Ref, error) {
	out := map[layers.LayerID]layers.Ref{}
	for _, ref := range pins {
		i := slices.IndexFunc(all, func(l layers.Layer) bool { return l.ID == ref.Layer })
		if _, twice := out[ref.Layer]; twice || i < 0 || !pinnable(all[i].Theme) {
			return nil, geo.NewProblem("check.pin.unusable", "ref", ref.String())
		}
		out[ref.Layer] = ref
	}
	return out, nil
}

// pinnable reports whether a check asks layers of the theme: for conflicts, or about the ground.
func pinnable(t layers.Theme) bool {
	return t.Constraint() || t == layers.Landuse || t == layers.Region
}

func (a *asked) load(ctx context.Context, lib *layers.Library, day string, pin layers.Ref) {
	if pin == (layers.Ref{}) {
		vintages, err := lib.Store().Vintages(ctx, a.layer.ID)
		if err != nil {
			a.problem = geo.NewProblem("check.layer.failed", "layer", a.title()).Because(err)
			return
		}
		v, ok := layers.Latest(vintages, day)
		if !ok {
			a.problem = geo.NewProblem("check.layer.not-yet", "layer", a.title(), "date", day)
			return
		}
		pin = v.Ref
	}
	a.vintage.Ref = pin
	v, err := lib.Load(ctx, pin)
	if err != nil {
		a.problem = geo.NewProblem("check.layer.failed", "layer", a.title()).Because(err)
		return
	}
	a.loaded, a.vintage = v, v.Vintage
}

// expired says that the layer's declared validity had ended by a day; nil while it holds.
func (a *asked) expired(day string) *geo.Problem {
	if a.loaded == nil || !a.vintage.Declared.Ended(day) {
		return nil
	}
	return geo.NewProblem("check.layer.expired", "layer", a.title(), "until", a.vintage.Declared.ValidUntil, "date", day)
}

// title is how staff know the layer.
func (a *asked) title() string { return cmp.Or(a.layer.Title, string(a.layer.ID)) }

// missing lists the required themes that no layer has.
func missing(required []layers.Theme, all []asked) []*geo.Problem {
	var out []*geo.Problem
	for _, t := range layers.Themes() {
		has := func(a asked) bool { return a.layer.Theme == t }
		if slices.Contains(required, t) && !slices.ContainsFunc(all, has) {
			out = append(out, geo.NewProblem("check.layer.missing", "theme", geo.NewProblem("check.theme."+string(t))))
		}
	}
	return out
}
