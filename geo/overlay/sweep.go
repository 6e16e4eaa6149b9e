package overlay

import (
	"cmp"
	"errors"
	"slices"
)

// errNoding says that two edges cross after noding, which would be a mistake in this package.
var errNoding = errors.New("overlay: edges cross after noding")

// sides of an edge on which the result lies when it is on the border of the result.
const (
	inner uint8 = iota // on neither side or on both: not on the border
	above              // the edge runs from lo to hi, the result on its left
	under              // the edge runs from hi to lo
)

// border is an edge of the arrangement: all links between the same two points, added up.
type border struct {
	lo, hi int32
	weight [2]int32
	below  [2]int32 // winding numbers below it
	result uint8
	// next is the nearest edge below that is on the border of the result, or none.
	next int32
	ring int32
}

const none = -1

// rule says what belongs to the result: a place that the operation wants, given which inputs it is inside.
type rule struct {
	op   Op
	fill Fill
}

func (r rule) inside(winding [2]int32) bool {
	a, b := winding[0] != 0, winding[1] != 0
	if r.fill == EvenOdd {
		a, b = winding[0]&1 != 0, winding[1]&1 != 0
	}
	switch r.op {
	case Intersection:
		return a && b
	case Union:
		return a || b
	case Difference:
		return a && !b
	}
	return a != b
}

// sweeper labels the edges of an arrangement from left to right.
type sweeper struct {
	noding
	borders []border
	status  []int32 // edges that the sweep line crosses, from below to above
	sorted  []link
	used    []bool
}

// merge adds up links between the same points: edges that two rings share in opposite directions vanish. The
// borders come out ordered by their lower end, and from below to above where several start.
func (w *sweeper) merge() {
	w.sortLinks()
	w.borders = w.borders[:0]
	for i := 0; i < len(w.links); {
		b := border{lo: w.links[i].lo, hi: w.links[i].hi, next: none, ring: none}
		for ; i < len(w.links) && w.links[i].lo == b.lo && w.links[i].hi == b.hi; i++ {
			b.weight[w.links[i].owner] += w.links[i].weight
		}
		if b.weight != [2]int32{} {
			w.borders = append(w.borders, b)
		}
	}
}

// sortLinks brings the links into the order of their lower ends, those of one end from below to above.
func (w *sweeper) sortLinks() {
	w.starts = cleared(w.starts, len(w.hot)+1)
	for i := range w.links {
		w.starts[w.links[i].lo+1]++
	}
	accumulate(w.starts)
	w.next = append(w.next[:0], w.starts...)
	w.sorted = slices.Grow(w.sorted[:0], len(w.links))[:len(w.links)]
	for _, l := range w.links {
		w.sorted[w.next[l.lo]] = l
		w.next[l.lo]++
	}
	w.links, w.sorted = w.sorted, w.links
	for v := range w.hot {
		if fan := w.links[w.starts[v]:w.starts[v+1]]; len(fan) > 1 {
			w.sortFan(fan)
		}
	}
}

// sortFan sorts the links that start at one point; nearly always two or three.
func (w *sweeper) sortFan(fan []link) {
	for i := 1; i < len(fan); i++ {
		for k := i; k > 0 && w.byAngle(fan[k], fan[k-1]) < 0; k-- {
			if i > manyLinks {
				slices.SortFunc(fan, w.byAngle)
				return
			}
			fan[k], fan[k-1] = fan[k-1], fan[k]
		}
	}
}

// manyLinks is the number of links at one point above which they are not sorted by insertion.
const manyLinks = 16

// byAngle orders links with the same lower end from below to above.
func (w *sweeper) byAngle(a, b link) int {
	if a.hi == b.hi {
		return 0
	}
	return -cmp.Compare(turn(w.hot[a.lo], w.hot[a.hi], w.hot[b.hi]), 0)
}

// label finds the winding numbers below every edge, whether it is on the border of the result, and the next such
// edge below it.
func (w *sweeper) label(r rule) error {
	return w.sweep(func(from, first, last int) { w.labelFan(r, from, first, last) })
}

// sweep passes over the points, from left to right, and calls fan with the borders first…last that start at each: they
// start above those at the places below from of the status.
func (w *sweeper) sweep(fan func(from, first, last int)) error {
	w.status = w.status[:0]
	w.used = slices.Grow(w.used[:0], len(w.hot))[:len(w.hot)]
	clear(w.used)
	for i := range w.borders {
		w.used[w.borders[i].lo], w.used[w.borders[i].hi] = true, true
	}
	first := 0
	for v := range int32(len(w.hot)) {
		if !w.used[v] {
			continue
		}
		last := first
		for last < len(w.borders) && w.borders[last].lo == v {
			last++
		}
		from, to := w.ending(v)
		if from == to && to < len(w.status) && w.height(v, w.status[to]) == 0 {
			return errNoding
		}
		fan(from, first, last)
		w.replace(from, to, first, last)
		first = last
	}
	if len(w.status) > 0 {
		return errNoding
	}
	return nil
}

// height is positive when point v lies above a border that the sweep line crosses.
func (w *sweeper) height(v, edge int32) int64 {
	b := &w.borders[edge]
	return turn(w.hot[b.lo], w.hot[b.hi], w.hot[v])
}

// ending is the part of the status that ends at v, empty but at its place when nothing does.
func (w *sweeper) ending(v int32) (from, to int) {
	from, to = 0, len(w.status)
	for from < to {
		m := int(uint(from+to) >> 1)
		if w.height(v, w.status[m]) > 0 {
			from = m + 1
		} else {
			to = m
		}
	}
	for to < len(w.status) && w.borders[w.status[to]].hi == v {
		to++
	}
	return from, to
}

// labelFan labels the borders first…last, which start above the status place from.
func (w *sweeper) labelFan(r rule, from, first, last int) {
	var winding [2]int32
	next := int32(none)
	if from > 0 {
		b := &w.borders[w.status[from-1]]
		winding = [2]int32{b.below[0] + b.weight[0], b.below[1] + b.weight[1]}
		if next = b.next; b.result != inner {
			next = w.status[from-1]
		}
	}
	for i := first; i < last; i++ {
		b := &w.borders[i]
		b.below, b.next = winding, next
		winding = [2]int32{winding[0] + b.weight[0], winding[1] + b.weight[1]}
		was, is := r.inside(b.below), r.inside(winding)
		switch {
		case is && !was:
			b.result, next = above, int32(i)
		case was && !is:
			b.result, next = under, int32(i)
		}
	}
}

// replace puts the borders first…last in the place of status[from:to].
func (w *sweeper) replace(from, to, first, last int) {
	for from < to && first < last {
		w.status[from] = int32(first)
		from++
		first++
	}
	if from < to {
		w.status = slices.Delete(w.status, from, to)
		return
	}
	if n := last - first; n > 0 {
		w.status = append(w.status, make([]int32, n)...)
		copy(w.status[from+n:], w.status[from:])
		for i := range n {
			w.status[from+i] = int32(first + i)
		}
	}
}
