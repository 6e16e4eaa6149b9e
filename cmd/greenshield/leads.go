package main

import (
	"bytes"
	"os"

	"greenshield/geo/format/geojson"
	"greenshield/geo/format/table"
	"greenshield/layers/analysis/leads"
	"greenshield/layers/inquiry"
)

type leadsCommand struct {
	inWorkspace
	Land             string  `help:"cli.leads_land" placeholder:"landuse@2025.1"`
	LandBefore       string  `help:"cli.land_before" placeholder:"landuse@2024.1"`
	Activities       string  `help:"cli.leads_activities" placeholder:"activity@2025.1"`
	ActivitiesBefore string  `help:"cli.activities_before" placeholder:"activity@2024.1"`
	Protected        string  `help:"cli.leads_protected" placeholder:"protected@2024.1"`
	Redline          string  `help:"cli.leads_redline" placeholder:"redline@2024.1"`
	Regions          string  `help:"cli.leads_regions" placeholder:"region@2024.1"`
	Wetland          string  `help:"cli.leads_wetland" placeholder:"wetland@2024.1"`
	River            string  `help:"cli.leads_river" placeholder:"river@2024.1"`
	Earlier          string  `help:"cli.leads_earlier" type:"existing" placeholder:"FILE"`
	Batch            string  `help:"cli.leads_batch" placeholder:"2026"`
	Distance         float64 `help:"cli.leads_distance" placeholder:"M"`
	Everything       bool    `help:"cli.leads_everything"`
	outputs
}

// Run finds the leads of an inspection.
func (c *leadsCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	q := inquiry.Leads{Batch: c.Batch, DistanceM: c.Distance, Everything: c.Everything}
	err = refs(
		named{c.Land, &q.Land}, named{c.LandBefore, &q.LandBefore}, named{c.Activities, &q.Activities},
		named{c.ActivitiesBefore, &q.ActivitiesBefore}, named{c.Protected, &q.Protected}, named{c.Redline, &q.Redline},
		named{c.Regions, &q.Regions}, named{c.Wetland, &q.Wetland}, named{c.River, &q.River},
	)
	if err != nil {
		return err
	}
	if c.Earlier != "" {
		if q.Earlier, err = c.earlier(s, w); err != nil {
			return err
		}
	}
	return s.ask(w, "leads", q, c.outputs)
}

// earlier reads the ledger of an earlier inspection: GeoJSON by its first byte, else a table.
func (c *leadsCommand) earlier(s *session, w *workspace) ([]leads.Earlier, error) {
	isJSON, err := beginsWithBrace(c.Earlier)
	if err != nil {
		return nil, err
	}
	if !isJSON {
		lines, err := table.LinesOf(s.ctx, c.Earlier, table.Options{})
		if err != nil {
			return nil, err
		}
		return leads.ReadEarlier(lines, c.Earlier, w.codes)
	}
	d, err := geojson.Open(s.ctx, c.Earlier, geojson.Options{})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return leads.ReadEarlierPlaces(s.ctx, d, c.Earlier, w.codes)
}

func beginsWithBrace(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 16)
	n, _ := f.Read(head)
	return bytes.HasPrefix(bytes.TrimLeft(head[:n], "\ufeff \t\r\n"), []byte("{")), nil
}
