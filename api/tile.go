package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/geo/tile"
	"greenshield/layers"
	"greenshield/layers/tiles"
)

const tileType = "application/vnd.mapbox-vector-tile"

// forEver is for what never changes under its address.
const forEver = "public, max-age=31536000, immutable"

type tileInput struct {
	Ref    string `path:"ref" maxLength:"80"`
	Z      uint32 `path:"z" maximum:"24"`
	X      uint32 `path:"x"`
	Y      uint32 `path:"y"`
	Have   string `header:"If-None-Match" maxLength:"1000"`
	Accept string `header:"Accept-Encoding" maxLength:"200"`
}

// tileOutput is a tile; its status is 200, or 304 when the visitor has it already.
type tileOutput struct {
	Status       int
	ContentType  string `header:"Content-Type"`
	Encoding     string `header:"Content-Encoding"`
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Vary         string `header:"Vary"`
	Body         []byte
}

// addressedInput knows the address that a visitor reached the server under, because a map's worker does not.
type addressedInput struct{ base string }

// Resolve builds the address; a proxy that ends TLS says so.
func (a *addressedInput) Resolve(ctx huma.Context) []error {
	scheme := "http"
	if ctx.TLS() != nil || strings.EqualFold(ctx.Header("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	a.base = scheme + "://" + ctx.Host()
	return nil
}

type tileJSONInput struct {
	addressedInput
	Ref string `path:"ref" maxLength:"80"`
}

type styleInput struct {
	addressedInput
	Refs string `query:"refs" maxLength:"2000" doc:"Refs of vintages from the lowest to the topmost, separated by commas"`
}

// mapStyle is a MapLibre style document; its form is MapLibre's.
type mapStyle map[string]any

// legendItem is one entry of the legend: a theme as a whole, or one of its classes.
type legendItem struct {
	Theme string `json:"theme"`
	Class string `json:"class,omitempty"`
	Label string `json:"label"`
	Fill  string `json:"fill,omitempty" doc:"Colour; absent when the place is not filled"`
	Line  string `json:"line,omitempty"`
	Hatch string `json:"hatch,omitempty" doc:"Name of the pattern"`
}

func (s *Server) tileRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "get-tile", method: http.MethodGet, path: "/api/tiles/{ref}/{z}/{x}/{y}.mvt", tag: "tiles",
		summary: "Mapbox vector tile 2.1 of a vintage; never changes", problems: missing, produces: tileType,
	}, s.tile)
	route(s, operation{
		id: "get-tilejson", method: http.MethodGet, path: "/api/tiles/{ref}/tile.json", tag: "tiles",
		summary: "TileJSON 3.0.0 of a vintage", problems: missing,
	}, s.tileJSON)
	route(s, operation{
		id: "get-style", method: http.MethodGet, path: "/api/style.json", tag: "tiles",
		summary: "MapLibre style of several vintages", problems: missing,
		about: "Sources are named by ref; layer ids are the layer's id with -fill, -hatch or -line; metadata.ref " +
			"names the vintage.",
	}, s.style)
	route(s, operation{
		id: "get-legend", method: http.MethodGet, path: "/api/legend", tag: "tiles",
		summary: "Colours and labels of all themes and classes",
	}, s.legend)
}

func (s *Server) tile(ctx context.Context, in *tileInput) (*tileOutput, error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	at := tile.Address{Z: in.Z, X: in.X, Y: in.Y}
	out := &tileOutput{
		Status: http.StatusOK, ContentType: tileType, ETag: s.Tiles.ETag(v, at), CacheControl: forEver,
		Vary: "Accept-Encoding",
	}
	if at.Valid() && has(in.Have, out.ETag) {
		out.Status = http.StatusNotModified
		return out, nil
	}
	t, err := s.Tiles.Tile(ctx, v.Ref, at)
	if err != nil {
		return nil, err
	}
	out.ETag, out.Body = t.ETag, t.Gzip
	switch {
	case len(t.Gzip) == 0: // an empty tile is an empty body
	case strings.Contains(in.Accept, "gzip"):
		out.Encoding = "gzip"
	default:
		out.Body, err = unpack(t.Gzip)
	}
	return out, err
}

// has reports whether a visitor's If-None-Match names the tag (RFC 9110 13.1.2, weak comparison).
func has(have, tag string) bool {
	for known := range strings.SplitSeq(have, ",") {
		known = strings.TrimSpace(known)
		if known == "*" || strings.TrimPrefix(known, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack tile: %w", err)
	}
	return io.ReadAll(r)
}

func (s *Server) tileJSON(ctx context.Context, in *tileJSONInput) (*answer[tiles.TileJSON], error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	doc, err := s.Tiles.TileJSON(ctx, v.Ref, in.base)
	return &answer[tiles.TileJSON]{Body: doc}, err
}

func (s *Server) style(ctx context.Context, in *styleInput) (*answer[mapStyle], error) {
	refs, err := parseRefs(in.Refs)
	if err != nil {
		return nil, err
	}
	doc, err := s.Tiles.Style(ctx, refs, in.base)
	return &answer[mapStyle]{Body: doc}, err
}

// parseRefs reads refs separated by commas; none is an empty list.
func parseRefs(text string) ([]layers.Ref, error) {
	var refs []layers.Ref
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		ref, err := layers.ParseRef(part)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

func (s *Server) legend(ctx context.Context, _ *struct{}) (*answer[[]legendItem], error) {
	lang, out := language(ctx), []legendItem{}
	for _, item := range s.Tiles.Legend() {
		label := item.Label[lang]
		if item.Class == "" {
			label = s.themeTitle(lang, item.Theme)
		}
		out = append(out, legendItem{
			Theme: string(item.Theme), Class: item.Class, Label: label, Fill: item.Fill, Line: item.Line, Hatch: item.Hatch,
		})
	}
	return &answer[[]legendItem]{Body: out}, nil
}
