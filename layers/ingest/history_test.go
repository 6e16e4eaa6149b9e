package ingest_test

import (
	"crypto/sha256"
	"os"
	"strings"
	"testing"

	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/memory"
)

func TestRepeatedFileIsTold(t *testing.T) {
	s := memory.New()
	file, other := collection(t, "EPSG:4490", cell("", 109, 23)), collection(t, "EPSG:4490", cell("", 109.1, 23))
	publish := func(layer layers.LayerID, vintage, path string, dry bool) []string {
		req := redline(t, path)
		req.Layer.ID, req.Vintage, req.DryRun = layer, vintage, dry
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		req.SHA256 = sha256.Sum256(raw)
		report, err := ingest.Import(t.Context(), s, req)
		if err != nil {
			t.Fatal(err)
		}
		return said(report, "ingest.vintage.same-file")
	}
	for _, tc := range []struct {
		name           string
		layer          layers.LayerID
		vintage, path  string
		dry            bool
		want, unwanted string
	}{
		{"first", "redline", "2023", file, false, "", ""},
		{"bad-input 10 the same again", "redline", "2023", file, false, "refs=redline@2023.1", "redline@2023.2"},
		{"bad-input 10 a third time, dry", "redline", "2023", file, true, "refs=redline@2023.2, redline@2023.1", ""},
		{"bad-input 10 last year's file", "redline", "2024", file, false, "redline@2023.2, redline@2023.1", ""},
		{"an earlier date", "redline", "2020", file, false, "redline@2024.1, redline@2023.2, redline@2023.1", ""},
		{"no more than three are named", "redline", "2021", file, false, "redline@2024.1, redline@2023.2, redline@2023.1", "2020.1"},
		{"another file", "redline", "2023", other, false, "", ""},
		{"another layer", "wetland", "2023", file, false, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := strings.Join(publish(tc.layer, tc.vintage, tc.path, tc.dry), "; ")
			if !strings.Contains(got, tc.want) || tc.want == "" && got != "" {
				t.Errorf("told %q, want %q", got, tc.want)
			}
			if tc.unwanted != "" && strings.Contains(got, tc.unwanted) {
				t.Errorf("told %q, not wanted %q", got, tc.unwanted)
			}
		})
	}
}

// Features are the same, changed under their code, new or gone.
func TestDifferenceFeatureByFeature(t *testing.T) {
	s := memory.New()
	publish := func(vintage string, features ...string) ingest.Report {
		report, err := ingest.Import(t.Context(), s, landuse(t, vintage, features...))
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	row := func(code, class string, x float64) string { return cell(`"BSM":"`+code+`","DLBM":"`+class+`"`, x, 23) }
	publish("2022", row("1", "0101", 109), row("2", "0101", 109.1), row("3", "0101", 109.2), row("", "0101", 109.3))
	report := publish("2023", row("2", "0101", 109.1), row("1", "0301", 109), row("4", "0101", 109.4), row("", "0101", 109.5), row("", "0101", 109.6))
	got := said(report, "ingest.vintage.before")
	if len(got) != 1 || !strings.Contains(got[0], "was=4 is=5 more=+1 same=1 changed=1 added=3 gone=2") {
		t.Errorf("%q", got)
	}
	// Twice the same row is twice the same.
	report = publish("2024", row("2", "0101", 109.1), row("2", "0101", 109.1))
	if got := said(report, "ingest.vintage.before"); !strings.Contains(got[0], "same=1 changed=0 added=1 gone=4") {
		t.Errorf("%q", got)
	}
}
