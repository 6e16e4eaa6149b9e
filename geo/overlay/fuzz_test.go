package overlay_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"greenshield/geo"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// mostFuzzed is the number of points of one region that a fuzzed input may have; the judge is slow.
const mostFuzzed = 60

// Marks among the bytes of a fuzzed region that begin something new; every other byte is half a point.
const (
	newPart byte = 255 - iota
	newRing
)

// fuzzed makes a region of bytes: points on a lattice, rings and parts where a mark says so. step is the distance
// between places in metres, size their number along a side.
func fuzzed(data []byte, size int, step float64) orb.MultiPolygon {
	var mp orb.MultiPolygon
	p, ring := orb.Polygon{}, orb.Ring{}
	endRing := func() {
		if len(ring) > 0 {
			p = append(p, append(ring, ring[0]))
		}
		ring = nil
	}
	endPart := func() {
		endRing()
		if len(p) > 0 {
			mp = append(mp, p)
		}
		p = nil
	}
	points := 0
	for i := 0; i < len(data) && points < mostFuzzed; i++ {
		switch {
		case data[i] == newPart:
			endPart()
		case data[i] == newRing:
			endRing()
		case i+1 < len(data):
			ring = append(ring, orb.Point{float64(int(data[i])%size) * step, float64(int(data[i+1])%size) * step})
			points++
			i++
		}
	}
	endPart()
	return mp
}

// framed is mp with a part at each of two corners, so that whatever is framed has the same bound.
func framed(mp orb.MultiPolygon, size int, step float64) orb.MultiPolygon {
	near, far := -3*step, float64(size+2)*step
	return append(mp.Clone(), box(near, near, near+step, near+step), box(far-step, far-step, far, far))
}

// seeds are pairs of regions that once were hard somewhere: nothing, one point, shared edges, bow-ties, combs.
var seeds = [][2][]byte{
	{nil, nil},
	{{0, 0, 7, 0, 7, 7, 0, 7}, {0, 0, 7, 0, 7, 7, 0, 7}},
	{{0, 0, 7, 0, 7, 7, 0, 7}, {7, 0, 9, 0, 9, 7, 7, 7}},
	{{0, 0, 7, 7, 7, 0, 0, 7}, {0, 3, 7, 4, 7, 3, 0, 4}},
	{
		{0, 0, 7, 0, 7, 7, 0, 7, newRing, 1, 1, 1, 6, 6, 6, 6, 1},
		{1, 1, 6, 1, 6, 6, 1, 6, newPart, 7, 7, 7, 7, 7, 7},
	},
	{{0, 0, 50, 1, 0, 2, 50, 3, 0, 4, 50, 5, 0, 6}, {0, 0, 1, 50, 2, 0, 3, 50, 4, 0, 5, 50, 6, 0}},
	{{0, 0, 50, 7, 3, 44, newPart, 50, 50, 0, 41, 12, 3}, {50, 7, 0, 0, 44, 3, newRing, 1, 2, 3, 4, 5, 7}},
}

// FuzzOverlayIdentities: on tiny grids, whatever the rings, outlines are valid, U = I + D + D′ and X = U − I hold to
// the last unit, and I, U and X do not depend on the order of the operands.
func FuzzOverlayIdentities(f *testing.F) {
	for _, s := range seeds {
		f.Add(s[0], s[1], false)
		f.Add(s[0], s[1], true)
	}
	f.Fuzz(func(t *testing.T, first, second []byte, fine bool) {
		size := 8
		if fine {
			size = 51
		}
		a := framed(fuzzed(first, size, grid), size, grid)
		b := framed(fuzzed(second, size, grid), size, grid)
		o := checkExact(t, a, b)
		for op, want := range map[overlay.Op]orb.MultiPolygon{
			overlay.Intersection: o.i, overlay.Union: o.u, overlay.SymmetricDifference: o.x,
		} {
			if got := must(t, b, a, op); !got.Equal(want) {
				t.Errorf("op %d is not symmetric: %v and %v", op, want, got)
			}
		}
	})
}

// FuzzOverlayAreas: at a step of a metre outlines have the area that slabs have, by both fill rules, and the area
// engine finds it in what Clean makes of the rings.
func FuzzOverlayAreas(f *testing.F) {
	for _, s := range seeds {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		a, b := fuzzed(first, 51, 1), fuzzed(second, 51, 1)
		if balanced(a) || balanced(b) {
			return // no direction to go by: TestBalancedRings
		}
		for _, fill := range []overlay.Fill{overlay.NonZero, overlay.EvenOdd} {
			if err := checkPair(t, a, b, fill); err != nil {
				t.Errorf("fill %d: %v\n%v\n%v", fill, err, a, b)
			}
		}
	})
}

// FuzzOverlayFloats: no eight bytes that somebody calls a coordinate make an engine fail in any other way than by
// the error that says so; then an area is NaN, and otherwise a number.
func FuzzOverlayFloats(f *testing.F) {
	for _, values := range [][]float64{
		{0, 0, 10, 0, 10, 10, 5, -5, 8, 8, 0, 9},
		{math.NaN(), 0, 1, 1, math.Inf(1), 2, 0, 0, 3, 3, 3, 0},
		{1e8, 1e8, -1e8, 1e8, -1e8, -1e8, 1e-310, 5e-324, 1e308, 3, 4, 5},
		{0, 1e-5, 1e7, 1.00001e-5, 1e7, 0.99999e-5, 0, 0, 1e7, 1e-4, 5e6, 5e-5},
	} {
		var data []byte
		for _, v := range values {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var rings [2]orb.Ring
		for i := 0; i+16 <= len(data) && i < 16*mostFuzzed; i += 16 {
			x, y := binary.LittleEndian.Uint64(data[i:]), binary.LittleEndian.Uint64(data[i+8:])
			p := orb.Point{math.Float64frombits(x), math.Float64frombits(y)}
			rings[i/16%2] = append(rings[i/16%2], p)
		}
		a, b := orb.MultiPolygon{{rings[0]}}, orb.MultiPolygon{{rings[1]}}
		for form, got := range areas(a, b) {
			checkNumber(t, form, got, numbers(a) && numbers(b))
		}
		for _, op := range operations {
			out, err := overlay.Outline(a, b, op)
			if err != nil && !errors.Is(err, overlay.ErrCoordinates) {
				t.Fatalf("op %d: %v", op, err)
			}
			checkOGC(t, out)
			checkNumber(t, "outline", overlay.AreaOf(out), true)
		}
		if _, err := overlay.Dissolve([]orb.MultiPolygon{a, b}); err != nil && !errors.Is(err, overlay.ErrCoordinates) {
			t.Fatalf("dissolve: %v", err)
		}
	})
}

// checkNumber checks that an area is a number where all coordinates are, and none where one is not.
func checkNumber(t *testing.T, form string, got geo.Area, known bool) {
	t.Helper()
	if math.IsNaN(float64(got)) == known || math.IsInf(float64(got), 0) || got < 0 {
		t.Fatalf("%s: got %v", form, got)
	}
}
