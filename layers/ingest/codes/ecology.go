package codes

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"greenshield/geo/format"
	"greenshield/geo/format/table"
	"greenshield/layers"
)

// Set is a set of land-use classes that analyses ask about, such as cultivated land.
type Set struct {
	ID      string `yaml:"id"`
	Chinese string `yaml:"zh"`
	English string `yaml:"en"`
	// Basis is "V" read in a source, "R" recalled or "P" proposed.
	Basis string   `yaml:"basis"`
	Codes []string `yaml:"codes"`
}

// The sets that every book has.
const (
	ForestGrassWetland = "forest-grass-wetland" // 林草湿
	Cultivated         = "cultivated"           // 耕地
	Natural            = "natural"              // 自然生态用地
)

// ecologyFile is ecology.yaml.
type ecologyFile struct {
	Sets       []Set `yaml:"sets"`
	Strictness struct {
		Basis string     `yaml:"basis"`
		Order [][]string `yaml:"order"`
	} `yaml:"strictness"`
	Vocabulary struct {
		Basis string   `yaml:"basis"`
		Old   []string `yaml:"old"`
		New   []string `yaml:"new"`
		Both  []string `yaml:"both"`
	} `yaml:"vocabulary"`
	ActivityOfClass struct {
		Basis        string            `yaml:"basis"`
		Construction map[string]string `yaml:"construction"`
		Beside       map[string]string `yaml:"beside"`
	} `yaml:"activity_of_class"`
	Focus struct {
		Basis string  `yaml:"basis"`
		Apart []apart `yaml:"apart"`
	} `yaml:"focus"`
	Columns map[string]map[string][]string `yaml:"columns"`
	Closed  struct {
		Basis string   `yaml:"basis"`
		Words []string `yaml:"words"`
	} `yaml:"closed"`
}

// apart are words that stand apart from their kind in the focus lists.
type apart struct {
	Words  []string `yaml:"words"`
	Focus4 string   `yaml:"focus4"`
	Focus8 string   `yaml:"focus8"`
}

func (b *Book) checkEcology() error {
	var errs []error
	for _, id := range [...]string{ForestGrassWetland, Cultivated, Natural} {
		if len(b.set(id).Codes) == 0 {
			errs = append(errs, fmt.Errorf("ecology.yaml: the set %q is missing or empty", id))
		}
	}
	for _, s := range b.ecology.Sets {
		for _, code := range s.Codes {
			if _, ok := b.classes[code]; !ok {
				errs = append(errs, fmt.Errorf("ecology.yaml: set %q holds the unknown class %q", s.ID, code))
			}
		}
	}
	known := map[string]bool{}
	for _, zones := range b.ecology.Strictness.Order {
		for _, z := range zones {
			if known[z] {
				errs = append(errs, fmt.Errorf("ecology.yaml: zone %q has two places in the order", z))
			}
			known[z] = true
		}
	}
	of := b.ecology.ActivityOfClass
	for _, m := range [...]map[string]string{of.Construction, of.Beside} {
		for code, kind := range m {
			_, class := b.classes[code]
			if _, ok := b.Kind(kind); !ok || !class {
				errs = append(errs, fmt.Errorf("ecology.yaml: class %q as activity %q: one of them is unknown", code, kind))
			}
		}
	}
	return errors.Join(errs...)
}

func (b *Book) set(id string) Set {
	i := slices.IndexFunc(b.ecology.Sets, func(s Set) bool { return s.ID == id })
	if i < 0 {
		return Set{}
	}
	return b.ecology.Sets[i]
}

// InSet reports whether a land-use class belongs to a set; an adjustable class (suffix K) belongs where its class does.
func (b *Book) InSet(id, class string) bool {
	if b == nil {
		return false
	}
	return slices.Contains(b.set(id).Codes, strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(class)), "K"))
}

// Strictness tells how strictly a zone is kept: 1 for the least, more for stricter ones, 0 for a zone that the book does
// not order.
func (b *Book) Strictness(zone string) int {
	if b == nil {
		return 0
	}
	order := b.ecology.Strictness.Order
	for i, zones := range order {
		if slices.Contains(zones, zone) {
			return len(order) - i
		}
	}
	return 0
}

// Vocabulary says which law's words a zone belongs to: "old" (2017), "new" (2026), "both", or "" for a zone of neither.
func (b *Book) Vocabulary(zone string) string {
	if b == nil {
		return ""
	}
	v := b.ecology.Vocabulary
	switch {
	case slices.Contains(v.Old, zone):
		return "old"
	case slices.Contains(v.New, zone):
		return "new"
	case slices.Contains(v.Both, zone):
		return "both"
	}
	return ""
}

// ActivityOfClass is the kind of human activity that a land-use class is looked for as: construction land, and what the
// book names beside it; false for land that is not looked for.
func (b *Book) ActivityOfClass(code string) (string, bool) {
	class, ok := b.Class(code)
	if !ok {
		return "", false
	}
	of := b.ecology.ActivityOfClass
	if kind, ok := of.Beside[class.Code]; ok {
		return kind, true
	}
	if class.Group != Construction {
		return "", false
	}
	if kind, ok := of.Construction[class.Code]; ok {
		return kind, true
	}
	return OtherKind, true
}

// OtherKind is the kind of what no other kind fits.
const OtherKind = "other"

// Focus tells whether an activity is one of the four and of the eight focus problems of the inspections, by its kind
// and the delivered word or land-use class; strict says that it lies in a core or buffer zone, where some kinds count only.
func (b *Book) Focus(kind, word string, strict bool) (four, eight bool) {
	k, ok := b.Kind(kind)
	if !ok {
		return false, false
	}
	for _, a := range b.ecology.Focus.Apart {
		if slices.ContainsFunc(a.Words, func(w string) bool { return fold(w) == fold(word) }) {
			k.Focus4, k.Focus8 = a.Focus4, a.Focus8
		}
	}
	holds := func(mark string) bool { return mark == "true" || mark == "core" && strict }
	return holds(k.Focus4), holds(k.Focus8)
}

// Column finds, among the headings of a list, the column that plays a part: "number" of the list "approval", for example.
func (b *Book) Column(list, part string, headings []string) (int, bool) {
	if b == nil {
		return 0, false
	}
	for _, name := range b.ecology.Columns[list][part] {
		if i := slices.IndexFunc(headings, func(h string) bool { return fold(h) == fold(name) }); i >= 0 {
			return i, true
		}
	}
	return 0, false
}

// Head finds the heading of a list among its first lines: the first line that names a column for every required part. It
// gives the columns of all parts that the list has and the line after the heading; when there is none, what is missing
// in the words of the book.
func (b *Book) Head(list string, lines []table.Line, required ...string) (columns map[string]int, next int, missing string) {
	const deepest = 20 // lines of a title block
	for i := range min(len(lines), deepest) {
		columns, missing = map[string]int{}, ""
		for part, names := range b.ecology.Columns[list] {
			if k, ok := b.Column(list, part, lines[i].Cells); ok {
				columns[part] = k
			} else if slices.Contains(required, part) && (missing == "" || names[0] < missing) {
				missing = names[0]
			}
		}
		if missing == "" {
			return columns, i + 1, ""
		}
	}
	return nil, 0, cmp.Or(missing, b.ecology.Columns[list][required[0]][0])
}

// Closed reports whether a ledger's word for a state says that the case was dealt with and taken off the ledger.
func (b *Book) Closed(status string) bool {
	return b != nil && slices.ContainsFunc(b.ecology.Closed.Words, func(w string) bool { return fold(w) == fold(status) })
}

// Delivered is the value of a role as it was delivered, before the book's token took its place; "" when there is none.
func Delivered(v layers.Vintage, f *layers.Feature, r layers.Role) string {
	name := v.Mapping[r]
	i := slices.IndexFunc(v.Fields, func(field format.Field) bool { return field.Name == name })
	if name == "" || i < 0 || i >= len(f.Values) || f.Values[i] == nil {
		return f.Roles[r]
	}
	return strings.TrimSpace(fmt.Sprint(f.Values[i]))
}
