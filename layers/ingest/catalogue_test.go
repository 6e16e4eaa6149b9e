package ingest_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/open"
	"greenshield/layers/text"
)

// specimen is the smallest delivery that brings one problem about.
type specimen struct {
	code string // without "ingest."
	// found does what brings the problem about and gives everything that was said.
	found func(t *testing.T) []*geo.Problem
	// also are the codes that cannot but come with it, without "ingest.", with blanks between them.
	also string
}

// heard is all that reading gave: the error, what the schema notes and declares, and the problems of rows.
type heard []*geo.Problem

func (s *heard) add(all ...*geo.Problem) {
	for _, p := range all {
		if p != nil && !slices.Contains(*s, p) {
			*s = append(*s, p)
		}
	}
}

func asProblem(err error, p **geo.Problem) bool { return errors.As(err, p) }

func (s *heard) err(t *testing.T, err error) {
	t.Helper()
	var p *geo.Problem
	switch {
	case errors.As(err, &p):
		s.add(p)
	case err != nil:
		t.Errorf("an error without a code: %v", err)
	}
}

// opened reads the whole file, folder or zip at path.
func opened(t *testing.T, path string, o open.Options) (s heard) {
	t.Helper()
	d, err := open.Open(t.Context(), path, o)
	if err != nil {
		s.err(t, err)
		return s
	}
	defer d.Close()
	var last format.Record
	for last, err = range d.Records(t.Context()) {
		s.add(last.Problem)
		s.err(t, err)
	}
	s.add(d.Schema().Notes...)
	s.add(d.Schema().DeclaredProblem)
	return s
}

// delivered writes a file and reads it.
func delivered(name, content string, o open.Options) func(*testing.T) []*geo.Problem {
	return func(t *testing.T) []*geo.Problem {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return opened(t, path, o)
	}
}

// limited are the options with small limits, so that specimens of too much stay small.
func limited(l format.Limits) open.Options { return open.Options{Limits: l} }

func ingestTexts(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load(os.DirFS("../../data/texts"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each specimen gives its code and no other, with every argument that the sentences name.
func TestSpecimensGiveTheirCode(t *testing.T) {
	texts := ingestTexts(t)
	for _, s := range specimens() {
		t.Run(s.code, func(t *testing.T) {
			all := s.found(t)
			if got, want := distinct(all), expected(s); !slices.Equal(got, want) {
				t.Fatalf("gave %v, want %v", got, want)
			}
			for _, p := range all {
				sayable(t, texts, p)
			}
		})
	}
}

func distinct(all []*geo.Problem) []string {
	var codes []string
	for _, p := range all {
		codes = append(codes, strings.TrimPrefix(p.Code, "ingest."))
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func expected(s specimen) []string {
	codes := append(strings.Fields(s.also), s.code)
	slices.Sort(codes)
	return codes
}

// sayable holds that a problem is in the catalogue and carries the arguments that its sentences use.
func sayable(t *testing.T, texts *text.Catalog, p *geo.Problem) {
	t.Helper()
	template, ok := texts.Problem(p.Code)
	if !ok {
		t.Errorf("%s is no problem of the catalogue", p.Code)
	}
	for lang, sentence := range template.Sentences {
		for _, name := range template.Args {
			used := strings.Contains(sentence, "{"+name+"}")
			if used && !slices.ContainsFunc(p.Args, func(a geo.Arg) bool { return a.Name == name }) {
				t.Errorf("%s, %s: the argument %s is missing in %v", p.Code, lang, name, p)
			}
		}
		if said := texts.Sentence(lang, p); strings.ContainsAny(said, "{}") && !strings.ContainsAny(p.Error(), "{}") {
			t.Errorf("%s, %s: not filled: %s", p.Code, lang, said)
		}
	}
}

func specimens() []specimen {
	return slices.Concat(kmlSpecimens(), dxfSpecimens(), geoJSONSpecimens(), txtSpecimens(), tableSpecimens(),
		fileSpecimens(), shapefileSpecimens(), flatGeobufSpecimens(), geoPackageSpecimens(),
		geodatabaseSpecimens(), systemSpecimens(), geometrySpecimens(), fieldSpecimens(), gateSpecimens())
}

func sortedKeys(files map[string]string) []string { return slices.Sorted(maps.Keys(files)) }

// Every problem of an import that the texts list has a specimen, and every specimen is in the texts.
func TestEveryCodeHasASpecimen(t *testing.T) {
	texts, seen := ingestTexts(t), map[string]bool{}
	for _, s := range specimens() {
		if seen[s.code] {
			t.Errorf("%s has two specimens", s.code)
		}
		seen[s.code] = true
		if _, ok := texts.Problem("ingest." + s.code); !ok {
			t.Errorf("%s has a specimen and no text", s.code)
		}
	}
	for _, p := range texts.Problems() {
		if code, ok := strings.CutPrefix(p.Code, "ingest."); ok && !seen[code] {
			t.Errorf("%s has no specimen", code)
		}
	}
	if len(seen) < 300 {
		t.Errorf("only %d specimens", len(seen))
	}
}

// recorded are notes on what was read and how, after which nobody has to do anything.
const recorded = ` crs.wgs84-as-cgcs2000 crs.shifted crs.treated-as crs.supplied crs.zones vintage.before stated.total
 table.known field.as-before geojson.height-dropped geojson.collection-flattened geojson.bbox fgb.dimensions wkt.heights `

var (
	hanPattern  = regexp.MustCompile(`\p{Han}`)
	slotPattern = regexp.MustCompile(`\{[a-zA-Z_0-9]+\}`)
	nextPattern = regexp.MustCompile(`[.:?] \S`) // where another sentence begins
)

// Every sentence says what is wrong and then what to do, unless it only records something; in both languages.
func TestSentencesSayWhatToDo(t *testing.T) {
	for _, p := range ingestTexts(t).Problems() {
		code, ok := strings.CutPrefix(p.Code, "ingest.")
		if !ok {
			continue
		}
		zh, en := slotPattern.ReplaceAllString(p.Sentences["zh-CN"], "x"), slotPattern.ReplaceAllString(p.Sentences["en"], "x")
		if !hanPattern.MatchString(zh) || !strings.HasSuffix(zh, "。") || !strings.HasSuffix(en, ".") {
			t.Errorf("%s: no whole sentences:\n%s\n%s", code, zh, en)
		}
		if strings.ContainsAny(zh+en, "{}") {
			t.Errorf("%s: a brace that is no argument:\n%s\n%s", code, zh, en)
		}
		advises := strings.Contains(zh, "请") && nextPattern.MatchString(en)
		if !advises && !slices.Contains(strings.Fields(recorded), code) {
			t.Errorf("%s: does not say what to do:\n%s\n%s", code, zh, en)
		}
	}
}
