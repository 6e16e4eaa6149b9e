package geo

import "github.com/paulmach/orb"

// Bound is g.Bound() of orb, a good deal faster for polygons: orb asks three functions about every vertex, and a layer of
// a city has millions of them. Of a polygon the outer ring counts, as in orb.
func Bound(g orb.Geometry) orb.Bound {
	switch g := g.(type) {
	case orb.Polygon:
		return polygonBound(g)
	case orb.MultiPolygon:
		if len(g) == 0 {
			break
		}
		b := polygonBound(g[0])
		for _, p := range g[1:] {
			b = b.Union(polygonBound(p))
		}
		return b
	}
	return g.Bound()
}

func polygonBound(p orb.Polygon) orb.Bound {
	if len(p) > 0 && len(p[0]) > 0 {
		return ringBound(p[0])
	}
	return p.Bound()
}

func ringBound(r orb.Ring) orb.Bound {
	x0, y0 := r[0][0], r[0][1]
	x1, y1 := x0, y0
	for _, p := range r[1:] {
		x0, x1 = min(x0, p[0]), max(x1, p[0])
		y0, y1 = min(y0, p[1]), max(y1, p[1])
	}
	return orb.Bound{Min: orb.Point{x0, y0}, Max: orb.Point{x1, y1}}
}
