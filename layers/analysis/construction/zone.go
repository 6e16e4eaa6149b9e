package construction

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
)

// coverage names the extent in which a layer is complete.
const coverage = "\x00coverage"

// zoneLayer is a layer in which construction land is looked for. Its extents are the whole layer and then, where it has
// several zones, each of them.
type zoneLayer struct {
	ref     layers.Ref
	theme   layers.Theme
	names   []string // of the extents: "" for the whole, coverage, or a zone
	extents []*place.Extent
}

func (a *account) loadZones(ctx context.Context, lib *layers.Library) error {
	for _, ref := range a.Zones {
		v, err := lib.Load(ctx, ref)
		if err != nil {
			return err
		}
		if t := v.Vintage.Theme; !t.Constraint() {
			return geo.NewProblem("construction.zone.theme", "ref", ref, "theme", t)
		}
		if v.Vintage.Area <= 0 {
			a.gap(ref.Layer, "construction.zone.no-polygons", "ref", ref)
			continue
		}
		z, err := zoneLayerOf(v)
		if err != nil {
			return geo.NewProblem("construction.overlay.failed", "ref", ref, "feature", "–").Because(err)
		}
		a.zoneDoubts(v.Vintage)
		a.zones = append(a.zones, z)
	}
	return nil
}

// zoneDoubts notes why finding nothing in a layer may not mean that there is nothing.
func (a *account) zoneDoubts(v layers.Vintage) {
	if n := len(v.Rejects); n > 0 {
		a.gap(v.Ref.Layer, "construction.zone.rejects", "ref", v.Ref, "count", n)
	}
	if frame := v.Provenance.Suspected; frame != "" {
		a.gap(v.Ref.Layer, "construction.zone.suspected", "ref", v.Ref, "frame", frame)
	}
	if v.Coverage.Kind == layers.CoverageUndeclared {
		a.gap(v.Ref.Layer, "construction.zone.coverage", "ref", v.Ref)
	}
}

func zoneLayerOf(v *layers.Loaded) (zoneLayer, error) {
	z := zoneLayer{ref: v.Vintage.Ref, theme: v.Vintage.Theme}
	whole, err := place.ExtentOf(v, nil)
	if err != nil {
		return z, err
	}
	z.names, z.extents = []string{""}, []*place.Extent{whole}
	if kind := v.Vintage.Coverage.Kind; kind == layers.CoverageExtent || kind == layers.CoverageRegions {
		covered := ellipsoid.MultiPolygonToPlane(v.Vintage.Coverage.Outline)
		z.names, z.extents = append(z.names, coverage), append(z.extents, place.Of(covered))
	}
	zones := map[string]bool{}
	for i := range v.Features() {
		if v.IsArea(i) {
			zones[v.Features()[i].Roles[layers.Zone]] = true
		}
	}
	if z.theme == layers.Urban || len(zones) < 2 && zones[""] {
		return z, nil
	}
	for _, name := range slices.Sorted(maps.Keys(zones)) {
		e, err := place.ExtentOf(v, func(f *layers.Feature) bool { return f.Roles[layers.Zone] == name })
		if err != nil {
			return z, err
		}
		z.names, z.extents = append(z.names, cmp.Or(name, Unnamed)), append(z.extents, e)
	}
	return z, nil
}

// countZones is the number of extents of all zone layers.
func (a *account) countZones() int {
	n := 0
	for _, z := range a.zones {
		n += len(z.extents)
	}
	return n
}

// inZones is how much of p lies in each extent, in the order of layers and extents. What shares no more than Tolerance
// touches, and what is inside but for so much is inside.
func (a *account) inZones(p *overlay.Prepared) []geo.Area {
	out := make([]geo.Area, 0, a.countZones())
	for _, z := range a.zones {
		for _, e := range z.extents {
			area := e.Shared(p)
			if area <= Tolerance {
				area = 0
			} else if p.Area()-area <= Tolerance {
				area = p.Area()
			}
			out = append(out, area)
		}
	}
	return out
}

// places lists what lies in every zone, by layer, zone, region and year, and tells what lies beyond a layer's coverage.
func (a *account) places() []Place {
	var out []Place
	k := -1
	for _, z := range a.zones {
		for _, name := range z.names {
			k++
			if name == coverage {
				a.tellBeyond(z, k)
				continue
			}
			for row := range a.regions.Rows() {
				if a.shown(row) {
					out = append(out, a.placesIn(z, name, k, row)...)
				}
			}
			out = append(out, a.placesIn(z, name, k, total)...)
		}
	}
	return out
}

// total is the row of all regions together.
const total = -1

// placesIn is the construction land of a row, or of all, that lies in the k-th extent, by year.
func (a *account) placesIn(z zoneLayer, name string, k, row int) []Place {
	var out []Place
	for i := range a.years {
		inside, all := a.years[i].in(k, row)
		p := Place{
			Ref: z.ref, Theme: z.theme, Zone: name, Total: row == total, Year: a.years[i].Year.Year, Area: inside,
		}
		if row != total {
			p.Code, p.Name = a.regions.At(row).Code, a.regions.At(row).Name
		}
		if z.theme == layers.Urban {
			p.Zone, p.Area = Outside, max(all-inside, 0)
		}
		if all > 0 {
			share := Share(p.Area / all)
			p.Share = &share
		}
		out = append(out, p)
	}
	return out
}

// in is how much construction land of a row, or of all, lies in the k-th extent, and how much there is.
func (y *year) in(k, row int) (inside, all geo.Area) {
	for i, c := range y.cells {
		if i == row || row == total {
			inside, all = inside+y.inside[i][k], all+c.construction.Computed
		}
	}
	return inside, all
}

// tellBeyond notes construction land where a layer is not complete.
func (a *account) tellBeyond(z zoneLayer, k int) {
	for i := range a.years {
		if inside, all := a.years[i].in(k, total); all-inside > Tolerance {
			a.gap(z.ref.Layer, "construction.zone.beyond",
				"ref", z.ref, "year", a.years[i].Year.Year, "area", squareMetres(all-inside))
		}
	}
}
