package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"greenshield/geo/format"
	"greenshield/geo/format/geojson"
	"greenshield/layers"
	"greenshield/layers/store/gpkg"
)

// shared is what tests make once and only read: the built-in data, whose reading would be most of the time of a
// command line, the city's workspace, the demo city's, and the program itself.
var shared struct {
	dir                string
	built              builtIn
	city, demo, binary sync.Once
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "greenshield-test-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	shared.dir, shared.built = dir, newBuiltIn()
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// outcome is what one command line gave.
type outcome struct {
	code           int
	stdout, stderr string
}

// command runs a command line within this process.
func command(t *testing.T, args ...string) outcome {
	t.Helper()
	return commandIn(t.Context(), args...)
}

func commandIn(ctx context.Context, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	code := runWith(ctx, shared.built, args, &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// must runs a command line that has to succeed. Somebody signs for the warnings of an import.
func must(t *testing.T, args ...string) outcome {
	t.Helper()
	if slices.Contains(args, "import") && !slices.Contains(args, "--sign-off") {
		args = append(slices.Clone(args), "--sign-off", "李四")
	}
	o := command(t, args...)
	if o.code != 0 {
		t.Fatalf("greenshield %s: exit %d\n%s%s", strings.Join(args, " "), o.code, o.stdout, o.stderr)
	}
	return o
}

// decode reads what --json printed; a field that the type does not know is an error.
func decode[T any](t *testing.T, o outcome) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(o.stdout))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("not the JSON that was promised: %v\n%.400s\n%s", err, o.stdout, o.stderr)
	}
	if d.More() {
		t.Fatalf("more than one document on standard output: %.400s", o.stdout)
	}
	return v
}

// importJSON is what `import --json` prints.
type importJSON struct {
	Ref, File, Format, Encoding, System                string
	Table, Declared                                    string
	Mapping                                            map[string]string
	Warnings                                           int64
	Read, Kept, Repaired, Guessed, Rejected, Densified int64
	AreaBeforeM2, AreaAfterM2, LengthM                 float64
	Issues                                             []issue
	Unlisted                                           int64
	AccuracyM                                          float64
	ValidUntil                                         string
}

func (r importJSON) codes() []string {
	var out []string
	for _, i := range r.Issues {
		out = append(out, i.Code)
	}
	return out
}

// refused checks that a command line was refused for one reason, and that a person is told so in both languages.
func refused(t *testing.T, code string, args ...string) {
	t.Helper()
	han := regexp.MustCompile(`\p{Han}`)
	for _, lang := range []string{"zh-CN", "en"} {
		o := command(t, append(slices.Clone(args), "--lang", lang)...)
		if o.code != exitRefused || !strings.Contains(o.stderr, "["+code+"]") {
			t.Errorf("greenshield %s: exit %d, want 3 for %s\n%s", strings.Join(args, " "), o.code, code, o.stderr)
			return
		}
		sentence, _, _ := strings.Cut(strings.TrimPrefix(o.stderr, "greenshield: "), "\n  [")
		if len(sentence) < 20 || lang == "zh-CN" && !han.MatchString(sentence) {
			t.Errorf("%s in %s: %q is no sentence", code, lang, sentence)
		}
		if strings.Contains(sentence, "{") || strings.HasPrefix(sentence, code) {
			t.Errorf("%s in %s: %q is not filled in", code, lang, sentence)
		}
	}
}

// vintages lists what a workspace holds.
func vintages(t *testing.T, workspace string) []layers.Vintage {
	t.Helper()
	s, err := gpkg.Open(t.Context(), inWorkspace{workspace}.storeFile())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Layers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []layers.Vintage
	for _, l := range all {
		v, err := s.Vintages(t.Context(), l.ID)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v...)
	}
	return out
}

// place is a geometry in WKT with its attributes.
type place struct {
	wkt    string
	values []any
}

func geometry(t *testing.T, text string) orb.Geometry {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return g
}

// textFields are attribute columns of text.
func textFields(names ...string) []format.Field {
	var out []format.Field
	for _, n := range names {
		out = append(out, format.Field{Name: n, Kind: format.Text, Width: 60})
	}
	return out
}

// writeGeoJSON writes places to a file in a folder of the test's own and gives its path.
func writeGeoJSON(t *testing.T, name string, fields []format.Field, places ...place) string {
	t.Helper()
	var b bytes.Buffer
	err := geojson.Write(&b, fields, func(yield func(geojson.Feature, error) bool) {
		for _, p := range places {
			if !yield(geojson.Feature{Geometry: geometry(t, p.wkt), Values: p.values}, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return writeBytes(t, name, b.Bytes())
}

func writeBytes(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
