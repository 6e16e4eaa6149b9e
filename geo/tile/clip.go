package tile

import "github.com/paulmach/orb"

// cutter clips one geometry after another to a tile, in tile units with the buffer, and reuses its buffers.
type cutter struct {
	address Address
	// step is the grid that coordinates are rounded to, in tile units; more than 1 at zooms where a feature needs no
	// finer outline. Every vertex is rounded by itself, so neighbours that share a border keep sharing it.
	step    float64
	in, out []orb.Point
}

const (
	low  = -Buffer
	high = Extent + Buffer
)

// local brings a projected ring into tile units.
func (c *cutter) local(r orb.Ring) []orb.Point {
	n := float64(uint32(1) << c.address.Z)
	c.in = c.in[:0]
	for _, p := range r {
		c.in = append(c.in, orb.Point{
			(p[0]*n - float64(c.address.X)) * Extent,
			(p[1]*n - float64(c.address.Y)) * Extent,
		})
	}
	return c.in
}

// ring clips a closed ring against the four sides of the tile (Sutherland and Hodgman 1974). The result is closed by
// repetition of its first point, or empty.
func (c *cutter) ring(r orb.Ring) []orb.Point {
	pts := c.local(r)
	if inside(pts) {
		return pts
	}
	for side := range 4 {
		if pts = c.half(pts, side); len(pts) < 4 {
			return nil
		}
	}
	return pts
}

// inside reports whether nothing has to be clipped.
func inside(pts []orb.Point) bool {
	for _, p := range pts {
		if p[0] < low || p[0] > high || p[1] < low || p[1] > high {
			return false
		}
	}
	return true
}

// half keeps what lies on the inner side of one border; the result is in the buffer that pts does not use.
func (c *cutter) half(pts []orb.Point, side int) []orb.Point {
	c.out = c.out[:0]
	for k := 0; k+1 < len(pts); k++ {
		a, b := pts[k], pts[k+1]
		da, db := depth(a, side), depth(b, side)
		if da >= 0 {
			c.out = append(c.out, a)
		}
		if (da >= 0) != (db >= 0) {
			c.out = append(c.out, crossing(a, b, da, db))
		}
	}
	if len(c.out) > 0 {
		c.out = append(c.out, c.out[0])
	}
	c.in, c.out = c.out, c.in
	return c.in
}

// depth is how far a point lies on the inner side of a border.
func depth(p orb.Point, side int) float64 {
	switch side {
	case 0:
		return p[0] - low
	case 1:
		return high - p[0]
	case 2:
		return p[1] - low
	}
	return high - p[1]
}

func crossing(a, b orb.Point, da, db float64) orb.Point {
	t := da / (da - db)
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// line clips an open line and hands over each piece that lies in the tile.
func (c *cutter) line(r orb.Ring, piece func([]orb.Point)) {
	pts := c.local(r)
	c.out = c.out[:0]
	flush := func() {
		if len(c.out) > 1 {
			piece(c.out)
		}
		c.out = c.out[:0]
	}
	for k := 0; k+1 < len(pts); k++ {
		a, b, ok := segment(pts[k], pts[k+1])
		if !ok {
			flush()
			continue
		}
		if n := len(c.out); n == 0 || c.out[n-1] != a {
			flush()
			c.out = append(c.out, a)
		}
		c.out = append(c.out, b)
		if b != pts[k+1] {
			flush()
		}
	}
	flush()
}

// segment is the part of ab within the tile (Liang and Barsky 1984).
func segment(a, b orb.Point) (orb.Point, orb.Point, bool) {
	t0, t1 := 0.0, 1.0
	for side := range 4 {
		da, db := depth(a, side), depth(b, side)
		switch {
		case da < 0 && db < 0:
			return a, b, false
		case da < 0:
			t0 = max(t0, da/(da-db))
		case db < 0:
			t1 = min(t1, da/(da-db))
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	from, to := a, b
	if t0 > 0 {
		from = orb.Point{a[0] + t0*(b[0]-a[0]), a[1] + t0*(b[1]-a[1])}
	}
	if t1 < 1 {
		to = orb.Point{a[0] + t1*(b[0]-a[0]), a[1] + t1*(b[1]-a[1])}
	}
	return from, to, true
}
