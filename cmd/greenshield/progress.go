package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bar shows how far long work has come: a moving bar on a terminal, a line every few seconds elsewhere.
type bar struct {
	name   string
	out    io.Writer
	pool   *mpb.Progress
	moving *mpb.Bar
	told   time.Time
}

// tellEvery is how often a line is written where there is no terminal.
const tellEvery = 3 * time.Second

// newBar makes a bar that writes to the session's error stream; quiet makes it silent.
func (s *session) newBar(name string, quiet bool) *bar {
	b := &bar{name: name, out: s.stderr, told: time.Now()}
	if quiet {
		b.out = io.Discard
		return b
	}
	if f, ok := s.stderr.(*os.File); ok && isTerminal(f) {
		b.pool = mpb.New(mpb.WithOutput(f), mpb.WithWidth(48))
		b.moving = b.pool.AddBar(0,
			mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR), decor.CountersNoUnit(" %d/%d")),
			mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO)))
	}
	return b
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// tell takes the work done and the work expected, -1 when that is unknown.
func (b *bar) tell(done, total int64) {
	if b.moving != nil {
		b.moving.SetTotal(max(total, done), false)
		b.moving.SetCurrent(done)
		return
	}
	if total <= 0 {
		return
	}
	if time.Since(b.told) > tellEvery {
		b.told = time.Now()
		fmt.Fprintf(b.out, "%s %d/%d (%d %%)\n", b.name, done, total, done*100/total)
	}
}

// done closes the bar, complete or not.
func (b *bar) done() {
	if b.moving == nil {
		return
	}
	if !b.moving.Completed() {
		b.moving.Abort(false)
	}
	b.pool.Wait()
}
