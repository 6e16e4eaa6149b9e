package overlay_test

import (
	"math/rand/v2"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// redLine is 2,000 vertices about 10 km across, and parcels of 33 points near its border: the conflict check.
func redLine() (orb.MultiPolygon, []orb.MultiPolygon) {
	r := rand.New(rand.NewPCG(20, 20))
	line := orb.MultiPolygon{blob(r, orb.Point{0, 0}, 5000, 2000)}
	var parcels []orb.MultiPolygon
	for range 500 {
		at := orb.Point{r.Float64()*10000 - 5000, r.Float64()*10000 - 5000}
		parcels = append(parcels, orb.MultiPolygon{blob(r, at, 100+r.Float64()*200, 33)})
	}
	return line, parcels
}

func BenchmarkPreparedOverlap(b *testing.B) {
	line, parcels := redLine()
	p := overlay.Prepare(line)
	var s overlay.Scratch
	for i := 0; b.Loop(); i++ {
		p.Overlap(parcels[i%len(parcels)], &s)
	}
}

func BenchmarkPairArea(b *testing.B) {
	line, parcels := redLine()
	var s overlay.Scratch
	for i := 0; b.Loop(); i++ {
		s.Area(parcels[i%len(parcels)], line)
	}
}

func BenchmarkPrepare(b *testing.B) {
	line, _ := redLine()
	for b.Loop() {
		overlay.Prepare(line)
	}
}

func BenchmarkOutlineOfParcel(b *testing.B) {
	line, parcels := redLine()
	var s overlay.Scratch
	for i := 0; b.Loop(); i++ {
		if _, err := s.Outline(parcels[i%len(parcels)], line, overlay.Intersection); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPreparedOutline(b *testing.B) {
	line, parcels := redLine()
	p := overlay.Prepare(line)
	var s overlay.Scratch
	for i := 0; b.Loop(); i++ {
		if _, err := p.Outline(parcels[i%len(parcels)], &s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOutlineOfTwoLargePolygons(b *testing.B) {
	r := rand.New(rand.NewPCG(21, 21))
	one := orb.MultiPolygon{blob(r, orb.Point{0, 0}, 5000, 50000)}
	two := orb.MultiPolygon{blob(r, orb.Point{6000, 0}, 5000, 50000)}
	for b.Loop() {
		if _, err := overlay.Outline(one, two, overlay.Intersection); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDissolve20000Cells(b *testing.B) {
	var parts []orb.MultiPolygon
	for _, c := range coverage(rand.New(rand.NewPCG(22, 22)), 141, 200) {
		parts = append(parts, orb.MultiPolygon{c})
	}
	for b.Loop() {
		if _, err := overlay.Dissolve(parts); err != nil {
			b.Fatal(err)
		}
	}
}
