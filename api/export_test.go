package api_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"greenshield/api"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
)

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// TestExport downloads a vintage in every format, opens it again, and looks at the name and the type of the file.
func TestExport(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	h := newHouse(t, nil)
	h.city(t)
	for query, want := range map[string]struct {
		mediaType, ending, field string
		epsg                     int
	}{
		"geopackage":                           {"application/geopackage+sqlite3", ".gpkg", "MC", 4490},
		"geopackage&crs=EPSG:4525":             {"application/geopackage+sqlite3", ".gpkg", "MC", 4525},
		"shapefile&encoding=GBK&crs=EPSG:4546": {"application/zip", ".zip", "MC", 4546},
		"geojson":                              {"application/geo+json", ".geojson", "MC", 4326},
		"kml":                                  {"application/vnd.google-earth.kml+xml", ".kml", "MC", 4326},
		"parceltxt":                            {"text/plain", ".txt", "地块名称", 4524},
		"csv":                                  {"text/csv; charset=utf-8", ".csv", "MC", 0},
		"xlsx&crs=EPSG:4525":                   {workbookType, ".xlsx", "地块名称", 4525},
	} {
		r := h.get(t, "/api/vintages/redline@2023.1/export?lang=zh-CN&format="+query)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != want.mediaType {
			t.Fatalf("%s: %d %v %.300s", query, r.StatusCode, r.Header, r.body)
		}
		name := "图层 redline_2023.1" + want.ending
		if d := r.Header.Get("Content-Disposition"); !strings.HasSuffix(d, "filename*=UTF-8''"+url.PathEscape(name)) ||
			!strings.HasPrefix(d, `attachment; filename="__ redline_2023.1`+want.ending+`"`) {
			t.Errorf("%s: %s", query, d)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, r.body, 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := open.Open(t.Context(), path, open.Options{Temp: t.TempDir()})
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		s := d.Schema()
		if s.Declared == nil && want.epsg != 0 || s.Declared != nil && s.Declared.EPSG() != want.epsg {
			t.Errorf("%s: %v", query, s.Declared)
		}
		at := slices.IndexFunc(s.Fields, func(f format.Field) bool { return f.Name == want.field })
		for rec, err := range d.Records(t.Context()) {
			if err != nil || rec.Problem != nil || at < 0 || rec.Geometry == nil {
				t.Fatalf("%s: %v %v, fields %v", query, err, rec.Problem, s.Fields)
			}
		}
		d.Close()
	}
	h.leave() // and with it whoever still cleans up
	if left := leftIn(t, temp); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// leftIn lists the exports, and what writers of files need, that were left behind.
func leftIn(t *testing.T, dir string) []string {
	t.Helper()
	var left []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		for _, word := range []string{"greenshield-export-", "shapefile-", "kml-", "save-"} {
			if strings.Contains(filepath.Base(path), word) {
				left = append(left, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func TestExportTellsWhatTheFormatCannotHold(t *testing.T) {
	h := newHouse(t, nil)
	h.city(t)
	r := h.get(t, "/api/vintages/redline@2023.1/export?format=parceltxt")
	if got := r.Header.Get("Greenshield-Notes"); got != "layer.export.fields-left-out, layer.export.zone-chosen" {
		t.Errorf("TXT: %q", got)
	}
	r = h.get(t, "/api/vintages/redline@2023.1/export?format=geojson")
	if got := r.Header.Get("Greenshield-Notes"); got != "" {
		t.Errorf("GeoJSON: %q", got)
	}
	if !bytes.Contains(r.body, []byte("redline@2023.1")) {
		t.Errorf("no provenance in %.300s", r.body)
	}
}

func TestExportRefusals(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	h := newHouse(t, nil)
	h.city(t)
	for query, want := range map[string]struct {
		status int
		code   string
	}{
		"redline@2023.1/export":                                          {422, "api.request.invalid"},
		"redline@2023.1/export?format=dwg":                               {422, "api.request.invalid"},
		"redline@2023.1/export?format=shapefile&encoding=Big5":           {422, "api.request.invalid"},
		"redline/export?format=csv":                                      {400, "layer.ref.malformed"},
		"redline@1999.1/export?format=csv":                               {404, "store.vintage.unknown"},
		"redline@2023.1/export?format=kml&crs=EPSG:4525":                 {422, "layer.export.degrees-only"},
		"redline@2023.1/export?format=parceltxt&crs=EPSG:4490":           {422, "layer.export.plane-only"},
		"redline@2023.1/export?format=xlsx&crs=EPSG:4533":                {422, "layer.export.outside-zone"},
		"redline@2023.1/export?format=csv&crs=EPSG:1":                    {422, "ingest.crs.unknown"},
		"redline@2023.1/export?format=csv&crs=" + "%E8%A5%BF%E5%AE%8980": {422, "ingest.crs.old-datum"},
		"redline@2023.1/export?format=geopackage&encoding=GBK":           {422, "layer.export.encoding"},
		"shore@2023.1/export?format=xlsx":                                {422, "layer.export.polygons-only"},
	} {
		refused(t, h.get(t, "/api/vintages/"+query), want.status, want.code)
	}
	if left := leftIn(t, temp); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	full := newHouse(t, func(c *api.Config) { c.Limits.HeavyRequests = -1 })
	full.city(t)
	refused(t, full.get(t, "/api/vintages/redline@2023.1/export?format=csv"), http.StatusServiceUnavailable, "api.busy")
}
