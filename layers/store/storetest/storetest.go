// Package storetest is the conformance suite that every layers.Store passes. It knows the contract in layers/store.go
// and nothing of how a store keeps its data.
package storetest

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/layers"
)

// Run checks the whole contract. open gives a new, empty store and closes it when the test ends.
func Run(t *testing.T, open func(t *testing.T) layers.Store) {
	t.Helper()
	for _, group := range [][]check{lifeChecks, readChecks, valueChecks} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
		}
	}
}

type check struct {
	name string
	run  func(t *testing.T, s layers.Store)
}

var redline = layers.Layer{ID: "redline", Theme: layers.Redline, Title: "生态保护红线"}

// fields have one column of each kind, and names that are hostile to a database.
var fields = []format.Field{
	{Name: "HXMM", Kind: format.Text, Width: 80},
	{Name: "BSM", Kind: format.Integer, Width: 18},
	{Name: "MJ", Kind: format.Real, Width: 18, Decimals: 2},
	{Name: "SFSC", Kind: format.Boolean},
	{Name: "PZSJ", Kind: format.Date},
}

func values() []any { return []any{"西江沿岸", int64(450800), 12.25, true, "2023-05-29"} }

func square(x, y, side float64) orb.Polygon {
	return orb.Polygon{{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}}
}

func feature(g orb.Geometry) layers.Feature {
	return layers.Feature{
		Geometry: g, Area: 1234.5678, Length: 9.875, Values: values(),
		Roles: map[layers.Role]string{layers.Name: "西江沿岸", layers.Code: "450800"},
	}
}

func draft(vintage string) layers.Vintage {
	return layers.Vintage{
		Ref: layers.Ref{Vintage: vintage}, Fields: fields,
		Mapping: map[layers.Role]string{layers.Name: "HXMM", layers.Code: "BSM"},
	}
}

func begin(t *testing.T, s layers.Store, l layers.Layer, vintage string) layers.Draft {
	t.Helper()
	d, err := s.Begin(t.Context(), l, draft(vintage))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Discard() })
	return d
}

func appendAll(t *testing.T, d layers.Draft, features ...layers.Feature) {
	t.Helper()
	for _, f := range features {
		if err := d.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
}

func publish(t *testing.T, s layers.Store, l layers.Layer, vintage string, fs ...layers.Feature) layers.Vintage {
	t.Helper()
	d := begin(t, s, l, vintage)
	appendAll(t, d, fs...)
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func read(t *testing.T, s layers.Store, ref layers.Ref, bound *orb.Bound) []layers.Feature {
	t.Helper()
	var out []layers.Feature
	for f, err := range s.Features(t.Context(), ref, bound) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if geo.CodeOf(err) != code {
		t.Errorf("got error %v, want %s", err, code)
	}
}

// wantNothing checks that ref is not to be seen by any way.
func wantNothing(t *testing.T, s layers.Store, ref layers.Ref) {
	t.Helper()
	_, err := s.Vintage(t.Context(), ref)
	wantCode(t, err, "store.vintage.unknown")
	n := 0
	for _, err := range s.Features(t.Context(), ref, nil) {
		wantCode(t, err, "store.vintage.unknown")
		n++
	}
	if n != 1 {
		t.Errorf("%s: %d items, want one error", ref, n)
	}
	list, err := s.Vintages(t.Context(), ref.Layer)
	if err != nil {
		t.Error(err)
	}
	for _, v := range list {
		if v.Ref == ref {
			t.Errorf("%s is listed", ref)
		}
	}
}

func refs(t *testing.T, s layers.Store, id layers.LayerID) []string {
	t.Helper()
	list, err := s.Vintages(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range list {
		out = append(out, v.Ref.String())
	}
	return out
}

func provenance() layers.Provenance {
	return layers.Provenance{
		Operator: "张三", File: "红线.zip", SHA256: layers.Hash{1, 2, 255}, Format: "shapefile", Encoding: "GB18030",
		Declared: `PROJCS["CGCS2000_3_Degree_GK_Zone_36"]`, Used: "EPSG:4524", TreatedAs: true, Suspected: "GCJ-02",
		Table: "redline-entity", Read: 1011, Warnings: 2, Unlisted: 5, SignedOff: "李四",
		Repaired: 3, Guessed: 1, Densified: 17, Program: "greenshield 0.1", At: time.Date(2024, 2, 29, 8, 30, 0, 123456789, time.UTC),
	}
}
