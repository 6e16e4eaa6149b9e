package main

import (
	"fmt"
	"io"
	"math"

	"greenshield/layers"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/report"
)

type shorelineCommand struct {
	inWorkspace
	Zones   string `arg:"" help:"${cli_zones}" placeholder:"shoreline@2024.1"`
	Line    string `help:"${cli_line}" placeholder:"bankline@2024.1"`
	Regions string `help:"${cli_regions}" placeholder:"region@2024.1"`
	Report  string `help:"${cli_report}" type:"path" placeholder:"FILE.xlsx"`
	JSON    bool   `name:"json" help:"${cli_json}"`
}

// Run reports the shoreline protection rate per region and river.
func (c *shorelineCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	zones, err := layers.ParseRef(c.Zones)
	if err != nil {
		return err
	}
	o := shoreline.Options{Now: s.now, Program: s.program}
	if o.Line, err = optionalRef(c.Line); err != nil {
		return err
	}
	if o.Regions, err = optionalRef(c.Regions); err != nil {
		return err
	}
	r, err := shoreline.Rate(s.ctx, w.library, zones, o)
	if err != nil {
		return err
	}
	if c.Report != "" {
		printer, err := s.printer(w)
		if err != nil {
			return err
		}
		err = writeFile(c.Report, func(out io.Writer) error { return report.ShorelineWorkbook(out, r, printer) })
		if err != nil {
			return err
		}
	}
	if c.JSON {
		return s.printJSON(shorelineSummary(r))
	}
	s.printShoreline(r)
	return nil
}

func (s *session) printShoreline(r shoreline.Result) {
	printed := report.PrintShoreline(r)
	fmt.Fprintln(s.stdout, s.word("cli.shoreline.header"))
	line := func(code, name, river string, p report.PrintedShore) {
		fmt.Fprintf(s.stdout, "%-8s %12s %10s  %s %s\n", code, p.Total.Kilometres, p.Rate, name, river)
	}
	for i, row := range r.Rows {
		name := row.Name
		if r.Regions != (layers.Ref{}) {
			name = s.regionName(row.Code, row.Name)
		}
		line(row.Code, name, row.River, printed.Rows[i])
	}
	line("", s.word("cli.change.total"), "", printed.Total)
	for _, g := range r.Gaps {
		fmt.Fprintln(s.stdout, s.word("cli.check.gap", "reason", g.Problem))
	}
}

// shorelineSummary is the result for machines; a rate is null where there is no shoreline.
func shorelineSummary(r shoreline.Result) any {
	rows := make([]map[string]any, 0, len(r.Rows))
	for _, row := range append(r.Rows, r.Total) {
		m := map[string]any{
			"code": row.Code, "name": row.Name, "river": row.River, "lengthsM": row.Lengths, "totalM": row.Total, "rate": nil,
		}
		if !math.IsNaN(row.Rate) {
			m["rate"] = row.Rate
		}
		rows = append(rows, m)
	}
	gaps := make([]string, 0, len(r.Gaps))
	for _, g := range r.Gaps {
		gaps = append(gaps, g.Problem.Code)
	}
	last := len(rows) - 1
	return map[string]any{"zones": r.Zones.String(), "rows": rows[:last], "total": rows[last], "gaps": gaps}
}
