package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"greenshield/api"
)

// gzipped is n zeros, packed.
func gzipped(n int) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(make([]byte, n)) // a buffer takes everything
	_ = w.Close()
	return b.String()
}

// cheaply runs what must be refused without much time or memory: the list of bad inputs says 2 seconds, the rest is
// for the race detector and for machines that do other work.
func cheaply(t *testing.T, memory uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	f()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	taken := after.TotalAlloc - before.TotalAlloc
	if took > 10*time.Second || taken > memory {
		t.Errorf("it took %s and %d bytes of memory, %d are allowed", took, taken, memory)
	}
	t.Logf("%s, %d KiB of memory", took.Round(time.Millisecond), taken>>10)
}

// TestPackedBodies sends bodies that claim to be packed: nothing is unpacked on the visitor's word.
func TestPackedBodies(t *testing.T) {
	h := newHouse(t, func(c *api.Config) { c.Limits.UploadBytes = 64 << 20 })
	whole := importForm().file("a.geojson", polygon)
	whole.w.Close()
	contentType := whole.w.FormDataContentType()
	for name, tc := range map[string]struct {
		encodings []string
		body      string
		status    int
		code      string
	}{
		"bad-input 7 bomb": {[]string{"gzip"}, gzipped(64 << 20), 415, "api.request.encoding"},
		"bad-input 7 empty members": {
			[]string{"gzip"}, strings.Repeat(gzipped(0), 200_000), 415, "api.request.encoding",
		},
		"bad-input 7 packed twice":         {[]string{"gzip, gzip"}, gzipped(1000), 415, "api.request.encoding"},
		"bad-input 7 deflate":              {[]string{"deflate"}, "x", 415, "api.request.encoding"},
		"bad-input 7 hidden behind none":   {[]string{"identity", "gzip"}, gzipped(1 << 20), 400, "api.request.broken"},
		"bad-input 7 packed, not said":     {nil, gzipped(1 << 20), 400, "api.request.broken"},
		"bad-input 7 said, but not packed": {[]string{"x-gzip"}, whole.String(), 415, "api.request.encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.request(t, http.MethodPost, "/api/imports", contentType, strings.NewReader(tc.body))
			r.Header["Content-Encoding"] = tc.encodings
			cheaply(t, 16<<20, func() { refused(t, h.do(t, r), tc.status, tc.code) })
			if left := h.cleared(t); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestOneByteOverTheLimit sends a body of exactly the size that is allowed, and one that is a byte longer.
func TestOneByteOverTheLimit(t *testing.T) {
	whole := importForm().file("a.geojson", polygon)
	whole.w.Close()
	size := int64(whole.Len())
	h := newHouse(t, func(c *api.Config) { c.Limits.UploadBytes = size })
	send := func(body string, length int64) reply {
		r := h.request(t, http.MethodPost, "/api/imports", whole.w.FormDataContentType(), strings.NewReader(body))
		r.ContentLength = length
		return h.do(t, r)
	}
	for name, length := range map[string]int64{"with its length": size, "without": -1} {
		t.Run("bad-input 6 at the limit, "+name, func(t *testing.T) {
			doc := read[importDoc](t, send(whole.String(), length), 202)
			if doc = h.await(t, doc.ID, "successful", "failed"); doc.State != "successful" {
				t.Errorf("%+v", doc.Problem)
			}
		})
		t.Run("bad-input 6 one byte over, "+name, func(t *testing.T) {
			over := length
			if over > 0 {
				over++
			}
			refused(t, send(whole.String()+"\n", over), 413, "api.request.too-large")
			if left := h.cleared(t); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestManyParts sends a form of fields without end: it is refused at the first that is one too many.
func TestManyParts(t *testing.T) {
	h := newHouse(t, nil)
	const field = "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\nx\r\n"
	for name, tc := range map[string]struct{ one, code string }{
		"bad-input 3 one field again and again": {fmt.Sprintf(field, "layer"), "api.request.field-twice"},
		"bad-input 3 fields unheard of":         {fmt.Sprintf(field, "x"), "api.request.field-unknown"},
		"bad-input 3 parts without a name":      {"--b\r\n\r\nx\r\n", "api.request.field-unknown"},
		"bad-input 3 headers without end": {
			"--b\r\n" + strings.Repeat("X-A: b\r\n", 1<<20), "api.request.broken",
		},
		"bad-input 3 one header without end": {"--b\r\nX-A: " + strings.Repeat("b", 8<<20), "api.upload.none"},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.NewReader(strings.Repeat(tc.one, max(1, 5<<20/len(tc.one))))
			cheaply(t, 128<<20, func() {
				refused(t, h.post(t, "/api/imports", "multipart/form-data; boundary=b", body), 400, tc.code)
			})
			if left := h.cleared(t); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// serving runs a house's server as cmd does, with its own timeouts, and gives its address.
func (h *house) serving(t *testing.T) string {
	t.Helper()
	h.api.Stop(t.Context())
	h.Server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	ended := make(chan error, 1)
	go func() { ended <- h.api.Run(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// TestSlowloris holds connections open with a byte now and then: in the head of a request, and in its body, where bytes
// keep coming faster than a silent visitor would be waited for.
func TestSlowloris(t *testing.T) {
	h := newHouse(t, func(c *api.Config) {
		c.Limits.HeaderTime, c.Limits.Patience = 300*time.Millisecond, 400*time.Millisecond
	})
	address := h.serving(t)
	const head = "POST /api/imports HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	for name, tc := range map[string]struct{ begin, drop string }{
		"bad-input 5 head byte by byte": {head, "a"},
		"bad-input 5 head line by line": {head, "X-A: b\r\n"},
		"bad-input 5 body byte by byte": {
			head + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 99999\r\n\r\n--b\r\n" +
				"Content-Disposition: form-data; name=\"file\"; filename=\"a.geojson\"\r\n\r\n", "x",
		},
		"bad-input 5 JSON byte by byte": {
			strings.Replace(head, "imports", "checks", 1) + "Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n{",
			" ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			conn := must(net.Dial("tcp", address))(t)
			defer conn.Close()
			began := time.Now()
			_, err := io.WriteString(conn, tc.begin)
			for err == nil && time.Since(began) < 15*time.Second {
				time.Sleep(50 * time.Millisecond)
				_, err = io.WriteString(conn, tc.drop)
			}
			if err == nil {
				t.Fatal("the connection is still open")
			}
			t.Logf("closed after %s", time.Since(began).Round(time.Millisecond))
			if left := h.cleared(t); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	t.Run("bad-input 5 others are served meanwhile", func(t *testing.T) {
		for range 200 {
			conn := must(net.Dial("tcp", address))(t)
			defer conn.Close()
			_, _ = io.WriteString(conn, head) // and then nothing
		}
		r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/readyz", nil))(t)
		cheaply(t, 64<<20, func() {
			resp := must(http.DefaultClient.Do(r))(t)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Errorf("status %d", resp.StatusCode)
			}
		})
	})
	t.Run("bad-input 5 a slow line is no attack", func(t *testing.T) {
		whole := importForm().file("a.geojson", polygon+strings.Repeat(" ", 8000))
		whole.w.Close()
		slow, in := io.Pipe()
		go func() {
			for chunk := whole.Next(400); len(chunk) > 0; chunk = whole.Next(400) {
				if _, err := in.Write(chunk); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond) // 8 KB per second, and longer in all than a silent visitor may be
			}
			in.Close()
		}()
		r := must(http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/api/imports", slow))(t)
		r.Header.Set("Content-Type", whole.w.FormDataContentType())
		resp := must(http.DefaultClient.Do(r))(t)
		defer resp.Body.Close()
		if body := must(io.ReadAll(resp.Body))(t); resp.StatusCode != http.StatusAccepted {
			t.Errorf("status %d: %s", resp.StatusCode, body)
		}
	})
}
