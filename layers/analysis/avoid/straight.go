package avoid

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
)

// straight finds the line that has all that is to be avoided on one side, the margin away, and most of the parcel on
// the other. It is nil when no line leaves anything of the parcel.
func (s *suggestion) straight(m *overlay.Scratch) (orb.LineString, orb.MultiPolygon, error) {
	shapes, err := overlay.Dissolve(s.shapes)
	if err != nil {
		return nil, nil, err
	}
	inside, err := m.Outline(s.plane, shapes, overlay.Intersection)
	if err != nil {
		return nil, nil, err
	}
	hull := hullOf(inside)
	if len(hull) < 3 {
		return nil, nil, nil
	}
	parcel := overlay.Prepare(s.plane)
	k := keeper{parcel: parcel.Polygon(), hull: hull, margin: s.reach, middle: parcel.Bound().Center()}
	angle, area := k.best()
	if area <= 0 {
		return nil, nil, nil
	}
	side, line := k.side(angle, parcel.Bound())
	rest, err := m.Outline(s.plane, orb.MultiPolygon{{side}}, overlay.Intersection)
	return orb.LineString{ellipsoid.FromPlane(line[0]), ellipsoid.FromPlane(line[1])}, rest, err
}

// keeper keeps of a parcel what lies on one side of a line along a convex hull.
type keeper struct {
	parcel orb.MultiPolygon // shells counter-clockwise, holes clockwise
	hull   []orb.Point      // counter-clockwise
	margin float64
	middle orb.Point // from which distances count, so that they are short
	ring   []orb.Point
}

// limit is how far in the direction of an angle the kept side reaches: up to the hull, less the margin.
func (k *keeper) limit(angle float64) (normal orb.Point, limit float64) {
	sin, cos := math.Sincos(angle)
	normal, limit = orb.Point{cos, sin}, math.Inf(1)
	for _, p := range k.hull {
		limit = min(limit, k.along(normal, p))
	}
	return normal, limit - k.margin
}

func (k *keeper) along(normal, p orb.Point) float64 {
	return normal[0]*(p[0]-k.middle[0]) + normal[1]*(p[1]-k.middle[1])
}

// kept is the area of the parcel on the kept side. Each ring is clipped by itself (Sutherland and Hodgman, Reentrant
// polygon clipping, 1974); what the clipped ring runs along the line and back encloses nothing.
func (k *keeper) kept(angle float64) float64 {
	normal, limit := k.limit(angle)
	sum := 0.0
	for _, polygon := range k.parcel {
		for _, ring := range polygon {
			sum += k.clipped(ring, normal, limit)
		}
	}
	return sum
}

func (k *keeper) clipped(ring orb.Ring, normal orb.Point, limit float64) float64 {
	k.ring = k.ring[:0]
	last := ring[len(ring)-1]
	from := k.along(normal, last) - limit
	for _, p := range ring {
		to := k.along(normal, p) - limit
		if (from < 0) != (to < 0) {
			t := from / (from - to)
			k.ring = append(k.ring, orb.Point{last[0] + t*(p[0]-last[0]), last[1] + t*(p[1]-last[1])})
		}
		if to <= 0 {
			k.ring = append(k.ring, p)
		}
		last, from = p, to
	}
	return shoelace(k.ring)
}

// shoelace is the area of an open ring about its first point, negative when it runs clockwise.
func shoelace(ring []orb.Point) float64 {
	sum := 0.0
	for i := 2; i < len(ring); i++ {
		a, b := vector(ring[0], ring[i-1]), vector(ring[0], ring[i])
		sum += cross(a, b)
	}
	return sum / 2
}

func vector(from, to orb.Point) orb.Point { return orb.Point{to[0] - from[0], to[1] - from[1]} }

func cross(a, b orb.Point) float64 { return a[0]*b[1] - a[1]*b[0] }

// best is the angle of the line that keeps most, and what it keeps. Every edge of the hull is tried and directions
// between them, and around the best of these the maximum is closed in on; the first of equals wins.
func (k *keeper) best() (angle, area float64) {
	const directions, closer = 360, 6
	type try struct{ angle, area float64 }
	var tries []try
	add := func(angle float64) { tries = append(tries, try{angle, k.kept(angle)}) }
	for i := range directions {
		add(2 * math.Pi * float64(i) / directions)
	}
	for i, p := range k.hull {
		d := vector(p, k.hull[(i+1)%len(k.hull)])
		add(math.Atan2(d[0], -d[1])) // the inside of a counter-clockwise edge lies to its left, and that is given up
	}
	slices.SortStableFunc(tries, func(a, b try) int { return cmp.Compare(b.area, a.area) })
	for _, t := range tries[:closer] {
		add(k.closeIn(t.angle, 2*math.Pi/directions))
	}
	best := tries[0]
	for _, t := range tries {
		if t.area > best.area*(1+1e-9) {
			best = t
		}
	}
	return best.angle, best.area
}

// closeIn finds the maximum within reach of an angle by the golden section.
func (k *keeper) closeIn(angle, reach float64) float64 {
	const golden, steps = 0.6180339887498949, 40
	from, to := angle-reach, angle+reach
	a, b := to-golden*(to-from), from+golden*(to-from)
	fa, fb := k.kept(a), k.kept(b)
	for range steps {
		if fa >= fb {
			to, b, fb = b, a, fa
			a = to - golden*(to-from)
			fa = k.kept(a)
		} else {
			from, a, fa = a, b, fb
			b = from + golden*(to-from)
			fb = k.kept(b)
		}
	}
	return (from + to) / 2
}

// side is the kept side as a ring that holds all of a bound there, and the line.
func (k *keeper) side(angle float64, b orb.Bound) (orb.Ring, [2]orb.Point) {
	normal, limit := k.limit(angle)
	far := math.Hypot(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) + math.Abs(limit) + 1
	at := func(across, along float64) orb.Point {
		return orb.Point{
			k.middle[0] + normal[0]*along - normal[1]*across, k.middle[1] + normal[1]*along + normal[0]*across,
		}
	}
	p, q := at(-far, limit), at(far, limit)
	ring := orb.Ring{p, q, at(far, -2*far), at(-far, -2*far), p}
	return ring, [2]orb.Point{p, q}
}

// hullOf is the convex hull of all vertices, counter-clockwise (A. M. Andrew, Another efficient algorithm for convex
// hulls in two dimensions, 1979).
func hullOf(mp orb.MultiPolygon) []orb.Point {
	var points []orb.Point
	for _, polygon := range mp {
		points = append(points, polygon[0]...)
	}
	slices.SortFunc(points, func(a, b orb.Point) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	points = slices.Compact(points)
	var hull []orb.Point
	for range 2 { // from left to right below, then back above
		first := len(hull)
		for _, p := range points {
			for len(hull) > first+1 && cross(vector(hull[len(hull)-2], hull[len(hull)-1]), vector(hull[len(hull)-2], p)) <= 0 {
				hull = hull[:len(hull)-1]
			}
			hull = append(hull, p)
		}
		if len(hull) > 0 {
			hull = hull[:len(hull)-1]
		}
		slices.Reverse(points)
	}
	return hull
}
