package overlay

import (
	"cmp"
	"math/bits"
	"runtime"
	"slices"
)

// hashed is a polygon by a hash of its points.
type hashed struct {
	hash  uint64
	index int32
}

// hashes are all polygons that enclose something, sorted by hash and then by number; made when first asked for.
func (l *Layer) hashes() []hashed {
	l.hashOnce.Do(func() {
		const batch = 4096
		l.byHash = make([]hashed, l.Len())
		inParallel((l.Len()+batch-1)/batch, runtime.GOMAXPROCS(0), func() func(int) {
			return func(k int) {
				for i := k * batch; i < min((k+1)*batch, l.Len()); i++ {
					l.byHash[i] = hashed{l.hash(i), int32(i)}
				}
			}
		})
		l.byHash = slices.DeleteFunc(l.byHash, func(h hashed) bool { return l.empty(h.index) })
		slices.SortFunc(l.byHash, func(a, b hashed) int {
			return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.index, b.index))
		})
	})
	return l.byHash
}

func (l *Layer) empty(i int32) bool { return l.starts[i].ring == l.starts[i+1].ring }

// hash depends on the points of polygon i and their order.
func (l *Layer) hash(i int) uint64 {
	h := uint64(0)
	for _, p := range l.Points(i) {
		h = bits.RotateLeft64(h, 5)*0x9e3779b97f4a7c15 ^ hashPoint(p)
	}
	return h
}

// twins calls found with polygons of l and polygons of o that are equal to them, point by point; asked are those for which
// ours and theirs are true at that moment. What is found depends on the layers alone.
func (l *Layer) twins(o *Layer, ours, theirs func(i int32) bool, found func(i, k int32)) {
	left := o.hashes()
	for _, h := range l.hashes() {
		for len(left) > 0 && left[0].hash < h.hash {
			left = left[1:]
		}
		if !ours(h.index) {
			continue
		}
		for k := 0; k < len(left) && left[k].hash == h.hash; k++ {
			if theirs(left[k].index) && l.equals(h.index, o, left[k].index) {
				found(h.index, left[k].index)
				break
			}
		}
	}
}

func (l *Layer) equals(i int32, o *Layer, k int32) bool {
	p, q := l.laid(int(i)), o.laid(int(k))
	return equal(&p.chains, &q.chains)
}
