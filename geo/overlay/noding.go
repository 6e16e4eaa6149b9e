package overlay

import "slices"

// noding cuts segments so that they meet at their ends only, by snap rounding: every vertex, and every pixel in
// which two segments cross, is hot; every segment is bent through the centres of the hot pixels that it passes.
// Hobby 1999 shows that no new crossing can arise.
type noding struct {
	cells
	hot    []point // in order; the index of a point is its number from here on
	packed []uint64
	spare  []uint64
	starts []int32 // per cell, then per segment: where its part of the next list starts
	inCell []int32 // hot pixels, cell by cell
	passed []pass
	path   []int32
	links  []link
	next   []int32 // where the next entry of a list goes
	where  []int32
}

// pass says that a segment passes a hot pixel.
type pass struct{ segment, pixel int32 }

// link is a piece of a segment between two hot pixels, lo before hi; weight and owner as in segment.
type link struct{ lo, hi, weight, owner int32 }

// cut leaves the pieces of the segments in n.links and the pixels in n.hot.
func (n *noding) cut(segments []segment) {
	n.hot = slices.Grow(n.hot[:0], 2*len(segments))
	n.links = slices.Grow(n.links[:0], len(segments))
	n.fill(segments)
	n.heat(segments)
	n.sortHot()
	n.place()
	n.collect(segments)
	n.link(segments)
}

// heat finds the hot pixels. The segments form closed ways, so that each vertex is the start of at least one.
func (n *noding) heat(segments []segment) {
	for i := range segments {
		if s := &segments[i]; s.weight > 0 {
			n.hot = append(n.hot, s.a)
		} else {
			n.hot = append(n.hot, s.b)
		}
	}
	for i := range n.all {
		if c := &n.all[i]; c.inner == unlisted {
			n.heatCell(segments, n.items[c.from:c.to])
		}
	}
}

func (n *noding) heatCell(segments []segment, items []int32) {
	for i, k := range items {
		s := &segments[k]
		low, high := s.lowest(), s.highest()
		for _, m := range items[:i] {
			t := &segments[m]
			if t.a.x > s.b.x || t.b.x < s.a.x || t.lowest() > high || t.highest() < low {
				continue
			}
			if x, y, ok := s.crossing(t); ok {
				n.hot = appendPixels(n.hot, x, y)
			}
		}
	}
}

// sortHot sorts the hot pixels and drops repeated ones. Where both coordinates fit into one word, words are sorted.
func (n *noding) sortHot() {
	if !n.pack() {
		slices.SortFunc(n.hot, compare)
		n.hot = slices.Compact(n.hot)
		return
	}
	n.packed, n.spare = radixSort(n.packed, n.spare)
	n.packed = slices.Compact(n.packed)
	n.hot = n.hot[:len(n.packed)]
	for i, k := range n.packed {
		n.hot[i] = point{int64(k >> 32), int64(k & (1<<32 - 1))}
	}
}

func (n *noding) pack() bool {
	n.packed = n.packed[:0]
	for _, p := range n.hot {
		if uint64(p.x|p.y)>>32 != 0 {
			return false
		}
		n.packed = append(n.packed, uint64(p.x)<<32|uint64(p.y))
	}
	return true
}

// radixSort sorts keys by their digits of eleven bits, lowest first, leaving out those that all keys share, and gives
// the sorted keys and the other of the two slices back. A hundred thousand keys take a third of the time of comparing.
func radixSort(keys, spare []uint64) (sorted, other []uint64) {
	const digit, few = 11, 1 << 10
	if len(keys) < few {
		slices.Sort(keys)
		return keys, spare
	}
	varying := uint64(0)
	for _, k := range keys {
		varying |= k ^ keys[0]
	}
	spare = slices.Grow(spare[:0], len(keys))[:len(keys)]
	for shift := uint(0); shift < 64; shift += digit {
		const mask = 1<<digit - 1
		if varying>>shift&mask == 0 {
			continue
		}
		var starts [mask + 2]int32
		for _, k := range keys {
			starts[k>>shift&mask+1]++
		}
		for i := 1; i < len(starts); i++ {
			starts[i] += starts[i-1]
		}
		for _, k := range keys {
			at := &starts[k>>shift&mask]
			spare[*at] = k
			*at++
		}
		keys, spare = spare, keys
	}
	return keys, spare
}

// place lists the hot pixels cell by cell.
func (n *noding) place() {
	n.starts = cleared(n.starts, len(n.all)+1)
	n.where = slices.Grow(n.where[:0], len(n.hot))[:len(n.hot)]
	for i, p := range n.hot {
		n.where[i] = n.find(p)
		n.starts[n.where[i]+1]++
	}
	accumulate(n.starts)
	n.inCell = slices.Grow(n.inCell[:0], len(n.hot))[:len(n.hot)]
	n.next = append(n.next[:0], n.starts...)
	for i, k := range n.where {
		n.inCell[n.next[k]] = int32(i)
		n.next[k]++
	}
}

// collect finds which hot pixels each segment passes, its own ends included.
func (n *noding) collect(segments []segment) {
	n.passed = n.passed[:0]
	for k := range n.all {
		pixels := n.inCell[n.starts[k]:n.starts[k+1]]
		if len(pixels) == 0 {
			continue
		}
		for _, i := range n.items[n.all[k].from:n.all[k].to] {
			s := &segments[i]
			low, high := s.lowest(), s.highest()
			for _, p := range pixels {
				c := n.hot[p]
				if c.x >= s.a.x && c.x <= s.b.x && c.y >= low && c.y <= high && s.meets(c) {
					n.passed = append(n.passed, pass{i, p})
				}
			}
		}
	}
}

// link bends every segment through its pixels.
func (n *noding) link(segments []segment) {
	n.starts = cleared(n.starts, len(segments)+1)
	for _, p := range n.passed {
		n.starts[p.segment+1]++
	}
	accumulate(n.starts)
	n.path = slices.Grow(n.path[:0], len(n.passed))[:len(n.passed)]
	n.next = append(n.next[:0], n.starts...)
	for _, p := range n.passed {
		n.path[n.next[p.segment]] = p.pixel
		n.next[p.segment]++
	}
	for i := range segments {
		s := &segments[i]
		path := n.path[n.starts[i]:n.starts[i+1]]
		n.sortPath(path, s.b.y < s.a.y)
		for k := 1; k < len(path); k++ {
			n.join(path[k-1], path[k], s)
		}
	}
}

// join adds the piece of s between two pixels that follow each other on its way.
func (n *noding) join(from, to int32, s *segment) {
	l := link{from, to, s.weight, s.owner}
	if from > to {
		l = link{to, from, -s.weight, s.owner}
	}
	n.links = append(n.links, l)
}

// sortPath brings pixels into the order of the segment that passes them. A segment runs to the right, so that their
// numbers are in order already, except that within one column a falling segment meets the upper pixels first.
func (n *noding) sortPath(path []int32, falling bool) {
	if len(path) == 2 {
		if path[0] > path[1] {
			path[0], path[1] = path[1], path[0]
		}
	} else {
		slices.Sort(path)
	}
	if !falling {
		return
	}
	for i := 0; i < len(path); {
		j := i + 1
		for j < len(path) && n.hot[path[j]].x == n.hot[path[i]].x {
			j++
		}
		slices.Reverse(path[i:j])
		i = j
	}
}

// cleared is s with length n and all zero.
func cleared(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n, n+n/4)
	}
	s = s[:n]
	clear(s)
	return s
}

// accumulate turns counts, kept one place later, into starts.
func accumulate(counts []int32) {
	for i := 1; i < len(counts); i++ {
		counts[i] += counts[i-1]
	}
}
