package main

import (
	"fmt"
	"strings"

	"greenshield/geo"
	"greenshield/layers/receipt"
)

// The exit codes of verify and replay, documented in their help.
const (
	exitRewritten = 10 // the same content in other bytes
	exitChanged   = 11 // the content, or the result of a replay, is not what was sealed
	exitElsewhere = 12 // the workspace has other inputs or rules
	exitOtherID   = 13 // a receipt, but not the one that was asked for
)

type verifyCommand struct {
	File    string `arg:"" help:"cli.receipt.file_arg" type:"existingfile"`
	ID      string `name:"id" help:"cli.receipt.id" placeholder:"7Q2MX-0H4KD-…"`
	Against string `help:"cli.against" type:"path" placeholder:"workspace"`
	JSON    bool   `name:"json" help:"cli.json"`
}

// Run tells whether a receipt is as it was sealed. It needs nothing but the file.
func (c *verifyCommand) Run(s *session) error {
	o, err := openReceipt(c.File)
	if err != nil {
		return err
	}
	var against []*geo.Problem
	if c.Against != "" && o.State != receipt.Changed {
		if against, err = c.compare(s, o.Receipt); err != nil {
			return err
		}
	}
	if c.JSON {
		out := s.receiptSummary(o)
		if c.Against != "" {
			out.Against = s.obstacles(against)
		}
		err = s.printJSON(out)
	} else {
		c.print(s, o, against)
	}
	if err != nil {
		return err
	}
	return coded{code: c.code(o, against)}
}

// compare holds the receipt to the layers and rules of a workspace.
func (c *verifyCommand) compare(s *session, r receipt.Receipt) ([]*geo.Problem, error) {
	w, err := inWorkspace{Workspace: c.Against}.existing(s)
	if err != nil {
		return nil, err
	}
	defer w.close()
	return receipt.Obstacles(s.ctx, w.desk(s), r)
}

func (c *verifyCommand) print(s *session, o receipt.Opened, against []*geo.Problem) {
	s.printReceipt(o)
	if c.otherID(o) {
		fmt.Fprintln(s.stdout, s.word("cli.receipt.other_id", "asked", c.ID, "id", receipt.ID(o.Hash)))
	}
	for _, p := range against {
		fmt.Fprintln(s.stdout, s.texts.Sentence(s.lang, p))
	}
	if c.Against != "" && len(against) == 0 && o.State != receipt.Changed {
		fmt.Fprintln(s.stdout, s.word("cli.receipt.same_here", "workspace", c.Against))
	}
}

// otherID reports whether the receipt is another one than the report names.
func (c *verifyCommand) otherID(o receipt.Opened) bool {
	return c.ID != "" && !strings.EqualFold(strings.TrimSpace(c.ID), receipt.ID(o.Hash))
}

func (c *verifyCommand) code(o receipt.Opened, against []*geo.Problem) int {
	switch {
	case o.State == receipt.Changed:
		return exitChanged
	case c.otherID(o):
		return exitOtherID
	case len(against) > 0:
		return exitElsewhere
	case o.State == receipt.Rewritten:
		return exitRewritten
	}
	return 0
}

type replayCommand struct {
	inWorkspace
	File  string `arg:"" help:"cli.receipt.file_arg" type:"existingfile"`
	JSON  bool   `name:"json" help:"cli.json"`
	Quiet bool   `short:"q" help:"cli.quiet"`
}

// Run asks the question of a receipt again, of the same vintages by the same rules, and compares the results byte by
// byte.
func (c *replayCommand) Run(s *session) error {
	o, err := openReceipt(c.File)
	if err != nil {
		return err
	}
	if o.State == receipt.Changed {
		s.printReceipt(o)
		return coded{code: exitChanged}
	}
	w, err := c.existing(s)
	if err != nil {
		return err
	}
	defer w.close()
	p, err := c.replay(s, w, o.Receipt)
	if err != nil {
		return err
	}
	if c.JSON {
		out := s.receiptSummary(o)
		out.Outcome, out.Count, out.Differ, out.Against = p.Outcome, p.Count, p.Differences, s.obstacles(p.Obstacles)
		if err := s.printJSON(out); err != nil {
			return err
		}
	} else {
		s.printReceipt(o)
		s.printReplay(o.Receipt, p)
	}
	switch p.Outcome {
	case receipt.Different:
		return coded{code: exitChanged}
	case receipt.Impossible:
		return coded{code: exitElsewhere}
	}
	return nil
}

func (c *replayCommand) replay(s *session, w *workspace, r receipt.Receipt) (receipt.Replayed, error) {
	desk := w.desk(s)
	b := s.newBar(r.Kind, c.Quiet || c.JSON)
	defer b.done()
	desk.Progress = b.tell
	return receipt.Replay(s.ctx, desk, r)
}

func (s *session) printReplay(r receipt.Receipt, p receipt.Replayed) {
	fmt.Fprintln(s.stdout, s.word("cli.receipt.outcome."+string(p.Outcome)))
	for _, o := range p.Obstacles {
		fmt.Fprintln(s.stdout, "  "+s.texts.Sentence(s.lang, o))
	}
	s.printDifferences(p.Differences, p.Count)
	if p.Program != r.Program {
		fmt.Fprintln(s.stdout, s.word("cli.receipt.program", "was", r.Program, "is", p.Program))
	}
}

// printDifferences lists where two results differ.
func (s *session) printDifferences(list []receipt.Difference, count int) {
	for _, d := range list {
		fmt.Fprintln(s.stdout, s.word("cli.receipt.difference", "path", d.Path, "before", orNone(d.Before), "after", orNone(d.After)))
	}
	if left := count - len(list); left > 0 {
		fmt.Fprintln(s.stdout, s.word("cli.receipt.more", "count", left))
	}
}

func orNone(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
