package api

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/layers"
	"greenshield/layers/analysis/change"
	"greenshield/layers/report"
)

type changeInput struct {
	Before  string `query:"before" required:"true" maxLength:"80" example:"landuse@2022.1"`
	After   string `query:"after" required:"true" maxLength:"80" example:"landuse@2023.1"`
	Regions string `query:"regions" maxLength:"80" doc:"Region vintage to cut by; one row for all when absent"`
}

// changeDocument is the account of what changed between two vintages. Printed figures are rounded together: rows and
// columns of them add up.
type changeDocument struct {
	Layer   string      `json:"layer"`
	Title   string      `json:"title"`
	Theme   string      `json:"theme"`
	Before  string      `json:"before"`
	After   string      `json:"after"`
	Regions string      `json:"regions,omitempty"`
	Rows    []changeRow `json:"rows"`
	Total   changeRow   `json:"total"`
	Classes []className `json:"classes" doc:"Empty for a layer without classes"`
	// Matrix has a row per class before and a column per class after.
	Matrix            [][]area       `json:"matrix"`
	OnlyBefore        []area         `json:"onlyBefore" doc:"Area of a class before where the vintage after says nothing"`
	OnlyAfter         []area         `json:"onlyAfter" doc:"Area of a class after where the vintage before says nothing"`
	ClassBefore       []printedArea  `json:"classBefore" doc:"Sum over a row with its onlyBefore"`
	ClassAfter        []printedArea  `json:"classAfter" doc:"Sum over a column with its onlyAfter"`
	OverlappingBefore area           `json:"overlappingBefore" doc:"Covered more than once within the vintage"`
	OverlappingAfter  area           `json:"overlappingAfter"`
	Patches           int            `json:"patches" doc:"Places that changed; their outlines are in patches.geojson"`
	Gaps              []gapInfo      `json:"gaps"`
	Provenance        provenanceInfo `json:"provenance"`
}

type changeRow struct {
	Code           string `json:"code"`
	Name           string `json:"name"`
	Before         area   `json:"before"`
	After          area   `json:"after"`
	Gained         area   `json:"gained"`
	Lost           area   `json:"lost"`
	Net            area   `json:"net"`
	Unchanged      area   `json:"unchanged"`
	Changed        area   `json:"changed" doc:"Area whose class changed"`
	FeaturesBefore int64  `json:"featuresBefore"`
	FeaturesAfter  int64  `json:"featuresAfter"`
}

type className struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func (s *Server) changeRoutes() {
	problems := []int{http.StatusNotFound, http.StatusRequestTimeout}
	route(s, operation{
		id: "get-changes", method: http.MethodGet, path: "/api/changes", tag: "changes",
		summary: "What changed between two vintages of a polygon layer", problems: problems, heavy: true,
	}, s.change)
	route(s, operation{
		id: "get-change-patches", method: http.MethodGet, path: "/api/changes/patches.geojson", tag: "changes",
		summary: "The places that changed as GeoJSON", problems: problems, heavy: true, produces: geoJSON,
	}, s.changePatches)
	route(s, operation{
		id: "get-change-report", method: http.MethodGet, path: "/api/changes/report.xlsx", tag: "changes",
		summary: "The change report as a workbook", problems: problems, heavy: true, produces: xlsxType,
	}, s.changeReport)
}

// compare gives the account for refs that all exist; it is computed once and kept.
func (s *Server) compare(ctx context.Context, in *changeInput) (change.Result, error) {
	var none change.Result
	before, err := s.find(ctx, in.Before)
	if err != nil {
		return none, err
	}
	after, err := s.find(ctx, in.After)
	if err != nil {
		return none, err
	}
	o := change.Options{Patches: true, Now: s.Now, Program: s.Program}
	if o.Regions, err = s.optional(ctx, in.Regions); err != nil {
		return none, err
	}
	key := strings.Join([]string{in.Before, in.After, in.Regions}, " ")
	return s.changes.get(ctx, key, func(ctx context.Context) (change.Result, error) {
		r, err := change.Compare(ctx, s.Library, before.Ref, after.Ref, o)
		s.metrics.compared(err)
		return r, err
	})
}

// optional reads a ref that may be left out.
func (s *Server) optional(ctx context.Context, text string) (layers.Ref, error) {
	if text == "" {
		return layers.Ref{}, nil
	}
	v, err := s.find(ctx, text)
	return v.Ref, err
}

func refText(r layers.Ref) string {
	if r == (layers.Ref{}) {
		return ""
	}
	return r.String()
}

func (s *Server) change(ctx context.Context, in *changeInput) (*answer[changeDocument], error) {
	r, err := s.compare(ctx, in)
	if err != nil {
		return nil, err
	}
	return &answer[changeDocument]{Body: s.changeDocument(language(ctx), r)}, nil
}

func (s *Server) changePatches(ctx context.Context, in *changeInput) (*huma.StreamResponse, error) {
	r, err := s.compare(ctx, in)
	if err != nil {
		return nil, err
	}
	name := s.texts.Word(language(ctx), "api.file.patches", "before", r.Before.String(), "after", r.After.String())
	return download(geoJSON, name+".geojson", func(w io.Writer) error { return report.PatchesGeoJSON(w, r) })
}

func (s *Server) changeReport(ctx context.Context, in *changeInput) (*huma.StreamResponse, error) {
	r, err := s.compare(ctx, in)
	if err != nil {
		return nil, err
	}
	printer, err := s.printer(ctx)
	if err != nil {
		return nil, err
	}
	name := s.texts.Word(printer.Lang, "api.file.changes", "before", r.Before.String(), "after", r.After.String())
	return download(xlsxType, name+".xlsx", func(w io.Writer) error { return report.ChangeWorkbook(w, r, printer) })
}

func (s *Server) changeDocument(lang string, r change.Result) changeDocument {
	p := report.PrintChange(r)
	doc := changeDocument{
		Layer: string(r.Layer.ID), Title: r.Layer.Title, Theme: string(r.Layer.Theme), Before: r.Before.String(),
		After: r.After.String(), Regions: refText(r.Regions), Rows: []changeRow{}, Total: changeRowOf(r.Total, p.Total),
		Classes: []className{}, Matrix: [][]area{}, OnlyBefore: areasAs(r.OnlyBefore, p.OnlyBefore),
		OnlyAfter: areasAs(r.OnlyAfter, p.OnlyAfter), ClassBefore: printedAreas(p.ClassBefore),
		ClassAfter: printedAreas(p.ClassAfter), OverlappingBefore: areaOf(r.OverlappingBefore),
		OverlappingAfter: areaOf(r.OverlappingAfter), Patches: len(r.Patches), Gaps: s.gapInfos(lang, r.Gaps),
		Provenance: provenanceOf(r.Provenance),
	}
	for i, row := range r.Rows {
		doc.Rows = append(doc.Rows, changeRowOf(row, p.Rows[i]))
	}
	for i, class := range r.Classes {
		doc.Classes = append(doc.Classes, className{Code: class, Name: s.Codes.ClassTitle(lang, class)})
		doc.Matrix = append(doc.Matrix, areasAs(r.Matrix[i], p.Matrix[i]))
	}
	return doc
}

func changeRowOf(r change.Row, p report.PrintedRow) changeRow {
	return changeRow{
		Code: r.Code, Name: r.Name, FeaturesBefore: r.FeaturesBefore, FeaturesAfter: r.FeaturesAfter,
		Before: areaAs(r.Before, p.Before), After: areaAs(r.After, p.After), Gained: areaAs(r.Gained, p.Gained),
		Lost: areaAs(r.Lost, p.Lost), Net: areaAs(r.Net, p.Net), Unchanged: areaAs(r.Unchanged, p.Unchanged),
		Changed: areaAs(r.Changed, p.Changed),
	}
}
