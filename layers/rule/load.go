package rule

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v3"

	"greenshield/layers"
	"greenshield/layers/analysis"
)

// bookFile names the file with the book's name, activities, themes and sources; every other file holds rules.
const bookFile = "book.yaml"

// header is data/rules/book.yaml.
type header struct {
	Name       string            `yaml:"name"`
	Activities []Activity        `yaml:"activities"`
	Themes     []Theme           `yaml:"themes"`
	Sources    map[string]string `yaml:"sources"`
}

// chapter is any other file of data/rules. Its defaults fill what a rule leaves out.
type chapter struct {
	Defaults Rule    `yaml:"defaults"`
	Rules    []entry `yaml:"rules"`
}

// entry is a rule as written, with its outcome as a word.
type entry struct {
	Rule    `yaml:",inline"`
	Outcome string `yaml:"outcome"`
}

// Load reads the *.yaml files of data/rules and refuses a table with a mistake in it: all mistakes are reported
// together, each with its file and rule. They are errors of the data's author and so plain English.
func Load(rules fs.FS) (*Book, error) {
	names, err := fs.Glob(rules, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	slices.Sort(names)
	l := loader{book: &Book{}}
	sum := sha256.New()
	for _, name := range names {
		content, err := fs.ReadFile(rules, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(content))
		sum.Write(content)
		if err := l.file(name, content); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
	}
	l.book.Hash = hex.EncodeToString(sum.Sum(nil))
	return l.finish()
}

type loader struct {
	book    *Book
	sources map[string]string
	wrong   []error
}

func (l *loader) complain(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Errorf(format, args...))
}

func (l *loader) file(name string, content []byte) error {
	if name == bookFile {
		var h header
		if err := decode(content, &h); err != nil {
			return err
		}
		l.book.Name, l.book.activities, l.book.themes, l.sources = h.Name, h.Activities, h.Themes, h.Sources
		return nil
	}
	var c chapter
	if err := decode(content, &c); err != nil {
		return err
	}
	for _, e := range c.Rules {
		l.rule(name, c.Defaults, e)
	}
	return nil
}

// decode refuses unknown keys, so that a misspelt valid_to cannot make a rule eternal.
func decode(content []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// rule fills in the chapter's defaults and keeps the rule.
func (l *loader) rule(file string, d Rule, e entry) {
	r := e.Rule
	r.Theme = cmp.Or(r.Theme, d.Theme)
	r.Law, r.Article = cmp.Or(r.Law, d.Law), cmp.Or(r.Article, d.Article)
	r.Source, r.Cite = cmp.Or(r.Source, d.Source), cmp.Or(r.Cite, d.Cite)
	r.ValidFrom, r.ValidTo = cmp.Or(r.ValidFrom, d.ValidFrom), cmp.Or(r.ValidTo, d.ValidTo)
	if len(r.Zones) == 0 {
		r.Zones = d.Zones
	}
	outcome, ok := outcomeOf(e.Outcome)
	if !ok {
		l.complain("%s: rule %s: outcome %q is not one of clear, conditional, approval-required, prohibited, incomplete",
			file, r.ID, e.Outcome)
	}
	r.Outcome = outcome
	l.book.rules = append(l.book.rules, r)
}

// outcomeOf reads an outcome's published word.
func outcomeOf(word string) (analysis.Verdict, bool) {
	for v := analysis.Clear; v <= analysis.Incomplete; v++ {
		if v.String() == word {
			return v, true
		}
	}
	return analysis.Incomplete, false
}

func (l *loader) finish() (*Book, error) {
	b := l.book
	slices.SortFunc(b.rules, func(x, y Rule) int { return cmp.Compare(x.ID, y.ID) })
	b.byKey = map[key][]*Rule{}
	for i := range b.rules {
		r := &b.rules[i]
		for _, z := range r.Zones {
			for _, a := range r.Activities {
				k := key{r.Theme, z, a}
				b.byKey[k] = append(b.byKey[k], r)
			}
		}
	}
	b.words = map[word]string{}
	for _, t := range b.themes {
		for _, z := range t.Zones {
			l.word(t.Theme, z.ID, z.ID)
			for _, w := range z.Words {
				l.word(t.Theme, w, z.ID)
			}
		}
	}
	l.lint()
	if len(l.wrong) > 0 {
		return nil, fmt.Errorf("rule book: %w", errors.Join(l.wrong...))
	}
	return b, nil
}

func (l *loader) word(t layers.Theme, text, zone string) {
	w := word{t, normal(text)}
	if other, taken := l.book.words[w]; taken && other != zone {
		l.complain("%s: zone word %q means both %s and %s", t, text, other, zone)
	}
	l.book.words[w] = zone
}
