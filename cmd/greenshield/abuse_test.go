package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// smallDisk mounts a disk on a new folder, which takes a user who may do so; what it gives makes it read-only.
func smallDisk(t *testing.T, megabytes int) (dir string, readOnly func(*testing.T)) {
	t.Helper()
	dir = t.TempDir()
	mount := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", megabytes), "tmpfs", dir)
	if out, err := mount.CombinedOutput(); err != nil {
		t.Skipf("this user cannot mount a small disk: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir, func(t *testing.T) {
		t.Helper()
		if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
			t.Skipf("a disk cannot be made read-only here: %v %s", err, out)
		}
	}
}

// failedFor wants a command line that failed for a reason of the machine, and a sentence that says so.
func failedFor(t *testing.T, code string, args ...string) {
	t.Helper()
	o := command(t, append(args, "--lang", "en")...)
	if o.code != exitFailed || !strings.Contains(o.stderr, "["+code+"]") ||
		strings.HasPrefix(o.stderr, "greenshield: "+code) {
		t.Errorf("exit %d, want 1 for %s\n%s", o.code, code, o.stderr)
	}
}

func TestFullAndReadOnlyDisks(t *testing.T) {
	workspace, readOnly := smallDisk(t, 3)
	args := []string{"import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage"}
	must(t, append(args, "2022", redlineFile(t))...)
	t.Run("bad-input 94 disk full in the middle of an import", func(t *testing.T) {
		failedFor(t, "store.disk.full", append(args, "2023", largeFile(t, 30_000))...)
		if got := vintages(t, workspace); len(got) != 1 || got[0].Ref.Vintage != "2022" {
			t.Errorf("the workspace holds %+v", got)
		}
		if left, err := filepath.Glob(filepath.Join(workspace, ".*")); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	t.Run("bad-input 94 after the full disk", func(t *testing.T) {
		must(t, append(args, "2024", redlineFile(t))...)
		if got := vintages(t, workspace); len(got) != 2 {
			t.Errorf("the workspace holds %+v", got)
		}
	})
	t.Run("bad-input 94 read-only disk", func(t *testing.T) {
		readOnly(t)
		failedFor(t, "store.file.read-only", append(args, "2025", redlineFile(t))...)
		if got := vintages(t, workspace); len(got) != 2 {
			t.Errorf("the workspace holds %+v", got)
		}
	})
	t.Run("bad-input 94 no workspace on a read-only disk", func(t *testing.T) {
		failedFor(t, "store.file.read-only", "import", "--workspace", filepath.Join(workspace, "new"), "--layer", "redline",
			"--theme", "redline", "--vintage", "2025", redlineFile(t))
	})
}

// TestFullTemporaryFolder has no room to unpack what was delivered.
func TestFullTemporaryFolder(t *testing.T) {
	temp, readOnly := smallDisk(t, 2)
	raw, err := os.ReadFile(largeFile(t, 20_000))
	if err != nil {
		t.Fatal(err)
	}
	file := writeBytes(t, "a.zip", zipOf(t, "a.geojson", raw))
	t.Setenv("TMPDIR", temp)
	args := []string{
		"import", "--workspace", filepath.Join(filepath.Dir(file), "w"), "--layer", "redline", "--theme", "redline",
		"--vintage", "2024", file,
	}
	t.Run("bad-input 94 no room to unpack", func(t *testing.T) {
		failedFor(t, "ingest.zip.disk-full", args...)
		if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	t.Run("bad-input 94 temporary folder read-only", func(t *testing.T) {
		readOnly(t)
		failedFor(t, "ingest.zip.temp-read-only", args...)
	})
}

func zipOf(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTwoImportsAtOnce lets several processes import into one workspace that none of them has seen before: each
// publishes a revision of its own, or says that another was faster, and the store holds exactly what was said.
func TestTwoImportsAtOnce(t *testing.T) {
	t.Run("bad-input 93 several processes, one store", func(t *testing.T) {
		workspace, file := t.TempDir(), largeFile(t, 3000)
		const processes = 4
		codes, said := make([]int, processes), make([]bytes.Buffer, processes)
		path := program(t)
		var all sync.WaitGroup
		for i := range processes {
			all.Go(func() {
				cmd := exec.Command(path, "import", "--workspace", workspace, "--lang", "en", "--layer", "redline", "--theme",
					"redline", "--vintage", "2024", file)
				cmd.Stdout, cmd.Stderr = &said[i], &said[i]
				_ = cmd.Run() // the exit code tells
				codes[i] = cmd.ProcessState.ExitCode()
			})
		}
		all.Wait()
		published := 0
		for i, code := range codes {
			if code == 0 {
				published++
			} else if !strings.Contains(said[i].String(), "[store.vintage.taken]") {
				t.Errorf("exit %d: %s", code, &said[i])
			}
		}
		got := vintages(t, workspace)
		if published == 0 || len(got) != published {
			t.Errorf("%d were published, the store holds %d", published, len(got))
		}
		for _, v := range got {
			if v.Count != 3000 {
				t.Errorf("%s has %d features", v.Ref, v.Count)
			}
		}
		t.Logf("%d of %d published", published, processes)
	})
}

// served is a running server and its address.
type served struct {
	cmd     *exec.Cmd
	address string
}

func serveWorkspace(t *testing.T, workspace string) served {
	t.Helper()
	cmd, out, stderr := start(t, "serve", "--workspace", workspace, "--address", "127.0.0.1:0", "--lang", "en")
	line, err := out.ReadString('\n')
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line)
	if err != nil || address == "" {
		t.Fatalf("the address is not told: %q, %v\n%s", line, err, stderr)
	}
	return served{cmd, address}
}

// upload sends a file to be imported as a red line and gives the status and the import's id and code.
func (s served) upload(t *testing.T, name string, content []byte, header ...string) (status int, id, code string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range [][2]string{{"layer", "redline"}, {"theme", "redline"}, {"vintage", "2024"}} {
		if err := w.WriteField(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	p, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = p.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ ID, Code string }
	status = s.ask(t, http.MethodPost, "/api/imports", &b, &doc, append(header, "Content-Type", w.FormDataContentType())...)
	return status, doc.ID, doc.Code
}

func (s served) ask(t *testing.T, method, path string, body io.Reader, into any, header ...string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.address+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return resp.StatusCode
}

type job struct {
	State, Ref string
	Problem    struct{ Code string }
}

// await waits until an import has come to one of the states.
func (s served) await(t *testing.T, id string, states ...string) job {
	t.Helper()
	var j job
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		s.ask(t, http.MethodGet, "/api/imports/"+id, nil, &j)
		for _, want := range states {
			if j.State == want {
				return j
			}
		}
	}
	t.Fatalf("the import stays %s", j.State)
	return j
}

// TestKilledServerFinishesItsImport kills a server in the middle of an import: the next one publishes it, once.
func TestKilledServerFinishesItsImport(t *testing.T) {
	t.Run("bad-input 95 kill -9 of the server", func(t *testing.T) {
		const rows = 30_000
		workspace := t.TempDir()
		raw, err := os.ReadFile(largeFile(t, rows))
		if err != nil {
			t.Fatal(err)
		}
		s := serveWorkspace(t, workspace)
		_, id, _ := s.upload(t, "large.geojson", raw)
		s.await(t, id, "running", "successful")
		time.Sleep(200 * time.Millisecond) // somewhere in the file
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		wantEnd(t, s.cmd, 10*time.Second)
		before := len(vintages(t, workspace))
		s = serveWorkspace(t, workspace)
		if j := s.await(t, id, "successful", "failed"); j.Ref != "redline@2024.1" {
			t.Errorf("the import ended as %+v", j)
		}
		got := vintages(t, workspace)
		if len(got) != 1 || got[0].Count != rows {
			t.Errorf("the workspace holds %+v", got)
		}
		if left := leftOver(t, filepath.Join(workspace, "uploads")); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
		t.Logf("%d vintages at the moment of death", before)
	})
}

// leftOver are the files in a folder. An upload is removed just after its import is told to have ended, so the folder is
// given a moment to become empty.
func leftOver(t *testing.T, folder string) []os.DirEntry {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		left, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 || time.Now().After(end) {
			return left
		}
	}
}

// peak is the most resident memory, in KiB, that a process has had (VmHWM of proc(5)).
func peak(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		t.Skipf("this system does not tell the memory of a process: %v", err)
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(raw)
	if found == nil {
		t.Skip("this system does not tell the most memory of a process")
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestBombsTakeNoMemory sends bombs to a server and looks at what they took from the machine.
func TestBombsTakeNoMemory(t *testing.T) {
	s := serveWorkspace(t, t.TempDir())
	_, id, _ := s.upload(t, "first.geojson", []byte("{}")) // so that what every import takes is not counted
	s.await(t, id, "failed")
	zeros := make([]byte, 256<<20)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(zeros); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := zipOf(t, "a.geojson", zeros)
	for _, tc := range []struct {
		name, file string
		content    []byte
		header     []string
		status     int
		code       string
	}{
		{"bad-input 11 zip bomb", "a.zip", bomb, nil, 202, "ingest.zip.ratio"},
		{"bad-input 14 zip bomb in a zip", "a.zip", zipOf(t, "b.zip", bomb), nil, 202, "ingest.zip.nested"},
		{"bad-input 7 gzip bomb as a file", "a.geojson", packed.Bytes(), nil, 202, "ingest.zip.foreign"},
		{
			"bad-input 7 gzip bomb as a body", "a.geojson", packed.Bytes(),
			[]string{"Content-Encoding", "gzip"},
			415,
			"api.request.encoding",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before, began := peak(t, s.cmd), time.Now()
			status, id, code := s.upload(t, tc.file, tc.content, tc.header...)
			if status == http.StatusAccepted {
				code = s.await(t, id, "failed", "successful").Problem.Code
			}
			took, grown := time.Since(began), peak(t, s.cmd)-before
			if status != tc.status || code != tc.code {
				t.Errorf("status %d, %s", status, code)
			}
			if took > 10*time.Second || grown > 64<<10 {
				t.Errorf("it took %s and %d KiB", took, grown)
			}
			t.Logf("%d KiB sent, %s, resident memory %d KiB, %d more than before", len(tc.content)>>10,
				took.Round(time.Millisecond), before+grown, grown)
		})
	}
}
