package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/memory"
)

// What a delivery states is held against what was measured: in the unit that fits, as a whole and row by row.
func TestStatedSizesAreHeldAgainstTheMeasured(t *testing.T) {
	dry := redline(t, collection(t, "", cell("", 109, 23)))
	dry.DryRun = true
	report, err := ingest.Import(t.Context(), memory.New(), dry)
	if err != nil {
		t.Fatal(err)
	}
	area := float64(report.AreaAfter)
	row := func(stated float64, x float64) string { return cell(fmt.Sprintf(`"QYMJ":%.6f`, stated), x, 23) }
	for name, tc := range map[string]struct {
		rows []string
		want []string // code and part of the text, in order
	}{
		"square metres":      {[]string{row(area, 109)}, []string{"ingest.stated.total field=QYMJ", "unit=m²"}},
		"hectares":           {[]string{row(area/1e4, 109), row(area/1e4, 109.1)}, []string{"ingest.stated.total field=QYMJ", "unit=hm²"}},
		"mu":                 {[]string{row(area*15/1e4, 109)}, []string{"ingest.stated.total field=QYMJ", "unit=mu"}},
		"nothing said":       {[]string{cell(`"HXMM":"a"`, 109, 23)}, nil},
		"zero is not a size": {[]string{row(0, 109)}, nil},
		"rows exchanged": {
			[]string{row(area/2, 109), row(area*3/2, 109.1)},
			[]string{"ingest.stated.total field=QYMJ", "ingest.stated.rows-differ rows=2 row=1"},
		},
		"too much as a whole": {
			[]string{row(area*1.02, 109)},
			[]string{"ingest.stated.total-differs", "part=2.00", "ingest.stated.rows-differ rows=1 row=1 worst=1"},
		},
	} {
		report, err := ingest.Import(t.Context(), memory.New(), redline(t, collection(t, "", tc.rows...)))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(said(report, "ingest.stated."), "; ")
		at := 0
		for _, want := range tc.want {
			i := strings.Index(got[at:], want)
			if i < 0 {
				t.Errorf("%s: no %q in %q", name, want, got)
				break
			}
			at += i
		}
		if tc.want == nil && got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	// Lines state lengths.
	req := redline(t, collection(t, "", feature(`"CD":1000.0,"HLMC":"西江","GNQLX":"1"`, "LineString", `[[109,23],[109.01,23]]`)))
	req.Layer = layers.Layer{ID: "shore", Theme: layers.Shoreline}
	report, err = ingest.Import(t.Context(), memory.New(), req)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(said(report, "ingest.stated."), "; "); !strings.Contains(got, "unit=m measured=1025") &&
		!strings.Contains(got, "unit=m measured=1024") {
		t.Errorf("a line: %q", got)
	}
}
