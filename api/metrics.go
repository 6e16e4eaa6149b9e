package api

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"greenshield/api/state"
)

// metrics counts what an operator watches. It writes the Prometheus text format, version 0.0.4, which is all that a
// handful of counters and one histogram need. It is safe for concurrent use.
type metrics struct {
	mu       sync.Mutex
	requests map[requestKind]int64 // guarded by mu
	took     map[string]*histogram // by route; guarded by mu
	ended    map[string]int64      // imports by how they ended; guarded by mu
}

type requestKind struct {
	route, method string
	status        int
}

// histogram counts durations up to each bound of latencies; the last place is for all that took longer.
type histogram struct {
	counts [len(latencies) + 1]int64
	sum    float64
}

// latencies are bounds in seconds: a tile takes milliseconds, a check less than one, a whole city some.
var latencies = [...]float64{0.005, 0.02, 0.1, 0.5, 2, 10, 60}

func newMetrics() *metrics {
	return &metrics{requests: map[requestKind]int64{}, took: map[string]*histogram{}, ended: map[string]int64{}}
}

// request counts one. The route is the pattern, never the path: a visitor must not be able to make new series.
func (m *metrics) request(route, method string, status int, took time.Duration) {
	if route == "" {
		route = "other"
	}
	seconds := took.Seconds()
	i, _ := slices.BinarySearch(latencies[:], seconds)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[requestKind{route, knownMethod(method), status}]++
	h := m.took[route]
	if h == nil {
		h = &histogram{}
		m.took[route] = h
	}
	h.counts[i]++
	h.sum += seconds
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete, http.MethodPut, http.MethodOptions:
		return method
	}
	return "other"
}

func (m *metrics) importEnded(how string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended[how]++
}

func (m *metrics) write(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	head(w, "greenshield_requests_total", "counter", "Requests by route, method and status")
	for _, k := range slices.SortedFunc(maps.Keys(m.requests), func(a, b requestKind) int {
		return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(a.method, b.method), a.status-b.status)
	}) {
		fmt.Fprintf(w, "greenshield_requests_total{route=%q,method=%q,status=\"%d\"} %d\n",
			k.route, k.method, k.status, m.requests[k])
	}
	head(w, "greenshield_request_seconds", "histogram", "Time to answer by route")
	for _, route := range slices.Sorted(maps.Keys(m.took)) {
		m.took[route].write(w, route)
	}
	head(w, "greenshield_imports_ended_total", "counter", "Imports that ended since the start, by how they ended")
	for _, how := range slices.Sorted(maps.Keys(m.ended)) {
		fmt.Fprintf(w, "greenshield_imports_ended_total{state=%q} %d\n", how, m.ended[how])
	}
}

func (h *histogram) write(w io.Writer, route string) {
	var total int64
	for i, n := range h.counts {
		total += n
		bound := "+Inf"
		if i < len(latencies) {
			bound = strconv.FormatFloat(latencies[i], 'g', -1, 64)
		}
		fmt.Fprintf(w, "greenshield_request_seconds_bucket{route=%q,le=%q} %d\n", route, bound, total)
	}
	fmt.Fprintf(w, "greenshield_request_seconds_sum{route=%q} %g\n", route, h.sum)
	fmt.Fprintf(w, "greenshield_request_seconds_count{route=%q} %d\n", route, total)
}

func head(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func gauge(w io.Writer, name, help string, value float64) {
	head(w, name, "gauge", help)
	fmt.Fprintf(w, "%s %s\n", name, strconv.FormatFloat(value, 'g', -1, 64))
}

// measure is the middleware that counts requests.
func (s *Server) measure(c *gin.Context) {
	start := time.Now()
	c.Next()
	s.metrics.request(c.FullPath(), c.Request.Method, c.Writer.Status(), time.Since(start))
}

func (s *Server) serveMetrics(c *gin.Context) {
	var b strings.Builder
	s.metrics.write(&b)
	s.writeState(c.Request.Context(), &b)
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	gauge(&b, "greenshield_heap_bytes", "Memory in use, most of it loaded vintages and tiles", float64(mem.HeapInuse))
	gauge(&b, "greenshield_memory_bytes", "Memory obtained from the system", float64(mem.Sys))
	gauge(&b, "greenshield_goroutines", "Goroutines", float64(runtime.NumGoroutine()))
	c.Data(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", []byte(b.String()))
}

func (s *Server) writeState(ctx context.Context, w io.Writer) {
	if s.State == nil {
		return
	}
	counts, err := s.State.CountImports(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "imports cannot be counted", "error", err.Error())
		return
	}
	head(w, "greenshield_imports", "gauge", "Imports by state")
	for _, name := range []string{state.Accepted, state.Running, state.Successful, state.Failed, state.Dismissed} {
		fmt.Fprintf(w, "greenshield_imports{state=%q} %d\n", name, counts[name])
	}
}
