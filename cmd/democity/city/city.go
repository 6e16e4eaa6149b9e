// Package city makes the demo city: a fictional prefecture on 109°–110.7° E that straddles the 3° zones 36 and 37,
// with districts, red line, protected areas, a river system and two years of land use as a true coverage. The same
// seed and scale give the same bytes. It knows what its layers mean and refuses to touch files; see package
// files for those.
package city

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
	"greenshield/layers"
)

// Options says which city to make; the zero value is the demo city.
type Options struct {
	// Seed chooses another city of the same kind; 0 means 1.
	Seed uint64
	// Scale is how many times more land-use patches there are; 0 means 1, about 12,000. At 25 there are about
	// 300,000 and a red line of 1.5 million vertices.
	Scale float64
}

// Table is one layer of one year.
type Table struct {
	Layer   layers.Layer
	Vintage string
	Fields  []format.Field
	Rows    []Row
}

// Row is one feature in CGCS2000 degrees with its values, parallel to the table's fields.
type Row struct {
	Geometry orb.Geometry
	Values   []any
}

// Names are the words of the city (data/demo/names.json).
type Names struct {
	City      Place
	Districts []Place
	Rivers    []string
	Protected []struct{ Name, Level string }
	Zones     struct{ Core, General string }
	Shoreline []string
	Banks     struct{ Left, Right string }
	Redline   struct{ Name, Kind, Code string }
	Farmland  string
	Urban     string
	Classes   map[string]string
	Titles    map[string]string
	Parcels   map[string]string
}

// Place is an administrative unit.
type Place struct{ Code, Name string }

// ReadNames reads names.json.
func ReadNames(raw []byte) (Names, error) {
	var n Names
	if err := json.Unmarshal(raw, &n); err != nil {
		return n, fmt.Errorf("read the demo city's names: %w", err)
	}
	if len(n.Districts) != 5 || len(n.Rivers) != 2 || len(n.Protected) != 3 || len(n.Shoreline) != 4 {
		return n, fmt.Errorf("read the demo city's names: wrong number of districts, rivers, areas or zones")
	}
	return n, nil
}

// City is the made city; Tables are in an order in which they can be imported: regions first.
type City struct {
	Tables  []Table
	Parcels []Parcel
}

// The two years that the demo city is surveyed in.
const (
	YearBefore = "2024"
	YearAfter  = "2025"
)

// Make makes the city.
func Make(names Names, o Options) City {
	if o.Scale <= 0 {
		o.Scale = 1
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	side := math.Sqrt(o.Scale)
	m := newMesh(o.Seed, int(math.Round(360*side)), int(math.Round(320*side)), 2)
	g := survey(m)
	z := plan(g)
	red := make([]bool, len(z.redlineAfter))
	for c, label := range z.redlineAfter {
		red[c] = label != none
	}
	b := builder{ground: g, zones: z, land: settle(g, red), names: names, extra: extraDetail(o.Scale)}
	return City{Tables: b.tables(), Parcels: b.parcels()}
}

// extraDetail is how often the red line's edges are halved beyond the land use's, so that its vertices grow with the
// scale although its border grows only with the root of it.
func extraDetail(scale float64) int {
	return 2 + int(math.Ceil(math.Log2(math.Sqrt(scale))))
}

type builder struct {
	*ground
	*zones
	*land
	names Names
	extra int
}

func (b *builder) tables() []Table {
	return []Table{
		b.regions(),
		b.redlines(YearBefore, b.redlineBefore),
		b.redlines(YearAfter, b.redlineAfter),
		b.protectedAreas(YearBefore, b.protectedBefore),
		b.protectedAreas(YearAfter, b.protectedAfter),
		b.farmlands(),
		b.urbanAreas(),
		b.riverAreas(),
		b.banklines(),
		b.shorelineZones(),
		b.shorelineLines(),
		b.landuse(YearBefore, b.group, b.before),
		b.landuse(YearAfter, b.regroup(), b.after),
	}
}

func (b *builder) layer(id layers.LayerID, theme layers.Theme) layers.Layer {
	return layers.Layer{ID: id, Theme: theme, Title: b.names.Titles[string(id)]}
}
