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
		out = append(out, region{code, names[code], plane})
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

// zones lays the regions out, in their order, for splitting what is compared.
func zones(regions []region) *overlay.Zones {
	var prepared []*overlay.Prepared
	for _, r := range regions {
		prepared = append(prepared, overlay.Prepare(r.plane))
	}
	return overlay.NewZones(prepared)
}

// portions splits a place by region; the zone after the last region is outside all.
func (c *comparison) portions(place orb.MultiPolygon) []overlay.Portion {
	return c.zones.Split(nil, overlay.Prepare(place))
}

// regionCode is the code of a portion's region, "" outside all.
func (c *comparison) regionCode(i int) string {
	if i < len(c.regions) {
		return c.regions[i].code
	}
	return ""
}
