package nodecrease

import (
	"context"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
)

// sums are what the measures of a row are made of beside its accounts, at the baseline and now.
type sums struct {
	activity [2]geo.Area
	lines    [2]geo.Length
}

func total(rows []sums) sums {
	var t sums
	for _, s := range rows {
		for date := range t.activity {
			t.activity[date] += s.activity[date]
			t.lines[date] += s.lines[date]
		}
	}
	return t
}

// measures works out the indicators of HJ 1143, as far as there are layers for them.
func (c *check) measures(context.Context) error {
	c.sums = make([]sums, len(c.rows))
	for date, in := range [...]struct {
		extent            *place.Extent
		activities, lines *layers.Loaded
	}{{c.before, c.activitiesBefore, c.linesBefore}, {c.now, c.activitiesNow, c.linesNow}} {
		if err := c.sumActivities(date, in.extent, in.activities); err != nil {
			return err
		}
		if in.lines == nil {
			continue
		}
		inside, _ := overlay.CutLine(linesOf(in.lines), in.extent.Outline())
		for i, l := range c.regions.Lengths(inside) {
			c.sums[i].lines[date] = l
		}
	}
	for i := range c.rows {
		c.rows[i].Measures = c.measured(c.rows[i], c.sums[i])
	}
	return nil
}

func (c *check) sumActivities(date int, e *place.Extent, activities *layers.Loaded) error {
	if activities == nil {
		return nil
	}
	all, err := place.ExtentOf(activities, nil)
	if err == nil {
		all, err = all.And(e)
	}
	if err != nil {
		return err
	}
	for i := range all.Outline() {
		for _, p := range c.regions.Split(overlay.Prepare(all.Outline()[i : i+1])) {
			c.sums[p.Zone].activity[date] += p.Area
		}
	}
	return nil
}

// measured are the measures of a row.
func (c *check) measured(r Row, s sums) []Measure {
	a, n := r.Area, r.Nature
	return []Measure{
		{ShareOfRegion, part(a.Before, r.Region, true), part(a.Now, r.Region, true)},
		{NaturalShare, part(n.NaturalBefore, n.CoveredBefore, n.Known), part(n.NaturalNow, n.CoveredNow, n.Known)},
		{
			ActivityShare,
			part(s.activity[0], a.Before, c.activitiesBefore != nil),
			part(s.activity[1], a.Now, c.activitiesNow != nil),
		},
		{
			LineDensity,
			density(s.lines[0], a.Before, c.linesBefore != nil),
			density(s.lines[1], a.Now, c.linesNow != nil),
		},
	}
}

// part is a share, nil when it is not known or has no whole.
func part(a, of geo.Area, known bool) *float64 {
	if !known || of <= 0 {
		return nil
	}
	v := float64(a / of)
	return &v
}

// density is in km/km², nil when it is not known.
func density(l geo.Length, of geo.Area, known bool) *float64 {
	if !known || of <= 0 {
		return nil
	}
	v := l.Kilometres() / (of.Hectares() / 100)
	return &v
}

// linesOf are all lines of a vintage in the legal plane.
func linesOf(v *layers.Loaded) orb.MultiLineString {
	var out orb.MultiLineString
	for i := range v.Features() {
		switch g := ellipsoid.GeometryToPlane(v.Features()[i].Geometry).(type) {
		case orb.LineString:
			out = append(out, g)
		case orb.MultiLineString:
			out = append(out, g...)
		}
	}
	return out
}
