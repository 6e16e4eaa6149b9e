package api

import "net/http"

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
