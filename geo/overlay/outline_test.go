package overlay_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// grid is one unit of the outline engine's grid; tests on tiny grids use it as their metre.
const grid = overlay.Grid

// scribble is a ring of n random corners on a grid of the given size: it crosses itself almost everywhere.
func scribble(r *rand.Rand, n, size int) orb.Ring {
	var ring orb.Ring
	for range n {
		ring = append(ring, orb.Point{float64(r.IntN(size)) * grid, float64(r.IntN(size)) * grid})
	}
	return append(ring, ring[0])
}

// units is twice the area of mp in grid units, exact for the small coordinates of these tests.
func units(mp orb.MultiPolygon) int64 {
	sum := int64(0)
	for _, p := range mp {
		for _, ring := range p {
			for i := 1; i < len(ring); i++ {
				x0, y0 := unit(ring[i-1][0]), unit(ring[i-1][1])
				x1, y1 := unit(ring[i][0]), unit(ring[i][1])
				sum += x0*y1 - x1*y0
			}
		}
	}
	return sum
}

func unit(v float64) int64 {
	if v < 0 {
		return -unit(-v)
	}
	return int64(v/grid + 0.5)
}

func must(t *testing.T, a, b orb.MultiPolygon, op overlay.Op) orb.MultiPolygon {
	t.Helper()
	out, err := overlay.Outline(a, b, op)
	if err != nil {
		t.Fatalf("op %d: %v\na = %v\nb = %v", op, err, a, b)
	}
	return out
}

// toSimple is mp in grid units, so that the other engine sees small integers.
func toSimple(mp orb.MultiPolygon) geom.MultiPolygon {
	polygons := make([]geom.Polygon, 0, len(mp))
	for _, p := range mp {
		rings := make([]geom.LineString, 0, len(p))
		for _, r := range p {
			flat := make([]float64, 0, 2*len(r))
			for _, v := range r {
				flat = append(flat, float64(unit(v[0])), float64(unit(v[1])))
			}
			rings = append(rings, geom.NewLineString(geom.NewSequence(flat, geom.DimXY)))
		}
		polygons = append(polygons, geom.NewPolygon(rings))
	}
	return geom.NewMultiPolygon(polygons)
}

func checkValid(t *testing.T, mp orb.MultiPolygon) {
	t.Helper()
	for _, p := range mp {
		for i, r := range p {
			if ccw := r.Orientation() == orb.CCW; ccw != (i == 0) {
				t.Fatalf("ring %d runs the wrong way: %v", i, p)
			}
		}
	}
	if err := toSimple(mp).Validate(); err != nil {
		t.Fatalf("outline is invalid: %v: %v", err, mp)
	}
}

// On random rings the area identities must hold to the last grid unit: noding twice gives the same edges.
func TestOutlineIdentitiesOnScribbles(t *testing.T) {
	for _, c := range []struct{ corners, size, cases int }{
		{4, 4, 600}, {6, 6, 600}, {12, 10, 300}, {40, 30, 40}, {12, 1000, 200}, {30, 1000000, 60}, {300, 200, 1},
	} {
		t.Run(fmt.Sprintf("%d corners on a grid of %d", c.corners, c.size), func(t *testing.T) {
			r := rand.New(rand.NewPCG(2, uint64(c.size)))
			for range c.cases {
				a := orb.MultiPolygon{{scribble(r, c.corners, c.size)}}
				b := orb.MultiPolygon{{scribble(r, c.corners, c.size)}}
				checkIdentities(t, a, b)
				if t.Failed() {
					t.Fatalf("a = %v\nb = %v", a, b)
				}
			}
		})
	}
}

func checkIdentities(t *testing.T, a, b orb.MultiPolygon) {
	t.Helper()
	i, u := must(t, a, b, overlay.Intersection), must(t, a, b, overlay.Union)
	d, e := must(t, a, b, overlay.Difference), must(t, b, a, overlay.Difference)
	x := must(t, a, b, overlay.SymmetricDifference)
	for _, mp := range []orb.MultiPolygon{i, u, d, e, x} {
		checkValid(t, mp)
	}
	if units(u) != units(i)+units(d)+units(e) {
		t.Errorf("union %d ≠ %d + %d + %d", units(u), units(i), units(d), units(e))
	}
	if units(x) != units(u)-units(i) {
		t.Errorf("symmetric difference %d ≠ %d − %d", units(x), units(u), units(i))
	}
}
