package save_test

import (
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/format/save"
)

// TestGDALAgrees opens what is written with GDAL, which QGIS reads with: the same number of features, areas in the
// plane to 1e-9 of themselves, the reference system and the text, character for character.
func TestGDALAgrees(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo (Debian package gdal-bin) is not installed")
	}
	for _, tc := range []struct {
		kind     save.Kind
		epsg     int
		encoding string
		system   string // how GDAL names it
	}{
		{save.GeoJSON, 4490, "", "WGS 84"}, // RFC 7946 says so whatever the coordinates are
		{save.KML, 4490, "", "WGS 84"},
		{save.CSV, 4525, "", ""},
		{save.GeoPackage, 4490, "", "China Geodetic Coordinate System 2000"},
		{save.GeoPackage, 4525, "", "CGCS2000 / 3-degree Gauss-Kruger zone 37"},
		{save.GeoPackage, 4497, "", "CGCS2000 / Gauss-Kruger zone 19"},
		{save.Shapefile, 4525, "UTF-8", "Transverse_Mercator\\|Gauss_Kruger\\|Gauss-Kruger"},
		{save.Shapefile, 4546, "GBK", "Transverse_Mercator\\|Gauss_Kruger\\|Gauss-Kruger"},
		{save.Shapefile, 4490, "GBK", "2000"},
	} {
		t.Run(fmt.Sprintf("%s %d %s", tc.kind, tc.epsg, tc.encoding), func(t *testing.T) {
			l := layer(tc.kind)
			l.System, l.Encoding = system(t, tc.epsg), tc.encoding
			want := rows()
			if tc.encoding == "GBK" {
				want[0].Values[1] = "平天山 <b>囍"
			}
			path := filepath.Join(t.TempDir(), "layer"+tc.kind.Extension())
			if _, err := save.File(t.Context(), path, l, each(want...), save.FileOptions{}); err != nil {
				t.Fatal(err)
			}
			if tc.kind == save.Shapefile {
				path = "/vsizip/" + path
			}
			run := func(args ...string) string {
				out, err := exec.CommandContext(t.Context(), ogrinfo, append([]string{"-ro", path}, args...)...).CombinedOutput()
				if err != nil || strings.Contains(string(out), "ERROR") || strings.Contains(string(out), "Warning") {
					t.Fatalf("%v %s", err, out)
				}
				return string(out)
			}
			all := run("-al")
			system := regexp.MustCompile(strings.ReplaceAll(tc.system, `\|`, "|"))
			if !strings.Contains(all, "Feature Count: 3\n") || !system.MatchString(all) {
				t.Errorf("not three features in %s:\n%.1500s", tc.system, all)
			}
			if text := want[0].Values[1].(string); !strings.Contains(all, "= "+text+"\n") {
				t.Errorf("no %q in\n%.3000s", text, all)
			}
			yes := regexp.MustCompile(`核查 \(Integer(\(Boolean\))?\) = 1`)
			if tc.kind != save.CSV && tc.kind != save.Shapefile && !yes.MatchString(all) { // their truth values are text
				t.Errorf("no truth value in\n%.3000s", all)
			}
			name := regexp.MustCompile(`Layer name: (.*)`).FindStringSubmatch(all)[1]
			areas := regexp.MustCompile(`OGR_GEOM_AREA \(Real\) = (.*)`).
				FindAllStringSubmatch(run("-dialect", "OGRSQL", "-sql", `SELECT OGR_GEOM_AREA FROM "`+name+`"`), -1)
			if len(areas) != len(want) {
				t.Fatalf("%d areas", len(areas))
			}
			for i, r := range want {
				if l.System.Gauss() {
					r.Geometry = l.System.GeometryFromLonLat(r.Geometry)
				}
				expected := ellipsoid.PlaneArea(r.Geometry)
				tolerance := 1e-9
				if !l.System.Gauss() {
					tolerance = 1e-6 // degrees are rounded to nine decimals of 0.01
				}
				if got, err := strconv.ParseFloat(areas[i][1], 64); err != nil || math.Abs(got/expected-1) > tolerance {
					t.Errorf("feature %d: %v (%v), want %v", i+1, got, err, expected)
				}
			}
		})
	}
}
