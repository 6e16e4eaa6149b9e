package indicator

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"greenshield/geo"
	"greenshield/geo/overlay"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/construction"
	"greenshield/layers/analysis/nodecrease"
	"greenshield/layers/analysis/place"
	"greenshield/layers/analysis/shoreline"
)

// The methods that compute values; data/indicators/book.yaml describes them.
const (
	RedlineArea       = "redline-area"
	RedlineNature     = "redline-nature"
	RedlineFunction   = "redline-function"
	ProtectedArea     = "protected-area"
	ProtectedNature   = "protected-nature"
	ProtectedFunction = "protected-function"
	ShorelineRate     = "shoreline-rate"
	ConstructionDrop  = "construction-decline"
	ConstructionTotal = "construction-total"
	ForestGrassCover  = "forest-grass-cover"
)

// The units of inputs.
const (
	squareMetresUnit = "m²"
	metresUnit       = "m"
)

// computable are the methods that this program knows.
func computable() []string {
	return []string{
		RedlineArea, RedlineNature, RedlineFunction, ProtectedArea, ProtectedNature, ProtectedFunction, ShorelineRate,
		ConstructionDrop, ConstructionTotal, ForestGrassCover,
	}
}

// FromConstruction gives the control of the total and the decline per unit of product that an account found. Areas are
// those of the account's basis.
func FromConstruction(r construction.Result) []Computed {
	var out []Computed
	for _, row := range r.Rows {
		out = append(out, totalOf(r, row, row.Code))
	}
	for _, s := range r.Steps {
		out = append(out, dropOf(r, s, s.Code, r.Rows))
	}
	if len(r.Rows) == len(r.Totals) && r.Rows[0].Code == r.Whole {
		return inRegions(out) // the only region is the whole
	}
	for _, row := range r.Totals {
		out = append(out, totalOf(r, row, r.Whole))
	}
	for _, s := range r.StepTotals {
		out = append(out, dropOf(r, s, r.Whole, r.Totals))
	}
	return inRegions(out)
}

// inRegions leaves out what lies outside all regions, and totals of regions that have no code in common.
func inRegions(all []Computed) []Computed {
	return slices.DeleteFunc(all, func(c Computed) bool { return c.Region == "" })
}

func totalOf(r construction.Result, row construction.Row, region string) Computed {
	used := row.Construction.By(r.Basis)
	c := Computed{
		Method: ConstructionTotal, Region: region, Year: row.Year, Number: ptr(used.Hectares()),
		Inputs: []Input{{"construction", row.Year, float64(used), squareMetresUnit}},
		Refs:   refsOfYears(r, row.Year, row.Year),
	}
	if row.Limit != nil {
		c.Assigned = ptr(row.Limit.Hectares())
	}
	c.doubt(r, row.Year)
	return c
}

// doubt marks a value that rests on land use about which something is not known, or on no survey area.
func (c *Computed) doubt(r construction.Result, year int) {
	if r.Basis == construction.Computed {
		c.Status = analysis.ToVerify
		c.Reasons = append(c.Reasons, geo.NewProblem("construction.basis.computed", "from", year, "to", year))
	}
	if r.Doubtful {
		c.Status = analysis.ToVerify
		c.Reasons = append(c.Reasons, geo.NewProblem("construction.landuse.doubtful", "from", year, "to", year))
	}
}

// dropOf is the decline of a step. Where it is not assessed there is no number, whatever could be divided by what.
func dropOf(r construction.Result, s construction.Step, region string, rows []construction.Row) Computed {
	d := s.Decline
	c := Computed{
		Method: ConstructionDrop, Region: region, Year: s.To, Refs: refsOfYears(r, s.From, s.To), Reasons: d.Reasons,
	}
	if d.Status == analysis.ToAssess || d.Status == analysis.ToVerify {
		c.Status = d.Status
	}
	if d.Value != nil && d.Status != analysis.ToAssess {
		c.Number = ptr(float64(*d.Value) * 100)
	}
	for _, row := range rows {
		if row.Code != s.Code || row.Year != s.From && row.Year != s.To {
			continue
		}
		c.Inputs = append(c.Inputs, Input{"construction", row.Year, float64(row.Construction.By(r.Basis)), squareMetresUnit})
		if row.GDP != nil {
			c.Inputs = append(c.Inputs, Input{GDPConstant, row.Year, float64(*row.GDP) / 10_000, ""})
		}
		if row.GDPIndex != nil && row.Year == s.To {
			c.Inputs = append(c.Inputs, Input{GDPIndex, row.Year, *row.GDPIndex, ""})
		}
	}
	return c
}

// refsOfYears are the vintages of two years, and the regions.
func refsOfYears(r construction.Result, from, to int) []layers.Ref {
	var refs []layers.Ref
	for _, y := range r.Years {
		if y.Year == from || y.Year == to {
			refs = append(refs, y.Ref)
		}
	}
	if r.Regions != (layers.Ref{}) {
		refs = append(refs, r.Regions)
	}
	return refs
}

// FromShoreline gives the protection rate per region, all rivers together, in a year; whole is the code of all regions
// together. Any gap but one about stated lengths puts the rate in doubt.
func FromShoreline(r shoreline.Result, year int, whole string) []Computed {
	lengths := map[string]*[5]geo.Length{}
	var order []string
	add := func(region string, row shoreline.Row) {
		if lengths[region] == nil {
			lengths[region] = &[5]geo.Length{}
			order = append(order, region)
		}
		for i, l := range row.Lengths {
			lengths[region][i] += l
		}
	}
	for _, row := range r.Rows {
		add(row.Code, row)
	}
	if len(order) != 1 || order[0] != whole {
		add(whole, r.Total)
	}
	var out []Computed
	for _, region := range order {
		out = append(out, rateOf(r, region, year, lengths[region]))
	}
	return inRegions(out)
}

func rateOf(r shoreline.Result, region string, year int, lengths *[5]geo.Length) Computed {
	var kept, all geo.Length
	for zone, l := range lengths {
		all += l
		if slices.Contains(r.Numerator, zone) {
			kept += l
		}
	}
	c := Computed{
		Method: ShorelineRate, Region: region, Year: year, Refs: r.Provenance.Refs,
		Inputs: []Input{
			{"shoreline-kept", year, float64(kept), metresUnit}, {"shoreline", year, float64(all), metresUnit},
		},
	}
	if all > 0 {
		c.Number = ptr(float64(kept/all) * 100)
	}
	for _, g := range r.Gaps {
		if !strings.HasPrefix(g.Problem.Code, "shoreline.stated.") {
			c.Status, c.Reasons = analysis.ToVerify, append(c.Reasons, g.Problem)
		}
	}
	return c
}

// FromNoDecrease gives the three no-decreases of a red line or of protected areas per region in a year; whole is the code
// of all regions together.
func FromNoDecrease(r nodecrease.Result, year int, whole string) []Computed {
	var out []Computed
	for _, row := range r.Rows {
		out = append(out, threeOf(r, row, row.Code, year)...)
	}
	if len(r.Rows) != 1 || r.Rows[0].Code != whole {
		out = append(out, threeOf(r, r.Total, whole, year)...)
	}
	return inRegions(out)
}

func threeOf(r nodecrease.Result, row nodecrease.Row, region string, year int) []Computed {
	area, nature, function := RedlineArea, RedlineNature, RedlineFunction
	if r.Layer.Theme == layers.Protected {
		area, nature, function = ProtectedArea, ProtectedNature, ProtectedFunction
	}
	of := func(method string, j nodecrease.Judged, inputs ...Input) Computed {
		return Computed{
			Method: method, Region: region, Year: year, Status: j.Status, Reasons: j.Reasons, Inputs: inputs,
			Refs: r.Provenance.Refs,
		}
	}
	then := yearOfRef(r.Input.Baseline)
	out := []Computed{
		of(area, row.Area.Judged, Input{"baseline-area", then, float64(row.Area.Before), squareMetresUnit},
			Input{"area", year, float64(row.Area.Now), squareMetresUnit},
			Input{"lost", year, float64(row.Area.Lost), squareMetresUnit},
			Input{"gained", year, float64(row.Area.Gained), squareMetresUnit}),
		of(nature, row.Nature.Judged),
		of(function, row.Function.Judged),
	}
	if row.Nature.Known {
		out[1].Inputs = []Input{{"built-inside", year, float64(row.Nature.Built), squareMetresUnit}}
	}
	for _, score := range []struct {
		year  int
		value *float64
	}{{then, row.Function.Before}, {year, row.Function.Now}} {
		if score.value != nil {
			out[2].Inputs = append(out[2].Inputs, Input{"function-score", score.year, *score.value, ""})
		}
	}
	return out
}

// yearOfRef is the year of a vintage.
func yearOfRef(r layers.Ref) int {
	year, err := strconv.Atoi(r.Vintage[:min(len(r.Vintage), 4)])
	if err != nil {
		return 0 // of the zero Ref; ParseVintage has seen four digits of all others
	}
	return year
}

// Cover computes the forest and grass cover per region from the land use of one year, in per cent of the land that the
// layer covers there: a reference value (domain section 1.5).
func Cover(
	ctx context.Context, lib *layers.Library, landuse layers.Ref, regions *place.Regions, b *Book,
) ([]Computed, error) {
	v, err := lib.Load(ctx, landuse)
	if err != nil {
		return nil, err
	}
	year := yearOfRef(landuse)
	portions := make([][]overlay.Portion, len(v.Features()))
	err = place.Each(ctx, len(portions), 0, func(i int, _ *overlay.Scratch) error {
		if v.IsArea(i) {
			p := v.Plane().At(i)
			portions[i] = regions.Split(&p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sums := make([]cover, regions.Rows()+1)
	for i, list := range portions {
		class := v.Features()[i].Roles[layers.Class]
		for _, p := range list {
			sums[p.Zone].add(class, p.Area, b)
			sums[regions.Rows()].add(class, p.Area, b)
		}
	}
	whole := construction.WholeOf(regions.List)
	var out []Computed
	for row, sum := range sums {
		code := whole
		if row < regions.Rows() {
			code = regions.At(row).Code
		}
		if code != "" && (row == regions.Rows() || code != whole) {
			out = append(out, sum.computed(code, year, landuse))
		}
	}
	return out, nil
}

type cover struct{ forest, grass, land geo.Area }

func (c *cover) add(class string, a geo.Area, b *Book) {
	c.land += a
	switch {
	case slices.Contains(b.Forest, class):
		c.forest += a
	case slices.Contains(b.Grass, class):
		c.grass += a
	}
}

func (c cover) computed(region string, year int, ref layers.Ref) Computed {
	out := Computed{
		Method: ForestGrassCover, Region: region, Year: year, Refs: []layers.Ref{ref},
		Inputs: []Input{
			{"forest", year, float64(c.forest), squareMetresUnit},
			{"grass", year, float64(c.grass), squareMetresUnit},
			{"land", year, float64(c.land), squareMetresUnit},
		},
	}
	if c.land > 0 {
		out.Number = ptr(float64((c.forest+c.grass)/c.land) * 100)
	}
	return out
}

func ptr[T any](v T) *T { return &v }
