package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
)

const geoJSON = "application/geo+json"

// featureCollection is one page of features.
type featureCollection struct {
	Type           string        `json:"type" enum:"FeatureCollection"`
	Features       []featureItem `json:"features"`
	NumberReturned int           `json:"numberReturned"`
	Links          []link        `json:"links"`
}

// ContentType tells huma the media type.
func (featureCollection) ContentType(string) string { return geoJSON }

type featureItem struct {
	Type       string         `json:"type" enum:"Feature"`
	ID         int64          `json:"id"`
	Geometry   *geometry      `json:"geometry"`
	Properties map[string]any `json:"properties" doc:"Attributes as delivered, under their delivered names"`
	// Roles, Area and Length are foreign members (RFC 7946 section 6.1), so that no delivered name can hide them.
	Roles  map[string]string `json:"roles" doc:"Attributes by their meaning"`
	Area   area              `json:"area"`
	Length length            `json:"length"`
}

// ContentType tells huma the media type.
func (featureItem) ContentType(string) string { return geoJSON }

type link struct {
	Rel  string `json:"rel" enum:"next"`
	Href string `json:"href"`
	Type string `json:"type"`
}

type featuresInput struct {
	Ref   string `path:"ref" maxLength:"80"`
	BBox  string `query:"bbox" maxLength:"200" example:"109.4,23.0,109.6,23.2" doc:"All when absent"`
	Limit int    `query:"limit" minimum:"1" doc:"Features on one page; at most and by default the limit of /api/catalogue"`
	After int64  `query:"after" minimum:"0" doc:"Id of the last feature of the page before"`
}

type featureInput struct {
	Ref string `path:"ref" maxLength:"80"`
	ID  int64  `path:"id" minimum:"1"`
}

func (s *Server) featureRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "list-features", method: http.MethodGet, path: "/api/vintages/{ref}/features", tag: "features",
		summary: "Features of a vintage in a bound, page by page in order of id", problems: missing,
	}, s.features)
	route(s, operation{
		id: "get-feature", method: http.MethodGet, path: "/api/vintages/{ref}/features/{id}", tag: "features",
		summary: "One feature with all its attributes", problems: missing,
	}, s.feature)
	route(s, operation{
		id: "identify", method: http.MethodGet, path: "/api/identify", tag: "features",
		summary: "What lies at a place", problems: missing,
	}, s.identifyPlace)
}

func (s *Server) features(ctx context.Context, in *featuresInput) (*answer[featureCollection], error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	bound, err := parseBound(in.BBox)
	if err != nil {
		return nil, err
	}
	limit := s.limits.PageFeatures
	if in.Limit > 0 {
		limit = min(limit, in.Limit)
	}
	page := featureCollection{Type: "FeatureCollection", Features: []featureItem{}, Links: []link{}}
	for f, err := range s.Store.Features(ctx, v.Ref, bound) {
		if err != nil {
			return nil, err
		}
		if f.ID <= in.After {
			continue
		}
		if len(page.Features) == limit {
			page.Links = append(page.Links, nextPage(in, limit, page.Features[limit-1].ID))
			break
		}
		page.Features = append(page.Features, featureOf(v, f))
	}
	page.NumberReturned = len(page.Features)
	return &answer[featureCollection]{Body: page}, nil
}

func nextPage(in *featuresInput, limit int, last int64) link {
	q := url.Values{"limit": {strconv.Itoa(limit)}, "after": {strconv.FormatInt(last, 10)}}
	if in.BBox != "" {
		q.Set("bbox", in.BBox)
	}
	return link{Rel: "next", Href: "/api/vintages/" + in.Ref + "/features?" + q.Encode(), Type: geoJSON}
}

func (s *Server) feature(ctx context.Context, in *featureInput) (*answer[featureItem], error) {
	v, err := s.find(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	loaded, err := s.Library.Load(ctx, v.Ref)
	if err != nil {
		return nil, err
	}
	all := loaded.Features()
	if in.ID > int64(len(all)) {
		return nil, geo.NewProblem("api.feature.unknown", "ref", in.Ref, "feature", in.ID)
	}
	return &answer[featureItem]{Body: featureOf(v, all[in.ID-1])}, nil
}

func featureOf(v layers.Vintage, f layers.Feature) featureItem {
	item := featureItem{
		Type: "Feature", ID: f.ID, Geometry: geometryOf(f.Geometry), Properties: map[string]any{},
		Roles: rolesOf(f.Roles), Area: areaOf(f.Area), Length: lengthOf(f.Length),
	}
	for i, field := range v.Fields {
		if i < len(f.Values) {
			item.Properties[field.Name] = plain(f.Values[i])
		}
	}
	return item
}

func rolesOf(roles map[layers.Role]string) map[string]string {
	out := make(map[string]string, len(roles))
	for role, value := range roles {
		out[string(role)] = value
	}
	return out
}

// parseBound reads west,south,east,north in degrees; "" is no bound.
func parseBound(text string) (*orb.Bound, error) {
	if text == "" {
		return nil, nil
	}
	wrong := geo.NewProblem("api.request.bbox", "bbox", text)
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return nil, wrong
	}
	var v [4]float64
	for i, part := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || !(x >= -360 && x <= 360) {
			return nil, wrong
		}
		v[i] = x
	}
	if v[0] > v[2] || v[1] > v[3] {
		return nil, wrong
	}
	return &orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}, nil
}
