package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"golang.org/x/sync/semaphore"

	"greenshield/layers"
)

// Config is what a server is made of. Texts is always needed; the rest is needed to serve, but not to write the
// OpenAPI document.
type Config struct {
	Store   layers.Store
	Library libraryPending
	Texts   Texts
	// Web is the built browser application with index.html at its root; nil when it has not been built.
	Web fs.FS
	// Workspace is the folder whose "uploads" the server may write to.
	Workspace string
	Limits    Limits
	// Now is the clock; the zero value means time.Now.
	Now func() time.Time
	// Program is the version that goes into every provenance.
	Program string
	// Logger gets one record per request and per fault; the zero value means slog.Default.
	Logger *slog.Logger
}

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	Config
	engine   *gin.Engine
	api      huma.API
	log      *slog.Logger
	texts    Texts
	limits   Limits
	statuses map[string]int
	heavy    *semaphore.Weighted
}

// New makes a server; nothing runs before Run.
func New(c Config) (*Server, error) {
	if c.Texts == nil {
		return nil, errors.New("api.New: no texts")
	}
	c.Limits = c.Limits.WithDefaults()
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	s := &Server{
		Config: c, log: c.Logger, texts: c.Texts, limits: c.Limits, statuses: statusRules(),
		heavy: semaphore.NewWeighted(int64(c.Limits.HeavyRequests)),
	}
	s.engine = s.newEngine()
	s.api = s.newHuma()
	s.routes()
	s.finishDocument()
	return s, nil
}

func (s *Server) newEngine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.UseRawPath = false
	e.Use(s.identify, s.record, s.recover, s.secure, s.guardWrites, s.bound)
	return e
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// The times that a connection may take. A body has its own deadline that moves on as bytes arrive.
const (
	headerTime   = 10 * time.Second
	idleTime     = 2 * time.Minute
	stallTime    = 30 * time.Second
	answerTime   = 15 * time.Minute
	farewellTime = 15 * time.Second
	headerBytes  = 64 << 10
)

// Run serves until ctx ends, and then lets the requests that run finish for a while.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, WriteTimeout: answerTime,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	farewell, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellTime)
	defer cancel()
	err := server.Shutdown(farewell)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	<-failed
	return err
}
