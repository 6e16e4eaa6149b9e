package nodecrease

import (
	"time"

	"greenshield/geo"
	"greenshield/layers/ingest/codes"
)

// The defaults of Options, proposed by this program (domain section 1.2).
const (
	DefaultMinPatch      geo.Area = 400
	DefaultApprovedShare float64  = 0.95
)

// What an area may be off by: the larger of 0.01 hm² and a millionth of it (domain section 1.2).
const (
	leastTolerance geo.Area = 100
	relative       geo.Area = 1e-6
)

// sliver is the area in m² up to which a difference within one feature is rounding; pieces of this size are not followed.
const sliver geo.Area = 1

// Options of Check. Codes must be given.
type Options struct {
	// Codes tells construction land, sets of classes and the order of zones.
	Codes *codes.Book
	// MinPatch is the smallest patch that is listed, in m²; 0 means DefaultMinPatch. Smaller ones count in the areas.
	MinPatch geo.Area
	// ApprovedShare is the part of a patch, 0 to 1, that approvals must cover for it to count as approved; 0 means
	// DefaultApprovedShare.
	ApprovedShare float64
	// Workers is the number of features looked at at once; 0 means one per processor. It does not change the result.
	Workers int
	// Progress, when set, is told how many of the steps are done.
	Progress func(done, total int64)
	// Now is the clock for Provenance.At; nil means time.Now. Program is the name and version for the provenance.
	Now     func() time.Time
	Program string
}

// withDefaults refuses what would let a loss pass as approved: "nodecrease.option.range".
func (o Options) withDefaults() (Options, error) {
	if o.MinPatch == 0 {
		o.MinPatch = DefaultMinPatch
	}
	if o.ApprovedShare == 0 {
		o.ApprovedShare = DefaultApprovedShare
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if !(o.ApprovedShare > 0 && o.ApprovedShare <= 1) || !(o.MinPatch >= 0) {
		return o, geo.NewProblem("nodecrease.option.range", "share", o.ApprovedShare, "patch", float64(o.MinPatch))
	}
	return o, nil
}

// tolerance is what an account of an area may be off by.
func tolerance(a geo.Area) geo.Area { return max(leastTolerance, a*relative) }
