package job_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"greenshield/api/job"
	"greenshield/api/state"
	"greenshield/geo"
)

// patience is how long a test waits for something that should take milliseconds.
const patience = 20 * time.Second

// runner does what each test tells it to do.
type runner struct {
	run func(ctx context.Context, m state.Import, progress func(done, total int64)) job.Outcome

	mu       sync.Mutex
	finished []string // guarded by mu
}

func (r *runner) Run(ctx context.Context, m state.Import, p func(done, total int64)) job.Outcome {
	return r.run(ctx, m, p)
}
func (r *runner) Interrupted(state.Import) []byte { return []byte("interrupted") }
func (r *runner) Finished(_ context.Context, m state.Import) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = append(r.finished, m.ID+" "+m.State)
}

func open(t *testing.T, path string) *state.DB {
	t.Helper()
	d, err := state.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func start(t *testing.T, d *state.DB, r *runner) *job.Queue {
	t.Helper()
	q, err := job.New(t.Context(), job.Config{
		State: d, Runner: r, Limit: 2, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Stop(context.Background()) })
	return q
}

func submit(t *testing.T, q *job.Queue, id string) {
	t.Helper()
	if err := q.Submit(t.Context(), state.Import{ID: id, Created: time.Now(), Request: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
}

func await(t *testing.T, d *state.DB, id, want string) state.Import {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		m, err := d.Import(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if m.State == want {
			return m
		}
	}
	t.Fatalf("import %s never became %s", id, want)
	return state.Import{}
}

func TestOutcomes(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "state.db"))
	r := &runner{run: func(_ context.Context, m state.Import, p func(done, total int64)) job.Outcome {
		p(1, 2)
		p(2, 2)
		if m.ID == "bad" {
			return job.Outcome{Problem: []byte("p"), Report: []byte("r")}
		}
		return job.Outcome{Ref: "redline@2023.1", Report: []byte("r")}
	}}
	q := start(t, d, r)
	submit(t, q, "good")
	submit(t, q, "bad")
	good, bad := await(t, d, "good", state.Successful), await(t, d, "bad", state.Failed)
	if good.Ref != "redline@2023.1" || good.Done != 2 || good.Total != 2 || good.Finished.IsZero() {
		t.Errorf("good: %+v", good)
	}
	if string(bad.Problem) != "p" || bad.Attempts != 1 {
		t.Errorf("bad: %+v; a refused file is not tried again", bad)
	}
	if err := q.Cancel(t.Context(), "good"); geo.CodeOf(err) != "job.finished" {
		t.Errorf("cancelling a finished import: %v", err)
	}
	if err := q.Cancel(t.Context(), "none"); geo.CodeOf(err) != "job.unknown" {
		t.Errorf("cancelling an unknown import: %v", err)
	}
}

// untilStopped waits like a long import that looks at its context.
func untilStopped(running chan<- string) func(context.Context, state.Import, func(int64, int64)) job.Outcome {
	return func(ctx context.Context, m state.Import, _ func(int64, int64)) job.Outcome {
		running <- m.ID
		<-ctx.Done()
		return job.Outcome{Problem: []byte("cut off")}
	}
}

func TestCancelAndFullQueue(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "state.db"))
	running := make(chan string, 1)
	r := &runner{run: untilStopped(running)}
	q := start(t, d, r)
	submit(t, q, "first")
	<-running
	submit(t, q, "second")
	err := q.Submit(t.Context(), state.Import{ID: "third", Created: time.Now(), Request: []byte("{}")})
	if geo.CodeOf(err) != "job.queue.full" {
		t.Errorf("third of two: %v", err)
	}
	for _, id := range []string{"second", "first"} { // one that waits, one that runs
		if err := q.Cancel(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if m := await(t, d, id, state.Dismissed); m.Problem != nil || m.Ref != "" {
			t.Errorf("%s: %+v", id, m)
		}
	}
	if len(running) != 0 {
		t.Error("a dismissed import ran")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.finished) != 2 {
		t.Errorf("told of %v", r.finished)
	}
}

func TestStoppedImportRunsAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	d := open(t, path)
	running := make(chan string, 1)
	q := start(t, d, &runner{run: untilStopped(running)})
	submit(t, q, "a")
	<-running
	if err := q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m, err := d.Import(t.Context(), "a"); err != nil || m.State != state.Accepted || m.Attempts != 0 {
		t.Errorf("after an orderly stop: %+v, %v", m, err)
	}
	d.Close()
	d = open(t, path)
	start(t, d, &runner{run: func(context.Context, state.Import, func(int64, int64)) job.Outcome {
		return job.Outcome{Ref: "redline@2023.1"}
	}})
	await(t, d, "a", state.Successful)
}

// TestCrashedImportRunsAgain leaves the file as a killed process does: the import marked as running, in the state
// and in the queue.
func TestCrashedImportRunsAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		crashes int
		want    string
	}{
		"once":      {1, state.Successful},
		"too often": {3, state.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			d := open(t, path)
			running := make(chan string, 1)
			q := start(t, d, &runner{run: untilStopped(running)})
			submit(t, q, "a")
			<-running
			q.Stop(t.Context())
			for range tc.crashes {
				if _, err := d.StartImport(t.Context(), "a", time.Now()); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := d.SQL().ExecContext(t.Context(),
				`UPDATE river_job SET state = 'running', finalized_at = NULL`); err != nil {
				t.Fatal(err)
			}
			d.Close()
			d = open(t, path)
			start(t, d, &runner{run: func(context.Context, state.Import, func(int64, int64)) job.Outcome {
				return job.Outcome{Ref: "redline@2023.1"}
			}})
			await(t, d, "a", tc.want)
		})
	}
}
