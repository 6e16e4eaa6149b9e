package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"golang.org/x/sync/semaphore"

	"greenshield/api/job"
	"greenshield/api/state"
	"greenshield/layers"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/shoreline"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/original"
	"greenshield/layers/rule"
	"greenshield/layers/tiles"
)

// Config is what a server is made of. Texts is always needed; the rest is needed to serve, but not to write the
// OpenAPI document.
type Config struct {
	Store   layers.Store
	Library *layers.Library
	// State remembers imports and checks; the server does not close it.
	State *state.DB
	Book  *rule.Book
	Codes *codes.Book
	Tiles *tiles.Server
	Texts Texts
	// Web is the built browser application with index.html at its root; nil when it has not been built.
	Web fs.FS
	// Workspace is the folder whose "uploads" the server may write to.
	Workspace string
	// Hosts are names that people reach the server under. With none, a server on a loopback address answers to this
	// machine's own names only, and any other to every name.
	Hosts  []string
	Limits Limits
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
	engine    *gin.Engine
	api       huma.API
	log       *slog.Logger
	texts     Texts
	limits    Limits
	statuses  map[string]int
	heavy     *semaphore.Weighted
	metrics   *metrics
	uploads   *uploads
	originals *original.Folder
	assets    map[string]asset
	jobs      *job.Queue
	hosts     atomic.Pointer[[]string]

	changes    *flight[change.Result]
	shorelines *flight[shoreline.Result]
}

// keptAccounts is how many change and shoreline accounts are kept: a few people look at the same few.
const keptAccounts = 8

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
	assets, err := loadAssets(c.Web)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Config: c, log: c.Logger, texts: c.Texts, limits: c.Limits, statuses: statusRules(), assets: assets,
		heavy:   semaphore.NewWeighted(int64(max(c.Limits.HeavyRequests, 0))),
		metrics: newMetrics(), uploads: newUploads(filepath.Join(c.Workspace, "uploads")),
		originals: original.In(filepath.Join(c.Workspace, "originals")),
	}
	s.changes = &flight[change.Result]{room: keptAccounts, limit: c.Limits.AnalysisTime, enter: s.enter}
	s.shorelines = &flight[shoreline.Result]{room: keptAccounts, limit: c.Limits.AnalysisTime, enter: s.enter}
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
	e.Use(s.identify, s.record, s.measure, s.secure, s.compress, s.recover, s.guardHost, s.guardWrites, s.bound)
	return e
}

// ServeHTTP answers one request. Whoever may GET may ask for the headers alone: the body of the answer to a HEAD
// request is dropped below this place.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		r = r.Clone(r.Context())
		r.Method = http.MethodGet
	}
	s.engine.ServeHTTP(w, r)
}

// Start takes up the imports that an earlier process left unfinished, and readies the queue for new ones.
func (s *Server) Start(ctx context.Context) error {
	used, err := s.State.UploadsInUse(ctx)
	if err != nil {
		return err
	}
	if err := s.uploads.sweep(used); err != nil {
		s.log.WarnContext(ctx, "left-over uploads cannot be deleted", "error", err.Error())
	}
	s.jobs, err = job.New(ctx, job.Config{
		State: s.State, Runner: &importer{server: s}, Limit: s.limits.QueuedImports, Now: s.Now, Logger: s.log,
	})
	if err != nil {
		return err
	}
	return s.jobs.Start(ctx)
}

// Stop ends the work in hand; what was not finished is taken up by the next Start.
func (s *Server) Stop(ctx context.Context) error { return s.jobs.Stop(ctx) }

// The times that a connection may take. A body has its own deadline that moves on as bytes arrive.
const (
	idleTime     = 2 * time.Minute
	answerTime   = 15 * time.Minute
	farewellTime = 15 * time.Second
	headerBytes  = 64 << 10
)

// Run starts, serves until ctx ends, and then lets the requests that run finish for a while.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	if err := s.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	s.allowHosts(listener.Addr())
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: s.limits.HeaderTime, IdleTimeout: idleTime, WriteTimeout: answerTime,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		err = farewell(ctx, server)
		<-failed
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellTime)
	defer cancel()
	return errors.Join(err, s.Stop(end))
}

func farewell(ctx context.Context, server *http.Server) error {
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellTime)
	defer cancel()
	err := server.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close() // who is still here has had time
	}
	return err
}
