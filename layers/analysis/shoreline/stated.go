package shoreline

import (
	"cmp"
	"math"

	"greenshield/geo"
)

// statedResult adds up the lengths that the zones state, in the unit that was declared for them. Nothing is measured, so
// there are no segments, and a zone's region is the code that its delivery gives it.
func (s *survey) statedResult() Result {
	r := s.begin()
	r.Encroachments = s.found
	r.StatedUnit = s.Unit
	r.ByZone = s.byZone(nil)
	names := map[string]string{}
	for _, g := range s.regions {
		names[g.code] = g.name
	}
	rows := map[place]*Row{}
	silent := 0
	for _, z := range s.zones {
		metres := ZoneLength{Stated: z.stated}.StatedMetres(s.Unit)
		if math.IsNaN(metres) || metres < 0 {
			silent++
			continue
		}
		at := place{z.region, cmp.Or(z.river, z.name)}
		if rows[at] == nil {
			rows[at] = &Row{Code: at.code, Name: names[at.code], River: at.river, Stated: math.NaN()}
		}
		row := rows[at]
		row.Lengths[z.number] += geo.Length(metres)
		row.Zones[z.number]++
		row.Stated = known(row.Stated) + number(z.stated)
	}
	if silent > 0 {
		s.gap(s.zonesRef.Layer, "shoreline.stated.partial", "ref", s.zonesRef, "count", silent)
	}
	s.addUp(&r, rows)
	return r
}
