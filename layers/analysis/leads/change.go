package leads

import (
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/index"
	"greenshield/geo/overlay"
	"greenshield/layers/analysis/place"
)

// trace finds the patches of one date by place.
type trace struct {
	patches []patch
	tree    *index.Index[int]
}

func newTrace(patches []patch) *trace {
	t := &trace{patches, index.New[int]()}
	for i := range patches {
		t.tree.Insert(patches[i].bound(), i)
	}
	return t
}

// meeting are the numbers of the patches of some sources whose bound meets b, in order.
func (t *trace) meeting(b orb.Bound, sources []string) []int {
	var out []int
	t.tree.Search(b, func(i int) bool {
		if slices.Contains(sources, t.patches[i].Source) {
			out = append(out, i)
		}
		return true
	})
	slices.Sort(out)
	return out
}

// compare tells what became of a place since the date before, by those of its sources that have one.
func (f *finder) compare(d *described, cluster []int, now, before *trace) error {
	var sources []string
	var outlines []orb.MultiPolygon
	var points []orb.Point
	for _, i := range cluster {
		if p := &f.now[i]; p.compared {
			sources = append(sources, p.Source)
			outlines, points = append(outlines, p.outline), append(points, p.points...)
		}
	}
	if len(sources) == 0 {
		d.Change = Unknown
		return nil
	}
	own, err := place.Union(outlines...)
	if err != nil {
		return err
	}
	if own.Empty() {
		f.comparePoints(d, points, before, sources)
		return nil
	}
	shape := overlay.Prepare(own.Outline())
	was, kinds, err := before.under(shape, sources)
	if err != nil {
		return err
	}
	shared := geo.Area(0)
	if !was.Empty() {
		shared = min(was.Shared(shape), own.Area)
	}
	d.KindBefore, d.Before, d.Added = largestKind(kinds), was.Area, own.Area-shared
	gone, err := f.goneFrom(was, now, sources)
	if err != nil {
		return err
	}
	if d.Change = f.change(own.Area, shared, was.Area, gone, d.KindBefore != d.Kind); d.Change == New {
		d.KindBefore = "" // the corner of a neighbour says nothing about it
	}
	return nil
}

// change is the rule of domain section 2.2: own is the area now, shared what of it was there before, was the area before,
// gone what of that is not there now.
func (f *finder) change(own, shared, was, gone geo.Area, otherKind bool) string {
	share := geo.Area(f.Share)
	switch {
	case shared < share*own:
		return New
	case own-shared >= max(f.MinGrown, share*own):
		return Enlarged
	case gone >= max(f.MinGrown, share*was):
		return Reduced
	case otherKind:
		return Retyped
	}
	return Unchanged
}

// comparePoints: a point is new unless there was one within the distance, or a patch at it.
func (f *finder) comparePoints(d *described, points []orb.Point, before *trace, sources []string) {
	d.Change = New
	asked := patch{points: points}
	for _, i := range before.meeting(asked.bound().Pad(float64(f.Distance)*1.5), sources) {
		if was := &before.patches[i]; near(&asked, was, f.Distance) {
			d.Change, d.KindBefore = Unchanged, was.Kind
			if was.Kind != d.Kind {
				d.Change = Retyped
			}
		}
	}
}

// under is what some sources had at a place and beside it in the same patches, and the area at the place by kind.
func (t *trace) under(shape *overlay.Prepared, sources []string) (*place.Extent, map[string]geo.Area, error) {
	kinds := map[string]geo.Area{}
	var outlines []orb.MultiPolygon
	for _, i := range t.meeting(shape.Bound(), sources) {
		p := &t.patches[i]
		if p.shape == nil {
			continue
		}
		if a := p.shape.Shared(shape); a > sliver {
			kinds[p.Kind] += a
			outlines = append(outlines, p.outline)
		}
	}
	was, err := place.Union(outlines...)
	return was, kinds, err
}

// goneFrom is what of a place of the date before has nothing of the same sources now.
func (f *finder) goneFrom(was *place.Extent, now *trace, sources []string) (geo.Area, error) {
	if was.Empty() {
		return 0, nil
	}
	still, _, err := now.under(overlay.Prepare(was.Outline()), sources)
	if err != nil || still.Empty() {
		return was.Area, err
	}
	left, err := was.Less(still)
	if err != nil {
		return 0, err
	}
	return left.Area, nil
}

// largestKind is the kind with the largest area, the first by name of equals.
func largestKind(kinds map[string]geo.Area) string {
	best := ""
	for kind, a := range kinds {
		if best == "" || a > kinds[best] || a == kinds[best] && kind < best {
			best = kind
		}
	}
	return best
}

// gone lists the patches of the date before of which less than the share is left.
func (f *finder) gone() error {
	now := newTrace(f.now)
	for i := range f.before {
		p := &f.before[i]
		if p.shape == nil || p.Source == FromLand && f.land == nil || p.Source == FromActivity && f.activities == nil {
			continue
		}
		still, _, err := now.under(p.shape, []string{p.Source})
		if err != nil {
			return err
		}
		left := geo.Area(0)
		if !still.Empty() {
			left = still.Shared(p.shape)
		}
		if left >= geo.Area(f.Share)*p.Area || p.Area < f.MinGrown {
			continue
		}
		g := Gone{
			Source: p.Source, Code: p.Code, Word: p.Word, Kind: p.Kind, Region: f.regions.At(p.row).Code, Area: p.Area,
			Outline: place.Degrees(p.outline),
		}
		g.Centre, _ = place.Centre(p.outline)
		f.result.Gone = append(f.result.Gone, g)
	}
	return nil
}
