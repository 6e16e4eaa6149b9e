package shoreline

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/layers"
)

// region is one administrative unit in the legal plane.
type region struct {
	code, name string
	planes     []orb.MultiPolygon
}

// readZones takes the zones from a loaded vintage and puts them in order of their claims.
func (s *survey) readZones(v *layers.Loaded) error {
	var points, unread []int64
	tokens := map[string]bool{}
	lines := 0
	for i, f := range v.Features() {
		z := zoneOf(f)
		switch z.lines, z.plane = linesOf(f.Geometry), v.Plane().Polygon(i); {
		case z.lines != nil:
			lines++
		case z.plane == nil:
			points = append(points, f.ID)
			continue
		}
		if z.number == 0 {
			unread, tokens[z.token] = append(unread, f.ID), true
		}
		s.zones = append(s.zones, z)
	}
	if len(s.zones) == 0 {
		return geo.NewProblem("shoreline.zones.none", "ref", v.Vintage.Ref)
	}
	if s.polygons = lines == 0; lines > 0 && lines < len(s.zones) {
		return geo.NewProblem("shoreline.zones.mixed", "ref", v.Vintage.Ref)
	}
	if len(points) > 0 {
		s.gap(v.Vintage.Ref.Layer, "shoreline.zone.point",
			"ref", v.Vintage.Ref, "count", len(points), "feature", points[0])
	}
	if len(unread) > 0 {
		found := slices.Sorted(maps.Keys(tokens))
		s.gap(v.Vintage.Ref.Layer, "shoreline.zone.unreadable",
			"ref", v.Vintage.Ref, "count", len(unread), "feature", unread[0], "zones", found[:min(len(found), 5)])
	}
	slices.SortFunc(s.zones, s.byClaim)
	return nil
}

func zoneOf(f layers.Feature) zone {
	z := zone{
		id: f.ID, token: f.Roles[layers.Zone], stated: f.Roles[layers.Stated],
		river: f.Roles[layers.RiverName], name: f.Roles[layers.Name], side: sideOf(f), region: f.Roles[layers.RegionCode],
	}
	if t := strings.TrimSpace(z.token); len(t) == 1 && t >= "1" && t <= "4" {
		z.number = int(t[0] - '0')
	}
	return z
}

// sideOf reads the bank, whose word the code book has turned into "1" or "2" where it knows it.
func sideOf(f layers.Feature) string {
	if side := strings.TrimSpace(f.Roles[layers.Side]); side == "1" || side == "2" {
		return side
	}
	return ""
}

func linesOf(g orb.Geometry) orb.MultiLineString {
	switch g := g.(type) {
	case orb.LineString:
		return orb.MultiLineString{g}
	case orb.MultiLineString:
		return g
	}
	return nil
}

// readLine takes the management line; what is delivered twice of it is taken once.
func (s *survey) readLine(ctx context.Context, lib *layers.Library) error {
	if s.Line == (layers.Ref{}) {
		return geo.NewProblem("shoreline.line.missing", "ref", s.zonesRef)
	}
	v, err := lib.Load(ctx, s.Line)
	if err != nil {
		return err
	}
	s.doubts(v.Vintage)
	seen := segments{}
	other := 0
	for _, f := range v.Features() {
		lines := linesOf(f.Geometry)
		if lines == nil {
			other++
			continue
		}
		fresh, _ := seen.fresh(lines)
		for _, line := range fresh {
			river := cmp.Or(f.Roles[layers.RiverName], f.Roles[layers.Name])
			own := s.addSource(f.ID, river, sideOf(f), line, ellipsoid.Length(line))
			s.lines = append(s.lines, s.pieces(own)...)
		}
	}
	if len(s.lines) == 0 {
		return geo.NewProblem("shoreline.line.not-lines", "ref", s.Line)
	}
	if other > 0 {
		s.gap(s.Line.Layer, "shoreline.line.other", "ref", s.Line, "count", other)
	}
	return nil
}

// readRegions gathers the regions by code, in order of code, so that a line on a border belongs to the lower one.
func (s *survey) readRegions(ctx context.Context, lib *layers.Library) error {
	if s.Regions == (layers.Ref{}) {
		return nil
	}
	v, err := lib.Load(ctx, s.Regions)
	if err != nil {
		return err
	}
	found := map[string]*region{}
	for i, f := range v.Features() {
		code := cmp.Or(f.Roles[layers.Code], f.Roles[layers.RegionCode])
		if code == "" {
			return geo.NewProblem("shoreline.region.no-code", "ref", s.Regions, "feature", f.ID)
		}
		if found[code] == nil {
			found[code] = &region{code: code}
		}
		r := found[code]
		r.name = cmp.Or(r.name, f.Roles[layers.Name])
		r.planes = append(r.planes, v.Plane().Polygon(i))
	}
	for _, code := range slices.Sorted(maps.Keys(found)) {
		s.regions = append(s.regions, *found[code])
	}
	return nil
}
