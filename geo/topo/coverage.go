package topo

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"

	"github.com/paulmach/orb"
)

// CoverageOptions say what counts as a flaw of a coverage; the zero value is sensible. Lengths are true lengths in
// metres on the ellipsoid: the legal plane keeps areas but stretches lengths.
type CoverageOptions struct {
	// Tolerance is the width up to which overlaps and gaps, and the distance up to which borders that do not match,
	// are mere rounding and not reported; 0 for 1 mm, ten times the grid of the overlay.
	Tolerance float64
	// Near is the distance up to which a vertex beside another member's border was meant to lie on it; 0 for 0.1 m.
	Near float64
	// SliverWidth and SliverArea say what a sliver is: a patch that is below both, in metres and square metres; 0 for
	// 1 m and 200 m².
	//
	// Width alone will not do, nor area: a ditch or a path that was left out is narrow but long, and a well is small
	// but as wide as long, and both may be meant. What is narrow and small at once is what two hands make of one
	// border (M. F. Goodchild, "Statistical aspects of the polygon overlay problem", 1978). 200 m² is the smallest
	// polygon that the national land survey maps (TD/T 1055-2019).
	SliverWidth, SliverArea float64
	// Valid says that the members are known to be valid; then they are not looked at once more.
	Valid bool
	// Degrees says that the members are in degrees, longitude before latitude. Only what lies at loose edges is taken into
	// the legal plane then; the answer is in the plane and the same as if all had been.
	Degrees bool
	// Limit is the number of overlaps, gaps and mismatches that are listed of each, the largest first; 0 for 1000.
	// What is not listed is counted all the same.
	Limit int
}

func (o CoverageOptions) filled() CoverageOptions {
	o.Tolerance = cmp.Or(o.Tolerance, 1e-3)
	o.Near = cmp.Or(o.Near, 0.1)
	o.SliverWidth = cmp.Or(o.SliverWidth, 1)
	o.SliverArea = cmp.Or(o.SliverArea, 200)
	o.Limit = cmp.Or(o.Limit, 1000)
	return o
}

// Patch is a place where members of a coverage overlap or leave a gap.
type Patch struct {
	Outline orb.Polygon // in the legal plane
	Area    geo.Area
	// Width is the effective width, 2 × area ÷ perimeter: of a long strip its breadth, of a square half its side.
	Width  geo.Length
	Sliver bool
}

// SharedPatch is a place that two members cover, by their numbers, the smaller first.
type SharedPatch struct {
	A, B int
	Patch
}

// Mismatch is a vertex of a member that lies beside the border of another and not on it.
type Mismatch struct {
	Member, Other int
	At            orb.Point // in the legal plane
	Distance      geo.Length
}

// Patches are counts and areas of patches, the ones not listed included.
type Patches struct {
	Count int
	Area  geo.Area
	// Slivers and SliverArea are those of them that are slivers.
	Slivers    int
	SliverArea geo.Area
}

func (s *Patches) add(p Patch) {
	s.Count++
	s.Area += p.Area
	if p.Sliver {
		s.Slivers++
		s.SliverArea += p.Area
	}
}

// Coverage says what keeps a layer from being a coverage: polygons that overlap nowhere and leave no gaps.
type Coverage struct {
	// Overlaps are the places that two members cover, the largest first. Where three do, each pair has its own.
	Overlaps     []SharedPatch
	OverlapTotal Patches
	// Gaps are the places that no member covers and members enclose, the largest first; an island in a gap is a hole of
	// its outline. Whether a gap is a lake or a mistake is not for geometry to say.
	Gaps     []Patch
	GapTotal Patches
	// Mismatches are the vertices beside a border, the farthest off first.
	Mismatches    []Mismatch
	MismatchCount int
	// Splits is the number of vertices that only one side of a border has, in line within the tolerance: no flaw.
	Splits int
	// Loose is the number of edges without an equal and opposite one; the outer border is among them.
	Loose int
}

// CheckCoverage looks for overlaps, gaps and borders that do not match among the members of a layer, in the legal plane
// (geo/ellipsoid). Equal inputs give equal answers to the last bit.
//
// Edges that two members share exactly, running opposite ways, cancel first: they neither begin nor end anything.
// How many members cover a place follows from the edges that are left alone, and only these cost geometry, so that
// a good coverage takes little more than reading it.
//
// The error is that a member is not valid (InvalidError; the coverage question has no answer then), or what the
// overlay says.
func CheckCoverage(members []orb.MultiPolygon, o CoverageOptions) (Coverage, error) {
	o = o.filled()
	if err := allValid(members, o); err != nil {
		return Coverage{}, err
	}
	c := survey{members: members, options: o, loose: looseEdges(members)}
	if o.Degrees {
		c.loose = inPlane(c.loose)
	}
	c.found.Loose = len(c.loose)
	if err := c.findGaps(); err != nil {
		return Coverage{}, fmt.Errorf("check coverage for gaps: %w", err)
	}
	if err := c.findOverlaps(); err != nil {
		return Coverage{}, fmt.Errorf("check coverage for overlaps: %w", err)
	}
	c.findMismatches()
	c.found.Gaps = largest(c.found.Gaps, o.Limit, comparePatches)
	c.found.Overlaps = largest(c.found.Overlaps, o.Limit, compareShared)
	c.found.Mismatches = largest(c.found.Mismatches, o.Limit, compareMismatches)
	return c.found, nil
}

func allValid(members []orb.MultiPolygon, o CoverageOptions) error {
	if o.Valid {
		return nil
	}
	for i, m := range members {
		if o.Degrees {
			m = ellipsoid.MultiPolygonToPlane(m)
		}
		if found := Check(m); len(found) > 0 {
			return fmt.Errorf("check coverage, member %d: %w", i, &InvalidError{found[0]})
		}
	}
	return nil
}

// survey is a coverage check on its way.
type survey struct {
	members []orb.MultiPolygon
	options CoverageOptions
	loose   []looseEdge // in the legal plane
	found   Coverage
}

// member is member i in the legal plane.
func (c *survey) member(i int32) orb.MultiPolygon {
	if c.options.Degrees {
		return ellipsoid.MultiPolygonToPlane(c.members[i])
	}
	return c.members[i]
}

// bound is that of a member in the legal plane, whose axes are those of the degrees: corners go to corners. It is as much
// wider as the tolerance, because places that touch each other only after rounding lead from one overlap to the next.
func (c *survey) bound(m orb.MultiPolygon) orb.Bound {
	b := geo.Bound(m)
	if c.options.Degrees {
		b = orb.Bound{Min: ellipsoid.ToPlane(b.Min), Max: ellipsoid.ToPlane(b.Max)}
	}
	return b.Pad(c.options.Tolerance)
}

// patch measures an outline; ok is false when it is no wider than rounding.
func (c *survey) patch(p orb.Polygon) (patch Patch, ok bool) {
	around := float64(ellipsoid.Length(ellipsoid.GeometryFromPlane(p)))
	patch = Patch{Outline: p, Area: overlay.AreaOf(orb.MultiPolygon{p})}
	width := 2 * float64(patch.Area) / around
	patch.Width = geo.Length(width)
	patch.Sliver = width < c.options.SliverWidth && float64(patch.Area) < c.options.SliverArea
	return patch, width > c.options.Tolerance
}

// listed appends one more to a list that need not grow much beyond its limit.
func listed[T any](list []T, one T, limit int, compare func(a, b T) int) []T {
	if list = append(list, one); len(list) > 2*limit+100 {
		return largest(list, limit, compare)
	}
	return list
}

// largest sorts a list and keeps what comes first.
func largest[T any](list []T, limit int, compare func(a, b T) int) []T {
	slices.SortFunc(list, compare)
	return slices.Clip(list[:min(limit, len(list))])
}

func comparePatches(a, b Patch) int {
	if d := cmp.Compare(b.Area, a.Area); d != 0 {
		return d
	}
	return comparePoints(a.Outline[0][0], b.Outline[0][0])
}

func compareShared(a, b SharedPatch) int {
	return cmp.Or(
		cmp.Compare(b.Area, a.Area), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B), comparePatches(a.Patch, b.Patch),
	)
}

func compareMismatches(a, b Mismatch) int {
	return cmp.Or(
		cmp.Compare(b.Distance, a.Distance), comparePoints(a.At, b.At),
		cmp.Compare(a.Member, b.Member), cmp.Compare(a.Other, b.Other),
	)
}

func comparePoints(a, b orb.Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

// apartOnEarth is the geodesic distance of two points of the legal plane.
func apartOnEarth(a, b orb.Point) float64 {
	if a == b {
		return 0
	}
	return float64(ellipsoid.Length(orb.LineString{ellipsoid.FromPlane(a), ellipsoid.FromPlane(b)}))
}

// stretch is by how much more than its true length a distance near p may measure in the legal plane, which is true to
// length at 30° N: along parallels to the north of that, along meridians to the south; one per cent is added.
func stretch(p orb.Point) float64 {
	k := math.Cos(ellipsoid.FromPlane(p)[1]*math.Pi/180) / math.Cos(30*math.Pi/180)
	return 1.01 * max(k, 1/max(k, 0.01))
}
