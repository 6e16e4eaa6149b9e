package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"greenshield/api"
	"greenshield/layers"
	"greenshield/layers/store/memory"
)

func application() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte("<!doctype html><title>greenshield</title>")},
		"assets/app-1a2b.js":  {Data: []byte(strings.Repeat("let a = 1;\n", 200))},
		"assets/app-1a2b.css": {Data: []byte("a{}")},
		".gitkeep":            {Data: nil},
	}
}

func TestApplicationIsServed(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Web = application() })
	for path, want := range map[string]struct{ mediaType, cache string }{
		"/":                         {"text/html", "no-cache"},
		"/index.html":               {"text/html", "no-cache"},
		"/map/redline@2023.1":       {"text/html", "no-cache"},
		"/conflict/06ebef9j31ephs5": {"text/html", "no-cache"},
		"/assets/app-1a2b.js":       {"text/javascript", "immutable"},
		"/assets/app-1a2b.css":      {"text/css", "immutable"},
	} {
		ask := h.request(t, http.MethodGet, path, "", nil)
		ask.Header.Set("Accept", "text/html,*/*;q=0.8")
		r := h.do(t, ask)
		if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), want.mediaType) ||
			!strings.Contains(r.Header.Get("Cache-Control"), want.cache) {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
	}
	for _, path := range []string{"/assets/other.js", "/.gitkeep", "/assets/x/", "/%2e%2e/go.mod", "/favicon.ico"} {
		refused(t, h.get(t, path), 404, "api.route.unknown")
	}
	r := h.request(t, http.MethodGet, "/assets/app-1a2b.js", "", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	packed := h.do(t, r)
	plain := must(io.ReadAll(must(gzip.NewReader(bytes.NewReader(packed.body)))(t)))(t)
	if packed.Header.Get("Content-Encoding") != "gzip" || len(plain) != 2200 {
		t.Errorf("packed: %v, %d bytes", packed.Header, len(plain))
	}
	r.Header.Set("If-None-Match", packed.Header.Get("ETag"))
	if again := h.do(t, r); again.StatusCode != 304 || len(again.body) != 0 {
		t.Errorf("again: %d", again.StatusCode)
	}
	refused(t, h.post(t, "/", "", nil), 404, "api.route.unknown")
}

func TestApplicationIsMissing(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Web = fstest.MapFS{".gitkeep": {}} })
	page := h.get(t, "/")
	if page.StatusCode != 200 || bytes.Count(page.body, []byte("make web")) != 2 {
		t.Errorf("%d %s", page.StatusCode, page.body)
	}
	if r := h.get(t, "/api/catalogue"); r.StatusCode != 200 {
		t.Errorf("the API without the application: %d", r.StatusCode)
	}
}

func TestHeadHasHeadersAlone(t *testing.T) {
	h := newHouse(t, nil)
	for _, path := range []string{"/api/catalogue", "/livez", "/openapi.json"} {
		r := h.do(t, h.request(t, http.MethodHead, path, "", nil))
		if r.StatusCode != 200 || len(r.body) != 0 || r.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v %q", path, r.StatusCode, r.Header, r.body)
		}
	}
}

func TestAnswersArePacked(t *testing.T) {
	h := newHouse(t, nil)
	r := h.request(t, http.MethodGet, "/api/legend", "", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	packed := h.do(t, r)
	plain := must(io.ReadAll(must(gzip.NewReader(bytes.NewReader(packed.body)))(t)))(t)
	r.Header.Set("Accept-Encoding", "identity")
	if whole := h.do(t, r); packed.Header.Get("Content-Encoding") != "gzip" || !bytes.Equal(whole.body, plain) {
		t.Errorf("packed %v", packed.Header)
	}
}

// brokenStore fails in the way of a mistake of ours.
type brokenStore struct{ layers.Store }

func (brokenStore) Layers(context.Context) ([]layers.Layer, error) { panic("secret: /home/x") }

func TestPanicTellsNothing(t *testing.T) {
	h := openHouse(t, t.TempDir(), brokenStore{memory.New()}, nil)
	p := refused(t, h.get(t, "/api/catalogue"), 500, "api.internal")
	if strings.Contains(p.Detail, "secret") || p.Args["request"] == "" {
		t.Errorf("%+v", p)
	}
	h.leave()
	if !strings.Contains(h.log.String(), "secret") {
		t.Error("the log does not say what happened")
	}
}

// TestSameUploadAtOnce sends the same bytes many times at the same moment; each gets its import, the bytes are kept
// once while they are needed, and not at all afterwards.
func TestSameUploadAtOnce(t *testing.T) {
	h := newHouse(t, nil)
	var wg sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f := importForm().file("a.geojson", polygon)
			f.w.Close()
			r := h.request(t, http.MethodPost, "/api/imports", f.w.FormDataContentType(), &f.Buffer)
			resp, err := h.Client().Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != 202 {
				t.Errorf("%d %s %v", resp.StatusCode, body, err)
				return
			}
			ids[i] = read[importDoc](t, reply{resp, body}, 202).ID
		}()
	}
	wg.Wait()
	refs := map[string]bool{}
	for _, id := range ids {
		doc := h.await(t, id, "successful", "failed")
		if doc.State != "successful" || refs[doc.Ref] {
			t.Errorf("%+v %+v", doc, doc.Problem)
		}
		refs[doc.Ref] = true
	}
	if left := h.cleared(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRunEndsInOrder(t *testing.T) {
	h := newHouse(t, nil)
	h.api.Stop(t.Context())
	h.Server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	ended := make(chan error, 1)
	go func() { ended <- h.api.Run(ctx, listener) }()
	for host, want := range map[string]int{
		"127.0.0.1": 200, "localhost:8080": 200, "[::1]:80": 200,
		"evil.example": 421,
	} {
		t.Run("bad-input 99 host "+host, func(t *testing.T) {
			r := must(http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listener.Addr().String()+"/readyz", nil))(t)
			r.Host = host
			resp := must(http.DefaultClient.Do(r))(t)
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%d, want %d", resp.StatusCode, want)
			}
		})
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("does not end")
	}
	if _, err := net.Dial("tcp", listener.Addr().String()); err == nil {
		t.Error("still listens")
	}
}

// TestUnwritableWorkspace has a file where the folder for uploads should be.
func TestUnwritableWorkspace(t *testing.T) {
	h := newHouse(t, nil)
	if err := os.WriteFile(filepath.Join(h.dir, "uploads"), []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := refused(t, h.send(t, "/api/imports", importForm().file("a.geojson", polygon)), 500, "api.internal")
	if strings.Contains(p.Detail, h.dir) {
		t.Errorf("tells where the workspace lies: %s", p.Detail)
	}
}
