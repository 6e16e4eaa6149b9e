package api

import (
	"encoding/json"
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/layers"
	"greenshield/layers/ingest"
)

// importRequest reads the fields of an import. It is called when the form arrives, to refuse at once what cannot be,
// and again when the import runs.
func importRequest(values map[string]string) (ingest.Request, error) {
	reading, err := readingOf(values)
	if err != nil {
		return ingest.Request{}, err
	}
	id, err := layers.ParseLayerID(values["layer"])
	if err != nil {
		return ingest.Request{}, err
	}
	theme, err := layers.ParseTheme(values["theme"])
	if err != nil {
		return ingest.Request{}, err
	}
	if err := layers.ParseVintage(values["vintage"]); err != nil {
		return ingest.Request{}, err
	}
	r := ingest.Request{
		Reading: reading, Layer: layers.Layer{ID: id, Theme: theme}, Vintage: values["vintage"],
		Operator: values["operator"], Coverage: layers.CoverageKind(values["coverage"]),
		AcceptRejects: values["acceptRejects"] == "true", SignedOff: values["signedOff"],
	}
	r.Repair = ingest.RepairNamed(values["repair"])
	if r.Declared, err = layers.ParseDeclared(values["accuracy"], values["validUntil"], values["vintage"]); err != nil {
		return r, err
	}
	if r.Coverage == layers.CoverageRegions {
		r.Regions, err = layers.ParseRef(values["regions"])
	}
	return r, err
}

// axesExchanged says that a file has the northing or latitude first.
const axesExchanged = "exchanged"

// readingOf reads the fields that say how a file is to be read.
func readingOf(values map[string]string) (ingest.Reading, error) {
	r := ingest.Reading{
		Sublayer: values["sublayer"], Encoding: values["encoding"], Suspected: values["suspected"],
		Zones: zonesOf(values["zones"]), AxesExchanged: values["axes"] == axesExchanged,
	}
	var err error
	if r.System, err = systemOf(values["crs"], ""); err != nil {
		return r, err
	}
	if r.TreatAs, err = systemOf(values["treatAs"], values["datumShift"]); err != nil {
		return r, err
	}
	r.Mapping, err = mappingOf(values["mapping"])
	return r, err
}

// zonesOf is the width of the zones that rows lie in, 0 for all in one system; receive lets nothing else through.
func zonesOf(width string) int {
	switch width {
	case "3":
		return 3
	case "6":
		return 6
	}
	return 0
}

func systemOf(name, shift string) (*crs.System, error) {
	if name == "" && shift == "" {
		return nil, nil
	}
	system, err := crs.ParseShifted(name, shift)
	if err != nil {
		return nil, err
	}
	return &system, nil
}

func mappingOf(text string) (map[layers.Role]string, error) {
	if text == "" {
		return nil, nil
	}
	var m map[layers.Role]string
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return nil, geo.NewProblem("api.request.mapping", "example", `{"name": "MC"}`).Because(err)
	}
	var known []string
	for _, role := range layers.Roles() {
		known = append(known, string(role))
	}
	for role := range m {
		if !slices.Contains(known, string(role)) {
			return nil, geo.NewProblem("api.request.role", "role", cut(string(role)), "known", known)
		}
	}
	return m, nil
}

// dayOf checks a day; "" stays, and means today.
func dayOf(text string) error {
	if text == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return geo.NewProblem("check.date.malformed", "date", cut(text))
	}
	return nil
}
