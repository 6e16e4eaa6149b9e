package layers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"golang.org/x/sync/singleflight"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/index"
	"greenshield/geo/overlay"
)

// DefaultVertices is how many vertices a Library keeps unless told otherwise: about 3 GB as features and in the
// legal plane.
const DefaultVertices = 60_000_000

// Library keeps published vintages in memory for analyses and tiles. A vintage never changes, so what is loaded is
// keyed by its Ref and needs no purge. It is safe for concurrent use.
//
// A loaded vintage costs 16 bytes per vertex for its geometry and about 26 more for the same in the legal plane with a
// tree over its edges, some 500 bytes per feature, and its attributes. When more than Vertices are loaded, the vintages
// that were asked for longest ago are let go; who still holds one may go on using it.
type Library struct {
	// Vertices is the most that is kept; 0 means DefaultVertices. Set it before the first Load.
	Vertices int64

	store  Store
	source *Library // loads and keeps the vintages, where this is a view of another library; see AsOf
	flight singleflight.Group

	mu     sync.Mutex
	loaded map[Ref]*Loaded
	recent []Ref // asked for longest ago first
	sum    int64 // vertices of all loaded
}

// NewLibrary makes a library over a store.
func NewLibrary(s Store) *Library { return &Library{store: s, loaded: map[Ref]*Loaded{}} }

// Store is the store that the library reads from.
func (l *Library) Store() Store { return l.store }

// Load gives a published vintage, reading it from the store the first time. Callers that ask for the same ref at
// once wait for one reading; one that gives up does not spoil it for the others. A vintage that is withdrawn while
// loaded stays readable until Forget.
func (l *Library) Load(ctx context.Context, ref Ref) (*Loaded, error) {
	if l.source != nil {
		return l.source.Load(ctx, ref)
	}
	for {
		if v := l.known(ref); v != nil {
			return v, nil
		}
		read := l.flight.DoChan(ref.String(), func() (any, error) { return l.read(ctx, ref) })
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case r := <-read:
			if r.Err == nil {
				return r.Val.(*Loaded), nil
			}
			// The reading ran under the context of whoever came first; if that one gave up, read again.
			if stopped(r.Err) && ctx.Err() == nil {
				continue
			}
			return nil, fmt.Errorf("load %s: %w", ref, r.Err)
		}
	}
}

// Vintage gives the record of a published vintage without reading its features.
func (l *Library) Vintage(ctx context.Context, ref Ref) (Vintage, error) {
	if l.source != nil {
		return l.source.Vintage(ctx, ref)
	}
	if v := l.known(ref); v != nil {
		return v.Vintage, nil
	}
	return l.store.Vintage(ctx, ref)
}

// Forget lets a vintage go, as after its withdrawal.
func (l *Library) Forget(ref Ref) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(ref)
}

func stopped(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// known gives a loaded vintage and marks it as asked for just now.
func (l *Library) known(ref Ref) *Loaded {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.loaded[ref]
	if i := slices.Index(l.recent, ref); v != nil && i >= 0 {
		l.recent = append(slices.Delete(l.recent, i, i+1), ref)
	}
	return v
}

func (l *Library) read(ctx context.Context, ref Ref) (*Loaded, error) {
	if v := l.known(ref); v != nil { // another reading ended between the caller's look and this one
		return v, nil
	}
	v, err := read(ctx, l.store, ref)
	if err != nil {
		return nil, err
	}
	l.keep(v)
	return v, nil
}

func (l *Library) keep(v *Loaded) {
	limit := l.Vertices
	if limit == 0 {
		limit = DefaultVertices
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(v.Vintage.Ref)
	for l.sum+v.vertices > limit && len(l.recent) > 0 {
		l.drop(l.recent[0])
	}
	l.loaded[v.Vintage.Ref] = v
	l.recent = append(l.recent, v.Vintage.Ref)
	l.sum += v.vertices
}

// drop removes ref if it is loaded; the lock is held.
func (l *Library) drop(ref Ref) {
	v := l.loaded[ref]
	if v == nil {
		return
	}
	delete(l.loaded, ref)
	l.recent = slices.DeleteFunc(l.recent, func(r Ref) bool { return r == ref })
	l.sum -= v.vertices
}

// Loaded is a vintage in memory. It does not change and is safe for concurrent use; features are addressed by their
// index, which is their ID − 1. What it hands out is shared and must not be written to.
type Loaded struct {
	Vintage Vintage

	features []Feature
	plane    *overlay.Layer
	others   *index.Index[int] // features that are no polygons, by the bounds of their parts in the legal plane
	vertices int64

	coverageOnce sync.Once
	coverage     *overlay.Prepared

	hashOnce sync.Once
	byHash   []hashed
}

func read(ctx context.Context, store Store, ref Ref) (*Loaded, error) {
	v, err := store.Vintage(ctx, ref)
	if err != nil {
		return nil, err
	}
	l := &Loaded{Vintage: v, others: index.New[int](), features: make([]Feature, 0, max(v.Count, 0))}
	for f, err := range store.Features(ctx, ref, nil) {
		if err != nil {
			return nil, err
		}
		if f.ID != int64(len(l.features)+1) {
			return nil, fmt.Errorf("feature %d of %s comes in place %d", f.ID, ref, len(l.features)+1)
		}
		l.add(f)
	}
	if int64(len(l.features)) != v.Count {
		return nil, fmt.Errorf("%s has %d features, its record says %d", ref, len(l.features), v.Count)
	}
	l.plane = overlay.NewLayer(len(l.features),
		func(i int) orb.MultiPolygon { return polygons(l.features[i].Geometry) }, ellipsoid.AppendToPlane)
	return l, nil
}

// polygons are the polygons of a geometry, none when it has no area.
func polygons(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}

func (l *Loaded) add(f Feature) {
	i := len(l.features)
	l.features = append(l.features, f)
	switch g := f.Geometry.(type) {
	case nil, orb.Polygon, orb.MultiPolygon: // the plane has its own index
	case orb.MultiLineString:
		for _, p := range g {
			l.others.Insert(planeBound(p.Bound()), i)
		}
	default:
		l.others.Insert(planeBound(g.Bound()), i)
	}
	l.vertices += vertices(f.Geometry)
}

func vertices(g orb.Geometry) int64 {
	n := 0
	switch g := g.(type) {
	case orb.Point:
		n = 1
	case orb.MultiPoint:
		n = len(g)
	case orb.LineString:
		n = len(g)
	case orb.MultiLineString:
		for _, p := range g {
			n += len(p)
		}
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += int(vertices(p))
		}
	}
	return int64(n)
}

// Features are all features in order of ID.
func (l *Loaded) Features() []Feature { return l.features }

// Search calls found with the index of every feature that has a part whose bound (degrees) meets b, borders
// included, each once and in ascending order, until found answers false.
func (l *Loaded) Search(b orb.Bound, found func(i int) bool) {
	var hits []int
	hit := func(i int) bool {
		hits = append(hits, i)
		return true
	}
	plane := planeBound(b)
	l.plane.Search(plane, hit)
	l.others.Search(plane, hit)
	slices.Sort(hits)
	for _, i := range slices.Compact(hits) {
		if !found(i) {
			return
		}
	}
}

// planeBound is a bound of degrees in the legal plane, whose axes are those of the degrees, only stretched.
func planeBound(b orb.Bound) orb.Bound {
	return orb.Bound{Min: ellipsoid.ToPlane(b.Min), Max: ellipsoid.ToPlane(b.Max)}
}

// Plane is all polygons of the vintage in the legal plane (geo/ellipsoid), where planar areas are legal areas, under the
// indices of their features; what is no polygon shares no area with anything there.
func (l *Loaded) Plane() *overlay.Layer { return l.plane }

// IsArea reports whether feature i is a polygon or multipolygon.
func (l *Loaded) IsArea(i int) bool { return len(polygons(l.features[i].Geometry)) > 0 }

// Coverage is the outline of the declared coverage in the legal plane, of no area when none is declared or it has no
// limit.
func (l *Loaded) Coverage() *overlay.Prepared {
	l.coverageOnce.Do(func() {
		l.coverage = overlay.Prepare(ellipsoid.MultiPolygonToPlane(l.Vintage.Coverage.Outline))
	})
	return l.coverage
}

// Latest gives, of one layer's vintages, the one in use on a day (YYYY-MM-DD): the latest that had begun by then, and
// of it the latest revision. A vintage named by a year or a month counts from its first day. False when none had.
func Latest(vintages []Vintage, day string) (Vintage, bool) {
	var best Vintage
	found := false
	for _, v := range vintages {
		name := v.Ref.Vintage
		begun := name <= day[:min(len(name), len(day))]
		if begun && (!found || v.Ref.Compare(best.Ref) > 0) {
			best, found = v, true
		}
	}
	return best, found
}
