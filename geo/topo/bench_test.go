package topo_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"greenshield/geo/topo"

	"github.com/paulmach/orb"
)

// star is a valid polygon of n corners, in degrees.
func star(r *rand.Rand, center orb.Point, radius float64, n int) orb.Ring {
	var ring orb.Ring
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		d := radius * (0.8 + 0.1*math.Sin(9*a) + min(0.1, 3/float64(n))*r.Float64())
		ring = append(ring, orb.Point{center[0] + d*math.Cos(a), center[1] + d*math.Sin(a)})
	}
	return append(ring, ring[0])
}

func BenchmarkCheckParcel(b *testing.B) {
	p := orb.Polygon{star(rand.New(rand.NewPCG(1, 1)), orb.Point{109, 23}, 0.001, 30)}
	for b.Loop() {
		if topo.Check(p) != nil {
			b.Fatal("not valid")
		}
	}
}

// holey is a polygon with a long shell and many holes: what compares each hole with the whole shell is quadratic.
func holey(r *rand.Rand, corners, holes int) orb.Polygon {
	p := orb.Polygon{star(r, orb.Point{109, 23}, 1, corners)}
	side := int(math.Sqrt(float64(holes)))
	step := 0.9 / float64(side)
	for i := range holes {
		at := orb.Point{108.55 + float64(i%side)*step, 22.55 + float64(i/side)*step}
		hole := star(r, at, step/3, 20)
		hole.Reverse()
		p = append(p, hole)
	}
	return p
}

func BenchmarkCheckPolygonWithHoles(b *testing.B) {
	p := holey(rand.New(rand.NewPCG(2, 2)), 60000, 5000)
	for b.Loop() {
		if v := topo.Check(p); v != nil {
			b.Fatal(v)
		}
	}
}

func BenchmarkCheckMultiPolygon160000(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 3))
	var mp orb.MultiPolygon
	for i := range 4000 {
		mp = append(mp, orb.Polygon{star(r, orb.Point{float64(i%63) * 0.1, float64(i/63) * 0.1}, 0.045, 40)})
	}
	for b.Loop() {
		if v := topo.Check(mp); v != nil {
			b.Fatal(v)
		}
	}
}

func BenchmarkRepairBowTie(b *testing.B) {
	ring := star(rand.New(rand.NewPCG(4, 4)), orb.Point{109, 23}, 0.001, 30)
	ring[10], ring[11] = ring[11], ring[10]
	for b.Loop() {
		if _, done, err := topo.Repair(orb.Polygon{ring}); err != nil || done == nil {
			b.Fatal(done, err)
		}
	}
}

// A typical land-use polygon. Nothing may be allocated: a layer has hundreds of thousands of them.
func BenchmarkCheckPolygon25(b *testing.B) {
	p := orb.MultiPolygon{{star(rand.New(rand.NewPCG(5, 1)), orb.Point{109, 23}, 0.001, 25)}}
	b.ReportAllocs()
	for b.Loop() {
		if v := topo.Check(p); v != nil {
			b.Fatal(v)
		}
	}
}

func BenchmarkCheckPolygon20000(b *testing.B) {
	p := orb.MultiPolygon{{star(rand.New(rand.NewPCG(5, 2)), orb.Point{109, 23}, 0.1, 20000)}}
	b.ReportAllocs()
	for b.Loop() {
		if v := topo.Check(p); v != nil {
			b.Fatal(v)
		}
	}
}
