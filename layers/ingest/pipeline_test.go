package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/memory"
)

// mixedRows is a GeoJSON sequence of many rows: good ones, bow-ties, rows without area, far ones and missing ones, and
// one with more vertices than a batch holds.
func mixedRows(n int) string {
	var b strings.Builder
	for i := range n {
		x, y := 110+float64(i%100)*0.001, 23+float64(i/100)*0.001
		ring := fmt.Sprintf("[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]", x, y, x+0.001, y+0.001)
		switch {
		case i%97 == 13:
			ring = fmt.Sprintf("[[%[1]v,%[2]v],[%[3]v,%[4]v],[%[3]v,%[2]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]", x, y, x+0.001, y+0.001)
		case i%97 == 14:
			ring = fmt.Sprintf("[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[1]v,%[2]v],[%[1]v,%[2]v]]", x, y, x+0.001)
		case i%97 == 15:
			ring = "[[500000,2500000],[500100,2500000],[500100,2500100],[500000,2500000]]"
		case i == 700:
			ring = comb(x, y, 70_000)
		}
		geometry := `{"type":"Polygon","coordinates":[` + ring + `]}`
		if i%97 == 16 {
			geometry = "null"
		}
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"DLBM":"%04d","n":%d},"geometry":%s}`+"\n", i%5, i, geometry)
	}
	return b.String()
}

func mixedFile(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mixed.geojsonl")
	if err := os.WriteFile(path, []byte(mixedRows(n)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// comb is a comb of n teeth in a square of a thousandth of a degree, which is a valid ring.
func comb(x, y float64, n int) string {
	var b strings.Builder
	b.WriteString("[")
	for i := range n {
		fmt.Fprintf(&b, "[%.12f,%.12f],", x+0.001*float64(i)/float64(n), y+0.0001*float64(i%2))
	}
	fmt.Fprintf(&b, "[%.12f,%.12f],[%.12f,%.12f],[%.12f,%.12f]]", x+0.001, y+0.001, x, y+0.001, x, y)
	return b.String()
}

func TestImportIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	path := mixedFile(t, 2_000)
	system, err := crs.FromEPSG(4490)
	if err != nil {
		t.Fatal(err)
	}
	var first ingest.Report
	for _, workers := range []int{1, 2, 7} {
		store := memory.New()
		at := func() time.Time { return time.Unix(1_700_000_000, 0).UTC() }
		store.Now = at
		report, err := ingest.Import(context.Background(), store, ingest.Request{
			SignedOff: "李四",
			Reading:   ingest.Reading{Path: path, TreatAs: &system, Workers: workers},
			Layer:     layers.Layer{ID: "landuse", Theme: layers.Landuse, Title: "x"}, Vintage: "2023",
			AcceptRejects: true, Now: at,
		})
		if err != nil {
			t.Fatalf("%d workers: %v", workers, err)
		}
		if workers == 1 {
			first = report
			if report.Kept < 1_900 || len(report.Rejects) < 50 || len(report.Issues) < 60 {
				t.Fatalf("kept %d, rejects %d, issues %d: the rows are not mixed",
					report.Kept, len(report.Rejects), len(report.Issues))
			}
			continue
		}
		if !reflect.DeepEqual(report, first) {
			t.Errorf("%d workers give another report or another content than one", workers)
		}
	}
}

func TestImportEndsWhenTheContextDoes(t *testing.T) {
	path := mixedFile(t, 3_000)
	for _, after := range []int64{1, 255, 256, 257, 1_000, 2_900} {
		ctx, cancel := context.WithCancel(context.Background())
		store := memory.New()
		_, err := ingest.Import(ctx, store, ingest.Request{
			Reading: ingest.Reading{Path: path, Progress: func(done, _ int64) {
				if done == after {
					cancel()
				}
			}},
			Layer: layers.Layer{ID: "landuse", Theme: layers.Landuse, Title: "x"}, Vintage: "2023", AcceptRejects: true,
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d rows: %v", after, err)
		}
		if list, err := store.Vintages(context.Background(), "landuse"); err != nil || len(list) > 0 {
			t.Errorf("after %d rows %d vintages were published (%v)", after, len(list), err)
		}
		cancel()
	}
}

// BenchmarkImport reads, measures, hashes and looks through 5,000 rows; the store keeps them in memory.
func BenchmarkImport(b *testing.B) {
	path := filepath.Join(b.TempDir(), "mixed.geojsonl")
	if err := os.WriteFile(path, []byte(mixedRows(5_000)), 0o600); err != nil {
		b.Fatal(err)
	}
	rows := int64(0)
	for b.Loop() {
		report, err := ingest.Import(context.Background(), memory.New(), ingest.Request{
			Reading: ingest.Reading{Path: path},
			Layer:   layers.Layer{ID: "landuse", Theme: layers.Landuse, Title: "x"}, Vintage: "2023", AcceptRejects: true,
		})
		if err != nil {
			b.Fatal(err)
		}
		rows += report.Read
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
