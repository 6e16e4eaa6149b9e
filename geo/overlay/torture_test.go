package overlay_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
)

var operations = []overlay.Op{
	overlay.Intersection, overlay.Union, overlay.Difference, overlay.SymmetricDifference,
}

// expected is the area of a op b, given the areas of a, b and their intersection.
func expected(op overlay.Op, a, b, both float64) float64 {
	switch op {
	case overlay.Intersection:
		return both
	case overlay.Union:
		return a + b - both
	case overlay.Difference:
		return a - both
	}
	return a + b - 2*both
}

// Shared edges in all their forms; the areas are exact, at the origin and at the far ends of the country.
func TestOutlineOfKnownOverlaps(t *testing.T) {
	for _, c := range areaCases {
		for _, o := range []orb.Point{{0, 0}, {-3e6, 4e6}, {1e7, -1e7}} {
			a, b := shifted(c.a, o[0], o[1]), shifted(c.b, o[0], o[1])
			for _, op := range operations {
				out := must(t, a, b, op)
				checkValidAt(t, out, o)
				want := expected(op, float64(overlay.AreaOf(a)), float64(overlay.AreaOf(b)), c.want)
				if got := float64(overlay.AreaOf(out)); math.Abs(got-want) > 1e-6 {
					t.Errorf("%s, op %d, at %v: got %v, want %v", c.name, op, o, got, want)
				}
			}
		}
	}
}

// checkValidAt moves an outline to the origin, where the other engine still sees single grid units.
func checkValidAt(t *testing.T, mp orb.MultiPolygon, o orb.Point) {
	t.Helper()
	checkValid(t, shifted(mp, -o[0], -o[1]))
}

// Borders that run a grid unit apart, cross there and back, or share every other vertex.
func TestOutlineOfNearlyEqualBorders(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	for range 60 {
		a := orb.MultiPolygon{blob(r, orb.Point{50, 50}, 50, 4+r.IntN(200))}
		b := a.Clone()
		ring := b[0][0]
		for i := range ring[:len(ring)-1] {
			ring[i][0] += float64(r.IntN(3)-1) * grid
			ring[i][1] += float64(r.IntN(3)-1) * grid
		}
		ring[len(ring)-1] = ring[0]
		checkIdentities(t, a, b)
		out := must(t, a, b, overlay.Intersection)
		if err := overlay.Agree(overlay.Area(a, b), out, a, b); err != nil {
			t.Error(err)
		}
	}
}

// Where a ring starts and in which order parts come must not change a byte.
func TestOutlineDoesNotDependOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	for range 40 {
		a := withHole(r, orb.Point{0, 0}, 5+r.IntN(40))
		b := withHole(r, orb.Point{r.Float64() * 300, r.Float64() * 300}, 5+r.IntN(40))
		turned := turnedAround(r, b)
		for _, op := range operations {
			want, got := must(t, a, b, op), must(t, a, turned, op)
			if !want.Equal(got) {
				t.Fatalf("op %d: %v\nturned: %v", op, want, got)
			}
			if op != overlay.Difference && !want.Equal(must(t, turned, a, op)) {
				t.Fatalf("op %d is not symmetric", op)
			}
		}
	}
}

// turnedAround is the same region with other starts, directions and order.
func turnedAround(r *rand.Rand, mp orb.MultiPolygon) orb.MultiPolygon {
	out := mp.Clone()
	slices.Reverse(out)
	for _, p := range out {
		for i, ring := range p {
			open := ring[:len(ring)-1]
			k := r.IntN(len(open))
			p[i] = slices.Concat(open[k:], open[:k], open[k:k+1])
			if r.IntN(2) == 0 {
				slices.Reverse(p[i])
			}
		}
	}
	return out
}

// A small parcel on the border of a large polygon: everything far away is pressed onto the window's border.
func TestOutlineIgnoresWhatIsFarAway(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	large := orb.MultiPolygon{blob(r, orb.Point{0, 0}, 20000, 5000), blob(r, orb.Point{60000, 0}, 9000, 500)}
	hole := blob(r, orb.Point{0, 0}, 5000, 700)
	slices.Reverse(hole[0])
	large[0] = append(large[0], hole[0])
	prepared := overlay.Prepare(large)
	vertices := large[0][0]
	for i := range 200 {
		at := vertices[r.IntN(len(vertices))]
		if i%3 == 0 {
			at = hole[0][r.IntN(len(hole[0]))]
		}
		parcel := orb.MultiPolygon{blob(r, at, 10+r.Float64()*500, 4+r.IntN(30))}
		in := must(t, parcel, large, overlay.Intersection)
		if fast, err := prepared.Outline(parcel, nil); err != nil || !fast.Equal(in) {
			t.Fatalf("prepared: %v, %v, want %v", fast, err, in)
		}
		off := must(t, parcel, large, overlay.Difference)
		checkValidAt(t, in, orb.Point{-1e5, -1e5})
		area := overlay.Area(parcel, large)
		if err := overlay.Agree(area, in, parcel, large); err != nil {
			t.Error(err)
		}
		if err := overlay.Agree(overlay.AreaOf(parcel)-area, off, parcel, large); err != nil {
			t.Error(err)
		}
	}
}

// Random scribbles in windows that overlap in part only: the pressed and the whole must give the same area but for
// the rounding of edges that leave the window.
func TestOutlineOfScribblesInWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 13))
	for range 400 {
		a := orb.MultiPolygon{{scribble(r, 3+r.IntN(20), 4000)}}
		b := shifted(orb.MultiPolygon{{scribble(r, 3+r.IntN(20), 1500)}}, float64(r.IntN(4000))*grid, float64(r.IntN(4000))*grid)
		i, u := must(t, a, b, overlay.Intersection), must(t, a, b, overlay.Union)
		d, e := must(t, a, b, overlay.Difference), must(t, b, a, overlay.Difference)
		checkValid(t, i)
		checkValid(t, d)
		checkValid(t, e)
		gap := math.Abs(float64(units(u) - units(i) - units(d) - units(e)))
		if slack := 2 * (length(a) + length(b)) / grid; gap > slack {
			t.Fatalf("gap of %v units, at most %v: a = %v b = %v", gap, slack, a, b)
		}
	}
}

func length(mp orb.MultiPolygon) float64 {
	sum := 0.0
	for _, p := range mp {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				sum += math.Hypot(r[i][0]-r[i-1][0], r[i][1]-r[i-1][1])
			}
		}
	}
	return sum
}

// Extents of all China need more than 64 bits for a cross product. Edges from one end to the other cross each other
// at shallow angles.
func TestOutlineAcrossTheCountry(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 14))
	for range 50 {
		var rings [2]orb.Ring
		for k := range rings {
			for range 12 {
				rings[k] = append(rings[k], orb.Point{r.Float64()*6e6 - 3e6, r.Float64()*5e6 + 2e6})
			}
			rings[k] = append(rings[k], rings[k][0])
		}
		a, b := orb.MultiPolygon{{rings[0]}}, orb.MultiPolygon{{rings[1]}}
		i, u := must(t, a, b, overlay.Intersection), must(t, a, b, overlay.Union)
		d, e := must(t, a, b, overlay.Difference), must(t, b, a, overlay.Difference)
		for _, out := range []orb.MultiPolygon{i, u, d, e} {
			if v := topo.Check(out); v != nil {
				t.Fatalf("outline is invalid: %v: %v", v, out)
			}
		}
		sum := overlay.AreaOf(i) + overlay.AreaOf(d) + overlay.AreaOf(e)
		if gap := math.Abs(float64(overlay.AreaOf(u) - sum)); gap > (length(a)+length(b))*grid {
			t.Errorf("gap of %v m²", gap)
		}
	}
}

// One polygon a thousand kilometres long and a millimetre wide, and one with an island far away, must not need a
// grid as large as their bound.
func TestOutlineOfExtremeExtents(t *testing.T) {
	thin := orb.MultiPolygon{box(0, 0, 1e6, 1e-3)}
	out := must(t, thin, orb.MultiPolygon{box(5e5, -1, 6e5, 1)}, overlay.Intersection)
	if got := overlay.AreaOf(out); math.Abs(float64(got)-100) > 1e-6 {
		t.Errorf("thin: got %v, want 100", got)
	}
	r := rand.New(rand.NewPCG(15, 15))
	far := orb.MultiPolygon{blob(r, orb.Point{0, 0}, 100, 20000), box(5e6, 5e6, 5e6+1, 5e6+1)}
	frame := orb.MultiPolygon{box(-50, -50, 5e6+2, 5e6+2)}
	out = must(t, far, frame, overlay.Union)
	want := overlay.AreaOf(far) + overlay.AreaOf(frame) - overlay.Area(far, frame)
	if err := overlay.Agree(want, out, far, frame); err != nil {
		t.Error(err)
	}
}

func TestOutlineRefusesWhatIsNoPlace(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), 1e300, -2e8} {
		a := orb.MultiPolygon{{{{0, 0}, {bad, 0}, {1, 1}, {0, 0}}}}
		for _, op := range operations {
			if _, err := overlay.Outline(a, orb.MultiPolygon{box(0, 0, 1, 1)}, op); err == nil {
				t.Errorf("%v: no error", bad)
			}
		}
	}
}

func TestOutlineOfNothing(t *testing.T) {
	square := orb.MultiPolygon{box(0, 0, 2, 2)}
	for _, empty := range []orb.MultiPolygon{nil, {}, {{}}, {{{}}}, {{{{1, 1}}}}, {{{{0, 0}, {1, 1}, {0, 0}}}}} {
		for _, c := range []struct {
			op          overlay.Op
			left, right float64
		}{{overlay.Intersection, 0, 0}, {overlay.Union, 4, 4}, {overlay.Difference, 4, 0}, {overlay.SymmetricDifference, 4, 4}} {
			if got := overlay.AreaOf(must(t, square, empty, c.op)); float64(got) != c.left {
				t.Errorf("square %d %v: %v", c.op, empty, got)
			}
			if got := overlay.AreaOf(must(t, empty, square, c.op)); float64(got) != c.right {
				t.Errorf("%v %d square: %v", empty, c.op, got)
			}
		}
	}
}

func TestDissolveCoverage(t *testing.T) {
	var parts []orb.MultiPolygon
	for _, c := range coverage(rand.New(rand.NewPCG(16, 16)), 30, 50) {
		parts = append(parts, orb.MultiPolygon{c})
	}
	out, err := overlay.Dissolve(parts)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != 1 || len(out[0]) != 1 || math.Abs(float64(overlay.AreaOf(out))-1500*1500) > 1e-6 {
		t.Errorf("got %d parts of %v m²", len(out), overlay.AreaOf(out))
	}
	if out, err := overlay.Dissolve(nil); err != nil || out != nil {
		t.Errorf("nothing: %v, %v", out, err)
	}
}

// The same parcel delivered a thousand times must not cost a million comparisons.
func TestDissolveRepeatedParcels(t *testing.T) {
	parcel := orb.MultiPolygon{blob(rand.New(rand.NewPCG(17, 17)), orb.Point{0, 0}, 100, 300)}
	parts := slices.Repeat([]orb.MultiPolygon{parcel}, 5000)
	out, err := overlay.Dissolve(parts)
	if err != nil || overlay.Agree(overlay.AreaOf(parcel), out, parcel) != nil {
		t.Errorf("got %v, %v", overlay.AreaOf(out), err)
	}
}

func TestCleanByBothRules(t *testing.T) {
	for _, c := range []struct {
		name             string
		mp               orb.MultiPolygon
		nonZero, evenOdd float64
	}{
		{"valid", orb.MultiPolygon{box(0, 0, 4, 4)}, 16, 16},
		{"bow-tie", orb.MultiPolygon{{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}}, 8, 8},
		{"overlapping parts", orb.MultiPolygon{box(0, 0, 4, 4), box(2, 0, 6, 4)}, 24, 16},
		{"part in a part", orb.MultiPolygon{box(0, 0, 8, 8), box(2, 2, 4, 4)}, 64, 60},
		{"twice around", orb.MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}, {3, 0}, {3, 3}, {0, 3}, {0, 0}}}}, 16, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			for fill, want := range map[overlay.Fill]float64{overlay.NonZero: c.nonZero, overlay.EvenOdd: c.evenOdd} {
				out, err := overlay.Clean(c.mp, fill)
				if err != nil {
					t.Fatal(err)
				}
				checkValid(t, shifted(out, 10, 10))
				if got := float64(overlay.AreaOf(out)); math.Abs(got-want) > 1e-6 {
					t.Errorf("fill %d: got %v, want %v", fill, got, want)
				}
			}
		})
	}
}

func TestAgreeNoticesWhatIsMissing(t *testing.T) {
	a, b := orb.MultiPolygon{box(0, 0, 100, 100)}, orb.MultiPolygon{box(50, 50, 150, 150)}
	out := must(t, a, b, overlay.Intersection)
	for area, ok := range map[geo.Area]bool{2500: true, 2500.04: true, 2500.06: false, 2499.8: false, 0: false, geo.Area(math.NaN()): false} {
		if err := overlay.Agree(area, out, a, b); (err == nil) != ok {
			t.Errorf("area %v: %v", area, err)
		}
	}
	sliver := orb.MultiPolygon{box(99.99997, 0, 200, 100)}
	if err := overlay.Agree(overlay.Area(a, sliver), nil, a, sliver); err != nil {
		t.Errorf("an overlap narrower than the grid: %v", err)
	}
}
