package main

import (
	"fmt"
	"os"
	"path/filepath"

	"greenshield/cmd/democity/city"
	"greenshield/cmd/democity/files"
	"greenshield/data"
	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/ingest"
)

type demoCommand struct {
	inWorkspace
	Scale float64 `help:"cli.scale" default:"1"`
	Seed  uint64  `help:"cli.seed" default:"1"`
	Quiet bool    `short:"q" help:"cli.quiet"`
}

// Run makes the demo city, imports its layers as staff would and leaves sample parcels beside them.
func (c *demoCommand) Run(s *session) error {
	if _, err := os.Stat(c.storeFile()); err == nil {
		return coded{exitUsage, fmt.Errorf("%s", s.word("cli.demo.exists", "file", c.storeFile()))}
	}
	made, err := c.make()
	if err != nil {
		return err
	}
	delivered := filepath.Join(c.Workspace, "delivered")
	b := s.newBar(s.word("cli.demo.writing"), c.Quiet)
	list, err := files.WriteLayers(s.ctx, delivered, made, b.tell)
	b.done()
	if err != nil {
		return err
	}
	if err := files.WriteParcels(s.ctx, filepath.Join(c.Workspace, "parcels"), made.Parcels); err != nil {
		return err
	}
	w, err := c.create(s)
	if err != nil {
		return err
	}
	defer w.close()
	for _, d := range list {
		if err := c.importOne(s, w, d); err != nil {
			return fmt.Errorf("import %s: %w", filepath.Base(d.Path), err)
		}
	}
	if !c.Quiet {
		fmt.Fprintln(s.stdout, s.word("cli.demo.done", "workspace", c.Workspace))
	}
	return nil
}

func (c *demoCommand) make() (city.City, error) {
	raw, err := data.Files.ReadFile("demo/names.json")
	if err != nil {
		return city.City{}, err
	}
	names, err := city.ReadNames(raw)
	if err != nil {
		return city.City{}, err
	}
	return city.Make(names, city.Options{Scale: c.Scale, Seed: c.Seed}), nil
}

func (c *demoCommand) importOne(s *session, w *workspace, d files.Delivery) error {
	b := s.newBar(filepath.Base(d.Path), c.Quiet)
	defer b.done()
	req := ingest.Request{
		Reading: ingest.Reading{Path: d.Path, Codes: w.codes, Suspected: "none", Progress: b.tell},
		Layer:   d.Layer, Vintage: d.Vintage, Operator: "demo", SignedOff: "demo", Originals: c.originals(), Now: s.now, Program: s.program,
	}
	if d.System != (crs.System{}) {
		req.TreatAs = &d.System
	}
	if d.Layer.Theme == layers.Region {
		req.Coverage = layers.CoverageExtent
	} else {
		req.Coverage, req.Regions = layers.CoverageRegions, layers.Ref{Layer: "region", Vintage: city.YearBefore, Revision: 1}
	}
	_, err := ingest.Import(s.ctx, w.store, req)
	return err
}
