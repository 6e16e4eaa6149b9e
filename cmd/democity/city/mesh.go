package city

import (
	"math"

	"github.com/paulmach/orb"
)

// The ground that the city lies on: a warped grid of cells over 109.05°–110.65° E, 22.65°–24.05° N. One narrow row
// of cells is the main river and one narrow column above it is its tributary, so that banks, land use and districts
// share their borders to the last digit.
const (
	west, south   = 109.05, 22.65
	width, height = 1.6, 1.4
	riverHeight   = 0.0028 // of the ground's height: about 430 m
	streamWidth   = 0.0014 // of the ground's width: about 230 m
)

// mesh is the warped grid. Node (i, j) is at column line i and row line j; cell (i, j) is above and right of it.
type mesh struct {
	seed        uint64
	nx, ny      int
	cols, rows  []float64 // positions of the lines, 0 to 1
	river       int       // row of river cells
	stream      int       // column of tributary cells, above the river
	detail      int       // how often an edge is halved
	nodes       []orb.Point
	horizontals [][]orb.Point // inner points of the edge from node (i, j) to (i+1, j)
	verticals   [][]orb.Point // inner points of the edge from node (i, j) to (i, j+1)
}

func newMesh(seed uint64, nx, ny, detail int) *mesh {
	m := &mesh{seed: seed, nx: nx, ny: ny, river: ny * 43 / 100, stream: nx * 62 / 100, detail: detail}
	m.cols = lines(nx, m.stream, streamWidth)
	m.rows = lines(ny, m.river, riverHeight)
	for j := range ny + 1 {
		for i := range nx + 1 {
			m.nodes = append(m.nodes, m.place(i, j))
		}
	}
	m.horizontals = make([][]orb.Point, (nx+1)*(ny+1))
	m.verticals = make([][]orb.Point, (nx+1)*(ny+1))
	for j := range ny + 1 {
		for i := range nx + 1 {
			at := m.at(i, j)
			if i < nx {
				m.horizontals[at] = wiggle(seed, m.nodes[at], m.nodes[m.at(i+1, j)], detail, 2*at, sway)
			}
			if j < ny {
				m.verticals[at] = wiggle(seed, m.nodes[at], m.nodes[m.at(i, j+1)], detail, 2*at+1, sway)
			}
		}
	}
	return m
}

// lines spaces n cells evenly but for one, which is narrow.
func lines(n, narrow int, size float64) []float64 {
	out := make([]float64, n+1)
	step := (1 - size) / float64(n-1)
	for i := range n {
		d := step
		if i == narrow {
			d = size
		}
		out[i+1] = out[i] + d
	}
	out[n] = 1
	return out
}

func (m *mesh) at(i, j int) int { return j*(m.nx+1) + i }

// place puts a node on the ground: jittered by up to 0.24 of a cell, except across the banks, and bent so that
// rivers and borders are not straight.
func (m *mesh) place(i, j int) orb.Point {
	du := (unit(m.seed, i, j, 1) - 0.5) * 0.48 / float64(m.nx)
	dv := (unit(m.seed, i, j, 2) - 0.5) * 0.48 / float64(m.ny)
	// Both banks of a river shift alike and never across it, or its narrow cells would cross themselves.
	if j == m.river || j == m.river+1 {
		dv, du = 0, (unit(m.seed, i, m.river, 1)-0.5)*0.48/float64(m.nx)
	}
	if i == m.stream || i == m.stream+1 {
		du = 0
		if j > m.river+1 {
			dv = (unit(m.seed, m.stream, j, 2) - 0.5) * 0.48 / float64(m.ny)
		}
	}
	return bend(m.cols[i]+du, m.rows[j]+dv)
}

// bend maps the unit square to degrees.
func bend(u, v float64) orb.Point {
	lon := west + width*(u+0.030*math.Sin(2*math.Pi*(0.9*v+0.15))+0.010*math.Sin(2*math.Pi*(3.1*v+0.4)))
	lat := south + height*(v+0.045*math.Sin(2*math.Pi*(1.15*u+0.1))+0.016*math.Sin(2*math.Pi*(3.7*u+0.6)))
	return round(orb.Point{lon, lat})
}

// round keeps eight decimals of a degree, about a millimetre, as survey data do.
func round(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e8) / 1e8, math.Round(p[1]*1e8) / 1e8}
}

// How far an edge's middle may lie off the straight line, as a part of the edge's length: enough to look natural, and
// so little that neighbouring edges do not cross. What is digitised more finely sways less.
const (
	sway      = 0.055
	finerSway = 0.035
)

// wiggle gives the inner points of a natural-looking line from a to b: midpoint displacement, halved detail times.
func wiggle(seed uint64, a, b orb.Point, detail, key int, sway float64) []orb.Point {
	if detail == 0 {
		return nil
	}
	shift := (2*unit(seed, key, detail, 3) - 1) * sway
	mid := round(orb.Point{(a[0]+b[0])/2 - (b[1]-a[1])*shift, (a[1]+b[1])/2 + (b[0]-a[0])*shift})
	left := wiggle(seed, a, mid, detail-1, 2*key, sway)
	right := wiggle(seed, mid, b, detail-1, 2*key+1, sway)
	return append(append(left, mid), right...)
}

// finer halves every edge of a ring further, for layers that were digitised in more detail than the land use.
func finer(seed uint64, r orb.Ring, times int) orb.Ring {
	if times == 0 {
		return r
	}
	out := make(orb.Ring, 0, len(r)<<times)
	for k := 0; k+1 < len(r); k++ {
		a, b := r[k], r[k+1]
		out = append(out, a)
		// The key depends on the undirected edge, so that a border shared by two rings stays shared.
		flip := a[0] > b[0] || (a[0] == b[0] && a[1] > b[1])
		if flip {
			a, b = b, a
		}
		key := int(hash(seed, int(math.Float64bits(a[0])), int(math.Float64bits(b[1]))) >> 16)
		inner := wiggle(seed, a, b, times, key, finerSway)
		if flip {
			reverse(inner)
		}
		out = append(out, inner...)
	}
	return append(out, r[0])
}

func reverse(p []orb.Point) {
	for a, b := 0, len(p)-1; a < b; a, b = a+1, b-1 {
		p[a], p[b] = p[b], p[a]
	}
}
