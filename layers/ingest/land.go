package ingest

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// land is a coarse raster of where polygons lie in a plane. Of hundred thousands of features nearly all lie deep inside
// the regions; the raster says so after a look at a few cells, and only those near a border are measured.
type land struct {
	polygons []orb.MultiPolygon
	bound    orb.Bound
	dx, dy   float64
	cells    []cell // row by row
}

type cell uint8

const (
	unknown cell = iota
	border       // an edge may pass through
	inland
	offshore
)

// rasterSide is the number of cells along each side.
const rasterSide = 512

func newLand(polygons []orb.MultiPolygon) *land {
	l := &land{polygons: polygons, cells: make([]cell, rasterSide*rasterSide)}
	l.bound = polygons[0].Bound()
	for _, p := range polygons[1:] {
		l.bound = l.bound.Union(p.Bound())
	}
	l.dx, l.dy = (l.bound.Max[0]-l.bound.Min[0])/rasterSide, (l.bound.Max[1]-l.bound.Min[1])/rasterSide
	for _, p := range polygons {
		l.markBorders(p)
	}
	for i := range l.cells {
		if l.cells[i] == unknown {
			l.fill(i)
		}
	}
	return l
}

func (l *land) markBorders(p orb.MultiPolygon) {
	for _, polygon := range p {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				l.eachCell(ring[i-1:i+1:i+1].Bound(), func(c *cell) bool {
					*c = border
					return true
				})
			}
		}
	}
}

// fill gives a cell without a border, and all that are joined to it, what its middle says.
func (l *land) fill(start int) {
	middle := orb.Point{
		l.bound.Min[0] + (float64(start%rasterSide)+0.5)*l.dx, l.bound.Min[1] + (float64(start/rasterSide)+0.5)*l.dy,
	}
	state := offshore
	if l.inPolygon(middle) {
		state = inland
	}
	l.cells[start] = state
	for wave := []int{start}; len(wave) > 0; {
		i := wave[len(wave)-1]
		wave = wave[:len(wave)-1]
		for _, next := range neighbours(i) {
			if next >= 0 && l.cells[next] == unknown {
				l.cells[next] = state
				wave = append(wave, next)
			}
		}
	}
}

// neighbours are the cells beside, above and below; -1 where the raster ends.
func neighbours(i int) [4]int {
	n := [4]int{i - 1, i + 1, i - rasterSide, i + rasterSide}
	if i%rasterSide == 0 {
		n[0] = -1
	}
	if i%rasterSide == rasterSide-1 {
		n[1] = -1
	}
	if n[3] >= rasterSide*rasterSide {
		n[3] = -1
	}
	return n
}

func (l *land) inPolygon(p orb.Point) bool {
	for _, polygon := range l.polygons {
		if polygon.Bound().Contains(p) && planar.MultiPolygonContains(polygon, p) {
			return true
		}
	}
	return false
}

// contains reports whether a bound lies inside for certain; false may also mean that it is near a border.
func (l *land) contains(b orb.Bound) bool {
	return l.bound.Contains(b.Min) && l.bound.Contains(b.Max) &&
		l.eachCell(b, func(c *cell) bool { return *c == inland })
}

// holds reports whether a point lies in one of the polygons.
func (l *land) holds(p orb.Point) bool {
	if !l.bound.Contains(p) {
		return false
	}
	state := unknown
	l.eachCell(orb.Bound{Min: p, Max: p}, func(c *cell) bool {
		state = *c
		return true
	})
	if state == border {
		return l.inPolygon(p)
	}
	return state == inland
}

// eachCell calls f with every cell that a bound meets until it says false, and reports whether it never did.
func (l *land) eachCell(b orb.Bound, f func(*cell) bool) bool {
	x0, y0 := l.column(b.Min[0]), l.row(b.Min[1])
	x1, y1 := l.column(b.Max[0]), l.row(b.Max[1])
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			if !f(&l.cells[y*rasterSide+x]) {
				return false
			}
		}
	}
	return true
}

func (l *land) column(x float64) int { return clamp((x - l.bound.Min[0]) / l.dx) }

func (l *land) row(y float64) int { return clamp((y - l.bound.Min[1]) / l.dy) }

// clamp gives what is outside, or no number because the land has no width, to the nearest cell.
func clamp(f float64) int {
	if !(f > 0) {
		return 0
	}
	return min(int(f), rasterSide-1)
}
