package report

import (
	"io"
	"strings"

	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/analysis/leads"
	"greenshield/layers/analysis/nodecrease"
)

// OverlapsGeoJSON writes the outline of every overlap of a check, with what the finding says about it in lang.
// Coordinates are CGCS2000 degrees, areas unrounded m²; accuracy and effective area are absent where none is declared.
func OverlapsGeoJSON(w io.Writer, r conflict.Result, lang string) error {
	fields := columns("row", "parcel", "ref", "theme", "feature", "zone", "outcome", "area_m2", "share", "law", "article",
		"text", "source", "accuracy_m", "effective_m2", "border")
	return geojson.Write(w, fields, func(yield func(geojson.Feature, error) bool) {
		for _, p := range r.Parcels {
			for _, f := range p.Findings {
				values := []any{
					p.Parcel.Row, p.Parcel.Name, f.Overlap.Ref.String(), string(f.Theme), f.Overlap.Feature,
					joined(f.Zones), f.Outcome.String(), float64(f.Overlap.Area), f.Overlap.Share, f.Law, f.Article,
					f.Text[lang], f.Source, nil, nil, f.Border,
				}
				if f.Overlap.Accuracy > 0 {
					values[13], values[14] = float64(f.Overlap.Accuracy), float64(f.Overlap.Effective)
				}
				if !yield(geojson.Feature{Geometry: f.Overlap.Outline, Values: values}, nil) {
					return
				}
			}
		}
	})
}

// PatchesGeoJSON writes the outline of every place that changed between two vintages.
func PatchesGeoJSON(w io.Writer, r change.Result) error {
	fields := columns("kind", "region", "class_before", "class_after", "area_m2", "before", "after")
	return geojson.Write(w, fields, func(yield func(geojson.Feature, error) bool) {
		for _, p := range r.Patches {
			values := []any{
				p.Kind, p.Region, p.ClassBefore, p.ClassAfter, float64(p.Area), r.Before.String(), r.After.String(),
			}
			if !yield(geojson.Feature{Geometry: p.Outline, Values: values}, nil) {
				return
			}
		}
	})
}

func columns(names ...string) []format.Field {
	out := make([]format.Field, len(names))
	for i, n := range names {
		out[i] = format.Field{Name: n}
	}
	return out
}

func joined(words []string) string { return strings.Join(words, ", ") }

// NoDecreaseGeoJSON writes the outline of every place of a check of the three no-decreases.
func NoDecreaseGeoJSON(w io.Writer, r nodecrease.Result) error {
	fields := columns("id", "kind", "region", "area_m2", "approvals", "approved_m2", "baseline", "current")
	return geojson.Write(w, fields, func(yield func(geojson.Feature, error) bool) {
		for _, p := range r.Patches {
			values := []any{
				p.ID, p.Kind, p.Region, float64(p.Area), joined(p.Numbers), float64(p.Approved), r.Input.Baseline.String(),
				r.Input.Current.String(),
			}
			if !yield(geojson.Feature{Geometry: p.Outline, Values: values}, nil) {
				return
			}
		}
	})
}

// LeadsGeoJSON writes the places of leads, those of points alone as their first point. The next inspection reads it as its
// earlier leads.
func LeadsGeoJSON(w io.Writer, r leads.Result) error {
	fields := columns("id", "batch", "kind", "change", "status", "recurrence", "focus4", "focus8", "region", "protected", "zone",
		"in_redline", "area_m2", "redline_m2", "added_m2")
	return geojson.Write(w, fields, func(yield func(geojson.Feature, error) bool) {
		for _, l := range r.Leads {
			var names, zones []string
			for _, a := range l.Areas {
				names, zones = append(names, a.Name), append(zones, a.Zone)
			}
			f := geojson.Feature{Geometry: l.Outline, Values: []any{
				l.ID, r.Input.Batch, l.Kind, l.Change, "", l.Recurrence, l.Focus4, l.Focus8, l.Region, joined(distinct(names)),
				joined(distinct(zones)), l.InRedline, float64(l.Area), float64(l.Redline), float64(l.Added),
			}}
			if len(l.Outline) == 0 {
				f.Geometry = l.Centre
			}
			if !yield(f, nil) {
				return
			}
		}
	})
}
