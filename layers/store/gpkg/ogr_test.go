package gpkg_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/layers"
)

// GDAL is the reader that QGIS uses; it must list the published vintages, no withdrawn ones, and have no complaint.
func TestGDALOpensTheStore(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo (Debian package gdal-bin) is not installed")
	}
	path := filepath.Join(t.TempDir(), "greenshield.gpkg")
	s := open(t, path)
	publish(t, s, "2023")
	if err := s.Withdraw(t.Context(), publish(t, s, "2023").Ref); err != nil {
		t.Fatal(err)
	}
	publishMixed(t, s)

	run := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), ogrinfo, append([]string{"-ro", path}, args...)...).CombinedOutput()
		if text := string(out); err != nil || strings.Contains(text, "Warning") || strings.Contains(text, "ERROR") {
			t.Errorf("ogrinfo %v: %v\n%s", args, err, text)
		}
		return string(out)
	}
	list := run()
	for _, want := range []string{"redline_2023_r1 (Multi Polygon)", "river-a_2024-05-01_r1", "gs_vintage (None)"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	if strings.Contains(list, "redline_2023_r2") {
		t.Errorf("a withdrawn vintage is listed:\n%s", list)
	}
	all := run("redline_2023_r1", "-spat", "109.5", "0.5", "109.6", "0.6")
	for _, want := range []string{"Feature Count: 1", `ID["EPSG",4490]`, "HXMM: String", "gs_area_m2 (Real) = 1", "红线"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	mixed := run("-al")
	for _, want := range []string{"PZSJ (Date) = 2023/05/29", "SFSC (Integer(Boolean)) = 1", "fid_2 (String) = own", "生僻字𠮷"} {
		if !strings.Contains(mixed, want) {
			t.Errorf("no %q in\n%s", want, mixed)
		}
	}
	sql := run("-sql", "SELECT layer, features FROM gs_vintage WHERE withdrawn IS NULL ORDER BY layer")
	if !strings.Contains(sql, "layer (String) = river-a") {
		t.Errorf("gs_vintage cannot be asked:\n%s", sql)
	}
}

func publishMixed(t *testing.T, s layers.Store) {
	t.Helper()
	d, err := s.Begin(t.Context(), layers.Layer{ID: "river-a", Theme: layers.River, Title: "河湖'管理\"范围"}, layers.Vintage{
		Ref: layers.Ref{Vintage: "2024-05-01"},
		Fields: []format.Field{
			{Name: "fid"},
			{Name: "地类编码"},
			{Name: "PZSJ", Kind: format.Date},
			{Name: "SFSC", Kind: format.Boolean},
			{Name: "n", Kind: format.Integer},
			{Name: "x", Kind: format.Real},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []orb.Geometry{
		orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, orb.LineString{{0, 0}, {1, 1}},
	} {
		f := layers.Feature{Geometry: g, Values: []any{"own", "生僻字𠮷", "2023-05-29", true, int64(1) << 60, 0.1}}
		if err := d.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Commit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
