package main

import (
	"fmt"
	"io"

	"greenshield/layers"
	"greenshield/layers/analysis/change"
	"greenshield/layers/report"
)

type changeCommand struct {
	inWorkspace
	Before  string `arg:"" help:"cli.before" placeholder:"redline@2024.1"`
	After   string `arg:"" help:"cli.after" placeholder:"redline@2025.1"`
	Regions string `help:"cli.regions" placeholder:"region@2024.1"`
	Report  string `help:"cli.report" type:"path" placeholder:"FILE.xlsx"`
	Patches string `help:"cli.patches" type:"path" placeholder:"FILE.geojson"`
	JSON    bool   `name:"json" help:"cli.json"`
	Quiet   bool   `short:"q" help:"cli.quiet"`
}

// Run reports the change of area between two vintages of a layer.
func (c *changeCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	r, err := c.compare(s, w)
	if err != nil {
		return err
	}
	if c.Report != "" {
		printer, err := s.printer(w)
		if err != nil {
			return err
		}
		err = writeFile(c.Report, func(out io.Writer) error { return report.ChangeWorkbook(out, r, printer) })
		if err != nil {
			return err
		}
	}
	if c.Patches != "" {
		if err := writeFile(c.Patches, func(out io.Writer) error { return report.PatchesGeoJSON(out, r) }); err != nil {
			return err
		}
	}
	if c.JSON {
		return s.printJSON(s.changeSummary(w, r))
	}
	s.printChange(w, r)
	return nil
}

func (c *changeCommand) compare(s *session, w *workspace) (change.Result, error) {
	before, err := layers.ParseRef(c.Before)
	if err != nil {
		return change.Result{}, err
	}
	after, err := layers.ParseRef(c.After)
	if err != nil {
		return change.Result{}, err
	}
	regions, err := optionalRef(c.Regions)
	if err != nil {
		return change.Result{}, err
	}
	b := s.newBar(c.After, c.Quiet || c.JSON)
	defer b.done()
	return change.Compare(s.ctx, w.library, before, after, change.Options{
		Regions: regions, Patches: c.Patches != "" || c.Report != "", Progress: b.tell, Now: s.now, Program: s.program,
	})
}

// optionalRef reads a ref, or nothing.
func optionalRef(s string) (layers.Ref, error) {
	if s == "" {
		return layers.Ref{}, nil
	}
	return layers.ParseRef(s)
}

func (s *session) printChange(w *workspace, r change.Result) {
	printed := report.PrintChange(r)
	fmt.Fprintln(s.stdout, s.word("cli.change.header"))
	if r.Regions != (layers.Ref{}) || len(r.Rows) > 1 { // a single row without regions is the total
		for i, row := range r.Rows {
			s.printChangeRow(row.Code, s.regionName(row.Code, row.Name), printed.Rows[i])
		}
	}
	s.printChangeRow("", s.word("cli.change.total"), printed.Total)
	if len(r.Classes) > 0 && r.Layer.Theme != layers.Region { // the classes of a region layer are its rows
		fmt.Fprintln(s.stdout, s.word("cli.change.classes"))
		for i, class := range r.Classes {
			fmt.Fprintf(s.stdout, "%-8s %14s %14s %14s  %s\n", class, printed.ClassBefore[i].Hectares,
				printed.ClassAfter[i].Hectares, printed.Matrix[i][i].Hectares, w.codes.ClassTitle(s.lang, class))
		}
	}
	for _, g := range r.Gaps {
		fmt.Fprintln(s.stdout, s.word("cli.check.gap", "reason", g.Problem))
	}
}

// regionName names a row; one without a code is what lies outside all regions.
func (s *session) regionName(code, name string) string {
	if code == "" {
		return s.word("cli.change.outside")
	}
	return name
}

func (s *session) printChangeRow(code, name string, r report.PrintedRow) {
	fmt.Fprintf(s.stdout, "%-8s %14s %14s %12s %12s %12s %12s %14s  %s\n", code, r.Before.Hectares, r.After.Hectares,
		r.Gained.Hectares, r.Lost.Hectares, r.Net.Hectares, r.Changed.Hectares,
		r.Unchanged.Hectares, name)
}
