package parceltxt

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
)

// maxRings bounds the rings of one parcel: every two are compared.
const maxRings = 5000

// samples is how many points of a ring are looked at to tell whether it lies in another.
const samples = 16

// nested are the rings of a parcel with how many others each lies in: even for a shell, odd for a hole.
type nested struct {
	rings []orb.Ring
	depth []int
	outer []int // the smallest ring around each, -1 when it has none
}

// nest decides by geometry which rings lie in which, from the largest to the smallest. A ring lies in another when its
// points do; points on the border of the other say nothing, and a ring that has no others lies beside it.
func nest(rings []orb.Ring) nested {
	n := nested{rings: rings, depth: make([]int, len(rings)), outer: make([]int, len(rings))}
	bounds := make([]orb.Bound, len(rings))
	areas := make([]float64, len(rings))
	order := make([]int, len(rings))
	for i, r := range rings {
		bounds[i], areas[i], order[i] = r.Bound(), ellipsoid.PlaneArea(orb.Polygon{r}), i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(areas[j], areas[i]) })
	for k, i := range order {
		n.outer[i] = -1
		for _, j := range slices.Backward(order[:k]) {
			if holds(bounds[j], bounds[i]) && inside(rings[i], rings[j]) {
				n.outer[i], n.depth[i] = j, n.depth[j]+1
				break
			}
		}
	}
	return n
}

func holds(outer, inner orb.Bound) bool {
	return outer.Min[0] <= inner.Min[0] && outer.Min[1] <= inner.Min[1] &&
		outer.Max[0] >= inner.Max[0] && outer.Max[1] >= inner.Max[1]
}

// inside looks at some points of r, and at the middles of its edges when all points lie on the border of around.
func inside(r, around orb.Ring) bool {
	within, found := allWithin(r, around, func(i int) orb.Point { return r[i] })
	if !found {
		within, found = allWithin(r, around, func(i int) orb.Point {
			return orb.Point{(r[i][0] + r[i+1][0]) / 2, (r[i][1] + r[i+1][1]) / 2}
		})
	}
	return found && within
}

func allWithin(r, around orb.Ring, at func(int) orb.Point) (within, found bool) {
	edges := len(r) - 1
	step := max(1, edges/samples)
	for i := 0; i < edges; i += step {
		switch side(at(i), around) {
		case -1:
			return false, true
		case 1:
			found = true
		}
	}
	return true, found
}

// side is 1 for a point inside a closed ring, -1 outside, 0 on its border to the exactness of float64.
func side(p orb.Point, ring orb.Ring) int {
	in := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		cross := (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
		if cross == 0 && math.Min(a[0], b[0]) <= p[0] && p[0] <= math.Max(a[0], b[0]) &&
			math.Min(a[1], b[1]) <= p[1] && p[1] <= math.Max(a[1], b[1]) {
			return 0
		}
		if (a[1] > p[1]) != (b[1] > p[1]) && (cross > 0) == (b[1] > a[1]) {
			in = !in
		}
	}
	if in {
		return 1
	}
	return -1
}

// geometry is the parcel with its holes: shells counter-clockwise, holes clockwise, parts in the order of the file.
func (n nested) geometry() orb.Geometry {
	part := make([]int, len(n.rings))
	var parts orb.MultiPolygon
	for i, r := range n.rings {
		if n.depth[i]%2 == 0 {
			part[i] = len(parts)
			parts = append(parts, orb.Polygon{turned(r, orb.CCW)})
		}
	}
	for i, r := range n.rings {
		if n.depth[i]%2 == 1 {
			shell := part[n.outer[i]]
			parts[shell] = append(parts[shell], turned(r, orb.CW))
		}
	}
	return single(parts)
}

// withoutHoles is the parcel with only its outermost rings.
func (n nested) withoutHoles() orb.Geometry {
	var parts orb.MultiPolygon
	for i, r := range n.rings {
		if n.depth[i] == 0 {
			parts = append(parts, orb.Polygon{turned(r, orb.CCW)})
		}
	}
	return single(parts)
}

func single(parts orb.MultiPolygon) orb.Geometry {
	if len(parts) == 1 {
		return parts[0]
	}
	return parts
}

func turned(r orb.Ring, want orb.Orientation) orb.Ring {
	if o := r.Orientation(); o != 0 && o != want {
		r = slices.Clone(r)
		slices.Reverse(r)
	}
	return r
}
