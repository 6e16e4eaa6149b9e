package layers

import (
	"context"
	"slices"
	"time"
)

// AsOf is the library as it was at a time: vintages published later are not listed, apart from those in refs, nor are
// layers that had none. What has been withdrawn since is not there again. Vintages are loaded and kept by l.
func (l *Library) AsOf(at time.Time, refs []Ref) *Library {
	return &Library{store: &past{Store: l.store, at: at, refs: slices.Clone(refs)}, source: l}
}

// past is a store that lists what was published by a time.
type past struct {
	Store
	at   time.Time
	refs []Ref
}

// Layers lists the layers that had a vintage.
func (p *past) Layers(ctx context.Context) ([]Layer, error) {
	all, err := p.Store.Layers(ctx)
	if err != nil {
		return nil, err
	}
	var out []Layer
	for _, l := range all {
		vintages, err := p.Vintages(ctx, l.ID)
		if err != nil {
			return nil, err
		}
		if len(vintages) > 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// Vintages lists what was published by then.
func (p *past) Vintages(ctx context.Context, id LayerID) ([]Vintage, error) {
	all, err := p.Store.Vintages(ctx, id)
	return slices.DeleteFunc(all, func(v Vintage) bool {
		return v.Published.After(p.at) && !slices.Contains(p.refs, v.Ref)
	}), err
}
