package ingest_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/layers/ingest"
)

// squareRing is the ring of a side in degrees, counter-clockwise from its south-west corner, as coordinates.
func squareRing(x, y, side float64) string {
	return fmt.Sprintf("[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]", x, y, x+side, y+side)
}

// turnedRing is the same ring clockwise.
func turnedRing(x, y, side float64) string {
	return fmt.Sprintf("[[%[1]g,%[2]g],[%[1]g,%[4]g],[%[3]g,%[4]g],[%[3]g,%[2]g],[%[1]g,%[2]g]]", x, y, x+side, y+side)
}

// wholeHectares is the area of the square of 0.01 degrees at 109 E 23 N: 1107.44 m of the meridian by 1025.19 m of the
// parallel, with a and e2 of the ellipsoid. Parts of it are the fractions that they are in degrees, nearly.
const wholeHectares = 113.5335

// What becomes of geometries that are odd by themselves: read, mended in the one way there is, or refused with a code.
func TestGeometrySemantics(t *testing.T) {
	const whole = wholeHectares
	shell := squareRing(109, 23, 0.01)
	for name, tc := range map[string]struct {
		kind, coordinates string
		code              string  // of the refusal
		issue             string  // of a repair or warning
		hectares          float64 // to one in five hundred
	}{
		"bad-input 48 ring that is not closed": {
			"Polygon", "[[[109,23],[109.01,23],[109.01,23.01],[109,23.01]]]", "", "ingest.geometry.repaired", whole,
		},
		"bad-input 48 ring of three points": {
			"Polygon", "[[[109,23],[109.01,23],[109,23]]]", "ingest.geometry.ambiguous", "", 0,
		},
		"bad-input 48 empty rings":    {"Polygon", "[[],[]]", "ingest.geometry.missing", "", 0},
		"bad-input 48 no coordinates": {"Polygon", "[]", "ingest.geometry.missing", "", 0},
		"bad-input 83 bow-tie":        {"Polygon", bowTie, "", "ingest.geometry.repaired", whole / 2},
		"bad-input 83 spike": {
			"Polygon",
			"[[[109,23],[109.01,23],[109.05,23],[109.01,23],[109.01,23.01],[109,23.01],[109,23]]]",
			"", "ingest.geometry.repaired", whole,
		},
		"bad-input 83 points twice": {
			"Polygon", "[[[109,23],[109,23],[109.01,23],[109.01,23.01],[109.01,23.01],[109,23.01],[109,23]]]", "", "", whole,
		},
		"bad-input 83 no area": {
			"Polygon", "[[[109,23],[109.01,23.01],[109,23],[109.01,23.01],[109,23]]]", "ingest.geometry.ambiguous", "", 0,
		},
		"bad-input 83 collinear ring": {
			"Polygon", "[[[109,23],[109.01,23],[109.02,23],[109,23]]]", "ingest.geometry.ambiguous", "", 0,
		},
		"bad-input 84 hole touches the shell in a corner": {
			"Polygon", "[" + shell + ",[[109,23],[109.005,23.008],[109.008,23.005],[109,23]]]", "", "", 0.805 * whole,
		},
		"bad-input 84 hole shares an edge with the shell": {
			"Polygon",
			"[" + shell + ",[[109,23.002],[109,23.008],[109.005,23.008],[109.005,23.002],[109,23.002]]]",
			"", "ingest.geometry.repaired", 0.7 * whole,
		},
		"bad-input 84 hole equal to the shell": {
			"Polygon", "[" + shell + "," + turnedRing(109, 23, 0.01) + "]", "ingest.geometry.ambiguous", "", 0,
		},
		"bad-input 84 hole outside the shell": {
			"Polygon", "[" + shell + "," + turnedRing(109.02, 23, 0.005) + "]", "ingest.geometry.ambiguous", "", 0,
		},
		"bad-input 84 hole wound like the shell": {
			"Polygon", "[" + shell + "," + squareRing(109.002, 23.002, 0.005) + "]", "", "", 0.75 * whole,
		},
		"bad-input 84 parts that overlap": {"MultiPolygon", doubled, "ingest.geometry.ambiguous", "", 0},
		"bad-input 84 the same part twice": {
			"MultiPolygon", "[[" + shell + "],[" + shell + "]]", "ingest.geometry.ambiguous", "", 0,
		},
		"bad-input 84 a shell inside another": {
			"MultiPolygon", "[[" + shell + "],[" + squareRing(109.002, 23.002, 0.005) + "]]", "ingest.geometry.ambiguous", "", 0,
		},
		"bad-input 84 an island in a hole": {
			"MultiPolygon",
			"[[" + shell + "," + turnedRing(109.002, 23.002, 0.006) + "],[" + squareRing(109.003, 23.003, 0.002) + "]]",
			"", "", 0.68 * whole,
		},
		"bad-input 84 parts that share an edge": {
			"MultiPolygon",
			"[[" + shell + "],[" + squareRing(109.01, 23, 0.01) + "]]",
			"", "ingest.geometry.repaired", 2 * whole,
		},
		"bad-input 88 across 109.5 E": {
			"Polygon", "[" + squareRing(109.495, 23, 0.01) + "]", "", "", whole,
		},
		"bad-input 88 outside China": {
			"Polygon", "[" + squareRing(9, 23, 0.01) + "]", "", "ingest.crs.outside-china", whole,
		},
		"bad-input 88 at 0, 0": {
			"Polygon", "[" + squareRing(0, 0, 0.01) + "]", "", "ingest.crs.outside-china", 123.1,
		},
		"bad-input 88 across 180 degrees": {
			"Polygon", "[" + squareRing(179.995, 23, 0.01) + "]", "ingest.crs.numbers-impossible", "", 0,
		},
		"bad-input 88 across 180, wrapped": {
			"Polygon",
			"[[[179.995,23],[-179.995,23],[-179.995,23.01],[179.995,23.01],[179.995,23]]]",
			"ingest.geometry.antimeridian", "", 0,
		},
		"bad-input 88 at the pole": {
			"Polygon", "[[[0,89.9],[90,89.9],[180,89.9],[-90,89.9],[0,89.9]]]", "ingest.geometry.antimeridian", "", 0,
		},
		"bad-input 46 latitude first": {
			"Polygon", "[[[23,109],[23,109.01],[23.01,109.01],[23.01,109],[23,109]]]", "ingest.crs.axes-swapped", "", 0,
		},
		"bad-input 46 metres": {
			"Polygon",
			"[[[37355000,2556000],[37355100,2556000],[37355100,2556100],[37355000,2556000]]]",
			"ingest.crs.numbers-differ", "", 0,
		},
		"bad-input 90 10,000 square kilometres": {
			"Polygon", "[" + squareRing(109, 23, 0.94) + "]", "", "", 1e6,
		},
		"bad-input 90 a hundredth of a square metre": {
			"Polygon", "[" + squareRing(109, 23, 9.4e-7) + "]", "", "", whole * 9.4e-5 * 9.4e-5,
		},
		"bad-input 91 fifteen decimals": {
			"Polygon",
			"[[[109.000000000000001,23.000000000000004],[109.010000000000005,23],[109.01,23.010000000000002],[109,23.01],[109.000000000000001,23.000000000000004]]]",
			"", "", whole,
		},
		"bad-input 91 vertices a hundredth of a millimetre apart": {
			"Polygon", "[[[109,23],[109.0000000001,23],[109.01,23],[109.01,23.01],[109,23.01],[109,23]]]", "", "", whole,
		},
		"bad-input 92 heights": {
			"Polygon", strings.ReplaceAll("["+shell+"]", "23]", "23,45.5]"), "", "ingest.geojson.height-dropped", whole,
		},
		"bad-input 92 heights and measures": {
			"Polygon", strings.ReplaceAll("["+shell+"]", "23]", "23,45.5,7]"), "", "ingest.geojson.height-dropped", whole,
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := collection(t, "EPSG:4490", feature(`"名称":"x"`, tc.kind, tc.coordinates))
			req := ingest.ParcelRequest{Reading: ingest.Reading{Codes: book(t)}}
			parcels, report, err := ingest.Parcels(t.Context(), path, req)
			issues := codesOf(report.Issues)
			if geo.CodeOf(err) != tc.code {
				t.Fatalf("%v, want %q", err, tc.code)
			}
			if tc.issue != "" && !slices.Contains(issues, tc.issue) {
				t.Errorf("issues %v, want %s", issues, tc.issue)
			}
			if tc.code != "" {
				return
			}
			if got := parcels[0].Area.Hectares(); math.Abs(got-tc.hectares) > tc.hectares/500 {
				t.Errorf("%.6f ha, want %.6f", got, tc.hectares)
			}
		})
	}
}

// The zone that a file names is held against the zone that its numbers name.
func TestZoneAgainstNumbers(t *testing.T) {
	for name, tc := range map[string]struct{ system, code string }{
		"bad-input 39 zone 37 as it is":               {"EPSG:4525", ""},
		"bad-input 39 zone 36 for numbers of zone 37": {"EPSG:4524", "ingest.crs.zone-mismatch"},
		"bad-input 47 metres in a system of degrees":  {"EPSG:4490", "ingest.crs.numbers-differ"},
		"bad-input 47 a plane of the old datum":       {"EPSG:2361", "ingest.crs.old-datum"},
		"bad-input 47 no system at all":               {"null", "ingest.crs.missing"},
	} {
		t.Run(name, func(t *testing.T) {
			path := collection(t, tc.system, feature(`"a":1`, "Polygon", workedParcel))
			parcels, _, err := ingest.Parcels(t.Context(), path, ingest.ParcelRequest{Reading: ingest.Reading{Codes: book(t)}})
			if geo.CodeOf(err) != tc.code || (len(parcels) == 1) != (tc.code == "") {
				t.Errorf("%d parcels, %v, want %q", len(parcels), err, tc.code)
			}
		})
	}
}
