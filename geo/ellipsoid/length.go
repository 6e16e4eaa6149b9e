package ellipsoid

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"

	"greenshield/geo"
)

// cgcs2000 solves geodesics by C. F. F. Karney's algorithms (J. Geodesy 87, 2013).
var cgcs2000 = geodesic.NewEllipsoid(a, flattening)

// Length is the sum of the geodesics between the vertices of lines in CGCS2000 degrees, and for polygons that of all
// their rings, holes included; zero for points. The result is NaN when a coordinate is NaN, infinite, or a latitude
// beyond a pole.
func Length(g orb.Geometry) geo.Length {
	sum := 0.0
	eachPath(g, func(path []orb.Point) {
		for i := 1; i < len(path); i++ {
			sum += distance(path[i-1], path[i])
		}
	})
	return geo.Length(sum)
}

func distance(p, q orb.Point) float64 {
	if unmeasurable(p) || unmeasurable(q) {
		return math.NaN()
	}
	var metres float64
	cgcs2000.Inverse(p[1], p[0], q[1], q[0], &metres, nil, nil)
	return metres
}
