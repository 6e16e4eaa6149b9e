package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"greenshield/geo"
	"greenshield/layers/inquiry"
	"greenshield/layers/original"
	"greenshield/layers/receipt"
)

// receiptFlag asks for the receipt of an answer.
type receiptFlag struct {
	Receipt string `help:"cli.receipt" type:"path" placeholder:"FILE.json"`
}

// keep writes the receipt for an answer where one is wanted, and gives its id. delivered is the file that came with the
// question, "" for none.
func (f receiptFlag) keep(s *session, w *workspace, asked any, a inquiry.Answer, delivered string) (string, error) {
	if f.Receipt == "" {
		return "", nil
	}
	raw, err := json.Marshal(asked)
	if err != nil {
		return "", err
	}
	var file *receipt.File
	if delivered != "" {
		sum, err := original.Sum(s.ctx, delivered)
		if err != nil {
			return "", err
		}
		file = &receipt.File{Name: filepath.Base(delivered), SHA256: sum}
	}
	r, err := receipt.Of(s.ctx, w.library, raw, a, file)
	if err != nil {
		return "", err
	}
	sealed, err := receipt.Seal(r)
	if err != nil {
		return "", err
	}
	return sealed.ID, writeFile(f.Receipt, func(out io.Writer) error {
		_, err := out.Write(sealed.Bytes)
		return err
	})
}

// printKept says under which id the answer can be verified.
func (s *session) printKept(id string) {
	if id != "" {
		fmt.Fprintln(s.stdout, s.word("cli.receipt.kept", "id", id))
	}
}

// openReceipt reads a receipt file.
func openReceipt(path string) (receipt.Opened, error) {
	f, err := os.Open(path)
	if err != nil {
		return receipt.Opened{}, err
	}
	defer f.Close()
	return receipt.Read(f)
}

// receiptJSON is what verify and replay say about a receipt.
type receiptJSON struct {
	ID      string               `json:"id"`
	SHA256  string               `json:"sha256"`
	State   receipt.State        `json:"state"`
	Changed []string             `json:"changed"`
	Kind    string               `json:"kind"`
	At      string               `json:"at"`
	Program string               `json:"program"`
	File    *receipt.File        `json:"file"`
	Inputs  []receipt.Input      `json:"inputs"`
	Rules   *receipt.RuleBook    `json:"ruleBook"`
	Against []obstacleJSON       `json:"against,omitempty"`
	Outcome receipt.Outcome      `json:"outcome,omitempty"`
	Count   int                  `json:"differenceCount,omitempty"`
	Differ  []receipt.Difference `json:"differences,omitempty"`
}

type obstacleJSON struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (s *session) receiptSummary(o receipt.Opened) receiptJSON {
	out := receiptJSON{
		ID: o.ID, SHA256: o.Hash.String(), State: o.State, Changed: append([]string{}, o.Changed...), Kind: o.Kind,
		Program: o.Program, File: o.File, Inputs: append([]receipt.Input{}, o.Inputs...), Rules: o.RuleBook,
	}
	if !o.At.IsZero() {
		out.At = o.At.Format("2006-01-02 15:04:05 -07:00")
	}
	return out
}

func (s *session) obstacles(all []*geo.Problem) []obstacleJSON {
	out := []obstacleJSON{}
	for _, p := range all {
		out = append(out, obstacleJSON{p.Code, s.texts.Sentence(s.lang, p)})
	}
	return out
}

// printReceipt says what a receipt is and what became of it.
func (s *session) printReceipt(o receipt.Opened) {
	say := func(key string, args ...any) { fmt.Fprintln(s.stdout, s.word("cli.receipt."+key, args...)) }
	say("state."+string(o.State), "id", o.ID)
	for _, part := range o.Changed {
		say("changed", "part", s.part(part))
	}
	if o.State == receipt.Changed {
		return // what it says is not what was sealed
	}
	say("kind", "kind", o.Kind, "at", o.At.Format("2006-01-02 15:04:05 -07:00"), "program", o.Program)
	if o.File != nil {
		say("file", "name", o.File.Name, "hash", o.File.SHA256)
	}
	for _, in := range o.Inputs {
		say("input", "ref", in.Ref, "hash", in.Content)
	}
	if o.RuleBook != nil {
		say("rules", "name", o.RuleBook.Name, "hash", o.RuleBook.Hash)
	}
}

// part is what people call a member of a receipt, with the member's name.
func (s *session) part(name string) string {
	key := "cli.receipt.part." + name
	if word := s.word(key); word != key {
		return word
	}
	return name
}
