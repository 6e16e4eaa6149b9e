package indicator_test

import (
	"context"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/table"
	"greenshield/layers/analysis/indicator"
)

func readTable(t *testing.T, csv string) (indicator.Reading, error) {
	t.Helper()
	lines, err := table.Lines(context.Background(), "t", strings.NewReader(csv), int64(len(csv)), table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return book(t).ReadTable(lines, texts(t))
}

const chineseHead = "编号,指标,行政区代码,行政区,年度,数值,单位,价格基期（年）,上级下达目标值,是否完成,数据来源（文件）,数据日期,填报人,备注\n"

func TestReadTable(t *testing.T) {
	r, err := readTable(t, "指标数据填报表,,,\n"+chineseHead+
		"urban-sewage,,450802,,2025,96.5,%,,,,年鉴,2026-03-01,甲,\n"+
		"river-chief,,450802,,2025,,,,,是,通报,2026-03-01,甲,\n"+
		"good-air-days,,450802,,2025,,,,95,,任务书,2026-03-01,甲,\n"+
		"gdp-constant,,450802,,2025,1062000,,2020,,,年鉴,2026-03-01,甲,\n"+
		"training,,450802,,2025,撤回,,,,,更正,2026-03-01,甲,\n"+
		"rural-sewage,,450802,,2025,,,,,,,,,\n")
	if err != nil || len(r.Faults) > 0 || len(r.Values) != 5 || r.Blank != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if *r.Values[0].Number != 96.5 || !*r.Values[1].Done || *r.Values[2].Assigned != 95 || r.Values[3].Base != 2020 ||
		!r.Values[4].Withdrawn {
		t.Errorf("values: %+v", r.Values)
	}
	english, err := readTable(t, "Year,Region code,ID,Value,Source (document),Date,Entered by\n2025,450802,training,100,x,2026-03-01,A\n")
	if err != nil || len(english.Values) != 1 || *english.Values[0].Number != 100 {
		t.Errorf("columns in another order and language: %+v, %v", english, err)
	}
}

func TestFaultsOfRows(t *testing.T) {
	for row, want := range map[string]string{
		"nothing,,450802,,2025,1,,,,,a,2026-03-01,甲,":            "indicator.value.unknown",
		"urban-sewage,,港北区,,2025,1,,,,,a,2026-03-01,甲,":          "indicator.value.region",
		"urban-sewage,,450802,,25,1,,,,,a,2026-03-01,甲,":         "indicator.value.year",
		"urban-sewage,,450802,,二〇二五,1,,,,,a,2026-03-01,甲,":       "indicator.value.year",
		"urban-sewage,,450802,,2025,96%,,,,,a,2026-03-01,甲,":     "indicator.table.number",
		"urban-sewage,,450802,,2025,NaN,,,,,a,2026-03-01,甲,":     "indicator.value.number",
		"urban-sewage,,450802,,2025,965,,,,,a,2026-03-01,甲,":     "indicator.value.percent",
		"urban-sewage,,450802,,2025,96,,,,,,2026-03-01,甲,":       "indicator.value.source",
		"urban-sewage,,450802,,2025,96,,,,,a,2026年3月,甲,":         "indicator.value.date",
		"urban-sewage,,450802,,2025,96,,,,,a,2026-03-01,,":       "indicator.value.by",
		"river-chief,,450802,,2025,,,,,也许,a,2026-03-01,甲,":       "indicator.table.conclusion",
		"river-chief,,450802,,2025,1,,,,,a,2026-03-01,甲,":        "indicator.value.conclusion",
		"gdp-constant,,450802,,2025,1000,,,,,a,2026-03-01,甲,":    "indicator.value.base",
		"population,,450802,,2025,-5,,,,,a,2026-03-01,甲,":        "indicator.value.number",
		"gdp-constant,,450802,,2025,1,,现价,,,a,2026-03-01,甲,":     "indicator.value.base",
		"construction-limit,,450802,,2025,0,,,,,a,2026-03-01,甲,": "indicator.value.number",
	} {
		r, err := readTable(t, chineseHead+"training,,450802,,2025,100,,,,,a,2026-03-01,甲,\n"+row+"\n")
		if err != nil || len(r.Faults) != 1 || r.Faults[0].Row != 3 || r.Faults[0].Problem.Code != want || len(r.Values) != 1 {
			t.Errorf("%s: %+v, %v, want %s", row, r.Faults, err, want)
		}
	}
	twice := "training,,450802,,2025,100,,,,,a,2026-03-01,甲,\n"
	if r, _ := readTable(t, chineseHead+twice+twice); len(r.Faults) != 1 || r.Faults[0].Problem.Code != "indicator.value.twice" {
		t.Errorf("one indicator in two rows: %+v", r)
	}
	if _, err := readTable(t, "编号,数值\ntraining,100\n"); geo.CodeOf(err) != "indicator.table.head" {
		t.Errorf("a table without regions: %v", err)
	}
}

// What the template says can be read back, and an empty template enters nothing.
func TestTemplate(t *testing.T) {
	b := book(t)
	s, _ := b.SetOn(2023)
	rows := b.Template(s, []indicator.Region{{"450800", "贵港市"}, {"450802", "港北区"}}, []int{2024, 2025}, "zh-CN")
	if len(rows) != 4+2*(42+4)+4+2*(37+4) {
		t.Errorf("%d rows", len(rows))
	}
	var csv strings.Builder
	csv.WriteString(chineseHead)
	for _, r := range rows {
		csv.WriteString(strings.ReplaceAll(strings.Join(r, "\t"), ",", "，") + "\n")
	}
	read, err := readTable(t, strings.ReplaceAll(csv.String(), "\t", ","))
	if err != nil || len(read.Values) != 0 || len(read.Faults) != 0 || read.Blank != len(rows) {
		t.Errorf("an empty template: %d values, %d faults, %d blank, %v", len(read.Values), len(read.Faults), read.Blank, err)
	}
}

func TestYearbook(t *testing.T) {
	values := []indicator.Value{
		entry("gdp-constant", all(of(1_000_000), func(v *indicator.Value) { v.Base = 2020 })),
		entry("gdp-index", of(106.2)), entry("population", of(500_000)), entry("construction-limit", of(1234.5)),
		entry("urban-sewage", of(96)),
	}
	figures, controls := indicator.Yearbook(values)
	if len(figures) != 1 || len(controls) != 1 {
		t.Fatalf("%v, %v", figures, controls)
	}
	f := figures[0]
	if *f.GDP != 1e10 || f.Base != 2020 || *f.Index != 106.2 || *f.Population != 500_000 || f.Source != "年鉴" {
		t.Errorf("figures: %+v", f)
	}
	if controls[0].Limit != 12_345_000 || controls[0].Region != "450802" || controls[0].Year != 2025 {
		t.Errorf("control total: %+v", controls[0])
	}
}
