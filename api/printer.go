package api

import (
	"context"

	"greenshield/layers/report"
)

// printer is how reports speak to one reader.
func (s *Server) printer(ctx context.Context) (report.Printer, error) {
	all, err := s.Store.Layers(ctx)
	return report.NewPrinter(language(ctx), s.texts, all, s.Book, s.Codes), err
}
