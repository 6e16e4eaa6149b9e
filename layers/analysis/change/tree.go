package change

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo/overlay"
)

// Level is how far down a region stands, told by the digits of its code and never by its name, because two townships
// may be called alike.
type Level string

// The levels. A code of six digits that ends in two zeros is a city's, in four a province's.
const (
	Province Level = "province"
	City     Level = "city"
	County   Level = "county"
	Township Level = "township"
	Village  Level = "village"
	// OtherLevel is for codes that are none of the administrative ones; such a region is part of nothing.
	OtherLevel Level = "other"
	// Rest is what of a region none of its delivered parts covers.
	Rest Level = "rest"
	// Outside is what lies outside all regions.
	Outside Level = "outside"
)

// levelOf tells the level by the digits of a stem.
func levelOf(stem string) Level {
	if strings.Trim(stem, "0123456789") != "" {
		return OtherLevel
	}
	switch len(stem) {
	case 2:
		return Province
	case 4:
		return City
	case 6:
		return County
	case 9:
		return Township
	case 12:
		return Village
	}
	return OtherLevel
}

// Unit is a region of any level with its account. What is delivered for townships is added up for their county and
// city as well; the account of a region is the sum of its parts, to the last bit in this order.
type Unit struct {
	Level Level
	// Parent is the place in Result.Units of the region that this one is part of, −1 for none. It comes before its
	// parts.
	Parent int
	// Row is the place in Result.Rows of a region that is divided no further, −1 for others.
	Row int
	// Account has the sums. Features are counted only where Row is not −1: one that crosses a border within a region
	// must not count there twice.
	Account Row
}

// stem is the significant part of an administrative code: 450800 is the city 4508, 450000 the province 45.
func stem(code string) string {
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return code
	}
	if short, ok := strings.CutSuffix(code, "0000"); ok {
		return short
	}
	if short, ok := strings.CutSuffix(code, "00"); ok {
		return short
	}
	return code
}

// above is the stem of the region next above, "" above a province and for codes that are none.
func above(s string) string {
	switch levelOf(s) {
	case Village:
		return stem(s[:9])
	case Township:
		return stem(s[:6])
	case County:
		return s[:4]
	case City:
		return s[:2]
	}
	return ""
}

// codeOf is the full code of a stem.
func codeOf(stem string) string {
	if level := levelOf(stem); level == City || level == Province {
		return (stem + "0000")[:6]
	}
	return stem
}

// partOf reports whether a region lies in another or is it, by their codes.
func partOf(code, in string) bool {
	for s := stem(code); s != ""; s = above(s) {
		if s == stem(in) {
			return true
		}
	}
	return false
}

// disjoin takes from every region what its delivered parts cover, so that a layer of counties and townships counts no
// place twice; a region that its parts cover whole is no place of its own any more.
func disjoin(all []region) ([]region, error) {
	parts := map[string][]orb.MultiPolygon{} // by stem of each whole
	for _, r := range all {
		for s := above(stem(r.code)); s != ""; s = above(s) {
			parts[s] = append(parts[s], r.plane)
		}
	}
	var out []region
	for _, r := range all {
		if own := parts[stem(r.code)]; len(own) > 0 {
			left, err := without(r.plane, own)
			if err != nil {
				return nil, err
			}
			if overlay.AreaOf(left) <= Tolerance {
				continue
			}
			r.plane, r.rest = left, true
		}
		out = append(out, r)
	}
	return out, nil
}

// without is a place without others.
func without(place orb.MultiPolygon, others []orb.MultiPolygon) (orb.MultiPolygon, error) {
	taken, err := overlay.Dissolve(others)
	if err != nil {
		return nil, err
	}
	return overlay.Outline(place, taken, overlay.Difference)
}

// units builds the tree of regions over the rows and adds the accounts up. Cities and counties of which only parts
// are delivered get a unit, too, with the name that the layer has for them; a province only when it is delivered.
func (c *comparison) units() []Unit {
	if len(c.regions) == 0 {
		return nil
	}
	stems := c.stems()
	out, at := make([]Unit, len(stems)), map[string]int{}
	for i, s := range stems {
		out[i] = Unit{Level: levelOf(s), Parent: -1, Row: -1, Account: Row{Code: codeOf(s), Name: c.names[codeOf(s)]}}
		if up, ok := at[above(s)]; ok {
			out[i].Parent = up
		}
		at[s] = i
	}
	for i, row := range c.result.Rows {
		if i == len(c.regions) {
			out = append(out, Unit{Level: Outside, Parent: -1, Row: i, Account: row})
			continue
		}
		unit := at[stem(row.Code)]
		if c.regions[i].rest {
			out = append(out, Unit{Level: Rest, Parent: unit, Row: i})
			unit = len(out) - 1
		}
		out[unit].Row, out[unit].Account = i, row
		for up := out[unit].Parent; up >= 0; up = out[up].Parent {
			out[up].add(row)
		}
	}
	return out
}

// add adds the account of a part, but for its features.
func (u *Unit) add(part Row) {
	sum := u.Account.plus(part)
	sum.Code, sum.Name, sum.FeaturesBefore, sum.FeaturesAfter = u.Account.Code, u.Account.Name, 0, 0
	u.Account = sum
}

// stems are those of all units, a whole before its parts.
func (c *comparison) stems() []string {
	var out []string
	for code := range c.names {
		for s := stem(code); s != ""; s = above(s) {
			if _, delivered := c.names[codeOf(s)]; delivered || levelOf(s) != Province {
				out = append(out, s)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
