package construction

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/place"
	"greenshield/layers/ingest/codes"
)

// Tolerance is the area up to which a patch of construction land and another layer only touch: borders that were drawn
// twice are never the same to the last digit.
const Tolerance geo.Area = 1

// Options of Account; Codes must be given.
type Options struct {
	// Codes says which classes are construction land.
	Codes *codes.Book
	// Regions is the region vintage that the account is split by; zero makes one row.
	Regions layers.Ref
	// Zones are the layers in which construction land is looked for: red line, protected areas, shoreline zones, farmland
	// and so on; of an urban boundary what lies outside it.
	Zones []layers.Ref
	// Idle are the classes that count as idle; nil means 1201. IdleField and IdleValues mark idle land besides.
	Idle       []string
	IdleField  string
	IdleValues []string
	// Controls are the control totals, Figures the yearbook's figures, in any order.
	Controls []Control
	Figures  []Figure
	// Target is the yearly decline per unit of product that is asked for, 0 for none.
	Target Share
	// Patches asks for the places that were newly built or given back, those of MinPatch and more; 0 means Tolerance.
	Patches  bool
	MinPatch geo.Area
	// Workers is how many features are worked on at once; 0 means one per processor. It does not change the result.
	Workers int
	// Progress, when set, is told how far the work is, one call at a time.
	Progress func(done, total int64)
	// Now is the clock for Provenance.At; nil means time.Now. Program is the name and version for the provenance.
	Now     func() time.Time
	Program string
}

// Control is the control total of a region in a year.
type Control struct {
	// Region is a region's code, or that of all regions together.
	Region string
	Year   int
	Limit  geo.Area
	Source string
}

// Figure is what a yearbook says about a region in a year; what is nil it does not say.
type Figure struct {
	Region string
	Year   int
	// GDP is at constant prices of the year Base; Index is the volume index with the year before = 100.
	GDP        *CNY
	Base       int
	Index      *float64
	Population *float64
	Source     string
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	if o.Idle == nil {
		o.Idle = []string{"1201"}
	}
	o.Idle = slices.Sorted(slices.Values(o.Idle))
	o.Zones = slices.Compact(slices.SortedFunc(slices.Values(o.Zones), layers.Ref.Compare))
	o.MinPatch = max(o.MinPatch, Tolerance)
	return o
}

// Account makes the account of one or more land-use vintages, of one year each. They are put in order; the result depends
// on nothing but the vintages and o, and not on the order of either.
//
// Errors are "construction.years.none", "construction.years.same", "construction.layer.theme",
// "construction.classification.differs" and "-unsupported", "construction.control.twice", "construction.figure.twice",
// "construction.figure.impossible", "construction.overlay.failed", those of place.RegionsOf and of Library.Load.
func Account(ctx context.Context, lib *layers.Library, landuse []layers.Ref, o Options) (Result, error) {
	a := &account{Options: o.withDefaults()}
	if err := a.checkInputs(); err != nil {
		return Result{}, err
	}
	if err := a.load(ctx, lib, landuse); err != nil {
		return Result{}, err
	}
	for i := range a.years {
		if err := a.measure(ctx, &a.years[i]); err != nil {
			return Result{}, err
		}
	}
	a.settleBasis()
	a.makeRows()
	for i := 1; i < len(a.years); i++ {
		if err := a.step(ctx, &a.years[i-1], &a.years[i]); err != nil {
			return Result{}, err
		}
	}
	return a.finish(), nil
}

// account is an account under way.
type account struct {
	Options
	years   []year
	regions *place.Regions
	zones   []zoneLayer
	result  Result
	used    map[key]bool // controls and figures that belong to a row
}

// key is what controls and figures are found by.
type key struct {
	region string
	year   int
}

// checkInputs refuses controls and figures that contradict each other or cannot be.
func (a *account) checkInputs() error {
	a.used = map[key]bool{}
	controls, figures := map[key]bool{}, map[key]bool{}
	for _, c := range a.Controls {
		k := key{c.Region, c.Year}
		if controls[k] {
			return geo.NewProblem("construction.control.twice", "region", c.Region, "year", c.Year)
		}
		if !(c.Limit > 0) {
			return geo.NewProblem("construction.figure.impossible", "region", c.Region, "year", c.Year)
		}
		controls[k] = true
	}
	for _, f := range a.Figures {
		k := key{f.Region, f.Year}
		if figures[k] {
			return geo.NewProblem("construction.figure.twice", "region", f.Region, "year", f.Year)
		}
		if f.impossible() {
			return geo.NewProblem("construction.figure.impossible", "region", f.Region, "year", f.Year)
		}
		figures[k] = true
	}
	return nil
}

// impossible reports a figure that is not above zero.
func (f Figure) impossible() bool {
	return f.GDP != nil && !(*f.GDP > 0) || f.Index != nil && !(*f.Index > 0) || f.Population != nil && !(*f.Population > 0)
}

// control finds the control total of a row.
func (a *account) control(region string, year int) *Control {
	for i := range a.Controls {
		if c := &a.Controls[i]; c.Region == region && c.Year == year && region != "" {
			a.used[key{"control " + region, year}] = true
			return c
		}
	}
	return nil
}

// figure finds the yearbook's figures of a row; the zero Figure when there are none.
func (a *account) figure(region string, year int) Figure {
	for _, f := range a.Figures {
		if f.Region == region && f.Year == year && region != "" {
			a.used[key{"figure " + region, year}] = true
			return f
		}
	}
	return Figure{}
}

// tellUnused names the controls and figures that belong to no row: a slip in a code would else go unseen.
func (a *account) tellUnused() {
	var left []string
	for _, c := range a.Controls {
		if !a.used[key{"control " + c.Region, c.Year}] {
			left = append(left, c.Region+" "+strconv.Itoa(c.Year))
		}
	}
	for _, f := range a.Figures {
		if !a.used[key{"figure " + f.Region, f.Year}] {
			left = append(left, f.Region+" "+strconv.Itoa(f.Year))
		}
	}
	if len(left) == 0 {
		return
	}
	slices.Sort(left)
	left = slices.Compact(left)
	shown := left[:min(len(left), 10)]
	a.gap("", "construction.figure.unused", "count", len(left), "rows", shown)
}

// WholeOf is the code of all regions together: what their codes have in common down to the prefecture or county, with the
// zeros of its level; "" when they have nothing in common.
func WholeOf(regions []place.Region) string {
	if len(regions) == 0 {
		return ""
	}
	common := regions[0].Code
	for _, r := range regions[1:] {
		for !strings.HasPrefix(r.Code, common) {
			common = common[:len(common)-1]
		}
	}
	const county = 6
	if len(regions) == 1 {
		return regions[0].Code
	}
	level := cmp.Or(levelBelow(len(common)), 0)
	if level == 0 || level > county {
		return ""
	}
	return common[:level] + strings.Repeat("0", county-level)
}

// levelBelow is the number of digits of the lowest administrative level that so many digits name.
func levelBelow(digits int) int {
	for _, level := range [...]int{6, 4, 2} {
		if digits >= level {
			return level
		}
	}
	return 0
}
