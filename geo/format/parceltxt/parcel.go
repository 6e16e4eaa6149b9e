package parceltxt

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/format"
	"greenshield/geo/format/rings"
)

// rounding is the rounding of a stated area: four decimals of a hectare, and files exist that cut instead.
const rounding = 0.0001

// areaSlack lets a stated area pass that was rounded to fewer decimals or computed on the ellipsoid: half a per cent,
// and not less than areaFloor hectares (domain section 8).
const (
	areaSlack = 0.005
	areaFloor = 0.01
)

// parcel is a finished row.
type parcel struct {
	header   parcelHeader
	geometry orb.Geometry
	figures  figures
	problem  *geo.Problem
}

// finish makes a row of a draft: its rings, how its numbers are to be read, holes and parts, and the stated area.
func (p *parser) finish(d *draft, row int64) parcel {
	out := parcel{header: d.header, problem: d.problem}
	p.checkHeader(d, row)
	if out.problem == nil {
		out.problem = p.kindProblem(d.header.values[atKind])
	}
	if out.problem == nil && len(d.points) == 0 {
		out.problem = geo.NewProblem("ingest.txt.no-points", "line", d.line)
	}
	if out.problem != nil {
		return out
	}
	found := split(d, row, p.notes)
	if out.figures, out.problem = lookAll(found); out.problem != nil {
		return out
	}
	if out.figures.swapped {
		p.notes.Add(row, "ingest.txt.axes-swapped")
	}
	closed, problem := closedRings(found, out.figures)
	if problem != nil {
		out.problem = problem
		return out
	}
	out.geometry = p.chooseParts(nest(closed), &out, row)
	return out
}

// checkHeader compares the stated number of points; with or without the closing point is right.
func (p *parser) checkHeader(d *draft, row int64) {
	stated, real := d.header.points, len(d.points)
	if stated < 0 || stated == real || stated == real-len(d.rings) {
		return
	}
	p.notes.Add(row, "ingest.txt.count-differs", "stated", stated, "found", real)
}

// kindProblem is the problem with a parcel that is no area; an empty kind means an area.
func (p *parser) kindProblem(kind string) *geo.Problem {
	if p.words.is("kind.line", kind) || p.words.is("kind.point", kind) {
		return geo.NewProblem("ingest.txt.not-area", "kind", kind)
	}
	return nil
}

// closedRings are the rings with the easting first and the first point again at the end.
func closedRings(found [][]rings.Vertex, f figures) ([]orb.Ring, *geo.Problem) {
	if len(found) > maxRings {
		return nil, geo.NewProblem("ingest.txt.too-many-rings", "limit", maxRings)
	}
	var out []orb.Ring
	for i, points := range found {
		if n := rings.Places(points); n < 3 {
			return nil, geo.NewProblem("ingest.txt.ring-short", "ring", i+1, "points", n)
		}
		ring := make(orb.Ring, 0, len(points)+1)
		for _, v := range points {
			if f.swapped {
				v.A, v.B = v.B, v.A
			}
			ring = append(ring, orb.Point{v.B, v.A})
		}
		out = append(out, append(ring, ring[0]))
	}
	return out, nil
}

// chooseParts decides between the two readings of rings inside others, holes or a mere drawing inside the parcel:
// by geometry they are holes, unless only the area without deducting them is the stated one.
func (p *parser) chooseParts(n nested, out *parcel, row int64) orb.Geometry {
	g := n.geometry()
	if out.figures.layout == degrees || math.IsNaN(out.header.hectares) {
		return g
	}
	real := ellipsoid.PlaneArea(g) / 1e4
	if slices.Max(n.depth) > 0 && !near(out.header.hectares, real, rounding) {
		whole := n.withoutHoles()
		area, stated := ellipsoid.PlaneArea(whole)/1e4, out.header.hectares
		if near(stated, area, rounding) || !agrees(stated, real) && agrees(stated, area) {
			p.notes.Add(row, "ingest.txt.inner-rings-not-deducted", "stated", stated, "deducted", real)
			return whole
		}
	}
	out.header.hectares = p.checkArea(out.header.hectares, real, row)
	return g
}

// checkArea compares the stated area with the plane one, both in hectares, and gives the stated area in hectares:
// some programs write square metres or mu there, which is seen by the size.
func (p *parser) checkArea(stated, real float64, row int64) float64 {
	if near(stated, real, rounding) {
		return stated
	}
	for _, perHectare := range []float64{1e4, 15} {
		if !agrees(stated, real) && math.Abs(stated/perHectare-real) <= areaSlack*real {
			p.notes.Add(row, "ingest.txt.area-unit", "stated", stated, "hectares", stated/perHectare)
			return stated / perHectare
		}
	}
	p.notes.Add(row, "ingest.txt.area-differs", "stated", stated, "found", real)
	return stated
}

// near allows for the rounding of floating point besides limit.
func near(a, b, limit float64) bool { return math.Abs(a-b) <= limit+1e-9 }

func agrees(stated, real float64) bool {
	return math.Abs(stated-real) <= math.Max(areaSlack*real, areaFloor)
}

// record is the parcel as the contract wants it.
func (o parcel) record(row int64, fields []format.Field) format.Record {
	r := format.Record{Row: row, Geometry: o.geometry, Problem: o.problem, Values: make([]any, len(fields))}
	for i := range fields {
		r.Values[i] = o.header.value(i)
	}
	r.Parcel = &format.ParcelHeader{DeclaredHectares: o.header.hectares, DeclaredPoints: o.header.points}
	return r
}
