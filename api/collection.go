package api

import (
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/conflict"
)

// collection is a GeoJSON FeatureCollection for people's own maps (RFC 7946).
type collection struct {
	Type     string           `json:"type"`
	Features []collectionItem `json:"features"`
}

type collectionItem struct {
	Type       string         `json:"type"`
	Geometry   *geometry      `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

func newCollection() collection {
	return collection{Type: "FeatureCollection", Features: []collectionItem{}}
}

// overlapCollection has a feature per overlap, with what the verdict says about it.
func (s *Server) overlapCollection(lang string, r conflict.Result) collection {
	out := newCollection()
	v := checkView{server: s, lang: lang}
	for _, p := range r.Parcels {
		for _, f := range p.Findings {
			shown := v.finding(f)
			out.Features = append(out.Features, collectionItem{
				Type: "Feature", Geometry: geometryOf(f.Overlap.Outline), Properties: map[string]any{
					"row": p.Parcel.Row, "parcel": p.Parcel.Name, "ref": shown.Ref, "theme": shown.Theme,
					"feature": shown.Feature, "title": shown.Title, "outcome": shown.Outcome, "areaM2": shown.Area.M2,
					"hectares": shown.Area.Printed.Hectares, "share": shown.Share, "law": shown.Law,
					"article": shown.Article, "text": shown.Text, "source": shown.Source,
				},
			})
		}
	}
	return out
}

// patchCollection has a feature per place that changed.
func patchCollection(r change.Result) collection {
	out := newCollection()
	for _, p := range r.Patches {
		out.Features = append(out.Features, collectionItem{
			Type: "Feature", Geometry: geometryOf(p.Outline), Properties: map[string]any{
				"kind": p.Kind, "classBefore": p.ClassBefore, "classAfter": p.ClassAfter, "region": p.Region,
				"areaM2": float64(p.Area), "hectares": areaOf(p.Area).Printed.Hectares,
				"before": r.Before.String(), "after": r.After.String(),
			},
		})
	}
	return out
}
