package ingest

import (
	"context"
	"fmt"
	"sync"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/original"
)

// evidence hashes the delivered file while its rows are read, and copies it in the same go where it is to be kept.
type evidence struct {
	request Request
	wait    sync.WaitGroup
	sum     layers.Hash
	copied  *original.Copy
	err     error
}

func gather(ctx context.Context, req Request) *evidence {
	e := &evidence{request: req, sum: req.SHA256}
	e.wait.Go(func() {
		if err := e.run(ctx); err != nil {
			e.err = fmt.Errorf("hash and keep %s: %w", fileName(req.Reading), err)
		}
	})
	return e
}

func (e *evidence) run(ctx context.Context) (err error) {
	known := e.sum != (layers.Hash{})
	switch {
	case e.request.Originals != nil && !e.request.DryRun:
		if e.copied, err = e.request.Originals.Copy(ctx, e.request.Path); err != nil {
			return err
		}
		if known && e.sum != e.copied.Sum {
			return geo.NewProblem("ingest.file.not-as-received", "file", fileName(e.request.Reading), "received", e.sum, "now", e.copied.Sum)
		}
		e.sum = e.copied.Sum
	case !known:
		e.sum, err = original.Sum(ctx, e.request.Path)
	}
	return err
}

// hash is the file's, once it is known.
func (e *evidence) hash() (layers.Hash, error) {
	e.wait.Wait()
	return e.sum, e.err
}

// keep makes what was copied an original, once its hash is known.
func (e *evidence) keep() error {
	e.wait.Wait()
	if e.err != nil || e.copied == nil {
		return e.err
	}
	if _, err := e.copied.Keep(); err != nil {
		return fmt.Errorf("keep the original of %s: %w", fileName(e.request.Reading), err)
	}
	return nil
}

// close gives up what was not kept. A copy that cannot be removed now is swept by a later one, and says nothing of the
// vintage.
func (e *evidence) close() {
	e.wait.Wait()
	if e.copied != nil {
		_ = e.copied.Discard()
	}
}
