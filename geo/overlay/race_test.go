//go:build race

package overlay_test

// raced says that the race detector watches: what is ten times slower then, and runs in one goroutine, is thinned out.
const raced = true
