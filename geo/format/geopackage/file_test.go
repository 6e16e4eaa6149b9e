package geopackage_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/geopackage"
)

const shared = "../../../../shared/data/"

func square(x, y float64) orb.Polygon {
	return orb.Polygon{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}}
}

func sampleLayer(t *testing.T) geopackage.Layer {
	t.Helper()
	s, err := crs.FromEPSG(4490)
	if err != nil {
		t.Fatal(err)
	}
	return geopackage.Layer{
		Name: `红线 "2023"`, Title: "生态保护红线", Geometry: "MULTIPOLYGON", System: s,
		Changed: time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC),
		Fields: []format.Field{
			{Name: "名称"},
			{Name: "fid", Kind: format.Integer},
			{Name: "面积", Kind: format.Real},
			{Name: "核查", Kind: format.Boolean},
			{Name: "日期", Kind: format.Date},
		},
	}
}

func sampleRecords() []format.Record {
	return []format.Record{
		{Row: 1, Geometry: square(109, 23), Values: []any{"平天山𠮷 <script>", int64(7), 1.5, true, "2023-12-31"}},
		{Row: 2, Geometry: orb.MultiPolygon{square(110, 22), square(112, 22)}, Values: []any{nil, nil, nil, nil, nil}},
		{Row: 3, Values: []any{"", int64(-1), 0.0, false, nil}},
	}
}

func each(records []format.Record) iter.Seq2[format.Record, error] {
	return func(yield func(format.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func readAll(t *testing.T, d format.Dataset) []format.Record {
	t.Helper()
	var all []format.Record
	for r, err := range d.Records(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func write(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a b#c?d%41.gpkg")
	if err := geopackage.Write(context.Background(), path, sampleLayer(t), each(sampleRecords())); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrittenFileReadsBack(t *testing.T) {
	path := write(t)
	d, err := geopackage.Open(context.Background(), path, geopackage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s := d.Schema()
	if s.Declared == nil || s.Declared.EPSG() != 4490 || s.Count != 3 || s.Name != `红线 "2023"` {
		t.Fatalf("schema: %+v", s)
	}
	want := sampleRecords()
	want[0].Geometry = orb.MultiPolygon{square(109, 23)}
	for range 2 { // a dataset can be read more than once
		if got := readAll(t, d); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	}
	kinds := []format.Kind{format.Text, format.Integer, format.Real, format.Boolean, format.Date}
	for i, f := range s.Fields {
		if f.Kind != kinds[i] {
			t.Errorf("field %s has kind %d", f.Name, f.Kind)
		}
	}
	if s.Fields[1].Name != "fid_2" {
		t.Errorf("a field called fid became %q", s.Fields[1].Name)
	}
}

func TestSameRecordsGiveTheSameBytes(t *testing.T) {
	a, _ := os.ReadFile(write(t))
	b, _ := os.ReadFile(write(t))
	if len(a) == 0 || string(a) != string(b) {
		t.Fatal("two writes of the same records differ")
	}
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	l := sampleLayer(t)
	bad := []format.Record{{Row: 1, Geometry: orb.Point{1, 2}, Values: make([]any, 5)}}
	if err := geopackage.Write(context.Background(), filepath.Join(dir, "x.gpkg"), l, each(bad)); err == nil {
		t.Fatal("a point in a table of multipolygons was written")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
}

func TestIndexHasEveryRowWithGeometry(t *testing.T) {
	db, err := sql.Open("sqlite", "file:"+strings.NewReplacer("?", "%3f", "#", "%23", "%", "%25").Replace(write(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	var minX, maxX float64
	err = db.QueryRow(`SELECT count(*), min(minx), max(maxx) FROM "rtree_红线 ""2023""_geom"`).Scan(&n, &minX, &maxX)
	if err != nil || n != 2 || minX > 109 || maxX < 113 {
		t.Fatalf("%d rows from %v to %v, %v", n, minX, maxX, err)
	}
	// Deleting must work without the ST_ functions, that is how a store withdraws rows.
	if _, err := db.Exec(`DELETE FROM "红线 ""2023""" WHERE fid = 1`); err != nil {
		t.Fatal(err)
	}
}

// TestOtherReadersAgree asks GDAL, which QGIS also uses, about a file that this package wrote.
func TestOtherReadersAgree(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("ogrinfo (Debian package gdal-bin) is not installed")
	}
	path := filepath.Join(t.TempDir(), "x.gpkg")
	if err := geopackage.Write(context.Background(), path, sampleLayer(t), each(sampleRecords())); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ogrinfo", "-ro", "-al", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"Feature Count: 3", "Geometry: Multi Polygon", "China Geodetic Coordinate System 2000",
		"Extent: (109.000000, 22.000000) - (113.000000, 24.000000)", "平天山𠮷 <script>", "2023/12/31", `ID["EPSG",4490]`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("ogrinfo does not say %q", want)
		}
	}
	for _, bad := range []string{"Warning", "ERROR"} {
		if strings.Contains(string(out), bad) {
			t.Errorf("ogrinfo says: %s", out)
		}
	}
}

// make builds a GeoPackage with one table t and lets change alter it before it is closed.
func makeFile(t *testing.T, change ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := geopackage.CreateSchema(ctx, tx); err != nil {
		t.Fatal(err)
	}
	table := geopackage.Table{Name: "t", System: 4490, Columns: []geopackage.Column{{Name: "n", Type: "INTEGER"}}}
	if err := geopackage.CreateFeatureTable(ctx, tx, table); err != nil {
		t.Fatal(err)
	}
	for _, s := range change {
		if _, err := tx.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRefusedFiles(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain.gpkg")
	if err := os.WriteFile(plain, []byte("PK\x03\x04"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.gpkg")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	waiting := makeFile(t)
	if err := os.WriteFile(waiting+"-wal", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	cut := makeFile(t, `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000)
		INSERT INTO t (n) SELECT x FROM c`)
	if err := os.Truncate(cut, 60000); err != nil {
		t.Fatal(err)
	}
	second := `CREATE TABLE u (fid INTEGER PRIMARY KEY, geom GEOMETRY);
		INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('u', 'features', 4490);
		INSERT INTO gpkg_geometry_columns VALUES ('u', 'geom', 'GEOMETRY', 4490, 0, 0)`
	cases := map[string]struct {
		path, layer, code string
	}{
		"a zip":        {plain, "", "ingest.gpkg.not-geopackage"},
		"nothing":      {empty, "", "ingest.gpkg.not-geopackage"},
		"plain SQLite": {makeFile(t, "DROP TABLE gpkg_contents"), "", "ingest.gpkg.not-geopackage"},
		"no feature table": {
			makeFile(t, "UPDATE gpkg_contents SET data_type = 'tiles'"), "", "ingest.gpkg.no-features",
		},
		"two tables":    {makeFile(t, second), "", "ingest.file.several-layers"},
		"unknown layer": {makeFile(t), "other", "ingest.file.layer-unknown"},
		"a view": {
			makeFile(t, "ALTER TABLE t RENAME TO s", "CREATE VIEW t AS SELECT * FROM s",
				"UPDATE gpkg_contents SET table_name = 't'", "UPDATE gpkg_geometry_columns SET table_name = 't'"),
			"", "ingest.gpkg.view",
		},
		"contents without end": {
			makeFile(t, "DROP TABLE gpkg_contents", `CREATE VIEW gpkg_contents AS WITH RECURSIVE c(n) AS
				(SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT 't' table_name, 'features' data_type FROM c`),
			"", "ingest.gpkg.view",
		},
		"a virtual table": {
			makeFile(t, "DROP TABLE t", "CREATE VIRTUAL TABLE t USING rtree(id, a, b)"), "", "ingest.gpkg.view",
		},
		"table is missing":     {makeFile(t, "DROP TABLE t"), "", "ingest.gpkg.table-missing"},
		"geometry missing":     {makeFile(t, "ALTER TABLE t DROP COLUMN geom"), "", "ingest.gpkg.table-missing"},
		"changes still in WAL": {waiting, "", "ingest.gpkg.open-elsewhere"},
		"cut off":              {cut, "", "ingest.gpkg.damaged"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d, err := geopackage.Open(context.Background(), c.path, geopackage.Options{Layer: c.layer})
			if err == nil {
				for _, err = range d.Records(context.Background()) {
					if err != nil {
						break
					}
				}
				d.Close()
			}
			if geo.CodeOf(err) != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestRowsThatAreWrongByThemselves(t *testing.T) {
	path := makeFile(t,
		`INSERT INTO t (fid, geom, n) VALUES (1, x'4750000100000000010100000000000000000000000000000000000000', 1)`,
		`INSERT INTO t (fid, geom, n) VALUES (2, x'4750000100000000010800000000000000', 1)`,
		`INSERT INTO t (fid, geom, n) VALUES (3, 'text', 1)`,
		`INSERT INTO t (fid, geom, n) VALUES (4, NULL, 'seven')`,
		`INSERT INTO t (fid, geom, n) VALUES (9, NULL, '12')`,
		`ALTER TABLE t ADD COLUMN computed TEXT GENERATED ALWAYS AS (hex(n)) VIRTUAL`,
		`ALTER TABLE t ADD COLUMN photo BLOB`)
	d, err := geopackage.Open(context.Background(), path, geopackage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if got := len(d.Schema().Notes); got != 2 {
		t.Errorf("%d notes about columns that were left out, want 2", got)
	}
	want := []string{"", "ingest.gpkg.geometry-kind", "ingest.gpkg.geometry-damaged", "ingest.field.bad-value", ""}
	got := readAll(t, d)
	if len(got) != len(want) {
		t.Fatalf("%d rows", len(got))
	}
	for i, r := range got {
		code := ""
		if r.Problem != nil {
			code = r.Problem.Code
		}
		if code != want[i] || r.Row != int64(i+1) {
			t.Errorf("row %d: %s, want %s", r.Row, code, want[i])
		}
	}
	if got[4].Values[0] != int64(12) {
		t.Errorf("the text '12' in an integer column became %v", got[4].Values[0])
	}
}

func TestLimits(t *testing.T) {
	path := write(t)
	o := geopackage.Options{Limits: format.Limits{MaxRecords: 2}}
	if _, err := geopackage.Open(context.Background(), path, o); geo.CodeOf(err) != "ingest.file.too-many-rows" {
		t.Errorf("three rows with a limit of two: %v", err)
	}
	d, err := geopackage.Open(context.Background(), path, geopackage.Options{Limits: format.Limits{MaxVertices: 9}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	all := readAll(t, d)
	if all[0].Problem != nil || geo.CodeOf(all[1].Problem) != "ingest.geometry.too-many-vertices" {
		t.Errorf("five and ten vertices with a limit of nine: %v, %v", all[0].Problem, all[1].Problem)
	}
}

func TestReadingLeavesNothingBeside(t *testing.T) {
	path := write(t)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	d, err := geopackage.Open(context.Background(), path, geopackage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	readAll(t, d)
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Fatalf("beside the file: %v", files)
	}
}

// TestRealFiles reads every layer of the real GeoPackages; the counts are those of ogrinfo, in SOURCES.md.
func TestRealFiles(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the real files are not here: ", err)
	}
	fiboa := "real-fiboa-parcels/tests/data-files/convert/"
	cases := []struct {
		file, layer string
		rows        int
		epsg        int
	}{
		{"fmt-gpkg-gdal/2d_envelope.gpkg", "foo", 2, 0},
		{"fmt-gpkg-gdal/domains.gpkg", "test", 0, 0},
		{"fmt-gpkg-gdal/poly_golden.gpkg", "poly", 10, 0},
		{"fmt-gpkg-gdal/poly_non_conformant.gpkg", "poly", 1, 0},
		{"real-za-qgis-training/exercise_data/training_data.gpkg", "roads", 717, 4326},
		{"real-za-qgis-training/exercise_data/training_data.gpkg", "buildings", 4708, 4326},
		{fiboa + "pt/Continente.gpkg", "Continente", 0, 0},
		{fiboa + "pt/Continente.gpkg", "Culturas_Aveiro", 100, 0},
		{fiboa + "nl_block/referentiepercelen.gpkg", "", 100, 0},
		{fiboa + "ch/lwb_nutzungsflaechen_v2_0_lv95.gpkg", "", 100, 0},
		{fiboa + "ai4sf/4_cambodia_areas.gpkg", "", 100, 0},
		{"api-ogc-features/cql2/standard/data/ne110m4cql2.gpkg", "ne_110m_admin_0_countries", 177, 4326},
	}
	for _, c := range cases {
		t.Run(filepath.Base(c.file)+" "+c.layer, func(t *testing.T) {
			d, err := geopackage.Open(context.Background(), shared+c.file, geopackage.Options{Layer: c.layer})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			s := d.Schema()
			rows := readAll(t, d)
			if len(rows) != c.rows || s.Count != int64(c.rows) {
				t.Errorf("%d rows, schema says %d, want %d", len(rows), s.Count, c.rows)
			}
			if (s.Declared != nil) != (c.epsg != 0) || s.Declared != nil && s.Declared.EPSG() != c.epsg {
				t.Errorf("declared %v, want EPSG:%d", s.Declared, c.epsg)
			}
			for _, r := range rows {
				if r.Problem != nil {
					t.Errorf("row %d: %v", r.Row, r.Problem)
				}
			}
		})
	}
}

// TestGeometryAgreesWithGDAL compares all coordinates of a real layer with what ogr2ogr prints.
func TestGeometryAgreesWithGDAL(t *testing.T) {
	file := shared + "fmt-gpkg-gdal/poly_golden.gpkg"
	if _, err := os.Stat(file); err != nil {
		t.Skip("the real files are not here: ", err)
	}
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr (Debian package gdal-bin) is not installed")
	}
	out, err := exec.Command("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", file, "-lco", "COORDINATE_PRECISION=15",
		"-a_srs", "EPSG:4326").Output()
	if err != nil {
		t.Fatal(err)
	}
	var fc struct {
		Features []struct {
			Geometry   struct{ Coordinates orb.Polygon }
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(out, &fc); err != nil {
		t.Fatal(err)
	}
	d, err := geopackage.Open(context.Background(), file, geopackage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for i, r := range readAll(t, d) {
		if !orb.Equal(r.Geometry, fc.Features[i].Geometry.Coordinates) {
			t.Errorf("row %d: geometry differs", r.Row)
		}
		for j, f := range d.Schema().Fields {
			if got, want := fmt.Sprint(r.Values[j]), fmt.Sprint(fc.Features[i].Properties[f.Name]); got != want {
				t.Errorf("row %d %s: %s, want %s", r.Row, f.Name, got, want)
			}
		}
	}
}
