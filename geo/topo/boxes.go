package topo

// boxes is a tree of boxes above the edges of a mesh: the lowest level holds one for each few edges that follow one
// another, the next one for each few of those. It needs no sorting, because edges that follow one another along a
// ring are neighbours in the plane as well.
type boxes [][]box

const (
	leaf   = 4 // edges below a box of the lowest level
	branch = 4 // boxes below another box
)

func newBoxes(edges []edge) boxes {
	var b boxes
	var lowest []box
	for from := 0; from < len(edges); from += leaf {
		all := edges[from].box
		for i := from + 1; i < min(from+leaf, len(edges)); i++ {
			all.cover(&edges[i].box)
		}
		if lowest == nil {
			lowest = make([]box, 0, (len(edges)+leaf-1)/leaf)
		}
		lowest = append(lowest, all)
	}
	for level := lowest; len(level) > 0; level = above(level) {
		b = append(b, level)
		if len(level) == 1 {
			break
		}
	}
	return b
}

// above is the level above another.
func above(level []box) []box {
	out := make([]box, 0, (len(level)+branch-1)/branch)
	for from := 0; from < len(level); from += branch {
		all := level[from]
		for i := from + 1; i < min(from+branch, len(level)); i++ {
			all.cover(&level[i])
		}
		out = append(out, all)
	}
	return out
}

// pairs calls found for any two edges, i before k, whose boxes meet, until found answers false. The order is the
// same every time.
func (m *mesh) pairs(found func(i, k int) bool) {
	if len(m.boxes) > 0 {
		m.within(len(m.boxes)-1, 0, found)
	}
}

// within is pairs for the edges below one box.
func (m *mesh) within(level, n int, found func(i, k int) bool) bool {
	if level == 0 {
		to := min((n+1)*leaf, len(m.edges))
		for i := n * leaf; i < to; i++ {
			if !m.against(i, i+1, to, found) {
				return false
			}
		}
		return true
	}
	to := min((n+1)*branch, len(m.boxes[level-1]))
	for c := n * branch; c < to; c++ {
		if !m.within(level-1, c, found) {
			return false
		}
		for d := c + 1; d < to; d++ {
			if !m.between(level-1, c, d, found) {
				return false
			}
		}
	}
	return true
}

// between is pairs for edges below box c and edges below box d of one level.
func (m *mesh) between(level, c, d int, found func(i, k int) bool) bool {
	p, q := &m.boxes[level][c], &m.boxes[level][d]
	if !p.meets(q) {
		return true
	}
	if level == 0 {
		return m.leaves(c, d, found)
	}
	below := m.boxes[level-1]
	for i := c * branch; i < min((c+1)*branch, len(below)); i++ {
		if !below[i].meets(q) {
			continue
		}
		for k := d * branch; k < min((d+1)*branch, len(below)); k++ {
			if !m.between(level-1, i, k, found) {
				return false
			}
		}
	}
	return true
}

// leaves is between for two boxes of the lowest level.
func (m *mesh) leaves(c, d int, found func(i, k int) bool) bool {
	q := &m.boxes[0][d]
	for i := c * leaf; i < min((c+1)*leaf, len(m.edges)); i++ {
		if m.edges[i].meets(q) && !m.against(i, d*leaf, min((d+1)*leaf, len(m.edges)), found) {
			return false
		}
	}
	return true
}

// against is pairs for one edge and a row of edges.
func (m *mesh) against(i, from, to int, found func(i, k int) bool) bool {
	e := &m.edges[i]
	for k := from; k < to; k++ {
		if e.meets(&m.edges[k].box) && !found(i, k) {
			return false
		}
	}
	return true
}

// search calls found for every edge whose box meets b.
func (m *mesh) search(b *box, found func(i int)) {
	if len(m.boxes) > 0 {
		m.below(len(m.boxes)-1, 0, b, found)
	}
}

// below is search for the edges below one box.
func (m *mesh) below(level, n int, b *box, found func(i int)) {
	if !m.boxes[level][n].meets(b) {
		return
	}
	if level > 0 {
		for c := n * branch; c < min((n+1)*branch, len(m.boxes[level-1])); c++ {
			m.below(level-1, c, b, found)
		}
		return
	}
	for i := n * leaf; i < min((n+1)*leaf, len(m.edges)); i++ {
		if m.edges[i].meets(b) {
			found(i)
		}
	}
}
