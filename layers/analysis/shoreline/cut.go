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

// piece is a stretch of a source.
type piece struct {
	line   orb.LineString // in the legal plane
	bound  orb.Bound
	source int
	// from is where it begins on the source, in metres along it.
	from, length geo.Length
	region       int
}

// pieces brings a source into the legal plane, in runs.
func (s *survey) pieces(source int) []piece {
	var out []piece
	plane, _ := ellipsoid.GeometryToPlane(s.sources[source].line).(orb.LineString)
	from := geo.Length(0)
	for i := 0; i < len(plane)-1; i += run {
		line := plane[i:min(i+run+1, len(plane))]
		p := piece{line: line, bound: line.Bound(), source: source, from: from, length: measure(line), region: outside}
		out, from = append(out, p), from+p.length
	}
	return out
}

// measure is the length of a line in the legal plane: geodesics between its vertices.
func measure(plane orb.LineString) geo.Length { return ellipsoid.Length(degrees(plane)) }

// cut divides pieces into what lies inside a polygon, its border included, and the rest.
func cut(all []piece, by orb.MultiPolygon) (inside, rest []piece) {
	bound := by.Bound()
	var cutter *overlay.Cutter
	for _, p := range all {
		if !bound.Intersects(p.bound) {
			rest = append(rest, p)
			continue
		}
		if cutter == nil {
			cutter = overlay.NewCutter(by)
		}
		inside, rest = p.divide(cutter, inside, rest)
	}
	return inside, rest
}

// divide appends what a cutter makes of a piece.
func (p piece) divide(c *overlay.Cutter, inside, rest []piece) (in, out []piece) {
	parts := c.Cut(p.line)
	for _, part := range parts {
		q := p
		if len(parts) > 1 {
			q.line, q.bound, q.length = part.Line, part.Line.Bound(), measure(part.Line)
		}
		p.from += q.length
		if part.Inside {
			inside = append(inside, q)
		} else {
			rest = append(rest, q)
		}
	}
	return inside, rest
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
		for _, line := range fresh {
			own := s.addSource(z.id, cmp.Or(z.river, z.name), z.side, line, ellipsoid.Length(line))
			s.count(i, s.byRegion(s.pieces(own)))
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

// count accounts for stretches of a zone; the line's river counts where the zone names none.
func (s *survey) count(zone int, all []piece) {
	z := s.zones[zone]
	for _, p := range all {
		river := cmp.Or(z.river, s.sources[p.source].river, z.name)
		s.parts = append(s.parts, part{piece: p, zone: zone, river: river})
	}
}

func length(all []piece) geo.Length {
	sum := geo.Length(0)
	for _, p := range all {
		sum += p.length
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
