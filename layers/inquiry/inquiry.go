// Package inquiry lists the analyses that can be asked for by name, each with its question as JSON, so that whoever asks –
// command line, API, a receipt that is run again – needs to know none of them. It knows how an answer becomes a document
// and features on a map; it computes nothing itself and keeps nothing.
//
// A new analysis is one file here: its question, a struct with JSON names and refs that are layers.Ref; how it is run;
// and what its result is printed as. Its result must survive JSON: every exported field read back as it was written, and
// no map whose order could show.
package inquiry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/report"
	"greenshield/layers/rule"
)

// Desk is what an inquiry is answered with.
type Desk struct {
	Library *layers.Library
	Rules   *rule.Book
	Codes   *codes.Book
	// Indicators are the sets of indicators with their methods. Values gives all values that were ever entered in the
	// workspace, in order; nil means none.
	Indicators *indicator.Book
	Values     func() ([]indicator.Value, error)
	// Now is the clock for Provenance.At and for "today"; nil means time.Now. Program is the name and version for the
	// provenance.
	Now     func() time.Time
	Program string
	// Progress, when set, is told how far the work is, one call at a time and never fewer done than before.
	Progress func(done, total int64)
}

// Kinds lists all analyses.
func Kinds() []Kind {
	return []Kind{
		conflictKind(),
		shorelineKind(),
		noDecreaseKind(),
		leadsKind(),
		constructionKind(),
		indicatorKind(),
	}
}

// Find gives a kind by name, problem "inquiry.kind.unknown".
func Find(name string) (Kind, error) {
	var known []string
	for _, k := range Kinds() {
		if k.Name == name {
			return k, nil
		}
		known = append(known, k.Name)
	}
	return Kind{}, geo.NewProblem("inquiry.kind.unknown", "kind", name, "known", known)
}

// Kind is one analysis.
type Kind struct {
	// Name is its word in addresses and receipts: "shoreline".
	Name string
	ask  func(ctx context.Context, d Desk, question json.RawMessage) (Answer, error)
	read func(question, result json.RawMessage) (Answer, error)
}

// Ask runs the analysis. Members of the question that it does not know are refused, "inquiry.question.malformed".
func (k Kind) Ask(ctx context.Context, d Desk, question json.RawMessage) (Answer, error) {
	if d.Now == nil {
		d.Now = time.Now
	}
	return k.ask(ctx, d, question)
}

// Read makes an answer of what was kept of it, the JSON of its Question and its Result.
func (k Kind) Read(question, result json.RawMessage) (Answer, error) { return k.read(question, result) }

// Answer is what came out.
type Answer struct {
	Kind string
	// Question is what was asked, completed by what was chosen for it, such as the vintages of the day: asked again it
	// gives the same Result. Both are written with encoding/json.
	Question, Result any
	Provenance       analysis.Provenance
	Gaps             []analysis.Gap

	document func(report.Printer) report.Document
	features func(io.Writer, report.Printer) error
}

// Document is the answer as people read it.
func (a Answer) Document(p report.Printer) report.Document { return a.document(p) }

// HasFeatures reports whether there is anything to show on a map.
func (a Answer) HasFeatures() bool { return a.features != nil }

// GeoJSON writes the answer's places in CGCS2000 degrees; problem "inquiry.features.none" when it has none.
func (a Answer) GeoJSON(w io.Writer, p report.Printer) error {
	if a.features == nil {
		return geo.NewProblem("inquiry.features.none", "kind", a.Kind)
	}
	return a.features(w, p)
}

// form is a Kind with its types. run may complete the question.
type form[Q, R any] struct {
	name     string
	run      func(ctx context.Context, d Desk, q *Q) (R, error)
	rests    func(R) (analysis.Provenance, []analysis.Gap)
	document func(Q, R, report.Printer) report.Document
	// features is nil where there is nothing to show on a map.
	features func(io.Writer, R, report.Printer) error
}

// kind hides the types.
func (f form[Q, R]) kind() Kind {
	return Kind{
		Name: f.name,
		ask: func(ctx context.Context, d Desk, question json.RawMessage) (Answer, error) {
			q, err := decode[Q](f.name, question)
			if err != nil {
				return Answer{}, err
			}
			r, err := f.run(ctx, d, &q)
			if err != nil {
				return Answer{}, err
			}
			return f.answer(q, r), nil
		},
		read: func(question, result json.RawMessage) (Answer, error) {
			q, err := decode[Q](f.name, question)
			if err != nil {
				return Answer{}, err
			}
			var r R
			if err := json.Unmarshal(result, &r); err != nil {
				return Answer{}, fmt.Errorf("read the result of %s: %w", f.name, err)
			}
			return f.answer(q, r), nil
		},
	}
}

func (f form[Q, R]) answer(q Q, r R) Answer {
	a := Answer{Kind: f.name, Question: q, Result: r}
	a.Provenance, a.Gaps = f.rests(r)
	a.document = func(p report.Printer) report.Document { return f.document(q, r, p) }
	if f.features != nil {
		a.features = func(w io.Writer, p report.Printer) error { return f.features(w, r, p) }
	}
	return a
}

// decode reads a question. A member that is not known is a misunderstanding and not passed over.
func decode[Q any](kind string, raw json.RawMessage) (Q, error) {
	var q Q
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(&q)
	if err == nil && d.More() {
		err = errors.New("more than one value")
	}
	var problem *geo.Problem
	if errors.As(err, &problem) { // a ref that is none says so itself
		return q, problem
	}
	if err != nil {
		return q, geo.NewProblem("inquiry.question.malformed", "kind", kind).Because(err)
	}
	return q, nil
}
