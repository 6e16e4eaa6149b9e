package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/report"
)

// reading are the flags that say how a delivered file is to be read.
type reading struct {
	CRS       string            `name:"crs" help:"cli.crs" placeholder:"EPSG:4490"`
	TreatAs   string            `help:"cli.treat_as" placeholder:"EPSG:4490"`
	Shift     string            `name:"datum-shift" help:"cli.datum_shift" placeholder:"dx,dy,dz,rx,ry,rz,ppm"`
	Zones     int               `help:"cli.row_zones" enum:"0,3,6" default:"0"`
	Exchanged bool              `name:"axes-exchanged" help:"cli.axes"`
	Suspected string            `help:"cli.suspected" enum:",GCJ-02,BD-09,none" default:""`
	Encoding  string            `help:"cli.encoding" placeholder:"GBK"`
	Sublayer  string            `help:"cli.sublayer"`
	Map       map[string]string `help:"cli.map" placeholder:"zone=GNFQ"`
}

// request turns the flags into what package ingest reads.
func (r reading) request(w *workspace, path string, b *bar) (ingest.Reading, error) {
	out := ingest.Reading{
		Path: path, FileName: filepath.Base(path), Sublayer: r.Sublayer, Encoding: r.Encoding,
		Suspected: r.Suspected, AxesExchanged: r.Exchanged, Zones: r.Zones, Mapping: map[layers.Role]string{}, Codes: w.codes, Progress: b.tell,
	}
	for role, field := range r.Map {
		out.Mapping[layers.Role(role)] = field
	}
	var err error
	if out.System, err = system(r.CRS, ""); err != nil {
		return out, err
	}
	out.TreatAs, err = system(r.TreatAs, r.Shift)
	return out, err
}

func system(name, shift string) (*crs.System, error) {
	if name == "" && shift == "" {
		return nil, nil
	}
	s, err := crs.ParseShifted(name, shift)
	if err != nil {
		return nil, err
	}
	return &s, nil
}

type importCommand struct {
	inWorkspace
	reading
	File          string `arg:"" help:"cli.file" type:"existing"`
	Layer         string `required:"" help:"cli.layer" placeholder:"redline"`
	Theme         string `required:"" help:"cli.theme" placeholder:"redline"`
	Vintage       string `required:"" help:"cli.vintage" placeholder:"2023"`
	Title         string `help:"cli.title"`
	Coverage      string `help:"cli.coverage" placeholder:"region@2023.1"`
	Accuracy      string `help:"cli.accuracy" placeholder:"2.5"`
	ValidUntil    string `name:"valid-until" help:"cli.valid_until" placeholder:"2026-12-31"`
	SignOff       string `name:"sign-off" help:"cli.sign_off" placeholder:"NAME"`
	Operator      string `help:"cli.operator" env:"GREENSHIELD_OPERATOR"`
	Repair        string `help:"cli.repair" enum:"lossless,best-effort" default:"lossless"`
	DryRun        bool   `name:"dry-run" help:"cli.dry_run"`
	AcceptRejects bool   `help:"cli.accept_rejects"`
	Rejects       string `help:"cli.rejects" type:"path" placeholder:"FILE.csv"`
	JSON          bool   `name:"json" help:"cli.json"`
	Quiet         bool   `short:"q" help:"cli.quiet"`
}

// Run imports one file as a vintage.
func (c *importCommand) Run(s *session) error {
	w, err := c.workspace(s)
	if err != nil {
		return err
	}
	defer w.close()
	b := s.newBar(filepath.Base(c.File), c.Quiet || c.JSON)
	req, err := c.request(s, w, b)
	if err != nil {
		return err
	}
	done, err := ingest.Import(s.ctx, w.layers(), req)
	b.done()
	if e := c.writeRejects(s, done); e != nil {
		return errors.Join(err, e)
	}
	if c.JSON {
		return errors.Join(err, s.printJSON(s.importSummary(done)))
	}
	s.printImport(done, c.DryRun)
	return err
}

// workspace is the one to import into; a dry run makes none where there is none.
func (c *importCommand) workspace(s *session) (*workspace, error) {
	if c.DryRun {
		return c.optional(s)
	}
	return c.create(s)
}

func (c *importCommand) request(s *session, w *workspace, b *bar) (ingest.Request, error) {
	req := ingest.Request{
		Vintage: c.Vintage, Operator: c.operator(), AcceptRejects: c.AcceptRejects, Now: s.now, Program: s.program,
		DryRun: c.DryRun, SignedOff: c.SignOff, Originals: c.originals(),
	}
	var err error
	if req.Reading, err = c.reading.request(w, c.File, b); err != nil {
		return req, err
	}
	req.Repair = ingest.RepairNamed(c.Repair)
	if req.Layer, err = parseLayer(c.Layer, c.Theme, c.Title); err != nil {
		return req, err
	}
	if req.Declared, err = layers.ParseDeclared(c.Accuracy, c.ValidUntil, c.Vintage); err != nil {
		return req, err
	}
	req.Coverage, req.Regions, err = parseCoverage(c.Coverage)
	return req, err
}

// operator is who is named in the provenance: the flag, or whoever is logged in.
func (c *importCommand) operator() string {
	if c.Operator != "" {
		return c.Operator
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

func parseLayer(id, theme, title string) (layers.Layer, error) {
	layer, err := layers.ParseLayerID(id)
	if err != nil {
		return layers.Layer{}, err
	}
	t, err := layers.ParseTheme(theme)
	if err != nil {
		return layers.Layer{}, err
	}
	if title == "" {
		title = id
	}
	return layers.Layer{ID: layer, Theme: t, Title: title}, nil
}

// parseCoverage reads "", "extent", "everywhere" or the ref of a region vintage.
func parseCoverage(s string) (layers.CoverageKind, layers.Ref, error) {
	switch k := layers.CoverageKind(s); k {
	case layers.CoverageUndeclared, layers.CoverageExtent, layers.CoverageEverywhere:
		return k, layers.Ref{}, nil
	}
	ref, err := layers.ParseRef(s)
	return layers.CoverageRegions, ref, err
}

func (c *importCommand) writeRejects(s *session, r ingest.Report) error {
	if c.Rejects == "" || len(r.Rejects) == 0 {
		return nil
	}
	return writeFile(c.Rejects, func(w io.Writer) error {
		return ingest.RejectsCSV(w, r.Rejects, s.lang, s.texts)
	})
}

// writeFile makes a file through a temporary one, so that nobody finds half of it.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".greenshield-*")
	if err != nil {
		return err
	}
	err = write(f)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Chmod(path, 0o644)
}

// issue is one line of a report on a file for machines; At is its place in CGCS2000 degrees.
type issue struct {
	Row      int64      `json:"row,omitempty"`
	At       *orb.Point `json:"at,omitempty"`
	Severity string     `json:"severity"`
	Code     string     `json:"code"`
	Text     string     `json:"text"`
	Action   string     `json:"action,omitempty"`
	Before   geo.Area   `json:"areaBeforeM2,omitempty"`
	After    geo.Area   `json:"areaAfterM2,omitempty"`
}

// issues lists what was wrong with a file, or noted about it.
func (s *session) issues(f ingest.Findings) []issue {
	issues := make([]issue, 0, len(f.Issues))
	for _, i := range f.Issues {
		issues = append(issues, issue{
			Row: i.Row, At: i.Problem.At, Severity: string(i.Severity), Code: i.Problem.Code, Text: s.texts.Sentence(s.lang, i.Problem),
			Action: i.Action, Before: i.AreaBefore, After: i.AreaAfter,
		})
	}
	return issues
}

func (s *session) importSummary(r ingest.Report) any {
	ref := ""
	if r.Vintage.Ref.Revision > 0 {
		ref = r.Vintage.Ref.String()
	}
	return map[string]any{
		"ref": ref, "file": r.FileName, "format": r.Format, "encoding": r.Encoding, "system": r.Used(),
		"read": r.Read, "kept": r.Kept, "repaired": r.Repaired, "guessed": r.Guessed, "rejected": len(r.Rejects), "densified": r.Densified,
		"warnings": r.Warnings, "table": r.Table, "mapping": r.Mapping, "declared": r.DeclaredText,
		"areaBeforeM2": r.AreaBefore, "areaAfterM2": r.AreaAfter, "lengthM": r.Length,
		"issues": s.issues(r.Findings), "unlisted": r.Unlisted,
		"accuracyM": r.Declared.Accuracy, "validUntil": r.Declared.ValidUntil,
	}
}

func (s *session) printImport(r ingest.Report, dry bool) {
	if dry {
		fmt.Fprintln(s.stdout, s.word("cli.import.dry", "read", r.Read, "kept", r.Kept, "repaired", r.Repaired,
			"guessed", r.Guessed, "rejected", len(r.Rejects), "area", fmt.Sprintf("%.4f", r.AreaAfter.Hectares()),
			"system", r.Used(), "encoding", r.Encoding))
	}
	if r.Vintage.Ref.Revision > 0 {
		fmt.Fprintln(s.stdout, s.word("cli.import.published", "ref", r.Vintage.Ref, "count", r.Kept,
			"repaired", r.Repaired, "rejected", len(r.Rejects), "system", r.Used(), "encoding", r.Encoding))
	}
	s.printDeclared(r.Declared)
	s.printIssues(r.Findings)
}

// printDeclared repeats what was declared of the vintage, so that a slip of the pen is seen.
func (s *session) printDeclared(d layers.Declared) {
	if d.Accuracy > 0 {
		fmt.Fprintln(s.stdout, " ", s.word("cli.import.accuracy", "accuracy", report.PrintLength(d.Accuracy).M))
	}
	if d.ValidUntil != "" {
		fmt.Fprintln(s.stdout, " ", s.word("cli.import.validity", "day", d.ValidUntil))
	}
}

// printIssues tells what was repaired, refused or noted in a file, with row and place.
func (s *session) printIssues(f ingest.Findings) {
	const listed = 20
	for k, i := range f.Issues {
		if k == listed {
			fmt.Fprintln(s.stdout, s.word("cli.import.more", "count", int64(len(f.Issues)-listed)+f.Unlisted))
			break
		}
		where := ""
		if i.Row > 0 {
			where = s.word("cli.import.row", "row", i.Row) + " "
		}
		if at := i.Problem.At; at != nil {
			where += fmt.Sprintf("(%.6f, %.6f) ", at[0], at[1])
		}
		fmt.Fprintf(s.stdout, "  %s: %s%s [%s]\n", s.word("cli.severity."+string(i.Severity)), where,
			s.texts.Sentence(s.lang, i.Problem), i.Problem.Code)
	}
}

func (s *session) printJSON(v any) error {
	e := json.NewEncoder(s.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
