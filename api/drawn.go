package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"os"
	"strings"

	"greenshield/geo"
)

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

// receiveCheck reads the parcels to check, from a form or drawn, and puts them where a file reader finds them: a
// drawn parcel takes the same way as a delivered one.
func (s *Server) receiveCheck(in *formInput) (delivery, error) {
	mediaType, _, err := mime.ParseMediaType(in.contentType)
	switch {
	case err != nil:
		return delivery{}, geo.NewProblem("api.request.media", "type", cut(in.contentType)).Because(err)
	case mediaType == formType:
		return s.receive(in, checkFields())
	case mediaType == "application/json" || mediaType == geoJSON:
		return s.receiveDrawn(in.body)
	}
	return delivery{}, geo.NewProblem("api.request.media", "type", cut(in.contentType))
}

func (s *Server) receiveDrawn(body io.Reader) (delivery, error) {
	parcel, err := readDrawn(body)
	if err != nil {
		return delivery{}, err
	}
	file, err := json.Marshal(map[string]any{
		"type": "FeatureCollection",
		"crs":  map[string]any{"type": "name", "properties": map[string]any{"name": "urn:ogc:def:crs:EPSG::4490"}},
		"features": []any{map[string]any{
			"type": "Feature", "geometry": parcel.Geometry, "properties": map[string]any{"name": parcel.Name},
		}},
	})
	if err != nil {
		return delivery{}, err
	}
	folder, err := s.uploads.receiving()
	if err != nil {
		return delivery{}, err
	}
	defer os.RemoveAll(folder)
	one, err := s.uploads.take(folder, 0, "drawn.geojson", bytes.NewReader(file))
	if err != nil {
		return delivery{}, err
	}
	up, err := s.uploads.settle(folder, []incoming{one})
	up.name = ""
	return delivery{upload: up, values: map[string]string{
		"activity": parcel.Activity, "date": parcel.Date, "mapping": `{"name":"name"}`,
	}}, err
}

// readDrawn is strict: a misspelt activity must not become a check without one.
func readDrawn(body io.Reader) (drawnParcel, error) {
	var p drawnParcel
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, drawnFault(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return p, geo.NewProblem("api.request.json")
	}
	switch {
	case p.Geometry.Type != "Polygon" && p.Geometry.Type != "MultiPolygon":
		return p, geo.NewProblem("api.request.geometry", "type", cut(p.Geometry.Type))
	case strings.TrimSpace(p.Activity) == "":
		return p, geo.NewProblem("api.request.field-missing", "field", "activity")
	case len(p.Name) > 800:
		return p, geo.NewProblem("api.request.field-long", "field", "name", "limit", 800)
	}
	return p, nil
}

func drawnFault(err error) error {
	if fault := formFault(err); geo.CodeOf(fault) != "api.request.broken" {
		return fault
	}
	return geo.NewProblem("api.request.json").Because(err)
}

// prepareCheck says at once what is wrong with the questions themselves.
func (s *Server) prepareCheck(values map[string]string) error {
	if _, err := s.Book.Activity(values["activity"]); err != nil {
		return err
	}
	return dayOf(values["date"])
}
