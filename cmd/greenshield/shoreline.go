package main

import (
	"cmp"
	"slices"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/inquiry"
)

type shorelineCommand struct {
	inWorkspace
	Zones      []string `arg:"" help:"cli.zones" placeholder:"shoreline@2024.1"`
	Line       string   `help:"cli.line" placeholder:"bankline@2024.1"`
	Regions    string   `help:"cli.regions" placeholder:"region@2024.1"`
	Lengths    string   `help:"cli.shoreline.lengths" default:"measured" enum:"measured,stated"`
	Unit       string   `help:"cli.shoreline.unit" placeholder:"km"`
	Numerator  []int    `help:"cli.shoreline.numerator" placeholder:"1,2"`
	Landuse    string   `help:"cli.shoreline.landuse" placeholder:"landuse@2024.1"`
	Activities string   `help:"cli.shoreline.activities" placeholder:"activity@2024.1"`
	Reach      float64  `help:"cli.shoreline.reach" placeholder:"50"`
	outputs
}

// Run reports the shoreline protection rate per region and river, and what stands on the shoreline.
func (c *shorelineCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	q := inquiry.Shoreline{
		Lengths: shoreline.Lengths(c.Lengths), Unit: c.Unit, Numerator: c.Numerator, Reach: geo.Length(c.Reach),
	}
	var years []layers.Ref
	for _, text := range c.Zones {
		ref, err := layers.ParseRef(text)
		if err != nil {
			return err
		}
		years = append(years, ref)
	}
	slices.SortStableFunc(years, func(a, b layers.Ref) int { return cmp.Compare(a.Vintage, b.Vintage) })
	q.Zones, q.Earlier = years[len(years)-1], years[:len(years)-1]
	for _, ref := range []struct {
		text string
		into *layers.Ref
	}{{c.Line, &q.Line}, {c.Regions, &q.Regions}, {c.Landuse, &q.Landuse}, {c.Activities, &q.Activities}} {
		if *ref.into, err = optionalRef(ref.text); err != nil {
			return err
		}
	}
	return s.ask(w, "shoreline", q, c.outputs)
}
