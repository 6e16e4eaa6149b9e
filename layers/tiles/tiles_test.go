package tiles_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/tile"
	"greenshield/layers"
	"greenshield/layers/store/memory"
	"greenshield/layers/tiles"
)

func book(t *testing.T) *tiles.Book {
	t.Helper()
	b, err := tiles.LoadBook(os.DirFS("../../data/styles"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// publish puts two neighbouring squares of land use at 109.5° E into a new store.
func publish(t *testing.T) (*tiles.Server, layers.Ref) {
	t.Helper()
	store := memory.New()
	l := layers.Layer{ID: "landuse", Theme: layers.Landuse, Title: "Land use"}
	d, err := store.Begin(context.Background(), l, layers.Vintage{Ref: layers.Ref{Layer: l.ID, Vintage: "2024"}, Theme: l.Theme})
	if err != nil {
		t.Fatal(err)
	}
	for k, class := range []string{"0101", "0301"} {
		x := 109.5 + float64(k)/64
		g := orb.Polygon{{{x, 23}, {x + 1.0/64, 23}, {x + 1.0/64, 23.01}, {x, 23.01}, {x, 23}}}
		f := layers.Feature{Geometry: g, Area: ellipsoid.Area(g), Roles: map[layers.Role]string{layers.Class: class}}
		if err := d.Append(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.Commit(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tiles.New(layers.NewLibrary(store), book(t), tiles.Options{}), v.Ref
}

// here is a tile that holds both squares.
var here = tile.Address{Z: 8, X: 205, Y: 111}

func TestTileHoldsTheFeatures(t *testing.T) {
	s, ref := publish(t)
	got, err := s.Tile(context.Background(), ref, here)
	if err != nil {
		t.Fatal(err)
	}
	ls, err := mvt.Unmarshal(unzip(t, got.Gzip))
	if err != nil {
		t.Fatal(err)
	}
	if len(ls) != 1 || ls[0].Name != "landuse" || len(ls[0].Features) != 2 {
		t.Fatalf("got %d layers", len(ls))
	}
	for k, class := range []string{"0101", "0301"} {
		if f := ls[0].Features[k]; f.ID != float64(k+1) || f.Properties["class"] != class {
			t.Errorf("feature %d: id %v, tags %v", k, f.ID, f.Properties)
		}
	}
}

func unzip(t *testing.T, body []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSameTileForAllWhoAskAtOnce(t *testing.T) {
	s, ref := publish(t)
	bodies := make([]tiles.Tile, 16)
	var wg sync.WaitGroup
	for k := range bodies {
		wg.Go(func() {
			got, err := s.Tile(context.Background(), ref, here)
			if err != nil {
				t.Error(err)
			}
			bodies[k] = got
		})
	}
	wg.Wait()
	for _, b := range bodies[1:] {
		if !bytes.Equal(b.Gzip, bodies[0].Gzip) || b.ETag != bodies[0].ETag {
			t.Fatal("two callers got different tiles")
		}
	}
}

func TestTilesWithNothingInThem(t *testing.T) {
	s, ref := publish(t)
	for name, a := range map[string]tile.Address{"far away": {Z: 12}, "too far out for land use": {Z: 3, X: 6, Y: 3}} {
		if got, err := s.Tile(context.Background(), ref, a); err != nil || len(got.Gzip) != 0 || got.ETag == "" {
			t.Errorf("%s: %d bytes, %v", name, len(got.Gzip), err)
		}
	}
}

func TestRefusals(t *testing.T) {
	s, ref := publish(t)
	for name, tc := range map[string]struct {
		ref  layers.Ref
		a    tile.Address
		want string
	}{
		"outside the grid": {ref, tile.Address{Z: 2, X: 4, Y: 0}, "tile.address.outside"},
		"too deep":         {ref, tile.Address{Z: 30}, "tile.address.outside"},
		"no such vintage":  {layers.Ref{Layer: "landuse", Vintage: "1999", Revision: 1}, here, "store.vintage.unknown"},
	} {
		if _, err := s.Tile(context.Background(), tc.ref, tc.a); geo.CodeOf(err) != tc.want {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
}

func TestStyleNamesSourcesByRef(t *testing.T) {
	s, ref := publish(t)
	doc, err := s.Style(context.Background(), []layers.Ref{ref}, "http://x")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"landuse@2024.1":{"type":"vector","url":"http://x/api/tiles/landuse@2024.1/tile.json"}`,
		`"id":"landuse-fill"`, `"id":"landuse-line"`, `"source-layer":"landuse"`, `"#6ea86c"`,
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the style lacks %s", want)
		}
	}
	tj, err := s.TileJSON(context.Background(), ref, "http://x")
	if err != nil || tj.TileJSON != "3.0.0" || tj.Bounds != [4]float64{109.5, 23, 109.53125, 23.01} {
		t.Errorf("TileJSON %+v, %v", tj, err)
	}
}

func TestEveryThemeHasAStyle(t *testing.T) {
	s, _ := publish(t)
	seen := map[layers.Theme]bool{}
	for _, item := range s.Legend() {
		seen[item.Theme] = true
		if item.Class != "" && (item.Label["zh-CN"] == "" || item.Label["en"] == "") {
			t.Errorf("%s %s has no label", item.Theme, item.Class)
		}
	}
	for _, theme := range layers.Themes() {
		if !seen[theme] {
			t.Errorf("%s is not in the legend", theme)
		}
	}
}
