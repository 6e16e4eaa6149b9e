package main

import (
	"strings"
	"testing"
)

func TestRowsHoldFiguresBesideEachOther(t *testing.T) {
	found, err := parse(strings.NewReader(strings.Join([]string{
		"postgis.parcels\t1.5\t1000", "parcels.area\t0.05\t1001", "parcels.area.p99\t0.00025\t0",
		"matrix.one.read\t0.02\t0", "matrix\t0.1\t0", "area.vertices_per_second\t25000000\t0",
		"postgis.matrix.changed\t0\t400", "matrix.changed\t0\t400",
	}, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printAll(&out, found); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"faster":          "| PostGIS best practice, processor time | 1.5 s | 50 ms | 30 × | ≥ 30 × |",
		"alone":           "| parcels: areas, p99 of one parcel | – | – | 250 µs | – | < 0.5 ms |",
		"slower":          "| reading all vertices once, one core | 20 ms | 100 ms | 5 × | ≤ 10 × |",
		"rate":            "| – | 25 M vertices/s | – | ≥ 20 M vertices/s |",
		"total":           "| 1000.00 | 1001.00 | 1.0e-03 |",
		"area alone":      "| matrix, what changed: PostGIS best practice | 400.00 | 400.00 | 0.0e+00 |",
		"heads the table": "| work | peer | peer's time | ours | ratio | must reach |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: no %q in\n%s", name, want, out.String())
		}
	}
	if strings.Contains(out.String(), "GEOS") {
		t.Errorf("rows of a peer that was not measured are printed:\n%s", out.String())
	}
}

func TestLinesThatAreNoResultsAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"two parts": "a\t1", "no figure": "a\tfast\t0", "no total": "a\t1\tlarge",
	} {
		if _, err := parse(strings.NewReader(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
