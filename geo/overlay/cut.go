package overlay

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// CutLine cuts lines where they enter and leave polygons. What lies on the border, to a micrometre, counts as
// inside. The pieces of each line keep its vertices and its direction, and together have exactly its length.
func CutLine(l orb.MultiLineString, by orb.MultiPolygon) (inside, outside orb.MultiLineString) {
	c := NewCutter(by)
	for _, line := range l {
		for _, p := range c.Cut(line) {
			if p.Inside {
				inside = append(inside, p.Line)
			} else {
				outside = append(outside, p.Line)
			}
		}
	}
	return inside, outside
}

// Piece is a part of a line that lies inside the polygons it was cut by, or outside.
type Piece struct {
	Line   orb.LineString
	Inside bool
}

// Cutter cuts lines by the same polygons, which are laid out once. It belongs to one goroutine.
type Cutter struct {
	*strips
	pieces []Piece
	piece  orb.LineString
	inside bool // of the piece
	cuts   []float64
}

// NewCutter lays the polygons out.
func NewCutter(by orb.MultiPolygon) *Cutter { return &Cutter{strips: newStrips(by)} }

// Cut gives the pieces of a line in the order in which one walks along it, inside and outside by turns, by the rules of
// CutLine.
func (c *Cutter) Cut(line orb.LineString) []Piece {
	c.pieces = nil
	for i := 1; i < len(line); i++ {
		if line[i-1] != line[i] {
			c.cutSegment(line[i-1], line[i])
		}
	}
	c.finish()
	return c.pieces
}

// cutSegment cuts the way from p to q at every place where a border crosses it, begins or ends on it.
func (c *Cutter) cutSegment(p, q orb.Point) {
	c.cuts = c.cuts[:0]
	box := rect{min(p[0], q[0]), min(p[1], q[1]), max(p[0], q[0]), max(p[1], q[1])}.grown(near)
	if !box.disjoint(c.box.grown(near)) {
		for _, i := range c.between(box.x0, box.x1) {
			c.meet(p, q, &c.edges[i], box)
		}
	}
	slices.Sort(c.cuts)
	const shortest = near / 10 // shorter pieces stay with the one before
	length := math.Hypot(q[0]-p[0], q[1]-p[1])
	last, at := 0.0, p
	for _, t := range c.cuts {
		if (t-last)*length <= shortest || (1-t)*length <= shortest {
			continue
		}
		next := orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
		c.add(at, next)
		last, at = t, next
	}
	c.add(at, q)
}

// meet notes where, between 0 at p and 1 at q, the edge e crosses, begins or ends on the way.
func (c *Cutter) meet(p, q orb.Point, e *side, box rect) {
	if e.b[0] < box.x0 || e.a[0] > box.x1 || max(e.a[1], e.b[1]) < box.y0 || min(e.a[1], e.b[1]) > box.y1 {
		return
	}
	d, a, b := vector(p, q), vector(p, e.a), vector(p, e.b)
	length := math.Hypot(d[0], d[1])
	fa, fb := (d[0]*a[1]-d[1]*a[0])/length, (d[0]*b[1]-d[1]*b[0])/length // distances from the way
	ta, tb := (d[0]*a[0]+d[1]*a[1])/(length*length), (d[0]*b[0]+d[1]*b[1])/(length*length)
	if math.Abs(fa) <= near {
		c.note(ta)
	}
	if math.Abs(fb) <= near {
		c.note(tb)
	}
	if (fa > 0 && fb < 0) || (fa < 0 && fb > 0) {
		c.note(ta + (tb-ta)*(fa/(fa-fb)))
	}
}

func (c *Cutter) note(t float64) {
	if t > 0 && t < 1 {
		c.cuts = append(c.cuts, t)
	}
}

// add joins the piece from p to q to the present one, or begins a new one, by where its middle lies.
func (c *Cutter) add(p, q orb.Point) {
	inside := c.holds(orb.Point{p[0] + (q[0]-p[0])/2, p[1] + (q[1]-p[1])/2})
	if len(c.piece) > 0 && inside != c.inside {
		c.finish()
	}
	if len(c.piece) == 0 {
		c.piece = orb.LineString{p}
		c.inside = inside
	}
	c.piece = append(c.piece, q)
}

func (c *Cutter) finish() {
	if len(c.piece) > 1 {
		c.pieces = append(c.pieces, Piece{c.piece, c.inside})
	}
	c.piece = nil
}
