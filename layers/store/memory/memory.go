// Package memory keeps layers in memory. It is the plainest reading of the layers.Store contract, for tests and for
// trying things out; it knows no file and forgets everything when the process ends.
package memory

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
)

// Store keeps layers in memory.
type Store struct {
	// Now is the clock for Vintage.Published; it is set before the store is used.
	Now func() time.Time

	mu       sync.RWMutex
	layers   map[layers.LayerID]layers.Layer
	vintages map[layers.Ref]*published
	used     map[layers.Ref]bool // drafts and publications, withdrawn ones too
}

type published struct {
	vintage   layers.Vintage
	features  []layers.Feature
	issues    []layers.Issue
	withdrawn bool
}

var _ layers.Store = (*Store)(nil)

// New makes an empty store.
func New() *Store {
	return &Store{
		Now:      time.Now,
		layers:   map[layers.LayerID]layers.Layer{},
		vintages: map[layers.Ref]*published{},
		used:     map[layers.Ref]bool{},
	}
}

// Layers implements layers.Store.
func (s *Store) Layers(ctx context.Context) ([]layers.Layer, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []layers.Layer
	for id, l := range s.layers {
		if len(s.listed(id)) > 0 {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b layers.Layer) int { return cmp.Compare(a.ID, b.ID) })
	return out, ctx.Err()
}

// Vintages implements layers.Store.
func (s *Store) Vintages(ctx context.Context, id layers.LayerID) ([]layers.Vintage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.listed(id), ctx.Err()
}

func (s *Store) listed(id layers.LayerID) []layers.Vintage {
	var out []layers.Vintage
	for ref, p := range s.vintages {
		if ref.Layer == id && !p.withdrawn {
			out = append(out, cloneVintage(p.vintage))
		}
	}
	slices.SortFunc(out, func(a, b layers.Vintage) int { return a.Ref.Compare(b.Ref) })
	return out
}

// Vintage implements layers.Store.
func (s *Store) Vintage(ctx context.Context, ref layers.Ref) (layers.Vintage, error) {
	p, err := s.find(ref)
	if err != nil {
		return layers.Vintage{}, err
	}
	return cloneVintage(p.vintage), ctx.Err()
}

// Features implements layers.Source.
func (s *Store) Features(ctx context.Context, ref layers.Ref, bound *orb.Bound) iter.Seq2[layers.Feature, error] {
	return func(yield func(layers.Feature, error) bool) {
		p, err := s.find(ref)
		if err != nil {
			yield(layers.Feature{}, err)
			return
		}
		for _, f := range p.features {
			if err := ctx.Err(); err != nil {
				yield(layers.Feature{}, err)
				return
			}
			if bound != nil && !f.Geometry.Bound().Intersects(*bound) {
				continue
			}
			if !yield(cloneFeature(f), nil) {
				return
			}
		}
	}
}

// Issues implements layers.Store.
func (s *Store) Issues(ctx context.Context, ref layers.Ref) ([]layers.Issue, error) {
	p, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	return slices.Clone(p.issues), ctx.Err()
}

// Fingerprints implements layers.Store.
func (s *Store) Fingerprints(ctx context.Context, ref layers.Ref) iter.Seq2[layers.Fingerprint, error] {
	return func(yield func(layers.Fingerprint, error) bool) {
		for f, err := range s.Features(ctx, ref, nil) {
			if !yield(layers.Fingerprint{Hash: f.Hash, Code: f.Roles[layers.Code], Area: f.Area}, err) || err != nil {
				return
			}
		}
	}
}

// Begin implements layers.Store.
func (s *Store) Begin(ctx context.Context, l layers.Layer, v layers.Vintage) (layers.Draft, error) {
	if err := errors.Join(ctx.Err(), layers.CheckDraft(l, v)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkTheme(l); err != nil {
		return nil, err
	}
	ref := s.next(l.ID, v.Ref.Vintage)
	s.used[ref] = true
	v = cloneVintage(v)
	v.Ref, v.Theme = ref, l.Theme
	return &draft{store: s, layer: l, vintage: v, tally: layers.NewTally(v.Fields)}, nil
}

// next is the revision after all that were given, so that a later delivery has a higher one.
func (s *Store) next(id layers.LayerID, vintage string) layers.Ref {
	next := layers.Ref{Layer: id, Vintage: vintage, Revision: 1}
	for ref := range s.used {
		if ref.Layer == id && ref.Vintage == vintage {
			next.Revision = max(next.Revision, ref.Revision+1)
		}
	}
	return next
}

// Withdraw implements layers.Store.
func (s *Store) Withdraw(ctx context.Context, ref layers.Ref) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.lookup(ref)
	if err := errors.Join(ctx.Err(), err); err != nil {
		return err
	}
	p.withdrawn = true
	return nil
}

// Close implements layers.Store.
func (s *Store) Close() error { return nil }

func (s *Store) find(ref layers.Ref) (*published, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.lookup(ref)
}

// lookup is called with the lock held.
func (s *Store) lookup(ref layers.Ref) (*published, error) {
	p, ok := s.vintages[ref]
	if !ok || p.withdrawn {
		return nil, geo.NewProblem("store.vintage.unknown", "ref", ref.String())
	}
	return p, nil
}

// checkTheme is called with the lock held.
func (s *Store) checkTheme(l layers.Layer) error {
	old, ok := s.layers[l.ID]
	if ok && old.Theme != l.Theme && len(s.listed(l.ID)) > 0 {
		return geo.NewProblem("store.layer.theme-differs",
			"layer", string(l.ID), "theme", string(old.Theme), "asked", string(l.Theme))
	}
	return nil
}

type draft struct {
	store    *Store
	layer    layers.Layer
	vintage  layers.Vintage
	tally    *layers.Tally
	features []layers.Feature
	issues   []layers.Issue
	done     bool
}

// Ref implements layers.Draft.
func (d *draft) Ref() layers.Ref { return d.vintage.Ref }

// Append implements layers.Draft.
func (d *draft) Append(ctx context.Context, f layers.Feature) error {
	if d.done {
		return errors.New("append to a draft that is done")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := d.tally.Take(f)
	if err != nil {
		return err
	}
	d.features = append(d.features, cloneFeature(f))
	return nil
}

// Note implements layers.Draft.
func (d *draft) Note(issues ...layers.Issue) { d.issues = append(d.issues, issues...) }

// Commit implements layers.Draft.
func (d *draft) Commit(ctx context.Context, edit func(*layers.Vintage) error) (layers.Vintage, error) {
	if d.done {
		return layers.Vintage{}, errors.New("commit a draft that is done")
	}
	d.done = true
	v := cloneVintage(d.vintage)
	v.Published = d.store.Now().UTC().Round(0)
	d.tally.Fill(&v)
	v, err := layers.Edited(v, edit)
	v = cloneVintage(v)
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if err := errors.Join(ctx.Err(), err, d.store.checkTheme(d.layer)); err != nil {
		delete(d.store.used, v.Ref)
		return layers.Vintage{}, err
	}
	d.store.layers[d.layer.ID] = d.layer
	d.store.vintages[v.Ref] = &published{vintage: v, features: d.features, issues: d.issues}
	return cloneVintage(v), nil
}

// Discard implements layers.Draft.
func (d *draft) Discard() error {
	if d.done {
		return nil
	}
	d.done, d.features = true, nil
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	delete(d.store.used, d.vintage.Ref)
	return nil
}

func cloneFeature(f layers.Feature) layers.Feature {
	f.Geometry = orb.Clone(f.Geometry)
	f.Roles = maps.Clone(f.Roles)
	f.Values = slices.Clone(f.Values)
	return f
}

func cloneVintage(v layers.Vintage) layers.Vintage {
	v.Fields = slices.Clone(v.Fields)
	v.Mapping = maps.Clone(v.Mapping)
	v.Rejects = slices.Clone(v.Rejects)
	v.Coverage.Outline = v.Coverage.Outline.Clone()
	return v
}
