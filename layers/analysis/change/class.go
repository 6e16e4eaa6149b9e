package change

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// byClass compares two vintages feature by feature.
func (c *comparison) byClass(ctx context.Context) error {
	classes := c.classes()
	t, err := overlay.Compare(ctx, c.labelled(c.before, classes), c.labelled(c.after, classes), overlay.TransitionOptions{
		Twins: c.before.Twins(c.after), Zones: c.zones, Changes: c.Patches, Workers: c.Workers, Progress: c.oneAtATime(),
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
			"before", float64(c.result.OverlappingBefore), "after", float64(c.result.OverlappingAfter),
			"where", strings.TrimSpace(where(c.before, t.TangledBefore)+where(c.after, t.TangledAfter)))
	}
	c.settle()
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

// oneAtATime is Progress for callers on several goroutines, nil when nobody wants to know.
func (c *comparison) oneAtATime() func(done, total int64) {
	if c.Progress == nil {
		return nil
	}
	var tell sync.Mutex
	most := int64(0)
	return func(done, total int64) {
		tell.Lock()
		defer tell.Unlock()
		if done > most {
			most = done
			c.Progress(done, total)
		}
	}
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
			c.gap("change.account.open", "region", c.regionCode(i), "difference", float64(off))
		}
		if a.gained += off; a.gained < 0 {
			a.lost -= a.gained
			a.gained = 0
		}
	}
}

// listChanges outlines the places that changed, when that was asked for.
func (c *comparison) listChanges(ctx context.Context, t *overlay.Transition) error {
	changes := slices.DeleteFunc(t.Changes, func(k overlay.Change) bool { return k.Area < c.MinPatch })
	found := make([][]Patch, len(changes))
	err := c.each(ctx, len(changes), func(i int, s *overlay.Scratch) error {
		outline, err := t.Outline(changes[i], s)
		if err == nil {
			found[i], err = c.cut(c.kind(changes[i]), outline, s)
		}
		return err
	})
	c.result.Patches = slices.Concat(found...)
	return err
}

// kind is a patch for a change, but for its place.
func (c *comparison) kind(k overlay.Change) Patch {
	p := Patch{Kind: "changed"}
	if k.Before < 0 {
		p.Kind = "gained"
	} else {
		p.ClassBefore = c.class(&c.before.Features()[k.Before])
	}
	if k.After < 0 {
		p.Kind = "lost"
	} else {
		p.ClassAfter = c.class(&c.after.Features()[k.After])
	}
	return p
}
