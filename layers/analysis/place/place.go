// Package place works with places in the legal plane: what a layer covers, each spot once; what of a patch lies there; and
// which regions it lies in. It knows layers and regions and nothing of what an analysis makes of them; it judges nothing
// and prints nothing.
//
// All areas are taken in the legal plane (geo/ellipsoid), where planar areas are legal areas in m²; outlines are in
// that plane too unless a name says degrees.
package place

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// Speck is the area in m² up to which two polygons are taken to share nothing: what rounding leaves of zero.
const Speck geo.Area = 1e-4

// Extent is a place as parts that do not overlap each other. It does not change and may be used from many goroutines;
// the zero value is no place at all.
type Extent struct {
	outline orb.MultiPolygon
	parts   *overlay.Layer
	// Area is that of the place, Overlapping what features that made it share with each other: 0 in a coverage.
	Area, Overlapping geo.Area
}

// ExtentOf is the place that the polygons of a vintage cover, those for which keep answers true; a nil keep takes all.
func ExtentOf(v *layers.Loaded, keep func(f *layers.Feature) bool) (*Extent, error) {
	var parts []orb.MultiPolygon
	for i := range v.Features() {
		if v.IsArea(i) && (keep == nil || keep(&v.Features()[i])) {
			parts = append(parts, v.Plane().Polygon(i))
		}
	}
	return Union(parts...)
}

// Union is the place that several polygons in the legal plane cover together.
func Union(parts ...orb.MultiPolygon) (*Extent, error) {
	sum := geo.Area(0)
	for _, p := range parts {
		sum += overlay.AreaOf(p)
	}
	outline, err := overlay.Dissolve(parts)
	if err != nil {
		return nil, err
	}
	e := Of(outline)
	e.Overlapping = max(sum-e.Area, 0)
	return e, nil
}

// Of is a valid multipolygon in the legal plane as a place.
func Of(outline orb.MultiPolygon) *Extent {
	parts := overlay.NewLayer(len(outline), func(i int) orb.MultiPolygon { return outline[i : i+1] }, nil)
	return &Extent{outline: outline, parts: parts, Area: overlay.AreaOf(outline)}
}

// Outline is the place in the legal plane; it must not be written to.
func (e *Extent) Outline() orb.MultiPolygon { return e.outline }

// Empty reports whether there is no such place.
func (e *Extent) Empty() bool { return e == nil || len(e.outline) == 0 }

// Less is what of the place does not lie in another.
func (e *Extent) Less(o *Extent) (*Extent, error) { return e.combined(o, overlay.Difference) }

// And is what two places share.
func (e *Extent) And(o *Extent) (*Extent, error) { return e.combined(o, overlay.Intersection) }

func (e *Extent) combined(o *Extent, op overlay.Op) (*Extent, error) {
	outline, err := overlay.Outline(e.outline, o.outline, op)
	if err != nil {
		return nil, err
	}
	return Of(outline), nil
}

// near calls found with the parts of the place that a bound in the legal plane meets, each once and in order.
func (e *Extent) near(b orb.Bound, found func(part overlay.Prepared)) {
	if e.Empty() {
		return
	}
	for _, i := range search(e.parts, b) {
		found(e.parts.At(i))
	}
}

// Shared is the area of p that lies in the place; NaN when p has an Err.
func (e *Extent) Shared(p *overlay.Prepared) geo.Area {
	sum := geo.Area(0)
	e.near(p.Bound(), func(part overlay.Prepared) { sum += part.Shared(p) })
	return sum
}

// Within is the part of p that lies in the place, and its area, which two methods agree on. A part no larger than Speck is none.
func (e *Extent) Within(p *overlay.Prepared, s *overlay.Scratch) (orb.MultiPolygon, geo.Area, error) {
	var outline orb.MultiPolygon
	sum := geo.Area(0)
	var failed error
	e.near(p.Bound(), func(part overlay.Prepared) {
		area := part.Shared(p)
		if !(area > Speck) {
			return
		}
		piece, err := part.Place(area, p, s)
		if err != nil {
			failed = err
		}
		outline, sum = append(outline, piece...), sum+area
	})
	return outline, sum, failed
}

// Holds reports whether a point of the legal plane lies in the place or on its border.
func (e *Extent) Holds(p orb.Point) bool {
	held := false
	e.near(p.Bound(), func(part overlay.Prepared) { held = held || part.NearLine([]orb.Point{p}, 0) })
	return held
}

// Degrees brings an outline from the legal plane to CGCS2000 degrees.
func Degrees(plane orb.MultiPolygon) orb.MultiPolygon {
	if plane == nil {
		return nil
	}
	return ellipsoid.GeometryFromPlane(plane).(orb.MultiPolygon)
}

// Each calls work for 0 … n−1, several at once, with a scratch memory per goroutine, until one fails or ctx ends. Tasks
// write to places of their own, so that the order does not matter; workers 0 means one per processor.
func Each(ctx context.Context, n, workers int, work func(i int, s *overlay.Scratch) error) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	errs := make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			scratch := new(overlay.Scratch)
			for ctx.Err() == nil && !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = work(i, scratch); errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
