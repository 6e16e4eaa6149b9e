package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// demoCity gives a workspace with the demo city, made once; tests only read it.
func demoCity(t *testing.T) string {
	t.Helper()
	workspace := filepath.Join(shared.dir, "demo")
	shared.demo.Do(func() {
		o := must(t, "demo", "--workspace", workspace, "--lang", "en")
		if !strings.Contains(o.stdout, "The demo city is ready") {
			t.Errorf("demo says %q", o.stdout)
		}
	})
	return workspace
}

func TestDemoDoesNotOverwrite(t *testing.T) {
	workspace := t.TempDir()
	must(t, "import", "--workspace", workspace, "--layer", "redline", "--theme", "redline", "--vintage", "2024", redlineFile(t))
	for lang, want := range map[string]string{"zh-CN": "不会覆盖", "en": "does not overwrite"} {
		o := command(t, "demo", "--workspace", workspace, "--lang", lang)
		if o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("exit %d\n%s", o.code, o.stderr)
		}
	}
	if got := vintages(t, workspace); len(got) != 1 {
		t.Errorf("the workspace holds %d vintages", len(got))
	}
	entries, err := os.ReadDir(workspace)
	if err != nil || len(entries) != 2 { // the store and the originals
		t.Errorf("in the workspace: %v, %v", entries, err)
	}
}

// Each sample parcel is there to show one kind of answer.
func TestSampleParcelsGiveTheirAnswers(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("makes the demo city, some seconds; cmd/democity/files does the same under the race detector")
	}
	workspace := demoCity(t)
	wants := map[string]struct {
		code  int
		theme string // of an overlap that must be found
	}{
		"clear":     {0, "urban"},
		"redline":   {12, "redline"},
		"protected": {12, "protected"},
		"shoreline": {12, "shoreline"},
		"farmland":  {12, "farmland"},
		"south":     {10, "urban"},
		"touching":  {10, "urban"},
		"outside":   {13, ""},
	}
	paths, err := filepath.Glob(filepath.Join(workspace, "parcels", "*"))
	if err != nil || len(paths) != len(wants) {
		t.Fatalf("sample parcels: %v, %v", paths, err)
	}
	kinds := map[string]bool{}
	for _, path := range paths {
		key, _, _ := strings.Cut(filepath.Base(path), ".")
		kinds[filepath.Ext(path)] = true
		o := command(t, "check", "--workspace", workspace, "--date", day, "--json", path)
		got := decode[checkJSON](t, o)
		want, ok := wants[key]
		if !ok || o.code != want.code || len(got.Parcels) != 1 || got.Parcels[0].Name == "" {
			t.Errorf("%s: exit %d, want %d\n%s", filepath.Base(path), o.code, want.code, o.stderr)
			continue
		}
		found := map[string]bool{"": true}
		for _, f := range got.Parcels[0].Findings {
			found[f.Theme] = true
		}
		if !found[want.theme] || key != "redline" && key != "protected" && found["redline"] {
			t.Errorf("%s: overlaps with %v, want %s", filepath.Base(path), found, want.theme)
		}
		t.Logf("%-18s exit %d %-12s %.2f m²", filepath.Base(path), o.code, got.Verdict, got.Area)
		if key == "touching" {
			wantTouching(t, got.Parcels[0])
		}
	}
	if len(kinds) != 4 {
		t.Errorf("kinds of files: %v, want all four", kinds)
	}
}

func wantTouching(t *testing.T, p parcelJSON) {
	t.Helper()
	for _, c := range p.Checked {
		if strings.HasPrefix(c.Ref, "redline@") && (c.Overlaps != 0 || c.Touching != 1) {
			t.Errorf("the touching parcel overlaps the red line %d times and touches it %d times", c.Overlaps, c.Touching)
		}
	}
}
