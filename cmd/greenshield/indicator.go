package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"greenshield/layers"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

type indicatorCommand struct {
	Assess   assessCommand   `cmd:"" help:"cli.indicator.assess"`
	Template templateCommand `cmd:"" help:"cli.indicator.template"`
	Enter    enterCommand    `cmd:"" help:"cli.indicator.enter"`
}

type assessCommand struct {
	inWorkspace
	Set       string   `help:"cli.indicator.set" placeholder:"ecf-2021"`
	Year      []int    `help:"cli.indicator.year" placeholder:"2025"`
	Regions   string   `help:"cli.indicator.regions" placeholder:"region@2024.1"`
	Landuse   []string `help:"cli.indicator.landuse" placeholder:"landuse@2025.1"`
	Shoreline string   `help:"cli.indicator.shoreline" placeholder:"shoreline@2024.1"`
	Line      string   `help:"cli.line" placeholder:"bankline@2024.1"`
	Baseline  []string `help:"cli.indicator.baseline" placeholder:"redline@2022.1"`
	outputs
}

// Run assesses the indicators of a set.
func (c *assessCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	q := inquiry.Indicator{Set: c.Set, Years: c.Year}
	if q.Regions, err = optionalRef(c.Regions); err != nil {
		return err
	}
	if q.Landuse, err = parsed(c.Landuse); err != nil {
		return err
	}
	if c.Shoreline != "" {
		var of inquiry.ShorelineOf
		if of.Zones, err = layers.ParseRef(c.Shoreline); err != nil {
			return err
		}
		if of.Line, err = optionalRef(c.Line); err != nil {
			return err
		}
		q.Shoreline = []inquiry.ShorelineOf{of}
	}
	baselines, err := parsed(c.Baseline)
	if err != nil {
		return err
	}
	for _, ref := range baselines {
		q.Baselines = append(q.Baselines, inquiry.BaselineOf{Baseline: ref})
	}
	return s.ask(w, "indicator", q, c.outputs)
}

type templateCommand struct {
	inWorkspace
	To      string `required:"" help:"cli.indicator.to" type:"path" placeholder:"FILE.xlsx"`
	Set     string `help:"cli.indicator.set" placeholder:"ecf-2021"`
	Year    []int  `help:"cli.indicator.year" placeholder:"2025"`
	Regions string `help:"cli.indicator.regions" placeholder:"region@2024.1"`
}

// Run writes the table that values are entered in.
func (c *templateCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	q := inquiry.Indicator{Set: c.Set, Years: c.Year}
	if q.Regions, err = optionalRef(c.Regions); err != nil {
		return err
	}
	rows, err := q.Template(s.ctx, w.desk(s), s.lang)
	if err != nil {
		return err
	}
	p, err := s.printer(w)
	if err != nil {
		return err
	}
	err = writeFile(c.To, func(out io.Writer) error {
		if strings.EqualFold(filepath.Ext(c.To), ".csv") {
			return report.TemplateCSV(out, rows, p)
		}
		return report.TemplateWorkbook(out, rows, s.program, s.now(), p)
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(s.stdout, s.word("cli.indicator.template.done", "file", filepath.Base(c.To), "count", len(rows)))
	return nil
}

type enterCommand struct {
	inWorkspace
	File  string `arg:"" help:"cli.indicator.file" type:"existing" placeholder:"FILE.xlsx"`
	Sheet string `help:"cli.indicator.sheet" placeholder:"NAME"`
}

// Run takes the values of a table into the workspace, all of them or none.
func (c *enterCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	values, blank, err := s.readValues(w.indicators, c.File, c.Sheet)
	if err != nil {
		return err
	}
	if len(values) == 0 {
		return indicator.Nothing()
	}
	if err := w.values.Add(slices.Clone(values), s.now()); err != nil {
		return err
	}
	fmt.Fprintln(s.stdout, s.word("cli.indicator.entered", "count", len(values), "blank", blank))
	return nil
}
