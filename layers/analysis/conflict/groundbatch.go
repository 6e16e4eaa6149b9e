package conflict

import (
	"maps"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers/analysis"
	"greenshield/layers/ingest/codes"
)

// batchGround is the ground of all parcels together; nil when the ground was not asked for.
func (c *checker) batchGround(answers []answer, clusters []cluster) *BatchGround {
	g := c.grounds
	if g == nil {
		return nil
	}
	b := &BatchGround{Groups: chosen(g.groups)}
	b.Gaps = slices.Clone(g.gaps)
	for _, l := range g.landuse {
		b.LanduseRefs = append(b.LanduseRefs, l.vintage.Ref)
		b.Ownership = b.Ownership || !l.fields.None()
	}
	if g.regions != nil {
		b.RegionRef = g.regions.vintage.Ref
	}
	b.sum(c.grounded(answers, clusters, b))
	for _, p := range b.Ground.Regions {
		if p.Region != "" {
			b.RegionNames = append(b.RegionNames, RegionName{p.Region, g.names[p.Region]})
		}
	}
	for i := range answers {
		if p := answers[i].Ground; p != nil && len(p.Regions) > 1 {
			b.Split++
		}
	}
	return b
}

func chosen(groups map[string]codes.Group) []ClassGroup {
	var out []ClassGroup
	for _, class := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, ClassGroup{class, groups[class]})
	}
	return out
}

// grounded are the grounds that add up to that of the batch: those of the parcels, and for parcels that overlap each
// other the ground of their union. Where a union cannot be built the parcels' own are taken, and a gap says that places
// count more than once.
func (c *checker) grounded(answers []answer, clusters []cluster, b *BatchGround) []*Ground {
	var out []*Ground
	merged := map[int]bool{}
	scratch := new(overlay.Scratch)
	for _, k := range clusters {
		if k.err != nil {
			b.Gaps = append(b.Gaps, analysis.Gap{Problem: geo.NewProblem("ground.batch.doubled").Because(k.err)})
			continue
		}
		for _, i := range k.members {
			merged[i] = true
		}
		out = append(out, c.unionGround(answers, k, scratch))
	}
	for i := range answers {
		if !merged[i] && answers[i].Ground != nil {
			out = append(out, answers[i].Ground)
		}
	}
	return out
}

// unionGround is the ground under the parcels of a cluster together.
func (c *checker) unionGround(answers []answer, k cluster, scratch *overlay.Scratch) *Ground {
	bound := answers[k.members[0]].Parcel.Geometry.Bound()
	for _, i := range k.members {
		bound = bound.Union(answers[i].Parcel.Geometry.Bound())
	}
	s := &site{groundLayers: c.grounds, scratch: scratch, place: overlay.Prepare(k.union), bound: bound.Pad(margin)}
	s.slight = max(c.Tolerance, speck)
	return s.ground()
}

// sum adds grounds up. Their gaps are those of parcels and stay there.
func (b *BatchGround) sum(all []*Ground) {
	uses, regions := map[useKey]Use{}, map[string]geo.Area{}
	for _, g := range all {
		b.Area += g.Area
		for _, u := range g.Uses {
			sum := uses[u.key()]
			u.Area += sum.Area
			uses[u.key()] = u
		}
		for _, p := range g.Regions {
			regions[p.Region] += p.Area
		}
	}
	b.Uses = slices.SortedFunc(maps.Values(uses), Use.compare)
	for _, code := range slices.Sorted(maps.Keys(regions)) {
		b.Ground.Regions = append(b.Ground.Regions, analysis.RegionPart{Region: code, Area: regions[code]})
	}
}

// useKey is a use but for its area.
type useKey Use

func (u Use) key() useKey {
	u.Area = 0
	return useKey(u)
}

// Region is the code of the region that a place lies in, "" when it lies in several, in none, or it is not known.
func (g *Ground) Region() string {
	if g == nil || len(g.Regions) != 1 {
		return ""
	}
	return g.Regions[0].Region
}

// Grouped is the area of the uses of a great group; "" for those whose group is not known, patches without a class and
// places without land use included.
func (g *Ground) Grouped(group codes.Group) geo.Area {
	sum := geo.Area(0)
	for _, u := range g.Uses {
		if u.Group == group {
			sum += u.Area
		}
	}
	return sum
}

// Cultivated is the area of the classes of cultivated land (耕地, 01 and below).
func (g *Ground) Cultivated() geo.Area {
	sum := geo.Area(0)
	for _, u := range g.Uses {
		if u.Group == codes.Agricultural && strings.HasPrefix(u.Class, "01") {
			sum += u.Area
		}
	}
	return sum
}
