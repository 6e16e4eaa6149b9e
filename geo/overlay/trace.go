package overlay

import (
	"slices"

	"github.com/paulmach/orb"
)

// tracer joins the labelled edges to rings, and the rings to polygons.
type tracer struct {
	sweeper
	leaving []int32 // border numbers by the point that they leave
	offsets []int32 // per point: where its part of leaving starts
	taken   []bool  // per border
	seen    []int32 // per point: its place in walk, or none
	walk    []stop
	rings   []tracedRing
	corners []int32 // points of all rings
}

// stop is a point of a walk and the border by which the walk leaves it.
type stop struct{ point, border int32 }

// tracedRing is corners[from:to]; hole tells whether the result lies around it.
type tracedRing struct {
	from, to int32
	hole     bool
	lowest   int32 // its first border: at its leftmost point, the lower one
	shell    int32 // number of its shell; of itself, when it is one
}

// trace finds the rings along the border of the result.
func (t *tracer) trace() error {
	t.sortLeaving()
	t.rings, t.corners, t.walk = t.rings[:0], t.corners[:0], t.walk[:0]
	t.taken = slices.Grow(t.taken[:0], len(t.borders))[:len(t.borders)]
	clear(t.taken)
	t.seen = slices.Grow(t.seen[:0], len(t.hot))[:len(t.hot)]
	for i := range t.seen {
		t.seen[i] = none
	}
	for i := range t.leaving {
		if b := t.leaving[i]; !t.taken[b] {
			if err := t.follow(b); err != nil {
				return err
			}
		}
	}
	return t.findShells()
}

// sortLeaving lists the borders of the result by the point that they leave with the result on their left.
func (t *tracer) sortLeaving() {
	t.offsets = cleared(t.offsets, len(t.hot)+1)
	count := 0
	for i := range t.borders {
		if b := &t.borders[i]; b.result != inner {
			t.offsets[b.tail()+1]++
			count++
		}
	}
	accumulate(t.offsets)
	t.leaving = slices.Grow(t.leaving[:0], count)[:count]
	t.next = append(t.next[:0], t.offsets...)
	for i := range t.borders {
		if b := &t.borders[i]; b.result != inner {
			t.leaving[t.next[b.tail()]] = int32(i)
			t.next[b.tail()]++
		}
	}
}

// tail is the point that a border of the result leaves, head the point that it reaches.
func (b *border) tail() int32 {
	if b.result == above {
		return b.lo
	}
	return b.hi
}

func (b *border) head() int32 {
	if b.result == above {
		return b.hi
	}
	return b.lo
}

// follow walks along the border of one face, cutting off a ring each time that it comes back to a point: rings of a
// valid polygon may touch, but none visits a point twice.
func (t *tracer) follow(b int32) error {
	for {
		v := t.borders[b].tail()
		t.taken[b] = true
		t.seen[v] = int32(len(t.walk))
		t.walk = append(t.walk, stop{v, b})
		head := t.borders[b].head()
		if at := t.seen[head]; at != none {
			t.cutRing(int(at))
			if len(t.walk) == 0 {
				return nil
			}
		}
		if b = t.turnAt(head, v); b == none {
			return errNoding
		}
	}
}

// cutRing takes walk[at:] off as a ring.
func (t *tracer) cutRing(at int) {
	r := tracedRing{from: int32(len(t.corners)), lowest: t.walk[at].border}
	for _, s := range t.walk[at:] {
		t.corners = append(t.corners, s.point)
		t.borders[s.border].ring = int32(len(t.rings))
		t.seen[s.point] = none
		r.lowest = min(r.lowest, s.border)
	}
	r.to = int32(len(t.corners))
	r.hole = t.borders[r.lowest].result == under
	t.rings = append(t.rings, r)
	t.walk = t.walk[:at]
}

// turnAt is the border by which a walk that came from u leaves v: the first one clockwise from where it came, so
// that the walk stays on the border of one face.
func (t *tracer) turnAt(v, u int32) int32 {
	best := int32(none)
	for _, b := range t.leaving[t.offsets[v]:t.offsets[v+1]] {
		if t.taken[b] {
			continue
		}
		if best == none || t.clockwise(v, u, t.borders[b].head(), t.borders[best].head()) {
			best = b
		}
	}
	return best
}

// clockwise reports whether, turning clockwise at v from the direction of u, one meets p before q.
func (t *tracer) clockwise(v, u, p, q int32) bool {
	o := t.hot[v]
	du, dp, dq := t.hot[u].minus(o), t.hot[p].minus(o), t.hot[q].minus(o)
	hp, hq := half(du, dp), half(du, dq)
	if hp != hq {
		return hp < hq
	}
	return cross(dp, dq) < 0
}

// half says how far direction d is turned clockwise from u: 0 less than half, 1 half, 2 more than half, 3 full.
func half(u, d point) int {
	side := cross(u, d)
	switch {
	case side < 0:
		return 0
	case side > 0:
		return 2
	case (u.x < 0) == (d.x < 0) && (u.y < 0) == (d.y < 0):
		return 3
	}
	return 1
}

// findShells gives every hole its shell: the ring of the border next below its lowest edge, or that ring's shell,
// when it is a hole as well.
func (t *tracer) findShells() error {
	for i := range t.rings {
		t.rings[i].shell = none
		if !t.rings[i].hole {
			t.rings[i].shell = int32(i)
		}
	}
	var chain []int32
	for i := range t.rings {
		r := int32(i)
		for chain = chain[:0]; t.rings[r].shell == none; {
			chain = append(chain, r)
			below := t.borders[t.rings[r].lowest].next
			if below == none || len(chain) > len(t.rings) {
				return errNoding
			}
			r = t.borders[below].ring
		}
		for _, c := range chain {
			t.rings[c].shell = t.rings[r].shell
		}
	}
	return nil
}

// polygons are the traced rings as polygons, shells in the order of their first points.
func (t *tracer) polygons(f frame) orb.MultiPolygon {
	var mp orb.MultiPolygon
	at := make([]int, len(t.rings))
	for i := range t.rings {
		if r := &t.rings[i]; !r.hole {
			at[i] = len(mp)
			mp = append(mp, orb.Polygon{t.ring(f, r)})
		}
	}
	for i := range t.rings {
		if r := &t.rings[i]; r.hole {
			k := at[r.shell]
			mp[k] = append(mp[k], t.ring(f, r))
		}
	}
	return mp
}

func (t *tracer) ring(f frame, r *tracedRing) orb.Ring {
	out := make(orb.Ring, 0, r.to-r.from+1)
	for _, c := range t.corners[r.from:r.to] {
		out = append(out, f.place(t.hot[c]))
	}
	return append(out, out[0])
}
