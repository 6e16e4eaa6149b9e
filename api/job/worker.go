package job

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"greenshield/api/state"
)

// worker is what River calls.
type worker struct {
	river.WorkerDefaults[arguments]
	queue *Queue
}

// Work runs one import. It returns an error only when the process is about to end: everything else is an outcome,
// and is written into the state, not into the queue.
func (w *worker) Work(ctx context.Context, j *river.Job[arguments]) error {
	q, id := w.queue, j.Args.ID
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run{cancel: cancel, ended: make(chan struct{})}
	// Who cancels must find the run before it is marked as running, or after it has ended: never in between.
	q.mu.Lock()
	q.running[id] = r
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		delete(q.running, id)
		q.mu.Unlock()
		close(r.ended)
	}()
	started, err := q.State.StartImport(ctx, id, q.Now())
	if err != nil || !started {
		return err
	}
	m, err := q.State.Import(ctx, id)
	if err != nil {
		return err
	}
	return q.work(ctx, m)
}

func (q *Queue) work(ctx context.Context, m state.Import) error {
	outcome := q.Runner.Run(ctx, m, q.progress(ctx, m.ID))
	end := context.WithoutCancel(ctx)
	switch {
	case outcome.Ref != "":
		q.finish(end, m, state.Successful, outcome)
	case errors.Is(context.Cause(ctx), errDismissed):
		q.finish(end, m, state.Dismissed, Outcome{})
	case ctx.Err() != nil:
		if err := q.State.PauseImport(end, m.ID); err != nil {
			return err
		}
		return ctx.Err()
	default:
		q.finish(end, m, state.Failed, outcome)
	}
	return nil
}

// progress writes the first report, the last and some between.
func (q *Queue) progress(ctx context.Context, id string) func(done, total int64) {
	var last time.Time
	return func(done, total int64) {
		now := time.Now()
		if now.Sub(last) < progressEvery && done != total {
			return
		}
		last = now
		if err := q.State.Progress(ctx, id, done, total); err != nil && ctx.Err() == nil {
			q.Logger.WarnContext(ctx, "progress cannot be written", "import", id, "error", err.Error())
		}
	}
}
