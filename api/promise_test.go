package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// keepsItsWord compares an answer of any test with what the OpenAPI document promises for it: the status, the media
// type, and for JSON the schema.
func (h *house) keepsItsWord(t *testing.T, r *http.Request, resp *http.Response, body []byte) {
	t.Helper()
	op := h.operation(r)
	if op == nil || resp.StatusCode == http.StatusNotModified || resp.StatusCode == http.StatusMethodNotAllowed ||
		r.Method == http.MethodHead {
		return
	}
	name := r.Method + " " + r.URL.Path
	promised := op.Responses[strconv.Itoa(resp.StatusCode)]
	if promised == nil {
		t.Errorf("%s answers %d, which the document does not know", name, resp.StatusCode)
		return
	}
	if resp.StatusCode == http.StatusNoContent {
		return
	}
	media := promised.Content[resp.Header.Get("Content-Type")]
	if media == nil {
		t.Errorf("%s answers %d with %s, which the document does not know", name, resp.StatusCode,
			resp.Header.Get("Content-Type"))
		return
	}
	if !strings.Contains(resp.Header.Get("Content-Type"), "json") || resp.Header.Get("Content-Encoding") != "" {
		return
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	res := &huma.ValidateResult{}
	media.Schema.PrecomputeMessages()
	huma.Validate(h.api.OpenAPI().Components.Schemas, media.Schema, huma.NewPathBuffer([]byte{}, 0),
		huma.ModeReadFromServer, v, res)
	for _, err := range res.Errors {
		t.Errorf("%s: %v", name, err)
	}
}

// operation finds the documented operation that a request is for.
func (h *house) operation(r *http.Request) *huma.Operation {
	for path, item := range h.api.OpenAPI().Paths {
		pattern := "^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$"
		if !regexp.MustCompile(pattern).MatchString(r.URL.Path) {
			continue
		}
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			return item.Get
		case http.MethodPost:
			return item.Post
		case http.MethodDelete:
			return item.Delete
		}
	}
	return nil
}
