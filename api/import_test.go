package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"greenshield/api"
	"greenshield/layers"
	"greenshield/layers/store/gpkg"
	"greenshield/layers/store/memory"
)

type importDoc struct {
	ID, State, Layer, Title, Vintage, File, Ref string
	Progress                                    struct{ Done, Total int64 }
	Report                                      *struct {
		Read, Kept int64
		Rejected   int
		AreaAfter  measure
		System     string
		Issues     []struct{ Code, Text, Severity string }
	}
	Problem *struct{ Code, Text string }
}

func (h *house) await(t *testing.T, id string, states ...string) importDoc {
	t.Helper()
	var doc importDoc
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		doc = read[importDoc](t, h.get(t, "/api/imports/"+id), 200)
		if slices.Contains(states, doc.State) {
			return doc
		}
	}
	t.Fatalf("import stays %s, want %v", doc.State, states)
	return doc
}

func TestImportBecomesAVintage(t *testing.T) {
	h := newHouse(t, nil)
	sent := read[importDoc](t, h.send(t, "/api/imports",
		importForm("title", "红线").file("红线 2023.geojson", polygon)), 202)
	if sent.State != "accepted" && sent.State != "running" || sent.File != "红线 2023.geojson" ||
		sent.Title != "红线" {
		t.Errorf("sent: %+v", sent)
	}
	doc := h.await(t, sent.ID, "successful", "failed")
	if doc.Ref != "redline@2023.1" || doc.Report == nil || doc.Report.Kept != 1 || doc.Report.AreaAfter.M2 < 4e6 ||
		doc.Report.System != "EPSG:4490" {
		t.Fatalf("done: %+v %+v %+v", doc, doc.Report, doc.Problem)
	}
	if r := h.get(t, "/api/vintages/redline@2023.1/features/1"); r.StatusCode != 200 ||
		!strings.Contains(string(r.body), "甲") {
		t.Errorf("feature: %s", r.body)
	}
	if r := h.get(t, "/api/imports/"+sent.ID+"/rejects.csv"); r.StatusCode != 200 {
		t.Errorf("rejects: %d %s", r.StatusCode, r.body)
	}
	list := read[[]importDoc](t, h.get(t, "/api/imports"), 200)
	if len(list) != 1 || list[0].ID != sent.ID || list[0].Report != nil {
		t.Errorf("list: %+v", list)
	}
	if left := h.cleared(t); len(left) != 0 {
		t.Errorf("the upload is not needed any more: %v", left)
	}
	refused(t, h.post(t, "/api/imports/"+sent.ID+"/cancel", "", nil), 409, "job.finished")
}

func TestRefusedFileSaysWhy(t *testing.T) {
	h := newHouse(t, nil)
	for name, tc := range map[string]struct{ file, content, code string }{
		"no geodata":                    {"a.exe", "MZ\x00\x01", "ingest.file.unknown-kind"},
		"cut off GeoJSON":               {"a.geojson", polygon[:200], "ingest.geojson.truncated"},
		"bad-input 9 program named shp": {"a.shp", "MZ\x00\x01", "ingest.file.unknown-kind"},
		"bad-input 9 noise named zip":   {"a.zip", "PK\x03\x04 and nothing more", "ingest.zip.damaged"},
		"bad-input 9 zip named geojson": {
			"a.geojson", "PK\x05\x06" + strings.Repeat("\x00", 18), "ingest.file.extension",
		},
		"bad-input 26 RAR named zip":         {"a.zip", "Rar!\x1a\x07\x01\x00", "ingest.zip.foreign"},
		"bad-input 26 7z named zip":          {"a.zip", "7z\xbc\xaf\x27\x1c\x00\x04", "ingest.zip.foreign"},
		"bad-input 7 gzip bomb as a file":    {"a.geojson", gzipped(32 << 20), "ingest.zip.foreign"},
		"bad-input 7 gzip named .geojson.gz": {"a.geojson.gz", gzipped(100), "ingest.zip.foreign"},
	} {
		t.Run(name, func(t *testing.T) {
			sent := read[importDoc](t, h.send(t, "/api/imports", importForm().file(tc.file, tc.content)), 202)
			doc := h.await(t, sent.ID, "failed", "successful")
			if doc.State != "failed" || doc.Problem == nil || doc.Problem.Code != tc.code ||
				strings.HasPrefix(doc.Problem.Text, doc.Problem.Code) {
				t.Errorf("%+v, %+v", doc, doc.Problem)
			}
			if left := h.cleared(t); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	if r := h.get(t, "/api/layers"); string(r.body) != "[]\n" {
		t.Errorf("layers: %s", r.body)
	}
}

type vintageDoc struct {
	Ref        string
	Current    bool
	Provenance struct{ File, SHA256, At string }
}

// TestHostileNames sends names that are paths, devices, commands and deceptions; they are shown, cleaned, and never
// become a place.
func TestHostileNames(t *testing.T) {
	h := newHouse(t, nil)
	for sent, shown := range map[string]string{
		"../../../etc/x.geojson":       "x.geojson",
		`C:\Users\x.geojson`:           "x.geojson",
		"CON":                          "CON",
		"a;rm -rf.geojson":             "a;rm -rf.geojson",
		"evil\u202egnp.geojson":        "evilgnp.geojson",
		"😀𠮷.geojson":                   "😀𠮷.geojson",
		"..":                           "file",
		"<script>alert(1)</script>.js": "script>.js",
		"a\u009b2J\u2028b.geojson":     "a2Jb.geojson",
	} {
		t.Run("bad-input 8 "+strconv.QuoteToASCII(sent), func(t *testing.T) {
			// Each file differs, so that none of them is the same upload.
			doc := read[importDoc](t, h.send(t, "/api/imports",
				importForm().file(sent, polygon+strings.Repeat(" ", len(sent)))), 202)
			if doc.File != shown {
				t.Errorf("it is shown as %q, want %q", doc.File, shown)
			}
			doc = h.await(t, doc.ID, "successful", "failed")
			v := read[vintageDoc](t, h.get(t, "/api/vintages/"+doc.Ref), 200)
			if v.Provenance.File != shown {
				t.Errorf("the provenance says %q, want %q", v.Provenance.File, shown)
			}
		})
	}
	for sent, code := range map[string]string{
		strings.Repeat("长", 4000) + ".geojson": "api.upload.name-long", "a\x00b.geojson": "api.request.broken",
		"a\x1b[2J.geojson": "api.request.broken",
	} {
		t.Run("bad-input 8 refused "+code, func(t *testing.T) {
			refused(t, h.send(t, "/api/imports", importForm().file(sent, polygon)), 400, code)
		})
	}
	if left := h.cleared(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	h.leave()
	if bytes.ContainsAny(h.log.Bytes(), "\x00\x1b\u202e\u009b") || bytes.Contains(h.log.Bytes(), []byte("rm -rf")) {
		t.Errorf("the log holds what a visitor wrote: %s", h.log)
	}
	entries := must(os.ReadDir(h.dir))(t)
	for _, e := range entries {
		if e.Name() != "uploads" && e.Name() != "originals" && !strings.HasPrefix(e.Name(), "state.db") {
			t.Errorf("found %s in the workspace", e.Name())
		}
	}
}

// slowStore lets a test hold an import in the middle of its draft.
type slowStore struct {
	layers.Store
	reached chan struct{}
	once    sync.Once
}

func (s *slowStore) Begin(ctx context.Context, l layers.Layer, v layers.Vintage) (layers.Draft, error) {
	s.once.Do(func() { close(s.reached) })
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestCancelledImportPublishesNothing(t *testing.T) {
	slow := &slowStore{Store: memory.New(), reached: make(chan struct{})}
	h := openHouse(t, t.TempDir(), slow, func(c *api.Config) { c.Limits.QueuedImports = 2 })
	first := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 202)
	<-slow.reached
	second := read[importDoc](t, h.send(t, "/api/imports", importForm().file("b.geojson", polygon)), 202)
	if left := h.left(t); len(left) != 1 {
		t.Errorf("the same bytes are kept %d times: %v", len(left), left)
	}
	full := h.send(t, "/api/imports", importForm().file("c.geojson", polygon))
	refused(t, full, 429, "job.queue.full")
	if full.Header.Get("Retry-After") == "" {
		t.Error("a full queue does not say when to come back")
	}
	for _, id := range []string{second.ID, first.ID} {
		if doc := read[importDoc](t, h.post(t, "/api/imports/"+id+"/cancel", "", nil), 200); doc.State != "dismissed" {
			t.Errorf("cancelled: %+v", doc)
		}
	}
	if left := h.cleared(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if r := h.get(t, "/api/layers"); string(r.body) != "[]\n" {
		t.Errorf("layers: %s", r.body)
	}
}

func TestImportSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	slow := &slowStore{Store: memory.New(), reached: make(chan struct{})}
	h := openHouse(t, dir, slow, nil)
	sent := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 202)
	<-slow.reached
	h.leave()
	if left := h.left(t); len(left) != 1 {
		t.Fatalf("uploads after the stop: %v", left)
	}
	again := openHouse(t, dir, slow.Store, nil)
	doc := again.await(t, sent.ID, "successful", "failed")
	if doc.Ref != "redline@2023.1" {
		t.Errorf("after the restart: %+v %+v", doc, doc.Problem)
	}
	if left := again.left(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestPublishedBeforeTheCrash kills the process, as it were, between the publication and the note of it: the import
// runs again, and must not publish a second revision.
func TestPublishedBeforeTheCrash(t *testing.T) {
	dir := t.TempDir()
	store := must(gpkg.Open(t.Context(), filepath.Join(dir, "store.gpkg")))(t)
	t.Cleanup(func() { store.Close() })
	clock := func(c *api.Config) { c.Now = time.Now } // the store dates what it publishes by the real clock
	h := openHouse(t, dir, store, clock)
	sent := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 202)
	h.await(t, sent.ID, "successful")
	if _, err := h.state.SQL().ExecContext(t.Context(),
		`UPDATE import SET state = 'running', ref = '', report = NULL`); err != nil {
		t.Fatal(err)
	}
	h.leave()
	again := openHouse(t, dir, store, clock)
	doc := again.await(t, sent.ID, "successful", "failed")
	if doc.Ref != "redline@2023.1" || doc.Report == nil || doc.Report.Kept != 1 {
		t.Errorf("after the crash: %+v %+v", doc, doc.Problem)
	}
	if all := must(store.Vintages(t.Context(), "redline"))(t); len(all) != 1 {
		t.Errorf("published %d times", len(all))
	}
}

func TestStartSweepsUp(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"uploads/receiving-1/part-0", "uploads/abc-zip/upload.zip"} {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h := openHouse(t, dir, memory.New(), nil)
	if left := h.cleared(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestLooseShapefile sends the parts of a shapefile one by one, under different spellings of one name.
func TestLooseShapefile(t *testing.T) {
	const folder = "../../shared/data/fmt-shp-mbostock/test"
	names, err := filepath.Glob(folder + "/boolean-property.*")
	if err != nil || len(names) == 0 {
		t.Skip(folder + " is not there")
	}
	h := newHouse(t, nil)
	f := importForm("treatAs", "EPSG:4490")
	for _, n := range names {
		if strings.HasSuffix(n, ".json") {
			continue
		}
		f.file(filepath.Base(n), string(must(os.ReadFile(n))(t)))
	}
	doc := read[importDoc](t, h.send(t, "/api/imports", f), 202)
	doc = h.await(t, doc.ID, "successful", "failed")
	raw, _ := json.Marshal(doc)
	if doc.File != "boolean-property.shp" || doc.Problem == nil || strings.HasPrefix(doc.Problem.Code, "api.") {
		t.Errorf("points are no red line: %s", raw)
	}
}

// TestDatumShift imports degrees of Xi'an 1980 with an operator's parameters; a form whose parameters cannot be meant is
// refused at once.
func TestDatumShift(t *testing.T) {
	const shift = "18.5,-124.25,-71.75,0.75,-1.25,2.5,-3.5"
	h := newHouse(t, nil)
	sent := read[importDoc](t, h.send(t, "/api/imports",
		importForm("treatAs", "EPSG:4610", "datumShift", shift).file("2011.geojson", polygon)), 202)
	doc := h.await(t, sent.ID, "successful", "failed")
	if doc.Report == nil || doc.Report.System != "EPSG:4610 ("+shift+",coordinate-frame)" {
		t.Fatalf("done: %+v %+v", doc.Report, doc.Problem)
	}
	for _, c := range []struct{ code, system, shift string }{
		{"ingest.crs.old-datum", "EPSG:4610", ""},
		{"ingest.crs.shift-without-system", "", shift},
		{"ingest.crs.shift-unneeded", "EPSG:4490", shift},
		{"ingest.crs.shift-implausible", "EPSG:4610", "0,0,0,0,0,0,1e6"},
		{"ingest.crs.shift-malformed", "EPSG:4610", "1,2"},
	} {
		form := importForm("treatAs", c.system, "datumShift", c.shift).file("2011.geojson", polygon)
		refused(t, h.send(t, "/api/imports", form), 422, c.code)
	}
}
