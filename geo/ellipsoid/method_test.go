package ellipsoid_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/ellipsoid"
)

// TestMeasure measures the worked parcel of the domain notes, section 6.3, by every method.
func TestMeasure(t *testing.T) {
	v := readVectors(t).Parcel
	s, err := crs.FromEPSG(v.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	parcel := s.GeometryToLonLat(orb.Polygon{ring(v.Ring1), ring(v.Ring2)})
	for _, c := range []struct {
		method    ellipsoid.Method
		want      float64
		tolerance float64
		legal     bool
	}{
		{ellipsoid.Official70m, v.Official, centimetre, true},
		{ellipsoid.LegalPlane, 609685.71, 0.01, true}, // the official formula without points inserted
		{ellipsoid.Geodesic, 609686.2787, 1e-3, false},
		{ellipsoid.GaussPlane, 610000, 1e-6, false},
	} {
		got, err := ellipsoid.Measure(parcel, c.method, s)
		if err != nil || got.Method != c.method || math.Abs(got.SquareMetres-c.want) > c.tolerance {
			t.Errorf("%s: %.4f, %v, want %.4f", c.method, got.SquareMetres, err, c.want)
		}
		area, legal := got.Legal()
		if legal != c.legal || c.method.Legal() != c.legal || legal && float64(area) != got.SquareMetres || !legal && area != 0 {
			t.Errorf("%s: legal %v, %v", c.method, legal, area)
		}
	}
}

// TestGeodesicArea holds what the figure of the Earth and symmetry say of geodesic polygons.
func TestGeodesicArea(t *testing.T) {
	// An octant is bounded by two meridians and the equator, all geodesics; the whole is 2πa² (1 + (1 − e²) artanh e / e).
	const f = 1 / 298.257222101
	e := math.Sqrt(f * (2 - f))
	earth := 2 * math.Pi * 6378137 * 6378137 * (1 + (1-e*e)*math.Atanh(e)/e)
	octant := orb.Polygon{{{100, 0}, {145, 0}, {190, 0}, {100, 90}, {100, 0}}}
	shell := rectangle(109, 23, 109.1, 23.1)[0]
	hole := rectangle(109.02, 23.02, 109.05, 23.05)[0]
	area := func(g orb.Geometry) float64 {
		m, err := ellipsoid.Measure(g, ellipsoid.Geodesic, crs.System{})
		if err != nil {
			t.Fatal(err)
		}
		return m.SquareMetres
	}
	if got := area(octant); math.Abs(got/(earth/8)-1) > 1e-12 {
		t.Errorf("an octant has %.0f m², want %.0f", got, earth/8)
	}
	want := area(orb.Polygon{shell}) - area(orb.Polygon{hole})
	for name, p := range map[string]orb.Polygon{
		"hole": {shell, hole}, "reversed": {reversed(shell), hole}, "not closed": {shell[:4], hole[:4]},
	} {
		if got := area(p); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: %.7f, want %.7f", name, got, want)
		}
	}
	if got := area(orb.MultiPolygon{{shell}, {shell}}); math.Abs(got-2*area(orb.Polygon{shell})) > 1e-6 {
		t.Errorf("two parts have %.6f m²", got)
	}
	for name, bad := range map[string]orb.Point{
		"NaN": {math.NaN(), 23}, "infinite": {109, math.Inf(1)}, "both infinities": {math.Inf(1), math.Inf(-1)},
		"beyond the pole": {109, 91},
	} {
		if got := area(orb.Polygon{{{109, 23}, {110, 23}, bad, {109, 23}}}); !math.IsNaN(got) {
			t.Errorf("%s: %g m²", name, got)
		}
	}
	if got := area(orb.LineString{{1, 2}, {3, 4}}) + area(orb.Polygon{{}}) + area(orb.Polygon{{{1, 2}, {1, 3}, {1, 2}}}); got != 0 {
		t.Errorf("nothing has %g m²", got)
	}
}

func TestMeasureRefuses(t *testing.T) {
	parcel := rectangle(109, 23, 109.01, 23.01)
	degrees, _ := crs.FromEPSG(4490)
	old, err := crs.Shifted("2360", crs.Shift{X: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		method ellipsoid.Method
		system crs.System
		want   string
	}{
		{"no method", "", degrees, "measure.method.unknown"},
		{"another's name", "Official-70m", degrees, "measure.method.unknown"},
		{"official without a plane", ellipsoid.Official70m, crs.System{}, "measure.method.needs-plane"},
		{"plane in degrees", ellipsoid.GaussPlane, degrees, "measure.method.needs-plane"},
		{"official on another ellipsoid", ellipsoid.Official70m, old, "measure.method.needs-plane"},
	} {
		if got, err := ellipsoid.Measure(parcel, c.method, c.system); geo.CodeOf(err) != c.want || got != (ellipsoid.Measured{}) {
			t.Errorf("%s: %v, %v, want %s", c.name, got, err, c.want)
		}
	}
}
