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

// DefaultVertices is how many vertices a Library keeps unless told otherwise: about 2 GB as features and in the
// legal plane, before any of them is prepared.
const DefaultVertices = 60_000_000

// Library keeps published vintages in memory for analyses and tiles. A vintage never changes, so what is loaded is
// keyed by its Ref and needs no purge. It is safe for concurrent use.
//
// A loaded vintage costs 16 bytes per vertex for its geometry, about 300 bytes per feature for the feature and its
// place in the index, and its attributes; 16 bytes per vertex more for each feature that was asked for in the legal
// plane, and about 100 bytes per vertex for each that was prepared (measured on outlines of 2,000 to 113,000 vertices;
// overlay.Prepare bounds the worst case at some 2 kB). When more than Vertices are loaded, the vintages that were asked
// for longest ago are let go; who still holds one may go on using it.
type Library struct {
	// Vertices is the most that is kept; 0 means DefaultVertices. Set it before the first Load.
	Vertices int64

	store  Store
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
	parts    *index.Index[int]
	vertices int64
	shapes   []shape
	coverage shape
}

// shape is a geometry in the legal plane, computed when first asked for: tiles never ask, a conflict check asks for
// the few features near its parcels, and only a comparison of vintages asks for all. Computing it at load would
// double the time and memory of every load for the sake of the last.
type shape struct {
	planeOnce    sync.Once
	plane        orb.MultiPolygon
	preparedOnce sync.Once
	prepared     *overlay.Prepared
}

func (s *shape) inPlane(g orb.Geometry) orb.MultiPolygon {
	s.planeOnce.Do(func() { s.plane = ellipsoid.MultiPolygonToPlane(g) })
	return s.plane
}

func (s *shape) prepare(g orb.Geometry) *overlay.Prepared {
	s.preparedOnce.Do(func() { s.prepared = overlay.Prepare(s.inPlane(g)) })
	return s.prepared
}

func read(ctx context.Context, store Store, ref Ref) (*Loaded, error) {
	v, err := store.Vintage(ctx, ref)
	if err != nil {
		return nil, err
	}
	l := &Loaded{Vintage: v, parts: index.New[int](), features: make([]Feature, 0, max(v.Count, 0))}
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
	l.shapes = make([]shape, len(l.features))
	return l, nil
}

func (l *Loaded) add(f Feature) {
	i := len(l.features)
	l.features = append(l.features, f)
	switch g := f.Geometry.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			l.parts.Insert(p.Bound(), i)
		}
	case orb.MultiLineString:
		for _, p := range g {
			l.parts.Insert(p.Bound(), i)
		}
	case nil:
	default:
		l.parts.Insert(g.Bound(), i)
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
	l.parts.Search(b, func(i int) bool {
		hits = append(hits, i)
		return true
	})
	slices.Sort(hits)
	for _, i := range slices.Compact(hits) {
		if !found(i) {
			return
		}
	}
}

// Plane is feature i in the legal plane (geo/ellipsoid), where planar areas are legal areas; nil unless it is a
// polygon or multipolygon.
func (l *Loaded) Plane(i int) orb.MultiPolygon { return l.shapes[i].inPlane(l.features[i].Geometry) }

// Prepared is feature i laid out for repeated questions about overlaps in the legal plane; it shares no area with
// anything unless it is a polygon or multipolygon.
func (l *Loaded) Prepared(i int) *overlay.Prepared {
	return l.shapes[i].prepare(l.features[i].Geometry)
}

// CoveragePlane is the outline of the declared coverage in the legal plane; nil when none is declared or it has no
// limit.
func (l *Loaded) CoveragePlane() orb.MultiPolygon {
	return l.coverage.inPlane(l.Vintage.Coverage.Outline)
}

// CoveragePrepared is CoveragePlane laid out for repeated questions.
func (l *Loaded) CoveragePrepared() *overlay.Prepared {
	return l.coverage.prepare(l.Vintage.Coverage.Outline)
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
