package ingest_test

import (
	"testing"

	"github.com/paulmach/orb"

	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/memory"
)

// Every way to read the numbers is shown, the right one first once the regions are known, and picking it reads the
// file so.
func TestEveryPlausibleReadingIsShown(t *testing.T) {
	here := orb.Point{109.06, 23.06}
	for name, tc := range map[string]struct {
		declared, row string
		regions       bool
		readings      int
		first         string
		zones         int
		exchanged     bool
	}{
		"degrees":                         {"null", cell(`"a":1`, 109.05, 23.05), true, 1, "EPSG:4490", 0, false},
		"degrees, latitude first":         {"null", feature(`"a":1`, "Polygon", `[[[23.05,109.05],[23.05,109.06],[23.06,109.06],[23.05,109.05]]]`), true, 1, "EPSG:4490", 0, true},
		"a zone number":                   {"null", square(`"a":1`, 36_606_000, 2_551_000), true, 1, "EPSG:4524", 0, false},
		"a zone number, northing first":   {"null", feature(`"a":1`, "Polygon", `[[[2551000,36606000],[2551000,36606600],[2551600,36606000],[2551000,36606000]]]`), true, 1, "EPSG:4524", 0, true},
		"no zone number":                  {"null", square(`"a":1`, 606_000, 2_551_000), true, 21, "EPSG:4545", 0, false},
		"no zone number, nor any regions": {"null", square(`"a":1`, 606_000, 2_551_000), false, 21, "EPSG:4534", 0, false},
		"the file names it":               {"EPSG:4524", square(`"a":1`, 36_606_000, 2_551_000), true, 1, "EPSG:4524", 0, false},
		"the file names another zone":     {"EPSG:4525", square(`"a":1`, 36_606_000, 2_551_000), true, 1, "EPSG:4524", 0, false},
		"two zones": {
			"null", square(`"a":1`, 36_606_000, 2_551_000) + "," + square(`"a":1`, 37_345_000, 2_560_000), true, 1, "EPSG:4524", 3, false,
		},
	} {
		s := memory.New()
		if tc.regions {
			town(t, s)
		}
		reading := ingest.Reading{Path: collection(t, tc.declared, tc.row), Codes: book(t)}
		p, err := ingest.Look(t.Context(), s, ingest.Request{Reading: reading})
		if err != nil || len(p.Readings) != tc.readings {
			t.Errorf("%s: %d readings, %v", name, len(p.Readings), err)
			continue
		}
		first := p.Readings[0]
		if first.System.String() != tc.first || first.Zones != tc.zones || first.AxesExchanged != tc.exchanged {
			t.Errorf("%s: first is %s, zones %d, exchanged %v", name, first.System, first.Zones, first.AxesExchanged)
		}
		if tc.regions && (!first.Bound.Pad(0.03).Contains(here) || first.Inside <= 0) {
			t.Errorf("%s: lies at %v, %.2f inside", name, first.Bound, first.Inside)
		}
		if !tc.regions && first.Inside != -1 {
			t.Errorf("%s: %.2f inside of nothing", name, first.Inside)
		}
		req := redline(t, reading.Path)
		answer := p.Answer(first)
		req.System, req.TreatAs, req.Zones, req.AxesExchanged = answer.System, answer.TreatAs, answer.Zones, answer.AxesExchanged
		report, err := ingest.Import(t.Context(), s, req)
		if err != nil {
			t.Errorf("%s: the answer is refused: %v", name, err)
			continue
		}
		if b := report.Vintage.Bound; !b.Pad(1e-6).Contains(first.Bound.Center()) {
			t.Errorf("%s: shown at %v, imported at %v", name, first.Bound, b)
		}
	}
}

func TestPreviewOfAFileWithoutCoordinates(t *testing.T) {
	path := collection(t, "null", `{"type":"Feature","properties":{"名称":"空"},"geometry":null}`)
	p, err := ingest.Look(t.Context(), memory.New(), ingest.Request{Reading: ingest.Reading{Path: path}})
	if err != nil || len(p.Readings) != 0 || p.Rows != 1 || p.Unusable != 1 || p.First == nil {
		t.Errorf("%+v, %v", p, err)
	}
	if len(p.Fields) != 1 || p.Fields[0].Name != "名称" || len(p.Samples) != 1 || p.Samples[0][0] != "空" {
		t.Errorf("fields %v, samples %v", p.Fields, p.Samples)
	}
	if p.Regions != (layers.Ref{}) {
		t.Errorf("regions %s", p.Regions)
	}
}

// A sample stays small however many rows and vertices a file has, and still shows where it lies.
func TestPreviewSampleIsBounded(t *testing.T) {
	var rows []string
	for i := range 4000 {
		rows = append(rows, cell(`"a":1`, 109+0.0001*float64(i), 23))
	}
	reading := ingest.Reading{Path: collection(t, "", rows...)}
	p, err := ingest.Look(t.Context(), memory.New(), ingest.Request{Reading: reading})
	if err != nil {
		t.Fatal(err)
	}
	first := p.Readings[0]
	n := 0
	for _, line := range first.Shape {
		n += len(line)
	}
	if len(first.Shape) > 300 || len(first.Shape) < 100 || n > 3500 || first.Bound.Max[0]-first.Bound.Min[0] < 0.39 {
		t.Errorf("%d lines, %d vertices, %v", len(first.Shape), n, first.Bound)
	}
}

func TestPreviewProposesTheFields(t *testing.T) {
	s := memory.New()
	req := redline(t, collection(t, "", cell(`"foo":"一号","HXBM":"1","HXLX":"x","LXBM":"11"`, 109, 23)))
	req.Mapping = map[layers.Role]string{layers.Name: "foo"}
	if _, err := ingest.Import(t.Context(), s, req); err != nil {
		t.Fatal(err)
	}
	req.Mapping, req.Vintage = nil, ""
	p, err := ingest.Look(t.Context(), s, req)
	if err != nil || p.Mapping[layers.Name] != "foo" || p.Mapping[layers.Code] != "HXBM" || p.Before.String() != "redline@2023.1" {
		t.Errorf("mapping %v after %s, %v", p.Mapping, p.Before, err)
	}
	if p.Table == nil || p.Table.ID != "redline-entity" {
		t.Errorf("table %v", p.Table)
	}
	req.Layer = layers.Layer{ID: "other", Theme: layers.Region}
	if p, err := ingest.Look(t.Context(), s, req); err != nil || p.Mapping[layers.Code] != "" {
		t.Errorf("a region without a code: %v, %v", p.Mapping, err)
	}
}
