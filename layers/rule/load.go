package rule

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"greenshield/geo"
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

// chapter is any other file of rules. Its defaults fill what a rule leaves out.
type chapter struct {
	// Name and Sources are what a file of a bureau's own must and may have; those of data/rules are in its header.
	Name     string            `yaml:"name"`
	Sources  map[string]string `yaml:"sources"`
	Defaults Rule              `yaml:"defaults"`
	Rules    []entry           `yaml:"rules"`
}

// entry is a rule as written, with its outcome as a word.
type entry struct {
	Rule    `yaml:",inline"`
	Outcome string `yaml:"outcome"`
}

// Load reads the *.yaml files of data/rules and refuses a table with a mistake in it: all mistakes are reported
// together, each with its file and rule. They are errors of the data's author and so plain English.
func Load(rules fs.FS) (*Book, error) {
	l := newLoader()
	if err := l.folder(rules, ""); err != nil {
		return nil, err
	}
	return l.finish()
}

// LoadOwn is Load with the rules of a bureau, the *.yaml files in a folder of its own: a rule with the id of one that
// is there replaces it, any other is added. Each file gives itself a name, which the book's name is extended by, and may
// list sources; a book.yaml is refused, for activities, themes and zones are the same everywhere. Without files it is
// Load, and the hash the same. Mistakes in the files, and what does not fit the table after them, are the problem
// "rule.own.broken".
func LoadOwn(rules, own fs.FS, folder string) (*Book, error) {
	if _, err := Load(rules); err != nil {
		return nil, err // a mistake in data/rules is not the bureau's
	}
	l := newLoader()
	if err := l.folder(rules, ""); err != nil {
		return nil, err
	}
	l.own = map[string]bool{}
	err := l.folder(own, "own/")
	var book *Book
	if err == nil {
		book, err = l.finish()
	}
	if err != nil {
		return nil, geo.NewProblem("rule.own.broken", "folder", folder, "mistakes", err.Error())
	}
	return book, nil
}

// folder reads the *.yaml files of a folder in order; the hash has their names with a prefix.
func (l *loader) folder(files fs.FS, prefix string) error {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		fmt.Fprintf(l.sum, "%s%s %d\n", prefix, name, len(content))
		l.sum.Write(content)
		if err := l.file(name, content); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return nil
}

type loader struct {
	book    *Book
	sum     hash.Hash
	sources map[string]string
	wrong   []error
	// own has the ids of a bureau's rules; nil while the table's are read.
	own map[string]bool
}

func newLoader() *loader { return &loader{book: &Book{}, sum: sha256.New()} }

func (l *loader) complain(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Errorf(format, args...))
}

func (l *loader) file(name string, content []byte) error {
	if name == bookFile && l.own == nil {
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
	l.head(name, c)
	for _, e := range c.Rules {
		l.rule(name, c.Defaults, e)
	}
	return nil
}

// head takes the name and the sources of a bureau's file. They add to the table's and change nothing there.
func (l *loader) head(file string, c chapter) {
	if l.own == nil {
		if c.Name != "" || len(c.Sources) > 0 {
			l.complain("%s: name and sources belong into %s", file, bookFile)
		}
		return
	}
	if c.Name == "" {
		l.complain("%s: a name is missing; it is printed in every report", file)
	}
	l.book.Name += " + " + c.Name
	for key, text := range c.Sources {
		if _, taken := l.sources[key]; taken {
			l.complain("%s: source key %q is taken", file, key)
		}
		l.sources[key] = text
	}
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
	l.keep(r)
}

// keep adds a rule; a bureau's takes the place of the table's.
func (l *loader) keep(r Rule) {
	if l.own == nil {
		l.book.rules = append(l.book.rules, r)
		return
	}
	i := slices.IndexFunc(l.book.rules, func(known Rule) bool { return known.ID == r.ID })
	if i < 0 || l.own[r.ID] { // two of its own with one id are a mistake, which lint sees
		l.book.rules = append(l.book.rules, r)
	} else {
		l.book.rules[i] = r
	}
	l.own[r.ID] = true
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
	b.Hash = hex.EncodeToString(l.sum.Sum(nil))
	b.Own = slices.Sorted(maps.Keys(l.own))
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
