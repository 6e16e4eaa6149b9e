package api

import "net/http"

type changeInput struct {
	Before  string `query:"before" required:"true" maxLength:"80" example:"landuse@2022.1"`
	After   string `query:"after" required:"true" maxLength:"80" example:"landuse@2023.1"`
	Regions string `query:"regions" maxLength:"80" doc:"Region vintage to cut by; one row for all when absent"`
}

// changeDocument is the account of what changed between two vintages.
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
