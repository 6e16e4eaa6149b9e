package gpkg_test

import (
	"path/filepath"
	"testing"

	"greenshield/layers"
	"greenshield/layers/store/gpkg"
	"greenshield/layers/store/storetest"
)

func open(t *testing.T, path string) *gpkg.Store {
	t.Helper()
	s, err := gpkg.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) layers.Store {
		return open(t, filepath.Join(t.TempDir(), "greenshield.gpkg"))
	})
}
