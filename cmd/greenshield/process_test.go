package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
)

// program builds the program as it is shipped, once, and gives its path.
func program(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("sends signals")
	}
	path := filepath.Join(shared.dir, "greenshield")
	shared.binary.Do(func() {
		build := exec.Command("go", "build", "-o", path, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
	})
	return path
}

// start runs the program and ends it with the test.
func start(t *testing.T, args ...string) (*exec.Cmd, *bufio.Reader, *bytes.Buffer) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program(t), args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // what a test did not wait for is ended here
	})
	return cmd, bufio.NewReader(out), &stderr
}

func TestServeAnswersAndEnds(t *testing.T) {
	workspace := newCity(t)
	cmd, out, stderr := start(t, "serve", "--workspace", workspace, "--address", "127.0.0.1:0", "--lang", "en")
	line, err := out.ReadString('\n')
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line)
	if err != nil || address == "" || strings.HasSuffix(address, ":0") {
		t.Fatalf("the address is not told: %q, %v\n%s", line, err, stderr)
	}
	for path, want := range map[string]int{"/livez": 200, "/readyz": 200, "/api/layers": 200, "/api/nothing": 404} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, stderr)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != want {
			t.Errorf("%s: %d, want %d, %v\n%.300s", path, answer.StatusCode, want, err, body)
		}
	}
	// While it serves, an import from another process goes through.
	must(t, "import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage", "2025", redlineFile(t))
	http.DefaultClient.CloseIdleConnections()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	wantEnd(t, cmd, 10*time.Second)
	if cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("exit %d after SIGTERM\n%s", cmd.ProcessState.ExitCode(), stderr)
	}
	t.Logf("ended %v after SIGTERM", time.Since(began).Round(time.Millisecond))
}

// wantEnd waits for a process that has been asked to end.
func wantEnd(t *testing.T, cmd *exec.Cmd, patience time.Duration) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(patience):
		_ = cmd.Process.Kill() // the test fails anyway
		<-ended
		t.Fatalf("did not end within %v", patience)
	}
}

// largeFile is a grid of polygons that takes the program a second or more to import.
func largeFile(t *testing.T, rows int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "large.geojson")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fields := []format.Field{{Name: "MC", Kind: format.Text}}
	err = geojson.Write(w, fields, func(yield func(geojson.Feature, error) bool) {
		for i := range rows {
			x, y := 109+float64(i%200)/1000, 23+float64(i/200)/1000
			square := fmt.Sprintf("POLYGON((%.4f %.4f,%.4f %.4f,%.4f %.4f,%.4f %.4f,%.4f %.4f))",
				x, y, x+.0009, y, x+.0009, y+.0009, x, y+.0009, x, y)
			if !yield(geojson.Feature{Geometry: geometry(t, square), Values: []any{fmt.Sprint(i)}}, nil) {
				return
			}
		}
	})
	if err := errors.Join(err, w.Flush()); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whatever moment a process is killed at, the store holds the vintage whole or not at all, and works on.
func TestKilledImportLeavesNothing(t *testing.T) {
	t.Run("bad-input 95 kill -9 of an import", func(t *testing.T) {
		const rows = 30_000
		file := largeFile(t, rows)
		args := func(workspace string) []string {
			return []string{"import", "--workspace", workspace, "--quiet", "--layer", "redline", "--theme", "redline", "--vintage", "2024", file}
		}
		// The first import waits for the disk as the others do not: the shortest of three says when to kill.
		whole := time.Minute
		for range 3 {
			began := time.Now()
			cmd, _, stderr := start(t, args(t.TempDir())...)
			wantEnd(t, cmd, time.Minute)
			whole = min(whole, time.Since(began))
			if cmd.ProcessState.ExitCode() != 0 {
				t.Fatalf("exit %d\n%s", cmd.ProcessState.ExitCode(), stderr)
			}
		}
		killed := 0
		for _, part := range []float64{0.3, 0.5, 0.7, 0.85, 0.95} {
			workspace := t.TempDir()
			cmd, _, _ := start(t, args(workspace)...)
			time.Sleep(time.Duration(part * float64(whole)))
			if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			wantEnd(t, cmd, 10*time.Second)
			if cmd.ProcessState.ExitCode() != 0 {
				killed++
			}
			wantWholeOrNothing(t, workspace, rows, cmd.ProcessState.ExitCode() == 0)
		}
		t.Logf("an import takes %v; %d of 5 were killed under way", whole.Round(time.Millisecond), killed)
		if killed < 2 {
			t.Errorf("only %d imports were killed under way", killed)
		}
	})
}

func wantWholeOrNothing(t *testing.T, workspace string, rows int64, ended bool) {
	t.Helper()
	got := vintages(t, workspace)
	switch {
	case len(got) == 0 && !ended:
	case len(got) == 1 && got[0].Count == rows:
	default:
		t.Errorf("ended %v, and the workspace holds %d vintages: %+v", ended, len(got), got)
	}
	entries, err := os.ReadDir(workspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		// The original may have been kept before the end came: it is whole, and the next import of the file uses it.
		if e.Name() != "greenshield.gpkg" && e.Name() != "originals" {
			t.Errorf("left behind: %s", e.Name())
		}
	}
	size := int64(0)
	if info, err := os.Stat(filepath.Join(workspace, "greenshield.gpkg")); err == nil {
		size = info.Size()
	}
	if len(got) == 0 && size > 1<<20 {
		t.Errorf("nothing is published, but the file has %d bytes", size)
	}
	must(t, "import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage", "2023", redlineFile(t))
}

func TestInterruptEndsAnImport(t *testing.T) {
	workspace := t.TempDir()
	cmd, _, stderr := start(t, "import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage", "2024", largeFile(t, 120_000))
	time.Sleep(400 * time.Millisecond)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	wantEnd(t, cmd, 10*time.Second)
	if code := cmd.ProcessState.ExitCode(); code != exitFailed {
		t.Errorf("exit %d after an interrupt\n%s", code, stderr)
	}
	if got := vintages(t, workspace); len(got) != 0 {
		t.Errorf("the workspace holds %+v", got)
	}
}
