package inquiry

import (
	"context"
	"io"
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/leads"
	"greenshield/layers/report"
)

// Leads asks for the places that an inspection should look at (绿盾). At least one of Land and Activities, and one of
// Protected and Redline, must be named; where no layer is named at all, those in use today are taken, land use and
// activities beside their vintages before.
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
			if err := q.choose(ctx, d); err != nil {
				return leads.Result{}, err
			}
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

// choose names the layers in use today where none is named. Of a theme with several layers none is taken for another:
// "leads.layer.several".
func (q *Leads) choose(ctx context.Context, d Desk) error {
	refs := []struct {
		theme     layers.Theme
		now, then *layers.Ref
	}{
		{layers.Landuse, &q.Land, &q.LandBefore},
		{layers.Activity, &q.Activities, &q.ActivitiesBefore},
		{layers.Protected, &q.Protected, nil},
		{layers.Redline, &q.Redline, nil},
		{layers.Region, &q.Regions, nil},
		{layers.Wetland, &q.Wetland, nil},
		{layers.River, &q.River, nil},
	}
	for _, r := range refs {
		if *r.now != (layers.Ref{}) || r.then != nil && *r.then != (layers.Ref{}) {
			return nil
		}
	}
	all, err := d.Library.Store().Layers(ctx)
	if err != nil {
		return err
	}
	for _, r := range refs {
		var found []string
		for _, l := range all {
			if l.Theme != r.theme {
				continue
			}
			found = append(found, string(l.ID))
			if *r.now, err = inUse(ctx, d, l.ID, r.then); err != nil {
				return err
			}
		}
		if len(found) > 1 {
			return geo.NewProblem("leads.layer.several", "theme", string(r.theme), "layers", found)
		}
	}
	return nil
}

// inUse is the vintage of a layer that is in use today; before, when it is not nil, gets the one in use before that.
func inUse(ctx context.Context, d Desk, id layers.LayerID, before *layers.Ref) (layers.Ref, error) {
	vintages, err := d.Library.Store().Vintages(ctx, id)
	if err != nil {
		return layers.Ref{}, err
	}
	v, _ := layers.Latest(vintages, d.Now().Format(time.DateOnly))
	if before != nil {
		earlier := slices.DeleteFunc(slices.Clone(vintages), func(o layers.Vintage) bool {
			return o.Ref.Vintage >= v.Ref.Vintage
		})
		if was, ok := layers.Latest(earlier, d.Now().Format(time.DateOnly)); ok {
			*before = was.Ref
		}
	}
	return v.Ref, nil
}
