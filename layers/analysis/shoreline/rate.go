package shoreline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
)

// speck is the length below which a stretch is rounding: half of the last digit that a length is printed with.
const speck geo.Length = 0.005

// DefaultReach is how near a point must come to a line of shoreline to lie on it: about the depth of shoreline that
// plans map (this program's choice, [P]).
const DefaultReach geo.Length = 50

// Options say how the rate is computed; the zero value suits zones that are lines.
type Options struct {
	// Line is the management line that polygon zones are measured along; lines need none.
	Line layers.Ref
	// Regions is the region vintage that the account is split by; zero makes one row per river.
	Regions layers.Ref
	// Numerator are the zones that count as protected; nil means 1 and 2 (domain section 1.3).
	Numerator []int
	// Lengths are Measured when empty. Stated ones need Unit, "m" or "km": the number alone does not say it.
	Lengths Lengths
	Unit    string
	// Landuse and Activities are layers to look for encroachments in; zero looks for none. Construction tells the
	// classes of construction land and is needed with Landuse.
	Landuse, Activities layers.Ref
	Construction        func(class string) bool
	// Reach is how near an activity that is a point must come to a zone that is a line; 0 means DefaultReach.
	Reach geo.Length
	// Now is the clock for Provenance.At; nil means time.Now. Program is the name and version for the provenance.
	Now     func() time.Time
	Program string
	// Progress, when set, is told how many zones are measured, one call at a time.
	Progress func(done, total int64)
}

func (o Options) withDefaults() (Options, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	if o.Reach == 0 {
		o.Reach = DefaultReach
	}
	o.Lengths = cmp.Or(o.Lengths, Measured)
	if o.Lengths != Measured && o.Lengths != Stated {
		return o, geo.NewProblem("shoreline.lengths.unknown", "lengths", string(o.Lengths))
	}
	if o.Lengths == Stated && o.Unit != "m" && o.Unit != "km" {
		return o, geo.NewProblem("shoreline.unit.unknown", "unit", o.Unit)
	}
	if len(o.Numerator) == 0 {
		o.Numerator = []int{1, 2}
	}
	o.Numerator = slices.Clone(o.Numerator)
	slices.Sort(o.Numerator)
	o.Numerator = slices.Compact(o.Numerator)
	for _, n := range o.Numerator {
		if n < 1 || n > 4 {
			return o, geo.NewProblem("shoreline.numerator.unknown", "zone", n)
		}
	}
	return o, nil
}

// Rate measures the shoreline of every zone and the protected part of it, by region and river.
//
// Zones that are lines are measured as they are; the same stretch delivered twice counts once. Polygon zones cut the
// management line: a stretch that lies in two of them counts once, in the zone that protects least, so that a doubtful
// stretch never raises the rate; how much is in doubt is a gap. A line on the border of a zone lies in it. A row's
// river is the zone's, else the line's; a line is not held to zones of its own river, because deliveries write
// rivers' names in several ways.
//
// The cuts are made in the legal plane and lengths are geodesics between the vertices brought back to degrees. The
// result depends on nothing but the vintages and o: same inputs, same bytes.
func Rate(ctx context.Context, lib *layers.Library, zones layers.Ref, o Options) (Result, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Result{}, err
	}
	s := &survey{Options: o}
	if err := s.load(ctx, lib, zones); err != nil {
		return Result{}, err
	}
	switch {
	case s.Lengths == Stated:
	case s.polygons:
		err = s.alongLine(ctx)
	default:
		err = s.asLines(ctx)
	}
	if err == nil {
		err = s.encroach(ctx, lib)
	}
	if err != nil {
		return Result{}, err
	}
	if s.Lengths == Stated {
		return s.statedResult(), nil
	}
	return s.result(), nil
}

// survey is a measurement under way.
type survey struct {
	Options
	zonesRef layers.Ref
	zones    []zone // in the order in which they take their shoreline
	polygons bool
	sources  []source
	lines    []piece // the management line in the legal plane
	regions  []region
	parts    []part
	found    []Encroachment
	gaps     []analysis.Gap
}

// zone is one functional zone of the shoreline.
type zone struct {
	id     int64
	number int    // 1 to 4, 0 when it cannot be read
	token  string // as delivered
	river  string // "" when the zone names none
	name   string
	stated string
	side   string              // "1" left, "2" right, "" when not said
	region string              // code that the delivery states
	lines  orb.MultiLineString // in degrees, when the zone is a line
	plane  orb.MultiPolygon    // in the legal plane, when it is a polygon
}

// part is a stretch of shoreline that is accounted for.
type part struct {
	piece
	zone  int // index into survey.zones
	river string
}

// along reports whether polygon zones are measured along the management line.
func (s *survey) along() bool { return s.polygons && s.Lengths == Measured }

func (s *survey) load(ctx context.Context, lib *layers.Library, ref layers.Ref) error {
	s.zonesRef = ref
	v, err := lib.Load(ctx, ref)
	if err != nil {
		return err
	}
	if v.Vintage.Theme != layers.Shoreline {
		return geo.NewProblem("shoreline.zones.theme", "ref", ref, "theme", v.Vintage.Theme)
	}
	s.doubts(v.Vintage)
	if err := s.readZones(v); err != nil {
		return err
	}
	if s.along() {
		if err := s.readLine(ctx, lib); err != nil {
			return err
		}
	}
	return s.readRegions(ctx, lib)
}

// doubts notes why a vintage may not be the whole truth.
func (s *survey) doubts(v layers.Vintage) {
	if n := len(v.Rejects); n > 0 {
		s.gap(v.Ref.Layer, "shoreline.layer.rejects", "ref", v.Ref, "count", n)
	}
	if frame := v.Provenance.Suspected; frame != "" {
		s.gap(v.Ref.Layer, "shoreline.layer.suspected", "ref", v.Ref, "frame", frame)
	}
}

func (s *survey) gap(layer layers.LayerID, code string, args ...any) {
	s.gaps = append(s.gaps, analysis.Gap{Layer: layer, Problem: geo.NewProblem(code, args...)})
}

// byClaim orders zones by their claim to a stretch that lies in several: what protects least takes it, a zone that
// cannot be read comes last, and between equals the one delivered first.
func (s *survey) byClaim(a, b zone) int {
	return cmp.Or(
		cmp.Compare(s.claim(a.number), s.claim(b.number)), cmp.Compare(b.number, a.number), cmp.Compare(a.id, b.id),
	)
}

func (s *survey) claim(number int) int {
	switch {
	case number == 0:
		return 2
	case slices.Contains(s.Numerator, number):
		return 1
	}
	return 0
}
