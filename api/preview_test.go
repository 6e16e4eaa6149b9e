package api_test

import (
	"testing"
)

type previewDoc struct {
	File, Format, Declared, Regions, Before string
	Problem                                 *struct{ Code string }
	Rows, Unusable                          int64
	Fields                                  []struct {
		Name, Kind string
		Samples    []any
	}
	Mapping  map[string]string
	Readings []struct {
		System, Title string
		Zones         int
		AxesExchanged bool
		Declared      bool
		BBox          []float64
		Shape         struct{ Type string }
		Answer        map[string]string
	}
}

// A file without a word about its zone is shown in every zone; the answer that belongs to one of them is taken by the
// import.
func TestPreviewAnswersTheQuestionOfTheZone(t *testing.T) {
	h := newHouse(t, nil)
	const plane = `{"type":"FeatureCollection","crs":null,"features":[{"type":"Feature","properties":{"HXMM":"甲"},
		"geometry":{"type":"Polygon","coordinates":[[[606000,2551000],[607000,2551000],[607000,2552000],[606000,2551000]]]}}]}`
	p := read[previewDoc](t, h.send(t, "/api/previews", newForm("theme", "redline").file("a.geojson", plane)), 200)
	if p.Rows != 1 || len(p.Readings) != 32 || p.Mapping["name"] != "HXMM" || len(p.Fields) != 1 || p.Fields[0].Samples[0] != "甲" {
		t.Fatalf("%+v", p)
	}
	for _, r := range p.Readings {
		if r.System != "EPSG:4545" { // zone 36
			continue
		}
		if r.Answer["crs"] != "EPSG:4545" || r.BBox[0] < 109.03 || r.BBox[2] > 109.05 || r.Shape.Type != "MultiLineString" {
			t.Errorf("%+v", r)
		}
		var said []string
		for name, value := range r.Answer {
			said = append(said, name, value)
		}
		sent := read[importDoc](t, h.send(t, "/api/imports", importForm(said...).file("a.geojson", plane)), 202)
		if doc := h.await(t, sent.ID, "successful", "failed"); doc.Report == nil || doc.Report.System != "EPSG:4545" {
			t.Errorf("import: %+v %+v", doc, doc.Problem)
		}
		return
	}
	t.Error("zone 36 is not shown")
}
