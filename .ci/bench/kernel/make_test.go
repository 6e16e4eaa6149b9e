package main

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/geo/topo"
)

func TestCellsFillTheirSquare(t *testing.T) {
	const n = 12
	sum, made := 0.0, cells(n)
	edges := map[[2]orb.Point]int{}
	for i, c := range made {
		if v := topo.Check(c); len(v) != 0 {
			t.Fatalf("cell %d is not valid: %v", i, v)
		}
		sum += ellipsoid.PlaneArea(c)
		for k := range len(c[0]) - 1 {
			edges[[2]orb.Point{c[0][k], c[0][k+1]}]++
		}
	}
	if want := n * n * cellSize * cellSize; len(made) != n*n || math.Abs(sum-want) > 1e-3 {
		t.Errorf("%d cells have %.4f m², want %.4f", len(made), sum, want)
	}
	alone := 0
	for e, count := range edges {
		if count != 1 {
			t.Fatalf("edge %v is there %d times the same way round", e, count)
		}
		alone += 1 - edges[[2]orb.Point{e[1], e[0]}]
	}
	if want := 4 * n * 8; alone != want {
		t.Errorf("%d edges have no neighbour, want the %d of the border", alone, want)
	}
}

func TestOutlinesAreValid(t *testing.T) {
	const n = 5000
	for name, pair := range map[string][]orb.Polygon{"near": nearPair(n), "far": farPair(n)} {
		for i, p := range pair {
			if len(p[0]) != n+1 || p[0][0] != p[0][n] {
				t.Errorf("%s, polygon %d: %d points or not closed", name, i, len(p[0]))
			}
			if v := topo.Check(p); len(v) != 0 {
				t.Errorf("%s, polygon %d is not valid: %v", name, i, v)
			}
		}
	}
	pair := nearPair(n)
	for i, a := range pair[0][0] {
		b := pair[1][0][i]
		if d := max(math.Abs(a[0]-b[0]), math.Abs(a[1]-b[1])); d > digitising+1e-4 {
			t.Fatalf("corner %d is digitised %g m off", i, d)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	folder := t.TempDir()
	made := cells(3)
	if err := write(filepath.Join(folder, "cells.wkbs"), made); err != nil {
		t.Fatal(err)
	}
	got, err := read(folder, "cells")
	if err != nil || len(got) != len(made) {
		t.Fatalf("%d of %d cells read: %v", len(got), len(made), err)
	}
	for i, f := range got {
		if !f.geom.Equal(orb.MultiPolygon{made[i]}) {
			t.Errorf("cell %d is %v, was %v", i, f.geom, made[i])
		}
	}
}

func TestMatrixOfACoverageIsItsArea(t *testing.T) {
	// The second vintage joins two neighbours into one feature and changes the class of another.
	var before, after []feature
	for i, c := range degreeCells() {
		before = append(before, feature{class: 101, geom: c, hash: [32]byte{byte(i), 1}})
		after = append(after, feature{class: 101, geom: c, hash: [32]byte{byte(i), 1}})
	}
	joined := orb.Ring{{109, 23}, {109.002, 23}, {109.002, 23.001}, {109, 23.001}, {109, 23}}
	after = append(after[2:], feature{class: 601, geom: orb.MultiPolygon{{joined}}, hash: [32]byte{99, 2}})
	border := orb.Bound{Min: orb.Point{109, 23}, Max: orb.Point{109.0015, 23.002}}
	county := []feature{{geom: orb.MultiPolygon{border.ToPolygon()}}}
	in := newLayer(county).At(0)
	m := matrixInput{years: [2]*layer{newLayer(before), newLayer(after)}, counties: []*overlay.Prepared{&in}}
	m.label()
	for _, workers := range []int{1, 2} {
		total := m.run(workers)
		if m.failed != nil {
			t.Fatal(m.failed)
		}
		south := float64(ellipsoid.Area(orb.Polygon{joined}))
		north := float64(ellipsoid.Area(before[2].geom) + ellipsoid.Area(before[3].geom))
		// The areas are those of the legal plane, rounded in its coordinates.
		if math.Abs(total-south-north) > 1e-3 || math.Abs(m.changed-south) > 1e-3 {
			t.Errorf("%d workers: %.4f m², of which %.4f changed; want %.4f and %.4f",
				workers, total, m.changed, south+north, south)
		}
	}
}

// degreeCells are four squares of a thousandth of a degree.
func degreeCells() []orb.MultiPolygon {
	var out []orb.MultiPolygon
	for k := range 2 {
		for i := range 2 {
			x, y := 109+float64(i)/1000, 23+float64(k)/1000
			b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + 0.001, y + 0.001}}
			out = append(out, orb.MultiPolygon{b.ToPolygon()})
		}
	}
	return out
}
