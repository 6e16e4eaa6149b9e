package ingest

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"greenshield/geo/index"
)

// land is a coarse raster of where polygons lie in a plane. Of hundred thousands of features nearly all lie deep inside
// the regions; the raster says so after a look at a few cells, and only those near a border are measured.
type land struct {
	polygons []orb.MultiPolygon
	raster   *index.Raster[cell]
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
	bound := polygons[0].Bound()
	for _, p := range polygons[1:] {
		bound = bound.Union(p.Bound())
	}
	l := &land{polygons: polygons, raster: index.NewRaster[cell](bound, rasterSide)}
	for _, p := range polygons {
		l.markBorders(p)
	}
	for i, c := range l.raster.Cells() {
		if c == unknown {
			l.fill(i)
		}
	}
	return l
}

func (l *land) markBorders(p orb.MultiPolygon) {
	for _, polygon := range p {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				l.raster.Each(ring[i-1:i+1:i+1].Bound(), func(c *cell) bool {
					*c = border
					return true
				})
			}
		}
	}
}

// fill gives a cell without a border, and all that are joined to it, what its middle says.
func (l *land) fill(start int) {
	state := offshore
	if l.inPolygon(l.raster.Middle(start)) {
		state = inland
	}
	cells := l.raster.Cells()
	cells[start] = state
	for wave := []int{start}; len(wave) > 0; {
		i := wave[len(wave)-1]
		wave = wave[:len(wave)-1]
		for _, next := range neighbours(i) {
			if next >= 0 && cells[next] == unknown {
				cells[next] = state
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
	all := l.raster.Bound()
	return all.Contains(b.Min) && all.Contains(b.Max) && l.raster.Each(b, func(c *cell) bool { return *c == inland })
}

// holds reports whether a point lies in one of the polygons.
func (l *land) holds(p orb.Point) bool {
	if !l.raster.Bound().Contains(p) {
		return false
	}
	state := unknown
	l.raster.Each(orb.Bound{Min: p, Max: p}, func(c *cell) bool {
		state = *c
		return true
	})
	if state == border {
		return l.inPolygon(p)
	}
	return state == inland
}
