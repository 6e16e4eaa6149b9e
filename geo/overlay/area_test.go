package overlay_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"greenshield/geo"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// touchTolerance is what two parcels that only touch may seem to share, in m²: rounding of coordinates times length.
const touchTolerance = 1e-6

func box(x0, y0, x1, y1 float64) orb.Polygon {
	return orb.Polygon{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}
}

func shifted(mp orb.MultiPolygon, dx, dy float64) orb.MultiPolygon {
	out := mp.Clone()
	for _, p := range out {
		for _, r := range p {
			for i := range r {
				r[i] = orb.Point{r[i][0] + dx, r[i][1] + dy}
			}
		}
	}
	return out
}

// areas gives a∩b by every form of the area engine, and both ways round.
func areas(a, b orb.MultiPolygon) map[string]geo.Area {
	var s overlay.Scratch
	s.Area(b, a) // used memory must not matter
	return map[string]geo.Area{
		"pair":              overlay.Area(a, b),
		"pair swapped":      overlay.Area(b, a),
		"pair, used memory": s.Area(a, b),
		"prepared":          overlay.Prepare(a).Overlap(b, nil),
		"prepared swapped":  overlay.Prepare(b).Overlap(a, &s),
	}
}

var areaCases = []struct {
	name string
	a, b orb.MultiPolygon
	want float64
}{
	{"squares", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(5, 5, 15, 15)}, 25},
	{"same square", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(0, 0, 10, 10)}, 100},
	{"square inside", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(2, 2, 4, 4)}, 4},
	{"far apart", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(20, 20, 30, 30)}, 0},
	{"shared edge", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(10, 0, 20, 10)}, 0},
	{"part of a shared edge", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(10, 3, 20, 7)}, 0},
	{"edge above", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(2, 10, 8, 20)}, 0},
	{"shared corner", orb.MultiPolygon{box(0, 0, 10, 10)}, orb.MultiPolygon{box(10, 10, 20, 20)}, 0},
	{"hole exactly filled", orb.MultiPolygon{{box(0, 0, 10, 10)[0], box(2, 2, 8, 8)[0]}}, orb.MultiPolygon{box(2, 2, 8, 8)}, 0},
	{"over a hole", orb.MultiPolygon{{box(0, 0, 10, 10)[0], box(2, 2, 8, 8)[0]}}, orb.MultiPolygon{box(0, 0, 5, 10)}, 32},
	{
		"island in a hole",
		orb.MultiPolygon{{box(0, 0, 10, 10)[0], box(2, 2, 8, 8)[0]}, box(4, 4, 6, 6)},
		orb.MultiPolygon{box(0, 0, 10, 10)},
		68,
	},
	{"two parts by two parts", orb.MultiPolygon{box(0, 0, 4, 4), box(6, 0, 10, 4)}, orb.MultiPolygon{box(0, 0, 1, 1), box(5, 0, 7, 4)}, 5},
	{"triangles", orb.MultiPolygon{{{{0, 0}, {4, 0}, {0, 4}, {0, 0}}}}, orb.MultiPolygon{{{{4, 4}, {0, 4}, {4, 0}, {4, 4}}}}, 0},
	{"crossing triangles", orb.MultiPolygon{{{{0, 0}, {4, 0}, {2, 4}, {0, 0}}}}, orb.MultiPolygon{{{{0, 4}, {2, 0}, {4, 4}, {0, 4}}}}, 4},
	{"clockwise shell", orb.MultiPolygon{{{{0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}}}}, orb.MultiPolygon{box(5, 5, 15, 15)}, 25},
	{"flat ring", orb.MultiPolygon{{{{0, 0}, {4, 0}, {8, 0}, {0, 0}}}}, orb.MultiPolygon{box(0, -1, 9, 9)}, 0},
	{"nothing", nil, orb.MultiPolygon{box(0, 0, 1, 1)}, 0},
	{"open ring", orb.MultiPolygon{{{{0, 0}, {10, 0}, {10, 10}, {0, 10}}}}, orb.MultiPolygon{box(5, 5, 15, 15)}, 25},
}

func TestAreaOfKnownOverlaps(t *testing.T) {
	for _, c := range areaCases {
		for _, o := range []orb.Point{{0, 0}, {-3e6, 4e6}, {9.9e6, -9.9e6}} {
			for form, got := range areas(shifted(c.a, o[0], o[1]), shifted(c.b, o[0], o[1])) {
				if math.Abs(float64(got)-c.want) > touchTolerance {
					t.Errorf("%s, %s, at %v: got %v, want %v", c.name, form, o, got, c.want)
				}
			}
		}
	}
}

func TestAreaNeverFailsOnJunk(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	junk := []orb.MultiPolygon{
		{},
		{{}},
		{{{}}},
		{nil},
		{{{{1, 1}}}},
		{{{{1, 1}, {2, 2}}}},
		{{{{1, 1}, {1, 1}, {1, 1}, {1, 1}}}},
		{{{{0, 0}, {nan, 0}, {1, 1}, {0, 0}}}},
		{{{{0, 0}, {inf, 0}, {1, 1}, {0, 0}}}},
		{{{{0, 0}, {1e300, 0}, {1e300, 1e300}, {0, 0}}}},
		{{{{0, 0}, {1e-310, 0}, {1e-320, 1e-310}, {0, 0}}}},
		{{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}},
	}
	r := rand.New(rand.NewPCG(4, 4))
	for range 40 {
		junk = append(junk, orb.MultiPolygon{{scribble(r, 3+r.IntN(40), 9)}})
	}
	for i, a := range junk {
		for _, b := range junk[i:] {
			for form, got := range areas(a, b) {
				if known := numbers(a) && numbers(b); known == math.IsNaN(float64(got)) || math.IsInf(float64(got), 0) || got < 0 {
					t.Fatalf("%s: got %v of %v and %v", form, got, a, b)
				}
			}
		}
	}
}

// numbers reports whether all coordinates are numbers within reach. Otherwise an area is NaN, never a silent zero.
func numbers(mp orb.MultiPolygon) bool {
	for _, p := range mp {
		for _, r := range p {
			for _, v := range r {
				if !(math.Abs(v[0]) <= 1e8 && math.Abs(v[1]) <= 1e8) {
					return false
				}
			}
		}
	}
	return true
}

// The cells of a coverage share their borders: the pieces of a polygon must add up to the polygon.
func TestAreaIsConservedOverCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	cells := coverage(r, 20, 100)
	for _, n := range []int{5, 60, 3000} {
		b := orb.MultiPolygon{blob(r, orb.Point{1000, 1000}, 900, n)}
		prepared := overlay.Prepare(b)
		var s overlay.Scratch
		var pair, fast geo.Area
		for _, c := range cells {
			pair += s.Area(orb.MultiPolygon{c}, b)
			fast += prepared.Overlap(orb.MultiPolygon{c}, &s)
		}
		want := overlay.AreaOf(b)
		if math.Abs(float64(pair-want)) > 1e-5 || math.Abs(float64(fast-want)) > 1e-5 {
			t.Errorf("%d corners: pairs %.9f, prepared %.9f, want %.9f", n, pair, fast, want)
		}
	}
}

func TestNeighboursInCoverageShareNothing(t *testing.T) {
	cells := coverage(rand.New(rand.NewPCG(6, 6)), 8, 300)
	for i, a := range cells {
		p := overlay.Prepare(shifted(orb.MultiPolygon{a}, 1e6, 4e6))
		for k, b := range cells {
			got := p.Overlap(shifted(orb.MultiPolygon{b}, 1e6, 4e6), nil)
			if i != k && got > touchTolerance {
				t.Errorf("cells %d and %d share %v", i, k, got)
			}
		}
	}
}

func simple(mp orb.MultiPolygon) geom.Geometry {
	var polygons []geom.Polygon
	for _, p := range mp {
		var rings []geom.LineString
		for _, r := range p {
			var flat []float64
			for _, v := range r {
				flat = append(flat, v[0], v[1])
			}
			rings = append(rings, geom.NewLineString(geom.NewSequence(flat, geom.DimXY)))
		}
		polygons = append(polygons, geom.NewPolygon(rings))
	}
	return geom.NewMultiPolygon(polygons).AsGeometry()
}

// withHole makes every second polygon one with a hole.
func withHole(r *rand.Rand, center orb.Point, n int) orb.MultiPolygon {
	p := blob(r, center, 300, n)
	if r.IntN(2) == 0 {
		hole := blob(r, center, 60, n)
		slices.Reverse(hole[0])
		p = append(p, hole[0])
	}
	return orb.MultiPolygon{p, blob(r, orb.Point{center[0] + 700, center[1]}, 200, 7)}
}

// Both engines against a third one, on valid polygons with holes and parts.
func TestEnginesAgreeWithSimpleFeatures(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		a := withHole(r, orb.Point{0, 0}, 4+r.IntN(60))
		b := withHole(r, orb.Point{r.Float64()*900 - 450, r.Float64()*500 - 250}, 4+r.IntN(60))
		other, err := geom.Intersection(simple(a), simple(b))
		if err != nil {
			t.Fatal(err)
		}
		for form, got := range areas(a, b) {
			if d := math.Abs(float64(got) - other.Area()); d > touchTolerance {
				t.Errorf("%s: %v, other engine %v\n%v\n%v", form, got, other.Area(), a, b)
			}
		}
		out := must(t, a, b, overlay.Intersection)
		if err := overlay.Agree(overlay.Area(a, b), out, a, b); err != nil {
			t.Error(err)
		}
		checkValid(t, out)
	}
}

func TestPreparedFromManyGoroutines(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	p := overlay.Prepare(orb.MultiPolygon{blob(r, orb.Point{500, 500}, 500, 2000)})
	cells := coverage(r, 10, 100)
	want := make([]geo.Area, len(cells))
	for i, c := range cells {
		want[i] = p.Overlap(orb.MultiPolygon{c}, nil)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			var s overlay.Scratch
			for i, c := range cells {
				if got := p.Overlap(orb.MultiPolygon{c}, &s); got != want[i] {
					t.Errorf("cell %d: got %v, alone %v", i, got, want[i])
				}
			}
		})
	}
	wait.Wait()
}

func TestAreaDoesNotAllocateOnceWarm(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	a := orb.MultiPolygon{blob(r, orb.Point{0, 0}, 500, 500)}
	b := orb.MultiPolygon{blob(r, orb.Point{100, 100}, 500, 500)}
	p := overlay.Prepare(a)
	var s overlay.Scratch
	p.Overlap(b, &s)
	s.Area(a, b)
	if n := testing.AllocsPerRun(20, func() { p.Overlap(b, &s) }); n > 0 {
		t.Errorf("prepared: %v allocations", n)
	}
	if n := testing.AllocsPerRun(20, func() { s.Area(a, b) }); n > 0 {
		t.Errorf("pair: %v allocations", n)
	}
}

// Bundles of long parallel edges lie in every cell that they cross; they must not blow up the quadtree.
func TestCombsStayAffordable(t *testing.T) {
	comb := func(upright bool) orb.MultiPolygon {
		var mp orb.MultiPolygon
		for i := range 1500 {
			v := float64(i) * 0.01
			b := box(0, v, 1e5, v+0.005)
			if upright {
				b = box(v, 0, v+0.005, 1e5)
			}
			mp = append(mp, b)
		}
		return mp
	}
	a := comb(false)
	p := overlay.Prepare(a)
	if got := p.Overlap(orb.MultiPolygon{box(0, -1, 1e5, 1e3)}, nil); math.Abs(float64(got-overlay.AreaOf(a))) > 1e-3 {
		t.Errorf("comb covered: %v, want %v", got, overlay.AreaOf(a))
	}
	want := 1500.0 * 1500 * 0.005 * 0.005
	if got := overlay.Area(a, comb(true)); math.Abs(float64(got)-want) > 1e-4 {
		t.Errorf("combs crossing: %v, want %v", got, want)
	}
}
