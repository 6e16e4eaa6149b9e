package topo

import (
	"greenshield/geo/index"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// speckle is the area in square metres below which two members are not asked for the outline of what they share: no
// patch of it is wider than the grid of the overlay unless it is a grain of a centimetre.
const speckle = 1e-6

// pairing looks for members that share an area.
type pairing struct {
	*survey
	bounds  *index.Index[int32]
	asked   map[[2]int32]bool
	large   map[int32]*overlay.Prepared
	scratch overlay.Scratch
	places  []orb.Bound // where pairs are still to be looked for
}

// findOverlaps begins at the loose edges, since how many members cover a place changes only there, and goes on from
// every overlap to the members near it: of an area that several members cover, each pair is found that way even when
// all edges inside cancel.
func (c *survey) findOverlaps() error {
	if len(c.loose) == 0 {
		return nil
	}
	p := pairing{survey: c, asked: make(map[[2]int32]bool), large: make(map[int32]*overlay.Prepared)}
	p.bounds = c.membersNear(c.loose)
	var near []int32
	for _, e := range c.loose {
		near = p.near(near[:0], orb.MultiPoint{e.a, e.b}.Bound())
		for _, other := range near {
			if err := p.ask(e.member, other); err != nil {
				return err
			}
		}
	}
	if len(p.places) > 0 {
		p.bounds = c.membersNear(nil)
	}
	for len(p.places) > 0 {
		at := p.places[len(p.places)-1]
		p.places = p.places[:len(p.places)-1]
		near = p.near(near[:0], at)
		for i, one := range near {
			for _, other := range near[:i] {
				if err := p.ask(one, other); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// membersNear is an index of all members, or only of those that may meet one of the edges. A good coverage has loose edges
// along its outer border alone, and an index of all its members would cost more than all the rest of the search.
func (c *survey) membersNear(edges []looseEdge) *index.Index[int32] {
	bounds := index.New[int32]()
	marked := markedBy(edges)
	for i, m := range c.members {
		if len(m) == 0 {
			continue
		}
		b := c.bound(m)
		if marked != nil && marked.Each(b, func(edge *bool) bool { return !*edge }) {
			continue
		}
		bounds.Insert(b, int32(i))
	}
	return bounds
}

// markedBy is a raster of the cells that edges may pass through, nil when there are none.
func markedBy(edges []looseEdge) *index.Raster[bool] {
	if len(edges) == 0 {
		return nil
	}
	all := orb.Bound{Min: edges[0].a, Max: edges[0].a}
	for _, e := range edges {
		all = all.Extend(e.a).Extend(e.b)
	}
	r := index.NewRaster[bool](all, 256)
	for _, e := range edges {
		r.Each(orb.MultiPoint{e.a, e.b}.Bound(), func(edge *bool) bool {
			*edge = true
			return true
		})
	}
	return r
}

func (p *pairing) near(members []int32, b orb.Bound) []int32 {
	p.bounds.Search(b, func(m int32) bool {
		members = append(members, m)
		return true
	})
	return members
}

// ask notes what two members share, once for each pair.
func (p *pairing) ask(one, other int32) error {
	pair := [2]int32{min(one, other), max(one, other)}
	if one == other || p.asked[pair] {
		return nil
	}
	p.asked[pair] = true
	shared, err := p.shared(pair[0], pair[1])
	if err != nil {
		return err
	}
	for _, outline := range shared {
		patch, ok := p.patch(outline)
		if !ok {
			continue
		}
		p.places = append(p.places, outline.Bound())
		p.found.OverlapTotal.add(patch)
		found := SharedPatch{A: int(pair[0]), B: int(pair[1]), Patch: patch}
		p.found.Overlaps = listed(p.found.Overlaps, found, p.options.Limit, compareShared)
	}
	return nil
}

// manyVertices is the number of vertices from which on a member is laid out once and not anew for each neighbour.
const manyVertices = 500

// shared is the outline of what two members share, empty when that is next to nothing.
func (p *pairing) shared(one, other int32) (orb.MultiPolygon, error) {
	a, b := p.member(one), p.member(other)
	if vertices(a) < vertices(b) {
		one, a, b = other, b, a
	}
	if vertices(a) < manyVertices {
		if p.scratch.Area(a, b) < speckle {
			return nil, nil
		}
		return p.scratch.Outline(a, b, overlay.Intersection)
	}
	if p.large[one] == nil {
		p.large[one] = overlay.Prepare(a)
	}
	if p.large[one].Overlap(b, &p.scratch) < speckle {
		return nil, nil
	}
	return p.large[one].Outline(b, &p.scratch)
}
