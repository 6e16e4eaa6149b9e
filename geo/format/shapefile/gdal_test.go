package shapefile_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/geojson"

	"greenshield/geo/format/shapefile"
)

func needGDAL(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr (Debian package gdal-bin) is not installed")
	}
}

// TestGeometryAgreesWithGDAL compares the rings of each polygon of the real files with what GDAL makes of them. Ring
// order, start and winding are no difference. GDAL needs a .shx.
func TestGeometryAgreesWithGDAL(t *testing.T) {
	needShared(t)
	needGDAL(t)
	files, _ := filepath.Glob(shared + "fmt-shp-gdal/*.shp")
	for _, f := range []string{
		"real-cn-shapefiles/x/china_country.shp", "real-za-qgis-training/x/farms_33S.shp",
		"real-za-qgis-training/x/urban_33S.shp", "real-in-goa-pa/x/goa_esz_villages.shp",
		"fmt-shp-pyshp/x/blockgroups.shp",
	} {
		files = append(files, find(t, f))
	}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "buggy") || name == "emptymultipoly.shp" {
			continue // refused here by row, see TestOddFiles
		}
		t.Run(name, func(t *testing.T) {
			command := exec.Command("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", file, "-a_srs", "EPSG:4326",
				"-dim", "XY", "-lco", "COORDINATE_PRECISION=17", "-lco", "RFC7946=NO")
			out, err := command.Output()
			if err != nil {
				t.Skip("GDAL does not read it: ", err)
			}
			var fc struct {
				Features []struct{ Geometry *geojson.Geometry }
			}
			if err := json.Unmarshal(out, &fc); err != nil {
				t.Fatal(err)
			}
			schema, rows, err := read(file, shapefile.Options{Encoding: "latin1"})
			if err != nil || len(rows) != len(fc.Features) {
				t.Fatalf("%d rows, GDAL has %d, %v", len(rows), len(fc.Features), err)
			}
			if hasNote(schema, "ingest.shp.ring-orientation") {
				t.Skip("GDAL goes by the winding, which is wrong in this file: it makes shells of holes")
			}
			for i, r := range rows {
				var want orb.Geometry
				if fc.Features[i].Geometry != nil {
					want = fc.Features[i].Geometry.Geometry()
				}
				if got, want := outline(r.Geometry), outline(want); !slices.Equal(got, want) {
					t.Errorf("row %d: %d rings, GDAL has %d, or other ones", r.Row, len(got), len(want))
				}
			}
		})
	}
}

// outline describes each ring by its polygon's shell, its role and its vertices, in an order of its own.
func outline(g orb.Geometry) []string {
	var polygons orb.MultiPolygon
	switch g := g.(type) {
	case nil:
		return nil
	case orb.Polygon:
		polygons = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		polygons = g
	default:
		return []string{wkt.MarshalString(orb.Round(orb.Clone(g), 1e9))}
	}
	var all []string
	for _, p := range polygons {
		shell := vertices(p[0])
		shell = shell[:min(len(shell), 60)]
		for i, r := range p {
			role := "hole "
			if i == 0 {
				role = "shell "
			}
			all = append(all, role+vertices(r)+" of "+shell)
		}
	}
	slices.Sort(all)
	return all
}

func vertices(r orb.Ring) string {
	points := orb.Round(r.Clone(), 1e9).(orb.Ring)[:len(r)-1] // GDAL prints fifteen digits
	slices.SortFunc(points, func(a, b orb.Point) int { return slices.Compare(a[:], b[:]) })
	b, _ := json.Marshal(points)
	return string(b)
}

// TestOtherReadersAgree asks GDAL about a shapefile that this package wrote.
func TestOtherReadersAgree(t *testing.T) {
	needGDAL(t)
	for encoding, name := range map[string]string{"GBK": "区县名称", "UTF-8": "区县名"} {
		t.Run(encoding, func(t *testing.T) {
			var zipped bytes.Buffer
			l := sampleLayer(t, 4524, encoding)
			if _, err := shapefile.WriteZip(t.Context(), &zipped, l, each(sampleRecords())); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "x.zip")
			if err := os.WriteFile(path, zipped.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("ogrinfo", "-ro", "-al", "/vsizip/"+path).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, want := range []string{
				"Feature Count: 3", "Geometry: Polygon", "平天山 <b>", "2023/12/31", name + " (String)", `ID["EPSG",4524]`,
				"面积 (Real) = 0.1000000", "-9223372036854775808",
			} {
				if !strings.Contains(string(out), want) {
					t.Errorf("ogrinfo does not say %q", want)
				}
			}
			if strings.Contains(string(out), "Warning") || strings.Contains(string(out), "ERROR") {
				t.Error("ogrinfo warns")
			}
			if t.Failed() {
				t.Logf("%s", out)
			}
		})
	}
}
