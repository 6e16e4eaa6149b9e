package main

import (
	"fmt"
	"path/filepath"

	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/export"
)

type exportCommand struct {
	inWorkspace
	Ref      string `arg:"" help:"cli.export.ref" placeholder:"redline@2023.1"`
	To       string `required:"" help:"cli.export.to" type:"path" placeholder:"FILE.gpkg"`
	Format   string `help:"cli.export.format" placeholder:"shapefile"`
	CRS      string `name:"crs" help:"cli.export.crs" placeholder:"EPSG:4525"`
	Encoding string `help:"cli.export.encoding" placeholder:"GBK"`
	Replace  bool   `help:"cli.export.replace"`
	JSON     bool   `name:"json" help:"cli.json"`
}

// Run writes one vintage as a file for others.
func (c *exportCommand) Run(s *session) error {
	ref, err := layers.ParseRef(c.Ref)
	if err != nil {
		return err
	}
	o := export.Options{Encoding: c.Encoding, Replace: c.Replace, Program: s.program}
	if o.Format, err = export.ParseFormat(c.Format, c.To); err != nil {
		return err
	}
	if c.CRS != "" {
		if o.System, err = crs.Parse(c.CRS); err != nil {
			return err
		}
	}
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	if o.Printer, err = s.printer(w); err != nil {
		return err
	}
	r, err := export.File(s.ctx, w.store, ref, c.To, o)
	if err != nil {
		return err
	}
	if c.JSON {
		return s.printJSON(c.summary(s, r))
	}
	s.printExport(c.To, r)
	return nil
}

// systemOf names the system that was written.
func systemOf(r export.Result) string {
	if r.System.IsZero() {
		return "EPSG:4490"
	}
	return r.System.String()
}

func (s *session) printExport(path string, r export.Result) {
	fmt.Fprintln(s.stdout, s.word("cli.export.done", "ref", r.Vintage.Ref, "file", filepath.Base(path),
		"format", s.word("cli.format."+string(r.Format)), "count", r.Vintage.Count, "system", systemOf(r)))
	for _, n := range r.Notes {
		fmt.Fprintf(s.stdout, "  %s: %s [%s]\n", s.word("cli.severity.note"), s.texts.Sentence(s.lang, n), n.Code)
	}
}

func (c *exportCommand) summary(s *session, r export.Result) any {
	notes := []issue{}
	for _, n := range r.Notes {
		notes = append(notes, issue{Severity: "note", Code: n.Code, Text: s.texts.Sentence(s.lang, n)})
	}
	return map[string]any{
		"ref": r.Vintage.Ref.String(), "file": filepath.Base(c.To), "format": string(r.Format), "system": systemOf(r),
		"count": r.Vintage.Count, "notes": notes,
	}
}
