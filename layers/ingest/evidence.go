package ingest

import (
	"fmt"
	"sync"

	"greenshield/layers"
	"greenshield/layers/original"
)

// evidence hashes the delivered file while its rows are read, and keeps it as it came where the request says so.
type evidence struct {
	request Request
	wait    sync.WaitGroup
	sum     layers.Hash
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
}

// hash is the file's, once it is known.
func (e *evidence) hash() (layers.Hash, error) {
	e.wait.Wait()
	return e.sum, e.err
}

// keep puts the original where it is kept, once its hash is known.
func (e *evidence) keep() error {
	if e.request.Originals == nil {
		return nil
	}
	if _, err := e.request.Originals.Keep(e.request.Path, e.sum); err != nil {
		return fmt.Errorf("keep the original of %s: %w", fileName(e.request.Reading), err)
	}
	return nil
}
