package conflict

import (
	"slices"
	"time"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
)

// The defaults of Options: boundary touching is not occupation (domain section 5, legal tolerance).
const (
	DefaultTolerance geo.Area   = 1
	DefaultWidth     geo.Length = 0.1
)

// NoTolerance and NoWidth are the values of Options.Tolerance and Options.Width that let every overlap count.
const (
	NoTolerance geo.Area   = -1
	NoWidth     geo.Length = -1
)

// Options say what is asked. Only Activity must be given.
type Options struct {
	// Activity is the id of what is to be done on the parcels, a column of the rule book.
	Activity string
	// Date is the day (YYYY-MM-DD) whose rules apply and whose vintages are asked; today when empty.
	Date string
	// Tolerance is the area up to which an overlap counts as touching; 0 means DefaultTolerance.
	Tolerance geo.Area
	// Width is the effective width, twice the area by the perimeter of the overlap, below which it counts as
	// touching; 0 means DefaultWidth.
	Width geo.Length
	// Required are the themes without which a check is incomplete; nil means DefaultRequired, empty means none.
	Required []layers.Theme
	// Pins name vintages to use instead of the latest of their layers.
	Pins []layers.Ref
	// Unread are rows of the delivered file that are not among the parcels; they make the batch incomplete.
	Unread []layers.Reject
	// Codes is the code book by which land-use classes and owners are understood; nil asks nothing about the ground.
	Codes *codes.Book
	// Groups are great groups (三大类) of land-use classes to use instead of the code book's, as for 0404, on which
	// tables in use differ.
	Groups map[string]codes.Group
	// Workers is the number of parcels checked at once; 0 means one per processor. It does not change the result.
	Workers int
	// Now is the clock for Provenance.At and for the default date; nil means time.Now.
	Now func() time.Time
	// Program is the name and version for the provenance.
	Program string
	// Progress, when set, is told how many parcels are done, one call at a time and never fewer than before.
	Progress func(done, total int64)
}

// DefaultRequired are the themes that no check is complete without: the red line and the protected areas, which every
// bureau holds and whose rules prohibit most. The other constraint themes are asked whenever they are published.
func DefaultRequired() []layers.Theme { return []layers.Theme{layers.Redline, layers.Protected} }

func (o Options) withDefaults() (Options, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Date == "" {
		o.Date = o.Now().Format(time.DateOnly)
	}
	if _, err := time.Parse(time.DateOnly, o.Date); err != nil {
		return o, geo.NewProblem("check.date.malformed", "date", o.Date)
	}
	if o.Tolerance == 0 {
		o.Tolerance = DefaultTolerance
	}
	if o.Width == 0 {
		o.Width = DefaultWidth
	}
	o.Tolerance, o.Width = max(o.Tolerance, 0), max(o.Width, 0)
	if o.Required == nil {
		o.Required = DefaultRequired()
	}
	o.Required, o.Pins, o.Unread = slices.Clone(o.Required), slices.Clone(o.Pins), slices.Clone(o.Unread)
	return o, nil
}
