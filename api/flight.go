package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"greenshield/geo"
)

// flight computes what several people ask for once, and keeps the last results: they depend on refs alone, and what
// a ref names never changes. It is safe for concurrent use.
type flight[T any] struct {
	room  int
	limit time.Duration
	// enter asks for a place among the heavy work and gives it back.
	enter func() (leave func(), err error)
	group singleflight.Group

	mu   sync.Mutex
	kept []kept[T] // used longest ago first; guarded by mu
}

type kept[T any] struct {
	key   string
	value T
}

// get gives the result of a key. The work does not end with the request that began it, because others may wait for
// it too; it ends with its own limit.
func (f *flight[T]) get(ctx context.Context, key string, compute func(context.Context) (T, error)) (T, error) {
	if v, ok := f.known(key); ok {
		return v, nil
	}
	var none T
	result := f.group.DoChan(key, func() (any, error) {
		leave, err := f.enter()
		if err != nil {
			return none, err
		}
		defer leave()
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.limit)
		defer cancel()
		v, err := guarded(work, compute)
		if err == nil {
			f.keep(key, v)
		}
		return v, err
	})
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(T), nil
	}
}

// guarded turns a panic into an error: on its own goroutine it would end the process.
func guarded[T any](ctx context.Context, compute func(context.Context) (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError{value: p, stack: stackOf()}
		}
	}()
	return compute(ctx)
}

func (f *flight[T]) known(key string) (T, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, k := range f.kept {
		if k.key == key {
			f.kept = append(slices.Delete(f.kept, i, i+1), k)
			return k.value, true
		}
	}
	var none T
	return none, false
}

func (f *flight[T]) keep(key string, v T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.kept) >= f.room {
		f.kept = slices.Delete(f.kept, 0, len(f.kept)-f.room+1)
	}
	f.kept = append(f.kept, kept[T]{key, v})
}

// enter gives a place among the heavy work, problem "api.busy" when there is none.
func (s *Server) enter() (leave func(), err error) {
	if !s.heavy.TryAcquire(1) {
		return nil, geo.NewProblem("api.busy")
	}
	return func() { s.heavy.Release(1) }, nil
}
