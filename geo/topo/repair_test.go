package topo_test

import (
	"math/rand/v2"
	"testing"

	"greenshield/geo"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
)

// Most scribbles have no single reading; what is repaired must be valid and run the right way.
func TestRepairGivesValidGeometryOrAnError(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	repaired := 0
	for range 6000 {
		var mp orb.MultiPolygon
		for range 1 + r.IntN(2) {
			mp = append(mp, orb.Polygon{inDegrees(randomRing(r, 3+r.IntN(5), 6))})
		}
		fixed, done, err := topo.Repair(mp)
		if err != nil {
			if geo.CodeOf(err) != "ingest.geometry.ambiguous" {
				t.Fatal(err)
			}
			continue
		}
		repaired++
		if v := topo.Check(fixed); v != nil {
			t.Fatalf("%v repaired to %v: %v", mp, fixed, v)
		}
		if len(done) == 0 && topo.Check(mp) != nil {
			t.Fatalf("%v: repaired without a word", mp)
		}
		checkDirections(t, fixed.(orb.MultiPolygon))
	}
	if repaired < 500 {
		t.Errorf("only %d were repaired", repaired)
	}
}

// inDegrees puts a ring from a small grid somewhere in China, a few metres to a unit, with all digits in use.
func inDegrees(ring orb.Ring) orb.Ring {
	for i, p := range ring {
		ring[i] = orb.Point{109.123456789012 + p[0]*3.3e-5, 23.456789012345 + p[1]*3.1e-5}
	}
	return ring
}

func checkDirections(t *testing.T, mp orb.MultiPolygon) {
	t.Helper()
	for _, p := range mp {
		for i, ring := range p {
			if (ring.Orientation() == orb.CCW) != (i == 0) {
				t.Fatalf("ring %d of %v runs the wrong way", i, p)
			}
		}
	}
}

// Only the crossing of a bow-tie is new; every delivered vertex keeps its last digit.
func TestRepairKeepsDeliveredVertices(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	repaired := 0
	for range 50 {
		ring := star(r, orb.Point{109.5, 24.5}, 0.002, 30)
		ring[10], ring[11] = ring[11], ring[10]
		fixed, done, err := topo.Repair(orb.Polygon{ring})
		if err != nil {
			t.Fatal(err)
		}
		if len(done) == 0 {
			continue // this zigzag does not cross itself
		}
		repaired++
		delivered := make(map[orb.Point]bool)
		for _, p := range ring {
			delivered[p] = true
		}
		fresh := make(map[orb.Point]bool)
		for _, part := range fixed.(orb.MultiPolygon) {
			for _, p := range part[0] {
				if delivered[p] {
					delete(delivered, p)
				} else {
					fresh[p] = true
				}
			}
		}
		for p := range fresh {
			for _, q := range ring {
				if p == q {
					delete(fresh, p)
				}
			}
		}
		if len(delivered) > 0 || len(fresh) > 1 {
			t.Fatalf("lost %v, new %v", delivered, fresh)
		}
	}
	if repaired < 20 {
		t.Errorf("only %d were repaired", repaired)
	}
}

func TestRepairSaysWhereItCannot(t *testing.T) {
	g := orb.MultiPolygon{
		{{{109, 23}, {109.4, 23}, {109.4, 23.4}, {109, 23.4}, {109, 23}}},
		{{{109.2, 23.2}, {109.6, 23.2}, {109.6, 23.6}, {109.2, 23.6}, {109.2, 23.2}}},
	}
	_, _, err := topo.Repair(g)
	p, ok := err.(*geo.Problem)
	if !ok || p.At == nil || p.Code != "ingest.geometry.ambiguous" {
		t.Fatalf("got %v", err)
	}
	rule, ok := p.Args[0].Value.(*geo.Problem)
	if !ok || rule.Code != "topo.rule."+string(topo.OverlappingParts) || (*p.At)[0] < 109.2 || (*p.At)[0] > 109.4 {
		t.Errorf("got %v", p)
	}
}

func TestRepairMentionsHolesThatRunWithTheirShell(t *testing.T) {
	shell := orb.Ring{{0, 0}, {8, 0}, {8, 8}, {0, 8}, {0, 0}}
	hole := orb.Ring{{2, 2}, {4, 2}, {4, 4}, {2, 4}, {2, 2}}
	fixed, done, err := topo.Repair(orb.Polygon{shell, hole})
	if err != nil || len(done) != 1 || done[0].Rule != topo.WrongOrientation {
		t.Fatalf("got %v, %v", done, err)
	}
	checkDirections(t, orb.MultiPolygon{fixed.(orb.Polygon)})
	if hole.Orientation() != orb.CCW {
		t.Error("the delivered geometry was changed")
	}
	shell.Reverse()
	if _, done, err := topo.Repair(orb.Polygon{shell, hole}); err != nil || len(done) != 0 {
		t.Errorf("all the other way round: %v, %v", done, err)
	}
}

// The cost must grow about as the number of vertices does; a quadratic check takes minutes here.
func TestCheckOfLargePolygons(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	if v := topo.Check(holey(r, 60000, 3000)); v != nil {
		t.Error(v)
	}
	broken := holey(r, 60000, 3000)
	broken[0][500], broken[0][501] = broken[0][501], broken[0][500]
	if v := topo.Check(broken); len(v) != 1 || v[0].Rule != topo.SelfIntersection {
		t.Error(v)
	}
}

// Found by FuzzRepair: of polygons so small that a float cannot hold their area, every repair turned the ring round.
func TestRepairKnowsTheDirectionOfTinyRings(t *testing.T) {
	const tiny = 1e-200
	ring := orb.Ring{{0, 0}, {tiny, 0}, {tiny, tiny}, {0, tiny}, {0, 0}}
	turned := ring.Clone()
	turned.Reverse()
	for _, r := range []orb.Ring{ring, turned} {
		fixed, _, err := topo.Repair(r)
		if err != nil || !orb.Equal(fixed, orb.Polygon{ring}) {
			t.Errorf("%v became %v, %v", r, fixed, err)
		}
	}
}
