package api_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"greenshield/api"
)

// polygon is a GeoJSON file that declares CGCS2000 and holds one square.
const polygon = `{"type":"FeatureCollection",
"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},
"features":[{"type":"Feature","properties":{"MC":"甲"},"geometry":{"type":"Polygon","coordinates":[[
[109.40,23.10],[109.42,23.10],[109.42,23.12],[109.40,23.12],[109.40,23.10]]]}}]}`

func importForm(more ...string) *form {
	return newForm(append([]string{"layer", "redline", "theme", "redline", "vintage", "2023"}, more...)...)
}

// left lists what lies in the uploads folder.
func (h *house) left(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(filepath.Join(h.dir, "uploads"), func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, p)
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return names
}

// cleared waits until nothing lies in the uploads folder any more, and lists what does after some seconds: an import is
// told to be done before its upload is let go.
func (h *house) cleared(t *testing.T) []string {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); len(h.left(t)) != 0 && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	return h.left(t)
}

func TestBadUploads(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Limits.UploadBytes = 400_000 })
	h.publish(t, "taken", "protected", "2023", item{geometry: square(0, 0, 1)})
	many := importForm()
	for i := range 1000 {
		many.file(fmt.Sprintf("f%d.geojson", i), "x")
	}
	for name, tc := range map[string]struct {
		form   *form
		status int
		code   string
	}{
		"bad-input 2 no file":            {importForm(), 400, "api.upload.none"},
		"bad-input 2 file as text field": {importForm("file", "x"), 400, "api.upload.none"},
		"bad-input 1 empty file":         {importForm().file("a.geojson", ""), 400, "api.upload.empty"},
		"bad-input 8 name too long": {
			importForm().file(strings.Repeat("a", 300)+".geojson", "x"), 400, "api.upload.name-long",
		},
		"bad-input 3 a thousand parts": {many, 400, "api.upload.too-many"},
		"two unrelated files": {
			importForm().file("a.geojson", "x").file("b.geojson", "y"), 400,
			"api.upload.not-one-set",
		},
		"shapefile without shp": {importForm().file("a.dbf", "x").file("a.shx", "y"), 400, "api.upload.not-one-set"},
		"shapefile twice":       {importForm().file("a.shp", "x").file("a.shp", "y"), 400, "api.upload.not-one-set"},
		"stems differ":          {importForm().file("a.shp", "x").file("b.dbf", "y"), 400, "api.upload.not-one-set"},
		"bad-input 6 over the limit": {
			importForm().file("a.geojson", strings.Repeat("x", 400_001)), 413,
			"api.request.too-large",
		},
		"no layer": {
			newForm("theme", "redline", "vintage", "2023").file("a.geojson", "x"), 400,
			"api.request.field-missing",
		},
		"layer malformed": {
			newForm("layer", "Red line", "theme", "redline", "vintage", "2023").file("a", "x"),
			422, "layer.id.malformed",
		},
		"theme unknown": {
			newForm("layer", "redline", "theme", "x", "vintage", "2023").file("a", "x"), 400,
			"api.request.field-value",
		},
		"theme differs": {
			newForm("layer", "taken", "theme", "redline", "vintage", "2023").file("a", "x"),
			409, "store.layer.theme-differs",
		},
		"vintage malformed": {
			newForm("layer", "redline", "theme", "redline", "vintage", "20233").file("a", "x"),
			422, "layer.vintage.malformed",
		},
		"system unknown":       {importForm("crs", "EPSG:1").file("a", "x"), 422, "ingest.crs.unknown"},
		"mapping no JSON":      {importForm("mapping", "{").file("a", "x"), 400, "api.request.mapping"},
		"mapping unknown role": {importForm("mapping", `{"x":"y"}`).file("a", "x"), 400, "api.request.role"},
		"regions missing":      {importForm("coverage", "regions").file("a", "x"), 400, "layer.ref.malformed"},
		"field unknown":        {importForm("colour", "red").file("a", "x"), 400, "api.request.field-unknown"},
		"field twice":          {importForm("layer", "redline").file("a", "x"), 400, "api.request.field-twice"},
		"field too long": {
			importForm("title", strings.Repeat("a", 201)).file("a", "x"), 400,
			"api.request.field-long",
		},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, h.send(t, "/api/imports", tc.form), tc.status, tc.code)
			if left := h.cleared(t); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func boundaryOf(contentType string) string {
	_, boundary, _ := strings.Cut(contentType, "boundary=")
	return boundary
}

func TestBrokenBodies(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Limits.UploadBytes, c.Limits.JSONBytes = 100_000, 1000 })
	whole := importForm().file("a.geojson", polygon)
	whole.w.Close()
	contentType, body := whole.w.FormDataContentType(), whole.String()
	headers := strings.Replace(body, "Content-Type: application/octet-stream",
		strings.Repeat("X-A: b\r\n", 10_001)+"X: y", 1)
	for name, tc := range map[string]struct {
		contentType, body string
		status            int
		code              string
	}{
		"bad-input 1 empty body, no type": {"", "", 415, "api.request.media"},
		"bad-input 1 empty body":          {contentType, "", 400, "api.request.broken"},
		"bad-input 4 no boundary":         {"multipart/form-data", body, 400, "api.request.boundary"},
		"bad-input 4 wrong boundary":      {"multipart/form-data; boundary=other", body, 400, "api.request.broken"},
		"bad-input 5 cut off in the file": {contentType, body[:len(body)-200], 400, "api.request.broken"},
		"bad-input 5 cut off in a head": {
			contentType, body[:strings.LastIndex(body, "\r\n--")] + "\r\n--" + boundaryOf(contentType) + "\r\nContent-Disp",
			400, "api.request.broken",
		},
		"bad-input 5 cut off at the end":   {contentType, body[:len(body)-10], 400, "api.request.broken"},
		"bad-input 3 ten thousand headers": {contentType, headers, 400, "api.request.broken"},
		"JSON instead":                     {"application/json", "{}", 415, "api.request.media"},
		"type is no media type":            {"multipart/;;", body, 415, "api.request.media"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, h.post(t, "/api/imports", tc.contentType, strings.NewReader(tc.body)), tc.status, tc.code)
			if left := h.cleared(t); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	for name, tc := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"no JSON":        {"{", 400, "api.request.json"},
		"empty":          {"", 400, "api.request.json"},
		"unknown member": {`{"activty":"x"}`, 400, "api.request.json"},
		"more after it":  {`{"geometry":{"type":"Polygon","coordinates":[]},"activity":"x"} {}`, 400, "api.request.json"},
		"no geometry":    {`{"activity":"construction"}`, 400, "api.request.geometry"},
		"a point": {
			`{"geometry":{"type":"Point","coordinates":[1,2]},"activity":"x"}`, 400,
			"api.request.geometry",
		},
		"no activity": {`{"geometry":{"type":"Polygon","coordinates":[]}}`, 400, "api.request.field-missing"},
		"activity unknown": {
			`{"geometry":{"type":"Polygon","coordinates":[]},"activity":"x"}`, 422,
			"check.activity.unknown",
		},
		"too large": {`{"name":"` + strings.Repeat("a", 1000) + `"}`, 413, "api.request.too-large"},
		"far too deep": {
			`{"geometry":{"type":"Polygon","coordinates":` + strings.Repeat("[", 900), 400,
			"api.request.json",
		},
	} {
		t.Run("drawn "+name, func(t *testing.T) {
			refused(t, h.post(t, "/api/checks", "application/json", strings.NewReader(tc.body)), tc.status, tc.code)
		})
	}
}

// TestLimitWithoutLength sends more than allowed without saying how much.
func TestLimitWithoutLength(t *testing.T) {
	t.Run("bad-input 6 without a length", func(t *testing.T) {
		h := newHouse(t, func(c *api.Config) { c.Limits.UploadBytes = 10_000 })
		f := importForm().file("a.geojson", strings.Repeat("x", 20_000))
		f.w.Close()
		contentType := f.w.FormDataContentType()
		r := h.request(t, http.MethodPost, "/api/imports", contentType, io.MultiReader(&f.Buffer))
		r.ContentLength = -1
		refused(t, h.do(t, r), 413, "api.request.too-large")
		if left := h.cleared(t); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

// promise is the head of an upload of 9999 bytes.
const promise = "POST /api/imports HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
	"Content-Length: 9999\r\n\r\n"

// TestLengthThatLies promises more bytes than it sends and goes away.
func TestLengthThatLies(t *testing.T) {
	t.Run("bad-input 5 length that lies", func(t *testing.T) {
		h := newHouse(t, nil)
		conn := must(net.Dial("tcp", h.Listener.Addr().String()))(t)
		fmt.Fprint(conn, promise+
			"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.geojson\"\r\n\r\nabc")
		conn.Close()
		for end := time.Now().Add(10 * time.Second); len(h.left(t)) != 0; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("left behind: %v", h.left(t))
			}
		}
	})
}

// TestSilentVisitor begins an upload and then says nothing more.
func TestSilentVisitor(t *testing.T) {
	t.Run("bad-input 5 silent visitor", func(t *testing.T) {
		h := newHouse(t, func(c *api.Config) { c.Limits.Patience = 100 * time.Millisecond })
		conn := must(net.Dial("tcp", h.Listener.Addr().String()))(t)
		defer conn.Close()
		fmt.Fprint(conn, promise+"--b\r\n")
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		answer := must(io.ReadAll(conn))(t)
		if !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) || !bytes.Contains(answer, []byte("api.request.broken")) {
			t.Errorf("answer: %s", answer)
		}
	})
}

func TestForeignPagesChangeNothing(t *testing.T) {
	h := newHouse(t, nil)
	h.publish(t, "redline", "redline", "2023", item{geometry: square(0, 0, 1)})
	for name, tc := range map[string]struct {
		header, value string
		allowed       bool
	}{
		"no browser":       {"X-Nothing", "", true},
		"own page":         {"Origin", h.URL, true},
		"own page, new":    {"Sec-Fetch-Site", "same-origin", true},
		"foreign page":     {"Origin", "https://evil.example", false},
		"foreign port":     {"Origin", "http://127.0.0.1:1", false},
		"no origin at all": {"Origin", "null", false},
		"foreign, new":     {"Sec-Fetch-Site", "cross-site", false},
		"neighbour, new":   {"Sec-Fetch-Site", "same-site", false},
	} {
		t.Run("bad-input 99 "+name, func(t *testing.T) {
			r := h.request(t, http.MethodPost, "/api/imports/none/cancel", "", nil)
			r.Header.Set(tc.header, tc.value)
			answer := h.do(t, r)
			if tc.allowed && answer.StatusCode != 404 {
				t.Errorf("%d %s", answer.StatusCode, answer.body)
			}
			if !tc.allowed {
				refused(t, answer, 403, "api.origin.foreign")
			}
		})
	}
	if r := h.get(t, "/api/catalogue"); r.Header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'self'") ||
		r.Header.Get("X-Request-Id") == "" {
		t.Errorf("headers: %v", r.Header)
	}
}

// TestLogTakesNoOrders puts line breaks and terminal codes into a path.
func TestLogTakesNoOrders(t *testing.T) {
	t.Run("bad-input 100 log injection", func(t *testing.T) {
		h := newHouse(t, nil)
		h.get(t, "/api/x%0a%7b%22level%22:%22INFO%22%7d%1b%5b31m%e2%80%ae")
		h.leave()
		for line := range bytes.Lines(h.log.Bytes()) {
			if !bytes.HasPrefix(line, []byte(`{"time":`)) || bytes.ContainsAny(line, "\x1b\u202e") ||
				bytes.Contains(line, []byte(`\u001b`)) {
				t.Errorf("log: %q", line)
			}
		}
	})
}
