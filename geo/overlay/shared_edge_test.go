package overlay_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// relative is how exactly areas with shared edges must come out: of the smaller region.
const relative = 1e-9

// sharedEdges are pairs whose borders coincide, touch, or run a grid unit apart; want is the area of their overlap.
var sharedEdges = []struct {
	name, a, b string
	want       float64
}{
	{
		"identical, with other starts and directions",
		"POLYGON((0 0,70 10,90 80,20 60,0 0))", "POLYGON((20 60,90 80,70 10,0 0,20 60))", 4250,
	},
	{
		"identical, with collinear vertices on one side only",
		"POLYGON((0 0,30 0,60 0,60 60,0 60,0 0))", "POLYGON((0 0,60 0,60 20,60 40,60 60,45 60,7 60,0 60,0 33,0 0))", 3600,
	},
	{
		"identical rings with an identical hole",
		"POLYGON((0 0,60 0,60 60,0 60,0 0),(10 10,20 50,50 20,10 10))",
		"POLYGON((0 0,60 0,60 60,0 60,0 0),(20 50,10 10,50 20,20 50))", 2850,
	},
	{
		"part of a slanting edge shared, from outside",
		"POLYGON((0 0,90 30,60 120,0 0))", "POLYGON((30 10,60 20,60 -40,30 10))", 0,
	},
	{
		"part of a slanting edge shared, from inside",
		"POLYGON((0 0,90 30,60 120,0 0))", "POLYGON((30 10,60 20,50 50,30 10))", 500,
	},
	{
		"T-junction: a corner in the middle of an edge",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((60 30,90 10,90 50,60 30))", 0,
	},
	{
		"T-junction from inside",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((60 30,30 10,30 50,60 30))", 600,
	},
	{
		"two T-junctions and a shared corner",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((0 0,60 30,30 60,0 0))", 1350,
	},
	{
		"corner to corner",
		"POLYGON((0 0,60 20,40 60,0 0))", "POLYGON((60 20,90 20,90 50,60 20))", 0,
	},
	{
		"vertices one grid unit inside",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))",
		"POLYGON((0.0001 0.0001,59.9999 0.0001,59.9999 59.9999,0.0001 59.9999,0.0001 0.0001))",
		59.9998 * 59.9998,
	},
	{
		"one vertex a grid unit off",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((0 0,60 0,60.0001 60,0 60,0 0))", 3600,
	},
	{
		"one vertex a grid unit in",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((0 0,60 0,59.9999 60,0 60,0 0))", 3600 - 60*0.0001/2,
	},
	{
		"a grid unit apart",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((60.0001 0,90 0,90 60,60.0001 60,60.0001 0))", 0,
	},
	{
		"a grid unit shared",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((59.9999 0,90 0,90 60,59.9999 60,59.9999 0))", 60 * 0.0001,
	},
	{
		"a border that zigzags a grid unit about the other",
		"POLYGON((0 0,40 0,40 40,0 40,0 0))",
		"POLYGON((0 0.0001,10 -0.0001,20 0.0001,30 -0.0001,40 0.0001,40 40,0 40,0 0.0001))", 1600 - 4*5*0.0001/2,
	},
	{
		"spike outwards lies along the other's border",
		"POLYGON((0 0,60 0,60 30,90 30,60 30,60 60,0 60,0 0))", "POLYGON((60 30,90 30,90 60,60 60,60 30))", 0,
	},
	{
		"spike inwards",
		"POLYGON((0 0,60 0,60 60,30 60,30 20,30 60,0 60,0 0))", "POLYGON((20 10,40 10,40 50,20 50,20 10))", 800,
	},
	{
		"very thin tooth",
		"POLYGON((0 0,60 0,60 29.9999,90 30,60 30.0001,60 60,0 60,0 0))", "POLYGON((60 0,100 0,100 60,60 60,60 0))",
		30 * 0.0002 / 2,
	},
	{
		"hole touches its shell at a point of the other's border",
		"POLYGON((0 0,60 0,60 60,0 60,0 0),(60 30,30 10,30 50,60 30))", "POLYGON((30 10,90 10,90 50,30 50,30 10))", 600,
	},
	{
		"hole touches its shell in the middle of the other",
		"POLYGON((0 0,60 0,60 60,0 60,0 0),(0 0,40 10,10 40,0 0))", "POLYGON((0 0,50 0,50 50,0 50,0 0))", 1750,
	},
	{
		"two holes touch each other",
		"POLYGON((0 0,60 0,60 60,0 60,0 0),(30 30,10 20,20 10,30 30),(30 30,50 40,40 50,30 30))",
		"POLYGON((10 10,50 10,50 50,10 50,10 10))", 1300,
	},
	{
		"hole exactly filled",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(20 20,70 30,40 70,20 20))", "POLYGON((20 20,70 30,40 70,20 20))", 0,
	},
	{
		"hole exactly filled, with a vertex more",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(20 20,60 20,60 60,20 60,20 20))",
		"POLYGON((20 20,41 20,60 20,60 60,20 60,20 33,20 20))", 0,
	},
	{
		"hole filled and a rim on one side",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(20 20,60 20,60 60,20 60,20 20))",
		"POLYGON((20 20,60 20,60 70,20 70,20 20))", 400,
	},
	{
		"polygon in a hole touches it",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(20 20,60 20,60 60,20 60,20 20))", "POLYGON((20 40,40 20,60 40,40 60,20 40))", 0,
	},
	{
		"holes shared in part",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(20 20,60 20,60 60,20 60,20 20))",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(20 20,40 20,40 60,20 60,20 20))", 8100 - 1600,
	},
	{
		"holes that share an edge from both sides",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(20 20,40 20,40 60,20 60,20 20))",
		"POLYGON((0 0,90 0,90 90,0 90,0 0),(40 20,60 20,60 60,40 60,40 20))", 8100 - 1600,
	},
	{
		"island in a hole, the other is the hole's neighbour",
		"MULTIPOLYGON(((0 0,90 0,90 90,0 90,0 0),(20 20,60 20,60 60,20 60,20 20)),((30 30,50 30,50 50,30 50,30 30)))",
		"POLYGON((20 20,60 20,60 60,20 60,20 20),(30 30,50 30,50 50,30 50,30 30))", 0,
	},
	{
		"parts that touch at a point",
		"MULTIPOLYGON(((0 0,30 0,30 30,0 30,0 0)),((30 30,60 30,60 60,30 60,30 30)))",
		"MULTIPOLYGON(((30 0,60 0,60 30,30 30,30 0)),((0 30,30 30,30 60,0 60,0 30)))", 0,
	},
	{
		"parts that touch at a point, turned",
		"MULTIPOLYGON(((0 0,30 0,30 30,0 30,0 0)),((30 30,60 30,60 60,30 60,30 30)))",
		"MULTIPOLYGON(((30 30,0 0,0 60,30 30)),((30 30,60 0,60 60,30 30)))", 900,
	},
	{
		"flat triangles on one base",
		"POLYGON((0 0,1000 0,500 0.001,0 0))", "POLYGON((0 0,1000 0,400 0.001,0 0))", 0.5 / 1.1,
	},
	{
		"flat triangles back to back",
		"POLYGON((0 0,1000 300,500 150.001,0 0))", "POLYGON((0 0,1000 300,500 149.999,0 0))", 0,
	},
	{
		"flat triangle across a corner",
		"POLYGON((0 0,1000 0,1000 1000,0 1000,0 0))", "POLYGON((-500 500,1500 500,1500 500.0001,-500 500))", 0.05,
	},
	{
		"upright borders on each other",
		"POLYGON((0 0,30 0,30 10,30 20,30 60,0 60,0 0))", "POLYGON((30 5,60 5,60 70,30 70,30 15,30 5))", 0,
	},
	{
		"half of a square along its diagonal",
		"POLYGON((0 0,60 0,60 60,0 60,0 0))", "POLYGON((0 0,60 60,0 60,0 0))", 1800,
	},
	{
		"both halves of a square",
		"POLYGON((0 0,60 0,60 60,0 0))", "POLYGON((0 0,60 60,0 60,0 0))", 0,
	},
	{
		"quarters around a point",
		"MULTIPOLYGON(((0 0,90 0,45 45,0 0)),((0 90,45 45,90 90,0 90)))",
		"MULTIPOLYGON(((0 0,45 45,0 90,0 0)),((90 0,90 90,45 45,90 0)))", 0,
	},
	{
		"star on star, each on the other's corners",
		"POLYGON((0 30,20 20,30 0,40 20,60 30,40 40,30 60,20 40,0 30))",
		"POLYGON((0 0,30 20,60 0,40 30,60 60,30 40,0 60,20 30,0 0))", 600,
	},
}

func TestAreaOfSharedEdges(t *testing.T) {
	for _, c := range sharedEdges {
		expect(t, c.name, func(t *testing.T) error {
			a, b := wkt(t, c.a), wkt(t, c.b)
			if slabs := slabArea(a, b, overlay.Intersection, overlay.NonZero); !(math.Abs(slabs-c.want) <= 1e-9*(1+c.want)) {
				t.Fatalf("the case is wrong: slabs say %v, not %v", slabs, c.want)
			}
			for _, by := range [][2]int64{{0, 0}, {123_456_789, -987_654_321}, {-30_000_000_000, 40_000_000_000}} {
				if err := checkShared(t, moved(a, by[0], by[1]), moved(b, by[0], by[1]), c.want); err != nil {
					return fmt.Errorf("moved by %v: %w", by, err)
				}
			}
			return nil
		})
	}
}

// checkShared compares every form of both engines with the area wanted. The coordinates of these cases lie on the
// grid, but at five thousand kilometres a float holds them to 1e-9 m only: that times the perimeter may be missing.
func checkShared(t *testing.T, a, b orb.MultiPolygon, want float64) error {
	t.Helper()
	smaller := math.Min(float64(overlay.AreaOf(a)), float64(overlay.AreaOf(b)))
	far := 0.0
	for _, v := range a[0][0] {
		far = max(far, math.Abs(v[0]), math.Abs(v[1]))
	}
	slack := relative*smaller + 0x1p-52*far*(length(a)+length(b))
	for form, got := range areas(a, b) {
		if !(math.Abs(float64(got)-want) <= slack) {
			return fmt.Errorf("%s: got %.12g, want %.12g", form, float64(got), want)
		}
	}
	for _, pair := range [][2]orb.MultiPolygon{{a, b}, {b, a}} {
		out, err := overlay.Prepare(pair[0]).Outline(pair[1], nil)
		if err != nil {
			return err
		}
		checkOGC(t, out)
		if d := math.Abs(float64(overlay.AreaOf(out)) - want); !(d <= slack+grid*(length(out)+grid)) {
			return fmt.Errorf("prepared outline: got %.12g, want %.12g", float64(overlay.AreaOf(out)), want)
		}
		if err := overlay.Agree(overlay.Area(a, b), out, a, b); err != nil {
			return err
		}
	}
	return nil
}

// triangles are all triangles with corners on a lattice of n × n places 600 m apart.
func triangles(n int) []orb.MultiPolygon {
	at := func(i int) orb.Point { return orb.Point{600 * float64(i%n), 600 * float64(i/n)} }
	var list []orb.MultiPolygon
	for i := range n * n {
		for k := range i {
			for m := range k {
				ring := orb.Ring{at(i), at(k), at(m), at(i)}
				if units(orb.MultiPolygon{{ring}}) != 0 {
					list = append(list, orb.MultiPolygon{{ring}})
				}
			}
		}
	}
	return list
}

// Every triangle of a lattice against every other: shared edges, parts of them, T-junctions, corners on corners.
func TestAllTrianglesOfLattice(t *testing.T) {
	list := triangles(3)
	var s overlay.Scratch
	for i, a := range list {
		p := overlay.Prepare(a)
		for _, b := range list[:i+1] {
			want := slabArea(a, b, overlay.Intersection, overlay.NonZero)
			for form, got := range map[string]float64{
				"pair": float64(s.Area(a, b)), "swapped": float64(s.Area(b, a)), "prepared": float64(p.Overlap(b, &s)),
			} {
				if !(math.Abs(got-want) <= 1e-9*180_000) {
					t.Fatalf("%s: got %v, want %v\n%v\n%v", form, got, want, a, b)
				}
			}
			out, err := p.Outline(b, &s)
			if err != nil || math.Abs(float64(overlay.AreaOf(out))-want) > grid*length(out) {
				t.Fatalf("outline of %v, %v, want %v\n%v\n%v", overlay.AreaOf(out), err, want, a, b)
			}
		}
	}
}

// Two regions of cells of one coverage: what they share is exactly the cells that both have.
func TestRegionsOfOneCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 41))
	cells := coverage(r, 12, 130)
	for range 25 {
		var a, b, both orb.MultiPolygon
		for _, c := range cells {
			inA, inB := r.IntN(2) == 0, r.IntN(3) == 0
			if inA {
				a = append(a, c)
			}
			if inB {
				b = append(b, c)
			}
			if inA && inB {
				both = append(both, c)
			}
		}
		united, want := cleaned(t, b, overlay.NonZero), float64(overlay.AreaOf(both))
		for _, b := range []orb.MultiPolygon{b, united} {
			for form, got := range areas(a, b) {
				if !(math.Abs(float64(got)-want) <= relative*want) {
					t.Errorf("%s: got %v, want %v", form, got, want)
				}
			}
			out := must(t, a, b, overlay.Intersection)
			checkOGC(t, out)
			if twiceArea(out).Cmp(twiceArea(both)) != 0 {
				t.Errorf("outline: %v half units, want %v", twiceArea(out), twiceArea(both))
			}
		}
	}
}
