package construction

import (
	"greenshield/geo"
	"greenshield/layers/analysis"
)

// shown reports whether a row is listed: regions always, what lies outside all of them where there is something.
func (a *account) shown(row int) bool {
	if row < len(a.regions.List) || len(a.regions.List) == 0 {
		return true
	}
	for i := range a.years {
		if a.years[i].cells[row].mapped > Tolerance {
			return true
		}
	}
	return false
}

// makeRows makes the rows of all regions and years, and their totals.
func (a *account) makeRows() {
	r := &a.result
	r.Whole = WholeOf(a.regions.List)
	totals := make([]Row, len(a.years))
	for row := range a.regions.Rows() {
		if !a.shown(row) {
			continue
		}
		for i := range a.years {
			line := a.row(&a.years[i], row)
			totals[i] = totals[i].plus(line)
			a.judge(&line, line.Code)
			r.Rows = append(r.Rows, line)
		}
	}
	for i := range totals {
		totals[i].Year = a.years[i].Year.Year
		a.judge(&totals[i], r.Whole)
	}
	r.Totals = totals
	r.Places = a.places()
}

// row is what was measured; without regions the land use is its own extent.
func (a *account) row(y *year, row int) Row {
	c, region := y.cells[row], a.regions.At(row)
	line := Row{
		Code: region.Code, Name: region.Name, Year: y.Year.Year, Extent: region.Area, Mapped: c.mapped,
		Construction: c.construction, Idle: c.idle, Unclassified: c.unclassified,
	}
	if row == len(a.regions.List) {
		line.Extent = c.mapped
	}
	if off := uncovered(line); off > 0 {
		a.doubt(y.Ref, "construction.region.uncovered",
			"ref", y.Ref, "region", line.Code, "area", squareMetres(off))
	}
	return line
}

// uncovered is the part of a region in which the land use says nothing, 0 where it is no more than rounding: 1 hm² or a
// thousandth of the region, whichever is more (proposed).
func uncovered(r Row) geo.Area {
	off := r.Extent - r.Mapped
	if off <= max(1e4, r.Extent/1000) {
		return 0
	}
	return off
}

func (r Row) plus(o Row) Row {
	r.Extent, r.Mapped, r.Unclassified = r.Extent+o.Extent, r.Mapped+o.Mapped, r.Unclassified+o.Unclassified
	r.Construction, r.Idle = r.Construction.plus(o.Construction), r.Idle.plus(o.Idle)
	return r
}

// judge adds what was given from outside to a row, and what follows from it.
func (a *account) judge(r *Row, region string) {
	used := r.Construction.By(a.result.Basis)
	if r.Extent > 0 {
		r.Intensity = ptr(Share(used / r.Extent))
	}
	f := a.figure(region, r.Year)
	r.Population, r.GDP, r.GDPBase, r.GDPIndex, r.FigureSource = f.Population, f.GDP, f.Base, f.Index, f.Source
	if f.Population != nil {
		r.PerCapita = ptr(used / geo.Area(*f.Population))
	}
	r.PerGDP = perGDP(used, f.GDP)
	r.Within = analysis.ToAssess
	c := a.control(region, r.Year)
	if c == nil {
		return
	}
	r.Limit, r.LimitSource = ptr(c.Limit), c.Source
	r.Within = a.withDoubt(compare(used <= c.Limit))
}

func compare(met bool) analysis.Status {
	if met {
		return analysis.Met
	}
	return analysis.NotMet
}

// withDoubt lowers an answer that rests on land use about which something is not known, or on no survey area.
func (a *account) withDoubt(s analysis.Status) analysis.Status {
	if s == analysis.Met && (a.result.Doubtful || a.result.Basis == Computed) {
		return analysis.ToVerify
	}
	return s
}

// unit of product that PerGDP counts by: 10,000 yuan.
const productUnit CNY = 10_000

// perGDP is m² for 10,000 yuan, nil without a product.
func perGDP(a geo.Area, gdp *CNY) *geo.Area {
	if gdp == nil {
		return nil
	}
	return ptr(a / geo.Area(*gdp/productUnit))
}

func ptr[T any](v T) *T { return &v }
