package city

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
)

func text(name string, width int) format.Field {
	return format.Field{Name: name, Kind: format.Text, Width: width}
}

func number(name string, width, decimals int) format.Field {
	return format.Field{Name: name, Kind: format.Real, Width: width, Decimals: decimals}
}

// polygon unwraps a multipolygon of one part.
func polygon(mp orb.MultiPolygon) orb.Geometry {
	if len(mp) == 1 {
		return mp[0]
	}
	return mp
}

// inOrder yields the geometries of a label set by label.
func (b *builder) inOrder(labels []int, visit func(label int, mp orb.MultiPolygon)) {
	parts := b.dissolve(labels)
	for _, label := range slices.Sorted(maps.Keys(parts)) {
		visit(label, parts[label])
	}
}

func (b *builder) regions() Table {
	t := Table{
		Layer: b.layer("region", layers.Region), Vintage: YearBefore,
		Fields: []format.Field{text("XZQDM", 12), text("XZQMC", 60)},
	}
	b.inOrder(b.district, func(label int, mp orb.MultiPolygon) {
		d := b.names.Districts[label]
		t.Rows = append(t.Rows, Row{polygon(mp), []any{d.Code, d.Name}})
	})
	return t
}

func (b *builder) redlines(year string, labels []int) Table {
	t := Table{
		Layer: b.layer("redline", layers.Redline), Vintage: year,
		Fields: []format.Field{text("HXBM", 20), text("HXMM", 80), text("HXLX", 30), text("LXBM", 4), number("TBMJ", 18, 2)},
	}
	r := b.names.Redline
	b.inOrder(labels, func(label int, mp orb.MultiPolygon) {
		for p := range mp {
			for k := range mp[p] {
				mp[p][k] = finer(b.seed, mp[p][k], b.extra)
			}
		}
		code := fmt.Sprintf("%s-%s-%03d", b.names.City.Code, r.Code, label+1)
		t.Rows = append(t.Rows, Row{polygon(mp), []any{code, r.Name, r.Kind, r.Code, stated(mp)}})
	})
	return t
}

// stated is the area that the delivery itself states, in m² with two decimals as surveys do.
func stated(g orb.Geometry) float64 {
	return float64(int64(float64(ellipsoid.Area(g))*100+0.5)) / 100
}

func (b *builder) protectedAreas(year string, labels []int) Table {
	t := Table{
		Layer: b.layer("protected", layers.Protected), Vintage: year,
		Fields: []format.Field{text("BHQDM", 20), text("BHQMC", 80), text("BHQJB", 12), text("GNFQ", 20)},
	}
	b.inOrder(labels, func(label int, mp orb.MultiPolygon) {
		area, zone := b.names.Protected[label/2], b.names.Zones.Core
		if label%2 == 1 {
			zone = b.names.Zones.General
		}
		code := fmt.Sprintf("%s-B%02d-%d", b.names.City.Code, label/2+1, label%2+1)
		t.Rows = append(t.Rows, Row{polygon(mp), []any{code, area.Name, area.Level, zone}})
	})
	return t
}

func (b *builder) farmlands() Table {
	t := Table{
		Layer: b.layer("farmland", layers.Farmland), Vintage: YearBefore,
		Fields: []format.Field{text("BSM", 18), text("MC", 60), number("JBNTMJ", 18, 2)},
	}
	b.inOrder(b.farmland, func(label int, mp orb.MultiPolygon) {
		code := fmt.Sprintf("%sN%06d", b.names.City.Code, label+1)
		t.Rows = append(t.Rows, Row{polygon(mp), []any{code, b.names.Farmland, stated(mp)}})
	})
	return t
}

func (b *builder) urbanAreas() Table {
	t := Table{
		Layer: b.layer("urban", layers.Urban), Vintage: YearBefore,
		Fields: []format.Field{text("BSM", 18), text("MC", 60)},
	}
	b.inOrder(b.urban, func(label int, mp orb.MultiPolygon) {
		code := fmt.Sprintf("%sU%03d", b.names.City.Code, label+1)
		t.Rows = append(t.Rows, Row{polygon(mp), []any{code, b.names.Urban}})
	})
	return t
}

func (b *builder) landuse(year string, patches []int, class []string) Table {
	t := Table{
		Layer: b.layer("landuse", layers.Landuse), Vintage: year,
		Fields: []format.Field{
			text("BSM", 18), text("TBBH", 8), text("DLBM", 5), text("DLMC", 60), text("ZLDWDM", 19), number("TBMJ", 18, 2),
		},
	}
	first := firstCells(patches)
	b.inOrder(patches, func(label int, mp orb.MultiPolygon) {
		c := first[label]
		district := b.names.Districts[b.district[c]].Code
		t.Rows = append(t.Rows, Row{polygon(mp), []any{
			fmt.Sprintf("%s%012d", district, label+1), fmt.Sprintf("%07d", label+1),
			class[c], b.names.Classes[class[c]], district + "000000", stated(mp),
		}})
	})
	return t
}

// firstCells gives a cell of each label.
func firstCells(labels []int) map[int]int {
	first := map[int]int{}
	for c, l := range labels {
		if _, ok := first[l]; !ok && l != none {
			first[l] = c
		}
	}
	return first
}
