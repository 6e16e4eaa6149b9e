package tiles

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v3"

	"greenshield/geo/tile"
	"greenshield/layers"
)

// Book says how each theme is drawn (data/styles/themes.yaml). It does not change after LoadBook.
type Book struct{ themes map[layers.Theme]Style }

// Style is how one theme is drawn. Colours are #rrggbb; an empty Fill is not filled.
type Style struct {
	Zoom        int     // first zoom at which the theme is shown
	Fill        string  // colour of places
	Opacity     float64 // of the fill, 0 to 1
	Line        string
	Width       float64 // of lines, in pixels
	LineZoom    int     `yaml:"lineZoom"` // first zoom at which outlines are drawn
	Dash        []float64
	Hatch       string // name of a pattern that the map draws over the fill
	ClassOf     string `yaml:"classOf"`     // role that chooses the class; "class" by default
	LineByClass bool   `yaml:"lineByClass"` // lines take the class colour too
	Classes     map[string]ClassStyle
	Steps       []Step
}

// ClassStyle is the colour and label of a class; a class of a longer code takes the style of its first two digits.
type ClassStyle struct {
	Fill  string
	Label map[string]string
}

// Step is the grid that outlines are rounded to, in tile units, at all zooms below Until.
type Step struct{ Until, Step int }

// LoadBook reads themes.yaml; an unknown theme or a word that it does not know is an error.
func LoadBook(fsys fs.FS) (*Book, error) {
	f, err := fsys.Open("themes.yaml")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	b := &Book{}
	if err := d.Decode(&b.themes); err != nil {
		return nil, fmt.Errorf("read themes.yaml: %w", err)
	}
	for _, t := range layers.Themes() {
		if _, ok := b.themes[t]; !ok {
			return nil, fmt.Errorf("read themes.yaml: no style for %s", t)
		}
	}
	if len(b.themes) != len(layers.Themes()) {
		return nil, fmt.Errorf("read themes.yaml: %d themes, the program knows %d", len(b.themes), len(layers.Themes()))
	}
	return b, nil
}

func (b *Book) theme(t layers.Theme) Style { return b.themes[t] }

// step is the rounding grid at a zoom.
func (s Style) step(zoom int) int {
	for _, st := range s.Steps {
		if zoom < st.Until {
			return st.Step
		}
	}
	return 1
}

func (s Style) role() string {
	if s.ClassOf == "" {
		return string(layers.Class)
	}
	return s.ClassOf
}

// LegendItem is one line of the legend: a theme as a whole, or one of its classes.
type LegendItem struct {
	Theme layers.Theme
	Class string
	// Label holds the class's name by language; the theme's own name is a word of the catalogue.
	Label map[string]string
	Fill  string
	Line  string
	Hatch string
}

// Legend lists all themes in their order, each followed by its classes.
func (s *Server) Legend() []LegendItem {
	var out []LegendItem
	for _, t := range layers.Themes() {
		st := s.book.theme(t)
		out = append(out, LegendItem{Theme: t, Fill: st.Fill, Line: st.Line, Hatch: st.Hatch})
		for _, c := range sortedKeys(st.Classes) {
			class := st.Classes[c]
			out = append(out, LegendItem{Theme: t, Class: c, Label: class.Label, Fill: class.Fill, Line: st.Line})
		}
	}
	return out
}

func sortedKeys(m map[string]ClassStyle) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// TileJSON is a TileJSON 3.0.0 document.
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer describes the one layer of a tile.
type VectorLayer struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

// deepest is the zoom up to which tiles are asked for: a unit is then 15 cm; the map enlarges them beyond.
const deepest = 16

// TileJSON describes a vintage's tiles; base is the address of the API, without a slash at its end.
func (s *Server) TileJSON(ctx context.Context, ref layers.Ref, base string) (TileJSON, error) {
	v, err := s.library.Store().Vintage(ctx, ref)
	if err != nil {
		return TileJSON{}, err
	}
	fields := map[string]string{}
	for _, role := range shown {
		fields[string(role)] = "String"
	}
	return TileJSON{
		TileJSON: "3.0.0", Name: ref.String(), Tiles: []string{base + "/api/tiles/" + ref.String() + "/{z}/{x}/{y}.mvt"},
		MinZoom: s.book.theme(v.Theme).Zoom, MaxZoom: min(deepest, tile.MaxZoom),
		Bounds:       [4]float64{v.Bound.Min[0], v.Bound.Min[1], v.Bound.Max[0], v.Bound.Max[1]},
		VectorLayers: []VectorLayer{{ID: string(ref.Layer), Fields: fields}},
	}, nil
}

// Style is a MapLibre style document of several vintages, the lowest first. Layer ids are the layer's id with
// "-fill", "-hatch" or "-line"; metadata names ref and theme.
func (s *Server) Style(ctx context.Context, refs []layers.Ref, base string) (map[string]any, error) {
	sources, drawn := map[string]any{}, []any{}
	for _, ref := range refs {
		v, err := s.library.Store().Vintage(ctx, ref)
		if err != nil {
			return nil, err
		}
		sources[ref.String()] = map[string]any{
			"type": "vector", "url": base + "/api/tiles/" + ref.String() + "/tile.json",
		}
		drawn = append(drawn, s.book.theme(v.Theme).layers(v)...)
	}
	return map[string]any{"version": 8, "name": "greenshield", "sources": sources, "layers": drawn}, nil
}

// layers are the MapLibre layers that draw one vintage.
func (s Style) layers(v layers.Vintage) []any {
	var out []any
	layer := func(suffix, kind string, zoom int, paint map[string]any) {
		out = append(out, map[string]any{
			"id": string(v.Ref.Layer) + "-" + suffix, "type": kind, "source": v.Ref.String(),
			"source-layer": string(v.Ref.Layer), "minzoom": zoom, "paint": paint,
			"metadata": map[string]any{"ref": v.Ref.String(), "theme": string(v.Theme)},
		})
	}
	if s.Fill != "" && v.Area > 0 {
		layer("fill", "fill", s.Zoom, map[string]any{
			"fill-color": s.colour(s.Fill), "fill-opacity": s.Opacity, "fill-antialias": false,
		})
	}
	if s.Hatch != "" && v.Area > 0 {
		layer("hatch", "fill", s.Zoom, map[string]any{"fill-pattern": "hatch-" + s.Hatch + "-" + string(v.Theme)})
	}
	line := map[string]any{"line-color": s.Line, "line-width": s.Width}
	if s.LineByClass {
		line["line-color"] = s.colour(s.Line)
	}
	if len(s.Dash) > 0 {
		line["line-dasharray"] = s.Dash
	}
	layer("line", "line", max(s.Zoom, s.LineZoom), line)
	return out
}

// colour is the fallback colour, or a MapLibre expression that chooses by class: by the whole code where the book has
// it, by its first two digits otherwise.
func (s Style) colour(fallback string) any {
	if len(s.Classes) == 0 {
		return fallback
	}
	code := []any{"to-string", []any{"get", s.role()}}
	whole, prefix := []any{"match", code}, []any{"match", []any{"slice", code, 0, 2}}
	for _, c := range sortedKeys(s.Classes) {
		whole = append(whole, c, s.Classes[c].Fill)
		if len(c) == 2 {
			prefix = append(prefix, c, s.Classes[c].Fill)
		}
	}
	if len(prefix) == 2 {
		return append(whole, fallback)
	}
	return append(whole, append(prefix, fallback))
}
