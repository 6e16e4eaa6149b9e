package index_test

import (
	"testing"

	"greenshield/geo/index"

	"github.com/paulmach/orb"
)

func TestRaster(t *testing.T) {
	r := index.NewRaster[bool](bound(0, 0, 10, 20), 10)
	mark := func(c *bool) bool {
		*c = true
		return true
	}
	seen := func(b orb.Bound) bool { return !r.Each(b, func(c *bool) bool { return !*c }) }
	r.Each(bound(2.5, 4.5, 3.5, 4.6), mark) // cells 2 and 3 of row 2
	for _, c := range []struct {
		b    orb.Bound
		want bool
	}{
		{bound(2, 4, 2, 4), true},
		{bound(3.9, 5.9, 3.9, 5.9), true},
		{bound(0, 0, 1.9, 20), false},
		{bound(4.1, 0, 10, 20), false},
		{bound(-5, -5, 50, 50), true},
		{bound(2.2, 6.1, 3.2, 20), false},
	} {
		if got := seen(c.b); got != c.want {
			t.Errorf("%v: %v", c.b, got)
		}
	}
	if m := r.Middle(23); m != (orb.Point{3.5, 5}) {
		t.Errorf("middle of the cell 3 in row 2: %v", m)
	}
	flat := index.NewRaster[bool](bound(1, 1, 1, 1), 4) // no width: everything is in one cell
	flat.Each(bound(1, 1, 1, 1), mark)
	if flat.Each(bound(0, 0, 1, 1), func(c *bool) bool { return !*c }) {
		t.Error("a raster without width has lost its cell")
	}
}
