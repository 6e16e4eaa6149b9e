package ingest_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/memory"
)

// A dry run holds some batches of rows, whatever the size of the file. Themes that must cover their region hold their
// outlines besides, because overlaps and gaps are asked of all of them together.
func TestMemoryOfADryRun(t *testing.T) {
	rows := 60_000
	if testing.Short() {
		rows = 10_000
	}
	path := filepath.Join(t.TempDir(), "项目.geojsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	for i := range rows {
		_, _ = fmt.Fprintln(out, cell(fmt.Sprintf(`"项目名称":"项目%d"`, i), 109+float64(i%200)*0.02, 23+float64(i/200)*0.02))
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	req := redline(t, path)
	req.Layer, req.DryRun = layers.Layer{ID: "works", Theme: layers.Activity}, true
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, peak := m.HeapInuse, uint64(0)
	req.Progress = func(done, _ int64) {
		if done%1000 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
	}
	report, err := ingest.Import(t.Context(), memory.New(), req)
	if err != nil || report.Kept != int64(rows) {
		t.Fatalf("%d of %d rows, %v", report.Kept, rows, err)
	}
	const most = 64 << 20
	t.Logf("%d rows, %d MB more at most", rows, (peak-min(peak, before))>>20)
	if peak > before+most {
		t.Errorf("%d MB of heap in use, %d before; %d more are allowed", peak>>20, before>>20, most>>20)
	}
}
