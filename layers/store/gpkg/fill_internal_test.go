package gpkg

import (
	"path/filepath"
	"testing"
	"time"

	"greenshield/layers"
	"greenshield/layers/store/storetest"
)

// A store writes row by row where SQLite gives no access to its pages.
func TestStoreThatInsertsRows(t *testing.T) {
	storetest.Run(t, func(t *testing.T) layers.Store {
		s := openStore(t, filepath.Join(t.TempDir(), "greenshield.gpkg"), time.Second)
		s.insertRows = true
		return s
	})
}

// A store puts every row behind the end of the file.
func TestStoreThatWritesTails(t *testing.T) {
	storetest.Run(t, func(t *testing.T) layers.Store {
		s := openStore(t, filepath.Join(t.TempDir(), "greenshield.gpkg"), time.Second)
		s.leastTail = 0
		return s
	})
}
