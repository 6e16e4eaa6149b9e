package original_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"greenshield/layers"
	"greenshield/layers/original"
)

func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOriginalsAreKeptAsTheyCame(t *testing.T) {
	for name, tc := range map[string]struct {
		files map[string]string
		open  string
		want  map[string]string // name in the folder of originals → content
	}{
		"one file":    {map[string]string{"红线.ZIP": "zip"}, "红线.ZIP", map[string]string{"delivered.zip": "zip"}},
		"a shapefile": {map[string]string{"a.shp": "1", "A.DBF": "2", "a.prj": "3", "ab.dbf": "4", "a.txt": "5"}, "a.shp", map[string]string{"delivered.shp": "1", "delivered.dbf": "2", "delivered.prj": "3"}},
		"a .shp only": {map[string]string{"a.shp": "1", "b.dbf": "2"}, "a.shp", map[string]string{"delivered.shp": "1"}},
		"a folder":    {map[string]string{"x.gdb/a1.gdbtable": "1", "x.gdb/.lock": "2", "x.gdb/sub/b": "3"}, "x.gdb", map[string]string{"a1.gdbtable": "1", ".lock": "2", "sub/b": "3"}},
	} {
		folder := t.TempDir()
		write(t, folder, tc.files)
		path := filepath.Join(folder, tc.open)
		sum, err := original.Sum(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		kept := original.In(filepath.Join(folder, "originals"))
		if _, err := kept.Find(sum); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: found before it was kept: %v", name, err)
		}
		for i := range 2 {
			if made, err := keep(t, kept, path, sum); err != nil || made != (i == 0) {
				t.Errorf("%s: keep %d: %v, %v", name, i, made, err)
			}
			wantNothingReceived(t, filepath.Join(folder, "originals"))
		}
		parts, err := kept.Find(sum)
		if err != nil || len(parts) != len(tc.want) {
			t.Errorf("%s: %v, %v", name, parts, err)
		}
		for _, p := range parts {
			if b, err := os.ReadFile(p.Path); err != nil || string(b) != tc.want[p.Name] {
				t.Errorf("%s: %s holds %q, %v", name, p.Name, b, err)
			}
		}
	}
}

// keep copies a delivery and keeps it, and says whether the hash is the wanted one.
func keep(t *testing.T, f *original.Folder, path string, sum layers.Hash) (bool, error) {
	t.Helper()
	c, err := f.Copy(t.Context(), path)
	if err != nil {
		return false, err
	}
	if c.Sum != sum {
		t.Errorf("the copy has the hash %s and not %s", c.Sum, sum)
	}
	made, err := c.Keep()
	return made, errors.Join(err, c.Discard())
}

func wantNothingReceived(t *testing.T, folder string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(folder, "receiving-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestCopyThatIsGivenUp(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"a.zip": "zip"})
	kept := original.In(filepath.Join(folder, "originals"))
	c, err := kept.Copy(t.Context(), filepath.Join(folder, "a.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Discard(); err != nil {
		t.Error(err)
	}
	if _, err := kept.Find(c.Sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("kept all the same: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := kept.Copy(ended, filepath.Join(folder, "a.zip")); !errors.Is(err, context.Canceled) {
		t.Errorf("copied for nobody: %v", err)
	}
	wantNothingReceived(t, filepath.Join(folder, "originals"))
}

func TestSum(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"a.zip": "zip", "s.shp": "1", "s.dbf": "2"})
	if got, err := original.Sum(t.Context(), filepath.Join(folder, "a.zip")); err != nil || got != layers.Hash(sha256.Sum256([]byte("zip"))) {
		t.Errorf("a file: %s, %v", got, err)
	}
	before, err := original.Sum(t.Context(), filepath.Join(folder, "s.shp"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, map[string]string{"s.dbf": "3"})
	if after, err := original.Sum(t.Context(), filepath.Join(folder, "s.shp")); err != nil || after == before {
		t.Errorf("another table beside the same shapes has the same hash: %v", err)
	}
	if _, err := original.Sum(t.Context(), filepath.Join(folder, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestKeepingTheSameAtOnce(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"a.zip": "zip"})
	path := filepath.Join(folder, "a.zip")
	sum, err := original.Sum(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	kept := original.In(filepath.Join(folder, "originals"))
	var wg sync.WaitGroup
	made := make([]bool, 8)
	for i := range made {
		wg.Go(func() {
			var err error
			if made[i], err = keep(t, kept, path, sum); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n := 0
	for _, m := range made {
		if m {
			n++
		}
	}
	parts, err := kept.Find(sum)
	if n != 1 || err != nil || len(parts) != 1 {
		t.Errorf("%d made it, %v, %v", n, parts, err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "originals", "receiving-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
