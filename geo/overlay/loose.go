package overlay

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"
)

// looseEdges are edges of a layer that no equal and opposite one has cancelled yet, in a hash table with open addressing
// (linear probing; D. E. Knuth, The Art of Computer Programming vol. 3, section 6.4, algorithms L and R). Polygons come
// along a curve that fills the plane, so that the table holds little more than the border of what has come, and stays in
// the processor's cache.
type looseEdges struct {
	points []orb.Point
	table  []looseEdge // a power of two long, at least a quarter free
	count  int
	shift  int // 64 less the number of bits that a place has
}

// looseEdge leads from points[at] to the next.
type looseEdge struct {
	hash  uint64 // of its ends, whichever way it runs; 0 is a free place
	at    int32
	owner int32
}

func newLooseEdges(points []orb.Point) *looseEdges {
	const places = 12
	return &looseEdges{points: points, table: make([]looseEdge, 1<<places), shift: 64 - places}
}

// addPolygon adds the edges of a polygon of the layer.
func (o *looseEdges) addPolygon(l *Layer, i int32) {
	first := l.starts[i].point
	p := l.laid(int(i))
	for _, r := range p.rings {
		before := hashPoint(p.points[r.from])
		for k := r.from; k < r.to; k++ {
			after := hashPoint(p.points[k+1])
			if p.points[k] != p.points[k+1] {
				o.add(looseEdge{max(before+after, 1), first + k, i})
			}
			before = after
		}
	}
}

// add cancels an edge against one that runs the opposite way, or keeps it.
func (o *looseEdges) add(e looseEdge) {
	mask := len(o.table) - 1
	i := o.home(e.hash)
	for ; o.table[i].hash != 0; i = (i + 1) & mask {
		if f := &o.table[i]; f.hash == e.hash && o.points[e.at] == o.points[f.at+1] && o.points[e.at+1] == o.points[f.at] {
			o.remove(i)
			return
		}
	}
	o.table[i] = e
	if o.count++; o.count > len(o.table)/4*3 {
		o.grow()
	}
}

func (o *looseEdges) home(hash uint64) int { return int(hash * 0x9e3779b97f4a7c15 >> o.shift) }

// remove frees a place and closes the gap: what follows moves up unless it would come before its home.
func (o *looseEdges) remove(free int) {
	o.count--
	mask := len(o.table) - 1
	for i := (free + 1) & mask; o.table[i].hash != 0; i = (i + 1) & mask {
		if (i-o.home(o.table[i].hash))&mask >= (i-free)&mask {
			o.table[free] = o.table[i]
			free = i
		}
	}
	o.table[free] = looseEdge{}
}

func (o *looseEdges) grow() {
	old := o.table
	o.table = make([]looseEdge, 2*len(old))
	o.shift--
	mask := len(o.table) - 1
	for _, e := range old {
		if e.hash == 0 {
			continue
		}
		i := o.home(e.hash)
		for o.table[i].hash != 0 {
			i = (i + 1) & mask
		}
		o.table[i] = e
	}
}

// hashPoint makes one number of a point; 0 and −0, which are equal, have the same.
func hashPoint(p orb.Point) uint64 {
	hi, lo := bits.Mul64(math.Float64bits(p[0]+0)^0x2d358dccaa6c78a5, math.Float64bits(p[1]+0)^0x8bb84b93962eacc9)
	return hi ^ lo
}

// looseParts is the number of parts of the plane whose edges cancel at the same time.
const looseParts = 8

// looseOwners are, in order, the polygons that have an edge that no other cancels, and those whose rings cover a place more
// than once: their edges do not tell how many polygons cover a place, and cancel no other's.
func (l *Layer) looseOwners() []int32 {
	order := l.alongCurve()
	parts := make([]*looseEdges, looseParts)
	mended := make([][]int32, looseParts)
	inParallel(len(parts), looseParts, func() func(int) {
		return func(k int) {
			parts[k] = newLooseEdges(l.all.points)
			for _, i := range order[k*len(order)/looseParts : (k+1)*len(order)/looseParts] {
				if l.At(int(i)); l.state[i].Load() == unsound {
					mended[k] = append(mended[k], i)
				} else {
					parts[k].addPolygon(l, i)
				}
			}
		}
	})
	owners := slices.Concat(mended...)
	for _, p := range parts[1:] {
		for _, e := range p.table {
			if e.hash != 0 {
				parts[0].add(e)
			}
		}
	}
	for _, e := range parts[0].table {
		if e.hash != 0 {
			owners = append(owners, e.owner)
		}
	}
	slices.Sort(owners)
	return slices.Compact(owners)
}

// alongCurve lists the polygons that enclose something in the order of Morton's curve.
func (l *Layer) alongCurve() []int32 {
	type place struct {
		at uint64
		i  int32
	}
	whole := nowhere()
	for i := range l.boxes {
		whole = whole.with(&l.boxes[i])
	}
	places := make([]place, 0, len(l.boxes))
	for i := range l.boxes {
		if !l.empty(int32(i)) {
			places = append(places, place{whole.zOrder(&l.boxes[i]), int32(i)})
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.at, b.at) })
	order := make([]int32, len(places))
	for k, p := range places {
		order[k] = p.i
	}
	return order
}
