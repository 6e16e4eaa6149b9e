package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"greenshield/geo"
)

// routes registers everything that the server answers to.
func (s *Server) routes() {
	s.catalogueRoutes()
	s.vintageRoutes()
	s.exportRoutes()
	s.featureRoutes()
	s.tileRoutes()
	s.importRoutes()
	s.previewRoutes()
	s.evidenceRoutes()
	s.checkRoutes()
	s.changeRoutes()
	s.shorelineRoutes()
	s.healthRoutes()
	s.problemRoutes()
	s.engine.GET("/openapi.json", s.serveDocument)
	s.engine.GET("/metrics", s.serveMetrics)
	s.engine.NoMethod(func(c *gin.Context) {
		s.refuse(c, geo.NewProblem("api.method.unknown", "method", printable(c.Request.Method)))
	})
	s.engine.NoRoute(s.serveWeb)
}

func (s *Server) serveDocument(c *gin.Context) {
	body, err := s.Document()
	if err != nil {
		s.refuse(c, err)
		return
	}
	c.Data(http.StatusOK, "application/json", body)
}
