package leads

import (
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/index"
)

// clusters puts patches together that make one lead: neighbours of one kind and one home, and patches of two sources, such
// as land use and an activity, that share ground. Being together is passed on from neighbour to neighbour, so the
// clusters do not depend on the order of the patches. Each is in the order of the patches, and so are they.
func (f *finder) clusters() [][]int {
	near := nearby(f.now, f.Distance, func(a, b *patch) bool {
		if a.home != b.home {
			return false
		}
		if a.Kind == b.Kind {
			return true
		}
		return a.Source != b.Source && a.shape != nil && b.shape != nil && a.shape.Shared(b.shape) > sliver
	})
	parent := make([]int, len(f.now))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, pair := range near {
		a, b := root(pair[0]), root(pair[1])
		parent[max(a, b)] = min(a, b)
	}
	members := map[int][]int{}
	var roots []int
	for i := range f.now {
		r := root(i)
		if members[r] == nil {
			roots = append(roots, r)
		}
		members[r] = append(members[r], i)
	}
	out := make([][]int, len(roots))
	for k, r := range roots {
		out[k] = members[r]
	}
	return out
}

// nearby are the pairs of patches, the first number the smaller, that belong together and come within a distance.
func nearby(patches []patch, distance geo.Length, together func(a, b *patch) bool) [][2]int {
	seen := index.New[int]()
	var out [][2]int
	for i := range patches {
		p := &patches[i]
		b := p.bound().Pad(float64(distance) * 1.5) // room for the plane's stretch, which near() does not need
		var hits []int
		seen.Search(b, func(j int) bool {
			hits = append(hits, j)
			return true
		})
		slices.Sort(hits)
		for _, j := range hits {
			if o := &patches[j]; together(p, o) && near(p, o, distance) {
				out = append(out, [2]int{j, i})
			}
		}
		seen.Insert(p.bound(), i)
	}
	return out
}

// bound is that of a patch in the legal plane.
func (p *patch) bound() orb.Bound {
	if p.shape != nil {
		return p.shape.Bound()
	}
	return orb.MultiPoint(p.points).Bound()
}

// planeDistance is the geodesic between two points of the legal plane in metres.
func planeDistance(p, q orb.Point) float64 {
	return float64(ellipsoid.Length(orb.LineString{ellipsoid.FromPlane(p), ellipsoid.FromPlane(q)}))
}
