package topo

// openEdges are the edges met so far that no opposite one has cancelled, in a hash table with open addressing
// (linear probing; D. E. Knuth, The Art of Computer Programming vol. 3, section 6.4, algorithms L and R). An edge
// leaves the table as soon as the neighbour's comes, and rings are added along a curve that fills the plane, so
// that the table holds little more than the border between what was added and what was not, and stays in the
// processor's cache: sorting all edges took nearly three times as long. In the worst case it holds all edges, 21
// to 43 bytes each.
type openEdges struct {
	rings []sided
	table []edgeKey // a power of two long, at least a quarter free; hash 0 is a free place
	count int
	shift int // 64 less the number of bits that a place has
}

// edgeKey stands for an edge: a hash of its ends, whichever way it runs, never 0, and where it is.
type edgeKey struct {
	hash     uint64
	ring, at int32
}

func newOpenEdges(rings []sided) *openEdges {
	const bits = 10
	return &openEdges{rings: rings, table: make([]edgeKey, 1<<bits), shift: 64 - bits}
}

// addRing turns a ring and adds its edges. Both in one go: the points have to come from memory once.
func (o *openEdges) addRing(ring int32) {
	o.rings[ring].turned()
	r := o.rings[ring].points
	before := hashPoint(r[0])
	for i := 1; i < len(r); i++ {
		after := hashPoint(r[i])
		if r[i] != r[i-1] {
			o.add(edgeKey{max(scatter(before+after), 1), ring, int32(i - 1)})
		}
		before = after
	}
}

// add cancels an edge against the first of those that run the opposite way, or keeps it.
func (o *openEdges) add(k edgeKey) {
	e := o.rings[k.ring].edge(k.at)
	mask := len(o.table) - 1
	first := -1
	i := o.home(k.hash)
	for ; o.table[i].hash != 0; i = (i + 1) & mask {
		other := &o.table[i]
		if other.hash != k.hash {
			continue
		}
		f := o.rings[other.ring].edge(other.at)
		if e.a == f.b && e.b == f.a && (first < 0 || other.before(&o.table[first])) {
			first = i
		}
	}
	if first >= 0 {
		o.remove(first)
		return
	}
	o.table[i] = k
	if o.count++; o.count > len(o.table)/4*3 {
		o.grow()
	}
}

// take adds the edges that are left in another table of the same rings.
func (o *openEdges) take(other *openEdges) {
	for _, k := range other.table {
		if k.hash != 0 {
			o.add(k)
		}
	}
}

func (o *openEdges) home(hash uint64) int { return int(hash >> o.shift) }

func (k *edgeKey) before(o *edgeKey) bool {
	return k.ring < o.ring || k.ring == o.ring && k.at < o.at
}

// remove frees a place and closes the gap: what follows moves up unless it would come before its home.
func (o *openEdges) remove(free int) {
	o.count--
	mask := len(o.table) - 1
	for i := free; ; {
		i = (i + 1) & mask
		k := o.table[i]
		if k.hash == 0 {
			break
		}
		if (i-o.home(k.hash))&mask >= (i-free)&mask {
			o.table[free] = k
			free = i
		}
	}
	o.table[free] = edgeKey{}
}

func (o *openEdges) grow() {
	old := o.table
	o.table = make([]edgeKey, 2*len(old))
	o.shift--
	mask := len(o.table) - 1
	for _, k := range old {
		if k.hash == 0 {
			continue
		}
		i := o.home(k.hash)
		for o.table[i].hash != 0 {
			i = (i + 1) & mask
		}
		o.table[i] = k
	}
}

// list gives the edges that are left, in no order.
func (o *openEdges) list() []looseEdge {
	loose := make([]looseEdge, 0, o.count)
	for _, k := range o.table {
		if k.hash != 0 {
			loose = append(loose, o.rings[k.ring].edge(k.at))
		}
	}
	return loose
}
