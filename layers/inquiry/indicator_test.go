package inquiry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
)

// cityDesk has a county 450802 whose construction land grew by 0.6 % in 2025, with 100 m of shoreline in zone 1 and 300 m in
// zone 4, and values that were entered: an index of 106.2 and a corrected rate of sewage.
func cityDesk(t *testing.T) inquiry.Desk {
	t.Helper()
	d := desk(t)
	var err error
	if d.Codes, err = codes.Load(os.DirFS("../../data/codes")); err != nil {
		t.Fatal(err)
	}
	if d.Indicators, err = indicator.Load(os.DirFS("../../data/indicators")); err != nil {
		t.Fatal(err)
	}
	publish(t, d, "region", layers.Region, block(0, 20, layers.Code, "450802", ""))
	publish(t, d, "landuse", layers.Landuse, block(0, 10, layers.Class, "0601", "工业用地"), block(10, 20, layers.Class, "0301", "乔木林地"))
	publishIn(t, d, "2025", "landuse", layers.Landuse,
		block(0, 10.06, layers.Class, "0601", "工业用地"), block(10.06, 20, layers.Class, "0301", "乔木林地"))
	kept, built := line("1", 0, 100), line("4", 100, 400)
	kept.Length, built.Length = 100, 300
	publish(t, d, "shore", layers.Shoreline, kept, built)
	d.Values = func() ([]indicator.Value, error) {
		return []indicator.Value{
			value("gdp-index", 106.2), value("urban-sewage", 90), value("urban-sewage", 96), value("training", 99),
		}, nil
	}
	return d
}

func value(id string, n float64) indicator.Value {
	return indicator.Value{Indicator: id, Region: "450802", Year: 2025, Number: &n, Source: "年鉴", Date: "2026-03-01", By: "甲"}
}

// block is a strip of hundredths of a degree along the equator, which states its own area.
func block(x0, x1 float64, role layers.Role, word, name string) layers.Feature {
	x0, x1 = 110+x0/100, 110+x1/100
	p := orb.Polygon{{{x0, -0.1}, {x1, -0.1}, {x1, 0.1}, {x0, 0.1}, {x0, -0.1}}}
	area := ellipsoid.Area(p)
	stated, _ := json.Marshal(float64(area))
	return layers.Feature{Geometry: p, Area: area, Roles: map[layers.Role]string{
		role: word, layers.Name: name, layers.Stated: string(stated),
	}}
}

func publishIn(t *testing.T, d inquiry.Desk, year string, id layers.LayerID, theme layers.Theme, features ...layers.Feature) {
	t.Helper()
	l, v := layers.Layer{ID: id, Theme: theme}, layers.Vintage{Ref: layers.Ref{Layer: id, Vintage: year}, Theme: theme}
	draft, err := d.Library.Store().Begin(t.Context(), l, v)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		if err := draft.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := draft.Commit(t.Context(), stating); err != nil {
		t.Fatal(err)
	}
}

func stating(v *layers.Vintage) error {
	v.Mapping = map[layers.Role]string{layers.Stated: "TBMJ"}
	return nil
}

// again asks a question that was completed once more, of a desk whose values have changed since.
func again(t *testing.T, d inquiry.Desk, a inquiry.Answer) {
	t.Helper()
	d.Values = func() ([]indicator.Value, error) { return nil, nil }
	question, err := json.Marshal(a.Question)
	if err != nil {
		t.Fatal(err)
	}
	b, err := kind(t, a.Kind).Ask(t.Context(), d, question)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := json.Marshal(a.Result)
	two, _ := json.Marshal(b.Result)
	if !bytes.Equal(one, two) {
		t.Errorf("asked again:\n%s\nbefore:\n%s", two, one)
	}
	if _, err := kind(t, a.Kind).Read(question, one); err != nil {
		t.Errorf("a kept answer cannot be read: %v", err)
	}
}

func TestConstruction(t *testing.T) {
	d := cityDesk(t)
	a, err := kind(t, "construction").Ask(t.Context(), d, json.RawMessage(
		`{"landuse":["landuse@2025.1","landuse@2024.1"],"regions":"region@2024.1","patches":true}`))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := a.Result.(construction.Result)
	// 2024 has no field of survey areas, so both years are counted by outlines and nothing is met by them.
	if r.Basis != construction.Computed || r.Steps[0].Decline.Status != analysis.ToVerify {
		t.Errorf("basis %s, decline %s", r.Basis, r.Steps[0].Decline.Status)
	}
	p := report.Printer{Lang: "en", Words: words{}}
	table, ok := a.Document(p).Find("decline")
	var csv, places bytes.Buffer
	if err := table.CSV(&csv); !ok || err != nil || !strings.Contains(csv.String(), ",5.27,5.27,4.50,") {
		t.Errorf("the decline of 5.27 %% is not printed: %v\n%s", err, csv.String())
	}
	if err := a.GeoJSON(&places, p); err != nil || strings.Count(places.String(), `"Feature"`) != 1 {
		t.Errorf("patches: %v\n%s", err, places.String())
	}
	again(t, d, a)
}

func TestIndicators(t *testing.T) {
	d := cityDesk(t)
	a, err := kind(t, "indicator").Ask(t.Context(), d, json.RawMessage(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	q, _ := a.Question.(inquiry.Indicator)
	if q.Set != "ecf-2021" || !slices.Equal(q.Years, []int{2025}) || q.Regions.String() != "region@2024.1" ||
		len(q.Landuse) != 2 || len(q.Shoreline) != 1 || len(q.Values) != 3 {
		t.Errorf("completed to %+v", q)
	}
	r, _ := a.Result.(indicator.Result)
	for id, want := range map[string]analysis.Status{
		"construction-decline": analysis.ToVerify, // by outlines only
		"urban-sewage":         analysis.Met, "training": analysis.NotMet, "urban-waste": analysis.ToAssess,
		"shoreline-protection": analysis.ToAssess, "forest-grass-cover": analysis.ToVerify,
	} {
		i := slices.IndexFunc(r.Assessments, func(x indicator.Assessment) bool { return x.Indicator == id && x.Year == 2025 })
		if got := r.Assessments[i]; got.Status != want {
			t.Errorf("%s is %s because of %v, want %s", id, got.Status, got.Reasons, want)
		}
	}
	again(t, d, a)
	doc := a.Document(report.Printer{Lang: "en", Words: words{}})
	table, _ := doc.Find("inputs")
	var csv bytes.Buffer
	if err := table.CSV(&csv); err != nil || !strings.Contains(csv.String(), "indicator.input.gdp-index,2025,106.20,") {
		t.Errorf("the index that the decline was computed from is not listed: %v\n%s", err, csv.String())
	}
}

// The red line loses its eastern half against the approved version; its function is never told from shapes.
func TestIndicatorsAgainstABaseline(t *testing.T) {
	d := cityDesk(t)
	publish(t, d, "redline", layers.Redline, block(10, 20, layers.Code, "A", ""))
	publishIn(t, d, "2025", "redline", layers.Redline, block(10, 15, layers.Code, "A", ""))
	a, err := kind(t, "indicator").Ask(t.Context(), d, json.RawMessage(`{"baselines":[{"baseline":"redline@2024.1"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := a.Result.(indicator.Result)
	status := func(id string) analysis.Status {
		i := slices.IndexFunc(r.Assessments, func(x indicator.Assessment) bool { return x.Indicator == id })
		return r.Assessments[i].Status
	}
	if area, function := status("redline-area"), status("redline-function"); area != analysis.NotMet || function != analysis.ToAssess {
		t.Errorf("area %s, function %s", area, function)
	}
	again(t, d, a)
}

func TestIndicatorsWithoutAnything(t *testing.T) {
	d := cityDesk(t)
	for question, want := range map[string]string{
		`{"set":"nothing"}`: "indicator.set.unknown", `{"years":[2019]}`: "indicator.set.none",
		`{"landuse":["landuse@1990.1"]}`: "store.vintage.unknown", `{"colour":1}`: "inquiry.question.malformed",
	} {
		if _, err := kind(t, "indicator").Ask(t.Context(), d, json.RawMessage(question)); code(err) != want {
			t.Errorf("%s: %v, want %s", question, err, want)
		}
	}
	empty := desk(t)
	empty.Indicators = d.Indicators
	if _, err := kind(t, "indicator").Ask(t.Context(), empty, json.RawMessage(`{"years":[2023]}`)); code(err) != "indicator.region.none" {
		t.Errorf("a workspace without regions and values: %v", err)
	}
	if _, err := kind(t, "indicator").Ask(t.Context(), desk(t), json.RawMessage(`{"years":[2023]}`)); code(err) != "indicator.set.none" {
		t.Errorf("a desk without indicators: %v", err)
	}
}
