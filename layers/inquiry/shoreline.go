package inquiry

import (
	"context"

	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/report"
)

// Shoreline asks for the shoreline protection rate. Line is needed when the zones are polygons; without Regions there is
// one row per river; Numerator are the zones that count as protected, 1 and 2 when empty.
type Shoreline struct {
	Zones     layers.Ref `json:"zones"`
	Line      layers.Ref `json:"line"`
	Regions   layers.Ref `json:"regions"`
	Numerator []int      `json:"numerator,omitempty"`
}

func shorelineKind() Kind {
	return form[Shoreline, shoreline.Result]{
		name: "shoreline",
		run: func(ctx context.Context, d Desk, q *Shoreline) (shoreline.Result, error) {
			return shoreline.Rate(ctx, d.Library, q.Zones, shoreline.Options{
				Line: q.Line, Regions: q.Regions, Numerator: q.Numerator, Progress: d.Progress, Now: d.Now,
				Program: d.Program,
			})
		},
		rests: func(r shoreline.Result) (analysis.Provenance, []analysis.Gap) { return r.Provenance, r.Gaps },
		document: func(_ Shoreline, r shoreline.Result, p report.Printer) report.Document {
			return report.ShorelineDocument(r, p)
		},
	}.kind()
}
