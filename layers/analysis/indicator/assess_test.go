package indicator_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"greenshield/geo"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/indicator"
)

func format(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

func number(v float64) *float64 { return &v }

// entry is a value of county 450802 in 2025.
func entry(id string, edit func(v *indicator.Value)) indicator.Value {
	v := indicator.Value{Indicator: id, Region: "450802", Year: 2025, Source: "年鉴", Date: "2026-03-01", By: "甲"}
	edit(&v)
	return v
}

func of(n float64) func(*indicator.Value)       { return func(v *indicator.Value) { v.Number = &n } }
func concluded(d bool) func(*indicator.Value)   { return func(v *indicator.Value) { v.Done = &d } }
func assigned(n float64) func(*indicator.Value) { return func(v *indicator.Value) { v.Assigned = &n } }

func all(edits ...func(*indicator.Value)) func(*indicator.Value) {
	return func(v *indicator.Value) {
		for _, e := range edits {
			e(v)
		}
	}
}

func assess(t *testing.T, in indicator.Inputs) indicator.Result {
	t.Helper()
	b := book(t)
	s, err := b.Set("ecf-2021")
	if err != nil {
		t.Fatal(err)
	}
	if in.Regions == nil {
		in.Regions = []indicator.Region{{Code: "450802", Name: "港北区"}}
	}
	if in.Years == nil {
		in.Years = []int{2025}
	}
	now := func() time.Time { return time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC) }
	return indicator.Assess(b, s, in, indicator.Options{Now: now, Program: "test"})
}

func found(t *testing.T, r indicator.Result, id string, year int) indicator.Assessment {
	t.Helper()
	i := slices.IndexFunc(r.Assessments, func(a indicator.Assessment) bool { return a.Indicator == id && a.Year == year })
	if i < 0 {
		t.Fatalf("%s is not assessed", id)
	}
	return r.Assessments[i]
}

func TestStatuses(t *testing.T) {
	computed := func(method string, n *float64, status analysis.Status) indicator.Computed {
		c := indicator.Computed{Method: method, Region: "450802", Year: 2025, Number: n, Status: status}
		if status == analysis.ToAssess || status == analysis.ToVerify {
			c.Reasons = []*geo.Problem{geo.NewProblem("construction.gdp.missing")}
		}
		return c
	}
	for name, tc := range map[string]struct {
		id       string
		edit     func(*indicator.Value)
		computed *indicator.Computed
		want     analysis.Status
		reason   string
	}{
		"nothing known":              {"urban-sewage", nil, nil, analysis.ToAssess, "indicator.value.missing"},
		"at the target":              {"urban-sewage", of(95), nil, analysis.Met, ""},
		"just below":                 {"urban-sewage", of(94.99), nil, analysis.NotMet, ""},
		"equal as read":              {"env-disclosure", of(100), nil, analysis.Met, ""},
		"not equal":                  {"env-disclosure", of(99.9), nil, analysis.NotMet, ""},
		"done":                       {"river-chief", concluded(true), nil, analysis.Met, ""},
		"not done":                   {"river-chief", concluded(false), nil, analysis.NotMet, ""},
		"a number for a conclusion":  {"urban-sewage", concluded(true), nil, analysis.ToAssess, "indicator.value.missing"},
		"assigned and above":         {"good-air-days", all(of(96), assigned(95)), nil, analysis.Met, ""},
		"assigned and below":         {"good-air-days", all(of(94), assigned(95)), nil, analysis.NotMet, ""},
		"assigned, less is better":   {"energy-intensity", all(of(0.5), assigned(0.51)), nil, analysis.Met, ""},
		"assigned, more is worse":    {"energy-intensity", all(of(0.52), assigned(0.51)), nil, analysis.NotMet, ""},
		"assigned, no target":        {"good-air-days", of(96), nil, analysis.ToAssess, "indicator.assigned.missing"},
		"assigned, conclusion":       {"good-air-days", concluded(true), nil, analysis.Met, ""},
		"conclusion against numbers": {"good-air-days", all(of(94), assigned(95), concluded(true)), nil, analysis.ToVerify, "indicator.conclusion.differs"},
		"computed and met":           {"construction-decline", nil, ptr(computed("construction-decline", number(5.27), "")), analysis.Met, ""},
		"computed and not met":       {"construction-decline", nil, ptr(computed("construction-decline", number(4.49), "")), analysis.NotMet, ""},
		"computed in doubt":          {"construction-decline", nil, ptr(computed("construction-decline", number(5.27), analysis.ToVerify)), analysis.ToVerify, "construction.gdp.missing"},
		"not computed":               {"construction-decline", nil, ptr(computed("construction-decline", nil, analysis.ToAssess)), analysis.ToAssess, "construction.gdp.missing"},
		"both agree":                 {"construction-decline", of(5.3), ptr(computed("construction-decline", number(5.27), "")), analysis.Met, ""},
		"both differ":                {"construction-decline", of(5.4), ptr(computed("construction-decline", number(5.27), "")), analysis.ToVerify, "indicator.value.differs"},
		"rate and entered target":    {"shoreline-protection", assigned(60), ptr(computed("shoreline-rate", number(71), "")), analysis.Met, ""},
		"control total":              {"construction-total", nil, ptr(withTarget(computed("construction-total", number(100), ""), 101)), analysis.Met, ""},
		"control total exceeded":     {"construction-total", nil, ptr(withTarget(computed("construction-total", number(102), ""), 101)), analysis.NotMet, ""},
		"two control totals":         {"construction-total", assigned(99), ptr(withTarget(computed("construction-total", number(100), ""), 101)), analysis.ToVerify, "indicator.assigned.differs"},
		"a reference alone":          {"forest-grass-cover", nil, ptr(computed("forest-grass-cover", number(70), "")), analysis.ToVerify, "indicator.value.reference"},
		"a reference with a target":  {"forest-grass-cover", assigned(60), ptr(computed("forest-grass-cover", number(70), "")), analysis.ToVerify, "indicator.value.reference"},
		"official beside reference":  {"forest-grass-cover", all(of(68), assigned(60)), ptr(computed("forest-grass-cover", number(70), "")), analysis.Met, ""},
		"official far from it":       {"forest-grass-cover", all(of(60), assigned(60)), ptr(computed("forest-grass-cover", number(70), "")), analysis.ToVerify, "indicator.value.differs"},
		"no decrease":                {"redline-area", nil, ptr(computed("redline-area", nil, analysis.Met)), analysis.Met, ""},
		"a decrease":                 {"redline-area", nil, ptr(computed("redline-area", nil, analysis.NotMet)), analysis.NotMet, ""},
		"a decrease that is denied":  {"redline-area", concluded(true), ptr(computed("redline-area", nil, analysis.NotMet)), analysis.ToVerify, "indicator.conclusion.differs"},
		"function without a score":   {"redline-function", nil, ptr(computed("redline-function", nil, analysis.ToAssess)), analysis.ToAssess, "construction.gdp.missing"},
		"function as entered":        {"redline-function", concluded(true), ptr(computed("redline-function", nil, analysis.ToAssess)), analysis.Met, ""},
		"keep without a year before": {"solid-waste-use", of(80), nil, analysis.ToAssess, "indicator.before.missing"},
	} {
		var in indicator.Inputs
		if tc.edit != nil {
			in.Values = []indicator.Value{entry(tc.id, tc.edit)}
		}
		if tc.computed != nil {
			in.Computed = []indicator.Computed{*tc.computed}
		}
		a := found(t, assess(t, in), tc.id, 2025)
		if a.Status != tc.want {
			t.Errorf("%s: %s because of %v, want %s", name, a.Status, a.Reasons, tc.want)
		}
		if got := reason(a); got != tc.reason {
			t.Errorf("%s: because of %q, want %q", name, got, tc.reason)
		}
	}
}

func reason(a indicator.Assessment) string {
	if len(a.Reasons) == 0 {
		return ""
	}
	return a.Reasons[len(a.Reasons)-1].Code
}

func ptr[T any](v T) *T { return &v }

func withTarget(c indicator.Computed, target float64) indicator.Computed {
	c.Assigned = &target
	return c
}

func TestChangeFromTheYearBefore(t *testing.T) {
	before := func(v *indicator.Value) { v.Year = 2024 }
	r := assess(t, indicator.Inputs{Years: []int{2025}, Values: []indicator.Value{
		entry("urban-sewage", all(of(94), before)), entry("urban-sewage", of(96.5)),
		entry("rural-sewage", all(of(60), before)), entry("rural-sewage", of(49)),
		entry("solid-waste-use", all(of(80), before)), entry("solid-waste-use", of(79)),
		entry("training", all(of(100), before)),
	}})
	sewage := found(t, r, "urban-sewage", 2025)
	if sewage.Before != analysis.NotMet || math.Abs(*sewage.Change-2.5) > 1e-12 {
		t.Errorf("sewage: %s before, change %v", sewage.Before, sewage.Change)
	}
	if waste := found(t, r, "solid-waste-use", 2025); waste.Status != analysis.NotMet || *waste.Target != 80 {
		t.Errorf("a number that is not kept: %+v", waste)
	}
	if silent := found(t, r, "urban-waste", 2025); silent.Before != "" || silent.Change != nil {
		t.Errorf("nothing is known of the year before: %+v", silent)
	}
	s := r.Scores[0]
	if s.Improved != 1 || s.Worsened != 1 || s.Unclear != 2 || s.Same != 0 || s.Met != 1 || s.NotMet != 2 {
		t.Errorf("score: %+v", s)
	}
	if s.Met+s.NotMet+s.ToVerify+s.ToAssess != len(r.Assessments) || s.Binding != 22 || s.BindingMet != 1 {
		t.Errorf("score: %+v of %d", s, len(r.Assessments))
	}
}

// Indicators of a city are not asked of its counties.
func TestScope(t *testing.T) {
	r := assess(t, indicator.Inputs{Regions: []indicator.Region{{"450800", "贵港市"}, {"450802", "港北区"}}})
	count := map[string]int{}
	for _, a := range r.Assessments {
		count[a.Region]++
	}
	if count["450800"] != 42 || count["450802"] != 37 {
		t.Errorf("indicators by region: %v", count)
	}
}

func TestSupersededSetIsSaid(t *testing.T) {
	if r := assess(t, indicator.Inputs{Years: []int{2023}}); len(r.Gaps) != 0 {
		t.Errorf("2023: %v", r.Gaps[0].Problem)
	}
	r := assess(t, indicator.Inputs{Years: []int{2025}})
	if len(r.Gaps) != 1 || r.Gaps[0].Problem.Code != "indicator.set.not-in-force" {
		t.Errorf("2025: %v", r.Gaps)
	}
}

func TestSameBytesInAnyOrder(t *testing.T) {
	in := indicator.Inputs{Values: []indicator.Value{
		entry("urban-sewage", of(96)), entry("good-air-days", all(of(96), assigned(95))), entry("training", of(100)),
	}, Computed: []indicator.Computed{
		{Method: "construction-decline", Region: "450802", Year: 2025, Number: number(5.27)},
		{Method: "shoreline-rate", Region: "450802", Year: 2025, Number: number(70)},
	}}
	one := assess(t, in)
	slices.Reverse(in.Values)
	slices.Reverse(in.Computed)
	if other := assess(t, in); !reflect.DeepEqual(one, other) {
		t.Error("another order gives another result")
	}
	raw, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	var back indicator.Result
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(raw) {
		t.Error("a result read back from JSON is another one")
	}
}
