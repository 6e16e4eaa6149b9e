package avoid

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"
	"greenshield/layers"
)

// around is what is to be avoided within a window of the legal plane: a feature, or for feature 0 what no feature of
// the layer covers.
func around(v *layers.Loaded, feature int64, window orb.Bound, m *overlay.Scratch) (orb.MultiPolygon, error) {
	box := orb.MultiPolygon{{window.ToRing()}}
	clipped := func(i int) (orb.MultiPolygon, error) {
		shape := v.Plane().At(i)
		return shape.Outline(box, m)
	}
	if feature > 0 {
		return clipped(int(feature - 1))
	}
	var features []int
	v.Plane().Search(window, func(i int) bool {
		features = append(features, i)
		return true
	})
	slices.Sort(features)
	var covered []orb.MultiPolygon
	for _, i := range slices.Compact(features) {
		shape, err := clipped(i)
		if err != nil {
			return nil, err
		}
		covered = append(covered, shape)
	}
	union, err := overlay.Dissolve(covered)
	if err != nil {
		return nil, err
	}
	return m.Outline(box, union, overlay.Difference)
}

// along is the parcel without what is to be avoided and a margin around it. Unless exact, the border is drawn half
// as wide again and then with fewer points, so that no edge comes nearer to the conflict than the margin.
func (s *suggestion) along(m *overlay.Scratch, exact bool) (orb.MultiPolygon, error) {
	shapes, err := overlay.Dissolve(s.shapes)
	if err != nil || len(shapes) == 0 {
		return s.plane, err
	}
	// A corner of two edges instead of a quarter of a circle lies within the margin at its middle by 1 − cos(π/8).
	const corner = 2
	distance := s.reach / math.Cos(math.Pi/(4*corner))
	slack := s.reach / 2
	if !exact {
		distance += slack
	}
	wide, err := topo.Buffer(shapes, distance, topo.BufferOptions{Segments: corner})
	if err != nil {
		return nil, err
	}
	if !exact {
		wide = simplify.DouglasPeucker(slack).MultiPolygon(fromFarthest(wide))
	}
	return m.Outline(s.plane, wide, overlay.Difference)
}

// fromFarthest is a copy of polygons whose rings begin at the point that is farthest from their middle: the point
// where a ring begins is never left out, and that one would stay anyway.
func fromFarthest(mp orb.MultiPolygon) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(mp))
	for i, polygon := range mp {
		for _, ring := range polygon {
			middle, far, first := ring.Bound().Center(), 0.0, 0
			for k, p := range ring {
				if d := vector(middle, p); math.Hypot(d[0], d[1]) > far {
					far, first = math.Hypot(d[0], d[1]), k
				}
			}
			open := ring[:len(ring)-1]
			first %= len(open)
			out[i] = append(out[i], append(append(append(orb.Ring{}, open[first:]...), open[:first]...), open[first]))
		}
	}
	return out
}

// stretch is how many metres of the legal plane are at least as long as one metre on the ground, in any direction:
// the plane is true to areas, so what it shortens one way it lengthens the other.
func stretch(at orb.Point) float64 {
	const step = 1e-3 // degrees
	east := orb.Point{at[0] + step, at[1]}
	ground := float64(ellipsoid.Length(orb.LineString{at, east}))
	plane := ellipsoid.ToPlane(east)[0] - ellipsoid.ToPlane(at)[0]
	return max(plane/ground, ground/plane)
}

// zoneOf is the 3° zone that a place lies in (domain section 7).
func zoneOf(at orb.Point) (crs.System, error) {
	return crs.GaussKruger(3, int(math.Round(at[0]/3)), true)
}
