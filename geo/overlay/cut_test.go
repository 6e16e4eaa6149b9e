package overlay_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func lines(points ...orb.Point) orb.MultiLineString {
	return orb.MultiLineString{orb.LineString(points)}
}

func TestCutLine(t *testing.T) {
	square := orb.MultiPolygon{box(0, 0, 10, 10)}
	ring := orb.MultiPolygon{{box(0, 0, 10, 10)[0], box(4, 4, 6, 6)[0]}}
	for _, c := range []struct {
		name            string
		line            orb.MultiLineString
		by              orb.MultiPolygon
		inside, outside float64
		pieces          int
	}{
		{"through", lines(orb.Point{-5, 5}, orb.Point{15, 5}), square, 10, 10, 3},
		{"wholly inside", lines(orb.Point{1, 1}, orb.Point{9, 1}, orb.Point{9, 9}), square, 16, 0, 1},
		{"wholly outside", lines(orb.Point{20, 0}, orb.Point{20, 9}), square, 0, 9, 1},
		{"along the border", lines(orb.Point{0, 0}, orb.Point{10, 0}), square, 10, 0, 1},
		{"along the border and beyond", lines(orb.Point{-2, 10}, orb.Point{13, 10}), square, 10, 5, 3},
		{"along an upright border", lines(orb.Point{10, -1}, orb.Point{10, 11}), square, 10, 2, 3},
		{"touching a corner", lines(orb.Point{-1, 1}, orb.Point{1, -1}), square, 0, 2 * math.Sqrt2, 1},
		{"through two corners", lines(orb.Point{-1, -1}, orb.Point{11, 11}), square, 10 * math.Sqrt2, 2 * math.Sqrt2, 3},
		{"over a hole", lines(orb.Point{0, 5}, orb.Point{10, 5}), ring, 8, 2, 3},
		{"along a hole", lines(orb.Point{0, 4}, orb.Point{10, 4}), ring, 10, 0, 1},
		{"vertex on the border", lines(orb.Point{5, 5}, orb.Point{10, 5}, orb.Point{15, 5}), square, 5, 5, 2},
		{"no polygon", lines(orb.Point{5, 5}, orb.Point{10, 5}), nil, 0, 5, 1},
		{"a point", lines(orb.Point{5, 5}, orb.Point{5, 5}), square, 0, 0, 0},
		{"border off by rounding", lines(orb.Point{2, 1e-9}, orb.Point{8, -1e-9}), square, 6, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, out := overlay.CutLine(c.line, c.by)
			if d := math.Abs(planar.Length(in) - c.inside); d > 1e-6 {
				t.Errorf("inside %v, want %v", planar.Length(in), c.inside)
			}
			if d := math.Abs(planar.Length(out) - c.outside); d > 1e-6 {
				t.Errorf("outside %v, want %v", planar.Length(out), c.outside)
			}
			if len(in)+len(out) != c.pieces {
				t.Errorf("%d pieces, want %d: %v %v", len(in)+len(out), c.pieces, in, out)
			}
		})
	}
}

// A line in a coverage lies in exactly one of its cells everywhere, except where it runs along their borders.
func TestCutLineByCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	cells := coverage(r, 12, 100)
	var line orb.LineString
	for range 40 {
		line = append(line, orb.Point{r.Float64() * 1200, r.Float64() * 1200})
	}
	l := orb.MultiLineString{line}
	total := 0.0
	for _, c := range cells {
		in, out := overlay.CutLine(l, orb.MultiPolygon{c})
		total += planar.Length(in)
		if d := planar.Length(in) + planar.Length(out) - planar.Length(l); math.Abs(d) > 1e-6 {
			t.Fatalf("pieces are longer than the line by %v", d)
		}
	}
	if want := planar.Length(l); math.Abs(total-want) > 1e-4 {
		t.Errorf("in cells %v, whole line %v", total, want)
	}
}
