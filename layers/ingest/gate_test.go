package ingest_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/original"
	"greenshield/layers/store/memory"
)

// said are the issues whose codes begin with a prefix.
func said(r ingest.Report, prefix string) []string {
	var out []string
	for _, i := range r.Issues {
		if strings.HasPrefix(i.Problem.Code, prefix) {
			out = append(out, i.Problem.Error())
		}
	}
	return out
}

func landuse(t *testing.T, vintage string, features ...string) ingest.Request {
	req := redline(t, collection(t, "EPSG:4490", features...))
	req.Layer, req.Vintage = layers.Layer{ID: "landuse", Theme: layers.Landuse, Title: "土地利用"}, vintage
	return req
}

func TestCoverageIsAskedForOverlapsAndGaps(t *testing.T) {
	square := func(x, y float64) string { return cell(`"DLBM":"0101"`, x, y) }
	// Eight squares around a ninth, on binary fractions of a degree so that they share their corners exactly.
	ring := func(middle bool) []string {
		var out []string
		for i := range 3 {
			for k := range 3 {
				if middle || i != 1 || k != 1 {
					out = append(out, feature(`"DLBM":"0101"`, "Polygon", quarter(i, k, 0)))
				}
			}
		}
		return out
	}
	for name, tc := range map[string]struct {
		features []string
		want     []string
	}{
		"whole":      {ring(true), nil},
		"far apart":  {[]string{square(109, 23), square(109.1, 23)}, nil},
		"a gap":      {ring(false), []string{"ingest.coverage.gap", "ingest.coverage.sum overlaps=0 overlapping=0.0000 gaps=1"}},
		"an overlap": {[]string{feature(`"DLBM":"0101"`, "Polygon", quarter(0, 0, 0)), feature(`"DLBM":"0301"`, "Polygon", quarter(0, 0, 1./4096))}, []string{"ingest.coverage.overlap row=1 other=2", "ingest.coverage.sum overlaps=1"}},
	} {
		report, err := ingest.Import(t.Context(), memory.New(), landuse(t, "2023", tc.features...))
		if err != nil {
			t.Fatal(err)
		}
		got := said(report, "ingest.coverage")
		if len(got) != len(tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], tc.want[i]) {
				t.Errorf("%s: %q, want %q", name, got[i], tc.want[i])
			}
		}
	}
	// A red line may have gaps: nobody asks.
	report, err := ingest.Import(t.Context(), memory.New(), redline(t, collection(t, "EPSG:4490", ring(false)...)))
	if err != nil || len(said(report, "ingest.coverage")) > 0 {
		t.Errorf("a red line: %v, %v", said(report, "ingest.coverage"), err)
	}
}

// quarter is a square of 1/256 degree in a raster that begins at 109.5° E, 23.5° N, moved to the east.
func quarter(i, k int, east float64) string {
	const size = 1. / 256
	x, y := 109.5+float64(i)*size+east, 23.5+float64(k)*size
	return fmt.Sprintf("[[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]]", x, y, x+size, y+size)
}

func TestDifferenceToTheVintageBeforeIsTold(t *testing.T) {
	s := memory.New()
	publish := func(vintage string, features ...string) []string {
		report, err := ingest.Import(t.Context(), s, landuse(t, vintage, features...))
		if err != nil {
			t.Fatal(err)
		}
		return said(report, "ingest.vintage.before")
	}
	one, two := cell(`"DLBM":"0101"`, 109, 23), cell(`"DLBM":"0301"`, 109.1, 23)
	if got := publish("2022", one); got != nil {
		t.Errorf("the first vintage is compared: %q", got)
	}
	if got := publish("2024", one, two); len(got) != 1 || !strings.Contains(got[0], "ref=landuse@2022.1 was=1 is=2 more=+1") {
		t.Errorf("2024: %q", got)
	}
	if got := publish("2023", one); len(got) != 1 || !strings.Contains(got[0], "ref=landuse@2022.1") {
		t.Errorf("a vintage between: %q", got)
	}
	if got := publish("2024", one); len(got) != 1 || !strings.Contains(got[0], "ref=landuse@2024.1 was=2 is=1 more=-1") {
		t.Errorf("a correction: %q", got)
	}
	req := landuse(t, "2025", one, two)
	req.DryRun = true
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil || len(said(report, "ingest.vintage.before")) != 1 || report.Kept != 2 {
		t.Errorf("a dry run: %+v, %v", report.Findings, err)
	}
	all, err := s.Vintages(t.Context(), "landuse")
	if err != nil || len(all) != 4 || report.Vintage.Ref != (layers.Ref{}) {
		t.Errorf("a dry run published: %v, %v", all, err)
	}
	req.AcceptRejects = false
	req.Path = collection(t, "EPSG:4490", one, feature(`"DLBM":"x"`, "MultiPolygon", doubled))
	if _, err := ingest.Import(t.Context(), s, req); geo.CodeOf(err) != "ingest.rejects" {
		t.Errorf("a dry run with a rejected row: %v", err)
	}
}

// Warnings are published only when somebody answers for them by name; the name, the warnings and their number stay with
// the vintage.
func TestWarningsAreSignedOffByName(t *testing.T) {
	s := memory.New()
	req := redline(t, collection(t, "", cell(`"foo":"a"`, 109, 23)))
	req.Layer.Theme, req.SignedOff = layers.Protected, ""
	report, err := ingest.Import(t.Context(), s, req)
	if geo.CodeOf(err) != "ingest.warnings" || report.Warnings == 0 {
		t.Fatalf("unsigned: %v, %d warnings", err, report.Warnings)
	}
	wantNothingPublished(t, s, report)
	req.DryRun = true
	if report, err := ingest.Import(t.Context(), s, req); err != nil || report.Warnings == 0 {
		t.Errorf("a dry run asks for a signature: %v", err)
	}
	req.DryRun, req.SignedOff = false, "李四"
	report, err = ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err)
	}
	if p := report.Vintage.Provenance; p.SignedOff != "李四" || p.Warnings != report.Warnings || p.Read != 1 {
		t.Errorf("provenance %+v", p)
	}
	issues, err := s.Issues(t.Context(), report.Vintage.Ref)
	if err != nil || len(issues) != len(report.Issues) || issues[0].Problem.Code != report.Issues[0].Problem.Code {
		t.Errorf("kept %v, %v; told %v", issues, err, report.Issues)
	}
	// Nobody signs for what earns no warning.
	clean := redline(t, collection(t, "", cell(`"HXMM":"a","HXBM":"1"`, 109, 23)))
	clean.Layer.ID = "other"
	report, err = ingest.Import(t.Context(), s, clean)
	if err != nil || report.Warnings != 0 || report.Vintage.Provenance.SignedOff != "" {
		t.Errorf("a clean file: %d warnings, signed by %q, %v", report.Warnings, report.Vintage.Provenance.SignedOff, err)
	}
}

// The delivered file is kept as it came, and not when nothing is published.
func TestOriginalIsKept(t *testing.T) {
	kept := original.In(filepath.Join(t.TempDir(), "originals"))
	req := redline(t, collection(t, "", cell(`"HXMM":"a"`, 109, 23)))
	req.Originals = kept
	sum, err := original.Sum(t.Context(), req.Path)
	if err != nil {
		t.Fatal(err)
	}
	refused := req
	refused.Path = collection(t, "", feature(`"a":1`, "Point", `[1,2]`))
	wrong, err := original.Sum(t.Context(), refused.Path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Import(t.Context(), memory.New(), refused); err == nil {
		t.Error("points were imported as a red line")
	}
	if parts, err := kept.Find(wrong); err == nil {
		t.Errorf("kept what was not published: %v", parts)
	}
	report, err := ingest.Import(t.Context(), memory.New(), req)
	if err != nil || report.Vintage.Provenance.SHA256 != sum {
		t.Fatalf("%v, hash %s", err, report.Vintage.Provenance.SHA256)
	}
	parts, err := kept.Find(sum)
	if err != nil || len(parts) != 1 {
		t.Fatalf("%v, %v", parts, err)
	}
	got, err := os.ReadFile(parts[0].Path)
	want, e := os.ReadFile(req.Path)
	if err != nil || e != nil || !bytes.Equal(got, want) {
		t.Errorf("the original was changed: %v, %v", err, e)
	}
}
