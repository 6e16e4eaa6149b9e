package api

import (
	"io"

	"greenshield/api/state"
	"greenshield/geo"
	"greenshield/layers/analysis/change"
	"greenshield/layers/analysis/shoreline"
)

func areaOf(a geo.Area) area       { return area{M2: float64(a)} }
func lengthOf(l geo.Length) length { return length{M: float64(l)} }
func percent(float64) string       { return "" }
func (s *Server) conflictWorkbook(io.Writer, string, state.Check, keptCheck) error {
	return nil
}

func (s *Server) changeWorkbook(io.Writer, string, change.Result) error       { return nil }
func (s *Server) shorelineWorkbook(io.Writer, string, shoreline.Result) error { return nil }
func (s *Server) changeDocument(string, change.Result) changeDocument         { return changeDocument{} }
