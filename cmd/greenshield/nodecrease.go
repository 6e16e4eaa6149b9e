package main

import (
	"greenshield/geo/format/table"
	"greenshield/layers"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/inquiry"
)

type nodecreaseCommand struct {
	inWorkspace
	Baseline         string  `arg:"" help:"cli.baseline" placeholder:"redline@2022.1"`
	Current          string  `arg:"" help:"cli.current" placeholder:"redline@2025.1"`
	Regions          string  `help:"cli.regions" placeholder:"region@2024.1"`
	LandBefore       string  `help:"cli.land_before" placeholder:"landuse@2022.1"`
	LandNow          string  `help:"cli.land_now" placeholder:"landuse@2025.1"`
	Approvals        string  `help:"cli.approvals" type:"existing" placeholder:"FILE.csv"`
	ApprovedPlaces   string  `help:"cli.approved_places" placeholder:"approved@2024.1"`
	Scores           string  `help:"cli.scores" type:"existing" placeholder:"FILE.csv"`
	ActivitiesBefore string  `help:"cli.activities_before" placeholder:"activity@2022.1"`
	ActivitiesNow    string  `help:"cli.activities_now" placeholder:"activity@2025.1"`
	LinesBefore      string  `help:"cli.lines_before" placeholder:"roads@2022.1"`
	LinesNow         string  `help:"cli.lines_now" placeholder:"roads@2025.1"`
	MinPatch         float64 `help:"cli.min_patch" placeholder:"M2"`
	outputs
}

// Run checks a red line or protected areas against the approved baseline.
func (c *nodecreaseCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	q := inquiry.NoDecrease{MinPatchM2: c.MinPatch}
	err = refs(
		named{c.Baseline, &q.Baseline}, named{c.Current, &q.Current}, named{c.Regions, &q.Regions},
		named{c.LandBefore, &q.LandBefore}, named{c.LandNow, &q.LandNow}, named{c.ApprovedPlaces, &q.ApprovedPlaces},
		named{c.ActivitiesBefore, &q.ActivitiesBefore}, named{c.ActivitiesNow, &q.ActivitiesNow},
		named{c.LinesBefore, &q.LinesBefore}, named{c.LinesNow, &q.LinesNow},
	)
	if err != nil {
		return err
	}
	if c.Approvals != "" {
		lines, err := table.LinesOf(s.ctx, c.Approvals, table.Options{})
		if err != nil {
			return err
		}
		if q.Approvals, err = nodecrease.ReadApprovals(lines, c.Approvals, w.codes); err != nil {
			return err
		}
	}
	if c.Scores != "" {
		lines, err := table.LinesOf(s.ctx, c.Scores, table.Options{})
		if err != nil {
			return err
		}
		if q.Scores, err = nodecrease.ReadScores(lines, c.Scores, w.codes); err != nil {
			return err
		}
	}
	return s.ask(w, "nodecrease", q, c.outputs)
}

// named is a ref as it was typed, and where it goes.
type named struct {
	text string
	into *layers.Ref
}

// refs reads refs, those that are empty as none.
func refs(all ...named) error {
	for _, n := range all {
		ref, err := optionalRef(n.text)
		if err != nil {
			return err
		}
		*n.into = ref
	}
	return nil
}
