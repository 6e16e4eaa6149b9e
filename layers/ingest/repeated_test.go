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
