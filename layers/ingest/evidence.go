package ingest

import (
	"fmt"
	"sync"

	"greenshield/layers"
	"greenshield/layers/original"
)

// evidence hashes the delivered file, and keeps it as it came where the request says so, while its rows are read: both
// need the disk and not the processors.
type evidence struct {
	request Request
	wait    sync.WaitGroup
	sum     layers.Hash
	made    bool // this import has put the original where it is kept
	err     error
}

func gather(req Request) *evidence {
	e := &evidence{request: req, sum: req.SHA256}
	e.wait.Go(e.run)
	return e
}

func (e *evidence) run() {
	if e.sum == (layers.Hash{}) {
		if e.sum, e.err = original.Sum(e.request.Path); e.err != nil {
			e.err = fmt.Errorf("hash %s: %w", fileName(e.request.Reading), e.err)
			return
		}
	}
	if e.request.Originals == nil || e.request.DryRun {
		return
	}
	if e.made, e.err = e.request.Originals.Keep(e.request.Path, e.sum); e.err != nil {
		e.err = fmt.Errorf("keep the original of %s: %w", fileName(e.request.Reading), e.err)
	}
}

// hash is the file's, once it is known, and the file is kept.
func (e *evidence) hash() (layers.Hash, error) {
	e.wait.Wait()
	return e.sum, e.err
}

// discard lets go of an original that this import has kept for nothing.
func (e *evidence) discard() error {
	e.wait.Wait()
	if !e.made {
		return nil
	}
	return e.request.Originals.Drop(e.sum)
}
