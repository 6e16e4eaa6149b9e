package inquiry

import (
	"context"
	"io"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/report"
)

// Conflict asks what parcels conflict with. Its parcels have been read from a delivery before; what of the delivery could
// not be read is in Unread, and makes the answer incomplete.
type Conflict struct {
	Activity string `json:"activity"`
	// Date is the day whose rules apply and whose vintages are asked; today when empty, and then completed.
	Date string `json:"date,omitempty"`
	// Tolerance (m²) and Width (m) are those of conflict.Options: 0 is the default, negative none.
	Tolerance geo.Area   `json:"toleranceM2,omitempty"`
	Width     geo.Length `json:"widthM,omitempty"`
	// Required are the themes without which the answer is incomplete; the default when absent, none when empty.
	Required []layers.Theme `json:"required"`
	// Pins are the vintages asked instead of those of the day; completed by all that were asked.
	Pins []layers.Ref `json:"pins"`
	// Groups are great groups of land-use classes chosen against the code book.
	Groups  map[string]codes.Group `json:"groups,omitempty"`
	Parcels []conflict.Parcel      `json:"parcels"`
	Unread  []layers.Reject        `json:"unread,omitempty"`
}

// ConflictQuestion is the question that a check with these options asks.
func ConflictQuestion(parcels []conflict.Parcel, o conflict.Options) Conflict {
	return Conflict{
		Activity: o.Activity, Date: o.Date, Tolerance: o.Tolerance, Width: o.Width, Required: o.Required, Pins: o.Pins,
		Groups: o.Groups, Parcels: parcels, Unread: o.Unread,
	}
}

// Options are those of the engine, without clock and progress.
func (q Conflict) Options() conflict.Options {
	return conflict.Options{
		Activity: q.Activity, Date: q.Date, Tolerance: q.Tolerance, Width: q.Width, Required: q.Required, Pins: q.Pins,
		Unread: q.Unread, Groups: q.Groups,
	}
}

// complete writes down what was chosen: the day and the vintages.
func (q *Conflict) complete(r conflict.Result) {
	q.Date, q.Pins = r.Provenance.Date, nil
	for _, l := range r.Layers {
		q.Pins = append(q.Pins, l.Ref)
	}
	if g := r.Ground; g != nil {
		q.Pins = append(q.Pins, g.LanduseRefs...)
		if g.RegionRef != (layers.Ref{}) {
			q.Pins = append(q.Pins, g.RegionRef)
		}
	}
}

// ConflictAnswer is the answer to a check that was made without Ask.
func ConflictAnswer(q Conflict, r conflict.Result) Answer {
	q.complete(r)
	return conflictForm().answer(q, r)
}

func conflictKind() Kind { return conflictForm().kind() }

func conflictForm() form[Conflict, conflict.Result] {
	return form[Conflict, conflict.Result]{
		name: "conflict",
		run: func(ctx context.Context, d Desk, q *Conflict) (conflict.Result, error) {
			o := q.Options()
			o.Now, o.Program, o.Progress, o.Codes = d.Now, d.Program, d.Progress, d.Codes
			r, err := conflict.Check(ctx, d.Library, d.Rules, q.Parcels, o)
			if err == nil {
				q.complete(r)
			}
			return r, err
		},
		rests: func(r conflict.Result) (analysis.Provenance, []analysis.Gap) { return r.Provenance, r.Gaps },
		document: func(_ Conflict, r conflict.Result, p report.Printer) report.Document {
			return report.ConflictDocument(r, p)
		},
		features: func(w io.Writer, r conflict.Result, p report.Printer) error {
			return report.OverlapsGeoJSON(w, r, p.Lang)
		},
	}
}
