package ingest

import (
	"errors"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
	"greenshield/geo/topo"
)

// measured is a geometry on its way into a vintage: in degrees, valid, with its legal measures.
type measured struct {
	system   crs.System // that its coordinates were read in
	geometry orb.Geometry
	area     geo.Area
	length   geo.Length
	// before is the area as delivered, plane the plain area in the delivered Gauss-Krüger plane, NaN for other systems.
	before    geo.Area
	plane     float64
	densified int
	repairs   []topo.Violation
	guessed   bool         // people could differ on the repair
	remark    *geo.Problem // a passable doubt about the numbers
}

// measure does to one delivered geometry, already normal, what the law and the format ask: numbers, densification,
// degrees, validity, area. The bound is the place in degrees when it got so far.
func measure(g orb.Geometry, s crs.System, mode topo.Mode) (m measured, bound *orb.Bound, p *geo.Problem) {
	m.system = s
	b := geo.Bound(g)
	if p = crs.CheckNumbers(s, b); !crs.Passable(p) {
		return m, nil, p
	}
	m.remark = p
	dense := g
	if s.Width() > 0 { // edges are straight in the plane of the delivery, on an old datum too
		if dense, m.densified = ellipsoid.Densify(g, ellipsoid.OfficialEdge); m.densified < 0 {
			return m, nil, geo.NewProblem("ingest.geometry.edges-too-long", "max", ellipsoid.MaxInserts)
		}
	}
	m.geometry = dense
	if !s.Geographic() || !s.Shift().IsZero() { // degrees are stored as they came
		m.geometry = s.GeometryToLonLat(dense)
		b = geo.Bound(m.geometry)
	}
	if !finite(m.geometry) {
		return m, nil, geo.NewProblem("ingest.geometry.not-finite")
	}
	if b.Max[0]-b.Min[0] > 180 && wraps(m.geometry) {
		return m, &b, geo.NewProblem("ingest.geometry.antimeridian")
	}
	if p := m.validate(mode); p != nil {
		return m, &b, p
	}
	m.sizes(g, s)
	return m, &b, m.sizeProblem()
}

// validate repairs what can be repaired as far as the mode goes. The question is asked of the final geometry, in degrees,
// because that is what is stored and what overlays meet.
func (m *measured) validate(mode topo.Mode) *geo.Problem {
	found := topo.Check(m.geometry)
	if len(found) == 0 {
		return nil
	}
	r, err := topo.RepairWith(m.geometry, topo.RepairOptions{Mode: mode})
	if err != nil {
		return unrepairable(err, found[0])
	}
	fixed, p := accepts{polygons: true, lines: true}.normal(r.Geometry)
	if p != nil || len(topo.Check(fixed)) > 0 {
		return unrepairable(nil, found[0])
	}
	if m.repairs = r.Done; len(r.Done) == 0 {
		m.repairs = found
	}
	m.geometry, m.guessed = fixed, r.Guessed
	return nil
}

func unrepairable(err error, v topo.Violation) *geo.Problem {
	var p *geo.Problem
	if errors.As(err, &p) {
		return p
	}
	p = geo.NewProblem("ingest.geometry.ambiguous", "rule", geo.NewProblem("topo.rule."+string(v.Rule))).Near(v.At)
	p.Err = err
	return p
}

// sizes measures by the official procedure what was delivered in a Gauss plane, and on the ellipsoid what was not.
func (m *measured) sizes(delivered orb.Geometry, s crs.System) {
	m.plane = math.NaN()
	if _, line := m.geometry.(orb.MultiLineString); line {
		m.length = ellipsoid.Length(m.geometry)
		return
	}
	if s.Width() > 0 {
		m.plane = ellipsoid.PlaneArea(delivered)
	}
	if !s.Gauss() {
		m.area = ellipsoid.Area(m.geometry)
		m.before = m.area
		if len(m.repairs) > 0 {
			m.before = ellipsoid.Area(s.GeometryToLonLat(delivered))
		}
		return
	}
	m.before = ellipsoid.OfficialArea(delivered, s)
	m.area = m.before
	if len(m.repairs) > 0 {
		m.area = ellipsoid.OfficialArea(s.GeometryFromLonLat(m.geometry), s)
	}
}

func (m *measured) sizeProblem() *geo.Problem {
	_, line := m.geometry.(orb.MultiLineString)
	if !line && !(m.area > 0) {
		return geo.NewProblem("ingest.geometry.no-area")
	}
	return nil
}

// wraps tells whether an edge spans more than half the globe: it was meant to cross the meridian of 180 degrees, where
// RFC 7946, section 3.1.9, wants a geometry to be cut, and would be taken to go the other way round.
func wraps(g orb.Geometry) bool {
	long := func(line []orb.Point) bool {
		for i := 1; i < len(line); i++ {
			if math.Abs(line[i][0]-line[i-1][0]) > 180 {
				return true
			}
		}
		return false
	}
	switch g := g.(type) {
	case orb.MultiPolygon:
		return !all(g, func(p orb.Polygon) bool { return all(p, func(r orb.Ring) bool { return !long(r) }) })
	case orb.MultiLineString:
		return !all(g, func(l orb.LineString) bool { return !long(l) })
	}
	return false
}

// exchanged is a copy of g with its axes exchanged.
func exchanged(g orb.Geometry) orb.Geometry {
	return project.Geometry(orb.Clone(g), func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} })
}
