package api

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"greenshield/geo"
)

// asset is a file of the browser application, packed once.
type asset struct {
	plain, packed   []byte
	tag, mediaType  string
	neverChanges    bool
	packedIsSmaller bool
}

// index is the page that shows every view; the application itself reads the address.
const index = "index.html"

// loadAssets reads the built application; without an index.html there is none.
func loadAssets(web fs.FS) (map[string]asset, error) {
	if web == nil {
		return nil, nil
	}
	if _, err := fs.Stat(web, index); err != nil {
		return nil, nil
	}
	assets := map[string]asset{}
	err := fs.WalkDir(web, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		raw, err := fs.ReadFile(web, name)
		if err != nil {
			return err
		}
		assets[name], err = newAsset(name, raw)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the browser application: %w", err)
	}
	return assets, nil
}

func newAsset(name string, raw []byte) (asset, error) {
	sum := sha256.Sum256(raw)
	a := asset{
		plain: raw, mediaType: mediaTypeOf(name), tag: `"` + hex.EncodeToString(sum[:12]) + `"`,
		// The build puts a hash into the names of what lies in assets.
		neverChanges: strings.HasPrefix(name, "assets/"),
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return a, err
	}
	if _, err := w.Write(raw); err != nil {
		return a, err
	}
	if err := w.Close(); err != nil {
		return a, err
	}
	a.packed = b.Bytes()
	a.packedIsSmaller = len(a.packed) < len(raw)*9/10
	return a, nil
}

// mediaTypeOf does not ask the machine for the types that the application needs: a page that is told to the browser
// as plain text stays white.
func mediaTypeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".pbf":
		return "application/x-protobuf"
	}
	return cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream")
}

// serveWeb answers what no route does: the application's files, its index for every address that a person may have
// been sent, and a problem document for the rest.
func (s *Server) serveWeb(c *gin.Context) {
	r := c.Request
	if strings.HasPrefix(r.URL.Path, "/api/") || r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.refuse(c, geo.NewProblem("api.route.unknown", "path", printable(r.URL.Path)))
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	a, ok := s.assets[name]
	if !ok && isView(r, name) {
		a, ok = s.assets[index]
	}
	switch {
	case ok:
		s.serveAsset(c, a)
	case s.assets == nil && name == "":
		s.serveMissing(c)
	default:
		s.refuse(c, geo.NewProblem("api.route.unknown", "path", printable(r.URL.Path)))
	}
}

// isView reports whether a path is one that the application itself reads. Refs have dots in them, so a path that looks
// like a file's is a view when a browser asks for a page.
func isView(r *http.Request, name string) bool {
	if strings.HasPrefix(name, "assets/") {
		return false
	}
	return path.Ext(name) == "" || strings.Contains(r.Header.Get("Accept"), "text/html")
}

func (s *Server) serveAsset(c *gin.Context, a asset) {
	h := c.Writer.Header()
	h.Set("ETag", a.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if a.neverChanges {
		h.Set("Cache-Control", forEver)
	}
	if has(c.GetHeader("If-None-Match"), a.tag) {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return
	}
	body := a.plain
	if a.packedIsSmaller && strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	c.Data(http.StatusOK, a.mediaType, body)
}

// serveMissing says, in all languages at once, that the browser application has not been built.
func (s *Server) serveMissing(c *gin.Context) {
	var b strings.Builder
	b.WriteString("<!doctype html><html><head><meta charset=\"utf-8\"><title>greenshield</title></head><body>\n")
	for _, lang := range []string{chinese, english} {
		fmt.Fprintf(&b, "<p lang=\"%s\">%s</p>\n", lang, html.EscapeString(s.texts.Word(lang, "api.web.missing")))
	}
	b.WriteString("<p><a href=\"/openapi.json\">/openapi.json</a></p></body></html>\n")
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(b.String()))
}
