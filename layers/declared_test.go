package layers_test

import (
	"testing"

	"greenshield/geo"
	"greenshield/layers"
)

func TestDeclared(t *testing.T) {
	for name, tc := range map[string]struct {
		accuracy, until, vintage string
		want                     layers.Declared
		code                     string
	}{
		"nothing is said":               {vintage: "2023"},
		"both":                          {"2.5", "2026-12-31", "2023", layers.Declared{Accuracy: 2.5, ValidUntil: "2026-12-31"}, ""},
		"zero says nothing":             {"0", "", "2023", layers.Declared{}, ""},
		"the coarsest":                  {"500", "", "2023", layers.Declared{Accuracy: 500}, ""},
		"coarser than that":             {"500.5", "", "2023", layers.Declared{}, "layer.accuracy.unusable"},
		"negative":                      {"-1", "", "2023", layers.Declared{}, "layer.accuracy.unusable"},
		"not a number":                  {"NaN", "", "2023", layers.Declared{}, "layer.accuracy.unusable"},
		"with a unit":                   {"2 m", "", "2023", layers.Declared{}, "layer.accuracy.unusable"},
		"a day that there is not":       {"", "2023-02-29", "2023", layers.Declared{}, "layer.validity.malformed"},
		"a year is no day":              {"", "2026", "2023", layers.Declared{}, "layer.validity.malformed"},
		"ends before the vintage":       {"", "2022-12-31", "2023", layers.Declared{}, "layer.validity.before"},
		"ends before the month":         {"", "2023-05-31", "2023-06", layers.Declared{}, "layer.validity.before"},
		"ends on the day of its making": {"", "2023-06-30", "2023-06-30", layers.Declared{ValidUntil: "2023-06-30"}, ""},
		"ends within its year":          {"", "2023-01-01", "2023", layers.Declared{ValidUntil: "2023-01-01"}, ""},
	} {
		got, err := layers.ParseDeclared(tc.accuracy, tc.until, tc.vintage)
		if geo.CodeOf(err) != tc.code {
			t.Errorf("%s: error %v, want %q", name, err, tc.code)
		}
		if err == nil && got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

func TestValidityEndsAfterItsLastDay(t *testing.T) {
	d := layers.Declared{ValidUntil: "2026-06-30"}
	for day, want := range map[string]bool{"2026-06-29": false, "2026-06-30": false, "2026-07-01": true} {
		if d.Ended(day) != want {
			t.Errorf("ended on %s: %v", day, !want)
		}
	}
	if (layers.Declared{}).Ended("9999-12-31") {
		t.Error("what was not declared ends")
	}
}
