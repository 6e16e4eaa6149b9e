package codes

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"greenshield/geo/format"
	"greenshield/layers"
)

// Table is an attribute table that is delivered under fixed field names, such as DLTB.
type Table struct {
	ID      string       `yaml:"id"`
	Theme   layers.Theme `yaml:"theme"`
	Chinese string       `yaml:"zh"`
	English string       `yaml:"en"`
	// Basis is "V" where the names were read in a table in use, "R" where they are practice.
	Basis string `yaml:"basis"`
	// KnownBy are names of fields by which the table is recognised, when at least Least of them are there.
	KnownBy []string `yaml:"known_by"`
	Least   int      `yaml:"least"`
	// Classification of the class codes, "" for the working classification of the third survey.
	Classification string                 `yaml:"classification"`
	Roles          map[layers.Role]string `yaml:"roles"`
	Unit           string                 `yaml:"unit"` // of the stated area or length: "m2", "m" or ""
	Fields         map[string]TableField  `yaml:"fields"`
	Sums           []Sum                  `yaml:"sums"`
	ClassName      string                 `yaml:"class_name"` // field with the name of the class
}

// TableField is a field of a table.
type TableField struct {
	Chinese string `yaml:"zh"`
	English string `yaml:"en"`
	// List names the list that the field's values are in, "" when they are free.
	List string `yaml:"list"`
}

// Sum says that a field is the sum of some others less some more.
type Sum struct {
	Field string   `yaml:"field"`
	Plus  []string `yaml:"plus"`
	Minus []string `yaml:"minus"`
}

// List is a closed list of values.
type List struct {
	Chinese string              `yaml:"zh"`
	English string              `yaml:"en"`
	Basis   string              `yaml:"basis"`
	Codes   map[string]ListItem `yaml:"codes"`
}

// ListItem is what a value of a list means.
type ListItem struct {
	Chinese string `yaml:"zh"`
	English string `yaml:"en"`
	// Holder is whose the land is, for the list of the kinds of ownership; empty elsewhere.
	Holder Holder `yaml:"holder"`
}

// Kind is a kind of human activity.
type Kind struct {
	Code    string   `yaml:"code"`
	Chinese string   `yaml:"zh"`
	English string   `yaml:"en"`
	Words   []string `yaml:"words"`
	// Focus4 and Focus8 say whether the kind is one of the four and of the eight focus problems: "true", "core" for
	// core and buffer zones only, or "".
	Focus4 string `yaml:"focus4"`
	Focus8 string `yaml:"focus8"`
}

// landuseList is the list of the land-use classes, which have a file of their own.
const landuseList = "landuse"

type tableFile struct {
	Tables []Table `yaml:"tables"`
}

type listFile struct {
	Lists map[string]List `yaml:"lists"`
}

type kindFile struct {
	Kinds []Kind `yaml:"kinds"`
}

func (b *Book) addTables(tables []Table, lists map[string]List) error {
	b.lists = lists
	var errs []error
	for _, t := range tables {
		errs = append(errs, checkTheme("tables.yaml", t.Theme), b.checkTable(t))
		for role := range t.Roles {
			errs = append(errs, checkRole("tables.yaml", role))
		}
	}
	for name, l := range lists {
		if l.Chinese == "" || l.English == "" || len(l.Codes) == 0 {
			errs = append(errs, fmt.Errorf("lists.yaml: list %q is incomplete", name))
		}
		errs = append(errs, checkHolders(name, l))
	}
	b.tables = tables
	return errors.Join(errs...)
}

func (b *Book) checkTable(t Table) error {
	switch {
	case t.ID == "" || t.Chinese == "" || t.English == "" || len(t.Roles) == 0:
		return fmt.Errorf("tables.yaml: table %q is incomplete", t.ID)
	case t.Least < 2 || t.Least > len(t.KnownBy):
		return fmt.Errorf("tables.yaml: table %q is known by %d of %d fields", t.ID, t.Least, len(t.KnownBy))
	case t.Unit != "" && t.Unit != "m2" && t.Unit != "m":
		return fmt.Errorf("tables.yaml: table %q is in unknown unit %q", t.ID, t.Unit)
	}
	for name, f := range t.Fields {
		if _, ok := b.lists[f.List]; f.List != "" && f.List != landuseList && !ok {
			return fmt.Errorf("tables.yaml: field %s of table %q names the unknown list %q", name, t.ID, f.List)
		}
	}
	return nil
}

func (b *Book) addKinds(kinds []Kind) error {
	tokens := map[string][]string{}
	for _, k := range kinds {
		if k.Code == "" || k.Chinese == "" || k.English == "" {
			return fmt.Errorf("activities.yaml: kind %q is incomplete", k.Code)
		}
		tokens[k.Code] = append([]string{k.Chinese, k.English}, k.Words...)
	}
	words, err := invert(tokens)
	if err != nil {
		return fmt.Errorf("activities.yaml: %w", err)
	}
	b.kinds = kinds
	if b.vocabularies[layers.Activity] == nil {
		b.vocabularies[layers.Activity] = map[layers.Role]map[string]string{}
	}
	b.vocabularies[layers.Activity][layers.Class] = words
	return nil
}

// Table recognises the table that fields were delivered in; of several the one of which the largest part is there. Nil when the
// names are those of no table.
func (b *Book) Table(t layers.Theme, fields []format.Field) *Table {
	if b == nil {
		return nil
	}
	var best *Table
	most := 0.0
	for i := range b.tables {
		table := &b.tables[i]
		n := table.known(fields)
		part := float64(n) / float64(len(table.KnownBy))
		if table.Theme == t && n >= table.Least && part > most {
			best, most = table, part
		}
	}
	return best
}

// TableOf gives the table with an id, false when the book has none.
func (b *Book) TableOf(id string) (Table, bool) {
	if b == nil {
		return Table{}, false
	}
	i := slices.IndexFunc(b.tables, func(t Table) bool { return t.ID == id })
	if i < 0 {
		return Table{}, false
	}
	return b.tables[i], true
}

func (t *Table) known(fields []format.Field) int {
	n := 0
	for _, name := range t.KnownBy {
		if _, ok := find([]string{name}, fields, equalName); ok {
			n++
		}
	}
	return n
}

// Title is what the table is called in a language.
func (t *Table) Title(lang string) string {
	if lang == "en" {
		return t.English
	}
	return t.Chinese
}

// Field gives what is known of a delivered field.
func (t *Table) Field(name string) (TableField, bool) {
	if t == nil {
		return TableField{}, false
	}
	for known, f := range t.Fields {
		if fold(known) == fold(name) {
			return f, true
		}
	}
	return TableField{}, false
}

// Lists reports whether a list holds a value; a list that the book does not have holds every value.
func (b *Book) Lists(list, value string) bool {
	if list == landuseList {
		_, ok := b.Class(value)
		return ok
	}
	l, ok := b.lists[list]
	if !ok {
		return true
	}
	_, ok = l.Codes[strings.ToUpper(strings.TrimSpace(value))]
	return ok
}

// Kind gives the kind of activity of a code.
func (b *Book) Kind(code string) (Kind, bool) {
	if b == nil {
		return Kind{}, false
	}
	i := slices.IndexFunc(b.kinds, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return b.kinds[i], true
}

// KindTitle is the name of a kind of human activity in a language, "" for one that the book does not know.
func (b *Book) KindTitle(lang, code string) string {
	k, known := b.Kind(code)
	if !known || lang == "en" {
		return k.English
	}
	return k.Chinese
}

// Kinds lists the kinds of activity in the order of the book.
func (b *Book) Kinds() []Kind { return slices.Clone(b.kinds) }
