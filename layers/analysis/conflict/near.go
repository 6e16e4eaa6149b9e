package conflict

import (
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo/index"
)

// reach is how near in metres two boundaries must come to count as touching.
const reach = 1e-3

// border is a parcel's boundary in the legal plane, laid out for the question whether something comes near it.
type border struct {
	region orb.MultiPolygon
	bound  orb.Bound // with reach
	edges  *index.Index[edge]
}

type edge struct{ a, b orb.Point }

func newBorder(region orb.MultiPolygon) *border {
	b := &border{region: region, bound: region.Bound().Pad(reach), edges: index.New[edge]()}
	for _, p := range region {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				e := edge{r[i-1], r[i]}
				b.edges.Insert(e.bound(), e)
			}
		}
	}
	return b
}

// near reports whether points or lines in the legal plane come near the parcel's boundary or lie within the parcel.
func (q *question) near(g orb.Geometry) bool {
	if q.border == nil {
		q.border = newBorder(q.plane)
	}
	b := q.border
	switch g := g.(type) {
	case orb.Point:
		return b.meets(orb.LineString{g, g})
	case orb.MultiPoint:
		for _, p := range g {
			if b.meets(orb.LineString{p, p}) {
				return true
			}
		}
	case orb.LineString:
		return b.meets(g)
	case orb.MultiLineString:
		for _, l := range g {
			if b.meets(l) {
				return true
			}
		}
	}
	return false
}

// meets reports whether a line touches, crosses or lies within the parcel.
func (b *border) meets(line orb.LineString) bool {
	return len(line) > 0 && (b.touched(line) || b.contains(line[0]))
}

// touched reports whether one of a path's edges comes near the boundary. Most edges of a large feature are nowhere
// near a parcel, so the bound goes first.
func (b *border) touched(path []orb.Point) bool {
	for i := 1; i < len(path); i++ {
		e := edge{path[i-1], path[i]}
		box := e.bound()
		if !box.Intersects(b.bound) {
			continue
		}
		hit := false
		b.edges.Search(box.Pad(reach), func(o edge) bool {
			hit = e.near(o)
			return !hit
		})
		if hit {
			return true
		}
	}
	return false
}

// contains counts the edges to the right of p (even-odd).
func (b *border) contains(p orb.Point) bool {
	inside := false
	ray := orb.Bound{Min: p, Max: orb.Point{b.bound.Max[0], p[1]}}
	b.edges.Search(ray, func(e edge) bool {
		if (e.a[1] > p[1]) != (e.b[1] > p[1]) &&
			p[0] < e.a[0]+(p[1]-e.a[1])*(e.b[0]-e.a[0])/(e.b[1]-e.a[1]) {
			inside = !inside
		}
		return true
	})
	return inside
}

func (e edge) bound() orb.Bound {
	return orb.Bound{
		Min: orb.Point{min(e.a[0], e.b[0]), min(e.a[1], e.b[1])},
		Max: orb.Point{max(e.a[0], e.b[0]), max(e.a[1], e.b[1])},
	}
}

// near reports whether two edges cross or come within reach of each other.
func (e edge) near(o edge) bool {
	crossing := e.side(o.a)*e.side(o.b) < 0 && o.side(e.a)*o.side(e.b) < 0
	return crossing || e.distance(o.a) <= reach || e.distance(o.b) <= reach ||
		o.distance(e.a) <= reach || o.distance(e.b) <= reach
}

// side is 1 to the left of e, −1 to its right and 0 on its line.
func (e edge) side(p orb.Point) float64 {
	cross := (e.b[0]-e.a[0])*(p[1]-e.a[1]) - (e.b[1]-e.a[1])*(p[0]-e.a[0])
	switch {
	case cross > 0:
		return 1
	case cross < 0:
		return -1
	}
	return 0
}

// distance is from p to the nearest point of e.
func (e edge) distance(p orb.Point) float64 {
	dx, dy := e.b[0]-e.a[0], e.b[1]-e.a[1]
	length := dx*dx + dy*dy
	t := 0.0
	if length > 0 {
		t = min(max(((p[0]-e.a[0])*dx+(p[1]-e.a[1])*dy)/length, 0), 1)
	}
	return math.Hypot(e.a[0]+t*dx-p[0], e.a[1]+t*dy-p[1])
}
