package shoreline

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// speckArea is the area in m² below which a patch and a zone are taken to share nothing.
const speckArea geo.Area = 0.01

// encroach looks for construction land and activities on the zones.
func (s *survey) encroach(ctx context.Context, lib *layers.Library) error {
	if s.Landuse != (layers.Ref{}) && s.Construction == nil {
		return errors.New("shoreline: land use without Options.Construction")
	}
	for _, asked := range []struct {
		ref   layers.Ref
		theme layers.Theme
	}{{s.Landuse, layers.Landuse}, {s.Activities, layers.Activity}} {
		if asked.ref == (layers.Ref{}) {
			continue
		}
		v, err := lib.Load(ctx, asked.ref)
		if err != nil {
			return err
		}
		if theme := v.Vintage.Theme; theme != asked.theme {
			return geo.NewProblem("shoreline.patches.theme", "ref", asked.ref, "theme", theme, "want", asked.theme)
		}
		s.doubts(v.Vintage)
		if err := s.onZones(ctx, v); err != nil {
			return err
		}
	}
	slices.SortStableFunc(s.found, func(a, b Encroachment) int {
		return cmp.Or(cmp.Compare(a.Zone, b.Zone), a.Ref.Compare(b.Ref), cmp.Compare(a.Feature, b.Feature))
	})
	return nil
}

// wanted reports whether a feature is construction land or an activity.
func (s *survey) wanted(v *layers.Loaded, f *layers.Feature) bool {
	return v.Vintage.Theme == layers.Activity || s.Construction(f.Roles[layers.Class])
}

func (s *survey) onZones(ctx context.Context, v *layers.Loaded) error {
	scratch := new(overlay.Scratch)
	shores := make([][]piece, len(s.zones))
	for _, p := range s.parts {
		shores[p.zone] = append(shores[p.zone], p.piece)
	}
	for i, z := range s.zones {
		if err := ctx.Err(); err != nil {
			return err
		}
		shore := site{survey: s, zone: z, shore: shores[i], scratch: scratch}
		if len(z.plane) > 0 {
			shore.prepared = overlay.Prepare(z.plane)
		}
		bound, ok := shore.bound()
		if !ok {
			continue
		}
		v.Search(bound, func(k int) bool {
			if f := &v.Features()[k]; s.wanted(v, f) {
				shore.meet(v, k, f)
			}
			return true
		})
	}
	return nil
}

// site is one zone with its shoreline.
type site struct {
	*survey
	zone     zone
	shore    []piece
	prepared *overlay.Prepared // nil when the zone is a line
	scratch  *overlay.Scratch
}

// bound is the zone's in degrees, with room for points beside a line.
func (t *site) bound() (orb.Bound, bool) {
	var b orb.Bound
	none := true
	add := func(o orb.Bound) {
		if none {
			b, none = o, false
		} else {
			b = b.Union(o)
		}
	}
	if t.prepared != nil {
		add(t.zone.plane.Bound())
	}
	for _, p := range t.shore {
		add(p.bound)
	}
	if none {
		return b, false
	}
	degrees := ellipsoid.GeometryFromPlane(orb.MultiPoint{b.Min, b.Max}).(orb.MultiPoint)
	const metre = 1 / 90_000.0 // degrees, more than a metre of longitude at 36° and of latitude anywhere
	pad := 0.0
	if t.prepared == nil {
		pad = float64(t.Reach) * metre
	}
	return orb.Bound{Min: degrees[0], Max: degrees[1]}.Pad(pad), true
}

// meet notes what a feature shares with the zone.
func (t *site) meet(v *layers.Loaded, k int, f *layers.Feature) {
	e := Encroachment{
		Zone: t.zone.id, ZoneName: t.zone.name, Number: t.zone.number, River: t.zone.river, Side: t.zone.side,
		Ref: v.Vintage.Ref, Feature: f.ID, Class: f.Roles[layers.Class], Activity: v.Vintage.Theme == layers.Activity,
	}
	if e.River == "" && len(t.shore) > 0 {
		e.River = t.sources[t.shore[0].source].river
	}
	switch {
	case v.IsArea(k):
		t.meetArea(&e, v, k)
	default:
		e.Points = t.pointsOn(f.Geometry)
	}
	if e.Area >= speckArea || e.Length >= speck || len(e.Points) > 0 {
		t.found = append(t.found, e)
	}
}

func (t *site) meetArea(e *Encroachment, v *layers.Loaded, k int) {
	in, _ := cut(t.shore, v.Plane().Polygon(k))
	for _, p := range in {
		e.Length += p.length
		e.Lines = append(e.Lines, degrees(p.line))
	}
	if e.Length < speck {
		e.Length, e.Lines = 0, nil
	}
	if t.prepared == nil {
		return
	}
	shape := v.Plane().At(k)
	if e.Area = shape.Shared(t.prepared); e.Area < speckArea {
		e.Area = 0
		return
	}
	place, err := shape.Place(e.Area, t.prepared, t.scratch)
	if err != nil {
		t.gap(v.Vintage.Ref.Layer, "shoreline.patch.outline", "ref", v.Vintage.Ref, "feature", e.Feature, "zone", e.Zone)
		return
	}
	e.Polygons, _ = ellipsoid.GeometryFromPlane(place).(orb.MultiPolygon)
}

// pointsOn are the points of a geometry that lie in the zone, or within reach of it where it is a line.
func (t *site) pointsOn(g orb.Geometry) orb.MultiPoint {
	var points orb.MultiPoint
	switch g := g.(type) {
	case orb.Point:
		points = orb.MultiPoint{g}
	case orb.MultiPoint:
		points = g
	}
	var out orb.MultiPoint
	for _, p := range points {
		if t.holds(p) {
			out = append(out, p)
		}
	}
	return out
}

func (t *site) holds(p orb.Point) bool {
	if t.prepared != nil {
		const onBorder = 1e-3 // m
		return t.prepared.NearLine([]orb.Point{ellipsoid.ToPlane(p)}, onBorder)
	}
	for _, piece := range t.shore {
		if within(p, degrees(piece.line), t.Reach) {
			return true
		}
	}
	return false
}

// within reports whether a point comes so near to a line. The foot of the point is found with degrees of longitude
// shortened as at its latitude, which is good to a millionth over some hundred metres; the distance is a geodesic.
func within(p orb.Point, line orb.LineString, reach geo.Length) bool {
	shorter := math.Cos(p[1] * math.Pi / 180)
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		dx, dy := (b[0]-a[0])*shorter, b[1]-a[1]
		t := 0.0
		if d := dx*dx + dy*dy; d > 0 {
			t = min(max(((p[0]-a[0])*shorter*dx+(p[1]-a[1])*dy)/d, 0), 1)
		}
		foot := orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
		if ellipsoid.Length(orb.LineString{p, foot}) <= reach {
			return true
		}
	}
	return false
}
