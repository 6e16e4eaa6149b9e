package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo/format/save"
	"greenshield/layers/export"
)

// exportJSON is what `export --json` prints.
type exportJSON struct {
	Ref, File, Format, System string
	Count                     int64
	Notes                     []issue
}

// TestExportComesBackAsItIs exports a vintage in every format and imports that again: the same features and area, and
// where the format keeps all attributes no change at all between the two vintages.
func TestExportComesBackAsItIs(t *testing.T) {
	workspace := t.TempDir()
	file := writeGeoJSON(t, "a.geojson", textFields("HXBM", "HXMM"),
		place{"POLYGON((109.6 23.1,109.61 23.1,109.61 23.11,109.6 23.11,109.6 23.1))", []any{"0001", "平天山"}},
		place{"POLYGON((109.7 23.1,109.71 23.1,109.71 23.11,109.7 23.11,109.7 23.1))", []any{"0002", "大藤峡"}})
	base := []string{"--workspace", workspace, "--quiet", "--json", "--theme", "redline"}
	in := append([]string{"import", file, "--layer", "redline", "--vintage", "2023"}, base...)
	first := decode[importJSON](t, must(t, in...))
	for i, k := range export.Formats() {
		to := filepath.Join(t.TempDir(), "红线"+export.Extension(k))
		out := decode[exportJSON](t, must(t, "export", first.Ref, "--to", to, "--workspace", workspace, "--json"))
		if out.Count != 2 || out.Format != string(k) || out.Ref != first.Ref || out.File != filepath.Base(to) {
			t.Errorf("%s: %+v", k, out)
		}
		if exists := command(t, "export", first.Ref, "--to", to, "--workspace", workspace); exists.code != exitRefused {
			t.Errorf("%s: overwritten, exit %d", k, exists.code)
		}
		must(t, "export", first.Ref, "--to", to, "--workspace", workspace, "--replace")
		again := append([]string{
			"import", to, "--layer", fmt.Sprintf("again%d", i), "--vintage", "2023", "--suspected", "none",
		}, base...)
		if k == save.CSV { // a table has no place for the name of its system
			again = append(again, "--crs", "EPSG:4490")
		}
		back := decode[importJSON](t, must(t, again...))
		if d := back.AreaAfterM2 - first.AreaAfterM2; back.Kept != 2 || d > 1 || d < -1 {
			t.Errorf("%s: %d features, area off by %g m²", k, back.Kept, d)
		}
	}
}

func TestExportSaysWhatItDid(t *testing.T) {
	workspace := t.TempDir()
	file := writeGeoJSON(t, "a.geojson", textFields("HXMM", "BZ"),
		place{"POLYGON((109.6 23.1,109.61 23.1,109.61 23.11,109.6 23.11,109.6 23.1))", []any{"平天山", "𠮷"}})
	must(t, "import", file, "--layer", "redline", "--theme", "redline", "--vintage", "2023", "--quiet",
		"--workspace", workspace)
	to := filepath.Join(t.TempDir(), "a.txt")
	o := must(t, "export", "redline@2023.1", "--to", to, "--workspace", workspace, "--lang", "en")
	for _, want := range []string{
		"survey TXT", "1 features", "EPSG:4525", "[layer.export.zone-chosen]", "were left out: BZ",
	} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("no %q in\n%s", want, o.stdout)
		}
	}
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"layer.export.kind-unknown": {"--to", filepath.Join(dir, "a.dwg")},
		"layer.export.gbk-lacks":    {"--to", filepath.Join(dir, "a.zip"), "--encoding", "gbk"},
		"layer.export.degrees-only": {"--to", filepath.Join(dir, "a.kml"), "--crs", "EPSG:4525"},
		"layer.export.plane-only":   {"--to", filepath.Join(dir, "a.xlsx"), "--crs", "EPSG:4490"},
		"layer.export.outside-zone": {"--to", filepath.Join(dir, "a.csv"), "--crs", "EPSG:4533"},
		"layer.export.encoding":     {"--to", filepath.Join(dir, "a.gpkg"), "--encoding", "GBK"},
		"ingest.crs.unknown":        {"--to", filepath.Join(dir, "a.gpkg"), "--crs", "EPSG:1"},
		"layer.export.system":       {"--to", filepath.Join(dir, "a.gpkg"), "--crs", "EPSG:32649"},
		"layer.export.exists":       {"--to", to},
	} {
		refused(t, name, append([]string{"export", "redline@2023.1", "--workspace", workspace}, args...)...)
	}
	csv := filepath.Join(dir, "b.csv")
	refused(t, "store.vintage.unknown", "export", "redline@2022.1", "--workspace", workspace, "--to", csv)
	refused(t, "layer.ref.malformed", "export", "redline", "--workspace", workspace, "--to", csv)
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
