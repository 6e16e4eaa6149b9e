package inquiry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/inquiry"
	"greenshield/layers/report"
	"greenshield/layers/store/memory"
)

type words struct{}

func (words) Word(_, key string, _ ...any) string      { return key }
func (words) Sentence(_ string, p *geo.Problem) string { return p.Code }

func TestFind(t *testing.T) {
	for _, k := range inquiry.Kinds() {
		if found, err := inquiry.Find(k.Name); err != nil || found.Name != k.Name {
			t.Errorf("%s: %v, %v", k.Name, found.Name, err)
		}
	}
	if _, err := inquiry.Find("weather"); code(err) != "inquiry.kind.unknown" {
		t.Errorf("an analysis that is none: %v", err)
	}
}

func TestQuestionsThatCannotBeRead(t *testing.T) {
	for name, tc := range map[string]struct{ question, code string }{
		"no JSON":            {`zones`, "inquiry.question.malformed"},
		"unknown member":     {`{"zones":"shore@2024.1","colour":"red"}`, "inquiry.question.malformed"},
		"two values":         {`{"zones":"shore@2024.1"} {}`, "inquiry.question.malformed"},
		"a ref that is none": {`{"zones":"shore"}`, "layer.ref.malformed"},
		"unknown vintage":    {`{"zones":"shore@2024.1"}`, "store.vintage.unknown"},
	} {
		_, err := kind(t, "shoreline").Ask(t.Context(), desk(t), json.RawMessage(tc.question))
		if code(err) != tc.code {
			t.Errorf("%s: got %v, want %s", name, err, tc.code)
		}
	}
}

// TestShoreline has 100 m of protection zone and 300 m of development zone.
func TestShoreline(t *testing.T) {
	d := desk(t)
	publish(t, d, "shore", layers.Shoreline, line("1", 0, 100), line("4", 100, 400))
	a, err := kind(t, "shoreline").Ask(t.Context(), d, json.RawMessage(`{"zones":"shore@2024.1"}`))
	if err != nil {
		t.Fatal(err)
	}
	p := report.Printer{Lang: "en", Words: words{}}
	rates, ok := a.Document(p).Find("rates")
	if !ok {
		t.Fatal("no table of rates")
	}
	var csv bytes.Buffer
	if err := rates.CSV(&csv); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(csv.String(), "0.400,0.100,0.000,0.000,0.300,25.00") {
		t.Errorf("a quarter of 400 m is protected, but the table says\n%s", csv.String())
	}
	var segments bytes.Buffer
	if err := a.GeoJSON(&segments, p); err != nil || strings.Count(segments.String(), `"segment"`) != 2 {
		t.Errorf("two segments on a map: %v\n%s", err, segments.String())
	}
	survives(t, a, p)
}

func kind(t *testing.T, name string) inquiry.Kind {
	t.Helper()
	k, err := inquiry.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func desk(t *testing.T) inquiry.Desk {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC) }
	return inquiry.Desk{Library: layers.NewLibrary(memory.New()), Now: now, Program: "test"}
}

func publish(t *testing.T, d inquiry.Desk, id layers.LayerID, theme layers.Theme, features ...layers.Feature) {
	t.Helper()
	l := layers.Layer{ID: id, Theme: theme, Title: string(id)}
	v := layers.Vintage{Ref: layers.Ref{Layer: id, Vintage: "2024"}, Theme: theme}
	draft, err := d.Library.Store().Begin(t.Context(), l, v)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		if err := draft.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := draft.Commit(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// line runs along the equator, where a degree of longitude is a·π/180 = 111,319.4908 m.
func line(zone string, from, to float64) layers.Feature {
	const degree = 6378137 * 3.141592653589793 / 180
	return layers.Feature{
		Geometry: orb.LineString{{110 + from/degree, 0}, {110 + to/degree, 0}},
		Roles:    map[layers.Role]string{layers.Zone: zone},
	}
}

func code(err error) string {
	var p *geo.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// survives sees that an answer that was kept as JSON gives the same document.
func survives(t *testing.T, a inquiry.Answer, p report.Printer) {
	t.Helper()
	question, err := json.Marshal(a.Question)
	if err != nil {
		t.Fatal(err)
	}
	result, err := json.Marshal(a.Result)
	if err != nil {
		t.Fatal(err)
	}
	back, err := kind(t, a.Kind).Read(question, result)
	if err != nil {
		t.Fatal(err)
	}
	var before, after bytes.Buffer
	if err := errors.Join(a.Document(p).Workbook(&before, p), back.Document(p).Workbook(&after, p)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before.Bytes(), after.Bytes()) {
		t.Errorf("%s: the document of what was kept differs", a.Kind)
	}
}
