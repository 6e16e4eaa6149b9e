package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenshield/api"
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/store/gpkg"
	"greenshield/layers/store/memory"
)

func (d importDoc) codes() []string {
	var out []string
	if d.Report != nil {
		for _, i := range d.Report.Issues {
			out = append(out, i.Code)
		}
	}
	return out
}

// TestSameUploadAgain sends one file several times at once, and once more: every one is kept as a revision of its own,
// and all but the first are told that the file is published already.
func TestSameUploadAgain(t *testing.T) {
	h := newHouse(t, nil)
	const times = 6
	ids := make([]string, times)
	var all sync.WaitGroup
	for i := range times - 1 {
		all.Go(func() {
			ids[i] = read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 202).ID
		})
	}
	all.Wait()
	t.Run("bad-input 10 in parallel and again", func(t *testing.T) {
		var refs []string
		told := 0
		for i, id := range ids {
			if i == times-1 { // once more, when all are published
				id = read[importDoc](t, h.send(t, "/api/imports", importForm().file("b.geojson", polygon)), 202).ID
			}
			doc := h.await(t, id, "successful", "failed")
			refs = append(refs, doc.Ref)
			if slices.Contains(doc.codes(), "ingest.vintage.same-file") {
				told++
			}
		}
		slices.Sort(refs)
		if len(slices.Compact(refs)) != times || told != times-1 {
			t.Errorf("published %v, %d were told", refs, told)
		}
		if left := h.cleared(t); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

// TestSwitchDuringUploads publishes revisions of a layer, one with the parcel in it and the next far away, while
// parcels are checked; at last a file of the same layer is uploaded. Every check belongs to one revision from beginning
// to end.
func TestSwitchDuringUploads(t *testing.T) {
	h := newHouse(t, nil)
	at := func(revision int) float64 { return float64(revision%2) * 40 }
	h.publish(t, "redline", "redline", "2023", item{geometry: square(at(1), 0, 2)})
	body := h.known(t, drawn(40.5, 0.5, 1))
	stop, last := make(chan struct{}), make(chan int, 1)
	go func() {
		revision := 2
		defer func() { last <- revision }()
		for ; ; revision++ {
			select {
			case <-stop:
				return
			default:
			}
			time.Sleep(5 * time.Millisecond) // so that some checks end between two revisions
			h.publish(t, "redline", "redline", "2023", item{geometry: square(at(revision), 0, 2)})
		}
	}()
	t.Run("bad-input 93 checks while revisions change", func(t *testing.T) {
		seen := map[string]bool{}
		defer close(stop)
		for range 30 {
			doc := read[checkDoc](t, h.post(t, "/api/checks", "application/json", strings.NewReader(body)), 201)
			if len(doc.Provenance.Refs) != 1 || len(doc.Parcels) != 1 {
				t.Fatalf("got %+v", doc)
			}
			ref := must(layers.ParseRef(doc.Provenance.Refs[0]))(t)
			seen[ref.String()] = true
			hits := 0
			for _, f := range doc.Parcels[0].Findings {
				hits++
				if f.Ref != ref.String() {
					t.Errorf("a finding of %s in a check of %s", f.Ref, ref)
				}
			}
			if hits != ref.Revision%2 {
				t.Errorf("%s: %d findings", ref, hits)
			}
		}
		if len(seen) < 3 {
			t.Errorf("the checks met %d revisions only", len(seen))
		}
	})
	t.Run("bad-input 93 upload after all changes", func(t *testing.T) {
		want := fmt.Sprintf("redline@2023.%d", <-last)
		doc := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 202)
		if doc = h.await(t, doc.ID, "successful", "failed"); doc.Ref != want {
			t.Errorf("published as %s, want %s, %+v", doc.Ref, want, doc.Problem)
		}
	})
}

// withdrawing takes a vintage out of use between the look at the list and the reading of its features.
type withdrawing struct {
	layers.Store
	ref  layers.Ref
	once sync.Once
}

func (w *withdrawing) Vintages(ctx context.Context, id layers.LayerID) ([]layers.Vintage, error) {
	all, err := w.Store.Vintages(ctx, id)
	if id == w.ref.Layer {
		w.once.Do(func() { _ = w.Store.Withdraw(ctx, w.ref) })
	}
	return all, err
}

// TestWithdrawnDuringACheck takes a vintage away in the middle of a check: the check says that it could not look there,
// and never that nothing is there. What was checked before stays as it was.
func TestWithdrawnDuringACheck(t *testing.T) {
	store := &withdrawing{Store: memory.New()}
	h := openHouse(t, t.TempDir(), store, nil)
	h.publish(t, "redline", "redline", "2023", item{geometry: square(0, 0, 2)})
	before := h.draw(t, 0.5, 0.5, 1)
	h.api.Library.Forget(layers.Ref{Layer: "redline", Vintage: "2023", Revision: 1})
	body := h.known(t, drawn(0.5, 0.5, 1))
	store.ref = layers.Ref{Layer: "redline", Vintage: "2023", Revision: 1}
	t.Run("bad-input 98 vintage withdrawn during a check", func(t *testing.T) {
		doc := read[checkDoc](t, h.post(t, "/api/checks", "application/json", strings.NewReader(body)), 201)
		failed := func(g struct{ Code, Text string }) bool { return g.Code == "check.layer.failed" && g.Text != "" }
		if doc.Verdict != "incomplete" || !slices.ContainsFunc(doc.Parcels[0].Gaps, failed) {
			t.Errorf("got %s because of %+v", doc.Verdict, doc.Parcels[0].Gaps)
		}
	})
	t.Run("bad-input 98 check of a vintage that is withdrawn since", func(t *testing.T) {
		kept := read[checkDoc](t, h.get(t, "/api/checks/"+before.ID), 200)
		if kept.Verdict != before.Verdict || len(kept.Parcels[0].Findings) != len(before.Parcels[0].Findings) {
			t.Errorf("kept %+v, was %+v", kept, before)
		}
		refused(t, h.get(t, "/api/vintages/redline@2023.1/features/1"), 404, "store.vintage.unknown")
	})
}

// TestClockPutBack lets the clock jump back an hour between two imports, and between an import and the restart
// after it.
func TestClockPutBack(t *testing.T) {
	dir := t.TempDir()
	store := must(gpkg.Open(t.Context(), filepath.Join(dir, "store.gpkg")))(t)
	t.Cleanup(func() { store.Close() })
	var back atomic.Int64
	now := func() time.Time { return today.Add(-time.Duration(back.Load()) * time.Hour) }
	store.Now = now
	clock := func(c *api.Config) { c.Now = now }
	h := openHouse(t, dir, store, clock)
	publish := func(content string) importDoc {
		doc := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", content)), 202)
		return h.await(t, doc.ID, "successful", "failed")
	}
	t.Run("bad-input 96 between two imports", func(t *testing.T) {
		first := publish(polygon)
		back.Add(1)
		second := publish(polygon + " ")
		if first.Ref != "redline@2023.1" || second.Ref != "redline@2023.2" {
			t.Fatalf("published %s, then %s", first.Ref, second.Ref)
		}
		if v := read[vintageDoc](t, h.get(t, "/api/vintages/redline@2023.2"), 200); !v.Current {
			t.Error("the later revision is not the current one")
		}
		if list := read[[]importDoc](t, h.get(t, "/api/imports"), 200); list[0].ID != second.ID {
			t.Errorf("the list begins with %s", list[0].Ref)
		}
	})
	t.Run("bad-input 96 between a publication and the note of it", func(t *testing.T) {
		sent := publish(polygon + "  ")
		if _, err := h.state.SQL().ExecContext(t.Context(), `UPDATE import SET state = 'running', ref = '', report = NULL,
			created = '2027-01-01T00:00:00.000000000Z' WHERE id = ?`, sent.ID); err != nil {
			t.Fatal(err)
		}
		h.leave()
		h = openHouse(t, dir, store, clock)
		if doc := h.await(t, sent.ID, "successful", "failed"); doc.Ref != sent.Ref {
			t.Errorf("published once more as %s", doc.Ref)
		}
	})
}

// TestMoreJobsThanTheQueueHolds sends what one visitor could send in a fit: as many imports as the queue holds are
// kept, all others are told when to come back, and nothing of them stays. api/job has the test with ten thousand.
func TestMoreJobsThanTheQueueHolds(t *testing.T) {
	slow := &slowStore{Store: memory.New(), reached: make(chan struct{})}
	h := openHouse(t, t.TempDir(), slow, nil)
	f := importForm().file("a.geojson", polygon)
	f.w.Close()
	body, contentType := f.String(), f.w.FormDataContentType()
	const jobs = 500
	t.Run("bad-input 97 five hundred uploads", func(t *testing.T) {
		statuses := map[int]int{}
		for i := range jobs {
			r := h.post(t, "/api/imports", contentType, strings.NewReader(body))
			statuses[r.StatusCode]++
			if r.StatusCode != 202 && i%100 == 0 {
				refused(t, r, 429, "job.queue.full")
			}
			if r.StatusCode == 429 && r.Header.Get("Retry-After") == "" {
				t.Fatal("a full queue does not say when to come back")
			}
		}
		if statuses[202] != 100 || statuses[429] != jobs-100 {
			t.Errorf("answered %v", statuses)
		}
		if left := h.left(t); len(left) != 1 {
			t.Errorf("%d files are kept of one upload", len(left))
		}
		if n := bytes.Count(h.log.Bytes(), []byte("panic")); n > 0 {
			t.Errorf("%d panics", n)
		}
	})
}

// TestOtherRefsInTheAddress asks for what is not there, or not a ref at all. There are no users and no sessions yet, so
// whoever reaches the server may see every vintage; what guards it is who can reach it, see the tests of hosts and
// origins.
func TestOtherRefsInTheAddress(t *testing.T) {
	h := newHouse(t, nil)
	h.publish(t, "redline", "redline", "2023", item{geometry: square(0, 0, 1)})
	for ref, want := range map[string]struct {
		status int
		code   string
	}{
		"other@2023.1": {404, "store.vintage.unknown"}, "redline@2023.2": {404, "store.vintage.unknown"},
		"redline@2023.0": {400, "layer.ref.malformed"}, "redline": {400, "layer.ref.malformed"},
		"..%2f..%2fredline@2023.1": {404, "api.route.unknown"}, "redline@2023.1'--": {400, "layer.ref.malformed"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			t.Run("bad-input 99 "+method+" "+ref, func(t *testing.T) {
				refused(t, h.do(t, h.request(t, method, "/api/vintages/"+ref, "", nil)), want.status, want.code)
			})
		}
	}
	if r := h.get(t, "/api/vintages/redline@2023.1"); r.StatusCode != 200 {
		t.Errorf("the vintage is gone: %d", r.StatusCode)
	}
}

// hostileText is what an attribute may hold: markup, a formula, terminal codes, line ends that forge a line of a log,
// an ideograph outside the Basic Multilingual Plane, and a turned direction of reading.
const hostileText = "=1+1<script>alert(1)</script>\x1b[2J\r\nlevel=ERROR 𠮷\u202e"

// TestHostileAttributes takes such a text through an import, a feature, a finding, a list of rejects and the log.
func TestHostileAttributes(t *testing.T) {
	h := newHouse(t, nil)
	quoted := strings.NewReplacer("\x1b", `\u001b`, "\r", `\r`, "\n", `\n`).Replace(hostileText)
	file := strings.ReplaceAll(polygon, "甲", quoted)
	mapping := `{"name":"MC"}`
	doc := read[importDoc](t, h.send(t, "/api/imports", importForm("mapping", mapping).file("a.geojson", file)), 202)
	doc = h.await(t, doc.ID, "successful", "failed")
	t.Run("bad-input 100 in a feature", func(t *testing.T) {
		r := h.get(t, "/api/vintages/"+doc.Ref+"/features?limit=1")
		got := read[features](t, r, 200)
		// No browser takes this for a page.
		if r.Header.Get("Content-Type") != "application/geo+json" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("headers %v", r.Header)
		}
		if !slices.Contains(texts(got.Features[0].Properties), hostileText) {
			t.Errorf("the text changed: %q", got.Features[0].Properties)
		}
	})
	t.Run("bad-input 100 NUL", func(t *testing.T) {
		with := strings.ReplaceAll(polygon, "甲", `a\u0000b`)
		sent := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", with)), 202)
		if end := h.await(t, sent.ID, "successful", "failed"); end.State != "successful" {
			t.Fatalf("%+v", end.Problem)
		}
	})
	t.Run("bad-input 100 in a list of rejects", func(t *testing.T) {
		problem := geo.NewProblem("ingest.coverage.not-regions", "ref", hostileText, "theme", "x") // begins with the text
		h.reject(t, "wetland", layers.Reject{Row: 2, Problem: problem})
		r := h.get(t, "/api/vintages/wetland@2023.1/rejects.csv")
		rows := must(csv.NewReader(strings.NewReader(strings.TrimPrefix(string(r.body), "\ufeff"))).ReadAll())(t)
		said := slices.IndexFunc(rows[1], func(c string) bool { return strings.Contains(c, "<script>") })
		if len(rows) != 2 || said < 0 || strings.HasPrefix(rows[1][said], "=") {
			t.Errorf("the list reads %q", rows)
		}
	})
	t.Run("bad-input 100 in the log", func(t *testing.T) {
		h.leave()
		for line := range bytes.Lines(h.log.Bytes()) {
			if !bytes.HasPrefix(line, []byte(`{"time":`)) || bytes.ContainsAny(line, "\x1b\u202e") {
				t.Errorf("log: %q", line)
			}
		}
	})
}

func texts(properties map[string]any) []string {
	var out []string
	for _, v := range properties {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case map[string]any:
			out = append(out, texts(v)...)
		}
	}
	return out
}

// TestFullDiskForUploads sends 3 MB to a workspace on a disk of 2 MB, and a small file to a disk that is read-only.
func TestFullDiskForUploads(t *testing.T) {
	dir := t.TempDir()
	h := openHouse(t, dir, memory.New(), nil)
	uploads := filepath.Join(dir, "uploads")
	if err := os.MkdirAll(uploads, 0o750); err != nil {
		t.Fatal(err)
	}
	remount := smallDisk(t, uploads)
	t.Run("bad-input 94 full disk", func(t *testing.T) {
		large := polygon + strings.Repeat(" ", 3<<20)
		refused(t, h.send(t, "/api/imports", importForm().file("a.geojson", large)), 507, "api.storage.full")
		if left := h.cleared(t); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	t.Run("bad-input 94 after the full disk", func(t *testing.T) {
		doc := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 202)
		if doc = h.await(t, doc.ID, "successful", "failed"); doc.State != "successful" {
			t.Errorf("%+v", doc.Problem)
		}
	})
	t.Run("bad-input 94 read-only disk", func(t *testing.T) {
		remount(t)
		refused(t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 500, "api.storage.read-only")
	})
}

// fullStore has no room at the moment of publication.
type fullStore struct{ layers.Store }

func (f fullStore) Begin(ctx context.Context, l layers.Layer, v layers.Vintage) (layers.Draft, error) {
	d, err := f.Store.Begin(ctx, l, v)
	return fullDraft{d}, err
}

type fullDraft struct{ layers.Draft }

func (fullDraft) Commit(context.Context, func(*layers.Vintage) error) (layers.Vintage, error) {
	return layers.Vintage{}, geo.NewProblem("store.disk.full", "file", "greenshield.gpkg")
}

// TestFullDiskAtPublication has a disk that fills up in the middle of the work.
func TestFullDiskAtPublication(t *testing.T) {
	h := openHouse(t, t.TempDir(), fullStore{memory.New()}, nil)
	t.Run("bad-input 94 full at the moment of publication", func(t *testing.T) {
		doc := read[importDoc](t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 202)
		doc = h.await(t, doc.ID, "successful", "failed")
		if doc.State != "failed" || doc.Problem.Code != "store.disk.full" || doc.Ref != "" {
			t.Errorf("%+v, %+v", doc, doc.Problem)
		}
		if r := h.get(t, "/api/layers"); string(r.body) != "[]\n" {
			t.Errorf("layers: %s", r.body)
		}
		if left := h.cleared(t); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

// reject publishes a vintage with a row that was not kept.
func (h *house) reject(t *testing.T, id layers.LayerID, r layers.Reject) {
	t.Helper()
	draft := must(h.store.Begin(t.Context(), layers.Layer{ID: id, Theme: layers.Wetland},
		layers.Vintage{Ref: layers.Ref{Layer: id, Vintage: "2023"}}))(t)
	must(draft.Commit(t.Context(), func(v *layers.Vintage) error {
		v.Rejects = []layers.Reject{r}
		return nil
	}))(t)
}
