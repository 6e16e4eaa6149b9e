// Package job runs imports one after another, out of sight of the request that asked for them. It knows the queue –
// River, on the state file – and how an import ends; it refuses to know what importing is, which its Runner does.
//
// The state file's own list of imports is the truth, and the queue is derived from it: at every start the queue is
// filled anew with what is not finished, so that an import survives a restart and a crash.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"greenshield/api/state"
	"greenshield/geo"
)

// Outcome is what a runner made of an import. A Problem is final: the same file would be refused again.
type Outcome struct {
	Ref     string
	Report  []byte
	Problem []byte
}

// Runner does the work of one import.
type Runner interface {
	// Run imports m. It stops early when ctx ends, and then publishes nothing. It may be called again for an import
	// whose first run was cut off by the end of the process, even after that run had published.
	Run(ctx context.Context, m state.Import, progress func(done, total int64)) Outcome
	// Interrupted is the problem of an import that ended the process too often, as kept in the state.
	Interrupted(m state.Import) []byte
	// Finished is told after an import has ended in any way.
	Finished(ctx context.Context, m state.Import)
}

// Config is what a queue is made of.
type Config struct {
	State  *state.DB
	Runner Runner
	// Limit is the number of imports that may wait or run at the same time; zero means 100.
	Limit  int
	Now    func() time.Time
	Logger *slog.Logger
}

// maxAttempts is how often an import may take the process down with it before it is given up.
const maxAttempts = 3

// progressEvery is how often progress is written down; a file of millions of rows reports each of them.
const progressEvery = 500 * time.Millisecond

// errDismissed is the cause of a context that a person ended.
var errDismissed = errors.New("dismissed by a person")

// Queue runs imports. It is safe for concurrent use.
type Queue struct {
	Config
	client *river.Client[*sql.Tx]

	mu      sync.Mutex
	running map[string]*run // guarded by mu
}

// run is an import that is being worked on.
type run struct {
	cancel context.CancelCauseFunc
	ended  chan struct{}
}

// arguments are what the queue keeps about an import; all else is in the state.
type arguments struct {
	ID string `json:"id"`
}

// Kind names the job to the queue.
func (arguments) Kind() string { return "import" }

// New brings the queue's tables up to date; nothing runs before Start.
func New(ctx context.Context, c Config) (*Queue, error) {
	if c.Limit == 0 {
		c.Limit = 100
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	q := &Queue{Config: c, running: map[string]*run{}}
	// River is talkative; what it has to say is about its own insides.
	log := slog.New(quieter{c.Logger.Handler()})
	driver := riversqlite.New(c.State.SQL())
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("migrate the queue: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{queue: q})
	q.client, err = river.NewClient(driver, &river.Config{
		Logger: log, Workers: workers, MaxAttempts: 1, JobTimeout: -1,
		// One at a time: the store has one writer, and the memory of one import is what a server is sized for.
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}},
		// The state file has one connection and one owner, so there is no one else to listen to, to lead or to rescue.
		PollOnly: true, LeaderElectionDisabled: true,
		FetchPollInterval: 250 * time.Millisecond, FetchCooldown: 100 * time.Millisecond,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	return q, nil
}

// quieter passes warnings and errors on.
type quieter struct{ slog.Handler }

// Enabled reports whether a level is worth a line.
func (h quieter) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// Start fills the queue with what is not finished and begins to work.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.refill(ctx); err != nil {
		return fmt.Errorf("take up unfinished imports: %w", err)
	}
	return q.client.Start(context.WithoutCancel(ctx))
}

// Stop ends the work in hand; what was not finished is taken up again by the next Start.
func (q *Queue) Stop(ctx context.Context) error { return q.client.StopAndCancel(ctx) }

func (q *Queue) refill(ctx context.Context) error {
	open, err := q.State.UnfinishedImports(ctx)
	if err != nil {
		return err
	}
	if _, err := q.State.SQL().ExecContext(ctx, `DELETE FROM river_job`); err != nil {
		return err
	}
	for _, m := range open {
		if m.Attempts >= maxAttempts {
			q.finish(ctx, m, state.Failed, Outcome{Problem: q.Runner.Interrupted(m)})
			continue
		}
		inserted, err := q.client.Insert(ctx, arguments{ID: m.ID}, nil)
		if err != nil {
			return err
		}
		if _, err := q.State.SQL().ExecContext(ctx, dueAlways, inserted.Job.ID); err != nil {
			return err
		}
		if err := q.State.RequeueImport(ctx, m.ID, inserted.Job.ID); err != nil {
			return err
		}
	}
	return nil
}

// dueAlways makes an import of the queue due since 1970, so that the queue goes by its numbers alone. River would
// otherwise let it wait until the time at which it was accepted, which lies in the future when the clock has been put
// back since.
const dueAlways = `UPDATE river_job SET scheduled_at = '1970-01-01 00:00:00.000' WHERE id = ?`

// Submit accepts an import. It and its place in the queue are written in one transaction. A queue that is full
// refuses with the problem "job.queue.full".
func (q *Queue) Submit(ctx context.Context, m state.Import) error {
	tx, err := q.State.SQL().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	open, err := q.State.OpenImports(ctx, tx)
	if err != nil {
		return err
	}
	if open >= q.Limit {
		return geo.NewProblem("job.queue.full", "limit", q.Limit)
	}
	if err := q.State.AddImport(ctx, tx, m); err != nil {
		return err
	}
	inserted, err := q.client.InsertTx(ctx, tx, arguments{ID: m.ID}, nil)
	if err != nil {
		return fmt.Errorf("queue import %s: %w", m.ID, err)
	}
	if _, err := tx.ExecContext(ctx, dueAlways, inserted.Job.ID); err != nil {
		return err
	}
	if err := q.State.QueueImport(ctx, tx, m.ID, inserted.Job.ID); err != nil {
		return err
	}
	return tx.Commit()
}

// cancelTime is how long Cancel waits for an import that is being worked on to stop.
const cancelTime = 10 * time.Second

// Cancel dismisses an import and waits for its work to stop. An import that has finished is left as it is, problem
// "job.finished"; one that publishes in this very moment may still succeed.
func (q *Queue) Cancel(ctx context.Context, id string) error {
	m, err := q.State.Import(ctx, id)
	if err != nil {
		return err
	}
	if r := q.find(id); r != nil {
		r.cancel(errDismissed)
		wait, stop := context.WithTimeout(ctx, cancelTime)
		defer stop()
		select {
		case <-r.ended:
			return nil
		case <-wait.Done():
			return ctx.Err() // it will stop; whoever asks again sees it
		}
	}
	if !q.finish(ctx, m, state.Dismissed, Outcome{}) {
		return geo.NewProblem("job.finished", "id", id)
	}
	return nil
}

func (q *Queue) find(id string) *run {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running[id]
}

// finish writes an end down and is false when the import had ended before.
func (q *Queue) finish(ctx context.Context, m state.Import, end string, o Outcome) bool {
	m.State, m.Finished, m.Ref, m.Report, m.Problem = end, q.Now(), o.Ref, o.Report, o.Problem
	ok, err := q.State.FinishImport(ctx, m)
	if err != nil {
		q.Logger.ErrorContext(ctx, "import cannot be finished", "import", m.ID, "error", err.Error())
	}
	if !ok {
		return false
	}
	q.Logger.InfoContext(ctx, "import finished", "import", m.ID, "state", end, "ref", o.Ref,
		"took", m.Finished.Sub(m.Created))
	q.Runner.Finished(ctx, m)
	return true
}
