package leads

import (
	"time"

	"greenshield/geo"
	"greenshield/layers/ingest/codes"
)

// The defaults of Options, proposed by this program (domain section 2.2).
const (
	DefaultDistance geo.Length = 50
	DefaultMinGrown geo.Area   = 400
	DefaultShare    float64    = 0.10
	DefaultMinArea  geo.Area   = 1
)

// Options of Find. Codes must be given.
type Options struct {
	// Codes tells kinds, focus problems and zones.
	Codes *codes.Book
	// Distance is how near, in metres, patches of one kind in one protected area are one lead, and how near an earlier
	// lead known by a point is the same place; 0 means DefaultDistance.
	Distance geo.Length
	// MinGrown and Share are the rule of change: a place is new when less than Share of it was there, enlarged (or
	// reduced) when at least MinGrown and at least Share of it came (or went); 0 means the defaults.
	MinGrown geo.Area
	Share    float64
	// MinArea is the smallest patch that is looked at, in m², by its part inside; 0 means DefaultMinArea.
	MinArea geo.Area
	// Everything lists places that did not change as well; without it they are counted, and listed only where they were
	// leads before.
	Everything bool
	// Workers is the number of features looked at at once; 0 means one per processor. It does not change the result.
	Workers int
	// Progress, when set, is told how many of the steps are done.
	Progress func(done, total int64)
	// Now is the clock for Provenance.At; nil means time.Now. Program is the name and version for the provenance.
	Now     func() time.Time
	Program string
}

// farthest is the largest Distance in metres: beyond it neighbours are none.
const farthest geo.Length = 10_000

// withDefaults refuses what would hide leads: "leads.option.range".
func (o Options) withDefaults() (Options, error) {
	if o.Distance == 0 {
		o.Distance = DefaultDistance
	}
	if o.MinGrown == 0 {
		o.MinGrown = DefaultMinGrown
	}
	if o.Share == 0 {
		o.Share = DefaultShare
	}
	if o.MinArea == 0 {
		o.MinArea = DefaultMinArea
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if !(o.Distance >= 0 && o.Distance <= farthest) || !(o.Share > 0 && o.Share < 1) || !(o.MinGrown >= 0) || !(o.MinArea >= 0) {
		return o, geo.NewProblem("leads.option.range", "distance", float64(o.Distance), "share", o.Share,
			"grown", float64(o.MinGrown), "area", float64(o.MinArea))
	}
	return o, nil
}

// sliver is the area in m² up to which an overlap counts as touching.
const sliver geo.Area = 1

// leastHole is the area in m² up to which a hole in the coverage is rounding.
const leastHole geo.Area = 100
