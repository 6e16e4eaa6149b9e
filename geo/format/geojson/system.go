package geojson

import (
	"encoding/json"
	"strings"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format"
)

// standard is what a schema shows for a file without a "crs" member: RFC 7946 section 4 says WGS 84.
const standard = "RFC 7946"

// maxSystem bounds the text of a "crs" member.
const maxSystem = 64 << 10

// declared gathers the "crs" members of a document (the GeoJSON specification of 2008 section 3; withdrawn, and
// still what QGIS and ArcGIS write for every system but WGS 84).
type declared struct {
	text  string // of the last one, compact JSON
	mixed bool   // two differ
	roots int64  // root objects that have one
}

func (r *reader) crsMember(el *element) error {
	out := &sink{limit: maxSystem}
	if err := r.skip(1, out); err != nil {
		return err
	}
	text := string(out.text)
	r.system.mixed = r.system.mixed || r.system.text != "" && r.system.text != text
	r.system.text = text
	if el.role == atRoot {
		r.system.roots++
	}
	return nil
}

// featuresAndGeometries refuses JSON-FG (OGC 21-045, OGC Features and Geometries JSON): its features hold their
// shapes in "place", in the system that "coordRefSys" names, and only may repeat them in "geometry". To pass them over
// would lose them without a word. A list of "conformsTo" may name other standards.
func (r *reader) featuresAndGeometries(member string) error {
	out := &sink{limit: maxSystem}
	if err := r.skip(1, out); err != nil {
		return err
	}
	if member == "conformsTo" && !strings.Contains(string(out.text), "json-fg") {
		return nil
	}
	return geo.NewProblem("ingest.geojson.json-fg")
}

// describe enters what a document of so many root objects says about its reference system.
func (d declared) describe(roots int64, s *format.Schema) {
	if d.text == "" {
		s.DeclaredText = standard
		s.Declare(crs.FromEPSG(4326))
		return
	}
	name := systemName(d.text)
	s.DeclaredText = name
	switch {
	case d.mixed || d.roots != roots:
		s.DeclaredProblem = geo.NewProblem("ingest.geojson.crs-mixed", "found", clip(name))
	case d.text == "null": // "no coordinate reference system can be assumed", said the specification of 2008
	case name == d.text:
		s.DeclaredProblem = geo.NewProblem("ingest.geojson.crs", "found", clip(name))
	default:
		s.Declare(crs.Parse(name))
	}
}

// systemName is the name in a "crs" member, or the whole member when it has none (a link, or something else).
func systemName(text string) string {
	var member struct {
		Properties struct {
			Name string      `json:"name"`
			Code json.Number `json:"code"` // with type "EPSG", older than 2008
		} `json:"properties"`
	}
	if err := json.Unmarshal([]byte(text), &member); err != nil {
		return text
	}
	switch {
	case member.Properties.Name != "":
		return member.Properties.Name
	case member.Properties.Code != "":
		return "EPSG:" + member.Properties.Code.String()
	}
	return text
}
