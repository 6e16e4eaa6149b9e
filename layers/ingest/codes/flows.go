package codes

import (
	"fmt"
	"slices"
	"strings"
)

// Flow is a named kind of change between land-use classes, such as cultivated land that became construction land.
type Flow struct {
	ID      string  `yaml:"id"`
	Chinese string  `yaml:"zh"`
	English string  `yaml:"en"`
	Basis   string  `yaml:"basis"`
	From    Classes `yaml:"from"`
	To      Classes `yaml:"to"`
}

// Classes names land-use classes: those whose codes begin so, and those of great groups.
type Classes struct {
	Codes  []string `yaml:"codes"`
	Groups []Group  `yaml:"groups"`
}

type flowFile struct {
	Flows []Flow `yaml:"flows"`
}

// addFlows takes the flows over. One that takes no class, or a class both before and after, is a mistake of the book.
func (b *Book) addFlows(flows []Flow) error {
	for i, f := range flows {
		from, to := b.Members(f.From), b.Members(f.To)
		switch {
		case f.ID == "" || f.Chinese == "" || f.English == "" || !slices.Contains([]string{"V", "R", "P"}, f.Basis):
			return fmt.Errorf("flows.yaml: flow %q has no id, no name or no basis", f.ID)
		case slices.ContainsFunc(flows[:i], func(o Flow) bool { return o.ID == f.ID }):
			return fmt.Errorf("flows.yaml: flow %q is listed twice", f.ID)
		case len(from) == 0 || len(to) == 0:
			return fmt.Errorf("flows.yaml: flow %q takes no class", f.ID)
		}
		for _, class := range from {
			if slices.Contains(to, class) {
				return fmt.Errorf("flows.yaml: flow %q has class %q before and after", f.ID, class)
			}
		}
	}
	b.flows = flows
	return nil
}

// Flows lists the named kinds of change.
func (b *Book) Flows() []Flow { return slices.Clone(b.flows) }

// Members are the codes of the classes that are named, in the order of the classification.
func (b *Book) Members(named Classes) []string {
	var out []string
	for _, code := range b.order {
		begins := func(head string) bool { return strings.HasPrefix(code, head) }
		if slices.ContainsFunc(named.Codes, begins) || slices.Contains(named.Groups, b.classes[code].Group) {
			out = append(out, code)
		}
	}
	return out
}
