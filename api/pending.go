package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
)

var errPending = geo.NewProblem("api.starting")

func areaOf(a geo.Area) area       { return area{M2: float64(a)} }
func lengthOf(l geo.Length) length { return length{M: float64(l)} }
func isFull(error) bool            { return false }

func (s *Server) activities(string) []activityInfo { return []activityInfo{} }
func (s *Server) serveWeb(c *gin.Context)          { s.refuse(c, geo.NewProblem("api.route.unknown")) }
func (s *Server) readyz(context.Context, *struct{}) (*answer[healthDocument], error) {
	return nil, errPending
}

func (s *Server) vintageRejects(context.Context, *refInput) (*huma.StreamResponse, error) {
	return nil, errPending
}
func (s *Server) tile(context.Context, *tileInput) (*tileOutput, error) { return nil, errPending }
func (s *Server) tileJSON(context.Context, *refInput) (*answer[tileJSON], error) {
	return nil, errPending
}

func (s *Server) style(context.Context, *styleInput) (*answer[mapStyle], error) {
	return nil, errPending
}

func (s *Server) legend(context.Context, *struct{}) (*answer[[]legendItem], error) {
	return nil, errPending
}

func (s *Server) createImport(context.Context, *struct{}) (*answer[importDocument], error) {
	return nil, errPending
}

func (s *Server) imports(context.Context, *struct{}) (*answer[[]importDocument], error) {
	return nil, errPending
}

func (s *Server) importByID(context.Context, *idInput) (*answer[importDocument], error) {
	return nil, errPending
}

func (s *Server) cancelImport(context.Context, *idInput) (*answer[importDocument], error) {
	return nil, errPending
}

func (s *Server) importRejects(context.Context, *idInput) (*huma.StreamResponse, error) {
	return nil, errPending
}

func (s *Server) createCheck(context.Context, *struct{}) (*answer[checkDocument], error) {
	return nil, errPending
}

func (s *Server) check(context.Context, *idInput) (*answer[checkDocument], error) {
	return nil, errPending
}

func (s *Server) checkParcel(context.Context, *parcelInput) (*answer[parcelInfo], error) {
	return nil, errPending
}

func (s *Server) checkOverlaps(context.Context, *idInput) (*huma.StreamResponse, error) {
	return nil, errPending
}

func (s *Server) checkReport(context.Context, *idInput) (*huma.StreamResponse, error) {
	return nil, errPending
}

func (s *Server) change(context.Context, *changeInput) (*answer[changeDocument], error) {
	return nil, errPending
}

func (s *Server) changePatches(context.Context, *changeInput) (*huma.StreamResponse, error) {
	return nil, errPending
}

func (s *Server) changeReport(context.Context, *changeInput) (*huma.StreamResponse, error) {
	return nil, errPending
}

func (s *Server) shoreline(context.Context, *shorelineInput) (*answer[shorelineDocument], error) {
	return nil, errPending
}

func (s *Server) shorelineReport(context.Context, *shorelineInput) (*huma.StreamResponse, error) {
	return nil, errPending
}

type loadedPending interface {
	Features() []layers.Feature
	Search(b orb.Bound, yield func(i int) bool)
}

type libraryPending interface {
	Load(ctx context.Context, ref layers.Ref) (loadedPending, error)
}
