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
	if p.Rows != 1 || len(p.Readings) != 21 || p.Mapping["name"] != "HXMM" || len(p.Fields) != 1 || p.Fields[0].Samples[0] != "甲" {
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

// What a preview answers about zones and axes reaches the import and the check: each row in its own zone, and degrees
// the other way round.
func TestPreviewAnswersZonesAndAxes(t *testing.T) {
	h := newHouse(t, nil)
	const (
		twoZones = `{"type":"FeatureCollection","crs":null,"features":[
			{"type":"Feature","properties":{"HXMM":"a"},"geometry":{"type":"Polygon","coordinates":[
				[[36606000,2551000],[36607000,2551000],[36607000,2552000],[36606000,2551000]]]}},
			{"type":"Feature","properties":{"HXMM":"b"},"geometry":{"type":"Polygon","coordinates":[
				[[37406000,2551000],[37407000,2551000],[37407000,2552000],[37406000,2551000]]]}}]}`
		latitudeFirst = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"HXMM":"a"},
			"geometry":{"type":"Polygon","coordinates":[[[23.1,109.1],[23.1,109.2],[23.2,109.2],[23.1,109.1]]]}}]}`
	)
	for _, c := range []struct{ name, file, field, value string }{
		{"two zones", twoZones, "zones", "3"},
		{"latitude first", latitudeFirst, "axes", "exchanged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := read[previewDoc](t, h.send(t, "/api/previews", newForm("theme", "redline").file("a.geojson", c.file)), 200)
			var said []string
			for _, r := range p.Readings {
				if r.Answer[c.field] == c.value && said == nil {
					for name, value := range r.Answer {
						said = append(said, name, value)
					}
				}
			}
			if said == nil {
				t.Fatalf("no reading answers %s=%s: %+v", c.field, c.value, p.Readings)
			}
			sent := read[importDoc](t, h.send(t, "/api/imports", importForm(said...).file("a.geojson", c.file)), 202)
			doc := h.await(t, sent.ID, "successful", "failed")
			if doc.Report == nil || doc.Ref == "" {
				t.Fatalf("import: %+v %+v", doc, doc.Problem)
			}
			v := read[struct{ BBox []float64 }](t, h.get(t, "/api/vintages/"+doc.Ref), 200)
			if v.BBox[0] < 109 || v.BBox[2] > 110.2 || v.BBox[1] < 23 || v.BBox[3] > 23.3 {
				t.Errorf("published at %v", v.BBox)
			}
		})
	}
}
