package shoreline

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
)

// segments joins the parts to the longest stretches that lie in one zone and one region, in the order of a report.
func (s *survey) segments() []Segment {
	s.chain()
	parts := slices.Clone(s.parts)
	slices.SortStableFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.zone, b.zone), cmp.Compare(a.source, b.source), cmp.Compare(a.from, b.from))
	})
	var out []Segment
	var last part
	for i, p := range parts {
		if i > 0 && runsOn(last, p) {
			grow(&out[len(out)-1], p)
		} else {
			out = append(out, s.segment(p))
		}
		last = p
	}
	out = slices.DeleteFunc(out, func(g Segment) bool { return g.Length < speck })
	slices.SortStableFunc(out, bySegment)
	return out
}

// runsOn reports whether b begins where a ends.
func runsOn(a, b part) bool {
	const touching = 1e-4 // m, above the rounding of a sum of lengths
	return a.zone == b.zone && a.source == b.source && a.region == b.region &&
		math.Abs(float64(a.from+a.length-b.from)) < touching
}

func grow(g *Segment, p part) {
	g.Length += p.length
	g.To = g.From + g.Length
	more := degrees(p.line)
	g.Outline = append(g.Outline, more[1:]...)
}

func degrees(plane orb.LineString) orb.LineString {
	l, _ := ellipsoid.GeometryFromPlane(plane).(orb.LineString)
	return l
}

func (s *survey) segment(p part) Segment {
	z, from := s.zones[p.zone], s.sources[p.source]
	g := Segment{
		Zone: z.id, Line: from.feature, ZoneName: z.name, Number: z.number, River: p.river,
		Side: cmp.Or(z.side, from.side), Chain: from.chain, Closed: from.closed, Length: p.length,
		From: from.offset + p.from, Outline: degrees(p.line),
	}
	g.To = g.From + g.Length
	if p.region != outside {
		g.Code, g.Name = s.regions[p.region].code, s.regions[p.region].name
	}
	return g
}

// bySegment orders by region, those without one last, river, bank and chainage.
func bySegment(a, b Segment) int {
	return cmp.Or(
		byPlace(place{a.Code, a.River}, place{b.Code, b.River}), strings.Compare(a.Side, b.Side), cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.From, b.From), cmp.Compare(a.Zone, b.Zone),
	)
}

// banks adds segments up by river and bank. A river of which only one bank is there is a gap: both banks count.
func (s *survey) banks(all []Segment) []Bank {
	var out []Bank
	rings := map[[2]string][]int{} // the chains of a bank that are closed
	for _, g := range all {
		i := slices.IndexFunc(out, func(b Bank) bool { return b.River == g.River && b.Side == g.Side })
		if i < 0 {
			i = len(out)
			out = append(out, Bank{River: g.River, Side: g.Side})
		}
		b := &out[i]
		b.Lengths[g.Number] += g.Length
		b.Total += g.Length
		if g.Closed {
			b.Closed += g.Length
			at := [2]string{g.River, g.Side}
			if !slices.Contains(rings[at], g.Chain) {
				rings[at] = append(rings[at], g.Chain)
			}
			b.Rings = len(rings[at])
		}
	}
	slices.SortFunc(out, func(a, b Bank) int {
		return cmp.Or(strings.Compare(a.River, b.River), strings.Compare(a.Side, b.Side))
	})
	var single []string
	for i, b := range out {
		alone := (i == 0 || out[i-1].River != b.River) && (i+1 == len(out) || out[i+1].River != b.River)
		if alone && b.Side != "" && b.Closed < b.Total {
			single = append(single, b.River)
		}
	}
	if len(single) > 0 {
		s.gap(s.zonesRef.Layer, "shoreline.bank.single",
			"ref", s.zonesRef, "count", len(single), "rivers", single[:min(len(single), 5)])
	}
	return out
}

// byZone puts what is stated beside what was measured.
func (s *survey) byZone(all []Segment) []ZoneLength {
	measured := map[int64]geo.Length{}
	rivers, sides := map[int64]string{}, map[int64]string{}
	for _, g := range all {
		measured[g.Zone] += g.Length
		rivers[g.Zone], sides[g.Zone] = cmp.Or(rivers[g.Zone], g.River), cmp.Or(sides[g.Zone], g.Side)
	}
	out := make([]ZoneLength, 0, len(s.zones))
	for _, z := range s.zones {
		out = append(out, ZoneLength{
			Feature: z.id, Name: z.name, Number: z.number, River: cmp.Or(z.river, rivers[z.id]),
			Side: cmp.Or(z.side, sides[z.id]), Stated: z.stated, Measured: measured[z.id],
		})
	}
	slices.SortFunc(out, func(a, b ZoneLength) int { return cmp.Compare(a.Feature, b.Feature) })
	return out
}
