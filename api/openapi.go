package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// operation is what a route says about itself; see route.
type operation struct {
	id, method, path, summary, tag string
	// about explains what the summary cannot.
	about string
	// status of success; zero means 200.
	status int
	// problems are the statuses that the operation can answer with besides 400, 422 and 500.
	problems []int
	// produces is the media type of an answer that is not JSON.
	produces string
	// variants are further media types of the answer, for an operation that has several.
	variants []string
	// body describes a request body that the handler reads itself.
	body *huma.RequestBody
	// heavy operations may be turned away when too many run; see Server.enter.
	heavy bool
}

func (s *Server) newHuma() huma.API {
	config := huma.DefaultConfig("greenshield", s.Program)
	config.Info.Description = "Ecological red lines, protected areas, shorelines and land use: what they say, " +
		"what a parcel conflicts with, and what changed. Areas are legal areas on CGCS2000. Every error is a " +
		"problem document (RFC 9457) in the language of Accept-Language or ?lang= (zh-CN, en)."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{s.fromHuma}
	return huma.NewAPI(config, &adapter{engine: s.engine, refuse: s.refuse})
}

// Document is the OpenAPI 3.1 document as JSON; it needs no running server.
func (s *Server) Document() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

// OpenAPI is the document as huma keeps it.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// Document writes the OpenAPI document of a server of this program version without making one that could serve.
func Document(texts Texts, program string) ([]byte, error) {
	s, err := New(Config{Texts: texts, Program: program})
	if err != nil {
		return nil, err
	}
	return s.Document()
}

// route registers one operation. Its handler returns plain errors; they become problem documents here.
func route[I, O any](s *Server, op operation, handle func(context.Context, *I) (*O, error)) {
	o := huma.Operation{
		OperationID: op.id, Method: op.method, Path: op.path, Summary: op.summary, Tags: []string{op.tag},
		Description: op.about, DefaultStatus: op.status, Responses: s.responses(op),
		MaxBodyBytes: s.limits.JSONBytes,
	}
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.document(ctx, err)
		}
		return out, nil
	})
	if op.body != nil {
		// Named afterwards, because huma would otherwise read the body itself, and whole.
		s.api.OpenAPI().Paths[op.path].Post.RequestBody = op.body
	}
}

func (s *Server) responses(op operation) map[string]*huma.Response {
	all := append([]int{
		http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusInternalServerError,
	}, op.problems...)
	if op.heavy {
		all = append(all, http.StatusServiceUnavailable)
	}
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problemDocument](), true, "Problem")
	out := map[string]*huma.Response{}
	for _, status := range all {
		out[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{problemType: {Schema: schema}},
		}
	}
	if op.produces != "" {
		content := map[string]*huma.MediaType{}
		for _, mediaType := range append([]string{op.produces}, op.variants...) {
			content[mediaType] = &huma.MediaType{Schema: schemaOf(mediaType)}
		}
		out[strconv.Itoa(cmp.Or(op.status, http.StatusOK))] = &huma.Response{
			Description: http.StatusText(cmp.Or(op.status, http.StatusOK)), Content: content,
		}
	}
	return out
}

func schemaOf(mediaType string) *huma.Schema {
	switch mediaType {
	case geoJSON:
		return &huma.Schema{Type: huma.TypeObject, Description: "GeoJSON FeatureCollection or Feature (RFC 7946)"}
	case "application/json":
		return &huma.Schema{Type: huma.TypeObject}
	case "text/csv; charset=utf-8", "text/plain; charset=utf-8", "text/plain", htmlType, cssType:
		return &huma.Schema{Type: huma.TypeString}
	}
	return &huma.Schema{Type: huma.TypeString, Format: "binary"}
}

// finishDocument tidies what huma generated: arrays are never null here, and huma's own error type is not used.
func (s *Server) finishDocument() {
	all := s.api.OpenAPI().Components.Schemas.Map()
	delete(all, "ErrorModel")
	delete(all, "ErrorDetail")
	for _, schema := range all {
		neverNull(schema)
	}
	for _, item := range s.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Delete} {
			if op == nil {
				continue
			}
			for _, r := range op.Responses {
				for _, media := range r.Content {
					neverNull(media.Schema)
				}
			}
		}
	}
}

func neverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	neverNull(s.Items)
	for _, p := range s.Properties {
		neverNull(p)
	}
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		neverNull(extra)
	}
}

// uploadText tells the limits of an upload in the document.
func (s *Server) uploadText() string {
	return fmt.Sprintf("At most %d bytes in at most %d files; a shapefile may come zipped or as its loose parts. "+
		"The limits are also in /api/catalogue.", s.limits.UploadBytes, s.limits.UploadFiles)
}
