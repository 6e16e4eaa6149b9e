package change

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// byClass compares two vintages feature by feature.
func (c *comparison) byClass(ctx context.Context) error {
	c.meter.stage(whole / 2)
	classes, twins := c.classes(), c.before.Twins(c.after)
	t, err := overlay.Compare(ctx, c.labelled(c.before, classes), c.labelled(c.after, classes), overlay.TransitionOptions{
		Twins: twins, Zones: c.zones, Changes: true, Workers: c.Workers, Progress: c.meter.at,
	})
	if err != nil {
		return c.overlayProblem(err, len(classes))
	}
	for zone := range c.sums {
		c.sums[zone].enter(t, zone, classes)
	}
	c.result.OverlappingBefore, c.result.OverlappingAfter = overlapping(t.TangledBefore), overlapping(t.TangledAfter)
	if c.result.OverlappingBefore > 0 || c.result.OverlappingAfter > 0 {
		c.gap("change.layer.overlaps",
			"before", metres(c.result.OverlappingBefore), "after", metres(c.result.OverlappingAfter),
			"where", strings.TrimSpace(where(c.before, t.TangledBefore)+where(c.after, t.TangledAfter)))
	}
	c.settle()
	c.result.Lineage = c.trace(t, twins)
	return c.listChanges(ctx, t)
}

// overlayProblem says why the vintages could not be overlaid. No account is given then: a part of it would be a guess.
func (c *comparison) overlayProblem(err error, classes int) error {
	if errors.Is(err, overlay.ErrTables) {
		return geo.NewProblem("change.classes.too-many", "ref", c.after.Vintage.Ref, "classes", classes,
			"regions", len(c.regions)).Because(err)
	}
	var pair *overlay.PairError
	if !errors.As(err, &pair) {
		return err
	}
	code := "change.overlap.failed"
	if errors.Is(err, overlay.ErrDisagree) {
		code = "change.overlap.disagrees"
	}
	feature := func(v *layers.Loaded, i int32) string {
		if i < 0 {
			return "–"
		}
		return strconv.FormatInt(v.Features()[i].ID, 10)
	}
	return geo.NewProblem(code, "before", c.before.Vintage.Ref, "after", c.after.Vintage.Ref,
		"from", feature(c.before, pair.Before), "to", feature(c.after, pair.After)).Because(err)
}

// classes are those of both vintages, sorted; a label of the overlay is a place in this list.
func (c *comparison) classes() []string {
	seen := map[string]bool{}
	var out []string
	for _, v := range []*layers.Loaded{c.before, c.after} {
		for i := range v.Features() {
			if class := c.class(&v.Features()[i]); !seen[class] {
				seen[class] = true
				out = append(out, class)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (c *comparison) labelled(v *layers.Loaded, classes []string) overlay.Labelled {
	label := map[string]int32{}
	for i, class := range classes {
		label[class] = int32(i)
	}
	l := overlay.Labelled{Layer: v.Plane(), Labels: make([]int32, len(v.Features()))}
	for i := range v.Features() {
		l.Labels[i] = label[c.class(&v.Features()[i])]
	}
	return l
}

// nature is what a feature is: its class, or its kind and zone where a theme has no class.
func (c *comparison) nature(f *layers.Feature) string {
	if classRole(c.before.Vintage.Theme) != "" {
		return c.class(f)
	}
	kind, zone := f.Roles[layers.Class], f.Roles[layers.Zone]
	if kind == "" || zone == "" {
		return kind + zone
	}
	return kind + "/" + zone
}

// enter takes over what the overlay found in one zone.
func (a *account) enter(t *overlay.Transition, zone int, classes []string) {
	for i, from := range classes {
		a.before += t.Before(zone, i)
		a.after += t.After(zone, i)
		if v := t.Vanished(zone, i); v > 0 {
			a.onlyBefore[from] = v
			a.lost += v
		}
		if v := t.Appeared(zone, i); v > 0 {
			a.onlyAfter[from] = v
			a.gained += v
		}
		for j, to := range classes {
			if v := t.Flow(zone, i, j); v > 0 {
				a.matrix[[2]string{from, to}] = v
			}
		}
	}
	a.featuresBefore, a.featuresAfter = t.CountBefore[zone], t.CountAfter[zone]
}

// overlapping is the area that features of one vintage share with each other: nothing in a coverage.
func overlapping(pairs []overlay.Pair) geo.Area {
	sum := geo.Area(0)
	for _, p := range pairs {
		if p.Area > Tolerance {
			sum += p.Area
		}
	}
	return sum
}

// where names the features that overlap each other most: "landuse@2023.1 12/13 (5.0 m²) …".
func where(v *layers.Loaded, pairs []overlay.Pair) string {
	const most = 3
	worst := slices.SortedStableFunc(slices.Values(pairs), func(a, b overlay.Pair) int { return cmp.Compare(b.Area, a.Area) })
	var s strings.Builder
	for i, p := range worst {
		if p.Area <= Tolerance {
			break
		}
		if i == most {
			s.WriteString(" …")
			break
		}
		if i == 0 {
			fmt.Fprintf(&s, " %s", v.Vintage.Ref)
		}
		fmt.Fprintf(&s, " %d/%d (%.1f m²)", v.Features()[p.A].ID, v.Features()[p.B].ID, float64(p.Area))
	}
	return s.String()
}

// settle makes before + gained − lost = after hold to the last bit; what remains open beyond rounding is said.
func (c *comparison) settle() {
	for i := range c.sums {
		a := &c.sums[i]
		off := a.after - a.before + a.lost - a.gained
		if off > Tolerance+a.before*1e-9 || off < -Tolerance-a.before*1e-9 {
			c.gap("change.account.open", "region", c.regionCode(i), "difference", metres(off))
		}
		if a.gained += off; a.gained < 0 {
			a.lost -= a.gained
			a.gained = 0
		}
	}
}

// listChanges outlines the places that changed, which tells how narrow they are, and counts them into their cells.
func (c *comparison) listChanges(ctx context.Context, t *overlay.Transition) error {
	c.meter.stage(whole * 9 / 10)
	found := make([][]piece, len(t.Changes))
	err := c.each(ctx, len(t.Changes), func(i int, s *overlay.Scratch) error {
		k := t.Changes[i]
		outline, err := t.Outline(k, s)
		switch {
		case err != nil:
			return c.overlayProblem(&overlay.PairError{Before: k.Before, After: k.After, Err: err}, 0)
		case len(outline) == 0:
			found[i] = []piece{c.hairline(k, s)}
		default:
			found[i], err = c.pieces(c.kind(k), outline, s)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.take(ctx, found)
}

// hairline is the piece of a change that is narrower than the grid of outlines. It counts where the overlay counts it.
func (c *comparison) hairline(k overlay.Change, s *overlay.Scratch) piece {
	side, number := c.before, k.Before
	if number < 0 {
		side, number = c.after, k.After
	}
	p := piece{Patch: c.kind(k), zone: len(c.regions)}
	if portions := c.portions(side.Plane().Polygon(int(number)), s); len(portions) > 0 {
		p.zone = portions[0].Zone
	}
	p.Region, p.Area, p.Digitising = c.regionCode(p.zone), k.Area, c.Width > 0
	return p
}

// kind is a patch for a change, but for its place.
func (c *comparison) kind(k overlay.Change) Patch {
	p := Patch{Kind: KindChanged}
	if k.Before < 0 {
		p.Kind = KindGained
	} else {
		f := &c.before.Features()[k.Before]
		p.ClassBefore, p.FeatureBefore = c.class(f), f.ID
	}
	if k.After < 0 {
		p.Kind = KindLost
	} else {
		f := &c.after.Features()[k.After]
		p.ClassAfter, p.FeatureAfter = c.class(f), f.ID
	}
	return p
}
