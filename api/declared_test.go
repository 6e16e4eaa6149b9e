package api_test

import (
	"strings"
	"testing"
)

// What is declared with an import is shown by the import, the catalogue, the vintage and every check.
func TestDeclaredOfAVintage(t *testing.T) {
	type declared struct {
		Ref        string
		Accuracy   *struct{ M float64 }
		ValidUntil string
	}
	h := newHouse(t, nil)
	sent := read[importDoc](t, h.send(t, "/api/imports", importForm("title", "红线", "accuracy", "2.5",
		"validUntil", "2026-12-31", "coverage", "everywhere").file("a.geojson", polygon)), 202)
	if doc := h.await(t, sent.ID, "successful", "failed"); doc.State != "successful" {
		t.Fatalf("%+v %+v", doc, doc.Problem)
	}
	for _, path := range []string{"/api/imports/" + sent.ID, "/api/vintages/redline@2023.1"} {
		d := read[declared](t, h.get(t, path), 200)
		if d.Accuracy == nil || d.Accuracy.M != 2.5 || d.ValidUntil != "2026-12-31" {
			t.Errorf("%s: %+v", path, d)
		}
	}
	if list := string(h.get(t, "/api/layers").body); !strings.Contains(list, `"validUntil":"2026-12-31"`) {
		t.Errorf("the catalogue does not tell: %s", list)
	}
	check := func(day string) string {
		body := strings.Replace(h.known(t, drawn(0.5, 0.5, 1)), `"name"`, `"date":"`+day+`","name"`, 1)
		r := h.post(t, "/api/checks", "application/json", strings.NewReader(body))
		if r.StatusCode != 201 {
			t.Fatalf("check: %d %s", r.StatusCode, r.body)
		}
		return string(r.body)
	}
	for _, want := range []string{`"declared":[{"ref":"redline@2023.1","accuracy":{"m":2.5`, `"effectiveArea":{"m2":`} {
		if said := check("2026-12-31"); !strings.Contains(said, want) || strings.Contains(said, "check.layer.expired") {
			t.Errorf("a check lacks %s: %s", want, said)
		}
	}
	if said := check("2027-01-01"); !strings.Contains(said, "check.layer.expired") ||
		!strings.Contains(said, `"verdict":"incomplete"`) {
		t.Errorf("after the last day: %s", said)
	}
	for code, form := range map[string][]string{
		"layer.accuracy.unusable":  {"title", "x", "accuracy", "1 km"},
		"layer.validity.malformed": {"title", "x", "validUntil", "soon"},
		"layer.validity.before":    {"title", "x", "validUntil", "2020-01-01"},
	} {
		refused(t, h.send(t, "/api/imports", importForm(form...).file("a.geojson", polygon)), 422, code)
	}
}
