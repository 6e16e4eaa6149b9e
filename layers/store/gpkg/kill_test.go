package gpkg_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/store/gpkg"
)

// The test binary starts itself with these set, to play a program that dies.
const (
	victimPath  = "GREENSHIELD_TEST_VICTIM_PATH"
	victimStage = "GREENSHIELD_TEST_VICTIM_STAGE"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(victimPath); path != "" {
		if err := victim(context.Background(), path, os.Getenv(victimStage)); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(3) // reached only when nobody killed us
	}
	os.Exit(m.Run())
}

// victim appends features, says so, and waits for its death: while appending, or in the middle of a commit.
func victim(ctx context.Context, path, stage string) error {
	if stage == "meddling" {
		return meddle(ctx, path)
	}
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return err
	}
	d, err := s.Begin(ctx, layers.Layer{ID: "redline", Theme: layers.Redline}, plain("2024"))
	if err != nil {
		return err
	}
	for i := range 5000 {
		if err := d.Append(ctx, plainFeature(float64(i%100))); err != nil {
			return err
		}
	}
	ready := func() {
		fmt.Println("ready")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the parent dies, too
	}
	if stage == "appending" {
		ready()
		return nil
	}
	_, err = d.Commit(ctx, func(*layers.Vintage) error {
		ready()
		return nil
	})
	return err
}

func plain(vintage string) layers.Vintage {
	return layers.Vintage{Ref: layers.Ref{Vintage: vintage}, Fields: []format.Field{{Name: "HXMM"}}}
}

func plainFeature(x float64) layers.Feature {
	ring := orb.Ring{{x, 0}, {x + 1, 0}, {x + 1, 1}, {x, 1}, {x, 0}}
	return layers.Feature{Geometry: orb.MultiPolygon{{ring}}, Area: 1, Values: []any{strings.Repeat("红线", 50)}}
}

func publish(t *testing.T, s *gpkg.Store, vintage string) layers.Vintage {
	t.Helper()
	d, err := s.Begin(t.Context(), layers.Layer{ID: "redline", Theme: layers.Redline, Title: "生态保护红线"}, plain(vintage))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Append(t.Context(), plainFeature(109)); err != nil {
		t.Fatal(err)
	}
	v, err := d.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKilledProcessLeavesNothing(t *testing.T) {
	for _, stage := range []string{"appending", "committing"} {
		t.Run(stage, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "greenshield.gpkg")
			s, err := gpkg.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			kept := publish(t, s, "2023")
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			before := size(t, path)

			kill(t, path, stage)

			s = open(t, path)
			list, err := s.Vintages(t.Context(), "redline")
			if err != nil || len(list) != 1 || list[0].Ref != kept.Ref {
				t.Errorf("after the kill: %v, %v", list, err)
			}
			if v := publish(t, s, "2024"); v.Ref.Revision != 1 {
				t.Errorf("the dead draft keeps its revision: %s", v.Ref)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if names := listFolder(t, folder); names != "greenshield.gpkg" {
				t.Errorf("the folder holds %s", names)
			}
			// Two vintages of one feature; the 5,000 of the dead draft are 1.5 MB.
			if after := size(t, path); after > before+100<<10 {
				t.Errorf("the file grew from %d to %d bytes", before, after)
			}
		})
	}
}

// kill starts a victim and ends it with SIGKILL once it is at the stage.
func kill(t *testing.T, path, stage string) {
	t.Helper()
	start(t, path, stage)()
}

// start starts a victim, waits until it is at the stage and returns what ends it with SIGKILL.
func start(t *testing.T, path, stage string) (end func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimPath+"="+path, victimStage+"="+stage)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close() })
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "ready" {
		t.Fatalf("the victim said %q, %v", line, err)
	}
	return func() {
		t.Helper()
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // "signal: killed"
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func listFolder(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}
