package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"greenshield/geo"
	"greenshield/layers/text"
)

// Texts gives the sentences that people read. lang is "zh-CN" or "en".
type Texts interface {
	// Sentence says what is wrong and what to do about it.
	Sentence(lang string, p *geo.Problem) string
	// Word gives the short text of a key, for titles and units.
	Word(lang, key string, args ...any) string
	// Problem is what a code says before it is filled with arguments; false when code is none.
	Problem(code string) (text.Template, bool)
	// Problems are those of all codes, in the order of the codes.
	Problems() []text.Template
}

const problemType = "application/problem+json"

// problemDocument is the answer to every request that could not be fulfilled (RFC 9457).
type problemDocument struct {
	Type   string         `json:"type" format:"uri-reference" example:"/problems/layer.ref.malformed"`
	Title  string         `json:"title" doc:"The kind of problem in the language asked for"`
	Status int            `json:"status" doc:"HTTP status"`
	Detail string         `json:"detail" doc:"What is wrong and what to do about it, in the language asked for"`
	Code   string         `json:"code" doc:"Stable name of the problem" example:"layer.ref.malformed"`
	Args   map[string]any `json:"args" doc:"The values that the sentence is filled with"`
	At     *position      `json:"at,omitempty"`
	// Fields name the parts of the request that are wrong.
	Fields []fieldProblem `json:"fields,omitempty" nullable:"false"`
	// retryAfter is set on problems that pass by themselves.
	retryAfter string
}

type fieldProblem struct {
	Location string `json:"location" example:"query.bbox"`
	Message  string `json:"message"`
}

// Error gives the code for the log.
func (d *problemDocument) Error() string { return d.Code }

// GetStatus tells huma the status.
func (d *problemDocument) GetStatus() int { return d.Status }

// GetHeaders tells huma the headers.
func (d *problemDocument) GetHeaders() http.Header {
	h := http.Header{}
	if d.retryAfter != "" {
		h.Set("Retry-After", d.retryAfter)
	}
	return h
}

// ContentType tells huma the media type.
func (d *problemDocument) ContentType(string) string { return problemType }

// statusRules is the one table from problem code to status. The longest prefix that fits wins; what nothing fits is
// about the content of a request that was well formed.
func statusRules() map[string]int {
	return map[string]int{
		"":                      http.StatusUnprocessableEntity,
		"layer.ref.":            http.StatusBadRequest,
		"store.vintage.unknown": http.StatusNotFound,
		"store.layer.":          http.StatusConflict,
		"store.vintage.taken":   http.StatusConflict,
		"store.fields.":         http.StatusUnprocessableEntity,
		"store.":                http.StatusInternalServerError,
		"state.":                http.StatusInternalServerError,
		"layer.export.exists":   http.StatusConflict,
		"check.layers.unlisted": http.StatusInternalServerError,
		"job.unknown":           http.StatusNotFound,
		"job.finished":          http.StatusConflict,
		"job.queue.full":        http.StatusTooManyRequests,
		"api.route.unknown":     http.StatusNotFound,
		"api.check.unknown":     http.StatusNotFound,
		"api.feature.unknown":   http.StatusNotFound,
		"api.layer.unknown":     http.StatusNotFound,
		"api.parcel.unknown":    http.StatusNotFound,
		"api.problem.unknown":   http.StatusNotFound,
		"api.original.gone":     http.StatusNotFound,
		"api.method.":           http.StatusMethodNotAllowed,
		"api.accept.":           http.StatusNotAcceptable,
		"api.timeout":           http.StatusRequestTimeout,
		"api.cancelled":         499, // the visitor went away; only the log sees it
		"api.request.too-large": http.StatusRequestEntityTooLarge,
		"api.request.encoding":  http.StatusUnsupportedMediaType,
		"api.request.media":     http.StatusUnsupportedMediaType,
		"api.request.":          http.StatusBadRequest,
		"api.request.invalid":   http.StatusUnprocessableEntity,
		"api.upload.":           http.StatusBadRequest,
		"api.origin.":           http.StatusForbidden,
		"api.host.unknown":      http.StatusMisdirectedRequest,
		"api.busy":              http.StatusServiceUnavailable,
		"api.starting":          http.StatusServiceUnavailable,
		"api.state.unusable":    http.StatusServiceUnavailable,
		"api.store.unusable":    http.StatusServiceUnavailable,
		"store.busy":            http.StatusServiceUnavailable,
		"store.disk.full":       http.StatusInsufficientStorage,
		"ingest.zip.disk-full":  http.StatusInsufficientStorage,
		"ingest.zip.temp-":      http.StatusInternalServerError,
		"tile.address.":         http.StatusNotFound,
		"job.broken":            http.StatusInternalServerError,
		"job.interrupted":       http.StatusInternalServerError,
		"api.storage.full":      http.StatusInsufficientStorage,
		"api.storage.read-only": http.StatusInternalServerError,
		"api.internal":          http.StatusInternalServerError,
	}
}

func (s *Server) statusOf(code string) int {
	for p := code; ; p = p[:len(p)-1] {
		if status, ok := s.statuses[p]; ok {
			return status
		}
	}
}

// document makes the problem document of err in the language of ctx. An error that is no geo.Problem is a fault of
// ours: it is logged whole and told without internals.
func (s *Server) document(ctx context.Context, err error) *problemDocument {
	var done *problemDocument
	if errors.As(err, &done) {
		return done
	}
	p := s.problemOf(ctx, err)
	lang, status := language(ctx), s.statusOf(p.Code)
	if status >= http.StatusInternalServerError && p.Code != "api.busy" {
		s.log.ErrorContext(ctx, "request failed", "request_id", requestID(ctx), "error", err.Error())
	}
	d := &problemDocument{
		Type: "/problems/" + p.Code, Title: s.title(lang, status), Status: status, Code: p.Code,
		Detail: s.texts.Sentence(lang, p), Args: arguments(p), At: place(p),
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		d.retryAfter = "5"
	}
	return d
}

func (s *Server) title(lang string, status int) string {
	return s.texts.Word(lang, fmt.Sprintf("api.status.%d", status))
}

// problemOf finds the problem in err, or names the one that stands for it.
func (s *Server) problemOf(ctx context.Context, err error) *geo.Problem {
	var p *geo.Problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &tooLarge):
		return geo.NewProblem("api.request.too-large", "limit", tooLarge.Limit)
	case errors.Is(err, context.DeadlineExceeded):
		return geo.NewProblem("api.timeout")
	case errors.Is(err, context.Canceled):
		return geo.NewProblem("api.cancelled")
	case isFull(err):
		return geo.NewProblem("api.storage.full")
	case isReadOnly(err):
		return geo.NewProblem("api.storage.read-only")
	}
	return geo.NewProblem("api.internal", "request", requestID(ctx))
}

func arguments(p *geo.Problem) map[string]any {
	m := make(map[string]any, len(p.Args))
	for _, a := range p.Args {
		m[a.Name] = plain(a.Value)
		if path, ok := m[a.Name].(string); ok && filepath.IsAbs(path) {
			m[a.Name] = filepath.Base(path) // where the workspace lies is nobody's business
		}
	}
	return m
}

// panicError is a panic of a goroutine that others wait for.
type panicError struct {
	value any
	stack string
}

// Error gives the value and where it came from, for the log.
func (e panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.value, e.stack) }

func stackOf() string { return string(debug.Stack()) }

// plain makes a value that JSON can carry; anything but numbers and truth values travels as its text.
func plain(v any) any {
	switch v := v.(type) {
	case nil, string, bool, int, int64, int32, uint32, uint64:
		return v
	case float64:
		return number(v)
	}
	return fmt.Sprint(v)
}

// fromHuma turns huma's own error into a problem document; huma calls it for every body before it is written. Huma
// reads parameters only, never a body, so its errors are about those.
func (s *Server) fromHuma(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := "api.request.invalid"
	switch m.Status {
	case http.StatusNotAcceptable:
		code = "api.accept.none"
	case http.StatusBadRequest:
		code = "api.request.malformed"
	case http.StatusInternalServerError:
		code = "api.internal"
	}
	var where []string
	var fields []fieldProblem
	for _, e := range m.Errors {
		where = append(where, e.Location)
		fields = append(fields, fieldProblem{Location: e.Location, Message: e.Message})
	}
	d := s.document(ctx.Context(), geo.NewProblem(code, "where", strings.Join(where, ", "),
		"request", requestID(ctx.Context())))
	d.Status, d.Fields = m.Status, fields
	return d, nil
}

// refuse answers outside huma: unknown routes, middleware and panics.
func (s *Server) refuse(c *gin.Context, err error) {
	d := s.document(c.Request.Context(), err)
	for k, v := range d.GetHeaders() {
		c.Writer.Header()[k] = v
	}
	body, err := json.Marshal(d)
	if err != nil {
		body = []byte(`{"code":"api.internal","status":500}`)
	}
	c.Abort()
	c.Data(d.Status, problemType, body)
}
