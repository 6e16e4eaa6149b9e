package rule_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/rule"
)

func load(t *testing.T) *rule.Book {
	t.Helper()
	b, err := rule.Load(os.DirFS("../../data/rules"))
	if err != nil {
		t.Fatalf("the shipped table has mistakes:\n%v", err)
	}
	return b
}

// TestDecisionTable walks through the decision table of the domain specification, section 4.5, row by row. Columns:
// construction, mining, tourism, energy, linear, water, dwelling, farming, restoration, research, national.
// P prohibited, A approval, C conditional, N clear, ? the table gives no answer, - no rule in force.
func TestDecisionTable(t *testing.T) {
	columns := []string{
		"construction", "mining", "tourism", "energy", "linear", "water", "dwelling", "farming", "restoration",
		"research", "national",
	}
	rows := []struct {
		theme layers.Theme
		zone  string
		day   string
		want  string
	}{
		{layers.Redline, "core", "2026-06-01", "PPPPPPAACAA"},
		{layers.Redline, "core", "2026-03-14", "PPPPPPPPCAA"},
		{layers.Redline, "general", "2026-06-01", "PPAPAACCCCA"},
		{layers.Redline, "not-protected", "2026-06-01", "PPAPAACCCCA"},
		{layers.Redline, "buffer", "2026-06-01", "PP?P????C?A"},
		{layers.Redline, "core", "2022-08-15", "-----------"},
		{layers.Protected, "core", "2026-03-14", "PPPPPPPPCAP"},
		{layers.Protected, "buffer", "2026-03-14", "PPPPPPCPCAP"},
		{layers.Protected, "experimental", "2026-03-14", "PPACAACCCCA"},
		{layers.Protected, "general", "2026-03-14", "PPAPAACCCCA"},
		{layers.Protected, "core", "2026-03-15", "PPPPPPAACA?"},
		{layers.Protected, "general", "2026-03-15", "PPAPAACCCCA"},
		{layers.Protected, "buffer", "2026-03-15", "PP?P????C??"},
		{layers.Protected, "experimental", "2026-03-15", "PP?P????C??"},
		{layers.Protected, "park-core", "2025-12-31", "-----------"},
		{layers.Protected, "park-core", "2026-01-01", "PPPPPPAACA?"},
		{layers.Farmland, rule.Whole, "2026-06-01", "PPPPAAPCCCA"},
		{layers.Urban, rule.Inside, "2026-06-01", "N?NNNNNNNNN"},
		{layers.Urban, rule.Outside, "2026-06-01", "CAAAAACNNNA"},
		{layers.Shoreline, "1", "2026-06-01", "PPPPAAPCCCP"},
		{layers.Shoreline, "2", "2026-06-01", "PPCPAAPCCCA"},
		{layers.Shoreline, "3", "2026-06-01", "AAAAAAACCCA"},
		{layers.Shoreline, "4", "2026-06-01", "AAAAAAACCCA"},
		{layers.River, rule.Whole, "2026-06-01", "PAAAAAPPCCA"},
		{layers.Wetland, rule.Whole, "2026-06-01", "PPPAAACCCCA"},
	}
	b := load(t)
	letters := map[analysis.Verdict]string{
		analysis.Clear: "N", analysis.Conditional: "C", analysis.ApprovalRequired: "A", analysis.Prohibited: "P",
		analysis.Incomplete: "?",
	}
	for _, row := range rows {
		var got strings.Builder
		for _, activity := range columns {
			r, ok := b.Find(row.theme, row.zone, activity, row.day)
			if !ok {
				got.WriteString("-")
				continue
			}
			got.WriteString(letters[r.Outcome])
		}
		if got.String() != row.want {
			t.Errorf("%s/%s on %s: %s, want %s", row.theme, row.zone, row.day, got.String(), row.want)
		}
	}
	if n := len(b.Activities()); n != len(columns) {
		t.Errorf("%d activities, want %d", n, len(columns))
	}
}

func TestTheLawThatWasInForceIsCited(t *testing.T) {
	b := load(t)
	for day, law := range map[string]string{
		"2026-03-14": "2017年修订",
		"2026-03-15": "第830号",
	} {
		r, ok := b.Find(layers.Protected, "core", "construction", day)
		if !ok || !strings.Contains(r.Law, law) {
			t.Errorf("on %s the rule cites %q, want %s", day, r.Law, law)
		}
	}
}

// TestOnlyReadArticlesAreVerified guards the marks of the domain specification: what was not read is never verified.
func TestOnlyReadArticlesAreVerified(t *testing.T) {
	for _, r := range load(t).Rules() {
		unread := r.Cite == "NPL" || r.Cite == "MNR193" || strings.Contains(r.Article, "未核") ||
			strings.Contains(r.Article, "第二十七条") && r.Cite == "NR26" ||
			strings.Contains(r.Article, "第二十九条") && r.Cite == "NR26" ||
			strings.Contains(r.Text["zh-CN"], "核对原文")
		if unread && r.Source == "verified" {
			t.Errorf("%s is verified, but its article was not read", r.ID)
		}
		if strings.Contains(r.Text["zh-CN"], "违法") || strings.Contains(strings.ToLower(r.Text["en"]), "illegal") {
			t.Errorf("%s judges; a finding is never called illegal", r.ID)
		}
	}
}

func TestZoneWords(t *testing.T) {
	b := load(t)
	cases := []struct {
		theme layers.Theme
		word  string
		want  string
	}{
		{layers.Protected, "核心区", "core"},
		{layers.Protected, " 核心保护区 ", "core"},
		{layers.Protected, "Core", "core"},
		{layers.Protected, "General Control Zone", "general"},
		{layers.Protected, "缓冲区", "buffer"},
		{layers.Protected, "国家公园核心保护区", "park-core"},
		{layers.Protected, "外围保护地带", ""},
		{layers.Protected, "", ""},
		{layers.Shoreline, "1", "1"},
		{layers.Shoreline, "岸线保留区", "2"},
		{layers.Shoreline, "5", ""},
	}
	for _, c := range cases {
		got, ok := b.Zone(c.theme, c.word)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("zone %s %q is %q, want %q", c.theme, c.word, got, c.want)
		}
	}
	if z, _ := b.RedlineZone("park-general"); z != "general" {
		t.Errorf("red-line zone of park-general is %q", z)
	}
	if z, ok := b.RedlineZone("nowhere"); ok {
		t.Errorf("red-line zone of nowhere is %q", z)
	}
}

func TestWorstOfSeveralZones(t *testing.T) {
	b := load(t)
	for _, zones := range [][]string{{"general", "core"}, {"core", "general"}} {
		r, ok := b.Worst(layers.Redline, zones, "tourism", "2026-06-01")
		if !ok || r.Outcome != analysis.Prohibited {
			t.Errorf("worst of %v is %v", zones, r.Outcome)
		}
	}
	if _, ok := b.Worst(layers.Redline, []string{"general", "nowhere"}, "tourism", "2026-06-01"); ok {
		t.Error("a zone without a rule must not be skipped")
	}
}

func TestUnknownActivity(t *testing.T) {
	_, err := load(t).Activity("picnic")
	if geo.CodeOf(err) != "check.activity.unknown" {
		t.Errorf("got %v", err)
	}
}

func TestHashFollowsContent(t *testing.T) {
	book, again := load(t), load(t)
	if book.Hash != again.Hash || len(book.Hash) != 64 {
		t.Errorf("hashes %q and %q", book.Hash, again.Hash)
	}
	changed := small(`text: {zh-CN: 是, en: "yes"}`, `text: {zh-CN: 否, en: "no"}`)
	a, errA := rule.Load(small("", ""))
	c, errC := rule.Load(changed)
	if errA != nil || errC != nil {
		t.Fatal(errA, errC)
	}
	if a.Hash == c.Hash {
		t.Error("a changed text left the hash as it was")
	}
}

const smallHead = `
name: small
activities: [{id: build, title: {zh-CN: 建, en: build}}]
sources: {S: somewhere}
themes:
`

const smallRule = `
rules:
  - id: NAME.old
    theme: NAME
    zones: [whole]
    activities: [build]
    outcome: prohibited
    law: 法
    article: 第一条
    source: verified
    cite: S
    valid_from: 2020-01-01
    valid_to: 2021-12-31
    text: {zh-CN: 是, en: "yes"}
  - id: NAME.new
    theme: NAME
    zones: [whole]
    activities: [build]
    outcome: clear
    law: 法
    article: 第二条
    source: proposed
    cite: S
    valid_from: 2022-01-01
    text: {zh-CN: 是, en: "yes"}
`

// small is a valid table with one zone and one activity per theme, in which old is replaced by changed.
func small(old, changed string) fstest.MapFS {
	book := smallHead
	files := fstest.MapFS{}
	for _, theme := range layers.Themes() {
		if !theme.Constraint() {
			continue
		}
		name := string(theme)
		book += "  - theme: " + name + "\n    split: whole\n" +
			"    zones: [{id: whole, redline: whole, title: {zh-CN: 全, en: all}}]\n"
		text := strings.ReplaceAll(smallRule, "NAME", name)
		if old != "" {
			text = strings.ReplaceAll(text, old, changed)
		}
		files[name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	files["book.yaml"] = &fstest.MapFile{Data: []byte(book)}
	return files
}

func TestLoadRefuses(t *testing.T) {
	cases := []struct{ name, old, changed, want string }{
		{"an unknown outcome", "outcome: clear", "outcome: fine", "outcome"},
		{"an unknown activity", "activities: [build]", "activities: [dig]", "unknown activity"},
		{"an unknown zone", "zones: [whole]", "zones: [half]", "no zone"},
		{"an unknown theme", "theme: redline", "theme: moon", "no zone"},
		{"a missing law", "law: 法", "law: ''", "law or article is missing"},
		{"a missing article", "article: 第一条", "article: ''", "law or article is missing"},
		{"a missing language", `text: {zh-CN: 是, en: "yes"}`, `text: {zh-CN: 是}`, "no text in en"},
		{"an unknown mark", "source: verified", "source: sure", "source"},
		{"an unlisted source", "cite: S", "cite: X", "source key"},
		{"two rules on one day", "valid_to: 2021-12-31", "valid_to: 2022-01-01", "same day"},
		{"an eternal rule and its successor", "valid_to: 2021-12-31", "", "same day"},
		{"a day between two rules", "valid_to: 2021-12-31", "valid_to: 2021-12-30", "no rule for"},
		{"a day that does not exist", "valid_from: 2020-01-01", "valid_from: 2020-02-30", "is not a day"},
		{"an end before the beginning", "valid_to: 2021-12-31", "valid_to: 2019-12-31", "before it begins"},
		{"a table that ends", "valid_from: 2022-01-01", "valid_from: 2022-01-01\n    valid_to: 2030-01-01", "in force"},
		{"a misspelt key", "valid_to:", "valid_till:", "valid_till"},
	}
	if _, err := rule.Load(small("", "")); err != nil {
		t.Fatalf("the small table must load: %v", err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := rule.Load(small(c.old, c.changed))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a complaint with %q", err, c.want)
			}
		})
	}
}

func TestLoadRefusesAnEmptyFolder(t *testing.T) {
	if _, err := rule.Load(fstest.MapFS{}); err == nil {
		t.Error("an empty folder is no rule book")
	}
}
