package ellipsoid_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
)

func TestPlaneRoundTrip(t *testing.T) {
	const tolerance = 1e-12 // degrees; the design asks for 1e-9, and for 1e-11 rad in the inverse
	for lat := -89.0; lat <= 89; lat += 0.37 {
		for _, lon := range []float64{-180, -55.5, 0, 73, 105, 109.5, 135, 180} {
			p := orb.Point{lon, lat}
			q := ellipsoid.FromPlane(ellipsoid.ToPlane(p))
			// The plane grows flat towards the poles, where a latitude is worth fewer digits of y.
			if math.Abs(q[0]-lon) > tolerance || math.Abs(q[1]-lat)*math.Cos(lat*math.Pi/180) > tolerance {
				t.Fatalf("%v came back as %v", p, q)
			}
		}
	}
	for _, lat := range []float64{-90, 90} {
		q := ellipsoid.FromPlane(ellipsoid.ToPlane(orb.Point{105, lat}))
		if math.Abs(q[1]-lat) > 1e-5 {
			t.Errorf("the pole %g came back as %v", lat, q)
		}
	}
}

// TestPlaneScale holds that the plane is undistorted along 30° N: a short step east is as long as a step north.
func TestPlaneScale(t *testing.T) {
	const step = 1e-4
	at := orb.Point{109, 30}
	east := ellipsoid.ToPlane(orb.Point{109 + step, 30})[0] - ellipsoid.ToPlane(at)[0]
	north := ellipsoid.ToPlane(orb.Point{109, 30 + step/2})[1] - ellipsoid.ToPlane(orb.Point{109, 30 - step/2})[1]
	wantEast := float64(ellipsoid.Length(orb.LineString{at, {109 + step, 30}}))
	wantNorth := float64(ellipsoid.Length(orb.LineString{{109, 30 - step/2}, {109, 30 + step/2}}))
	if math.Abs(east/wantEast-1) > 1e-8 || math.Abs(north/wantNorth-1) > 1e-8 {
		t.Errorf("steps of %g and %g, on the ground %g and %g", east, north, wantEast, wantNorth)
	}
}

// A short step east on the ellipsoid is as long as its image in the plane times the scale, a step north as long as its
// image by it.
func TestPlaneScaleOfShortSteps(t *testing.T) {
	const step = 1e-4
	for _, lat := range []float64{18, 23, 30, 53} {
		at, east, north := orb.Point{109, lat}, orb.Point{109 + step, lat}, orb.Point{109, lat + step}
		p := ellipsoid.ToPlane(at)
		scale := ellipsoid.PlaneScale(lat)
		gotEast := (ellipsoid.ToPlane(east)[0] - p[0]) * scale
		gotNorth := (ellipsoid.ToPlane(north)[1] - p[1]) / scale
		wantEast, wantNorth := ellipsoid.Length(orb.LineString{at, east}), ellipsoid.Length(orb.LineString{at, north})
		if math.Abs(gotEast/float64(wantEast)-1) > 1e-6 || math.Abs(gotNorth/float64(wantNorth)-1) > 5e-6 {
			t.Errorf("%g° N: steps of %g and %g, want %g and %g", lat, gotEast, gotNorth, wantEast, wantNorth)
		}
	}
}

// TestClosedForm compares Q with the closed form of the authalic integral (Snyder 1987, equation 3-12) in small and
// great zones, as the series of the regulation ends with e⁸.
func TestClosedForm(t *testing.T) {
	const (
		a  = 6378137.0
		f  = 1 / 298.257222101
		e2 = f * (2 - f)
		// What is left after the last term of the series, in China and anywhere.
		relative, relativeAnywhere = 2e-11, 1e-10
	)
	e := math.Sqrt(e2)
	closed := func(lat float64) float64 {
		s := math.Sin(lat * math.Pi / 180)
		return a * a * (1 - e2) / 2 * (s/(1-e2*s*s) + math.Atanh(e*s)/e)
	}
	for south := -90.0; south < 90; south += 7.5 {
		for _, height := range []float64{0.5, 7.5} {
			north := south + height
			want := (closed(north) - closed(south)) * math.Pi / 180
			got := float64(ellipsoid.Area(rectangle(110, south, 111, north)))
			tolerance := relativeAnywhere
			if south > 0 && north < 54 {
				tolerance = relative
			}
			if math.Abs(got/want-1) > tolerance {
				t.Errorf("%g° to %g°: %.6f, want %.6f", south, north, got, want)
			}
		}
	}
}

func TestGeometryConversions(t *testing.T) {
	shell := orb.Ring{{109, 23}, {110, 23}, {110, 24}, {109, 23}}
	for _, g := range []orb.Geometry{
		orb.Point{109, 23},
		orb.MultiPoint{{109, 23}},
		orb.LineString{{109, 23}, {110, 24}},
		orb.MultiLineString{{{109, 23}, {110, 24}}},
		shell,
		orb.Polygon{shell},
		orb.MultiPolygon{{shell}},
		orb.Collection{orb.Point{109, 23}, orb.Polygon{shell}},
		orb.Polygon{},
		orb.Polygon(nil),
	} {
		before := orb.Clone(g)
		plane := ellipsoid.GeometryToPlane(g)
		if !g.Bound().IsEmpty() && !reflect.DeepEqual(g, before) {
			t.Errorf("%T was changed in place", g)
		}
		if back := ellipsoid.GeometryFromPlane(plane); !near(back, g) {
			t.Errorf("%v came back as %v", g, back)
		}
		got := ellipsoid.MultiPolygonToPlane(g)
		switch p := plane.(type) {
		case orb.Polygon:
			if len(p) == 0 && got == nil {
				break
			}
			if !reflect.DeepEqual(got, orb.MultiPolygon{p}) {
				t.Errorf("%v as a multipolygon is %v", g, got)
			}
		case orb.MultiPolygon:
			if !reflect.DeepEqual(got, p) {
				t.Errorf("%v as a multipolygon is %v", g, got)
			}
		default:
			if got != nil {
				t.Errorf("%T as a multipolygon is %v", g, got)
			}
		}
	}
	if ellipsoid.GeometryToPlane(nil) != nil || ellipsoid.MultiPolygonToPlane(nil) != nil {
		t.Error("nil does not stay nil")
	}
}

// near compares bounds of two geometries of one type, which is enough after a round trip.
func near(g, h orb.Geometry) bool {
	if g == nil || h == nil {
		return g == nil && reflect.ValueOf(h).Len() == 0
	}
	a, b := g.Bound(), h.Bound()
	const tolerance = 1e-12
	return reflect.TypeOf(g) == reflect.TypeOf(h) &&
		math.Abs(a.Min[0]-b.Min[0]) < tolerance && math.Abs(a.Min[1]-b.Min[1]) < tolerance &&
		math.Abs(a.Max[0]-b.Max[0]) < tolerance && math.Abs(a.Max[1]-b.Max[1]) < tolerance
}

// TestAppendToPlane holds that it says what ToPlane says, keeps what is before, and allocates nothing where there is
// room.
func TestAppendToPlane(t *testing.T) {
	ring := rectangle(109, 23, 109.1, 23.1)[0]
	before := orb.Point{1, 2}
	got := ellipsoid.AppendToPlane([]orb.Point{before}, ring)
	if len(got) != 1+len(ring) || got[0] != before {
		t.Fatalf("appended to %v", got)
	}
	for i, p := range ring {
		if got[1+i] != ellipsoid.ToPlane(p) {
			t.Errorf("vertex %d is %v, want %v", i, got[1+i], ellipsoid.ToPlane(p))
		}
	}
	if n := testing.AllocsPerRun(10, func() { got = ellipsoid.AppendToPlane(got[:0], ring) }); n != 0 {
		t.Errorf("%g allocations with room", n)
	}
	if n := testing.AllocsPerRun(10, func() { ellipsoid.Area(orb.MultiPolygon{{ring}}) }); n > 2 {
		t.Errorf("%g allocations for an area", n)
	}
	if got := ellipsoid.AppendToPlane(nil, nil); got != nil {
		t.Errorf("nothing became %v", got)
	}
}

// A metre to the east and one to the north, by the geodesic, are a metre each in the plane that PlaneScale gives.
func TestPlaneScaleKeepsDistancesNearItsLatitude(t *testing.T) {
	for _, lat := range []float64{18, 23, 30, 45, 53} {
		at, s := orb.Point{109.5, lat}, ellipsoid.PlaneScale(lat)
		for name, to := range map[string]orb.Point{
			"east": {at[0] + 1e-3, lat}, "north": {at[0], lat + 1e-3}, "north-east": {at[0] + 1e-3, lat + 1e-3},
		} {
			p, q := ellipsoid.ToPlane(at), ellipsoid.ToPlane(to)
			got := math.Hypot((q[0]-p[0])*s, (q[1]-p[1])/s)
			want := float64(ellipsoid.Length(orb.LineString{at, to}))
			if math.Abs(got/want-1) > 3e-5 { // the latitude changes by 110 m over the line
				t.Errorf("%v°, %s: %v m in the plane, %v m on the ground", lat, name, got, want)
			}
		}
	}
	if s := ellipsoid.PlaneScale(30); math.Abs(s-1) > 1e-15 {
		t.Errorf("the plane is stretched by %v where it is not", s)
	}
}
