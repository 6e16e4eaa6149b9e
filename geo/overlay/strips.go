package overlay

import (
	"math"

	"github.com/paulmach/orb"
)

// near is the distance in metres within which a point counts as lying on a border: rounding of coordinates in the
// plane is a hundredth of it.
const near = 1e-6

// strips finds the edges of polygons by x. The plane is cut into upright strips, none narrower than a usual edge, so
// that the lists together are no longer than twice the number of edges.
type strips struct {
	edges  []side
	box    rect
	width  float64
	starts []int32
	items  []int32
	last   int
}

// side is an edge of a ring from left to right, in plain coordinates.
type side struct{ a, b orb.Point }

func newStrips(mp orb.MultiPolygon) *strips {
	s := &strips{box: boundOf(mp)}
	total := 0.0
	for _, p := range mp {
		for _, r := range p {
			if len(r) < 3 {
				continue
			}
			a := r[len(r)-1]
			for _, b := range r {
				if a != b {
					s.edges = append(s.edges, leftToRight(a, b))
					total += math.Abs(b[0] - a[0])
				}
				a = b
			}
		}
	}
	s.layOut(total)
	return s
}

func leftToRight(a, b orb.Point) side {
	if a[0] > b[0] {
		return side{b, a}
	}
	return side{a, b}
}

// layOut lists the edges by strip; total is the sum of their widths.
func (s *strips) layOut(total float64) {
	n := float64(len(s.edges))
	s.width = max((s.box.x1-s.box.x0)/n, total/n, near)
	s.last = 0
	if n > 0 {
		s.last = int((s.box.x1 - s.box.x0) / s.width)
	}
	s.starts = make([]int32, s.last+2)
	for i := range s.edges {
		for k, end := s.strip(s.edges[i].a[0]), s.strip(s.edges[i].b[0]); k <= end; k++ {
			s.starts[k+1]++
		}
	}
	accumulate(s.starts)
	s.items = make([]int32, s.starts[s.last+1])
	next := append([]int32(nil), s.starts...)
	for i := range s.edges {
		for k, end := s.strip(s.edges[i].a[0]), s.strip(s.edges[i].b[0]); k <= end; k++ {
			s.items[next[k]] = int32(i)
			next[k]++
		}
	}
}

// strip is the number of the strip in which x lies, the nearest one when it lies outside.
func (s *strips) strip(x float64) int {
	k := (x - s.box.x0) / s.width
	switch {
	case !(k > 0):
		return 0
	case k >= float64(s.last):
		return s.last
	}
	return int(k)
}

// between are the edges, some more than once, whose x-range may meet x0…x1.
func (s *strips) between(x0, x1 float64) []int32 {
	return s.items[s.starts[s.strip(x0)]:s.starts[s.strip(x1)+1]]
}

// holds reports whether p lies inside the polygons or on their border.
func (s *strips) holds(p orb.Point) bool {
	if !s.box.grown(near).has(p) {
		return false
	}
	inside := false
	for _, i := range s.between(p[0]-near, p[0]+near) {
		if s.edges[i].near(p) {
			return true
		}
	}
	for _, i := range s.between(p[0], p[0]) {
		e := &s.edges[i]
		if e.a[0] <= p[0] && e.b[0] > p[0] && e.height(p[0]) < p[1] {
			inside = !inside
		}
	}
	return inside
}

func (r rect) grown(by float64) rect { return rect{r.x0 - by, r.y0 - by, r.x1 + by, r.y1 + by} }

func (r rect) has(p orb.Point) bool {
	return p[0] >= r.x0 && p[0] <= r.x1 && p[1] >= r.y0 && p[1] <= r.y1
}

// height is the y of the edge at x.
func (e *side) height(x float64) float64 {
	return e.a[1] + (e.b[1]-e.a[1])*((x-e.a[0])/(e.b[0]-e.a[0]))
}

// near reports whether p lies on the edge, but for rounding.
func (e *side) near(p orb.Point) bool {
	if p[0] < e.a[0]-near || p[0] > e.b[0]+near ||
		p[1] < min(e.a[1], e.b[1])-near || p[1] > max(e.a[1], e.b[1])+near {
		return false
	}
	d := vector(e.a, e.b)
	v := vector(e.a, p)
	return math.Abs(d[0]*v[1]-d[1]*v[0]) <= near*math.Hypot(d[0], d[1])
}

func vector(a, b orb.Point) orb.Point { return orb.Point{b[0] - a[0], b[1] - a[1]} }
