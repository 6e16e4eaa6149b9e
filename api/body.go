package api

import (
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/layers"
	"greenshield/layers/ingest"
)

// Media types of downloads.
const (
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// field is one part of a multipart request that is not a file.
type field struct {
	name, about string
	required    bool
	values      []any
	limit       int
}

// readingFields say how the delivered file is to be read.
func readingFields() []field {
	return []field{
		{name: "crs", limit: 200, about: "Reference system of a file that names none, such as EPSG:4524"},
		{name: "treatAs", limit: 200, about: "Reference system that overrules what the file says; it is recorded"},
		{
			name: "datumShift", limit: 200, about: "Operator's parameters from treatAs, on Beijing 1954 or Xi'an 1980, to CGCS2000: " +
				"dx,dy,dz,rx,ry,rz,scale in metres, seconds and ppm, rotations of the coordinate frame unless position-vector " +
				"is the last field; recorded with treatAs",
		},
		{
			name: "zones", about: "The rows lie in several zones of so many degrees, each in the one whose number stands before its " +
				"eastings; goes with neither crs nor treatAs and is recorded",
			values: []any{"", "3", "6"},
		},
		{
			name: "axes", about: "exchanged when the file has the northing or latitude where the easting or longitude belongs",
			values: []any{"", axesExchanged},
		},
		{
			name: "suspected", about: "Obfuscated frame that the operator suspects",
			values: []any{"", "none", "GCJ-02", "BD-09"},
		},
		{name: "encoding", limit: 40, about: "Character encoding that overrules the file's own"},
		{name: "sublayer", limit: 200, about: "Layer to read from a file that holds several"},
		{name: "mapping", limit: 8000, about: "JSON object from role to field name"},
	}
}

func importFields() []field {
	var themes []any
	for _, t := range layers.Themes() {
		themes = append(themes, string(t))
	}
	return append([]field{
		{name: "layer", required: true, limit: 40, about: "Name of the layer: lower-case letters, digits, - and _"},
		{name: "theme", required: true, values: themes},
		{name: "title", limit: 200, about: "Title of a new layer; its name when absent"},
		{name: "vintage", required: true, limit: 10, about: "YYYY, YYYY-MM or YYYY-MM-DD"},
		{name: "operator", limit: 100, about: "Who brings the file"},
		{name: "coverage", about: "Where the layer is complete", values: []any{"", "extent", "regions", "everywhere"}},
		{
			name: "accuracy", limit: 20, about: "Greatest error of a boundary point in metres that the supplier answers for (twice the " +
				"standard deviation where only that is known), at most 500; checks show the effective area of each overlap with it",
		},
		{name: "validUntil", limit: 10, about: "Last day, inclusive, on which the data may be relied on; later checks are incomplete"},
		{name: "regions", limit: 80, about: "Ref of the region vintage for coverage=regions"},
		{
			name: "repair", about: "best-effort takes a reading where people could differ on a broken geometry, and lists the row; " +
				"otherwise such rows are rejected",
			values: []any{"", ingest.RepairLossless, ingest.RepairBestEffort},
		},
		{
			name: "signedOff", limit: 100, about: "Name of the person who has looked at the warnings and answers for publishing " +
				"the data all the same; without it a file with warnings is not published (ingest.warnings)",
		},
		{
			name: "acceptRejects", about: "Publish although rows were rejected; the vintage lists them",
			values: []any{"true", "false"},
		},
	}, readingFields()...)
}

func checkFields() []field {
	return append([]field{
		{name: "activity", required: true, limit: 80, about: "Kind of use, see /api/catalogue"},
		{name: "date", limit: 10, about: "Day whose rules apply (YYYY-MM-DD); today when absent"},
	}, readingFields()...)
}

func formSchema(fields []field) *huma.Schema {
	schema := &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"},
		Properties: map[string]*huma.Schema{"file": {
			Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Format: "binary"},
			Description: "The file; several parts of this name for the loose parts of one shapefile",
		}},
	}
	for _, f := range fields {
		property := &huma.Schema{Type: huma.TypeString, Description: f.about, Enum: f.values}
		if f.limit > 0 {
			property.MaxLength = &f.limit
		}
		schema.Properties[f.name] = property
		if f.required {
			schema.Required = append(schema.Required, f.name)
		}
	}
	return schema
}

const formType = "multipart/form-data"

func importBody() *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		formType: {Schema: formSchema(importFields())},
	}}
}

func (s *Server) checkBody() *huma.RequestBody {
	drawn := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[drawnParcel](), true, "DrawnParcel")
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		formType:           {Schema: formSchema(checkFields())},
		"application/json": {Schema: drawn},
	}}
}

func (s *Server) checkText() string {
	return fmt.Sprintf("Send a file or a drawn parcel. At most %d parcels with %d vertices, %s of work. Answers for "+
		"more than %d parcels come without geometries; ask for them parcel by parcel. %s",
		s.limits.Parcels, s.limits.Vertices, s.limits.CheckTime, s.limits.InlineParcels, s.uploadText())
}
