package text_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"greenshield/geo"
	"greenshield/layers/text"
)

func load(t *testing.T, yaml string) (*text.Catalog, error) {
	t.Helper()
	return text.Load(fstest.MapFS{"parts/a.yaml": {Data: []byte(yaml)}})
}

func TestSentenceFillsArguments(t *testing.T) {
	c, err := load(t, "a.b:\n  zh-CN: \"文件 {file}：{why}\"\n  en: \"file {file}: {why}\"\n  args: [file, why]\na.c:\n  zh-CN: 坏\n  en: bad\n")
	if err != nil {
		t.Fatal(err)
	}
	p := geo.NewProblem("a.b", "file", "x.shp", "why", geo.NewProblem("a.c"))
	for lang, want := range map[string]string{"zh-CN": "文件 x.shp：坏", "en": "file x.shp: bad", "fr": "文件 x.shp：坏"} {
		if got := c.Sentence(lang, p); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
	if got := c.Sentence("en", geo.NewProblem("no.such", "n", 3)); got != "no.such n=3" {
		t.Errorf("a code without an entry gives %q", got)
	}
	if got := c.Sentence("en", geo.NewProblem("a.b", "file", "x")); got != "file x: –" {
		t.Errorf("a missing argument gives %q", got)
	}
}

func TestLoadRefusesBrokenCatalogues(t *testing.T) {
	for name, tc := range map[string]struct{ yaml, want string }{
		"a language is missing":     {"a:\n  en: x\n", "no zh-CN"},
		"an argument is not named":  {"a:\n  zh-CN: \"{x}\"\n  en: x\n", "{x}"},
		"the kind is not known":     {"a:\n  zh-CN: x\n  en: x\n  kind: verb\n", "unknown kind"},
		"the same key stands twice": {"a:\n  zh-CN: x\n  en: x\na:\n  zh-CN: x\n  en: x\n", "already defined"},
	} {
		if _, err := load(t, tc.yaml); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestProblemsAreToldFromWords(t *testing.T) {
	c, err := text.Load(fstest.MapFS{
		"parts/a.yaml": {Data: []byte("a.c:\n  zh-CN: \"坏 {n}。\"\n  en: \"bad {n}.\"\n  args: [n]\n" +
			"a.b: {zh-CN: \"坏。\", en: \"Bad.\"}\na.unit: {zh-CN: 公顷, en: ha}\n" +
			"a.page: {zh-CN: \"未构建。\", en: \"Not built.\", kind: word}\n")},
		"parts/b.yaml": {Data: []byte("kind: word\nb.help: {zh-CN: \"显示。\", en: \"Shows.\"}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := c.Problems()
	if len(all) != 2 || all[0].Code != "a.b" || all[1].Code != "a.c" || all[1].Sentences["en"] != "bad {n}." ||
		len(all[1].Args) != 1 || all[1].Args[0] != "n" {
		t.Fatalf("problems: %+v", all)
	}
	for _, key := range []string{"a.unit", "a.page", "b.help", "a.none"} {
		if _, ok := c.Problem(key); ok {
			t.Errorf("%s is taken for a problem", key)
		}
	}
	all[1].Sentences["en"], all[1].Args[0] = "changed", "changed"
	if again, _ := c.Problem("a.c"); again.Sentences["en"] != "bad {n}." || again.Args[0] != "n" {
		t.Errorf("what was handed out changes the catalogue: %+v", again)
	}
	if !c.Has("b.help") || c.Has("kind") {
		t.Error("the kind of a file is no entry")
	}
}
