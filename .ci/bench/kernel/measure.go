package main

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// result prints one line of results.
func result(key string, figure, total float64) {
	fmt.Printf("%s\t%.9g\t%.15g\n", key, figure, total)
}

// least is the shortest of n runs of work, in seconds, and the total area that the last one gave. The heap is swept
// before each, so that none pays for the garbage of another.
func least(n int, work func() float64) (seconds, total float64) {
	for i := range n {
		runtime.GC()
		start := time.Now()
		total = work()
		took := time.Since(start).Seconds()
		if i == 0 || took < seconds {
			seconds = took
		}
	}
	return seconds, total
}

// onCores runs measure with so many processors for the whole program, its garbage collector included.
func onCores(n int, measure func()) {
	before := runtime.GOMAXPROCS(n)
	defer runtime.GOMAXPROCS(before)
	measure()
}

// quantile is the q-th part of times, which it sorts.
func quantile(times []float64, q float64) float64 {
	slices.Sort(times)
	return times[min(int(q*float64(len(times))), len(times)-1)]
}

// spread gives the numbers 0…n−1 to workers in blocks, and waits for all. Each worker knows its own number.
func spread(n, workers int, block func(worker, from, to int)) {
	const size = 64
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for {
				from := int(next.Add(size)) - size
				if from >= n {
					return
				}
				block(w, from, min(from+size, n))
			}
		})
	}
	wait.Wait()
}
