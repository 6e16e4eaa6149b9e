package overlay_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// allOverlaps are the overlaps of a layer, by asking for every pair.
func allOverlaps(l *overlay.Layer) []overlay.Pair {
	var out []overlay.Pair
	for i := range l.Len() {
		for k := i + 1; k < l.Len(); k++ {
			p, q := l.At(i), l.At(k)
			if a := p.Shared(&q); a > 1e-3 {
				out = append(out, overlay.Pair{A: int32(i), B: int32(k), Area: a})
			}
		}
	}
	return out
}

// elsewhere are polygons elsewhere.
func elsewhere(polygons []orb.MultiPolygon, dx, dy float64) []orb.MultiPolygon {
	var out []orb.MultiPolygon
	for _, mp := range polygons {
		mp = mp.Clone()
		for _, p := range mp {
			for _, r := range p {
				for i := range r {
					r[i][0] += dx
					r[i][1] += dy
				}
			}
		}
		out = append(out, mp)
	}
	return out
}

func TestOverlapsAreThoseOfAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 51))
	cells := singles(coverage(r, 14, 60))
	inner := cells[5*14+3 : 5*14+9]
	ring := func() orb.MultiPolygon { // a frame about the middle, whose hole some cells fill
		return orb.MultiPolygon{{
			{{100, 100}, {700, 100}, {700, 700}, {100, 700}, {100, 100}},
			{{200, 200}, {200, 600}, {600, 600}, {600, 200}, {200, 200}},
		}}
	}
	cases := []struct {
		name  string
		layer [][]orb.MultiPolygon
		none  bool
	}{
		{"a coverage", [][]orb.MultiPolygon{cells}, true},
		{"nothing", nil, true},
		{"a coverage, twice: only its outer border is loose", [][]orb.MultiPolygon{cells, cells}, false},
		{"some cells of the inside, twice", [][]orb.MultiPolygon{cells, inner}, false},
		{"a coverage over itself, moved", [][]orb.MultiPolygon{cells, elsewhere(cells, 30, 10)}, false},
		{"two coverages side by side", [][]orb.MultiPolygon{cells, elsewhere(cells, 5000, 0)}, true},
		{"a frame", [][]orb.MultiPolygon{cells, {ring()}}, false},
		{"three times", [][]orb.MultiPolygon{cells, inner, inner}, false},
		{"one that covers a place twice itself", [][]orb.MultiPolygon{
			cells, {{box(10, 10, 400, 400), box(300, 300, 500, 500)}},
		}, false},
		{"a slit of half a millimetre", [][]orb.MultiPolygon{{
			{box(0, 0, 100, 100)}, {box(99.9995, 0, 200, 100)}, {box(200, 0, 300, 50)}, {box(200, 50, 300, 100)},
		}}, false},
		{"corners on one side only", [][]orb.MultiPolygon{{
			{box(0, 0, 100, 100)}, {box(100, 0, 200, 50)}, {box(100, 50, 200, 100)},
		}}, true},
	}
	for _, c := range cases {
		var all []orb.MultiPolygon
		for _, l := range c.layer {
			all = append(all, l...)
		}
		r.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		got, want := layerOf(all...).Overlaps(), allOverlaps(layerOf(all...))
		if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %d pairs, of all pairs %d", c.name, len(got), len(want))
		}
		if (len(want) == 0) != c.none {
			t.Errorf("%s: %d pairs overlap", c.name, len(want))
		}
	}
}

// A layer is laid out in parallel and closed up where rings fall together in the plane: it must be the polygons all the same.
func TestLayerWhoseRingsShrinkInThePlane(t *testing.T) {
	open := func(x float64) orb.MultiPolygon { // its last point falls onto the first in the plane
		return orb.MultiPolygon{{{{x, 0}, {x + 10, 0}, {x + 10, 10}, {x, 10}, {x + 1e-9, 0}}}}
	}
	toPlane := func(dst, points []orb.Point) []orb.Point {
		for _, p := range points {
			dst = append(dst, orb.Point{float64(int(p[0])), float64(int(p[1]))})
		}
		return dst
	}
	var all []orb.MultiPolygon
	for i := range 3000 {
		switch i % 4 {
		case 0:
			all = append(all, nil)
		case 1:
			all = append(all, open(float64(20*i)))
		case 2:
			all = append(all, orb.MultiPolygon{{box(float64(20*i), 0, float64(20*i+10), 10)[0], {{1, 1}, {2, 2}}}})
		default:
			all = append(all, orb.MultiPolygon{{{{float64(20 * i), 0}, {1e300, 0}, {1, 1}, {float64(20 * i), 0}}}})
		}
	}
	l := overlay.NewLayer(len(all), func(i int) orb.MultiPolygon { return all[i] }, toPlane)
	for i := range all {
		p := l.At(i)
		want, broken := 100.0, i%4 == 3
		if i%4 == 0 {
			want = 0
		}
		if (p.Err() != nil) != broken || !broken && float64(p.Area()) != want {
			t.Fatalf("polygon %d: area %v, %v", i, p.Area(), p.Err())
		}
		if n := len(l.Points(i)); !broken && want > 0 && n != 5 {
			t.Fatalf("polygon %d: %d points", i, n)
		}
	}
	if n := l.Vertices(); n != 2*750*5 {
		t.Errorf("%d vertices", n)
	}
}
