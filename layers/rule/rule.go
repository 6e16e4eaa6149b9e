// Package rule is the decision table: theme × zone × activity × day → outcome, law and article. The table is data
// (data/rules/*.yaml) that an officer can read and correct; this package reads it, refuses a table with holes or
// contradictions, and looks rules up. It measures nothing and decides nothing about a parcel: layers/analysis/conflict
// brings the overlaps.
package rule

import (
	"cmp"
	"slices"
	"strings"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// Zones that a theme without delivered zones is split by.
const (
	// Whole is the only zone of a theme whose features are all alike (farmland, river, wetland).
	Whole = "whole"
	// Inside and Outside are the two sides of the urban development boundary (城镇开发边界).
	Inside  = "inside"
	Outside = "outside"
	// NotProtected is red line that lies in no protected area.
	NotProtected = "not-protected"
)

// Rule is one entry of the table for one theme and any number of zones and activities.
type Rule struct {
	ID         string       `yaml:"id"`
	Theme      layers.Theme `yaml:"theme"`
	Zones      []string     `yaml:"zones"`
	Activities []string     `yaml:"activities"`
	// Outcome is what the table answers. Incomplete means that the table itself cannot answer, and Text says why.
	Outcome analysis.Verdict  `yaml:"-"`
	Law     string            `yaml:"law"`
	Article string            `yaml:"article"`
	Text    map[string]string `yaml:"text"`
	// Source is "verified" where the outcome follows from the words of an article that was read, "recalled" where
	// the words are known from memory only, "proposed" where the outcome is this program's reading of them.
	Source string `yaml:"source"`
	// Cite is where the words were read: a key of the list of sources in data/rules/book.yaml.
	Cite string `yaml:"cite"`
	// ValidFrom and ValidTo are days (YYYY-MM-DD), both inclusive; ValidTo "" means still in force.
	ValidFrom string `yaml:"valid_from"`
	ValidTo   string `yaml:"valid_to"`
}

// inForce reports whether day lies within the rule's validity, both ends included.
func (r *Rule) inForce(day string) bool {
	return r.ValidFrom <= day && (r.ValidTo == "" || day <= r.ValidTo)
}

// Activity is something that a person may want to do on a parcel: a column of the table.
type Activity struct {
	ID    string            `yaml:"id"`
	Title map[string]string `yaml:"title"`
}

// Zone is a functional zone of a theme: a row of the table.
type Zone struct {
	ID    string            `yaml:"id"`
	Title map[string]string `yaml:"title"`
	// Words are the ways in which deliveries write this zone.
	Words []string `yaml:"words"`
	// Redline is, for a zone of a protected area, the red-line zone of the place that lies in both.
	Redline string `yaml:"redline"`
}

// Theme is how a theme takes part in the table.
type Theme struct {
	Theme layers.Theme `yaml:"theme"`
	// Split says where a feature's zone comes from: "delivered" (the attribute Zone), "whole" (there is one zone),
	// "boundary" (inside and outside), or "protected" (the protected area that the place lies in).
	Split string `yaml:"split"`
	Zones []Zone `yaml:"zones"`
}

// The values of Theme.Split.
const (
	SplitDelivered = "delivered"
	SplitWhole     = "whole"
	SplitBoundary  = "boundary"
	SplitProtected = "protected"
)

// Book is a decision table without holes. It never changes after Load and is safe for concurrent use.
type Book struct {
	// Name is printed in every report; Hash is the SHA-256 over the files' names and contents.
	Name, Hash string
	// Own are the ids of the rules that are a bureau's own, in order.
	Own []string

	activities []Activity
	themes     []Theme
	rules      []Rule
	byKey      map[key][]*Rule
	words      map[word]string
}

type key struct {
	theme          layers.Theme
	zone, activity string
}

type word struct {
	theme layers.Theme
	text  string
}

// Activities lists the activities in the order of the table.
func (b *Book) Activities() []Activity { return slices.Clone(b.activities) }

// Activity gives an activity by id, problem "check.activity.unknown" when the table has no such column.
func (b *Book) Activity(id string) (Activity, error) {
	for _, a := range b.activities {
		if a.ID == id {
			return a, nil
		}
	}
	return Activity{}, geo.NewProblem("check.activity.unknown", "activity", id, "known", b.knownActivities())
}

func (b *Book) knownActivities() string {
	ids := make([]string, len(b.activities))
	for i, a := range b.activities {
		ids[i] = a.ID
	}
	return strings.Join(ids, ", ")
}

// ActivityTitle is what the book calls an activity in a language, "" when it has no such activity.
func (b *Book) ActivityTitle(lang, id string) string {
	a, err := b.Activity(id)
	if err != nil {
		return ""
	}
	return a.Title[lang]
}

// ZoneTitle is what the book calls a zone of a theme in a language, "" when it has no such zone.
func (b *Book) ZoneTitle(lang string, t layers.Theme, zone string) string {
	for _, theme := range b.themes {
		for _, z := range theme.Zones {
			if theme.Theme == t && z.ID == zone {
				return z.Title[lang]
			}
		}
	}
	return ""
}

// Themes lists the themes of the table with their zones.
func (b *Book) Themes() []Theme { return slices.Clone(b.themes) }

// Split says where a theme's zones come from, "" for a theme that the table does not know.
func (b *Book) Split(t layers.Theme) string {
	for _, known := range b.themes {
		if known.Theme == t {
			return known.Split
		}
	}
	return ""
}

// Rules lists all rules, ordered by id.
func (b *Book) Rules() []Rule { return slices.Clone(b.rules) }

// Zone reads a delivered zone word ("核心区", "core", "1"); false when the table does not know the word.
func (b *Book) Zone(t layers.Theme, delivered string) (string, bool) {
	id, ok := b.words[word{t, normal(delivered)}]
	return id, ok
}

// RedlineZone is the red-line zone of a place that lies in the given zone of a protected area; false when the zone
// is unknown.
func (b *Book) RedlineZone(protected string) (string, bool) {
	for _, t := range b.themes {
		if t.Theme != layers.Protected {
			continue
		}
		i := slices.IndexFunc(t.Zones, func(z Zone) bool { return z.ID == protected })
		if i >= 0 && t.Zones[i].Redline != "" {
			return t.Zones[i].Redline, true
		}
	}
	return "", false
}

// Find gives the rule in force on a day (YYYY-MM-DD); false when there is none.
func (b *Book) Find(t layers.Theme, zone, activity, day string) (Rule, bool) {
	for _, r := range b.byKey[key{t, zone, activity}] {
		if r.inForce(day) {
			return *r, true
		}
	}
	return Rule{}, false
}

// Worst gives the worst of the rules in force on a day for several zones at once, by outcome and then by id, so
// that the answer does not depend on the order of zones; false when one of the zones has no rule.
func (b *Book) Worst(t layers.Theme, zones []string, activity, day string) (Rule, bool) {
	var found []Rule
	for _, z := range zones {
		r, ok := b.Find(t, z, activity, day)
		if !ok {
			return Rule{}, false
		}
		found = append(found, r)
	}
	if len(found) == 0 {
		return Rule{}, false
	}
	return slices.MinFunc(found, func(x, y Rule) int {
		return cmp.Or(cmp.Compare(y.Outcome, x.Outcome), cmp.Compare(x.ID, y.ID))
	}), true
}

// normal removes what differs between spellings of one zone word: case and blanks.
func normal(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
