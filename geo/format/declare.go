package format

import (
	"errors"

	"greenshield/geo"
	"greenshield/geo/crs"
)

// Declare enters what became of the reference system that a file names: the system itself when it is accepted,
// otherwise the problem with it. It takes the results of a function of package crs as they are.
func (s *Schema) Declare(system crs.System, err error) {
	s.Declared, s.DeclaredProblem = nil, nil
	var p *geo.Problem
	switch {
	case errors.As(err, &p):
		s.DeclaredProblem = p
	case err != nil:
		s.DeclaredProblem = geo.NewProblem("ingest.crs.unknown", "name", s.DeclaredText).Because(err)
	case !system.Accepted():
		s.DeclaredProblem = system.Refusal()
	default:
		s.Declared = &system
	}
}
