// Package codes reads the code book: what deliveries call the fields that mean something to a theme, which words
// they use for zones, banks and levels, and the land-use classes. The book is data (data/codes); this package knows
// how to look things up in it and refuses to guess: a word that the book does not hold comes back as it was.
package codes

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"

	"greenshield/layers"
)

// Parcel is the theme-like key under which the book lists what deliveries call a parcel's name and number.
const Parcel layers.Theme = "parcel"

// Book is the code book. It does not change after Load and is safe for concurrent use.
type Book struct {
	fields       fieldFile
	vocabularies map[layers.Theme]map[layers.Role]map[string]string // lower-case word → token
	classes      map[string]Class
	order        []string
	tables       []Table
	lists        map[string]List
	kinds        []Kind
	ecology      ecologyFile
	flows        []Flow
}

// Class is a land-use class of the survey classification.
type Class struct {
	Code    string `yaml:"code"`
	Chinese string `yaml:"zh"`
	English string `yaml:"en"`
	Group   Group  `yaml:"group"`
}

// Group is one of the three great groups of land (三大类); empty for a first-level class that spans several.
type Group string

// The groups.
const (
	Agricultural Group = "agricultural" // 农用地
	Construction Group = "construction" // 建设用地
	Unused       Group = "unused"       // 未利用地
)

type fieldFile struct {
	Roles      map[layers.Theme]map[layers.Role][]string `yaml:"roles"`
	Ownership  ownershipNames                            `yaml:"ownership"`
	Suspicions []Suspicion                               `yaml:"suspicions"`
}

// Suspicion is a set of field names by which an export in an obfuscated frame is known.
type Suspicion struct {
	// Frame is "GCJ-02" or "BD-09".
	Frame string `yaml:"frame"`
	// All of these fields occur, and at least Least of Any.
	All   []string `yaml:"all"`
	Any   []string `yaml:"any"`
	Least int      `yaml:"least"`
}

type vocabularyFile map[layers.Theme]map[layers.Role]map[string][]string

type classFile struct {
	Classes []Class `yaml:"classes"`
}

// Load reads fields.yaml, tables.yaml, zones.yaml, landuse.yaml, activities.yaml, ecology.yaml, lists.yaml and flows.yaml
// from fsys. An unknown theme, role or group and a word that stands for two tokens are errors, so that a broken book
// cannot be shipped.
func Load(fsys fs.FS) (*Book, error) {
	var b Book
	var words vocabularyFile
	var classes classFile
	var tables tableFile
	var lists listFile
	var kinds kindFile
	var flows flowFile
	err := errors.Join(
		read(fsys, "fields.yaml", &b.fields),
		read(fsys, "tables.yaml", &tables),
		read(fsys, "zones.yaml", &words),
		read(fsys, "landuse.yaml", &classes),
		read(fsys, "activities.yaml", &kinds),
		read(fsys, "ecology.yaml", &b.ecology),
		read(fsys, "lists.yaml", &lists),
		read(fsys, "flows.yaml", &flows),
	)
	if err != nil {
		return nil, err
	}
	return &b, errors.Join(b.checkFields(), b.addWords(words), b.addClasses(classes.Classes),
		b.addTables(tables.Tables, lists.Lists), b.addKinds(kinds.Kinds), b.checkEcology(), b.addFlows(flows.Flows))
}

func read(fsys fs.FS, name string, into any) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("read code book: %w", err)
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read code book %s: %w", name, err)
	}
	return nil
}

func (b *Book) checkFields() error {
	var errs []error
	for theme, roles := range b.fields.Roles {
		errs = append(errs, checkTheme("fields.yaml", theme))
		for role := range roles {
			errs = append(errs, checkRole("fields.yaml", role))
		}
	}
	return errors.Join(errs...)
}

func (b *Book) addWords(file vocabularyFile) error {
	var errs []error
	b.vocabularies = map[layers.Theme]map[layers.Role]map[string]string{}
	for theme, roles := range file {
		errs = append(errs, checkTheme("zones.yaml", theme))
		b.vocabularies[theme] = map[layers.Role]map[string]string{}
		for role, tokens := range roles {
			words, err := invert(tokens)
			errs = append(errs, err, checkRole("zones.yaml", role))
			b.vocabularies[theme][role] = words
		}
	}
	return errors.Join(errs...)
}

func invert(tokens map[string][]string) (map[string]string, error) {
	words := map[string]string{}
	var errs []error
	for token, list := range tokens {
		for _, word := range append(list, token) {
			key := fold(word)
			if other, ok := words[key]; ok && other != token {
				errs = append(errs, fmt.Errorf("zones.yaml: %q stands for %s and %s", word, other, token))
			}
			words[key] = token
		}
	}
	return words, errors.Join(errs...)
}

func (b *Book) addClasses(classes []Class) error {
	b.classes = map[string]Class{}
	for _, c := range classes {
		_, twice := b.classes[c.Code]
		switch {
		case twice || c.Code == "" || c.Chinese == "" || c.English == "":
			return fmt.Errorf("landuse.yaml: class %q is incomplete or listed twice", c.Code)
		case c.Group != "" && c.Group != Agricultural && c.Group != Construction && c.Group != Unused:
			return fmt.Errorf("landuse.yaml: class %q is of unknown group %q", c.Code, c.Group)
		}
		b.classes[c.Code] = c
		b.order = append(b.order, c.Code)
	}
	return nil
}

func checkTheme(file string, t layers.Theme) error {
	if t == Parcel {
		return nil
	}
	if _, err := layers.ParseTheme(string(t)); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func checkRole(file string, r layers.Role) error {
	for _, known := range layers.Roles() {
		if r == known {
			return nil
		}
	}
	return fmt.Errorf("%s: unknown role %q", file, r)
}

// Token gives the book's token for a delivered word ("core" for an old or a new word for the core zone). When the
// book has no vocabulary for the role, or not this word, it gives the word itself; listed says that there is a
// vocabulary, known that it holds the word.
func (b *Book) Token(t layers.Theme, r layers.Role, word string) (token string, listed, known bool) {
	if b == nil {
		return word, false, false
	}
	words, listed := b.vocabularies[t][r]
	token, known = words[fold(word)]
	if !known {
		return word, listed, false
	}
	return token, true, true
}

// Class gives the land-use class of a code.
func (b *Book) Class(code string) (Class, bool) {
	if b == nil {
		return Class{}, false
	}
	c, ok := b.classes[strings.ToUpper(strings.TrimSpace(code))]
	return c, ok
}

// ClassTitle is what a land-use class or a kind of activity is called in a language, "" for a code that is neither.
func (b *Book) ClassTitle(lang, code string) string {
	c, ok := b.Class(code)
	if k, activity := b.Kind(code); !ok && activity {
		c = Class{Chinese: k.Chinese, English: k.English}
	}
	if lang == "en" {
		return c.English
	}
	return c.Chinese
}

// Classes lists all land-use classes in the order of the classification.
func (b *Book) Classes() []Class {
	out := make([]Class, 0, len(b.order))
	for _, code := range b.order {
		out = append(out, b.classes[code])
	}
	return out
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
