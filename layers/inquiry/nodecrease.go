package inquiry

import (
	"context"
	"io"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/report"
)

// NoDecrease asks whether a red line or protected areas are no less than at the baseline (三不). Without both land-use
// vintages nature stays unassessed, without scores function does.
type NoDecrease struct {
	Baseline         layers.Ref            `json:"baseline"`
	Current          layers.Ref            `json:"current"`
	Regions          layers.Ref            `json:"regions,omitzero"`
	LandBefore       layers.Ref            `json:"landBefore,omitzero"`
	LandNow          layers.Ref            `json:"landNow,omitzero"`
	Approvals        []nodecrease.Approval `json:"approvals,omitempty"`
	ApprovedPlaces   layers.Ref            `json:"approvedPlaces,omitzero"`
	Scores           []nodecrease.Score    `json:"scores,omitempty"`
	ActivitiesBefore layers.Ref            `json:"activitiesBefore,omitzero"`
	ActivitiesNow    layers.Ref            `json:"activitiesNow,omitzero"`
	LinesBefore      layers.Ref            `json:"linesBefore,omitzero"`
	LinesNow         layers.Ref            `json:"linesNow,omitzero"`
	// MinPatchM2 is the smallest place that is listed in m², ApprovedShare the part of one, 0 to 1, that approvals must
	// cover; 0 means the proposed default.
	MinPatchM2    float64 `json:"minPatchM2,omitempty"`
	ApprovedShare float64 `json:"approvedShare,omitempty"`
}

func noDecreaseKind() Kind {
	return form[NoDecrease, nodecrease.Result]{
		name: "nodecrease",
		run: func(ctx context.Context, d Desk, q *NoDecrease) (nodecrease.Result, error) {
			return nodecrease.Check(ctx, d.Library, nodecrease.Input{
				Baseline: q.Baseline, Current: q.Current, Regions: q.Regions, LandBefore: q.LandBefore, LandNow: q.LandNow,
				Approvals: q.Approvals, ApprovedPlaces: q.ApprovedPlaces, Scores: q.Scores,
				ActivitiesBefore: q.ActivitiesBefore, ActivitiesNow: q.ActivitiesNow,
				LinesBefore: q.LinesBefore, LinesNow: q.LinesNow,
			}, nodecrease.Options{
				Codes: d.Codes, MinPatch: geo.Area(q.MinPatchM2), ApprovedShare: q.ApprovedShare, Progress: d.Progress,
				Now: d.Now, Program: d.Program,
			})
		},
		rests: func(r nodecrease.Result) (analysis.Provenance, []analysis.Gap) { return r.Provenance, r.Gaps },
		document: func(_ NoDecrease, r nodecrease.Result, p report.Printer) report.Document {
			return report.NoDecreaseDocument(r, p)
		},
		features: func(w io.Writer, r nodecrease.Result, _ report.Printer) error { return report.NoDecreaseGeoJSON(w, r) },
	}.kind()
}
