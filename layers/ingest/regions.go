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

// regions are the administrative units of a published vintage, for asking whether a delivery lies where the bureau's
// own land is. They are laid out in the legal plane.
type regions struct {
	vintage  layers.Vintage
	codes    []string // of each unit
	outlines []orb.MultiPolygon
	laid     *overlay.Layer
	land     *land
}

// regionsOf reads the region vintage that a delivery of a date is held against: the one that its coverage names, else
// the latest that is no later than the date, else the earliest there is. Nil when no regions are published.
func regionsOf(ctx context.Context, store layers.Store, named layers.Ref, date string) (*regions, error) {
	v, ok, err := regionVintage(ctx, store, named, date)
	if err != nil || !ok {
		return nil, err
	}
	r := &regions{vintage: v}
	for f, err := range store.Features(ctx, v.Ref, nil) {
		if err != nil {
			return nil, fmt.Errorf("read the regions of %s: %w", v.Ref, err)
		}
		r.codes = append(r.codes, f.Roles[layers.Code])
		r.outlines = append(r.outlines, ellipsoid.MultiPolygonToPlane(f.Geometry))
	}
	if len(r.outlines) == 0 {
		return nil, nil
	}
	r.laid = overlay.NewLayer(len(r.outlines), func(i int) orb.MultiPolygon { return r.outlines[i] }, nil)
	r.land = newLand(r.outlines)
	return r, nil
}

func regionVintage(
	ctx context.Context, store layers.Store, named layers.Ref, date string,
) (best layers.Vintage, found bool, err error) {
	if named != (layers.Ref{}) {
		best, err = store.Vintage(ctx, named)
		return best, err == nil && best.Theme == layers.Region, err
	}
	all, err := store.Layers(ctx)
	if err != nil {
		return best, false, fmt.Errorf("look for regions: %w", err)
	}
	for _, l := range all {
		if l.Theme != layers.Region {
			continue
		}
		vintages, err := store.Vintages(ctx, l.ID)
		if err != nil {
			return best, false, fmt.Errorf("look for regions: %w", err)
		}
		for _, v := range vintages {
			if !found || nearer(date, v.Ref, best.Ref) {
				best, found = v, true
			}
		}
	}
	return best, found, nil
}

// nearer reports whether vintage a fits a date better than b: the latest that is not later than the date, else the
// earliest. An empty date is today's.
func nearer(date string, a, b layers.Ref) bool {
	past := func(r layers.Ref) bool { return date == "" || r.Vintage <= date }
	switch {
	case past(a) != past(b):
		return past(a)
	case a.Vintage != b.Vintage:
		return past(a) == (a.Vintage > b.Vintage)
	}
	return a.Compare(b) > 0
}

// outside is the part of a polygon in the legal plane that lies in none of the regions. Regions do not overlap, so the
// parts in each add up. Most polygons lie deep inside, which the raster of the land tells at once.
func (r *regions) outside(area geo.Area, g orb.MultiPolygon, s *overlay.Scratch) geo.Area {
	bound := geo.Bound(g)
	if r.land.contains(bound) {
		return 0
	}
	asked := s.Prepare(g)
	inside := geo.Area(0)
	r.laid.Search(bound, func(i int) bool {
		region := r.laid.At(i)
		inside += asked.Shared(&region)
		return true
	})
	return max(0, area-inside)
}

// holds reports whether a place in degrees lies in one of the regions.
func (r *regions) holds(lonlat orb.Point) bool { return r.land.holds(ellipsoid.ToPlane(lonlat)) }
