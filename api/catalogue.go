package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/layers"
)

// catalogueDocument is what a visitor needs to know before anything else.
type catalogueDocument struct {
	Program    programInfo    `json:"program"`
	Limits     limitsInfo     `json:"limits"`
	Themes     []themeInfo    `json:"themes"`
	Activities []activityInfo `json:"activities" doc:"Kinds of use that a parcel can be checked for"`
	Layers     []layerInfo    `json:"layers"`
}

type programInfo struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type limitsInfo struct {
	UploadBytes    int64   `json:"uploadBytes"`
	UploadFiles    int     `json:"uploadFiles"`
	FileNameBytes  int     `json:"fileNameBytes"`
	Parcels        int     `json:"parcels" doc:"Parcels in one check"`
	Vertices       int64   `json:"vertices" doc:"Vertices in all parcels of one check"`
	CheckSeconds   float64 `json:"checkSeconds"`
	QueuedImports  int     `json:"queuedImports"`
	PageFeatures   int     `json:"pageFeatures"`
	IdentifyPlaces int     `json:"identifyPlaces"`
}

type themeInfo struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Constraint bool   `json:"constraint" doc:"Parcels are checked against layers of this theme"`
	Geometry   string `json:"geometry" enum:"polygon,line" doc:"What layers of this theme usually consist of"`
}

type activityInfo struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type layerInfo struct {
	ID         string        `json:"id"`
	Theme      string        `json:"theme"`
	Title      string        `json:"title"`
	Constraint bool          `json:"constraint"`
	Geometry   string        `json:"geometry" enum:"polygon,line"`
	Classed    bool          `json:"classed" doc:"The newest vintage has a class field, so changes give a matrix"`
	Vintages   []VintageInfo `json:"vintages" doc:"Newest first; superseded revisions included"`
}

// VintageInfo is what a list says about a vintage. It is exported because huma documents only exported embedded
// types.
type VintageInfo struct {
	Ref        string       `json:"ref" example:"redline@2023.2"`
	Vintage    string       `json:"vintage" example:"2023"`
	Revision   int          `json:"revision"`
	Current    bool         `json:"current" doc:"No newer revision of the same vintage exists"`
	Count      int64        `json:"count"`
	Area       area         `json:"area"`
	Length     length       `json:"length"`
	BBox       bbox         `json:"bbox,omitempty"`
	Coverage   coverageInfo `json:"coverage"`
	Accuracy   *length      `json:"accuracy,omitempty" doc:"Greatest error of a boundary point, as declared; absent where nothing is"`
	ValidUntil string       `json:"validUntil,omitempty" doc:"Last day, inclusive, on which the data may be relied on, as declared"`
	Rejects    int          `json:"rejects" doc:"Delivered rows that are not in the vintage"`
	Repaired   int64        `json:"repaired"`
	Published  time.Time    `json:"published"`
	File       string       `json:"file"`
	System     string       `json:"system" example:"EPSG:4524"`
	TreatedAs  bool         `json:"treatedAs" doc:"An operator overruled or supplied the reference system"`
	Suspected  string       `json:"suspected,omitempty" doc:"Obfuscated frame that the operator suspects"`
	TileJSON   string       `json:"tileJson" doc:"Address of the TileJSON document"`
	RejectsCSV string       `json:"rejectsCsv" doc:"Address of the list of rejected rows"`
}

type coverageInfo struct {
	Kind    string `json:"kind" enum:",extent,regions,everywhere"`
	Regions string `json:"regions,omitempty" doc:"Ref of the region vintage that the coverage was taken from"`
}

func (s *Server) catalogueRoutes() {
	route(s, operation{
		id: "get-catalogue", method: http.MethodGet, path: "/api/catalogue", tag: "catalogue",
		summary: "Themes, activities, layers with their vintages, and the limits",
	}, s.catalogue)
	route(s, operation{
		id: "list-layers", method: http.MethodGet, path: "/api/layers", tag: "catalogue",
		summary: "All layers with their vintages",
	}, s.layerList)
	route(s, operation{
		id: "get-layer", method: http.MethodGet, path: "/api/layers/{layer}", tag: "catalogue",
		summary: "One layer with its vintages", problems: []int{http.StatusNotFound},
	}, s.layer)
}

type answer[T any] struct{ Body T }

func (s *Server) catalogue(ctx context.Context, _ *struct{}) (*answer[catalogueDocument], error) {
	list, err := s.layerInfos(ctx)
	if err != nil {
		return nil, err
	}
	lang, l := language(ctx), s.limits
	return &answer[catalogueDocument]{Body: catalogueDocument{
		Program: programInfo{Name: "greenshield", Version: s.Program},
		Limits: limitsInfo{
			UploadBytes: l.UploadBytes, UploadFiles: l.UploadFiles, FileNameBytes: l.FileNameBytes,
			Parcels: l.Parcels, Vertices: l.Vertices, CheckSeconds: l.CheckTime.Seconds(),
			QueuedImports: l.QueuedImports, PageFeatures: l.PageFeatures, IdentifyPlaces: l.IdentifyPlaces,
		},
		Themes: s.themes(lang), Activities: s.activities(lang), Layers: list,
	}}, nil
}

func (s *Server) themes(lang string) []themeInfo {
	var out []themeInfo
	for _, t := range layers.Themes() {
		out = append(out, themeInfo{
			ID: string(t), Title: s.themeTitle(lang, t), Constraint: t.Constraint(), Geometry: dimension(t),
		})
	}
	return out
}

func (s *Server) themeTitle(lang string, t layers.Theme) string {
	return s.texts.Word(lang, "api.theme."+string(t))
}

// dimension is what a theme's layers usually consist of; a shoreline may be delivered as lines as well.
func dimension(t layers.Theme) string {
	if t == layers.Bankline {
		return "line"
	}
	return "polygon"
}

func (s *Server) layerList(ctx context.Context, _ *struct{}) (*answer[[]layerInfo], error) {
	list, err := s.layerInfos(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[[]layerInfo]{Body: list}, nil
}

type layerInput struct {
	Layer string `path:"layer" maxLength:"40"`
}

func (s *Server) layer(ctx context.Context, in *layerInput) (*answer[layerInfo], error) {
	list, err := s.layerInfos(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(l layerInfo) bool { return l.ID == in.Layer })
	if i < 0 {
		return nil, geo.NewProblem("api.layer.unknown", "layer", in.Layer)
	}
	return &answer[layerInfo]{Body: list[i]}, nil
}

func (s *Server) layerInfos(ctx context.Context) ([]layerInfo, error) {
	all, err := s.Store.Layers(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]layerInfo, 0, len(all))
	for _, l := range all {
		vintages, err := s.Store.Vintages(ctx, l.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, s.layerInfo(l, vintages))
	}
	return out, nil
}

// layerInfo lists vintages newest first; the store gives them by ref, oldest first.
func (s *Server) layerInfo(l layers.Layer, vintages []layers.Vintage) layerInfo {
	info := layerInfo{
		ID: string(l.ID), Theme: string(l.Theme), Title: l.Title, Constraint: l.Theme.Constraint(),
		Geometry: dimension(l.Theme), Vintages: []VintageInfo{},
	}
	for i, v := range slices.Backward(vintages) {
		superseded := i+1 < len(vintages) && vintages[i+1].Ref.Vintage == v.Ref.Vintage
		info.Vintages = append(info.Vintages, s.vintageInfo(v, !superseded))
	}
	if n := len(vintages); n > 0 {
		newest := vintages[n-1]
		_, info.Classed = newest.Mapping[layers.Class]
		if newest.Length > 0 && newest.Area == 0 {
			info.Geometry = "line"
		}
	}
	return info
}

func (s *Server) vintageInfo(v layers.Vintage, current bool) VintageInfo {
	ref := v.Ref.String()
	info := VintageInfo{
		Ref: ref, Vintage: v.Ref.Vintage, Revision: v.Ref.Revision, Current: current,
		Count: v.Count, Area: areaOf(v.Area), Length: lengthOf(v.Length),
		Coverage: coverageInfo{Kind: string(v.Coverage.Kind)},
		Rejects:  len(v.Rejects), Repaired: v.Provenance.Repaired, Published: v.Published,
		File: v.Provenance.File, System: v.Provenance.Used, TreatedAs: v.Provenance.TreatedAs,
		Suspected: v.Provenance.Suspected, Accuracy: declaredLength(v.Declared.Accuracy), ValidUntil: v.Declared.ValidUntil,
		TileJSON: "/api/tiles/" + ref + "/tile.json", RejectsCSV: "/api/vintages/" + ref + "/rejects.csv",
	}
	if v.Count > 0 {
		info.BBox = boundOf(v.Bound)
	}
	if v.Coverage.Kind == layers.CoverageRegions {
		info.Coverage.Regions = v.Coverage.Regions.String()
	}
	return info
}

// declaredLength is nil for an accuracy that was not declared.
func declaredLength(l geo.Length) *length {
	if l == 0 {
		return nil
	}
	out := lengthOf(l)
	return &out
}

func (s *Server) activities(lang string) []activityInfo {
	out := []activityInfo{}
	for _, a := range s.Book.Activities() {
		out = append(out, activityInfo{ID: a.ID, Title: a.Title[lang]})
	}
	return out
}
