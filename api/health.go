package api

import (
	"context"
	"net/http"

	"greenshield/geo"
)

// healthDocument says that the program lives, or is ready.
type healthDocument struct {
	Status string `json:"status" enum:"ok"`
}

func (s *Server) healthRoutes() {
	route(s, operation{
		id: "livez", method: http.MethodGet, path: "/livez", tag: "health", summary: "The program runs",
	}, s.livez)
	route(s, operation{
		id: "readyz", method: http.MethodGet, path: "/readyz", tag: "health",
		summary: "Store and state can be used", problems: []int{http.StatusServiceUnavailable},
	}, s.readyz)
}

func (s *Server) livez(context.Context, *struct{}) (*answer[healthDocument], error) {
	return &answer[healthDocument]{Body: healthDocument{Status: "ok"}}, nil
}

// readyz asks the store and the state, not only itself.
func (s *Server) readyz(ctx context.Context, _ *struct{}) (*answer[healthDocument], error) {
	if s.jobs == nil {
		return nil, geo.NewProblem("api.starting")
	}
	if err := s.State.Ping(ctx); err != nil {
		return nil, geo.NewProblem("api.state.unusable").Because(err)
	}
	if _, err := s.Store.Layers(ctx); err != nil {
		return nil, geo.NewProblem("api.store.unusable").Because(err)
	}
	return &answer[healthDocument]{Body: healthDocument{Status: "ok"}}, nil
}
