package indicator

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
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"greenshield/geo"
)

// bookFile holds what the sets share; every other file is a set.
const bookFile = "book.yaml"

// shared is data/indicators/book.yaml.
type shared struct {
	Sources map[string]string `yaml:"sources"`
	Figures []Figure          `yaml:"figures"`
	Methods []Method          `yaml:"methods"`
	Forest  []string          `yaml:"forest"`
	Grass   []string          `yaml:"grass"`
	Idle    []string          `yaml:"idle"`
}

// ownSet is a set of a bureau's own; it may bring sources.
type ownSet struct {
	Set     `yaml:",inline"`
	Sources map[string]string `yaml:"sources"`
}

// Load reads the *.yaml files of data/indicators and refuses sets with a mistake in them: all mistakes are reported
// together, each with its set and indicator. They are errors of the data's author and so plain English.
func Load(files fs.FS) (*Book, error) {
	l := &loader{book: &Book{}, sum: sha256.New()}
	if err := l.folder(files, ""); err != nil {
		return nil, err
	}
	return l.finish()
}

// LoadOwn is Load with the sets of a bureau, the *.yaml files in a folder of its own: a set with the id of one that is
// there replaces it, any other is added. Without files it is Load, and the hash the same. Mistakes in the files, and two
// sets in force on one day, are the problem "indicator.own.broken".
func LoadOwn(files, own fs.FS, folder string) (*Book, error) {
	if _, err := Load(files); err != nil {
		return nil, err // a mistake in data/indicators is not the bureau's
	}
	l := &loader{book: &Book{}, sum: sha256.New()}
	if err := l.folder(files, ""); err != nil {
		return nil, err
	}
	l.own = true
	err := l.folder(own, "own/")
	var book *Book
	if err == nil {
		book, err = l.finish()
	}
	if err != nil {
		return nil, geo.NewProblem("indicator.own.broken", "folder", folder, "mistakes", err.Error())
	}
	return book, nil
}

type loader struct {
	book  *Book
	sum   hash.Hash
	wrong []error
	own   bool
}

func (l *loader) complain(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Errorf(format, args...))
}

func (l *loader) folder(files fs.FS, prefix string) error {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return fmt.Errorf("list indicators: %w", err)
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

func (l *loader) file(name string, content []byte) error {
	if name == bookFile && !l.own {
		var s shared
		if err := decode(content, &s); err != nil {
			return err
		}
		b := l.book
		b.Sources, b.Figures, b.Methods = s.Sources, s.Figures, s.Methods
		b.Forest, b.Grass, b.Idle = s.Forest, s.Grass, s.Idle
		return nil
	}
	var s ownSet
	if err := decode(content, &s); err != nil {
		return err
	}
	if !l.own && len(s.Sources) > 0 {
		l.complain("%s: sources belong into %s", name, bookFile)
	}
	for key, text := range s.Sources {
		if _, taken := l.book.Sources[key]; taken {
			l.complain("%s: source key %q is taken", name, key)
		}
		l.book.Sources[key] = text
	}
	s.Own = l.own
	s.fill()
	l.keep(s.Set)
	return nil
}

// decode refuses unknown keys, so that a misspelt target cannot go unseen.
func decode(content []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// fill gives the defaults to what indicators leave out.
func (s *Set) fill() {
	d := s.Defaults
	for i := range s.Indicators {
		x := &s.Indicators[i]
		x.Source, x.Cite = cmp.Or(x.Source, d.Source), cmp.Or(x.Cite, d.Cite)
		x.Attribute, x.AttributeSource = cmp.Or(x.Attribute, d.Attribute), cmp.Or(x.AttributeSource, d.AttributeSource)
		x.Scope = cmp.Or(x.Scope, d.Scope)
		x.Decimals = cmp.Or(x.Decimals, d.Decimals)
		if len(x.Lead) == 0 {
			x.Lead = d.Lead
		}
	}
}

// keep adds a set; a bureau's takes the place of the one with its id.
func (l *loader) keep(s Set) {
	i := slices.IndexFunc(l.book.Sets, func(known Set) bool { return known.ID == s.ID })
	switch {
	case i < 0:
		l.book.Sets = append(l.book.Sets, s)
	case l.own && !l.book.Sets[i].Own:
		l.book.Sets[i] = s
	default:
		l.complain("two sets have the id %q", s.ID)
	}
}

func (l *loader) finish() (*Book, error) {
	b := l.book
	b.Hash = hex.EncodeToString(l.sum.Sum(nil))
	slices.SortStableFunc(b.Sets, func(x, y Set) int {
		return cmp.Or(cmp.Compare(x.ValidFrom, y.ValidFrom), cmp.Compare(x.ID, y.ID))
	})
	l.lint()
	if len(l.wrong) > 0 {
		return nil, fmt.Errorf("indicators: %w", errors.Join(l.wrong...))
	}
	return b, nil
}

// lastDay is the last day of a year.
func lastDay(year int) string { return strconv.Itoa(year) + "-12-31" }

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
