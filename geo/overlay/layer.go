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

	hashOnce sync.Once
	byHash   []hashed
}

// start is where a polygon's part of the layer's lists begins.
type start struct{ point, node, ring int32 }

// What is known of a polygon in a layer.
const (
	unchecked uint32 = iota
	sound
	unsound // its rings cover a place more than once, or lie nowhere
)

// layChunk is the number of polygons that are laid out in one go.
const layChunk = 1024

// NewLayer lays out n polygons, on all processors. toPlane appends points to a slice after bringing them to the plane; nil
// is for polygons that are there already. Both are called from several goroutines at once. Polygons that are nil, or lie
// where there is no place, are kept under their numbers and share nothing with anything; the latter have an Err.
func NewLayer(n int, polygon func(i int) orb.MultiPolygon, toPlane func(dst, points []orb.Point) []orb.Point) *Layer {
	l := &Layer{parts: index.New[int32](), state: make([]atomic.Uint32, n)}
	l.reserve(n, polygon)
	spans := make([]start, n) // what each polygon has taken of its place
	inParallel((n+layChunk-1)/layChunk, runtime.GOMAXPROCS(0), func() func(int) {
		return func(chunk int) {
			for i := chunk * layChunk; i < min((chunk+1)*layChunk, n); i++ {
				spans[i] = l.lay(i, polygon(i), toPlane)
			}
		}
	})
	l.closeUp(spans)
	for i := range n {
		l.addParts(int32(i))
	}
	return l
}

// reserve takes the memory for all polygons at once, and leaves in starts where each has its place: as much as it needs, or
// a little more where points fall together in the plane.
func (l *Layer) reserve(n int, polygon func(i int) orb.MultiPolygon) {
	l.starts = make([]start, n+1)
	inParallel((n+layChunk-1)/layChunk, runtime.GOMAXPROCS(0), func() func(int) {
		return func(chunk int) {
			for i := chunk * layChunk; i < min((chunk+1)*layChunk, n); i++ {
				l.starts[i+1] = needs(polygon(i))
			}
		}
	})
	for i := range n {
		l.starts[i+1] = l.starts[i+1].plus(l.starts[i])
	}
	all := l.starts[n]
	l.all = chains{make([]orb.Point, all.point), make([]node, all.node), make([]ringSpan, all.ring)}
	l.boxes, l.areas = make([]rect, n), make([]geo.Area, n)
}

func (s start) plus(o start) start { return start{s.point + o.point, s.node + o.node, s.ring + o.ring} }

// needs is what a polygon takes at most of each list: see chains.load.
func needs(mp orb.MultiPolygon) start {
	var s start
	for _, p := range mp {
		for _, r := range p {
			if len(r) < 3 {
				continue
			}
			points := len(r)
			if r[0] != r[points-1] {
				points++
			}
			s = s.plus(start{int32(points), int32(nodesOf(points - 1)), 1})
		}
	}
	if s.ring > 1 {
		s.node += int32(nodesOver(int(s.ring)))
	}
	return s
}

// lay lays a polygon out in its place, and gives what it has taken of it.
func (l *Layer) lay(i int, mp orb.MultiPolygon, toPlane func(dst, points []orb.Point) []orb.Point) start {
	p := Prepared{chains: l.place(i), checked: true} // broken is being written to
	if err := p.load(mp, toPlane); err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.broken == nil {
			l.broken = map[int32]error{}
		}
		l.broken[int32(i)] = err
	} else if p.star() {
		l.state[i].Store(sound)
	}
	l.boxes[i], l.areas[i] = p.box(), geo.Area(p.area())
	return start{int32(len(p.points)), int32(len(p.nodes)), int32(len(p.rings))}
}

// closeUp moves the polygons together where some have not taken all of their place.
func (l *Layer) closeUp(spans []start) {
	at := start{}
	for i, taken := range spans {
		from := l.starts[i]
		if from != at {
			copy(l.all.points[at.point:], l.all.points[from.point:from.point+taken.point])
			copy(l.all.nodes[at.node:], l.all.nodes[from.node:from.node+taken.node])
			copy(l.all.rings[at.ring:], l.all.rings[from.ring:from.ring+taken.ring])
		}
		l.starts[i], at = at, at.plus(taken)
	}
	l.starts[len(spans)] = at
	l.all = chains{l.all.points[:at.point], l.all.nodes[:at.node], l.all.rings[:at.ring]}
}

// addParts puts the parts of polygon i into the index.
func (l *Layer) addParts(i int32) {
	c := l.laid(int(i))
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
	return Prepared{chains: l.place(i), err: l.broken[int32(i)], checked: true}
}

// place is the i-th polygon's part of the layer's lists.
func (l *Layer) place(i int) chains {
	from, to := l.starts[i], l.starts[i+1]
	return chains{
		l.all.points[from.point:to.point:to.point],
		l.all.nodes[from.node:to.node:to.node],
		l.all.rings[from.ring:to.ring:to.ring],
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
