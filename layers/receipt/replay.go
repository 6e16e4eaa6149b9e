package receipt

import (
	"bytes"
	"context"
	"errors"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/inquiry"
)

// Outcome says what came of asking a receipt's question again.
type Outcome string

// The outcomes of a replay.
const (
	Identical  Outcome = "identical"  // the same result, byte for byte
	Different  Outcome = "different"  // the same inputs and rules, another result
	Impossible Outcome = "impossible" // an input or the rule book is not what it was; Obstacles say which
)

// Replayed is a receipt's question asked again of its own inputs.
type Replayed struct {
	Outcome Outcome
	// Obstacles are why it could not be asked again as it was.
	Obstacles []*geo.Problem
	// Program is the one that replayed; when it is not the receipt's own, a different result may be its doing.
	Program string
	// Differences are the first places where the results differ, and Count how many there are.
	Differences []Difference
	Count       int
}

// mostDifferences is how many differences are listed.
const mostDifferences = 100

// Replay asks the receipt's question again, of the very vintages that it names, by the rule book of the same hash, with
// the clock of then. The result must be the same bytes; what a later version of the program computes is compared too,
// and the version told.
func Replay(ctx context.Context, d inquiry.Desk, r Receipt) (Replayed, error) {
	out := Replayed{Outcome: Impossible, Program: d.Program}
	kind, err := inquiry.Find(r.Kind)
	if err != nil {
		return out, err
	}
	if out.Obstacles, err = Obstacles(ctx, d, r); err != nil || len(out.Obstacles) > 0 {
		return out, err
	}
	refs := make([]layers.Ref, len(r.Inputs))
	for i, in := range r.Inputs {
		refs[i] = in.Ref
	}
	then := d
	then.Library = d.Library.AsOf(r.At, refs)
	then.Now, then.Program = func() time.Time { return r.At }, r.Program
	a, err := kind.Ask(ctx, then, r.Question)
	var problem *geo.Problem
	if errors.As(err, &problem) && ctx.Err() == nil {
		out.Obstacles = append(out.Obstacles, problem)
		return out, nil
	}
	if err != nil {
		return out, err
	}
	return out, out.compare(r, a)
}

// compare tells whether two results are the same bytes.
func (p *Replayed) compare(r Receipt, a inquiry.Answer) error {
	before, err := canonical(r.Result)
	if err != nil {
		return err
	}
	after, err := canonical(a.Result)
	if err != nil {
		return err
	}
	p.Outcome = Identical
	if bytes.Equal(before, after) {
		return nil
	}
	p.Outcome = Different
	p.Differences, p.Count, err = Differences(before, after, mostDifferences)
	return err
}

// Obstacles are why a receipt cannot be asked again in a workspace as it was: inputs that are gone or have other content,
// another rule book.
func Obstacles(ctx context.Context, d inquiry.Desk, r Receipt) ([]*geo.Problem, error) {
	var out []*geo.Problem
	for _, in := range r.Inputs {
		v, err := d.Library.Store().Vintage(ctx, in.Ref)
		switch {
		case geo.CodeOf(err) == "store.vintage.unknown":
			out = append(out, geo.NewProblem("receipt.input.gone", "ref", in.Ref))
		case err != nil:
			return nil, err
		case v.Content != in.Content:
			out = append(out, geo.NewProblem("receipt.input.other", "ref", in.Ref, "was", in.Content, "is", v.Content))
		}
	}
	if r.RuleBook != nil && (d.Rules == nil || d.Rules.Hash != r.RuleBook.Hash) {
		out = append(out, otherBook(d, r))
	}
	return out, nil
}

func otherBook(d inquiry.Desk, r Receipt) *geo.Problem {
	name, hash := "", ""
	if d.Rules != nil {
		name, hash = d.Rules.Name, d.Rules.Hash
	}
	return geo.NewProblem("receipt.rules.other", "was", r.RuleBook.Name, "wasHash", r.RuleBook.Hash, "is", name,
		"isHash", hash)
}
