package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

type checkCommand struct {
	inWorkspace
	reading
	grounding
	avoiding
	File      string  `arg:"" help:"cli.file" type:"existing"`
	Activity  string  `help:"cli.activity" default:"construction"`
	Date      string  `help:"cli.date" placeholder:"2025-06-30"`
	Tolerance float64 `help:"cli.tolerance" default:"1" env:"GREENSHIELD_TOLERANCE"`
	Report    string  `help:"cli.report" type:"path" placeholder:"FILE.xlsx"`
	Overlaps  string  `help:"cli.overlaps" type:"path" placeholder:"FILE.geojson"`
	JSON      bool    `name:"json" help:"cli.json"`
	Quiet     bool    `short:"q" help:"cli.quiet"`
	receiptFlag
}

// checked is what a check was asked, what reading its file brought to light, and the answer.
type checked struct {
	question inquiry.Conflict
	read     ingest.ParcelReport
	result   conflict.Result
	receipt  string // id, "" when none was kept
}

// Run checks the parcels of one file against every published constraint layer. Its exit code tells the verdict.
func (c *checkCommand) Run(s *session) error {
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	k, err := c.check(s, w)
	if err != nil {
		return err
	}
	answer := inquiry.ConflictAnswer(k.question, k.result)
	if k.receipt, err = c.keep(s, w, k.question, answer, c.File); err != nil {
		return err
	}
	suggestions, err := c.suggestions(s, w, k.result, k.read)
	if err != nil {
		return err
	}
	if err := c.write(s, w, k, suggestions); err != nil {
		return err
	}
	if c.JSON {
		out := s.checkSummary(k.result)
		out.Ground, out.Avoid = k.result.Ground, c.avoided(suggestions)
		out.Issues, out.Receipt = s.issues(k.read.Findings), k.receipt
		err = s.printJSON(out)
	} else {
		s.printIssues(k.read.Findings)
		s.printCheck(k.result)
		s.printGround(k.result.Ground)
		c.printAvoided(s, suggestions)
		s.printKept(k.receipt)
	}
	if err != nil {
		return err
	}
	return coded{code: verdictCode(k.result.Verdict)}
}

// check reads the parcels and asks the layers; the report says what had to be repaired or noted on the way.
func (c *checkCommand) check(s *session, w *workspace) (checked, error) {
	b := s.newBar(filepath.Base(c.File), c.Quiet || c.JSON)
	defer b.done()
	reading, err := c.request(w, c.File, b)
	if err != nil {
		return checked{}, err
	}
	parcels, read, err := ingest.Parcels(s.ctx, c.File, ingest.ParcelRequest{Reading: reading})
	if err != nil {
		return checked{}, err
	}
	o := conflict.Options{
		Activity: c.Activity, Date: c.Date, Unread: read.Rejects, Now: s.now, Program: s.program, Progress: b.tell,
	}
	o.Codes = w.codes
	if o.Groups, err = c.groups(); err != nil {
		return checked{}, err
	}
	if o.Tolerance = geo.Area(c.Tolerance); c.Tolerance == 0 {
		o.Tolerance, o.Width = conflict.NoTolerance, conflict.NoWidth
	}
	result, err := conflict.Check(s.ctx, w.library, w.book, parcels, o)
	return checked{question: inquiry.ConflictQuestion(parcels, o), read: read, result: result}, err
}

// Validate refuses a tolerance that means nothing; 0 means that every overlap counts, however narrow.
func (c *checkCommand) Validate() error {
	if !(c.Tolerance >= 0) || math.IsInf(c.Tolerance, 0) {
		return fmt.Errorf("--tolerance %v: not an area", c.Tolerance)
	}
	return nil
}

func (c *checkCommand) write(s *session, w *workspace, k checked, suggestions []avoid.Result) error {
	if c.Report != "" {
		printer, err := s.printer(w)
		if err != nil {
			return err
		}
		printer.Receipt = k.receipt
		err = writeFile(c.Report, func(out io.Writer) error {
			return report.ConflictWorkbook(out, k.result, printer, suggestions...)
		})
		if err != nil {
			return err
		}
	}
	if err := errors.Join(c.writeFindings(s, w, k.result), c.writeAvoided(s, w, suggestions)); err != nil {
		return err
	}
	if c.Overlaps != "" {
		return writeFile(c.Overlaps, func(out io.Writer) error { return report.OverlapsGeoJSON(out, k.result, s.lang) })
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
				"share", report.PrintPercent(f.Overlap.Share), "basis", s.basis(f)))
			s.printBorder(f)
		}
		s.printChecked(p.Checked)
		for _, g := range p.Gaps {
			fmt.Fprintln(s.stdout, "  "+s.word("cli.check.gap", "reason", g.Problem))
		}
	}
	s.printSums(r)
	for _, d := range r.Provenance.Declared {
		fmt.Fprintln(s.stdout, s.word("cli.check.declared", "ref", d.Ref))
		s.printDeclared(d.Declared)
	}
	for _, u := range r.Unread {
		fmt.Fprintln(s.stdout, s.word("cli.check.unread", "row", u.Row, "reason", u.Problem))
	}
	fmt.Fprintln(s.stdout, s.word("cli.check.total", "parcels", len(r.Parcels), "verdict", s.verdict(r.Verdict)))
}

// printBorder tells what the declared accuracy of the layer leaves of an overlap.
func (s *session) printBorder(f analysis.Finding) {
	o := f.Overlap
	if o.Accuracy == 0 {
		return
	}
	accuracy := report.PrintLength(o.Accuracy).M
	fmt.Fprintln(s.stdout, "    "+s.word("cli.check.effective", "effective", report.PrintArea(o.Effective).M2,
		"accuracy", accuracy))
	if f.Border {
		fmt.Fprintln(s.stdout, "    "+s.word("report.border.case", "accuracy", accuracy))
	}
}

// printChecked tells where nothing was found, and where a border is near enough to be something.
func (s *session) printChecked(checked []conflict.Checked) {
	for _, k := range checked {
		if k.Overlaps == 0 {
			fmt.Fprintln(s.stdout, "  "+s.word("cli.check.nothing", "ref", k.Ref, "touching", k.Touching))
		}
		if k.Beside > 0 {
			fmt.Fprintln(s.stdout, "  "+s.word("cli.check.beside", "ref", k.Ref, "beside", report.PrintArea(k.Beside).M2,
				"accuracy", report.PrintLength(k.Accuracy).M))
		}
	}
}

// printSums gives the sums over a batch, with the union beside them because parcels may overlap each other.
func (s *session) printSums(r conflict.Result) {
	if len(r.Parcels) < 2 {
		return
	}
	line := func(ref layers.Ref, name string, parcels int, area, union geo.Area) {
		fmt.Fprintln(s.stdout, s.word("cli.check.sum", "ref", ref, "feature", name, "parcels", parcels,
			"sum", report.PrintArea(area).Hectares, "union", report.PrintArea(union).Hectares))
	}
	for _, l := range r.Layers {
		line(l.Ref, s.word("cli.check.all"), l.Parcels, l.Area, l.Union)
		for _, f := range l.Features {
			line(l.Ref, s.word("cli.check.feature", "number", f.Feature, "name", f.Name), f.Parcels, f.Area, f.Union)
		}
	}
}

// basis is the law and article of a finding. A rule that is recalled or proposed is not printed as law.
func (s *session) basis(f analysis.Finding) string {
	law := strings.TrimSpace(f.Law + " " + f.Article)
	if f.Source == "verified" || law == "" {
		return law
	}
	return s.word("cli.check.unverified", "law", law)
}

// featureName says which feature an overlap is with; feature 0 is the place that no feature covers.
func (s *session) featureName(o analysis.Overlap) string {
	if o.Feature == 0 {
		return s.word("cli.check.uncovered")
	}
	return s.word("cli.check.feature", "number", o.Feature, "name", o.Roles[layers.Name])
}
