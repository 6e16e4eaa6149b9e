package leads

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
	"greenshield/layers/ingest/codes"
)

// patch is what of one delivered patch or point lies inside, in the legal plane.
type patch struct {
	Part
	// compared says that its source has a date before.
	compared bool
	outline  orb.MultiPolygon  // empty for points
	shape    *overlay.Prepared // of the outline
	points   []orb.Point
	// home is the protected area that most of it lies in, or the county when it lies in the red line alone.
	home string
	// row is the region with most of it, stated the place that the delivery states.
	row    int
	stated string
}

// gather takes what lies inside, now and before.
func (f *finder) gather(ctx context.Context) error {
	for _, s := range []struct {
		v        *layers.Loaded
		source   string
		compared bool
		into     *[]patch
	}{
		{f.land, FromLand, f.landBefore != nil, &f.now},
		{f.activities, FromActivity, f.activitiesBefore != nil, &f.now},
		{f.landBefore, FromLand, true, &f.before},
		{f.activitiesBefore, FromActivity, true, &f.before},
	} {
		if s.v == nil {
			continue
		}
		found, err := f.inside(ctx, s.v, s.source)
		if err != nil {
			return err
		}
		if err := f.uncovered(ctx, s.v, s.source); err != nil {
			return err
		}
		for i := range found {
			found[i].compared = s.compared
		}
		*s.into = append(*s.into, found...)
	}
	return nil
}

// inside are the patches of a vintage that are looked for and lie inside, and the gaps that the others leave.
func (f *finder) inside(ctx context.Context, v *layers.Loaded, source string) ([]patch, error) {
	found := make([]patch, len(v.Features()))
	err := place.Each(ctx, len(found), f.Workers, func(i int, s *overlay.Scratch) error {
		feature := &v.Features()[i]
		part, looked := f.part(v, feature, source)
		if !looked {
			return nil
		}
		p := patch{Part: part, stated: feature.Roles[layers.RegionCode]}
		if v.IsArea(i) {
			shape := v.Plane().At(i)
			outline, area, err := f.extent.Within(&shape, s)
			if err != nil || area < f.MinArea {
				return err
			}
			p.outline, p.Area, p.shape = outline, area, overlay.Prepare(outline)
			p.row = f.regions.Main(p.shape)
		} else if p.points = f.pointsInside(feature.Geometry); len(p.points) == 0 {
			return nil
		} else {
			p.row = f.regions.Holding(p.points[0])
		}
		p.home = f.home(&p)
		found[i] = p
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.unread(v, source)
	return slices.DeleteFunc(found, func(p patch) bool { return p.Feature == 0 }), nil
}

// uncovered says where nothing could be found because the layer says nothing: land use is a coverage and covers what its
// patches cover, activities are complete where their coverage was declared. Before, a hole makes what is there now look new.
func (f *finder) uncovered(ctx context.Context, v *layers.Loaded, source string) error {
	covered := geo.Area(0)
	if source == FromLand {
		shares := make([]geo.Area, len(v.Features()))
		err := place.Each(ctx, len(shares), f.Workers, func(i int, _ *overlay.Scratch) error {
			shape := v.Plane().At(i)
			shares[i] = f.extent.Shared(&shape)
			return nil
		})
		if err != nil {
			return err
		}
		for _, a := range shares {
			covered += a
		}
	} else {
		switch v.Vintage.Coverage.Kind {
		case layers.CoverageEverywhere:
			return nil
		case layers.CoverageUndeclared:
			f.gap(v, "leads.coverage.undeclared", "ref", v.Vintage.Ref)
			return nil
		}
		covered = f.extent.Shared(v.Coverage())
	}
	if off := f.extent.Area - covered; off > max(leastHole, f.extent.Area*1e-6) {
		f.gap(v, "leads.coverage.partial", "ref", v.Vintage.Ref, "area", strconv.FormatFloat(off.Hectares(), 'f', 4, 64))
	}
	return nil
}

// part is what a feature is as an activity; false when it is not looked for.
func (f *finder) part(v *layers.Loaded, feature *layers.Feature, source string) (Part, bool) {
	class := feature.Roles[layers.Class]
	p := Part{Source: source, Feature: feature.ID, Code: feature.Roles[layers.Code]}
	if source == FromLand {
		kind, looked := f.Codes.ActivityOfClass(class)
		p.Kind, p.Word = kind, class
		return p, looked
	}
	p.Kind, p.Word, p.Name = class, codes.Delivered(v.Vintage, feature, layers.Class), feature.Roles[layers.Name]
	if _, known := f.Codes.Kind(class); !known {
		p.Kind = codes.OtherKind
	}
	return p, true
}

// unread says what of a vintage could not be judged: activities of a kind that is not understood count as "other", and
// lines are not looked at.
func (f *finder) unread(v *layers.Loaded, source string) {
	if source != FromActivity {
		return
	}
	strange, lines := 0, 0
	for i := range v.Features() {
		feature := &v.Features()[i]
		if _, known := f.Codes.Kind(feature.Roles[layers.Class]); !known {
			strange++
		}
		switch feature.Geometry.(type) {
		case orb.LineString, orb.MultiLineString:
			lines++
		}
	}
	if strange > 0 {
		f.gap(v, "leads.kind.unread", "ref", v.Vintage.Ref, "count", strange)
	}
	if lines > 0 {
		f.gap(v, "leads.activities.lines", "ref", v.Vintage.Ref, "count", lines)
	}
}

// pointsInside are the points of a geometry, in the legal plane, that lie inside; none for lines.
func (f *finder) pointsInside(g orb.Geometry) []orb.Point {
	var all []orb.Point
	switch g := ellipsoid.GeometryToPlane(g).(type) {
	case orb.Point:
		all = []orb.Point{g}
	case orb.MultiPoint:
		all = g
	}
	return slices.DeleteFunc(all, func(p orb.Point) bool { return !f.extent.Holds(p) })
}

// home is what a patch belongs to: patches of different homes never make one lead, because a ledger is kept by protected
// area.
func (f *finder) home(p *patch) string {
	if f.protected != nil {
		if areas := f.areas(p.shape, p.points); len(areas) > 0 {
			return "protected " + cmp.Or(areas[0].Name, areas[0].Code)
		}
	}
	return "redline " + f.regions.At(p.row).Code
}

// areas are the protected areas that a place lies in, the largest share first; of two of one size the one that comes first
// in its layer. Points have no share.
func (f *finder) areas(shape *overlay.Prepared, points []orb.Point) []Area {
	if f.protected == nil {
		return nil
	}
	var out []Area
	for _, i := range f.meeting(f.protected, shape, points) {
		feature := &f.protected.Features()[i]
		a := Area{
			Feature: feature.ID, Code: feature.Roles[layers.Code], Name: feature.Roles[layers.Name],
			Type: feature.Roles[layers.Class], Level: feature.Roles[layers.Level], Zone: feature.Roles[layers.Zone],
			ZoneWord: codes.Delivered(f.protected.Vintage, feature, layers.Zone),
		}
		a.Vocabulary = f.Codes.Vocabulary(a.Zone)
		if shape != nil {
			at := f.protected.Plane().At(i)
			a.Area = at.Shared(shape)
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(x, y Area) int { return cmp.Compare(y.Area, x.Area) })
	return out
}

// meeting are the polygons of a vintage that share an area with a place or hold one of the points.
func (f *finder) meeting(v *layers.Loaded, shape *overlay.Prepared, points []orb.Point) []int {
	var out []int
	if shape != nil {
		for _, i := range place.Search(v.Plane(), shape.Bound()) {
			at := v.Plane().At(i)
			if at.Shared(shape) > sliver {
				out = append(out, i)
			}
		}
	}
	for _, p := range points {
		for _, i := range place.Search(v.Plane(), p.Bound()) {
			at := v.Plane().At(i)
			if at.NearLine([]orb.Point{p}, 0) {
				out = append(out, i)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// near reports whether two patches come within a distance, in metres, of each other or share an area. Distances between
// polygons are taken in the legal plane, which at 23° N shows them up to a twelfth longer along a parallel and as much
// shorter along a meridian (by the cosine of the latitude); those between points are geodesic.
func near(a, b *patch, distance geo.Length) bool {
	reach := float64(distance)
	switch {
	case a.shape != nil && b.shape != nil:
		return a.shape.Shared(b.shape) > sliver || a.shape.Near(b.shape, reach)
	case a.shape != nil:
		return slices.ContainsFunc(b.points, func(p orb.Point) bool { return a.shape.NearLine([]orb.Point{p}, reach) })
	case b.shape != nil:
		return near(b, a, distance)
	}
	for _, p := range a.points {
		for _, q := range b.points {
			if planeDistance(p, q) <= reach {
				return true
			}
		}
	}
	return false
}
