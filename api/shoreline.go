package api

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/geo"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/report"
)

type shorelineInput struct {
	Zones   string `query:"zones" required:"true" maxLength:"80" example:"shoreline@2023.1"`
	Line    string `query:"line" maxLength:"80" doc:"Management line that polygon zones are measured along"`
	Regions string `query:"regions" maxLength:"80"`
}

// shorelineDocument is the account of the shoreline protection rate.
type shorelineDocument struct {
	Zones      string         `json:"zones"`
	Line       string         `json:"line,omitempty"`
	Regions    string         `json:"regions,omitempty"`
	Numerator  []int          `json:"numerator" doc:"Zones whose length counts as protected"`
	Rows       []shorelineRow `json:"rows"`
	Total      shorelineRow   `json:"total"`
	Gaps       []gapInfo      `json:"gaps"`
	Provenance provenanceInfo `json:"provenance"`
}

type shorelineRow struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	River string `json:"river"`
	// Lengths has five entries: without a readable zone, then zones 1 to 4.
	Lengths     []length `json:"lengths" doc:"Without a readable zone, protection, reserve, controlled use, development"`
	Shares      []string `json:"shares" doc:"Printed parts of the total, in the same order; they add up"`
	Zones       []int    `json:"zones" doc:"Number of zones, in the same order"`
	Total       length   `json:"total"`
	Rate        *float64 `json:"rate" doc:"(zone 1 + zone 2) / total, 0 to 1; null when there is no shoreline to assess"`
	RatePrinted string   `json:"ratePrinted"`
	Stated      *length  `json:"stated,omitempty" doc:"Length that the delivery itself states"`
}

func (s *Server) shorelineRoutes() {
	problems := []int{http.StatusNotFound, http.StatusRequestTimeout}
	route(s, operation{
		id: "get-shoreline", method: http.MethodGet, path: "/api/shoreline", tag: "shoreline",
		summary: "Shoreline protection rate by region and river", problems: problems, heavy: true,
	}, s.shoreline)
	route(s, operation{
		id: "get-shoreline-report", method: http.MethodGet, path: "/api/shoreline/report.xlsx", tag: "shoreline",
		summary: "The shoreline report as a workbook", problems: problems, heavy: true, produces: xlsxType,
	}, s.shorelineReport)
}

// rate gives the account for refs that all exist; it is computed once and kept.
func (s *Server) rate(ctx context.Context, in *shorelineInput) (shoreline.Result, error) {
	var none shoreline.Result
	zones, err := s.find(ctx, in.Zones)
	if err != nil {
		return none, err
	}
	o := shoreline.Options{Now: s.Now, Program: s.Program}
	if o.Line, err = s.optional(ctx, in.Line); err != nil {
		return none, err
	}
	if o.Regions, err = s.optional(ctx, in.Regions); err != nil {
		return none, err
	}
	key := strings.Join([]string{in.Zones, in.Line, in.Regions}, " ")
	return s.shorelines.get(ctx, key, func(ctx context.Context) (shoreline.Result, error) {
		return shoreline.Rate(ctx, s.Library, zones.Ref, o)
	})
}

func (s *Server) shoreline(ctx context.Context, in *shorelineInput) (*answer[shorelineDocument], error) {
	r, err := s.rate(ctx, in)
	if err != nil {
		return nil, err
	}
	lang, printed := language(ctx), report.PrintShoreline(r)
	doc := shorelineDocument{
		Zones: r.Zones.String(), Line: refText(r.Line), Regions: refText(r.Regions), Rows: []shorelineRow{},
		Total: s.shorelineRow(lang, r, r.Total, printed.Total), Numerator: listOf(r.Numerator),
		Gaps: s.gapInfos(lang, r.Gaps), Provenance: provenanceOf(r.Provenance),
	}
	for i, row := range r.Rows {
		doc.Rows = append(doc.Rows, s.shorelineRow(lang, r, row, printed.Rows[i]))
	}
	return &answer[shorelineDocument]{Body: doc}, nil
}

func (s *Server) shorelineRow(lang string, r shoreline.Result, row shoreline.Row, p report.PrintedShore) shorelineRow {
	out := shorelineRow{
		Code: row.Code, Name: row.Name, River: row.River, Lengths: []length{}, Shares: p.Shares[:], Zones: row.Zones[:],
		Total: lengthAs(row.Total, p.Total), Rate: number(row.Rate), RatePrinted: p.Rate,
	}
	for i, l := range row.Lengths {
		out.Lengths = append(out.Lengths, lengthAs(l, p.Lengths[i]))
	}
	if out.Rate == nil {
		out.RatePrinted = s.texts.Word(lang, "api.unassessed")
	}
	if m := r.StatedMetres(row); number(m) != nil {
		stated := lengthOf(geo.Length(m))
		out.Stated = &stated
	}
	return out
}

func (s *Server) shorelineReport(ctx context.Context, in *shorelineInput) (*huma.StreamResponse, error) {
	r, err := s.rate(ctx, in)
	if err != nil {
		return nil, err
	}
	printer, err := s.printer(ctx)
	if err != nil {
		return nil, err
	}
	name := s.texts.Word(printer.Lang, "api.file.shoreline", "zones", r.Zones.String()) + ".xlsx"
	return download(xlsxType, name, func(w io.Writer) error { return report.ShorelineWorkbook(w, r, printer) })
}
