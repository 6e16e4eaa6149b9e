package shoreline

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
)

// outside is the region of what lies in none.
const outside = -1

// run is how many vertices a piece has at most to begin with. Short pieces have small bounds, so that a zone is held
// against what lies near it and not against a whole river.
const run = 128

// piece is a stretch of line in the legal plane.
type piece struct {
	line   orb.LineString
	bound  orb.Bound
	river  string
	region int
}

// pieces brings lines in degrees into the legal plane, in runs.
func pieces(lines orb.MultiLineString, river string) []piece {
	var out []piece
	for _, l := range lines {
		plane := ellipsoid.GeometryToPlane(l).(orb.LineString)
		for from := 0; from < len(plane)-1; from += run {
			line := plane[from:min(from+run+1, len(plane))]
			out = append(out, piece{line: line, bound: line.Bound(), river: river, region: outside})
		}
	}
	return out
}

func (p piece) length() geo.Length { return ellipsoid.Length(ellipsoid.GeometryFromPlane(p.line)) }

// cut divides pieces into what lies inside a polygon, its border included, and the rest.
func cut(all []piece, by orb.MultiPolygon) (inside, rest []piece) {
	bound := by.Bound()
	var near []piece
	for _, p := range all {
		if bound.Intersects(p.bound) {
			near = append(near, p)
		} else {
			rest = append(rest, p)
		}
	}
	// Pieces that are alike but for their place are cut in one go, so that the polygon is laid out once for them.
	slices.SortStableFunc(near, func(a, b piece) int {
		return cmp.Or(cmp.Compare(a.region, b.region), cmp.Compare(a.river, b.river))
	})
	for from, to := 0, 0; from < len(near); from = to {
		like := near[from]
		var lines orb.MultiLineString
		for to = from; to < len(near) && near[to].region == like.region && near[to].river == like.river; to++ {
			lines = append(lines, near[to].line)
		}
		in, out := overlay.CutLine(lines, by)
		inside, rest = like.with(inside, in), like.with(rest, out)
	}
	return inside, rest
}

// with appends lines as pieces that are otherwise like p.
func (p piece) with(all []piece, lines orb.MultiLineString) []piece {
	for _, l := range lines {
		p.line, p.bound = l, l.Bound()
		all = append(all, p)
	}
	return all
}

// byRegion splits pieces by region; what is left over stays outside all of them.
func (s *survey) byRegion(all []piece) []piece {
	var out []piece
	for i, r := range s.regions {
		for _, plane := range r.planes {
			var in []piece
			in, all = cut(all, plane)
			for k := range in {
				in[k].region = i
			}
			out = append(out, in...)
		}
	}
	return append(out, all...)
}

// alongLine gives each polygon zone the stretches of the management line that lie in it.
func (s *survey) alongLine(ctx context.Context) error {
	var once, twice []piece
	free := s.byRegion(s.lines)
	var empty []int64
	for i, z := range s.zones {
		if err := ctx.Err(); err != nil {
			return err
		}
		again, rest := cut(once, z.plane)
		mine, left := cut(free, z.plane)
		once, twice, free = append(rest, mine...), append(twice, again...), left
		s.count(i, mine)
		// A zone whose stretches others have claimed has a line; only one that the line does not meet has none.
		if length(mine) < speck && !meets(twice, z.plane) {
			empty = append(empty, z.id)
		}
		s.Progress(int64(i+1), int64(len(s.zones)))
	}
	s.doubled(length(twice))
	if l := length(free); l >= speck {
		s.gap(s.Line.Layer, "shoreline.line.unzoned", "ref", s.Line, "metres", metres(l))
	}
	if len(empty) > 0 {
		s.gap(s.zonesRef.Layer, "shoreline.zone.without-line",
			"ref", s.zonesRef, "line", s.Line, "count", len(empty), "feature", slices.Min(empty))
	}
	return nil
}

func meets(all []piece, by orb.MultiPolygon) bool {
	in, _ := cut(all, by)
	return length(in) >= speck
}

// asLines gives each zone that is a line its own length, less what another zone has claimed.
func (s *survey) asLines(ctx context.Context) error {
	seen := segments{}
	twice := geo.Length(0)
	for i, z := range s.zones {
		if err := ctx.Err(); err != nil {
			return err
		}
		fresh, again := seen.fresh(z.lines)
		twice += again
		if len(s.regions) == 0 {
			s.add(i, outside, "", ellipsoid.Length(fresh))
		} else {
			s.count(i, s.byRegion(pieces(fresh, "")))
		}
		s.Progress(int64(i+1), int64(len(s.zones)))
	}
	s.doubled(twice)
	return nil
}

func (s *survey) doubled(l geo.Length) {
	if l >= speck {
		s.gap(s.zonesRef.Layer, "shoreline.zones.overlapping", "ref", s.zonesRef, "metres", metres(l))
	}
}

func (s *survey) count(zone int, all []piece) {
	for _, p := range all {
		s.add(zone, p.region, p.river, p.length())
	}
}

// add accounts for a stretch of a zone; the line's river counts where the zone names none.
func (s *survey) add(zone, region int, river string, l geo.Length) {
	z := s.zones[zone]
	s.parts = append(s.parts, part{zone: zone, region: region, river: cmp.Or(z.river, river, z.name), length: l})
}

func length(all []piece) geo.Length {
	sum := geo.Length(0)
	for _, p := range all {
		sum += p.length()
	}
	return sum
}

// segments remembers the segments of lines, whichever way they run.
type segments map[[2]orb.Point]bool

// fresh gives what is new of lines, and the length of what is not.
func (s segments) fresh(lines orb.MultiLineString) (out orb.MultiLineString, again geo.Length) {
	for _, l := range lines {
		var line orb.LineString
		for i := 1; i < len(l); i++ {
			if l[i-1] == l[i] {
				continue
			}
			if !s.first(l[i-1], l[i]) {
				again += ellipsoid.Length(l[i-1 : i+1])
				out, line = finish(out, line), nil
				continue
			}
			if line == nil {
				line = orb.LineString{l[i-1]}
			}
			line = append(line, l[i])
		}
		out = finish(out, line)
	}
	return out, again
}

func finish(out orb.MultiLineString, line orb.LineString) orb.MultiLineString {
	if len(line) > 1 {
		return append(out, line)
	}
	return out
}

func (s segments) first(p, q orb.Point) bool {
	if q[0] < p[0] || q[0] == p[0] && q[1] < p[1] {
		p, q = q, p
	}
	if s[[2]orb.Point{p, q}] {
		return false
	}
	s[[2]orb.Point{p, q}] = true
	return true
}
