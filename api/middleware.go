package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"greenshield/geo"
)

// identify gives a request its id and its language.
func (s *Server) identify(c *gin.Context) {
	id := rand.Text()
	ctx := context.WithValue(c.Request.Context(), requestKey, id)
	ctx = context.WithValue(ctx, languageKey, languageOf(c.Request))
	c.Request = c.Request.WithContext(ctx)
	c.Header("X-Request-Id", id)
	c.Next()
}

// record writes one line per request. The path is quoted by slog's handlers, so that no visitor can write lines of
// their own into the log; the query stays out of it.
func (s *Server) record(c *gin.Context) {
	start := time.Now()
	c.Next()
	level := slog.LevelInfo
	if quiet(c.FullPath()) {
		level = slog.LevelDebug
	}
	s.log.LogAttrs(c.Request.Context(), level, "request",
		slog.String("request_id", requestID(c.Request.Context())), slog.String("method", c.Request.Method),
		slog.String("path", printable(c.Request.URL.Path)), slog.Int("status", c.Writer.Status()),
		slog.Int("bytes", max(c.Writer.Size(), 0)), slog.Duration("took", time.Since(start)))
}

// quiet paths are asked for too often to be worth a line each.
func quiet(route string) bool {
	return route == "/livez" || route == "/readyz" || route == "/metrics" || strings.HasPrefix(route, "/api/tiles/")
}

// printable leaves out control characters, which a terminal would obey, and cuts what is too long to read.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "")
	}
	return s
}

// recover answers for a mistake of ours without telling its internals, and logs them.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler {
			panic(v)
		}
		s.log.ErrorContext(c.Request.Context(), "panic", "request_id", requestID(c.Request.Context()),
			"route", c.FullPath(), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		if c.Writer.Written() {
			panic(http.ErrAbortHandler) // the answer has begun: break it off, so that it is not taken for whole
		}
		s.refuse(c, geo.NewProblem("api.internal", "request", requestID(c.Request.Context())))
	}()
	c.Next()
}

// policy allows what the browser application needs and nothing from another host. MapLibre runs its worker from the
// application's own files and draws images from memory.
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"worker-src 'self' blob:; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// secure sets the headers that protect a visitor's browser.
func (s *Server) secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store") // what never changes says so itself
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
	c.Next()
}

// guardWrites lets only this application's own pages, and programs that are no browser, change anything.
func (s *Server) guardWrites(c *gin.Context) {
	switch c.Request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
	default:
		if !sameOrigin(c.Request) {
			s.refuse(c, geo.NewProblem("api.origin.foreign"))
			return
		}
	}
	c.Next()
}

// sameOrigin believes the browser: Sec-Fetch-Site where it is sent, Origin otherwise. A request with neither is not
// from a page.
func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// bound limits the body: its size, its stalling, and its encoding – nothing is unpacked on the visitor's word.
func (s *Server) bound(c *gin.Context) {
	r := c.Request
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		s.refuse(c, geo.NewProblem("api.request.encoding", "encoding", printable(e)))
		return
	}
	if r.Body == nil || r.Body == http.NoBody {
		c.Next()
		return
	}
	limit := s.limits.JSONBytes
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/") {
		limit = s.limits.UploadBytes
	}
	if r.ContentLength > limit {
		c.Header("Connection", "close")
		s.refuse(c, geo.NewProblem("api.request.too-large", "limit", limit))
		return
	}
	body := &patientBody{
		ReadCloser: http.MaxBytesReader(c.Writer, r.Body, limit), control: http.NewResponseController(c.Writer),
		patience: s.limits.Patience, began: time.Now(),
	}
	r.Body = body
	c.Next()
	// The server reads on for what was left of a refused body; it shall not wait for it either.
	_ = body.control.SetReadDeadline(time.Now().Add(s.limits.Patience))
}

// slowestLine is the number of bytes per second, over the whole body, below which a visitor is not slow but holds the
// connection on purpose: a modem of 1990 was faster.
const slowestLine = 1 << 10

// patientBody waits for a slow visitor as long as bytes keep coming, but not for a silent one, nor for one who sends a
// byte now and then.
type patientBody struct {
	io.ReadCloser
	control  *http.ResponseController
	patience time.Duration
	began    time.Time
	received int64
}

// Read waits for bytes. The deadline is lifted when they come, because it would otherwise end the work that follows a
// body; and the time for the answer begins anew, because a slow line is no slow answer. A server without deadlines,
// such as a test recorder, has nothing to set.
func (b *patientBody) Read(p []byte) (int, error) {
	now := time.Now()
	_ = b.control.SetReadDeadline(b.deadline(now))
	n, err := b.ReadCloser.Read(p)
	b.received += int64(n)
	if err == nil || errors.Is(err, io.EOF) {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	_ = b.control.SetWriteDeadline(now.Add(answerTime))
	return n, err
}

// deadline is when the next bytes must have come.
func (b *patientBody) deadline(now time.Time) time.Time {
	worth := time.Duration(b.received/slowestLine) * time.Second
	if end := b.began.Add(b.patience + worth); end.Before(now.Add(b.patience)) {
		return end
	}
	return now.Add(b.patience)
}

// loopback are the names of this machine for itself.
var loopback = []string{"localhost", "127.0.0.1", "::1"}

// guardHost answers only under names that are meant. A page elsewhere could otherwise point its own name at this
// machine and would then count as ours (DNS rebinding).
func (s *Server) guardHost(c *gin.Context) {
	if allowed := s.hosts.Load(); allowed != nil && !slices.Contains(*allowed, hostName(c.Request.Host)) {
		s.refuse(c, geo.NewProblem("api.host.unknown", "host", cut(c.Request.Host)))
		return
	}
	c.Next()
}

func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// allowHosts settles the names when the address is known: a server that only this machine can reach is meant for
// this machine's names.
func (s *Server) allowHosts(at net.Addr) {
	tcp, ok := at.(*net.TCPAddr)
	if len(s.Hosts) == 0 && (!ok || !tcp.IP.IsLoopback()) {
		return
	}
	names := slices.Clone(loopback)
	if ok {
		names = append(names, tcp.IP.String())
	}
	for _, h := range s.Hosts {
		names = append(names, hostName(h))
	}
	s.hosts.Store(&names)
}
