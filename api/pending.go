package api

import (
	"io"

	"greenshield/api/state"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/shoreline"
)

func (s *Server) conflictWorkbook(io.Writer, string, state.Check, keptCheck) error { return nil }

func (s *Server) changeWorkbook(io.Writer, string, change.Result) error       { return nil }
func (s *Server) shorelineWorkbook(io.Writer, string, shoreline.Result) error { return nil }
