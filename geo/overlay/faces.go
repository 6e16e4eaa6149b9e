package overlay

import (
	"cmp"
	"slices"

	"greenshield/geo"

	"github.com/paulmach/orb"
)

// Face is a place that polygon A of one layer and polygon B of another have in common; −1 stands for the place where
// the layer has nothing.
type Face struct {
	A, B    int32
	Area    geo.Area
	Outline orb.MultiPolygon
}

// Faces overlays two whole layers in one sweep: every place that a polygon of one shares with a polygon of the other, and
// what of each polygon lies in nothing of the other, in order of A and B with −1 last. Outlines are valid and cover
// exactly what the layers cover, on the grid. Where polygons of one layer overlap each other, the place comes once for
// each of them. Invalid polygons count by the NonZero rule.
//
// It takes some 700 bytes for an edge; layers of millions of edges are better compared with Compare.
func Faces(a, b *Layer) ([]Face, error) {
	f := facer{}
	f.load(a, b)
	if err := f.sweepFaces(); err != nil {
		return nil, err
	}
	return f.faces()
}

// owner names a polygon of one of two layers in one number: its number times two, plus one in the second layer.
func owner(layer, number int) int32 { return int32(2*number + layer) }

// turns is how often the rings of a polygon wind around a place.
type turns struct{ owner, winding int32 }

// facer is the outline engine for two layers.
type facer struct {
	engine
	pieces [][]link // per border: the links of all owners between its points
	below  [][]turns
	arena  []turns
	sides  []faceSide
	gather struct{ over, under []label }
}

// label is a pair of polygons, −1 for none.
type label struct{ a, b int32 }

// faceSide says that a border is on the border of a face: above when the face lies above it.
type faceSide struct {
	label
	border int32
	above  bool
}

func (l label) compare(o label) int {
	// As unsigned numbers, −1 comes last.
	return cmp.Or(cmp.Compare(uint32(l.a), uint32(o.a)), cmp.Compare(uint32(l.b), uint32(o.b)))
}

// load puts the segments of both layers on the grid.
func (f *facer) load(layers ...*Layer) {
	var windows []window
	for _, l := range layers {
		for i := range l.Len() {
			windows = append(windows, l.boxes[i].window())
		}
	}
	f.begin(windows...)
	for k, l := range layers {
		for i := range l.Len() {
			p := l.laid(i)
			f.engine.load(&p.chains, owner(k, i), nil)
		}
	}
}

// sweepFaces nodes the segments and finds, for every border, the faces on its two sides.
func (f *facer) sweepFaces() error {
	f.cut(f.segments)
	f.sortLinks()
	f.gatherBorders()
	f.below = make([][]turns, len(f.borders))
	return f.sweep(f.fan)
}

// gatherBorders makes one border of all links between the same points, unless they cancel.
func (f *facer) gatherBorders() {
	for i := 0; i < len(f.links); {
		from := i
		lo, hi := f.links[i].lo, f.links[i].hi
		for i < len(f.links) && f.links[i].lo == lo && f.links[i].hi == hi {
			i++
		}
		if piece := addUp(f.links[from:i]); len(piece) > 0 {
			f.borders = append(f.borders, border{lo: lo, hi: hi, next: none, ring: none})
			f.pieces = append(f.pieces, piece)
		}
	}
}

// addUp adds up, in place, the links of each owner, and drops those that cancel.
func addUp(links []link) []link {
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(a.owner, b.owner) })
	kept := links[:0]
	for _, l := range links {
		if n := len(kept); n > 0 && kept[n-1].owner == l.owner {
			kept[n-1].weight += l.weight
		} else {
			kept = append(kept, l)
		}
	}
	return slices.DeleteFunc(kept, func(l link) bool { return l.weight == 0 })
}

// fan carries the windings from below to above over the borders first…last.
func (f *facer) fan(from, first, last int) {
	var winding []turns
	if from > 0 {
		under := f.status[from-1]
		winding = f.over(f.below[under], f.pieces[under])
	}
	for i := first; i < last; i++ {
		f.below[i] = winding
		over := f.over(winding, f.pieces[i])
		f.note(int32(i), winding, over)
		winding = over
	}
}

// over is the windings on the far side of a border, by owner, none of them zero.
func (f *facer) over(below []turns, piece []link) []turns {
	from := len(f.arena)
	i, k := 0, 0
	for i < len(below) || k < len(piece) {
		switch {
		case k == len(piece) || (i < len(below) && below[i].owner < piece[k].owner):
			f.arena = append(f.arena, below[i])
			i++
		case i == len(below) || piece[k].owner < below[i].owner:
			f.arena = append(f.arena, turns{piece[k].owner, piece[k].weight})
			k++
		default:
			if w := below[i].winding + piece[k].weight; w != 0 {
				f.arena = append(f.arena, turns{below[i].owner, w})
			}
			i++
			k++
		}
	}
	return f.arena[from:len(f.arena):len(f.arena)]
}

// note lists the faces that have this border on their border: those on one of its sides only.
func (f *facer) note(border int32, below, above []turns) {
	under, over := labels(f.gather.under[:0], below), labels(f.gather.over[:0], above)
	f.gather.under, f.gather.over = under, over
	for _, l := range under {
		if !slices.Contains(over, l) {
			f.sides = append(f.sides, faceSide{l, border, false})
		}
	}
	for _, l := range over {
		if !slices.Contains(under, l) {
			f.sides = append(f.sides, faceSide{l, border, true})
		}
	}
}

// labels appends the pairs of polygons that wind around a place.
func labels(dst []label, at []turns) []label {
	alone := true
	for _, a := range at {
		if a.owner&1 == 1 {
			continue
		}
		alone = false
		single := true
		for _, b := range at {
			if b.owner&1 == 1 {
				dst, single = append(dst, label{a.owner >> 1, b.owner >> 1}), false
			}
		}
		if single {
			dst = append(dst, label{a.owner >> 1, none})
		}
	}
	for _, b := range at {
		if alone && b.owner&1 == 1 {
			dst = append(dst, label{none, b.owner >> 1})
		}
	}
	return dst
}

// faces traces the borders of each face. They are an arrangement of their own, noded already, with one input.
func (f *facer) faces() ([]Face, error) {
	slices.SortFunc(f.sides, func(s, t faceSide) int {
		return cmp.Or(s.label.compare(t.label), cmp.Compare(s.border, t.border))
	})
	var out []Face
	var t tracer
	local := newNumbering(len(f.hot))
	for from, to := 0, 0; from < len(f.sides); from = to {
		for to = from; to < len(f.sides) && f.sides[to].label == f.sides[from].label; to++ {
		}
		f.arrange(&t, local, f.sides[from:to])
		if err := t.label(rule{op: Union}); err != nil {
			return nil, err
		}
		if err := t.trace(); err != nil {
			return nil, err
		}
		face := Face{A: f.sides[from].a, B: f.sides[from].b, Outline: t.polygons(f.frame)}
		face.Area = AreaOf(face.Outline)
		out = append(out, face)
	}
	return out, nil
}

// arrange gives t the borders of one face, with their points numbered anew in the same order.
func (f *facer) arrange(t *tracer, local *numbering, sides []faceSide) {
	local.clear()
	for _, s := range sides {
		local.add(f.borders[s.border].lo)
		local.add(f.borders[s.border].hi)
	}
	t.hot = t.hot[:0]
	for _, k := range local.settle() {
		t.hot = append(t.hot, f.hot[k])
	}
	t.borders = t.borders[:0]
	for _, s := range sides {
		weight := int32(-1)
		if s.above {
			weight = 1
		}
		b := &f.borders[s.border]
		t.borders = append(t.borders, border{
			lo: local.number[b.lo], hi: local.number[b.hi], weight: [2]int32{weight, 0}, next: none, ring: none,
		})
	}
}

// numbering numbers some of many points from 0 on, in their order.
type numbering struct {
	number []int32 // by point; none when it is not among them
	points []int32
}

func newNumbering(n int) *numbering {
	return &numbering{number: slices.Repeat([]int32{none}, n)}
}

func (n *numbering) clear() {
	for _, p := range n.points {
		n.number[p] = none
	}
	n.points = n.points[:0]
}

func (n *numbering) add(p int32) {
	if n.number[p] == none {
		n.number[p] = 0
		n.points = append(n.points, p)
	}
}

// settle gives the points their numbers and lists them.
func (n *numbering) settle() []int32 {
	slices.Sort(n.points)
	for i, p := range n.points {
		n.number[p] = int32(i)
	}
	return n.points
}
