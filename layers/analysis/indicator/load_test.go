package indicator_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"greenshield/geo"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/text"
)

func book(t *testing.T) *indicator.Book {
	t.Helper()
	b, err := indicator.Load(os.DirFS("../../../data/indicators"))
	if err != nil {
		t.Fatalf("the shipped indicators have mistakes:\n%v", err)
	}
	return b
}

func texts(t *testing.T) *text.Catalog {
	t.Helper()
	c, err := text.Load(os.DirFS("../../../data/texts"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEveryRowOfTheSeedPlan walks through the plan's clauses with targets, first unit in charge and attribute.
// C binding, R reference, – none; numbers are targets in per cent or m², a assigned, k keep, d done.
func TestEveryRowOfTheSeedPlan(t *testing.T) {
	want := `二(一)1 20 org C|二(一)2 d river C|二(一)3 =100 ecology C|二(一)4 =100 ecology C city|
二(二)1 a ecology C|二(二)1 a ecology C|二(二)2 a ecology C|二(二)2 a ecology C|二(二)2 a ecology C|
二(三)1 a forestry R|二(三)2 95 forestry R|二(三)2 d forestry R|二(三)2 d forestry R|
二(四)1 =100 ecology C|二(四)1 k ecology R|二(四)2 d ecology R|二(四)3 d ecology C|
二(五)1 d land C|二(五)1 d land C|二(五)1 d land C|二(五)1 d land C|二(五)1 d land C|二(五)1 d land C|二(五)2 a water R|
二(六)1 a reform C|二(六)2 a water C|二(六)3 4.5 land R|二(六)3 a land –|二(六)4 a ecology C city|二(六)5 a ecology R city|
二(七)1 =100 ecology C|二(七)2 95 urban C|二(七)3 50 ecology R|二(七)4 95 urban C|二(七)4 80 urban R|二(七)5 15 urban R city|二(七)6 50 housing R|
二(八)1 50 transport R city|二(八)2 50 market R|二(八)2 =100 market R|二(八)3 80 finance C|二(九) =100 org R`
	s, err := book(t).Set("ecf-2021")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.ReplaceAll(want, "\n", ""), "|")
	if len(rows) != len(s.Indicators) {
		t.Fatalf("%d indicators, the plan has %d", len(s.Indicators), len(rows))
	}
	for k, i := range s.Indicators {
		got := i.Clause + " " + targetOf(i) + " " + i.Lead[0] + " " +
			map[string]string{"binding": "C", "reference": "R", "none": "–"}[i.Attribute]
		if i.Scope == "city" {
			got += " city"
		}
		if got != rows[k] {
			t.Errorf("%s is %q, want %q", i.ID, got, rows[k])
		}
		if i.AttributeSource == "verified" {
			t.Errorf("%s: the annex was not read, so its attribute cannot be verified", i.ID)
		}
	}
}

func targetOf(i indicator.Indicator) string {
	short := map[indicator.Op]string{indicator.Assigned: "a", indicator.Keep: "k", indicator.Done: "d"}
	if s, ok := short[i.Op]; ok {
		return s
	}
	number := strings.TrimSuffix(strings.TrimRight(format(*i.Target), "0"), ".")
	if i.Op == indicator.Equals {
		return "=" + number
	}
	return number
}

// A method that was not read in the annex is never called verified, and cover is only a reference.
func TestMethodsAreMarked(t *testing.T) {
	b := book(t)
	for _, m := range b.Methods {
		if m.Source == "verified" && m.ID != indicator.ConstructionTotal {
			t.Errorf("method %s is verified, but its definition was not read", m.ID)
		}
	}
	if m, ok := b.Method(indicator.ForestGrassCover); !ok || !m.Reference {
		t.Error("the cover from land-use patches decides something")
	}
}

func TestClassesOfMethodsExist(t *testing.T) {
	classes, err := codes.Load(os.DirFS("../../../data/codes"))
	if err != nil {
		t.Fatal(err)
	}
	b := book(t)
	for _, code := range slices.Concat(b.Forest, b.Grass, b.Idle) {
		if _, ok := classes.Class(code); !ok {
			t.Errorf("class %s is not in the classification", code)
		}
	}
	for _, c := range classes.Classes() {
		if strings.HasPrefix(c.Code, "03") && !slices.Contains(b.Forest, c.Code) ||
			strings.HasPrefix(c.Code, "04") && !slices.Contains(b.Grass, c.Code) {
			t.Errorf("class %s %s is not counted", c.Code, c.Chinese)
		}
	}
}

func TestSetOfAYear(t *testing.T) {
	b := book(t)
	for year, want := range map[int]string{2020: "", 2021: "ecf-2021", 2023: "ecf-2021", 2026: "ecf-2021"} {
		if s, ok := b.SetOn(year); s.ID != want || ok != (want != "") {
			t.Errorf("%d: %q", year, s.ID)
		}
	}
	own, err := indicator.LoadOwn(os.DirFS("../../../data/indicators"), fstest.MapFS{
		"2024.yaml": {Data: []byte(strings.ReplaceAll(small, "VALID", "2024-02-01"))},
	}, "x")
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]string{2023: "ecf-2021", 2024: "city-2024", 2026: "city-2024"} {
		if s, _ := own.SetOn(year); s.ID != want {
			t.Errorf("with a set of 2024, %d: %q", year, s.ID)
		}
	}
	if own.Hash == b.Hash {
		t.Error("a set of one's own leaves the hash as it was")
	}
}

const small = `
id: city-2024
name: {zh-CN: 市指标, en: City}
valid_from: VALID
source: recalled
cite: CEC24
leads: {land: {zh-CN: 局, en: bureau}}
defaults: {source: proposed, cite: CEC24, attribute: none, attribute_source: proposed, scope: both, decimals: 2, lead: [land]}
indicators:
  - {id: sewage, op: at-least, target: 95, unit: "%", name: {zh-CN: 污水, en: sewage}}
`

func TestLoadOwnRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ old, changed, want string }{
		"two sets on one day":     {"VALID", "2024-01-31", "same day"},
		"an end before":           {"VALID", "2024-02-01\nvalid_to: 2024-01-01", "valid from"},
		"an unknown op":           {"at-least", "about", "op"},
		"no target":               {"target: 95, ", "", "needs a target"},
		"a target too many":       {"op: at-least, target: 95", "op: assigned, better: up, words: {zh-CN: a, en: a}, target: 95", "takes no target"},
		"no direction":            {"op: at-least, target: 95", "op: assigned, words: {zh-CN: a, en: a}", "up or down"},
		"a missing language":      {"en: sewage", "fr: sewage", "no text in en"},
		"a misspelt key":          {"target: 95", "targt: 95", "targt"},
		"an unknown mark":         {"source: proposed", "source: sure", "source"},
		"an unlisted source":      {"cite: CEC24, attribute", "cite: X, attribute", "source key"},
		"an unknown unit":         {"lead: [land]", "lead: [sea]", "not among the leads"},
		"an unknown method":       {"unit:", "method: magic, unit:", "method"},
		"an unknown scope":        {"scope: both", "scope: world", "scope"},
		"an id of a figure":       {"id: sewage", "id: population", "used twice"},
		"a source that is taken":  {"leads:", "sources: {SEED: x}\nleads:", "is taken"},
		"an indicator of nothing": {"indicators:\n  - {id: sewage, op: at-least, target: 95, unit: \"%\", name: {zh-CN: 污水, en: sewage}}", "indicators: []", "no indicators"},
	} {
		text := strings.ReplaceAll(strings.ReplaceAll(small, tc.old, tc.changed), "VALID", "2024-02-01")
		_, err := indicator.LoadOwn(os.DirFS("../../../data/indicators"), fstest.MapFS{"s.yaml": {Data: []byte(text)}}, "own")
		if geo.CodeOf(err) != "indicator.own.broken" || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want a complaint with %q", name, err, tc.want)
		}
	}
	same := strings.ReplaceAll(strings.ReplaceAll(small, "city-2024", "ecf-2021"), "VALID", "2021-01-01")
	b, err := indicator.LoadOwn(os.DirFS("../../../data/indicators"), fstest.MapFS{"s.yaml": {Data: []byte(same)}}, "own")
	if err != nil || len(b.Sets) != 1 || !b.Sets[0].Own || len(b.Sets[0].Indicators) != 1 {
		t.Errorf("a set with the id of the shipped one does not replace it: %v", err)
	}
}
