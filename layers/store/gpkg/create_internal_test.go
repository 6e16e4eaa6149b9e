package gpkg

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// openTogether opens a path in 16 stores at once, as programs do that start together.
func openTogether(t *testing.T, path string) {
	t.Helper()
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 16 {
		wg.Go(func() {
			<-start
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := s.Layers(t.Context()); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
}

func TestProgramsThatStartTogether(t *testing.T) {
	for range 10 {
		folder := t.TempDir()
		path := filepath.Join(folder, "greenshield.gpkg")
		openTogether(t, path)
		// Of programs that end together none may have been the last; then the log waits for the next one.
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(folder)
		if err != nil || len(entries) != 1 {
			t.Fatalf("the folder holds %v, %v", entries, err)
		}
	}
}

func TestAbandonedBuildingIsSwept(t *testing.T) {
	folder := t.TempDir()
	old, young := filepath.Join(folder, ".greenshield-new-1"), filepath.Join(folder, ".greenshield-new-2")
	mkdir(t, old)
	mkdir(t, young)
	writeFile("x")(t, filepath.Join(old, "new.gpkg"))
	at := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(old, at, at); err != nil {
		t.Fatal(err)
	}
	openStore(t, filepath.Join(folder, "greenshield.gpkg"), time.Second)
	if _, err := os.Stat(old); err == nil {
		t.Error("what a dead process built is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error(err)
	}
}

// A link to a file that is not there fails as any link does where a file system knows none.
func TestCreationWithoutLinks(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "greenshield.gpkg")
	for range 2 {
		if err := place(t.Context(), filepath.Join(folder, "nothing"), path); err != nil {
			t.Fatal(err)
		}
	}
	openTogether(t, path)
}
