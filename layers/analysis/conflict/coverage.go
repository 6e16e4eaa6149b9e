package conflict

import (
	"greenshield/geo"
	"greenshield/layers"
)

// uncovered says why finding nothing in a layer would not mean that nothing is there; nil when it would.
func (q *question) uncovered(a *asked) *geo.Problem {
	switch a.vintage.Coverage.Kind {
	case layers.CoverageEverywhere:
		return nil
	case layers.CoverageUndeclared:
		return geo.NewProblem("check.coverage.undeclared", "layer", a.title())
	}
	covered := a.loaded.Coverage().Shared(q.prepared)
	if q.own-covered > q.slight() {
		return geo.NewProblem("check.coverage.outside", "layer", a.title())
	}
	return nil
}
