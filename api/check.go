package api

import (
	"net/http"
	"time"
)

// checkDocument is the answer to a conflict check, and the receipt for it.
type checkDocument struct {
	ID         string         `json:"id"`
	Created    time.Time      `json:"created"`
	File       string         `json:"file" doc:"Name as delivered; empty for a drawn parcel"`
	Activity   string         `json:"activity"`
	Date       string         `json:"date"`
	Verdict    string         `json:"verdict" enum:"clear,conditional,approval-required,prohibited,incomplete"`
	Inline     bool           `json:"inline" doc:"Geometries are included; otherwise ask for one parcel at a time"`
	Parcels    []parcelInfo   `json:"parcels"`
	Unread     []rejectInfo   `json:"unread" doc:"Rows of the file that could not be checked"`
	Issues     []issueInfo    `json:"issues" doc:"What reading the file brought to light"`
	Layers     []checkedLayer `json:"layers"`
	Area       area           `json:"area" doc:"Sum over parcels"`
	Union      area           `json:"union" doc:"Area of the union of the parcels"`
	Provenance provenanceInfo `json:"provenance"`
}

type parcelInfo struct {
	Row        int64         `json:"row"`
	Name       string        `json:"name"`
	Verdict    string        `json:"verdict" enum:"clear,conditional,approval-required,prohibited,incomplete"`
	Area       area          `json:"area"`
	AreaMethod string        `json:"areaMethod" doc:"official-70m, legal-plane or geodesic"`
	Plane      *area         `json:"planeArea,omitempty" doc:"Area in the Gauss plane that the parcel was delivered in; for comparison only"`
	Declared   *area         `json:"declaredArea,omitempty" doc:"Area that the file states"`
	Geometry   *geometry     `json:"geometry,omitempty"`
	BBox       bbox          `json:"bbox,omitempty"`
	Findings   []findingInfo `json:"findings" doc:"Worst outcome first"`
	Checked    []checkedInfo `json:"checked" doc:"Layers that were asked completely"`
	Gaps       []gapInfo     `json:"gaps" doc:"Why the verdict is incomplete"`
}

type findingInfo struct {
	Ref          string            `json:"ref"`
	Theme        string            `json:"theme"`
	Feature      int64             `json:"feature"`
	Title        string            `json:"title"`
	Zone         string            `json:"zone"`
	Roles        map[string]string `json:"roles"`
	Outcome      string            `json:"outcome" enum:"clear,conditional,approval-required,prohibited,incomplete"`
	Area         area              `json:"area"`
	Share        float64           `json:"share" doc:"Part of the parcel's area, 0 to 1"`
	SharePrinted string            `json:"sharePrinted" example:"12.34 %"`
	Rule         string            `json:"rule"`
	Law          string            `json:"law"`
	Article      string            `json:"article"`
	Text         string            `json:"text"`
	Source       string            `json:"source" doc:"verified, recalled or proposed: only a verified rule is printed as law"`
	Geometry     *geometry         `json:"geometry,omitempty"`
	BBox         bbox              `json:"bbox,omitempty"`
}

type checkedInfo struct {
	Ref      string `json:"ref"`
	Theme    string `json:"theme"`
	Title    string `json:"title"`
	Overlaps int    `json:"overlaps"`
	Touching int    `json:"touching" doc:"Features that share no more than the tolerance"`
	Area     area   `json:"area"`
}

type gapInfo struct {
	Layer string `json:"layer,omitempty"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

type checkedLayer struct {
	Ref      string           `json:"ref"`
	Theme    string           `json:"theme"`
	Title    string           `json:"title"`
	Parcels  int              `json:"parcels" doc:"Parcels that overlap the layer"`
	Area     area             `json:"area" doc:"Sum of their overlaps"`
	Union    area             `json:"union" doc:"Area of the union of their overlaps"`
	Features []checkedFeature `json:"features"`
}

type checkedFeature struct {
	Feature int64  `json:"feature"`
	Title   string `json:"title"`
	Parcels int    `json:"parcels"`
	Area    area   `json:"area"`
	Union   area   `json:"union"`
}

type provenanceInfo struct {
	Refs         []string  `json:"refs"`
	RuleBook     string    `json:"ruleBook"`
	RuleBookHash string    `json:"ruleBookHash"`
	Date         string    `json:"date"`
	Method       string    `json:"method"`
	ToleranceM2  float64   `json:"toleranceM2"`
	Program      string    `json:"program"`
	At           time.Time `json:"at"`
}

// drawnParcel is a parcel that was drawn in the browser, longitude before latitude in CGCS2000 degrees.
type drawnParcel struct {
	Geometry drawnGeometry `json:"geometry"`
	Name     string        `json:"name,omitempty" maxLength:"200"`
	Activity string        `json:"activity" example:"construction"`
	Date     string        `json:"date,omitempty" format:"date" doc:"Day whose rules apply; today when absent"`
}

// drawnGeometry is a GeoJSON Polygon or MultiPolygon.
type drawnGeometry struct {
	Type        string `json:"type" enum:"Polygon,MultiPolygon"`
	Coordinates []any  `json:"coordinates"`
}

type parcelInput struct {
	ID  string `path:"id" maxLength:"40"`
	Row int64  `path:"row" minimum:"1"`
}

func (s *Server) checkRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "create-check", method: http.MethodPost, path: "/api/checks", tag: "checks", status: http.StatusCreated,
		summary: "Check parcels against every published constraint layer", heavy: true, body: s.checkBody(),
		about: s.checkText(),
		problems: []int{
			http.StatusForbidden, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusInsufficientStorage,
		},
	}, s.createCheck)
	route(s, operation{
		id: "get-check", method: http.MethodGet, path: "/api/checks/{id}", tag: "checks",
		summary: "A check that was made", problems: missing,
	}, s.check)
	route(s, operation{
		id: "get-check-parcel", method: http.MethodGet, path: "/api/checks/{id}/parcels/{row}", tag: "checks",
		summary: "One parcel of a check with all geometries", problems: missing,
	}, s.checkParcel)
	route(s, operation{
		id: "get-check-overlaps", method: http.MethodGet, path: "/api/checks/{id}/overlaps.geojson", tag: "checks",
		summary: "The overlaps of a check as GeoJSON", problems: missing, produces: geoJSON,
	}, s.checkOverlaps)
	route(s, operation{
		id: "get-check-report", method: http.MethodGet, path: "/api/checks/{id}/report.xlsx", tag: "checks",
		summary: "The report of a check as a workbook", problems: missing, produces: xlsxType,
	}, s.checkReport)
}
