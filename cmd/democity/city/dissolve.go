package city

import (
	"slices"

	"github.com/paulmach/orb"
)

// none marks cells that belong to no patch.
const none = -1

// side is one side of a cell, directed so that the cell lies on its left.
type side struct {
	from, to int // nodes
	cell     int
}

// dissolve joins the cells of equal label into one geometry each; none is left out. Borders between patches keep
// exactly the points of the mesh, so the result is a coverage without gaps or overlaps. Cells that meet only at
// corners become parts of their own, because a polygon's interior must hang together.
func (m *mesh) dissolve(labels []int) map[int]orb.MultiPolygon {
	part, first := m.connect(labels)
	borders := make([][]side, len(first))
	for cell, label := range labels {
		if label == none {
			continue
		}
		for k, s := range m.sides(cell) {
			if n := m.neighbour(cell, k); n < 0 || labels[n] != label {
				borders[part[cell]] = append(borders[part[cell]], s)
			}
		}
	}
	out := map[int]orb.MultiPolygon{}
	for p, sides := range borders {
		label := labels[first[p]]
		out[label] = append(out[label], assemble(m.chain(sides))...)
	}
	return out
}

// connect numbers the parts of equal label that hang together across sides, and gives the first cell of each.
func (m *mesh) connect(labels []int) (part, first []int) {
	part = make([]int, len(labels))
	for c := range part {
		part[c] = none
	}
	for c, label := range labels {
		if label != none && part[c] == none {
			m.flood(func(n int) bool { return labels[n] == label }, part, c, len(first))
			first = append(first, c)
		}
	}
	return part, first
}

// sides are a cell's borders in the order below, right, above, left.
func (m *mesh) sides(cell int) [4]side {
	i, j := cell%m.nx, cell/m.nx
	a, b, c, d := m.at(i, j), m.at(i+1, j), m.at(i+1, j+1), m.at(i, j+1)
	return [4]side{{a, b, cell}, {b, c, cell}, {c, d, cell}, {d, a, cell}}
}

// neighbour is the cell across side k, -1 outside the mesh.
func (m *mesh) neighbour(cell, k int) int {
	i, j := cell%m.nx, cell/m.nx
	switch k {
	case 0:
		j--
	case 1:
		i++
	case 2:
		j++
	default:
		i--
	}
	if i < 0 || j < 0 || i >= m.nx || j >= m.ny {
		return -1
	}
	return j*m.nx + i
}

// chain links sides to closed rings and parts every ring at the nodes it passes twice, so that rings touch at points
// but never cross themselves.
func (m *mesh) chain(sides []side) []orb.Ring {
	from := map[int][]int{}
	for k, s := range sides {
		from[s.from] = append(from[s.from], k)
	}
	used := make([]bool, len(sides))
	var rings []orb.Ring
	for k := range sides {
		var path []side
		for cur := k; cur >= 0 && !used[cur]; cur = unused(from[sides[cur].to], used) {
			used[cur] = true
			path = append(path, sides[cur])
		}
		for _, loop := range part(path) {
			rings = append(rings, m.trace(loop))
		}
	}
	return rings
}

// unused is the first side of the list that no ring has taken yet, none when all are taken.
func unused(leaving []int, used []bool) int {
	for _, k := range leaving {
		if !used[k] {
			return k
		}
	}
	return none
}

// part cuts a closed path into loops that pass every node once.
func part(path []side) [][]side {
	var loops [][]side
	var open []side
	at := map[int]int{} // node → its place in open
	for _, s := range path {
		at[s.from] = len(open)
		open = append(open, s)
		if k, closed := at[s.to]; closed {
			loops = append(loops, slices.Clone(open[k:]))
			for _, o := range open[k:] {
				delete(at, o.from)
			}
			open = open[:k]
		}
	}
	return loops
}

// trace gives the points of a loop, its first one again at the end.
func (m *mesh) trace(loop []side) orb.Ring {
	var ring orb.Ring
	for _, s := range loop {
		ring = m.follow(ring, s)
	}
	return append(ring, ring[0])
}

// follow appends a side's points without its last one.
func (m *mesh) follow(ring orb.Ring, s side) orb.Ring {
	ring = append(ring, m.nodes[s.from])
	lo, hi := min(s.from, s.to), max(s.from, s.to)
	inner := m.horizontals[lo]
	if hi != lo+1 {
		inner = m.verticals[lo]
	}
	if lo == s.from {
		return append(ring, inner...)
	}
	for k := len(inner) - 1; k >= 0; k-- {
		ring = append(ring, inner[k])
	}
	return ring
}

// assemble puts each clockwise ring as a hole into the smallest counter-clockwise ring around it.
func assemble(rings []orb.Ring) orb.MultiPolygon {
	var mp orb.MultiPolygon
	var holes []orb.Ring
	for _, r := range rings {
		if r.Orientation() == orb.CCW {
			mp = append(mp, orb.Polygon{r})
		} else {
			holes = append(holes, r)
		}
	}
	slices.SortStableFunc(mp, func(a, b orb.Polygon) int {
		return int(signum(spread(a[0]) - spread(b[0])))
	})
	for _, h := range holes {
		for k := range mp {
			if surrounds(mp[k][0], h) {
				mp[k] = append(mp[k], h)
				break
			}
		}
	}
	return mp
}

func spread(r orb.Ring) float64 {
	b := r.Bound()
	return (b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1])
}

func signum(f float64) float64 {
	if f < 0 {
		return -1
	}
	if f > 0 {
		return 1
	}
	return 0
}

// surrounds reports whether the hole lies in the shell. A hole may touch its shell at nodes, never in between, so its
// second point, an inner point of an edge, decides.
func surrounds(shell, hole orb.Ring) bool {
	return shell.Bound().Contains(hole[1]) && contains(shell, hole[1])
}

// contains is the crossing test (Jordan) for a point that is not on the ring.
func contains(r orb.Ring, p orb.Point) bool {
	in := false
	for k := 0; k+1 < len(r); k++ {
		a, b := r[k], r[k+1]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}
