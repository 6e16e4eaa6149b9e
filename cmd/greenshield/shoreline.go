package main

import (
	"math"

	"greenshield/layers"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/inquiry"
)

type shorelineCommand struct {
	inWorkspace
	Zones   string `arg:"" help:"${cli_zones}" placeholder:"shoreline@2024.1"`
	Line    string `help:"${cli_line}" placeholder:"bankline@2024.1"`
	Regions string `help:"${cli_regions}" placeholder:"region@2024.1"`
	outputs
}

// Run reports the shoreline protection rate per region and river.
func (c *shorelineCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	var q inquiry.Shoreline
	if q.Zones, err = layers.ParseRef(c.Zones); err != nil {
		return err
	}
	if q.Line, err = optionalRef(c.Line); err != nil {
		return err
	}
	if q.Regions, err = optionalRef(c.Regions); err != nil {
		return err
	}
	if c.JSON {
		return c.json(s, w, q)
	}
	return s.ask(w, "shoreline", q, c.outputs)
}

func (c *shorelineCommand) json(s *session, w *workspace, q inquiry.Shoreline) error {
	a, err := s.inquire(w, "shoreline", q, c.outputs)
	if err != nil {
		return err
	}
	r, _ := a.Result.(shoreline.Result)
	p, err := s.printer(w)
	if err != nil {
		return err
	}
	doc := a.Document(p)
	if err := c.write(a, doc, doc.Tables[0], p); err != nil {
		return err
	}
	return s.printJSON(shorelineSummary(r))
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
