package conflict

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"
	"greenshield/layers/rule"
)

// The border of a layer whose accuracy is declared as a lies somewhere in a band: all that is no further than a from the
// delivered border. What a parcel shares with a feature outside of the band it shares for certain; that is the effective
// area of the overlap, and an overlap without one is a border case, which nobody can decide before the boundary has been
// surveyed (domain section 4, legal tolerance, mark P: proposed, not law).
//
// The border is that of the layer, not of its features: where two features of a layer meet, the place belongs to the
// layer whichever of the two it is in, and the stricter one is judged by area as without a band. Distances are on the
// ground; arcs are 32 edges to a half circle, and the engine may simplify the line by 1 % of a.

// arcs is the number of edges to a quarter of a circle: the band is narrower by 0.12 % of the accuracy where a border
// turns.
const arcs = 16

// band is the uncertain place around the border of a layer, near the parcel, in the legal plane; empty where the border
// is further away than its accuracy, or nothing is declared. Near another parcel's it is another.
type band struct {
	accuracy geo.Length
	place    orb.MultiPolygon
}

// frame is the plane, near one latitude, in which distances are those on the ground and areas the legal ones.
type frame struct {
	origin orb.Point
	scale  float64
}

func (f frame) toGround(p orb.Point) orb.Point {
	return orb.Point{(p[0] - f.origin[0]) * f.scale, (p[1] - f.origin[1]) / f.scale}
}

func (f frame) toPlane(p orb.Point) orb.Point {
	return orb.Point{p[0]/f.scale + f.origin[0], p[1]*f.scale + f.origin[1]}
}

// askBorder finds the band of a layer; where it cannot be built the answer is incomplete and shows no effective area.
func (q *question) askBorder(k int) {
	a := &q.layers[k]
	if a.loaded == nil || a.vintage.Declared.Accuracy == 0 {
		return
	}
	place, err := q.uncertain(k, float64(a.vintage.Declared.Accuracy))
	if err != nil {
		q.gap(k, geo.NewProblem("check.border.failed", "layer", a.title()).Because(err))
		return
	}
	q.bands[k] = band{a.vintage.Declared.Accuracy, place}
}

// uncertain is all that lies within accuracy of the border of a layer, as far as the parcel can meet it.
func (q *question) uncertain(k int, accuracy float64) (orb.MultiPolygon, error) {
	f := frame{q.plane.Bound().Center(), ellipsoid.PlaneScale(q.bound.Center()[1])}
	reach := accuracy * math.Max(f.scale, 1/f.scale)
	window := q.plane.Bound().Pad(2*reach + 1)
	shape, err := q.within(k, window)
	if err != nil {
		return nil, err
	}
	var lines orb.MultiLineString
	for _, polygon := range shape {
		for _, ring := range polygon {
			lines = append(lines, q.bordering(ring, window, reach, f)...)
		}
	}
	if len(lines) == 0 {
		return nil, nil
	}
	around, err := topo.Buffer(lines, accuracy, topo.BufferOptions{Segments: arcs})
	for _, polygon := range around {
		for _, ring := range polygon {
			for i := range ring {
				ring[i] = f.toPlane(ring[i])
			}
		}
	}
	return around, err
}

// within is what all features of a layer together cover of a window.
func (q *question) within(k int, window orb.Bound) (orb.MultiPolygon, error) {
	plane, pane := q.layers[k].loaded.Plane(), overlay.Prepare(orb.MultiPolygon{window.ToPolygon()})
	var parts []orb.MultiPolygon
	var err error
	plane.Search(window, func(i int) bool {
		shape := plane.At(i)
		var part orb.MultiPolygon
		if part, err = shape.SharedOutline(pane, q.Scratch); err == nil && len(part) > 0 {
			parts = append(parts, part)
		}
		return err == nil
	})
	if err != nil || len(parts) < 2 {
		return slices.Concat(parts...), err
	}
	return overlay.Dissolve(parts)
}

// bordering are the runs of a ring that come within reach of the parcel, on the ground; what runs along the window is its
// border and not the layer's.
func (q *question) bordering(ring orb.Ring, window orb.Bound, reach float64, f frame) []orb.LineString {
	var out []orb.LineString
	open := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if along(a, b, window) || !q.prepared.NearLine([]orb.Point{a, b}, reach) {
			open = false
			continue
		}
		if !open {
			out = append(out, orb.LineString{f.toGround(a)})
		}
		last := len(out) - 1
		out[last] = append(out[last], f.toGround(b))
		open = true
	}
	return out
}

// along reports whether an edge runs along one side of a window; outlines are on a grid of 0.1 mm.
func along(a, b orb.Point, w orb.Bound) bool {
	const grid = 1e-3
	for axis := range 2 {
		for _, side := range [...]float64{w.Min[axis], w.Max[axis]} {
			if math.Abs(a[axis]-side) < grid && math.Abs(b[axis]-side) < grid {
				return true
			}
		}
	}
	return false
}

// effective is what is left of a piece after the band of its layer is taken off.
func (q *question) effective(p *piece) geo.Area {
	b := q.bands[p.layer]
	if b.accuracy == 0 || len(b.place) == 0 || p.outline == nil {
		return p.area
	}
	return max(p.area-q.Area(p.outline, b.place), 0)
}

// certain is what is left of the area that a parcel shares with a layer, each place counted once.
func (q *question) certain(k int, area geo.Area, found []piece) geo.Area {
	if len(q.bands[k].place) == 0 || len(found) == 0 {
		return area
	}
	if len(found) == 1 {
		return q.effective(&found[0])
	}
	union, err := unite(found)
	if err != nil { // which has left a gap
		return area
	}
	union.layer = k
	return q.effective(&union)
}

// beside is the part of the parcel that shares nothing with a layer but lies within its accuracy: it may belong to the
// layer. It is told, and judged by nobody: the delivered boundary is the one that was approved.
func (q *question) beside(k int, found []piece) geo.Area {
	b := q.bands[k]
	if len(b.place) == 0 || q.book.Split(q.layers[k].layer.Theme) == rule.SplitBoundary {
		return 0 // outside of a boundary is a finding of its own
	}
	shared := together(found)
	area := q.Area(q.plane, b.place) - (shared - q.certain(k, shared, found))
	if area <= q.slight() {
		return 0
	}
	return area
}
