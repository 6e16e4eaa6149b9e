package rule_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/rule"
)

const ownFile = `
name: 某市补充规则
sources: {M: a decree of the city}
defaults:
  theme: wetland
  law: 某市湿地保护办法
  article: 第三条
  source: verified
  cite: M
rules:
  - id: wetland.new
    zones: [whole]
    activities: [build]
    outcome: prohibited
    valid_from: 2022-01-01
    text: {zh-CN: 禁止, en: "no"}
`

func own(content string) fstest.MapFS {
	return fstest.MapFS{"city.yaml": {Data: []byte(content)}}
}

func TestOwnRuleTakesThePlaceOfTheTables(t *testing.T) {
	plain, err := rule.Load(small("", ""))
	if err != nil {
		t.Fatal(err)
	}
	b, err := rule.LoadOwn(small("", ""), own(ownFile), "rules")
	if err != nil {
		t.Fatal(err)
	}
	r, ok := b.Find(layers.Wetland, rule.Whole, "build", "2024-01-01")
	if !ok || r.Outcome != analysis.Prohibited || r.Law != "某市湿地保护办法" || !slices.Equal(b.Own, []string{"wetland.new"}) {
		t.Errorf("%+v, own %v", r, b.Own)
	}
	if r, ok := b.Find(layers.Wetland, rule.Whole, "build", "2021-01-01"); !ok || r.Law != "法" {
		t.Errorf("the rule before has changed: %+v", r)
	}
	if r, ok := b.Find(layers.River, rule.Whole, "build", "2024-01-01"); !ok || r.Outcome != analysis.Clear {
		t.Errorf("another theme has changed: %+v", r)
	}
	if b.Name != "small + 某市补充规则" || b.Hash == plain.Hash || len(b.Rules()) != len(plain.Rules()) {
		t.Errorf("%q, hash %s, %d rules", b.Name, b.Hash, len(b.Rules()))
	}
}

func TestOwnRuleThatIsAdded(t *testing.T) {
	// The table's rule ends, and the bureau's own follows it.
	content := strings.ReplaceAll(ownFile, "    outcome: prohibited\n    valid_from: 2022-01-01", `    outcome: clear
    valid_from: 2022-01-01
    valid_to: 2024-12-31
    text: {zh-CN: 可, en: "yes"}
  - id: wetland.city
    zones: [whole]
    activities: [build]
    outcome: prohibited
    valid_from: 2025-01-01`)
	b, err := rule.LoadOwn(small("", ""), own(content), "rules")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]analysis.Verdict{"2024-12-31": analysis.Clear, "2025-01-01": analysis.Prohibited} {
		if r, ok := b.Find(layers.Wetland, rule.Whole, "build", day); !ok || r.Outcome != want {
			t.Errorf("%s: %+v", day, r)
		}
	}
}

func TestFolderWithoutOwnRulesIsTheTable(t *testing.T) {
	plain, err := rule.Load(small("", ""))
	if err != nil {
		t.Fatal(err)
	}
	b, err := rule.LoadOwn(small("", ""), fstest.MapFS{"readme.txt": {Data: []byte("nothing")}}, "rules")
	if err != nil || b.Hash != plain.Hash || b.Name != plain.Name || b.Own != nil {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestOwnRulesAreRefused(t *testing.T) {
	for name, tc := range map[string]struct{ old, changed, want string }{
		"no name":                      {"name: 某市补充规则", "", "name is missing"},
		"a misspelt key":               {"valid_from", "valid_form", "valid_form"},
		"an unknown outcome":           {"prohibited", "forbidden", "forbidden"},
		"two answers on one day":       {"id: wetland.new", "id: wetland.city", "same day"},
		"a day without an answer":      {"valid_from: 2022-01-01", "valid_from: 2022-02-01", "wetland"},
		"a source that is not listed":  {"cite: M", "cite: N", `"N" is not listed`},
		"a source key that is taken":   {"sources: {M:", "sources: {S:", "taken"},
		"an unknown zone":              {"zones: [whole]", "zones: [half]", `no zone "half"`},
		"an unknown activity":          {"activities: [build]", "activities: [fly]", "fly"},
		"no article":                   {"article: 第三条", "", "article is missing"},
		"a text in one language alone": {`, en: "no"`, "", "no text in en"},
		"not YAML":                     {"rules:", "rules: [", "city.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rule.LoadOwn(small("", ""), own(strings.Replace(ownFile, tc.old, tc.changed, 1)), "rules")
			var p *geo.Problem
			if !errors.As(err, &p) || p.Code != "rule.own.broken" || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
	table := fstest.MapFS{"book.yaml": {Data: []byte("name: another table\nactivities: []\n")}}
	if _, err := rule.LoadOwn(small("", ""), table, "rules"); geo.CodeOf(err) != "rule.own.broken" {
		t.Errorf("a table of one's own: %v", err)
	}
	if _, err := rule.LoadOwn(small("outcome: clear", "outcome: fine"), own(ownFile), "rules"); err == nil || geo.CodeOf(err) != "" {
		t.Errorf("a mistake in the table itself: %v", err)
	}
}
