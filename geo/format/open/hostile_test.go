package open_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"greenshield/geo"
	"greenshield/geo/format/open"
)

// TestCrowdedZips holds small zips that name so many files that looking into each took more than a minute.
func TestCrowdedZips(t *testing.T) {
	for name, tc := range map[string]struct{ extension, text string }{
		"bad-input 13 empty lines":    {"txt", strings.Repeat("\n", 64<<10)},
		"bad-input 13 JSON, no map":   {"geojson", `{"a":"` + strings.Repeat("红", 20_000)},
		"bad-input 13 exchange files": {"txt", strings.Repeat("J1,1,2556000,37355000\n", 3000)},
	} {
		t.Run(name, func(t *testing.T) {
			files := make([]string, 0, 2*9000)
			for i := range 9000 {
				files = append(files, fmt.Sprintf("%d.%s", i, tc.extension), tc.text)
			}
			temp := t.TempDir()
			path := filepath.Join(put(t, map[string]string{"a.zip": zipped(t, files...)}), "a.zip")
			began := time.Now()
			_, err := open.Open(context.Background(), path, open.Options{Temp: temp})
			took := time.Since(began)
			if geo.CodeOf(err) != "ingest.file.several-layers" || !strings.Contains(err.Error(), "(9000)") {
				t.Errorf("got %.200v", err)
			}
			if len(err.Error()) > 2000 {
				t.Errorf("a sentence of %d bytes", len(err.Error()))
			}
			if took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
			if left, _ := os.ReadDir(temp); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			d, err := open.Open(context.Background(), path, open.Options{Temp: temp, Layer: "17"})
			if geo.CodeOf(err) == "ingest.file.several-layers" {
				t.Errorf("the file that was asked for is not opened: %.200v", err)
			}
			if err == nil {
				d.Close()
			}
		})
	}
}

// TestNoRoomForArchives names a folder for unpacking that is not there.
func TestNoRoomForArchives(t *testing.T) {
	path := filepath.Join(put(t, map[string]string{"a.zip": zipped(t, "a.geojson", geoJSON)}), "a.zip")
	t.Run("bad-input 94 folder for unpacking gone", func(t *testing.T) {
		_, err := open.Open(context.Background(), path, open.Options{Temp: filepath.Join(t.TempDir(), "gone")})
		if geo.CodeOf(err) != "ingest.zip.temp-read-only" {
			t.Errorf("got %v", err)
		}
	})
}
