package job_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"greenshield/api/job"
	"greenshield/api/state"
	"greenshield/geo"
)

// TestTenThousandJobs asks for ten thousand imports: a hundred wait, and the others leave nothing, in memory or in the
// state.
func TestTenThousandJobs(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "state.db"))
	r := &runner{run: untilStopped(make(chan string, 1))}
	q := newQueue(t, d, r)
	t.Run("bad-input 97 ten thousand jobs", func(t *testing.T) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		refused := 0
		for i := range 10_000 {
			err := q.Submit(t.Context(), state.Import{ID: fmt.Sprint(i), Created: time.Now(), Request: []byte("{}")})
			switch {
			case geo.CodeOf(err) == "job.queue.full":
				refused++
			case err != nil:
				t.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
		counts, err := d.CountImports(t.Context())
		if err != nil || refused != 9_900 || counts[state.Accepted] != 100 {
			t.Errorf("%d were refused, %v, %v", refused, counts, err)
		}
		if grown > 8<<20 {
			t.Errorf("the heap grew by %d bytes", grown)
		}
	})
}

// TestClockPutBackBetweenJobs accepts an import, puts the clock back an hour, and accepts another: they run in the order
// in which they came, at once, and also after a restart.
func TestClockPutBackBetweenJobs(t *testing.T) {
	for name, restart := range map[string]bool{"at once": false, "after a restart": true} {
		t.Run("bad-input 96 "+name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			d := open(t, path)
			order := make(chan string, 2)
			r := &runner{run: func(_ context.Context, m state.Import, _ func(done, total int64)) job.Outcome {
				order <- m.ID
				return job.Outcome{Ref: "redline@2023.1"}
			}}
			q := newQueue(t, d, r)
			now := time.Now()
			for i, id := range []string{"first", "second"} {
				m := state.Import{ID: id, Created: now.Add(-time.Duration(i) * time.Hour), Request: []byte("{}")}
				if err := q.Submit(t.Context(), m); err != nil {
					t.Fatal(err)
				}
			}
			// The queue's own clock is the machine's, which a test cannot put back; what it notes must not matter.
			var future int
			if err := d.SQL().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job
				WHERE scheduled_at > '1970-01-02'`).Scan(&future); err != nil || future != 0 {
				t.Errorf("%d imports wait for a time, %v", future, err)
			}
			if restart {
				d.Close()
				d = open(t, path)
				q = newQueue(t, d, r)
			}
			if err := q.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			await(t, d, "second", state.Successful)
			if a, b := <-order, <-order; a != "first" || b != "second" {
				t.Errorf("%s ran before %s", a, b)
			}
			if list, err := d.Imports(t.Context(), 10); err != nil || list[0].ID != "second" {
				t.Errorf("the newest is %+v, %v", list, err)
			}
			if err := q.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

func newQueue(t *testing.T, d *state.DB, r *runner) *job.Queue {
	t.Helper()
	q, err := job.New(t.Context(), job.Config{
		State: d, Runner: r, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return q
}
