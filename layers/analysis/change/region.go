package change

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// region is one administrative unit in the legal plane.
type region struct {
	code, name string
	plane      orb.MultiPolygon
	rest       bool // plane is what of the region none of its delivered parts covers
}

// regionsOf gathers a region vintage by code, in order of code; features without a code are a mistake of the layer.
func regionsOf(v *layers.Loaded) ([]region, error) {
	parts, names := map[string][]orb.MultiPolygon{}, map[string]string{}
	for i, f := range v.Features() {
		code := regionCodeOf(&f)
		if code == "" {
			return nil, geo.NewProblem("change.region.no-code", "ref", v.Vintage.Ref, "feature", f.ID)
		}
		parts[code] = append(parts[code], v.Plane().Polygon(i))
		if names[code] == "" {
			names[code] = f.Roles[layers.Name]
		}
	}
	var out []region
	for _, code := range slices.Sorted(maps.Keys(parts)) {
		plane := parts[code][0]
		if len(parts[code]) > 1 {
			var err error
			if plane, err = overlay.Dissolve(parts[code]); err != nil {
				return nil, err
			}
		}
		out = append(out, region{code: code, name: names[code], plane: plane})
	}
	return out, nil
}

// loadRegions lays out the regions so that no place lies in two, and says where the layer's own do.
func (c *comparison) loadRegions(ctx context.Context, lib *layers.Library) error {
	v, err := lib.Load(ctx, c.Options.Regions)
	if err != nil {
		return err
	}
	all, err := regionsOf(v)
	if err != nil {
		return err
	}
	c.names = map[string]string{}
	for _, r := range all {
		c.names[r.code] = r.name
	}
	c.sayOverlaps(v)
	c.regions, err = disjoin(all)
	return err
}

// sayOverlaps says by how much regions that are no parts of each other overlap: that area counts in both of them.
func (c *comparison) sayOverlaps(v *layers.Loaded) {
	var sum, worst geo.Area
	var pair [2]string
	for _, p := range v.Plane().Overlaps() {
		a, b := regionCodeOf(&v.Features()[p.A]), regionCodeOf(&v.Features()[p.B])
		if p.Area <= Tolerance || partOf(a, b) || partOf(b, a) {
			continue
		}
		if sum += p.Area; p.Area > worst {
			worst, pair = p.Area, [2]string{a, b}
		}
	}
	if sum > 0 {
		c.result.Gaps = append(c.result.Gaps, analysis.Gap{Layer: v.Vintage.Ref.Layer, Problem: geo.NewProblem(
			"change.regions.overlap", "ref", v.Vintage.Ref, "area", metres(sum), "one", pair[0], "other", pair[1])})
	}
}

// regionCodeOf is the code of a region, "" for none.
func regionCodeOf(f *layers.Feature) string {
	return cmp.Or(f.Roles[layers.Code], f.Roles[layers.RegionCode])
}

// accountByItself gives the account of a region layer per region of its own, when it is not cut by another: what moved
// from one region to its neighbour is lost there and gained here, so a border that moved shows in two rows.
func (c *comparison) accountByItself() {
	r := &c.result
	r.Rows, r.MatrixByRegion = nil, nil
	total := Row{FeaturesBefore: r.Total.FeaturesBefore, FeaturesAfter: r.Total.FeaturesAfter}
	for i, code := range r.Classes {
		row := Row{Code: code, Before: r.OnlyBefore[i], After: r.OnlyAfter[i], Unchanged: r.Matrix[i][i]}
		for j := range r.Classes {
			row.Before += r.Matrix[i][j]
			row.After += r.Matrix[j][i]
		}
		row.Lost, row.Gained, row.Net = row.Before-row.Unchanged, row.After-row.Unchanged, row.After-row.Before
		row.FeaturesBefore, _ = named(c.before, code)
		row.FeaturesAfter, row.Name = named(c.after, code)
		if row.Name == "" {
			_, row.Name = named(c.before, code)
		}
		r.Rows = append(r.Rows, row)
		features := [2]int64{total.FeaturesBefore, total.FeaturesAfter}
		total = total.plus(row)
		total.FeaturesBefore, total.FeaturesAfter = features[0], features[1]
	}
	r.Total = total
}

// named counts the features of a code and gives their name.
func named(v *layers.Loaded, code string) (count int64, name string) {
	for _, f := range v.Features() {
		if f.Roles[layers.Code] == code {
			count++
			name = f.Roles[layers.Name]
		}
	}
	return count, name
}

// zones lays the regions out, in their order, for splitting what is compared.
func zones(regions []region) *overlay.Zones {
	var prepared []*overlay.Prepared
	for _, r := range regions {
		prepared = append(prepared, overlay.Prepare(r.plane))
	}
	return overlay.NewZones(prepared)
}

// portions splits a place by region; the zone after the last region is outside all.
func (c *comparison) portions(place orb.MultiPolygon, s *overlay.Scratch) []overlay.Portion {
	return c.zones.Split(nil, s.Prepare(place))
}

// regionCode is the code of a portion's region, "" outside all.
func (c *comparison) regionCode(i int) string {
	if i < len(c.regions) {
		return c.regions[i].code
	}
	return ""
}
