package leads

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
)

// described is a lead with what recognising it needs.
type described struct {
	Lead
	place *place.Extent // in the legal plane, empty for points
	shape *overlay.Prepared
	at    []orb.Point // points in the legal plane
}

// describeAll makes a lead of every cluster.
func (f *finder) describeAll(ctx context.Context, clusters [][]int) ([]*described, error) {
	before := newTrace(f.before)
	now := newTrace(f.now)
	out := make([]*described, len(clusters))
	err := place.Each(ctx, len(clusters), f.Workers, func(i int, _ *overlay.Scratch) error {
		var err error
		out[i], err = f.describe(clusters[i], now, before)
		return err
	})
	return out, err
}

func (f *finder) describe(cluster []int, now, before *trace) (*described, error) {
	d := &described{}
	var outlines []orb.MultiPolygon
	for _, i := range cluster {
		p := &f.now[i]
		d.Parts = append(d.Parts, p.Part)
		d.at = append(d.at, p.points...)
		if p.shape != nil {
			outlines = append(outlines, p.outline)
		}
	}
	var err error
	if d.place, err = place.Union(outlines...); err != nil {
		return nil, err
	}
	slices.SortFunc(d.at, func(a, b orb.Point) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	d.Area, d.Points = d.place.Area, len(d.at)
	if !d.place.Empty() {
		d.shape = overlay.Prepare(d.place.Outline())
		d.Centre, _ = place.Centre(d.place.Outline())
		d.Outline = place.Degrees(d.place.Outline())
	} else {
		d.Centre = ellipsoid.FromPlane(d.at[0])
	}
	f.locate(d, cluster)
	d.Kind, d.Words = kindOf(d.Parts)
	if err := f.compare(d, cluster, now, before); err != nil {
		return nil, err
	}
	f.focus(d)
	return d, nil
}

// locate tells where a lead lies.
func (f *finder) locate(d *described, cluster []int) {
	d.Areas = f.areas(d.shape, d.at)
	if f.redline != nil {
		for _, i := range f.meeting(f.redline, d.shape, d.at) {
			feature := &f.redline.Features()[i]
			d.RedlineNames = append(d.RedlineNames, cmp.Or(feature.Roles[layers.Name], feature.Roles[layers.Code]))
		}
		slices.Sort(d.RedlineNames)
		d.RedlineNames = slices.Compact(d.RedlineNames)
		if d.shape != nil {
			d.Redline = min(f.redlineExtent.Shared(d.shape), d.Area)
		}
		d.InRedline = d.Redline > sliver || slices.ContainsFunc(d.at, f.redlineExtent.Holds)
	}
	for _, in := range []struct {
		name string
		v    *layers.Loaded
	}{{"wetland", f.wetland}, {"river", f.river}} {
		if in.v != nil && len(f.meeting(in.v, d.shape, d.at)) > 0 {
			d.In = append(d.In, in.name)
		}
	}
	row := f.now[cluster[0]].row
	if d.shape != nil {
		row = f.regions.Main(d.shape)
	}
	d.Region, d.RegionName = f.regions.At(row).Code, f.regions.At(row).Name
	largest := geo.Area(-1)
	for _, i := range cluster {
		if p := &f.now[i]; p.stated != "" && p.Area > largest {
			d.Place, largest = p.stated, p.Area
		}
	}
}

// kindOf is what a lead is: what the activities say before what land use says, and of several the one with the largest
// area. The words are those of that kind first, each once.
func kindOf(parts []Part) (kind string, words []string) {
	type sum struct {
		activity bool
		area     geo.Area
	}
	sums := map[string]sum{}
	for _, p := range parts {
		s := sums[p.Kind]
		s.activity = s.activity || p.Source == FromActivity
		s.area += p.Area
		sums[p.Kind] = s
	}
	for _, p := range parts {
		if best, s := sums[kind], sums[p.Kind]; kind == "" || s.activity && !best.activity ||
			s.activity == best.activity && (s.area > best.area || s.area == best.area && p.Kind < kind) {
			kind = p.Kind
		}
	}
	for _, own := range [...]bool{true, false} {
		for _, p := range parts {
			if (p.Kind == kind) == own && p.Word != "" && !slices.Contains(words, p.Word) {
				words = append(words, p.Word)
			}
		}
	}
	return kind, words
}

// strict reports whether a lead lies in a core or buffer zone, where some kinds are focus problems (domain section 2.1).
func (f *finder) strict(d *described) bool {
	least := f.Codes.Strictness("buffer")
	return least > 0 && slices.ContainsFunc(d.Areas, func(a Area) bool { return f.Codes.Strictness(a.Zone) >= least })
}

// focus tells which focus problems a lead is one of, by any of its parts.
func (f *finder) focus(d *described) {
	strict := f.strict(d)
	for _, p := range d.Parts {
		four, eight := f.Codes.Focus(p.Kind, p.Word, strict)
		d.Focus4, d.Focus8 = d.Focus4 || four, d.Focus8 || eight
	}
	d.Focus8 = d.Focus8 || len(d.In) > 0
}
