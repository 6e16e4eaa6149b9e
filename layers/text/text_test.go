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
		"the same key stands twice": {"a:\n  zh-CN: x\n  en: x\na:\n  zh-CN: x\n  en: x\n", "already defined"},
	} {
		if _, err := load(t, tc.yaml); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
