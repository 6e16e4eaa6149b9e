//go:build race

package geojson_test

// raced says that the race detector is on, under which reading takes ten times as long.
const raced = true
