package api

import (
	"context"
	"net/http"
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
