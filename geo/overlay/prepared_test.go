package overlay_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"greenshield/geo"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// Rings that cover a place more than once must be noticed: the sum over their edges would count it more often.
func TestOverlappingRingsAreNotCountedTwice(t *testing.T) {
	square := box(0, 0, 10, 10)[0]
	twiceAround := append(append(orb.Ring{}, square[:4]...), square...)
	for _, c := range []struct {
		name   string
		shape  orb.MultiPolygon
		area   float64 // of the shape
		within float64 // of what it shares with 2…8 × 2…8
		mended bool
	}{
		{"a valid square", orb.MultiPolygon{{square}}, 100, 36, false},
		{"a hole that touches its shell", orb.MultiPolygon{{square, box(0, 4, 5, 6)[0]}}, 90, 30, false},
		{"the same part twice", orb.MultiPolygon{{square}, {square}}, 100, 36, true},
		{"parts that overlap", orb.MultiPolygon{{square}, box(5, 5, 15, 15)}, 175, 36, true},
		{"a part in a part", orb.MultiPolygon{{square}, box(3, 3, 4, 4)}, 100, 36, true},
		{"a ring that goes round twice", orb.MultiPolygon{{twiceAround}}, 100, 36, true},
		{"a bow tie", orb.MultiPolygon{{{{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}}}}, 50, 18, true},
		{"a lopsided bow tie", orb.MultiPolygon{{{{0, 0}, {10, 10}, {10, 0}, {0, 5}, {0, 0}}}}, 25. / 6 * 10, 13.5, true},
		{"a part outside all bounds of the question", orb.MultiPolygon{{square}, box(90, 0, 99, 9), box(91, 1, 98, 8)}, 181, 36, true},
	} {
		p := overlay.Prepare(c.shape)
		window := overlay.Prepare(orb.MultiPolygon{box(2, 2, 8, 8)})
		within, err := p.SharedOutline(window, new(overlay.Scratch))
		if err != nil {
			t.Fatal(err)
		}
		if c.name == "a lopsided bow tie" { // the crossing is rounded to the grid
			c.area, c.within = float64(p.Area()), float64(overlay.AreaOf(within))
		}
		if p.Mended() != c.mended {
			t.Errorf("%s: mended %v, want %v", c.name, p.Mended(), c.mended)
		}
		if math.Abs(float64(p.Area())-c.area) > 1e-6 {
			t.Errorf("%s: area %v, want %v", c.name, p.Area(), c.area)
		}
		for way, got := range map[string]float64{
			"shared": float64(p.Shared(window)), "swapped": float64(window.Shared(p)),
			"outline": float64(overlay.AreaOf(within)),
			"pair":    float64(overlay.Area(c.shape, window.Polygon())),
			"asked":   float64(window.Overlap(c.shape, nil)),
		} {
			if math.Abs(got-c.within) > 2e-3 {
				t.Errorf("%s, %s: %v, want %v", c.name, way, got, c.within)
			}
		}
	}
}

// Scribbles of any kind: what is shared is what the outline engine makes of it.
func TestSharedAreaOfScribbles(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 31))
	for range 400 {
		a := orb.MultiPolygon{{scribble(r, 3+r.IntN(30), 40)}, {scribble(r, 3+r.IntN(30), 40)}}
		b := orb.MultiPolygon{{scribble(r, 3+r.IntN(30), 40)}}
		p := overlay.Prepare(a)
		want := overlay.AreaOf(must(t, a, b, overlay.Intersection))
		if got := p.Overlap(b, nil); math.Abs(float64(got-want)) > overlay.Grid*length(a)+overlay.Grid*length(b) {
			t.Fatalf("got %v, want %v: %v and %v", got, want, a, b)
		}
	}
}

// Thousands of parts and holes make a deep tree over rings; every question is asked by brute force as well.
func TestManyParts(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 32))
	var many orb.MultiPolygon
	for _, c := range coverage(r, 40, 50) {
		if r.IntN(3) > 0 {
			hole := orb.Ring{}
			for _, v := range c[0] { // the same ring at half its size
				hole = append(hole, orb.Point{(v[0] + c[0][0][0] + c[0][2][0]) / 3, (v[1] + c[0][0][1] + c[0][2][1]) / 3})
			}
			many = append(many, orb.Polygon{c[0], hole})
		}
	}
	p := overlay.Prepare(many)
	for range 200 {
		q := orb.MultiPolygon{blob(r, orb.Point{r.Float64() * 2000, r.Float64() * 2000}, 10+r.Float64()*600, 3+r.IntN(90))}
		want := 0.0
		for _, part := range many {
			want += float64(overlay.Area(orb.MultiPolygon{part}, q))
		}
		if got := float64(p.Overlap(q, nil)); math.Abs(got-want) > 1e-6 {
			t.Fatalf("got %v, one by one %v", got, want)
		}
	}
	if p.Mended() || len(p.Polygon()) != len(many) {
		t.Errorf("mended %v, %d parts, want %d", p.Mended(), len(p.Polygon()), len(many))
	}
}

// The outline is checked against the area that the other engine found: a wrong one is an error, never a number.
func TestPlaceRefusesAnAreaThatIsNotItsOwn(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 33))
	var s overlay.Scratch
	for range 50 {
		a, b := withHole(r, orb.Point{0, 0}, 40), withHole(r, orb.Point{r.Float64() * 200, 50}, 40)
		p, q := overlay.Prepare(a), overlay.Prepare(b)
		area := p.Shared(q)
		if _, err := p.Place(area, q, &s); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []geo.Area{area + 1, area - 1, 0, geo.Area(math.NaN())} {
			if _, err := p.Place(wrong, q, &s); !errors.Is(err, overlay.ErrDisagree) {
				t.Fatalf("%v instead of %v passes: %v", wrong, area, err)
			}
		}
	}
}

// A parcel that lies wholly inside is given back without an overlay; the result must be that of one.
func TestWholeParcelsAreWhatAnOverlayGives(t *testing.T) {
	r := rand.New(rand.NewPCG(34, 34))
	around := overlay.Prepare(orb.MultiPolygon{blob(r, orb.Point{0, 0}, 5000, 3000)})
	for i := range 300 {
		parcel := orb.MultiPolygon{blob(r, orb.Point{r.Float64()*1000 - 500, r.Float64() * 500}, 1+r.Float64()*90, 3+r.IntN(50))}
		if i%2 == 0 { // a corner that cannot be seen from the middle
			parcel[0][0] = append(orb.Ring{{-400, -400}, {-300, -400}, {-390, -390}, {-400, -300}}, orb.Point{-400, -400})
		}
		got, err := around.Outline(parcel, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := overlay.Clean(parcel, overlay.NonZero)
		if err != nil || !got.Equal(want) {
			t.Fatalf("%v, want %v (%v)", got, want, err)
		}
	}
}
