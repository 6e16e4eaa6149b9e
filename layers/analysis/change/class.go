package change

import (
	"context"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// posting is one amount to be added to the accounts. Workers fill lists of them, which are added up in the order of
// the features, so that the sums do not depend on who was faster.
type posting struct {
	region        int
	before, after string // classes
	kind          postingKind
	area          geo.Area
}

type postingKind int

const (
	passed   postingKind = iota // from class before to class after
	vanished                    // in the vintage before only
	appeared                    // in the vintage after only
	stockIn                     // area before, with a feature
	stockOut                    // area after, with a feature
)

// work is what comparing one feature gives.
type work struct {
	postings []posting
	patches  []Patch
	own      geo.Area // area shared with other features of the same vintage
}

// byClass compares two vintages feature by feature.
func (c *comparison) byClass(ctx context.Context) error {
	pairing := match(c.before.Features(), c.after.Features())
	err := c.run(ctx, len(pairing.before), &c.result.OverlappingBefore,
		func(i int, s *overlay.Scratch) (work, error) { return c.fromBefore(i, pairing, s) })
	if err != nil {
		return err
	}
	err = c.run(ctx, len(pairing.after), &c.result.OverlappingAfter,
		func(j int, s *overlay.Scratch) (work, error) { return c.fromAfter(j, pairing, s) })
	if err != nil {
		return err
	}
	if c.result.OverlappingBefore > 0 || c.result.OverlappingAfter > 0 {
		c.gap("change.layer.overlaps",
			"before", float64(c.result.OverlappingBefore), "after", float64(c.result.OverlappingAfter))
	}
	c.settle()
	return nil
}

// run compares n features and posts what came of it in their order.
func (c *comparison) run(
	ctx context.Context, n int, overlapping *geo.Area, compare func(i int, s *overlay.Scratch) (work, error),
) error {
	out := make([]work, n)
	err := c.each(ctx, n, func(i int, s *overlay.Scratch) (err error) {
		out[i], err = compare(i, s)
		return err
	})
	if err != nil {
		return err
	}
	for _, w := range out {
		for _, p := range w.postings {
			c.post(p)
		}
		c.result.Patches = append(c.result.Patches, w.patches...)
		*overlapping += w.own
	}
	return nil
}

func (c *comparison) post(p posting) {
	a := &c.sums[p.region]
	switch p.kind {
	case passed:
		a.matrix[[2]string{p.before, p.after}] += p.area
	case vanished:
		a.onlyBefore[p.before] += p.area
		a.lost += p.area
	case appeared:
		a.onlyAfter[p.after] += p.area
		a.gained += p.area
	case stockIn:
		a.before += p.area
		a.featuresBefore++
	case stockOut:
		a.after += p.area
		a.featuresAfter++
	}
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

// pairing says which features of two vintages are equal: partner in the other vintage, −1 for none.
type pairing struct{ before, after []int }

// match pairs features with equal hashes, each at most once.
func match(before, after []layers.Feature) pairing {
	p := pairing{make([]int, len(before)), make([]int, len(after))}
	free := make(map[layers.Hash][]int, len(after))
	for j := range after {
		p.after[j] = -1
		free[after[j].Hash] = append(free[after[j].Hash], j)
	}
	for i := range before {
		p.before[i] = -1
		if js := free[before[i].Hash]; len(js) > 0 && before[i].Hash != (layers.Hash{}) {
			p.before[i], p.after[js[0]] = js[0], i
			free[before[i].Hash] = js[1:]
		}
	}
	return p
}

// fromBefore follows one feature of the earlier vintage to where its area went.
func (c *comparison) fromBefore(i int, p pairing, s *overlay.Scratch) (work, error) {
	var w work
	f, g := &c.before.Features()[i], c.before.Plane(i)
	area := overlay.AreaOf(g)
	class := c.class(f)
	portions := c.portions(g, area, s)
	for _, q := range portions {
		w.postings = append(w.postings, posting{region: q.region, kind: stockIn, area: q.area})
	}
	w.own = c.shared(c.before, i, s)
	if p.before[i] >= 0 {
		to := c.class(&c.after.Features()[p.before[i]])
		for _, q := range portions {
			w.postings = append(w.postings, posting{region: q.region, before: class, after: to, area: q.area})
		}
		return w, nil
	}
	met, err := c.meet(&w, i, g, portions, s)
	if err != nil {
		return w, err
	}
	return w, c.rest(&w, Patch{Kind: "lost", ClassBefore: class}, g, portions, met, vanished, s)
}

// fromAfter accounts for one feature of the later vintage; what it shares with the earlier one is posted already, so
// only what it shares with nothing is left.
func (c *comparison) fromAfter(j int, p pairing, s *overlay.Scratch) (work, error) {
	var w work
	f, g := &c.after.Features()[j], c.after.Plane(j)
	area := overlay.AreaOf(g)
	portions := c.portions(g, area, s)
	for _, q := range portions {
		w.postings = append(w.postings, posting{region: q.region, kind: stockOut, area: q.area})
	}
	w.own = c.shared(c.after, j, s)
	if p.after[j] >= 0 {
		return w, nil
	}
	var met []encounter
	c.before.Search(f.Geometry.Bound(), func(i int) bool {
		if a := overlap(c.before, i, g, s); a > rounding(area) {
			met = append(met, encounter{plane: c.before.Plane(i), area: a})
		}
		return true
	})
	like := Patch{Kind: "gained", ClassAfter: c.class(f)}
	return w, c.rest(&w, like, g, portions, met, appeared, s)
}

// encounter is a feature of the other vintage that shares area with the one in hand.
type encounter struct {
	plane orb.MultiPolygon
	area  geo.Area
	class string
}

// meet posts what feature i of the earlier vintage shares with each feature of the later one.
func (c *comparison) meet(
	w *work, i int, g orb.MultiPolygon, portions []portion, s *overlay.Scratch,
) ([]encounter, error) {
	f := &c.before.Features()[i]
	area := overlay.AreaOf(g)
	var met []encounter
	var failed error
	c.after.Search(f.Geometry.Bound(), func(j int) bool {
		shared := overlap(c.after, j, g, s)
		if shared <= rounding(area) {
			return true
		}
		e := encounter{c.after.Plane(j), shared, c.class(&c.after.Features()[j])}
		met = append(met, e)
		failed = c.pass(w, c.class(f), g, portions, e, s)
		return failed == nil
	})
	return met, failed
}

// pass posts one shared area, split by region, and lists it as a patch when the class changed.
func (c *comparison) pass(
	w *work, class string, g orb.MultiPolygon, portions []portion, e encounter, s *overlay.Scratch,
) error {
	changed := class != e.class
	if len(portions) == 1 && !(changed && c.Patches) {
		w.postings = append(w.postings, posting{region: portions[0].region, before: class, after: e.class, area: e.area})
		return nil
	}
	outline, err := s.Outline(g, e.plane, overlay.Intersection)
	if err != nil {
		return err
	}
	parts := []portion{{portions[0].region, e.area}}
	if len(portions) > 1 {
		parts = c.portions(outline, e.area, s)
	}
	for _, q := range parts {
		w.postings = append(w.postings, posting{region: q.region, before: class, after: e.class, area: q.area})
	}
	if changed && c.Patches {
		return c.list(w, Patch{Kind: "changed", ClassBefore: class, ClassAfter: e.class}, outline, s)
	}
	return nil
}

func (c *comparison) list(w *work, like Patch, outline orb.MultiPolygon, s *overlay.Scratch) error {
	if !c.Patches {
		return nil
	}
	patches, err := c.cut(like, outline, s)
	w.patches = append(w.patches, patches...)
	return err
}

// rest posts what is left of a feature when everything it met is taken away.
func (c *comparison) rest(
	w *work, like Patch, g orb.MultiPolygon, portions []portion, met []encounter, kind postingKind, s *overlay.Scratch,
) error {
	area, sum := overlay.AreaOf(g), geo.Area(0)
	for _, e := range met {
		sum += e.area
	}
	left := area - sum
	if left <= rounding(area)*geo.Area(1+len(met)) {
		return nil
	}
	p := posting{region: portions[0].region, before: like.ClassBefore, after: like.ClassAfter, kind: kind, area: left}
	if len(portions) == 1 && (!c.Patches || left < c.MinPatch) {
		w.postings = append(w.postings, p)
		return nil
	}
	outline := g
	var err error
	for _, e := range met {
		if outline, err = s.Outline(outline, e.plane, overlay.Difference); err != nil {
			return err
		}
	}
	parts := []portion{{portions[0].region, left}}
	if len(portions) > 1 && len(outline) > 0 {
		parts = c.portions(outline, left, s)
	}
	for _, q := range parts {
		p.region, p.area = q.region, q.area
		w.postings = append(w.postings, p)
	}
	return c.list(w, like, outline, s)
}

// shared is how much feature i shares with later features of its own vintage: nothing in a coverage.
func (c *comparison) shared(v *layers.Loaded, i int, s *overlay.Scratch) geo.Area {
	f := &v.Features()[i]
	sum := geo.Area(0)
	v.Search(f.Geometry.Bound(), func(k int) bool {
		if k > i {
			if a := overlap(v, k, v.Plane(i), s); a > Tolerance {
				sum += a
			}
		}
		return true
	})
	return sum
}

// overlap is the area that feature k of v shares with g. Laying a polygon out for many questions pays from a few
// hundred vertices on; the patches of a coverage have a few dozen and meet a handful of others.
func overlap(v *layers.Loaded, k int, g orb.MultiPolygon, s *overlay.Scratch) geo.Area {
	const many = 256
	if plane := v.Plane(k); len(plane) == 1 && len(plane[0]) > 0 && len(plane[0][0]) < many {
		return s.Area(plane, g)
	}
	return v.Prepared(k).Overlap(g, s)
}
