package api_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
	"greenshield/geo/format"
	"greenshield/geo/format/shapefile"
)

// unnamed earns a warning as a protected area: it has no field for the name.
const unnamed = `{"type":"FeatureCollection",
"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},
"features":[{"type":"Feature","properties":{"foo":"甲"},"geometry":{"type":"Polygon","coordinates":[[
[109.40,23.10],[109.42,23.10],[109.42,23.12],[109.40,23.12],[109.40,23.10]]]}}]}`

func TestWarningsAreSignedOff(t *testing.T) {
	h := newHouse(t, nil)
	form := func(more ...string) *form {
		return newForm(append([]string{"layer", "protected", "theme", "protected", "vintage", "2023"}, more...)...).
			file("保护地.geojson", unnamed)
	}
	sent := read[importDoc](t, h.send(t, "/api/imports", form()), 202)
	doc := h.await(t, sent.ID, "successful", "failed")
	if doc.State != "failed" || doc.Problem == nil || doc.Problem.Code != "ingest.warnings" || doc.Report == nil {
		t.Fatalf("unsigned: %+v %+v", doc, doc.Problem)
	}
	if r := h.get(t, "/api/imports/"+sent.ID+"/issues.csv"); r.StatusCode != 200 || !strings.Contains(string(r.body), "ingest.field.unmapped") {
		t.Errorf("issues of the import: %d %s", r.StatusCode, r.body)
	}
	sent = read[importDoc](t, h.send(t, "/api/imports", form("signedOff", "李四")), 202)
	if doc := h.await(t, sent.ID, "successful", "failed"); doc.Ref != "protected@2023.1" {
		t.Fatalf("signed: %+v %+v", doc, doc.Problem)
	}
	type vintage struct {
		Provenance struct {
			SignedOff      string
			Warnings, Read int64
			Original       bool
		}
	}
	v := read[vintage](t, h.get(t, "/api/vintages/protected@2023.1"), 200)
	if p := v.Provenance; p.SignedOff != "李四" || p.Warnings == 0 || p.Read != 1 || !p.Original {
		t.Errorf("provenance %+v", p)
	}
	if r := h.get(t, "/api/vintages/protected@2023.1/issues.csv"); r.StatusCode != 200 || !strings.Contains(string(r.body), "ingest.field.unmapped") {
		t.Errorf("issues: %d %s", r.StatusCode, r.body)
	}
	r := h.get(t, "/api/vintages/protected@2023.1/original")
	if r.StatusCode != 200 || string(r.body) != unnamed || !strings.Contains(r.Header.Get("Content-Disposition"), "%E4%BF%9D") {
		t.Errorf("original: %d %q %s", r.StatusCode, r.Header.Get("Content-Disposition"), r.body)
	}
}

// The parts of a shapefile come back as one zip, under the names that they had.
func TestOriginalOfLooseParts(t *testing.T) {
	h := newHouse(t, nil)
	form := importForm()
	parts := looseShapefile(t)
	for ext, content := range parts {
		form.file("红线"+ext, content)
	}
	sent := read[importDoc](t, h.send(t, "/api/imports", form), 202)
	if doc := h.await(t, sent.ID, "successful", "failed"); doc.Ref != "redline@2023.1" {
		t.Fatalf("%+v %+v", doc, doc.Problem)
	}
	r := h.get(t, "/api/vintages/redline@2023.1/original")
	z, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body)))
	if err != nil || len(z.File) != len(parts) {
		t.Fatalf("%v, %s", err, r.Header.Get("Content-Type"))
	}
	for _, f := range z.File {
		ext, ok := strings.CutPrefix(f.Name, "红线")
		if !ok || uint64(len(parts[ext])) != f.UncompressedSize64 {
			t.Errorf("%s has %d bytes", f.Name, f.UncompressedSize64)
		}
	}
	h.publish(t, "other", "protected", "2023", item{geometry: square(0, 0, 1)})
	if r := h.get(t, "/api/vintages/other@2023.1/original"); r.StatusCode != 404 || !strings.Contains(string(r.body), "api.original.gone") {
		t.Errorf("an original that is not kept: %d %s", r.StatusCode, r.body)
	}
}

// looseShapefile gives the parts of a shapefile by extension.
func looseShapefile(t *testing.T) map[string]string {
	t.Helper()
	var b bytes.Buffer
	rows := func(yield func(format.Record, error) bool) {
		yield(format.Record{Row: 1, Geometry: orb.MultiPolygon{square(0, 0, 1)}, Values: []any{"甲"}}, nil)
	}
	legal := must(crs.Parse("EPSG:4490"))(t)
	l := shapefile.Layer{Name: "a", Fields: []format.Field{{Name: "HXMM", Width: 20}}, System: legal, Encoding: "UTF-8"}
	must(shapefile.WriteZip(t.Context(), &b, l, rows))(t)
	z := must(zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len())))(t)
	parts := map[string]string{}
	for _, f := range z.File {
		r := must(f.Open())(t)
		parts[strings.TrimPrefix(f.Name, "a")] = string(must(io.ReadAll(r))(t))
		r.Close()
	}
	return parts
}
