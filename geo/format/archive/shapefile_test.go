package archive_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"greenshield/geo/format/archive"
	"greenshield/geo/format/shapefile"
)

// TestUploadsOfUsers reads the shapefiles inside the archives that users of another program uploaded; the counts are
// those of SOURCES.md.
func TestUploadsOfUsers(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the real files are not here: ", err)
	}
	cases := map[string]struct {
		rows, problems int
		system         bool // declared and accepted
	}{
		"test-grid-planning.zip":        {rows: 202, system: true},
		"test-planning-area.zip":        {rows: 1, system: true},
		"stations-shapefile.zip":        {rows: 86, system: true},
		"wetlands.zip":                  {rows: 1, system: true},
		"nam-shapefile.zip":             {rows: 15, system: true},
		"invalid_coordinates.zip":       {rows: 1, problems: 1},
		"test_multiple_features_v2.zip": {rows: 2, system: true},
		"kimberley.zip":                 {rows: 1},
		"test_mata.zip":                 {rows: 4, system: true},
		"planning-area.zip":             {rows: 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := findUpload(t, name)
			a, err := archive.Open(path, archive.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			main, err := a.Extract(context.Background(), a.Candidates()[0], t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			d, err := shapefile.Open(context.Background(), main, shapefile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			rows, problems := 0, 0
			for r, err := range d.Records(context.Background()) {
				if err != nil {
					t.Fatal(err)
				}
				rows++
				if r.Problem != nil {
					problems++
				}
			}
			if rows != c.rows || problems != c.problems || (d.Schema().Declared != nil) != c.system {
				t.Errorf("%d rows, %d problems, declared %v", rows, problems, d.Schema().Declared)
			}
		})
	}
}

func findUpload(t *testing.T, name string) string {
	t.Helper()
	found := ""
	err := filepath.WalkDir(shared+"real-marxan-uploads", func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == name {
			found = path
		}
		return err
	})
	if err != nil || found == "" {
		t.Fatalf("%s: not found, %v", name, err)
	}
	return found
}
