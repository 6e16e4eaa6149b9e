package ingest_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest"
)

// echo says the first argument, or the code.
type echo struct{}

func (echo) Sentence(lang string, p *geo.Problem) string {
	if len(p.Args) > 0 {
		return p.Args[0].Value.(string)
	}
	return lang + ":" + p.Code
}

func TestRejectsCSV(t *testing.T) {
	bound := orb.Bound{Min: orb.Point{109, 23}, Max: orb.Point{110, 24}}
	rejects := []layers.Reject{
		{Row: 2, Problem: geo.NewProblem("ingest.geometry.ambiguous").Near(orb.Point{-109.12345678, 23})},
		{Row: 3, Problem: geo.NewProblem("a", "word", `=HYPERLINK("http://x","y")`), Bound: &bound},
		{Row: 4, Problem: geo.NewProblem("a", "word", "多行\r\n,\"引号\"")},
		{Row: 5, Problem: geo.NewProblem("a", "word", "@SUM(A1)")},
	}
	var b bytes.Buffer
	if err := ingest.RejectsCSV(&b, rejects, "zh-CN", echo{}); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{
			"zh-CN:ingest.csv.row", "zh-CN:ingest.csv.code", "zh-CN:ingest.csv.problem",
			"zh-CN:ingest.csv.longitude", "zh-CN:ingest.csv.latitude",
		},
		{"2", "ingest.geometry.ambiguous", "zh-CN:ingest.geometry.ambiguous", "-109.1234568", "23.0000000"},
		{"3", "a", `'=HYPERLINK("http://x","y")`, "109.5000000", "23.5000000"},
		{"4", "a", "多行\n,\"引号\"", "", ""},
		{"5", "a", "'@SUM(A1)", "", ""},
	}
	for i, row := range rows {
		if strings.Join(row, "|") != strings.Join(want[i], "|") {
			t.Errorf("got  %q\nwant %q", row, want[i])
		}
	}
}

func TestIssuesCSVWithoutTexts(t *testing.T) {
	var b bytes.Buffer
	issues := []layers.Issue{{
		Row: 7, Severity: layers.Repair, Action: "repaired", AreaBefore: 1.5, AreaAfter: 2.25,
		Problem: geo.NewProblem("ingest.geometry.repaired", "rule", "spike"),
	}}
	if err := ingest.IssuesCSV(&b, issues, "en", nil); err != nil {
		t.Fatal(err)
	}
	want := "7,repair,repaired,ingest.geometry.repaired,ingest.geometry.repaired rule=spike,,,1.5000,2.2500"
	if !strings.Contains(b.String(), want) {
		t.Error(b.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestCSVReportsAFullDisk(t *testing.T) {
	if err := ingest.RejectsCSV(full{}, nil, "en", nil); err == nil {
		t.Error("written")
	}
}
