package report_test

import (
	"math"
	"testing"

	"greenshield/layers/report"
)

func TestDegreesMinutesSeconds(t *testing.T) {
	for v, want := range map[float64]string{
		109.425:            "109°25′30.00″",
		23:                 "23°00′00.00″",
		22.9999999999:      "23°00′00.00″", // no sixty seconds
		109.1234567:        "109°07′24.44″",
		-0.5:               "-0°30′00.00″",
		math.NaN():         "–",
		109 + 59.999/3600:  "109°01′00.00″",
		109 + 59.9949/3600: "109°00′59.99″",
	} {
		if got := report.DMS(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}
