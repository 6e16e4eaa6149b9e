package api_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"greenshield/api"
	"greenshield/geo"
	"greenshield/layers/text"
)

// plainTexts says codes instead of sentences.
type plainTexts struct{}

func (plainTexts) Sentence(lang string, p *geo.Problem) string { return lang + " " + p.Code }
func (plainTexts) Word(lang, key string, _ ...any) string      { return lang + " " + key }
func (plainTexts) Problems() []text.Template                   { return nil }
func (plainTexts) Problem(string) (text.Template, bool)        { return text.Template{}, false }

func document(t *testing.T) map[string]any {
	t.Helper()
	raw, err := api.Document(plainTexts{}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if path := os.Getenv("OPENAPI_OUT"); path != "" {
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentIsOpenAPI31(t *testing.T) {
	doc := document(t)
	if doc["openapi"] != "3.1.0" {
		t.Errorf("openapi is %v", doc["openapi"])
	}
	for path, item := range doc["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			checkOperation(t, method+" "+path, path, op.(map[string]any))
		}
	}
}

var pathParam = regexp.MustCompile(`\{([a-z]+)\}`)

func checkOperation(t *testing.T, name, path string, op map[string]any) {
	t.Helper()
	responses, _ := op["responses"].(map[string]any)
	refused, succeeded := false, false
	for status, r := range responses {
		content, _ := r.(map[string]any)["content"].(map[string]any)
		switch {
		case status[0] == '2':
			succeeded = true
		case content["application/problem+json"] == nil || len(content) != 1:
			t.Errorf("%s: %s answers with %v", name, status, content)
		case status[0] == '4':
			refused = true
		}
	}
	if !refused || !succeeded || op["operationId"] == nil || op["summary"] == nil || op["tags"] == nil {
		t.Errorf("%s: 4xx %t, 2xx %t, operationId %v", name, refused, succeeded, op["operationId"])
	}
	declared := map[string]bool{}
	params, _ := op["parameters"].([]any)
	for _, p := range params {
		if p := p.(map[string]any); p["in"] == "path" {
			declared[p["name"].(string)] = true
		}
	}
	for _, m := range pathParam.FindAllStringSubmatch(path, -1) {
		if !declared[m[1]] {
			t.Errorf("%s: path parameter %s is not declared", name, m[1])
		}
	}
}

func TestEveryReferenceResolves(t *testing.T) {
	doc := document(t)
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				resolve(t, doc, at, ref)
			}
			for k, x := range v {
				walk(at+"/"+k, x)
			}
		case []any:
			for _, x := range v {
				walk(at, x)
			}
		}
	}
	walk("", doc)
}

func resolve(t *testing.T, doc map[string]any, at, ref string) {
	t.Helper()
	var here any = doc
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := here.(map[string]any)
		if !ok || m[part] == nil {
			t.Errorf("%s: %s does not resolve", at, ref)
			return
		}
		here = m[part]
	}
}

func TestArraysAreNeverNull(t *testing.T) {
	raw, err := api.Document(plainTexts{}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), `["array","null"]`) {
		t.Error("an array may be null")
	}
}
