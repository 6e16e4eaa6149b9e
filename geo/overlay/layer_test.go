package overlay_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

func layerOf(polygons ...orb.MultiPolygon) *overlay.Layer {
	return overlay.NewLayer(len(polygons), func(i int) orb.MultiPolygon { return polygons[i] }, nil)
}

func singles(polygons []orb.Polygon) []orb.MultiPolygon {
	var out []orb.MultiPolygon
	for _, p := range polygons {
		out = append(out, orb.MultiPolygon{p})
	}
	return out
}

func TestLayerIsItsPolygons(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 41))
	polygons := singles(coverage(r, 12, 80))
	polygons = append(polygons, withHole(r, orb.Point{400, 400}, 300), nil)
	l := layerOf(polygons...)
	if l.Len() != len(polygons) {
		t.Fatalf("%d polygons, want %d", l.Len(), len(polygons))
	}
	for range 50 {
		q := overlay.Prepare(orb.MultiPolygon{blob(r, orb.Point{r.Float64() * 900, r.Float64() * 900}, 150, 40)})
		var near []int
		l.Search(q.Bound(), func(i int) bool { near = append(near, i); return true })
		for i, polygon := range polygons {
			p, want := l.At(i), overlay.Prepare(polygon).Shared(q)
			if got := p.Shared(q); got != want || p.Mended() {
				t.Fatalf("polygon %d shares %v, by itself %v", i, got, want)
			}
			if want > 0 && !slices.Contains(near, i) {
				t.Errorf("polygon %d is not found", i)
			}
		}
	}
}

func TestLayerTellsSoundFromUnsound(t *testing.T) {
	square := box(0, 0, 10, 10)
	l := layerOf(
		orb.MultiPolygon{square},
		orb.MultiPolygon{square, box(5, 5, 15, 15)}, // covers a place twice
		orb.MultiPolygon{{{{0, 0}, {math.NaN(), 0}, {5, 5}, {0, 0}}}},
	)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i, want := range []float64{100, 175, math.NaN()} {
				p := l.At(i)
				if got := float64(p.Area()); math.Abs(got-want) > 1e-9 || math.IsNaN(got) != math.IsNaN(want) {
					t.Errorf("polygon %d: area %v, want %v", i, got, want)
				}
				if p.Mended() != (i == 1) || errors.Is(p.Err(), overlay.ErrCoordinates) != (i == 2) {
					t.Errorf("polygon %d: mended %v, error %v", i, p.Mended(), p.Err())
				}
			}
		})
	}
	wait.Wait()
}

func TestOverlapsOfALayer(t *testing.T) {
	r := rand.New(rand.NewPCG(42, 42))
	cells := singles(coverage(r, 15, 80))
	if found := layerOf(cells...).Overlaps(); len(found) != 0 {
		t.Errorf("a coverage overlaps itself: %v", found)
	}
	over := orb.MultiPolygon{box(100, 100, 130, 130)}
	var want []overlay.Pair
	for i, c := range cells {
		if a := overlay.Area(c, over); a > 1e-3 {
			want = append(want, overlay.Pair{A: int32(i), B: int32(len(cells)), Area: a})
		}
	}
	got := layerOf(append(cells, over)...).Overlaps()
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range got {
		if got[i].A != want[i].A || got[i].B != want[i].B || math.Abs(float64(got[i].Area-want[i].Area)) > 1e-9 {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
}

func TestMeasures(t *testing.T) {
	square := overlay.Prepare(orb.MultiPolygon{box(0, 0, 10, 10)})
	for _, c := range []struct {
		name                      string
		other                     orb.MultiPolygon
		union, without, either    float64
		share                     float64
		covers, disjoint, touches bool
	}{
		{"a part", orb.MultiPolygon{box(5, 5, 15, 15)}, 175, 75, 150, 0.25, false, false, false},
		{"inside", orb.MultiPolygon{box(2, 2, 4, 4)}, 100, 96, 96, 0.04, true, false, false},
		{"the same", orb.MultiPolygon{box(0, 0, 10, 10)}, 100, 0, 0, 1, true, false, false},
		{"around", orb.MultiPolygon{box(-5, -5, 15, 15)}, 400, 0, 300, 1, false, false, false},
		{"an edge in common", orb.MultiPolygon{box(10, 0, 20, 5)}, 150, 100, 150, 0, false, true, true},
		{"a corner in common", orb.MultiPolygon{box(10, 10, 20, 20)}, 200, 100, 200, 0, false, true, true},
		{"a millimetre away", orb.MultiPolygon{box(10.001, 0, 20, 10)}, 199.99, 100, 199.99, 0, false, true, true},
		{"a metre away", orb.MultiPolygon{box(11, 0, 20, 10)}, 190, 100, 190, 0, false, true, false},
		{"nothing", nil, 100, 100, 100, 0, true, true, false},
	} {
		q := overlay.Prepare(c.other)
		m := square.Measure(q)
		for what, pair := range map[string][2]float64{
			"union": {float64(m.Union()), c.union}, "difference": {float64(m.Difference()), c.without},
			"symmetric difference": {float64(m.SymmetricDifference()), c.either}, "share": {m.Share(), c.share},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-9 {
				t.Errorf("%s: %s %v, want %v", c.name, what, pair[0], pair[1])
			}
		}
		if m.Covers(1e-6) != c.covers || m.Disjoint(1e-6) != c.disjoint || square.Touches(q, 1e-6, 2e-3) != c.touches {
			t.Errorf("%s: covers %v, disjoint %v, touches %v", c.name,
				m.Covers(1e-6), m.Disjoint(1e-6), square.Touches(q, 1e-6, 2e-3))
		}
	}
	bad := overlay.Prepare(orb.MultiPolygon{{{{0, 0}, {math.Inf(1), 0}, {5, 5}, {0, 0}}}})
	if m := square.Measure(bad); m.Covers(1) || m.Disjoint(1) || !math.IsNaN(m.Share()) || square.Touches(bad, 1, 1) {
		t.Errorf("something is said about a polygon that is nowhere: %v", m)
	}
}

func TestZonesSplitWithoutRest(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 43))
	var zones []*overlay.Prepared
	for _, c := range coverage(r, 4, 1000) { // 4 × 4 zones of a kilometre
		zones = append(zones, overlay.Prepare(orb.MultiPolygon{c}))
	}
	z := overlay.NewZones(zones)
	for range 500 {
		at := orb.Point{r.Float64()*5000 - 500, r.Float64()*5000 - 500}
		p := overlay.Prepare(orb.MultiPolygon{blob(r, at, 5+r.Float64()*r.Float64()*2000, 3+r.IntN(60))})
		want, rest := make([]float64, len(zones)+1), float64(p.Area())
		for i, zone := range zones {
			want[i] = float64(zone.Shared(p))
			rest -= want[i]
		}
		want[len(zones)] = rest
		sum := 0.0
		for _, q := range z.Split(nil, p) {
			if math.Abs(float64(q.Area)-want[q.Zone]) > 2e-3 {
				t.Fatalf("zone %d: %v, want %v", q.Zone, q.Area, want[q.Zone])
			}
			sum += float64(q.Area)
			want[q.Zone] = 0
		}
		if math.Abs(sum-float64(p.Area())) > 1e-6 {
			t.Fatalf("the portions add up to %v of %v", sum, p.Area())
		}
		for i, left := range want {
			if left > 2e-3 {
				t.Fatalf("zone %d with %v is left out", i, left)
			}
		}
	}
}

// An outline that runs along a border of zones, off by the rounding of the grid, has no part beyond it; a real part, as
// thin as a millimetre, it has. The portions are the whole.
func TestOutlineAlongABorderHasNoPartBeyond(t *testing.T) {
	a, b := overlay.Prepare(orb.MultiPolygon{box(0, 0, 1000, 1000)}), overlay.Prepare(orb.MultiPolygon{box(1000, 0, 2000, 1000)})
	z := overlay.NewZones([]*overlay.Prepared{a, b})
	for beyond, want := range map[float64][]overlay.Portion{
		0.00004: {{Zone: 0, Area: 500*100 + 0.00004*100}},
		0.001:   {{Zone: 0, Area: 500 * 100}, {Zone: 1, Area: 0.001 * 100}},
	} {
		outline := orb.MultiPolygon{box(500, 0, 1000+beyond, 100)}
		got := z.SplitOutline(outline, new(overlay.Scratch))
		if len(got) != len(want) {
			t.Fatalf("%g m beyond the border: %v, want %v", beyond, got, want)
		}
		for i := range got {
			if got[i].Zone != want[i].Zone || math.Abs(float64(got[i].Area-want[i].Area)) > 1e-5 {
				t.Errorf("%g m beyond the border: %v, want %v", beyond, got, want)
			}
		}
	}
}

func TestZonesThatOverlapCountBoth(t *testing.T) {
	a, b := overlay.Prepare(orb.MultiPolygon{box(0, 0, 100, 100)}), overlay.Prepare(orb.MultiPolygon{box(50, 0, 150, 100)})
	p := overlay.Prepare(orb.MultiPolygon{box(70, 40, 80, 50)})
	want := []overlay.Portion{{Zone: 0, Area: 100}, {Zone: 1, Area: 100}}
	if got := overlay.NewZones([]*overlay.Prepared{a, b}).Split(nil, p); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := overlay.NewZones(nil).Split(nil, p); !reflect.DeepEqual(got, []overlay.Portion{{Zone: 0, Area: 100}}) {
		t.Errorf("without zones: %v", got)
	}
}

func TestNearLine(t *testing.T) {
	ring := overlay.Prepare(orb.MultiPolygon{{box(0, 0, 100, 100)[0], box(40, 40, 60, 60)[0]}, box(200, 0, 300, 100)})
	for _, c := range []struct {
		name string
		line []orb.Point
		want bool
	}{
		{"a point inside", []orb.Point{{20, 20}}, true},
		{"a point in the hole", []orb.Point{{50, 50}}, false},
		{"a point outside", []orb.Point{{150, 50}}, false},
		{"a point beside the border", []orb.Point{{100.0005, 50}}, true},
		{"a point of the border", []orb.Point{{0, 0}}, true},
		{"a line across", []orb.Point{{-10, 50}, {110, 50}}, true},
		{"a line between the parts", []orb.Point{{150, -50}, {150, 150}}, false},
		{"a line that ends in the hole", []orb.Point{{50, 45}, {50, 55}}, false},
		{"a line inside", []orb.Point{{10, 10}, {20, 10}, {20, 20}}, true},
		{"a line inside the second part", []orb.Point{{210, 10}, {220, 20}}, true},
		{"a line that touches a corner", []orb.Point{{-50, 50}, {50, 150}, {100, 100}}, true},
		{"no line", nil, false},
	} {
		if got := ring.NearLine(c.line, 1e-3); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if overlay.Prepare(nil).NearLine([]orb.Point{{0, 0}}, 1e-3) {
		t.Error("something is near nothing")
	}
}
