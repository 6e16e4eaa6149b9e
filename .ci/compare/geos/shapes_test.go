package geos_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
)

// pair is two valid regions.
type pair struct{ a, b orb.MultiPolygon }

// families are the kinds of pairs that layers hold. Coordinates lie on the grid of 0.1 mm, as delivered ones do after
// import, except where a copy was digitised anew.
var families = []struct {
	name string
	make func(*rand.Rand) []pair
}{
	{"blobs with holes and islands", blobs},
	{"parcels on the border of a large polygon", parcels},
	{"one coverage against another", coverages},
	{"one outline digitised twice", digitisedTwice},
	{"borders a grid unit apart", gridUnitApart},
}

func onGrid(x, y float64) orb.Point {
	return orb.Point{math.Round(x*1e4) / 1e4, math.Round(y*1e4) / 1e4}
}

// blob is a star of n corners about a centre, hence valid.
func blob(r *rand.Rand, c orb.Point, radius float64, n int) orb.Ring {
	var ring orb.Ring
	phase := r.Float64() * 7
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		d := radius * (0.8 + 0.12*math.Sin(3*a+phase) + 0.06*math.Sin(17*a+2*phase) + min(0.02, 1/float64(n))*r.Float64())
		ring = append(ring, onGrid(c[0]+d*math.Cos(a), c[1]+d*math.Sin(a)))
	}
	return append(ring, ring[0])
}

func region(r *rand.Rand, c orb.Point, radius float64, n int) orb.MultiPolygon {
	hole := blob(r, c, radius*0.3, 3+n/3)
	slices.Reverse(hole)
	island := orb.Point{c[0] + 1.5*radius, c[1]}
	return orb.MultiPolygon{{blob(r, c, radius, n), hole}, {blob(r, island, radius*0.4, 3+n/2)}}
}

func blobs(r *rand.Rand) []pair {
	var list []pair
	for range 700 {
		a := region(r, orb.Point{0, 0}, 300, 4+r.IntN(200))
		list = append(list, pair{a, region(r, orb.Point{r.Float64()*900 - 450, r.Float64()*600 - 300}, 300, 4+r.IntN(200))})
	}
	return list
}

func parcels(r *rand.Rand) []pair {
	large := region(r, orb.Point{2e5, 3e6}, 5000, 6000)
	var list []pair
	for range 120 {
		at := large[0][r.IntN(2)]
		list = append(list, pair{orb.MultiPolygon{{blob(r, at[r.IntN(len(at))], 20+r.Float64()*300, 5+r.IntN(40))}}, large})
	}
	return list
}

// cells is an n × n coverage of quadrangles of about the given size.
func cells(r *rand.Rand, n int, size float64) []orb.MultiPolygon {
	node := make([][]orb.Point, n+1)
	for i := range node {
		for k := range n + 1 {
			dx, dy := (r.Float64()-0.5)*size/2, (r.Float64()-0.5)*size/2
			if i == 0 || i == n {
				dx = 0
			}
			if k == 0 || k == n {
				dy = 0
			}
			node[i] = append(node[i], onGrid(float64(i)*size+dx, float64(k)*size+dy))
		}
	}
	var list []orb.MultiPolygon
	for i := range n {
		for k := range n {
			a, b, c, d := node[i][k], node[i+1][k], node[i+1][k+1], node[i][k+1]
			list = append(list, orb.MultiPolygon{{{a, b, c, d, a}}})
		}
	}
	return list
}

func coverages(r *rand.Rand) []pair {
	before := cells(r, 14, 200)
	after := slices.Clone(before)
	for i, c := range cells(r, 14, 200) {
		if r.IntN(3) > 0 {
			after[i] = c
		}
	}
	var list []pair
	for _, a := range before {
		for _, b := range after {
			if a.Bound().Intersects(b.Bound()) {
				list = append(list, pair{a, b})
			}
		}
	}
	return list
}

// digitisedTwice has copies off by up to 5 cm at every corner, with corners of their own: thousands of crossings.
func digitisedTwice(r *rand.Rand) []pair {
	var list []pair
	for _, n := range []int{40, 200, 1000, 1000, 5000} {
		a := orb.MultiPolygon{{blob(r, orb.Point{0, 0}, float64(n)*10, n)}}
		var ring orb.Ring
		for _, v := range a[0][0][1:] {
			ring = append(ring, orb.Point{v[0] + r.Float64()*0.1 - 0.05, v[1] + r.Float64()*0.1 - 0.05})
		}
		list = append(list, pair{a, orb.MultiPolygon{{append(ring, ring[0])}}})
	}
	return list
}

func gridUnitApart(r *rand.Rand) []pair {
	var list []pair
	for range 400 {
		a := orb.MultiPolygon{{blob(r, orb.Point{0, 0}, 100, 4+r.IntN(100))}}
		var ring orb.Ring
		for _, v := range a[0][0][1:] {
			ring = append(ring, onGrid(v[0]+float64(r.IntN(3)-1)*1e-4, v[1]+float64(r.IntN(3)-1)*1e-4))
		}
		list = append(list, pair{a, orb.MultiPolygon{{append(ring, ring[0])}}})
	}
	return list
}
