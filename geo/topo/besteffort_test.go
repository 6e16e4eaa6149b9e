package topo_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

func TestBestEffortTakesOneReading(t *testing.T) {
	for _, c := range []struct {
		name, wkt string
		area      float64 // in square degrees
	}{
		{"bow-tie needs no guess", "POLYGON((0 0,4 4,4 0,0 4,0 0))", 8},
		{"covered twice counts once", "POLYGON((0 0,6 0,6 4,2 4,2 -2,4 -2,4 6,0 6,0 0))", 36},
		{"hole crossing its shell", "POLYGON((0 0,8 0,8 8,0 8,0 0),(6 2,10 2,10 4,6 4,6 2))", 60},
		{"hole outside is dropped", "POLYGON((0 0,4 0,4 4,0 4,0 0),(5 1,6 1,6 2,5 2,5 1))", 16},
		{"no island in a hole in a hole", "POLYGON((0 0,8 0,8 8,0 8,0 0),(1 1,7 1,7 7,1 7,1 1),(3 3,5 3,5 5,3 5,3 3))", 28},
		{"holes that overlap", "POLYGON((0 0,8 0,8 8,0 8,0 0),(1 1,5 1,5 5,1 5,1 1),(3 3,7 3,7 7,3 7,3 3))", 36},
		{"parts that overlap", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((2 2,6 2,6 6,2 6,2 2)))", 28},
		{"same part twice", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((0 0,4 0,4 4,0 4,0 0)))", 16},
		{"part in a part", "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0)),((2 2,4 2,4 4,2 4,2 2)))", 64},
		{
			"a hole counts in its own part only",
			"MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0),(2 2,4 2,4 4,2 4,2 2)),((1 1,3 1,3 3,1 3,1 1)))",
			61,
		},
		{
			"a part of which nothing is left",
			"MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((5 5,6 6,5 5),(5 1,6 1,6 2,5 2,5 1)))",
			16,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := parse(t, c.wkt)
			got, err := topo.RepairWith(g, topo.RepairOptions{Mode: topo.BestEffort})
			if err != nil {
				t.Fatal(err)
			}
			if a := area(got.Geometry); math.Abs(a-c.area) > 1e-7 {
				t.Errorf("area %v, want %v: %v", a, c.area, got.Geometry)
			}
			_, _, err = topo.Repair(g)
			if got.Guessed != (err != nil) || len(got.Done) == 0 {
				t.Errorf("guessed %v, done %v; the lossless repair says %v", got.Guessed, got.Done, err)
			}
			if got.Before != ellipsoid.Area(g) || got.After != ellipsoid.Area(got.Geometry) || got.After == 0 {
				t.Errorf("areas %v and %v", got.Before, got.After)
			}
			checkRepaired(t, got.Geometry)
		})
	}
}

// checkRepaired asks both engines whether a repaired geometry is valid, and whether a second repair leaves it alone.
func checkRepaired(t *testing.T, g orb.Geometry) {
	t.Helper()
	if v := topo.Check(g); v != nil {
		t.Fatalf("%v: %v", v, g)
	}
	mp, ok := g.(orb.MultiPolygon)
	if !ok {
		mp = orb.MultiPolygon{g.(orb.Polygon)}
	}
	if err := otherEngine(mp).Validate(); err != nil {
		t.Fatalf("%v: %v", err, g)
	}
	checkDirections(t, mp)
	for _, mode := range []topo.Mode{topo.Lossless, topo.BestEffort} {
		again, err := topo.RepairWith(g, topo.RepairOptions{Mode: mode})
		if err != nil || again.Done != nil || again.Guessed || !orb.Equal(again.Geometry, g) || again.Before != again.After {
			t.Fatalf("mode %d once more: %v %+v: was %v", mode, err, again, g)
		}
	}
}

func otherEngine(mp orb.MultiPolygon) geom.MultiPolygon {
	var parts []geom.Polygon
	for _, p := range mp {
		parts = append(parts, toSimple(p))
	}
	return geom.NewMultiPolygon(parts)
}

func TestBestEffortIsAlwaysValidAndIdempotent(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	guessed, kept := 0, 0
	for range 3000 {
		mp := scribble(r)
		got, err := topo.RepairWith(mp, topo.RepairOptions{Mode: topo.BestEffort})
		if err != nil {
			if geo.CodeOf(err) != "ingest.geometry.no-area" {
				t.Fatalf("%v: %v", mp, err)
			}
			continue
		}
		kept++
		if got.Guessed {
			guessed++
		}
		checkRepaired(t, got.Geometry)
	}
	if kept < 2000 || guessed < 1000 {
		t.Errorf("only %d were repaired, %d of them by guess", kept, guessed)
	}
}

// scribble is up to three polygons with up to three holes, on a small grid somewhere in China.
func scribble(r *rand.Rand) orb.MultiPolygon {
	var mp orb.MultiPolygon
	size := 4 + r.IntN(8)
	for range 1 + r.IntN(3) {
		p := orb.Polygon{inDegrees(randomRing(r, 3+r.IntN(6), size))}
		for range r.IntN(4) {
			p = append(p, inDegrees(randomRing(r, 3+r.IntN(3), size)))
		}
		mp = append(mp, p)
	}
	return mp
}

// What is mended without loss has the area of the delivered rings by the even-odd rule, within the grid of 0.1 mm
// times the perimeter.
func TestLosslessRepairKeepsTheArea(t *testing.T) {
	const metres = 1e5 // to a degree, as the repair has it
	r := rand.New(rand.NewPCG(6, 2))
	mended := 0
	for range 8000 {
		mp := scribble(r)
		got, err := topo.RepairWith(mp, topo.RepairOptions{})
		if err != nil || got.Done == nil {
			continue
		}
		mended++
		if got.Guessed {
			t.Fatalf("%v: guessed", mp)
		}
		want, err := overlay.Clean(enlarged(mp, metres), overlay.EvenOdd)
		if err != nil {
			t.Fatal(err)
		}
		have := float64(overlay.AreaOf(enlarged(got.Geometry.(orb.MultiPolygon), metres)))
		if d := math.Abs(have - float64(overlay.AreaOf(want))); d > overlay.Grid*perimeter(enlarged(mp, metres)) {
			t.Fatalf("area differs by %v: %v became %v", d, mp, got.Geometry)
		}
	}
	if mended < 300 {
		t.Errorf("only %d were mended", mended)
	}
}

func enlarged(mp orb.MultiPolygon, by float64) orb.MultiPolygon {
	mp = mp.Clone()
	for _, p := range mp {
		for _, ring := range p {
			for i, v := range ring {
				ring[i] = orb.Point{v[0] * by, v[1] * by}
			}
		}
	}
	return mp
}

func perimeter(mp orb.MultiPolygon) float64 {
	sum := 0.0
	for _, p := range mp {
		for _, ring := range p {
			for i := 1; i < len(ring); i++ {
				sum += math.Hypot(ring[i][0]-ring[i-1][0], ring[i][1]-ring[i-1][1])
			}
		}
	}
	return sum
}

func TestBestEffortSaysWhenNothingIsLeft(t *testing.T) {
	for name, wkt := range map[string]string{
		"two points":                "POLYGON((0 0,4 0,0 0))",
		"flat ring":                 "POLYGON((0 0,4 0,8 0,0 0))",
		"hole of the shell's size":  "POLYGON((0 0,8 0,8 8,0 8,0 0),(0 0,8 0,8 8,0 8,0 0))",
		"hole around the shell":     "POLYGON((2 2,3 2,3 3,2 3,2 2),(0 0,8 0,8 8,0 8,0 0))",
		"only holes are left":       "POLYGON((0 0,4 0,0 0),(0 0,8 0,8 8,0 8,0 0))",
		"narrower than the grid":    "POLYGON((0 0,1e-11 0,-1e-11 1e-10,1e-11 1e-10,0 0))",
		"out of reach of the plane": "",
	} {
		t.Run(name, func(t *testing.T) {
			want := "ingest.geometry.no-area"
			g := orb.Geometry(orb.Polygon{{{0, 0}, {1e9, 1e9}, {1e9, 0}, {0, 1e9}, {0, 0}}})
			if wkt == "" {
				want = "ingest.geometry.ambiguous"
			} else {
				g = parse(t, wkt)
			}
			if got, err := topo.RepairWith(g, topo.RepairOptions{Mode: topo.BestEffort}); geo.CodeOf(err) != want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
