package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is declared at import is told by the import, kept, shown in a check, and leaves with an export.
func TestDeclaredAccuracyAndValidity(t *testing.T) {
	workspace := t.TempDir()
	args := []string{
		"import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage", "2024",
		"--coverage", "everywhere", "--accuracy", "2.5", "--valid-until", "2026-12-31",
	}
	file := writeGeoJSON(t, "redline.geojson", textFields("HXMM"), place{box("10", "10", "20", "20"), []any{"红线"}})
	for _, more := range [][]string{{"--dry-run"}, nil} {
		o := must(t, append(append(args, more...), "--lang", "zh-CN", file)...)
		if !strings.Contains(o.stdout, "（限差）：2.50 米") || !strings.Contains(o.stdout, "有效期至 2026-12-31") {
			t.Errorf("import %v says\n%s", more, o.stdout)
		}
	}
	got := vintages(t, workspace)
	if len(got) != 1 || got[0].Declared.Accuracy != 2.5 || got[0].Declared.ValidUntil != "2026-12-31" {
		t.Fatalf("the workspace holds %+v", got)
	}
	if r := decode[importJSON](t, must(t, append(args, "--json", file)...)); r.AccuracyM != 2.5 || r.ValidUntil != "2026-12-31" {
		t.Errorf("in JSON: %+v", r)
	}
	parcel := parcelFile(t, box("19", "19", "22", "22"))
	check := []string{"check", "--workspace", workspace, "--date", "2026-06-01"}
	c := decode[checkJSON](t, command(t, append(check, "--json", parcel)...))
	if len(c.Declared) != 1 || c.Declared[0].Accuracy != 2.5 || len(c.Parcels[0].Findings) != 1 {
		t.Fatalf("the check says %+v", c)
	}
	f := c.Parcels[0].Findings[0]
	if f.Effective == nil || *f.Effective <= 0 || *f.Effective >= f.Area || f.Accuracy != 2.5 || f.Border {
		t.Errorf("finding %+v", f)
	}
	told := command(t, append(check, "--lang", "zh-CN", parcel)...)
	if !strings.Contains(told.stdout, "有效面积 ") || !strings.Contains(told.stdout, "redline@2024.2 的声明：") {
		t.Errorf("in words\n%s", told.stdout)
	}
	check[4] = "2027-01-01"
	if o := command(t, append(check, "--lang", "en", parcel)...); o.code != 13 || !strings.Contains(o.stdout, "declared valid until 2026-12-31") {
		t.Errorf("after the last day: exit %d\n%s", o.code, o.stdout)
	}
	out := filepath.Join(t.TempDir(), "out.geojson")
	must(t, "export", "--workspace", workspace, "--to", out, "redline@2024.1")
	raw, err := os.ReadFile(out)
	if err != nil || !json.Valid(raw) {
		t.Fatal(err)
	}
}

func TestDeclarationsThatMeanNothingAreRefused(t *testing.T) {
	file := redlineFile(t)
	for code, flags := range map[string][]string{
		"layer.accuracy.unusable":  {"--accuracy=-3"},
		"layer.validity.malformed": {"--valid-until", "2026"},
		"layer.validity.before":    {"--valid-until", "2023-12-31"},
	} {
		refused(t, code, append([]string{
			"import", "--workspace", t.TempDir(), "--layer", "redline", "--theme", "redline", "--vintage", "2024", file,
		}, flags...)...)
	}
}
