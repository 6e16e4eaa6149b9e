package inquiry

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/report"
)

// Shoreline asks for the shoreline protection rate. Line is needed when the zones are polygons, unless Lengths is
// "stated"; without Regions there is one row per river; Numerator are the zones that count as protected, 1 and 2 when
// empty. Encroachments are looked for in Landuse and Activities where they are given.
type Shoreline struct {
	Zones layers.Ref `json:"zones"`
	// Earlier are the zones of earlier years, told beside each other.
	Earlier    []layers.Ref      `json:"earlier,omitempty"`
	Line       layers.Ref        `json:"line"`
	Regions    layers.Ref        `json:"regions"`
	Lengths    shoreline.Lengths `json:"lengths,omitempty"`
	Unit       string            `json:"unit,omitempty"`
	Numerator  []int             `json:"numerator,omitempty"`
	Landuse    layers.Ref        `json:"landuse"`
	Activities layers.Ref        `json:"activities"`
	Reach      geo.Length        `json:"reach,omitempty"`
}

func shorelineKind() Kind {
	return form[Shoreline, []shoreline.Result]{
		name: "shoreline", run: shorelineYears,
		rests: func(r []shoreline.Result) (analysis.Provenance, []analysis.Gap) {
			var p analysis.Provenance
			var gaps []analysis.Gap
			for _, year := range r {
				refs := append(year.Provenance.Refs, p.Refs...)
				p, gaps = year.Provenance, append(gaps, year.Gaps...)
				slices.SortFunc(refs, layers.Ref.Compare)
				p.Refs = slices.Compact(refs)
			}
			return p, gaps
		},
		document: func(_ Shoreline, r []shoreline.Result, p report.Printer) report.Document {
			return report.ShorelineDocument(r, p)
		},
		features: func(w io.Writer, r []shoreline.Result, p report.Printer) error {
			return report.ShorelineGeoJSON(w, r[len(r)-1], p)
		},
	}.kind()
}

// shorelineYears rates every year, oldest first. What stands on the shoreline is asked of the last alone.
func shorelineYears(ctx context.Context, d Desk, q *Shoreline) ([]shoreline.Result, error) {
	years := append(slices.Clone(q.Earlier), q.Zones)
	slices.SortStableFunc(years, func(a, b layers.Ref) int {
		return cmp.Or(cmp.Compare(a.Vintage, b.Vintage), a.Compare(b))
	})
	if n := len(years); years[n-1] != q.Zones || len(slices.Compact(slices.Clone(years))) < n {
		return nil, geo.NewProblem("shoreline.years.order", "zones", q.Zones, "earlier", fmt.Sprint(q.Earlier))
	}
	var out []shoreline.Result
	for _, zones := range years {
		o := shoreline.Options{
			Line: q.Line, Regions: q.Regions, Lengths: q.Lengths, Unit: q.Unit, Numerator: q.Numerator, Reach: q.Reach,
			Progress: d.Progress, Now: d.Now, Program: d.Program,
		}
		if zones == q.Zones {
			o.Landuse, o.Activities = q.Landuse, q.Activities
			o.Construction = func(class string) bool {
				c, known := d.Codes.Class(class)
				return known && c.Group == codes.Construction
			}
		}
		r, err := shoreline.Rate(ctx, d.Library, zones, o)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
