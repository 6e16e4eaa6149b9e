package index

import "github.com/paulmach/orb"

// Raster is a coarse grid of cells over a bound, for answering "is anything there at all" in a few steps before a tree or
// a geometry is asked. Everything is clamped into the bound, so that each place has a cell.
type Raster[T any] struct {
	bound  orb.Bound
	dx, dy float64 // size of a cell
	side   int
	cells  []T
}

// NewRaster makes a raster of side × side zero cells.
func NewRaster[T any](bound orb.Bound, side int) *Raster[T] {
	n := float64(side)
	return &Raster[T]{
		bound: bound, side: side, cells: make([]T, side*side),
		dx: (bound.Max[0] - bound.Min[0]) / n, dy: (bound.Max[1] - bound.Min[1]) / n,
	}
}

// Bound is where the raster lies.
func (r *Raster[T]) Bound() orb.Bound { return r.bound }

// Cells are all cells, row by row from the south-west.
func (r *Raster[T]) Cells() []T { return r.cells }

// Side is the number of cells along each side.
func (r *Raster[T]) Side() int { return r.side }

// Middle is the middle of the i-th cell.
func (r *Raster[T]) Middle(i int) orb.Point {
	return orb.Point{
		r.bound.Min[0] + (float64(i%r.side)+0.5)*r.dx, r.bound.Min[1] + (float64(i/r.side)+0.5)*r.dy,
	}
}

// Each calls f with every cell that b meets until it says false, and reports whether it never did.
func (r *Raster[T]) Each(b orb.Bound, f func(cell *T) bool) bool {
	x0, x1 := r.place((b.Min[0]-r.bound.Min[0])/r.dx), r.place((b.Max[0]-r.bound.Min[0])/r.dx)
	y0, y1 := r.place((b.Min[1]-r.bound.Min[1])/r.dy), r.place((b.Max[1]-r.bound.Min[1])/r.dy)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			if !f(&r.cells[y*r.side+x]) {
				return false
			}
		}
	}
	return true
}

// place gives what is outside, or no number because the raster has no width, to the nearest cell.
func (r *Raster[T]) place(f float64) int {
	if !(f > 0) {
		return 0
	}
	return int(min(f, float64(r.side-1)))
}
