package main

import (
	"archive/zip"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers/store/gpkg"
)

// TestImportOfAGeodatabase imports a file geodatabase that another program made from GeoJSON, as a folder and as a
// zip file, and finds geometry, area and Chinese attributes as they were.
func TestImportOfAGeodatabase(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr (Debian package gdal-bin) is not installed")
	}
	const outline = "POLYGON((109.61 23.11,109.619 23.11,109.619 23.119,109.61 23.119,109.61 23.11)," +
		"(109.612 23.112,109.612 23.114,109.614 23.114,109.614 23.112,109.612 23.112))"
	const second = "POLYGON((109.63 23.11,109.631 23.11,109.631 23.111,109.63 23.11))"
	fields := textFields("名称", "级别")
	from := writeGeoJSON(t, "from.geojson", fields, place{outline, []any{"平天山", "国家级"}}, place{second, []any{"大藤峡𠮷", nil}})
	folder := filepath.Join(t.TempDir(), "红线.gdb")
	out, err := exec.Command("ogr2ogr", "-f", "OpenFileGDB", folder, from, "-nln", "生态保护红线", "-a_srs", "EPSG:4490").CombinedOutput()
	if err != nil {
		t.Skipf("GDAL cannot write file geodatabases here: %v: %s", err, out)
	}
	want := float64(ellipsoid.Area(geometry(t, outline)) + ellipsoid.Area(geometry(t, second)))
	for name, path := range map[string]string{"folder": folder, "zip": zippedFolder(t, folder)} {
		t.Run(name, func(t *testing.T) {
			workspace := t.TempDir()
			r := decode[importJSON](t, must(t, "import", "--workspace", workspace, "--json", "--layer", "redline",
				"--theme", "redline", "--vintage", "2023", path))
			if r.Format != "filegdb" || r.System != "EPSG:4490" || r.Read != 2 || r.Kept != 2 || r.File != filepath.Base(path) {
				t.Errorf("%+v", r)
			}
			// Whole steps of the file's grid, a billionth of a degree, move a border of 4 km by at most 0.1 mm.
			if math.Abs(r.AreaAfterM2-want) > 0.5 {
				t.Errorf("area %.2f m², want %.2f", r.AreaAfterM2, want)
			}
			wantStored(t, workspace, geometry(t, outline), fields[0].Name, "平天山", "大藤峡𠮷")
		})
	}
}

// wantStored looks at the features that a workspace keeps: the first one's geometry, and a field of all.
func wantStored(t *testing.T, workspace string, first orb.Geometry, field string, values ...string) {
	t.Helper()
	v := vintages(t, workspace)[0]
	s, err := gpkg.Open(t.Context(), inWorkspace{workspace}.storeFile())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	column := slices.IndexFunc(v.Fields, func(f format.Field) bool { return f.Name == field })
	if column < 0 {
		t.Fatalf("no field %s among %+v", field, v.Fields)
	}
	var got []string
	for f, err := range s.Features(t.Context(), v.Ref, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 && math.Abs(float64(f.Area-ellipsoid.Area(first))) > 0.5 {
			t.Errorf("area %v, want %v", f.Area, ellipsoid.Area(first))
		}
		text, _ := f.Values[column].(string)
		got = append(got, text)
	}
	if !slices.Equal(got, values) {
		t.Errorf("%s is %q, want %q", field, got, values)
	}
}

// zippedFolder packs a folder with its name.
func zippedFolder(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "交付.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	if err := w.AddFS(os.DirFS(filepath.Dir(folder))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
