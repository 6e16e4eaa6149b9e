package open_test

import (
	"archive/zip"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/open"
)

func TestGeodatabaseFolders(t *testing.T) {
	golden := filepath.Join(shared, "fmt-gdb-gdal", "polygon_golden.gdb")
	if _, err := os.Stat(golden); err != nil {
		t.Skipf("test data %s is not here", golden)
	}
	renamed := filepath.Join(t.TempDir(), "delivered")
	if err := os.CopyFS(filepath.Join(renamed, "red.gdb"), os.DirFS(golden)); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"folder": golden, "folder of another name": filepath.Join(renamed, "red.gdb"), "folder around it": renamed,
		"zip": zipOf(t, golden, "省/红线.gdb/"), "zip without a folder": zipOf(t, golden, ""),
		"zipped as .gdb.zip": filepath.Join(shared, "fmt-gdb-gdal", "geometry_testdata.gdb.zip"),
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			d, err := open.Open(context.Background(), path, open.Options{Temp: temp})
			if err != nil {
				t.Fatal(err)
			}
			s, want := d.Schema(), 1
			if s.Name == "TEST_PL_FGDB" {
				want = 7
			}
			if n := rows(t, d); n != want || s.Format != "filegdb" || s.Name == "" {
				t.Errorf("%d rows of %s %s", n, s.Format, s.Name)
			}
			if left, _ := os.ReadDir(temp); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	d, err := open.Open(context.Background(), renamed, open.Options{Layer: "red.gdb/OGRGeoJSON"})
	if err != nil || rows(t, d) != 1 {
		t.Errorf("layer of a folder: %v", err)
	}
}

// TestClassCalledLikeItsFolder asks for a feature class by a name that the folder has as well.
func TestClassCalledLikeItsFolder(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr (Debian package gdal-bin) is not installed")
	}
	dir := put(t, map[string]string{"from.geojson": strings.Replace(geoJSON, "null", `{"type":"Point","coordinates":[1,2]}`, 1)})
	folder := filepath.Join(dir, "红线.gdb")
	for _, class := range []string{"红线", "岸线"} {
		command := exec.Command("ogr2ogr", "-f", "OpenFileGDB", "-update", folder, filepath.Join(dir, "from.geojson"), "-nln", class)
		if class == "红线" {
			command.Args = slices.DeleteFunc(command.Args, func(a string) bool { return a == "-update" })
		}
		if out, err := command.CombinedOutput(); err != nil {
			t.Skipf("GDAL cannot write file geodatabases here: %v: %s", err, out)
		}
	}
	zip := zipOf(t, folder, "红线.gdb/")
	for layer, want := range map[string]string{
		"红线": "红线", "岸线": "岸线", "红线.gdb/岸线": "岸线", "": "", "红线.gdb": "", "别的": "",
	} {
		d, err := open.Open(context.Background(), zip, open.Options{Layer: layer})
		switch {
		case want == "" && err == nil:
			t.Errorf("%q is no question", layer)
			d.Close()
		case want != "" && (err != nil || d.Schema().Name != want || rows(t, d) != 1):
			t.Errorf("%q: %v", layer, err)
		}
	}
}

// zipOf packs the files of a folder under a path.
func zipOf(t *testing.T, folder, under string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		member, err := w.Create(under + e.Name())
		if err == nil {
			_, err = member.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGeodatabasesThatAreNone(t *testing.T) {
	for name, c := range map[string]struct{ file, text, code string }{
		"a file of it":         {"a00000009.gdbtable", "\x03\x00\x00\x00", "ingest.filegdb.part"},
		"an index of it":       {"a00000009.spx", "\x03\x00\x00\x00", "ingest.filegdb.part"},
		"zip of a catalog":     {"a.zip", zipped(t, "x.gdb/a00000001.gdbtable", "no table"), "ingest.filegdb.table-missing"},
		"zip of noise":         {"a.zip", zipped(t, "x.gdb/a00000001.gdbtable", "x", "x.gdb/a00000001.gdbtablx", "y"), "ingest.filegdb.truncated"},
		"two in a zip":         {"a.zip", zipped(t, "x.gdb/a00000001.gdbtable", "", "y.gdb/a00000001.gdbtable", ""), "ingest.file.several-layers"},
		"and a shapefile":      {"a.zip", zipped(t, "x.gdb/a00000001.gdbtable", "", "b.geojson", geoJSON), "ingest.file.several-layers"},
		"zip without catalog":  {"a.zip", zipped(t, "x.gdb/a00000009.gdbtable", ""), "ingest.zip.nothing"},
		"bad-input 15 zipslip": {"a.zip", zipped(t, "../x.gdb/a00000001.gdbtable", ""), "ingest.zip.unsafe-name"},
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			path := filepath.Join(put(t, map[string]string{c.file: c.text}), c.file)
			if _, err := open.Open(context.Background(), path, open.Options{Temp: temp}); geo.CodeOf(err) != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
			if left, _ := os.ReadDir(temp); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
