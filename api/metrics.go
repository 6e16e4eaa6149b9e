package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"greenshield/api/state"
	"greenshield/geo/overlay"
	"greenshield/layers/analysis/conflict"
)

// metrics counts what an operator watches, in a registry of this server's own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	ended    *prometheus.CounterVec
	disagree *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenshield_requests_total", Help: "Requests by route, method and status",
		}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "greenshield_request_seconds", Help: "Time to answer by route",
			Buckets: []float64{0.005, 0.02, 0.1, 0.5, 2, 10, 60}, // a tile takes milliseconds, a whole city some seconds
		}, []string{"route"}),
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenshield_imports_ended_total", Help: "Imports that ended since the start, by how they ended",
		}, []string{"state"}),
	}
	m.disagree = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "greenshield_overlay_disagreements_total",
		Help: "Overlaps whose area and outline did not agree, by analysis; each made its answer incomplete",
	}, []string{"analysis"})
	m.disagree.WithLabelValues("conflict") // shown as zero, so that an alarm can be set before the first
	m.disagree.WithLabelValues("change")
	m.registry.MustRegister(m.requests, m.took, m.ended, m.disagree, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// request counts one. The route is the pattern, never the path: a visitor must not be able to make new series.
func (m *metrics) request(route, method string, status int, took time.Duration) {
	if route == "" {
		route = "other"
	}
	m.requests.WithLabelValues(route, knownMethod(method), strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete, http.MethodPut, http.MethodOptions:
		return method
	}
	return "other"
}

func (m *metrics) importEnded(how string) { m.ended.WithLabelValues(how).Inc() }

// checked counts the overlaps of a check on which the two engines did not agree.
func (m *metrics) checked(r conflict.Result) {
	for _, p := range r.Parcels {
		for _, g := range p.Gaps {
			if g.Problem.Code == conflict.CodeDisagrees {
				m.disagree.WithLabelValues("conflict").Inc()
			}
		}
	}
}

// compared does the same for a comparison of vintages, which ends at the first.
func (m *metrics) compared(err error) {
	if errors.Is(err, overlay.ErrDisagree) {
		m.disagree.WithLabelValues("change").Inc()
	}
}

// measure is the middleware that counts requests.
func (s *Server) measure(c *gin.Context) {
	start := time.Now()
	c.Next()
	s.metrics.request(c.FullPath(), c.Request.Method, c.Writer.Status(), time.Since(start))
}

// serveMetrics answers with all metrics; the imports by state are counted afresh for every answer.
func (s *Server) serveMetrics(c *gin.Context) {
	imports := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "greenshield_imports", Help: "Imports by state",
	}, []string{"state"})
	if s.State != nil {
		counts, err := s.State.CountImports(c.Request.Context())
		if err != nil {
			s.log.WarnContext(c.Request.Context(), "imports cannot be counted", "error", err.Error())
		}
		for _, name := range []string{state.Accepted, state.Running, state.Successful, state.Failed, state.Dismissed} {
			imports.WithLabelValues(name).Set(float64(counts[name]))
		}
	}
	now := prometheus.NewRegistry()
	now.MustRegister(imports)
	all := prometheus.Gatherers{s.metrics.registry, now}
	// Answers are compressed by the middleware that compresses everything.
	promhttp.HandlerFor(all, promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(c.Writer, c.Request)
}
