// Package tile cuts geometries to map tiles: the Web Mercator grid, clipping, quantising, and the Mapbox Vector Tile
// encoding. It knows coordinates and bytes; what a feature means, which tags it carries and who may see it is decided
// above.
package tile

import (
	"math"

	"github.com/paulmach/orb"
)

// Extent is the width of a tile in its own units; Buffer is how far geometries reach beyond its border, so that
// outlines drawn along the border do not show.
const (
	Extent = 4096
	Buffer = 64
)

// MaxZoom is the deepest zoom for which tiles are cut: a unit is then about 7 mm, less than survey accuracy.
const MaxZoom = 18

// Address names a tile in the usual XYZ scheme: y counts from the north.
type Address struct{ Z, X, Y uint32 }

// Valid reports whether the address exists.
func (a Address) Valid() bool {
	return a.Z <= MaxZoom && a.X < 1<<a.Z && a.Y < 1<<a.Z
}

// Bound is the tile's extent in degrees, grown by the buffer.
func (a Address) Bound() orb.Bound {
	n := float64(uint32(1) << a.Z)
	margin := float64(Buffer) / Extent
	west, east := (float64(a.X)-margin)/n, (float64(a.X)+1+margin)/n
	north, south := (float64(a.Y)-margin)/n, (float64(a.Y)+1+margin)/n
	return orb.Bound{
		Min: orb.Point{west*360 - 180, latitude(south)},
		Max: orb.Point{east*360 - 180, latitude(north)},
	}
}

// latitude inverts the Mercator y that project makes.
func latitude(y float64) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi
}

// maxLatitude is where the square of Web Mercator ends.
const maxLatitude = 85.05112877980659

// project gives Web Mercator coordinates in the unit square, y growing southwards.
func project(p orb.Point) orb.Point {
	lat := math.Max(-maxLatitude, math.Min(maxLatitude, p[1])) * math.Pi / 180
	return orb.Point{p[0]/360 + 0.5, 0.5 - math.Log(math.Tan(math.Pi/4+lat/2))/(2*math.Pi)}
}

// Projected is a geometry in Web Mercator with its bound, ready to be cut into tiles again and again; projecting
// costs more than cutting, so it is done once per feature.
type Projected struct {
	Bound orb.Bound
	// rings are the rings of polygons, the first of each polygon its shell; lines and points otherwise.
	kind  kind
	parts [][]orb.Ring
}

type kind uint32

// The geometry types of the vector tile specification, section 4.3.4.
const (
	unknown kind = iota
	points
	lines
	polygons
)

// Project prepares a geometry in degrees. Geometries other than points, lines and polygons give an empty result.
func Project(g orb.Geometry) Projected {
	switch g := g.(type) {
	case orb.Point:
		return projected(points, [][]orb.Ring{{{g}}})
	case orb.MultiPoint:
		return projected(points, [][]orb.Ring{{orb.Ring(g)}})
	case orb.LineString:
		return projected(lines, [][]orb.Ring{{orb.Ring(g)}})
	case orb.MultiLineString:
		parts := make([][]orb.Ring, 0, len(g))
		for _, l := range g {
			parts = append(parts, []orb.Ring{orb.Ring(l)})
		}
		return projected(lines, parts)
	case orb.Polygon:
		return projected(polygons, [][]orb.Ring{g})
	case orb.MultiPolygon:
		parts := make([][]orb.Ring, 0, len(g))
		for _, p := range g {
			parts = append(parts, p)
		}
		return projected(polygons, parts)
	}
	return Projected{}
}

func projected(k kind, degrees [][]orb.Ring) Projected {
	out := Projected{kind: k, Bound: orb.Bound{
		Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)},
	}}
	for _, part := range degrees {
		rings := make([]orb.Ring, len(part))
		for k, r := range part {
			rings[k] = make(orb.Ring, len(r))
			for i, p := range r {
				rings[k][i] = project(p)
				out.Bound = out.Bound.Extend(rings[k][i])
			}
		}
		out.parts = append(out.parts, rings)
	}
	return out
}
