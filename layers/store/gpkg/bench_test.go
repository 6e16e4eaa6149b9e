package gpkg_test

import (
	"path/filepath"
	"testing"

	"greenshield/layers"
	"greenshield/layers/store/gpkg"
)

// BenchmarkPublish appends and commits 20,000 features with their spatial index.
func BenchmarkPublish(b *testing.B) {
	const count = 20_000
	store, err := gpkg.Open(b.Context(), filepath.Join(b.TempDir(), "greenshield.gpkg"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	for b.Loop() {
		draft, err := store.Begin(b.Context(), layers.Layer{ID: "redline", Theme: layers.Redline, Title: "x"}, plain("2023"))
		if err != nil {
			b.Fatal(err)
		}
		for i := range count {
			if err := draft.Append(b.Context(), plainFeature(float64(i%360)/2)); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := draft.Commit(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(count*float64(b.N)/b.Elapsed().Seconds(), "features/s")
}
