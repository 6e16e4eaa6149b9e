package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The city of these tests is a square of a tenth of a degree, east of the border between the 3° zones 36 and 37:
//
//	west county 450001 | east county 450002
//	109.60 … 109.65    | 109.65 … 109.70      23.10 … 23.20
//
//	red line A at 109.61 23.11, red line B across the core zone of the reserve at 109.63 23.13, general zone east of
//	it, urban boundary over the whole eastern county, one river on 23.18.
const day = "2026-06-01"

func cell(x, y string) string { return box(x+"0", y+"0", x+"9", y+"9") }

// box is a rectangle with its corners' decimals after 109.6 and 23.1.
func box(x0, y0, x1, y1 string) string {
	w, e, s, n := "109.6"+x0, "109.6"+x1, "23.1"+y0, "23.1"+y1
	return "POLYGON((" + w + " " + s + "," + e + " " + s + "," + e + " " + n + "," + w + " " + n + "," + w + " " + s + "))"
}

func regionFile(t *testing.T) string {
	t.Helper()
	return writeGeoJSON(
		t, "region.geojson", textFields("XZQDM", "XZQMC"),
		place{"POLYGON((109.6 23.1,109.65 23.1,109.65 23.2,109.6 23.2,109.6 23.1))", []any{"450001", "西县"}},
		place{"POLYGON((109.65 23.1,109.7 23.1,109.7 23.2,109.65 23.2,109.65 23.1))", []any{"450002", "东县"}},
	)
}

func redlineFile(t *testing.T) string {
	t.Helper()
	return writeGeoJSON(
		t, "redline.geojson", textFields("HXBM", "MC"),
		place{cell("1", "1"), []any{"A", "甲"}}, place{cell("3", "3"), []any{"B", "乙"}},
	)
}

// newCity gives a workspace of the test's own with the city in it.
func newCity(t *testing.T) string {
	t.Helper()
	made := filepath.Join(shared.dir, "city")
	shared.city.Do(func() { importCity(t, made) })
	workspace := t.TempDir()
	if err := os.CopyFS(workspace, os.DirFS(made)); err != nil {
		t.Fatal(err)
	}
	return workspace
}

// importCity imports the city into a workspace.
func importCity(t *testing.T, workspace string) {
	t.Helper()
	deliver := func(layer, theme, vintage, coverage, file string) {
		t.Helper()
		must(t, "import", "--workspace", workspace, "--quiet", "--layer", layer, "--theme", theme, "--vintage", vintage,
			"--coverage", coverage, file)
	}
	deliver("region", "region", "2024", "extent", regionFile(t))
	const covered = "region@2024.1"
	deliver("redline", "redline", "2024", covered, redlineFile(t))
	deliver("reserve", "protected", "2024", covered, writeGeoJSON(t, "reserve.geojson", textFields("BHDMC", "GNFQ"),
		place{cell("3", "3"), []any{"青山", "核心保护区"}}, place{cell("4", "3"), []any{"青山", "一般控制区"}}))
	deliver("urban", "urban", "2024", covered, writeGeoJSON(t, "urban.geojson", textFields("MC"),
		place{"POLYGON((109.65 23.1,109.7 23.1,109.7 23.2,109.65 23.2,109.65 23.1))", []any{"东城"}}))
	classes := textFields("BSM", "DLBM")
	deliver("landuse", "landuse", "2024", covered, writeGeoJSON(t, "landuse.geojson", classes,
		place{box("00", "00", "10", "10"), []any{"1", "0301"}}, place{box("10", "00", "20", "10"), []any{"2", "0103"}}))
	deliver("landuse", "landuse", "2025", covered, writeGeoJSON(t, "landuse.geojson", classes,
		place{box("00", "00", "05", "10"), []any{"1", "0301"}}, place{box("05", "00", "10", "10"), []any{"3", "0601"}},
		place{box("10", "00", "20", "10"), []any{"2", "0103"}}))
}
