// Package text turns problem codes and word keys into sentences for people, in Chinese and English. The sentences
// are data (data/texts); this package knows how to find and fill them and refuses to know what they say.
package text

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"greenshield/geo"
)

// Languages are the languages every entry must have, the first being the one used when a reader asks for another.
func Languages() []string { return []string{"zh-CN", "en"} }

// Catalog holds all sentences. It does not change after Load and is safe for concurrent use.
type Catalog struct{ entries map[string]entry }

type entry struct {
	Args      []string          `yaml:"args"`
	Kind      string            `yaml:"kind"`
	Sentences map[string]string `yaml:",inline"`
}

// word is the kind of an entry that is no problem although it ends in a full stop. It stands in the entry, or once at
// the top of a file whose entries are all words.
const word = "word"

var slot = regexp.MustCompile(`\{([a-z_A-Z0-9]+)\}`)

// Load reads every .yaml file below fsys. A key that occurs twice, an entry that lacks a language, and a sentence
// that uses an argument its entry does not name are errors, so that a broken catalogue cannot be shipped.
func Load(fsys fs.FS) (*Catalog, error) {
	c := &Catalog{entries: map[string]entry{}}
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		raw, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		return c.add(path, raw)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Catalog) add(path string, raw []byte) error {
	var part map[string]yaml.Node
	if err := yaml.Unmarshal(raw, &part); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	kind := part["kind"].Value
	delete(part, "kind")
	for key, node := range part {
		e := entry{Kind: kind}
		if err := node.Decode(&e); err != nil {
			return fmt.Errorf("read %s: %s: %w", path, key, err)
		}
		if _, twice := c.entries[key]; twice {
			return fmt.Errorf("read %s: %s is defined twice", path, key)
		}
		if err := e.check(); err != nil {
			return fmt.Errorf("read %s: %s: %w", path, key, err)
		}
		c.entries[key] = e
	}
	return nil
}

func (e entry) check() error {
	if e.Kind != "" && e.Kind != word {
		return fmt.Errorf("is of the unknown kind %q", e.Kind)
	}
	for _, lang := range Languages() {
		sentence, ok := e.Sentences[lang]
		if !ok || strings.TrimSpace(sentence) == "" {
			return fmt.Errorf("has no %s sentence", lang)
		}
		for _, m := range slot.FindAllStringSubmatch(sentence, -1) {
			if !slices.Contains(e.Args, m[1]) {
				return fmt.Errorf("the %s sentence uses {%s}, which args does not name", lang, m[1])
			}
		}
	}
	return nil
}

// Sentence is what p says in lang. A code without an entry gives the code and its arguments, so that nothing is
// hidden from the reader.
func (c *Catalog) Sentence(lang string, p *geo.Problem) string {
	if p == nil {
		return ""
	}
	sentence, ok := c.lookup(lang, p.Code)
	if !ok {
		return p.Error()
	}
	return slot.ReplaceAllStringFunc(sentence, func(s string) string {
		return c.argument(lang, p.Args, strings.Trim(s, "{}"))
	})
}

func (c *Catalog) argument(lang string, args []geo.Arg, name string) string {
	for _, a := range args {
		if a.Name != name {
			continue
		}
		switch v := a.Value.(type) {
		case *geo.Problem:
			return c.Sentence(lang, v)
		case []string:
			return strings.Join(v, ", ")
		default:
			return fmt.Sprint(v)
		}
	}
	return "–"
}

// Word is the entry for key in lang, filled with alternating argument names and values; a missing key gives the key.
func (c *Catalog) Word(lang, key string, args ...any) string {
	if _, ok := c.lookup(lang, key); !ok {
		return key
	}
	return c.Sentence(lang, geo.NewProblem(key, args...))
}

// Has reports whether the catalogue has an entry for key.
func (c *Catalog) Has(key string) bool { _, ok := c.entries[key]; return ok }

// Keys lists all keys in order.
func (c *Catalog) Keys() []string {
	keys := make([]string, 0, len(c.entries))
	for k := range c.entries {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Template is an entry as it is written, with its arguments still named in braces.
type Template struct {
	Code string
	// Args are the names of the arguments that the sentences may use, in the order of the catalogue.
	Args []string
	// Sentences by language, one for each of Languages.
	Sentences map[string]string
}

// Problem is the template of a problem code; false when there is none, also when key is that of a word: a title, unit,
// heading or label, which has no full stop at its end or is marked as a word in the catalogue.
func (c *Catalog) Problem(key string) (Template, bool) {
	e, ok := c.entries[key]
	if !ok || !e.isProblem() {
		return Template{}, false
	}
	return Template{Code: key, Args: slices.Clone(e.Args), Sentences: maps.Clone(e.Sentences)}, true
}

// Problems are the templates of all problem codes, in the order of their codes.
func (c *Catalog) Problems() []Template {
	var out []Template
	for _, key := range c.Keys() {
		if t, ok := c.Problem(key); ok {
			out = append(out, t)
		}
	}
	return out
}

func (e entry) isProblem() bool {
	if e.Kind == word {
		return false
	}
	for _, s := range e.Sentences {
		s = strings.TrimSpace(s)
		if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "。") {
			return false
		}
	}
	return true
}

func (c *Catalog) lookup(lang, key string) (string, bool) {
	e, ok := c.entries[key]
	if !ok {
		return "", false
	}
	if s, ok := e.Sentences[lang]; ok {
		return s, true
	}
	return e.Sentences[Languages()[0]], true
}
