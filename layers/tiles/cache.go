package tiles

import (
	"container/list"
	"slices"
	"sync"

	"greenshield/geo/tile"
	"greenshield/layers"
)

// cache keeps tiles by address up to a number of bytes and drops the one that was longest unused.
type cache struct {
	room int64

	mu    sync.Mutex // guards the fields below
	used  int64
	order *list.List // of *entry, the latest used first
	byKey map[string]*list.Element
}

type entry struct {
	key  string
	body []byte
}

// overhead is what an entry costs beside its body: key, list element and map slot, roughly.
const overhead = 200

func newCache(room int64) *cache {
	return &cache{room: room, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *cache) get(key string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).body, true
}

func (c *cache) put(key string, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&entry{key, body})
	c.used += int64(len(body)) + overhead
	for c.used > c.room {
		oldest := c.order.Back()
		e := oldest.Value.(*entry)
		c.order.Remove(oldest)
		delete(c.byKey, e.key)
		c.used -= int64(len(e.body)) + overhead
	}
}

// shapes keeps the features of loaded vintages in Web Mercator: projecting a vertex costs five times as much as
// cutting it, and neighbouring tiles need the same vertices. It keeps the mostShapes vintages that were drawn last.
type shapes struct {
	mu     sync.Mutex // guards the fields below
	recent []drawn    // the latest used last
}

type drawn struct {
	ref layers.Ref
	get func() []tile.Projected
}

const mostShapes = 16

// of gives a vintage's shapes, parallel to its features; they are projected on the first call.
func (s *shapes) of(v *layers.Loaded) []tile.Projected {
	s.mu.Lock()
	ref := v.Vintage.Ref
	at := slices.IndexFunc(s.recent, func(d drawn) bool { return d.ref == ref })
	var d drawn
	if at >= 0 {
		d = s.recent[at]
		s.recent = slices.Delete(s.recent, at, at+1)
	} else {
		d = drawn{ref, sync.OnceValue(func() []tile.Projected { return projectAll(v.Features()) })}
	}
	if len(s.recent) == mostShapes {
		s.recent = slices.Delete(s.recent, 0, 1)
	}
	s.recent = append(s.recent, d)
	s.mu.Unlock()
	return d.get()
}

func projectAll(features []layers.Feature) []tile.Projected {
	out := make([]tile.Projected, len(features))
	for i := range features {
		out[i] = tile.Project(features[i].Geometry)
	}
	return out
}
