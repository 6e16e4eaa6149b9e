package overlay_test

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"greenshield/geo/overlay"
	"greenshield/geo/topo"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// This file holds a judge that shares nothing with either engine: it cuts the plane into upright slabs at every
// vertex and every crossing, and adds up trapezoids. It is slow, knows both fill rules, and takes any rings.

// slabEdge is an edge from left to right; weight is what stepping over it from below adds to the winding number.
type slabEdge struct {
	x0, y0, x1, y1 float64
	weight, input  int
	mid            float64 // the height in the middle of the slab in hand
}

func (e *slabEdge) at(x float64) float64 { return e.y0 + (e.y1-e.y0)*((x-e.x0)/(e.x1-e.x0)) }

// slabEdges are the edges of mp relative to o; shells wind up and holes down, whichever way they were drawn.
func slabEdges(mp orb.MultiPolygon, o orb.Point, input int) []slabEdge {
	var edges []slabEdge
	for _, p := range mp {
		for i, ring := range p {
			if len(ring) < 3 {
				continue
			}
			up := 1
			if (ring.Orientation() == orb.CCW) != (i == 0) {
				up = -1
			}
			for k := range ring {
				a, b := ring[k], ring[(k+1)%len(ring)]
				e := slabEdge{x0: a[0] - o[0], y0: a[1] - o[1], x1: b[0] - o[0], y1: b[1] - o[1], weight: up, input: input}
				if a[0] > b[0] {
					e = slabEdge{x0: e.x1, y0: e.y1, x1: e.x0, y1: e.y0, weight: -up, input: input}
				}
				if a[0] != b[0] {
					edges = append(edges, e)
				}
			}
		}
	}
	return edges
}

// cuts are the places where slabs begin and end: all ends of edges and all crossings.
func cuts(edges []slabEdge) []float64 {
	var xs []float64
	for i := range edges {
		e := &edges[i]
		xs = append(xs, e.x0, e.x1)
		for k := range edges[:i] {
			f := &edges[k]
			x0, x1 := max(e.x0, f.x0), min(e.x1, f.x1)
			if x0 >= x1 {
				continue
			}
			d0, d1 := e.at(x0)-f.at(x0), e.at(x1)-f.at(x1)
			if (d0 > 0) != (d1 > 0) && d0 != d1 {
				xs = append(xs, x0+(x1-x0)*(d0/(d0-d1)))
			}
		}
	}
	slices.Sort(xs)
	return slices.Compact(xs)
}

// slabAreas are the areas of a op b by slabs, for all operations, with the given fill rule.
func slabAreas(a, b orb.MultiPolygon, fill overlay.Fill) (areas [4]float64) {
	o := slices.Concat(a, b).Bound().Min
	edges := append(slabEdges(a, o, 0), slabEdges(b, o, 1)...)
	slices.SortFunc(edges, func(e, f slabEdge) int { return cmp.Compare(e.x0, f.x0) })
	xs, next := cuts(edges), 0
	var across []*slabEdge
	for i := 1; i < len(xs); i++ {
		for ; next < len(edges) && edges[next].x0 < xs[i]; next++ {
			across = append(across, &edges[next])
		}
		across = slices.DeleteFunc(across, func(e *slabEdge) bool { return e.x1 < xs[i] })
		addSlab(&areas, across, xs[i-1], xs[i], fill)
	}
	return areas
}

// addSlab adds the trapezoids between the edges across a slab, which it puts in order.
func addSlab(areas *[4]float64, across []*slabEdge, x0, x1 float64, fill overlay.Fill) {
	mid := x0 + (x1-x0)/2
	for _, e := range across {
		e.mid = e.at(mid)
	}
	slices.SortFunc(across, func(e, f *slabEdge) int { return cmp.Compare(e.mid, f.mid) })
	winding := [2]int{}
	for k, e := range across {
		for op := range areas {
			if k > 0 && inside(winding, overlay.Op(op), fill) {
				areas[op] += (x1 - x0) * (e.mid - across[k-1].mid)
			}
		}
		winding[e.input] += e.weight
	}
}

func slabArea(a, b orb.MultiPolygon, op overlay.Op, fill overlay.Fill) float64 {
	return slabAreas(a, b, fill)[op]
}

func inside(winding [2]int, op overlay.Op, fill overlay.Fill) bool {
	var in [2]bool
	for i, w := range winding {
		in[i] = w != 0 && (fill == overlay.NonZero || w%2 != 0)
	}
	switch op {
	case overlay.Intersection:
		return in[0] && in[1]
	case overlay.Union:
		return in[0] || in[1]
	case overlay.Difference:
		return in[0] && !in[1]
	}
	return in[0] != in[1]
}

func TestSlabJudge(t *testing.T) {
	bowTie := orb.MultiPolygon{{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}}
	for _, c := range append(areaCases, struct {
		name string
		a, b orb.MultiPolygon
		want float64
	}{"bow-tie", bowTie, orb.MultiPolygon{box(0, 0, 4, 2)}, 4}) {
		for _, op := range operations {
			a, b := overlay.AreaOf(c.a), overlay.AreaOf(c.b)
			if c.name == "bow-tie" {
				a = 8
			}
			want := expected(op, float64(a), float64(b), c.want)
			if got := slabArea(c.a, c.b, op, overlay.NonZero); !(math.Abs(got-want) <= 1e-9) {
				t.Errorf("%s, op %d: got %v, want %v", c.name, op, got, want)
			}
		}
	}
}

// twiceArea is twice the area of mp in square grid units, exact at any extent.
func twiceArea(mp orb.MultiPolygon) *big.Int {
	sum, x, y := new(big.Int), new(big.Int), new(big.Int)
	for _, p := range mp {
		for _, ring := range p {
			for i := 1; i < len(ring); i++ {
				dx := big.NewInt(unit(ring[i-1][0]) - unit(ring[i][0]))
				x.Mul(dx, y.SetInt64(unit(ring[i-1][1])+unit(ring[i][1])))
				sum.Add(sum, x)
			}
		}
	}
	return sum
}

// outcome holds the five outlines of two regions.
type outcome struct{ i, u, d, e, x orb.MultiPolygon }

func outlines(t *testing.T, a, b orb.MultiPolygon) outcome {
	t.Helper()
	return outcome{
		i: must(t, a, b, overlay.Intersection),
		u: must(t, a, b, overlay.Union),
		d: must(t, a, b, overlay.Difference),
		e: must(t, b, a, overlay.Difference),
		x: must(t, a, b, overlay.SymmetricDifference),
	}
}

func (o outcome) all() []orb.MultiPolygon { return []orb.MultiPolygon{o.i, o.u, o.d, o.e, o.x} }

// gaps are U − (I + D + D′) and X − (U − I) in halves of a square grid unit.
func (o outcome) gaps() (union, symmetric *big.Int) {
	i, u := twiceArea(o.i), twiceArea(o.u)
	union = new(big.Int).Sub(u, i)
	symmetric = new(big.Int).Sub(twiceArea(o.x), union)
	union.Sub(union, twiceArea(o.d))
	union.Sub(union, twiceArea(o.e))
	return union, symmetric
}

// identities says whether U = I + D + D′ and X = U − I hold but for a grid unit along all borders, in metres.
func (o outcome) identities(borders float64) error {
	most, _ := big.NewFloat(2 * borders / grid).Int(nil)
	if union, symmetric := o.gaps(); union.CmpAbs(most) > 0 || symmetric.CmpAbs(most) > 0 {
		return fmt.Errorf("U − I − D − D′ = %v, X − U + I = %v half units, at most %v", union, symmetric, most)
	}
	return nil
}

// checkExact checks that the five outlines are valid by two judges and that the identities hold to the last unit.
func checkExact(t *testing.T, a, b orb.MultiPolygon) outcome {
	t.Helper()
	o := outlines(t, a, b)
	for _, mp := range o.all() {
		checkOGC(t, mp)
	}
	if union, symmetric := o.gaps(); union.Sign() != 0 || symmetric.Sign() != 0 {
		t.Errorf("U − I − D − D′ = %v, X − U + I = %v half units", union, symmetric)
	}
	return o
}

// difference says by how much two regions differ, if by more than a border of the given width around both. Our own
// engine and another one measure what lies in one of them only, where it can and would not take long.
func difference(got, want orb.MultiPolygon, width float64) error {
	most := width * (length(got) + length(want))
	x, err := overlay.Outline(got, want, overlay.SymmetricDifference)
	if err != nil {
		return err
	}
	if d := float64(overlay.AreaOf(x)); !(d <= most) {
		return fmt.Errorf("%.9g m² lie in one of got and want only, at most %.3g m² may", d, most)
	}
	if vertices(got)+vertices(want) > manyEdges || simple(want).Validate() != nil {
		return nil
	}
	other, err := geom.SymmetricDifference(simple(got), simple(want))
	if err != nil {
		return nil
	}
	if d := other.Area(); !(d <= most) {
		return fmt.Errorf("the other engine: %.9g m² lie in one of got and want only, at most %.3g m² may", d, most)
	}
	return nil
}

// checkOGC has the outline judged by our own topology and by another one.
func checkOGC(t *testing.T, mp orb.MultiPolygon) {
	t.Helper()
	if v := topo.Check(mp); v != nil {
		t.Fatalf("outline is invalid: %v: %v", v, mp)
	}
	for _, p := range mp {
		for i, r := range p {
			if ccw := r.Orientation() == orb.CCW; ccw != (i == 0) || r[0] != r[len(r)-1] {
				t.Fatalf("ring %d runs the wrong way or is open: %v", i, p)
			}
		}
	}
	if vertices(mp) > manyEdges {
		return
	}
	if err := simple(mp).Validate(); err != nil {
		t.Fatalf("outline is invalid: %v: %v", err, mp)
	}
}

// region is what another engine's answer covers; lines and points cover nothing.
func region(g geom.Geometry) orb.MultiPolygon {
	var mp orb.MultiPolygon
	switch g.Type() {
	case geom.TypePolygon:
		if !g.IsEmpty() {
			mp = append(mp, polygon(g.MustAsPolygon()))
		}
	case geom.TypeMultiPolygon:
		for _, p := range g.MustAsMultiPolygon().Dump() {
			mp = append(mp, region(p.AsGeometry())...)
		}
	case geom.TypeGeometryCollection:
		for _, member := range g.MustAsGeometryCollection().Dump() {
			mp = append(mp, region(member)...)
		}
	}
	return mp
}

func polygon(p geom.Polygon) orb.Polygon {
	var out orb.Polygon
	for _, line := range p.DumpRings() {
		var ring orb.Ring
		seq := line.Coordinates()
		for i := range seq.Length() {
			xy := seq.GetXY(i)
			ring = append(ring, orb.Point{xy.X, xy.Y})
		}
		out = append(out, ring)
	}
	return out
}

// wkt reads a polygon or a collection of them, valid or not.
func wkt(t *testing.T, text string) orb.MultiPolygon {
	t.Helper()
	g, err := geom.UnmarshalWKT(text, geom.NoValidate{})
	if err != nil {
		t.Fatal(err)
	}
	return region(g)
}
