package kml

import (
	"encoding/xml"

	"github.com/paulmach/orb"

	"greenshield/geo"
)

// shape gathers the geometry of one placemark and the first thing that is wrong with it. With learn set it counts and
// checks, but keeps no point.
type shape struct {
	learn    bool
	limit    int64
	vertices int64
	problem  *geo.Problem
}

func (h *shape) fail(code string, args ...any) {
	if h.problem == nil {
		h.problem = geo.NewProblem(code, args...)
	}
}

// geometry takes an element with a geometry (OGC 07-147r2 section 10), nil when it is empty.
func (r *reader) geometry(name string, h *shape) (orb.Geometry, error) {
	switch name {
	case "Polygon":
		return r.polygon(h)
	case "MultiGeometry":
		return r.group(h)
	}
	points, err := r.points(h)
	switch {
	case err != nil || len(points) == 0:
		return nil, err
	case name != "Point":
		return orb.LineString(points), nil
	case len(points) > 1:
		h.fail("ingest.kml.point", "found", len(points))
	}
	return points[0], nil
}

// points takes the coordinates of the present element.
func (r *reader) points(h *shape) ([]orb.Point, error) {
	var points []orb.Point
	lists := 0
	err := r.children(func(name string, _ xml.StartElement) error {
		if name != "coordinates" {
			return r.skip()
		}
		if lists++; lists > 1 {
			h.fail("ingest.kml.coordinates", "found", "coordinates")
		}
		c := &coordinates{shape: h, points: points}
		err := r.coordinates(c)
		points = c.points
		return err
	})
	return points, err
}

// coordinates takes the text of the present element: most of it straight from the bytes, what is quoted from the
// decoder.
func (r *reader) coordinates(c *coordinates) error {
	end := r.depth - 1
	if !r.selfClosed() {
		if err := r.raw(c.feed); err != nil {
			return r.fault(err)
		}
	}
	for r.depth > end {
		tok, err := r.token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.CharData:
			for _, b := range t {
				c.feed(b)
			}
		case xml.StartElement:
			c.fail("ingest.kml.coordinates", "found", clip(t.Name.Local))
		}
	}
	c.finish()
	return nil
}

// polygon takes one outer ring and its holes.
func (r *reader) polygon(h *shape) (orb.Geometry, error) {
	var outer, inner []orb.Ring
	err := r.children(func(name string, _ xml.StartElement) error {
		var err error
		switch name {
		case "outerBoundaryIs":
			outer, err = r.rings(h, outer)
		case "innerBoundaryIs":
			inner, err = r.rings(h, inner)
		default:
			err = r.skip()
		}
		return err
	})
	switch {
	case err != nil || h.learn:
		return nil, err
	case len(outer) == 0 && len(inner) == 0:
		return nil, nil
	case len(outer) != 1:
		h.fail("ingest.kml.boundaries", "found", len(outer))
		return nil, nil
	}
	return append(orb.Polygon(outer), inner...), nil
}

// rings adds the rings of a boundary to those before it; an empty ring is none.
func (r *reader) rings(h *shape, all []orb.Ring) ([]orb.Ring, error) {
	err := r.children(func(name string, _ xml.StartElement) error {
		if name != "LinearRing" {
			return r.skip()
		}
		points, err := r.points(h)
		if len(points) > 0 {
			all = append(all, points)
		}
		return err
	})
	return all, err
}

// group joins the members of a MultiGeometry: polygons to a MultiPolygon, lines to a MultiLineString, points to a
// MultiPoint. One that holds several kinds has no place in a layer of one kind and is a fault.
func (r *reader) group(h *shape) (orb.Geometry, error) {
	var all members
	if err := r.gather(h, &all); err != nil {
		return nil, err
	}
	kinds := 0
	var out orb.Geometry
	if len(all.areas) > 0 {
		kinds, out = kinds+1, all.areas
	}
	if len(all.lines) > 0 {
		kinds, out = kinds+1, all.lines
	}
	if len(all.points) > 0 {
		kinds, out = kinds+1, all.points
	}
	if kinds > 1 {
		h.fail("ingest.kml.group-mixed")
		return nil, nil
	}
	return out, nil
}

type members struct {
	areas  orb.MultiPolygon
	lines  orb.MultiLineString
	points orb.MultiPoint
}

// gather takes the members of the present MultiGeometry, and of those inside it.
func (r *reader) gather(h *shape, all *members) error {
	return r.children(func(name string, _ xml.StartElement) error {
		switch name {
		case "MultiGeometry":
			return r.gather(h, all)
		case "Point", "LineString", "LinearRing", "Polygon":
		case "Track", "MultiTrack", "gx:Track", "gx:MultiTrack":
			r.notes.Add(r.row, "ingest.kml.track")
			return r.skip()
		case "Model":
			r.notes.Add(r.row, "ingest.kml.model")
			return r.skip()
		default:
			return r.skip()
		}
		g, err := r.geometry(name, h)
		switch g := g.(type) {
		case orb.Polygon:
			all.areas = append(all.areas, g)
		case orb.LineString:
			all.lines = append(all.lines, g)
		case orb.Point:
			all.points = append(all.points, g)
		}
		return err
	})
}
