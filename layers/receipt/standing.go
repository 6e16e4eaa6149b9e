package receipt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/inquiry"
)

// Catalogue is what a workspace would answer from now: its vintages and its rule book, on a day.
type Catalogue struct {
	ids          []layers.LayerID
	themes       map[layers.LayerID]layers.Theme
	vintages     map[layers.LayerID][]layers.Vintage
	ruleBookHash string
	today        string
}

// Survey takes down what a desk would answer from.
func Survey(ctx context.Context, d inquiry.Desk) (*Catalogue, error) {
	now := time.Now
	if d.Now != nil {
		now = d.Now
	}
	c := &Catalogue{
		themes: map[layers.LayerID]layers.Theme{}, vintages: map[layers.LayerID][]layers.Vintage{},
		today: now().Format(time.DateOnly),
	}
	if d.Rules != nil {
		c.ruleBookHash = d.Rules.Hash
	}
	all, err := d.Library.Store().Layers(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		c.ids = append(c.ids, l.ID)
		c.themes[l.ID] = l.Theme
		if c.vintages[l.ID], err = d.Library.Store().Vintages(ctx, l.ID); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Again is a question asked anew: as it was asked, of what there is now.
type Again struct {
	Standing Standing
	// Answer is the new one. It is empty when Problem says why there is none.
	Answer  inquiry.Answer
	Problem *geo.Problem
	// VerdictBefore and VerdictAfter are the verdicts, "" for an analysis that gives none.
	VerdictBefore, VerdictAfter string
	// Differences are the first places where the results differ, apart from the time, and Count how many there are.
	Differences []Difference
	Count       int
}

// Ask asks a receipt's question as it was asked, today. A vintage that it names and that was corrected since is asked in
// its correction.
func Ask(ctx context.Context, d inquiry.Desk, r Receipt) (Again, error) {
	var out Again
	c, err := Survey(ctx, d)
	if err != nil {
		return out, err
	}
	claim, err := r.Claim()
	if err != nil {
		return out, err
	}
	out.Standing, out.VerdictBefore = c.Standing(claim), verdictOf(r.Result)
	kind, err := inquiry.Find(r.Kind)
	if err != nil {
		return out, err
	}
	asked, err := r.asked()
	if err != nil {
		return out, err
	}
	out.Answer, err = kind.Ask(ctx, d, corrected(asked, out.Standing))
	if errors.As(err, &out.Problem) && ctx.Err() == nil {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	return out, out.compare(r)
}

// corrected puts corrections in the place of the vintages that a question names.
func corrected(asked json.RawMessage, s Standing) json.RawMessage {
	for _, x := range s.Superseded {
		if x.Why == Corrected {
			asked = bytes.ReplaceAll(asked, []byte(`"`+x.Ref.String()+`"`), []byte(`"`+x.By.String()+`"`))
		}
	}
	return asked
}

func (g *Again) compare(r Receipt) error {
	before, err := canonical(r.Result)
	if err != nil {
		return err
	}
	after, err := canonical(g.Answer.Result)
	if err != nil {
		return err
	}
	g.VerdictAfter = verdictOf(after)
	g.Differences, g.Count, err = Differences(before, after, mostDifferences)
	g.Differences = slices.DeleteFunc(g.Differences, func(d Difference) bool {
		ofTheRun := d.Path == "/Provenance/At" || d.Path == "/Provenance/Program"
		if ofTheRun {
			g.Count--
		}
		return ofTheRun
	})
	return err
}

// verdictOf is the verdict of a result that has one.
func verdictOf(result json.RawMessage) string {
	var r struct{ Verdict json.RawMessage }
	var word string
	if json.Unmarshal(result, &r) != nil || json.Unmarshal(r.Verdict, &word) != nil {
		return ""
	}
	return word
}
