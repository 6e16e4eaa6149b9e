// Package indicator assesses the indicators of an ecological demonstration area (生态文明建设示范区建设指标) per region and
// year: values that people enter, values that are computed from layers, targets, and whether they are met.
//
// It knows sets of indicators as data (data/indicators/*.yaml), each valid for a time, and the methods by which values
// are computed. It refuses to fill gaps: what was neither entered nor computed is not assessed, what contradicts itself
// has to be verified, and neither is ever met. A computed value that is only a reference decides nothing.
package indicator

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"greenshield/geo"
)

// Text is a word or sentence by language ("zh-CN", "en"). In a file, one word stands for all languages.
type Text map[string]string

// UnmarshalYAML reads a map by language, or one word.
func (t *Text) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*t = Text{}
		for _, lang := range languages() {
			(*t)[lang] = n.Value
		}
		return nil
	}
	var m map[string]string
	err := n.Decode(&m)
	*t = m
	return err
}

// In gives the text in a language.
func (t Text) In(lang string) string { return t[lang] }

// languages are those that every text must have.
func languages() []string { return []string{"zh-CN", "en"} }

// Op says how a value is held to its target.
type Op string

// The ways.
const (
	// AtLeast and Equals compare the number with the set's target.
	AtLeast Op = "at-least"
	Equals  Op = "equals"
	// Assigned compares it with the target that the level above gave the region for the year, or takes the entered
	// conclusion that it was reached.
	Assigned Op = "assigned"
	// Keep asks that the number be no worse than the year before.
	Keep Op = "keep"
	// Done asks for the conclusion yes.
	Done Op = "done"
)

// Indicator is one row of a set.
type Indicator struct {
	ID string `yaml:"id"`
	// Clause is where the plan lists it.
	Clause string `yaml:"clause"`
	Name   Text   `yaml:"name"`
	Op     Op     `yaml:"op"`
	// Target is in Unit; nil for ops without a number of their own. Words say the target where it is no number.
	Target *float64 `yaml:"target"`
	Words  Text     `yaml:"words"`
	Unit   Text     `yaml:"unit"`
	// Decimals are those that values are printed with.
	Decimals *int `yaml:"decimals"`
	// Better is "up" or "down" for Assigned and Keep.
	Better string `yaml:"better"`
	// Attribute is "binding" (约束性), "reference" (参考性) or "none"; AttributeSource how well that is founded.
	Attribute       string `yaml:"attribute"`
	AttributeSource string `yaml:"attribute_source"`
	// Scope is "city", "county" or "both".
	Scope string `yaml:"scope"`
	// Lead are the units in charge, keys of the set's leads.
	Lead []string `yaml:"lead"`
	// Method computes the value from layers; "" for one that is only entered.
	Method string `yaml:"method"`
	// Source says how well the target is founded: "verified", "recalled" or "proposed"; Cite is where it was read.
	Source string `yaml:"source"`
	Cite   string `yaml:"cite"`
	// Guides are targets by terrain or the like. They are shown and never applied.
	Guides []Guide `yaml:"guides"`
}

// Guide is a target that holds for some places only.
type Guide struct {
	Name   Text    `yaml:"name"`
	Target float64 `yaml:"target"`
	Source string  `yaml:"source"`
}

// Set is a versioned list of indicators.
type Set struct {
	ID       string `yaml:"id"`
	Name     Text   `yaml:"name"`
	Document string `yaml:"document"`
	// ValidFrom and ValidTo are days (YYYY-MM-DD), both inclusive; ValidTo "" means still in force. Validity says what is
	// to be known about them.
	ValidFrom string `yaml:"valid_from"`
	ValidTo   string `yaml:"valid_to"`
	Validity  Text   `yaml:"validity"`
	// Source says how well name and validity are founded, Cite where they were read.
	Source     string          `yaml:"source"`
	Cite       string          `yaml:"cite"`
	Leads      map[string]Text `yaml:"leads"`
	Defaults   Indicator       `yaml:"defaults"`
	Indicators []Indicator     `yaml:"indicators"`
	// Own says that the set is a bureau's.
	Own bool `yaml:"-"`
}

// inForce reports whether day lies within the set's validity.
func (s *Set) inForce(day string) bool {
	return s.ValidFrom <= day && (s.ValidTo == "" || day <= s.ValidTo)
}

// Find gives an indicator of the set by id.
func (s *Set) Find(id string) (Indicator, bool) {
	i := slices.IndexFunc(s.Indicators, func(i Indicator) bool { return i.ID == id })
	if i < 0 {
		return Indicator{}, false
	}
	return s.Indicators[i], true
}

// Method is a way to compute values from layers.
type Method struct {
	ID      string `yaml:"id"`
	Formula Text   `yaml:"formula"`
	// Tolerance is how far an entered value may be from the computed one, in the indicator's unit, before somebody has to
	// look.
	Tolerance float64 `yaml:"tolerance"`
	// Reference says that the computed value informs and decides nothing.
	Reference bool   `yaml:"reference"`
	Source    string `yaml:"source"`
	Cite      string `yaml:"cite"`
}

// Figure is something that is entered beside the indicators, such as the product.
type Figure struct {
	ID   string `yaml:"id"`
	Name Text   `yaml:"name"`
	Unit Text   `yaml:"unit"`
	// Base is "required" for an amount at constant prices, whose year of prices must be entered.
	Base     string `yaml:"base"`
	Decimals int    `yaml:"decimals"`
}

// The figures that methods need; every book has them.
const (
	GDPConstant       = "gdp-constant"
	GDPIndex          = "gdp-index"
	Population        = "population"
	ConstructionLimit = "construction-limit"
)

// Book is all sets with what they share. It does not change after Load and is safe for concurrent use.
type Book struct {
	// Hash is the SHA-256 over the files' names and contents.
	Hash    string
	Sources map[string]string
	Figures []Figure
	Methods []Method
	Sets    []Set
	// Forest and Grass are the classes that the cover counts, Idle those of idle construction land.
	Forest, Grass, Idle []string
}

// Set gives a set by id, problem "indicator.set.unknown".
func (b *Book) Set(id string) (Set, error) {
	var known []string
	for _, s := range b.Sets {
		if s.ID == id {
			return s, nil
		}
		known = append(known, s.ID)
	}
	return Set{}, geo.NewProblem("indicator.set.unknown", "set", id, "known", known)
}

// SetOn gives the set in force at the end of a year, else the last that was; false when none had begun.
func (b *Book) SetOn(year int) (Set, bool) {
	day := lastDay(year)
	var best *Set
	for i := range b.Sets {
		s := &b.Sets[i]
		switch {
		case s.ValidFrom > day:
		case best == nil, s.inForce(day) && !best.inForce(day):
			best = s
		case s.inForce(day) == best.inForce(day) && s.ValidFrom > best.ValidFrom:
			best = s
		}
	}
	if best == nil {
		return Set{}, false
	}
	return *best, true
}

// Method gives a method by id.
func (b *Book) Method(id string) (Method, bool) {
	i := slices.IndexFunc(b.Methods, func(m Method) bool { return m.ID == id })
	if i < 0 {
		return Method{}, false
	}
	return b.Methods[i], true
}

// Figure gives a figure by id.
func (b *Book) Figure(id string) (Figure, bool) {
	i := slices.IndexFunc(b.Figures, func(f Figure) bool { return f.ID == id })
	if i < 0 {
		return Figure{}, false
	}
	return b.Figures[i], true
}

// Indicator finds an indicator by id in any set, the latest first.
func (b *Book) Indicator(id string) (Indicator, bool) {
	for _, s := range slices.Backward(b.Sets) {
		if i, ok := s.Find(id); ok {
			return i, true
		}
	}
	return Indicator{}, false
}
