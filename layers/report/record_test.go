package report_test

import (
	"bytes"
	"testing"

	"greenshield/layers/report"
)

// TestConflictDocumentIsTheWorkbook: the tables say what the sheets say, to the byte.
func TestConflictDocumentIsTheWorkbook(t *testing.T) {
	p := printer(t, "zh-CN")
	var want, got bytes.Buffer
	if err := report.ConflictWorkbook(&want, sampleConflict(), p); err != nil {
		t.Fatal(err)
	}
	doc := report.ConflictDocument(sampleConflict(), p)
	if err := doc.Workbook(&got, p); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Error("the workbook of the document is another one")
	}
	seen := map[string]bool{}
	for _, table := range doc.Tables {
		if table.ID == "" || seen[table.ID] {
			t.Errorf("table %q (%s) has no name of its own", table.ID, table.Name)
		}
		seen[table.ID] = true
	}
}
