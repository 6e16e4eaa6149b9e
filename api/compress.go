package api

import (
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
)

// worthPacking is the size below which packing costs more than it saves.
const worthPacking = 1400

// compress packs answers that are text, for visitors who can unpack them. Tiles and files of the application are
// packed beforehand and pass through.
func (s *Server) compress(c *gin.Context) {
	if !strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		c.Next()
		return
	}
	w := &packingWriter{ResponseWriter: c.Writer}
	c.Writer = w
	c.Next()
	if err := w.finish(); err != nil {
		_ = c.Error(err) // the visitor has gone
	}
	c.Writer = w.ResponseWriter
}

// packingWriter decides at the first write, when the headers are known.
type packingWriter struct {
	gin.ResponseWriter
	decided bool
	packed  *gzip.Writer
}

func (w *packingWriter) Write(p []byte) (int, error) {
	w.decide(len(p))
	if w.packed == nil {
		return w.ResponseWriter.Write(p)
	}
	return w.packed.Write(p)
}

// WriteString writes a text.
func (w *packingWriter) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

func (w *packingWriter) decide(first int) {
	if w.decided {
		return
	}
	w.decided = true
	h := w.Header()
	if h.Get("Content-Encoding") != "" || !isText(h.Get("Content-Type")) {
		return
	}
	h.Add("Vary", "Accept-Encoding")
	if first < worthPacking {
		return
	}
	h.Del("Content-Length")
	h.Set("Content-Encoding", "gzip")
	// Level 5 is within 2 % of the best size at twice the speed; the level is a constant, so there is no error.
	w.packed, _ = gzip.NewWriterLevel(w.ResponseWriter, 5)
}

func (w *packingWriter) finish() error {
	if w.packed == nil {
		return nil
	}
	return w.packed.Close()
}

func isText(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/json") || strings.HasPrefix(mediaType, geoJSON) ||
		strings.HasPrefix(mediaType, csvType) || strings.HasPrefix(mediaType, "text/plain")
}
