package archive_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/archive"
)

// geodatabaseZip has a geodatabase in a folder, what lies beside it, and names in mixed case.
func geodatabaseZip(t *testing.T, folder string) *archive.Archive {
	t.Helper()
	path := save(t, makeZip(t,
		file{name: folder + "A00000001.GDBTABLE", content: "one"}, file{name: folder + "a00000001.gdbtablx", content: "two"},
		file{name: folder + "a00000001.TablesByName.atx", content: "index"}, file{name: folder + "a00000009.cdf", content: "packed"},
		file{name: folder + "readme.txt", content: "part of the folder"}, file{name: "说明/a.geojson", content: "{}"},
	))
	a, err := archive.Open(path, archive.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func TestGeodatabaseIsOneCandidate(t *testing.T) {
	for folder, want := range map[string][]string{
		"省/红线.gdb/": {"filegdb 省/红线.gdb", "geojson 说明/a.geojson"},
		"红线/":       {"filegdb 红线", "geojson 说明/a.geojson"},
		"":          {"filegdb x.gdb", "geojson 说明/a.geojson"},
	} {
		got := names(geodatabaseZip(t, folder))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: candidates %v", folder, got)
		}
	}
}

func TestExtractGeodatabase(t *testing.T) {
	a := geodatabaseZip(t, "省/红线.gdb/")
	i := slices.IndexFunc(a.Candidates(), func(c archive.Candidate) bool { return c.Kind == archive.FileGDB })
	head, err := a.Head(a.Candidates()[i], 10)
	if err != nil || string(head) != "one" {
		t.Errorf("head %q, %v", head, err)
	}
	folder, err := a.Extract(context.Background(), a.Candidates()[i], t.TempDir())
	if err != nil || filepath.Base(folder) != "红线.gdb" {
		t.Fatal(folder, err)
	}
	for name, want := range map[string]string{"a00000001.gdbtable": "one", "a00000001.gdbtablx": "two", "a00000009.cdf": ""} {
		if b, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(b) != want {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 3 {
		t.Errorf("unpacked %v", entries)
	}
}

func TestGeodatabaseLargerThanAllowed(t *testing.T) {
	path := save(t, makeZip(t, file{name: "x.gdb/a00000001.gdbtable", content: "12345678"}))
	if _, err := archive.Open(path, archive.Limits{MaxTotal: 7}); geo.CodeOf(err) != "ingest.zip.too-large" {
		t.Error(err)
	}
}
