package ingest_test

import (
	"slices"
	"strings"
	"testing"

	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest"
	"greenshield/layers/store/memory"
)

func TestRowsAreHeldAgainstTheirTable(t *testing.T) {
	row := func(x float64, class, name, kind, area, deducted, rest string) string {
		return cell(`"BSM":"`+class+name+`","DLBM":"`+class+`","DLMC":"`+name+`","QSXZ":"`+kind+`","QSDWDM":"450802","TBMJ":`+area+
			`,"KCXS":0,"KCMJ":`+deducted+`,"TBDLMJ":`+rest+`,"CZ":"保留"`, x, 23)
	}
	good := row(109, "0101", "水田", "30", "100.00", "10.00", "90.00")
	for name, tc := range map[string]struct {
		rows []string
		want []string
	}{
		"all right":              {[]string{good}, nil},
		"rounded sums":           {[]string{row(109, "0101", "水田", "30", "100.00", "10.00", "90.01")}, nil},
		"an absent deduction":    {[]string{row(109, "0101", "水田", "30", "100.00", "null", "100")}, nil},
		"a sum that is wrong":    {[]string{good, row(109.1, "0103", "旱地", "30", "100", "10", "95")}, []string{"ingest.table.sum-differs field=TBDLMJ formula=TBMJ − KCMJ row=2 rows=1 worst=5.00"}},
		"a kind that is unknown": {[]string{row(109, "0101", "水田", "99", "1", "0", "1")}, []string{"ingest.table.value-unlisted field=QSXZ value=99 row=1 rows=1"}},
		"an adjustable class":    {[]string{row(109, "0201K", "可调整果园", "30", "1", "0", "1")}, nil},
		"a name of another class": {
			[]string{good, row(109.1, "0103", "水田", "30", "1", "0", "1")},
			[]string{"ingest.table.class-misnamed code=0103 name=水田 listed=旱地 row=2 rows=1"},
		},
	} {
		req := redline(t, collection(t, "", tc.rows...))
		req.Layer = layers.Layer{ID: "landuse", Theme: layers.Landuse}
		report, err := ingest.Import(t.Context(), memory.New(), req)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if report.Table != "dltb" || report.Vintage.Mapping[layers.Class] != "DLBM" {
			t.Errorf("%s: table %q, mapping %v", name, report.Table, report.Vintage.Mapping)
		}
		got := slices.DeleteFunc(said(report, "ingest.table."), func(s string) bool { return strings.HasPrefix(s, "ingest.table.known") })
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, tc.want)
		}
		if i := slices.IndexFunc(report.Vintage.Fields, func(f format.Field) bool { return f.Name == "CZ" }); i < 0 {
			t.Errorf("%s: a field that the table does not have was lost", name)
		}
	}
}

func TestMappingIsProposedAgain(t *testing.T) {
	s := memory.New()
	publish := func(vintage string, mapping map[layers.Role]string, properties string) ingest.Report {
		req := redline(t, collection(t, "", cell(properties, 109, 23)))
		req.Vintage, req.Mapping = vintage, mapping
		report, err := ingest.Import(t.Context(), s, req)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	publish("2021", map[layers.Role]string{layers.Name: "foo"}, `"foo":"一号红线","HXMM":"x"`)
	again := publish("2022", nil, `"foo":"二号红线","HXMM":"x"`)
	if again.Vintage.Mapping[layers.Name] != "foo" || !slices.Equal(said(again, "ingest.field.as-before"),
		[]string{"ingest.field.as-before ref=redline@2021.1 fields=name = foo"}) {
		t.Errorf("mapping %v, %q", again.Vintage.Mapping, said(again, "ingest.field."))
	}
	overruled := publish("2023", map[layers.Role]string{layers.Name: "HXMM"}, `"foo":"三号红线","HXMM":"x"`)
	if overruled.Vintage.Mapping[layers.Name] != "HXMM" || len(said(overruled, "ingest.field.as-before")) > 0 {
		t.Errorf("overruled: %v", overruled.Vintage.Mapping)
	}
	gone := publish("2024", nil, `"HXBM":"1"`)
	if _, ok := gone.Vintage.Mapping[layers.Name]; ok || gone.Vintage.Mapping[layers.Code] != "HXBM" {
		t.Errorf("a field that is gone: %v", gone.Vintage.Mapping)
	}
}

// The word of a delivery is kept beside the kind that it is taken for.
func TestActivitiesAreMappedToKinds(t *testing.T) {
	req := redline(t, collection(t, "", cell(`"WTBH":"1","HDLX":"采石场"`, 109, 23), cell(`"WTBH":"2","HDLX":"怪石"`, 109.1, 23)))
	req.Layer = layers.Layer{ID: "activity", Theme: layers.Activity}
	s := memory.New()
	report, err := ingest.Import(t.Context(), s, req)
	if err != nil {
		t.Fatal(err)
	}
	rows := read(t, s, report.Vintage.Ref)
	if rows[0].Roles[layers.Class] != "mining" || rows[0].Values[1] != "采石场" || rows[1].Roles[layers.Class] != "怪石" {
		t.Errorf("%v %v, %v", rows[0].Roles, rows[0].Values, rows[1].Roles)
	}
	if got := said(report, "ingest.field.word-unknown"); len(got) != 1 || !strings.Contains(got[0], "怪石") {
		t.Errorf("unknown words: %q", got)
	}
}
