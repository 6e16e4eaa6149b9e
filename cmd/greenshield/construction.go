package main

import (
	"greenshield/geo/format/table"
	"greenshield/layers"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/inquiry"
)

type constructionCommand struct {
	inWorkspace
	Landuse   []string `arg:"" help:"cli.construction.landuse" placeholder:"landuse@2024.1"`
	Regions   string   `help:"cli.regions" placeholder:"region@2024.1"`
	Zones     []string `help:"cli.construction.zones" placeholder:"redline@2025.1"`
	Figures   string   `help:"cli.construction.figures" type:"existing" placeholder:"FILE.xlsx"`
	Target    *float64 `help:"cli.construction.target" placeholder:"4.5"`
	IdleField string   `help:"cli.construction.idle_field" placeholder:"BZ"`
	IdleValue []string `help:"cli.construction.idle_value" placeholder:"WORD"`
	Patches   bool     `help:"cli.construction.patches"`
	outputs
}

// Run accounts for the construction land of one or more years.
func (c *constructionCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	q := inquiry.Construction{
		Target: c.Target, IdleField: c.IdleField, IdleValues: c.IdleValue, Patches: c.Patches || c.GeoJSON != "",
	}
	if q.Landuse, err = parsed(c.Landuse); err != nil {
		return err
	}
	if q.Zones, err = parsed(c.Zones); err != nil {
		return err
	}
	if q.Regions, err = optionalRef(c.Regions); err != nil {
		return err
	}
	if c.Figures != "" {
		if q.Values, _, err = s.readValues(w.indicators, c.Figures, ""); err != nil {
			return err
		}
	}
	return s.ask(w, "construction", q, c.outputs)
}

// parsed reads several refs.
func parsed(all []string) ([]layers.Ref, error) {
	var out []layers.Ref
	for _, one := range all {
		ref, err := layers.ParseRef(one)
		if err != nil {
			return nil, err
		}
		out = append(out, ref)
	}
	return out, nil
}

// readValues reads a table of entered values; when a row of it is wrong, all such rows are named in one problem. blank
// is how many rows were left empty.
func (s *session) readValues(b *indicator.Book, file, sheet string) (values []indicator.Value, blank int, err error) {
	lines, err := table.LinesOf(s.ctx, file, table.Options{Layer: sheet})
	if err != nil {
		return nil, 0, err
	}
	r, err := b.ReadTable(lines, s.texts)
	if err != nil {
		return nil, 0, err
	}
	return r.Values, r.Blank, r.Err()
}
