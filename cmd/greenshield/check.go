package main

import (
	"fmt"
	"io"
	"path/filepath"

	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest"
	"greenshield/layers/report"
)

type checkCommand struct {
	inWorkspace
	reading
	File     string `arg:"" help:"${cli_file}" type:"existingfile"`
	Activity string `help:"${cli_activity}" default:"construction"`
	Date     string `help:"${cli_date}" placeholder:"2025-06-30"`
	Report   string `help:"${cli_report}" type:"path" placeholder:"FILE.xlsx"`
	Overlaps string `help:"${cli_overlaps}" type:"path" placeholder:"FILE.geojson"`
	JSON     bool   `name:"json" help:"${cli_json}"`
	Quiet    bool   `short:"q" help:"${cli_quiet}"`
}

// Help shows examples.
func (c *checkCommand) Help() string { return examples("check") }

// Run checks the parcels of one file against every published constraint layer. Its exit code tells the verdict.
func (c *checkCommand) Run(s *session) error {
	w, err := c.open(s)
	if err != nil {
		return err
	}
	defer w.close()
	result, err := c.check(s, w)
	if err != nil {
		return err
	}
	if err := c.write(s, w, result); err != nil {
		return err
	}
	if c.JSON {
		err = s.printJSON(checkSummary(s, result))
	} else {
		s.printCheck(result)
	}
	if err != nil {
		return err
	}
	return coded{code: verdictCode(result.Verdict)}
}

func (c *checkCommand) check(s *session, w *workspace) (conflict.Result, error) {
	b := s.newBar(filepath.Base(c.File), c.Quiet || c.JSON)
	defer b.done()
	reading, err := c.request(w, c.File, b)
	if err != nil {
		return conflict.Result{}, err
	}
	parcels, read, err := ingest.Parcels(s.ctx, c.File, ingest.ParcelRequest{Reading: reading})
	if err != nil {
		return conflict.Result{}, err
	}
	return conflict.Check(s.ctx, w.library, w.book, parcels, conflict.Options{
		Activity: c.Activity, Date: c.Date, Unread: read.Rejects, Now: s.now, Program: s.program, Progress: b.tell,
	})
}

func (c *checkCommand) write(s *session, w *workspace, r conflict.Result) error {
	if c.Report != "" {
		err := writeFile(c.Report, func(out io.Writer) error { return report.ConflictWorkbook(out, r, s.printer(w)) })
		if err != nil {
			return err
		}
	}
	if c.Overlaps != "" {
		return writeFile(c.Overlaps, func(out io.Writer) error { return report.OverlapsGeoJSON(out, r, s.lang) })
	}
	return nil
}

// verdictCode is the exit code of a verdict; see commandExamples.
func verdictCode(v analysis.Verdict) int {
	if v == analysis.Clear {
		return 0
	}
	return 9 + int(v)
}

func (s *session) verdict(v analysis.Verdict) string { return s.word("cli.verdict." + v.String()) }

func (s *session) printCheck(r conflict.Result) {
	for _, p := range r.Parcels {
		fmt.Fprintln(s.stdout, s.word("cli.check.parcel", "row", p.Parcel.Row, "name", p.Parcel.Name,
			"verdict", s.verdict(p.Verdict), "hectares", report.PrintArea(p.Parcel.Area).Hectares))
		for _, f := range p.Findings {
			fmt.Fprintln(s.stdout, "  "+s.word("cli.check.finding", "outcome", s.verdict(f.Outcome), "ref", f.Overlap.Ref,
				"feature", s.featureName(f.Overlap), "area", report.PrintArea(f.Overlap.Area).M2,
				"share", report.PrintPercent(f.Overlap.Share), "law", f.Law, "article", f.Article))
		}
		for _, k := range p.Checked {
			if k.Overlaps == 0 {
				fmt.Fprintln(s.stdout, "  "+s.word("cli.check.nothing", "ref", k.Ref, "touching", k.Touching))
			}
		}
		for _, g := range p.Gaps {
			fmt.Fprintln(s.stdout, "  "+s.word("cli.check.gap", "reason", g.Problem))
		}
	}
	for _, u := range r.Unread {
		fmt.Fprintln(s.stdout, s.word("cli.check.unread", "row", u.Row, "reason", u.Problem))
	}
	fmt.Fprintln(s.stdout, s.word("cli.check.total", "parcels", len(r.Parcels), "verdict", s.verdict(r.Verdict)))
}

// featureName says which feature an overlap is with; feature 0 is the place that no feature covers.
func (s *session) featureName(o analysis.Overlap) string {
	if o.Feature == 0 {
		return s.word("cli.check.uncovered")
	}
	return s.word("cli.check.feature", "number", o.Feature, "name", o.Roles[layers.Name])
}

// checkSummary is the result for machines; outlines are in --overlaps.
func checkSummary(s *session, r conflict.Result) any {
	parcels := make([]map[string]any, 0, len(r.Parcels))
	for _, p := range r.Parcels {
		findings := make([]map[string]any, 0, len(p.Findings))
		for _, f := range p.Findings {
			findings = append(findings, map[string]any{
				"ref": f.Overlap.Ref.String(), "feature": f.Overlap.Feature, "outcome": f.Outcome.String(), "rule": f.Rule,
				"law": f.Law, "article": f.Article, "areaM2": f.Overlap.Area, "share": f.Overlap.Share,
			})
		}
		gaps := make([]map[string]string, 0, len(p.Gaps))
		for _, g := range p.Gaps {
			gaps = append(gaps, map[string]string{"code": g.Problem.Code, "text": s.texts.Sentence(s.lang, g.Problem)})
		}
		parcels = append(parcels, map[string]any{
			"row": p.Parcel.Row, "name": p.Parcel.Name, "verdict": p.Verdict.String(), "areaM2": p.Parcel.Area,
			"areaMethod": p.Parcel.AreaMethod, "findings": findings, "gaps": gaps,
		})
	}
	refs := make([]string, 0, len(r.Provenance.Refs))
	for _, ref := range r.Provenance.Refs {
		refs = append(refs, ref.String())
	}
	return map[string]any{
		"verdict": r.Verdict.String(), "parcels": parcels, "unread": len(r.Unread), "areaM2": r.Area,
		"refs": refs, "ruleBookHash": r.Provenance.RuleBookHash, "date": r.Provenance.Date, "program": r.Provenance.Program,
	}
}
