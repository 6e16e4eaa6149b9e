package api

import (
	"context"
	"net/http"
)

type tileInput struct {
	Ref  string `path:"ref" maxLength:"80"`
	Z    uint32 `path:"z" maximum:"24"`
	X    uint32 `path:"x"`
	Y    uint32 `path:"y"`
	Have string `header:"If-None-Match" maxLength:"1000"`
}

// tileOutput is a tile; its status is 200, 204 for an empty tile, or 304.
type tileOutput struct {
	Status       int
	ContentType  string `header:"Content-Type"`
	Encoding     string `header:"Content-Encoding"`
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Vary         string `header:"Vary"`
	Body         []byte
}

// tileJSON is TileJSON 3.0.0.
type tileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Tiles        []string      `json:"tiles" doc:"Addresses with {z}, {x} and {y}"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       bbox          `json:"bounds,omitempty"`
	VectorLayers []vectorLayer `json:"vector_layers"`
}

type vectorLayer struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

type styleInput struct {
	Refs string `query:"refs" maxLength:"2000" doc:"Refs of vintages from the lowest layer to the topmost, separated by commas"`
}

// mapStyle is a MapLibre style document; its form is MapLibre's.
type mapStyle map[string]any

// legendItem is one entry of the legend.
type legendItem struct {
	Theme string `json:"theme"`
	Class string `json:"class,omitempty"`
	Label string `json:"label"`
	Fill  string `json:"fill,omitempty" doc:"Colour, absent when the place is not filled"`
	Line  string `json:"line,omitempty"`
	Hatch string `json:"hatch,omitempty" doc:"Name of the pattern"`
}

func (s *Server) tileRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "get-tile", method: http.MethodGet, path: "/api/tiles/{ref}/{z}/{x}/{y}.mvt", tag: "tiles",
		summary: "Mapbox vector tile 2.1 of a vintage; never changes", problems: missing,
		produces: tileType,
	}, s.tile)
	route(s, operation{
		id: "get-tilejson", method: http.MethodGet, path: "/api/tiles/{ref}/tile.json", tag: "tiles",
		summary: "TileJSON 3.0.0 of a vintage", problems: missing,
	}, s.tileJSON)
	route(s, operation{
		id: "get-style", method: http.MethodGet, path: "/api/style.json", tag: "tiles",
		summary: "MapLibre style of several vintages", problems: missing,
		about: "Sources are named by ref; layer ids are the layer's id with -fill, -line and so on; metadata.ref " +
			"names the vintage.",
	}, s.style)
	route(s, operation{
		id: "get-legend", method: http.MethodGet, path: "/api/legend", tag: "tiles",
		summary: "Colours and labels of all themes and classes",
	}, s.legend)
}

const tileType = "application/vnd.mapbox-vector-tile"

var _ = context.Background
