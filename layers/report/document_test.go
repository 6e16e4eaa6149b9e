package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"greenshield/layers/analysis"
	"greenshield/layers/report"
)

// TestDocument sees one figure in all that is written from a document.
func TestDocument(t *testing.T) {
	area := report.Round(12345.678, report.SquareMetre)
	d := report.Document{
		Title:      "Areas",
		Provenance: analysis.Provenance{Program: "test", At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		Facts:      []report.Fact{{Name: "baseline", Value: "redline@2020.1"}, {Name: "empty"}},
		Tables: []report.Table{
			{ID: "areas", Name: "Areas", Title: "Areas", Columns: []report.Column{{"县", 10}, {"m²", 12}, {"n", 5}}},
			{ID: "empty", Name: "Empty", Title: "Empty", Columns: []report.Column{{"x", 5}}},
		},
	}
	d.Tables[0].Add("=西县", area, 7)
	d.Tables[0].Add("东县", report.Decimal{}, int64(12))
	d.Tables[0].AddTotal("合计", area, 19)
	p := printer(t, "en")

	var csv bytes.Buffer
	if err := d.Tables[0].CSV(&csv); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeff县,m²,n\r\n'=西县,12345.68,7\r\n东县,,12\r\n合计,12345.68,19\r\n"; csv.String() != want {
		t.Errorf("CSV\n%q, want\n%q", csv.String(), want)
	}
	var text strings.Builder
	if err := d.Tables[0].Text(&text, 2, p); err != nil {
		t.Fatal(err)
	}
	want := "Areas\n县           m²   n\n=西县  12345.68   7\n东县          –  12\n… 1 more rows, see the exported file.\n"
	if text.String() != want {
		t.Errorf("text\n%s, want\n%s", text.String(), want)
	}
	shown := d.Tables[0].Printed(1, 1)
	if shown.Total != 3 || len(shown.Rows) != 1 || shown.Rows[0].Cells[1] != report.Unknown || !shown.Columns[1].Figure {
		t.Errorf("page %+v", shown)
	}
	if past := d.Tables[0].Printed(99, 5); len(past.Rows) != 0 || past.Total != 3 {
		t.Errorf("a page past the end %+v", past)
	}
	basis := d.Basis(p)
	if len(basis) == 0 || !strings.Contains(join(basis), "redline@2020.1") || strings.Contains(join(basis), "empty") {
		t.Errorf("basis %v", basis)
	}
	var one, two bytes.Buffer
	if err := d.Workbook(&one, p); err != nil {
		t.Fatal(err)
	}
	if err := d.Workbook(&two, p); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same document gives other bytes")
	}
	if _, ok := d.Find("none"); ok {
		t.Error("a table that is not there was found")
	}
}

func join(facts []report.Fact) string {
	var out strings.Builder
	for _, f := range facts {
		out.WriteString(f.Name + f.Value + "\n")
	}
	return out.String()
}
