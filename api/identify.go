package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"greenshield/layers"
)

type identifyInput struct {
	Lon  float64 `query:"lon" required:"true" minimum:"-180" maximum:"180"`
	Lat  float64 `query:"lat" required:"true" minimum:"-90" maximum:"90"`
	Refs string  `query:"refs" required:"true" maxLength:"2000" doc:"Refs of vintages, separated by commas"`
	// Within is what the screen's few pixels are on the ground; lines and points are found within it.
	Within float64 `query:"within" minimum:"0" maximum:"0.1" doc:"Degrees around the place in which lines count"`
}

// placeFeature is one feature that lies at a place.
type placeFeature struct {
	Ref      string            `json:"ref"`
	Feature  int64             `json:"feature"`
	Theme    string            `json:"theme"`
	Title    string            `json:"title" doc:"Name, code or number of the feature"`
	Roles    map[string]string `json:"roles"`
	Fields   []fieldValue      `json:"fields"`
	Area     area              `json:"area"`
	Length   length            `json:"length"`
	Geometry *geometry         `json:"geometry"`
}

type fieldValue struct {
	Name  string `json:"name"`
	Value any    `json:"value" doc:"Text, number, truth value or null, as delivered"`
}

// identifyPlace answers in the order of refs, which is the order on the screen.
func (s *Server) identifyPlace(ctx context.Context, in *identifyInput) (*answer[[]placeFeature], error) {
	out := []placeFeature{}
	at := orb.Point{in.Lon, in.Lat}
	for text := range strings.SplitSeq(in.Refs, ",") {
		v, err := s.find(ctx, strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		loaded, err := s.Library.Load(ctx, v.Ref)
		if err != nil {
			return nil, err
		}
		near := orb.Bound{Min: at, Max: at}.Pad(in.Within)
		loaded.Search(near, func(i int) bool {
			f := loaded.Features()[i]
			if liesAt(f.Geometry, at, in.Within) {
				out = append(out, placeFeatureOf(v, f))
			}
			return len(out) < s.limits.IdentifyPlaces
		})
	}
	return &answer[[]placeFeature]{Body: out}, nil
}

// liesAt reports whether a click at a place means the geometry. Nothing is measured with it.
func liesAt(g orb.Geometry, at orb.Point, within float64) bool {
	switch g := g.(type) {
	case orb.Polygon:
		return planar.PolygonContains(g, at)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(g, at)
	}
	return planar.DistanceFrom(g, at) <= within
}

func placeFeatureOf(v layers.Vintage, f layers.Feature) placeFeature {
	p := placeFeature{
		Ref: v.Ref.String(), Feature: f.ID, Theme: string(v.Theme), Title: titleOf(f), Roles: rolesOf(f.Roles),
		Fields: []fieldValue{}, Area: areaOf(f.Area), Length: lengthOf(f.Length), Geometry: geometryOf(f.Geometry),
	}
	for i, field := range v.Fields {
		if i < len(f.Values) {
			p.Fields = append(p.Fields, fieldValue{Name: field.Name, Value: plain(f.Values[i])})
		}
	}
	return p
}

// titleOf is what people call a feature, or its number where the delivery gives it no name.
func titleOf(f layers.Feature) string { return roleTitle(f.Roles, f.ID) }

func roleTitle(roles map[layers.Role]string, id int64) string {
	for _, role := range []layers.Role{layers.Name, layers.RiverName, layers.Code, layers.Class} {
		if t := strings.TrimSpace(roles[role]); t != "" {
			return t
		}
	}
	return "#" + strconv.FormatInt(id, 10)
}
