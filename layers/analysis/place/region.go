package place

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// Region is an administrative unit. Code tells units apart, never the name: homonyms are common.
type Region struct {
	Code, Name string
	// Area is that of the unit's outline in m².
	Area geo.Area
}

// Regions are the units that an account is split by. They do not change and may be used from many goroutines. Without
// any unit all places lie outside, and the account has one row.
type Regions struct {
	// List is in order of code.
	List []Region
	// Names gives the names of all units of the vintage, those of other levels as well, by code.
	Names    map[string]string
	outlines []orb.MultiPolygon
	prepared []*overlay.Prepared
	zones    *overlay.Zones
}

// None are no regions.
func None() *Regions { return &Regions{zones: overlay.NewZones(nil)} }

// RegionsOf gathers the units of a region vintage by code. Where the vintage holds units of several levels, such as
// counties and their townships, those of the highest level from the county down are taken, so that no place counts
// twice; a vintage of units above the county alone is taken as it is. A feature without a code is refused:
// "place.region.no-code".
func RegionsOf(v *layers.Loaded) (*Regions, error) {
	parts, names := map[string][]orb.MultiPolygon{}, map[string]string{}
	for i := range v.Features() {
		f := &v.Features()[i]
		code := cmp.Or(f.Roles[layers.Code], f.Roles[layers.RegionCode])
		if code == "" {
			return nil, geo.NewProblem("place.region.no-code", "ref", v.Vintage.Ref, "feature", f.ID)
		}
		parts[code] = append(parts[code], v.Plane().Polygon(i))
		names[code] = cmp.Or(names[code], f.Roles[layers.Name])
	}
	r := &Regions{Names: names}
	level := accountLevel(slices.Collect(maps.Keys(parts)))
	for _, code := range slices.Sorted(maps.Keys(parts)) {
		if Level(code) != level {
			continue
		}
		outline := parts[code][0]
		if len(parts[code]) > 1 {
			var err error
			if outline, err = overlay.Dissolve(parts[code]); err != nil {
				return nil, err
			}
		}
		p := overlay.Prepare(outline)
		r.prepared, r.outlines = append(r.prepared, p), append(r.outlines, outline)
		r.List = append(r.List, Region{Code: code, Name: names[code], Area: p.Area()})
	}
	r.zones = overlay.NewZones(r.prepared)
	return r, nil
}

// county is the number of digits of a county's code (GB/T 2260).
const county = 6

// Level is the number of digits of a code that say something: 2 for a province, 4 for a prefecture, 6 for a county, 9 for
// a township and 12 for a village (GB/T 2260, GB/T 10114), however many zeros follow.
func Level(code string) int {
	trimmed := code
	for len(trimmed) > 0 && trimmed[len(trimmed)-1] == '0' {
		trimmed = trimmed[:len(trimmed)-1]
	}
	for _, level := range [...]int{2, 4, county, 9, 12} {
		if len(trimmed) <= level {
			return level
		}
	}
	return len(code)
}

// accountLevel is the level of the units that an account is made by: the highest from the county down, else the lowest.
func accountLevel(codes []string) int {
	above, below := 0, 0
	for _, code := range codes {
		level := Level(code)
		switch {
		case level < county:
			above = max(above, level)
		case below == 0 || level < below:
			below = level
		}
	}
	return cmp.Or(below, above)
}

// Rows is the number of rows of an account: one per unit, and one for what lies outside all of them.
func (r *Regions) Rows() int { return len(r.List) + 1 }

// At is the unit of a row; the last row has none.
func (r *Regions) At(row int) Region {
	if row < len(r.List) {
		return r.List[row]
	}
	return Region{}
}

// Zones are the units laid out for splitting, in the order of List.
func (r *Regions) Zones() *overlay.Zones { return r.zones }

// Split tells how much of a place in the legal plane lies in each row.
func (r *Regions) Split(p *overlay.Prepared) []overlay.Portion { return r.zones.Split(nil, p) }

// Main is the row with the largest part of a place.
func (r *Regions) Main(p *overlay.Prepared) int {
	best := overlay.Portion{Zone: len(r.List), Area: -1}
	for _, portion := range r.Split(p) {
		if portion.Area > best.Area {
			best = portion
		}
	}
	return best.Zone
}

// Piece is the part of a place in one row.
type Piece struct {
	Row     int
	Area    geo.Area
	Outline orb.MultiPolygon
}

// Cut cuts a place in the legal plane by the units; parts up to least are left out.
func (r *Regions) Cut(plane orb.MultiPolygon, least geo.Area, s *overlay.Scratch) ([]Piece, error) {
	portions := r.Split(overlay.Prepare(plane))
	var out []Piece
	for _, portion := range portions {
		if portion.Area <= least {
			continue
		}
		piece := Piece{Row: portion.Zone, Area: portion.Area, Outline: plane}
		if len(portions) > 1 {
			var err error
			if piece.Outline, err = r.within(plane, portion.Zone, s); err != nil {
				return nil, err
			}
		}
		out = append(out, piece)
	}
	return out, nil
}

// within is the part of a place in one row.
func (r *Regions) within(plane orb.MultiPolygon, row int, s *overlay.Scratch) (orb.MultiPolygon, error) {
	if row < len(r.outlines) {
		return s.Outline(plane, r.outlines[row], overlay.Intersection)
	}
	var err error
	for _, outline := range r.outlines {
		if plane, err = s.Outline(plane, outline, overlay.Difference); err != nil {
			return nil, err
		}
	}
	return plane, nil
}

// Lengths tells how much of lines in the legal plane lies in each row. A line on the border of two units counts in the
// first of them, so that the rows add up.
func (r *Regions) Lengths(lines orb.MultiLineString) []geo.Length {
	out := make([]geo.Length, r.Rows())
	for i, outline := range r.outlines {
		var inside orb.MultiLineString
		inside, lines = overlay.CutLine(lines, outline)
		out[i] = lengthOf(inside)
	}
	out[len(r.outlines)] = lengthOf(lines)
	return out
}

func lengthOf(plane orb.MultiLineString) geo.Length {
	if len(plane) == 0 {
		return 0
	}
	return ellipsoid.Length(ellipsoid.GeometryFromPlane(plane))
}

// Holding is the row of the unit that a point in the legal plane lies in; on a border the first of them.
func (r *Regions) Holding(p orb.Point) int {
	for i, unit := range r.prepared {
		if unit.Bound().Contains(p) && unit.NearLine([]orb.Point{p}, 0) {
			return i
		}
	}
	return len(r.prepared)
}
