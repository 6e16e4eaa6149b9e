package overlay_test

import (
	"math"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

func box(x0, y0, x1, y1 float64) orb.Polygon {
	return orb.Polygon{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}
}

func TestAreaSimple(t *testing.T) {
	a := orb.MultiPolygon{box(0, 0, 10, 10)}
	b := orb.MultiPolygon{box(5, 5, 15, 15)}
	if got := overlay.Area(a, b); math.Abs(float64(got)-25) > 1e-9 {
		t.Fatal(got)
	}
	if got := overlay.Prepare(a).Overlap(b, nil); math.Abs(float64(got)-25) > 1e-9 {
		t.Fatal(got)
	}
}
