package formattest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
)

// told is everything that reading a delivery says: the rows that came without a problem, and the codes of the error,
// of rows and of notes.
type told struct {
	rows  []format.Record
	codes []string
	err   error
}

func (o told) has(code string) bool {
	for _, c := range o.codes {
		if c == code {
			return true
		}
	}
	return false
}

func (r Reader) tell(t *testing.T, path string, l format.Limits) (out told) {
	d, err := r.Open(t.Context(), path, l)
	if err != nil {
		return told{codes: []string{geo.CodeOf(err)}, err: err}
	}
	defer func() { out.err = errors.Join(out.err, d.Close()) }()
	for rec, err := range d.Records(t.Context()) {
		if err != nil {
			out.err = err
			out.codes = append(out.codes, geo.CodeOf(err))
			break
		}
		if rec.Problem != nil {
			out.codes = append(out.codes, rec.Problem.Code)
			continue
		}
		out.rows = append(out.rows, rec)
	}
	for _, p := range d.Schema().Notes {
		out.codes = append(out.codes, p.Code)
	}
	return out
}

func (r Reader) limited(t *testing.T, tight, loose format.Limits, code string) {
	t.Helper()
	path := r.Make(t, t.TempDir(), few)
	if out := r.tell(t, path, tight); !out.has(code) || len(out.rows) == few {
		t.Errorf("beyond the limit: %d rows, %v, %v, want %s", len(out.rows), out.codes, out.err, code)
	}
	if out := r.tell(t, path, loose); out.err != nil || len(out.rows) != few {
		t.Errorf("at the limit: %d rows, %v, %v", len(out.rows), out.codes, out.err)
	}
}

func limitedRecords(t *testing.T, r Reader) {
	r.limited(t, format.Limits{MaxRecords: few - 1}, format.Limits{MaxRecords: few}, r.Records)
}

// A square has four vertices, five where the first comes again, and some readers count its one ring and part too. A
// reader that holds the file counts those of all rows.
func limitedVertices(t *testing.T, r Reader) {
	enough := int64(7)
	if r.Held {
		enough *= few
	}
	r.limited(t, format.Limits{MaxVertices: 3}, format.Limits{MaxVertices: enough}, r.Vertices)
}

func limitedText(t *testing.T, r Reader) {
	r.limited(t, format.Limits{MaxText: len(Text(0)) - 1}, format.Limits{MaxText: 256}, r.Text)
}

// cutAtEveryByte cuts each file at every byte, of large ones at a few hundred. What comes out is an error with a code,
// a row with a problem, a note that the whole file has not, or all of the rows.
func cutAtEveryByte(t *testing.T, r Reader) {
	const cuts = 600
	dir := t.TempDir()
	path := r.Make(t, dir, few)
	whole := r.tell(t, path, format.Limits{})
	files := r.Cut
	if files == nil {
		files = []string{filepath.Base(path)}
	}
	open := descriptors()
	for _, name := range files {
		name = find(t, dir, name)
		bytes, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		step := max(1, len(bytes)/cuts)
		for n := 0; n < len(bytes); n += step {
			if err := os.WriteFile(name, bytes[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			out := r.tell(t, path, format.Limits{})
			if fault := r.silent(whole, out, bytes, n); fault != "" {
				t.Errorf("%s cut to %d of %d bytes: %s", filepath.Base(name), n, len(bytes), fault)
			}
		}
		if err := os.WriteFile(name, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if left := descriptors(); left > open {
		t.Errorf("%d files are open, %d were before", left, open)
	}
}

// silent is what is wrong with the outcome of a file that was cut to n bytes, "" when it says enough.
func (r Reader) silent(whole, out told, file []byte, n int) string {
	if out.err != nil {
		if !strings.HasPrefix(out.codes[0], "ingest.") {
			return "an error without a code: " + out.err.Error()
		}
		return ""
	}
	if len(out.codes) != len(whole.codes) || reflect.DeepEqual(whole.rows, out.rows) {
		return ""
	}
	if r.Silent != nil && r.Silent(file, file[:n]) {
		return ""
	}
	return fmt.Sprintf("%d rows came and nothing was said, %v", len(out.rows), out.codes)
}

// find is the file of that base name below dir.
func find(t *testing.T, dir, base string) string {
	t.Helper()
	found := ""
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Base(name) == base {
			found = name
		}
		return err
	})
	if err != nil || found == "" {
		t.Fatalf("no file %s: %v", base, err)
	}
	return found
}

// descriptors counts the open files of this process, 0 where the system does not tell.
func descriptors() int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(all)
}

// memory holds that what lives while a delivery is read stays below a few MB, however many rows have come.
func memory(t *testing.T, r Reader) {
	if r.Held {
		t.Skip("the rows are held in memory, within the limits")
	}
	const most, every = 6 << 20, many / 8
	path := r.Make(t, t.TempDir(), many)
	before := living()
	d := r.open(t, path, format.Limits{})
	rows, peak := 0, uint64(0)
	for rec, err := range d.Records(t.Context()) {
		if err != nil || rec.Problem != nil {
			t.Fatal(rec.Row, err, rec.Problem)
		}
		if rows++; rows%every == 0 {
			peak = max(peak, living())
		}
	}
	if rows != many {
		t.Errorf("%d rows of %d", rows, many)
	}
	if peak > before+most {
		t.Errorf("%d kB lived on the way, %d before; at most %d more are allowed", peak>>10, before>>10, most>>10)
	}
}

// living is the size in bytes of what is reachable.
func living() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
