package ingest

import (
	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
)

// beyond counts what of a delivery lies outside the regions: a consistently wrong zone puts all of it there, a neighbour's
// parcels that slipped into the export a few, and a border that was digitised twice a little of many.
type beyond struct {
	rows     int64 // looked at
	away     int64 // lie outside by more than half
	reaching int64 // the others that reach out by more than reachLeast
	area     geo.Area
	listed   int
}

// reachLeast is the area that may lie outside without a word, in square metres: borders are not digitised alike.
const reachLeast = 1.0

// place says where a row lies. Lines are outside when none of their vertices is inside.
func (g *gate) place(k kept, plane orb.MultiPolygon) {
	b := &g.beyond
	b.rows++
	out := geo.Area(0)
	away := false
	if plane == nil {
		away = eachPoint(k.geometry, func(p orb.Point) bool { return !g.regions.holds(p) })
	} else {
		out = g.regions.outside(k.area, plane, &g.scratch)
		away = out > k.area/2
	}
	switch {
	case away:
		b.away++
	case out > reachLeast:
		b.reaching++
	default:
		return
	}
	b.area += out
	if away && b.listed < mostPlaces {
		b.listed++
		at := k.geometry.Bound().Center()
		g.found.note(k.row, layers.Warning, geo.NewProblem("ingest.regions.away",
			"row", k.row, "name", k.name(), "area", squareMetres(out), "regions", g.regions.vintage.Ref).Near(at))
	}
}

func (g *gate) sumBeyond() {
	b := g.beyond
	switch {
	case b.away+b.reaching == 0:
	case b.away == b.rows:
		g.found.note(0, layers.Warning, geo.NewProblem("ingest.regions.all-away",
			"rows", b.rows, "regions", g.regions.vintage.Ref, "system", g.found.Used()))
	default:
		severity := layers.Warning
		if b.away == 0 && flows(g.request.Layer.Theme) {
			severity = layers.Note
		}
		g.found.note(0, severity, geo.NewProblem("ingest.regions.beyond", "rows", b.rows, "away", b.away,
			"reaching", b.reaching, "area", squareMetres(b.area), "regions", g.regions.vintage.Ref))
	}
}

// flows reports whether the features of a theme run on beyond a border by their nature.
func flows(t layers.Theme) bool {
	return t == layers.River || t == layers.Bankline || t == layers.Shoreline
}
