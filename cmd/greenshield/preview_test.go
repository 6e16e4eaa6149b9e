package main

import (
	"strings"
	"testing"
)

func TestPreviewShowsFieldsAndPlaces(t *testing.T) {
	const plane = `{"type":"FeatureCollection","crs":null,"features":[{"type":"Feature","properties":{"HXMM":"西江"},
		"geometry":{"type":"Polygon","coordinates":[[[36606000,2551000],[36607000,2551000],[36607000,2552000],[36606000,2551000]]]}}]}`
	path := writeBytes(t, "红线.geojson", []byte(plane))
	for lang, want := range map[string][]string{
		"en":    {"红线.geojson: geojson", "1 rows", `HXMM = "西江"`, "EPSG:4524", "109.03", "--crs EPSG:4524"},
		"zh-CN": {"红线.geojson：geojson", `HXMM = "西江"`, "坐标可能的读法", "--crs EPSG:4524"},
	} {
		o := must(t, "--lang", lang, "preview", "--workspace", t.TempDir(), "--theme", "redline", path)
		for _, text := range want {
			if !strings.Contains(o.stdout, text) {
				t.Errorf("%s: no %q in\n%s", lang, text, o.stdout)
			}
		}
	}
	refused(t, "ingest.file.unknown-kind", "preview", "--workspace", t.TempDir(), writeBytes(t, "a.bin", []byte("\x00\x01nothing")))
}
