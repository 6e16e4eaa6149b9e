package main

import (
	"encoding/json"
	"fmt"
	"io"

	"greenshield/geo"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

// outputs are the flags of every command that answers an inquiry.
type outputs struct {
	Report  string `help:"cli.report" type:"path" placeholder:"FILE.xlsx"`
	CSV     string `name:"csv" help:"cli.csv" type:"path" placeholder:"FILE.csv"`
	Table   string `help:"cli.table" placeholder:"ID"`
	GeoJSON string `name:"geojson" help:"cli.geojson" type:"path" placeholder:"FILE.geojson"`
	receiptFlag
	JSON  bool `name:"json" help:"cli.json"`
	Quiet bool `short:"q" help:"cli.quiet"`
}

// rowsShown is how many rows of a table are printed on a terminal.
const rowsShown = 100

// ask answers an inquiry and writes what is wanted of it. The first table, or the one that --table names, is printed.
func (s *session) ask(w *workspace, kind string, question any, o outputs) error {
	a, err := s.inquire(w, kind, question, o)
	if err != nil {
		return err
	}
	id, err := o.keep(s, w, question, a, "")
	if err != nil {
		return err
	}
	return s.deliver(w, a, o, id)
}

func (s *session) inquire(w *workspace, kind string, question any, o outputs) (inquiry.Answer, error) {
	k, err := inquiry.Find(kind)
	if err != nil {
		return inquiry.Answer{}, err
	}
	raw, err := json.Marshal(question)
	if err != nil {
		return inquiry.Answer{}, err
	}
	desk := w.desk(s)
	b := s.newBar(kind, o.Quiet || o.JSON)
	defer b.done()
	desk.Progress = b.tell
	return k.Ask(s.ctx, desk, raw)
}

// desk is what inquiries are answered with.
func (w *workspace) desk(s *session) inquiry.Desk {
	return inquiry.Desk{
		Library: w.library, Rules: w.book, Codes: w.codes, Indicators: w.indicators, Values: w.values.All, Now: s.now,
		Program: s.program,
	}
}

// deliver writes files first, so that nothing is printed when one of them fails.
func (s *session) deliver(w *workspace, a inquiry.Answer, o outputs, receipt string) error {
	p, err := s.printer(w)
	if err != nil {
		return err
	}
	p.Receipt = receipt
	doc := a.Document(p)
	table, ok := doc.Find(o.Table)
	if !ok {
		return coded{exitUsage, unknownTable(doc, o.Table)}
	}
	if err := o.write(a, doc, table, p); err != nil {
		return err
	}
	if o.JSON {
		out := answerSummary(a, doc, p)
		out.Receipt = receipt
		return s.printJSON(out)
	}
	if err := table.Text(s.stdout, rowsShown, p); err != nil {
		return err
	}
	for _, g := range a.Gaps {
		fmt.Fprintln(s.stdout, s.word("cli.check.gap", "reason", g.Problem))
	}
	s.printKept(receipt)
	return nil
}

// write writes the files that are wanted.
func (o outputs) write(a inquiry.Answer, doc report.Document, table report.Table, p report.Printer) error {
	for _, f := range []struct {
		path  string
		write func(io.Writer) error
	}{
		{o.Report, func(out io.Writer) error { return doc.Workbook(out, p) }},
		{o.CSV, table.CSV},
		{o.GeoJSON, func(out io.Writer) error { return a.GeoJSON(out, p) }},
	} {
		if f.path == "" {
			continue
		}
		if err := writeFile(f.path, f.write); err != nil {
			return err
		}
	}
	return nil
}

func unknownTable(doc report.Document, id string) error {
	var known []string
	for _, t := range doc.Tables {
		known = append(known, t.ID)
	}
	return geo.NewProblem("inquiry.table.unknown", "table", id, "known", known)
}

// answerJSON is an answer for machines: Result is unrounded, Tables are the printed figures.
type answerJSON struct {
	Kind     string                `json:"kind"`
	Question any                   `json:"question"`
	Result   any                   `json:"result"`
	Tables   []report.PrintedTable `json:"tables"`
	Basis    []report.Fact         `json:"basis"`
	Receipt  string                `json:"receipt,omitempty"`
}

func answerSummary(a inquiry.Answer, doc report.Document, p report.Printer) answerJSON {
	out := answerJSON{Kind: a.Kind, Question: a.Question, Result: a.Result, Basis: doc.Basis(p)}
	for _, t := range doc.Tables {
		out.Tables = append(out.Tables, t.Printed(0, len(t.Rows)))
	}
	return out
}
