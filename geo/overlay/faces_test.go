package overlay_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

func TestFacesOfTwoCoverages(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 61))
	before, after, _, _, _ := years(r, 12)
	checkFaces(t, before, after)
}

func TestFacesOfLayersThatOverlapThemselves(t *testing.T) {
	r := rand.New(rand.NewPCG(62, 62))
	before, after, _, _, _ := years(r, 5)
	before = append(before, orb.MultiPolygon{box(120, 120, 260, 240)}, orb.MultiPolygon{box(130, 130, 390, 160)})
	after = append(after, withHole(r, orb.Point{250, 250}, 80), nil)
	checkFaces(t, before, after)
}

// checkFaces compares with the overlay of each pair.
func checkFaces(t *testing.T, a, b []orb.MultiPolygon) {
	t.Helper()
	faces, err := overlay.Faces(layerOf(a...), layerOf(b...))
	if err != nil {
		t.Fatal(err)
	}
	found := map[[2]int32]overlay.Face{}
	for i, f := range faces {
		if i > 0 && !(uint32(faces[i-1].A) < uint32(f.A) || faces[i-1].A == f.A && uint32(faces[i-1].B) < uint32(f.B)) {
			t.Fatalf("faces %d and %d are out of order", i-1, i)
		}
		checkValid(t, f.Outline)
		found[[2]int32{f.A, f.B}] = f
	}
	check := func(i, k int, want orb.MultiPolygon) {
		f := found[[2]int32{int32(i), int32(k)}]
		if d := math.Abs(float64(f.Area - overlay.AreaOf(want))); d > 2*overlay.Grid*(length(want)+length(f.Outline)) {
			t.Errorf("face of %d and %d: %v, want %v", i, k, f.Area, overlay.AreaOf(want))
		}
		delete(found, [2]int32{int32(i), int32(k)})
	}
	for i, p := range a {
		for k, q := range b {
			check(i, k, must(t, p, q, overlay.Intersection))
		}
		check(i, -1, without(t, p, b))
	}
	for k, q := range b {
		check(-1, k, without(t, q, a))
	}
	if len(found) > 0 {
		t.Errorf("faces of nothing: %v", found)
	}
}

// Scribbles on a tiny grid, where everything meets everywhere and areas are exact: the faces are what the operations on
// pairs give, and nothing is lost between them.
func TestFacesOfScribbles(t *testing.T) {
	r := rand.New(rand.NewPCG(63, 63))
	for range 500 {
		a, b := orb.MultiPolygon{{scribble(r, 3+r.IntN(9), 8)}}, orb.MultiPolygon{{scribble(r, 3+r.IntN(9), 8)}}
		faces, err := overlay.Faces(layerOf(a), layerOf(b))
		if err != nil {
			t.Fatalf("%v: %v and %v", err, a, b)
		}
		got := map[[2]int32]int64{}
		for _, f := range faces {
			checkValid(t, f.Outline)
			got[[2]int32{f.A, f.B}] = units(f.Outline)
		}
		for label, op := range map[[2]int32]func() orb.MultiPolygon{
			{0, 0}:  func() orb.MultiPolygon { return must(t, a, b, overlay.Intersection) },
			{0, -1}: func() orb.MultiPolygon { return must(t, a, b, overlay.Difference) },
			{-1, 0}: func() orb.MultiPolygon { return must(t, b, a, overlay.Difference) },
		} {
			if want := units(op()); got[label] != want {
				t.Fatalf("face %v: %d half units, want %d: %v and %v", label, got[label], want, a, b)
			}
		}
	}
}

// Several scribbles in each layer: whatever covers what, each polygon's faces cover it and are valid.
func TestFacesOfManyScribbles(t *testing.T) {
	r := rand.New(rand.NewPCG(65, 65))
	for range 100 {
		var a, b []orb.MultiPolygon
		for range 4 {
			a, b = append(a, orb.MultiPolygon{{scribble(r, 3+r.IntN(6), 3000)}}), append(b, orb.MultiPolygon{{scribble(r, 3+r.IntN(6), 3000)}})
		}
		checkFaces(t, a, b)
	}
}

func BenchmarkFacesOfTwoYears(b *testing.B) {
	before, after, _, _, _ := years(rand.New(rand.NewPCG(64, 64)), 141)
	one, two := layerOf(before...), layerOf(after...)
	for b.Loop() {
		if _, err := overlay.Faces(one, two); err != nil {
			b.Fatal(err)
		}
	}
}
