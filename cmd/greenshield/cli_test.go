package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"greenshield/layers"
)

func commandNames() []string {
	return []string{
		"serve", "demo", "preview", "import", "check", "change", "shoreline", "construction", "nodecrease", "leads", "export",
		"verify", "replay", "openapi", "problems", "version",
	}
}

func TestHelpShowsExamplesInBothLanguages(t *testing.T) {
	for lang, heading := range map[string]string{"zh-CN": "示例：", "en": "Examples:"} {
		all := must(t, "--lang", lang, "--help")
		if !strings.Contains(all.stdout, heading) || !strings.Contains(all.stdout, "\n    greenshield demo\n") {
			t.Errorf("greenshield --help in %s shows no examples:\n%s", lang, all.stdout)
		}
		for _, name := range commandNames() {
			if !strings.Contains(all.stdout, "\n  "+name+" ") {
				t.Errorf("greenshield --help in %s does not list %s", lang, name)
			}
			o := must(t, name, "--help", "--lang="+lang)
			if !strings.Contains(o.stdout, heading) || !strings.Contains(o.stdout, "\n    greenshield "+name) {
				t.Errorf("greenshield %s --help in %s shows no examples:\n%s", name, lang, o.stdout)
			}
			if strings.Contains(o.stdout, "cli.") || strings.Contains(o.stdout, "${") || o.stderr != "" {
				t.Errorf("greenshield %s --help in %s has a word missing:\n%s%s", name, lang, o.stdout, o.stderr)
			}
		}
	}
	if o := must(t, "check", "--help", "--lang=en"); !strings.Contains(o.stdout, "13 incomplete") {
		t.Errorf("the exit codes of a check are not told:\n%s", o.stdout)
	}
}

func TestVersion(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"version"}, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Errorf("exit %d: %s", code, &stderr)
	}
	if o := must(t, "version"); o.stdout != stdout.String() || !strings.HasPrefix(o.stdout, "greenshield "+version+" ") || o.stderr != "" {
		t.Errorf("version says %q, %q", o.stdout, o.stderr)
	}
}

func TestWrongUsage(t *testing.T) {
	file := writeGeoJSON(t, "a.geojson", textFields("name"), place{"POLYGON((0 0,1 0,1 1,0 0))", []any{"a"}})
	for name, args := range map[string][]string{
		"no command":            {},
		"unknown command":       {"publish"},
		"unknown flag":          {"version", "--loud"},
		"flags missing":         {"import", file},
		"file missing":          {"check", filepath.Join(t.TempDir(), "no.txt")},
		"unknown language":      {"version", "--lang", "fr"},
		"negative tolerance":    {"check", "--tolerance=-1", file},
		"tolerance no number":   {"check", "--tolerance=NaN", file},
		"no frame of that name": {"check", "--suspected=WGS", file},
		"one vintage only":      {"change", "redline@2024.1"},
	} {
		o := command(t, args...)
		if o.code != exitUsage || o.stdout != "" || !strings.HasPrefix(o.stderr, "greenshield: ") {
			t.Errorf("%s: exit %d, want 2\n%s%s", name, o.code, o.stdout, o.stderr)
		}
	}
}

func TestEnvironmentNamesWhatFlagsName(t *testing.T) {
	workspace := t.TempDir()
	t.Setenv("GREENSHIELD_WORKSPACE", workspace)
	t.Setenv("GREENSHIELD_OPERATOR", "Wei")
	t.Setenv("GREENSHIELD_LANG", "en")
	o := must(t, "import", "--layer", "redline", "--theme", "redline", "--vintage", "2024", "--coverage", "everywhere", redlineFile(t))
	if !strings.HasPrefix(o.stdout, "Published redline@2024.1: 2 features") {
		t.Errorf("import says %q", o.stdout)
	}
	got := vintages(t, workspace)
	if len(got) != 1 || got[0].Provenance.Operator != "Wei" || got[0].Coverage.Kind != layers.CoverageEverywhere {
		t.Fatalf("the workspace holds %+v", got)
	}
	other := t.TempDir()
	must(t, "import", "--workspace", other, "--operator", "Li", "--layer", "redline", "--theme", "redline", "--vintage", "2024", redlineFile(t))
	if got := vintages(t, other); len(got) != 1 || got[0].Provenance.Operator != "Li" {
		t.Errorf("a flag does not win over the environment: %+v", got)
	}
	t.Setenv("GREENSHIELD_LANG", "zh-CN")
	if o := must(t, "--help"); !strings.Contains(o.stdout, "示例：") {
		t.Errorf("the language of help does not follow the environment:\n%s", o.stdout)
	}
	t.Setenv("GREENSHIELD_TOLERANCE", "0")
	if o := decode[checkJSON](t, command(t, "check", "--json", redlineFile(t))); o.Tolerance != 0 {
		t.Errorf("tolerance %v, want the environment's 0", o.Tolerance)
	}
}

// A pipe reads standard output, so nothing that is not a result may stand there.
func TestProgressGoesToStandardError(t *testing.T) {
	var stdout, stderr bytes.Buffer
	s := &session{stdout: &stdout, stderr: &stderr}
	b := s.newBar("lots.gpkg", false)
	b.tell(1, 200)
	if stderr.Len() > 0 {
		t.Errorf("progress after no time: %q", stderr.String())
	}
	b.told = time.Now().Add(-2 * tellEvery)
	b.tell(50, 200)
	b.done()
	if stderr.String() != "lots.gpkg 50/200 (25 %)\n" || stdout.Len() > 0 {
		t.Errorf("standard error %q, standard output %q", stderr.String(), stdout.String())
	}
	stderr.Reset()
	b = s.newBar("lots.gpkg", true)
	b.told = time.Now().Add(-2 * tellEvery)
	b.tell(100, 200)
	if stderr.Len() > 0 || stdout.Len() > 0 {
		t.Errorf("quiet says %q and %q", stderr.String(), stdout.String())
	}
}

func TestWriteFileLeavesNothingOfAFailure(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "r.xlsx")
	err := writeFile(path, func(w io.Writer) error {
		_, _ = w.Write([]byte("half"))
		return io.ErrUnexpectedEOF
	})
	left, _ := os.ReadDir(dir)
	if err == nil || len(left) != 0 {
		t.Errorf("error %v, and in the folder %v", err, left)
	}
}

func TestOpenAPIIsOneDocument(t *testing.T) {
	o := must(t, "openapi")
	doc := decode[map[string]any](t, o)
	if v, _ := doc["openapi"].(string); !strings.HasPrefix(v, "3.1") {
		t.Errorf("openapi is %v", doc["openapi"])
	}
}

func TestReadingCommandsMakeNoWorkspace(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "mistyped")
	parcel := writeBytes(t, "p.geojson", []byte(`{"type":"Polygon","coordinates":[[[109.1,23],[109.2,23],[109.2,23.1],[109.1,23]]]}`))
	for _, args := range [][]string{
		{"check", parcel},
		{"change", "a@2024.1", "a@2025.1"},
		{"shoreline", "a@2024.1"},
		{"nodecrease", "a@2024.1", "a@2025.1"},
		{"leads", "--land", "a@2024.1"},
	} {
		o := command(t, append(args, "--workspace", missing)...)
		if o.code != exitUsage || !strings.Contains(o.stderr, "cli.workspace.missing") {
			t.Errorf("%s: exit %d, %s", args[0], o.code, o.stderr)
		}
		if _, err := os.Stat(missing); err == nil {
			t.Fatalf("%s made the folder", args[0])
		}
	}
}
