package avoid

import (
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
)

// perMetre is 1 / the width of the grid that boundary points are on: a tenth of a millimetre, as in exchange files.
const perMetre = 1e4

// straightness is how far in metres a point may lie beside an edge to lie on it.
const straightness = 1e-3

// own are the points of the parcel as it was delivered.
type own struct {
	// lonlat gives the degrees of a point by its place on the grid of the legal plane, so that a point which stays
	// keeps its coordinates to the last digit.
	lonlat map[[2]int64]orb.Point
	// order gives the number of a point by its place in the plane of the boundary points; inserts are those that only
	// stand on long edges because the official procedure asks for it, and are no boundary points.
	order   map[orb.Point]int
	inserts map[orb.Point]bool
}

func (s *suggestion) own() own {
	o := own{lonlat: map[[2]int64]orb.Point{}, order: map[orb.Point]int{}, inserts: map[orb.Point]bool{}}
	for _, polygon := range s.parcel.Parcel.Geometry {
		for _, ring := range polygon {
			corners := make(orb.Ring, len(ring))
			for i, p := range ring {
				corners[i] = s.corner(p)
				o.lonlat[onGrid(ellipsoid.ToPlane(p))] = p
				if _, known := o.order[corners[i]]; !known {
					o.order[corners[i]] = len(o.order)
				}
			}
			o.addInserts(corners)
		}
	}
	return o
}

// corner is a point in degrees as a boundary point.
func (s *suggestion) corner(lonlat orb.Point) orb.Point {
	p := s.System.FromLonLat(lonlat)
	return orb.Point{math.Round(p[0]*perMetre) / perMetre, math.Round(p[1]*perMetre) / perMetre}
}

func onGrid(p orb.Point) [2]int64 {
	return [2]int64{int64(math.Floor(p[0]*perMetre + 0.5)), int64(math.Floor(p[1]*perMetre + 0.5))}
}

// addInserts finds, on a closed ring, the points that divide a straight way of more than 70 m into as many equal
// parts as the official procedure makes of it. A corner that the survey put there is taken for one of them only if
// it stands at such a place to the millimetre.
func (o *own) addInserts(ring orb.Ring) {
	for from := 0; from < len(ring)-1; {
		to := from + 1
		for to+1 < len(ring) && o.divided(ring[from:to+2]) {
			to++
		}
		for _, p := range ring[from+1 : to] {
			o.inserts[p] = true
		}
		from = to
	}
}

// divided reports whether a way is straight and divided into equal parts that are as long as the procedure makes
// them or, while the way goes on, may be a beginning of such.
func (o *own) divided(way orb.Ring) bool {
	first, last := way[0], way[len(way)-1]
	n := float64(len(way) - 1)
	whole := math.Hypot(last[0]-first[0], last[1]-first[1])
	if part := whole / n; part > ellipsoid.OfficialEdge || part < ellipsoid.OfficialEdge/2 {
		return false
	}
	for i, p := range way {
		t := float64(i) / n
		x, y := first[0]+t*(last[0]-first[0]), first[1]+t*(last[1]-first[1])
		if math.Hypot(p[0]-x, p[1]-y) > straightness {
			return false
		}
	}
	return true
}

// remains is a place in the legal plane as a cut, without its slivers; nil when nothing is left.
func (s *suggestion) remains(place orb.MultiPolygon) (*Cut, error) {
	c := &Cut{System: s.System.String()}
	points := s.own()
	for _, polygon := range place {
		if s.sliver(polygon) {
			c.Dropped += overlay.AreaOf(orb.MultiPolygon{polygon})
			continue
		}
		var corners orb.Polygon
		for _, ring := range polygon {
			if r := s.cornersOf(ring, points); len(r) > 3 {
				corners = append(corners, r)
				c.count(r, points)
			} else if len(corners) == 0 {
				break // a shell that is nothing on the ground
			}
		}
		if len(corners) > 0 {
			c.Corners = append(c.Corners, corners)
		}
	}
	if len(c.Corners) == 0 {
		return nil, nil
	}
	return c, s.measure(c)
}

func (c *Cut) count(ring orb.Ring, points own) {
	for _, p := range ring[:len(ring)-1] {
		c.Points++
		if _, known := points.order[p]; !known {
			c.New = append(c.New, c.Points)
		}
	}
}

// measure takes the areas of a cut and brings its corners back to degrees, as reading them from a file does.
func (s *suggestion) measure(c *Cut) error {
	dense, n := ellipsoid.Densify(c.Corners, ellipsoid.OfficialEdge)
	outline, ok := s.System.GeometryToLonLat(dense).(orb.MultiPolygon)
	if n < 0 || !ok {
		return geo.NewProblem("avoid.failed", "row", s.result.Row)
	}
	c.Outline = outline
	c.Kept = ellipsoid.OfficialArea(c.Corners, s.System)
	c.Plane = ellipsoid.PlaneArea(c.Corners)
	c.Lost = max(s.result.Area-c.Kept, 0)
	return nil
}

// sliver reports whether a part is too small or too narrow to keep.
func (s *suggestion) sliver(p orb.Polygon) bool {
	area := overlay.AreaOf(orb.MultiPolygon{p})
	perimeter := ellipsoid.Length(ellipsoid.GeometryFromPlane(p))
	return area < s.Sliver || !(perimeter > 0) || geo.Length(2*area)/perimeter < s.SliverWidth
}

// cornersOf is a ring of the legal plane as boundary points, beginning with the earliest of the parcel's own.
func (s *suggestion) cornersOf(ring orb.Ring, points own) orb.Ring {
	var all []orb.Point
	for _, p := range ring[:len(ring)-1] {
		lonlat, known := points.lonlat[onGrid(p)]
		if !known {
			lonlat = ellipsoid.FromPlane(p)
		}
		if c := s.corner(lonlat); len(all) == 0 || all[len(all)-1] != c {
			all = append(all, c)
		}
	}
	for len(all) > 1 && all[len(all)-1] == all[0] {
		all = all[:len(all)-1]
	}
	all = withoutInserts(all, points)
	if len(all) < 3 {
		return nil
	}
	first := 0
	for i, p := range all {
		n, known := points.order[p]
		if best, has := points.order[all[first]]; known && (!has || n < best) {
			first = i
		}
	}
	return append(append(append(orb.Ring{}, all[first:]...), all[:first]...), all[first])
}

// withoutInserts leaves out the inserted points that still stand on a straight way. Those whose edge was bent by the
// cut stay.
func withoutInserts(ring []orb.Point, points own) []orb.Point {
	var out []orb.Point
	for i, p := range ring {
		if !points.inserts[p] {
			out = append(out, p)
			continue
		}
		before, after := i, i
		for k := 1; k < len(ring) && (before == i || points.inserts[ring[before]]); k++ {
			before = (i - k + len(ring)) % len(ring)
		}
		for k := 1; k < len(ring) && (after == i || points.inserts[ring[after]]); k++ {
			after = (i + k) % len(ring)
		}
		if beside(ring[before], ring[after], p) > straightness {
			out = append(out, p)
		}
	}
	return out
}

// beside is how far p lies from the way between two points.
func beside(from, to, p orb.Point) float64 {
	d, v := vector(from, to), vector(from, p)
	length := math.Hypot(d[0], d[1])
	if length == 0 {
		return math.Hypot(v[0], v[1])
	}
	return math.Abs(cross(d, v)) / length
}
