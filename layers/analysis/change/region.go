package change

import (
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// region is one administrative unit in the legal plane.
type region struct {
	code, name string
	plane      orb.MultiPolygon
	prepared   *overlay.Prepared
	bound      orb.Bound
}

// regionsOf gathers a region vintage by code, in order of code; features without a code are a mistake of the layer.
func regionsOf(v *layers.Loaded) ([]region, error) {
	parts, names := map[string][]orb.MultiPolygon{}, map[string]string{}
	for i, f := range v.Features() {
		code := f.Roles[layers.Code]
		if code == "" {
			code = f.Roles[layers.RegionCode]
		}
		if code == "" {
			return nil, geo.NewProblem("change.region.no-code", "ref", v.Vintage.Ref, "feature", f.ID)
		}
		parts[code] = append(parts[code], v.Plane(i))
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
		out = append(out, region{code, names[code], plane, overlay.Prepare(plane), plane.Bound()})
	}
	return out, nil
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

// portion is how much of a geometry lies in one region; region is len(regions) for what lies outside all.
type portion struct {
	region int
	area   geo.Area
}

// portions splits a geometry's area by region. What lies outside all regions is the rest, when it is more than the
// rounding of the parts.
func (c *comparison) portions(g orb.MultiPolygon, area geo.Area, s *overlay.Scratch) []portion {
	var out []portion
	rest := area
	b := g.Bound()
	for i := range c.regions {
		if !c.regions[i].bound.Intersects(b) {
			continue
		}
		in := c.regions[i].prepared.Overlap(g, s)
		if in <= rounding(area) {
			continue
		}
		if area-in <= rounding(area) { // wholly inside: the whole area, to the last bit
			return []portion{{i, area}}
		}
		out = append(out, portion{i, in})
		rest -= in
	}
	if rest > rounding(area) || len(out) == 0 {
		return append(out, portion{len(c.regions), rest})
	}
	// The rounding of the parts goes to the largest, so that they add up to the whole.
	largest := slices.MaxFunc(out, func(a, b portion) int {
		if a.area < b.area {
			return -1
		}
		return 1
	})
	for i := range out {
		if out[i].region == largest.region {
			out[i].area += rest
		}
	}
	return out
}

// rounding is the area that the arithmetic of an overlap may be off by: a tenth of a millimetre around the place.
func rounding(area geo.Area) geo.Area { return 1e-3 + area*1e-10 }

// regionCode is the code of a portion's region, "" outside all.
func (c *comparison) regionCode(i int) string {
	if i < len(c.regions) {
		return c.regions[i].code
	}
	return ""
}
