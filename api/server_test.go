package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/api"
	"greenshield/api/state"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/rule"
	"greenshield/layers/store/memory"
	"greenshield/layers/text"
	"greenshield/layers/tiles"
)

// house is a server as cmd joins one, over a store in memory and a workspace of its own.
type house struct {
	*httptest.Server
	api   *api.Server
	store layers.Store
	state *state.DB
	dir   string
	log   *bytes.Buffer
}

var today = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func newHouse(t *testing.T, change func(*api.Config)) *house {
	t.Helper()
	return openHouse(t, t.TempDir(), memory.New(), change)
}

func openHouse(t *testing.T, dir string, store layers.Store, change func(*api.Config)) *house {
	t.Helper()
	h := &house{store: store, dir: dir, log: &bytes.Buffer{}}
	data := os.DirFS("../data")
	library := layers.NewLibrary(store)
	h.state = must(state.Open(t.Context(), filepath.Join(dir, "state.db")))(t)
	config := api.Config{
		Store: store, Library: library, State: h.state, Workspace: dir, Program: "greenshield test",
		Book: must(rule.Load(sub(t, data, "rules")))(t), Codes: must(codes.Load(sub(t, data, "codes")))(t),
		Texts:  must(text.Load(sub(t, data, "texts")))(t),
		Tiles:  tiles.New(library, must(tiles.LoadBook(sub(t, data, "styles")))(t), tiles.Options{}),
		Logger: slog.New(slog.NewJSONHandler(&lockedWriter{w: h.log}, nil)),
		Now:    func() time.Time { return today },
	}
	if change != nil {
		change(&config)
	}
	h.api = must(api.New(config))(t)
	if err := h.api.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.Server = httptest.NewServer(h.api)
	t.Cleanup(h.leave)
	return h
}

// leave ends the server as an orderly stop does; a second time does nothing.
func (h *house) leave() {
	h.Server.Close()
	h.api.Stop(context.Background())
	h.state.Close()
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func sub(t *testing.T, fsys fs.FS, dir string) fs.FS {
	t.Helper()
	return must(fs.Sub(fsys, dir))(t)
}

// square is a square of a hundredth of a degree times size, with its lower left corner at x, y hundredths from
// 109.4 E 23.1 N.
func square(x, y, size float64) orb.Polygon {
	w, s := 109.4+x/100, 23.1+y/100
	e, n := w+size/100, s+size/100
	return orb.Polygon{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}
}

type item struct {
	geometry orb.Geometry
	roles    map[layers.Role]string
}

// publish puts a vintage into the store without a file.
func (h *house) publish(t *testing.T, id layers.LayerID, theme layers.Theme, vintage string, items ...item) string {
	t.Helper()
	fields := []format.Field{{Name: "MC"}, {Name: "BZ"}}
	draft := must(h.store.Begin(t.Context(), layers.Layer{ID: id, Theme: theme, Title: "图层 " + string(id)},
		layers.Vintage{
			Ref: layers.Ref{Layer: id, Vintage: vintage}, Theme: theme, Fields: fields, Mapping: mapping(theme),
		}))(t)
	hasher := layers.NewHasher(fields)
	for _, it := range items {
		f := layers.Feature{
			Geometry: it.geometry, Area: ellipsoid.Area(it.geometry), Length: lengthOf(it.geometry), Roles: it.roles,
			Values: []any{it.roles[layers.Name], it.roles[layers.Class] + "<script>alert(1)</script>"},
		}
		f.Hash = hasher.Feature(f)
		if err := draft.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	v := must(draft.Commit(t.Context(), func(v *layers.Vintage) error {
		v.Coverage.Kind = layers.CoverageEverywhere
		return nil
	}))(t)
	return v.Ref.String()
}

func mapping(theme layers.Theme) map[layers.Role]string {
	m := map[layers.Role]string{layers.Name: "MC"}
	if theme == layers.Landuse {
		m[layers.Class] = "BZ"
	}
	return m
}

// city publishes a layer of every kind that the routes need.
func (h *house) city(t *testing.T) {
	t.Helper()
	named := func(g orb.Geometry, name string, more ...string) item {
		roles := map[layers.Role]string{layers.Name: name, layers.Code: name}
		for i := 0; i+1 < len(more); i += 2 {
			roles[layers.Role(more[i])] = more[i+1]
		}
		return item{g, roles}
	}
	h.publish(t, "redline", layers.Redline, "2023", named(square(0, 0, 2), "红线甲"))
	h.publish(t, "protected", layers.Protected, "2023", named(square(0, 0, 1), "保护地甲", "zone", "core"))
	h.publish(t, "region", layers.Region, "2023", named(square(-5, -5, 5), "450801"), named(square(0, -5, 10), "450802"))
	h.publish(t, "landuse", layers.Landuse, "2022", named(square(0, 0, 1), "a", "class", "0101"),
		named(square(1, 0, 1), "b", "class", "0301"))
	h.publish(t, "landuse", layers.Landuse, "2023", named(square(0, 0, 1), "a", "class", "0601"),
		named(square(1, 0, 1), "b", "class", "0301"))
	h.publish(t, "shore", layers.Shoreline, "2023",
		named(orb.LineString{{109.4, 23.1}, {109.41, 23.1}}, "一", "zone", "1", "river", "甲江"),
		named(orb.LineString{{109.41, 23.1}, {109.42, 23.1}}, "四", "zone", "4", "river", "甲江"))
}

// reply is an answer that has been read.
type reply struct {
	*http.Response
	body []byte
}

func (h *house) do(t *testing.T, r *http.Request) reply {
	t.Helper()
	resp, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	h.keepsItsWord(t, r, resp, body)
	return reply{resp, body}
}

func (h *house) request(t *testing.T, method, path, contentType string, body io.Reader) *http.Request {
	t.Helper()
	r := must(http.NewRequestWithContext(t.Context(), method, h.URL+path, body))(t)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("Accept-Language", "en")
	return r
}

func (h *house) get(t *testing.T, path string) reply {
	t.Helper()
	return h.do(t, h.request(t, http.MethodGet, path, "", nil))
}

func (h *house) post(t *testing.T, path, contentType string, body io.Reader) reply {
	t.Helper()
	return h.do(t, h.request(t, http.MethodPost, path, contentType, body))
}

func read[T any](t *testing.T, r reply, status int) T {
	t.Helper()
	var v T
	if r.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d: %s", r.Request.Method, r.Request.URL, r.StatusCode, status, r.body)
	}
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatalf("%s: %v: %s", r.Request.URL, err, r.body)
	}
	return v
}

// problem is a problem document as a client sees it.
type problem struct {
	Type, Title, Detail, Code string
	Status                    int
	Args                      map[string]any
}

// refused checks that an answer is a whole problem document with a sentence for its code.
func refused(t *testing.T, r reply, status int, code string) problem {
	t.Helper()
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("%s %s: %d with %q: %s", r.Request.Method, r.Request.URL, r.StatusCode, got, r.body)
	}
	p := read[problem](t, r, status)
	if p.Code != code || p.Status != status || p.Type != "/problems/"+code {
		t.Errorf("%s: got %+v, want code %s", r.Request.URL, p, code)
	}
	if p.Title == "" || p.Detail == "" || strings.HasPrefix(p.Detail, p.Code) ||
		strings.HasPrefix(p.Title, "api.status") {
		t.Errorf("%s: %s has no sentence: %q, %q", r.Request.URL, code, p.Title, p.Detail)
	}
	return p
}

// form is a multipart body under construction.
type form struct {
	bytes.Buffer
	w *multipart.Writer
}

func newForm(fields ...string) *form {
	f := &form{}
	f.w = multipart.NewWriter(&f.Buffer)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = f.w.WriteField(fields[i], fields[i+1])
	}
	return f
}

func (f *form) file(name, content string) *form {
	p, err := f.w.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(p, content)
	}
	if err != nil {
		panic(err)
	}
	return f
}

func (h *house) send(t *testing.T, path string, f *form) reply {
	t.Helper()
	f.w.Close()
	return h.post(t, path, f.w.FormDataContentType(), &f.Buffer)
}
