package city

import "math"

// ground is what the cells of the mesh are: district, height, distance to towns, water.
type ground struct {
	*mesh
	inside   []bool // within the city's outline
	district []int  // 0 to 4, none outside
	height   []float64
	town     []float64 // closeness to a town: 1 in its middle, 0 far away
	water    []bool    // river or tributary
}

// town is a centre of settlement in the unit square, with its reach.
type town struct{ u, v, reach float64 }

// towns gives the five district seats, the first one being the city itself, and then the other towns.
func towns(seed uint64) []town {
	out := []town{
		{0.56, 0.48, 0.044}, {0.30, 0.34, 0.024}, {0.24, 0.66, 0.021}, {0.72, 0.70, 0.026}, {0.78, 0.33, 0.024},
	}
	for k := range 26 {
		out = append(out, town{
			0.10 + 0.80*unit(seed, k, 11), 0.10 + 0.80*unit(seed, k, 12), 0.005 + 0.009*unit(seed, k, 13),
		})
	}
	return out
}

func survey(m *mesh) *ground {
	n := m.nx * m.ny
	g := &ground{
		mesh: m, inside: make([]bool, n), district: make([]int, n), height: make([]float64, n),
		town: make([]float64, n), water: make([]bool, n),
	}
	places := towns(m.seed)
	for c := range n {
		u, v := m.middle(c)
		g.inside[c] = within(m.seed, u, v)
		g.height[c] = relief(m.seed, u, v)
		g.town[c] = closeness(m.seed, places, u, v)
		g.district[c] = nearestSeat(m.seed, places[:5], u, v)
	}
	g.keepLargest()
	for c := range n {
		i, j := c%m.nx, c/m.nx
		g.water[c] = g.inside[c] && (j == m.river || (i == m.stream && j > m.river))
		if !g.inside[c] {
			g.district[c] = none
		}
	}
	return g
}

// middle is a cell's middle in the unit square.
func (m *mesh) middle(cell int) (u, v float64) {
	i, j := cell%m.nx, cell/m.nx
	return (m.cols[i] + m.cols[i+1]) / 2, (m.rows[j] + m.rows[j+1]) / 2
}

// within tells the city's outline: an ellipse with bays and spurs.
func within(seed uint64, u, v float64) bool {
	x, y := (u-0.5)/0.47, (v-0.5)/0.47
	r := math.Pow(math.Pow(math.Abs(x), 2.6)+math.Pow(math.Abs(y), 2.6), 1/2.6)
	return r < 0.93+0.34*(hills(seed+50, 2.2*u, 2.2*v)-0.5)
}

// relief is the height, 0 to 1: hills in the north and the south-east, a plain along the river.
func relief(seed uint64, u, v float64) float64 {
	plain := math.Exp(-math.Pow((v-0.43)/0.16, 2))
	h := hills(seed+100, 6*u, 6*v)
	return math.Max(0, math.Min(1, 1.55*h+0.40*math.Abs(v-0.43)-0.42*plain-0.21))
}

func closeness(seed uint64, places []town, u, v float64) float64 {
	best := 0.0
	for _, t := range places {
		d := math.Hypot(u-t.u, (v-t.v)*height/width) / t.reach
		d *= 0.25 + 1.5*hills(seed+200, 24*u, 24*v)
		best = math.Max(best, 1-d/2)
	}
	return best
}

func nearestSeat(seed uint64, seats []town, u, v float64) int {
	best, at := math.Inf(1), 0
	for k, s := range seats {
		wobble := 0.16 * (hills(seed+300, 5*u, 5*v) - 0.5)
		d := math.Hypot(u-s.u+wobble, v-s.v-wobble) / (1 + 4*s.reach)
		if d < best {
			best, at = d, k
		}
	}
	return at
}

// keepLargest drops the islands that the outline's noise leaves, and fills its lakes.
func (g *ground) keepLargest() {
	label, sizes := g.components(g.inside)
	main := largest(sizes)
	for c := range g.inside {
		g.inside[c] = label[c] == main && label[c] != none
	}
	outside := make([]bool, len(g.inside))
	for c := range outside {
		outside[c] = !g.inside[c]
	}
	label, sizes = g.components(outside)
	main = largest(sizes)
	for c := range outside {
		g.inside[c] = !(outside[c] && label[c] == main)
	}
}

func largest(sizes []int) int {
	best := 0
	for k, s := range sizes {
		if s > sizes[best] {
			best = k
		}
	}
	return best
}

// components labels the cells of the set by connected part (across sides, not corners) and counts each part.
func (m *mesh) components(set []bool) (label, sizes []int) {
	label = make([]int, len(set))
	for c := range label {
		label[c] = none
	}
	for c := range set {
		if !set[c] || label[c] != none {
			continue
		}
		id := len(sizes)
		sizes = append(sizes, m.flood(func(n int) bool { return set[n] }, label, c, id))
	}
	return label, sizes
}

// flood labels all cells of the set that hang together with start, and counts them.
func (m *mesh) flood(set func(c int) bool, label []int, start, id int) int {
	stack := []int{start}
	label[start] = id
	size := 0
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		size++
		for k := range 4 {
			if n := m.neighbour(c, k); n >= 0 && set(n) && label[n] == none {
				label[n] = id
				stack = append(stack, n)
			}
		}
	}
	return size
}
