package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/avoid"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/export"
	"greenshield/layers/ingest"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/report"
)

// grounding says how the land under a parcel is understood.
type grounding struct {
	Group []string `help:"cli.land_group" placeholder:"0404=agricultural"`
	CSV   string   `name:"csv" help:"cli.findings_csv" type:"path" placeholder:"FILE.csv"`
}

// groups are the great groups that were chosen for classes.
func (g grounding) groups() (map[string]codes.Group, error) {
	out := map[string]codes.Group{}
	for _, text := range g.Group {
		class, group, _ := strings.Cut(text, "=")
		switch codes.Group(group) {
		case codes.Agricultural, codes.Construction, codes.Unused:
			out[strings.ToUpper(class)] = codes.Group(group)
		default:
			return nil, geo.NewProblem("ground.group.unknown", "class", class, "group", group)
		}
	}
	return out, nil
}

// avoiding says how a conflict is to be avoided, and where that is written.
type avoiding struct {
	Avoid        string   `help:"cli.avoid" type:"path" placeholder:"FILE.txt"`
	AvoidOutcome []string `help:"cli.avoid_outcome" default:"prohibited"`
	AvoidCut     string   `help:"cli.avoid.cut" enum:"along,straight" default:"along"`
	AvoidMargin  float64  `help:"cli.avoid_margin" default:"0.5"`
	AvoidCRS     string   `name:"avoid-crs" help:"cli.avoid_crs" placeholder:"EPSG:4525"`
}

// mostSuggestions is how many parcels a report has suggestions for that nobody asked for.
const mostSuggestions = 500

// suggestions are how the conflicts of a check can be avoided: for all parcels when a file of them is asked for, for
// the first of them when there is a report, else none.
func (c *checkCommand) suggestions(
	s *session, w *workspace, r conflict.Result, read ingest.ParcelReport,
) ([]avoid.Result, error) {
	if c.Avoid == "" && c.Report == "" {
		return nil, nil
	}
	o := avoid.Options{Check: conflict.Again(r.Provenance), Margin: geo.Length(c.AvoidMargin)}
	o.Check.Now, o.Check.Program = s.now, s.program
	if c.AvoidMargin <= 0 {
		o.Margin = avoid.NoMargin
	}
	var err error
	if o.Outcomes, err = outcomes(c.AvoidOutcome); err != nil {
		return nil, err
	}
	if o.System, err = c.pointSystem(read); err != nil {
		return nil, err
	}
	parcels := r.Parcels
	if c.Avoid == "" {
		parcels = avoid.First(parcels, o, mostSuggestions)
	}
	return avoid.Find(s.ctx, w.library, w.book, parcels, o)
}

// pointSystem is the plane of the new boundary points: the one that was asked for, or that of the file.
func (c *checkCommand) pointSystem(read ingest.ParcelReport) (crs.System, error) {
	if c.AvoidCRS != "" {
		return crs.Parse(c.AvoidCRS)
	}
	if read.System.Gauss() && len(read.Systems) < 2 {
		return read.System, nil
	}
	return crs.System{}, nil
}

// outcomes reads the words of verdicts.
func outcomes(words []string) ([]analysis.Verdict, error) {
	var out []analysis.Verdict
	for _, w := range words {
		v, ok := avoid.Outcome(w)
		if !ok {
			return nil, geo.NewProblem("avoid.outcome", "outcome", w)
		}
		out = append(out, v)
	}
	return out, nil
}

// writeAvoided writes the file of what remains, and says when there is nothing to write.
func (c *checkCommand) writeAvoided(s *session, w *workspace, all []avoid.Result) error {
	if c.Avoid == "" {
		return nil
	}
	cut := avoid.Kind(c.AvoidCut)
	if n := avoid.Solved(all, cut); n == 0 {
		code := "avoid.unusable"
		if len(all) == 0 {
			code = "avoid.none"
		}
		fmt.Fprintln(s.stderr, s.texts.Sentence(s.lang, geo.NewProblem(code, "file", filepath.Base(c.Avoid))))
		return nil
	}
	printer, err := s.printer(w)
	if err != nil {
		return err
	}
	return writeFile(c.Avoid, func(out io.Writer) error {
		_, err := export.Remains(s.ctx, out, all, export.RemainsOptions{
			Cut: cut, Program: s.program, At: s.now(), Printer: printer,
		})
		return err
	})
}

// printAvoided says what each suggestion keeps and gives up.
func (c *checkCommand) printAvoided(s *session, all []avoid.Result) {
	if c.Avoid == "" {
		return
	}
	for _, r := range all {
		fmt.Fprintln(s.stdout, s.word("cli.avoid.parcel", "row", r.Row, "name", r.Name))
		for _, k := range avoid.Kinds() {
			if cut := r.Cut(k); cut != nil {
				fmt.Fprintln(s.stdout, "  "+s.word("cli.avoid.cut", "cut", s.word("report.avoid."+string(k)),
					"kept", report.PrintArea(cut.Kept).Hectares, "lost", report.PrintArea(cut.Lost).Hectares,
					"share", report.PrintPercent(float64(cut.Lost/r.Area)), "points", cut.Points,
					"verdict", s.verdict(cut.Verdict)))
			}
		}
		for _, g := range r.Gaps {
			fmt.Fprintln(s.stdout, "  "+s.texts.Sentence(s.lang, g.Problem))
		}
	}
}

// printGround says what lies under all parcels, in few lines; the report lists the rest.
func (s *session) printGround(g *conflict.BatchGround) {
	if g == nil {
		return
	}
	if len(g.Uses) > 0 {
		in := func(group codes.Group) string { return report.PrintArea(g.Grouped(group)).Hectares }
		fmt.Fprintln(s.stdout, s.word("cli.ground.groups", "agricultural", in(codes.Agricultural),
			"cultivated", report.PrintArea(g.Cultivated()).Hectares, "construction", in(codes.Construction),
			"unused", in(codes.Unused), "unknown", in("")))
	}
	for _, gap := range g.Gaps {
		fmt.Fprintln(s.stdout, s.texts.Sentence(s.lang, gap.Problem))
	}
}

// writeFindings writes the findings as a table.
func (c *checkCommand) writeFindings(s *session, w *workspace, r conflict.Result) error {
	if c.CSV == "" {
		return nil
	}
	printer, err := s.printer(w)
	if err != nil {
		return err
	}
	return writeFile(c.CSV, func(out io.Writer) error { return report.FindingsCSV(out, r, printer) })
}

// avoided are the suggestions that were asked for.
func (c *checkCommand) avoided(all []avoid.Result) []avoid.Result {
	if c.Avoid == "" {
		return nil
	}
	return all
}
