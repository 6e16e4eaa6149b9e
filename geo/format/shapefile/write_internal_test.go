package shapefile

import (
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/format"
)

// TestTwoGigabytes comes close to the limit without writing so much.
func TestTwoGigabytes(t *testing.T) {
	dir := t.TempDir()
	s, err := newShapeWriter(filepath.Join(dir, "shapes"), filepath.Join(dir, "index"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	s.main.size = maxFileSize - mainHeaderSize - 2*(recordHeaderSize+20)
	for i, want := range []string{"", "", "layer.export.too-large"} {
		if err := s.add(orb.Point{1, 2}); geo.CodeOf(err) != want {
			t.Errorf("point %d: %v, want %q", i+1, err, want)
		}
	}
	table, err := newTableWriter(filepath.Join(dir, "rows"), Layer{Fields: []format.Field{{Name: "x", Kind: format.Real}}})
	if err != nil {
		t.Fatal(err)
	}
	defer table.close()
	table.count = maxFileSize / int64(table.rowLen())
	if err := table.finish(); err != nil {
		t.Errorf("just fits: %v", err)
	}
	table.count++
	if err := table.finish(); geo.CodeOf(err) != "layer.export.too-large" {
		t.Errorf("2 GB of rows: %v", err)
	}
}
