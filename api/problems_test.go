package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"greenshield/api"
)

type problemInfo struct {
	Type, Code, Subject string
	Status              int
	Args                []string
	Sentences, Advice   map[string]string
}

func TestProblemsAreListed(t *testing.T) {
	h := newHouse(t, nil)
	all := read[[]problemInfo](t, h.get(t, "/api/problems"), 200)
	if len(all) < 350 || !slices.IsSortedFunc(all, func(a, b problemInfo) int { return strings.Compare(a.Code, b.Code) }) {
		t.Fatalf("%d problems", len(all))
	}
	seen := map[string]problemInfo{}
	for _, p := range all {
		seen[p.Code] = p
		if p.Type != "/problems/"+p.Code || p.Subject != api.SubjectOf(p.Code) || p.Status < 400 || p.Args == nil ||
			p.Sentences["zh-CN"] == "" || p.Sentences["en"] == "" {
			t.Errorf("%+v", p)
		}
	}
	for _, word := range []string{
		"cli.workspace.missing", "ingest.role.code", "ingest.csv.row", "api.theme.redline", "api.web.missing",
		"report.lead", "export.about.suspected", "topo.rule.spike", "api.problem.about",
	} {
		if _, ok := seen[word]; ok {
			t.Errorf("the word %s is listed as a problem", word)
		}
	}
	one := seen["ingest.zip.foreign"]
	if !slices.Equal(one.Args, []string{"file", "kind"}) || one.Status != 422 || one.Subject != "ingest.zip" ||
		!strings.HasPrefix(one.Advice["en"], "Unpack it") || !strings.HasPrefix(one.Advice["zh-CN"], "请解压") {
		t.Errorf("ingest.zip.foreign: %+v", one)
	}
	for search, want := range map[string]int{"INGEST.ZIP 密码": 1, "no such words": 0} {
		path := "/api/problems?q=" + strings.ReplaceAll(search, " ", "+")
		if got := read[[]problemInfo](t, h.get(t, path), 200); len(got) != want {
			t.Errorf("%q finds %d", search, len(got))
		}
	}
}

// The type of every problem document leads to a page that explains it.
func TestProblemPages(t *testing.T) {
	h := newHouse(t, nil)
	const page = "text/html; charset=utf-8"
	for name, tc := range map[string]struct{ accept, language, mediaType, says string }{
		"browser, Chinese": {"text/html,application/xhtml+xml,*/*;q=0.8", "zh", page, `<html lang="zh-CN">`},
		"browser, English": {"text/html,*/*;q=0.8", "en", page, `<html lang="en">`},
		"no wish":          {"*/*", "en", page, "There is nothing at {path}."},
		"JSON":             {"application/json", "en", "application/json", `"code":"api.route.unknown"`},
		"JSON rather":      {"text/html;q=0.5, application/json", "en", "application/json", `"status":404`},
		"a page as well":   {"text/html, application/json", "en", page, "<h1>"},
	} {
		r := h.request(t, http.MethodGet, refused(t, h.get(t, "/api/none"), 404, "api.route.unknown").Type, "", nil)
		r.Header.Set("Accept", tc.accept)
		r.Header.Set("Accept-Language", tc.language)
		got := h.do(t, r)
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != tc.mediaType ||
			!strings.Contains(string(got.body), tc.says) {
			t.Errorf("%s: %d %s %s", name, got.StatusCode, got.Header.Get("Content-Type"), got.body)
		}
	}
	refused(t, h.get(t, "/problems/no.such"), 404, "api.problem.unknown")
	refused(t, h.get(t, "/problems/ingest.role.code"), 404, "api.problem.unknown")
	refused(t, h.get(t, "/problems/%3Cscript%3E"), 404, "api.problem.unknown")
	css := h.get(t, "/problems.css")
	if css.StatusCode != 200 || !strings.HasPrefix(css.Header.Get("Content-Type"), "text/css") {
		t.Errorf("style: %d %v", css.StatusCode, css.Header)
	}
}

func TestProblemIndexPage(t *testing.T) {
	h := newHouse(t, nil)
	for _, lang := range []string{"zh-CN", "en"} {
		r := h.get(t, "/problems?lang="+lang)
		page := string(r.body)
		if r.StatusCode != 200 || !strings.Contains(page, `href="/problems/ingest.kml.doctype?lang=`+lang+`"`) {
			t.Fatalf("%d %.300s", r.StatusCode, page)
		}
		// Every word of the page exists: a missing one would stand there as its key.
		i := strings.Index(page, "api.problem.s")
		if i >= 0 || strings.Contains(page, "<script") || strings.Contains(page, "style=") {
			t.Errorf("%s: the page has a word without text, a script or a style: %.80s", lang, page[max(i, 0):])
		}
	}
	found := string(h.get(t, "/problems?lang=en&q=%22%3E%3Cscript%3E").body)
	if strings.Contains(found, "<script>") || !strings.Contains(found, "No problem matches.") {
		t.Errorf("search for markup: %s", found)
	}
}
