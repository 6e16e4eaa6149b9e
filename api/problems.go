package api

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/geo"
	"greenshield/layers/text"
)

// The pages that explain problems are plain documents without a script: they must be readable from a mail, a log or a
// program's error message, where the browser application is not running.
var (
	//go:embed problems.html
	problemPages string
	//go:embed problems.css
	problemStyle []byte
)

const (
	htmlType = "text/html; charset=utf-8"
	cssType  = "text/css; charset=utf-8"
)

// problemInfo explains one kind of problem.
type problemInfo struct {
	Type    string   `json:"type" format:"uri-reference" example:"/problems/layer.ref.malformed"`
	Code    string   `json:"code" example:"layer.ref.malformed"`
	Subject string   `json:"subject" doc:"Group of the code" example:"layer"`
	Status  int      `json:"status" doc:"HTTP status of a request that this problem ends"`
	Args    []string `json:"args" doc:"Names of the arguments, which stand in braces in the sentences"`
	// Sentences are whole: what is wrong and then what to do.
	Sentences map[string]string `json:"sentences" doc:"By language: what is wrong and what to do about it"`
	Advice    map[string]string `json:"advice" doc:"By language: the part of the sentences that follows what is wrong"`
}

type problemCodeInput struct {
	Code string `path:"code" maxLength:"100" example:"layer.ref.malformed"`
}

type problemsInput struct {
	Search string `query:"q" maxLength:"100" doc:"Words that the code or a sentence must contain"`
}

// problemRoutes explain what problem documents name as their type.
func (s *Server) problemRoutes() {
	route(s, operation{
		id: "list-problems", method: http.MethodGet, path: "/api/problems", tag: "problems",
		summary: "Every problem that the program can tell of, with its sentences in all languages",
	}, s.problemList)
	route(s, operation{
		id: "get-problem-page", method: http.MethodGet, path: "/problems/{code}", tag: "problems",
		summary:  "What one problem means and what to do about it: the type of a problem document",
		about:    "A page for people, in their language; JSON (as an entry of /api/problems) for whoever prefers that.",
		problems: []int{http.StatusNotFound}, produces: htmlType, variants: []string{"application/json"},
	}, s.problemPage)
	route(s, operation{
		id: "get-problems-page", method: http.MethodGet, path: "/problems", tag: "problems",
		summary: "All problems as a page, by subject", produces: htmlType,
	}, s.problemIndex)
	route(s, operation{
		id: "get-problems-style", method: http.MethodGet, path: "/problems.css", tag: "problems",
		summary: "How the pages about problems look", produces: cssType,
	}, func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(c huma.Context) { writePage(c, cssType, problemStyle) }}, nil
	})
}

// SubjectOf is the group that a code belongs to: its first word, and for what an import can say the second as well,
// which names the kind of file or the step.
func SubjectOf(code string) string {
	parts := strings.Split(code, ".")
	if parts[0] == "ingest" && len(parts) > 2 {
		return parts[0] + "." + parts[1]
	}
	return parts[0]
}

func (s *Server) problemInfo(t text.Template) problemInfo {
	info := problemInfo{
		Type: "/problems/" + t.Code, Code: t.Code, Subject: SubjectOf(t.Code), Status: s.statusOf(t.Code),
		Args: append([]string{}, t.Args...), Sentences: t.Sentences, Advice: map[string]string{},
	}
	for lang, sentence := range t.Sentences {
		info.Advice[lang] = adviceOf(sentence)
	}
	return info
}

// sentenceEnd is where a sentence ends and another follows.
var sentenceEnd = regexp.MustCompile(`。|\.\s+`)

// adviceOf is what follows the first sentence, "" when nothing does.
func adviceOf(sentence string) string {
	at := sentenceEnd.FindStringIndex(sentence)
	if at == nil {
		return ""
	}
	return strings.TrimSpace(sentence[at[1]:])
}

func (s *Server) problemInfos(search string) []problemInfo {
	out := []problemInfo{}
	for _, t := range s.texts.Problems() {
		if mentions(t, search) {
			out = append(out, s.problemInfo(t))
		}
	}
	return out
}

// mentions reports whether every word of search stands in the code or in one of the sentences.
func mentions(t text.Template, search string) bool {
	all := t.Code
	for _, lang := range text.Languages() {
		all += "\n" + t.Sentences[lang]
	}
	all = strings.ToLower(all)
	for _, w := range strings.Fields(strings.ToLower(search)) {
		if !strings.Contains(all, w) {
			return false
		}
	}
	return true
}

func (s *Server) problemList(_ context.Context, in *problemsInput) (*answer[[]problemInfo], error) {
	return &answer[[]problemInfo]{Body: s.problemInfos(in.Search)}, nil
}

// problemsView is what the pages show.
type problemsView struct {
	Lang, Search string
	Subjects     []problemSubject
	Problem      *problemInfo
	word         func(key string) string
}

type problemSubject struct {
	ID, Title string
	Problems  []problemInfo
}

// Word is a word of the page in the visitor's language.
func (v problemsView) Word(key string) string { return v.word("api.problem." + key) }

// Languages are all that a sentence exists in, the visitor's first.
func (v problemsView) Languages() []string {
	return append([]string{v.Lang}, slices.DeleteFunc(text.Languages(), func(l string) bool { return l == v.Lang })...)
}

func (s *Server) view(ctx context.Context) problemsView {
	lang := language(ctx)
	return problemsView{Lang: lang, word: func(key string) string { return s.texts.Word(lang, key) }}
}

func (s *Server) problemIndex(ctx context.Context, in *problemsInput) (*huma.StreamResponse, error) {
	v := s.view(ctx)
	v.Search = strings.TrimSpace(in.Search)
	for _, p := range s.problemInfos(in.Search) {
		if n := len(v.Subjects); n == 0 || v.Subjects[n-1].ID != p.Subject {
			v.Subjects = append(v.Subjects, problemSubject{ID: p.Subject, Title: v.Word("subject." + p.Subject)})
		}
		last := &v.Subjects[len(v.Subjects)-1]
		last.Problems = append(last.Problems, p)
	}
	body, err := page("all", v)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) { writePage(c, htmlType, body) }}, nil
}

func (s *Server) problemPage(ctx context.Context, in *problemCodeInput) (*huma.StreamResponse, error) {
	t, ok := s.texts.Problem(in.Code)
	if !ok {
		return nil, geo.NewProblem("api.problem.unknown", "code", in.Code)
	}
	info := s.problemInfo(t)
	v := s.view(ctx)
	v.Problem = &info
	body, err := page("one", v)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		if !prefersJSON(c.Header("Accept")) {
			writePage(c, htmlType, body)
			return
		}
		var b bytes.Buffer
		if err := huma.DefaultJSONFormat.Marshal(&b, info); err == nil { // strings and numbers only
			writePage(c, "application/json", b.Bytes())
		}
	}}, nil
}

// page fills one of the pages; they are asked for seldom, so nothing is kept.
func page(name string, v problemsView) ([]byte, error) {
	t, err := template.New("problems").Parse(problemPages)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writePage(c huma.Context, mediaType string, body []byte) {
	c.SetHeader("Content-Type", mediaType)
	c.AppendHeader("Vary", "Accept, Accept-Language")
	_, _ = c.BodyWriter().Write(body) // a visitor who has gone needs no answer
}

// prefersJSON reads Accept (RFC 9110 12.5.1): JSON when it is named and no page is wanted as much.
func prefersJSON(accept string) bool {
	quality := map[string]float64{}
	for part := range strings.SplitSeq(accept, ",") {
		mediaType, q := weighed(part)
		kind := cmp.Or(strings.ToLower(strings.TrimSpace(mediaType)), "*/*")
		quality[kind] = max(quality[kind], q)
	}
	asJSON := max(quality["application/json"], quality[problemType])
	return asJSON > max(quality["text/html"], quality["application/xhtml+xml"])
}
