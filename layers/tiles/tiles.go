// Package tiles serves published vintages as vector tiles. A vintage never changes, so neither does a tile of it:
// its address contains the ref, and what was cut once is kept while there is room. It knows which attributes a map
// needs; it refuses to know who is asking.
package tiles

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/singleflight"

	"greenshield/geo"
	"greenshield/geo/tile"
	"greenshield/layers"
)

// encoding is part of every ETag; count it up when the same vintage would give other bytes.
const encoding = "1"

// DefaultCacheBytes is the room for cut tiles unless Options says otherwise.
const DefaultCacheBytes = 256 << 20

// Options of a Server; the zero value is the sensible default.
type Options struct {
	// CacheBytes bounds the memory for cut tiles; 0 means DefaultCacheBytes.
	CacheBytes int64
}

// Server cuts and keeps tiles. It is safe for concurrent use.
type Server struct {
	library *layers.Library
	book    *Book
	cache   *cache
	flight  singleflight.Group
	shapes  shapes
}

// New makes a server of the library's vintages, drawn by the book.
func New(library *layers.Library, book *Book, o Options) *Server {
	if o.CacheBytes == 0 {
		o.CacheBytes = DefaultCacheBytes
	}
	return &Server{library: library, book: book, cache: newCache(o.CacheBytes)}
}

// Tile is one cut tile. Gzip is its body compressed with gzip, empty for a tile without features.
type Tile struct {
	Gzip []byte
	ETag string
}

// ETag is the entity tag of a tile, known without cutting it.
func (s *Server) ETag(v layers.Vintage, a tile.Address) string {
	return fmt.Sprintf("%q", fmt.Sprintf("%s-%.16s-%d-%d-%d", encoding, v.Content, a.Z, a.X, a.Y))
}

// Tile gives a tile of a published vintage. An address outside the grid is "tile.address.outside"; an unknown ref is what
// the store says of it.
func (s *Server) Tile(ctx context.Context, ref layers.Ref, a tile.Address) (Tile, error) {
	if !a.Valid() {
		return Tile{}, geo.NewProblem("tile.address.outside", "z", a.Z, "x", a.X, "y", a.Y, "max", tile.MaxZoom)
	}
	loaded, err := s.library.Load(ctx, ref)
	if err != nil {
		return Tile{}, err
	}
	key := ref.String() + "/" + strconv.FormatUint(uint64(a.Z)<<58|uint64(a.X)<<29|uint64(a.Y), 36)
	etag := s.ETag(loaded.Vintage, a)
	if body, ok := s.cache.get(key); ok {
		return Tile{Gzip: body, ETag: etag}, nil
	}
	// Many browsers ask for the same tile at once after a publish; it is cut once for all of them.
	body, err, _ := s.flight.Do(key, func() (any, error) {
		body, err := pack(s.cut(loaded, a))
		if err == nil {
			s.cache.put(key, body)
		}
		return body, err
	})
	if err != nil {
		return Tile{}, err
	}
	return Tile{Gzip: body.([]byte), ETag: etag}, nil
}

// cut encodes the features of a vintage that meet the tile.
func (s *Server) cut(v *layers.Loaded, a tile.Address) []byte {
	style := s.book.theme(v.Vintage.Theme)
	if int(a.Z) < style.Zoom {
		return nil
	}
	shapes := s.shapes.of(v)
	features := v.Features()
	var found []int
	v.Search(a.Bound(), func(i int) bool {
		found = append(found, i)
		return true
	})
	slices.Sort(found)
	e := tile.NewEncoder(string(v.Vintage.Ref.Layer), a, style.step(int(a.Z)))
	var tags []tile.Tag
	for _, i := range found {
		tags = appendTags(tags[:0], &features[i])
		e.Add(uint64(features[i].ID), shapes[i], tags)
	}
	return e.Bytes()
}

// shown are the roles that a map needs to draw and label a feature; the rest is asked for by click.
var shown = [...]layers.Role{layers.Name, layers.Class, layers.Zone, layers.Code, layers.RiverName}

func appendTags(tags []tile.Tag, f *layers.Feature) []tile.Tag {
	for _, role := range shown {
		if v := f.Roles[role]; v != "" {
			tags = append(tags, tile.Tag{Key: string(role), Value: v})
		}
	}
	return tags
}

// pack compresses a tile once for all who will ask for it; level 5 is within 2 % of the best size at twice the speed.
func pack(raw []byte) ([]byte, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, 5)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
