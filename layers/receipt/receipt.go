// Package receipt makes an answer provable: a receipt holds the question, what it was answered from – every vintage with
// its content hash, the rule book with its hash, the method and its tolerances, the program – and the whole result, in
// one canonical form (JSON Canonicalization Scheme, RFC 8785) over which one SHA-256 is taken. It can be checked without
// the workspace it came from, and asked again in it.
//
// It knows how a receipt is sealed, opened, run again, and when it no longer holds. It refuses to know what an analysis
// computes, which layers/inquiry does, and it signs nothing: whoever alters a receipt can seal it anew, but not under
// the id that is printed in the report.
package receipt

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/inquiry"
)

// Format is the version of the form in which receipts are written.
const Format = 1

// Receipt is all that an answer depends on, and the answer. Question, Open and Result are JSON; numbers in them are
// IEEE 754 doubles, as RFC 8785 asks.
type Receipt struct {
	Format int
	// Kind is the analysis (layers/inquiry).
	Kind string
	// Question is what was asked, completed by what was chosen for it, such as the vintages of the day: asked again it
	// has the same answer for ever. Open has the members of the question as they were before, null where they were left
	// open: as it was asked then, the question may be answered otherwise today.
	Question, Open json.RawMessage
	// File is what was delivered with the question, nil when nothing was.
	File   *File
	Inputs []Input
	// RuleBook is nil where no rules were used.
	RuleBook *RuleBook
	Method   Method
	// Program is the name and version that computed the result; At is when, in the time zone of the workplace.
	Program string
	At      time.Time
	Gaps    []analysis.Gap
	Result  json.RawMessage
}

// File is a delivered file: its name without folders and its bytes' hash.
type File struct {
	Name   string      `json:"name"`
	SHA256 layers.Hash `json:"sha256"`
}

// Input is a vintage that the result was computed from, and the hash over its features.
type Input struct {
	Ref     layers.Ref  `json:"ref"`
	Content layers.Hash `json:"content"`
}

// RuleBook is the rule book that was applied.
type RuleBook struct {
	Name string `json:"name"`
	Hash string `json:"hash"`
}

// Method says how was measured.
type Method struct {
	Name ellipsoid.Method `json:"name"`
	// Tolerance is the area in m², Width the effective width in m, up to which an overlap counts as touching.
	Tolerance geo.Area   `json:"toleranceM2"`
	Width     geo.Length `json:"widthM"`
}

// Of makes the receipt for an answer. asked is the question as it came, before it was completed; file is what was
// delivered with it, nil for nothing. The content hashes are those of the library's vintages.
func Of(
	ctx context.Context, lib *layers.Library, asked json.RawMessage, a inquiry.Answer, file *File,
) (Receipt, error) {
	p := a.Provenance
	r := Receipt{
		Format: Format, Kind: a.Kind, File: file, Program: p.Program, At: p.At, Gaps: a.Gaps,
		Method: Method{Name: p.Method, Tolerance: p.Tolerance, Width: p.Width},
	}
	if p.RuleBookHash != "" {
		r.RuleBook = &RuleBook{Name: p.RuleBook, Hash: p.RuleBookHash}
	}
	var err error
	if r.Inputs, err = inputs(ctx, lib, p.Refs); err != nil {
		return Receipt{}, err
	}
	if r.Question, err = json.Marshal(a.Question); err != nil {
		return Receipt{}, fmt.Errorf("write the question of %s: %w", a.Kind, err)
	}
	if r.Open, err = leftOpen(asked, r.Question); err != nil {
		return Receipt{}, fmt.Errorf("compare the questions of %s: %w", a.Kind, err)
	}
	if r.Result, err = json.Marshal(a.Result); err != nil {
		return Receipt{}, fmt.Errorf("write the result of %s: %w", a.Kind, err)
	}
	return r, nil
}

// inputs are the vintages by ref, each once.
func inputs(ctx context.Context, lib *layers.Library, refs []layers.Ref) ([]Input, error) {
	sorted := slices.Clone(refs)
	slices.SortFunc(sorted, layers.Ref.Compare)
	var out []Input
	for _, ref := range slices.Compact(sorted) {
		if ref == (layers.Ref{}) {
			continue
		}
		v, err := lib.Vintage(ctx, ref)
		if err != nil {
			return nil, err
		}
		out = append(out, Input{Ref: ref, Content: v.Content})
	}
	return out, nil
}

// Answer is what the receipt's result is printed from.
func (r Receipt) Answer() (inquiry.Answer, error) {
	kind, err := inquiry.Find(r.Kind)
	if err != nil {
		return inquiry.Answer{}, err
	}
	return kind.Read(r.Question, r.Result)
}
