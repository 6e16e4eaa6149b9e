package overlay

import (
	"fmt"
	"math"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// Agree checks an area against the outline of the same region: snap rounding moves every edge by less than the grid,
// so the two may differ by the grid times the perimeter and no more. The perimeter is that of the outline and of
// what the inputs have where all of them may be: an overlap narrower than the grid has no outline, but edges.
// The error wraps ErrDisagree.
func Agree(area geo.Area, outline orb.MultiPolygon, inputs ...orb.MultiPolygon) error {
	where := boundOf(outline)
	if len(inputs) > 0 {
		where = where.around(common(inputs))
	}
	where = where.grown(Grid)
	perimeter := lengthWithin(outline, where)
	for _, mp := range inputs {
		perimeter += lengthWithin(mp, where)
	}
	return compareAreas(area, AreaOf(outline), perimeter)
}

// agree is Agree for what p and q share. It looks only at those parts of the two that are near the outline.
func (p *Prepared) agree(area geo.Area, outline orb.MultiPolygon, q *Prepared) error {
	a, b := p.box(), q.box()
	where := rect{max(a.x0, b.x0), max(a.y0, b.y0), min(a.x1, b.x1), min(a.y1, b.y1)}
	where = boundOf(outline).around(where).grown(Grid)
	perimeter := lengthWithin(outline, where)
	for _, c := range [...]*chains{&p.chains, &q.chains} {
		if !c.empty() {
			perimeter += c.lengthWithin(c.root(), &where)
		}
	}
	return compareAreas(area, AreaOf(outline), perimeter)
}

// lengthWithin is the length of the edges of a node whose boxes meet r, each counted up to the diagonal of r.
func (c *chains) lengthWithin(n *node, r *rect) float64 {
	if !n.box.meets(r) {
		return 0
	}
	sum := 0.0
	if n.count > 0 {
		for k := n.kids; k < n.kids+int32(n.count); k++ {
			sum += c.lengthWithin(&c.nodes[k], r)
		}
		return sum
	}
	return lengthOf(c.points[n.from:n.to+1], r)
}

// compareAreas is the error when an area and that of its outline differ by more than the grid times the perimeter.
func compareAreas(area, outline geo.Area, perimeter float64) error {
	const rounding = 1e-12 // of the area, in floats
	slack := Grid*perimeter + rounding*math.Abs(float64(area))
	if d := math.Abs(float64(area - outline)); !(d <= slack) {
		return fmt.Errorf("%w: %.6f m² and %.6f m² differ by more than %.6f m²",
			ErrDisagree, float64(area), float64(outline), slack)
	}
	return nil
}

// common is the bound of the place where all inputs may be.
func common(inputs []orb.MultiPolygon) rect {
	r := rect{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}
	for _, mp := range inputs {
		b := boundOf(mp)
		r = rect{max(r.x0, b.x0), max(r.y0, b.y0), min(r.x1, b.x1), min(r.y1, b.y1)}
	}
	return r
}

// around is the smallest rectangle around r and o, either of which may be empty.
func (r rect) around(o rect) rect {
	switch {
	case !(o.x0 <= o.x1 && o.y0 <= o.y1):
		return r
	case !(r.x0 <= r.x1 && r.y0 <= r.y1):
		return o
	}
	return rect{min(r.x0, o.x0), min(r.y0, o.y0), max(r.x1, o.x1), max(r.y1, o.y1)}
}

// lengthWithin is the length of the edges whose bounds meet r, each counted up to the diagonal of r.
func lengthWithin(mp orb.MultiPolygon, r rect) float64 {
	sum := 0.0
	for _, p := range mp {
		for _, ring := range p {
			sum += lengthOf(ring, &r)
		}
	}
	return sum
}

func lengthOf(way []orb.Point, r *rect) float64 {
	sum, diagonal := 0.0, math.Hypot(r.x1-r.x0, r.y1-r.y0)
	for i := 1; i < len(way); i++ {
		a, b := way[i-1], way[i]
		if max(a[0], b[0]) >= r.x0 && min(a[0], b[0]) <= r.x1 && max(a[1], b[1]) >= r.y0 && min(a[1], b[1]) <= r.y1 {
			sum += min(math.Hypot(b[0]-a[0], b[1]-a[1]), diagonal)
		}
	}
	return sum
}
