package overlay

import (
	"math"
	"math/bits"
)

const (
	// crowded is the number of segments above which a cell gets a grid of its own.
	crowded = 40
	// deepest is the number of grids within grids.
	deepest = 12
	// unlisted marks a cell without a grid of its own.
	unlisted = -1
)

// cells lists, for every part of the plane, the segments that pass through it or next to it. It is a uniform grid
// whose crowded cells are uniform grids again (the two-level grid of Magalhães 2015, with more levels): a country
// with one far island costs no more than without. The number of cells is bounded by the number of segments.
type cells struct {
	grids []grid
	all   []cell
	items []int32
}

// grid is nx × ny square cells; the side of a cell is 1<<shift units.
type grid struct {
	corner point
	shift  uint
	nx, ny int64
	first  int // its first cell in cells.all
}

// cell lists items[from:to], or has a grid of its own.
type cell struct{ from, to, inner int32 }

// fill makes the cells of the segments, all of which lie at positive coordinates.
func (c *cells) fill(segments []segment) {
	c.grids, c.all, c.items = c.grids[:0], c.all[:0], c.items[:0]
	if len(segments) == 0 {
		return
	}
	box := window{point{math.MaxInt64, math.MaxInt64}, point{}}
	for i := range segments {
		s := &segments[i]
		c.items = append(c.items, int32(i))
		box.lo = point{min(box.lo.x, s.a.x), min(box.lo.y, s.lowest())}
		box.hi = point{max(box.hi.x, s.b.x), max(box.hi.y, s.highest())}
	}
	c.divide(segments, 0, len(c.items), box.padded(), 0)
}

// divide makes a grid for items[from:to] in box and returns its number, or unlisted when that would not help.
func (c *cells) divide(segments []segment, from, to int, box window, depth int) int32 {
	g := layout(segments, c.items[from:to], box)
	if depth > 0 && g.nx*g.ny < 4 {
		return unlisted
	}
	g.first = len(c.all)
	number := int32(len(c.grids))
	c.grids = append(c.grids, g)
	c.all = append(c.all, make([]cell, g.nx*g.ny)...)
	c.spread(segments, &g, from, to)
	for i := range c.all[g.first : g.first+int(g.nx*g.ny)] {
		k := &c.all[g.first+i]
		k.inner = unlisted
		count := int(k.to - k.from)
		if count > crowded && depth < deepest && (g.nx*g.ny >= 16 || count <= (to-from)/2) {
			inner := c.divide(segments, int(k.from), int(k.to), g.box(int64(i)), depth+1)
			c.all[g.first+i].inner = inner
		}
	}
	return number
}

// layout chooses the size of the cells: about as many as segments, none much smaller than a usual segment.
func layout(segments []segment, items []int32, box window) grid {
	w, h := box.hi.x-box.lo.x+1, box.hi.y-box.lo.y+1
	total := 0.0
	for _, i := range items {
		s := &segments[i]
		total += float64(min(s.b.x-s.a.x, w)) + float64(min(s.highest()-s.lowest(), h))
	}
	n, fw, fh := float64(len(items)), float64(w), float64(h)
	size := max(math.Sqrt(fw*fh/n), 2*(fw+fh)/n, 0.7*total/n, 8)
	shift := uint(bits.Len64(uint64(size * 0.75)))
	return grid{corner: box.lo, shift: shift, nx: (w-1)>>shift + 1, ny: (h-1)>>shift + 1}
}

// box is the part of the plane that the i-th cell of g covers.
func (g *grid) box(i int64) window {
	size := int64(1) << g.shift
	lo := point{g.corner.x + i%g.nx<<g.shift, g.corner.y + i/g.nx<<g.shift}
	return window{lo, point{lo.x + size - 1, lo.y + size - 1}}
}

// spread lists items[from:to] in the cells of g: it counts, makes room, and lists.
func (c *cells) spread(segments []segment, g *grid, from, to int) {
	all := c.all[g.first : g.first+int(g.nx*g.ny)]
	for _, i := range c.items[from:to] {
		s := &segments[i]
		b := g.block(s)
		if b.few() {
			for k := b.first; k <= b.last; k += g.nx {
				for m := k; m <= k+b.columns; m++ {
					all[m].to++
				}
			}
			continue
		}
		t := g.trace(s)
		for row := t.row; row <= t.lastRow; row++ {
			first, last := t.columns(row)
			for k := row*g.nx + first; k <= row*g.nx+last; k++ {
				all[k].to++
			}
		}
	}
	at := int32(len(c.items))
	for k := range all {
		n := all[k].to
		all[k] = cell{from: at, to: at}
		at += n
	}
	c.items = append(c.items, make([]int32, int(at)-len(c.items))...)
	for _, i := range c.items[from:to] {
		s := &segments[i]
		b := g.block(s)
		if b.few() {
			for k := b.first; k <= b.last; k += g.nx {
				for m := k; m <= k+b.columns; m++ {
					c.items[all[m].to] = i
					all[m].to++
				}
			}
			continue
		}
		t := g.trace(s)
		for row := t.row; row <= t.lastRow; row++ {
			first, last := t.columns(row)
			for k := row*g.nx + first; k <= row*g.nx+last; k++ {
				c.items[all[k].to] = i
				all[k].to++
			}
		}
	}
}

// block is the cells that the box of a segment meets, one unit to either side included: those from first to last, of
// which each row has columns more than one.
type block struct{ first, last, columns, rows int64 }

// few reports whether a segment is listed in all cells of its block: they are hardly more than those on its way, and
// there is nothing to divide.
func (b *block) few() bool { return b.rows <= 1 && b.columns <= 1 || b.rows == 0 || b.columns == 0 }

func (g *grid) block(s *segment) block {
	x0, x1 := max((s.a.x-1-g.corner.x)>>g.shift, 0), min((s.b.x+1-g.corner.x)>>g.shift, g.nx-1)
	y0, y1 := max((s.lowest()-1-g.corner.y)>>g.shift, 0), min((s.highest()+1-g.corner.y)>>g.shift, g.ny-1)
	return block{y0*g.nx + x0, y1*g.nx + x0, x1 - x0, y1 - y0}
}

// trace is the way of a segment through the rows of a grid, one unit to either side included.
type trace struct {
	*grid
	row, lastRow int64
	from, to     point // relative to the corner of the grid, from below to
	slope        float64
	straight     bool
}

func (g *grid) trace(s *segment) trace {
	t := trace{grid: g, from: s.a.minus(g.corner), to: s.b.minus(g.corner)}
	if t.from.y > t.to.y {
		t.from, t.to = t.to, t.from
	}
	t.row = max((t.from.y-1)>>g.shift, 0)
	t.lastRow = min((t.to.y+1)>>g.shift, g.ny-1)
	t.straight = t.row >= t.lastRow || t.from.x == t.to.x || t.from.y == t.to.y
	if !t.straight {
		t.slope = float64(t.to.x-t.from.x) / float64(t.to.y-t.from.y)
	}
	return t
}

// columns are the first and last columns that the segment meets in a row; first > last when there are none.
func (t *trace) columns(row int64) (first, last int64) {
	a, b := t.from.x, t.to.x
	if !t.straight {
		low := max(row<<t.shift-1, t.from.y)
		high := min((row+1)<<t.shift+1, t.to.y)
		a = t.from.x + int64(t.slope*float64(low-t.from.y))
		b = t.from.x + int64(t.slope*float64(high-t.from.y))
	}
	if a > b {
		a, b = b, a
	}
	return max((a-2)>>t.shift, 0), min((b+2)>>t.shift, t.nx-1)
}

// find is the cell that a point lies in; points outside belong to the nearest.
func (c *cells) find(p point) int32 {
	g := &c.grids[0]
	for {
		q := p.minus(g.corner)
		x, y := min(max(q.x>>g.shift, 0), g.nx-1), min(max(q.y>>g.shift, 0), g.ny-1)
		k := int32(g.first) + int32(y*g.nx+x)
		if c.all[k].inner == unlisted {
			return k
		}
		g = &c.grids[c.all[k].inner]
	}
}
