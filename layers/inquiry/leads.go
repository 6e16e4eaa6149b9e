package inquiry

import (
	"context"
	"io"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/leads"
	"greenshield/layers/report"
)

// Leads asks for the places that an inspection should look at (绿盾). At least one of Land and Activities, and one of
// Protected and Redline, must be named.
type Leads struct {
	Land             layers.Ref      `json:"land,omitzero"`
	LandBefore       layers.Ref      `json:"landBefore,omitzero"`
	Activities       layers.Ref      `json:"activities,omitzero"`
	ActivitiesBefore layers.Ref      `json:"activitiesBefore,omitzero"`
	Protected        layers.Ref      `json:"protected,omitzero"`
	Redline          layers.Ref      `json:"redline,omitzero"`
	Regions          layers.Ref      `json:"regions,omitzero"`
	Wetland          layers.Ref      `json:"wetland,omitzero"`
	River            layers.Ref      `json:"river,omitzero"`
	Batch            string          `json:"batch,omitempty"`
	Earlier          []leads.Earlier `json:"earlier,omitempty"`
	// DistanceM, MinGrownM2 and Share are the rule of neighbours and of change; 0 means the proposed default. Everything
	// lists what did not change as well.
	DistanceM  float64 `json:"distanceM,omitempty"`
	MinGrownM2 float64 `json:"minGrownM2,omitempty"`
	Share      float64 `json:"share,omitempty"`
	Everything bool    `json:"everything,omitempty"`
}

func leadsKind() Kind {
	return form[Leads, leads.Result]{
		name: "leads",
		run: func(ctx context.Context, d Desk, q *Leads) (leads.Result, error) {
			return leads.Find(ctx, d.Library, leads.Input{
				Land: q.Land, LandBefore: q.LandBefore, Activities: q.Activities, ActivitiesBefore: q.ActivitiesBefore,
				Protected: q.Protected, Redline: q.Redline, Regions: q.Regions, Wetland: q.Wetland, River: q.River,
				Batch: q.Batch, Earlier: q.Earlier,
			}, leads.Options{
				Codes: d.Codes, Distance: geo.Length(q.DistanceM), MinGrown: geo.Area(q.MinGrownM2), Share: q.Share,
				Everything: q.Everything, Progress: d.Progress, Now: d.Now, Program: d.Program,
			})
		},
		rests:    func(r leads.Result) (analysis.Provenance, []analysis.Gap) { return r.Provenance, r.Gaps },
		document: func(_ Leads, r leads.Result, p report.Printer) report.Document { return report.LeadsDocument(r, p) },
		features: func(w io.Writer, r leads.Result, _ report.Printer) error { return report.LeadsGeoJSON(w, r) },
	}.kind()
}
