//go:build !race

package geojson_test

// raced says that the race detector is on.
const raced = false
