package overlay_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"greenshield/geo"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// The country: 5,000 km from west to east, 5,500 km from south to north, in the legal plane's metres.
const (
	countryWide, countryHigh = 5_000_000.0, 5_500_000.0
	countrySouth             = 400_000.0
)

// country is a valid region that reaches from one end of the country to the other, with a hole and islands.
func country(r *rand.Rand, n int) orb.MultiPolygon {
	mp := orb.MultiPolygon{
		blob(r, orb.Point{0, 0}, 1, n), blob(r, orb.Point{0, 0}, 0.3, n),
		blob(r, orb.Point{1.2, 0.9}, 0.15, 9), blob(r, orb.Point{-1.1, -1}, 0.2, 30),
	}
	mp = orb.MultiPolygon{append(mp[0], mp[1][0]), mp[2], mp[3]}
	turn := r.Float64() * 7
	for _, p := range mp {
		for _, ring := range p {
			for i, v := range ring {
				x, y := v[0]*math.Cos(turn)-v[1]*math.Sin(turn), v[0]*math.Sin(turn)+v[1]*math.Cos(turn)
				ring[i] = onGrid(countryWide*(x/3.2), countryHigh*(0.5+y/3.2)+countrySouth)
			}
		}
	}
	return mp
}

func onGrid(x, y float64) orb.Point {
	return orb.Point{math.Round(x*1e4) / 1e4, math.Round(y*1e4) / 1e4}
}

// Regions as large as the country on a grid of 0.1 mm: valid outlines, identities and areas to the grid, by the other
// engine too. 2^53 is the limit of floats for the doubled areas, so that they are added up as integers.
func TestRegionsOfTheSizeOfTheCountry(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 61))
	for range 25 {
		a, b := country(r, 5+r.IntN(300)), country(r, 5+r.IntN(300))
		o := outlines(t, a, b)
		for _, mp := range o.all() {
			checkOGC(t, mp)
		}
		if err := o.identities(length(a) + length(b)); err != nil {
			t.Error(err)
		}
		other, err := geom.Intersection(simple(a), simple(b))
		if err != nil {
			t.Fatal(err)
		}
		for form, got := range areas(a, b) {
			if d := math.Abs(float64(got) - other.Area()); !(d <= relative*float64(overlay.AreaOf(a))) {
				t.Errorf("%s: %v m², other engine %v m²", form, got, other.Area())
			}
			if err := overlay.Agree(got, o.i, a, b); err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
	}
}

// The same with rings that cross themselves, by slabs.
func TestScribblesAcrossTheCountryAgainstSlabs(t *testing.T) {
	r := rand.New(rand.NewPCG(62, 62))
	scribble := func() orb.MultiPolygon {
		var ring orb.Ring
		for range 4 + r.IntN(20) {
			ring = append(ring, onGrid((r.Float64()-0.5)*countryWide, r.Float64()*countryHigh+countrySouth))
		}
		return orb.MultiPolygon{{append(ring, ring[0])}}
	}
	for range 100 {
		a, b := scribble(), scribble()
		for op, want := range slabAreas(a, b, overlay.NonZero) {
			out := must(t, a, b, overlay.Op(op))
			checkOGC(t, out)
			if d := math.Abs(float64(overlay.AreaOf(out)) - want); !(d <= 2*grid*(length(a)+length(b))) {
				t.Errorf("op %d: outline %v, slabs %v", op, overlay.AreaOf(out), want)
			}
		}
	}
}

// Edges from one end of the country to the other that almost coincide: crossings are found with 128 bits or not.
func TestAlmostParallelEdgesAcrossTheCountry(t *testing.T) {
	r := rand.New(rand.NewPCG(63, 63))
	near := func(x, y float64) orb.Point { return onGrid(x+float64(r.IntN(7)-3)*grid, y+float64(r.IntN(7)-3)*grid) }
	sliver := func() orb.MultiPolygon {
		x, y := countryWide/2, countryHigh/2
		return orb.MultiPolygon{{{near(-x, -y), near(x, y), near(x, y+1), near(-x, -y+1)}}}
	}
	for range 300 {
		a, b := sliver(), sliver()
		for _, mp := range []orb.MultiPolygon{a, b} {
			mp[0][0] = append(mp[0][0], mp[0][0][0])
		}
		o := outlines(t, a, b)
		for _, mp := range o.all() {
			checkOGC(t, mp)
		}
		if err := o.identities(length(a) + length(b)); err != nil {
			t.Errorf("%v\n%v\n%v", err, a, b)
		}
		if err := overlay.Agree(overlay.Area(a, b), o.i, a, b); err != nil {
			t.Errorf("%v\n%v\n%v", err, a, b)
		}
	}
}

// The cells of a coverage dissolve into their hull to the last unit, here and at the far end of the country, and add
// up to it; those of a finer coverage with vertices that its neighbours lack do so to the grid.
func TestCoverageIsItsHull(t *testing.T) {
	r := rand.New(rand.NewPCG(64, 64))
	for _, by := range [][2]int64{{0, 0}, {25_000_000_001, 44_999_999_999}} {
		hull := moved(orb.MultiPolygon{box(0, 0, 2000, 2000)}, by[0], by[1])
		var parts []orb.MultiPolygon
		sum := new(big.Int)
		for _, c := range coverage(r, 20, 100) {
			parts = append(parts, moved(orb.MultiPolygon{c}, by[0], by[1]))
			sum.Add(sum, twiceArea(parts[len(parts)-1]))
		}
		if sum.Cmp(twiceArea(hull)) != 0 {
			t.Fatalf("the cells have %v half units, the hull %v", sum, twiceArea(hull))
		}
		checkDissolved(t, parts, hull, 0)
		for i := range parts {
			parts[i] = redigitised(r, parts[i])
		}
		checkDissolved(t, parts, hull, grid)
	}
}

func checkDissolved(t *testing.T, parts []orb.MultiPolygon, hull orb.MultiPolygon, width float64) {
	t.Helper()
	out, err := overlay.Dissolve(parts)
	if err != nil {
		t.Fatal(err)
	}
	checkOGC(t, out)
	lengths, inside := 0.0, geo.Area(0)
	prepared := overlay.Prepare(hull)
	for _, p := range parts {
		lengths += length(p)
		inside += prepared.Overlap(p, nil)
	}
	if d := math.Abs(float64(overlay.AreaOf(out) - overlay.AreaOf(hull))); !(d <= width*lengths+1e-6) {
		t.Errorf("dissolved into %v m², the hull has %v m²", overlay.AreaOf(out), overlay.AreaOf(hull))
	}
	if width == 0 && twiceArea(out).Cmp(twiceArea(hull)) != 0 {
		t.Errorf("dissolved into %v half units, the hull has %v", twiceArea(out), twiceArea(hull))
	}
	if d := math.Abs(float64(inside - overlay.AreaOf(hull))); !(d <= width*lengths+1e-4) {
		t.Errorf("the parts have %v m² in the hull of %v m²", inside, overlay.AreaOf(hull))
	}
}

// redigitised has one vertex more on every edge, rounded to the grid, as another surveyor would have put it.
func redigitised(r *rand.Rand, mp orb.MultiPolygon) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, p := range mp {
		var rings orb.Polygon
		for _, ring := range p {
			var more orb.Ring
			for i := 1; i < len(ring); i++ {
				a, b, u := ring[i-1], ring[i], 0.1+0.8*r.Float64()
				more = append(more, a, onGrid(a[0]+u*(b[0]-a[0]), a[1]+u*(b[1]-a[1])))
			}
			rings = append(rings, append(more, more[0]))
		}
		out = append(out, rings)
	}
	return out
}

// Area and outline agree within grid × perimeter, for random valid pairs of every kind that layers hold.
func TestAreaAgreesWithOutline(t *testing.T) {
	r := rand.New(rand.NewPCG(65, 65))
	cells := coverage(r, 6, 150)
	for i := range 150 {
		a := withHole(r, orb.Point{float64(r.IntN(900)), float64(r.IntN(900))}, 3+r.IntN(250))
		b := withHole(r, orb.Point{float64(r.IntN(900)), float64(r.IntN(900))}, 3+r.IntN(250))
		switch i % 5 {
		case 1:
			b = redigitised(r, a)
		case 2:
			b = orb.MultiPolygon{cells[r.IntN(len(cells))]}
		case 3:
			b = orb.MultiPolygon{blob(r, a[0][0][0], 3, 12)}
		}
		for _, c := range [][2]orb.MultiPolygon{{a, b}, {b, a}} {
			out, err := overlay.Prepare(c[0]).Outline(c[1], nil)
			if err != nil {
				t.Fatal(err)
			}
			for form, area := range areas(c[0], c[1]) {
				if err := overlay.Agree(area, out, a, b); err != nil {
					t.Errorf("pair %d, %s: %v", i, form, err)
				}
			}
			rest := must(t, c[0], c[1], overlay.Difference)
			if err := overlay.Agree(overlay.AreaOf(c[0])-overlay.Area(a, b), rest, c[0]); err != nil {
				t.Errorf("pair %d, difference: %v", i, err)
			}
		}
	}
}
