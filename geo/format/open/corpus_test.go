package open_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/open"
)

const shared = "../../../../shared/data"

// TestCorpus opens every file of every folder of the shared data: each is read to its end or refused with a code.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("test data %s is not here", shared)
	}
	counts := map[string]int{}
	temp := t.TempDir()
	err := filepath.WalkDir(shared, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if testing.Short() && strings.Contains(path, "real-br") {
			return nil
		}
		counts[readAll(t, path, temp)]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(counts)
	for _, code := range []string{"read", "ingest.file.unknown-kind", "ingest.file.unsupported", "ingest.file.shapefile-part"} {
		if counts[code] == 0 {
			t.Errorf("no file ended as %s", code)
		}
	}
	if left, _ := os.ReadDir(temp); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// readAll gives "read", or the code of the problem.
func readAll(t *testing.T, path, temp string) string {
	d, err := open.Open(context.Background(), path, open.Options{Temp: temp})
	if err == nil {
		defer d.Close()
		for _, rowErr := range d.Records(context.Background()) {
			if err = rowErr; err != nil {
				break
			}
		}
	}
	if err == nil {
		return "read"
	}
	code := geo.CodeOf(err)
	if !strings.HasPrefix(code, "ingest.") {
		t.Errorf("%s: %v", path, err)
	}
	return code
}

func TestRealDeliveries(t *testing.T) {
	for name, want := range map[string]struct {
		format, layer string
		rows          int
	}{
		"txt-kcdj/hanzhong_zone36_from_comment.txt":              {"parceltxt", "", 3},
		"real-za-qgis-training/exercise_data/training_data.gpkg": {"", "", 0}, // several layers
		"real-cd-drc-conservation/data/cod_conservation.zip":     {"shapefile", "", 50},
		"real-br-para-car-uc/cnuc.shp":                           {"shapefile", "", 3},
		"real-br-para-car-uc":                                    {"shapefile", "cnuc", 3},
	} {
		path := filepath.Join(shared, name)
		if _, err := os.Stat(path); err != nil {
			t.Logf("test data %s is not here", path)
			continue
		}
		d, err := open.Open(context.Background(), path, open.Options{Layer: want.layer})
		if want.format == "" {
			if geo.CodeOf(err) != "ingest.file.several-layers" {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f := d.Schema().Format; f != want.format {
			t.Errorf("%s: format %s", name, f)
		}
		if n := rows(t, d); n != want.rows {
			t.Errorf("%s: %d rows, want %d", name, n, want.rows)
		}
	}
}
