package overlay_test

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
)

// coverage is n × n quadrangles of about the given size that fill a square without gaps and share their corners.
func coverage(r *rand.Rand, n int, size float64) []orb.Polygon {
	node := make([][]orb.Point, n+1)
	for i := range node {
		for k := range n + 1 {
			p := orb.Point{float64(i) * size, float64(k) * size}
			if i > 0 && i < n {
				p[0] += math.Round((r.Float64()-0.5)*size*5e3) / 1e4
			}
			if k > 0 && k < n {
				p[1] += math.Round((r.Float64()-0.5)*size*5e3) / 1e4
			}
			node[i] = append(node[i], p)
		}
	}
	var cells []orb.Polygon
	for i := range n {
		for k := range n {
			a, b, c, d := node[i][k], node[i+1][k], node[i+1][k+1], node[i][k+1]
			cells = append(cells, orb.Polygon{{a, b, c, d, a}})
		}
	}
	return cells
}

// blob is a star-shaped polygon of n corners, hence valid: a few large lobes, many small ones, and a little noise.
func blob(r *rand.Rand, center orb.Point, radius float64, n int) orb.Polygon {
	var ring orb.Ring
	phase := r.Float64() * 7
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		d := radius * (0.75 + 0.15*math.Sin(5*a+phase) + 0.05*math.Sin(31*a+3*phase) + 0.02*math.Sin(307*a) +
			min(0.05, 3/float64(n))*r.Float64())
		x, y := center[0]+d*math.Cos(a), center[1]+d*math.Sin(a)
		ring = append(ring, orb.Point{math.Round(x*1e4) / 1e4, math.Round(y*1e4) / 1e4})
	}
	return orb.Polygon{append(ring, ring[0])}
}
