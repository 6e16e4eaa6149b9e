package topo

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// plainLoose cancels edges one after the other in a list: slow, and plainly right. Of edges that several members have it
// may leave another member's.
func plainLoose(members []orb.MultiPolygon) []looseEdge {
	var left []looseEdge
	for _, r := range sidedRings(members) {
		r.turned()
		for i := range len(r.points) - 1 {
			e := r.edge(int32(i))
			if e.a == e.b {
				continue
			}
			opposite := slices.IndexFunc(left, func(f looseEdge) bool { return e.a == f.b && e.b == f.a })
			if opposite >= 0 {
				left = slices.Delete(left, opposite, opposite+1)
			} else {
				left = append(left, e)
			}
		}
	}
	slices.SortFunc(left, compareLoose)
	return left
}

func TestLooseEdgesAreThoseOfThePlainWay(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 8))
	for _, c := range []struct {
		name           string
		members, sides int
	}{
		{"no member", 0, 5},
		{"few points, so that edges come again and again", 400, 3},
		{"some points", 400, 12},
		{"many points, so that the table grows", 700, 200},
		{"many members, so that they are taken in parts", 5500, 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			members := make([]orb.MultiPolygon, c.members)
			for i := range members {
				x, y := float64(random.IntN(c.sides)), float64(random.IntN(c.sides))
				ring := orb.Ring{{x, y}, {x + 1, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}
				if random.IntN(2) == 0 {
					ring.Reverse()
				}
				members[i] = orb.MultiPolygon{{ring}}
			}
			got, want := looseEdges(members), plainLoose(members)
			same := func(e, f looseEdge) bool { return e.a == f.a && e.b == f.b }
			if !slices.EqualFunc(got, want, same) {
				t.Errorf("%d edges are left, the plain way leaves %d, or others", len(got), len(want))
			}
		})
	}
}
