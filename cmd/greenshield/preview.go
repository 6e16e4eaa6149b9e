package main

import (
	"cmp"
	"fmt"
	"strings"

	"greenshield/layers"
	"greenshield/layers/ingest"
)

type previewCommand struct {
	inWorkspace
	reading
	File  string `arg:"" help:"cli.file" type:"existing"`
	Layer string `help:"cli.layer" placeholder:"redline"`
	Theme string `help:"cli.theme" placeholder:"redline"`
}

// Run looks at a file and prints what could be said about it; nothing is written.
func (c *previewCommand) Run(s *session) error {
	w, err := c.optional(s)
	if err != nil {
		return err
	}
	defer w.close()
	req := ingest.Request{Layer: layers.Layer{ID: layers.LayerID(c.Layer)}}
	if c.Theme != "" {
		if req.Layer.Theme, err = layers.ParseTheme(c.Theme); err != nil {
			return err
		}
	}
	if req.Reading, err = c.reading.request(w, c.File, s.newBar("", true)); err != nil {
		return err
	}
	p, err := ingest.Look(s.ctx, w.layers(), req)
	if err != nil {
		return err
	}
	s.printPreview(p)
	return nil
}

func (s *session) printPreview(p ingest.Preview) {
	fmt.Fprintln(s.stdout, s.word("cli.preview.file", "file", p.FileName, "format", p.Format,
		"encoding", cmp.Or(p.Encoding, "–"), "rows", p.Rows, "declared", cmp.Or(p.DeclaredText, "–")))
	if p.Problem != nil {
		fmt.Fprintln(s.stdout, " ", s.texts.Sentence(s.lang, p.Problem))
	}
	if p.Unusable > 0 {
		fmt.Fprintln(s.stdout, " ", s.word("cli.preview.unusable", "count", p.Unusable, "first", s.texts.Sentence(s.lang, p.First)))
	}
	s.printFields(p)
	if len(p.Readings) == 0 {
		fmt.Fprintln(s.stdout, s.word("cli.preview.none"))
		return
	}
	fmt.Fprintln(s.stdout, s.word("cli.preview.readings"))
	for i, r := range p.Readings {
		if i > 0 && r.Inside == 0 && p.Readings[0].Inside > 0 {
			fmt.Fprintln(s.stdout, " ", s.word("cli.preview.elsewhere", "count", len(p.Readings)-i, "regions", p.Regions))
			break
		}
		fmt.Fprintf(s.stdout, "  %s  %.4f %.4f – %.4f %.4f%s\n", s.readingTitle(r),
			r.Bound.Min[0], r.Bound.Min[1], r.Bound.Max[0], r.Bound.Max[1], s.insideText(r))
		if flags := readingFlags(p.Answer(r)); flags != "" {
			fmt.Fprintln(s.stdout, "     ", flags)
		}
	}
}

func (s *session) printFields(p ingest.Preview) {
	roles := map[string]string{}
	for _, role := range layers.Roles() {
		if field := p.Mapping[role]; field != "" {
			roles[field] = strings.TrimPrefix(roles[field]+", "+s.word("ingest.role."+string(role)), ", ")
		}
	}
	if p.Table != nil {
		fmt.Fprintln(s.stdout, " ", p.Table.Title(s.lang))
	}
	for i, f := range p.Fields {
		sample := ""
		if len(p.Samples) > 0 && i < len(p.Samples[0]) && p.Samples[0][i] != nil {
			sample = fmt.Sprint(p.Samples[0][i])
		}
		role := ""
		if roles[f.Name] != "" {
			role = " ← " + roles[f.Name]
		}
		fmt.Fprintf(s.stdout, "  %s = %q%s\n", f.Name, sample, role)
	}
}

func (s *session) readingTitle(r ingest.Interpretation) string {
	title := r.System.String() + " " + r.System.Title()
	if r.Zones != 0 {
		title = s.word("cli.preview.zones", "width", r.Zones)
	}
	if r.AxesExchanged {
		title += " " + s.word("cli.preview.exchanged")
	}
	if r.Declared {
		title += " " + s.word("cli.preview.declared")
	}
	return title
}

func (s *session) insideText(r ingest.Interpretation) string {
	if r.Inside < 0 {
		return ""
	}
	return "  " + s.word("cli.preview.inside", "part", fmt.Sprintf("%.0f %%", 100*r.Inside))
}

// readingFlags are the flags that say to import and check what an interpretation says.
func readingFlags(r ingest.Reading) string {
	var flags []string
	if r.System != nil {
		flags = append(flags, "--crs "+r.System.String())
	}
	if r.TreatAs != nil {
		flags = append(flags, "--treat-as "+r.TreatAs.String())
	}
	if r.Zones != 0 {
		flags = append(flags, fmt.Sprintf("--zones %d", r.Zones))
	}
	if r.AxesExchanged {
		flags = append(flags, "--axes-exchanged")
	}
	return strings.Join(flags, " ")
}
