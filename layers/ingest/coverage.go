package ingest

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/overlay"
	"greenshield/layers"
)

// coverageOf is the coverage that the operator declares. The outline of an extent is known only when all features
// are, see withExtent; that of regions is the union of the region vintage, taken now because it may take long.
func coverageOf(ctx context.Context, store layers.Store, req Request) (layers.Coverage, error) {
	c := layers.Coverage{Kind: req.Coverage}
	switch req.Coverage {
	case layers.CoverageUndeclared, layers.CoverageExtent, layers.CoverageEverywhere:
		return c, nil
	case layers.CoverageRegions:
	default:
		return c, geo.NewProblem("ingest.coverage.unknown", "kind", string(req.Coverage))
	}
	v, err := store.Vintage(ctx, req.Regions)
	if err != nil {
		return c, err
	}
	if v.Theme != layers.Region {
		return c, geo.NewProblem("ingest.coverage.not-regions", "ref", v.Ref.String(), "theme", string(v.Theme))
	}
	c.Regions = v.Ref
	c.Outline, err = union(ctx, store, v.Ref)
	return c, err
}

// union dissolves a vintage in the legal plane.
func union(ctx context.Context, store layers.Store, ref layers.Ref) (orb.MultiPolygon, error) {
	var members []orb.MultiPolygon
	for f, err := range store.Features(ctx, ref, nil) {
		if err != nil {
			return nil, err
		}
		members = append(members, ellipsoid.MultiPolygonToPlane(f.Geometry))
	}
	dissolved, err := overlay.Dissolve(members)
	if err != nil {
		return nil, fmt.Errorf("unite the regions of %s: %w", ref, err)
	}
	outline, ok := ellipsoid.GeometryFromPlane(dissolved).(orb.MultiPolygon)
	if !ok || len(outline) == 0 {
		return nil, geo.NewProblem("ingest.coverage.empty", "ref", ref.String())
	}
	return outline, nil
}

// withExtent gives an extent its outline: the bound of the features.
func withExtent(c layers.Coverage, bound orb.Bound) layers.Coverage {
	if c.Kind == layers.CoverageExtent {
		c.Outline = orb.MultiPolygon{bound.ToPolygon()}
	}
	return c
}
