package api

import (
	"errors"
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/conflict"
)

// Overlaps on which the two engines disagree are counted, other gaps and errors are not.
func TestDisagreementsAreCounted(t *testing.T) {
	m := newMetrics()
	gap := func(code string) analysis.Gap { return analysis.Gap{Problem: geo.NewProblem(code)} }
	m.checked(conflict.Result{Parcels: []conflict.ParcelResult{
		{Gaps: []analysis.Gap{gap(conflict.CodeDisagrees), gap("check.overlap.failed"), gap(conflict.CodeDisagrees)}},
		{Gaps: []analysis.Gap{gap(conflict.CodeDisagrees)}},
		{},
	}})
	m.compared(nil)
	m.compared(errors.New("another error"))
	m.compared(geo.NewProblem("change.overlap.disagrees").Because(fmt.Errorf("a pair: %w", overlay.ErrDisagree)))
	for analysis, want := range map[string]float64{"conflict": 3, "change": 1} {
		if got := counted(t, m, analysis); got != want {
			t.Errorf("%s: %v counted, want %v", analysis, got, want)
		}
	}
}

func counted(t *testing.T, m *metrics, analysis string) float64 {
	t.Helper()
	families, err := prometheus.Gatherers{m.registry}.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, series := range f.GetMetric() {
			if f.GetName() == "greenshield_overlay_disagreements_total" && series.GetLabel()[0].GetValue() == analysis {
				return series.GetCounter().GetValue()
			}
		}
	}
	t.Fatalf("no counter of %s", analysis)
	return 0
}
