package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest"
)

// previewDocument is what a file looks like before anybody has said what it is.
type previewDocument struct {
	File     string `json:"file"`
	Format   string `json:"format"`
	Encoding string `json:"encoding"`
	Name     string `json:"name"`
	Declared string `json:"declared" doc:"Reference system in the file's own words"`
	Problem  *note  `json:"problem,omitempty" doc:"Why the file's own word for its reference system cannot be used"`
	Rows     int64  `json:"rows"`
	Unusable int64  `json:"unusable" doc:"Rows without coordinates"`
	Trouble  *note  `json:"trouble,omitempty" doc:"What the first of them lacks"`
	// Fields are in file order.
	Fields  []previewField    `json:"fields"`
	Mapping map[string]string `json:"mapping" doc:"Which field would play which role; empty when no theme was named"`
	Table   string            `json:"table,omitempty" doc:"As which table the fields are known"`
	Before  string            `json:"before,omitempty" doc:"Vintage whose mapping is proposed again"`
	Regions string            `json:"regions,omitempty" doc:"Region vintage that the readings were held against"`
	// Readings are the plausible interpretations of the numbers.
	Readings []previewReading `json:"readings" doc:"Every plausible interpretation of the numbers, best first"`
}

type previewField struct {
	Name    string `json:"name"`
	Kind    string `json:"kind" enum:"text,integer,real,boolean,date"`
	Samples []any  `json:"samples" doc:"Values of the first rows"`
}

type previewReading struct {
	System    string            `json:"system" example:"EPSG:4524"`
	Title     string            `json:"title"`
	Zones     int               `json:"zones,omitempty" doc:"Each row lies in the zone of so many degrees whose number stands before its eastings; system is the first"`
	Exchanged bool              `json:"axesExchanged" doc:"The northing or latitude stands first"`
	Declared  bool              `json:"declared" doc:"The file names this system itself"`
	Inside    *float64          `json:"inside,omitempty" doc:"Part of the vertices looked at that lie in the regions"`
	BBox      bbox              `json:"bbox"`
	Remark    *note             `json:"remark,omitempty"`
	Shape     *geometry         `json:"shape" doc:"A thinned sample of the outlines where they would lie"`
	Answer    map[string]string `json:"answer" doc:"The form fields that say this to /api/imports and /api/checks"`
}

func previewFields() []field {
	var themes []any
	for _, t := range append([]layers.Theme{""}, layers.Themes()...) {
		themes = append(themes, string(t))
	}
	return append([]field{
		{name: "layer", limit: 40, about: "Name of the layer that the file is for, whose mapping is proposed again"},
		{name: "theme", values: themes, about: "Theme that the fields are looked at for"},
		{name: "vintage", limit: 10, about: "YYYY, YYYY-MM or YYYY-MM-DD; chooses the regions to hold the file against"},
	}, readingFields()...)
}

func (s *Server) previewRoutes() {
	route(s, operation{
		id: "create-preview", method: http.MethodPost, path: "/api/previews", tag: "imports",
		summary: "Look at a delivered file before importing or checking it", heavy: true,
		about: "Says what the file's fields are and every reference system that its numbers could be in, with the place " +
			"where it would lie. Nothing is guessed and nothing is kept. " + s.uploadText(),
		body: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			formType: {Schema: formSchema(previewFields())},
		}},
		problems: []int{
			http.StatusForbidden, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusInsufficientStorage,
		},
	}, s.createPreview)
}

func (s *Server) createPreview(ctx context.Context, in *formInput) (*answer[previewDocument], error) {
	d, err := s.receive(in, previewFields())
	if err != nil {
		return nil, err
	}
	defer s.release(ctx, d.key)
	req, err := previewRequest(d.values)
	if err != nil {
		return nil, err
	}
	leave, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	limited, cancel := context.WithTimeout(ctx, s.limits.CheckTime)
	defer cancel()
	req.Path, req.FileName, req.Codes = d.path, d.name, s.Codes
	p, err := ingest.Look(limited, s.Store, req)
	if err != nil {
		return nil, d.renamed(err)
	}
	return &answer[previewDocument]{Body: s.previewDocument(language(ctx), p)}, nil
}

func previewRequest(values map[string]string) (ingest.Request, error) {
	reading, err := readingOf(values)
	if err != nil {
		return ingest.Request{}, err
	}
	req := ingest.Request{Reading: reading, Vintage: values["vintage"]}
	if values["layer"] != "" {
		if req.Layer.ID, err = layers.ParseLayerID(values["layer"]); err != nil {
			return req, err
		}
	}
	if req.Vintage != "" {
		if err := layers.ParseVintage(req.Vintage); err != nil {
			return req, err
		}
	}
	req.Layer.Theme = layers.Theme(values["theme"])
	return req, nil
}

func (s *Server) previewDocument(lang string, p ingest.Preview) previewDocument {
	doc := previewDocument{
		File: p.FileName, Format: p.Format, Encoding: p.Encoding, Name: p.Name, Declared: p.DeclaredText,
		Problem: s.noteIf(lang, p.Problem), Rows: p.Rows, Unusable: p.Unusable, Trouble: s.noteIf(lang, p.First),
		Mapping: rolesOf(p.Mapping), Fields: []previewField{}, Readings: []previewReading{},
	}
	if p.Before != (layers.Ref{}) {
		doc.Before = p.Before.String()
	}
	if p.Regions != (layers.Ref{}) {
		doc.Regions = p.Regions.String()
	}
	if p.Table != nil {
		doc.Table = p.Table.Title(lang)
	}
	for i, f := range p.Fields {
		field := previewField{Name: f.Name, Kind: kindName(f.Kind), Samples: []any{}}
		for _, row := range p.Samples {
			if i < len(row) {
				field.Samples = append(field.Samples, plain(row[i]))
			}
		}
		doc.Fields = append(doc.Fields, field)
	}
	for _, r := range p.Readings {
		one := previewReading{
			System: r.System.String(), Title: r.System.Title(), Zones: r.Zones, Exchanged: r.AxesExchanged,
			Declared: r.Declared, BBox: boundOf(r.Bound), Remark: s.noteIf(lang, r.Remark), Shape: geometryOf(r.Shape),
			Answer: formAnswer(p.Answer(r)),
		}
		if r.Inside >= 0 {
			one.Inside = &r.Inside
		}
		doc.Readings = append(doc.Readings, one)
	}
	return doc
}

// formAnswer is the form that readingOf reads.
func formAnswer(r ingest.Reading) map[string]string {
	values := map[string]string{}
	if r.System != nil {
		values["crs"] = r.System.String()
	}
	if r.TreatAs != nil {
		values["treatAs"] = r.TreatAs.String()
	}
	if r.Zones != 0 {
		values["zones"] = string(rune('0' + r.Zones))
	}
	if r.AxesExchanged {
		values["axes"] = axesExchanged
	}
	return values
}

// noteIf is the sentence for a problem, nil for none.
func (s *Server) noteIf(lang string, p *geo.Problem) *note {
	if p == nil {
		return nil
	}
	n := s.noteOf(lang, p)
	return &n
}
