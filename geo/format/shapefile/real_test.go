package shapefile_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/shapefile"
)

const shared = "../../../../shared/data/"

func needShared(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the real files are not here: ", err)
	}
}

// TestMbostockPairs compares every shapefile that has a GeoJSON twin, geometry exactly and attributes where it has
// them.
func TestMbostockPairs(t *testing.T) {
	needShared(t)
	twins, _ := filepath.Glob(shared + "fmt-shp-mbostock/test/*.json")
	if len(twins) < 20 {
		t.Fatalf("only %d pairs", len(twins))
	}
	operator := map[string]string{"latin1-property": "latin1"} // nothing in that file says so
	for _, twin := range twins {
		name := strings.TrimSuffix(filepath.Base(twin), ".json")
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(twin)
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Features []struct {
					Geometry   *geojson.Geometry
					Properties map[string]any
				}
			}
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			path := strings.TrimSuffix(twin, ".json") + ".shp"
			s, rows, err := read(path, shapefile.Options{Encoding: operator[name]})
			if err != nil || len(rows) != len(want.Features) {
				t.Fatalf("%d rows, want %d, %v", len(rows), len(want.Features), err)
			}
			for i, r := range rows {
				var g orb.Geometry
				if want.Features[i].Geometry != nil {
					g = want.Features[i].Geometry.Geometry()
				}
				if r.Problem != nil || !sameGeometry(r.Geometry, g) {
					t.Errorf("row %d: %v %v\nwant %v", r.Row, r.Problem, r.Geometry, g)
				}
				compareValues(t, s.Fields, r, want.Features[i].Properties)
			}
		})
	}
}

func sameGeometry(a, b orb.Geometry) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return orb.Equal(a, b)
}

func compareValues(t *testing.T, fields []format.Field, r format.Record, want map[string]any) {
	t.Helper()
	for i, f := range fields {
		w, ok := want[f.Name]
		v := r.Values[i]
		switch n := v.(type) {
		case int64:
			v = float64(n)
		case string:
			if f.Kind == format.Date {
				v = strings.ReplaceAll(n, "-", "")
			}
		}
		if ok && v != w && !(w == "" && v == nil) {
			t.Errorf("row %d %s: %#v, want %#v", r.Row, f.Name, v, w)
		}
	}
}

// TestRealCounts has the counts of SOURCES.md (ogrinfo and shapely): rows, multi geometries, vertices, null rows.
func TestRealCounts(t *testing.T) {
	needShared(t)
	cases := []struct {
		file                    string
		rows, multi, vertices   int
		declared                int
		refused                 string
		encoding, field, sample string
	}{
		{file: "real-cn-shapefiles/shapefiles/china.shp", rows: 1367, vertices: 215386, declared: 4326},
		{file: "real-cn-shapefiles/shapefiles/china_country.shp", rows: 1, multi: 1, vertices: 60128, declared: 4326},
		{file: "real-cn-shapefiles/shapefiles/china_nine_dotted_line.shp", rows: 10, vertices: 531, declared: 4326},
		{file: "real-cn-shapefiles/shapefiles/china_without_islands.shp", rows: 3, vertices: 42315},
		{file: "real-in-goa-pa/*/goa_esz_villages.shp", rows: 109, multi: 4, vertices: 13380, declared: 4326},
		{
			file: "real-za-qgis-training/exercise_data/*/*/farms_33S.shp", rows: 2008, multi: 10, vertices: 41685,
			refused: "ingest.crs.not-accepted",
		},
		{
			file: "real-za-qgis-training/exercise_data/*/*/Western_Cape_UTM33S.shp", rows: 42, multi: 10, vertices: 48503,
			refused: "ingest.crs.not-accepted",
		},
		{file: "real-za-qgis-training/exercise_data/*/*/rivers.shp", rows: 20, vertices: 4404, declared: 4326},
	}
	for _, c := range cases {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			path := find(t, c.file)
			s, rows, err := read(path, shapefile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			multi, vertices := 0, 0
			for _, r := range rows {
				if r.Problem != nil {
					t.Errorf("row %d: %v", r.Row, r.Problem)
				}
				switch r.Geometry.(type) {
				case orb.MultiPolygon, orb.MultiLineString:
					multi++
				}
				vertices += countVertices(r.Geometry)
			}
			if len(rows) != c.rows || multi != c.multi || vertices != c.vertices {
				t.Errorf("%d rows, %d multi, %d vertices; want %d, %d, %d",
					len(rows), multi, vertices, c.rows, c.multi, c.vertices)
			}
			if s.Declared != nil && s.Declared.EPSG() != c.declared || s.Declared == nil && c.declared != 0 {
				t.Errorf("declared %v", s.Declared)
			}
			if codeOf(s.DeclaredProblem) != c.refused {
				t.Errorf("refused %v", s.DeclaredProblem)
			}
		})
	}
}

// find resolves a pattern in which folders may be stars, at any depth below the first.
func find(t *testing.T, pattern string) string {
	t.Helper()
	root, base := shared+strings.SplitN(pattern, "/", 2)[0], filepath.Base(pattern)
	found := ""
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == base {
			found = path
		}
		return err
	})
	if err != nil || found == "" {
		t.Fatalf("%s: not found, %v", pattern, err)
	}
	return found
}

func countVertices(g orb.Geometry) int {
	n := 0
	switch g := g.(type) {
	case orb.Point:
		n = 1
	case orb.MultiPoint:
		n = len(g)
	case orb.LineString:
		n = len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += countVertices(p)
		}
	}
	return n
}

// TestOddFiles states for the odd files of other projects what becomes of each.
func TestOddFiles(t *testing.T) {
	needShared(t)
	cases := []struct {
		file          string
		rows          int
		problem, code string // of the first row, of the file
	}{
		{"fmt-shp-gdal/buggymultipoly.shp", 1, "ingest.shp.record-damaged", ""},
		{"fmt-shp-gdal/buggymultipoint.shp", 1, "ingest.shp.record-damaged", ""},
		{"fmt-shp-gdal/emptymultipoly.shp", 1, "ingest.shp.record-damaged", ""},
		{"fmt-shp-gdal/emptymultipoint.shp", 1, "", ""},
		{"fmt-shp-gdal/multipolygon_as_invalid_polygon.shp", 2, "", ""},
		{"fmt-shp-gdal/pointzm_with_all_nodata_m.shp", 2, "", ""},
		{"fmt-shp-gdal/testshp/poly.shp", 10, "", ""},
		{"fmt-shp-pyshp/tests/shapefiles/corrupt_too_long.shp", 10, "", ""},
		{"fmt-shp-pyshp/tests/shapefiles/blockgroups.shp", 663, "", ""},
		{"fmt-shp-pyshp/tests/shapefiles/latin1.shp", 1, "ingest.dbf.text-undecodable", ""},
		{"fmt-shp-mbostock/test/ne_10m_time_zones.shp", 0, "", "ingest.shp.truncated"},
	}
	for _, c := range cases {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			_, rows, err := read(shared+c.file, shapefile.Options{})
			if geo.CodeOf(err) != c.code || len(rows) != c.rows {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			if c.rows > 0 && codeOf(rows[0].Problem) != c.problem {
				t.Errorf("row 1: %v", rows[0].Problem)
			}
		})
	}
}

// TestOddTables gives the .dbf files that come without shapes as many null shapes as they have rows.
func TestOddTables(t *testing.T) {
	needShared(t)
	for name, rows := range map[string]int{
		"date_empty_string": 1, "padding_after_field_defns": 1, "sort_test": 0, "water_main_dist": 0,
		"weird_header_length": 1,
	} {
		b, err := os.ReadFile(shared + "fmt-shp-gdal/" + name + ".dbf")
		if err != nil {
			t.Fatal(err)
		}
		shapes := make([][]byte, int(b[4])|int(b[5])<<8)
		for i := range shapes {
			shapes[i] = u32(nil, 0)
		}
		s, all, err := read(put(t, map[string][]byte{".shp": shp(shapes...), ".dbf": b}), shapefile.Options{})
		if err != nil || len(all) != len(shapes) || len(s.Fields) == 0 || rows > 0 && len(all) != rows {
			t.Errorf("%s: %d of %d rows, %d fields, %v", name, len(all), len(shapes), len(s.Fields), err)
		}
		for _, r := range all {
			// Its dates are 04/25/1989: month and day cannot be told apart in others, so they are not read.
			american := name == "water_main_dist" && codeOf(r.Problem) == "ingest.field.bad-value"
			if r.Problem != nil && !american {
				t.Errorf("%s row %d: %v", name, r.Row, r.Problem)
			}
		}
	}
}
