package indicator

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/layers/analysis/construction"
)

// Value is what a person entered for an indicator or figure, region and year.
type Value struct {
	Indicator string `json:"indicator"`
	// Region is the region's code.
	Region string `json:"region"`
	Year   int    `json:"year"`
	// Number is in the unit of the indicator or figure; Base is the year whose prices an amount is in.
	Number *float64 `json:"number,omitempty"`
	Base   int      `json:"base,omitempty"`
	// Done is the conclusion that the target was reached; Assigned the target that the level above gave.
	Done     *bool    `json:"done,omitempty"`
	Assigned *float64 `json:"assigned,omitempty"`
	// Source names the document, Date its day (YYYY-MM-DD), By the person who answers for the value.
	Source string `json:"source"`
	Date   string `json:"date"`
	By     string `json:"by"`
	Note   string `json:"note,omitempty"`
	// Withdrawn takes back what was entered before.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// Entered is when it was taken into the workspace.
	Entered time.Time `json:"entered,omitzero"`
}

// valueKey is what a later value replaces an earlier one by.
type valueKey struct {
	indicator, region string
	year              int
}

func (v Value) key() valueKey { return valueKey{v.Indicator, v.Region, v.Year} }

// Current gives the last value of each indicator, region and year, withdrawn ones left out, in their order.
func Current(entered []Value) []Value {
	last := map[valueKey]int{}
	for i, v := range entered {
		last[v.key()] = i
	}
	var out []Value
	for i, v := range entered {
		if last[v.key()] == i && !v.Withdrawn {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b Value) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Year, b.Year))
	})
	return out
}

var regionForm = regexp.MustCompile(`^[0-9]{2,12}$`)

// percentMost bounds figures in per cent: what is beyond is a slip of the pen.
const percentMost = 100

// Check refuses a value that cannot be: "indicator.value.unknown", "-region", "-year", "-empty", "-number", "-percent",
// "-base", "-source", "-date", "-by".
func (b *Book) Check(v Value) error {
	i, isIndicator := b.Indicator(v.Indicator)
	f, isFigure := b.Figure(v.Indicator)
	wrong := func(code string) error { return geo.NewProblem(code, "indicator", v.Indicator) }
	switch {
	case !isIndicator && !isFigure:
		return wrong("indicator.value.unknown")
	case !regionForm.MatchString(v.Region):
		return geo.NewProblem("indicator.value.region", "region", v.Region)
	case v.Year < 1949 || v.Year > 2100:
		return geo.NewProblem("indicator.value.year", "year", v.Year)
	case v.Source == "":
		return wrong("indicator.value.source")
	case !isDay(v.Date):
		return geo.NewProblem("indicator.value.date", "indicator", v.Indicator, "date", v.Date)
	case v.By == "":
		return wrong("indicator.value.by")
	case v.Withdrawn:
		return nil
	case v.Number == nil && v.Done == nil && v.Assigned == nil:
		return wrong("indicator.value.empty")
	case !finite(v.Number) || !finite(v.Assigned):
		return wrong("indicator.value.number")
	}
	if isFigure {
		return checkFigure(f, v)
	}
	if i.Unit.In("en") == "%" && (beyond(v.Number, percentMost) || beyond(v.Assigned, percentMost)) {
		return wrong("indicator.value.percent")
	}
	if i.Op == Done && v.Done == nil {
		return wrong("indicator.value.conclusion")
	}
	return nil
}

func checkFigure(f Figure, v Value) error {
	if v.Number == nil || *v.Number <= 0 {
		return geo.NewProblem("indicator.value.number", "indicator", v.Indicator)
	}
	if f.Base == "required" && (v.Base < 1949 || v.Base > 2100) {
		return geo.NewProblem("indicator.value.base", "indicator", v.Indicator)
	}
	return nil
}

func finite(v *float64) bool { return v == nil || !math.IsNaN(*v) && !math.IsInf(*v, 0) }

func beyond(v *float64, most float64) bool { return v != nil && math.Abs(*v) > most }

// Yearbook gives the figures and control totals among values as the account of construction land takes them. Products are
// entered in 10,000 yuan, control totals in hectares.
func Yearbook(values []Value) (figures []construction.Figure, controls []construction.Control) {
	at := map[valueKey]int{}
	for _, v := range Current(values) {
		switch v.Indicator {
		case GDPConstant, GDPIndex, Population:
		case ConstructionLimit:
			if v.Number != nil {
				controls = append(controls, construction.Control{
					Region: v.Region, Year: v.Year, Limit: hectares(*v.Number), Source: v.Source,
				})
			}
			continue
		default:
			continue
		}
		k := valueKey{"", v.Region, v.Year}
		if _, ok := at[k]; !ok {
			at[k] = len(figures)
			figures = append(figures, construction.Figure{Region: v.Region, Year: v.Year})
		}
		figures[at[k]] = withFigure(figures[at[k]], v)
	}
	slices.SortFunc(figures, func(a, b construction.Figure) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Year, b.Year))
	})
	return figures, controls
}

func withFigure(f construction.Figure, v Value) construction.Figure {
	switch v.Indicator {
	case GDPConstant:
		yuan := construction.CNY(*v.Number * 10_000)
		f.GDP, f.Base = &yuan, v.Base
	case GDPIndex:
		f.Index = v.Number
	case Population:
		f.Population = v.Number
	}
	if f.Source != "" && f.Source != v.Source {
		f.Source += "; "
	} else {
		f.Source = ""
	}
	f.Source += v.Source
	return f
}

// hectares brings an entered area to m².
func hectares(v float64) geo.Area { return geo.Area(v * 10_000) }
