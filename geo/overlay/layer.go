package overlay

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"greenshield/geo"
	"greenshield/geo/index"

	"github.com/paulmach/orb"
)

// Layer is the polygons of a whole layer, laid out together for overlay: their points one after the other, a tree of
// boxes over the edges of each, and an index over their parts. It costs 26 bytes for a vertex and about 200 for a
// polygon. It does not change after NewLayer and may be used from many goroutines at once.
type Layer struct {
	all    chains
	starts []start // of each polygon, and the end
	// What is asked of every polygon stands close together: a pass over a layer then reads memory in order.
	boxes  []rect
	areas  []geo.Area
	parts  *index.Index[int32]
	broken map[int32]error // polygons with coordinates that are none

	state  []atomic.Uint32 // per polygon: unchecked, sound or unsound
	mu     sync.Mutex
	mended map[int32]*Prepared

	own      sync.Once
	overlaps []Pair
}

// start is where a polygon's part of the layer's lists begins.
type start struct{ point, node, ring int32 }

// What is known of a polygon in a layer.
const (
	unchecked uint32 = iota
	sound
	unsound // its rings cover a place more than once, or lie nowhere
)

// NewLayer lays out n polygons. toPlane appends points to a slice after bringing them to the plane; nil is for polygons
// that are there already. Polygons that are nil, or lie where there is no place, are kept under their numbers and share
// nothing with anything; the latter have an Err.
func NewLayer(n int, polygon func(i int) orb.MultiPolygon, toPlane func(dst, points []orb.Point) []orb.Point) *Layer {
	l := &Layer{parts: index.New[int32](), state: make([]atomic.Uint32, n)}
	l.reserve(n, polygon)
	one := new(chains)
	for i := range n {
		l.starts = append(l.starts, start{int32(len(l.all.points)), int32(len(l.all.nodes)), int32(len(l.all.rings))})
		if err := one.load(polygon(i), toPlane); err != nil {
			if l.broken == nil {
				l.broken = map[int32]error{}
			}
			l.broken[int32(i)] = err
		}
		l.add(int32(i), one)
	}
	l.starts = append(l.starts, start{int32(len(l.all.points)), int32(len(l.all.nodes)), int32(len(l.all.rings))})
	return l
}

// reserve takes the memory for all polygons at once, no more than is needed.
func (l *Layer) reserve(n int, polygon func(i int) orb.MultiPolygon) {
	var points, nodes, rings int
	for i := range n {
		own := 0
		for _, p := range polygon(i) {
			for _, r := range p {
				points += len(r)
				nodes += nodesOf(len(r))
				own++
			}
		}
		if rings += own; own > 1 {
			nodes += own + (own-1)/(fan-1) + 4
		}
	}
	l.all = chains{make([]orb.Point, 0, points), make([]node, 0, nodes), make([]ringSpan, 0, rings)}
	l.starts = make([]start, 0, n+1)
	l.boxes, l.areas = make([]rect, 0, n), make([]geo.Area, 0, n)
}

func (l *Layer) add(i int32, c *chains) {
	l.all.points = append(l.all.points, c.points...)
	l.all.nodes = append(l.all.nodes, c.nodes...)
	l.all.rings = append(l.all.rings, c.rings...)
	l.boxes, l.areas = append(l.boxes, c.box()), append(l.areas, geo.Area(c.area()))
	at := 0
	for _, r := range c.rings {
		at += nodesOf(int(r.to - r.from))
		if r.shell {
			l.parts.Insert(c.nodes[at-1].box.bound(), i)
		}
	}
}

func (r *rect) bound() orb.Bound {
	return orb.Bound{Min: orb.Point{r.x0, r.y0}, Max: orb.Point{r.x1, r.y1}}
}

// Len is the number of polygons.
func (l *Layer) Len() int { return len(l.starts) - 1 }

// Vertices is the number of points of all rings.
func (l *Layer) Vertices() int { return len(l.all.points) }

// Points are the vertices of the i-th polygon in the plane, ring after ring, each with its closing point. They are those
// of the layer and must not be written to.
func (l *Layer) Points(i int) []orb.Point { return l.all.points[l.starts[i].point:l.starts[i+1].point] }

// laid is the i-th polygon as it was given.
func (l *Layer) laid(i int) Prepared {
	from, to := l.starts[i], l.starts[i+1]
	return Prepared{
		chains: chains{
			l.all.points[from.point:to.point:to.point],
			l.all.nodes[from.node:to.node:to.node],
			l.all.rings[from.ring:to.ring:to.ring],
		},
		err: l.broken[int32(i)], checked: true,
	}
}

// At is the i-th polygon. Whether its rings cover a place more than once is looked at when it is first asked for.
func (l *Layer) At(i int) Prepared {
	p := l.laid(i)
	if l.state[i].Load() == sound {
		return p
	}
	return l.checked(i, p)
}

// checked looks whether a polygon is sound. Goroutines that ask at once may look twice; they find the same.
func (l *Layer) checked(i int, p Prepared) Prepared {
	if l.state[i].Load() == unchecked {
		p.checked = false
		if p.check(); !p.mended && p.err == nil {
			l.state[i].Store(sound)
			return p
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.mended[int32(i)]; m != nil {
		return *m
	}
	if l.mended == nil {
		l.mended = map[int32]*Prepared{}
	}
	l.mended[int32(i)] = &p
	l.state[i].Store(unsound)
	return p
}

// Polygon is the i-th polygon in the plane, as Prepared.Polygon gives it.
func (l *Layer) Polygon(i int) orb.MultiPolygon {
	p := l.At(i)
	return p.Polygon()
}

// Search calls found with the number of every polygon that has a part whose box meets b, borders included; a polygon
// comes as often as it has such parts, in no promised order, until found answers false.
func (l *Layer) Search(b orb.Bound, found func(i int) bool) {
	l.parts.Search(b, func(i int32) bool { return found(int(i)) })
}

// near lists, in order and once each, the polygons from first on with a part whose box meets r. It reuses dst.
func (l *Layer) near(dst []int32, r *rect, first int32) []int32 {
	dst = dst[:0]
	l.parts.Search(r.bound(), func(i int32) bool {
		if i >= first {
			dst = append(dst, i)
		}
		return true
	})
	slices.Sort(dst)
	return slices.Compact(dst)
}

// Pair is two polygons, by number, and the area that they share.
type Pair struct {
	A, B int32
	Area geo.Area
}

// Overlaps are the pairs of polygons of the layer that share more than touchTolerance, each once, A before B and in
// order: none for a coverage. It is worked out when first asked for, on all processors.
func (l *Layer) Overlaps() []Pair {
	l.own.Do(func() {
		const batch = 4096
		found := make([][]Pair, (l.Len()+batch-1)/batch)
		inParallel(len(found), runtime.GOMAXPROCS(0), func() func(int) {
			var near []int32
			return func(k int) {
				for i := k * batch; i < min((k+1)*batch, l.Len()); i++ {
					found[k], near = l.overlapsOf(found[k], near, i)
				}
			}
		})
		l.overlaps = slices.Concat(found...)
	})
	return l.overlaps
}

// touchTolerance is the area in m² up to which two polygons only touch: a tenth of a millimetre along ten metres.
const touchTolerance = 1e-3

func (l *Layer) overlapsOf(dst []Pair, near []int32, i int) ([]Pair, []int32) {
	p := l.At(i)
	if p.empty() {
		return dst, near
	}
	box := p.box()
	near = l.near(near, &box, int32(i+1))
	for _, k := range near {
		if l.boxes[k].disjoint(box) {
			continue
		}
		q := l.At(int(k))
		if a := p.Shared(&q); a > touchTolerance {
			dst = append(dst, Pair{int32(i), k, a})
		}
	}
	return dst, near
}

// inParallel calls the function that a worker makes with every number below n, on the given number of workers, and
// waits for them.
func inParallel(n, workers int, worker func() func(int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range max(min(workers, n), 1) {
		wait.Go(func() {
			work := worker()
			for k := next.Add(1) - 1; k < int64(n); k = next.Add(1) - 1 {
				work(int(k))
			}
		})
	}
	wait.Wait()
}
