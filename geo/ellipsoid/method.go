package ellipsoid

import (
	"math"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
)

// Method names how an area or a length was measured; a result carries it and a report prints it in words, under
// "report.method." and its value.
type Method string

// The methods. The first two are the law's and differ by what an edge is; the others answer a person whose desktop
// program says something else.
const (
	// Official70m is the official procedure step by step in a Gauss plane, see OfficialArea.
	Official70m Method = "official-70m"
	// LegalPlane is the official formula with edges straight in the legal plane, see Area.
	LegalPlane Method = "legal-plane"
	// Geodesic measures on the ellipsoid between geodesics, after C. F. F. Karney (Algorithms for geodesics, J. Geodesy
	// 87, 2013), as PostGIS does on geography; see Length.
	Geodesic Method = "geodesic"
	// GaussPlane is the plain area in a Gauss-Krüger plane, up to 0.1 % off at a zone's edge. No law asks for it.
	GaussPlane Method = "gauss-plane"
)

// Methods are all of them, the law's first.
func Methods() []Method { return []Method{Official70m, LegalPlane, Geodesic, GaussPlane} }

// Legal reports whether an area by m is the area in law.
func (m Method) Legal() bool { return m == Official70m || m == LegalPlane }

// Measured is an area with the method by which it was measured, so that none is taken for another.
type Measured struct {
	Method Method
	// SquareMetres is on the ellipsoid, for GaussPlane in the plane; unrounded.
	SquareMetres float64
}

// Legal is the area in law; false, and zero, when the method is not the law's.
func (m Measured) Legal() (geo.Area, bool) {
	if !m.Method.Legal() {
		return 0, false
	}
	return geo.Area(m.SquareMetres), true
}

// Measure is the area of a polygon or multipolygon in CGCS2000 degrees by a named method; zero for other kinds of
// geometry. Official70m and GaussPlane take the corners to the plane s, in which their edges are straight, and the
// other methods ignore s. Rings count as for Area, and so do coordinates that are no numbers.
//
// Errors are "measure.method.unknown", and "measure.method.needs-plane" when s is no Gauss-Krüger plane on CGCS2000.
func Measure(g orb.Geometry, m Method, s crs.System) (Measured, error) {
	out := Measured{Method: m}
	switch m {
	case LegalPlane:
		out.SquareMetres = float64(Area(g))
	case Geodesic:
		out.SquareMetres = polygons(g, geodesicRing)
	case Official70m, GaussPlane:
		if !s.Gauss() {
			return Measured{}, geo.NewProblem("measure.method.needs-plane", "method", string(m), "system", s.Title())
		}
		plane := s.GeometryFromLonLat(g)
		out.SquareMetres = PlaneArea(plane)
		if m == Official70m {
			out.SquareMetres = float64(OfficialArea(plane, s))
		}
	default:
		return Measured{}, geo.NewProblem("measure.method.unknown", "method", string(m))
	}
	return out, nil
}

// geodesicRing is the area of a ring in degrees with geodesics for edges, whichever way round it goes; the smaller of the
// two that it bounds on the Earth.
func geodesicRing(r orb.Ring) float64 {
	if len(r) > 0 && r[0] == r[len(r)-1] {
		r = r[:len(r)-1]
	}
	if len(r) < 3 {
		return 0
	}
	p := cgcs2000.PolygonInit(false)
	for _, v := range r {
		if unmeasurable(v) {
			return math.NaN()
		}
		p.AddPoint(v[1], v[0])
	}
	var area float64
	p.Compute(false, true, &area, nil)
	return math.Abs(area)
}

// unmeasurable tells coordinates on which the iteration of a geodesic must not be let loose: one difference catches NaN
// and every infinity.
func unmeasurable(p orb.Point) bool {
	v := p[0] + p[1]
	return math.IsNaN(v-v) || math.Abs(p[1]) > 90
}
