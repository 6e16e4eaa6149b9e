package export_test

import (
	"archive/zip"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
	"greenshield/geo/format/save"
	"greenshield/layers"
	"greenshield/layers/export"
	"greenshield/layers/report"
	"greenshield/layers/store/memory"
	"greenshield/layers/text"
)

func options(t *testing.T, k save.Kind) export.Options {
	t.Helper()
	words, err := text.Load(os.DirFS("../../data/texts/parts"))
	if err != nil {
		t.Fatal(err)
	}
	return export.Options{Format: k, Program: "greenshield test", Printer: report.Printer{
		Lang: "zh-CN", Words: words, Title: func(layers.LayerID) string { return "生态保护红线" },
	}}
}

func square(x, y, side float64) orb.Polygon {
	return orb.Polygon{{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}}
}

// publish puts a vintage into a store: two polygons with names and codes, or whatever more is given.
func publish(t *testing.T, more ...orb.Geometry) (layers.Store, layers.Ref) {
	t.Helper()
	s := memory.New()
	fields := []format.Field{
		{Name: "HXBM"}, {Name: "HXMM"}, {Name: "年", Kind: format.Integer}, {Name: "批准", Kind: format.Date},
	}
	d, err := s.Begin(t.Context(), layers.Layer{ID: "redline", Theme: layers.Redline, Title: "生态保护红线"}, layers.Vintage{
		Ref: layers.Ref{Layer: "redline", Vintage: "2023-06"}, Theme: layers.Redline, Fields: fields,
		Mapping:    map[layers.Role]string{layers.Code: "HXBM", layers.Name: "HXMM"},
		Provenance: layers.Provenance{File: "红线.zip", Used: "EPSG:4525", Suspected: "GCJ-02", Repaired: 3},
		Rejects:    []layers.Reject{{Row: 7, Problem: geo.NewProblem("ingest.geometry.empty")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := append([]orb.Geometry{square(109.6, 23.1, 0.01), orb.MultiPolygon{square(109.7, 23.1, 0.01)}}, more...)
	for i, g := range all {
		name := []string{"平天山", "大藤峡", "其他"}[min(i, 2)]
		f := layers.Feature{
			Geometry: g, Area: 1_000_000, Values: []any{"45080" + string(rune('0'+i)), name, int64(2020 + i), "2023-12-31"},
			Roles: map[layers.Role]string{layers.Code: "45080" + string(rune('0'+i)), layers.Name: name},
		}
		if err := d.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, v.Ref
}

func codes(notes []*geo.Problem) []string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Code)
	}
	return out
}

// TestEveryFormatReadsBack exports and opens every format: the same features in the same places under the same names.
func TestEveryFormatReadsBack(t *testing.T) {
	store, ref := publish(t)
	for k, want := range map[save.Kind]struct {
		name  string
		epsg  int
		notes []string
	}{
		save.GeoPackage: {"HXMM", 4490, nil},
		save.Shapefile:  {"HXMM", 4490, nil},
		save.GeoJSON:    {"HXMM", 4326, nil},
		save.KML:        {"HXMM", 4326, []string{"layer.export.wgs84"}},
		save.CSV:        {"HXMM", 0, nil},
		save.ParcelText: {"地块名称", 4525, []string{"layer.export.zone-chosen", "layer.export.fields-left-out"}},
		export.Points:   {"地块名称", 4525, []string{"layer.export.zone-chosen", "layer.export.fields-left-out"}},
	} {
		path := filepath.Join(t.TempDir(), export.FileName("生态保护红线", ref, k))
		r, err := export.File(t.Context(), store, ref, path, options(t, k))
		if err != nil || !slices.Equal(codes(r.Notes), want.notes) || r.Vintage.Count != 2 {
			t.Fatalf("%s: %v %v", k, err, codes(r.Notes))
		}
		d, err := open.Open(t.Context(), path, open.Options{Temp: t.TempDir()})
		if err != nil {
			t.Fatalf("%s: %v", k, err)
		}
		s := d.Schema()
		if s.Declared == nil && want.epsg != 0 || s.Declared != nil && s.Declared.EPSG() != want.epsg {
			t.Errorf("%s: %v", k, s.Declared)
		}
		at := slices.IndexFunc(s.Fields, func(f format.Field) bool { return f.Name == want.name })
		var names []any
		for rec, err := range d.Records(t.Context()) {
			if err != nil || rec.Problem != nil {
				t.Fatal(k, err, rec.Problem)
			}
			names = append(names, rec.Values[at])
			g := rec.Geometry
			if s.Declared != nil {
				g = s.Declared.GeometryToLonLat(g)
			}
			corner := g.Bound().Min
			if math.Abs(corner[0]-109.5-0.1*float64(len(names))) > 1e-9 || math.Abs(corner[1]-23.1) > 1e-9 {
				t.Errorf("%s row %d begins at %v", k, len(names), corner)
			}
		}
		if !slices.Equal(names, []any{"平天山", "大藤峡"}) {
			t.Errorf("%s: names %v", k, names)
		}
		d.Close()
	}
}

// TestProvenanceTravels finds where the data come from in each file that has a place for it.
func TestProvenanceTravels(t *testing.T) {
	store, ref := publish(t)
	for _, k := range []save.Kind{save.GeoJSON, save.KML, save.GeoPackage, save.Shapefile} {
		path := filepath.Join(t.TempDir(), "a")
		if _, err := export.File(t.Context(), store, ref, path, options(t, k)); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if k == save.Shapefile {
			raw, err = about(path)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"redline@2023-06.1", "红线.zip", "EPSG:4525", "GCJ-02", "greenshield test", "1 行未能采用", "200.0000 公顷",
		} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("%s does not say %s", k, want)
			}
		}
	}
}

func about(path string) ([]byte, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.Open("redline_2023_06_r1.txt")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func TestSameVintageGivesTheSameBytes(t *testing.T) {
	store, ref := publish(t)
	for _, k := range export.Formats() {
		var all [2]string
		for i := range all {
			path := filepath.Join(t.TempDir(), "a")
			if _, err := export.File(t.Context(), store, ref, path, options(t, k)); err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all[i] = string(raw)
		}
		if all[0] != all[1] {
			t.Errorf("%s: other bytes", k)
		}
	}
}

func TestRefusals(t *testing.T) {
	store, ref := publish(t)
	mixed, mixedRef := publish(t, orb.LineString{{109.6, 23}, {109.7, 23}})
	far, err := crs.FromEPSG(4533)
	if err != nil {
		t.Fatal(err)
	}
	unknown := layers.Ref{Layer: "redline", Vintage: "1999", Revision: 1}
	cancelled, stop := context.WithCancel(t.Context())
	stop()
	for name, tc := range map[string]struct {
		ctx    context.Context
		store  layers.Store
		ref    layers.Ref
		change func(*export.Options)
		want   string
	}{
		"no such vintage": {t.Context(), store, unknown, func(*export.Options) {}, "store.vintage.unknown"},
		"no such format": {
			t.Context(), store, ref, func(o *export.Options) { o.Format = "dwg" }, "layer.export.kind-unknown",
		},
		"points far from their zone": {
			t.Context(), store, ref, func(o *export.Options) { o.Format, o.System = export.Points, far },
			"layer.export.outside-zone",
		},
		"points in GBK": {
			t.Context(), store, ref, func(o *export.Options) { o.Format, o.Encoding = export.Points, "GBK" },
			"layer.export.encoding",
		},
		"lines as points": {
			t.Context(), mixed, mixedRef, func(o *export.Options) { o.Format = export.Points }, "layer.export.polygons-only",
		},
		"lines and polygons in a shapefile": {
			t.Context(), mixed, mixedRef, func(o *export.Options) { o.Format = save.Shapefile }, "layer.export.mixed-geometries",
		},
		"cancelled": {cancelled, store, ref, func(o *export.Options) { o.Format = export.Points }, ""},
	} {
		dir := t.TempDir()
		o := options(t, save.GeoPackage)
		tc.change(&o)
		_, err := export.File(tc.ctx, tc.store, tc.ref, filepath.Join(dir, "a"), o)
		if err == nil || geo.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s left %v, %v", name, left, err)
		}
	}
	path := filepath.Join(t.TempDir(), "a")
	if _, err := export.File(t.Context(), mixed, mixedRef, path, options(t, save.GeoPackage)); err != nil {
		t.Error("lines and polygons in a GeoPackage: ", err)
	}
	for _, k := range []save.Kind{save.GeoPackage, export.Points} {
		if _, err := export.File(t.Context(), store, ref, path, options(t, k)); geo.CodeOf(err) != "layer.export.exists" {
			t.Errorf("%s over a file: %v", k, err)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		want       save.Kind
	}{
		{"", "a.gpkg", save.GeoPackage},
		{"", "红线.XLSX", export.Points},
		{"", "a.zip", save.Shapefile},
		{"KML", "a.dat", save.KML},
		{"xlsx", "", export.Points},
		{"", "a.shp", ""},
		{"", "a", ""},
		{"dwg", "a.gpkg", ""},
	} {
		got, err := export.ParseFormat(tc.name, tc.file)
		if got != tc.want || tc.want == "" && geo.CodeOf(err) != "layer.export.kind-unknown" || tc.want != "" && err != nil {
			t.Errorf("%q %q: %q, %v", tc.name, tc.file, got, err)
		}
	}
}

func TestFileNames(t *testing.T) {
	ref := layers.Ref{Layer: "redline", Vintage: "2023", Revision: 2}
	for title, want := range map[string]string{
		"生态保护红线":                 "生态保护红线_2023.2.zip",
		"../../etc/passwd":       "_.._etc_passwd_2023.2.zip",
		"a\"b\r\nc\x00<d>|e":     "a_b__c__d__e_2023.2.zip",
		"":                       "redline_2023.2.zip",
		"...":                    "redline_2023.2.zip",
		strings.Repeat("红", 100): strings.Repeat("红", 60) + "_2023.2.zip",
	} {
		if got := export.FileName(title, ref, save.Shapefile); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
